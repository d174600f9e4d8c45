//! Parquet files: never other rows than the directory says, and the rows of documents.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::document::Scratch;
use super::{Target, fuzz, kind};
use crate::intake::layout::Layout;
use crate::intake::parquet_rows::ParquetRows;

struct Files {
    scratch: Scratch,
    layouts: Vec<Arc<Layout>>,
}

/// Takes what the files of the corpus have.
const LAYOUT: &str = r#"
name = "fuzz"
table = "attachments"
dates = "YYYY-MM-DD"
header = true
other_columns = "skip"
columns = ["enp", "surname", "birth_date", "sex"]
fields = [ { field = "clinic", column = "enp" }, { field = "enp" }, { field = "surname" }, { field = "given_name", column = "surname" },
           { field = "birth_date" }, { field = "attached_from", column = "birth_date" }, { field = "sex" } ]
"#;

impl Target for Files {
    const CORPUS: &'static str = "parquet";
    const ENDING: Option<&'static str> = Some("parquet");
    const PIECES: &'static [&'static [u8]] = &[
        b"\0",
        b"\xFF",
        b"\xFF\xFF\xFF\xFF\x0F",
        b"\x80\x80\x80\x80\x08",
        b"\x7F",
        b"\x15",
        b"\x19",
        b"PAR1",
        b"\x15\x02",
        b"\x1C",
    ];

    fn read(&mut self, input: &[u8]) -> BTreeSet<String> {
        let mut behaviours = BTreeSet::new();
        self.scratch.read(input, &self.layouts, &mut behaviours);
        let file = match ParquetRows::open(input) {
            Ok(file) => file,
            Err(fault) => {
                behaviours.insert(kind(&fault));
                return behaviours;
            }
        };
        let wanted: Vec<usize> = (0..file.columns().len()).filter(|column| file.check(&[*column]).is_ok()).collect();
        for group in 0..file.groups().min(20) {
            let (mut given, mut bytes) = (0, 0);
            let ended = file.rows(group, &wanted, &mut |_, values| {
                given += 1;
                bytes += (0..wanted.len()).map(|place| values.get(place).len()).sum::<usize>();
            });
            assert!(ended.is_err() || given == file.group_rows(group), "the rows that the directory says");
            behaviours
                .insert(ended.map_or_else(|fault| kind(&fault), |()| format!("{} rows of {} bytes", given.min(2), bytes.min(1))));
        }
        behaviours
    }
}

#[test]
fn changed_files_end() {
    let layout = Arc::new(Layout::parse(LAYOUT, "fuzz.toml").expect("a layout"));
    fuzz(&mut Files { scratch: Scratch::new(), layouts: vec![layout] });
}
