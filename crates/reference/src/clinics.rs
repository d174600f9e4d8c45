//! The table of clinics (dictionaries F003 and F032, with succession and funding factors kept by the fund).

use std::collections::HashMap;

use rust_decimal::Decimal;

use sverka_model::{ClinicId, Date, OrganisationId};

use super::heads::{HeadRow, Heads};
use super::packet::{self, OrganisationRecord};
use super::setting::{DIGITS_MAX, NotExact, exact_text};
use super::table::{self, CodeIndex, Organisation, Row, Table};
use super::{
    ClinicSettings, Dictionary, FirstDay, ReferenceError, ReferenceFault, ReferencePlace, Succession, Territory, WorkStatus,
    WorkingPeriod,
};

const REQUIRED: &[&str] = &["clinic", "attachable", "ages", "works_from"];
const OPTIONAL: &[&str] = &["oid", "region", "name", "works_to", "successor", "head"];

/// The largest factor, and the largest product of a clinic's factors. A larger number has lost its decimal point.
const FACTOR_MAX: Decimal = Decimal::ONE_HUNDRED;

/// Ages that a clinic serves.
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
    /// Code of six digits (`mcod`).
    pub code: String,
    /// Identifier among all medical organisations of the country (`1.2.643…`), which some files have in place of the code.
    pub oid: Option<String>,
    /// Region, as the table writes it.
    pub region: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// Whether people may be attached to the clinic; false for hospitals and research institutes.
    pub attachable: bool,
    /// Ages served.
    pub ages: AgesServed,
    /// Working period.
    pub works: WorkingPeriod,
    /// Meaning of the first day of the working period.
    pub first_day: FirstDay,
    /// Factors of the norm, in the order of the tariff.
    pub factors: Vec<Decimal>,
}

impl Clinic {
    /// Whether the clinic works on `day`.
    #[must_use]
    #[inline]
    pub fn work_status_on(&self, day: Date) -> WorkStatus {
        self.works.work_status_on(day, self.first_day)
    }
}

/// A row of the table before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicRow {
    /// Line or record of the file, for errors.
    pub place: ReferencePlace,
    /// Code of six digits.
    pub code: String,
    /// Identifier `1.2.643…`.
    pub oid: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// Whether people may be attached to the clinic.
    pub attachable: bool,
    /// Ages served.
    pub ages: AgesServed,
    /// First day of work.
    pub works_from: Date,
    /// Meaning of the first day of work.
    pub first_day: FirstDay,
    /// First day without work.
    pub works_to: Option<Date>,
    /// Code of the clinic that takes over on `works_to`.
    pub successor: Option<String>,
    /// Code of the head, for a branch.
    pub head: Option<String>,
    /// Factors of the norm, in the order of the tariff.
    pub factors: Vec<Decimal>,
}

/// All clinics, sorted by code. The index of a clinic is its position in this order.
#[derive(Clone, Debug)]
pub struct Clinics {
    clinics: Vec<Clinic>,
    codes: CodeIndex<6>,
    /// Indexes by identifier `1.2.643…`.
    oids: HashMap<Vec<u8>, ClinicId>,
    succession: Succession,
    heads: Heads,
    /// Index of the clinic at which the people of each clinic are counted.
    counted: Vec<ClinicId>,
}

impl Clinics {
    /// An empty table, for checks without a table of clinics: it knows no code.
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
    /// The first fault of the table, with its line or record.
    pub fn read(file: &str, bytes: &[u8], factors: &[String]) -> Result<Self, ReferenceError> {
        Self::from_rows(file, ClinicRow::read_all(file, bytes, factors, None, None)?)
    }

    /// Builds the table from rows in any order, and checks codes, periods, successors and heads.
    ///
    /// # Errors
    /// The first fault, with the line of its row.
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
        let in_order = arranged.order.iter().map(|&row| &rows[row]);
        let heads = Heads::from_rows(
            file,
            in_order.map(|row| HeadRow { place: row.place, code: &row.code, head: row.head.as_deref() }),
            |code| arranged.codes.find(code).map(OrganisationId::clinic),
        )?;
        let clinics: Vec<Clinic> = arranged.order.iter().map(|&row| rows[row].take()).collect();
        let counted = (0..).map(ClinicId::new).take(clinics.len()).collect();
        Ok(Self { clinics, codes: arranged.codes, oids, succession: arranged.succession, heads, counted })
    }

    /// The same clinics for a run that counts people on `day`: those of a branch are counted at its head, or at the head's successor on that day.
    ///
    /// # Errors
    /// A head that a branch has taken over by that day.
    pub fn counting_on(mut self, day: Date) -> Result<Self, ReferenceError> {
        let code = |index: ClinicId| self.clinics[usize::from(index)].code.as_str();
        self.counted = self.heads.counted_on(day, self.clinics.len() as u16, &self.succession, code)?;
        Ok(self)
    }

    /// The clinic at which the people of `clinic` are counted and funded: its head, or itself.
    #[must_use]
    #[inline]
    pub fn counted_at(&self, clinic: ClinicId) -> ClinicId {
        self.counted[usize::from(clinic)]
    }

    /// Columns of a CSV table of clinics that only the tariff explains: funding factors. For readers without a tariff.
    #[must_use]
    pub fn factor_columns(table: &[u8]) -> Vec<String> {
        let is_text = |first: &u8| first.is_ascii_alphabetic() || matches!(first, b'"' | 0xEF);
        // A file with another first byte is XML or an archive.
        if !table.trim_ascii_start().first().is_some_and(is_text) {
            return Vec::new();
        }
        let header = String::from_utf8_lossy(table.split(|&byte| byte == b'\n').next().unwrap_or_default()).into_owned();
        let columns = header.trim_start_matches('\u{FEFF}').split(';').map(|column| column.trim().trim_matches('"').to_owned());
        columns.filter(|column| !Self::has_column(column)).collect()
    }

    /// Whether the table itself has a column of this name, so that no factor may have the name.
    pub(super) fn has_column(name: &str) -> bool {
        REQUIRED.contains(&name) || OPTIONAL.contains(&name)
    }

    /// The index of a six-digit code or of an identifier `1.2.643…`.
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

    /// Number of clinics.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a table without rows is refused")]
    pub fn len(&self) -> usize {
        self.clinics.len()
    }

    /// Succession of the clinics.
    #[must_use]
    pub fn succession(&self) -> &Succession {
        &self.succession
    }

    /// Lets every clinic serve all ages, for jobs that do not compare ages with clinics.
    pub fn serve_all_ages(&mut self) {
        self.clinics.iter_mut().for_each(|clinic| clinic.ages = AgesServed::All);
    }

    /// All clinics in the order of their indexes.
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
    /// Reads the canonical CSV table with a column for each of the tariff's `factors`, or the XML packet of dictionary F003 or F032. Either may be the
    /// only file of an archive; `file` is its name in errors. `settings` completes a packet; `regions` gives its regions, as in
    /// [`InsurerRow::read_all`](super::InsurerRow::read_all).
    ///
    /// Clinics of a packet without `settings` of their own have no attached people. When there are no settings at all, all clinics may have attached
    /// people and serve all ages, and the tariff must have no factors: a missing factor taken for 1 would change money unnoticed.
    ///
    /// # Errors
    /// The first fault of the table, with its line or record. [`Clinics::from_rows`] checks codes and periods.
    pub fn read_all(
        file: &str,
        bytes: &[u8],
        factors: &[String],
        settings: Option<&ClinicSettings>,
        regions: Option<&Dictionary<Territory>>,
    ) -> Result<Vec<Self>, ReferenceError> {
        let bytes = packet::unpacked(file, bytes)?;
        if packet::is_packet(&bytes) {
            let records = packet::read_clinics(file, &bytes)?;
            if let Some(settings) = settings {
                settings.check_codes(|code| records.iter().any(|record| record.code == code))?;
            }
            let row = |record| Self::from_record(file, record, factors, settings, regions);
            return records.into_iter().map(row).collect();
        }
        if settings.is_some() {
            return Err(ReferenceError::new(file, 1, ReferenceFault::SettingsTwice));
        }
        let required: Vec<&str> = REQUIRED.iter().copied().chain(factors.iter().map(String::as_str)).collect();
        let table = Table::read(file, &bytes, &required, OPTIONAL)?;
        table.rows().map(|row| read_row(&row, factors)).collect()
    }

    fn from_record(
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

/// Reads whether people may be attached.
pub(super) fn read_attachable(row: &Row<'_>) -> Result<bool, ReferenceError> {
    match row.require("attachable")? {
        "1" => Ok(true),
        "0" => Ok(false),
        other => Err(row.error(choice("attachable", other, "1 or 0"))),
    }
}

/// Reads the ages that a clinic serves.
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

/// Reads the factors of a clinic, in the order of `names`. A clinic without attached people may lack them.
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
        // Neither operand exceeds 100, so the product cannot overflow. Its rounding does not matter for a limit of plausibility.
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
