//! Reader of selectors in TOML.

use toml::{Table, Value};

use super::error::OverridesFault;
use sverka_model::{Enp, PolicyKind, Snils, normalise_document_number, normalise_name, normalise_policy_number};
use sverka_model::{document_key, policy_key};
use sverka_reference::setting;
use sverka_settings::{NumberSelector, RowName, RowSelector, Selector};

const KEYS: &str = "`enp`, `snils`, `policy`, `document`, `given_name`, `birth_date`, or `source` with `record_id` or `line`";
const ROW_KEYS: &str = "`source` with `record_id` or `line`";

/// Reads one selector or a list of them.
pub(super) fn selectors(key: &'static str, value: &Value) -> Result<Vec<Selector>, OverridesFault> {
    tables(key, value)?.into_iter().map(selector).collect()
}

/// Reads one selector of rows or a list of them.
pub(super) fn rows(key: &'static str, value: &Value) -> Result<Vec<RowSelector>, OverridesFault> {
    let read_row = |table: &Table| {
        let unknown = table.keys().find(|key| !["source", "record_id", "line"].contains(&key.as_str()));
        if let Some(unknown) = unknown {
            return Err(OverridesFault::SelectorKey { key: unknown.clone(), known: ROW_KEYS });
        }
        row_selector(table)?.ok_or(OverridesFault::SelectorVague)
    };
    tables(key, value)?.into_iter().map(read_row).collect()
}

fn tables<'v>(key: &'static str, value: &'v Value) -> Result<Vec<&'v Table>, OverridesFault> {
    let shape = || OverridesFault::SelectorShape { key };
    match value {
        Value::Table(table) => Ok(vec![table]),
        Value::Array(list) if !list.is_empty() => list.iter().map(|value| value.as_table().ok_or_else(shape)).collect(),
        _ => Err(shape()),
    }
}

fn selector(table: &Table) -> Result<Selector, OverridesFault> {
    let mut selector = Selector { row: row_selector(table)?, ..Selector::default() };
    for (key, value) in table {
        match key.as_str() {
            "enp" => selector.enp = Some(enp(value)?),
            "snils" => selector.snils = Some(snils(value)?),
            "policy" => selector.policy = Some(policy(value)?),
            "document" => selector.document = Some(document(value)?),
            "given_name" => selector.given_name = Some(normalise_name(text("given_name", value)?)),
            "birth_date" => {
                let wrong = |_| wrong("birth_date", "a date such as 1980-05-17");
                selector.birth_date = Some(setting::date(value).map_err(wrong)?);
            }
            "source" | "record_id" | "line" => {}
            _ => return Err(OverridesFault::SelectorKey { key: key.clone(), known: KEYS }),
        }
    }
    let Selector { enp, snils, policy, document, row, .. } = &selector;
    let names_records = enp.is_some() || snils.is_some() || policy.is_some() || document.is_some() || row.is_some();
    if names_records { Ok(selector) } else { Err(OverridesFault::SelectorVague) }
}

fn wrong(key: &'static str, expected: &'static str) -> OverridesFault {
    OverridesFault::SelectorValue { key, expected }
}

fn text<'v>(key: &'static str, value: &'v Value) -> Result<&'v str, OverridesFault> {
    let text = value.as_str().map(str::trim).filter(|text| !text.is_empty());
    text.ok_or_else(|| wrong(key, "a text in quotes, not empty"))
}

/// ENP of a selector. No accepted record has an ENP with a wrong check digit, so such a number is refused.
fn enp(value: &Value) -> Result<Enp, OverridesFault> {
    let enp = Enp::parse(text("enp", value)?.as_bytes()).filter(|enp| enp.check_digit_ok() && *enp != Enp::NONE);
    enp.ok_or_else(|| wrong("enp", "16 digits in quotes, with a right check digit"))
}

fn snils(value: &Value) -> Result<Snils, OverridesFault> {
    let snils = Snils::parse(text("snils", value)?.as_bytes());
    snils.map_err(|_| wrong("snils", "11 digits in quotes, with a right control number"))
}

fn policy(value: &Value) -> Result<NumberSelector, OverridesFault> {
    const EXPECTED: &str =
        "{ kind = 1, number = \"…\" } with kind 1 (old) or 2 (temporary); single-sample policies are named by `enp`";
    let named = NamedNumber::read("policy", value, EXPECTED, normalise_policy_number)?;
    match PolicyKind::parse(named.kind.as_bytes()).filter(|kind| kind.has_own_number()) {
        Some(kind) => {
            let key = policy_key(kind, &named.normalised);
            Ok(NumberSelector { key, kind: named.kind, normalised: named.normalised })
        }
        None => Err(wrong("policy", EXPECTED)),
    }
}

fn document(value: &Value) -> Result<NumberSelector, OverridesFault> {
    const EXPECTED: &str = "{ kind = \"14\", number = \"…\" } with series and number as rows have them";
    let named = NamedNumber::read("document", value, EXPECTED, |number, out| {
        normalise_document_number(number, out);
    })?;
    // The key is made of the written number: normalising a normal form again may change it.
    Ok(NumberSelector { key: document_key(&named.kind, named.number), kind: named.kind, normalised: named.normalised })
}

/// Kind and number of a policy or a document in a selector.
struct NamedNumber<'v> {
    kind: String,
    /// Number as written.
    number: &'v str,
    /// Normal form of the number; never empty.
    normalised: String,
}

impl<'v> NamedNumber<'v> {
    fn read(
        key: &'static str,
        value: &'v Value,
        expected: &'static str,
        normalise: fn(&str, &mut String),
    ) -> Result<Self, OverridesFault> {
        let table = value.as_table().filter(|table| table.keys().all(|key| key == "kind" || key == "number"));
        let kind = table.and_then(|table| table.get("kind")).and_then(|kind| match kind {
            Value::Integer(kind) => Some(kind.to_string()),
            Value::String(kind) => Some(kind.trim().to_owned()),
            _ => None,
        });
        let number = table.and_then(|table| table.get("number")).and_then(Value::as_str).unwrap_or_default();
        let mut normalised = String::new();
        normalise(number, &mut normalised);
        match kind.filter(|kind| !kind.is_empty() && !normalised.is_empty()) {
            Some(kind) => Ok(Self { kind, number, normalised }),
            None => Err(wrong(key, expected)),
        }
    }
}

/// Row that a selector names, if it names one.
fn row_selector(table: &Table) -> Result<Option<RowSelector>, OverridesFault> {
    let (source, record_id, line) = (table.get("source"), table.get("record_id"), table.get("line"));
    let name = match (record_id, line) {
        (Some(id), None) => RowName::RecordId(text("record_id", id)?.to_owned()),
        (None, Some(line)) => {
            let number = line.as_integer().and_then(|line| u64::try_from(line).ok()).filter(|&line| line > 0);
            RowName::Line(number.ok_or_else(|| wrong("line", "the number of a line, counted from 1"))?)
        }
        (None, None) if source.is_none() => return Ok(None),
        _ => return Err(wrong("source", "given together with either `record_id` or `line`")),
    };
    let source = source.ok_or_else(|| wrong("source", "given together with either `record_id` or `line`"))?;
    Ok(Some(RowSelector { source: text("source", source)?.to_owned(), name }))
}
