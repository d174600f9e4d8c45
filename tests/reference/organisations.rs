//! Insurers and clinics: organisations that work for a time and may have a successor. One type serves both.

use super::dates::{self, Date, FOREVER, Interval};
use crate::regions::{ClinicRow, InsurerRow};

/// An insurer or a clinic.
#[derive(Clone, Debug)]
pub struct Organisation {
    pub code: String,
    /// Empty when the table does not tell.
    pub region: String,
    pub works_from: Date,
    /// Whether the first day comes from an XML dictionary, which knows nothing of the time before it.
    pub is_from_dictionary: bool,
    pub works_to: Date,
    pub successor: Option<String>,
    pub attachable: bool,
    /// `all`, `children` or `adults`.
    pub ages: String,
}

fn end(text: &str) -> Date {
    if text.is_empty() || text == "9999-12-31" {
        FOREVER
    } else {
        dates::parse(text).expect("reference tables of a test are right")
    }
}

fn successor(text: &str) -> Option<String> {
    if text.is_empty() { None } else { Some(text.to_string()) }
}

pub fn from_insurers(rows: &[InsurerRow], is_from_dictionary: bool) -> Vec<Organisation> {
    rows.iter()
        .map(|row| Organisation {
            code: row.insurer.clone(),
            region: row.region.clone(),
            works_from: end(&row.works_from),
            is_from_dictionary,
            works_to: end(&row.works_to),
            successor: successor(&row.successor),
            attachable: false,
            ages: "all".to_string(),
        })
        .collect()
}

pub fn from_clinics(rows: &[ClinicRow], is_from_dictionary: bool) -> Vec<Organisation> {
    rows.iter()
        .map(|row| Organisation {
            code: row.clinic.clone(),
            region: row.region.clone(),
            works_from: end(&row.works_from),
            is_from_dictionary,
            works_to: end(&row.works_to),
            successor: successor(&row.successor),
            attachable: row.attachable,
            ages: row.ages.clone(),
        })
        .collect()
}

pub fn find<'a>(all: &'a [Organisation], code: &str) -> Option<&'a Organisation> {
    all.iter().find(|organisation| organisation.code == code)
}

/// Whether an organisation works on a day. It is taken to work before the first day of a dictionary, about which nobody knows.
pub fn works_on(organisation: &Organisation, day: Date) -> bool {
    day < organisation.works_to && (organisation.works_from <= day || organisation.is_from_dictionary)
}

/// The code as it is read on a day (SEM-273).
pub fn read_on(all: &[Organisation], code: &str, day: Date) -> String {
    let organisation = find(all, code).expect("only known codes are read");
    match &organisation.successor {
        Some(successor) if organisation.works_to <= day => read_on(all, successor, day),
        _ => code.to_string(),
    }
}

/// The end of work of the last organisation in the chain of successors.
pub fn chain_end(all: &[Organisation], code: &str) -> Date {
    let organisation = find(all, code).expect("only known codes are read");
    match &organisation.successor {
        Some(successor) => chain_end(all, successor),
        None => organisation.works_to,
    }
}

/// A part of an interval in which one code is read.
pub struct Piece {
    pub code: String,
    pub interval: Interval,
}

/// The pieces of an interval, cut at the dates of succession (SEM-273).
pub fn split_at_successions(all: &[Organisation], code: &str, Interval { from, to }: Interval) -> Vec<Piece> {
    let mut cuts: Vec<Date> = all.iter().map(|o| o.works_to).filter(|day| from < *day && *day < to).collect();
    cuts.retain(|day| read_on(all, code, day.day_before()) != read_on(all, code, *day));
    cuts.push(to);
    cuts.sort();
    cuts.dedup();
    let mut pieces = Vec::new();
    let mut start = from;
    for cut in cuts {
        pieces.push(Piece { code: read_on(all, code, start), interval: Interval { from: start, to: cut } });
        start = cut;
    }
    pieces
}
