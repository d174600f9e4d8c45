//! Whole documents, opened as the engine opens them: through a mapped file, in every packing.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::csv::fault_text;
use crate::fields::RowFields;
use crate::layout::Layout;
use crate::{Document, OpenDocument, RowBytes, RowFault};
use sverka_formats::SourceFile;
use sverka_fuzzing::kind;
use sverka_model::{Field, Table};

/// Most members of an archive that are read.
const MOST_MEMBERS: usize = 20;

/// Folder for the file that is read.
pub(super) struct ScratchFile {
    folder: tempfile::TempDir,
}

impl ScratchFile {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("temporary folder") }
    }

    /// Writes a file. Returns its path.
    fn write(&self, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join("input");
        std::fs::write(&path, bytes).expect("written");
        path
    }

    /// Reads all documents of a file with some layouts, and notes the behaviours.
    pub fn read(&self, bytes: &[u8], layouts: &[Arc<Layout>], behaviours: &mut BTreeSet<String>) {
        let file = SourceFile::open_unshared(&self.write(bytes)).expect("mapped");
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

/// Reads all rows of a document in the order of rows, for each table, and notes the behaviours.
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
                        let text = fault_text(fault);
                        behaviours.insert(format!("{name}: fault {}", text.trim_end_matches(|sign: char| sign.is_ascii_digit())));
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

/// Built-in layouts by name.
pub(super) fn built_in(names: &[&str]) -> Vec<Arc<Layout>> {
    names.iter().map(|name| Arc::new(Layout::built_in(name).expect("built in"))).collect()
}
