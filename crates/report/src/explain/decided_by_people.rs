//! Decisions of people: stays that come from them, and decisions of rules that they took back.

use super::explanation::{ExplainedDecision, ExplainedOverride, ExplainedRecord, ExplainedStay, Explanation, Subject};
use sverka_model::Date;

/// Index of the decision of people for each stay of a subject; `None` for stays that come from no such decision.
///
/// A decision names the day on which its stay begins. When another organisation takes over the organisation within that stay, the next stay rests on
/// the same records and follows without a gap.
pub(super) fn decisions_of_people(explained: &Explanation, subject: Subject) -> Vec<Option<usize>> {
    let stays = explained.stays(subject);
    let mut decided: Vec<Option<usize>> = Vec::with_capacity(stays.len());
    for (index, stay) in stays.iter().enumerate() {
        let begins = |decision: &ExplainedDecision| {
            is_of(decision, subject, stay.profile) && decision.start == stay.from && decision.winner.code == stay.code
        };
        let begun = explained.decisions.iter().position(|decision| decision.is_by_people() && begins(decision));
        let before = index.checked_sub(1).map(|before| (&stays[before], decided[before]));
        decided.push(begun.or_else(|| {
            let (former, number) = before?;
            number.filter(|&number| goes_on(former, stay) && stay.code != explained.decisions[number].loser.code)
        }));
    }
    decided
}

/// Fills in the line of the decision of people in each stay that comes from one.
///
/// The table `overrides` has the days. If several entries are about one day, the last line holds. In a run without that
/// table, the decisions against records show the stays that displaced them.
pub(super) fn fill_decision_lines(
    stays: &mut [ExplainedStay],
    subject: Subject,
    overrides: &[ExplainedOverride],
    decisions: &[ExplainedDecision],
) {
    for index in 0..stays.len() {
        let (before, rest) = stays.split_at_mut(index);
        let stay = &mut rest[0];
        let former = before.last().filter(|former| goes_on(former, stay));
        let is_meant = |entry: &&ExplainedOverride| {
            let is_in_force = entry.kind == subject.word() && entry.state == "applied" && entry.profile == stay.profile;
            let begins = entry.from == Some(stay.from) || entry.code.as_ref() == Some(&stay.code);
            let continues = former.is_some_and(|former| former.decided_by == Some(entry.line));
            is_in_force && entry.holds_on(stay.from.0) && (begins || continues)
        };
        let by_table = overrides.iter().rev().find(is_meant).map(|entry| entry.line);
        let begins = |decision: &&ExplainedDecision| {
            let is_about_stay = decision.start == stay.from && decision.winner.code == stay.code;
            decision.is_by_people() && is_of(decision, subject, stay.profile) && is_about_stay
        };
        stay.decided_by = by_table.or_else(|| decisions.iter().find(begins).map(|decision| decision.winner.source_line.line));
    }
}

/// Fills in the line of the stronger decision in each decision of people that gives way to one.
pub(super) fn fill_stronger_lines(overrides: &mut [ExplainedOverride]) {
    let stronger = |weaker: &ExplainedOverride| {
        let applied = overrides.iter().filter(|entry| entry.state == "applied" && entry.line != weaker.line);
        let is_stronger = |entry: &&ExplainedOverride| match weaker.kind.as_str() {
            "same_person" => {
                entry.kind == "different_persons" && weaker.other_persons.iter().any(|id| entry.other_persons.contains(id))
            }
            "insurer" | "clinic" => {
                let is_alike = entry.kind == weaker.kind && entry.profile == weaker.profile;
                entry.line > weaker.line && is_alike && entry.overlaps(weaker)
            }
            _ => false,
        };
        applied.filter(is_stronger).map(|entry| entry.line).next_back().filter(|_| weaker.state == "applied")
    };
    let lines: Vec<Option<i64>> = overrides.iter().map(stronger).collect();
    overrides.iter_mut().zip(lines).for_each(|(entry, line)| entry.gives_way_to = line);
}

impl ExplainedOverride {
    /// Whether the decision is about a day.
    fn holds_on(&self, day: Date) -> bool {
        self.from.is_some_and(|from| from.0 <= day) && self.to.is_none_or(|to| day < to.0)
    }

    /// Whether both decisions are about one day or more.
    fn overlaps(&self, other: &Self) -> bool {
        let begins_within = |entry: &Self, within: &Self| entry.from.is_some_and(|from| within.holds_on(from.0));
        begins_within(self, other) || begins_within(other, self)
    }
}

/// Interval of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub from: Date,
    /// First day after; `None` without an end.
    pub to: Option<Date>,
}

/// Days around the start of a decision on which the person is with the organisation that people decided on.
pub(super) fn decided_days(explained: &Explanation, decision: &ExplainedDecision) -> Option<Days> {
    let stays = explained.stays(decision.subject);
    let line = decision.winner.source_line.line;
    let mut days: Option<Days> = None;
    for stay in stays.iter().filter(|stay| stay.profile == decision.profile && stay.decided_by == Some(line)) {
        let to = stay.to.map(|to| to.0);
        days = match days {
            Some(Days { from, to: Some(end) }) if end == stay.from.0 => Some(Days { from, to }),
            Some(Days { to: end, .. }) if end.is_none_or(|end| decision.start.0 < end) => break,
            _ => Some(Days { from: stay.from.0, to }),
        };
    }
    days.filter(|days| days.from <= decision.start.0 && days.to.is_none_or(|to| decision.start.0 < to))
}

/// Index of the decision of people that took a decision of a rule back: the losing record counts all the same, or the
/// winning record had given way before. A record that a change ended is taken back if people gave it the days from the
/// change on.
pub(super) fn taken_back(explained: &Explanation, decision: &ExplainedDecision) -> Option<usize> {
    let of_people = || {
        let all = explained.decisions.iter().enumerate();
        all.filter(|(_, other)| other.is_by_people() && is_of(other, decision.subject, decision.profile))
    };
    let against = |other: &ExplainedDecision| other.loser.source_line == decision.winner.source_line;
    match decision.outcome.as_str() {
        "lost" | "refused" => {}
        "superseded" => {
            let goes_on = |other: &ExplainedDecision| other.winner.code == decision.loser.code && other.start <= decision.start;
            return of_people().find(|(_, other)| against(other) && goes_on(other)).map(|(number, _)| number);
        }
        _ => return None,
    }
    let counts = record_of(explained, decision).is_some_and(|record| !record.rests_in.is_empty());
    let for_loser = of_people().find(|(_, other)| counts && other.winner.code == decision.loser.code);
    let against_winner = || of_people().find(|(_, other)| against(other) && (counts || other.start <= decision.start));
    for_loser.or_else(against_winner).map(|(number, _)| number)
}

fn record_of<'e>(explained: &'e Explanation, decision: &ExplainedDecision) -> Option<&'e ExplainedRecord> {
    let index = explained.record_index(decision.subject, &decision.loser.source_line)?;
    explained.records.get(index)
}

fn is_of(decision: &ExplainedDecision, subject: Subject, profile: Option<i64>) -> bool {
    decision.subject == subject && decision.profile == profile
}

fn goes_on(former: &ExplainedStay, stay: &ExplainedStay) -> bool {
    former.to == Some(stay.from) && former.profile == stay.profile && former.records == stay.records
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::explanation::{Day, DecisionSide, Money, Settings, SourceLine, StayRecord, StayRef};

    fn day(text: &str) -> Day {
        Day(text.parse().expect("a date"))
    }

    fn source_line(line: i64) -> SourceLine {
        SourceLine { source: "r.csv".to_owned(), line }
    }

    /// Code and line of a record; the record of people has line 0.
    #[derive(Clone, Copy)]
    struct Side(&'static str, i64);

    /// Decision about insurers.
    fn decision(outcome: &str, start: &str, loser: Side, winner: Side) -> ExplainedDecision {
        let side = |Side(code, line): Side| DecisionSide {
            code: code.to_owned(),
            source_line: source_line(line),
            ..DecisionSide::default()
        };
        ExplainedDecision {
            subject: Subject::Insurer,
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

    fn stay(code: &str, from: &str, to: Option<&str>, line: i64) -> ExplainedStay {
        ExplainedStay {
            code: code.to_owned(),
            name: None,
            profile: None,
            from: day(from),
            to: to.map(day),
            method: None,
            death: None,
            unresolved: false,
            decided_by: None,
            records: vec![StayRecord { source_line: source_line(line), record_id: None }],
        }
    }

    /// Person with insurance stays and decisions.
    fn explained(insurance: Vec<ExplainedStay>, decisions: Vec<ExplainedDecision>) -> Explanation {
        let record = |(index, stay): (usize, &ExplainedStay)| ExplainedRecord {
            table: "register",
            source_line: stay.records[0].source_line.clone(),
            record_id: None,
            source_date: None,
            link: None,
            rests_in: vec![StayRef { subject: Subject::Insurer, index }],
            decisions: Vec::new(),
            notice: None,
            death: None,
            repeated_by: Vec::new(),
            findings: Vec::new(),
        };
        Explanation {
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
        let changed = || decision("superseded", "2025-03-01", Side("98001", 2), Side("98002", 3));
        for (start, taken) in [("2025-03-01", true), ("2025-01-01", true), ("2025-04-01", false)] {
            let of_people = decision("overruled", start, Side("98002", 3), Side("98001", 0));
            let person = explained(vec![stay("98001", "2020-01-01", None, 2)], vec![changed(), of_people]);
            assert_eq!(taken_back(&person, &person.decisions[0]), taken.then_some(1), "{start}");
        }
        let to_another = decision("overruled", "2025-03-01", Side("98002", 3), Side("98003", 0));
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
        let of_people = decision("overruled", "2025-01-01", Side("98001", 2), Side("98003", 0));
        assert_eq!(decisions_of_people(&explained(stays, vec![of_people]), Subject::Insurer), [None, Some(0), Some(0), None]);
    }

    /// Decision of people on a line, about some days.
    fn override_of(line: i64, kind: &str, code: &str, from: &str, to: Option<&str>) -> ExplainedOverride {
        ExplainedOverride {
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
        fill_decision_lines(&mut stays, Subject::Insurer, &overrides, &[]);
        let lines: Vec<Option<i64>> = stays.iter().map(|stay| stay.decided_by).collect();
        assert_eq!(lines, [None, Some(5), Some(9), Some(5), Some(5), None]);
        let of_people = |line, start| decision("overruled", start, Side("98001", 2), Side("98003", line));
        let person = explained(stays, vec![of_people(5, "2025-01-01"), of_people(5, "2025-08-01"), of_people(9, "2026-01-01")]);
        let days = |at: usize| {
            let Days { from, to } = decided_days(&person, &person.decisions[at])?;
            Some(format!("{from} {}", to.map_or_else(String::new, |to| to.to_string())))
        };
        assert_eq!(days(0).as_deref(), Some("2025-01-01 2025-04-01"));
        assert_eq!(days(1).as_deref(), Some("2025-07-01 2027-01-01"));
        assert_eq!(days(2), None);
    }

    #[test]
    fn without_the_table_of_overrides_the_line_comes_from_decisions_against_records() {
        let mut stays = vec![stay("98001", "2020-01-01", Some("2025-01-01"), 2), stay("98002", "2025-01-01", None, 2)];
        let of_people = decision("overruled", "2025-01-01", Side("98001", 2), Side("98002", 31));
        fill_decision_lines(&mut stays, Subject::Insurer, &[], &[of_people]);
        assert_eq!(stays.iter().map(|stay| stay.decided_by).collect::<Vec<_>>(), [None, Some(31)]);
    }

    #[test]
    fn of_contrary_decisions_the_stronger_one_is_named() {
        let persons = |mut decision: ExplainedOverride, other: &str| {
            decision.other_persons = vec![other.to_owned()];
            decision
        };
        let mut overrides = [
            persons(override_of(3, "different_persons", "", "2025-01-01", None), "7"),
            persons(override_of(10, "same_person", "", "2025-01-01", None), "7"),
            persons(override_of(17, "same_person", "", "2025-01-01", None), "8"),
            override_of(24, "insurer", "98001", "2025-01-01", Some("2025-07-01")),
            override_of(31, "insurer", "98002", "2025-06-01", None),
            override_of(38, "clinic", "980101", "2025-06-01", None),
        ];
        fill_stronger_lines(&mut overrides);
        let lines: Vec<Option<i64>> = overrides.iter().map(|decision| decision.gives_way_to).collect();
        assert_eq!(lines, [None, Some(3), None, Some(31), None, None]);
    }
}
