//! Stays that come from a decision of people, and decisions of rules that people took back.

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

/// The decision of people that took a decision of a rule back: the loser's record counts all the same, or the winner's had given way by then. What a
/// change ended is taken back when people gave it the days from that change on.
pub(super) fn taken_back(explained: &Explained, decision: &DecisionTold) -> Option<usize> {
    let of_people = || {
        let all = explained.decisions.iter().enumerate();
        all.filter(|(_, other)| other.is_of_people() && is_of(other, decision.subject, decision.profile))
    };
    let against = |other: &DecisionTold| other.loser.place == decision.winner.place;
    match decision.outcome.as_str() {
        "lost" | "refused" => {}
        "superseded" => {
            let goes_on = |other: &DecisionTold| other.winner.code == decision.loser.code && other.start <= decision.start;
            return of_people().find(|(_, other)| against(other) && goes_on(other)).map(|(number, _)| number);
        }
        _ => return None,
    }
    let counts = record_of(explained, decision).is_some_and(|record| !record.rests_in.is_empty());
    let for_loser = of_people().find(|(_, other)| counts && other.winner.code == decision.loser.code);
    let against_winner = || of_people().find(|(_, other)| against(other) && (counts || other.start <= decision.start));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::explain::told::{Day, Money, Place, Settings, SideTold, StayPlace};

    fn day(text: &str) -> Day {
        Day(text.parse().expect("a date"))
    }

    fn place(line: i64) -> Place {
        Place { source: "r.csv".to_owned(), line }
    }

    /// A decision about insurers: its outcome and day, and code and line of the loser and of the winner; people have line 0.
    fn decision(outcome: &str, start: &str, loser: (&str, i64), winner: (&str, i64)) -> DecisionTold {
        let side = |(code, line): (&str, i64)| SideTold { code: code.to_owned(), place: place(line), ..SideTold::default() };
        DecisionTold {
            subject: "insurer",
            profile: None,
            outcome: outcome.to_owned(),
            rule: String::new(),
            start: day(start),
            loser: side(loser),
            winner: side(winner),
            counted_on: None,
            taken_on: None,
        }
    }

    fn stay(code: &str, from: &str, to: Option<&str>, line: i64) -> StayTold {
        StayTold {
            code: code.to_owned(),
            name: None,
            profile: None,
            from: day(from),
            to: to.map(day),
            method: None,
            death: None,
            unresolved: false,
            records: vec![(place(line), None)],
        }
    }

    /// A person with these stays and decisions.
    fn explained(insurance: Vec<StayTold>, decisions: Vec<DecisionTold>) -> Explained {
        let record = |(index, stay): (usize, &StayTold)| RecordTold {
            table: "register",
            place: stay.records[0].0.clone(),
            record_id: None,
            link: None,
            rests_in: vec![StayPlace { subject: "insurer", index }],
            decisions: Vec::new(),
            notice: None,
            repeated_by: Vec::new(),
            findings: Vec::new(),
        };
        Explained {
            run: String::new(),
            as_of: "2026-11-01".to_owned(),
            person_id: "1".to_owned(),
            register: None,
            outside: None,
            numbers: Vec::new(),
            records: insurance.iter().enumerate().map(record).collect(),
            insurance,
            attachments: Vec::new(),
            decisions,
            money: Money::NotInRegister,
            overrides: Vec::new(),
            settings: Settings {
                insurer_changes_per_year: 1,
                insurer_deadline: "11-01".to_owned(),
                clinic_changes_per_year: 1,
                clinic_rolling: false,
            },
            missing_tables: Vec::new(),
        }
    }

    #[test]
    fn a_change_is_taken_back_by_those_who_gave_its_days_to_the_former_organisation() {
        let changed = || decision("superseded", "2025-03-01", ("98001", 2), ("98002", 3));
        for (start, taken) in [("2025-03-01", true), ("2025-01-01", true), ("2025-04-01", false)] {
            let of_people = decision("overruled", start, ("98002", 3), ("98001", 0));
            let person = explained(vec![stay("98001", "2020-01-01", None, 2)], vec![changed(), of_people]);
            assert_eq!(taken_back(&person, &person.decisions[0]), taken.then_some(1), "{start}");
        }
        let to_another = decision("overruled", "2025-03-01", ("98002", 3), ("98003", 0));
        let person = explained(vec![stay("98001", "2020-01-01", Some("2025-03-01"), 2)], vec![changed(), to_another]);
        assert_eq!(taken_back(&person, &person.decisions[0]), None);
    }

    #[test]
    fn a_stay_of_people_goes_on_under_the_code_of_a_successor() {
        let stays = vec![
            stay("98001", "2020-01-01", Some("2025-01-01"), 2),
            stay("98003", "2025-01-01", Some("2025-07-01"), 2),
            stay("98004", "2025-07-01", Some("2026-01-01"), 2),
            stay("98001", "2026-01-01", None, 2),
        ];
        let of_people = decision("overruled", "2025-01-01", ("98001", 2), ("98003", 0));
        assert_eq!(decided_by_people(&explained(stays, vec![of_people]), "insurer"), [None, Some(0), Some(0), None]);
    }
}
