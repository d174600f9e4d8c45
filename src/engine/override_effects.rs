//! Decisions by people, carried out: rows to ignore before reading, then stays of one person at a time, and at the end the outcome of each entry.

use std::collections::BTreeSet;

use super::block_rows::PersonTotals;
use super::linking::LinkedRows;
use super::person::{Subject, SubjectDecision};
use super::record_view::RecordView;
use super::sources::{CheckedRows, IgnoredCount};
use super::tables::EntryOutcome;
use crate::job::Job;
use sverka_check::{IdDecision, IgnoredRows, LineDecision, ReadSource};
use sverka_kernel::identity::ResolvedEntry;
use sverka_kernel::timeline::{Claim, ClaimFinding, DatedRecord, Decision, Effect, StayOverride, Stays};
use sverka_model::{AttachmentMethod, Code, Date, PersonId, RegisterRecord};
use sverka_settings::{Entry, EntryState, RowName, Ruling, StayRuling};

/// Method of an attachment by decision: by application, as if the person had chosen the clinic.
const METHOD: AttachmentMethod = AttachmentMethod::BY_APPLICATION;

/// Profiles with a decision on the clinic of the current person, one bit for each.
#[cold]
pub(super) fn decided_profiles(view: RecordView<'_>) -> u32 {
    let entries = view.override_entries.iter().map(|&entry| &view.job.overrides.entries()[entry as usize].ruling);
    entries.fold(0, |profiles, ruling| match ruling {
        Ruling::Clinic(_, profile) => profiles | profile.bit(),
        _ => profiles,
    })
}

/// Day on which the current person lives by decision: deaths before it do not count. A decision on the insurer means
/// that the person lives on its first day; a decision that the person is alive means the day of the decision.
#[cold]
pub(super) fn alive_until(view: RecordView<'_>) -> Date {
    let entries = view.override_entries.iter().map(|&entry| &view.job.overrides.entries()[entry as usize]);
    let alive_until = |entry: &Entry| match &entry.ruling {
        Ruling::Alive(_) => entry.decided_on,
        Ruling::Insurer(ruling) => ruling.from,
        _ => Date::EARLIEST,
    };
    entries.map(alive_until).max().unwrap_or(Date::EARLIEST)
}

/// Adds the effects of decisions that the person is alive: the number of records with a death that does not count.
#[cold]
pub(super) fn decided_alive(view: RecordView<'_>, records: &[DatedRecord<&RegisterRecord>], effects: &mut Vec<EntryEffect>) {
    for &index in view.override_entries {
        let entry = &view.job.overrides.entries()[index as usize];
        if matches!(entry.ruling, Ruling::Alive(_)) {
            let refuted = records.iter().filter(|dated| dated.record.death_date < entry.decided_on).count();
            let effect = if refuted > 0 { Effect::Applied(refuted as u64) } else { Effect::None };
            effects.push(EntryEffect { entry: index, effect });
        }
    }
}

/// Effect of an entry of the overrides on the stays of a person.
#[derive(Clone, Copy)]
pub(super) struct EntryEffect {
    /// Index of the entry.
    pub entry: u32,
    /// Effect.
    pub effect: Effect,
}

/// Results of carrying out decisions by people.
pub(super) struct OverrideResults<'p> {
    pub decisions: &'p mut Vec<SubjectDecision>,
    pub findings: &'p mut Vec<ClaimFinding>,
    /// Effect of each entry.
    pub effects: &'p mut Vec<EntryEffect>,
}

/// Person with decisions by people.
#[derive(Clone, Copy)]
pub(super) struct DecidedPerson<'p> {
    /// First record of the person. A finding names it if a decision has no record to rest on.
    pub first: Option<u32>,
    /// Day of the death that counts, or never.
    pub death: Date,
    /// Deaths in the records; deaths that do not count are included.
    pub reported_deaths: &'p [RecordedDeath],
}

/// Death that a record reports.
#[derive(Clone, Copy)]
pub(super) struct RecordedDeath {
    /// Index of the record.
    pub record: u32,
    /// Day of the death.
    pub day: Date,
}

/// Carries out the decisions on one subject of a person.
#[cold]
pub(super) fn overrule(
    view: RecordView<'_>,
    subject: Subject,
    person: DecidedPerson<'_>,
    claims: &[Claim],
    stays: &mut Stays,
    results: &mut OverrideResults<'_>,
) {
    let job = view.job;
    let mut decisions = Vec::new();
    for &entry in view.override_entries {
        let (ruling, succession) = match (&job.overrides.entries()[entry as usize].ruling, subject) {
            (Ruling::Insurer(ruling), Subject::Insurer) => (ruling, job.insurers.succession()),
            (Ruling::Clinic(ruling, of_entry), Subject::Clinic(profile)) if *of_entry == profile => {
                (ruling, job.clinics.succession())
            }
            _ => continue,
        };
        let decisions_before = decisions.len();
        let effect = stay_override(entry, ruling, subject).apply(claims, person.death, succession, stays, &mut decisions);
        let effect = if subject == Subject::Insurer {
            with_deaths(effect, ruling.from, person.reported_deaths, &decisions[decisions_before..])
        } else {
            effect
        };
        if effect == Effect::WithoutRecord {
            results.findings.extend(person.first.map(|record| ClaimFinding { record, code: Code::OverrideWithoutRecord }));
        }
        results.effects.push(EntryEffect { entry, effect });
    }
    results.decisions.extend(decisions.into_iter().map(|decision| SubjectDecision { subject, decision }));
}

/// Effect of a decision on the insurer from a day on. Records with a death before that day count as changed: without
/// the decision the person would be dead. A record that lost and has a death counts once.
fn with_deaths(effect: Effect, from: Date, reported_deaths: &[RecordedDeath], overruled: &[Decision]) -> Effect {
    let mut records: BTreeSet<u32> = reported_deaths.iter().filter(|death| death.day < from).map(|death| death.record).collect();
    if records.is_empty() || effect == Effect::WithoutRecord {
        return effect;
    }
    records.extend(overruled.iter().map(|decision| decision.loser));
    Effect::Applied(records.len() as u64)
}

fn stay_override(entry: u32, ruling: &StayRuling, subject: Subject) -> StayOverride {
    let is_insurer = subject == Subject::Insurer;
    StayOverride {
        entry,
        rule: if is_insurer { Code::OverrideInsurer } else { Code::OverrideClinic },
        organisation: ruling.organisation,
        from: ruling.from,
        to: ruling.to,
        method: if is_insurer { AttachmentMethod::NONE } else { METHOD },
        needs_record: is_insurer,
    }
}

/// Outcome of each entry of the overrides, once all persons are done.
pub(super) fn entry_outcomes(job: &Job, checked: &CheckedRows, linked: &LinkedRows, totals: &PersonTotals) -> Vec<EntryOutcome> {
    let ids = linked.cross_partition_persons.persons.ids();
    let id = |person: &u32| totals.renumbered.get(&(*person as usize)).copied().unwrap_or(ids[*person as usize]);
    let outcome = |(index, entry): (u32, &Entry)| {
        if entry.ended {
            return EntryOutcome { state: EntryState::Ended, persons: Vec::new(), records: 0 };
        }
        if matches!(entry.ruling, Ruling::Ignore(_)) {
            return ignored_outcome(checked.ignored.get(&index).copied().unwrap_or_default());
        }
        let ResolvedEntry { state, persons, records } = &linked.decided.entries[index as usize];
        let (state, records) = match totals.override_effects.get(&index) {
            Some(Effect::Applied(records)) => (EntryState::Applied, *records),
            Some(Effect::WithoutRecord) => (EntryState::WithoutRecord, 0),
            Some(Effect::None) | None => (*state, *records),
        };
        let mut persons: Vec<PersonId> = persons.iter().map(id).collect();
        persons.sort_unstable();
        EntryOutcome { state, persons, records }
    };
    (0..).zip(job.overrides.entries()).map(outcome).collect()
}

/// Outcome of an entry that ignores rows.
fn ignored_outcome(rows: IgnoredCount) -> EntryOutcome {
    let state = match rows {
        IgnoredCount { accepted: 0, broken: 0 } => EntryState::NotFound,
        IgnoredCount { accepted: 0, .. } => EntryState::NoEffect,
        _ => EntryState::Applied,
    };
    EntryOutcome { state, persons: Vec::new(), records: rows.accepted }
}

/// Rows of a source to ignore by decision, if there are any.
pub(super) fn ignored_rows(job: &Job, source: &ReadSource<'_>) -> Option<IgnoredRows> {
    let name = &job.sources[source.source].name;
    let (mut lines, mut ids) = (Vec::new(), Vec::new());
    for (index, entry) in job.overrides.in_force() {
        let Ruling::Ignore(rows) = &entry.ruling else { continue };
        for row in rows.iter().filter(|row| row.source == *name) {
            match &row.name {
                RowName::Line(line) => lines.push(LineDecision { line: *line, decision: index as u32 }),
                RowName::RecordId(id) => ids.push(IdDecision { record_id: id.as_str().into(), decision: index as u32 }),
            }
        }
    }
    let any = !lines.is_empty() || !ids.is_empty();
    any.then(|| IgnoredRows::new(&lines, ids.into_iter(), source.document, &source.bindings, &source.chunks))
}
