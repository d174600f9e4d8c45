//! The table `links`: through which records and rules each record of a person is reached from the person's first one. It does not know how persons
//! are made, only which records are one.

use super::dates::Date;
use super::expected::LinkRow;
use super::notices;
use super::persons;
use super::records::{Position, Record};

/// A record of the person that has been reached.
struct Reached {
    member: usize,
    /// Number of links from the first record.
    steps: usize,
    /// The record that the link leads from, and its rule; `None` for the first record.
    link: Option<(usize, &'static str)>,
}

/// The rows of one person; `members` are its records in the order of their positions.
pub fn rows(records: &[Record], members: &[usize], person: usize, as_of: Date) -> Vec<LinkRow> {
    let position = |member: usize| records[member].position.clone();
    let reached = reached_records(records, members, as_of);
    let is_listed = |row: &&Reached| {
        let by_other_link = row.link.is_some_and(|link| link != (members[0], "L1"));
        let record = &records[row.member];
        by_other_link || !record.get("action").is_empty() || record.date("death_date").is_some()
    };
    let row = |row: &Reached| LinkRow {
        person,
        record: position(row.member),
        link: row.link.map(|(from, rule)| (rule.to_string(), position(from))),
        notice: notices::notice_facts(&records[row.member]),
        death: records[row.member].date("death_date"),
    };
    reached.iter().filter(is_listed).map(row).collect()
}

/// A link that would reach another record. The smallest one is taken: fewest steps, strongest rule, first position.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    steps: usize,
    rank: usize,
    rule: &'static str,
    position: Position,
    from: usize,
    to: usize,
}

/// The records in the order in which they are reached.
fn reached_records(records: &[Record], members: &[usize], as_of: Date) -> Vec<Reached> {
    let keys = |member: usize| persons::keys(&records[member], as_of);
    let agree = |left: usize, right: usize, rule: &str| {
        let key = |member| keys(member).into_iter().find(|(name, _)| *name == rule).and_then(|(_, key)| key);
        key(left).is_some() && key(left) == key(right)
    };
    let mut reached = vec![Reached { member: members[0], steps: 0, link: None }];
    while reached.len() < members.len() {
        let left: Vec<usize> = members.iter().copied().filter(|member| reached.iter().all(|one| one.member != *member)).collect();
        let mut ways: Vec<Way> = Vec::new();
        for from in &reached {
            for to in &left {
                for (rank, rule) in ["L1", "L2", "L3", "L4", "L5"].into_iter().enumerate() {
                    if agree(from.member, *to, rule) {
                        let position = records[from.member].position.clone();
                        ways.push(Way { steps: from.steps, rank, rule, position, from: from.member, to: *to });
                    }
                }
            }
        }
        let (steps, rule, from, to) = match ways.into_iter().min() {
            Some(way) => (way.steps + 1, way.rule, way.from, way.to),
            None => {
                let by_enp = left.iter().flat_map(|to| reached.iter().map(move |from| (*to, from.member)));
                let pair = by_enp.filter(|(to, from)| agree(*from, *to, "L6")).min();
                // No rule leads on: people decided that the other records are of the same person.
                pair.map_or((0, "OVERRIDE_SAME", members[0], left[0]), |(to, from)| (0, "L6", from, to))
            }
        };
        reached.push(Reached { member: to, steps, link: Some((from, rule)) });
    }
    reached
}
