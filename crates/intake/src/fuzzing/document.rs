//! Whole documents, opened as the engine opens them: through a mapped file, whatever it is packed with.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::csv::told_fault;
use crate::fields::RowFields;
use crate::layout::Layout;
use crate::{Document, OpenDocument, RowBytes, RowFault};
use sverka_formats::SourceFile;
use sverka_fuzzing::kind;
use sverka_model::{Field, Table};

/// Of an archive, so many members are read.
const MOST_MEMBERS: usize = 20;

/// A place for the file under reading.
pub(super) struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("temporary folder") }
    }

    fn write(&self, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join("input");
        std::fs::write(&path, bytes).expect("written");
        path
    }

    /// Reads all documents of a file by some layouts; what happened.
    pub fn read(&self, bytes: &[u8], layouts: &[Arc<Layout>], behaviours: &mut BTreeSet<String>) {
        let file = SourceFile::open(&self.write(bytes)).expect("mapped");
        let documents = match Document::all_of(&file, "input") {
            Ok(documents) => documents,
            Err(error) => {
                behaviours.insert(format!("no document: {}", kind(&error)));
                return;
            }
        };
        for document in documents.iter().take(MOST_MEMBERS) {
            for layout in layouts {
                match OpenDocument::open(document.clone(), layout.clone()) {
                    Ok(open) => read_rows(&open, behaviours),
                    Err(error) => drop(behaviours.insert(format!("{}: {}", layout.name, kind(&error)))),
                }
            }
        }
    }
}

/// Reads all rows of a document. Rows come in order, and no table loses one to the other: faults are told once.
fn read_rows(open: &OpenDocument<'_>, behaviours: &mut BTreeSet<String>) {
    let name = &open.layout().name;
    let before = open.lines_before();
    for table in [Table::Register, Table::Attachments] {
        let bindings = open.bind(table);
        if bindings.parts() == 0 {
            continue;
        }
        let chunks = open.chunks(3000);
        for index in 0..chunks.count() {
            let (mut last, mut rows) = (None, 0_u64);
            let end = open.read(&bindings, &chunks, index, &mut |at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>| {
                assert!(last.is_none_or(|last| last < (at.line, at.part)), "rows come in their order");
                last = Some((at.line, at.part));
                rows += 1;
                match fields {
                    Ok(fields) => {
                        Field::ALL.iter().for_each(|field| assert_eq!(fields.get(*field).as_bytes(), fields.bytes(*field)))
                    }
                    Err(fault) => {
                        let told = told_fault(fault);
                        behaviours.insert(format!("{name}: fault {}", told.trim_end_matches(|sign: char| sign.is_ascii_digit())));
                    }
                }
            });
            assert!(
                last.is_none_or(|(line, _)| u64::from(line) < u64::from(end.lines) + u64::from(end.broken.is_some())),
                "a row has a line"
            );
            let broken = end.broken.map_or("", |_| ", broken");
            behaviours.insert(format!("{name}: {table} of {} rows{broken}, {}", rows.min(2), before.min(1)));
        }
    }
}

/// Built-in layouts.
pub(super) fn built_in(names: &[&str]) -> Vec<Arc<Layout>> {
    names.iter().map(|name| Arc::new(Layout::built_in(name).expect("built in"))).collect()
}
