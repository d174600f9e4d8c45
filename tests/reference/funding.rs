//! Heads of people on the days of a tariff, and the money that they give (SEM-284 to SEM-286).

use std::collections::BTreeMap;

use super::HeadcountRow;
use super::dates::{self, Date};
use super::money::{self, CareMoney, CountedHeads, Subject};
use super::organisations::{self, Organisation};
use crate::regions::tariff::BandSetDef;
use crate::regions::{ClinicRow, Region};

/// An insured person on a count day.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedPerson {
    /// An ISO date.
    pub day: String,
    pub insurer: String,
    pub insurer_unresolved: bool,
    pub sex: String,
    /// Full years on the day.
    pub age: i32,
    pub attached: Vec<Attached>,
}

/// The clinic of a person and profile on a count day.
#[derive(Clone, Debug, PartialEq)]
pub struct Attached {
    pub profile: u8,
    pub clinic: String,
    pub unresolved: bool,
}

/// The tables of heads and money.
pub struct Funding {
    pub headcount: Vec<HeadcountRow>,
    pub cares: Vec<CareMoney>,
}

pub fn funding(people: &[CountedPerson], region: &Region, clinics: &[Organisation], as_of: Date) -> Funding {
    let heads: Vec<CountedHeads> = people.iter().flat_map(|person| heads_of(person, &region.clinics, clinics, as_of)).collect();
    let subject = Subject { tariff: &region.tariff, clinics: &region.clinics, as_of: &region.as_of, counted: &heads };
    Funding { headcount: headcount(people, &heads, region), cares: money::money(&subject) }
}

/// The clinic at which the attached people of `code` are counted: the head of a branch, as it is read on `D`.
fn counting_clinic(code: &str, rows: &[ClinicRow], clinics: &[Organisation], as_of: Date) -> String {
    let row = rows.iter().find(|row| row.clinic == code).expect("a known clinic");
    if row.head.is_empty() { code.to_string() } else { organisations::read_on(clinics, &row.head, as_of) }
}

/// The person's heads, one for each profile. "A head is funded when ..."
fn heads_of(person: &CountedPerson, rows: &[ClinicRow], clinics: &[Organisation], as_of: Date) -> Vec<CountedHeads> {
    let day = dates::parse(&person.day).expect("an ISO date");
    let head = |attached: &Attached| {
        let clinic = counting_clinic(&attached.clinic, rows, clinics, as_of);
        let at = organisations::find(clinics, &clinic).expect("a stay names a known clinic");
        let counts = !person.insurer_unresolved && !attached.unresolved && organisations::works_on(at, day) && at.attachable;
        CountedHeads {
            day: person.day.clone(),
            profile: attached.profile,
            insurer: person.insurer.clone(),
            clinic,
            sex: person.sex.clone(),
            age: person.age,
            heads: 1,
            funded: i64::from(counts),
        }
    };
    person.attached.iter().map(head).collect()
}

/// A set of bands with the profiles whose attached people it counts.
struct CountedSet {
    set: BandSetDef,
    profiles: Vec<u8>,
    counts_insured: bool,
}

/// "A named set counts the therapeutic profile and those of all cares, that of a care those of the care", and all insured people.
fn counted_sets(region: &Region) -> Vec<CountedSet> {
    let cares = region.tariff.kinds_of_care();
    let all: Vec<u8> = [1].into_iter().chain(cares.iter().map(|care| care.profile)).collect();
    let named = region.tariff.band_sets.iter();
    let mut sets: Vec<CountedSet> =
        named.map(|set| CountedSet { set: set.clone(), profiles: all.clone(), counts_insured: true }).collect();
    for care in cares.iter().filter(|care| care.band_set.is_none()) {
        let set = BandSetDef { name: care.name.clone(), bands: care.bands.clone() };
        sets.push(CountedSet { set, profiles: vec![care.profile], counts_insured: false });
    }
    sets
}

/// "Heads are counted by (insurer, clinic, sex, age band)", on each count day and in each set of bands.
fn headcount(people: &[CountedPerson], heads: &[CountedHeads], region: &Region) -> Vec<HeadcountRow> {
    let mut counts: BTreeMap<HeadcountRow, (i64, i64)> = BTreeMap::new();
    for CountedSet { set, profiles, counts_insured } in counted_sets(region) {
        let bands = money::of_one_sex(&set.bands);
        let row = |day: &str, insurer: &str, sex: &str, age: i32| {
            let band = &bands[money::band_of(&bands, sex, age)];
            HeadcountRow {
                day: day.to_string(),
                set: set.name.clone(),
                insurer: insurer.to_string(),
                sex: sex.to_string(),
                from: band.from,
                to: band.to,
                ..HeadcountRow::default()
            }
        };
        for head in heads.iter().filter(|head| profiles.contains(&head.profile)) {
            let of_band = row(&head.day, &head.insurer, &head.sex, head.age);
            let key = HeadcountRow { profile: head.profile, clinic: Some(head.clinic.clone()), ..of_band };
            let (all, funded) = counts.entry(key).or_default();
            *all += head.heads;
            *funded += head.funded;
        }
        for person in people.iter().filter(|_| counts_insured) {
            counts.entry(row(&person.day, &person.insurer, &person.sex, person.age)).or_default().0 += 1;
        }
    }
    counts.into_iter().map(|(key, (heads, funded))| HeadcountRow { heads, funded, ..key }).collect()
}
