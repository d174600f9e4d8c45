//! Rules as JSON, for programs.

use serde_json::{Value, json};

use super::AppliedSeverities;
use sverka_model::Field;
use sverka_rules::{Rule, Text};

/// The rules as a JSON array with a line end.
pub(super) fn array(rules: &[&Rule], applied: &AppliedSeverities) -> String {
    let rules: Vec<Value> = rules.iter().map(|rule| object(rule, applied)).collect();
    let mut text = serde_json::to_string_pretty(&rules).expect("invariant: plain data");
    text.push('\n');
    text
}

/// All facts about a rule.
fn object(rule: &Rule, applied: &AppliedSeverities) -> Value {
    let code = rule.code;
    json!({
        "code": code.name(),
        "kind": code.kind().name(),
        "subject": code.subject().name(),
        "severity": applied.word(rule),
        "default_severity": code.severity_word(code.severity()),
        "severity_of_sources": applied.of_sources(rule).into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "allowed": code.latitude().words(),
        "fixed_because": rule.fixed_because.map(both),
        "fields": code.fields().iter().copied().map(Field::name).collect::<Vec<_>>(),
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

/// A text in both languages.
fn both(text: Text) -> Value {
    json!({ "en": text.en, "ru": text.ru })
}
