//! Outliers: sources that are much worse than the other sources of their table, for the summary.

use std::fmt;

use sverka_model::{Field, Table};
use sverka_publish::{Manifest, QualityFigures};
use sverka_text::with_thousands;

/// Source with something much more frequent than in the other sources of its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlier {
    /// Name of the source.
    pub source: String,
    /// The frequent thing: `quarantined`, `duplicates`, a code, or `without` a field.
    pub what: String,
    /// Rate in the source.
    pub here: Rate,
    /// Rate in the other sources of the table.
    pub elsewhere: Rate,
}

/// Rows or findings of a kind among all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Rows or findings of the kind.
    pub count: u64,
    /// All rows.
    pub rows: u64,
}

impl Rate {
    /// Rate in per cent with one decimal, halves up.
    fn percent(self) -> String {
        let (count, rows) = (u128::from(self.count), u128::from(self.rows.max(1)));
        let tenths = (2000 * count + rows) / (2 * rows);
        format!("{}.{} %", tenths / 10, tenths % 10)
    }
}

impl fmt::Display for Outlier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, what, here, elsewhere } = self;
        let (count, rows) = (with_thousands(here.count), with_thousands(here.rows));
        write!(f, "{source}: {what}, {count} of {rows} rows ({}; elsewhere {})", here.percent(), elsewhere.percent())
    }
}

/// Least count of an outlier.
const COUNT_MIN: u64 = 10;
/// Least rate of an outlier, as a multiple of the rate elsewhere.
const RATE_TIMES_MIN: u128 = 3;
/// Least rate of an outlier: one row of this number of rows.
const ONE_ROW_OF: u128 = 100;
/// Most outliers in a summary.
const OUTLIERS_MAX: usize = 5;

/// Outliers of a run, worst first: for each source the kind with the largest excess over the rate elsewhere.
#[must_use]
pub fn outliers(manifest: &Manifest) -> Vec<Outlier> {
    let Some(quality) = &manifest.quality else { return Vec::new() };
    let mut worst: Vec<Outlier> = Vec::new();
    for (source, tables) in &quality.sources {
        let of_tables = [Table::Register, Table::Attachments].into_iter().filter_map(|table| {
            let (figures, all) = (tables.get(table.name())?, quality.run.get(table.name())?);
            worst_in_table(source, table, figures, all)
        });
        worst.extend(of_tables.max_by_key(excess));
    }
    worst.sort_by_key(|of_source| std::cmp::Reverse(excess(of_source)));
    worst.truncate(OUTLIERS_MAX);
    worst
}

/// Kind with the largest excess among the rows of a source in one table; `all` are the figures of all sources of the table.
fn worst_in_table(source: &str, table: Table, figures: &QualityFigures, all: &QualityFigures) -> Option<Outlier> {
    let outlier = |what: String, here: Rate, all: Rate| {
        let elsewhere = Rate { count: all.count - here.count, rows: all.rows - here.rows };
        let found = Outlier { source: source.to_owned(), what, here, elsewhere };
        is_outlier(&found).then_some(found)
    };
    let of_rows = |count| Rate { count, rows: figures.rows };
    let of_all_rows = |count| Rate { count, rows: all.rows };
    let quarantined = outlier("quarantined".to_owned(), of_rows(figures.quarantined), of_all_rows(all.quarantined));
    let duplicates = outlier("duplicates".to_owned(), of_rows(figures.duplicates), of_all_rows(all.duplicates));
    let findings = figures.findings.iter().filter_map(|(code, &count)| {
        outlier(code.clone(), of_rows(count), of_all_rows(all.findings.get(code).copied().unwrap_or(count)))
    });
    let missing = Field::ALL.iter().filter(|field| field.stands_in(table)).filter_map(|field| {
        let without = |figures: &QualityFigures| {
            let rows = figures.accepted + figures.duplicates;
            Rate { count: rows - figures.fields.get(field.name()).copied().unwrap_or(0), rows }
        };
        // A field that the layout lacks is missing in every row, which is no outlier.
        figures.fields.get(field.name())?;
        outlier(format!("without {}", field.name()), without(figures), without(all))
    });
    [quarantined, duplicates].into_iter().flatten().chain(findings).chain(missing).max_by_key(excess)
}

fn is_outlier(found: &Outlier) -> bool {
    let Outlier { here, elsewhere, .. } = found;
    let [count, rows, other_count, other_rows] = [here.count, here.rows, elsewhere.count, elsewhere.rows].map(u128::from);
    let is_frequent = here.count >= COUNT_MIN && count * ONE_ROW_OF >= rows;
    is_frequent && other_rows > 0 && count * other_rows >= RATE_TIMES_MIN * other_count * rows
}

/// Count beyond the count at the rate elsewhere.
fn excess(found: &Outlier) -> u64 {
    let Outlier { here, elsewhere, .. } = found;
    let expected = u128::from(here.rows) * u128::from(elsewhere.count) / u128::from(elsewhere.rows.max(1));
    here.count - u64::try_from(expected).unwrap_or(u64::MAX).min(here.count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(here: [u64; 2], elsewhere: [u64; 2]) -> Outlier {
        let rate = |[count, rows]: [u64; 2]| Rate { count, rows };
        Outlier { source: "a.csv".into(), what: "quarantined".into(), here: rate(here), elsewhere: rate(elsewhere) }
    }

    #[test]
    fn an_outlier_is_many_rows_and_three_times_the_rate_elsewhere() {
        assert!(is_outlier(&found([30, 1000], [10, 1000])));
        assert!(!is_outlier(&found([29, 1000], [10, 1000])));
        assert!(is_outlier(&found([10, 1000], [0, 1000])));
        assert!(!is_outlier(&found([9, 100], [0, 1000])));
        assert!(!is_outlier(&found([10, 1001], [0, 1000])));
        assert!(!is_outlier(&found([500, 1000], [0, 0])));
    }

    #[test]
    fn an_outlier_is_shown_with_both_rates() {
        assert_eq!(found([30, 1000], [1, 2000]).to_string(), "a.csv: quarantined, 30 of 1,000 rows (3.0 %; elsewhere 0.1 %)");
        assert_eq!(excess(&found([30, 1000], [10, 2000])), 25);
    }
}
