//! What people decided, as a run carries it out: rows to ignore before reading, stays of one person at a time, and at the end what became of each
//! decision.

use std::collections::BTreeSet;

use super::block_rows::PersonTotals;
use super::linking::LinkedRows;
use super::person::Subject;
use super::sources::{Checked, IgnoredCount};
use super::tables::EntryOutcome;
use super::view::RunView;
use crate::job::Job;
use sverka_check::{IgnoredRows, ReadSource};
use sverka_kernel::identity::ResolvedEntry;
use sverka_kernel::timeline::{Claim, ClaimFinding, DatedRegisterRecord, Decision, Effect, Order, Stays};
use sverka_model::{Code, Date};
use sverka_settings::{Entry, EntryState, RowName, Ruling, StayRuling};

/// By application: as if the person had chosen the clinic.
const METHOD: u8 = 2;

/// The profiles in which people decided on the clinic of the person at hand, as bits.
#[cold]
pub(super) fn decided_profiles(view: RunView<'_>) -> u32 {
    let entries = view.decided.iter().map(|&entry| &view.job.overrides.entries()[entry as usize].ruling);
    entries.fold(0, |profiles, ruling| match ruling {
        Ruling::Clinic(_, profile) => profiles | 1 << profile,
        _ => profiles,
    })
}

/// The day until which people decided that the person at hand lives: deaths before it do not count. Who is insured from a day on lives on that day, and who
/// is alive lived on the day of the decision.
#[cold]
pub(super) fn alive_until(view: RunView<'_>) -> Date {
    let entries = view.decided.iter().map(|&entry| &view.job.overrides.entries()[entry as usize]);
    let alive_until = |entry: &Entry| match &entry.ruling {
        Ruling::Alive(_) => entry.decided_on,
        Ruling::Insurer(ruling) => ruling.from,
        _ => Date::EARLIEST,
    };
    entries.map(alive_until).max().unwrap_or(Date::EARLIEST)
}

/// What the decisions did that the person is alive: how many records tell of a death that does not count for it.
#[cold]
pub(super) fn decided_alive(view: RunView<'_>, records: &[DatedRegisterRecord<'_>], effects: &mut Vec<(u32, Effect)>) {
    for &index in view.decided {
        let entry = &view.job.overrides.entries()[index as usize];
        if matches!(entry.ruling, Ruling::Alive(_)) {
            let told = records.iter().filter(|(_, record, _)| record.death_date < entry.decided_on).count();
            effects.push((index, if told > 0 { Effect::Applied(told as u64) } else { Effect::None }));
        }
    }
}

/// What a subject's decisions are added to.
pub(super) struct Overruled<'p> {
    pub decisions: &'p mut Vec<(Subject, Decision)>,
    pub findings: &'p mut Vec<ClaimFinding>,
    /// What each entry did.
    pub effects: &'p mut Vec<(u32, Effect)>,
}

/// The person on whom people decided.
#[derive(Clone, Copy)]
pub(super) struct DecidedPerson<'p> {
    /// The person's first record, which is named where a decision has nothing to rest on.
    pub first: Option<u32>,
    /// The day of the death that counts, or never.
    pub death: Date,
    /// Records that tell of a death, with its day, whether it counts or not.
    pub told_deaths: &'p [(u32, Date)],
}

/// Carries out what people decided about one subject of a person.
#[cold]
pub(super) fn overrule(
    view: RunView<'_>,
    subject: Subject,
    person: DecidedPerson<'_>,
    claims: &[Claim],
    stays: &mut Stays,
    into: &mut Overruled<'_>,
) {
    let job = view.job;
    let mut made = Vec::new();
    for &entry in view.decided {
        let (ruling, succession) = match (&job.overrides.entries()[entry as usize].ruling, subject) {
            (Ruling::Insurer(ruling), Subject::Insurer) => (ruling, job.insurers.succession()),
            (Ruling::Clinic(ruling, profile), Subject::Clinic(of)) if *profile == of => (ruling, job.clinics.succession()),
            _ => continue,
        };
        let made_before = made.len();
        let effect = order(entry, ruling, subject).carry_out(claims, person.death, succession, stays, &mut made);
        let effect = if subject == Subject::Insurer {
            with_deaths(effect, ruling.from, person.told_deaths, &made[made_before..])
        } else {
            effect
        };
        if effect == Effect::WithoutRecord {
            into.findings.extend(person.first.map(|record| ClaimFinding { record, code: Code::OverrideWithoutRecord }));
        }
        into.effects.push((entry, effect));
    }
    into.decisions.extend(made.into_iter().map(|decision| (subject, decision)));
}

/// The effect of a decision on the insurer from a day on, the deaths included that do not count for it: without the decision the person would be dead. A
/// record that gave way and tells of a death counts once.
fn with_deaths(effect: Effect, from: Date, told_deaths: &[(u32, Date)], overruled: &[Decision]) -> Effect {
    let mut records: BTreeSet<u32> = told_deaths.iter().filter(|(_, day)| *day < from).map(|(record, _)| *record).collect();
    if records.is_empty() || effect == Effect::WithoutRecord {
        return effect;
    }
    records.extend(overruled.iter().map(|decision| decision.loser));
    Effect::Applied(records.len() as u64)
}

fn order(entry: u32, ruling: &StayRuling, subject: Subject) -> Order {
    let of_insurer = subject == Subject::Insurer;
    Order {
        entry,
        rule: if of_insurer { Code::OverrideInsurer } else { Code::OverrideClinic },
        organisation: ruling.organisation,
        from: ruling.from,
        to: ruling.to,
        method: if of_insurer { 0 } else { METHOD },
        needs_record: of_insurer,
    }
}

/// What became of each entry of the overrides, once all persons are done.
pub(super) fn outcomes(job: &Job, checked: &Checked, linked: &LinkedRows, totals: &PersonTotals) -> Vec<EntryOutcome> {
    let ids = linked.cross_partition_persons.persons.ids();
    let id = |person: &u32| totals.renumbered.get(&(*person as usize)).copied().unwrap_or(ids[*person as usize]);
    let outcome = |(index, entry): (u32, &Entry)| {
        if entry.ended {
            return EntryOutcome { state: EntryState::Ended, persons: Vec::new(), records: 0 };
        }
        if matches!(entry.ruling, Ruling::Ignore(_)) {
            return ignored(checked.ignored.get(&index).copied().unwrap_or_default());
        }
        let ResolvedEntry { state, persons, records } = &linked.decided.entries[index as usize];
        let (state, records) = match totals.overruled.get(&index) {
            Some(Effect::Applied(records)) => (EntryState::Applied, *records),
            Some(Effect::WithoutRecord) => (EntryState::WithoutRecord, 0),
            Some(Effect::None) | None => (*state, *records),
        };
        let mut persons: Vec<i64> = persons.iter().map(id).collect();
        persons.sort_unstable();
        EntryOutcome { state, persons, records }
    };
    (0..).zip(job.overrides.entries()).map(outcome).collect()
}

fn ignored(rows: IgnoredCount) -> EntryOutcome {
    let state = match rows {
        IgnoredCount { accepted: 0, broken: 0 } => EntryState::NotFound,
        IgnoredCount { accepted: 0, .. } => EntryState::NoEffect,
        _ => EntryState::Applied,
    };
    EntryOutcome { state, persons: Vec::new(), records: rows.accepted }
}

/// The rows of a source that people decided to ignore, if they did.
pub(super) fn ignored_rows(job: &Job, source: &ReadSource<'_>) -> Option<IgnoredRows> {
    let name = &job.sources[source.source].name;
    let (mut lines, mut ids) = (Vec::new(), Vec::new());
    for (entry, of_entry) in job.overrides.in_force() {
        let Ruling::Ignore(rows) = &of_entry.ruling else { continue };
        for row in rows.iter().filter(|row| row.source == *name) {
            match &row.name {
                RowName::Line(line) => lines.push((*line, entry as u32)),
                RowName::RecordId(id) => ids.push((id.as_str().into(), entry as u32)),
            }
        }
    }
    let any = !lines.is_empty() || !ids.is_empty();
    any.then(|| IgnoredRows::new(&lines, ids.into_iter(), source.document, &source.bindings, &source.chunks))
}
