//! Archives: the same rows as the files in them.

use sverka_publish::{OutputTable, zip_of};

use super::{FormatJob, gzip, in_1251, quarantined, rows};
use crate::samples;

fn register() -> Vec<u8> {
    std::fs::read(samples::folder().join("registers/98001_20261031.csv")).expect("a sample")
}

const PERSON: [&str; 6] = ["person_id", "enp", "insurer", "surname", "insured_from", "policy_number"];

#[test]
fn a_packed_file_gives_the_rows_of_the_file() {
    let plain = FormatJob::new().source("registers", "r.csv", "register", &register()).run();
    let expected = (rows(&plain, OutputTable::Persons, &PERSON), quarantined(&plain));
    assert!(!expected.1.is_empty());
    let zstd = zstd::encode_all(register().as_slice(), 3).expect("memory");
    for (name, bytes) in [("r.csv.gz", gzip(&register())), ("r.zst", zstd), ("r.zip", zip_of(&[("x/r.csv", &register())]))] {
        let packed = FormatJob::new().source("registers", name, "register", &bytes).run();
        assert_eq!((rows(&packed, OutputTable::Persons, &PERSON), quarantined(&packed)), expected, "{name}");
        let sources = rows(&packed, OutputTable::Quarantine, &["source"]);
        assert!(sources.iter().all(|source| source == name), "{name}: {sources:?}");
    }
}

#[test]
fn members_of_an_archive_are_sources_of_their_own() {
    let text = String::from_utf8(register()).expect("UTF-8");
    let (header, body) = text.split_once('\n').expect("a header");
    let lines: Vec<&str> = body.lines().collect();
    let half = |lines: &[&str]| format!("{header}\n{}\n", lines.join("\n"));
    let (one, two) = (half(&lines[..lines.len() / 2]), half(&lines[lines.len() / 2..]));
    let archive = zip_of(&[("one.csv", one.as_bytes()), ("sub/two.csv", two.as_bytes())]);
    let packed = FormatJob::new().source("registers", "in/all.zip", "register", &archive).run();
    let names: Vec<&str> =
        packed.manifest.inputs.iter().filter(|input| input.layout.is_some()).map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["in/all.zip/one.csv", "in/all.zip/sub/two.csv"]);
    let plain = FormatJob::new()
        .source("registers", "one.csv", "register", one.as_bytes())
        .source("registers", "two.csv", "register", two.as_bytes())
        .run();
    assert_eq!(rows(&packed, OutputTable::Persons, &PERSON), rows(&plain, OutputTable::Persons, &PERSON));
    assert_eq!(quarantined(&packed), quarantined(&plain));
}

#[test]
fn a_file_that_was_cut_keeps_its_whole_rows() {
    let packed = gzip(&register());
    let job = FormatJob::new().source("registers", "r.csv.gz", "register", &packed[..packed.len() * 2 / 3]);
    let run = job.run();
    let whole = FormatJob::new().source("registers", "r.csv", "register", &register()).run();
    let last = quarantined(&run).pop().expect("a row for what could not be read");
    assert!(last.ends_with("|DOCUMENT_BROKEN"), "{last}");
    let totals = &run.manifest.totals;
    assert!(totals.rows > 100 && totals.rows < whole.manifest.totals.rows, "{}", totals.rows);
    assert_eq!(totals.rows, totals.accepted + totals.duplicates + totals.quarantined);
    let line: u64 = last.split('|').next().and_then(|line| line.parse().ok()).expect("a line");
    let others = rows(&run, OutputTable::InsuranceStays, &["record_lines"]);
    let last_read = others.iter().flat_map(|lines| lines.split(',')).filter_map(|line| line.parse::<u64>().ok()).max();
    assert!(last_read.is_some_and(|last| last < line), "behind all whole rows");
}

#[test]
fn a_wrong_size_in_the_directory_is_found_at_the_end() {
    let register = register();
    let mut archive = zip_of(&[("r.csv", &register)]);
    let real = (register.len() as u32).to_le_bytes();
    let places: Vec<usize> = (0..archive.len() - 4).filter(|&place| archive[place..place + 4] == real).collect();
    assert!(!places.is_empty());
    for place in places {
        archive[place..place + 4].copy_from_slice(&(register.len() as u32 + 7).to_le_bytes());
    }
    let run = FormatJob::new().source("registers", "r.zip", "register", &archive).run();
    let whole = FormatJob::new().source("registers", "r.csv", "register", &register).run();
    assert_eq!(run.manifest.totals.rows, whole.manifest.totals.rows + 1);
    assert!(quarantined(&run).last().is_some_and(|last| last.ends_with("|DOCUMENT_BROKEN")));
}

#[test]
fn an_archive_that_nobody_can_read_stops_the_run() {
    for (name, bytes, word) in [
        ("a.zip", zip_of(&[]), "no files"),
        ("b.zip", b"PK\x03\x04\x14\0\x08\0\x08\0\xFF\xFE\0\0".to_vec(), "directory"),
        ("c.7z", b"7z\xBC\xAF\x27\x1C\0\x04aaaaaaaaaaaaaaaa".to_vec(), "pack it as ZIP"),
    ] {
        let error = FormatJob::new().source("registers", name, "register", &bytes).outcome().expect_err(name).to_string();
        assert!(error.contains(name) && error.contains(word), "{error}");
    }
}

/// Rows of an attachment list of the family MO2.
const ATTACHED: &str = "\"Р\";\"П\";;\"9856510894901010\";\"ЛИПОВА\";\"АННА\";\"ПЕТРОВНА\";\"19840305\";;\"14\";\"00 26 № 090101\";;;\
    \"98000010148\";\"980101\";\"2\";;\"20200203\";;;\"0\";\"1\";\"98099000143\";\"1\"\r\n";

/// A job with a register, and a list of attachments whose name chooses its layout.
fn with_list(name: &str, bytes: &[u8]) -> FormatJob {
    FormatJob::new().source("registers", "r.csv", "register", &register()).named_source(name, bytes)
}

#[test]
fn names_typed_on_a_russian_keyboard_choose_their_layout_and_are_noted() {
    let list = in_1251(ATTACHED);
    let input = |run: &crate::published::PublishedRun| {
        let input = run.manifest.inputs.iter().find(|input| input.name.contains("298010120261031")).expect("the list");
        (input.layout.clone(), input.rows, input.source_date.clone())
    };
    let expected = input(&with_list("MO298010120261031.csv", &list).run());
    assert_eq!(expected.0.as_deref(), Some("mo"));
    let archive = zip_of(&[("Прикрепление\\МО298010120261031.csv", &list)]);
    for (name, bytes) in
        [("МО298010120261031.csv", &list), ("мо298010120261031.СSV", &list), ("october298010120261031.zip", &archive)]
    {
        let job = with_list(name, bytes);
        assert_eq!(input(&job.run()), expected, "{name}");
        let loaded = crate::published::load(&job.job(), std::path::Path::new("out"));
        assert!(
            loaded.notes.iter().any(|note| note.contains(name) && note.contains("look like Latin")),
            "{name}: {:?}",
            loaded.notes
        );
    }
    let latin = crate::published::load(&with_list("MO298010120261031.csv", &list).job(), std::path::Path::new("out"));
    assert_eq!(latin.notes, [""; 0]);
}

#[test]
fn an_unreadable_archive_is_reported_when_its_name_chooses_the_layout() {
    let job = FormatJob::new().named_source("anything.zip", b"PK\x03\x04\x14\0\x08\0\x08\0\xFF\xFE\0\0");
    let error = sverka::job::Job::load(&job.job(), &sverka::job::CommandLine::default()).expect_err("broken").to_string();
    assert!(error.contains("anything.zip") && error.contains("directory"), "{error}");
}
