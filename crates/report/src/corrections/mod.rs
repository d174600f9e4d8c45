//! Corrections of a closed month: what later knowledge changes in the heads and the money by which the month was paid.
//!
//! ```text
//! figures   heads and money of a run, by part, care, clinic and insurer
//!    └─ closed run + bookings ◀─ compared with ─▶ later run of the same day
//!          ├─ booking            the difference, recorded in `closed/`
//!          ├─ tables, folder     corrections, correction_sums
//!          └─ screen             a summary for people
//! ```
//!
//! Law: closed run + Σ bookings = figures of the run that was booked last, exactly, for every subject.

mod error;
mod figures;
mod screen;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

pub use error::CorrectionsError;
pub use tables::{CorrectionsDestinations, CorrectionsTable, WrittenCorrections};

use figures::RunFigures;
use sverka_publish::{
    BookedRow, Booking, ClosedMonth, FigureKey, FigureTable, Figures, Manifest, MonthCorrections, SumKey, booked_by, sums_of,
};

/// Norms at which changed heads are corrected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CorrectionNorms {
    /// Norms of the later run.
    #[default]
    Recomputed,
    /// Norms by which the month was paid.
    Paid,
}

impl CorrectionNorms {
    /// Word for files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Recomputed => "recomputed",
            Self::Paid => "paid",
        }
    }
}

/// Corrections of a month by a later run.
#[derive(Clone, Debug)]
pub struct Corrections {
    /// Closing of the month.
    pub closed: ClosedMonth,
    /// Bookings before the one that the later run asks for.
    pub bookings: Vec<Booking>,
    /// Manifest of the later run.
    pub manifest: Manifest,
    /// Norms of changed heads.
    pub norms: CorrectionNorms,
    /// Figures, by subject.
    pub rows: BTreeMap<FigureKey, CorrectionFigures>,
    /// Names of the tables that the closed run lacks: what they say is not corrected.
    pub not_compared: Vec<&'static str>,
}

/// Figures of a subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CorrectionFigures {
    /// Figures by which the month was paid.
    pub closed: Figures,
    /// Sum of the bookings.
    pub booked: Figures,
    /// Figures of the later run.
    pub now: Figures,
}

impl CorrectionFigures {
    /// Figures that are paid or booked already.
    #[must_use]
    pub fn before(self) -> Figures {
        self.closed.plus(self.booked)
    }

    /// Difference that is not booked yet.
    #[must_use]
    pub fn to_book(self) -> Figures {
        self.now.minus(self.before())
    }
}

impl Corrections {
    /// Compares a run with the closed month of an output folder and all its bookings.
    ///
    /// # Errors
    /// When the month is not closed, the run is of another day, or a table cannot be read.
    pub fn read(out: &Path, month: &str, run: &Path, norms: CorrectionNorms) -> Result<Self, CorrectionsError> {
        let bookings = MonthCorrections::read(out, month)?.bookings;
        Self::with_bookings(out, month, run, BookedBefore { bookings, norms })
    }

    /// Corrections as they were booked by a run, or as they are to be booked: a booking of the run is not counted as earlier, and neither are later ones.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_run(out: &Path, month: &str, run: &Path) -> Result<RunCorrections, CorrectionsError> {
        let mut bookings = MonthCorrections::read(out, month)?.bookings;
        let run_id = Manifest::read(run)?.run_id;
        let place = bookings.iter().rposition(|booking| booking.run_id == run_id);
        let booked = place.map(|place| bookings.drain(place..).next().expect("the booking of the place"));
        let is_paid = booked.as_ref().is_some_and(|booking| booking.norms == CorrectionNorms::Paid.word());
        let norms = if is_paid { CorrectionNorms::Paid } else { CorrectionNorms::Recomputed };
        let corrections = Self::with_bookings(out, month, run, BookedBefore { bookings, norms })?;
        Ok(RunCorrections { corrections, booked })
    }

    fn with_bookings(out: &Path, month: &str, run: &Path, before: BookedBefore) -> Result<Self, CorrectionsError> {
        let not_closed = || CorrectionsError::NotClosed { month: month.to_owned(), output: out.to_owned() };
        let closed = ClosedMonth::of_month(out, month)?.ok_or_else(not_closed)?;
        let manifest = Manifest::read(run)?;
        let day = count_date(month);
        if manifest.as_of != day {
            return Err(CorrectionsError::OtherDay { run_id: manifest.run_id, as_of: manifest.as_of, day });
        }
        let closed_run = crate::published::locate_run(out, Some(&closed.run_id))?;
        let (paid, mut later) = (RunFigures::read(&closed_run)?, RunFigures::read(run)?);
        let not_compared = later.without_parts_that_lack(&paid)?;
        if before.norms == CorrectionNorms::Paid {
            later.value_at_norms_of(&paid);
        }
        let mut booked = booked_by(&before.bookings);
        booked.retain(|key, _| !not_compared.iter().any(|table| figures::is_part_of(table, &key.part)));
        let rows = compared(&paid.figures, &booked, &later.figures);
        Ok(Self { closed, bookings: before.bookings, manifest, norms: before.norms, rows, not_compared })
    }

    /// Booking of everything that is not booked yet; `None` when nothing differs.
    ///
    /// # Panics
    /// When the law does not hold: closed run + bookings = later run.
    #[must_use]
    pub fn booking(&self, by: &str, at: &str, reason: Option<&str>) -> Option<Booking> {
        let changed = self.rows.iter().filter(|(_, figures)| !figures.to_book().is_nothing());
        let rows: Vec<BookedRow> =
            changed.map(|(key, figures)| BookedRow { key: key.clone(), before: figures.before(), now: figures.now }).collect();
        if rows.is_empty() {
            return None;
        }
        let booking = Booking {
            number: u32::try_from(self.bookings.len()).unwrap_or(u32::MAX - 1) + 1,
            run_id: self.manifest.run_id.clone(),
            closed_run_id: self.closed.run_id.clone(),
            norms: self.norms.word().to_owned(),
            booked_by: by.to_owned(),
            booked_at: at.to_owned(),
            reason: reason.map(str::to_owned),
            outputs: self.manifest.outputs.clone(),
            sums: Booking::sums_of_rows(&rows),
            rows,
        };
        self.assert_law(&booking);
        Some(booking)
    }

    /// Checks the law as the files will say it: the bookings are added up anew.
    fn assert_law(&self, booking: &Booking) {
        let mut bookings = self.bookings.clone();
        bookings.push(booking.clone());
        let booked = booked_by(&bookings);
        for (key, figures) in &self.rows {
            let of_key = booked.get(key).copied().unwrap_or_default();
            assert!(
                figures.closed.plus(of_key) == figures.now,
                "invariant: the closed month and its bookings are what is known now, to the kopeck"
            );
        }
    }

    /// Sums over everything, by clinic and by insurer.
    #[must_use]
    pub fn sums(&self) -> BTreeMap<SumKey, CorrectionFigures> {
        let sums = |of: fn(&CorrectionFigures) -> Figures| -> BTreeMap<SumKey, Figures> {
            sums_of(&self.rows.iter().map(|(key, figures)| (key.clone(), of(figures))).collect())
        };
        let (closed, booked, now) = (sums(|row| row.closed), sums(|row| row.booked), sums(|row| row.now));
        let of = |key: &SumKey| CorrectionFigures { closed: closed[key], booked: booked[key], now: now[key] };
        closed.keys().map(|key| (key.clone(), of(key))).collect()
    }
}

/// Corrections of a run, with its booking.
#[derive(Clone, Debug)]
pub struct RunCorrections {
    /// Corrections as they were before the booking.
    pub corrections: Corrections,
    /// Booking of the run; `None` when it is not booked.
    pub booked: Option<Booking>,
}

/// Bookings that count as earlier ones, and the norms of the next one.
struct BookedBefore {
    bookings: Vec<Booking>,
    norms: CorrectionNorms,
}

/// Day on which a month is counted: its 1st (SEM-440).
#[must_use]
pub fn count_date(month: &str) -> String {
    format!("{month}-01")
}

/// Month that is counted on a day; `None` for other days than the 1st.
#[must_use]
pub fn month_counted_on(day: &str) -> Option<&str> {
    day.strip_suffix("-01")
}

fn compared(closed: &FigureTable, booked: &FigureTable, now: &FigureTable) -> BTreeMap<FigureKey, CorrectionFigures> {
    let keys: BTreeSet<&FigureKey> = closed.keys().chain(booked.keys()).chain(now.keys()).collect();
    let of = |table: &FigureTable, key: &FigureKey| table.get(key).copied().unwrap_or_default();
    keys.into_iter()
        .map(|key| (key.clone(), CorrectionFigures { closed: of(closed, key), booked: of(booked, key), now: of(now, key) }))
        .collect()
}
