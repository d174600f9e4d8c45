//! One clinic at a time and profile: intervals of attachment records and the right to change the clinic (323-ФЗ, article 21) (SEM-277 to SEM-281).

use super::claim::{Claim, IntervalEnd};
use super::stay::{Decision, Stay, Stays};
use super::sweep::{Refusal, RightToChange, Sweep, Verdict};
use super::{ClaimFinding, DatedRecord};
use sverka_model::{AttachmentMethod, AttachmentRecord, ClinicId, Code, Date, OperationReason};
use sverka_reference::{AgesServed, Clinics, Succession};
use sverka_settings::{ClinicRules, OnViolation, Period, Window};

/// Age at which a person leaves the clinics for children.
const ADULT_AGE: i32 = 18;

/// Claims of the attachment records of one person and profile.
#[derive(Debug, Default)]
pub struct ClinicClaims {
    claims: Vec<Claim>,
    applications: Vec<Application>,
    counted: Vec<Date>,
}

/// An attachment record by application; records that make no claim are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Application {
    from: Date,
    record: u32,
    clinic: ClinicId,
}

/// Insurance of a person, if the registers know it. Most registers have the present insurance only.
#[derive(Clone, Copy, Debug)]
pub struct KnownInsurance<'s> {
    /// The insurance stays.
    pub stays: &'s Stays,
    /// Whether the earliest stay began by a first choice, so that there was no insurance before it.
    pub from_first_choice: bool,
}

impl KnownInsurance<'_> {
    /// Whether the person is known not to be insured on a day: between known stays, after the last one, or before a first choice. Other days before the
    /// first known stay are unknown.
    fn is_known_to_lack(&self, day: Date) -> bool {
        let is_before = |first: &Stay| day < first.from;
        let is_unknown = !self.from_first_choice && self.stays.as_slice().first().is_some_and(is_before);
        !is_unknown && self.stays.on(day).is_none()
    }
}

impl ClinicClaims {
    /// Makes claims of the attachment records of a person and profile, notices excepted. A record without an interval, or outside the insurance of the
    /// person, becomes a finding. `death` is the earliest death of the person, or never.
    pub fn collect<'r>(
        &mut self,
        records: impl Iterator<Item = DatedRecord<&'r AttachmentRecord>>,
        death: Date,
        insurance: KnownInsurance<'_>,
        clinics: &Clinics,
        findings: &mut Vec<ClaimFinding>,
    ) {
        self.claims.clear();
        self.applications.clear();
        for DatedRecord { index, record, source_date } in records {
            if record.method >= AttachmentMethod::BY_APPLICATION {
                self.applications.push(Application { from: record.attached_from, record: index, clinic: record.clinic });
            }
            let end = interval_end(record, death, clinics);
            if clinics.get(record.clinic).ages == AgesServed::Adults && record.attached_from < of_age(record) {
                findings.push(ClaimFinding { record: index, code: Code::ClinicAge });
            }
            if let Some(code) = exclusion(&end, record.attached_from, insurance.stays) {
                findings.push(ClaimFinding { record: index, code });
                continue;
            }
            if insurance.is_known_to_lack(record.attached_from) {
                findings.push(ClaimFinding { record: index, code: Code::NotInsuredOnStart });
            }
            self.claims.push(Claim {
                record: index,
                organisation: record.clinic.into(),
                from: record.attached_from,
                to: end.earliest(),
                applied_on: Date::EARLIEST,
                source_date,
                method: record.method,
                reason: OperationReason::NONE,
            });
        }
    }

    /// End of a record without regard to death: the end in the record, the age that its clinic serves, or the end of
    /// the work of the clinic.
    #[must_use]
    pub fn end_without_death(record: &AttachmentRecord, clinics: &Clinics) -> Date {
        interval_end(record, Date::NEVER, clinics).earliest()
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
        clinics: &Clinics,
        rules: &ClinicRules,
        stays: &mut Stays,
        decisions: &mut Vec<Decision>,
        findings: &mut Vec<ClaimFinding>,
    ) {
        self.several_applications(clinics.succession(), rules.applications_period, findings);
        self.counted.clear();
        let mut right = ClinicRight { rules, counted: &mut self.counted };
        sweep.run(&self.claims, clinics.succession(), &mut right, stays, decisions, findings);
    }

    /// Finds each application that comes after an application to another clinic in the same period, by start and
    /// record. Codes are read on the day of the later one.
    fn several_applications(&mut self, succession: &Succession, period: Period, findings: &mut Vec<ClaimFinding>) {
        if self.applications.len() < 2 {
            return;
        }
        self.applications.sort_unstable();
        for (index, later) in self.applications.iter().enumerate() {
            let read = |application: &Application| succession.read_on(application.clinic, later.from);
            let mut in_period =
                self.applications[..index].iter().rev().take_while(|earlier| period.holds(earlier.from, later.from));
            if in_period.any(|earlier| read(earlier) != read(later)) {
                findings.push(ClaimFinding { record: later.record, code: Code::SeveralApplications });
            }
        }
    }
}

/// Ends of the interval of a record. `death` is the death of the person, or never.
#[inline]
fn interval_end(record: &AttachmentRecord, death: Date, clinics: &Clinics) -> IntervalEnd {
    let is_for_children = clinics.get(record.clinic).ages == AgesServed::Children;
    IntervalEnd {
        death: death.next(),
        age: if is_for_children { of_age(record) } else { Date::NEVER },
        other: record.attached_to.min(clinics.succession().closes_on(record.clinic)),
    }
}

/// Day on which the person of a record leaves the clinics for children.
#[inline]
fn of_age(record: &AttachmentRecord) -> Date {
    record.identity.birth_date.birthday(ADULT_AGE)
}

/// Reason why a record makes no claim, if there is one.
fn exclusion(end: &IntervalEnd, from: Date, insurance: &Stays) -> Option<Code> {
    if end.death <= from {
        Some(Code::AfterDeath)
    } else if end.age <= from {
        Some(Code::ClinicAge)
    } else if end.other <= from {
        Some(Code::NoInterval)
    } else {
        (!insurance.overlap(from, end.earliest())).then_some(Code::NotInsured)
    }
}

struct ClinicRight<'p> {
    rules: &'p ClinicRules,
    counted: &'p mut Vec<Date>,
}

impl ClinicRight<'_> {
    /// The last change that used up the right to change on `day`; [`Date::NEVER`] when the rules give no right at all. `None` when a change is left.
    fn used_up(&self, day: Date) -> Option<Date> {
        // Changes are counted in the order of days.
        let earlier = self.counted.partition_point(|counted| match self.rules.window {
            Window::CalendarYear => counted.year() < day.year(),
            Window::Rolling12Months => counted.birthday(1) <= day,
        });
        let used_up = (self.counted.len() - earlier) as u64 >= u64::from(self.rules.changes_per_year);
        used_up.then(|| self.counted[earlier..].last().copied().unwrap_or(Date::NEVER))
    }
}

impl RightToChange for ClinicRight<'_> {
    fn change(&mut self, claim: &Claim, day: Date, current: &Stay) -> Verdict {
        match claim.method {
            AttachmentMethod::AFTER_MOVE => Verdict::Permitted { rule: Code::ChangeMoved, violated: None },
            AttachmentMethod::BY_APPLICATION => match self.used_up(day) {
                Some(counted_on) if self.rules.on_violation == OnViolation::Refuse => {
                    Verdict::Refused(Refusal { rule: Code::ChangeLimit, counted_on })
                }
                used_up => {
                    self.counted.push(day);
                    Verdict::Permitted { rule: Code::ChangeAtWill, violated: used_up.map(|_| Code::ChangeLimit) }
                }
            },
            _ if self.rules.application_outranks_residence && current.method > AttachmentMethod::BY_RESIDENCE => {
                Verdict::Refused(Refusal { rule: Code::ApplicationOutranksResidence, counted_on: Date::NEVER })
            }
            _ => Verdict::Permitted { rule: Code::Territory, violated: None },
        }
    }

    fn changed_after_end(&mut self, claim: &Claim, day: Date) {
        if claim.method == AttachmentMethod::BY_APPLICATION {
            self.counted.push(day);
        }
    }
}
