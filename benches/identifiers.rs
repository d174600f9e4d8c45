//! Checks of policy numbers and SNILS, which every row needs.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sverka_model::{Date, Enp, Sex, Snils};

/// Number of texts of each kind.
const NUMBERS: u32 = 10_000;

/// Texts of right numbers; every tenth has one wrong digit.
fn texts(number: impl Fn(u32) -> u64, width: usize) -> Vec<String> {
    (0..NUMBERS).map(|n| format!("{:0width$}", number(n) + u64::from(n % 10 == 0))).collect()
}

fn enps(criterion: &mut Criterion) {
    let first = Date::from_ymd(1930, 1, 1).expect("a date");
    let enp = |n: u32| {
        let sex = if n.is_multiple_of(2) { Sex::Male } else { Sex::Female };
        Enp::compose(34, Date::from_days(first.days() + (n * 3) as i32), sex, n).number()
    };
    let texts = texts(enp, 16);
    let mut group = criterion.benchmark_group("identifiers");
    group.throughput(Throughput::Elements(u64::from(NUMBERS)));
    group.bench_function("ENP: parse, check digit, decode", |bencher| {
        bencher.iter(|| {
            let possible = |text: &&String| {
                Enp::parse(black_box(text.as_bytes())).is_some_and(|enp| enp.check_digit_ok() && enp.decode().is_ok())
            };
            texts.iter().filter(possible).count()
        });
    });
    group.finish();
}

fn snils(criterion: &mut Criterion) {
    let plain = texts(|n| Snils::compose(2_000_000 + n * 7_919).number(), 11);
    let dashed: Vec<String> =
        plain.iter().map(|digits| format!("{}-{}-{} {}", &digits[..3], &digits[3..6], &digits[6..9], &digits[9..])).collect();
    let mut group = criterion.benchmark_group("identifiers");
    group.throughput(Throughput::Elements(u64::from(NUMBERS)));
    for (name, texts) in [("SNILS: eleven digits", &plain), ("SNILS: with dashes", &dashed)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| texts.iter().filter(|text| Snils::parse(black_box(text.as_bytes())).is_ok()).count());
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    targets = enps, snils
}
criterion_main!(benches);
