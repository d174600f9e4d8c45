//! From files to documents with layouts: the layout of the job, the one that the user names, or the one that fits header or name.

use std::path::Path;
use std::sync::Arc;

use super::basis::CheckBasis;
use super::{CheckArgs, TableChoice};
use crate::cli::Failure;
use crate::cli::layout::read_layout;
use crate::job::Source;
use sverka_formats::parquet_rows::ParquetRows;
use sverka_formats::{SourceFile, likely_name};
use sverka_intake::{Beginning, Document, HeaderError, Layout, workbook_rows};

/// Documents of a file as sources. A file of the job has the layouts of the job. Another file has the layout that the user names, or the canonical
/// one that fits its header, or the one that fits its name.
pub(super) fn sources(file: &Path, args: &CheckArgs, basis: &CheckBasis) -> Result<Vec<Source>, Failure> {
    let canonical = |path: &Path| path.canonicalize().ok();
    let path = canonical(file);
    if args.layout.is_none() && args.table == TableChoice::Auto && path.is_some() {
        let job_sources: Vec<Source> =
            basis.known.iter().filter(|source| canonical(source.file.path()) == path).cloned().collect();
        if !job_sources.is_empty() {
            return Ok(job_sources);
        }
    }
    let shown = likely_name(file.as_os_str()).text;
    let opened = Arc::new(SourceFile::open(file).map_err(|error| Failure::source(&error))?);
    let name = file.file_name().map(|name| likely_name(name).text).unwrap_or_default();
    let documents = Document::all_of(&opened, &name).map_err(|error| Failure::input(format_args!("{shown}: {error}")))?;
    if documents.is_empty() {
        return Err(Failure::input(format_args!("{shown}: {}", HeaderError::NoMembers)));
    }
    let many = documents.len() > 1;
    let source = |(member, document): (usize, &Document<'_>)| {
        let source_name = if many { format!("{shown}/{}", document.name()) } else { shown.clone() };
        let layout = layout_of(document, &source_name, args, basis)?;
        let (layout, severities) = (Arc::new(layout), Arc::clone(&basis.severities));
        Ok(Source { name: source_name, file: Arc::clone(&opened), member, layout, source_date: None, sender: None, severities })
    };
    documents.iter().enumerate().map(source).collect()
}

/// Layout of a document that is none of the job's.
fn layout_of(document: &Document<'_>, name: &str, args: &CheckArgs, basis: &CheckBasis) -> Result<Layout, Failure> {
    if let Some(layout) = &args.layout {
        return read_layout(layout);
    }
    let canonical = match args.table {
        TableChoice::Register => Some("register"),
        TableChoice::Attachments => Some("attachments"),
        TableChoice::Auto => canonical_layout(document, name)?,
    };
    let last_part = document.name().rsplit('/').next().unwrap_or_default();
    let built_in = || Layout::built_in_names().filter_map(Layout::built_in);
    let by_name = || built_in().find(|layout| layout.fits_name(last_part));
    let by_look = || built_in().find(|layout| layout.fits_look_alike(last_part));
    canonical.and_then(Layout::built_in).or_else(by_name).or_else(by_look).ok_or_else(|| {
        let (of_job, or_job) = match &basis.job {
            Some(job) => (format!(", it is none of the sources of {}", job.display()), ""),
            None => (String::new(), ", or the job with --job"),
        };
        Failure::input(format_args!(
            "{name}: the first line is no header of a canonical register or of attachments{of_job}, and the name fits no layout; name \
             one with --layout (`sverka layout list` shows them){or_job}"
        ))
    })
}

/// Canonical layout of a document by the header in its first line: registers name an insurer, attachments a clinic.
fn canonical_layout(document: &Document<'_>, name: &str) -> Result<Option<&'static str>, Failure> {
    const MOST_HEADER_BYTES: usize = 64 << 10;
    let Beginning { bytes: beginning, broken } = document.beginning(MOST_HEADER_BYTES);
    if beginning.is_empty() {
        if let Some(error) = broken {
            return Err(Failure::input(format_args!("{name}: {error}")));
        }
        return Err(Failure::input(format_args!("{name}: the file is empty; a header line was expected. Have it sent again")));
    }
    if document.is_workbook() {
        let rows = workbook_rows(document).map_err(|fault| Failure::input(format_args!("{name}: {fault}")))?;
        return Ok(rows.iter().find_map(|columns| canonical_layout_of(columns)));
    }
    let columns: Vec<String> = match document.plain_bytes().filter(|bytes| ParquetRows::is_parquet(bytes)) {
        Some(bytes) => {
            let table = ParquetRows::open(bytes).map_err(|fault| Failure::input(format_args!("{name}: {fault}")))?;
            table.columns().iter().map(|column| column.name.clone()).collect()
        }
        None => {
            let text = String::from_utf8_lossy(&beginning);
            // A spreadsheet program may write a line `sep=;` before the header.
            let is_header = |line: &&str| !line.trim().is_empty() && !line.trim_matches('"').to_lowercase().starts_with("sep=");
            let header = text.trim_start_matches('\u{FEFF}').split(['\n', '\r']).find(is_header).unwrap_or_default();
            header.split(';').map(|name| name.trim().trim_matches('"').to_owned()).collect()
        }
    };
    Ok(canonical_layout_of(&columns))
}

/// Canonical layout by the columns of a header.
fn canonical_layout_of(columns: &[String]) -> Option<&'static str> {
    let has = |column: &str| columns.iter().any(|name| name == column);
    match (has("insurer"), has("clinic")) {
        (true, false) => Some("register"),
        (false, true) => Some("attachments"),
        _ => None,
    }
}
