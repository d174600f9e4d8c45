//! Rules for programs.

use serde_json::{Value, json};

use super::Applied;
use crate::model::Field;
use crate::rules::{Latitude, Rule, Text};

/// The rules as a JSON array, with a line break behind it.
pub(super) fn array(rules: &[&Rule], applied: &Applied) -> String {
    let rules: Vec<Value> = rules.iter().map(|rule| object(rule, applied)).collect();
    let mut text = serde_json::to_string_pretty(&rules).expect("invariant: plain data");
    text.push('\n');
    text
}

fn object(rule: &Rule, applied: &Applied) -> Value {
    let why = match rule.latitude {
        Latitude::Fixed(why) => Some(both(why)),
        _ => None,
    };
    json!({
        "code": rule.name,
        "kind": rule.kind.name(),
        "subject": rule.subject.name(),
        "severity": applied.word(rule),
        "default_severity": rule.word(rule.severity),
        "severity_of_sources": applied.of_sources(rule).into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "allowed": rule.latitude.words(),
        "fixed_because": why,
        "fields": rule.fields.iter().copied().map(Field::name).collect::<Vec<_>>(),
        "message": both(rule.message),
        "meaning": both(rule.meaning),
        "remedy": both(rule.remedy),
        "softened": rule.softened.map(both),
        "basis": rule.basis.name(),
        "source": both(rule.source),
        "since": rule.since,
        "certainty": rule.certainty.name(),
    })
}

fn both(text: Text) -> Value {
    json!({ "en": text.en, "ru": text.ru })
}
