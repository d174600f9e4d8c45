//! Misfits between a document and its layout: counts, each with a few rows and a few dozen different wordings.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sverka_text::with_thousands;

/// Most rows that are named with a misfit.
const ROWS_SHOWN: usize = 5;
/// Most values that are named with one kind of misfit.
const VALUES_SHOWN: usize = 24;

/// Misfit of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    /// Kind of the misfit. It also stands for the misfits of the kind beyond [`VALUES_SHOWN`] wordings.
    pub kind: String,
    /// Wording with the value that does not fit; without a value, the kind.
    pub wording: String,
}

impl Misfit {
    /// A misfit without a value.
    pub fn plain(wording: impl Into<String>) -> Self {
        let wording = wording.into();
        Self { kind: wording.clone(), wording }
    }
}

/// Misfits of one document.
#[derive(Debug, Default)]
pub(super) struct Misfits {
    kinds: BTreeMap<String, KindOfMisfit>,
}

/// Misfits of one kind.
#[derive(Debug, Default)]
struct KindOfMisfit {
    by_wording: BTreeMap<String, Rows>,
    /// Rows of all wordings beyond [`VALUES_SHOWN`].
    others: Rows,
}

/// Number of rows, and the first of them.
#[derive(Debug, Default)]
struct Rows {
    count: u64,
    first: Vec<u64>,
}

impl Rows {
    fn add(&mut self, row: u64) {
        self.count += 1;
        if self.first.len() < ROWS_SHOWN {
            self.first.push(row);
        }
    }
}

impl Misfits {
    /// Notes a misfit of a row.
    pub fn add(&mut self, misfit: Misfit, row: u64) {
        let of_kind = self.kinds.entry(misfit.kind).or_default();
        if of_kind.by_wording.len() < VALUES_SHOWN || of_kind.by_wording.contains_key(&misfit.wording) {
            of_kind.by_wording.entry(misfit.wording).or_default().add(row);
        } else {
            of_kind.others.add(row);
        }
    }

    /// Whether there are no misfits.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Appends a line for each wording.
    pub fn write(&self, text: &mut String) {
        for (kind, of_kind) in &self.kinds {
            for (wording, rows) in &of_kind.by_wording {
                write_rows(text, wording, rows);
            }
            if of_kind.others.count > 0 {
                write_rows(text, &format!("{kind}, and others than the {VALUES_SHOWN} above"), &of_kind.others);
            }
        }
    }
}

/// Appends the line of a wording.
fn write_rows(text: &mut String, wording: &str, rows: &Rows) {
    let first: Vec<String> = rows.first.iter().map(u64::to_string).collect();
    let more = if rows.count > first.len() as u64 { ", …" } else { "" };
    let _ = writeln!(text, "  {:>9}  {wording} (rows {}{more})", with_thousands(rows.count), first.join(", "));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn misfit(value: u64) -> Misfit {
        Misfit { kind: "sex: no code".to_owned(), wording: format!("sex: `{value}` is no code") }
    }

    #[test]
    fn a_flood_of_different_values_is_counted_and_not_kept() {
        let mut misfits = Misfits::default();
        (0..100_000).for_each(|row| misfits.add(misfit(row), row));
        (0..100_000).for_each(|row| misfits.add(Misfit::plain("a quote is not closed"), row));
        assert_eq!(misfits.kinds["sex: no code"].by_wording.len(), VALUES_SHOWN);
        let mut text = String::new();
        misfits.write(&mut text);
        assert_eq!(text.lines().count(), VALUES_SHOWN + 2, "{text}");
        assert!(text.contains("    99,976  sex: no code, and others than the 24 above (rows 24, 25, 26, 27, 28, …)"), "{text}");
        assert!(text.contains("   100,000  a quote is not closed (rows 0, 1, 2, 3, 4, …)"), "{text}");
    }

    #[test]
    fn a_value_that_comes_again_is_counted_with_its_own() {
        let mut misfits = Misfits::default();
        (0..200).for_each(|row| misfits.add(misfit(row % 2), row));
        let mut text = String::new();
        misfits.write(&mut text);
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("       100  sex: `1` is no code (rows 1, 3, 5, 7, 9, …)"), "{text}");
    }
}
