//! Corrections of closed months: `OUT/closed/YYYY-MM-corrections.json` holds every booking with its figures (SEM-443).
//!
//! ```text
//!   closed run   figures by which the month was paid
//! + booking 1    now − before                          before = closed run
//! + booking 2    now − before                          before = closed run + booking 1
//! = figures of the run of the last booking, to the kopeck
//! ```
//!
//! The figures stand in the file, so the run of a booking may be pruned: what was booked can be added up, and the next booking can be made, without it.
//! The file holds no personal data but the names of the users who booked.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::closed::CLOSED;
use super::disk::{is_absence, replace_file, uninterrupted};
use super::figures::{FigureKey, FigureTable, Figures, SumKey, add_figures, sums_of};
use super::{Output, PublishError, Readers, json_text};

/// End of the name of the file.
const ENDING: &str = "-corrections.json";

/// Corrections of a closed month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthCorrections {
    /// Month, `YYYY-MM`.
    pub month: String,
    /// Bookings, the oldest first.
    pub bookings: Vec<Booking>,
}

/// Recorded difference between a run and what was paid and booked before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Number of the booking, from 1.
    pub number: u32,
    /// Run with the figures that hold from this booking on.
    pub run_id: String,
    /// Run by which the month was closed at that time.
    pub closed_run_id: String,
    /// Norms of the figures: `recomputed` by the run, or `paid` for changed heads.
    pub norms: String,
    /// User who booked.
    pub booked_by: String,
    /// Time of booking, RFC 3339.
    pub booked_at: String,
    /// Reason as the user wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Tables of the run when it was booked.
    pub outputs: Vec<Output>,
    /// Sums of the differences: over everything, by clinic, and by insurer.
    pub sums: Vec<BookedSum>,
    /// Figures that differ, by part, care, clinic and insurer.
    pub rows: Vec<BookedRow>,
}

/// Figures before a booking and after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookedRow {
    /// Subject.
    #[serde(flatten)]
    pub key: FigureKey,
    /// Figures of the closed run with all earlier bookings.
    pub before: Figures,
    /// Figures of the booked run.
    pub now: Figures,
}

/// Sum of differences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookedSum {
    /// Organisations of the sum.
    #[serde(flatten)]
    pub key: SumKey,
    /// Sum of `now` − `before`.
    pub difference: Figures,
}

impl Booking {
    /// Difference of each figure.
    #[must_use]
    pub fn differences(&self) -> FigureTable {
        self.rows.iter().map(|row| (row.key.clone(), row.now.minus(row.before))).collect()
    }

    /// Sums that follow from rows.
    #[must_use]
    pub fn sums_of_rows(rows: &[BookedRow]) -> Vec<BookedSum> {
        let differences = rows.iter().map(|row| (row.key.clone(), row.now.minus(row.before))).collect();
        sums_of(&differences).into_iter().map(|(key, difference)| BookedSum { key, difference }).collect()
    }

    /// Whether the figures stand in the file as a whole: the rows add up to the sums. The run of the booking may be pruned then.
    #[must_use]
    pub fn has_its_figures(&self) -> bool {
        !self.rows.is_empty() && Self::sums_of_rows(&self.rows) == self.sums
    }
}

impl MonthCorrections {
    /// Corrections of a month without a booking.
    #[must_use]
    pub fn none(month: &str) -> Self {
        Self { month: month.to_owned(), bookings: Vec::new() }
    }

    /// Corrections of a month in an output folder; none when nothing was booked.
    ///
    /// # Errors
    /// When the file cannot be read or is damaged.
    pub fn read(out: &Path, month: &str) -> Result<Self, PublishError> {
        let path = out.join(CLOSED).join(format!("{month}{ENDING}"));
        let damaged = |detail: String| PublishError::Mark { path: path.clone(), detail };
        let text = match uninterrupted(|| fs::read(&path)) {
            Err(error) if is_absence(&error) => return Ok(Self::none(month)),
            text => text.map_err(PublishError::io("read", &path))?,
        };
        let corrections: Self = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if corrections.month == month {
            Ok(corrections)
        } else {
            Err(damaged(format!("it is of the month {}", corrections.month)))
        }
    }

    /// Months of an output folder with bookings, in order.
    ///
    /// # Errors
    /// When a file of the folder cannot be read or is damaged.
    pub fn read_all(out: &Path) -> Result<Vec<Self>, PublishError> {
        let folder = out.join(CLOSED);
        let entries = match uninterrupted(|| fs::read_dir(&folder)) {
            Err(error) if is_absence(&error) => return Ok(Vec::new()),
            entries => entries.map_err(PublishError::io("read", &folder))?,
        };
        let mut months = Vec::new();
        for entry in entries {
            let name = entry.map_err(PublishError::io("read", &folder))?.file_name();
            months.extend(name.to_str().and_then(|name| name.strip_suffix(ENDING)).map(str::to_owned));
        }
        months.retain(|month| super::closed::is_month(month));
        months.sort();
        months.iter().map(|month| Self::read(out, month)).collect()
    }

    /// Sum of all bookings.
    #[must_use]
    pub fn booked(&self) -> FigureTable {
        booked_by(&self.bookings)
    }

    /// First contradiction in the file: numbers, sums, or a booking that does not go on where the one before it ended.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        for (index, booking) in self.bookings.iter().enumerate() {
            let number = booking.number;
            if usize::try_from(number) != Ok(index + 1) {
                return Some(format!("has booking {number} in place {}", index + 1));
            }
            if !booking.has_its_figures() {
                return Some(format!("has rows in booking {number} that do not add up to its sums"));
            }
            let former = index.checked_sub(1).map(|former| &self.bookings[former]);
            if let Some(former) = former.filter(|former| former.closed_run_id == booking.closed_run_id)
                && !goes_on(former, booking)
            {
                return Some(format!("has a booking {number} that does not begin where booking {} ended", former.number));
            }
        }
        None
    }

    /// Writes the file, in place of the former one.
    ///
    /// # Errors
    /// When the file system refuses; the former file is unchanged then.
    pub(super) fn write(&self, out: &Path, readers: Readers) -> Result<(), PublishError> {
        let text = json_text(self).expect("corrections are plain data");
        replace_file(&out.join(CLOSED), &format!("{}{ENDING}", self.month), &text, readers)
    }
}

/// Sum of bookings.
#[must_use]
pub fn booked_by(bookings: &[Booking]) -> FigureTable {
    let mut booked = FigureTable::new();
    for booking in bookings {
        add_figures(&mut booked, &booking.differences());
    }
    booked.retain(|_, figures| !figures.is_nothing());
    booked
}

/// Whether figures that stand in two bookings one after the other are those of the first one's end.
fn goes_on(former: &Booking, later: &Booking) -> bool {
    let ends: std::collections::BTreeMap<&FigureKey, Figures> = former.rows.iter().map(|row| (&row.key, row.now)).collect();
    later.rows.iter().all(|row| ends.get(&row.key).is_none_or(|end| *end == row.before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(clinic: &str, before: i64, now: i64) -> BookedRow {
        let key = FigureKey { part: "care".to_owned(), clinic: Some(clinic.to_owned()), ..FigureKey::default() };
        let amount = |amount| Figures { amount, ..Figures::default() };
        BookedRow { key, before: amount(before), now: amount(now) }
    }

    fn booking(number: u32, rows: Vec<BookedRow>) -> Booking {
        Booking {
            number,
            run_id: format!("2026-10-01-{number}"),
            closed_run_id: "2026-10-01-0".to_owned(),
            norms: "recomputed".to_owned(),
            booked_by: "oms".to_owned(),
            booked_at: "2026-11-20T03:00:00Z".to_owned(),
            reason: None,
            outputs: Vec::new(),
            sums: Booking::sums_of_rows(&rows),
            rows,
        }
    }

    fn corrections() -> MonthCorrections {
        let bookings =
            vec![booking(1, vec![row("980101", 100, 70), row("980102", 0, 31)]), booking(2, vec![row("980101", 70, 100)])];
        MonthCorrections { month: "2026-10".to_owned(), bookings }
    }

    #[test]
    fn bookings_are_written_and_add_up() {
        let out = tempfile::tempdir().expect("folder");
        assert_eq!(MonthCorrections::read(out.path(), "2026-10").expect("none"), MonthCorrections::none("2026-10"));
        corrections().write(out.path(), Readers::Group).expect("written");
        let read = MonthCorrections::read_all(out.path()).expect("readable");
        assert_eq!(read, [corrections()]);
        assert_eq!(read[0].fault(), None);
        let booked: Vec<i64> = read[0].booked().values().map(|figures| figures.amount).collect();
        assert_eq!(booked, [31], "what was taken back is nothing");
    }

    #[test]
    fn contradictions_are_found() {
        let fault = |change: &dyn Fn(&mut MonthCorrections)| {
            let mut changed = corrections();
            change(&mut changed);
            changed.fault().unwrap_or_default()
        };
        assert!(fault(&|changed| changed.bookings[0].rows[0].now.amount += 1).contains("do not add up"));
        assert!(fault(&|changed| changed.bookings[1] = booking(2, vec![row("980101", 71, 100)])).contains("does not begin"));
        assert!(fault(&|changed| drop(changed.bookings.remove(0))).contains("in place 1"));
    }
}
