//! Identity documents (SRC-46): kinds, masks, age, category, dates. Each check is a plain sentence over the row's values.

use std::collections::{BTreeMap, BTreeSet};

use super::checks::Context;
use super::dates::{self, Date, FOREVER};
use super::records::Table;

/// The warnings of these checks.
pub const CODES: [&str; 8] = [
    "DOC_KIND_UNKNOWN",
    "DOC_NUMBER_FORMAT",
    "DOC_SERIES_ALPHABET",
    "DOC_AGE",
    "DOC_CATEGORY",
    "DOC_EXPIRED",
    "DOC_DATES",
    "PASSPORT_NOT_RENEWED",
];

/// Kinds of documents with their masks of series and number together (SRC-46).
const MASKS: [(&str, &str); 26] = [
    ("1", "R-ББ 999999"),
    ("2", "SSSSSSSS 00000009"),
    ("3", "R-ББ 999999"),
    ("4", "ББ 9999999"),
    ("5", "SSSSSSSS 00000009"),
    ("6", "ББ 999999"),
    ("7", "ББ 9999990"),
    ("8", "99 9999999"),
    ("9", "SSSSSSSS 0000000009"),
    ("10", "SSSSSSSS 00000009"),
    ("11", "SSSSSSSS 00000009"),
    ("12", "SSSSSSSS 00000009"),
    ("13", "SSSSSSSS 00000009"),
    ("14", "99 99 999999"),
    ("15", "99 9999999"),
    ("16", "ББ 9999990"),
    ("17", "ББ 999999"),
    ("18", "SSSSSSSS 0000000009"),
    ("20", "SSSSSSSS 0000000009"),
    ("21", "SSSSSSSS 0000000009"),
    ("22", "SSSSSSSS 0000000009"),
    ("23", "SSSSSSSS 00000009"),
    ("24", "SSSSSSSS 00000009"),
    ("25", "ББ 9999999"),
    ("27", ""),
    ("28", ""),
];

/// (field, code)
pub type Finding = (Option<String>, &'static str);

pub fn findings(table: Table, values: &BTreeMap<String, String>, context: &Context) -> Vec<Finding> {
    let mut found = Vec::new();
    kind_and_number(values, &mut found);
    if table == Table::Register && values["action"].is_empty() {
        holder(values, context, &mut found);
        day_of_issue(values, context, &mut found);
        last_day(values, context, &mut found);
    }
    found
}

fn find(found: &mut Vec<Finding>, field: &str, code: &'static str) {
    found.push((Some(field.to_string()), code));
}

fn date(values: &BTreeMap<String, String>, field: &str) -> Option<Date> {
    dates::parse(&values[field])
}

/// The document kind of the row, when there is such a kind.
fn known_kind(values: &BTreeMap<String, String>) -> Option<&str> {
    MASKS.iter().map(|(kind, _)| *kind).find(|kind| *kind == values["doc_kind"])
}

/// `DOC_KIND_UNKNOWN`, `DOC_NUMBER_FORMAT`, `DOC_SERIES_ALPHABET`
fn kind_and_number(values: &BTreeMap<String, String>, found: &mut Vec<Finding>) {
    if values["doc_kind"].is_empty() {
        return;
    }
    let Some((_, mask)) = MASKS.iter().find(|(kind, _)| *kind == values["doc_kind"]) else {
        return find(found, "doc_kind", "DOC_KIND_UNKNOWN");
    };
    if mask.is_empty() || values["doc_number"].is_empty() {
        return;
    }
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '№').collect::<String>();
    let number = bare(&values["doc_number"]);
    let mask = bare(mask);
    let (fits, in_cyrillic) = match mask.strip_prefix("R-") {
        None => (matches(&mask, &number), false),
        Some(after) => match number.split_once('-') {
            None => (false, false),
            Some((roman, rest)) => {
                let latin = in_latin(roman);
                (is_roman(&latin) && matches(after, rest), latin != roman)
            }
        },
    };
    if !fits {
        find(found, "doc_number", "DOC_NUMBER_FORMAT");
    } else if in_cyrillic {
        find(found, "doc_number", "DOC_SERIES_ALPHABET");
    }
}

fn in_latin(roman: &str) -> String {
    roman
        .chars()
        .map(|c| match c {
            '1' => 'I',
            'У' => 'V',
            'Х' => 'X',
            'Л' => 'L',
            'С' => 'C',
            other => other,
        })
        .collect()
}

/// Whether the text is the usual spelling of a Roman number.
fn is_roman(text: &str) -> bool {
    let worth = |c: char| match c {
        'I' => 1,
        'V' => 5,
        'X' => 10,
        'L' => 50,
        'C' => 100,
        'D' => 500,
        'M' => 1000,
        _ => 0,
    };
    let chars: Vec<char> = text.chars().collect();
    let mut value = 0;
    for (at, c) in chars.iter().enumerate() {
        if worth(*c) == 0 {
            return false;
        }
        let next = chars.get(at + 1).map_or(0, |c| worth(*c));
        value += if worth(*c) < next { -worth(*c) } else { worth(*c) };
    }
    let mut written = String::new();
    let mut left = value;
    for (worth, figures) in [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ] {
        while left >= worth {
            written += figures;
            left -= worth;
        }
    }
    (1..=3999).contains(&value) && written == text
}

/// Whether the text fits the mask: a walk through the text with the set of the places of the mask that may come next.
fn matches(mask: &str, text: &str) -> bool {
    let mask: Vec<char> = mask.chars().collect();
    let mut places = with_optional_signs(&mask, BTreeSet::from([0]));
    for c in text.chars() {
        let accepts = |at: &usize| match mask.get(*at) {
            Some('9' | '0') => c.is_ascii_digit(),
            Some('Б') => ('А'..='Я').contains(&c) || c == 'Ё',
            Some('S') => true,
            Some('-') => c == '-',
            _ => false,
        };
        places = with_optional_signs(&mask, places.iter().filter(|at| accepts(at)).map(|at| at + 1).collect());
    }
    places.contains(&mask.len())
}

/// The places, and those behind signs of the mask that may be left out.
fn with_optional_signs(mask: &[char], mut places: BTreeSet<usize>) -> BTreeSet<usize> {
    for (at, sign) in mask.iter().enumerate() {
        if places.contains(&at) && matches!(sign, '0' | 'S') {
            places.insert(at + 1);
        }
    }
    places
}

/// "the day of the application, else the first day of the insurance"
fn day_of_use(values: &BTreeMap<String, String>) -> Option<Date> {
    date(values, "applied_on").or(date(values, "insured_from"))
}

/// The birth date, unless it is out of the range of the living.
pub fn possible_birth(values: &BTreeMap<String, String>, context: &Context) -> Option<Date> {
    let earliest = Date { year: 1900, month: 1, day: 1 };
    date(values, "birth_date").filter(|birth| earliest <= *birth && *birth <= context.as_of)
}

fn days_later(day: Date, days: usize) -> Date {
    (0..days).fold(day, |day, _| day.next_day())
}

/// `DOC_CATEGORY`, `DOC_AGE`
fn holder(values: &BTreeMap<String, String>, context: &Context, found: &mut Vec<Finding>) {
    let Some(kind) = known_kind(values) else { return };
    let has = |list: &[u32], text: &str| list.iter().any(|number| number.to_string() == text);
    if context.row_rules.unfit.iter().any(|(categories, kinds)| has(categories, &values["category"]) && has(kinds, kind)) {
        find(found, "doc_kind", "DOC_CATEGORY");
    }
    let Some(birth) = possible_birth(values, context) else { return };
    let fourteen = birth.plus_years(14);
    let too_young = is_of_another(values, context.as_of);
    let last_day = days_later(fourteen, context.row_rules.birth_certificate_grace_days);
    let too_old = (kind == "3" || kind == "24") && day_of_use(values).is_some_and(|on| last_day < on);
    if too_young || too_old {
        find(found, "doc_kind", "DOC_AGE");
    }
}

/// A passport that cannot be the person's own (SEM-117). It was issued before the person was 14, or the person is not 14 on `D`.
pub fn is_of_another(values: &BTreeMap<String, String>, as_of: Date) -> bool {
    let earliest = Date { year: 1900, month: 1, day: 1 };
    let Some(birth) = dates::parse(&values["birth_date"]).filter(|birth| earliest <= *birth && *birth <= as_of) else {
        return false;
    };
    let issued = values.get("doc_issued_on").and_then(|day| dates::parse(day)).unwrap_or(as_of);
    let fourteen = birth.plus_years(14);
    values["doc_kind"] == "14" && (issued < fourteen || as_of < fourteen)
}

/// `DOC_DATES` of the day of issue, `PASSPORT_NOT_RENEWED`
fn day_of_issue(values: &BTreeMap<String, String>, context: &Context, found: &mut Vec<Finding>) {
    let Some(issued) = date(values, "doc_issued_on") else { return };
    let birth = possible_birth(values, context);
    let before_birth = birth.is_some_and(|birth| issued < birth);
    let after_application = date(values, "applied_on").is_some_and(|applied| issued > applied);
    if before_birth || after_application || issued > context.as_of {
        find(found, "doc_issued_on", "DOC_DATES");
    }
    let (Some(birth), Some(on)) = (birth, day_of_use(values)) else { return };
    for age in [20, 45] {
        let last_day = days_later(birth.plus_years(age), context.row_rules.passport_renewal_grace_days);
        if values["doc_kind"] == "14" && issued < birth.plus_years(age) && on > last_day {
            find(found, "doc_issued_on", "PASSPORT_NOT_RENEWED");
        }
    }
}

/// `DOC_DATES` of the last day, `DOC_EXPIRED`
fn last_day(values: &BTreeMap<String, String>, context: &Context, found: &mut Vec<Finding>) {
    let Some(last) = date(values, "doc_expires_on") else { return };
    if date(values, "doc_issued_on").is_some_and(|issued| last < issued) {
        find(found, "doc_expires_on", "DOC_DATES");
    }
    let expires =
        known_kind(values).is_some_and(|kind| context.row_rules.expiring.iter().any(|number| number.to_string() == kind));
    if expires && last < context.as_of && context.as_of < super::terms::own_end(values, context).unwrap_or(FOREVER) {
        find(found, "doc_expires_on", "DOC_EXPIRED");
    }
}
