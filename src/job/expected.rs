//! `[[expected]]`: senders that must have sent something since a day.

use serde::Deserialize;
use toml::{Spanned, Value};

use super::load::Resolver;
use super::senders::KnownSenders;
use super::thresholds::then;
use super::{JobError, JobProblem};
use sverka_model::{Date, Table};
use sverka_reference::WorkingPeriod;
use sverka_settings::Then;
use sverka_text::{is_meant, nearest};

/// Keys of an `[[expected]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedEntry {
    senders: Spanned<Value>,
    table: Table,
    since: Spanned<Value>,
    then: Option<Spanned<String>>,
}

/// Senders that must have sent sources of a table since a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Table of the sources.
    pub table: Table,
    /// Senders, sorted by code.
    pub senders: Vec<ExpectedSender>,
    /// Earliest date that is enough.
    pub since: Date,
    /// Consequence of a sender without such a source.
    pub then: Then,
}

/// Insurer or clinic that must have sent something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExpectedSender {
    /// Code.
    pub code: String,
    /// Name of the organisation, if the reference table has it.
    pub name: Option<String>,
}

/// Organisation of a reference table.
struct Organisation<'j> {
    code: &'j str,
    name: Option<&'j str>,
    works: WorkingPeriod,
}

impl Organisation<'_> {
    fn to_sender(&self) -> ExpectedSender {
        ExpectedSender { code: self.code.to_owned(), name: self.name.map(str::to_owned) }
    }
}

/// Resolves the entries as of a day.
pub(super) fn resolve(
    entries: &[ExpectedEntry],
    known: KnownSenders<'_>,
    as_of: Date,
    job: &Resolver<'_>,
) -> Result<Vec<Expected>, JobError> {
    let resolve = |entry: &ExpectedEntry| {
        Ok(Expected {
            table: entry.table,
            senders: senders(&entry.senders, known, as_of, job)?,
            since: since(&entry.since, as_of, job)?,
            then: then("then", entry.then.as_ref(), Then::Warn, job)?,
        })
    };
    entries.iter().map(resolve).collect()
}

/// Senders of a word or a list of codes.
fn senders(
    written: &Spanned<Value>,
    known: KnownSenders<'_>,
    as_of: Date,
    job: &Resolver<'_>,
) -> Result<Vec<ExpectedSender>, JobError> {
    let insurers =
        || known.insurers.iter().map(|row| Organisation { code: &row.code, name: row.name.as_deref(), works: row.works });
    let clinics =
        || known.clinics.iter().map(|row| Organisation { code: &row.code, name: row.name.as_deref(), works: row.works });
    let at_work = |all: &mut dyn Iterator<Item = Organisation<'_>>| {
        all.filter(|organisation| organisation.works.covers(as_of)).map(|organisation| organisation.to_sender()).collect()
    };
    let wrong = || {
        let (key, value) = ("senders", written.get_ref().to_string());
        job.error_in(written, JobProblem::WrongValue { key, value, expected: "\"insurers\", \"clinics\" or a list of codes" })
    };
    let mut found: Vec<ExpectedSender> = match written.get_ref() {
        Value::String(word) if word == "insurers" => at_work(&mut insurers()),
        Value::String(word) if word == "clinics" => at_work(&mut clinics()),
        Value::Array(codes) if !codes.is_empty() => {
            let sender = |code: &Value| {
                let code = code.as_str().ok_or_else(wrong)?;
                let found = insurers().chain(clinics()).find(|organisation| organisation.code == code);
                found.map(|organisation| organisation.to_sender()).ok_or_else(|| {
                    let near = nearest(code, insurers().chain(clinics()).map(|organisation| organisation.code));
                    let problem = JobProblem::SenderUnknown { code: code.to_owned(), nearest: is_meant(&near) };
                    job.error_in(written, problem)
                })
            };
            codes.iter().map(sender).collect::<Result<_, _>>()?
        }
        _ => return Err(wrong()),
    };
    found.sort();
    found.dedup();
    Ok(found)
}

/// Day of a date, of the word `month`, or of a number of days before the as-of date.
fn since(written: &Spanned<Value>, as_of: Date, job: &Resolver<'_>) -> Result<Date, JobError> {
    let (year, month, _) = as_of.ymd();
    let day = match written.get_ref() {
        Value::String(word) if word == "month" => Date::from_ymd(year, month, 1),
        Value::Integer(days) => i32::try_from(*days)
            .ok()
            .filter(|days| (0..=MOST_DAYS).contains(days))
            .map(|days| Date::from_days(as_of.days() - days)),
        _ => return job.date("since", written),
    };
    day.ok_or_else(|| {
        let (key, value) = ("since", written.get_ref().to_string());
        job.error_in(
            written,
            JobProblem::WrongValue { key, value, expected: "a date, \"month\", or a number of days from 0 to 3660" },
        )
    })
}

/// Most days before the as-of date.
const MOST_DAYS: i32 = 3660;
