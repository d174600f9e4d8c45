//! Person ids that last, with maps (SEM-420 to SEM-424). An identity is the text of a rule's values.

use std::collections::{BTreeMap, BTreeSet};

use super::dates::Date;
use super::persons::{self, Persons};
use super::records::Record;

/// Identities of one person.
pub type Identities = BTreeSet<String>;

/// The identities of each person.
pub fn identities(records: &[Record], persons: &Persons, as_of: Date) -> Vec<Identities> {
    let of_record: Vec<Identities> = records.iter().map(|record| of_record(record, as_of)).collect();
    let mut bearers: BTreeMap<&String, BTreeSet<usize>> = BTreeMap::new();
    for (at, identities) in of_record.iter().enumerate() {
        for identity in identities {
            bearers.entry(identity).or_default().insert(persons.person_of[at]);
        }
    }
    let mut of_person = vec![Identities::new(); persons.count];
    for (at, identities) in of_record.iter().enumerate() {
        of_person[persons.person_of[at]].extend(identities.iter().cloned());
        if identities.iter().any(|identity| bearers[identity].len() > 1) {
            of_person[persons.person_of[at]].insert(content(&records[at]));
        }
    }
    of_person
}

fn of_record(record: &Record, as_of: Date) -> Identities {
    let keys = persons::keys(record, as_of).into_iter().filter(|(rule, _)| *rule != "L6");
    let found: Identities = keys.filter_map(|(rule, values)| Some(format!("{rule} {}", values?.join("|")))).collect();
    if found.is_empty() { Identities::from([content(record)]) } else { found }
}

/// The content of a record. Fields that do not make a row another one are left out, as for duplicates.
fn content(record: &Record) -> String {
    let values = record.values.iter().filter(|(field, _)| !["record_id", "reliability"].contains(&field.as_str()));
    let values: Vec<String> = values.map(|(field, value)| format!("{field}={value}")).collect();
    format!("{:?} {}", record.position.table, values.join("|"))
}

/// Knowledge of an id after a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownId {
    pub identities: Identities,
    pub taken_over_by: Option<i64>,
    pub gone: bool,
}

/// All ids after a run.
pub type KnownIds = BTreeMap<i64, KnownId>;

/// A row of `person_events` without its rule.
pub type Event = (i64, &'static str, Option<i64>);

/// The ids after the next run.
pub struct Night {
    /// The id of each person; for new persons the one that was given.
    pub ids: Vec<i64>,
    pub known: KnownIds,
    pub events: BTreeSet<Event>,
}

/// Continues the ids of `former`. `by_content` are the content ids of the persons, which order equal claims; `given` are the ids of new persons.
pub fn continued(former: &KnownIds, persons: &[Identities], by_content: &[i64], given: &[i64]) -> Night {
    let claims = |id: i64, person: usize| former[&id].identities.intersection(&persons[person]).count();
    let claimants = |id: i64| (0..persons.len()).filter(|person| claims(id, *person) > 0).collect::<Vec<_>>();
    let winner = |weights: &BTreeMap<usize, usize>| {
        let most = weights.values().max()?;
        weights.keys().copied().filter(|person| weights[person] == *most).min_by_key(|person| by_content[*person])
    };
    let mut won: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    for (&id, known) in former {
        let weights: BTreeMap<usize, usize> = claimants(id).into_iter().map(|person| (person, claims(id, person))).collect();
        let standing = if known.taken_over_by.is_some() {
            3
        } else if known.gone {
            2
        } else {
            0
        };
        if let Some(person) = winner(&weights) {
            won.insert(id, (person, standing));
        }
    }
    let unclaimed: Vec<i64> = former.keys().copied().filter(|id| claimants(*id).is_empty()).collect();
    for id in unclaimed {
        let mut weights = BTreeMap::new();
        for (&retired, _) in former.iter().filter(|(_, known)| known.taken_over_by == Some(id)) {
            for person in claimants(retired) {
                *weights.entry(person).or_insert(0) += claims(retired, person);
            }
        }
        if let Some(person) = winner(&weights) {
            won.insert(id, (person, 1));
        }
    }
    let mut ids = Vec::new();
    let mut events = BTreeSet::new();
    for (person, &new_id) in given.iter().enumerate() {
        let mine: BTreeSet<(usize, i64)> =
            won.iter().filter(|(_, (winner, _))| *winner == person).map(|(id, (_, standing))| (*standing, *id)).collect();
        let first = mine.first().copied();
        let id = first.map_or(new_id, |(_, id)| id);
        ids.push(id);
        for (standing, other) in &mine {
            if *other != id && *standing < 3 {
                events.insert((*other, "merged", Some(id)));
            }
        }
        if first.is_some_and(|(standing, _)| standing < 2) {
            continue;
        }
        let living = |id: &&i64| former[*id].taken_over_by.is_none() && !former[*id].gone && claims(**id, person) > 0;
        let lost = former.keys().filter(living).max_by_key(|id| (claims(**id, person), std::cmp::Reverse(**id)));
        events.insert(match (lost, first) {
            (Some(lost), _) => (id, "split", Some(*lost)),
            (None, Some((3, id))) => (id, "split", former[&id].taken_over_by),
            _ => (id, "new", None),
        });
    }
    let mut known = KnownIds::new();
    for (person, identities) in persons.iter().enumerate() {
        known.entry(ids[person]).or_default();
        for identity in identities {
            let is_origin = |id: &&i64| {
                former[*id].identities.contains(identity) && won.get(*id).is_some_and(|(winner, _)| *winner == person)
            };
            let origin = former.keys().find(is_origin).copied().unwrap_or(ids[person]);
            known.entry(origin).or_default().identities.insert(identity.clone());
        }
    }
    for (&id, before) in former {
        if claimants(id).is_empty() && known.get(&id).is_none_or(|known| known.identities.is_empty()) {
            known.entry(id).or_default().identities.extend(before.identities.iter().cloned());
        }
        let now = known.entry(id).or_default();
        let holder = won.get(&id).map(|(person, _)| ids[*person]);
        let living = |id: i64| ids.contains(&id);
        now.taken_over_by = match (holder, before.taken_over_by) {
            (Some(holder), _) => Some(holder).filter(|holder| *holder != id),
            (None, None) => None,
            (None, Some(root)) if living(root) => Some(root),
            (None, Some(root)) => Some(won.get(&root).map_or(root, |(person, _)| ids[*person])),
        };
        now.gone = holder.is_none() && now.taken_over_by.is_none();
        if now.gone && !before.gone {
            events.insert((id, "gone", None));
        }
    }
    Night { ids, known, events }
}
