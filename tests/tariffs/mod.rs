//! Money of random tariffs on random heads: the engine and the reference implementation, norms, amounts, totals and causes to the last digit.
//!
//! A long run, from a seed that nobody has seen yet:
//!
//! ```sh
//! SVERKA_SEED=1000000 SVERKA_TARIFFS=100000 cargo test --release --no-default-features --test main -- tariffs::
//! ```
//!
//! A failure prints its seeds; `SVERKA_SEED=<seed> SVERKA_TARIFFS=1` shows one of them again, with the tariff and its tables in the folder that
//! `SVERKA_KEEP=<folder>` names.

mod compare;
mod engine;
mod fractions;
mod heads;
mod properties;
mod random;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::reference::money::{self, CareMoney, CountedHeads, Subject};
use crate::regions::{ClinicRow, TariffDef};

/// Failed seeds after which the comparison gives up.
const ENOUGH_FAILURES: usize = 3;
/// Differences of one seed that a failure shows.
const SHOWN_DIFFERENCES: usize = 8;

/// A tariff with everything that its money depends on.
#[derive(Clone)]
struct Case {
    /// `D`, as an ISO date.
    as_of: String,
    insurers: Vec<String>,
    clinics: Vec<ClinicRow>,
    tariff: TariffDef,
    counted: Vec<CountedHeads>,
}

impl Case {
    fn expected(&self) -> Vec<CareMoney> {
        let Case { as_of, clinics, tariff, counted, .. } = self;
        money::money(&Subject { tariff, clinics, as_of, counted })
    }
}

#[test]
fn engine_and_reference_agree_on_random_tariffs() {
    let first = from_environment("SVERKA_SEED").unwrap_or(0);
    let count = from_environment("SVERKA_TARIFFS").unwrap_or(if cfg!(debug_assertions) { 200 } else { 500 });
    let mut failures = Vec::new();
    for seed in first..first + count {
        if let Err(failure) = one_seed(seed) {
            failures.push(failure);
        }
        if failures.len() == ENOUGH_FAILURES {
            break;
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn from_environment(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no whole number: {text}")))
}

fn one_seed(seed: u64) -> Result<(), String> {
    let case = random::case(seed);
    let differences = catch_unwind(AssertUnwindSafe(|| compare::differences(&case)));
    let shown = match differences {
        Ok(differences) if differences.is_empty() => return Ok(()),
        Ok(differences) => differences.into_iter().take(SHOWN_DIFFERENCES).collect::<Vec<_>>().join("\n"),
        Err(_) => "panicked, see above".to_owned(),
    };
    Err(format!("seed {seed}:\n{shown}"))
}
