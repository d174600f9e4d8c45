//! Section of the decisions about a person: both sides, the reasons, the legal basis, the outcome.

use super::{INDENT, TextWriter};
use crate::explain::decided_by_people::{decided_days, taken_back};
use crate::explain::explanation::{ExplainedDecision, Explanation};
use crate::explain::sentences::{DecisionContext, Label, Section};

/// Indent of the sentences about a decision.
const DETAIL_INDENT: &str = "      ";

/// Writes the section.
pub(super) fn write(writer: &mut TextWriter, explained: &Explanation) {
    let sentences = writer.sentences;
    writer.heading(&format!("{} ({})", sentences.section(Section::Decisions), explained.decisions.len()));
    if explained.decisions.is_empty() {
        writer.sentence(INDENT, sentences.no_decisions());
    }
    for (number, decision) in (1..).zip(&explained.decisions) {
        writer.sentence(INDENT, &format!("{number}. {} ({})", sentences.heading(decision), decision.rule));
        write_decision(writer, explained, decision);
    }
}

fn write_decision(writer: &mut TextWriter, explained: &Explanation, decision: &ExplainedDecision) {
    let sentences = writer.sentences;
    let taken_back = taken_back(explained, decision);
    for loser in [true, false] {
        let name = sentences.side_name(&decision.outcome, loser, taken_back.is_some());
        let side = side(writer, explained, decision, loser);
        writer.sentence(DETAIL_INDENT, &format!("{name}: {side}"));
    }
    let context = DecisionContext {
        settings: &explained.settings,
        tolerated: tolerated_rule(explained, decision),
        is_taken_back: taken_back.is_some(),
    };
    write_labelled(writer, Label::Why, &sentences.why(decision, &context));
    write_labelled(writer, Label::Basis, sentences.basis(decision));
    let outcome = match taken_back {
        Some(by_people) => {
            let days = decided_days(explained, &explained.decisions[by_people]);
            sentences.outcome_taken_back(decision, by_people + 1, days)
        }
        None => {
            write_labelled(writer, Label::ToDo, sentences.rule(&decision.rule).remedy);
            sentences.outcome(decision, decided_days(explained, decision))
        }
    };
    writer.sentence(DETAIL_INDENT, &outcome);
}

/// One side of a decision with the number of its record, or with its source line when the record belongs to another
/// person.
fn side(writer: &TextWriter, explained: &Explanation, decision: &ExplainedDecision, loser: bool) -> String {
    let side = if loser { &decision.loser } else { &decision.winner };
    let record = explained.record_index(decision.subject, &side.source_line);
    let record = record.map_or_else(|| writer.source_line(&side.source_line), |index| format!("[{}]", index + 1));
    format!("{}, {record}", writer.sentences.side(decision, loser))
}

fn write_labelled(writer: &mut TextWriter, label: Label, sentence: &str) {
    if !sentence.is_empty() {
        let label = writer.sentences.label(label);
        writer.sentence(DETAIL_INDENT, &format!("{label}: {sentence}"));
    }
}

/// Rule that a change broke and that the job tolerates.
fn tolerated_rule<'e>(explained: &'e Explanation, decision: &ExplainedDecision) -> Option<&'e str> {
    let winner = explained.records.iter().find(|record| record.source_line == decision.winner.source_line)?;
    let mut codes = winner.findings.iter().map(|finding| finding.code.as_str());
    codes.find(|code| decision.outcome == "superseded" && matches!(*code, "CHANGE_LIMIT" | "CHANGE_DEADLINE"))
}
