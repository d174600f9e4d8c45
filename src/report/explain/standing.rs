//! What stands after people have decided: which stays come from a decision of people, and which decisions of rules they took back.

use super::told::{DecisionTold, Explained, RecordTold, StayTold};

/// The stays of a subject that people decided on, each with the place of the decision in the list of decisions.
///
/// A decision names the day on which its stay begins. Where the organisation is taken over within that stay, the next piece rests on the same records
/// and follows without a gap.
pub(super) fn decided_by_people(explained: &Explained, subject: &str) -> Vec<Option<usize>> {
    let stays = if subject == "insurer" { &explained.insurance } else { &explained.attachments };
    let mut decided: Vec<Option<usize>> = Vec::with_capacity(stays.len());
    for (index, stay) in stays.iter().enumerate() {
        let begins = |decision: &DecisionTold| {
            is_of(decision, subject, stay.profile) && decision.start == stay.from && decision.winner.code == stay.code
        };
        let begun = explained.decisions.iter().position(|decision| decision.is_of_people() && begins(decision));
        let before = index.checked_sub(1).map(|before| (&stays[before], decided[before]));
        decided.push(begun.or_else(|| {
            let (former, number) = before?;
            number.filter(|&number| goes_on(former, stay) && stay.code != explained.decisions[number].loser.code)
        }));
    }
    decided
}

/// The decision of people that took a decision of a rule back: the loser's record counts all the same, or the winner's had given way by then.
pub(super) fn taken_back(explained: &Explained, decision: &DecisionTold) -> Option<usize> {
    if decision.is_of_people() || !matches!(decision.outcome.as_str(), "lost" | "refused") {
        return None;
    }
    let of_people = || {
        let all = explained.decisions.iter().enumerate();
        all.filter(|(_, other)| other.is_of_people() && is_of(other, decision.subject, decision.profile))
    };
    let counts = record_of(explained, decision).is_some_and(|record| !record.rests_in.is_empty());
    let for_loser = of_people().find(|(_, other)| counts && other.winner.code == decision.loser.code);
    let against_winner =
        || of_people().find(|(_, other)| other.loser.place == decision.winner.place && (counts || other.start <= decision.start));
    for_loser.or_else(against_winner).map(|(number, _)| number)
}

fn record_of<'e>(explained: &'e Explained, decision: &DecisionTold) -> Option<&'e RecordTold> {
    let table = if decision.subject == "insurer" { "register" } else { "attachments" };
    explained.records.iter().find(|record| record.table == table && record.place == decision.loser.place)
}

fn is_of(decision: &DecisionTold, subject: &str, profile: Option<i64>) -> bool {
    decision.subject == subject && decision.profile == profile
}

fn goes_on(former: &StayTold, stay: &StayTold) -> bool {
    former.to == Some(stay.from) && former.profile == stay.profile && former.records == stay.records
}
