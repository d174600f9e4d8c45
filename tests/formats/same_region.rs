//! One region in every format: persons, stays and money are the same.

use std::path::Path;

use sverka::generate::{Carry, Form, Format, Money, Rates, Settings, generate};
use sverka_publish::OutputTable;
use tempfile::TempDir;

use crate::published::{Execution, PublishedRun, run_job, table_bytes};

/// Tables without columns about sources.
const TABLES_WITHOUT_SOURCES: [OutputTable; 5] = [
    OutputTable::Persons,
    OutputTable::Headcount,
    OutputTable::FundingClinic,
    OutputTable::FundingInsurerClinic,
    OutputTable::Unattached,
];
/// Tables with columns about sources.
const TABLES_WITH_SOURCES: [OutputTable; 2] = [OutputTable::InsuranceStays, OutputTable::AttachmentStays];

fn region(carry: Carry, format: Format) -> (TempDir, PublishedRun, std::collections::BTreeMap<String, Vec<u8>>) {
    let dir = tempfile::tempdir().expect("temporary folder");
    let form = Form { format, carry, ..Form::default() };
    let settings = Settings {
        persons: 3_000,
        seed: 7,
        as_of: "2026-11-01".parse().expect("a date"),
        out: dir.path().to_owned(),
        rates: Rates::default(),
        truth: false,
        form,
        money: Money::Simple,
        force: true,
    };
    generate(&settings, &mut |_| ()).unwrap_or_else(|error| panic!("{error}"));
    let execution = Execution { chunk_bytes: 100_000, ..Execution::default() };
    let outcome =
        run_job(&dir.path().join("job.toml"), &dir.path().join("out"), execution).unwrap_or_else(|error| panic!("{error}"));
    let (run, bytes) = (PublishedRun::read(&outcome.dir), table_bytes(&outcome.dir));
    (dir, run, bytes)
}

/// The rows of a table without columns about sources, and without addresses.
fn without_sources(run: &PublishedRun, table: OutputTable) -> Vec<Vec<Option<String>>> {
    let table = run.table(table);
    let kept: Vec<usize> = (0..table.columns.len())
        .filter(|&column| !table.columns[column].starts_with("record_") && table.columns[column] != "address")
        .collect();
    table.rows().map(|row| kept.iter().map(|&column| row.values()[column].clone()).collect()).collect()
}

fn assert_same(carry: Carry, formats: &[Format]) {
    let (_dir, expected, expected_bytes) = region(carry, Format::Csv);
    assert!(expected.table(OutputTable::Persons).len() > 2_000);
    assert!(!expected.manifest.decisions.is_empty() || carry == Carry::Dump, "a region in which something happens");
    for &format in formats {
        let (_dir, found, bytes) = region(carry, format);
        for table in TABLES_WITHOUT_SOURCES {
            let name = table.file_name();
            if format == Format::Dump && table.spec().schema.column_with_name("address").is_some() {
                // No other format carries the addresses of a dump.
                assert!(without_sources(&found, table) == without_sources(&expected, table), "{name} in {}", format.name());
            } else {
                assert!(bytes[&name] == expected_bytes[&name], "{name} of {} in {}", carry.name(), format.name());
            }
        }
        for table in TABLES_WITH_SOURCES {
            let (expected, found) = (without_sources(&expected, table), without_sources(&found, table));
            assert_eq!(found.len(), expected.len(), "{} of {} in {}", table.name(), carry.name(), format.name());
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!(found, expected, "{} of {} in {}", table.name(), carry.name(), format.name());
            }
        }
        assert_eq!(found.manifest.totals.amount, expected.manifest.totals.amount);
    }
}

#[test]
fn data_of_a_dump_are_the_same_in_every_format() {
    assert_same(Carry::Dump, &[Format::Exchange, Format::Dump, Format::Parquet]);
}

#[test]
fn what_clinics_and_insurers_exchange_is_the_same_in_their_files_and_in_parquet() {
    assert_same(Carry::Exchange, &[Format::Exchange, Format::Parquet]);
}

#[test]
fn all_data_are_the_same_in_parquet() {
    assert_same(Carry::All, &[Format::Parquet]);
}

#[test]
fn exchanged_files_are_archives_with_their_rows_in_the_manifest() {
    let (dir, run, _) = region(Carry::Exchange, Format::Exchange);
    let sources: Vec<_> = run.manifest.inputs.iter().filter(|input| input.layout.is_some()).collect();
    assert!(sources.iter().any(|input| input.layout.as_deref() == Some("mo") && input.name.ends_with(".zip")));
    assert!(sources.iter().any(|input| input.layout.as_deref() == Some("oplist") && input.name.ends_with(".zip")));
    for source in sources {
        let on_disk = std::fs::metadata(Path::new(dir.path()).join(&source.name)).expect("a file").len();
        assert!(source.bytes > 0 && source.bytes <= on_disk, "{}: {} of {on_disk}", source.name, source.bytes);
        assert_eq!(source.encoding.as_deref(), Some("windows-1251"), "{}", source.name);
        assert!(source.rows.is_some_and(|rows| rows > 0), "{}", source.name);
    }
}
