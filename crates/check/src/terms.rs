//! The terms of a register row: of policies and certificates, of the application, and of the notice of changed data.

use super::context::{CheckContext, RowCheck};
use sverka_model::{Code, Date, Field};
use sverka_settings::RuleSettings;

const OLD: u8 = 1;
const CERTIFICATE: u8 = 2;
const SINGLE_SAMPLE: u8 = 3;

/// A policy and its term, as the row says it.
pub(super) struct PolicyTerm {
    /// 1, 2, 3; 0 when absent or wrong.
    pub kind: u8,
    pub category: u8,
    pub from: Option<Date>,
    /// The planned end, the first day after.
    pub to: Option<Date>,
    pub applied: Option<Date>,
}

/// Checks the kind of a policy against its day, and its planned end.
#[inline]
pub(super) fn policy(row: &mut RowCheck<'_, '_, '_>, policy: &PolicyTerm) {
    let Some(from) = policy.from else { return };
    let rules = row.context().rules;
    match policy.kind {
        OLD if rules.rows.single_sample_from <= from => {
            row.found(Code::OldPolicyAfterReform, Field::PolicyKind);
        }
        CERTIFICATE => certificate(row, policy, from),
        SINGLE_SAMPLE => {
            let limited = rules.is_term_limited(policy.category) && rules.rows.year_end >> policy.category & 1 == 1;
            if let (true, Some(to)) = (limited, policy.to) {
                year_end(row, policy.applied.unwrap_or(from), from, to);
            }
        }
        _ => {}
    }
}

/// A policy is given at most to the end of the year; who applies late in the year applies for the next.
#[cold]
fn year_end(row: &mut RowCheck<'_, '_, '_>, applied: Date, from: Date, to: Date) {
    if last_year_policy_day(row.context().rules, applied, from).is_some_and(|last| last.next() < to) {
        row.found(Code::TermTooLong, Field::InsuredTo);
    }
}

/// The last day that a policy may have which is given at most to the end of the year, by the days of its application and beginning.
#[must_use]
pub fn last_year_policy_day(rules: &RuleSettings, applied: Date, from: Date) -> Option<Date> {
    let (year, month, day) = applied.ymd();
    let for_next_year = (month, day) >= rules.rows.next_year_from;
    // A policy that begins later than that is of the year in which it begins.
    let last_year = (year + i32::from(for_next_year)).max(from.year());
    Date::from_ymd(last_year, 12, 31)
}

/// The last day of a temporary certificate that is issued on a day.
#[must_use]
pub fn last_certificate_day(context: &CheckContext<'_>, issued: Date) -> Date {
    context.calendar.last_of_term(issued, context.rules.certificate_days(issued))
}

#[cold]
fn certificate(row: &mut RowCheck<'_, '_, '_>, policy: &PolicyTerm, from: Date) {
    let context = row.context();
    if context.rules.rows.digital_from <= from {
        row.found(Code::CertificateAfterDigital, Field::PolicyKind);
    }
    let Some(to) = policy.to else { return };
    let first_after = last_certificate_day(&context, from).next();
    // Where the right to stay or the year ends earlier, so does the certificate.
    let may_be_shorter = context.rules.is_term_limited(policy.category);
    if first_after < to || (to < first_after && !may_be_shorter) {
        row.found(Code::CertificateTerm, Field::InsuredTo);
    }
}

/// Checks the day of the application; `end` is the end of the insurance that the row gives. An end that is not after the start is reported as such.
#[inline]
pub(super) fn application(
    row: &mut RowCheck<'_, '_, '_>,
    applied: Option<Date>,
    birth: Option<Date>,
    from: Option<Date>,
    end: Date,
) {
    let Some(applied) = applied else { return };
    if birth.is_some_and(|birth| applied < birth) {
        row.found(Code::AppliedBeforeBirth, Field::AppliedOn);
    }
    if row.context().as_of < applied {
        row.found(Code::AppliedInFuture, Field::AppliedOn);
    }
    if end <= applied && from.is_some_and(|from| from < end) {
        row.found(Code::AppliedAfterEnd, Field::AppliedOn);
    }
}

/// Checks that changed data were reported within one month.
#[inline]
pub(super) fn late_notice(row: &mut RowCheck<'_, '_, '_>, changed: Option<Date>, applied: Option<Date>) {
    if let (Some(changed), Some(applied)) = (changed, applied)
        && changed.months_later(1) < applied
    {
        row.found(Code::LateNotice, Field::ChangedOn);
    }
}
