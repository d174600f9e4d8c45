//! What became of one row, from the facts about it: the one place that says which rows were taken.

use super::dictionary::{Dictionary, Told};
use super::distribute::may_leave_out;
use super::fact::{ATTACHED, DECISION, DUPLICATE, FINDING, Fact, INSURED, NO_ORGANISATION, NOBODY, Outcome};
use crate::model::Date;
use crate::model::Field;
use crate::rules::Severity;

/// Whether a row was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It became a record that counts.
    Taken,
    /// It has an error of its own.
    Faulty,
    /// It is in order, but another record, the law or a death is against it.
    Refused,
}

/// One thing that is told of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    pub told: Told,
    pub field: Option<Field>,
    /// Number of the organisation that prevailed.
    pub winner: Option<u32>,
    /// Day of the decision.
    pub day: Option<Date>,
}

/// What became of a row.
#[derive(Debug)]
pub(super) struct Fate<'f> {
    facts: &'f [Fact],
    pub verdict: Verdict,
    /// Why it was not taken; nothing when it was.
    pub reasons: Vec<Reason>,
    /// What else is to be told.
    pub remarks: Vec<Reason>,
}

impl<'f> Fate<'f> {
    /// From all facts about the row.
    pub(super) fn of(facts: &'f [Fact]) -> Self {
        let of_kind = |kind: u8| facts.iter().filter(move |fact| fact.kind == kind);
        let is_error = |fact: &&Fact| fact.severity() == Severity::Error;
        let stands = of_kind(ATTACHED).chain(of_kind(INSURED)).next().is_some();
        let bars = |fact: &&Fact| matches!(fact.outcome(), Some(Outcome::Lost | Outcome::Refused | Outcome::Overruled));
        let reasons: Vec<Reason> = if of_kind(FINDING).any(|fact| is_error(&fact)) {
            of_kind(FINDING).filter(is_error).map(finding).collect()
        } else if stands {
            Vec::new()
        } else if of_kind(DUPLICATE).next().is_some() {
            vec![DUPLICATE_ROW]
        } else if of_kind(DECISION).any(|fact| bars(&fact)) {
            of_kind(DECISION).filter(bars).map(decision).collect()
        } else if of_kind(DECISION).next().is_some() {
            Vec::new()
        } else {
            of_kind(FINDING).filter(|fact| may_leave_out(fact.code())).map(finding).collect()
        };
        let verdict = match reasons.first() {
            None => Verdict::Taken,
            Some(_) if of_kind(FINDING).any(|fact| is_error(&fact)) => Verdict::Faulty,
            Some(_) => Verdict::Refused,
        };
        let all =
            of_kind(FINDING).map(finding).chain(of_kind(DUPLICATE).map(|_| DUPLICATE_ROW)).chain(of_kind(DECISION).map(decision));
        let remarks = all.filter(|told| !reasons.contains(told)).collect();
        Self { facts, verdict, reasons, remarks }
    }

    /// The number of the person, if the row is somebody's.
    pub(super) fn person(&self) -> Option<i64> {
        self.of_person().map(|fact| fact.person)
    }

    /// The ENP of the person in the register.
    pub(super) fn enp(&self) -> Option<String> {
        self.of_person().filter(|fact| fact.enp > 0).map(|fact| format!("{:016}", fact.enp))
    }

    /// The person's clinic on the as-of date, by number, and since when.
    pub(super) fn clinic_now(&self) -> Option<(u32, Date)> {
        let fact = self.of_person().filter(|fact| fact.clinic_now != NO_ORGANISATION)?;
        Some((fact.clinic_now, Date::from_days(fact.clinic_now_from)))
    }

    /// First day of the attachment stay that rests on the row; of several the one of the smallest profile, then the earliest.
    pub(super) fn attached_from(&self) -> Option<Date> {
        let stays = self.facts.iter().filter(|fact| fact.kind == ATTACHED);
        stays.map(|fact| (fact.profile, fact.from)).min().map(|(_, from)| Date::from_days(from))
    }

    /// All facts about the row.
    pub(super) fn facts(&self) -> &'f [Fact] {
        self.facts
    }

    fn of_person(&self) -> Option<&'f Fact> {
        self.facts.iter().find(|fact| fact.person != NOBODY)
    }

    /// What a sender of the family is told of: the reasons, and of the remarks those that the dictionary wants told.
    pub(super) fn told<'r>(&'r self, dictionary: &'r Dictionary) -> impl Iterator<Item = &'r Reason> {
        let remarks = self.remarks.iter().filter(|remark| self.verdict == Verdict::Taken && dictionary.is_remark(remark.told));
        self.reasons.iter().chain(remarks)
    }
}

const DUPLICATE_ROW: Reason = Reason { told: Told::Duplicate, field: None, winner: None, day: None };

fn finding(fact: &Fact) -> Reason {
    Reason { told: Told::Rule(fact.code()), field: fact.field(), winner: None, day: None }
}

fn decision(fact: &Fact) -> Reason {
    let day = Date::from_days(fact.from);
    Reason { told: Told::Rule(fact.code()), field: None, winner: Some(fact.winner), day: Some(day) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Code;

    const LINE: u64 = 2;

    fn decided(outcome: Outcome, rule: Code) -> Fact {
        Fact { outcome: outcome as u8, rule: rule as u8, ..Fact::of_row(DECISION, LINE) }
    }

    fn attached() -> Fact {
        Fact { profile: 1, from: 100, ..Fact::of_row(ATTACHED, LINE) }
    }

    fn warned(code: Code) -> Fact {
        Fact::finding(LINE, code, code.severity(), None)
    }

    #[test]
    fn a_row_is_taken_when_a_stay_rests_on_it_or_nothing_is_against_it() {
        use Outcome::{Deferred, Lost, Overruled, Refused, Superseded};
        let verdict = |facts: &[Fact]| Fate::of(facts).verdict;
        assert_eq!(verdict(&[]), Verdict::Taken);
        assert_eq!(verdict(&[attached(), warned(Code::SnilsInvalid)]), Verdict::Taken);
        assert_eq!(verdict(&[attached(), decided(Superseded, Code::ChangeAtWill)]), Verdict::Taken);
        assert_eq!(verdict(&[attached(), decided(Deferred, Code::ChangeLimit)]), Verdict::Taken);
        assert_eq!(verdict(&[attached(), warned(Code::ClinicAge)]), Verdict::Taken);
        assert_eq!(verdict(&[warned(Code::SnilsInvalid), warned(Code::DateInvalid)]), Verdict::Faulty);
        assert_eq!(verdict(&[decided(Lost, Code::SameDay)]), Verdict::Refused);
        assert_eq!(verdict(&[decided(Refused, Code::ChangeLimit)]), Verdict::Refused);
        assert_eq!(verdict(&[decided(Overruled, Code::OverrideClinic)]), Verdict::Refused);
        assert_eq!(verdict(&[attached(), decided(Overruled, Code::OverrideClinic)]), Verdict::Taken);
        assert_eq!(verdict(&[warned(Code::NotInsured)]), Verdict::Refused);
        assert_eq!(verdict(&[Fact::of_row(DUPLICATE, LINE)]), Verdict::Refused);
    }

    #[test]
    fn an_error_is_the_only_reason_of_a_faulty_row() {
        let facts = [warned(Code::SnilsInvalid), warned(Code::DateInvalid)];
        let fate = Fate::of(&facts);
        let told = |reasons: &[Reason]| reasons.iter().map(|reason| reason.told.name()).collect::<Vec<_>>();
        assert_eq!((told(&fate.reasons), told(&fate.remarks)), (vec!["DATE_INVALID"], vec!["SNILS_INVALID"]));
    }
}
