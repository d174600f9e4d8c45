//! A run held against the run before it: volumes that shrank or grew, and senders of whom nothing is there any more.
//!
//! The run before is the current one of the output folder, whatever its day and its job file (SEM-207).

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
    /// Somebody said that the new run may be smaller.
    pub is_accepted: bool,
}

/// Whose volumes are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Subject<'m> {
    scope: Scope,
    /// The name of the source, or the code of the insurer or clinic; empty of the run.
    name: &'m str,
}

/// A volume in both runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    volume: Volume,
    before: u64,
    now: u64,
}

impl Comparison<'_> {
    /// Adds what changed too much, and what could not be judged.
    pub fn judge(&self, judgement: &mut Judgement) {
        let (Some(now), Some(before)) = (&self.now.quality, &self.before.quality) else {
            judgement.unjudged.push(format!("what changed since run {}: there are no quality figures", self.before.run_id));
            return;
        };
        for subject in subjects(before, now) {
            let changes = self.changes(subject, [before, now]);
            if let Some(event) = self.shrunk(subject, &changes) {
                let (event, is_accepted) = self.unless_accepted(event);
                judgement.accepted.extend(is_accepted.then(|| event.sentence.clone()));
                judgement.events.push(event);
            }
            judgement.events.extend(self.grown(subject, &changes));
        }
        if before.volumes.is_none() {
            let unknown = "insured persons, heads and money of each insurer and clinic";
            judgement.unjudged.push(format!("{unknown}: run {} was published without them", self.before.run_id));
        }
    }

    /// The volumes of which both runs tell.
    fn changes(&self, subject: Subject<'_>, [before, now]: [&Quality; 2]) -> Vec<Change> {
        let counted = Volume::ALL.into_iter().filter(|volume| volume.is_counted_of(subject.scope));
        let change = |volume: Volume| {
            let before = figure(self.before, before, subject, volume)?;
            Some(Change { volume, before, now: figure(self.now, now, subject, volume)? })
        };
        counted.filter_map(change).collect()
    }

    fn shrunk(&self, subject: Subject<'_>, changes: &[Change]) -> Option<RunEvent> {
        let less = |change: &Change| change.before.saturating_sub(change.now);
        let (limited, told) = self.passed(subject, changes, &less, &|threshold| threshold.shrink);
        let rows = changes.iter().find(|change| change.volume == Volume::Rows)?;
        let is_sender = matches!(subject.scope, Scope::Insurer | Scope::Clinic);
        if is_sender && rows.before > 0 && rows.now == 0 {
            return Some(self.absent(subject, rows.before, limited));
        }
        let (then, who) = (limited?, subject.called());
        let advice = match subject.scope {
            Scope::Run => "see which sources are absent or cut",
            _ => "see whether the file is there and whole",
        };
        Some(RunEvent { then, sentence: format!("{who}{told} since run {}; {advice}", self.before.run_id) })
    }

    fn grown(&self, subject: Subject<'_>, changes: &[Change]) -> Option<RunEvent> {
        let more = |change: &Change| change.now.saturating_sub(change.before);
        let (limited, told) = self.passed(subject, changes, &more, &|threshold| threshold.grow);
        let (then, who, run) = (limited?, subject.called(), &self.before.run_id);
        Some(RunEvent { then, sentence: format!("{who}{told} since run {run}; see whether a file was sent twice") })
    }

    /// The loudest consequence of the limits that changes pass, and these changes in words.
    fn passed(
        &self,
        subject: Subject<'_>,
        changes: &[Change],
        difference: &dyn Fn(&Change) -> u64,
        limit: &dyn Fn(&VolumeThreshold) -> Option<ChangeLimit>,
    ) -> (Option<Then>, String) {
        let rows_before = changes.iter().find(|change| change.volume == Volume::Rows).map_or(0, |change| change.before);
        let (mut loudest, mut told) = (None, Vec::new());
        for change in changes {
            let thresholds = self.job.thresholds.volumes.judging(change.volume, subject.scope, subject.name);
            let judging = thresholds.iter().filter(|of| rows_before >= of.at_least);
            let is_passed = |of: &&VolumeThreshold| {
                limit(of).is_some_and(|limit| limit.exceeded_by(change.volume, difference(change), change.before))
            };
            let then = judging.filter(is_passed).map(VolumeThreshold::consequence).max();
            if then.is_some() {
                told.push(change.to_string());
                loudest = loudest.max(then);
            }
        }
        (loudest, told.join(", "))
    }

    /// A sender of the run before of whom not one row is there.
    fn absent(&self, subject: Subject<'_>, rows_before: u64, limited: Option<Then>) -> RunEvent {
        let (who, rows, run) = (subject.called(), with_thousands(rows_before), &self.before.run_id);
        if let Some(end) = self.end_of_work(subject) {
            let sentence = format!("{who}not one row in any source, {rows} in run {run}; its work ended on {end}");
            return RunEvent { then: Then::Note, sentence };
        }
        let then = limited.unwrap_or(Then::Note).max(self.job.rules.sources.absent_sender);
        RunEvent { then, sentence: format!("{who}not one row in any source, {rows} in run {run}; ask for its file") }
    }

    /// The first day without work, if that has come: nobody expects a file then.
    fn end_of_work(&self, subject: Subject<'_>) -> Option<Date> {
        let code = subject.name.as_bytes();
        let works = match subject.scope {
            Scope::Insurer => self.job.insurers.find(code).map(|insurer| self.job.insurers.get(insurer).works),
            Scope::Clinic => self.job.clinics.find(code).map(|clinic| self.job.clinics.get(clinic).works),
            Scope::Run | Scope::Source => None,
        };
        works.map(|works| works.to).filter(|&end| end <= self.job.as_of)
    }

    /// A run that is smaller stops unless somebody accepts that; the second value says whether it would have stopped.
    fn unless_accepted(&self, event: RunEvent) -> (RunEvent, bool) {
        let RunEvent { then, sentence } = event;
        match (then, self.is_accepted) {
            (Then::Stop, true) => {
                (RunEvent { then: Then::Warn, sentence: format!("{sentence} (accepted with --accept-shrink)") }, true)
            }
            (Then::Stop, false) => {
                let sentence = format!("{sentence}. If that is right, let it pass once with --accept-shrink");
                (RunEvent { then, sentence }, false)
            }
            (Then::Note | Then::Warn, _) => (RunEvent { then, sentence }, false),
        }
    }
}

/// Everybody of whom the run before tells; of sources those that are in both runs, since the names of many have a day in them.
fn subjects<'m>(before: &'m Quality, now: &'m Quality) -> Vec<Subject<'m>> {
    let run = Subject { scope: Scope::Run, name: "" };
    let insurers = before.insurers.keys().map(|name| Subject { scope: Scope::Insurer, name });
    let clinics = before.clinics.keys().map(|name| Subject { scope: Scope::Clinic, name });
    let in_both = before.sources.keys().filter(|name| now.sources.contains_key(*name));
    let sources = in_both.map(|name| Subject { scope: Scope::Source, name });
    // Rows of nobody known are no sender's.
    let known = insurers.chain(clinics).filter(|sender| !sender.name.is_empty());
    std::iter::once(run).chain(known).chain(sources).collect()
}

/// A volume of a run; `None` when the run does not tell.
fn figure(manifest: &Manifest, quality: &Quality, subject: Subject<'_>, volume: Volume) -> Option<u64> {
    let (name, totals) = (subject.name, &manifest.totals);
    let of_sender = |volumes: Option<&SenderVolume>| match volume {
        Volume::Insured => volumes.map_or(Some(0), |of| Some(of.insured.unwrap_or(0))),
        Volume::Heads => Some(volumes.map_or(0, |of| of.heads)),
        _ => volumes.map_or(Some(0), |of| kopecks(&of.money)),
    };
    match (subject.scope, volume) {
        (Scope::Run, Volume::Rows) => Some(totals.rows),
        (Scope::Run, Volume::Persons) => Some(totals.persons),
        (Scope::Run, Volume::Insured) => Some(totals.insured),
        (Scope::Run, Volume::Heads) => Some(totals.heads),
        (Scope::Run, Volume::Money) => kopecks(&totals.amount),
        (Scope::Source, _) => Some(quality.sources.get(name).map_or(0, |tables| tables.values().map(|of| of.rows).sum())),
        (Scope::Insurer, Volume::Rows) => Some(quality.insurers.get(name).map_or(0, |figures| figures.rows)),
        (Scope::Clinic, Volume::Rows) => Some(quality.clinics.get(name).map_or(0, |figures| figures.rows)),
        (Scope::Insurer, _) => of_sender(quality.volumes.as_ref()?.insurers.get(name)),
        (Scope::Clinic, _) => of_sender(quality.volumes.as_ref()?.clinics.get(name)),
    }
}

/// Roubles as text in kopecks.
fn kopecks(roubles: &str) -> Option<u64> {
    roubles.parse::<Decimal>().ok()?.checked_mul(Decimal::ONE_HUNDRED)?.to_u64()
}

impl Subject<'_> {
    /// What stands before a sentence about it.
    fn called(self) -> String {
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
    fn a_change_is_told_with_its_share() {
        let told = |volume, before, now| Change { volume, before, now }.to_string();
        assert_eq!(told(Volume::Rows, 1_000, 480), "rows 1,000 → 480 (-52.0 %)");
        assert_eq!(told(Volume::Money, 8_940_000_050, 3_750_000_000), "money 89,400,000.50 → 37,500,000.00 (-58.0 %)");
        assert_eq!(told(Volume::Heads, 0, 3), "heads 0 → 3");
        assert_eq!(told(Volume::Heads, 3, 4), "heads 3 → 4 (+33.3 %)");
    }

    #[test]
    fn money_is_compared_in_kopecks() {
        assert_eq!((kopecks("12.5"), kopecks("0"), kopecks("")), (Some(1_250), Some(0), None));
    }
}
