//! Spec 5: which records are one person.

use std::collections::{BTreeMap, BTreeSet};

use super::dates::Date;
use super::identifiers;
use super::names;
use super::records::Record;

/// A record's fields as they are compared.
struct Compared {
    surname: String,
    given: String,
    patronymic: String,
    birth: String,
    sex: String,
    enp: String,
    snils: String,
    doc_kind: String,
    doc_number: String,
    policy_kind: String,
    policy_number: String,
}

/// Records grouped into persons, and what was noticed on the way.
pub struct Persons {
    /// For each record the number of its person; persons are numbered in the order of their first records.
    pub person_of: Vec<usize>,
    pub count: usize,
    /// (record, code)
    pub findings: BTreeSet<(usize, &'static str)>,
    /// How many records each rule finds equal to an earlier one; for `L6` how many groups it joins to another.
    pub links: BTreeMap<&'static str, usize>,
}

pub fn persons(records: &[Record], as_of: Date) -> Persons {
    let compared: Vec<Compared> = records.iter().map(compared).collect();
    let mut group: Vec<usize> = (0..records.len()).collect();
    let mut links = BTreeMap::new();
    for (rule, key) in [("L1", l1 as Rule), ("L2", l2), ("L3", l3), ("L4", l4), ("L5", l5)] {
        let keys: Vec<Option<Vec<String>>> = compared.iter().map(key).collect();
        for later in 0..records.len() {
            let equal = (0..later).find(|earlier| keys[later].is_some() && keys[*earlier] == keys[later]);
            if let Some(earlier) = equal {
                unite(&mut group, earlier, later);
                *links.entry(rule).or_insert(0) += 1;
            }
        }
    }
    let mut findings = BTreeSet::new();
    l6(&compared, as_of, &mut group, &mut findings, &mut links);
    shared_enp(&compared, &group, &mut findings);
    person_findings(&compared, &group, &mut findings);
    let (person_of, count) = number(&group);
    Persons { person_of, count, findings, links }
}

fn compared(record: &Record) -> Compared {
    Compared {
        surname: names::name(record.get("surname")),
        given: names::name(record.get("given_name")),
        patronymic: names::patronymic(record.get("patronymic")),
        birth: record.get("birth_date").to_string(),
        sex: record.get("sex").to_string(),
        enp: record.get("enp").to_string(),
        snils: record.get("snils").to_string(),
        doc_kind: record.get("doc_kind").to_string(),
        doc_number: names::number(record.get("doc_number")),
        policy_kind: record.get("policy_kind").to_string(),
        policy_number: names::number(record.get("policy_number")),
    }
}

/// The fields that a rule compares; `None` when an empty one disables it.
type Rule = fn(&Compared) -> Option<Vec<String>>;

fn all_known(fields: &[&String]) -> Option<Vec<String>> {
    if fields.iter().any(|field| field.is_empty()) {
        return None;
    }
    Some(fields.iter().map(|field| field.to_string()).collect())
}

/// As `all_known`; the patronymic may be empty on both sides.
fn with_patronymic(r: &Compared, fields: &[&String]) -> Option<Vec<String>> {
    let mut known = all_known(fields)?;
    known.push(r.patronymic.clone());
    Some(known)
}

fn l1(r: &Compared) -> Option<Vec<String>> {
    all_known(&[&r.enp, &r.birth, &r.given])
}

fn l2(r: &Compared) -> Option<Vec<String>> {
    with_patronymic(r, &[&r.enp, &r.surname, &r.given])
}

fn l3(r: &Compared) -> Option<Vec<String>> {
    all_known(&[&r.snils, &r.birth, &r.given])
}

fn l4(r: &Compared) -> Option<Vec<String>> {
    with_patronymic(r, &[&r.surname, &r.given, &r.birth, &r.doc_kind, &r.doc_number])
}

fn l5(r: &Compared) -> Option<Vec<String>> {
    if r.policy_kind != "1" && r.policy_kind != "2" {
        return None;
    }
    all_known(&[&r.policy_kind, &r.policy_number, &r.birth, &r.given])
}

/// What a record is compared by under each rule, the strongest first; nothing where a field that the rule needs is absent.
pub fn keys(record: &Record, as_of: Date) -> Vec<(&'static str, Option<Vec<String>>)> {
    let r = compared(record);
    let holder = if r.enp.is_empty() { None } else { identifiers::enp_holder(&r.enp, as_of) };
    let of_coded_birth = holder.filter(|holder| holder.birth_date.to_string() == r.birth);
    let l6 = of_coded_birth.map(|_| vec![r.enp.clone(), r.birth.clone()]);
    vec![("L1", l1(&r)), ("L2", l2(&r)), ("L3", l3(&r)), ("L4", l4(&r)), ("L5", l5(&r)), ("L6", l6)]
}

/// Puts the groups of two records together.
fn unite(group: &mut [usize], a: usize, b: usize) {
    let (keep, gone) = (group[a].min(group[b]), group[a].max(group[b]));
    for of_record in group.iter_mut() {
        if *of_record == gone {
            *of_record = keep;
        }
    }
}

/// Step 2. Contradictions are judged on the groups as step 1 left them.
fn l6(
    records: &[Compared],
    as_of: Date,
    group: &mut [usize],
    findings: &mut BTreeSet<(usize, &'static str)>,
    links: &mut BTreeMap<&'static str, usize>,
) {
    let of_step_1 = group.to_vec();
    let mut pairs: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, record) in records.iter().enumerate() {
        if record.enp.is_empty() {
            continue;
        }
        let holder = identifiers::enp_holder(&record.enp, as_of);
        if holder.is_some_and(|holder| holder.birth_date.to_string() == record.birth) {
            pairs.entry((record.enp.clone(), record.birth.clone())).or_default().push(at);
        }
    }
    for of_pair in pairs.values() {
        let groups: BTreeSet<usize> = of_pair.iter().map(|at| of_step_1[*at]).collect();
        let contradiction = groups.iter().any(|a| groups.iter().any(|b| a < b && contradict(records, &of_step_1, *a, *b)));
        for at in of_pair {
            if contradiction {
                findings.insert((*at, "ENP_SHARED"));
            } else {
                unite(group, of_pair[0], *at);
            }
        }
        if !contradiction && groups.len() > 1 {
            *links.entry("L6").or_insert(0) += groups.len() - 1;
        }
    }
}

/// "Two groups contradict when ..."
fn contradict(records: &[Compared], of_step_1: &[usize], a: usize, b: usize) -> bool {
    let values = |wanted: usize, field: fn(&Compared) -> &String| -> BTreeSet<String> {
        let members = records.iter().zip(of_step_1).filter(|(_, group)| **group == wanted);
        members.map(|(record, _)| field(record).clone()).filter(|value| !value.is_empty()).collect()
    };
    let nothing_common = |field: fn(&Compared) -> &String| {
        let (of_a, of_b) = (values(a, field), values(b, field));
        !of_a.is_empty() && !of_b.is_empty() && of_a.is_disjoint(&of_b)
    };
    let given_a = values(a, |r| &r.given);
    let given_b = values(b, |r| &r.given);
    let compatible_names = given_a.iter().any(|x| given_b.iter().any(|y| names::compatible(x, y)));
    nothing_common(|r| &r.snils) || nothing_common(|r| &r.sex) || !compatible_names
}

/// "Records with the same ENP that end in different persons get ENP_SHARED, too."
fn shared_enp(records: &[Compared], group: &[usize], findings: &mut BTreeSet<(usize, &'static str)>) {
    for a in 0..records.len() {
        for b in 0..records.len() {
            if !records[a].enp.is_empty() && records[a].enp == records[b].enp && group[a] != group[b] {
                findings.insert((a, "ENP_SHARED"));
            }
        }
    }
}

/// `IDENTITY_REVIEW` and `SEVERAL_ENP`, on the person's first record. Records come in the order of their positions.
fn person_findings(records: &[Compared], group: &[usize], findings: &mut BTreeSet<(usize, &'static str)>) {
    for first in 0..records.len() {
        if group.iter().position(|of| *of == group[first]) != Some(first) {
            continue;
        }
        let different = |field: fn(&Compared) -> &String| -> usize {
            let members = records.iter().zip(group).filter(|(_, of)| **of == group[first]);
            let values: BTreeSet<&String> = members.map(|(record, _)| field(record)).filter(|v| !v.is_empty()).collect();
            values.len()
        };
        if different(|r| &r.snils) > 1 || different(|r| &r.sex) > 1 || different(|r| &r.birth) > 1 {
            findings.insert((first, "IDENTITY_REVIEW"));
        }
        if different(|r| &r.enp) > 1 {
            findings.insert((first, "SEVERAL_ENP"));
        }
    }
}

fn number(group: &[usize]) -> (Vec<usize>, usize) {
    let mut seen: Vec<usize> = Vec::new();
    let mut person_of = Vec::new();
    for of in group {
        if !seen.contains(of) {
            seen.push(*of);
        }
        person_of.push(seen.iter().position(|known| known == of).expect("just put there"));
    }
    (person_of, seen.len())
}

/// The record's identity as one text: enp, else policy, else SNILS; with birth date and given name.
pub fn identity_text(record: &Record) -> String {
    let r = compared(record);
    let number = if !r.enp.is_empty() {
        format!("1:{}", r.enp)
    } else if !r.policy_number.is_empty() {
        format!("2:{}:{}", r.policy_kind, r.policy_number)
    } else {
        format!("3:{}", r.snils)
    };
    format!("{number}|{}|{}", r.birth, r.given)
}
