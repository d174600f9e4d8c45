//! The table of clinics (dictionaries F003 and F032, with succession and funding factors kept by the fund).

use std::collections::HashMap;

use rust_decimal::Decimal;

use sverka_model::{ClinicId, Date, OrganisationId};

use super::heads::Heads;
use super::packet::{self, OrganisationRecord};
use super::setting::{DIGITS_MAX, NotExact, exact_text};
use super::table::{self, CodeIndex, Organisation, Row, Table};
use super::{
    ClinicSettings, Dictionary, FirstDay, ReferenceError, ReferenceFault, ReferencePlace, Succession, Territory, WorkStatus,
    WorkingPeriod,
};

const REQUIRED: &[&str] = &["clinic", "attachable", "ages", "works_from"];
const OPTIONAL: &[&str] = &["oid", "region", "name", "works_to", "successor", "head"];

/// The largest factor, and the largest product of a clinic's factors: anything above is a lost decimal point.
const FACTOR_MAX: Decimal = Decimal::ONE_HUNDRED;

/// Whom a clinic serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgesServed {
    /// Everyone.
    All,
    /// People until their 18th birthday.
    Children,
    /// People from their 18th birthday on.
    Adults,
}

/// A clinic: a legal entity with a six-digit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinic {
    /// Six digits (`mcod`).
    pub code: String,
    /// Its identifier among all medical organisations of the country (`1.2.643…`), by which some files name it.
    pub oid: Option<String>,
    /// Region, as the table writes it.
    pub region: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// Whether people may be attached to it (no hospital, no research institute).
    pub attachable: bool,
    /// Whom it serves.
    pub ages: AgesServed,
    /// When it works.
    pub works: WorkingPeriod,
    /// What the first day of that period says of the days before it.
    pub first_day: FirstDay,
    /// Factors of its norm, in the order in which the tariff names them.
    pub factors: Vec<Decimal>,
}

impl Clinic {
    /// Whether it works on `day`.
    #[must_use]
    #[inline]
    pub fn work_status_on(&self, day: Date) -> WorkStatus {
        self.works.work_status_on(day, self.first_day)
    }
}

/// A row of the table before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicRow {
    /// Where it stands in the file, for errors.
    pub place: ReferencePlace,
    /// Six digits.
    pub code: String,
    /// Its `1.2.643…`.
    pub oid: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// Whether people may be attached to it.
    pub attachable: bool,
    /// Whom it serves.
    pub ages: AgesServed,
    /// First day of work.
    pub works_from: Date,
    /// What that day says of the days before it.
    pub first_day: FirstDay,
    /// First day without work.
    pub works_to: Option<Date>,
    /// Code of the clinic that takes over on `works_to`.
    pub successor: Option<String>,
    /// Code of the clinic that it is a branch of.
    pub head: Option<String>,
    /// Factors of its norm, in the order in which the tariff names them.
    pub factors: Vec<Decimal>,
}

/// All clinics, sorted by code; a clinic's index is its place in that order.
#[derive(Clone, Debug)]
pub struct Clinics {
    clinics: Vec<Clinic>,
    codes: CodeIndex<6>,
    /// The index of each identifier.
    oids: HashMap<Vec<u8>, ClinicId>,
    succession: Succession,
    heads: Heads,
    /// Of each clinic the one at which its people are counted.
    counted: Vec<ClinicId>,
}

impl Clinics {
    /// No clinics, for checks without the table: no code is known then.
    #[must_use]
    pub fn none() -> Self {
        Self {
            clinics: Vec::new(),
            codes: CodeIndex::default(),
            oids: HashMap::new(),
            succession: Succession::new(Vec::new()),
            heads: Heads::default(),
            counted: Vec::new(),
        }
    }

    /// Reads a table of clinics by itself; see [`ClinicRow::read_all`].
    ///
    /// # Errors
    /// The first thing that is wrong with the table, with its place.
    pub fn read(file: &str, bytes: &[u8], factors: &[String]) -> Result<Self, ReferenceError> {
        Self::from_rows(file, ClinicRow::read_all(file, bytes, factors, None, None)?)
    }

    /// Checks rows in any order: codes, periods, successors.
    ///
    /// # Errors
    /// The first thing that is wrong, with the line of its row.
    pub fn from_rows(file: &str, mut rows: Vec<ClinicRow>) -> Result<Self, ReferenceError> {
        let organisations: Vec<Organisation<'_>> = rows.iter().map(ClinicRow::organisation).collect();
        let arranged = table::arrange(file, "clinic", &organisations)?;
        let mut oids: HashMap<Vec<u8>, ClinicId> = HashMap::new();
        for (index, &row) in (0..).map(ClinicId::new).zip(&arranged.order) {
            let ClinicRow { oid: Some(oid), place, .. } = &rows[row] else { continue };
            if let Some(first) = oids.insert(oid.clone().into_bytes(), index) {
                let first = rows[arranged.order[usize::from(first)]].place;
                return Err(ReferenceError::new(file, *place, ReferenceFault::CodeTwice { code: oid.clone(), first }));
            }
        }
        let heads = Heads::new(
            file,
            arranged.order.iter().map(|&row| (rows[row].place, rows[row].code.as_str(), rows[row].head.as_deref())),
            |code| arranged.codes.find(code).map(OrganisationId::clinic),
        )?;
        let clinics: Vec<Clinic> = arranged.order.iter().map(|&row| rows[row].take()).collect();
        let counted = (0..).map(ClinicId::new).take(clinics.len()).collect();
        Ok(Self { clinics, codes: arranged.codes, oids, succession: arranged.succession, heads, counted })
    }

    /// The same clinics for a run that counts on `day`: the people of a branch are those of its head, as it is read on that day.
    ///
    /// # Errors
    /// A head that a branch has taken over by then.
    pub fn counting_on(mut self, day: Date) -> Result<Self, ReferenceError> {
        let code = |index: ClinicId| self.clinics[usize::from(index)].code.as_str();
        self.counted = self.heads.counted_on(day, self.clinics.len() as u16, &self.succession, code)?;
        Ok(self)
    }

    /// The clinic at which the people of `clinic`, as read on the day of counting, are counted and funded: its head, or itself.
    #[must_use]
    #[inline]
    pub fn counted_at(&self, clinic: ClinicId) -> ClinicId {
        self.counted[usize::from(clinic)]
    }

    /// Columns of a CSV table of clinics that only a tariff can explain: funding factors, for readers that have no tariff and no use for them.
    #[must_use]
    pub fn factor_columns(table: &[u8]) -> Vec<String> {
        let is_text = |first: &u8| first.is_ascii_alphabetic() || matches!(first, b'"' | 0xEF);
        // XML, or packed.
        if !table.trim_ascii_start().first().is_some_and(is_text) {
            return Vec::new();
        }
        let header = String::from_utf8_lossy(table.split(|&byte| byte == b'\n').next().unwrap_or_default()).into_owned();
        let columns = header.trim_start_matches('\u{FEFF}').split(';').map(|column| column.trim().trim_matches('"').to_owned());
        columns.filter(|column| !Self::has_column(column)).collect()
    }

    /// Whether a column of this name belongs to the table itself, so that no factor may have it.
    pub(super) fn has_column(name: &str) -> bool {
        REQUIRED.contains(&name) || OPTIONAL.contains(&name)
    }

    /// The index of a six-digit code, or of an identifier `1.2.643…` that the table knows.
    #[must_use]
    #[inline]
    pub fn find(&self, code: &[u8]) -> Option<ClinicId> {
        self.codes.find(code).map(OrganisationId::clinic).or_else(|| self.find_oid(code))
    }

    #[cold]
    fn find_oid(&self, code: &[u8]) -> Option<ClinicId> {
        self.oids.get(code).copied()
    }

    /// The clinic at an index that [`Self::find`] gave.
    ///
    /// # Panics
    /// When no clinic has the index.
    #[must_use]
    #[inline]
    pub fn get(&self, index: ClinicId) -> &Clinic {
        &self.clinics[usize::from(index)]
    }

    /// How many clinics there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a table without rows is refused")]
    pub fn len(&self) -> usize {
        self.clinics.len()
    }

    /// Who takes over from whom.
    #[must_use]
    pub fn succession(&self) -> &Succession {
        &self.succession
    }

    /// Lets every clinic serve all ages: for jobs that do not hold ages against clinics.
    pub fn serve_all_ages(&mut self) {
        self.clinics.iter_mut().for_each(|clinic| clinic.ages = AgesServed::All);
    }

    /// All clinics in the order of their indices.
    pub fn iter(&self) -> std::slice::Iter<'_, Clinic> {
        self.clinics.iter()
    }
}

impl<'a> IntoIterator for &'a Clinics {
    type Item = &'a Clinic;
    type IntoIter = std::slice::Iter<'a, Clinic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl ClinicRow {
    /// Reads the canonical CSV table with a column for each of the tariff's `factors`, or one of the dictionaries F003 and F032 as an XML packet,
    /// either alone in an archive or as it is; `file` is its name in errors. What a packet does not carry is in `settings`; the region of its clinics is told
    /// as that of insurers.
    ///
    /// Clinics of a packet that `settings` does not name have no attached people. Without any settings all clinics may have them and serve all ages,
    /// but then the tariff must have no factors: nobody would notice the money of a factor that is taken for 1.
    ///
    /// # Errors
    /// The first thing that is wrong with the table, with its place. Codes and periods are checked by [`Clinics::from_rows`].
    pub fn read_all(
        file: &str,
        bytes: &[u8],
        factors: &[String],
        settings: Option<&ClinicSettings>,
        regions: Option<&Dictionary<Territory>>,
    ) -> Result<Vec<Self>, ReferenceError> {
        let bytes = packet::unpacked(file, bytes)?;
        if packet::is_packet(&bytes) {
            let records = packet::read_organisations(file, &bytes, false)?;
            if let Some(settings) = settings {
                settings.check_codes(|code| records.iter().any(|record| record.code == code))?;
            }
            let row = |record| Self::of_record(file, record, factors, settings, regions);
            return records.into_iter().map(row).collect();
        }
        if settings.is_some() {
            return Err(ReferenceError::new(file, 1, ReferenceFault::SettingsTwice));
        }
        let required: Vec<&str> = REQUIRED.iter().copied().chain(factors.iter().map(String::as_str)).collect();
        let table = Table::read(file, &bytes, &required, OPTIONAL)?;
        table.rows().map(|row| read_row(&row, factors)).collect()
    }

    fn of_record(
        file: &str,
        record: OrganisationRecord,
        factors: &[String],
        settings: Option<&ClinicSettings>,
        regions: Option<&Dictionary<Territory>>,
    ) -> Result<Self, ReferenceError> {
        let (attachable, ages, values) = match settings.map(|settings| settings.find(&record.code)) {
            Some(Some(setting)) => (setting.attachable, setting.ages, setting.factors.clone()),
            Some(None) => (false, AgesServed::All, vec![Decimal::ONE; factors.len()]),
            None => match factors.first() {
                None => (true, AgesServed::All, Vec::new()),
                Some(factor) => {
                    let fault = ReferenceFault::FactorUnknown { code: record.code, factor: factor.clone() };
                    return Err(ReferenceError::new(file, record.place, fault));
                }
            },
        };
        Ok(Self {
            place: record.place,
            region: record.region(regions),
            works_from: record.works.from,
            first_day: FirstDay::OfDictionary,
            works_to: record.works.to.known(),
            oid: settings.and_then(|settings| settings.find(&record.code)).and_then(|setting| setting.oid.clone()),
            head: settings.and_then(|settings| settings.find(&record.code)).and_then(|setting| setting.head.clone()),
            code: record.code,
            name: record.name,
            attachable,
            ages,
            successor: None,
            factors: values,
        })
    }

    fn organisation(&self) -> Organisation<'_> {
        Organisation {
            code: &self.code,
            place: self.place,
            works_from: self.works_from,
            first_day: self.first_day,
            works_to: self.works_to,
            successor: self.successor.as_deref(),
        }
    }

    fn take(&mut self) -> Clinic {
        Clinic {
            works: self.organisation().works(),
            first_day: self.first_day,
            code: std::mem::take(&mut self.code),
            oid: self.oid.take(),
            region: self.region.take(),
            name: self.name.take(),
            attachable: self.attachable,
            ages: self.ages,
            factors: std::mem::take(&mut self.factors),
        }
    }
}

fn read_row(row: &Row<'_>, factors: &[String]) -> Result<ClinicRow, ReferenceError> {
    let attachable = read_attachable(row)?;
    Ok(ClinicRow {
        place: row.line.into(),
        code: row.require("clinic")?.to_owned(),
        oid: row.text("oid"),
        region: row.text("region"),
        name: row.text("name"),
        attachable,
        ages: read_ages(row)?,
        works_from: row.require_date("works_from")?,
        first_day: FirstDay::OfWork,
        works_to: row.end("works_to")?,
        successor: row.text("successor"),
        head: row.text("head"),
        factors: read_factors(row, factors, attachable)?,
    })
}

/// Whether people may be attached.
pub(super) fn read_attachable(row: &Row<'_>) -> Result<bool, ReferenceError> {
    match row.require("attachable")? {
        "1" => Ok(true),
        "0" => Ok(false),
        other => Err(row.error(choice("attachable", other, "1 or 0"))),
    }
}

/// Whom a clinic serves.
pub(super) fn read_ages(row: &Row<'_>) -> Result<AgesServed, ReferenceError> {
    match row.require("ages")? {
        "all" => Ok(AgesServed::All),
        "children" => Ok(AgesServed::Children),
        "adults" => Ok(AgesServed::Adults),
        other => Err(row.error(choice("ages", other, "all, children or adults"))),
    }
}

fn choice(column: &str, value: &str, expected: &str) -> ReferenceFault {
    ReferenceFault::Choice { column: column.to_owned(), value: value.to_owned(), expected: expected.to_owned() }
}

/// The factors of a clinic, in the order of their names; those of a clinic without attached people may be absent.
pub(super) fn read_factors(row: &Row<'_>, names: &[String], attachable: bool) -> Result<Vec<Decimal>, ReferenceError> {
    let mut factors = Vec::with_capacity(names.len());
    let mut product = Decimal::ONE;
    for name in names {
        let Some(text) = row.get(name) else {
            if attachable {
                return Err(row.error(ReferenceFault::Empty { column: name.clone() }));
            }
            factors.push(Decimal::ONE);
            continue;
        };
        let factor = exact_text(text).map_err(|why| row.error(not_exact(name, why)))?;
        // Neither operand exceeds 100, so the product cannot overflow; its rounding does not matter for a plausibility limit.
        let plausible = factor >= Decimal::ZERO && factor <= FACTOR_MAX && product * factor <= FACTOR_MAX;
        if !plausible {
            let expected = format!("a factor from 0 to {FACTOR_MAX}, the product of a clinic's factors included");
            let fault = ReferenceFault::OutOfRange { key: name.clone(), value: text.to_owned(), expected };
            return Err(row.error(fault));
        }
        product *= factor;
        factors.push(factor);
    }
    Ok(factors)
}

/// The fault of a number that cannot be kept exactly.
pub(super) fn not_exact(key: &str, why: NotExact) -> ReferenceFault {
    let key = key.to_owned();
    match why {
        NotExact::Float(value) => ReferenceFault::Float { key, value },
        NotExact::NoNumber(value) => ReferenceFault::NotNumber { key, value },
        NotExact::TooLong => ReferenceFault::TooManyDigits { key, most: DIGITS_MAX },
    }
}
