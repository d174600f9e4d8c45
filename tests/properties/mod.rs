//! Laws that hold for every run of every job, checked over the sample region and a generated one; those of quality over the sample of
//! exchange formats, too.
//!
//! [`laws`] and [`quality_laws`] are functions of a published run and know no particular job. [`sameness`] runs one job with many settings of execution,
//! [`source_laws`] a job with other sources that count the same, [`nights`] one month in many orders of arrival, [`large`] a large job, [`memory`] a job that needs much memory.

mod large;
mod laws;
mod memory;
mod nights;
mod quality_laws;
mod sameness;
mod source_laws;

use std::path::Path;
use std::sync::LazyLock;

use sverka::generate::{Form, Money, Rates, Settings, generate};

use crate::published::{PublishedRun, published};
use crate::samples::{exchange_run, sample_run};

/// Enough people that every thread gets work, few enough for a debug build.
const PERSONS: u64 = 2_000;
const SEED: u64 = 20_261_101;

/// Generates a region into `dir`, with every kind of defect.
fn region(dir: &Path) {
    region_of(PERSONS, dir);
}

/// Generates a region with this number of people.
fn region_of(persons: u64, dir: &Path) {
    let settings = Settings {
        persons,
        seed: SEED,
        as_of: "2026-11-01".parse().expect("a date"),
        out: dir.to_owned(),
        rates: Rates::default(),
        truth: false,
        form: Form::default(),
        money: Money::Simple,
        force: true,
    };
    generate(&settings, &mut |_| ()).unwrap_or_else(|error| panic!("{error}"));
}

/// The run of a generated region, computed once for all tests.
fn generated_run() -> &'static PublishedRun {
    static RUN: LazyLock<PublishedRun> = LazyLock::new(|| {
        let dir = tempfile::tempdir().expect("temporary folder");
        region(dir.path());
        published(&dir.path().join("job.toml"))
    });
    &RUN
}

macro_rules! laws {
    ($laws:ident over $runs:expr; $($law:ident)*) => {
        $(#[test]
        fn $law() {
            for (job, run) in $runs {
                let broken = $laws::$law(run);
                let shown: Vec<String> = broken.iter().take(20).cloned().collect();
                assert!(broken.is_empty(), "{job} (seed {SEED}): broken {} times\n{}", broken.len(), shown.join("\n"));
            }
        })*
    };
}

laws! {
    laws over [("sample region", sample_run()), ("generated region", generated_run())];
    rows_are_conserved
    every_accepted_row_is_explained
    a_row_has_one_person
    stays_are_sorted_and_disjoint
    neighbouring_stays_differ
    the_register_is_the_stays_of_the_day
    heads_are_persons
    money_agrees
    bands_are_those_of_pairs
    manifest_counts_are_those_of_the_tables
}

laws! {
    quality_laws over [("sample region", sample_run()), ("exchange sample", exchange_run()), ("generated region", generated_run())];
    quality_figures_add_up
    quality_figures_are_those_of_the_tables
    rates_are_exact
    the_manifest_has_the_quality_figures
}
