//! Senders of sources: the code in the name of the file, in the head of the document, or the one that all rows name.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::Source;
use sverka_formats::likely_name;
use sverka_intake::{Document, HeaderError, OpenDocument, RowBytes, RowFault, RowFields, RowVisitor};
use sverka_model::{Field, Table};
use sverka_reference::{Clinics, Insurers};

/// Bytes of the chunks of a pass over the rows.
const CHUNK_BYTES: usize = 4 << 20;
/// Bytes of the first chunk of a pass that looks for one row.
const FIRST_CHUNK_BYTES: usize = 64 << 10;

/// Insurers and clinics that may be senders.
#[derive(Clone, Copy)]
pub(super) struct KnownSenders<'j> {
    pub insurers: &'j Insurers,
    pub clinics: &'j Clinics,
}

/// Reason why the sender of a source is unknown.
#[derive(Debug)]
pub(super) enum SenderFault {
    /// The source cannot be read.
    Unreadable(HeaderError),
    /// The rows name no known insurer or clinic.
    Nobody,
    /// The rows name several insurers or clinics, of which these are two.
    Several([String; 2]),
}

impl KnownSenders<'_> {
    /// Whether a code is one of the reference tables.
    pub fn knows(self, code: &str) -> bool {
        self.insurers.find(code.as_bytes()).is_some() || self.clinics.find(code.as_bytes()).is_some()
    }

    /// Sender of a source by its head or its rows: the one insurer that all rows name, else the one clinic.
    ///
    /// # Errors
    /// When there is none.
    pub fn in_rows(self, source: &Source) -> Result<String, SenderFault> {
        let mut several = None;
        for table in source.layout.tables() {
            let mut codes = self.codes_in(source, table).map_err(SenderFault::Unreadable)?.into_iter();
            match [codes.next(), codes.next()] {
                [Some(only), None] => return Ok(only),
                [Some(first), Some(second)] => several = several.or(Some([first, second])),
                _ => {}
            }
        }
        Err(several.map_or(SenderFault::Nobody, SenderFault::Several))
    }

    /// Known codes in the records of a table; of more than two, only some.
    fn codes_in(self, source: &Source, table: Table) -> Result<BTreeSet<String>, HeaderError> {
        let field = organisation_field(table);
        let is_in_head = source.layout.is_in_head(table, field);
        let layout = Arc::new(source.layout.of_field(table, field));
        let document = document_of(source)?;
        let document = OpenDocument::open(document, layout)?;
        let (bindings, chunks) = (document.bind(table), document.chunks(CHUNK_BYTES));
        let is_enough = AtomicBool::new(false);
        let visitor =
            || CodeVisitor { known: self, table, is_in_head, is_enough: &is_enough, last: Vec::new(), found: BTreeSet::new() };
        let codes_of_chunk = |index: usize| {
            let mut visitor = visitor();
            if !is_enough.load(Ordering::Relaxed) {
                document.read(&bindings, &chunks, index, &mut visitor);
            }
            visitor.found
        };
        let found: Vec<BTreeSet<String>> = (0..chunks.count()).into_par_iter().map(codes_of_chunk).collect();
        Ok(found.into_iter().flatten().collect())
    }
}

/// Field with the insurer or clinic of a record.
fn organisation_field(table: Table) -> Field {
    match table {
        Table::Register => Field::Insurer,
        Table::Attachments => Field::Clinic,
    }
}

/// Document of a source.
pub(super) fn document_of(source: &Source) -> Result<Document<'_>, HeaderError> {
    let file_name = source.file.path().file_name().map(|name| likely_name(name).text).unwrap_or_default();
    let documents = Document::all_of(&source.file, &file_name).map_err(HeaderError::Container)?;
    documents.into_iter().nth(source.member).ok_or(HeaderError::Changed)
}

/// Whether a source has a row, right or wrong; false for a source that cannot be opened.
pub(super) fn has_rows(source: &Source) -> bool {
    let Some(table) = source.layout.tables().next() else { return false };
    let open = document_of(source).and_then(|document| OpenDocument::open(document, Arc::clone(&source.layout)));
    let Ok(document) = open else { return false };
    let (bindings, chunks) = (document.bind(table), document.chunks(FIRST_CHUNK_BYTES));
    (0..chunks.count()).any(|index| {
        let mut visitor = AnyRow(false);
        let end = document.read(&bindings, &chunks, index, &mut visitor);
        visitor.0 || end.broken.is_some()
    })
}

/// Visitor that notes whether there is a row.
struct AnyRow(bool);

impl RowVisitor for AnyRow {
    fn row(&mut self, _at: RowBytes<'_>, _fields: Result<RowFields<'_>, RowFault>) {
        self.0 = true;
    }

    fn pause(&mut self, _bytes: u64) -> bool {
        !self.0
    }
}

/// Visitor that gathers the known codes of insurers or clinics.
struct CodeVisitor<'v> {
    known: KnownSenders<'v>,
    table: Table,
    /// Whether all records have the same code.
    is_in_head: bool,
    /// Flag of all visitors of a document: no more codes are needed.
    is_enough: &'v AtomicBool,
    /// Code of the row before, known or not: most rows repeat it.
    last: Vec<u8>,
    found: BTreeSet<String>,
}

impl CodeVisitor<'_> {
    /// Code in the form of the reference table; `None` for an unknown one.
    fn known_code(&self, code: &[u8]) -> Option<String> {
        let KnownSenders { insurers, clinics } = self.known;
        match self.table {
            Table::Register => insurers.find(code).map(|insurer| insurers.get(insurer).code.clone()),
            Table::Attachments => clinics.find(code).map(|clinic| clinics.get(clinic).code.clone()),
        }
    }
}

impl RowVisitor for CodeVisitor<'_> {
    fn row(&mut self, _at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>) {
        let Ok(fields) = fields else { return };
        let code = fields.bytes(organisation_field(self.table));
        if code == self.last {
            return;
        }
        code.clone_into(&mut self.last);
        self.found.extend(self.known_code(code));
        if self.found.len() > 1 || self.is_in_head && !self.found.is_empty() {
            self.is_enough.store(true, Ordering::Relaxed);
        }
    }

    fn pause(&mut self, _bytes: u64) -> bool {
        !self.is_enough.load(Ordering::Relaxed)
    }
}
