//! Expectations of rules: values where the rule and the row give them, else the words of the rule.

use crate::engine::{FindingValues, FindingWithRow};
use sverka_check::{CheckContext, EARLIEST_BIRTH, RENEWAL_AGES, last_certificate_day, last_year_policy_day};
use sverka_model::{Category, Code, Date, DateFormat, DocumentKind, Enp, EnpHolder, Field};
use sverka_reference::WorkingPeriod;
use sverka_rules::Rule;

/// Expectation that a finding contradicts. Empty for codes that no check of rows gives.
pub(super) fn expected(finding: &FindingWithRow, context: &CheckContext<'_>) -> String {
    fixed_text(finding)
        .map(str::to_owned)
        .or_else(|| date_expectation(finding, context))
        .or_else(|| person_expectation(finding, context))
        .or_else(|| organisation_expectation(finding, context))
        .or_else(|| term_expectation(finding, context))
        .or_else(|| Rule::by_code(finding.kind.code).expected.map(str::to_owned))
        .unwrap_or_default()
}

/// Expectation of a rule whose own words do not fit the finding.
fn fixed_text(finding: &FindingWithRow) -> Option<&'static str> {
    let has_value = finding.values.value.as_deref().is_some_and(|value| !value.is_empty());
    match finding.kind.code {
        Code::PolicyNumberMissing if finding.kind.field == Some(Field::Enp) => Some("the ENP of the single-sample policy"),
        Code::SnilsRequired | Code::SnilsRequiredEaeu if has_value => {
            Some("a SNILS with a right control number: a wrong one counts as none")
        }
        _ => None,
    }
}

/// Expectation about dates or about the number of fields.
fn date_expectation(FindingWithRow { kind, values, .. }: &FindingWithRow, context: &CheckContext<'_>) -> Option<String> {
    Some(match kind.code {
        Code::RowShape => match kind.shape {
            Some(shape) => format!("{} fields", shape.expected),
            None => "the fields of the layout".to_owned(),
        },
        Code::DateInvalid => match values.dates {
            Some(DateFormat::Any) | None => "a date".to_owned(),
            Some(format) => format!("a date {}", format.name()),
        },
        Code::BirthDateRange => format!("a day from {EARLIEST_BIRTH} to {}", context.as_of),
        Code::DatesReversed => match kind.field {
            Some(Field::InsuredFrom | Field::AttachedFrom) => format!("a day not before {}", named(values, &[Field::BirthDate])),
            Some(Field::AttachedTo) => format!("an end that leaves a day from {} on", named(values, &[Field::AttachedFrom])),
            _ => format!("an end that leaves a day from {} on", named(values, &[Field::InsuredFrom])),
        },
        Code::AppliedBeforeBirth => format!("a day not before {}", named(values, &[Field::BirthDate])),
        Code::AppliedInFuture => format!("a day not after {}", context.as_of),
        Code::AppliedAfterEnd => format!("a day before the end: {}", named(values, &[Field::StoppedOn, Field::InsuredTo])),
        Code::LateNotice => match values.date(Field::ChangedOn) {
            Some(changed) => format!("applied_on not after {}", changed.months_later(1)),
            None => "applied_on within one month".to_owned(),
        },
        Code::DocDates if kind.field == Some(Field::DocExpiresOn) => {
            format!("a day not before {}", named(values, &[Field::DocIssuedOn]))
        }
        Code::DocDates => {
            let last = values.date(Field::AppliedOn).map_or(context.as_of, |applied| applied.min(context.as_of));
            format!("a day from {} to {last}", named(values, &[Field::BirthDate]))
        }
        Code::DocExpired => format!("a day not before {}", context.as_of),
        Code::PassportNotRenewed => match renewal_birthday(values) {
            Some(RenewalBirthday { date, age }) => format!("a day not before {date}, the birthday of {age}"),
            None => "a day not before the birthday of 20 or 45".to_owned(),
        },
        _ => return None,
    })
}

/// Birthday after which a passport must be renewed.
struct RenewalBirthday {
    date: Date,
    age: i32,
}

/// Last birthday before the application after which the passport had to be renewed.
fn renewal_birthday(values: &FindingValues) -> Option<RenewalBirthday> {
    let (birth, issued) = (values.date(Field::BirthDate)?, values.date(Field::DocIssuedOn)?);
    let on = values.date(Field::AppliedOn).or_else(|| values.date(Field::InsuredFrom))?;
    let mut birthdays = RENEWAL_AGES.into_iter().rev().map(|age| RenewalBirthday { date: birth.birthday(age), age });
    birthdays.find(|birthday| issued < birthday.date && birthday.date < on)
}

/// Expectation about a person or the person's numbers.
fn person_expectation(FindingWithRow { kind, values, .. }: &FindingWithRow, context: &CheckContext<'_>) -> Option<String> {
    let category = || match values.text(Field::Category) {
        "" => "the category".to_owned(),
        category => format!("category {category}"),
    };
    Some(match kind.code {
        Code::EnpImpossible => format!("a birth date from {EARLIEST_BIRTH} to {} in the ENP", context.as_of),
        Code::EnpPersonMismatch => {
            let row = named(values, &[Field::BirthDate, Field::Sex]);
            match Enp::read(values.text(Field::Enp).trim_start_matches(['`', '\'']).as_bytes()).map(|reading| reading.holder) {
                Some(Ok(EnpHolder { birth_date, sex })) => {
                    format!("an ENP for {row}; this one is for birth_date {birth_date}, sex {}", sex as u8)
                }
                _ => format!("an ENP for {row}"),
            }
        }
        Code::NameSex => match values.text(Field::Sex) {
            "1" => "a name of a man: sex is 1".to_owned(),
            "2" => "a name of a woman: sex is 2".to_owned(),
            _ => "a name of the same sex".to_owned(),
        },
        Code::CategoryCitizenship => match values.text(Field::Category) {
            "1" | "6" => format!("Russia, as {} has it", category()),
            "4" | "9" => format!("no citizenship, as {} has it", category()),
            _ => format!("another citizenship than that of Russia, as {} has it", category()),
        },
        Code::DocCategory => format!("a document that people of {} have", category()),
        Code::DocNumberFormat => match values.text(Field::DocKind) {
            "" => "series and number of the kind of document".to_owned(),
            doc_kind => format!("series and number as documents of kind {doc_kind} have them"),
        },
        Code::DocAge if DocumentKind::parse(values.text(Field::DocKind).as_bytes()) == Some(DocumentKind::PASSPORT) => {
            "a document of a child: passports are given from the age of 14 on".to_owned()
        }
        Code::DocAge => "a passport: birth certificates serve until the age of 14".to_owned(),
        _ => return None,
    })
}

/// Expectation about an insurer or a clinic.
fn organisation_expectation(FindingWithRow { kind, values, .. }: &FindingWithRow, context: &CheckContext<'_>) -> Option<String> {
    let insurer = || {
        let found = context.insurers.find(values.text(Field::Insurer).as_bytes())?;
        Some(context.insurers.get(found).works)
    };
    let clinic = || {
        let found = context.clinics.find(values.text(Field::Clinic).as_bytes())?;
        Some(context.clinics.get(found).works)
    };
    let region = context.region.unwrap_or("the job");
    Some(match kind.code {
        Code::InsurerNotWorking => format!("insured_from {}", within(insurer())),
        Code::ClinicNotWorking => format!("attached_from {}", within(clinic())),
        Code::BeforeDictionary if kind.field == Some(Field::AttachedFrom) => format!("a day {}", within(clinic())),
        Code::BeforeDictionary => format!("a day {}", within(insurer())),
        Code::InsurerOtherRegion => format!("an insurer of region {region}"),
        Code::ClinicOtherRegion => format!("a clinic of region {region}"),
        _ => return None,
    })
}

/// Days on which an organisation works.
fn within(works: Option<WorkingPeriod>) -> String {
    match works {
        Some(WorkingPeriod { from, to: Date::NEVER }) => format!("not before {from}"),
        Some(WorkingPeriod { from, to }) => format!("not before {from} and before {to}"),
        None => "on which it works".to_owned(),
    }
}

/// Expectation about a policy and its term.
fn term_expectation(FindingWithRow { kind, values, .. }: &FindingWithRow, context: &CheckContext<'_>) -> Option<String> {
    let rules = context.rules;
    let category = values.text(Field::Category);
    Some(match kind.code {
        Code::TermMissing => format!("a planned end, which category {category} has"),
        Code::TermIgnored if category.is_empty() => "no planned end without a category that has one".to_owned(),
        Code::TermIgnored => format!("no planned end, which category {category} does not have"),
        Code::TermTooLong => {
            let from = values.date(Field::InsuredFrom);
            let applied = values.date(Field::AppliedOn).or(from);
            match from.zip(applied).and_then(|(from, applied)| last_year_policy_day(rules, applied, from)) {
                Some(last) => format!("{last} as the last day, or an earlier one"),
                None => "an end within the year".to_owned(),
            }
        }
        Code::CertificateTerm => {
            let is_limited = Category::parse(category.as_bytes()).is_some_and(|category| rules.is_term_limited(category));
            let or_earlier = if is_limited { ", or an earlier one" } else { "" };
            match values.date(Field::InsuredFrom) {
                Some(from) => format!("{} as the last day{or_earlier}", last_certificate_day(context, from)),
                None => "the prescribed number of working days".to_owned(),
            }
        }
        Code::CertificateAfterDigital => format!("3: policies are digital from {} on", rules.rows.digital_from),
        Code::OldPolicyAfterReform => format!("3: policies are of the single sample from {} on", rules.rows.single_sample_from),
        _ => return None,
    })
}

/// Names of fields with their values in the row. If all are empty: the name of the first field.
fn named(values: &FindingValues, fields: &[Field]) -> String {
    let given = fields.iter().filter(|&&field| !values.text(field).is_empty());
    let named: Vec<String> = given.map(|&field| format!("{} {}", field.name(), values.text(field))).collect();
    if named.is_empty() { fields[0].name().to_owned() } else { named.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::super::basis::CheckBasis;
    use super::*;
    use crate::engine::FindingKind;
    use sverka_model::Kind;

    #[test]
    fn every_code_that_a_check_gives_says_what_was_expected() {
        let basis = CheckBasis::without_tables("2026-11-01".parse().expect("a date"));
        let asked = |code: &Code| code.kind() == Kind::RowCheck && *code != Code::OverrideIgnored;
        for code in Code::ALL.iter().copied().filter(asked) {
            for field in code.fields().iter().copied().map(Some).chain([None]) {
                let kind = FindingKind { code, field, shape: None };
                let finding = FindingWithRow { line: 2, kind, values: FindingValues::default() };
                assert_ne!(expected(&finding, &basis.context()), "", "{} {field:?}", code.name());
            }
        }
    }
}
