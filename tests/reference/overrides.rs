//! Decisions of people: which records an entry names, and what it does to persons and stays.

use std::collections::{BTreeMap, BTreeSet};

use super::dates::{self, Date, Interval};
use super::death::BEGINNING_OF_TIME;
use super::organisations::{self, Organisation, Piece};
use super::persons::Persons;
use super::records::{Position, Record, Table};
use super::stays::{Decision, Entry, Stay};
use super::{Expected, OverrideRow};
use super::{document_numbers, names};
use crate::regions::overrides::{self, OverrideEntry, Selector};

/// The entries of a region with their effects so far.
pub struct Overrides<'r> {
    pub entries: &'r [OverrideEntry],
    lines: Vec<usize>,
    as_of: Date,
    state: Vec<&'static str>,
    persons: Vec<Vec<usize>>,
    records: Vec<usize>,
    /// For each entry about an insurer, the records whose deaths it sets aside.
    deaths_set_aside: Vec<BTreeSet<usize>>,
}

impl<'r> Overrides<'r> {
    pub fn new(entries: &'r [OverrideEntry], as_of: Date) -> Overrides<'r> {
        let state = entries.iter().map(|entry| if has_ended(entry, as_of) { "ended" } else { "not_found" }).collect();
        let count = entries.len();
        Overrides {
            entries,
            lines: overrides::file(entries).1,
            as_of,
            state,
            persons: vec![Vec::new(); count],
            records: vec![0; count],
            deaths_set_aside: vec![BTreeSet::new(); count],
        }
    }

    /// The entries of a kind that are in force.
    fn in_force(&self, kind: &str) -> Vec<usize> {
        let holds = |at: &usize| self.entries[*at].kind == kind && !has_ended(&self.entries[*at], self.as_of);
        (0..self.entries.len()).filter(holds).collect()
    }

    /// The position of an entry, as the winner of a decision.
    pub fn position(&self, entry: usize) -> Position {
        Position { table: Table::Register, source: overrides::FILE.to_string(), line: self.lines[entry] }
    }

    /// Whether people decided to ignore the row. `accepted` says whether the row would be accepted without the decision.
    pub fn ignores(&mut self, position: &Position, record_id: &str, accepted: bool) -> bool {
        let mut ignored = false;
        for at in self.in_force("ignore") {
            if self.entries[at].sides[0].iter().any(|selector| matches_position(selector, position, record_id)) {
                ignored = true;
                if accepted {
                    self.state[at] = "applied";
                    self.records[at] += 1;
                } else if self.state[at] != "applied" {
                    self.state[at] = "no_effect";
                }
            }
        }
        ignored
    }

    fn named(&self, entry: usize, side: usize, records: &[Record]) -> Vec<usize> {
        let side = &self.entries[entry].sides[side];
        (0..records.len()).filter(|at| side.iter().any(|selector| matches_record(selector, &records[*at]))).collect()
    }

    /// "All records that match either side become one person." Returns how many groups joined another.
    pub fn same_persons(&mut self, records: &[Record], group: &mut [usize]) -> usize {
        let mut joined = 0;
        for entry in self.in_force("same_person") {
            let (one, other) = (self.named(entry, 0, records), self.named(entry, 1, records));
            if one.is_empty() || other.is_empty() {
                continue;
            }
            let groups: BTreeSet<usize> = one.iter().chain(&other).map(|at| group[*at]).collect();
            let first = *groups.first().expect("records have groups");
            joined += groups.len() - 1;
            self.state[entry] = if groups.len() > 1 { "applied" } else { "no_effect" };
            if groups.len() > 1 {
                self.records[entry] = group.iter().filter(|of| groups.contains(of)).count();
            }
            for of in group.iter_mut().filter(|of| groups.contains(of)) {
                *of = first;
            }
        }
        joined
    }

    /// "When a group holds records of both sides it is divided." Returns how many groups were. `agree` says whether two records agree by a rule.
    pub fn different_persons(
        &mut self,
        records: &[Record],
        group: &mut [usize],
        agree: &dyn Fn(&str, usize, usize) -> bool,
    ) -> usize {
        let mut divided = 0;
        for entry in self.in_force("different_persons") {
            let (one, other) = (self.named(entry, 0, records), self.named(entry, 1, records));
            if one.is_empty() || other.is_empty() {
                continue;
            }
            self.state[entry] = "no_effect";
            let groups: BTreeSet<usize> = group.iter().copied().collect();
            for of in groups {
                let members: Vec<usize> = (0..records.len()).filter(|at| group[*at] == of).collect();
                let holds_one = members.iter().any(|at| one.contains(at));
                let holds_other = members.iter().any(|at| other.contains(at) && !one.contains(at));
                if !holds_one || !holds_other {
                    continue;
                }
                let sides = assign_sides(&members, &one, &other, agree);
                for side in [1, 2] {
                    let of_side: Vec<usize> = members.iter().copied().filter(|at| sides[at] == side).collect();
                    of_side.iter().for_each(|at| group[*at] = of_side[0]);
                }
                divided += 1;
                self.state[entry] = "applied";
                self.records[entry] += members.len();
            }
        }
        divided
    }

    /// Finds the persons that the entries name. An entry about an insurer or a clinic can only be carried out for one person.
    pub fn find_persons(&mut self, records: &[Record], persons: &Persons) {
        for entry in 0..self.entries.len() {
            let kind = self.entries[entry].kind.as_str();
            if kind == "ignore" || self.state[entry] == "ended" {
                continue;
            }
            let sides = 0..self.entries[entry].sides.len();
            let named: BTreeSet<usize> =
                sides.flat_map(|side| self.named(entry, side, records)).map(|at| persons.person_of[at]).collect();
            self.persons[entry] = named.into_iter().collect();
            if kind == "insurer" || kind == "clinic" || kind == "alive" {
                self.state[entry] = match self.persons[entry].len() {
                    0 => "not_found",
                    1 => "no_effect",
                    _ => "ambiguous",
                };
            }
        }
    }

    /// The entries about one person's insurer, or about its clinic in a profile.
    fn about(&self, person: usize, kind: &str, profile: &str) -> Vec<usize> {
        let of_profile = |entry: &OverrideEntry| entry.profile == profile || (entry.profile.is_empty() && profile == "1");
        let about = |at: &usize| self.persons[*at] == [person] && (kind != "clinic" || of_profile(&self.entries[*at]));
        self.in_force(kind).into_iter().filter(about).collect()
    }

    /// The day before which no death of a person counts, because people decided that the person is alive, or insured later. `deaths` are the deaths
    /// in the person's records, each with its record.
    pub fn alive_until(&mut self, person: usize, deaths: &[(usize, Date)]) -> Date {
        let mut days = vec![BEGINNING_OF_TIME];
        for at in self.about(person, "alive", "") {
            let decided_on = dates::parse(&self.entries[at].decided_on).expect("a date");
            let taken_back = deaths.iter().filter(|(_, death)| *death < decided_on).count();
            if taken_back > 0 {
                self.state[at] = "applied";
                self.records[at] = taken_back;
            }
            days.push(decided_on);
        }
        for at in self.about(person, "insurer", "") {
            let from = dates::parse(&self.entries[at].from).expect("a date");
            self.deaths_set_aside[at] = deaths.iter().filter(|(_, death)| *death < from).map(|(record, _)| *record).collect();
            if !self.deaths_set_aside[at].is_empty() {
                self.state[at] = "applied";
                self.records[at] = self.deaths_set_aside[at].len();
            }
            days.push(from);
        }
        days.into_iter().max().expect("a first day")
    }

    /// Carries out the decisions of people about one subject of a person. Returns the number of decided insurers without a record to rest on.
    pub fn overrule(&mut self, person: usize, subject: &Subject, result: &mut super::stays::Result) -> usize {
        let mut without_record = 0;
        for at in self.about(person, subject.kind, subject.profile) {
            let entry = &self.entries[at];
            let from = dates::parse(&entry.from).expect("a date");
            let to = dates::parse(&entry.to).unwrap_or(dates::FOREVER);
            let to = to.min(subject.after_death).min(organisations::chain_end(subject.organisations, &entry.code));
            let interval = Interval { from, to };
            if !interval.has_days() {
                continue;
            }
            let pieces = organisations::split_at_successions(subject.organisations, &entry.code, interval);
            if pieces.iter().all(|piece| holds_anyway(piece, &result.stays)) {
                continue;
            }
            if subject.kind == "insurer" && result.entries.is_empty() {
                self.state[at] = "without_record";
                self.records[at] = 0;
                without_record += 1;
                continue;
            }
            self.state[at] = "applied";
            let decisions = overruled(at, &entry.code, interval, subject, result);
            let gave_way: BTreeSet<usize> = decisions.iter().map(|decision| decision.loser).collect();
            self.records[at] = gave_way.union(&self.deaths_set_aside[at]).count();
            let decided: Vec<Stay> = pieces.iter().map(|piece| decided_stay(at, piece, subject, result)).collect();
            let mut left = Vec::new();
            for stay in &result.stays {
                left.push(Stay { to: stay.to.min(from), ..stay.clone() });
                left.push(Stay { from: stay.from.max(to), ..stay.clone() });
            }
            left.retain(|stay| stay.from < stay.to);
            left.extend(decided);
            left.sort_by_key(|stay| stay.from);
            result.stays = left;
            result.decisions.extend(decisions);
        }
        without_record
    }

    /// Adds the rows of the table `overrides`.
    pub fn add_rows(&self, review_days: Option<usize>, expected: &mut Expected) {
        for (at, entry) in self.entries.iter().enumerate() {
            let decided_on = dates::parse(&entry.decided_on).expect("a date");
            expected.overrides.push(OverrideRow {
                line: self.lines[at],
                kind: entry.kind.clone(),
                state: self.state[at].to_string(),
                review_due: review_days.is_some_and(|most| days_between(decided_on, self.as_of) > most),
                persons: self.persons[at].clone(),
                records: self.records[at],
                decided_on: entry.decided_on.clone(),
                until: entry.until.clone(),
                code: entry.code.clone(),
                profile: profile(entry).to_string(),
                from: entry.from.clone(),
                to: entry.to.clone(),
            });
        }
    }
}

/// The stays that entries may decide on: those of insurance, or of attachment in one profile.
pub struct Subject<'a> {
    pub kind: &'a str,
    pub profile: &'a str,
    pub organisations: &'a [Organisation],
    pub after_death: Date,
}

/// The profile of a clinic: the therapeutic one unless told otherwise; empty for other kinds.
fn profile(entry: &OverrideEntry) -> &str {
    if entry.kind == "clinic" && entry.profile.is_empty() { "1" } else { &entry.profile }
}

fn has_ended(entry: &OverrideEntry, as_of: Date) -> bool {
    dates::parse(&entry.until).is_some_and(|until| until <= as_of)
}

fn days_between(from: Date, to: Date) -> usize {
    let (mut day, mut days) = (from, 0);
    while day < to {
        day = day.next_day();
        days += 1;
    }
    days
}

/// Whether source, line and record id of the selector are those of a row.
fn matches_position(selector: &Selector, position: &Position, record_id: &str) -> bool {
    selector.iter().all(|(field, value)| match field.as_str() {
        "source" => *value == position.source,
        "line" => *value == position.line.to_string(),
        "record_id" => value == record_id,
        _ => true,
    })
}

fn matches_record(selector: &Selector, record: &Record) -> bool {
    let numbered = selector.iter().all(|(field, value)| match field.as_str() {
        "enp" | "snils" | "birth_date" | "policy_kind" | "doc_kind" => record.get(field) == value,
        "given_name" => names::name(record.get(field)) == names::name(value),
        "policy_number" => names::number(record.get(field)) == names::number(value),
        "doc_number" => document_numbers::form(record.get(field)).0 == document_numbers::form(value).0,
        _ => true,
    });
    numbered && matches_position(selector, &record.position, record.get("record_id"))
}

/// The side of each record of a group that is divided, 1 or 2.
fn assign_sides(
    members: &[usize],
    one: &[usize],
    other: &[usize],
    agree: &dyn Fn(&str, usize, usize) -> bool,
) -> BTreeMap<usize, usize> {
    let mut sides = BTreeMap::new();
    for at in members {
        if one.contains(at) {
            sides.insert(*at, 1);
        } else if other.contains(at) {
            sides.insert(*at, 2);
        }
    }
    loop {
        let mut taken = Vec::new();
        for rule in ["L1", "L2", "L3", "L4", "L5", "L6"] {
            for at in members.iter().filter(|at| !sides.contains_key(*at)) {
                let agreeing: BTreeSet<usize> =
                    sides.iter().filter(|(assigned, _)| agree(rule, **assigned, *at)).map(|(_, side)| *side).collect();
                taken.extend(agreeing.first().map(|side| (*at, *side)));
            }
            if !taken.is_empty() {
                break;
            }
        }
        if taken.is_empty() {
            break;
        }
        sides.extend(taken);
    }
    for at in members {
        sides.entry(*at).or_insert(1);
    }
    sides
}

/// Whether the person is with the decided organisation on every day of the piece without the decision, by stays that are resolved.
fn holds_anyway(piece: &Piece, stays: &[Stay]) -> bool {
    let Interval { from, to } = piece.interval;
    let there = |day: Date| stays.iter().any(|stay| stay.code == piece.code && !stay.unresolved && stay.interval().contains(day));
    let critical = stays.iter().map(|stay| stay.to).filter(|day| from < *day && *day < to);
    let strange = stays.iter().any(|stay| stay.interval().overlaps(piece.interval) && !there(stay.from.max(from)));
    !strange && there(from) && critical.into_iter().all(there)
}

/// "Every record whose stay was cut or shortened and that does not stand for the decided organisation."
fn overruled(entry: usize, code: &str, interval: Interval, subject: &Subject, result: &super::stays::Result) -> Vec<Decision> {
    let mut decisions: Vec<Decision> = Vec::new();
    for stay in result.stays.iter().filter(|stay| stay.interval().overlaps(interval)) {
        let decided_days = stay.interval().common(interval);
        let start = decided_days.from;
        for claim in stay.rests_on.iter().filter(|claim| claim.interval().overlaps(decided_days)) {
            let losing_code = organisations::read_on(subject.organisations, &claim.code, start);
            let winning_code = organisations::read_on(subject.organisations, code, start);
            if losing_code != winning_code && decisions.iter().all(|known| known.loser != claim.record) {
                let rule = if subject.kind == "insurer" { "OVERRIDE_INSURER" } else { "OVERRIDE_CLINIC" };
                decisions.push(Decision {
                    outcome: "overruled",
                    rule,
                    losing_code,
                    winning_code,
                    start,
                    loser: claim.record,
                    winner: 0,
                    entry: Some(entry),
                    counted_on: None,
                    taken_on: None,
                });
            }
        }
    }
    decisions
}

/// The stay that people decided on.
fn decided_stay(entry: usize, piece: &Piece, subject: &Subject, result: &super::stays::Result) -> Stay {
    let Interval { from, to } = piece.interval;
    let own = |claim: &&Entry| {
        let last_common = claim.to.min(to).day_before();
        claim.interval().overlaps(piece.interval)
            && organisations::read_on(subject.organisations, &claim.code, last_common) == piece.code
    };
    let mut rests_on: Vec<Entry> = result.entries.iter().filter(own).cloned().collect();
    if rests_on.is_empty() {
        for claim in result.stays.iter().filter(|stay| stay.interval().overlaps(piece.interval)).flat_map(|stay| &stay.rests_on) {
            if rests_on.iter().all(|known| known.record != claim.record) {
                rests_on.push(claim.clone());
            }
        }
    }
    if rests_on.is_empty() && subject.kind == "insurer" {
        let before = result.stays.iter().filter(|stay| stay.to <= from).max_by_key(|stay| stay.from);
        let near = before.or(result.stays.iter().min_by_key(|stay| stay.from)).expect("claims make stays");
        rests_on = near.rests_on.clone();
    }
    Stay { code: piece.code.clone(), from, to, unresolved: false, rests_on, decided: Some(entry) }
}
