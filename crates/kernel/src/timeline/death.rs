//! Day of death, and records that contradict it (SEM-129, SEM-130).
//!
//! Register records report a death, and the earliest day counts. Records without a death that would still be in force after the day contradict it. When
//! the newest source of the person contradicts it, the death was reported by mistake and taken back later. Decisions of people enter only as the day until
//! which the person lives.

use super::claim::Claim;
use super::stay::Stays;
use super::{ClaimFinding, DatedRecord};
use sverka_model::{Code, Date, RegisterRecord};
use sverka_reference::Succession;

/// Death that the register records of a person report, notices included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportedDeath {
    /// The earliest day of death that counts.
    pub day: Date,
    /// Deaths before this day do not count.
    alive_until: Date,
    /// Date of the newest source that reports the death.
    reported_on: Date,
    /// Whether every source that reports the death has a date.
    is_dated: bool,
    /// Whether a record that is no notice reports the death.
    is_reported_by_record: bool,
    /// Date of the newest source with a record of the person.
    newest: Date,
}

impl ReportedDeath {
    /// The death that records report; `None` when they report none on `alive_until` or later.
    #[must_use]
    pub fn from_records(records: &[DatedRecord<&RegisterRecord>], alive_until: Date) -> Option<Self> {
        let reporting = || records.iter().filter(|dated| reports_death(dated.record, alive_until));
        Some(Self {
            day: reporting().map(|dated| dated.record.death_date).min()?,
            alive_until,
            reported_on: reporting().map(|dated| dated.source_date).max()?,
            is_dated: reporting().all(|dated| dated.source_date != Date::EARLIEST),
            is_reported_by_record: reporting().any(|dated| !dated.record.identity.flags.is_notice()),
            newest: records.iter().map(|dated| dated.source_date).max()?,
        })
    }

    /// Whether a record may contradict the death. Only then the stays without the death are needed.
    #[must_use]
    pub fn may_be_contradicted(&self, records: &[DatedRecord<&RegisterRecord>], succession: &Succession) -> bool {
        records.iter().any(|&DatedRecord { record, source_date, .. }| {
            let end = record.stopped_on.min(record.term_end).min(succession.closes_on(record.insurer));
            self.speaks_against(record, source_date) && end > self.day.next()
        })
    }

    /// Contradiction of the death, given the stays and claims of the records without the death.
    #[must_use]
    pub fn contradiction(
        &self,
        records: &[DatedRecord<&RegisterRecord>],
        stays: &Stays,
        claims: &[Claim],
    ) -> Option<Contradiction> {
        let lasts = |to: Date| to > self.day.next();
        let lasting = stays.as_slice().iter().filter(|stay| lasts(stay.to)).flat_map(|stay| stays.claims_of(stay));
        let mut in_force: Vec<u32> =
            lasting.map(|&claim| &claims[claim as usize]).filter(|claim| lasts(claim.to)).map(|claim| claim.record).collect();
        in_force.sort_unstable();
        let against = |dated: &&DatedRecord<&RegisterRecord>| {
            self.speaks_against(dated.record, dated.source_date) && in_force.binary_search(&dated.index).is_ok()
        };
        let against: Vec<&DatedRecord<&RegisterRecord>> = records.iter().filter(against).collect();
        if against.is_empty() {
            return None;
        }
        let is_taken_back = self.is_outdated() && against.iter().any(|dated| dated.source_date == self.newest);
        let reporting = records.iter().filter(|dated| reports_death(dated.record, self.alive_until));
        let records = against.into_iter().chain(reporting).map(|dated| dated.index).collect();
        Some(Contradiction { is_taken_back, records })
    }

    /// Whether a newer source than those that report the death has a record of the person. False without dates.
    fn is_outdated(&self) -> bool {
        self.is_dated && self.newest > self.reported_on
    }

    /// Whether a record would contradict the death if it were in force after it. A record of the newest source does if
    /// that source is newer than the death. Otherwise a record of a source that is not known to be older does, except
    /// against a notice of a death: a notice follows the records of its day.
    fn speaks_against(&self, record: &RegisterRecord, source_date: Date) -> bool {
        if record.death_date != Date::NEVER || record.identity.flags.is_notice() {
            return false;
        }
        let is_outdated = self.is_outdated();
        if is_outdated && source_date == self.newest {
            return true;
        }
        let is_dated = self.is_dated && source_date != Date::EARLIEST;
        self.is_reported_by_record && (!is_dated || (!is_outdated && source_date == self.reported_on))
    }
}

fn reports_death(record: &RegisterRecord, alive_until: Date) -> bool {
    record.death_date != Date::NEVER && record.death_date >= alive_until
}

/// Records that report a death, and records that contradict it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Whether the newest source contradicts the death, so that the death does not count.
    pub is_taken_back: bool,
    /// Records of both sides.
    records: Vec<u32>,
}

impl Contradiction {
    /// Findings on the records of both sides.
    pub fn findings(&self) -> impl Iterator<Item = ClaimFinding> {
        self.records.iter().map(|&record| ClaimFinding { record, code: Code::DeathContradicted })
    }
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;
    use crate::timeline::{InsurerClaims, Sweep};
    use sverka_model::{Action, RecordFlags};
    use sverka_reference::SuccessionLink;
    use sverka_settings::InsurerRules;

    fn date(text: &str) -> Date {
        if text.is_empty() { Date::NEVER } else { text.parse().expect("a date") }
    }

    /// Whether a death in the first of two records with one insurer counts. Each record is given as its end, its day of
    /// death and the date of its source.
    fn verdict(records: [(&str, &str, &str); 2], alive_until: Date) -> String {
        verdict_with_flags(RecordFlags::new(true, Action::New), records, alive_until)
    }

    /// The same as [`verdict`], for a first record with these flags.
    fn verdict_with_flags(flags: RecordFlags, records: [(&str, &str, &str); 2], alive_until: Date) -> String {
        let mut records = records.map(|(end, death, source_date)| {
            let record = RegisterRecord {
                insured_from: date("2016-05-10"),
                applied_on: date("2016-05-10"),
                stopped_on: date(end),
                term_end: Date::NEVER,
                death_date: date(death),
                ..RegisterRecord::zeroed()
            };
            let source_date = if source_date.is_empty() { Date::EARLIEST } else { date(source_date) };
            (record, source_date)
        });
        records[0].0.identity.flags = flags;
        let dated =
            (0..).zip(&records).map(|(index, (record, source_date))| DatedRecord { index, record, source_date: *source_date });
        let dated: Vec<DatedRecord<&RegisterRecord>> = dated.collect();
        let Some(death) = ReportedDeath::from_records(&dated, alive_until) else { return "none".to_owned() };
        let succession = Succession::new(vec![SuccessionLink::ENDLESS]);
        let (mut claims, mut stays) = (InsurerClaims::default(), Stays::default());
        let (mut decisions, mut findings) = (Vec::new(), Vec::new());
        let claiming = dated.iter().copied().filter(|dated| !dated.record.identity.flags.is_notice());
        claims.collect(claiming, Date::NEVER, &succession, &mut findings);
        let rules = InsurerRules::default();
        claims.sweep(&mut Sweep::default(), &succession, &rules, &mut stays, &mut decisions, &mut findings);
        let contradiction = death.contradiction(&dated, &stays, claims.as_slice());
        assert!(contradiction.is_none() || death.may_be_contradicted(&dated, &succession));
        match contradiction {
            None => "counts".to_owned(),
            Some(Contradiction { is_taken_back: true, .. }) => "taken back".to_owned(),
            Some(contradiction) => format!("counts, contradicted by {} record(s)", contradiction.findings().count() - 1),
        }
    }

    #[test]
    fn the_newest_source_takes_a_death_back_when_all_are_dated() {
        let dead = ("2026-05-11", "2026-05-10");
        for (reported_on, end, source_date, expected) in [
            ("2026-06-01", "", "2026-10-31", "taken back"),
            ("2026-06-01", "", "2026-06-01", "counts, contradicted by 1 record(s)"),
            ("2026-06-01", "", "2026-05-31", "counts"),
            ("", "", "2026-10-31", "counts, contradicted by 1 record(s)"),
            ("2026-06-01", "", "", "counts, contradicted by 1 record(s)"),
            ("", "", "", "counts, contradicted by 1 record(s)"),
            // The record is in force on the day after the death, and not longer.
            ("2026-06-01", "2026-05-12", "2026-10-31", "taken back"),
            ("2026-06-01", "2026-05-11", "2026-10-31", "counts"),
        ] {
            let records = [(dead.0, dead.1, reported_on), (end, "", source_date)];
            assert_eq!(
                verdict(records, Date::EARLIEST),
                expected,
                "reported on {reported_on:?}, in force to {end:?} on {source_date:?}"
            );
        }
    }

    #[test]
    fn a_notice_of_a_death_is_contradicted_by_younger_sources_only() {
        for (source_date, expected) in [("2026-10-31", "taken back"), ("2026-06-01", "counts"), ("", "counts")] {
            let notice = RecordFlags::new(true, Action::End);
            assert_eq!(
                verdict_with_flags(notice, [("", "2026-05-10", "2026-06-01"), ("", "", source_date)], Date::EARLIEST),
                expected
            );
        }
    }

    #[test]
    fn a_death_that_the_newest_source_reports_as_well_counts() {
        let records = [("2026-05-11", "2026-05-10", "2026-06-01"), ("", "2026-05-12", "2026-10-31")];
        assert_eq!(verdict(records, Date::EARLIEST), "counts");
    }

    #[test]
    fn a_death_before_the_day_on_which_people_say_that_the_person_lives_does_not_count() {
        let records = [("2026-05-11", "2026-05-10", "2026-06-01"), ("", "", "2026-06-01")];
        assert_eq!(verdict(records, date("2026-05-11")), "none");
        assert_eq!(verdict(records, date("2026-05-10")), "counts, contradicted by 1 record(s)");
    }
}
