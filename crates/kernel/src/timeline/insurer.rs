//! One insurer at a time: intervals of register records and the right to change the insurer (326-ФЗ, article 16) (SEM-271).

use super::{ClaimFinding, DatedRecord};

use super::claim::{Claim, IntervalEnd};
use super::reasons;
use super::stay::{Decision, Stay, Stays};
use super::sweep::{Refusal, RightToChange, Sweep, Verdict};
use sverka_model::{AttachmentMethod, Code, Date, OperationReason, RegisterRecord};
use sverka_reference::Succession;
use sverka_settings::{InsurerRules, OnViolation};

/// Claims of the register records of one person.
#[derive(Debug, Default)]
pub struct InsurerClaims {
    claims: Vec<Claim>,
    cut_short: Vec<CutShort>,
    /// Applications of voluntary changes.
    counted: Vec<Date>,
}

impl InsurerClaims {
    /// Makes claims of the register records of a person, notices excepted. A record without an interval becomes a finding. `death` is the earliest death of
    /// the person, or never.
    pub fn collect<'r>(
        &mut self,
        records: impl Iterator<Item = DatedRecord<&'r RegisterRecord>>,
        death: Date,
        succession: &Succession,
        findings: &mut Vec<ClaimFinding>,
    ) {
        self.claims.clear();
        self.cut_short.clear();
        for DatedRecord { index, record, source_date } in records {
            // An application on the first day may be a default value. A start after the death is found below.
            if death < record.applied_on && record.applied_on != record.insured_from {
                findings.push(ClaimFinding { record: index, code: Code::AppliedAfterDeath });
            }
            let closes = succession.closes_on(record.insurer);
            let own_end = record.stopped_on.min(record.term_end);
            let end = IntervalEnd { death: death.next(), age: Date::NEVER, other: own_end.min(closes) };
            if end.earliest() <= record.insured_from {
                let code = if end.death <= record.insured_from { Code::AfterDeath } else { Code::NoInterval };
                findings.push(ClaimFinding { record: index, code });
                continue;
            }
            if closes < own_end.min(end.death) {
                self.cut_short.push(CutShort { claim: self.claims.len() as u32, own_end: own_end.min(end.death) });
            }
            self.claims.push(Claim {
                record: index,
                organisation: record.insurer.into(),
                from: record.insured_from,
                to: end.earliest(),
                applied_on: record.applied_on,
                source_date,
                method: AttachmentMethod::NONE,
                reason: record.reason,
            });
        }
    }

    /// Whether the earliest stay began by a first choice, so that the person is known not to be insured before.
    #[must_use]
    pub fn begin_by_first_choice(&self, stays: &Stays) -> bool {
        let first = stays.as_slice().first().filter(|stay| stay.decided_by.is_none());
        let began = first.and_then(|stay| stays.claims_of(stay).first());
        began.is_some_and(|&claim| self.claims[claim as usize].reason == OperationReason::FIRST_CHOICE)
    }

    /// Claims that ended only because the work of their insurer ended without a successor.
    #[must_use]
    pub(super) fn cut_short(&self) -> &[CutShort] {
        &self.cut_short
    }

    /// The claims. Stays refer to them by index.
    #[must_use]
    pub fn as_slice(&self) -> &[Claim] {
        &self.claims
    }

    /// Makes stays of the claims.
    pub fn sweep(
        &mut self,
        sweep: &mut Sweep,
        succession: &Succession,
        rules: &InsurerRules,
        stays: &mut Stays,
        decisions: &mut Vec<Decision>,
        findings: &mut Vec<ClaimFinding>,
    ) {
        self.counted.clear();
        let mut right = InsurerRight { rules, counted: &mut self.counted };
        sweep.run(&self.claims, succession, &mut right, stays, decisions, findings);
    }
}

/// A claim that ended with the work of its insurer, before the end of its record.
#[derive(Clone, Copy, Debug)]
pub(super) struct CutShort {
    /// Index of the claim.
    pub claim: u32,
    /// End without the end of the work.
    pub own_end: Date,
}

struct InsurerRight<'p> {
    rules: &'p InsurerRules,
    counted: &'p mut Vec<Date>,
}

impl InsurerRight<'_> {
    /// Refusal of a voluntary change by the rule that forbids it; the right is used up by the last application of the
    /// year. `None` if no rule forbids the change.
    fn violation(&self, applied_on: Date) -> Option<Refusal> {
        if applied_on.month_day() > self.rules.deadline {
            return Some(Refusal { rule: Code::ChangeDeadline, counted_on: Date::NEVER });
        }
        let year = applied_on.year();
        let of_year = || self.counted.iter().copied().filter(|counted| counted.year() == year);
        let used_up = of_year().count() as u64 >= u64::from(self.rules.changes_per_year);
        used_up.then(|| Refusal { rule: Code::ChangeLimit, counted_on: of_year().max().unwrap_or(Date::NEVER) })
    }
}

fn is_voluntary(reason: OperationReason) -> bool {
    !reason.is_move() && !reason.is_contract_end()
}

impl RightToChange for InsurerRight<'_> {
    fn change(&mut self, claim: &Claim, _day: Date, _current: &Stay) -> Verdict {
        if claim.reason.is_move() {
            return Verdict::Permitted { rule: Code::ChangeMoved, violated: None };
        }
        if claim.reason.is_contract_end() {
            return Verdict::Permitted { rule: Code::ChangeContractEnded, violated: None };
        }
        let violated = self.violation(claim.applied_on);
        match violated {
            Some(refusal) if self.rules.on_violation == OnViolation::Refuse => Verdict::Refused(refusal),
            _ => {
                self.counted.push(claim.applied_on);
                Verdict::Permitted { rule: Code::ChangeAtWill, violated: violated.map(|refusal| refusal.rule) }
            }
        }
    }

    fn finding_against_another(&self, claim: &Claim) -> Option<Code> {
        reasons::against_another(claim.reason)
    }

    fn finding_with_the_same(&self, claim: &Claim) -> Option<Code> {
        reasons::with_the_same(claim.reason)
    }

    fn changed_after_end(&mut self, claim: &Claim, _day: Date) {
        if is_voluntary(claim.reason) {
            self.counted.push(claim.applied_on);
        }
    }
}
