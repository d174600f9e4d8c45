//! One job, run with many settings of execution: the tables must not depend on them.

use std::collections::BTreeMap;
use std::path::Path;

use sverka_kernel::shuffle::BUCKET_BITS;
use sverka_publish::OutputTable;

use super::region;
use crate::published::{Execution, PublishedRun, fast_folder, is_published, published, run_job, table_bytes};
use crate::{regions, samples};

/// The published tables of a job by file name.
fn tables(job: &Path, execution: Execution) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
    let outcome = run_job(job, out.path(), execution).unwrap_or_else(|error| panic!("{error}"));
    let tables = table_bytes(&outcome.dir);
    let written = OutputTable::ALL.iter().filter(|table| is_published(&outcome.manifest, **table));
    assert_eq!(tables.len(), written.count(), "a run writes every table");
    tables
}

#[track_caller]
fn assert_same(expected: &BTreeMap<String, Vec<u8>>, found: &BTreeMap<String, Vec<u8>>, run: &str) {
    let differing: Vec<&String> = expected.keys().filter(|&name| Some(&expected[name]) != found.get(name)).collect();
    assert!(differing.is_empty() && expected.len() == found.len(), "{run}: other bytes in {differing:?}");
}

#[test]
fn threads_do_not_show() {
    let dir = tempfile::tempdir().expect("temporary folder");
    region(dir.path());
    for job in [samples::folder().join("job.toml"), dir.path().join("job.toml")] {
        let one = tables(&job, Execution { threads: Some(1), ..Execution::default() });
        for threads in [2, 7] {
            let found = tables(&job, Execution { threads: Some(threads), ..Execution::default() });
            assert_same(&one, &found, &format!("{} with {threads} threads", job.display()));
        }
    }
}

#[test]
fn chunks_do_not_show() {
    let job = samples::folder().join("job.toml");
    let expected = tables(&job, Execution::default());
    for chunk_bytes in [1, 7, 64, 1000] {
        let found = tables(&job, Execution { chunk_bytes, ..Execution::default() });
        assert_same(&expected, &found, &format!("chunks of {chunk_bytes} bytes"));
    }
}

#[test]
fn threads_and_chunks_together_do_not_show() {
    let dir = tempfile::tempdir().expect("temporary folder");
    region(dir.path());
    let job = dir.path().join("job.toml");
    let expected = tables(&job, Execution { threads: Some(1), ..Execution::default() });
    let found = tables(&job, Execution { threads: Some(3), chunk_bytes: 5_000, ..Execution::default() });
    assert_same(&expected, &found, "three threads and chunks of 5000 bytes");
}

/// Bits of partitions: one partition, two, some, and as many as there are buckets.
const PARTITION_BITS: [u32; 4] = [0, 1, 4, BUCKET_BITS];

#[test]
fn partitions_do_not_show() {
    let dir = tempfile::tempdir().expect("temporary folder");
    region(dir.path());
    for job in [samples::folder().join("job.toml"), dir.path().join("job.toml")] {
        let expected = tables(&job, Execution { threads: Some(1), ..Execution::default() });
        for bits in PARTITION_BITS {
            for (threads, chunk_bytes) in [(1, 1 << 20), (3, 3_001)] {
                let found = tables(
                    &job,
                    Execution { threads: Some(threads), chunk_bytes, partition_bits: Some(bits), ..Execution::default() },
                );
                assert_same(&expected, &found, &format!("{bits} bits, {threads} threads, chunks of {chunk_bytes} bytes"));
            }
        }
    }
}

#[test]
fn what_lies_on_the_disk_does_not_show() {
    let dir = tempfile::tempdir().expect("temporary folder");
    region(dir.path());
    for job in [samples::folder().join("job.toml"), samples::folder().join("exchange/job.toml"), dir.path().join("job.toml")] {
        let expected = tables(&job, Execution { threads: Some(1), ..Execution::default() });
        for (worker_bytes, threads, chunk_bytes) in [(0, 1, 1 << 20), (0, 3, 3_001), (20_000, 2, 10_007)] {
            let found = tables(
                &job,
                Execution { threads: Some(threads), chunk_bytes, worker_bytes: Some(worker_bytes), ..Execution::default() },
            );
            assert_same(&expected, &found, &format!("{worker_bytes} bytes in memory, {threads} threads, {}", job.display()));
        }
    }
}

#[test]
fn partitions_threads_and_chunks_do_not_show_in_random_regions() {
    let one_after_another = Execution { threads: Some(1), chunk_bytes: 1 << 20, partition_bits: Some(0), worker_bytes: None };
    for seed in 0..if cfg!(debug_assertions) { 4 } else { 15 } {
        for region in [regions::across_birth_dates(seed), regions::random(seed)] {
            let dir = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
            region.write_to(dir.path()).expect("a written region");
            let job = dir.path().join("job.toml");
            let expected = tables(&job, one_after_another);
            for (bits, threads) in PARTITION_BITS.into_iter().zip([2, 1, 5, 3]) {
                let chunk_bytes = 1 + (seed as usize * 31 + bits as usize * 57) % 400;
                let found = tables(
                    &job,
                    Execution { threads: Some(threads), chunk_bytes, partition_bits: Some(bits), ..Execution::default() },
                );
                assert_same(
                    &expected,
                    &found,
                    &format!("seed {seed}: {bits} bits, {threads} threads, chunks of {chunk_bytes} bytes"),
                );
            }
        }
    }
}

#[test]
fn a_run_of_some_tables_gives_those_of_a_full_run() {
    for seed in 0..if cfg!(debug_assertions) { 4 } else { 20 } {
        let dir = tempfile::tempdir().expect("temporary folder");
        regions::across_birth_dates(seed).write_to(dir.path()).expect("a written region");
        let job = dir.path().join("job.toml");
        let mut expected = tables(&job, Execution::default());
        // Each table is missing in some run, and is alone or with few others in some run.
        let kept = |table: OutputTable| (table as u64 * 7 + seed).is_multiple_of(2 + seed % 5);
        let names: Vec<&str> = OutputTable::ALL.iter().filter(|&&table| kept(table)).map(|table| table.name()).collect();
        expected.retain(|file, _| file.strip_suffix(".parquet").is_some_and(|name| names.contains(&name)));
        let text = std::fs::read_to_string(&job).expect("a job");
        std::fs::write(&job, format!("tables = {names:?}\n{text}")).expect("a job");
        let out = tempfile::tempdir().expect("temporary folder");
        let execution = Execution { partition_bits: Some(seed as u32 % (BUCKET_BITS + 1)), ..Execution::default() };
        let outcome = run_job(&job, out.path(), execution).unwrap_or_else(|error| panic!("{error}"));
        assert_same(&expected, &table_bytes(&outcome.dir), &format!("seed {seed}: the tables {names:?}"));
    }
}

#[test]
fn the_order_in_which_a_job_lists_its_files_does_not_show() {
    let (_dir, job) = samples::copy(|text| {
        let entries: Vec<&str> = text.split("\n\n").collect();
        let (mut sources, rest): (Vec<&str>, Vec<&str>) =
            entries.into_iter().partition(|entry| entry.contains("[[registers]]") || entry.contains("[[attachments]]"));
        assert_eq!(sources.len(), 4, "the job has four entries of sources");
        sources.reverse();
        let settings = rest.iter().position(|entry| entry.starts_with("[reference]")).expect("settings after the sources");
        let listed =
            [r#""registers/98*.csv", "registers/fund_20261015.csv""#, r#""registers/fund_20261015.csv", "registers/98*.csv""#];
        let text = [&rest[..settings], &sources, &rest[settings..]].concat().join("\n\n");
        assert!(text.contains(listed[0]), "the job lists two patterns");
        text.replace(listed[0], listed[1])
    });
    assert_same(
        &tables(&samples::folder().join("job.toml"), Execution::default()),
        &tables(&job, Execution::default()),
        "reversed job",
    );
}

/// Insurance, attachments, heads and money: results that do not depend on the position of a row.
fn results(run: &PublishedRun) -> Vec<Vec<String>> {
    let columns: [(OutputTable, &[&str]); 7] = [
        (OutputTable::InsuranceStays, &["person_id", "insurer", "from", "to", "unresolved"]),
        (OutputTable::AttachmentStays, &["person_id", "profile", "clinic", "from", "to", "method", "unresolved"]),
        (OutputTable::Persons, &["person_id", "insurer", "clinic", "sex", "birth_date", "age"]),
        (OutputTable::Headcount, &["insurer", "clinic", "sex", "band", "heads", "funded_heads"]),
        (OutputTable::FundingClinic, &["clinic", "heads", "norm", "amount"]),
        (OutputTable::FundingInsurerClinic, &["insurer", "clinic", "heads", "norm", "amount"]),
        (OutputTable::Numbers, &["policy_kind", "number", "person_id"]),
    ];
    let mut results = Vec::new();
    for (table, columns) in columns {
        results.extend(run.rows(table).map(|row| columns.iter().map(|column| row.text(column).to_owned()).collect()));
    }
    results
}

#[track_caller]
fn assert_same_results(found: &PublishedRun, change: &str) {
    let (expected, found) = (results(samples::sample_run()), results(found));
    let differing: Vec<_> = found.iter().filter(|row| !expected.contains(row)).take(10).collect();
    assert!(expected == found, "{change} changes results: {differing:?}");
}

#[test]
fn the_names_of_files_change_no_result() {
    let (dir, job) = samples::copy(str::to_owned);
    let renamed = [("98001_20261031", "98009_20261031"), ("98002_20261031", "98000_20261031")];
    for (from, to) in renamed {
        let path = |name: &str| dir.path().join("registers").join(name).with_extension("csv");
        std::fs::rename(path(from), path(to)).expect("renamed");
        // The decisions of people name rows by their file.
        let decisions = dir.path().join("overrides.toml");
        let text = std::fs::read_to_string(&decisions).expect("decisions");
        std::fs::write(&decisions, text.replace(from, to)).expect("decisions");
    }
    assert_same_results(&published(&job), "swapping the names of two registers");
}

#[test]
fn the_order_of_lines_changes_no_result() {
    let (dir, job) = samples::copy(str::to_owned);
    for folder in ["registers", "attachments"] {
        for entry in std::fs::read_dir(dir.path().join(folder)).expect("folder") {
            let path = entry.expect("entry").path();
            let content = std::fs::read(&path).expect("source");
            let mut lines: Vec<&[u8]> = content.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).collect();
            lines[1..].reverse();
            std::fs::write(&path, lines.join(&b'\n')).expect("source");
        }
    }
    assert_same_results(&published(&job), "turning every source upside down");
}
