//! Least time of a run: reading the sources into fields and writing the tables, without the stages between.
//!
//! `cargo bench --bench floor -- --job JOB.toml --run RUN_FOLDER --out FOLDER [--tables a,b,c] [--threads N]`
//!
//! Loads the tables of a finished run of the job into memory, untimed. Then hashes and splits the job's sources and writes the same tables
//! with the same writer, synced, on all cores. Prints one line of JSON. The rest of the time of a run is spent on reconciling.

mod loaded;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use arrow::array::RecordBatch;
use loaded::LoadedTable;
use rayon::prelude::*;
use sverka::engine::RunOptions;
use sverka::job::{CommandLine, Job};
use sverka_formats::{SourceFile, hash_piece};
use sverka_intake::{Bindings, Chunks, Document, OpenDocument, RowBytes, RowFault, RowFields};
use sverka_model::Field;
use sverka_publish::{OutputTable, TableSink, WrittenTable};

fn main() {
    let arguments = Arguments::read();
    let job = Job::load(&arguments.job, &CommandLine::default()).unwrap_or_else(|error| panic!("{error}"));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads).build().expect("threads");
    let tables: Vec<LoadedTable> = pool.install(|| {
        arguments.tables.par_iter().map(|&table| LoadedTable::read(&arguments.run, table).with_interned_texts()).collect()
    });
    std::fs::create_dir_all(&arguments.out).unwrap_or_else(|error| panic!("{}: {error}", arguments.out.display()));

    let (start, cpu_start) = (Instant::now(), cpu_seconds());
    let split = pool.install(|| split_sources(&job));
    let split_seconds = start.elapsed().as_secs_f64();
    let written = pool.install(|| write_tables(&arguments.out, &tables));
    let seconds = start.elapsed().as_secs_f64();
    let cpu_seconds = cpu_seconds() - cpu_start;

    assert!(split.rows > 0 && split.field_bytes > 0, "sources have rows");
    println!(
        "{{\"seconds\":{seconds:.3},\"split_seconds\":{split_seconds:.3},\"write_seconds\":{:.3},\"cpu_seconds\":{cpu_seconds:.2},\"rows\":{},\"bytes_in\":{},\"bytes_out\":{}}}",
        seconds - split_seconds,
        split.rows,
        split.bytes,
        written.iter().map(|table| table.bytes).sum::<u64>(),
    );
}

/// Arguments of the bench.
struct Arguments {
    job: PathBuf,
    run: PathBuf,
    out: PathBuf,
    tables: Vec<OutputTable>,
    threads: usize,
}

impl Arguments {
    fn read() -> Self {
        let given: Vec<String> = std::env::args().collect();
        let value = |name: &str| given.iter().position(|argument| argument == name).and_then(|at| given.get(at + 1).cloned());
        let path =
            |name: &str| PathBuf::from(value(name).unwrap_or_else(|| panic!("{name} is missing; see the head of this bench")));
        let named = |name: &str| OutputTable::named(name).unwrap_or_else(|| panic!("no table is called {name}"));
        Self {
            job: path("--job"),
            run: path("--run"),
            out: path("--out"),
            tables: value("--tables").map_or(OutputTable::ALL.to_vec(), |names| names.split(',').map(named).collect()),
            // 0 stands for one thread on each core.
            threads: value("--threads").map_or(0, |number| number.parse().expect("a number of threads")),
        }
    }
}

/// Rows and bytes that were read.
#[derive(Default)]
struct ReadSums {
    rows: u64,
    bytes: u64,
    field_bytes: u64,
}

/// Source with its document, bindings and chunks.
struct OpenSource<'f> {
    bindings: Bindings,
    chunks: Chunks,
    document: OpenDocument<'f>,
}

/// Maps the sources, hashes them, and reads every field of every row, chunk by chunk.
fn split_sources(job: &Job) -> ReadSums {
    let files: Vec<SourceFile> =
        job.sources.iter().map(|source| SourceFile::open(source.file.path()).expect("a readable source")).collect();
    let opened = job.sources.iter().zip(&files).map(|(source, file)| {
        let document = Document::all_of(file, &source.name).expect("a file").remove(0);
        let document = OpenDocument::open(document, Arc::clone(&source.layout)).expect("a header");
        let table = document.layout().tables().next().expect("a table");
        OpenSource { bindings: document.bind(table), chunks: document.chunks(RunOptions::CHUNK_BYTES), document }
    });
    let sources: Vec<OpenSource<'_>> = opened.collect();
    let chunks: Vec<_> = sources.iter().flat_map(|source| (0..source.chunks.count()).map(move |index| (source, index))).collect();
    let split_chunk = |&(source, index): &(&OpenSource<'_>, usize)| {
        let OpenSource { bindings, chunks, document } = source;
        let mut sums = ReadSums::default();
        if let Some((part, bytes)) = chunks.even_part(index).zip(document.document().plain_bytes()) {
            black_box(hash_piece(&bytes[part.clone()], part.start));
        }
        let fields_of_table: Vec<Field> =
            document.layout().records.iter().flat_map(|record| &record.fields).map(|bound| bound.field).collect();
        let mut split_row = |_: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>| {
            sums.rows += 1;
            if let Ok(fields) = fields {
                sums.field_bytes += fields_of_table.iter().map(|&field| fields.get(field).len() as u64).sum::<u64>();
            }
        };
        document.read(bindings, chunks, index, &mut split_row);
        sums
    };
    let mut all = chunks.par_iter().with_max_len(1).map(split_chunk).reduce(ReadSums::default, |one, other| ReadSums {
        rows: one.rows + other.rows,
        field_bytes: one.field_bytes + other.field_bytes,
        bytes: 0,
    });
    all.bytes = files.iter().map(|file| file.bytes().len() as u64).sum();
    all
}

/// Writes the tables. Row groups are encoded in any order and written in their order.
fn write_tables(out: &Path, tables: &[LoadedTable]) -> Vec<WrittenTable> {
    let sinks: Vec<TableSink> =
        tables.iter().map(|table| TableSink::create(out, table.table).expect("a writable folder")).collect();
    let groups: Vec<(&TableSink, usize, &RecordBatch)> = sinks
        .iter()
        .zip(tables)
        .flat_map(|(sink, table)| table.row_groups.iter().enumerate().map(move |(index, batch)| (sink, index, batch)))
        .collect();
    groups.par_iter().with_max_len(1).for_each(|(sink, index, batch)| {
        let encoded = sink.encoder().encode(batch).expect("rows in order");
        sink.put(*index, encoded).expect("room on the disk");
    });
    // Waiting for the disk takes no core.
    thread::scope(|scope| {
        let finishing: Vec<_> = sinks.into_iter().map(|sink| scope.spawn(move || sink.finish())).collect();
        finishing.into_iter().map(|table| table.join().expect("no panic").expect("room on the disk")).collect()
    })
}

/// CPU time of this process, with that of threads that have ended.
fn cpu_seconds() -> f64 {
    const TICKS: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = text[text.rfind(')').expect("a name") + 2..].split(' ').collect();
    let ticks = |index: usize| fields[index].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / TICKS
}
