//! Rows in the notation `field=value, field=value`, read and checked like those of sources; for the tests of this stage
//! and of later ones.

use std::io::Write;
use std::sync::Arc;

use super::{CheckContext, FilledFieldCounts, ReadPlan, ReadSource, read_rows};
use sverka_formats::SourceFile;
use sverka_intake::{Document, Layout, OpenDocument};
use sverka_model::{Date, OrganisationId};
use sverka_model::{InternedTexts, Interner, RowSink, Table};
use sverka_reference::{Clinics, Insurers, WorkingDays};
use sverka_settings::RuleSettings;

/// The as-of date of sample rows.
pub const AS_OF: &str = "2026-11-01";

const INSURERS: &str = "insurer;region;works_from;works_to\n34001;34;2011-01-01;\n34002;34;2011-01-01;2025-01-01\n\
    34004;;2011-01-01;\n77001;77;2011-01-01;\n";
const CLINICS: &str = "clinic;region;attachable;ages;works_from;works_to\n\
    340001;34;1;all;2011-01-01;\n340002;34;1;all;2011-01-01;2025-01-01\n340003;34;0;all;2011-01-01;\n340004;;1;all;2011-01-01;\n\
    770001;77;1;all;2011-01-01;\n";

/// The built-in layout of a table, and a row without findings that samples change.
fn plain(table: Table) -> (&'static str, &'static str) {
    match table {
        Table::Register => (
            "register",
            "insurer=34001, policy_kind=1, policy_number=АБ 1, surname=Иванов, given_name=Иван, sex=1, birth_date=1980-05-05, \
            insured_from=2020-01-01",
        ),
        Table::Attachments => (
            "attachments",
            "clinic=340001, policy_kind=1, policy_number=АБ 1, surname=Иванов, given_name=Иван, sex=1, birth_date=1980-05-05, \
            attached_from=2020-01-01",
        ),
    }
}

/// The settings of sample jobs. They allow old policies until 2027, so that the plain row has no finding.
fn rules() -> RuleSettings {
    let mut rules = RuleSettings::default();
    rules.rows.single_sample_from = Date::from_ymd(2027, 1, 1).expect("a date");
    rules
}

/// Sample rows after the row checks.
pub struct CheckedSamples<S> {
    /// Sinks of all workers.
    pub sinks: Vec<S>,
    /// Interned texts of all rows.
    pub interned: InternedTexts,
    /// Filled fields of the accepted rows, by source (0 for the register, 1 for the attachments) and insurer or clinic.
    pub filled: Vec<(u32, OrganisationId, FilledFieldCounts)>,
}

/// Checks one row for each text. A text gives the fields that differ from a row without findings.
pub fn check_samples<S: RowSink>(register: &[&str], attachments: &[&str], sink: impl Fn() -> S + Sync) -> CheckedSamples<S> {
    let samples =
        [(Table::Register, register), (Table::Attachments, attachments)].map(|(table, changes)| Sample::new(table, changes));
    let opened = samples.each_ref().map(Sample::opened);
    let sources = opened.iter().zip(&samples).enumerate();
    let sources = sources.map(|(source, (document, sample))| ReadSource::new(source, sample.table, document, 1 << 20, false));
    let plan = ReadPlan::new(sources.collect());
    let context = CheckContext {
        as_of: AS_OF.parse::<Date>().expect("a date"),
        insurers: &Insurers::read("insurers", INSURERS.as_bytes()).expect("insurers"),
        clinics: &Clinics::read("clinics", CLINICS.as_bytes(), &[]).expect("clinics"),
        region: Some("34"),
        documents: None,
        calendar: &WorkingDays::default(),
        rules: &rules(),
    };
    let interner = Interner::default();
    let workers = read_rows(&plan, &context, &interner, &sink, &|_| (), &|| true);
    let (mut sinks, mut filled) = (Vec::new(), Vec::new());
    for worker in workers {
        sinks.push(worker.sink);
        filled.extend(worker.filled);
    }
    CheckedSamples { sinks, interned: interner.freeze(), filled }
}

/// A source of sample rows.
struct Sample {
    table: Table,
    layout: Arc<Layout>,
    file: SourceFile,
}

impl Sample {
    fn new(table: Table, changes: &[&str]) -> Self {
        let (layout, plain) = plain(table);
        let layout = Layout::built_in(layout).expect("built-in layout");
        let columns: Vec<&str> = layout.columns.iter().map(String::as_str).collect();
        let mut content = columns.join(";") + "\n";
        for change in changes {
            let mut values = vec![""; columns.len()];
            for assignment in plain.split(", ").chain(change.split(", ").filter(|assignment| !assignment.is_empty())) {
                let (field, value) = assignment.split_once('=').expect("field=value");
                let column = columns.iter().position(|column| *column == field).expect("a field of the layout");
                values[column] = value;
            }
            content += &(values.join(";") + "\n");
        }
        let mut file = tempfile::NamedTempFile::new().expect("temporary file");
        file.write_all(content.as_bytes()).expect("written");
        let file = SourceFile::open(file.path()).expect("a readable source");
        Self { table, layout: Arc::new(layout), file }
    }

    fn opened(&self) -> OpenDocument<'_> {
        let document = Document::all_of(&self.file, "sample").expect("a file").remove(0);
        OpenDocument::open(document, Arc::clone(&self.layout)).expect("a header")
    }
}
