//! The table `links`: through which records and rules each record of a person is reached from the person's first one. It does not know how persons
//! are made, only which records are one.

use super::dates::Date;
use super::expected::LinkRow;
use super::notices;
use super::persons;
use super::records::{Position, Record};

/// A record of the person that is reached, in how many steps, and from which record by which rule.
struct Reached {
    member: usize,
    steps: usize,
    link: Option<(usize, &'static str)>,
}

/// The rows of one person; `members` are its records in the order of their positions.
pub fn rows(records: &[Record], members: &[usize], person: usize, as_of: Date) -> Vec<LinkRow> {
    let position = |member: usize| records[member].position.clone();
    let reached = tree(records, members, as_of);
    let is_told = |row: &&Reached| {
        let otherwise = row.link.is_some_and(|link| link != (members[0], "L1"));
        let record = &records[row.member];
        otherwise || !record.get("action").is_empty() || record.date("death_date").is_some()
    };
    let row = |row: &Reached| LinkRow {
        person,
        record: position(row.member),
        link: row.link.map(|(from, rule)| (rule.to_string(), position(from))),
        notice: notices::notice(&records[row.member]),
        death: records[row.member].date("death_date"),
    };
    reached.iter().filter(is_told).map(row).collect()
}

fn tree(records: &[Record], members: &[usize], as_of: Date) -> Vec<Reached> {
    let keys = |member: usize| persons::keys(&records[member], as_of);
    let agree = |left: usize, right: usize, rule: &str| {
        let of = |member| keys(member).into_iter().find(|(name, _)| *name == rule).and_then(|(_, key)| key);
        of(left).is_some() && of(left) == of(right)
    };
    let mut reached = vec![Reached { member: members[0], steps: 0, link: None }];
    while reached.len() < members.len() {
        let left: Vec<usize> = members.iter().copied().filter(|member| reached.iter().all(|one| one.member != *member)).collect();
        let mut ways: Vec<(usize, usize, &'static str, Position, usize, usize)> = Vec::new();
        for from in &reached {
            for to in &left {
                for (rank, rule) in ["L1", "L2", "L3", "L4", "L5"].into_iter().enumerate() {
                    if agree(from.member, *to, rule) {
                        let at = records[from.member].position.clone();
                        ways.push((from.steps, rank, rule, at, from.member, *to));
                    }
                }
            }
        }
        ways.sort();
        let (steps, rule, from, to) = match ways.first() {
            Some((steps, _, rule, _, from, to)) => (steps + 1, *rule, *from, *to),
            None => {
                let by_enp = left.iter().flat_map(|to| reached.iter().map(move |from| (*to, from.member)));
                let pair = by_enp.filter(|(to, from)| agree(*from, *to, "L6")).min();
                // Where no rule leads on, people decided that the rest is the same person.
                pair.map_or((0, "OVERRIDE_SAME", members[0], left[0]), |(to, from)| (0, "L6", from, to))
            }
        };
        reached.push(Reached { member: to, steps, link: Some((from, rule)) });
    }
    reached
}
