//! The dictionaries of organisations: insurers (F002) and clinics (F003, F032) with their periods in the register.
//!
//! An organisation may be in a register several times, by several blocks of one record or by several records. Periods without a gap are joined. Then the
//! last period counts; an open period is the last one.

use std::collections::BTreeMap;

use sverka_model::Date;

use super::{PacketKind, Record, read_records};
use crate::{Dictionary, ReferenceError, ReferenceFault, ReferencePlace, Territory, WorkingPeriod};

const CODE: usize = 0;
const NAME: usize = 1;
const FULL_NAME: usize = 2;
const OKATO: usize = 3;
const INCLUDED: usize = 4;
const EXCLUDED: usize = 5;
const FIRST_DAY: usize = 6;
const LAST_DAY: usize = 7;

static INSURERS: PacketKind = PacketKind {
    types: &["F002"],
    name: "F002",
    records: &["insCompany"],
    slots: &[
        ("smocod", &["smocod"]),
        ("nam_smok", &["nam_smok"]),
        ("nam_smop", &["nam_smop"]),
        ("tf_okato", &["tf_okato"]),
        ("insInclude/d_begin", &["insInclude/d_begin"]),
        ("insInclude/d_end", &["insInclude/d_end"]),
    ],
    repeated: &[INCLUDED, EXCLUDED],
};

static CLINICS: PacketKind = PacketKind {
    types: &["F003", "F032"],
    name: "F003 or F032",
    records: &["medCompany", "zap"],
    slots: &[
        ("mcod", &["mcod"]),
        ("nam_mok", &["nam_mok"]),
        ("nam_mop", &["nam_mop"]),
        ("tf_okato", &["tf_okato"]),
        ("medInclude/d_begin", &["medInclude/d_begin"]),
        ("medInclude/d_end", &["medInclude/d_end"]),
        ("medInclude/d_begin or DATEBEG", &["datebeg", "d_begin"]),
        ("DATEEND", &["dateend", "d_end"]),
    ],
    repeated: &[INCLUDED, EXCLUDED],
};

/// Organisation of a dictionary with one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrganisationRecord {
    /// Record with the period.
    pub(crate) place: ReferencePlace,
    /// Code of the organisation.
    pub(crate) code: String,
    /// Short name, or the full one if there is no short one.
    pub(crate) name: Option<String>,
    /// OKATO of the region, five digits.
    pub(crate) okato: Option<String>,
    /// Period in the register.
    pub(crate) works: WorkingPeriod,
}

impl OrganisationRecord {
    /// Code of the region: the one that the dictionary of regions has for the OKATO, otherwise the first two digits of
    /// the organisation's code.
    pub(crate) fn region(&self, regions: Option<&Dictionary<Territory>>) -> Option<String> {
        let known = self.okato.as_deref().zip(regions).and_then(|(okato, regions)| regions.of_okato(okato));
        known.map(|region| region.code.clone()).or_else(|| self.code.get(..2).map(str::to_owned))
    }
}

/// Reads a dictionary of insurers (F002) in the order of the codes.
pub(crate) fn read_insurers(file: &str, bytes: &[u8]) -> Result<Vec<OrganisationRecord>, ReferenceError> {
    read_organisations(file, bytes, &INSURERS)
}

/// Reads a dictionary of clinics (F003 or F032) in the order of the codes.
pub(crate) fn read_clinics(file: &str, bytes: &[u8]) -> Result<Vec<OrganisationRecord>, ReferenceError> {
    read_organisations(file, bytes, &CLINICS)
}

fn read_organisations(file: &str, bytes: &[u8], kind: &PacketKind) -> Result<Vec<OrganisationRecord>, ReferenceError> {
    let mut by_code: BTreeMap<String, Vec<OrganisationRecord>> = BTreeMap::new();
    for record in read_records(file, bytes, kind, read_record)?.into_iter().flatten() {
        by_code.entry(record.code.clone()).or_default().push(record);
    }
    Ok(by_code.into_values().filter_map(last_period).collect())
}

/// The periods of a record, each as a record of its own.
fn read_record(record: &Record<'_>) -> Result<Option<Vec<OrganisationRecord>>, ReferenceError> {
    // F032 also lists organisations without a code. No row can name them.
    let is_of_f032 = record.kind.slots.len() > LAST_DAY && record.fields.all(INCLUDED).next().is_none();
    if is_of_f032 && record.get(CODE).is_none() {
        return Ok(None);
    }
    let organisation = |works| {
        let code = record.require(CODE)?.to_owned();
        let name = record.text(NAME).or_else(|| record.text(FULL_NAME));
        Ok(OrganisationRecord { place: record.place(), code, name, okato: record.text(OKATO), works })
    };
    if is_of_f032 {
        record.require(FIRST_DAY)?;
        return Ok(Some(vec![organisation(record.validity(FIRST_DAY, LAST_DAY)?)?]));
    }
    included(record)?.into_iter().map(organisation).collect::<Result<_, _>>().map(Some)
}

/// The periods of the blocks with the days of inclusion and removal. An organisation does not work on the day of removal.
fn included(record: &Record<'_>) -> Result<Vec<WorkingPeriod>, ReferenceError> {
    let begins = || record.fields.all(INCLUDED).filter(|begin| !begin.text.is_empty());
    let ends = || record.fields.all(EXCLUDED).filter(|end| !end.text.is_empty());
    let has_begin = |parent| begins().any(|begin| begin.parent == parent);
    if begins().next().is_none() || ends().any(|end| !has_begin(end.parent)) {
        return Err(record.error(ReferenceFault::Empty { column: record.column(INCLUDED) }));
    }
    let mut periods = Vec::new();
    for begin in begins() {
        let from = record.date(INCLUDED, begin.text)?;
        let end = ends().find(|end| end.parent == begin.parent);
        let to = end.map_or(Ok(None), |end| record.end(EXCLUDED, end.text))?.unwrap_or(Date::NEVER);
        if to < from {
            return Err(record.error(ReferenceFault::LastBeforeFirst { first: "d_begin", last: "d_end" }));
        }
        // An organisation included and removed on one day never worked.
        if to > from {
            periods.push(WorkingPeriod { from, to });
        }
    }
    Ok(periods)
}

/// The last period of one organisation, after periods without a gap are joined.
fn last_period(mut records: Vec<OrganisationRecord>) -> Option<OrganisationRecord> {
    records.sort_by_key(|record| (record.works.from, record.works.to));
    records.into_iter().reduce(|before, mut next| {
        if next.works.from <= before.works.to {
            let works = WorkingPeriod { from: before.works.from, to: next.works.to.max(before.works.to) };
            next.works = works;
        }
        next
    })
}
