//! The records of one person (SEM-266 to SEM-270).

use std::collections::{BTreeMap, BTreeSet};

use super::dates::Date;
use super::identifiers;
use super::names;
use super::overrides::Overrides;
use super::records::Record;
use super::{document_numbers, documents};

/// The fields of a record in the form in which they are compared.
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
    /// Whether the document can prove who the person is (SEM-117).
    document_proves: bool,
}

/// Records grouped into persons, with findings and links.
pub struct Persons {
    /// For each record the number of its person; persons are numbered in the order of their first records.
    pub person_of: Vec<usize>,
    pub count: usize,
    /// (record, code)
    pub findings: BTreeSet<(usize, &'static str)>,
    /// By rule, the number of records equal to an earlier one; for `L6` the number of groups joined to another.
    pub links: BTreeMap<&'static str, usize>,
}

/// Links the records of one person. `group` is the group of each record while rules and people join and divide groups.
pub fn link(records: &[Record], as_of: Date, overrides: &mut Overrides) -> Persons {
    let compared: Vec<Compared> = records.iter().map(|record| compared(record, as_of)).collect();
    let mut group: Vec<usize> = (0..records.len()).collect();
    let mut links = BTreeMap::new();
    for (rule, key) in [("L1", l1 as RuleKey), ("L2", l2), ("L3", l3), ("L4", l4), ("L5", l5)] {
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
    let contradicted = l6(&compared, as_of, &mut group, &mut links);
    let group_by_rules = group.clone();
    let same = overrides.same_persons(records, &mut group);
    let agree = |rule: &str, a: usize, b: usize| agree(rule, as_of, &compared[a], &compared[b]);
    let different = overrides.different_persons(records, &mut group, &agree);
    for (rule, count) in [("OVERRIDE_SAME", same), ("OVERRIDE_DIFFERENT", different)] {
        if count > 0 {
            links.insert(rule, count);
        }
    }
    for members in contradicted {
        let several = |group: &[usize]| members.iter().any(|at| group[*at] != group[members[0]]);
        // Not reported: a contradiction among records that people made one person.
        if several(&group) || !several(&group_by_rules) {
            findings.extend(members.iter().map(|at| (*at, "ENP_SHARED")));
        }
    }
    shared_enp(&compared, &group, &mut findings);
    person_findings(&compared, &group, &mut findings);
    let (person_of, count) = number_persons(&group);
    Persons { person_of, count, findings, links }
}

fn compared(record: &Record, as_of: Date) -> Compared {
    Compared {
        surname: names::name(record.get("surname")),
        given: names::name(record.get("given_name")),
        patronymic: names::patronymic(record.get("patronymic")),
        birth: record.get("birth_date").to_string(),
        sex: record.get("sex").to_string(),
        enp: record.get("enp").to_string(),
        snils: record.get("snils").to_string(),
        doc_kind: record.get("doc_kind").to_string(),
        doc_number: document_numbers::form(record.get("doc_number")).0,
        policy_kind: record.get("policy_kind").to_string(),
        policy_number: names::number(record.get("policy_number")),
        document_proves: !names::is_placeholder(record.get("given_name")) && !documents::is_of_another(&record.values, as_of),
    }
}

/// The fields that a rule compares; `None` when an empty field disables the rule.
type RuleKey = fn(&Compared) -> Option<Vec<String>>;

fn all_known(fields: &[&String]) -> Option<Vec<String>> {
    if fields.iter().any(|field| field.is_empty()) {
        return None;
    }
    Some(fields.iter().map(|field| field.to_string()).collect())
}

/// The fields of [`all_known`] and the patronymic, which may be empty on both sides.
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

/// Rule L4; a document that proves nothing joins nobody (SEM-117).
fn l4(r: &Compared) -> Option<Vec<String>> {
    if !r.document_proves {
        return None;
    }
    with_patronymic(r, &[&r.surname, &r.given, &r.birth, &r.doc_kind, &r.doc_number])
}

fn l5(r: &Compared) -> Option<Vec<String>> {
    if r.policy_kind != "1" && r.policy_kind != "2" {
        return None;
    }
    all_known(&[&r.policy_kind, &r.policy_number, &r.birth, &r.given])
}

/// The values that each rule compares, the strongest rule first; `None` where a field that the rule needs is absent.
pub fn keys(record: &Record, as_of: Date) -> Vec<(&'static str, Option<Vec<String>>)> {
    let r = compared(record, as_of);
    let holder = if r.enp.is_empty() { None } else { identifiers::enp_holder(&r.enp, as_of) };
    let of_coded_birth = holder.filter(|holder| holder.birth_date.to_string() == r.birth);
    let l6 = of_coded_birth.map(|_| vec![r.enp.clone(), r.birth.clone()]);
    vec![("L1", l1(&r)), ("L2", l2(&r)), ("L3", l3(&r)), ("L4", l4(&r)), ("L5", l5(&r)), ("L6", l6)]
}

/// Joins the groups of two records.
fn unite(group: &mut [usize], a: usize, b: usize) {
    let (keep, gone) = (group[a].min(group[b]), group[a].max(group[b]));
    for of_record in group.iter_mut() {
        if *of_record == gone {
            *of_record = keep;
        }
    }
}

/// Whether two records agree on all fields of a rule; for `L6` on an ENP and the birth date that it gives.
fn agree(rule: &str, as_of: Date, a: &Compared, b: &Compared) -> bool {
    let equal = |rule: RuleKey| rule(a).is_some() && rule(a) == rule(b);
    match rule {
        "L1" => equal(l1),
        "L2" => equal(l2),
        "L3" => equal(l3),
        "L4" => equal(l4),
        "L5" => equal(l5),
        _ => enp_pair(a, as_of).is_some() && enp_pair(a, as_of) == enp_pair(b, as_of),
    }
}

/// The ENP and the birth date, when the ENP itself gives that date.
fn enp_pair(record: &Compared, as_of: Date) -> Option<(String, String)> {
    if record.enp.is_empty() {
        return None;
    }
    let holder = identifiers::enp_holder(&record.enp, as_of)?;
    (holder.birth_date.to_string() == record.birth).then(|| (record.enp.clone(), record.birth.clone()))
}

/// Step 2. Groups contradict each other as step 1 left them. Returns the records of each pair of ENP and birth date with a contradiction.
fn l6(records: &[Compared], as_of: Date, group: &mut [usize], links: &mut BTreeMap<&'static str, usize>) -> Vec<Vec<usize>> {
    let group_of_step_1 = group.to_vec();
    let mut pairs: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, record) in records.iter().enumerate() {
        if let Some(pair) = enp_pair(record, as_of) {
            pairs.entry(pair).or_default().push(at);
        }
    }
    let mut contradicted = Vec::new();
    for of_pair in pairs.values() {
        let groups: BTreeSet<usize> = of_pair.iter().map(|at| group_of_step_1[*at]).collect();
        let contradiction = groups.iter().any(|a| groups.iter().any(|b| a < b && contradict(records, &group_of_step_1, *a, *b)));
        if contradiction {
            contradicted.push(of_pair.clone());
            continue;
        }
        for at in of_pair {
            unite(group, of_pair[0], *at);
        }
        if groups.len() > 1 {
            *links.entry("L6").or_insert(0) += groups.len() - 1;
        }
    }
    contradicted
}

/// "Two groups contradict when ..."
fn contradict(records: &[Compared], group_of_step_1: &[usize], a: usize, b: usize) -> bool {
    let values = |wanted: usize, field: fn(&Compared) -> &String| -> BTreeSet<String> {
        let members = records.iter().zip(group_of_step_1).filter(|(_, group)| **group == wanted);
        members.map(|(record, _)| field(record).clone()).filter(|value| !value.is_empty()).collect()
    };
    let nothing_common = |field: fn(&Compared) -> &String| {
        let (of_a, of_b) = (values(a, field), values(b, field));
        !of_a.is_empty() && !of_b.is_empty() && of_a.is_disjoint(&of_b)
    };
    let given_a = values(a, |r| &r.given);
    let given_b = values(b, |r| &r.given);
    let compatible_names = given_a.iter().any(|x| given_b.iter().any(|y| names::compatible(x, y)));
    let named = !given_a.is_empty() && !given_b.is_empty();
    nothing_common(|r| &r.snils) || nothing_common(|r| &r.sex) || (named && !compatible_names)
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

/// The person of each record, and the number of persons; persons are numbered in the order of their first records.
fn number_persons(group: &[usize]) -> (Vec<usize>, usize) {
    let mut seen: Vec<usize> = Vec::new();
    let mut person_of = Vec::new();
    for number in group {
        if !seen.contains(number) {
            seen.push(*number);
        }
        person_of.push(seen.iter().position(|known| known == number).expect("just put there"));
    }
    (person_of, seen.len())
}

/// The record's identity as one text: enp, else policy, else SNILS; with birth date and given name.
pub fn identity_text(record: &Record) -> String {
    let policy_number = names::number(record.get("policy_number"));
    let number = if !record.get("enp").is_empty() {
        format!("1:{}", record.get("enp"))
    } else if !policy_number.is_empty() {
        format!("2:{}:{policy_number}", record.get("policy_kind"))
    } else {
        format!("3:{}", record.get("snils"))
    };
    format!("{number}|{}|{}", record.get("birth_date"), names::name(record.get("given_name")))
}
