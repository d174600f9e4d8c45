//! Records to persons and persons to stays, on a region of 100,000 people.

mod region;

use std::sync::atomic::{AtomicUsize, Ordering};

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use region::Rows;
use region::timelines::Timelines;
use sverka_kernel::identity::Linked;

fn persons(criterion: &mut Criterion) {
    let job = region::job(100_000);
    let rows = Rows::read(&job);
    let mut worker = rows.worker();
    let linked: Vec<Linked> = (0..rows.partitions()).map(|index| rows.link(index, &mut worker)).collect();
    let mut group = criterion.benchmark_group("persons");
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(linked[0].persons.len() as u64));
    group.bench_function("records of a partition to persons, one thread", |bencher| {
        bencher.iter_with_large_drop(|| rows.link(0, &mut worker));
    });
    group.throughput(Throughput::Elements(linked.iter().map(|linked| linked.persons.len() as u64).sum()));
    group.bench_function("records to persons, all threads", |bencher| {
        bencher.iter_with_large_drop(|| link_all(&rows));
    });
    group.bench_function("persons to stays, one thread", |bencher| {
        let mut work = Timelines::default();
        bencher.iter(|| work.all(&job, &rows, &linked));
    });
    group.finish();
}

/// Makes persons of all partitions on all threads.
fn link_all(rows: &Rows) -> Vec<Vec<Linked>> {
    let next = AtomicUsize::new(0);
    rayon::broadcast(|_| {
        let (mut worker, mut done) = (rows.worker(), Vec::new());
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= rows.partitions() {
                return done;
            }
            done.push(rows.link(index, &mut worker));
        }
    })
}

criterion_group! {
    name = benches;
    config = region::criterion();
    targets = persons
}
criterion_main!(benches);
