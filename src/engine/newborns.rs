//! Insurers of newborns compared with those of their mothers or other representatives (SEM-168).
//!
//! Representatives are other persons, mostly of other partitions. So data are collected while timelines are made, and compared at the end.

use super::record_view::RecordView;
use super::tables::{FindingRow, WorkerFindings};
use sverka_kernel::identity::{AnyRecord, RecordIndex};
use sverka_kernel::shuffle::NumberSet;
use sverka_kernel::timeline::{Stay, Stays};
use sverka_model::{AttributeKind, Code, Date, Enp, InsurerId, PersonId, Record as _, RowId, RowOwner, TextKind};

/// Newborns and representatives found so far.
#[derive(Default)]
pub(super) struct Newborns {
    children: Vec<Child>,
    representatives: Vec<Insured>,
}

/// Register record that names a representative, with the insurance of its person until it may choose.
struct Child {
    representative: Enp,
    insured: Vec<Interval>,
    person_id: PersonId,
    row_id: RowId,
    owner: RowOwner,
    record_id: Box<str>,
}

/// Person with an ENP and one of the person's stays, if there are any.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Insured {
    enp: Enp,
    person_id: PersonId,
    interval: Option<Interval>,
}

/// Days with one insurer; a successor counts from the day of succession.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Interval {
    from: Date,
    to: Date,
    insurer: InsurerId,
}

impl Interval {
    fn from_stay(stay: &Stay) -> Self {
        Self { from: stay.from, to: stay.to, insurer: stay.organisation.insurer() }
    }

    /// Part in `[from, to)`, if there is any.
    fn within(self, from: Date, to: Date) -> Option<Self> {
        let part = Self { from: self.from.max(from), to: self.to.min(to), ..self };
        (part.from < part.to).then_some(part)
    }
}

impl Newborns {
    /// Collects the data of a person; `insurance` are the stays of the person, `named` the ENPs of all representatives.
    #[inline]
    pub fn collect(
        &mut self,
        view: RecordView<'_>,
        named: &NumberSet,
        id: PersonId,
        of_person: &[RecordIndex],
        insurance: &Stays,
    ) {
        if named.is_empty() {
            return;
        }
        let mut last = Enp::NONE;
        for &record in of_person {
            let enp = view.records.at(record).enp;
            if enp != last && named.contains(enp.number()) {
                self.representative(enp, id, insurance);
            }
            last = enp;
        }
        if view.records.partition.has_attributes() {
            self.child(view, id, of_person, insurance);
        }
    }

    #[cold]
    fn representative(&mut self, enp: Enp, person_id: PersonId, insurance: &Stays) {
        let stays = insurance.as_slice();
        let stays = stays.iter().map(|stay| Some(Interval::from_stay(stay))).chain(stays.is_empty().then_some(None));
        self.representatives.extend(stays.map(|interval| Insured { enp, person_id, interval }));
    }

    fn child(&mut self, view: RecordView<'_>, person_id: PersonId, of_person: &[RecordIndex], insurance: &Stays) {
        for &index in of_person {
            let AnyRecord::Register(record) = view.records.get(index) else { break };
            let attributes = view.records.attributes(index);
            let Some(attribute) = attributes.iter().find(|attribute| attribute.kind() == AttributeKind::Representative) else {
                continue;
            };
            // Days after the as-of date are not known yet.
            let end = attribute.day.min(view.job.as_of.next());
            let stays = insurance.as_slice().iter();
            let insured: Vec<Interval> =
                stays.filter_map(|stay| Interval::from_stay(stay).within(record.identity.birth_date, end)).collect();
            if !insured.is_empty() {
                self.children.push(Child {
                    representative: Enp::from_stored(attribute.number),
                    insured,
                    person_id,
                    row_id: record.identity.row_id,
                    owner: record.owner(),
                    record_id: (&*view.records.text(index, TextKind::RecordId)).into(),
                });
            }
        }
    }

    /// Adds the data of other persons.
    pub fn merge(&mut self, other: Self) {
        self.children.extend(other.children);
        self.representatives.extend(other.representatives);
    }

    /// Compares all children with their representatives, and adds the findings.
    pub fn compare(mut self, findings: &mut WorkerFindings<'_>) {
        self.representatives.sort_unstable();
        for child in &self.children {
            if child.is_with_another_insurer_than(bearers(&self.representatives, child.representative)) {
                findings.push(&FindingRow {
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

/// Persons with an ENP, from a sorted list.
fn bearers(all: &[Insured], enp: Enp) -> &[Insured] {
    let from = all.partition_point(|insured| insured.enp < enp);
    let to = all.partition_point(|insured| insured.enp <= enp);
    &all[from..to]
}

impl Child {
    /// Whether child and representative are insured with different insurers on some day. An ENP of several persons names no representative.
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
        let owner = RowOwner { table: Table::Register, organisation: Some(InsurerId::new(1).into()) };
        Child {
            representative: Enp::from_stored(5),
            insured,
            person_id: PersonId::from_stored(1),
            row_id: RowId::new(0, 2),
            owner,
            record_id: "".into(),
        }
    }

    /// Whether a child with insurer 1 from 5 to 10 October is found beside persons with these stays.
    fn found(persons: &[(PersonId, Option<Interval>)]) -> bool {
        let child = child(vec![interval(1, "2026-10-05", "2026-10-11")]);
        let insured = persons.iter().map(|&(person_id, interval)| Insured { enp: Enp::from_stored(5), person_id, interval });
        let around = [4, 6].map(|enp| Insured {
            enp: Enp::from_stored(enp),
            person_id: PersonId::from_stored(2),
            interval: Some(interval(2, "2026-01-01", "2027-01-01")),
        });
        let mut all: Vec<Insured> = insured.chain(around).collect();
        all.sort_unstable();
        child.is_with_another_insurer_than(bearers(&all, child.representative))
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
            assert_eq!(
                found(&[(PersonId::from_stored(7), Some(interval(insurer, from, to)))]),
                expected,
                "{insurer} {from} {to}"
            );
        }
        let changed = [interval(1, "2020-01-01", "2026-10-10"), interval(2, "2026-10-10", "2027-01-01")];
        assert!(found(&changed.map(|stay| (PersonId::from_stored(7), Some(stay)))));
    }

    #[test]
    fn who_is_not_known_or_not_insured_contradicts_nothing() {
        assert!(!found(&[]));
        assert!(!found(&[(PersonId::from_stored(7), None)]));
    }

    #[test]
    fn an_enp_of_several_persons_names_nobody() {
        let other = Some(interval(2, "2026-01-01", "2027-01-01"));
        assert!(found(&[(PersonId::from_stored(7), other)]));
        assert!(!found(&[(PersonId::from_stored(7), other), (PersonId::from_stored(8), None)]));
    }
}
