//! Tables to Parquet. Without arguments, criterion measures the persons of a region of 100,000 people. With `-- --run RUN_FOLDER
//! [--tables a,b] [--plain] [--whole]`, the bench prints the cost of each column of a finished run.
//!
//! The cost of a column is the difference of two tables: one with this column and the first column of the key unchanged and one value in every other
//! column, and one with only the key unchanged. The cost of the key includes that of all the columns with one value.

mod loaded;
mod region;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::take;
use criterion::{Criterion, SamplingMode, Throughput, criterion_group};
use loaded::{LoadedTable, with_columns};
use sverka_publish::{OutputTable, RowGroupEncoder, TableWriter};

/// Table that criterion measures.
const TABLE: OutputTable = OutputTable::Persons;

fn publishing(criterion: &mut Criterion) {
    let mut job = region::job(100_000);
    let folder = tempfile::tempdir().expect("temporary folder");
    job.output = folder.path().join("out");
    let persons = LoadedTable::read(&region::run_anew(&job).dir, TABLE).with_interned_texts();
    let encoder = TableWriter::create(folder.path(), TABLE).expect("a writable folder").encoder();
    let mut group = criterion.benchmark_group("publishing");
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(persons.rows()));
    group.bench_function("persons: encode, one thread", |bencher| {
        bencher.iter(|| persons.row_groups.iter().for_each(|batch| drop(encoder.encode(batch).expect("persons in order"))));
    });
    group.bench_function("persons: encode, write, sync", |bencher| {
        bencher.iter(|| write(folder.path(), &persons));
    });
    group.finish();
}

/// Writes a table. Returns the bytes of its file.
fn write(folder: &Path, table: &LoadedTable) -> u64 {
    let mut writer = TableWriter::create(folder, table.table).expect("a writable folder");
    let encoder = writer.encoder();
    for batch in &table.row_groups {
        writer.append(encoder.encode(batch).expect("rows in order")).expect("room on the disk");
    }
    writer.finish().expect("room on the disk").bytes
}

/// Options of the costs of columns.
#[derive(Clone, Copy)]
struct CostOptions {
    /// Whether texts are interned, as in the engine.
    interned: bool,
    /// Whether only the cost of the table as a whole is measured.
    whole: bool,
}

/// Seconds and bytes of the encoding of a table.
#[derive(Clone, Copy, Default)]
struct Cost {
    seconds: f64,
    bytes: f64,
}

/// Prints nanoseconds and bytes per row of each column and of each table.
fn print_costs(run: &Path, tables: &[OutputTable], CostOptions { interned, whole }: CostOptions) {
    let folder = tempfile::tempdir().expect("temporary folder");
    // Repeated often, the encoding is nearly all that a profiler sees.
    let times = if whole { 40 } else { 5 };
    for &table in tables {
        let mut loaded = LoadedTable::read(run, table);
        loaded.row_groups.truncate(24);
        if interned {
            loaded = loaded.with_interned_texts();
        }
        let rows = loaded.rows() as f64;
        let encoder = TableWriter::create(folder.path(), table).expect("a writable folder").encoder();
        let fields = loaded.row_groups[0].schema();
        let only = |kept: &[usize]| -> Vec<RecordBatch> {
            loaded.row_groups.iter().map(|batch| batch_with(batch, &loaded.row_groups[0], kept)).collect()
        };
        let cost = |batches: &[RecordBatch]| Cost {
            seconds: seconds(&encoder, batches, times),
            bytes: write_all(folder.path(), table, batches) as f64,
        };
        let key = &table.spec().sorted_by;
        let key_alone = if whole { Cost::default() } else { cost(&only(&key[..1])) };
        let mut sum = 0.0;
        for (index, field) in fields.fields().iter().enumerate().filter(|_| !whole) {
            // A later column of the key is in order only below the earlier ones.
            let in_key = key.iter().position(|&column| column == index).unwrap_or(0);
            let mut kept = key[..in_key.max(1)].to_vec();
            let before = if index == key[0] {
                Cost::default()
            } else if in_key > 1 {
                cost(&only(&kept))
            } else {
                key_alone
            };
            kept.push(index);
            let after = cost(&only(&kept));
            let nanoseconds = (after.seconds - before.seconds) * 1e9 / rows;
            sum += nanoseconds;
            println!(
                "{:<20} {:<20} {nanoseconds:8.1} ns/row {:8.3} B/row",
                table.name(),
                field.name(),
                (after.bytes - before.bytes) / rows
            );
        }
        let all = cost(&loaded.row_groups);
        println!(
            "{:<20} {:<20} {:8.1} ns/row {:8.3} B/row (sum of columns {sum:.1})",
            table.name(),
            "(all)",
            all.seconds * 1e9 / rows,
            all.bytes / rows
        );
    }
}

fn write_all(folder: &Path, table: OutputTable, batches: &[RecordBatch]) -> u64 {
    write(folder, &LoadedTable { table, row_groups: batches.to_vec() })
}

/// The batch with some columns unchanged. The others hold the value of the table's first row.
fn batch_with(batch: &RecordBatch, first: &RecordBatch, kept: &[usize]) -> RecordBatch {
    let zeros = UInt32Array::from(vec![0; batch.num_rows()]);
    let columns = batch.columns().iter().zip(first.columns()).enumerate();
    let columns =
        columns.map(
            |(index, (column, first))| {
                if kept.contains(&index) { Arc::clone(column) } else { take(first, &zeros, None).expect("a column") }
            },
        );
    with_columns(batch, columns.collect())
}

/// Least CPU time of several encodings on this thread, as other work on the machine may disturb one.
fn seconds(encoder: &RowGroupEncoder, batches: &[RecordBatch], times: usize) -> f64 {
    let once = || {
        let start = thread_nanoseconds();
        batches.iter().for_each(|batch| drop(std::hint::black_box(encoder.encode(batch).expect("rows in order"))));
        (thread_nanoseconds() - start) as f64 / 1e9
    };
    (0..times).map(|_| once()).fold(f64::INFINITY, f64::min)
}

/// CPU time of this thread, as Linux reports it.
fn thread_nanoseconds() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    text.split(' ').next().and_then(|run| run.parse().ok()).expect("nanoseconds")
}

criterion_group! {
    name = benches;
    config = region::criterion();
    targets = publishing
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| arguments.iter().position(|argument| argument == name).map(|at| arguments[at + 1].clone());
    let given = |name: &str| arguments.iter().any(|argument| argument == name);
    match value("--run") {
        Some(run) => {
            let named = |name: &str| OutputTable::named(name).unwrap_or_else(|| panic!("no table {name}"));
            let tables = value("--tables").unwrap_or_else(|| TABLE.name().to_owned());
            let tables: Vec<OutputTable> = tables.split(',').map(named).collect();
            let options = CostOptions { interned: !given("--plain"), whole: given("--whole") };
            print_costs(&PathBuf::from(run), &tables, options);
        }
        None => {
            benches();
            Criterion::default().configure_from_args().final_summary();
        }
    }
}
