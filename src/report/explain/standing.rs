//! Stays that come from a decision of people, and decisions of rules that people took back.

use super::told::{DecisionTold, Explained, OverrideTold, RecordTold, StayTold};
use sverka_model::Date;

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

/// Names in each stay that people decided on the line of their decision.
///
/// The table of their decisions tells the days; of several about one day the last line holds. Where a run was published without it, the decisions against
/// records tell the stays that displaced some.
pub(super) fn name_decisions(stays: &mut [StayTold], subject: &str, overrides: &[OverrideTold], decisions: &[DecisionTold]) {
    for index in 0..stays.len() {
        let (before, rest) = stays.split_at_mut(index);
        let stay = &mut rest[0];
        let former = before.last().filter(|former| goes_on(former, stay));
        let is_meant = |of: &&OverrideTold| {
            let is_in_force = of.kind == subject && of.state == "applied" && of.profile == stay.profile;
            let begins = of.from == Some(stay.from) || of.code.as_ref() == Some(&stay.code);
            is_in_force && of.holds_on(stay.from.0) && (begins || former.is_some_and(|former| former.decided_by == Some(of.line)))
        };
        let by_table = overrides.iter().rev().find(is_meant).map(|of| of.line);
        let begins = |of: &&DecisionTold| {
            of.is_of_people() && is_of(of, subject, stay.profile) && of.start == stay.from && of.winner.code == stay.code
        };
        stay.decided_by = by_table.or_else(|| decisions.iter().find(begins).map(|of| of.winner.place.line));
    }
}

/// Names in each decision of people the line of the one that holds in its place.
pub(super) fn name_stronger(overrides: &mut [OverrideTold]) {
    let stronger = |weaker: &OverrideTold| {
        let of_applied = overrides.iter().filter(|of| of.state == "applied" && of.line != weaker.line);
        let is_stronger = |of: &&OverrideTold| match weaker.kind.as_str() {
            "same_person" => {
                of.kind == "different_persons" && weaker.other_persons.iter().any(|id| of.other_persons.contains(id))
            }
            "insurer" | "clinic" => {
                of.line > weaker.line && of.kind == weaker.kind && of.profile == weaker.profile && of.meets(weaker)
            }
            _ => false,
        };
        of_applied.filter(is_stronger).map(|of| of.line).next_back().filter(|_| weaker.state == "applied")
    };
    let lines: Vec<Option<i64>> = overrides.iter().map(stronger).collect();
    overrides.iter_mut().zip(lines).for_each(|(of, line)| of.gives_way_to = line);
}

impl OverrideTold {
    /// Whether the day is one of those that the decision is about.
    fn holds_on(&self, day: Date) -> bool {
        self.from.is_some_and(|from| from.0 <= day) && self.to.is_none_or(|to| day < to.0)
    }

    /// Whether both decisions are about some day.
    fn meets(&self, other: &Self) -> bool {
        let begins_within = |of: &Self, within: &Self| of.from.is_some_and(|from| within.holds_on(from.0));
        begins_within(self, other) || begins_within(other, self)
    }
}

/// The days around `day` on which the person is where a decision of people says: the first one, and the first one after.
pub(super) fn decided_days(explained: &Explained, decision: &DecisionTold) -> Option<(Date, Option<Date>)> {
    let stays = if decision.subject == "insurer" { &explained.insurance } else { &explained.attachments };
    let line = decision.winner.place.line;
    let mut days: Option<(Date, Option<Date>)> = None;
    for stay in stays.iter().filter(|stay| stay.profile == decision.profile && stay.decided_by == Some(line)) {
        let to = stay.to.map(|to| to.0);
        days = match days {
            Some((from, Some(end))) if end == stay.from.0 => Some((from, to)),
            Some((_, end)) if end.is_none_or(|end| decision.start.0 < end) => break,
            _ => Some((stay.from.0, to)),
        };
    }
    days.filter(|(from, to)| *from <= decision.start.0 && to.is_none_or(|to| decision.start.0 < to))
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
            decided_by: None,
            records: vec![(place(line), None)],
        }
    }

    /// A person with these stays and decisions.
    fn explained(insurance: Vec<StayTold>, decisions: Vec<DecisionTold>) -> Explained {
        let record = |(index, stay): (usize, &StayTold)| RecordTold {
            table: "register",
            place: stay.records[0].0.clone(),
            record_id: None,
            source_date: None,
            link: None,
            rests_in: vec![StayPlace { subject: "insurer", index }],
            decisions: Vec::new(),
            notice: None,
            death: None,
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

    /// A decision of people about these days, by its line.
    fn override_of(line: i64, kind: &str, code: &str, from: &str, to: Option<&str>) -> OverrideTold {
        OverrideTold {
            line,
            kind: kind.to_owned(),
            state: "applied".to_owned(),
            author: String::new(),
            reason: String::new(),
            decided_on: None,
            until: None,
            code: Some(code.to_owned()),
            name: None,
            profile: None,
            from: Some(day(from)),
            to: to.map(day),
            other_persons: Vec::new(),
            gives_way_to: None,
        }
    }

    #[test]
    fn stays_name_the_decision_that_holds_on_their_days() {
        let mut stays = vec![
            stay("98001", "2020-01-01", Some("2025-01-01"), 2),
            stay("98003", "2025-01-01", Some("2025-04-01"), 2),
            stay("98002", "2025-04-01", Some("2025-07-01"), 3),
            stay("98003", "2025-07-01", Some("2026-01-01"), 2),
            stay("98004", "2026-01-01", Some("2027-01-01"), 2),
            stay("98001", "2027-01-01", None, 2),
        ];
        let overrides = [
            override_of(5, "insurer", "98003", "2025-01-01", Some("2027-01-01")),
            override_of(9, "insurer", "98002", "2025-04-01", Some("2025-07-01")),
        ];
        name_decisions(&mut stays, "insurer", &overrides, &[]);
        let lines: Vec<Option<i64>> = stays.iter().map(|stay| stay.decided_by).collect();
        assert_eq!(lines, [None, Some(5), Some(9), Some(5), Some(5), None]);
        let of_people = |line, start| decision("overruled", start, ("98001", 2), ("98003", line));
        let person = explained(stays, vec![of_people(5, "2025-01-01"), of_people(5, "2025-08-01"), of_people(9, "2026-01-01")]);
        let days = |at: usize| {
            let (from, to) = decided_days(&person, &person.decisions[at])?;
            Some(format!("{from} {}", to.map_or_else(String::new, |to| to.to_string())))
        };
        assert_eq!(days(0).as_deref(), Some("2025-01-01 2025-04-01"));
        assert_eq!(days(1).as_deref(), Some("2025-07-01 2027-01-01"));
        assert_eq!(days(2), None);
    }

    #[test]
    fn without_the_table_of_decisions_of_people_those_against_records_tell_the_line() {
        let mut stays = vec![stay("98001", "2020-01-01", Some("2025-01-01"), 2), stay("98002", "2025-01-01", None, 2)];
        let of_people = decision("overruled", "2025-01-01", ("98001", 2), ("98002", 31));
        name_decisions(&mut stays, "insurer", &[], &[of_people]);
        assert_eq!(stays.iter().map(|stay| stay.decided_by).collect::<Vec<_>>(), [None, Some(31)]);
    }

    #[test]
    fn of_contrary_decisions_the_stronger_one_is_named() {
        let persons = |mut of: OverrideTold, other: &str| {
            of.other_persons = vec![other.to_owned()];
            of
        };
        let mut overrides = [
            persons(override_of(3, "different_persons", "", "2025-01-01", None), "7"),
            persons(override_of(10, "same_person", "", "2025-01-01", None), "7"),
            persons(override_of(17, "same_person", "", "2025-01-01", None), "8"),
            override_of(24, "insurer", "98001", "2025-01-01", Some("2025-07-01")),
            override_of(31, "insurer", "98002", "2025-06-01", None),
            override_of(38, "clinic", "980101", "2025-06-01", None),
        ];
        name_stronger(&mut overrides);
        let lines: Vec<Option<i64>> = overrides.iter().map(|of| of.gives_way_to).collect();
        assert_eq!(lines, [None, Some(3), None, Some(31), None, None]);
    }
}
