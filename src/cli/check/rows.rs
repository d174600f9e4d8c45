//! All findings of a check with their rows, as CSV or JSON for programs. They hold values of fields, which may be personal data.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::basis::CheckBasis;
use super::expected::expected;
use crate::cli::{Failure, report_link};
use crate::engine::{CheckedSource, FindingWithRow};
use crate::job::Source;
use sverka_report::destination::write_to;
use sverka_rules::Rule;

/// Format of a file of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowsFormat {
    /// Comma-separated values with a header, a line for each finding.
    Csv,
    /// One object with the sources and their findings.
    Json,
}

impl RowsFormat {
    /// Format by the ending of a file's name.
    ///
    /// # Errors
    /// When the ending is neither `.csv` nor `.json`.
    pub fn of_file(file: &Path) -> Result<Self, Failure> {
        match file.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => Ok(Self::Csv),
            Some("json") => Ok(Self::Json),
            _ => Err(Failure::usage(format_args!("`{}` does not end in .csv or .json; name such a file", file.display()))),
        }
    }
}

/// Sources that were checked, with their findings.
#[derive(Clone, Copy)]
pub(super) struct CheckResult<'c> {
    pub basis: &'c CheckBasis,
    pub sources: &'c [Source],
    pub checked: &'c [CheckedSource],
}

/// Finding in the columns of the file.
#[derive(Serialize)]
struct FindingText<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'f str>,
    line: u64,
    record_id: &'f str,
    severity: &'f str,
    code: &'f str,
    field: &'f str,
    expected: String,
    found: String,
    message: &'f str,
}

/// Source with its findings in the JSON.
#[derive(Serialize)]
struct SourceText<'s> {
    source: &'s str,
    table: &'s str,
    layout: &'s str,
    rows: u64,
    rows_with_errors: u64,
    encoding: &'s str,
    encoding_detected: bool,
    whole_file: Option<&'s str>,
    facts: &'s [String],
    findings: Vec<FindingText<'s>>,
}

/// Root object of the JSON.
#[derive(Serialize)]
struct CheckText<'c> {
    as_of: String,
    not_there: &'c [String],
    not_checked: Vec<&'c str>,
    sources: Vec<SourceText<'c>>,
}

impl<'c> CheckResult<'c> {
    fn pairs(self) -> impl Iterator<Item = (&'c Source, &'c CheckedSource)> {
        self.sources.iter().zip(self.checked)
    }

    /// The result as one JSON object with a line end.
    pub fn to_json(self) -> String {
        let text = CheckText {
            as_of: self.basis.as_of.to_string(),
            not_there: &self.basis.absent,
            not_checked: self.basis.unasked.iter().map(|code| code.name()).collect(),
            sources: self.pairs().map(|(source, checked)| self.source_text(source, checked)).collect(),
        };
        serde_json::to_string_pretty(&text).expect("findings are plain data with text keys") + "\n"
    }

    fn write_csv(self, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(out);
        writer.write_record(["source", "line", "record_id", "severity", "code", "field", "expected", "found", "message"])?;
        for (source, checked) in self.pairs() {
            for finding in &checked.findings {
                writer.serialize(FindingText { source: Some(&source.name), ..self.finding_text(source, finding) })?;
            }
        }
        writer.flush()
    }

    /// Writes all findings into a file that the user named.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_to(self, file: &Path, format: RowsFormat) -> Result<(), Failure> {
        let write = |out: &mut dyn Write| match format {
            RowsFormat::Csv => self.write_csv(out),
            RowsFormat::Json => out.write_all(self.to_json().as_bytes()),
        };
        let arrival = write_to::<io::Error>(file, write).map_err(|cause| Failure::unwritable(file, &cause))?;
        report_link(file, &arrival);
        Ok(())
    }

    fn source_text(self, source: &'c Source, checked: &'c CheckedSource) -> SourceText<'c> {
        SourceText {
            source: &source.name,
            table: source.layout.role(),
            layout: &source.layout.name,
            rows: checked.rows,
            rows_with_errors: checked.quarantined,
            encoding: checked.encoding.encoding.name(),
            encoding_detected: checked.encoding.detected,
            whole_file: checked.source_finding.map(|code| code.name()),
            facts: &checked.facts,
            findings: checked.findings.iter().map(|finding| self.finding_text(source, finding)).collect(),
        }
    }

    fn finding_text(self, source: &Source, finding: &'c FindingWithRow) -> FindingText<'c> {
        let FindingWithRow { line, kind, values } = finding;
        let found = match kind.shape {
            Some(shape) if shape.found > 0 => format!("{} fields", shape.found),
            _ => values.value.as_deref().unwrap_or_default().to_owned(),
        };
        FindingText {
            source: None,
            line: *line,
            record_id: &values.record_id,
            severity: source.severities.of(kind.code).name(),
            code: kind.code.name(),
            field: kind.field.map_or("", |field| field.name()),
            expected: expected(finding, &self.basis.context()),
            found,
            message: Rule::by_code(kind.code).message.en,
        }
    }
}
