//! Bytes to rows and rows to records, on the register of a region of 100,000 people: about 20 MB of CSV in mapped files.

mod region;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use sverka::check::{ReadPlan, RegisterRecord};
use sverka::intake::{self, ChunkReader, Field, Lexicon, plan_chunks};

fn reading(criterion: &mut Criterion) {
    let job = region::job(100_000);
    let files = region::surveyed(&job);
    let plan = region::read_plan(&job, &files, intake::Table::Register);
    let bytes = plan.sources.iter().map(|source| source.file.bytes().len() as u64).sum();
    let mut group = criterion.benchmark_group("reading");
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("split rows into fields, one thread", |bencher| bencher.iter(|| split(&plan)));
    group.bench_function("read and check rows, all threads", |bencher| {
        bencher.iter_with_large_drop(|| {
            let lexicon = Lexicon::default();
            let table = region::read_rows::<RegisterRecord>(&job, &plan, &lexicon);
            (table, lexicon)
        });
    });
    group.finish();
}

/// Bytes of some fields that every row has; a sum, so that no field is left unread.
fn split(plan: &ReadPlan<'_>) -> usize {
    let mut bytes = 0;
    for source in &plan.sources {
        let mut reader = ChunkReader::new(source.file, source.layout, &source.header);
        for chunk in plan_chunks(source.file, source.layout, source.header.data_from, plan.chunk_bytes) {
            reader.rows(&chunk, |_, fields| {
                let Ok(fields) = fields else { return };
                bytes += [Field::Enp, Field::Surname, Field::BirthDate, Field::InsuredFrom]
                    .map(|field| fields.get(field).len())
                    .iter()
                    .sum::<usize>();
            });
        }
    }
    bytes
}

criterion_group! {
    name = benches;
    config = region::criterion();
    targets = reading
}
criterion_main!(benches);
