//! The main job from end to end on a region of 200,000 people, files and disk included.

mod region;

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};

const PERSONS: u64 = 200_000;

fn whole_run(criterion: &mut Criterion) {
    let mut job = region::job(PERSONS);
    let folder = tempfile::tempdir().expect("temporary folder");
    job.output = folder.path().join("out");
    let bytes = region::opened(&job).iter().map(|file| file.bytes().len() as u64).sum();
    let mut group = criterion.benchmark_group("whole run");
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::ElementsAndBytes { elements: PERSONS, bytes });
    group.bench_function("200,000 people", |bencher| bencher.iter_with_large_drop(|| region::run_anew(&job)));
    group.finish();
}

criterion_group! {
    name = benches;
    config = region::criterion().measurement_time(Duration::from_secs(10));
    targets = whole_run
}
criterion_main!(benches);
