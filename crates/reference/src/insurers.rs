//! The table of insurers (dictionary F002, with succession kept by the fund).

use sverka_model::{Date, InsurerId, OrganisationId};

use super::packet::{self, OrganisationRecord};
use super::table::{self, CodeIndex, Organisation, Table};
use super::{Dictionary, FirstDay, ReferenceError, ReferencePlace, Succession, Territory, WorkStatus, WorkingPeriod};

/// An insurer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insurer {
    /// Code of five digits (`smocod`).
    pub code: String,
    /// Region, as the table writes it.
    pub region: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// Working period in the region.
    pub works: WorkingPeriod,
    /// Meaning of the first day of the working period.
    pub first_day: FirstDay,
}

impl Insurer {
    /// Whether the insurer works on `day`.
    #[must_use]
    #[inline]
    pub fn work_status_on(&self, day: Date) -> WorkStatus {
        self.works.work_status_on(day, self.first_day)
    }
}

/// A row of the table before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsurerRow {
    /// Line or record of the file, for errors.
    pub place: ReferencePlace,
    /// Code of five digits.
    pub code: String,
    /// Region.
    pub region: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// First day of work.
    pub works_from: Date,
    /// Meaning of the first day of work.
    pub first_day: FirstDay,
    /// First day without work.
    pub works_to: Option<Date>,
    /// Code of the insurer that takes over on `works_to`.
    pub successor: Option<String>,
}

/// All insurers, sorted by code. The index of an insurer is its position in this order.
#[derive(Clone, Debug)]
pub struct Insurers {
    insurers: Vec<Insurer>,
    codes: CodeIndex<5>,
    succession: Succession,
}

impl Insurers {
    /// An empty table, for checks without a table of insurers: it knows no code.
    #[must_use]
    pub fn none() -> Self {
        Self { insurers: Vec::new(), codes: CodeIndex::default(), succession: Succession::new(Vec::new()) }
    }

    /// Reads a table of insurers by itself; see [`InsurerRow::read_all`].
    ///
    /// # Errors
    /// The first fault of the table, with its line or record.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, ReferenceError> {
        Self::from_rows(file, InsurerRow::read_all(file, bytes, None)?)
    }

    /// Builds the table from rows in any order, and checks codes, periods and successors.
    ///
    /// # Errors
    /// The first fault, with the line of its row.
    pub fn from_rows(file: &str, mut rows: Vec<InsurerRow>) -> Result<Self, ReferenceError> {
        let organisations: Vec<Organisation<'_>> = rows.iter().map(InsurerRow::organisation).collect();
        let arranged = table::arrange(file, "insurer", &organisations)?;
        let insurers = arranged.order.iter().map(|&row| rows[row].take()).collect();
        Ok(Self { insurers, codes: arranged.codes, succession: arranged.succession })
    }

    /// The index of a five-digit code.
    #[must_use]
    #[inline]
    pub fn find(&self, code: &[u8]) -> Option<InsurerId> {
        self.codes.find(code).map(OrganisationId::insurer)
    }

    /// The insurer at an index that [`Self::find`] gave.
    ///
    /// # Panics
    /// When no insurer has the index.
    #[must_use]
    #[inline]
    pub fn get(&self, index: InsurerId) -> &Insurer {
        &self.insurers[usize::from(index)]
    }

    /// Number of insurers.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a table without rows is refused")]
    pub fn len(&self) -> usize {
        self.insurers.len()
    }

    /// Succession of the insurers.
    #[must_use]
    pub fn succession(&self) -> &Succession {
        &self.succession
    }

    /// All insurers in the order of their indexes.
    pub fn iter(&self) -> std::slice::Iter<'_, Insurer> {
        self.insurers.iter()
    }
}

impl<'a> IntoIterator for &'a Insurers {
    type Item = &'a Insurer;
    type IntoIter = std::slice::Iter<'a, Insurer>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl InsurerRow {
    /// Reads the canonical CSV table, or the XML packet of dictionary F002. Either may be the only file of an archive; `file` is its name in errors. In a
    /// packet, the region of an insurer is the code that `regions` has for its OKATO, else the first two digits of its own code.
    ///
    /// # Errors
    /// The first fault of the table, with its line or record. [`Insurers::from_rows`] checks codes and periods.
    pub fn read_all(file: &str, bytes: &[u8], regions: Option<&Dictionary<Territory>>) -> Result<Vec<Self>, ReferenceError> {
        let bytes = packet::unpacked(file, bytes)?;
        if packet::is_packet(&bytes) {
            let records = packet::read_insurers(file, &bytes)?;
            return Ok(records.into_iter().map(|record| Self::from_record(record, regions)).collect());
        }
        let table = Table::read(file, &bytes, &["insurer", "works_from"], &["region", "name", "works_to", "successor"])?;
        let read_row = |row: table::Row<'_>| {
            Ok(Self {
                place: row.line.into(),
                code: row.require("insurer")?.to_owned(),
                region: row.text("region"),
                name: row.text("name"),
                works_from: row.require_date("works_from")?,
                first_day: FirstDay::OfWork,
                works_to: row.end("works_to")?,
                successor: row.text("successor"),
            })
        };
        table.rows().map(read_row).collect()
    }

    fn from_record(record: OrganisationRecord, regions: Option<&Dictionary<Territory>>) -> Self {
        Self {
            place: record.place,
            region: record.region(regions),
            works_from: record.works.from,
            first_day: FirstDay::OfDictionary,
            works_to: record.works.to.known(),
            code: record.code,
            name: record.name,
            successor: None,
        }
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

    fn take(&mut self) -> Insurer {
        let works = self.organisation().works();
        let first_day = self.first_day;
        Insurer { code: std::mem::take(&mut self.code), region: self.region.take(), name: self.name.take(), works, first_day }
    }
}
