//! Policies, certificates, applications, citizenship, regions and doctors (SEM-094 to SEM-102). Each check is a plain sentence over the row's
//! values.

use std::collections::BTreeMap;

use super::checks::{Context, is_term_limited};
use super::dates::{self, Date};
use super::documents::Finding;
use super::identifiers;
use super::names;
use super::organisations;
use super::records::Table;

/// The warnings of these checks.
pub const CODES: [&str; 14] = [
    "SNILS_REQUIRED_EAEU",
    "CATEGORY_CITIZENSHIP",
    "TERM_TOO_LONG",
    "CERTIFICATE_TERM",
    "CERTIFICATE_AFTER_DIGITAL",
    "OLD_POLICY_AFTER_REFORM",
    "APPLIED_BEFORE_BIRTH",
    "APPLIED_IN_FUTURE",
    "APPLIED_AFTER_END",
    "LATE_NOTICE",
    "INSURER_OTHER_REGION",
    "CLINIC_OTHER_REGION",
    "DOCTOR_SNILS_INVALID",
    "DOCTOR_SNILS_MISSING",
];

type Values = BTreeMap<String, String>;

pub fn findings(table: Table, values: &Values, context: &Context) -> Vec<Finding> {
    let mut found: Vec<(&str, &'static str)> = Vec::new();
    let is_record = values["action"].is_empty();
    let codes: Vec<Option<(&str, &'static str)>> = match table {
        Table::Attachments => vec![clinic_of_other_region(values, context), doctor(values)],
        Table::Register => vec![insurer_of_other_region(values, context), snils_of_eaeu(values, context)],
    };
    found.extend(codes.into_iter().flatten());
    if table == Table::Register && is_record {
        let of_record = [
            citizenship(values, context),
            term_too_long(values, context),
            certificate_term(values, context),
            late_certificate(values, context),
            late_old_policy(values, context),
            before_birth(values, context),
            in_future(values, context),
            after_end(values, context),
            late_notice(values),
        ];
        found.extend(of_record.into_iter().flatten());
    }
    found.into_iter().map(|(field, code)| (Some(field.to_string()), code)).collect()
}

fn date(values: &Values, field: &str) -> Option<Date> {
    dates::parse(&values[field])
}

fn has(list: &[u32], text: &str) -> bool {
    list.iter().any(|number| number.to_string() == text)
}

fn insurer_of_other_region(values: &Values, context: &Context) -> Option<(&'static str, &'static str)> {
    let insurer = organisations::find(&context.insurers, &values["insurer"])?;
    of_other_region(&insurer.region, context).then_some(("insurer", "INSURER_OTHER_REGION"))
}

fn clinic_of_other_region(values: &Values, context: &Context) -> Option<(&'static str, &'static str)> {
    let clinic = organisations::find(&context.clinics, &values["clinic"])?;
    of_other_region(&clinic.region, context).then_some(("clinic", "CLINIC_OTHER_REGION"))
}

/// Whether the region of an organisation and that of the job are known and differ.
fn of_other_region(region: &str, context: &Context) -> bool {
    !region.is_empty() && !context.row_rules.region.is_empty() && region != context.row_rules.region
}

/// `DOCTOR_SNILS_MISSING` is off unless a job says otherwise.
fn doctor(values: &Values) -> Option<(&'static str, &'static str)> {
    let given = &values["doctor_snils"];
    (!given.is_empty() && identifiers::snils(given).is_none()).then_some(("doctor_snils", "DOCTOR_SNILS_INVALID"))
}

fn snils_of_eaeu(values: &Values, context: &Context) -> Option<(&'static str, &'static str)> {
    let required = has(&context.row_rules.eaeu_categories, &values["category"]);
    (required && values["snils"].is_empty()).then_some(("snils", "SNILS_REQUIRED_EAEU"))
}

fn citizenship(values: &Values, context: &Context) -> Option<(&'static str, &'static str)> {
    if values["citizenship"].is_empty() {
        return None;
    }
    let word = names::name(&values["citizenship"]);
    let is_one_of = |known: &[&str], more: &[String]| {
        known.iter().any(|known| names::name(known) == word) || more.iter().any(|known| names::name(known) == word)
    };
    let russian = is_one_of(
        &["RUS", "643", "RU", "РФ", "Россия", "Российская Федерация", "Russia", "Russian Federation"],
        &context.row_rules.russia,
    );
    let none = !russian
        && is_one_of(&["Б/Г", "БГ", "ЛБГ", "без гражданства", "лицо без гражданства"], &context.row_rules.no_citizenship);
    let contradicts = match values["category"].as_str() {
        "" | "0" => false,
        "1" | "6" => !russian,
        "4" | "9" => !none,
        _ => russian,
    };
    contradicts.then_some(("citizenship", "CATEGORY_CITIZENSHIP"))
}

fn term_too_long(values: &Values, context: &Context) -> Option<(&'static str, &'static str)> {
    let category = &values["category"];
    let limited = is_term_limited(category, &context.term_limited) && has(&context.row_rules.year_end_categories, category);
    if values["policy_kind"] != "3" || !limited {
        return None;
    }
    let (start, end) = (date(values, "insured_from")?, date(values, "insured_to")?);
    let applied = date(values, "applied_on").unwrap_or(start);
    let first_day_for_next_year = format!("{:04}-{}", applied.year, context.row_rules.next_year_from);
    let mut year = applied.year;
    if applied.to_string() >= first_day_for_next_year {
        year += 1;
    }
    if start.year > year {
        year = start.year;
    }
    let new_year = Date { year: year + 1, month: 1, day: 1 };
    (end > new_year).then_some(("insured_to", "TERM_TOO_LONG"))
}

fn certificate_term(values: &Values, context: &Context) -> Option<(&'static str, &'static str)> {
    if values["policy_kind"] != "2" {
        return None;
    }
    let (start, end) = (date(values, "insured_from")?, date(values, "insured_to")?);
    let right_end = last_day_of_certificate(start, context).next_day();
    let may_be_shorter = is_term_limited(&values["category"], &context.term_limited);
    let wrong = end > right_end || (end < right_end && !may_be_shorter);
    wrong.then_some(("insured_to", "CERTIFICATE_TERM"))
}

/// The last day of a certificate's term, the day of issue being day 1.
pub fn last_day_of_certificate(start: Date, context: &Context) -> Date {
    let mut terms = context.row_rules.certificate_terms.clone();
    terms.sort();
    let mut working_days = terms[0].1;
    for (from, days) in &terms {
        if *from <= start.to_string() {
            working_days = *days;
        }
    }
    let mut last = start;
    let mut counted = 1;
    while counted < working_days {
        last = last.next_day();
        if is_worked(last, context) {
            counted += 1;
        }
    }
    last
}

fn is_worked(day: Date, context: &Context) -> bool {
    if let Some((_, worked)) = context.row_rules.days.iter().find(|(known, _)| *known == day.to_string()) {
        return *worked;
    }
    let holidays = ["02-23", "03-08", "05-01", "05-09", "06-12", "11-04"];
    let in_year = day.to_string()[5..].to_string();
    let new_year = day.month == 1 && day.day <= 8;
    weekday(day) < 6 && !new_year && !holidays.contains(&in_year.as_str()) && !is_moved_holiday(day, &holidays)
}

/// "When a holiday falls on a day off, the day off moves to the next working day after the holiday", those of January excepted.
fn is_moved_holiday(day: Date, holidays: &[&str]) -> bool {
    let mut before = day.day_before();
    while weekday(before) >= 6 {
        if holidays.contains(&&before.to_string()[5..]) {
            return true;
        }
        before = before.day_before();
    }
    false
}

/// 1 Monday to 7 Sunday (the method of Zeller).
fn weekday(day: Date) -> i32 {
    let (month, year) = if day.month < 3 { (day.month as i32 + 12, day.year - 1) } else { (day.month as i32, day.year) };
    let of_week = (day.day as i32 + 13 * (month + 1) / 5 + year + year / 4 - year / 100 + year / 400) % 7;
    (of_week + 5) % 7 + 1
}

fn late_certificate(values: &Values, context: &Context) -> Option<(&'static str, &'static str)> {
    let start = date(values, "insured_from")?;
    let late = values["policy_kind"] == "2" && start.to_string() >= context.row_rules.digital_from;
    late.then_some(("policy_kind", "CERTIFICATE_AFTER_DIGITAL"))
}

fn late_old_policy(values: &Values, context: &Context) -> Option<(&'static str, &'static str)> {
    let start = date(values, "insured_from")?;
    let late = values["policy_kind"] == "1" && start.to_string() >= context.row_rules.single_sample_from;
    late.then_some(("policy_kind", "OLD_POLICY_AFTER_REFORM"))
}

fn before_birth(values: &Values, context: &Context) -> Option<(&'static str, &'static str)> {
    let birth = super::documents::possible_birth(values, context)?;
    (date(values, "applied_on")? < birth).then_some(("applied_on", "APPLIED_BEFORE_BIRTH"))
}

fn in_future(values: &Values, context: &Context) -> Option<(&'static str, &'static str)> {
    (date(values, "applied_on")? > context.as_of).then_some(("applied_on", "APPLIED_IN_FUTURE"))
}

fn after_end(values: &Values, context: &Context) -> Option<(&'static str, &'static str)> {
    let (start, end) = (date(values, "insured_from")?, own_end(values, context)?);
    // `DATES_REVERSED` reports an end that is not after the start.
    (start < end && date(values, "applied_on")? >= end).then_some(("applied_on", "APPLIED_AFTER_END"))
}

/// The end of the insurance that the row gives: the actual one, or the planned one of a limited category, whose default is 1 January.
pub fn own_end(values: &Values, context: &Context) -> Option<Date> {
    let stopped = date(values, "stopped_on");
    let mut planned = None;
    if is_term_limited(&values["category"], &context.term_limited) {
        planned = date(values, "insured_to");
        if values["insured_to"].is_empty() {
            let start = date(values, "insured_from");
            planned = start.and_then(|start| dates::real(start.year + 1, 1, 1)).filter(|end| end.year <= 9999);
        }
    }
    match (stopped, planned) {
        (Some(stopped), Some(planned)) => Some(stopped.min(planned)),
        (stopped, planned) => stopped.or(planned),
    }
}

/// `LATE_NOTICE`: an application later than a month after the change, that is after the same day of the next month, or its last day.
fn late_notice(values: &Values) -> Option<(&'static str, &'static str)> {
    let (changed, applied) = (date(values, "changed_on")?, date(values, "applied_on")?);
    let (year, month) = if changed.month == 12 { (changed.year + 1, 1) } else { (changed.year, changed.month + 1) };
    let last_day = Date { year, month, day: changed.day.min(dates::days_in_month(year, month)) };
    (applied > last_day).then_some(("changed_on", "LATE_NOTICE"))
}
