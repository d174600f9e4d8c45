//! All facts about one rule, for a terminal.

use std::fmt::Write as _;

use super::{AppliedSeverities, example};
use crate::cli::lines::hanging;
use sverka_model::{Field, Latitude};
use sverka_rules::{Basis, Certainty, Language, Rule, Text, kind_text, subject_text};
use sverka_text::wrapped;

const INDENT: &str = "  ";

/// Headings and labels of the parts of a rule.
pub(super) mod label {
    use sverka_rules::Text;

    pub const SEVERITY: Text = Text { en: "Severity", ru: "Значение" };
    pub const KIND: Text = Text { en: "Kind", ru: "Вид" };
    pub const FIELDS: Text = Text { en: "Fields", ru: "Поля" };
    pub const BASIS: Text = Text { en: "Based on", ru: "Основание" };
    pub const SINCE: Text = Text { en: "Since", ru: "Действует с" };
    pub const JOB: Text = Text { en: "In a job", ru: "В задании" };
    pub const MEANING: Text = Text { en: "What it means", ru: "Что это значит" };
    pub const REMEDY: Text = Text { en: "What to do", ru: "Что делать" };
    pub const SOFTENED: Text = Text { en: "If the job says less", ru: "Если задание смягчает правило" };
}

/// Text about a rule, for a terminal of `width` columns.
pub(super) fn one(rule: &Rule, applied: &AppliedSeverities, language: Language, width: usize) -> String {
    let mut text = hanging(&format!("{}  ", rule.name()), rule.message.get(language), width) + "\n";
    let facts = facts(rule, applied, language);
    let labels = facts.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
    let room = width.saturating_sub(labels + 2 * INDENT.len()).max(24);
    for (label, fact) in &facts {
        let before = labels + 2 * INDENT.len();
        let lines = wrapped(fact, room).join(&format!("\n{:before$}", ""));
        let _ = writeln!(text, "{INDENT}{label:<labels$}{INDENT}{lines}");
    }
    let softened = rule.softened.map(|softened| (label::SOFTENED, softened));
    for (label, part) in [(label::MEANING, rule.meaning), (label::REMEDY, rule.remedy)].into_iter().chain(softened) {
        let lines = wrapped(part.get(language), width.saturating_sub(INDENT.len()).clamp(24, 110));
        let _ = writeln!(text, "\n{}\n{INDENT}{}", label.get(language), lines.join("\n  "));
    }
    text.push_str(&example::shown(&rule.example, language, width));
    text
}

/// Facts that take one line each, with their labels.
fn facts(rule: &Rule, applied: &AppliedSeverities, language: Language) -> Vec<(&'static str, String)> {
    let mut severity = applied.word(rule).to_owned();
    if applied.is_changed(rule) {
        let by_itself = Text { en: "by itself", ru: "само по себе" };
        let _ = write!(severity, " ({} {})", by_itself.get(language), rule.code.severity_word(rule.code.severity()));
    }
    for (source, word) in applied.of_sources(rule) {
        let _ = write!(severity, "; {source}: {word}");
    }
    let mut facts = vec![
        (label::SEVERITY, severity),
        (
            label::KIND,
            format!("{}: {}", kind_text(rule.code.kind()).get(language), subject_text(rule.code.subject()).get(language)),
        ),
    ];
    let fields = rule.code.fields();
    if !fields.is_empty() {
        facts.push((label::FIELDS, fields.iter().copied().map(Field::name).collect::<Vec<_>>().join(", ")));
    }
    facts.push((label::BASIS, based_on(rule, language)));
    if let Some(since) = rule.since {
        facts.push((label::SINCE, since.to_owned()));
    }
    facts.push((label::JOB, latitude(rule, language)));
    facts.into_iter().map(|(label, fact)| (label.get(language), fact)).collect()
}

/// Basis and source of a rule, with the doubt about an act that was not verified. A rule without an act cannot be verified in one.
pub(super) fn based_on(rule: &Rule, language: Language) -> String {
    let (source, doubt) = (rule.source.get(language), rule.certainty.text().get(language));
    // The text of a source of two acts may say itself which of them was not read.
    let remark = match rule.certainty {
        Certainty::Unverified if is_based_on_act(rule) && !source.contains(doubt) => format!(" ({doubt})"),
        Certainty::Unverified | Certainty::Verified => String::new(),
    };
    format!("{}: {source}{remark}", rule.basis.text().get(language))
}

/// Whether a rule is based on a law, or on an order under a law.
fn is_based_on_act(rule: &Rule) -> bool {
    matches!(rule.basis, Basis::Law | Basis::Order)
}

/// Severities that a job may give the rule.
pub(super) fn latitude(rule: &Rule, language: Language) -> String {
    let allowed = match rule.code.latitude() {
        Latitude::Fixed => {
            let fixed = Text { en: "cannot be changed", ru: "изменить нельзя" }.get(language);
            return rule.fixed_because.map_or(fixed.to_owned(), |why| format!("{fixed}. {}", why.get(language)));
        }
        Latitude::Severity => Text {
            en: "error, warning or off; for single sources, too",
            ru: "error, warning или off; в том числе для отдельных источников",
        },
        Latitude::OffOrWarning => Text {
            en: "warning or off; for single sources, too. No error, since it is found when the row has been accepted",
            ru: "warning или off; в том числе для отдельных источников. Не error: выясняется, когда строка уже принята",
        },
        Latitude::Switch => {
            Text { en: "on or off, for all sources alike", ru: "on или off, сразу для всех источников" }
        }
    };
    allowed.get(language).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sverka_rules::RULES;

    #[test]
    fn that_an_act_was_not_verified_is_said_once() {
        for language in [Language::English, Language::Russian] {
            let doubt = Certainty::Unverified.text().get(language);
            for rule in RULES {
                let said = based_on(rule, language).matches(doubt).count();
                let is_unverified = rule.certainty == Certainty::Unverified && is_based_on_act(rule);
                assert_eq!(said, usize::from(is_unverified), "{}", rule.name());
            }
        }
    }
}
