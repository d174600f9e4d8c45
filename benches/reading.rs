//! Bytes to rows and rows to records, on the sources of a region of 100,000 people, in mapped files.

mod region;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use sverka_check::ReadPlan;
use sverka_intake::{RowBytes, RowFault, RowFields};
use sverka_model::{Field, Interner};

fn reading(criterion: &mut Criterion) {
    let job = region::job(100_000);
    let files = region::opened(&job);
    let documents = region::documents(&job, &files);
    let plan = region::read_plan(&documents);
    let bytes = plan.bytes();
    let mut group = criterion.benchmark_group("reading");
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("split rows into fields, one thread", |bencher| bencher.iter(|| split(&plan)));
    group.bench_function("read and check rows into the shuffle, all threads", |bencher| {
        bencher.iter_with_large_drop(|| {
            let interner = Interner::default();
            let shuffle = region::read_into_shuffle(&job, &plan, &interner);
            (shuffle, interner)
        });
    });
    group.finish();
}

/// Sum of the bytes of some fields that every row has. The sum keeps the compiler from leaving out their reading.
fn split(plan: &ReadPlan<'_>) -> usize {
    let mut bytes = 0;
    let mut split_row = |_: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>| {
        let Ok(fields) = fields else { return };
        bytes += [Field::Enp, Field::Surname, Field::BirthDate, Field::PolicyNumber]
            .map(|field| fields.get(field).len())
            .iter()
            .sum::<usize>();
    };
    for source in plan.sources() {
        for index in 0..source.chunks.count() {
            source.document.read(&source.bindings, &source.chunks, index, &mut split_row);
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
