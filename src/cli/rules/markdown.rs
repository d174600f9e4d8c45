//! The page `docs/rules.md`: every rule in both languages, with its example.

use std::fmt::Write as _;

use super::{example, page};
use sverka_model::{Field, Kind};
use sverka_rules::{Language, RULES, Rule, kind_text};

const LANGUAGES: [Language; 2] = [Language::English, Language::Russian];

const INTRODUCTION: &str = "\
<!-- Written by `sverka rules --markdown` from schemas/rules: change those and run it again. -->
# Rules · Правила

Every check, link and decision that sverka knows, each with what it means, what to do about it and what it is based on. `sverka rules` prints the same in a terminal.
Each rule has a case in which it speaks and a neighbour in which it does not; the tests run them all.

Все проверки, связи и решения, которые знает сверка: что они значат, что делать и на чём они основаны. То же выводит команда `sverka rules --lang ru`.
У каждого правила есть случай, в котором оно срабатывает, и соседний, в котором оно молчит; все они выполняются в тестах.

**Severity.** `error`: the row is quarantined. `warning`: the row is accepted. `off`: nothing is said. Links and decisions are `on` or `off`. A job changes rules so:

**Значение.** `error`: строка откладывается. `warning`: строка принимается. `off`: правило молчит. Связи и решения включены (`on`) или выключены (`off`). Задание меняет правила так:

```toml
[rules.severity]
SNILS_REQUIRED = \"error\"
L5 = \"off\"

[[registers]]
files = [\"registers/archive.csv\"]
severity = { ENP_CHECK_DIGIT = \"warning\", TERM_MISSING = \"off\" }
```

The examples say only what differs from a sound row; the as-of date is 2026-11-01. В примерах указано только то, чем строка отличается от верной; отчётная дата — 01.11.2026.
";

/// Text of the page.
#[must_use]
pub fn page() -> String {
    let mut text = INTRODUCTION.to_owned();
    for kind in Kind::ALL {
        let rules_of_kind = || RULES.iter().filter(|rule| rule.code.kind() == kind);
        let title = kind_text(kind);
        let _ = writeln!(text, "\n## {} · {}\n", capital(title.en), capital(title.ru));
        text.push_str("| | | | |\n|---|---|---|---|\n");
        for rule in rules_of_kind() {
            let word = rule.code.severity_word(rule.code.severity());
            let _ = writeln!(
                text,
                "| [`{0}`](#{1}) | {word} | {2} | {3} |",
                rule.name(),
                anchor(rule),
                rule.message.en,
                rule.message.ru
            );
        }
        rules_of_kind().for_each(|rule| write_rule(rule, &mut text));
    }
    text
}

/// Appends the section of a rule.
fn write_rule(rule: &Rule, text: &mut String) {
    let word = rule.code.severity_word(rule.code.severity());
    let _ = writeln!(text, "\n### {}\n\n**{}** · **{}**\n", rule.name(), rule.message.en, rule.message.ru);
    let fields =
        rule.code.fields().iter().copied().map(|field| format!("`{}`", Field::name(field))).collect::<Vec<_>>().join(" ");
    let allowed = match rule.code.latitude().words() {
        [] => String::new(),
        words => format!(" ({})", words.join(", ")),
    };
    let since = rule.since.map_or_else(String::new, |since| format!(" · since {since}"));
    let _ = writeln!(
        text,
        "`{word}`{allowed} · {} · {}{since}{}{fields}\n",
        rule.code.kind().name(),
        rule.code.subject().name(),
        if fields.is_empty() { "" } else { " · " }
    );
    for language in LANGUAGES {
        let (remedy, softened, basis) = (page::label::REMEDY, page::label::SOFTENED, page::label::BASIS);
        let _ = writeln!(text, "{} *{}:* {}", rule.meaning.get(language), remedy.get(language), rule.remedy.get(language));
        if let Some(text_of_softened) = rule.softened {
            let _ = writeln!(text, "*{}:* {}", softened.get(language), text_of_softened.get(language));
        }
        if rule.fixed_because.is_some() {
            let _ = writeln!(text, "*{}:* {}", page::label::JOB.get(language), page::latitude(rule, language));
        }
        let _ = writeln!(text, "*{}:* {}.\n", basis.get(language), page::based_on(rule, language));
    }
    for case in [&rule.example.triggers, &rule.example.neighbour] {
        let lines = example::lines(case, Language::English).join("\n");
        let _ = writeln!(text, "{} · {}\n```text\n{lines}\n```", case.said.en, case.said.ru);
    }
}

/// Anchor of the heading of a rule.
fn anchor(rule: &Rule) -> String {
    rule.name().to_ascii_lowercase()
}

/// The text with a capital at the start.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
