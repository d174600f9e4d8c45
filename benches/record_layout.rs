//! Rows and columns compared: reading whole records that are scattered over a table, as the timelines do. The result is the reason why records are
//! rows.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Number of records: 880 MB as rows, far more than a cache holds.
const RECORDS: usize = 10_000_000;
/// Number of records that one iteration reads.
const VISITS: usize = 1_000_000;

/// Record with the widths of a record of the register.
#[derive(Clone, Copy)]
struct Row {
    numbers: [u64; 4],
    texts_and_dates: [u32; 12],
    organisation: u16,
    codes: [u8; 6],
}

impl Row {
    fn new(number: usize) -> Self {
        Self {
            numbers: [number as u64; 4],
            texts_and_dates: [number as u32; 12],
            organisation: number as u16,
            codes: [number as u8; 6],
        }
    }

    fn sum(&self) -> u64 {
        let dates: u64 = self.texts_and_dates.iter().map(|&value| u64::from(value)).sum();
        let codes: u64 = self.codes.iter().map(|&value| u64::from(value)).sum();
        self.numbers.iter().sum::<u64>() + dates + u64::from(self.organisation) + codes
    }
}

/// Records with a column for each field.
struct Columns {
    numbers: [Vec<u64>; 4],
    texts_and_dates: [Vec<u32>; 12],
    organisation: Vec<u16>,
    codes: [Vec<u8>; 6],
}

impl Columns {
    fn new(records: usize) -> Self {
        Self {
            numbers: std::array::from_fn(|_| (0..records as u64).collect()),
            texts_and_dates: std::array::from_fn(|_| (0..records as u32).collect()),
            organisation: (0..records).map(|number| number as u16).collect(),
            codes: std::array::from_fn(|_| (0..records).map(|number| number as u8).collect()),
        }
    }

    fn sum(&self, record: usize) -> u64 {
        let numbers: u64 = self.numbers.iter().map(|column| column[record]).sum();
        let dates: u64 = self.texts_and_dates.iter().map(|column| u64::from(column[record])).sum();
        let codes: u64 = self.codes.iter().map(|column| u64::from(column[record])).sum();
        numbers + dates + u64::from(self.organisation[record]) + codes
    }
}

fn scattered(criterion: &mut Criterion) {
    // A step without a common factor with the number of records visits records all over the table.
    const STEP: usize = 6_180_339;
    let order: Vec<usize> = (0..VISITS).map(|visit| visit * STEP % RECORDS).collect();
    let mut group = criterion.benchmark_group("scattered records");
    group.throughput(Throughput::Elements(VISITS as u64));
    let rows: Vec<Row> = (0..RECORDS).map(Row::new).collect();
    group.bench_function("rows", |bencher| {
        bencher.iter(|| order.iter().map(|&record| black_box(&rows)[record].sum()).sum::<u64>())
    });
    drop(rows);
    let columns = Columns::new(RECORDS);
    group.bench_function("columns", |bencher| {
        bencher.iter(|| order.iter().map(|&record| black_box(&columns).sum(record)).sum::<u64>())
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(3));
    targets = scattered
}
criterion_main!(benches);
