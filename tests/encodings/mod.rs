//! One region in every encoding, declared or detected: the tables are those of UTF-8.

mod alphabet;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow::array::{AsArray, RecordBatch};
use sverka::engine::RunError;
use sverka::generate::{Form, Money, Rates, Settings, generate};
use sverka_publish::OutputTable;
use tempfile::TempDir;

use self::alphabet::{Alphabet, is_plain};
use crate::published::{Execution, PublishedRun, read_table, run_job, table_bytes};

const PERSONS: u64 = 400;
/// The column of surnames in both tables.
const SURNAME: usize = 6;

/// A generated region with sources in one encoding. Rows that some encoding cannot write are left out, and the header has a name in Russian.
struct Region {
    dir: TempDir,
}

impl Region {
    /// Generates the region. `declared` replaces the line with the encoding in the layouts, and `write` turns the text of a source into bytes.
    fn new(declared: &str, multiline: bool, write: impl Fn(&str) -> Vec<u8>) -> Self {
        let dir = tempfile::tempdir().expect("temporary folder");
        let settings = Settings {
            persons: PERSONS,
            seed: 42,
            as_of: "2026-11-01".parse().expect("a date"),
            out: dir.path().to_owned(),
            rates: Rates::default(),
            truth: false,
            form: Form::default(),
            money: Money::Simple,
            force: true,
        };
        generate(&settings, &mut |_| ()).unwrap_or_else(|error| panic!("{error}"));
        let region = Self { dir };
        for (table, folder) in [("register", "registers"), ("attachments", "attachments")] {
            let layout = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/layouts").join(format!("{table}.toml"));
            let layout = std::fs::read_to_string(layout).expect("a built-in layout");
            let layout = layout
                .replace("encoding = \"utf-8\"\n", declared)
                .replace("multiline = false", &format!("multiline = {multiline}"))
                .replace("field = \"surname\"\n", "field = \"surname\"\ncolumn = \"Фамилия\"\n");
            std::fs::write(region.path(&format!("{table}.toml")), layout).expect("layout");
            for path in region.sources(folder) {
                std::fs::write(&path, write(&plain_text(&std::fs::read(&path).expect("a source")))).expect("a source");
            }
        }
        let job = std::fs::read_to_string(region.path("job.toml")).expect("job");
        let job = job
            .replace("[[registers]]\n", "[[registers]]\nlayout = \"register.toml\"\n")
            .replace("[[attachments]]\n", "[[attachments]]\nlayout = \"attachments.toml\"\n");
        assert!(job.contains("\"register.toml\"") && job.contains("\"attachments.toml\""), "{job}");
        std::fs::write(region.path("job.toml"), job).expect("job");
        region
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn sources(&self, folder: &str) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.path(folder)).expect("a folder of sources");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        paths
    }

    fn run(&self) -> Result<Published, RunError> {
        // So small that a file has several chunks.
        let execution = Execution { chunk_bytes: 10_001, ..Execution::default() };
        let outcome = run_job(&self.path("job.toml"), &self.path("out"), execution)?;
        let mut tables = table_bytes(&outcome.dir);
        tables.remove(&OutputTable::Quarantine.file_name()).expect("a table of quarantined rows");
        let quarantine = read_table(&outcome.dir, OutputTable::Quarantine);
        Ok(Published { tables, quarantine, run: PublishedRun::read(&outcome.dir) })
    }

    #[track_caller]
    fn published(&self) -> Published {
        self.run().unwrap_or_else(|error| panic!("{error}"))
    }
}

/// A published run with the bytes of its tables.
struct Published {
    /// The files of all tables but `quarantine`, which keeps bytes as received.
    tables: BTreeMap<String, Vec<u8>>,
    quarantine: Vec<RecordBatch>,
    run: PublishedRun,
}

/// The lines that every encoding can write, with some values in quotes.
fn plain_text(content: &[u8]) -> String {
    let lines = content.split(|&byte| byte == b'\n').filter_map(|line| str::from_utf8(line).ok()).filter(|line| is_plain(line));
    let mut text = String::new();
    for (number, line) in lines.enumerate() {
        let line = if number == 0 { line.replace("surname", "Фамилия") } else { line.to_owned() };
        let mut values: Vec<String> = line.split(';').map(str::to_owned).collect();
        if number % 5 == 1 && !line.contains('"') && values.len() > SURNAME {
            // Quotes inside make another name, but the same one in every encoding.
            let inside = if number % 25 == 1 { "\"\"ст.\"\"" } else { "" };
            values[SURNAME] = format!("\"{}{inside}\"", values[SURNAME]);
        }
        text.push_str(&values.join(";"));
        text.push_str(if number % 3 == 0 { "\r\n" } else { "\n" });
    }
    text
}

fn quarantined(run: &PublishedRun) -> Vec<String> {
    let columns = ["source", "line", "codes"];
    run.rows(OutputTable::Quarantine).map(|row| columns.map(|column| row.text(column)).join(" ")).collect()
}

#[test]
fn the_encoding_does_not_show_in_the_tables() {
    for multiline in [false, true] {
        let utf8 = Region::new("encoding = \"utf-8\"\n", multiline, |text| text.as_bytes().to_vec());
        let Published { tables: expected, run, .. } = utf8.published();
        assert!(run.manifest.totals.quarantined > 0 && run.manifest.totals.insured > PERSONS / 2, "a region worth reading");
        for alphabet in Alphabet::ALL {
            let declaration = format!("encoding = \"{}\"\n", alphabet.name());
            for declared in [declaration.as_str(), ""] {
                let case = format!("{} {declared:?}, multiline {multiline}", alphabet.name());
                let region = Region::new(declared, multiline, |text| alphabet.write(text));
                let Published { tables, run: found, .. } = region.published();
                let differing: Vec<String> =
                    tables.into_iter().filter(|(name, bytes)| expected[name] != *bytes).map(|(name, _)| name).collect();
                assert!(differing.is_empty(), "{case}: other bytes in {differing:?}");
                assert_eq!(quarantined(&found), quarantined(&run), "{case}");
                for source in found.manifest.inputs.iter().filter(|input| input.rows.is_some()) {
                    assert_eq!(source.encoding.as_deref(), Some(alphabet.name()), "{case}: {}", source.name);
                    assert_eq!(source.encoding_detected, Some(declared.is_empty()), "{case}: {}", source.name);
                }
            }
        }
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text() {
    let expected = Region::new("encoding = \"utf-8\"\n", false, |text| text.as_bytes().to_vec()).published().tables;
    for alphabet in [Alphabet::Utf8, Alphabet::Utf16Le, Alphabet::Utf16Be] {
        for marks in ["\u{FEFF}", "\u{FEFF}\u{FEFF}"] {
            let region = Region::new("", false, |text| alphabet.write(&format!("{marks}{text}")));
            assert!(region.published().tables == expected, "{} with {} mark(s)", alphabet.name(), marks.len() / 3);
        }
    }
}

#[test]
fn a_source_in_another_encoding_than_declared_is_read_in_its_own_and_noted() {
    let expected = Region::new("encoding = \"utf-8\"\n", false, |text| text.as_bytes().to_vec()).published().tables;
    for (declared, alphabet) in [
        ("windows-1251", Alphabet::Utf8),
        ("cp866", Alphabet::Utf8),
        ("utf-8", Alphabet::Windows1251),
        ("utf-8", Alphabet::Cp866),
        ("windows-1251", Alphabet::Cp866),
        ("cp866", Alphabet::Windows1251),
        ("windows-1251", Alphabet::Utf16Le),
    ] {
        let case = format!("{} declared as {declared}", alphabet.name());
        let region = Region::new(&format!("encoding = \"{declared}\"\n"), false, |text| alphabet.write(text));
        let Published { tables, run, .. } = region.published();
        let differing: Vec<String> =
            tables.into_iter().filter(|(name, bytes)| expected[name] != *bytes).map(|(name, _)| name).collect();
        assert!(differing.is_empty(), "{case}: other bytes in {differing:?}");
        for source in run.manifest.inputs.iter().filter(|input| input.rows.is_some()) {
            assert_eq!((source.encoding.as_deref(), source.encoding_detected), (Some(alphabet.name()), Some(true)), "{case}");
            assert!(
                source.notes.iter().any(|note| note.contains(declared) && note.contains(alphabet.name())),
                "{case}: {:?}",
                source.notes
            );
        }
    }
}

#[test]
fn a_byte_order_mark_wins_over_the_layout() {
    let expected = Region::new("encoding = \"utf-8\"\n", false, |text| text.as_bytes().to_vec()).published().tables;
    let region = Region::new("encoding = \"windows-1251\"\n", false, |text| Alphabet::Utf8.write(&format!("\u{FEFF}{text}")));
    let Published { tables, run, .. } = region.published();
    assert!(tables == expected);
    let notes: Vec<&String> = run.manifest.inputs.iter().flat_map(|input| &input.notes).collect();
    assert!(notes.iter().all(|note| note.contains("byte order mark of utf-8")) && notes.len() > 1, "{notes:?}");
}

#[test]
fn a_byte_without_meaning_costs_its_row_which_is_kept_as_received() {
    let before = Region::new("encoding = \"cp1251\"\n", false, |text| Alphabet::Windows1251.write(text)).published();
    let region = Region::new("encoding = \"cp1251\"\n", false, |text| Alphabet::Windows1251.write(text));
    let source = region.sources("registers").remove(0);
    let mut bytes = std::fs::read(&source).expect("a register");
    let at = bytes.iter().rposition(|byte| *byte >= 0xC0).expect("a letter");
    bytes[at] = 0x98;
    std::fs::write(&source, &bytes).expect("a register");
    let Published { run, quarantine, .. } = region.published();
    let rows = |run: &PublishedRun| run.manifest.findings.get("ROW_ENCODING").copied().unwrap_or_default();
    assert_eq!((rows(&before.run), rows(&run)), (0, 1));
    let raw = OutputTable::Quarantine.spec().schema.index_of("raw").expect("raw");
    let kept = quarantine.iter().flat_map(|batch| batch.column(raw).as_binary::<i32>().iter().flatten());
    let from = bytes[..at].iter().rposition(|byte| *byte == b'\n').expect("a header") + 1;
    let line = bytes[from..].split(|byte| *byte == b'\n').next().expect("a line");
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    assert_eq!(kept.filter(|raw| *raw == line).count(), 1);
}
