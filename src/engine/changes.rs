//! Comparison of a run with the former run: volumes that shrank or grew, and senders without rows.
//!
//! The former run is the current one of the output folder, of any day and any job file (SEM-207).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::judgement::{Judgement, RunEvent};
use crate::job::Job;
use sverka_model::Date;
use sverka_publish::{Manifest, Quality, SenderVolume};
use sverka_settings::{ChangeLimit, Scope, Then, Volume, VolumeThreshold};
use sverka_text::{separate_thousands, with_thousands};

/// Two runs of one output folder.
#[derive(Clone, Copy)]
pub(super) struct Comparison<'m> {
    pub job: &'m Job,
    pub now: &'m Manifest,
    pub before: &'m Manifest,
    /// Whether the caller accepts that the new run is smaller.
    pub is_accepted: bool,
}

/// Subject of a comparison: the run, a source, an insurer or a clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Subject<'m> {
    scope: Scope,
    /// Name of the source or code of the insurer or clinic; empty for the run.
    name: &'m str,
}

/// A volume in the former run and in this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    volume: Volume,
    before: u64,
    now: u64,
}

/// Limits that changes pass.
struct PassedLimits {
    /// Most severe consequence; `None` when no limit is passed.
    then: Option<Then>,
    /// The changes that pass a limit, as text.
    changes: String,
}

impl Comparison<'_> {
    /// Adds an event for each volume that changed too much, and sentences about limits that could not be judged.
    pub fn judge(&self, judgement: &mut Judgement) {
        let (Some(now), Some(before)) = (&self.now.quality, &self.before.quality) else {
            judgement.unjudged.push(format!("what changed since run {}: there are no quality figures", self.before.run_id));
            return;
        };
        for subject in subjects(before, now) {
            let changes = self.changes(subject, before, now);
            if let Some(event) = self.shrink_event(subject, &changes) {
                let would_stop = event.then == Then::Stop;
                let event = self.unless_accepted(event);
                judgement.accepted.extend((would_stop && self.is_accepted).then(|| event.sentence.clone()));
                judgement.events.push(event);
            }
            judgement.events.extend(self.growth_event(subject, &changes));
        }
        if before.volumes.is_none() {
            let unknown = "insured persons, heads and money of each insurer and clinic";
            judgement.unjudged.push(format!("{unknown}: run {} was published without them", self.before.run_id));
        }
    }

    /// Volumes of a subject that both runs state.
    fn changes(&self, subject: Subject<'_>, before: &Quality, now: &Quality) -> Vec<Change> {
        let counted = Volume::ALL.into_iter().filter(|volume| volume.is_counted_of(subject.scope));
        let change = |volume: Volume| {
            let before = figure(self.before, before, subject, volume)?;
            Some(Change { volume, before, now: figure(self.now, now, subject, volume)? })
        };
        counted.filter_map(change).collect()
    }

    /// Event of volumes that shrank too much, or of a sender without rows.
    fn shrink_event(&self, subject: Subject<'_>, changes: &[Change]) -> Option<RunEvent> {
        let less = |change: &Change| change.before.saturating_sub(change.now);
        let passed = self.passed_limits(subject, changes, &less, &|threshold| threshold.shrink);
        let rows = changes.iter().find(|change| change.volume == Volume::Rows)?;
        let is_sender = matches!(subject.scope, Scope::Insurer | Scope::Clinic);
        if is_sender && rows.before > 0 && rows.now == 0 {
            return Some(self.absence_event(subject, rows.before, passed.then));
        }
        let (then, who, changes) = (passed.then?, subject.prefix(), passed.changes);
        let advice = match subject.scope {
            Scope::Run => "see which sources are absent or cut",
            _ => "see whether the file is there and whole",
        };
        Some(RunEvent { then, sentence: format!("{who}{changes} since run {}; {advice}", self.before.run_id) })
    }

    /// Event of volumes that grew too much.
    fn growth_event(&self, subject: Subject<'_>, changes: &[Change]) -> Option<RunEvent> {
        let more = |change: &Change| change.now.saturating_sub(change.before);
        let passed = self.passed_limits(subject, changes, &more, &|threshold| threshold.grow);
        let (then, who, run, changes) = (passed.then?, subject.prefix(), &self.before.run_id, passed.changes);
        Some(RunEvent { then, sentence: format!("{who}{changes} since run {run}; see whether a file was sent twice") })
    }

    /// Limits that the changes pass.
    fn passed_limits(
        &self,
        subject: Subject<'_>,
        changes: &[Change],
        difference: &dyn Fn(&Change) -> u64,
        limit: &dyn Fn(&VolumeThreshold) -> Option<ChangeLimit>,
    ) -> PassedLimits {
        let rows_before = changes.iter().find(|change| change.volume == Volume::Rows).map_or(0, |change| change.before);
        let (mut most_severe, mut sentences) = (None, Vec::new());
        for change in changes {
            let thresholds = self.job.thresholds.volumes.judging(change.volume, subject.scope, subject.name);
            let judging = thresholds.iter().filter(|threshold| rows_before >= threshold.at_least);
            let is_passed = |threshold: &&VolumeThreshold| {
                limit(threshold).is_some_and(|limit| limit.exceeded_by(change.volume, difference(change), change.before))
            };
            let then = judging.filter(is_passed).map(VolumeThreshold::consequence).max();
            if then.is_some() {
                sentences.push(change.to_string());
                most_severe = most_severe.max(then);
            }
        }
        PassedLimits { then: most_severe, changes: sentences.join(", ") }
    }

    /// Event of a sender of the former run without rows in this one.
    fn absence_event(&self, subject: Subject<'_>, rows_before: u64, limit: Option<Then>) -> RunEvent {
        let (who, rows, run) = (subject.prefix(), with_thousands(rows_before), &self.before.run_id);
        if let Some(end) = self.end_of_work(subject) {
            let sentence = format!("{who}not one row in any source, {rows} in run {run}; its work ended on {end}");
            return RunEvent { then: Then::Note, sentence };
        }
        let then = limit.unwrap_or(Then::Note).max(self.job.rules.sources.absent_sender);
        RunEvent { then, sentence: format!("{who}not one row in any source, {rows} in run {run}; ask for its file") }
    }

    /// First day without work, if it is not after the as-of date. Then no file is expected.
    fn end_of_work(&self, subject: Subject<'_>) -> Option<Date> {
        let code = subject.name.as_bytes();
        let works = match subject.scope {
            Scope::Insurer => self.job.insurers.find(code).map(|insurer| self.job.insurers.get(insurer).works),
            Scope::Clinic => self.job.clinics.find(code).map(|clinic| self.job.clinics.get(clinic).works),
            Scope::Run | Scope::Source => None,
        };
        works.map(|works| works.to).filter(|&end| end <= self.job.as_of)
    }

    /// Event of a run that is smaller. If the caller accepts it, a stop becomes a warning; otherwise the event says how
    /// to accept it.
    fn unless_accepted(&self, event: RunEvent) -> RunEvent {
        let RunEvent { then, sentence } = event;
        match (then, self.is_accepted) {
            (Then::Stop, true) => RunEvent { then: Then::Warn, sentence: format!("{sentence} (accepted with --accept-shrink)") },
            (Then::Stop, false) => {
                let sentence = format!("{sentence}. If that is right, let it pass once with --accept-shrink");
                RunEvent { then, sentence }
            }
            (Then::Note | Then::Warn, _) => RunEvent { then, sentence },
        }
    }
}

/// Subjects of the comparison: the run, insurers and clinics of the former run, and sources of both runs. Names of many sources hold a day, so a source
/// may be absent without being missed.
fn subjects<'m>(before: &'m Quality, now: &'m Quality) -> Vec<Subject<'m>> {
    let run = Subject { scope: Scope::Run, name: "" };
    let insurers = before.insurers.keys().map(|name| Subject { scope: Scope::Insurer, name });
    let clinics = before.clinics.keys().map(|name| Subject { scope: Scope::Clinic, name });
    let in_both = before.sources.keys().filter(|name| now.sources.contains_key(*name));
    let sources = in_both.map(|name| Subject { scope: Scope::Source, name });
    // Rows of an unknown sender have an empty name.
    let known = insurers.chain(clinics).filter(|sender| !sender.name.is_empty());
    std::iter::once(run).chain(known).chain(sources).collect()
}

/// A volume of a run; `None` when the run does not state it.
fn figure(manifest: &Manifest, quality: &Quality, subject: Subject<'_>, volume: Volume) -> Option<u64> {
    let (name, totals) = (subject.name, &manifest.totals);
    let sender_volume = |sender: Option<&SenderVolume>| match volume {
        Volume::Insured => sender.map_or(Some(0), |sender| Some(sender.insured.unwrap_or(0))),
        Volume::Heads => Some(sender.map_or(0, |sender| sender.heads)),
        _ => sender.map_or(Some(0), |sender| kopecks(&sender.money)),
    };
    match (subject.scope, volume) {
        (Scope::Run, Volume::Rows) => Some(totals.rows),
        (Scope::Run, Volume::Persons) => Some(totals.persons),
        (Scope::Run, Volume::Insured) => Some(totals.insured),
        (Scope::Run, Volume::Heads) => Some(totals.heads),
        (Scope::Run, Volume::Money) => kopecks(&totals.amount),
        (Scope::Source, _) => {
            Some(quality.sources.get(name).map_or(0, |tables| tables.values().map(|figures| figures.rows).sum()))
        }
        (Scope::Insurer, Volume::Rows) => Some(quality.insurers.get(name).map_or(0, |figures| figures.rows)),
        (Scope::Clinic, Volume::Rows) => Some(quality.clinics.get(name).map_or(0, |figures| figures.rows)),
        (Scope::Insurer, _) => sender_volume(quality.volumes.as_ref()?.insurers.get(name)),
        (Scope::Clinic, _) => sender_volume(quality.volumes.as_ref()?.clinics.get(name)),
    }
}

/// Kopecks of an amount in roubles, given as text.
fn kopecks(roubles: &str) -> Option<u64> {
    roubles.parse::<Decimal>().ok()?.checked_mul(Decimal::ONE_HUNDRED)?.to_u64()
}

impl Subject<'_> {
    /// Prefix of a sentence about the subject.
    fn prefix(self) -> String {
        match self.scope {
            Scope::Run => "the run: ".to_owned(),
            scope => format!("{} {}: ", scope.name(), self.name),
        }
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { volume, before, now } = *self;
        let shown = |figure: u64| match volume {
            Volume::Money => separate_thousands(&Decimal::new(i64::try_from(figure).unwrap_or(i64::MAX), 2).to_string()),
            _ => with_thousands(figure),
        };
        let sign = if now < before { '-' } else { '+' };
        let tenths = u128::from(now.abs_diff(before)) * 1000 / u128::from(before.max(1));
        let share = if before == 0 { String::new() } else { format!(" ({sign}{}.{} %)", tenths / 10, tenths % 10) };
        write!(f, "{} {} → {}{share}", volume.name(), shown(before), shown(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_reported_with_its_share() {
        let sentence = |volume, before, now| Change { volume, before, now }.to_string();
        assert_eq!(sentence(Volume::Rows, 1_000, 480), "rows 1,000 → 480 (-52.0 %)");
        assert_eq!(sentence(Volume::Money, 8_940_000_050, 3_750_000_000), "money 89,400,000.50 → 37,500,000.00 (-58.0 %)");
        assert_eq!(sentence(Volume::Heads, 0, 3), "heads 0 → 3");
        assert_eq!(sentence(Volume::Heads, 3, 4), "heads 3 → 4 (+33.3 %)");
    }

    #[test]
    fn money_is_compared_in_kopecks() {
        assert_eq!((kopecks("12.5"), kopecks("0"), kopecks("")), (Some(1_250), Some(0), None));
    }
}
