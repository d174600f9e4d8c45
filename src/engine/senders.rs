//! Senders of the sources that were read, and expected senders that have sent nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::judgement::RunEvent;
use super::sources::CheckedRows;
use crate::job::{Expected, ExpectedSender, Job, LeftOutReason, LeftOutSource};
use sverka_model::{Date, DateFormat, OrganisationId, RowOwner, Table};
use sverka_publish::{Manifest, MissingSender};
use sverka_settings::Then;

/// Code of the sender of each source of the job: that of the name, else the one insurer that all rows name, else the one clinic.
pub(super) fn senders(job: &Job, checked: &CheckedRows) -> Vec<Option<String>> {
    let mut named: Vec<BTreeMap<Table, BTreeSet<OrganisationId>>> = vec![BTreeMap::new(); job.sources.len()];
    let filled = checked.filled.iter().map(|figures| (figures.source, figures.owner));
    for (source, RowOwner { table, organisation }) in
        filled.chain(checked.quarantined.iter().map(|count| (count.source, count.owner)))
    {
        named[source].entry(table).or_default().extend(organisation);
    }
    let in_rows = |tables: &BTreeMap<Table, BTreeSet<OrganisationId>>| {
        let only = tables.iter().find(|(_, organisations)| organisations.len() == 1);
        only.map(|(&table, organisations)| code(job, table, *organisations.first().expect("one organisation")))
    };
    job.sources.iter().zip(&named).map(|(source, named)| source.sender.clone().or_else(|| in_rows(named))).collect()
}

/// Code of an insurer or clinic.
fn code(job: &Job, table: Table, organisation: OrganisationId) -> String {
    match table {
        Table::Register => job.insurers.get(organisation.insurer()).code.clone(),
        Table::Attachments => job.clinics.get(organisation.clinic()).code.clone(),
    }
}

/// Newest date of the sources of a sender and table.
type NewestDates<'j> = BTreeMap<(&'j str, Table), Option<Date>>;

/// Expected senders without a source since the expected day, sorted. Of equal expectations the most severe one counts.
pub(super) fn missing_senders(job: &Job, senders: &[Option<String>]) -> Vec<MissingSender> {
    let newest = newest_dates(job, senders);
    let mut missing: BTreeMap<(Table, &str, Date), (&Expected, &ExpectedSender)> = BTreeMap::new();
    for expected in &job.expected {
        let is_missing = |sender: &&ExpectedSender| {
            let date = newest.get(&(sender.code.as_str(), expected.table)).copied().flatten();
            date.is_none_or(|date| date < expected.since)
        };
        for sender in expected.senders.iter().filter(is_missing) {
            let known = missing.entry((expected.table, &sender.code, expected.since)).or_insert((expected, sender));
            if known.0.then < expected.then {
                known.0 = expected;
            }
        }
    }
    let row = |((table, code, since), (expected, sender)): ((Table, &str, Date), (&Expected, &ExpectedSender))| MissingSender {
        table: table.name().to_owned(),
        sender: code.to_owned(),
        since: since.to_string(),
        name: sender.name.clone(),
        last_source_date: newest.get(&(code, table)).copied().flatten().map(|date| date.to_string()),
        then: expected.then.name().to_owned(),
    };
    let mut rows: Vec<MissingSender> = missing.into_iter().map(row).collect();
    rows.sort();
    rows
}

/// Newest dates of the sources that were read. The date of a source with the same content counts, too: its sender has sent it.
fn newest_dates<'j>(job: &Job, senders: &'j [Option<String>]) -> NewestDates<'j> {
    let mut newest = NewestDates::new();
    let mut add = |sender: &'j str, table: Table, date: Option<Date>| {
        let known = newest.entry((sender, table)).or_default();
        *known = date.max(*known);
    };
    let mut copies: BTreeMap<&str, Option<Date>> = BTreeMap::new();
    for LeftOutSource { source, reason } in &job.left_out {
        if let LeftOutReason::SameAs { source: of } = reason {
            let known = copies.entry(of).or_default();
            *known = source.source_date.max(*known);
        }
    }
    for (source, sender) in job.sources.iter().zip(senders) {
        let Some(sender) = sender.as_deref() else { continue };
        let date = copies.get(source.name.as_str()).copied().flatten().max(source.source_date);
        source.layout.tables().for_each(|table| add(sender, table, date));
    }
    newest
}

/// Events of expected senders that have sent nothing, one for each table, day and consequence.
pub(super) fn missing_sender_events(manifest: &Manifest) -> Vec<RunEvent> {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<&MissingSender>> = BTreeMap::new();
    for missing in &manifest.missing_senders {
        groups.entry((&missing.table, &missing.since, &missing.then)).or_default().push(missing);
    }
    let event = |((table, since, then), missing): ((&str, &str, &str), Vec<&MissingSender>)| {
        let then = [Then::Stop, Then::Warn].into_iter().find(|known| known.name() == then).unwrap_or(Then::Note);
        RunEvent { then, sentence: sentence(table, since, &missing) }
    };
    groups.into_iter().map(event).collect()
}

fn sentence(table: &str, since: &str, missing: &[&MissingSender]) -> String {
    const NAMED: usize = 3;
    let named = |missing: &&MissingSender| {
        let last = missing.last_source_date.as_deref().map_or_else(String::new, |date| format!(" (last of {date})"));
        format!("{}{last}", missing.sender)
    };
    let mut names = missing.iter().take(NAMED).map(named).collect::<Vec<_>>().join(", ");
    if missing.len() > NAMED {
        names = format!("{names} and {} more (the table `missing_senders` has all)", missing.len() - NAMED);
    }
    let (what, whom) = match (table, missing.len()) {
        ("register", 1) => ("no register", "the sender"),
        ("register", _) => ("no register", "the senders"),
        (_, 1) => ("no attachments", "the sender"),
        _ => ("no attachments", "the senders"),
    };
    format!("{what} dated {since} or later came from {names}; ask {whom} (`[[expected]]`)")
}

/// A date of the manifest.
pub(super) fn date_of(text: &str) -> Option<Date> {
    Date::parse(text.as_bytes(), DateFormat::Iso)
}
