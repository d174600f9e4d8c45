//! Which sources are much worse than the others of their table, for the few lines of a summary.

use std::fmt;

use sverka_model::{Field, Table};
use sverka_publish::{Manifest, QualityFigures};
use sverka_text::with_thousands;

/// Something that one source has much more of than the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingOut {
    /// Name of the source.
    pub source: String,
    /// What it has: `quarantined`, `duplicates`, a code, or `without` a field.
    pub what: String,
    /// How many rows or findings.
    pub count: u64,
    /// Of so many rows.
    pub total: u64,
    /// The same in the other sources of the table.
    pub elsewhere: (u64, u64),
}

impl fmt::Display for StandingOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, total) = self.elsewhere;
        let Self { source, what, .. } = self;
        let (here, there) = (percent(self.count, self.total), percent(count, total));
        write!(
            f,
            "{source}: {what}, {} of {} rows ({here}; elsewhere {there})",
            with_thousands(self.count),
            with_thousands(self.total)
        )
    }
}

/// Fewer tell nothing.
const LEAST: u64 = 10;
/// As many times the rate of the others.
const TIMES: u128 = 3;
/// At least one row of so many.
const ONE_OF: u128 = 100;
/// The lines of a summary.
const SHOWN: usize = 5;

/// The sources that stand out, with what they have most of beyond the rate of the others, worst first; one line for each source.
#[must_use]
pub fn standing_out(manifest: &Manifest) -> Vec<StandingOut> {
    let Some(quality) = &manifest.quality else { return Vec::new() };
    let mut worst: Vec<StandingOut> = Vec::new();
    for (source, tables) in &quality.sources {
        let of_tables = [Table::Register, Table::Attachments].into_iter().filter_map(|table| {
            let (figures, all) = (tables.get(table.name())?, quality.run.get(table.name())?);
            worst_of(source, table, figures, all)
        });
        worst.extend(of_tables.max_by_key(excess));
    }
    worst.sort_by_key(|of_source| std::cmp::Reverse(excess(of_source)));
    worst.truncate(SHOWN);
    worst
}

fn worst_of(source: &str, table: Table, figures: &QualityFigures, all: &QualityFigures) -> Option<StandingOut> {
    let out = |what: String, (count, total): (u64, u64), (all_count, all_total): (u64, u64)| {
        let elsewhere = (all_count - count, all_total - total);
        let found = StandingOut { source: source.to_owned(), what, count, total, elsewhere };
        stands_out(&found).then_some(found)
    };
    let of_rows = [("quarantined", figures.quarantined, all.quarantined), ("duplicates", figures.duplicates, all.duplicates)];
    let rows =
        of_rows.into_iter().filter_map(|(what, count, of_all)| out(what.to_owned(), (count, figures.rows), (of_all, all.rows)));
    let findings = figures.findings.iter().filter_map(|(code, &count)| {
        out(code.clone(), (count, figures.rows), (all.findings.get(code).copied().unwrap_or(count), all.rows))
    });
    let missing = Field::ALL.iter().filter(|field| field.stands_in(table)).filter_map(|field| {
        let without = |of: &QualityFigures| {
            let rows = of.accepted + of.duplicates;
            (rows - of.fields.get(field.name()).copied().unwrap_or(0), rows)
        };
        // What a layout does not give is no news.
        figures.fields.get(field.name())?;
        out(format!("without {}", field.name()), without(figures), without(all))
    });
    rows.chain(findings).chain(missing).max_by_key(excess)
}

fn stands_out(found: &StandingOut) -> bool {
    let [count, total] = [found.count, found.total].map(u128::from);
    let (elsewhere, of_all) = (u128::from(found.elsewhere.0), u128::from(found.elsewhere.1));
    found.count >= LEAST && count * ONE_OF >= total && of_all > 0 && count * of_all >= TIMES * elsewhere * total
}

/// How many more than at the rate of the others.
fn excess(found: &StandingOut) -> u64 {
    let (elsewhere, of_all) = found.elsewhere;
    let expected = u128::from(found.total) * u128::from(elsewhere) / u128::from(of_all.max(1));
    found.count - u64::try_from(expected).unwrap_or(u64::MAX).min(found.count)
}

/// `count` of `total` in per cent with one decimal, halves up.
fn percent(count: u64, total: u64) -> String {
    let (count, total) = (u128::from(count), u128::from(total.max(1)));
    let tenths = (2000 * count + total) / (2 * total);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(count: u64, total: u64, elsewhere: (u64, u64)) -> StandingOut {
        StandingOut { source: "a.csv".into(), what: "quarantined".into(), count, total, elsewhere }
    }

    #[test]
    fn what_stands_out_is_much_frequent_and_three_times_the_rest() {
        assert!(stands_out(&found(30, 1000, (10, 1000))));
        assert!(!stands_out(&found(29, 1000, (10, 1000))));
        assert!(stands_out(&found(10, 1000, (0, 1000))));
        assert!(!stands_out(&found(9, 100, (0, 1000))));
        assert!(!stands_out(&found(10, 1001, (0, 1000))));
        assert!(!stands_out(&found(500, 1000, (0, 0))));
    }

    #[test]
    fn it_is_told_with_both_rates() {
        assert_eq!(found(30, 1000, (1, 2000)).to_string(), "a.csv: quarantined, 30 of 1,000 rows (3.0 %; elsewhere 0.1 %)");
        assert_eq!(excess(&found(30, 1000, (10, 2000))), 25);
    }
}
