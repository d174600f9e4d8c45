//! The table of persons to Parquet, with the rows that a region of 100,000 people really gives.

mod region;

use std::fs::File;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sverka::publish::{OutputTable, TableWriter, write_table};

const TABLE: OutputTable = OutputTable::Persons;

fn publishing(criterion: &mut Criterion) {
    let mut job = region::job(100_000);
    let folder = tempfile::tempdir().expect("temporary folder");
    job.output = folder.path().join("out");
    let batch = published(&region::run_anew(&job).dir);
    let encoder = TableWriter::create(folder.path(), TABLE).expect("a writable folder").encoder();
    let mut group = criterion.benchmark_group("publishing");
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(batch.num_rows() as u64));
    group.bench_function("persons: encode, one thread", |bencher| {
        bencher.iter_with_large_drop(|| encoder.encode(&batch).expect("persons in order"));
    });
    group.bench_function("persons: encode, write, sync", |bencher| {
        bencher.iter(|| write_table(folder.path(), TABLE, [batch.clone()]).expect("persons in order"));
    });
    group.finish();
}

/// All persons of a run, as one batch.
fn published(dir: &Path) -> RecordBatch {
    let file = File::open(dir.join(TABLE.file_name())).expect("a published table");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(ParquetRecordBatchReaderBuilder::build);
    let batches: Vec<RecordBatch> = reader.expect("a Parquet file").map(|batch| batch.expect("a readable batch")).collect();
    concat_batches(&TABLE.spec().schema, &batches).expect("batches of one table")
}

criterion_group! {
    name = benches;
    config = region::criterion();
    targets = publishing
}
criterion_main!(benches);
