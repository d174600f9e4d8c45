//! Retention: which runs of an output folder stay when it is pruned (SEM-380).

use std::collections::BTreeSet;

use super::{ListedRun, RunList, UnreadableRun};

/// Numbers of runs that stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Number of runs that started last.
    pub newest: usize,
    /// Number of months, of which the run that started last stays. The month of a run is that of its as-of date.
    pub months: usize,
}

/// Reason for keeping a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepReason {
    /// `current` points to the run.
    Current,
    /// A closed month names the run.
    Closed,
    /// A booking names the run, and the figures of the booking do not stand in its file.
    Booked,
    /// The run is pinned.
    Pinned,
    /// The run is among those that started last.
    Newest,
    /// The run is the last of its month.
    LastOfMonth,
}

impl KeepReason {
    /// Words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Closed => "closed month",
            Self::Booked => "booking without its figures",
            Self::Pinned => "pinned",
            Self::Newest => "among the newest",
            Self::LastOfMonth => "last of its month",
        }
    }
}

/// Run that stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRun {
    /// Run.
    pub run: ListedRun,
    /// First reason that applies.
    pub reason: KeepReason,
}

/// Runs that stay and runs that go, each the oldest first.
#[derive(Debug, Default)]
pub struct PrunePlan {
    /// Runs that go.
    pub removed: Vec<ListedRun>,
    /// Runs that stay.
    pub kept: Vec<KeptRun>,
    /// Runs that stay because their manifests cannot be read: nobody knows what would be lost.
    pub unreadable: Vec<UnreadableRun>,
}

impl Retention {
    /// Plan for the runs of a list.
    #[must_use]
    pub fn plan(self, list: RunList) -> PrunePlan {
        let monthly = self.last_of_months(&list.runs);
        let newest_from = list.runs.len().saturating_sub(self.newest);
        let mut plan = PrunePlan { unreadable: list.unreadable, ..PrunePlan::default() };
        for (index, run) in list.runs.into_iter().enumerate() {
            let reasons = [
                (run.is_current, KeepReason::Current),
                (!run.closed.is_empty(), KeepReason::Closed),
                (run.is_needed_by_booking, KeepReason::Booked),
                (run.is_pinned, KeepReason::Pinned),
                (index >= newest_from, KeepReason::Newest),
                (monthly.contains(&index), KeepReason::LastOfMonth),
            ];
            match reasons.into_iter().find_map(|(applies, reason)| applies.then_some(reason)) {
                Some(reason) => plan.kept.push(KeptRun { run, reason }),
                None => plan.removed.push(run),
            }
        }
        plan
    }

    /// Indices of the last runs of the newest months that have runs.
    fn last_of_months(self, runs: &[ListedRun]) -> BTreeSet<usize> {
        let months: BTreeSet<&str> = runs.iter().map(ListedRun::month).collect();
        let newest = months.into_iter().rev().take(self.months);
        newest.filter_map(|month| runs.iter().rposition(|run| run.month() == month)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(number: usize, as_of: &str) -> ListedRun {
        ListedRun {
            run_id: format!("{as_of}-{number}"),
            as_of: as_of.to_owned(),
            started_at: format!("2026-12-01T00:00:{number:02}Z"),
            persons: 0,
            heads: 0,
            amount: "0.00".to_owned(),
            bytes: 0,
            is_current: false,
            is_pinned: false,
            closed: Vec::new(),
            booked: Vec::new(),
            is_needed_by_booking: false,
        }
    }

    fn runs() -> Vec<ListedRun> {
        let days = ["2026-09-01", "2026-09-01", "2026-10-01", "2026-10-01", "2026-11-01", "2026-10-01", "2026-11-02"];
        days.iter().enumerate().map(|(number, day)| run(number, day)).collect()
    }

    fn removed(retention: Retention, runs: Vec<ListedRun>) -> Vec<usize> {
        let plan = retention.plan(RunList { runs, unreadable: Vec::new() });
        plan.removed.iter().map(|run| run.run_id.rsplit_once('-').expect("a number").1.parse().expect("a number")).collect()
    }

    #[test]
    fn the_newest_and_the_last_of_each_month_stay() {
        assert_eq!(removed(Retention { newest: 2, months: 0 }, runs()), [0, 1, 2, 3, 4]);
        assert_eq!(removed(Retention { newest: 0, months: 2 }, runs()), [0, 1, 2, 3, 4]);
        assert_eq!(removed(Retention { newest: 1, months: 3 }, runs()), [0, 2, 3, 4]);
        assert_eq!(removed(Retention { newest: 7, months: 0 }, runs()), [0; 0]);
    }

    #[test]
    fn current_closed_and_pinned_runs_stay_whatever_the_numbers() {
        let mut runs = runs();
        runs[0].is_current = true;
        runs[2].closed.push("2026-10".to_owned());
        runs[4].is_pinned = true;
        runs[5].booked.push("2026-10 no. 1".to_owned());
        runs[6].is_needed_by_booking = true;
        assert_eq!(removed(Retention::default(), runs), [1, 3, 5]);
    }
}
