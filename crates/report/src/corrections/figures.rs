//! Heads and money of a published run, by part, care, clinic and insurer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::CorrectionsError;
use crate::diff::rows_of;
use crate::table_reader::{Row, TableReader};
use sverka_model::Date;
use sverka_publish::{FigureKey, FigureTable, Figures, Manifest, OutputTable, kopecks_of, millionths_of};

/// Millionths of a head.
const HEAD: i64 = 1_000_000;

const HEADCOUNT: &[&str] = &["count_date", "band_set", "scope", "profile", "insurer", "clinic", "heads", "funded_heads"];
const PAIRS: &[&str] = &["care", "insurer", "clinic", "paid_heads", "norm", "amount"];
const POINTS: &[&str] = &["insurer", "clinic", "amount"];
const INSURERS: &[&str] = &["insurer", "people", "amount", "running_costs"];
/// Columns of `to_pay` that are no sums of other tables.
const TO_PAY: &[&str] = &[
    "clinic",
    "results",
    "in",
    "out",
    "carried_in",
    "advance",
    "withheld",
    "uncovered",
    "uncovered_advance",
    "uncovered_withheld",
    "carried_out",
    "to_pay",
];

/// Tables with their columns.
const TABLES: [(OutputTable, &[&str]); 5] = [
    (OutputTable::Headcount, HEADCOUNT),
    (OutputTable::FundingInsurerClinic, PAIRS),
    (OutputTable::FundingPoints, POINTS),
    (OutputTable::ToPay, TO_PAY),
    (OutputTable::FundingInsurer, INSURERS),
];

/// Whether a part of the month is read from the table of a name.
pub(super) fn is_part_of(table: &str, part: &str) -> bool {
    let of = match part {
        "attached" | "insured" => OutputTable::Headcount,
        "care" => OutputTable::FundingInsurerClinic,
        "points" => OutputTable::FundingPoints,
        "insurer_money" | "running_costs" => OutputTable::FundingInsurer,
        _ => OutputTable::ToPay,
    };
    of.name() == table
}

/// Clinic in a kind of care.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ClinicOfCare {
    care: String,
    clinic: String,
}

/// Figures of a run.
#[derive(Clone, Debug)]
pub(super) struct RunFigures {
    run_id: String,
    /// Figures by subject.
    pub figures: FigureTable,
    /// Norms for one month, in kopecks.
    norms: BTreeMap<ClinicOfCare, i64>,
    /// Names of the tables that the run lacks, or that another version wrote with other columns.
    lacks: Vec<&'static str>,
}

impl RunFigures {
    /// Figures of the run in a folder.
    pub fn read(dir: &Path) -> Result<Self, CorrectionsError> {
        let manifest = Manifest::read(dir)?;
        let mut lacks = Vec::new();
        for (table, columns) in TABLES {
            let reader = TableReader::open_if_published(dir, table)?;
            if !reader.is_some_and(|reader| columns.iter().all(|column| reader.has_column(column))) {
                lacks.push(table.name());
            }
        }
        let mut figures = Self { run_id: manifest.run_id, figures: FigureTable::new(), norms: BTreeMap::new(), lacks };
        if figures.lacks.contains(&OutputTable::FundingInsurerClinic.name()) {
            return Err(figures.no_table(OutputTable::FundingInsurerClinic.name()));
        }
        figures.read_tables(dir, &manifest.as_of)?;
        Ok(figures)
    }

    fn no_table(&self, table: &'static str) -> CorrectionsError {
        CorrectionsError::NoTable { run_id: self.run_id.clone(), table }
    }

    fn has(&self, table: OutputTable) -> bool {
        !self.lacks.contains(&table.name())
    }

    fn read_tables(&mut self, dir: &Path, as_of: &str) -> Result<(), CorrectionsError> {
        for (clinic, norm, (key, figures)) in rows_of(dir, OutputTable::FundingInsurerClinic, PAIRS, pair)? {
            self.norms.insert(clinic, norm);
            self.add(key, figures);
        }
        if self.has(OutputTable::Headcount) {
            for (key, figures) in heads(dir, as_of)? {
                self.add(key, figures);
            }
        }
        if self.has(OutputTable::FundingPoints) {
            for (key, figures) in rows_of(dir, OutputTable::FundingPoints, POINTS, point)? {
                self.add(key, figures);
            }
        }
        if self.has(OutputTable::ToPay) {
            for (key, figures) in rows_of(dir, OutputTable::ToPay, TO_PAY, to_pay)?.into_iter().flatten() {
                self.add(key, figures);
            }
        }
        if self.has(OutputTable::FundingInsurer) {
            for (key, figures) in rows_of(dir, OutputTable::FundingInsurer, INSURERS, insurer)?.into_iter().flatten() {
                self.add(key, figures);
            }
        }
        Ok(())
    }

    fn add(&mut self, key: FigureKey, figures: Figures) {
        let of_key = self.figures.entry(key).or_default();
        *of_key = of_key.plus(figures);
    }

    /// Leaves out what the closed run cannot say, and returns the names of its missing tables.
    pub fn without_parts_that_lack(&mut self, closed: &Self) -> Result<Vec<&'static str>, CorrectionsError> {
        if let Some(table) = self.lacks.iter().find(|table| !closed.lacks.contains(table)) {
            return Err(self.no_table(table));
        }
        let not_compared: Vec<&'static str> = closed.lacks.iter().copied().filter(|table| !self.lacks.contains(table)).collect();
        self.figures.retain(|key, _| !not_compared.iter().any(|table| is_part_of(table, &key.part)));
        Ok(not_compared)
    }

    /// Values changed heads at the norms of the closed run: amount = closed amount + change of heads × paid norm, half away from zero. A clinic that
    /// was not paid has its norm of now. The sum to pay to a clinic changes as its amounts do.
    pub fn value_at_norms_of(&mut self, closed: &Self) {
        let keys: BTreeSet<FigureKey> =
            closed.figures.keys().chain(self.figures.keys()).filter(|key| key.part == "care").cloned().collect();
        let mut shifts: BTreeMap<String, i64> = BTreeMap::new();
        for key in keys {
            let paid = closed.figures.get(&key).copied().unwrap_or_default();
            let now = self.figures.get(&key).copied().unwrap_or_default();
            let (care, clinic) = (key.care.clone().unwrap_or_default(), key.clinic.clone().unwrap_or_default());
            let of = ClinicOfCare { care, clinic: clinic.clone() };
            let norm = closed.norms.get(&of).or_else(|| self.norms.get(&of)).copied().unwrap_or_default();
            let amount = paid.amount + product(now.heads - paid.heads, norm);
            *shifts.entry(clinic).or_default() += amount - now.amount;
            self.figures.insert(key, Figures { amount, ..now });
        }
        for (clinic, shift) in shifts {
            let key = FigureKey { part: "to_pay".to_owned(), clinic: Some(clinic), ..FigureKey::default() };
            if let Some(figures) = self.figures.get_mut(&key) {
                figures.amount += shift;
            }
        }
    }
}

/// Kopecks of heads in millionths at a norm in kopecks, half away from zero.
fn product(heads: i64, norm: i64) -> i64 {
    let units = i128::from(heads) * i128::from(norm);
    let head = i128::from(HEAD);
    i64::try_from((units + units.signum() * head / 2) / head).expect("invariant: money of a clinic fits")
}

fn text(row: Row<'_>, column: &str) -> Option<String> {
    row.text(column).map(str::to_owned)
}

fn kopecks(row: Row<'_>, column: &str) -> i64 {
    row.decimal(column).and_then(|roubles| kopecks_of(&roubles)).unwrap_or_default()
}

fn millionths(row: Row<'_>, column: &str) -> i64 {
    row.decimal(column).and_then(|heads| millionths_of(&heads)).unwrap_or_default()
}

fn money(amount: i64) -> Figures {
    Figures { amount, ..Figures::default() }
}

/// Subject with its figures.
type Figure = (FigureKey, Figures);

/// Row of `funding_insurer_clinic`: clinic of the care, its norm, and the figure.
fn pair(row: Row<'_>) -> (ClinicOfCare, i64, Figure) {
    let key = FigureKey {
        part: "care".to_owned(),
        care: text(row, "care"),
        profile: None,
        clinic: text(row, "clinic"),
        insurer: text(row, "insurer"),
    };
    let clinic = ClinicOfCare { care: key.care.clone().unwrap_or_default(), clinic: key.clinic.clone().unwrap_or_default() };
    let figures = Figures { heads: millionths(row, "paid_heads"), ..money(kopecks(row, "amount")) };
    (clinic, kopecks(row, "norm"), (key, figures))
}

fn point(row: Row<'_>) -> Figure {
    let key = FigureKey {
        part: "points".to_owned(),
        clinic: text(row, "clinic"),
        insurer: text(row, "insurer"),
        ..FigureKey::default()
    };
    (key, money(kopecks(row, "amount")))
}

fn to_pay(row: Row<'_>) -> Vec<Figure> {
    let key = |part: &str| FigureKey { part: part.to_owned(), clinic: text(row, "clinic"), ..FigureKey::default() };
    TO_PAY[1..].iter().map(|part| (key(part), money(kopecks(row, part)))).collect()
}

fn insurer(row: Row<'_>) -> [Figure; 2] {
    let key = |part: &str| FigureKey { part: part.to_owned(), insurer: text(row, "insurer"), ..FigureKey::default() };
    let people = Figures { heads: millionths(row, "people"), ..money(kopecks(row, "amount")) };
    [(key("insurer_money"), people), (key("running_costs"), money(kopecks(row, "running_costs")))]
}

/// People of the as-of date: attached ones by profile, insurer and clinic, insured ones by insurer. Each set of bands counts the same people, so the set
/// that counts the most is taken: its bands have all ages.
fn heads(dir: &Path, as_of: &str) -> Result<FigureTable, CorrectionsError> {
    let as_of: Option<Date> = as_of.parse().ok();
    let rows = rows_of(dir, OutputTable::Headcount, HEADCOUNT, |row| {
        let is_attached = row.text("scope") == Some("attached");
        let key = FigureKey {
            part: if is_attached { "attached" } else { "insured" }.to_owned(),
            care: None,
            profile: row.number("profile").filter(|_| is_attached).and_then(|profile| i32::try_from(profile).ok()),
            clinic: text(row, "clinic"),
            insurer: text(row, "insurer"),
        };
        let number = |column| row.number(column).unwrap_or_default() * HEAD;
        let figures = Figures { heads: number("heads"), funded_heads: number("funded_heads"), amount: 0 };
        (row.date("count_date") == as_of).then(|| (text(row, "band_set").unwrap_or_default(), key, figures))
    })?;
    let mut sets: BTreeMap<(String, Option<i32>), BTreeMap<String, FigureTable>> = BTreeMap::new();
    for (set, key, figures) in rows.into_iter().flatten() {
        let of_scope = sets.entry((key.part.clone(), key.profile)).or_default();
        let of_key = of_scope.entry(set).or_default().entry(key).or_default();
        *of_key = of_key.plus(figures);
    }
    let count = |table: &FigureTable| table.values().map(|figures| figures.heads).sum::<i64>();
    // Of equal sets the first by name counts: the last of `max_by_key` in reverse.
    Ok(sets.into_values().filter_map(|sets| sets.into_values().rev().max_by_key(count)).flatten().collect())
}
