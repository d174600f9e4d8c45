//! People whose insurer left and who chose no other: a proposal how to split them over the insurers that remain (326-ФЗ, article 16).
//!
//! Reads a published run and nothing else, and never changes one. What it gives is a table for people to approve: it takes effect only as decisions that they
//! sign (a file of overrides) or as records of the register.

mod error;
mod read;
mod split;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use error::DistributeError;
pub use split::{Candidate, Recipient, Split, largest_remainder, split};
pub use write::{write_overrides, write_table};

use crate::model::Date;
use crate::publish::Manifest;
use read::PublishedTables;

/// What is to be distributed, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Order {
    /// Also those who may still choose.
    pub all: bool,
    /// Working people and others in proportion each.
    pub equal_shares: bool,
}

/// A row of `must_choose`, as far as it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftPerson {
    /// Number of the person.
    pub person_id: i64,
    /// The insurer that left.
    pub insurer: String,
    /// First day without it.
    pub left_on: Date,
    /// First day after the time to choose.
    pub choose_by: Date,
    /// Whether that time is over.
    pub overdue: bool,
    /// Policy number.
    pub enp: Option<String>,
    /// SNILS.
    pub snils: Option<String>,
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Birth date.
    pub birth_date: Date,
    /// Category, 0 to 14.
    pub category: Option<i32>,
    /// Key of the address.
    pub household: Option<i64>,
    /// Source of the record that would have gone on.
    pub source: String,
    /// Its line.
    pub line: i64,
}

impl LeftPerson {
    /// Categories 1 to 5 work; those from the EAEU are workers and staff (11 to 14), but count as the law counts the insured: by 1 to 5 alone.
    fn works(&self) -> bool {
        self.category.is_some_and(|category| (1..=5).contains(&category))
    }
}

/// A person, and who is to insure it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// Who.
    pub person: LeftPerson,
    /// The insurer that is proposed.
    pub insurer: String,
    /// How many people of the address are distributed together, this one included.
    pub household_size: usize,
}

/// What one insurer gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsurerShare {
    /// Its region.
    pub region: Option<String>,
    /// Its code.
    pub insurer: String,
    /// Its name.
    pub name: Option<String>,
    /// Its insured people on the as-of date.
    pub insured: u64,
    /// How many people it is to get by proportion.
    pub quota: u64,
    /// How many are proposed.
    pub proposed: u64,
}

/// A proposal.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The run that it is made from.
    pub run_id: String,
    /// The folder of that run.
    pub dir: PathBuf,
    /// The as-of date of that run.
    pub as_of: String,
    /// By the person's number.
    pub people: Vec<Proposed>,
    /// By region and code.
    pub shares: Vec<InsurerShare>,
    /// People who may still choose and are not among [`Self::people`].
    pub still_choosing: u64,
}

/// Proposes who is to insure the people of a run whose insurer left.
///
/// # Errors
/// When the run cannot be read or lacks a table, or nobody remains to take the people.
pub fn propose(dir: &Path, order: Order) -> Result<Proposal, DistributeError> {
    let manifest = Manifest::read(dir)?;
    if manifest.insurers.is_empty() {
        return Err(DistributeError::OldRun { run_id: manifest.run_id });
    }
    let tables = PublishedTables { dir, manifest: &manifest };
    let (people, choosing): (Vec<LeftPerson>, Vec<LeftPerson>) =
        tables.left_people()?.into_iter().partition(|person| person.overdue || order.all);
    let insured = if people.is_empty() { BTreeMap::new() } else { tables.insured()? };
    let mut proposal = Proposal {
        run_id: manifest.run_id.clone(),
        dir: dir.to_owned(),
        as_of: manifest.as_of.clone(),
        people: Vec::new(),
        shares: Vec::new(),
        still_choosing: choosing.len() as u64,
    };
    for (region, people) in by_region(people, &manifest) {
        proposal.add_region(region, people, &manifest, &insured, order)?;
    }
    proposal.people.sort_by_key(|proposed| proposed.person.person_id);
    Ok(proposal)
}

/// The people by the region of the insurer that left.
fn by_region(people: Vec<LeftPerson>, manifest: &Manifest) -> BTreeMap<Option<String>, Vec<LeftPerson>> {
    let mut regions: BTreeMap<Option<String>, Vec<LeftPerson>> = BTreeMap::new();
    for person in people {
        let left = manifest.insurers.iter().find(|insurer| insurer.insurer == person.insurer);
        regions.entry(left.and_then(|insurer| insurer.region.clone())).or_default().push(person);
    }
    regions
}

impl Proposal {
    /// Distributes the people of a region over its insurers that work on and have insured people. Where the table tells no region, all insurers are of it.
    fn add_region(
        &mut self,
        region: Option<String>,
        people: Vec<LeftPerson>,
        manifest: &Manifest,
        insured: &BTreeMap<String, u64>,
        order: Order,
    ) -> Result<(), DistributeError> {
        let of_region = |other: &Option<String>| region.is_none() || other.is_none() || *other == region;
        let remaining: Vec<_> = (manifest.insurers.iter())
            .filter(|insurer| insurer.closes_on.is_none() && of_region(&insurer.region))
            .filter_map(|insurer| Some((insurer, *insured.get(&insurer.insurer)?)))
            .collect();
        if remaining.is_empty() {
            let region = region.unwrap_or_else(|| "(not given)".to_owned());
            return Err(DistributeError::NobodyRemains { region, as_of: self.as_of.clone() });
        }
        let recipients: Vec<Recipient> =
            remaining.iter().map(|(insurer, insured)| Recipient { code: insurer.insurer.clone(), insured: *insured }).collect();
        let candidates: Vec<Candidate> = (people.iter())
            .map(|person| Candidate { person_id: person.person_id, household: person.household, works: person.works() })
            .collect();
        let split = split(&candidates, &recipients, order.equal_shares);
        for (place, ((insurer, insured), quota)) in remaining.iter().zip(&split.quotas).enumerate() {
            self.shares.push(InsurerShare {
                region: region.clone(),
                insurer: insurer.insurer.clone(),
                name: insurer.name.clone(),
                insured: *insured,
                quota: *quota,
                proposed: split.proposed.iter().filter(|&&proposed| proposed == place).count() as u64,
            });
        }
        for ((person, place), household_size) in people.into_iter().zip(split.proposed).zip(split.household_sizes) {
            self.people.push(Proposed { person, insurer: recipients[place].code.clone(), household_size });
        }
        Ok(())
    }

    /// How many addresses have several people among those distributed.
    #[must_use]
    pub fn households(&self) -> usize {
        let together = self.people.iter().filter(|proposed| proposed.household_size > 1);
        together.filter_map(|proposed| proposed.person.household).collect::<BTreeSet<_>>().len()
    }
}
