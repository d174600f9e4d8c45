//! Newborns beside their mothers or representatives, who are other persons, mostly of other partitions: each gives what the comparison needs
//! when its timeline is done, and all is compared at the end.

use super::tables::{Found, FoundRows};
use super::view::RunView;
use sverka_kernel::identity::{AnyRecord, RecordIndex};
use sverka_kernel::shuffle::NumberSet;
use sverka_kernel::timeline::{Stay, Stays};
use sverka_model::{Code, Date, FactKind, InsurerId, Owner, Record as _, RowId, TextKind};

/// What newborns and representatives gave so far.
#[derive(Default)]
pub(super) struct Newborns {
    children: Vec<Child>,
    representatives: Vec<Insured>,
}

/// A register record that names a representative, and where its person is insured until it may choose.
struct Child {
    representative: u64,
    insured: Vec<Interval>,
    person_id: i64,
    row_id: RowId,
    owner: Owner,
    record_id: Box<str>,
}

/// A person whom an ENP names, with one of its stays or, when it has none, nothing.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Insured {
    enp: u64,
    person_id: i64,
    interval: Option<Interval>,
}

/// Days with one insurer, as read on them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Interval {
    from: Date,
    to: Date,
    insurer: InsurerId,
}

impl Interval {
    fn of(stay: &Stay) -> Self {
        Self { from: stay.from, to: stay.to, insurer: stay.organisation.insurer() }
    }

    /// The part in `[from, to)`, if there is any.
    fn within(self, from: Date, to: Date) -> Option<Self> {
        let part = Self { from: self.from.max(from), to: self.to.min(to), ..self };
        (part.from < part.to).then_some(part)
    }
}

impl Newborns {
    /// Takes what a person gives: `insurance` are its stays, `named` the ENPs of all representatives.
    #[inline]
    pub fn collect(&mut self, view: RunView<'_>, named: &NumberSet, id: i64, of_person: &[RecordIndex], insurance: &Stays) {
        if named.is_empty() {
            return;
        }
        let mut last = 0;
        for &record in of_person {
            let enp = view.records.at(record).enp;
            if enp != last && named.contains(enp) {
                self.representative(enp, id, insurance);
            }
            last = enp;
        }
        if view.records.partition.has_facts() {
            self.child(view, id, of_person, insurance);
        }
    }

    #[cold]
    fn representative(&mut self, enp: u64, person_id: i64, insurance: &Stays) {
        let stays = insurance.as_slice();
        let stays = stays.iter().map(|stay| Some(Interval::of(stay))).chain(stays.is_empty().then_some(None));
        self.representatives.extend(stays.map(|interval| Insured { enp, person_id, interval }));
    }

    fn child(&mut self, view: RunView<'_>, person_id: i64, of_person: &[RecordIndex], insurance: &Stays) {
        for &index in of_person {
            let AnyRecord::Register(record) = view.records.get(index) else { break };
            let facts = view.records.facts(index);
            let Some(fact) = facts.iter().find(|fact| fact.kind() == FactKind::Representative) else { continue };
            // Of the days to come nobody knows yet.
            let end = fact.day.min(view.job.as_of.next());
            let stays = insurance.as_slice().iter();
            let insured: Vec<Interval> =
                stays.filter_map(|stay| Interval::of(stay).within(record.identity.birth_date, end)).collect();
            if !insured.is_empty() {
                self.children.push(Child {
                    representative: fact.number,
                    insured,
                    person_id,
                    row_id: record.identity.row_id,
                    owner: record.owner(),
                    record_id: (&*view.records.text(index, TextKind::RecordId)).into(),
                });
            }
        }
    }

    /// Takes over what other persons gave.
    pub fn merge(&mut self, other: Self) {
        self.children.extend(other.children);
        self.representatives.extend(other.representatives);
    }

    /// Compares all children with their representatives; what is found goes to `findings`.
    pub fn compare(mut self, findings: &mut FoundRows<'_>) {
        self.representatives.sort_unstable();
        for child in &self.children {
            if child.is_with_another_insurer_than(of_enp(&self.representatives, child.representative)) {
                findings.push(&Found {
                    row_id: child.row_id,
                    owner: child.owner,
                    code: Code::NewbornInsurer,
                    field: None,
                    record_id: child.record_id.as_bytes(),
                    person_id: Some(child.person_id),
                });
            }
        }
    }
}

/// Those whom an ENP names, of a sorted list.
fn of_enp(all: &[Insured], enp: u64) -> &[Insured] {
    let from = all.partition_point(|insured| insured.enp < enp);
    let to = all.partition_point(|insured| insured.enp <= enp);
    &all[from..to]
}

impl Child {
    /// Whether there is a day on which child and representative are insured, but not with one insurer. An ENP that several persons bear names
    /// nobody.
    fn is_with_another_insurer_than(&self, named: &[Insured]) -> bool {
        let one_person = named.iter().all(|insured| insured.person_id == named[0].person_id);
        let differ =
            |own: &Interval, other: &Interval| own.insurer != other.insurer && own.within(other.from, other.to).is_some();
        let others = || named.iter().filter_map(|insured| insured.interval.as_ref());
        one_person && self.insured.iter().any(|own| others().any(|other| differ(own, other)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sverka_model::Table;

    fn interval(insurer: u16, from: &str, to: &str) -> Interval {
        Interval { from: from.parse().expect("a date"), to: to.parse().expect("a date"), insurer: InsurerId::new(insurer) }
    }

    fn child(insured: Vec<Interval>) -> Child {
        let owner = Owner { table: Table::Register, organisation: Some(InsurerId::new(1).into()) };
        Child { representative: 5, insured, person_id: 1, row_id: RowId::new(0, 2), owner, record_id: "".into() }
    }

    /// Whether a child who is with insurer 1 from 5 to 10 October is found beside persons with these stays.
    fn found(persons: &[(i64, Option<Interval>)]) -> bool {
        let child = child(vec![interval(1, "2026-10-05", "2026-10-11")]);
        let insured = persons.iter().map(|&(person_id, interval)| Insured { enp: 5, person_id, interval });
        let around = [4, 6].map(|enp| Insured { enp, person_id: 2, interval: Some(interval(2, "2026-01-01", "2027-01-01")) });
        let mut all: Vec<Insured> = insured.chain(around).collect();
        all.sort_unstable();
        child.is_with_another_insurer_than(of_enp(&all, child.representative))
    }

    #[test]
    fn one_day_with_another_insurer_is_found() {
        for (insurer, from, to, expected) in [
            (2, "2026-01-01", "2027-01-01", true),
            (1, "2026-01-01", "2027-01-01", false),
            (2, "2026-01-01", "2026-10-05", false),
            (2, "2026-01-01", "2026-10-06", true),
            (2, "2026-10-10", "2027-01-01", true),
            (2, "2026-10-11", "2027-01-01", false),
        ] {
            assert_eq!(found(&[(7, Some(interval(insurer, from, to)))]), expected, "{insurer} {from} {to}");
        }
        let changed = [interval(1, "2020-01-01", "2026-10-10"), interval(2, "2026-10-10", "2027-01-01")];
        assert!(found(&changed.map(|stay| (7, Some(stay)))));
    }

    #[test]
    fn who_is_not_known_or_not_insured_contradicts_nothing() {
        assert!(!found(&[]));
        assert!(!found(&[(7, None)]));
    }

    #[test]
    fn an_enp_of_several_persons_names_nobody() {
        let other = Some(interval(2, "2026-01-01", "2027-01-01"));
        assert!(found(&[(7, other)]));
        assert!(!found(&[(7, other), (8, None)]));
    }
}
