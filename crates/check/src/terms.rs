//! Checks of the terms of a register row: of the policy or certificate, of the application, and of the notice of changed data.

use super::context::CheckContext;
use super::row_check::RowCheck;
use sverka_model::{Category, Code, Date, Field, PolicyKind};
use sverka_settings::RuleSettings;

/// Policy of a row with its term.
pub(super) struct PolicyTerm {
    /// Kind of the policy; none when absent or wrong.
    pub kind: PolicyKind,
    /// Category of the person.
    pub category: Category,
    /// First day of the insurance.
    pub from: Option<Date>,
    /// Planned end: the first day after.
    pub to: Option<Date>,
    /// Day of the application.
    pub applied: Option<Date>,
}

/// Checks the kind of a policy against its day, and its planned end.
#[inline]
pub(super) fn policy(row: &mut RowCheck<'_, '_, '_>, policy: &PolicyTerm) {
    let Some(from) = policy.from else { return };
    let rules = row.context().rules;
    match policy.kind {
        PolicyKind::OLD if rules.rows.single_sample_from <= from => {
            row.report(Code::OldPolicyAfterReform, Field::PolicyKind);
        }
        PolicyKind::TEMPORARY_CERTIFICATE => certificate(row, policy, from),
        PolicyKind::SINGLE_SAMPLE => {
            let limited = rules.is_term_limited(policy.category) && policy.category.is_in(rules.rows.year_end);
            if let (true, Some(to)) = (limited, policy.to) {
                year_end(row, policy.applied.unwrap_or(from), from, to);
            }
        }
        _ => {}
    }
}

/// Checks that a policy ends with the year of the application at the latest. An application late in the year counts for
/// the next year.
#[cold]
fn year_end(row: &mut RowCheck<'_, '_, '_>, applied: Date, from: Date, to: Date) {
    if last_year_policy_day(row.context().rules, applied, from).is_some_and(|last| last.next() < to) {
        row.report(Code::TermTooLong, Field::InsuredTo);
    }
}

/// The last possible day of a policy that ends with the calendar year, given the days of its application and beginning.
#[must_use]
pub fn last_year_policy_day(rules: &RuleSettings, applied: Date, from: Date) -> Option<Date> {
    let for_next_year = applied.month_day() >= rules.rows.next_year_from;
    // A policy that begins after that year ends with the year in which it begins.
    let last_year = (applied.year() + i32::from(for_next_year)).max(from.year());
    Date::from_ymd(last_year, 12, 31)
}

/// The last day of a temporary certificate issued on a day.
#[must_use]
pub fn last_certificate_day(context: &CheckContext<'_>, issued: Date) -> Date {
    context.calendar.last_of_term(issued, context.rules.certificate_days(issued))
}

/// Checks a temporary certificate: its day of issue and its term.
#[cold]
fn certificate(row: &mut RowCheck<'_, '_, '_>, policy: &PolicyTerm, from: Date) {
    let context = row.context();
    if context.rules.rows.digital_from <= from {
        row.report(Code::CertificateAfterDigital, Field::PolicyKind);
    }
    let Some(to) = policy.to else { return };
    let first_after = last_certificate_day(&context, from).next();
    // A certificate ends earlier if the right to stay or the year ends earlier.
    let may_be_shorter = context.rules.is_term_limited(policy.category);
    if first_after < to || (to < first_after && !may_be_shorter) {
        row.report(Code::CertificateTerm, Field::InsuredTo);
    }
}

/// Checks the day of the application. `end` is the end of the insurance in the row. An end before the start has a finding of its own already.
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
        row.report(Code::AppliedBeforeBirth, Field::AppliedOn);
    }
    if row.context().as_of < applied {
        row.report(Code::AppliedInFuture, Field::AppliedOn);
    }
    if end <= applied && from.is_some_and(|from| from < end) {
        row.report(Code::AppliedAfterEnd, Field::AppliedOn);
    }
}

/// Checks that a change of data was reported within one month.
#[inline]
pub(super) fn late_notice(row: &mut RowCheck<'_, '_, '_>, changed: Option<Date>, applied: Option<Date>) {
    if let (Some(changed), Some(applied)) = (changed, applied)
        && changed.months_later(1) < applied
    {
        row.report(Code::LateNotice, Field::ChangedOn);
    }
}
