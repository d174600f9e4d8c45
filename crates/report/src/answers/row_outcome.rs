//! Outcome of one row of a request, from the facts about it. No other module decides which rows were taken.

use super::dictionary::{Dictionary, ReportedCode};
use super::fact::{DecisionOutcome, Fact, FactKind, OrganisationNumber};
use super::run_facts::may_be_only_trace;
use sverka_model::{Date, Enp, Field, PersonId, Severity};

/// Whether a row was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The row became a record that counts.
    Taken,
    /// The row has an error of its own.
    Faulty,
    /// The row is in order, but another record, the law or a death is against it.
    Refused,
}

/// Reason or remark about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    pub code: ReportedCode,
    pub field: Option<Field>,
    /// Organisation that prevailed.
    pub winner: Option<OrganisationNumber>,
    /// Day of the decision.
    pub day: Option<Date>,
}

/// Outcome of a row.
#[derive(Debug)]
pub(super) struct RowOutcome<'f> {
    facts: &'f [Fact],
    pub verdict: Verdict,
    /// Reasons why the row was not taken; empty when it was taken.
    pub reasons: Vec<Reason>,
    /// Findings and decisions that are no reasons.
    pub remarks: Vec<Reason>,
}

impl<'f> RowOutcome<'f> {
    /// Outcome from all facts about the row.
    pub(super) fn from_facts(facts: &'f [Fact]) -> Self {
        let of_kind = |kind: FactKind| facts.iter().filter(move |fact| fact.kind == kind);
        let is_error = |fact: &&Fact| fact.severity() == Severity::Error;
        let has_stay = of_kind(FactKind::ATTACHED).chain(of_kind(FactKind::INSURED)).next().is_some();
        let is_against = |fact: &&Fact| {
            use DecisionOutcome::{Lost, Overruled, Refused};
            matches!(fact.decision_outcome(), Some(Lost | Refused | Overruled))
        };
        let reasons: Vec<Reason> = if of_kind(FactKind::FINDING).any(|fact| is_error(&fact)) {
            of_kind(FactKind::FINDING).filter(is_error).map(finding_reason).collect()
        } else if has_stay {
            Vec::new()
        } else if of_kind(FactKind::DUPLICATE).next().is_some() {
            vec![DUPLICATE_ROW]
        } else if of_kind(FactKind::DECISION).any(|fact| is_against(&fact)) {
            of_kind(FactKind::DECISION).filter(is_against).map(decision_reason).collect()
        } else if of_kind(FactKind::DECISION).next().is_some() {
            Vec::new()
        } else {
            of_kind(FactKind::FINDING).filter(|fact| may_be_only_trace(fact.code())).map(finding_reason).collect()
        };
        let verdict = match reasons.first() {
            None => Verdict::Taken,
            Some(_) if of_kind(FactKind::FINDING).any(|fact| is_error(&fact)) => Verdict::Faulty,
            Some(_) => Verdict::Refused,
        };
        let findings = of_kind(FactKind::FINDING).map(finding_reason);
        let duplicates = of_kind(FactKind::DUPLICATE).map(|_| DUPLICATE_ROW);
        let all = findings.chain(duplicates).chain(of_kind(FactKind::DECISION).map(decision_reason));
        let remarks = all.filter(|reason| !reasons.contains(reason)).collect();
        Self { facts, verdict, reasons, remarks }
    }

    /// Number of the person, when the row belongs to one.
    pub(super) fn person(&self) -> Option<PersonId> {
        self.person_fact().map(|fact| fact.person)
    }

    /// ENP of the person in the register.
    pub(super) fn enp(&self) -> Option<String> {
        self.person_fact().filter(|fact| fact.enp != Enp::NONE).map(|fact| fact.enp.to_string())
    }

    /// Clinic of the person on the as-of date, and the first day with it.
    pub(super) fn clinic_now(&self) -> Option<(OrganisationNumber, Date)> {
        let fact = self.person_fact().filter(|fact| fact.clinic_now != OrganisationNumber::NONE)?;
        Some((fact.clinic_now, Date::from_days(fact.clinic_now_from)))
    }

    /// First day of the attachment stay that rests on the row. If there are several, the stay of the smallest profile
    /// counts, then the earliest one.
    pub(super) fn attached_from(&self) -> Option<Date> {
        let stays = self.facts.iter().filter(|fact| fact.kind == FactKind::ATTACHED);
        stays.map(|fact| (fact.profile, fact.from)).min().map(|(_, from)| Date::from_days(from))
    }

    /// All facts about the row.
    pub(super) fn facts(&self) -> &'f [Fact] {
        self.facts
    }

    /// Fact that knows the person of the row.
    fn person_fact(&self) -> Option<&'f Fact> {
        self.facts.iter().find(|fact| fact.person != PersonId::NONE)
    }

    /// Reasons and remarks that the family of the dictionary reports to a sender: all reasons, and chosen remarks of taken rows.
    pub(super) fn reported<'r>(&'r self, dictionary: &'r Dictionary) -> impl Iterator<Item = &'r Reason> {
        let is_taken = self.verdict == Verdict::Taken;
        let remarks = self.remarks.iter().filter(move |remark| is_taken && dictionary.is_remark(remark.code));
        self.reasons.iter().chain(remarks)
    }
}

const DUPLICATE_ROW: Reason = Reason { code: ReportedCode::Duplicate, field: None, winner: None, day: None };

fn finding_reason(fact: &Fact) -> Reason {
    Reason { code: ReportedCode::Rule(fact.code()), field: fact.field(), winner: None, day: None }
}

fn decision_reason(fact: &Fact) -> Reason {
    let day = Date::from_days(fact.from);
    Reason { code: ReportedCode::Rule(fact.code()), field: None, winner: Some(fact.winner), day: Some(day) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sverka_model::{Code, Profile};

    const LINE: u64 = 2;

    fn decided(outcome: DecisionOutcome, rule: Code) -> Fact {
        Fact { outcome: outcome as u8, rule: rule as u8, ..Fact::of_row(FactKind::DECISION, LINE) }
    }

    fn attached() -> Fact {
        Fact { profile: Profile::THERAPEUTIC, from: 100, ..Fact::of_row(FactKind::ATTACHED, LINE) }
    }

    fn warned(code: Code) -> Fact {
        Fact::finding(LINE, code, code.severity(), None)
    }

    #[test]
    fn a_row_is_taken_when_a_stay_rests_on_it_or_nothing_is_against_it() {
        use DecisionOutcome::{Deferred, Lost, Overruled, Refused, Superseded};
        let verdict = |facts: &[Fact]| RowOutcome::from_facts(facts).verdict;
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
        assert_eq!(verdict(&[Fact::of_row(FactKind::DUPLICATE, LINE)]), Verdict::Refused);
    }

    #[test]
    fn an_error_is_the_only_reason_of_a_faulty_row() {
        let facts = [warned(Code::SnilsInvalid), warned(Code::DateInvalid)];
        let outcome = RowOutcome::from_facts(&facts);
        let names = |reasons: &[Reason]| reasons.iter().map(|reason| reason.code.name()).collect::<Vec<_>>();
        assert_eq!((names(&outcome.reasons), names(&outcome.remarks)), (vec!["DATE_INVALID"], vec!["SNILS_INVALID"]));
    }
}
