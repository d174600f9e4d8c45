//! Proposal for the people whose insurer left and who chose no other: a split over the insurers that remain (326-ФЗ, article 16).
//!
//! This module reads a published run and never changes one. The proposal is a table for people to approve. It takes effect only as signed decisions (a
//! file of overrides) or as records of the register.

mod error;
mod read;
mod split;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use error::DistributeError;
pub use split::{Candidate, Recipient, Split, largest_remainder, split};
pub use write::{write_overrides, write_table};

use read::PublishedTables;
use sverka_model::{Date, PersonId};
use sverka_publish::{Insurer, Manifest};

/// Options of distributing.
#[derive(Clone, Copy, Debug, Default)]
pub struct DistributeOptions {
    /// Whether people who may still choose are distributed, too.
    pub all: bool,
    /// Whether working people and others are split in proportion each.
    pub equal_shares: bool,
}

/// Row of `must_choose`, with the columns that a proposal needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonWithoutInsurer {
    /// Number of the person.
    pub person_id: PersonId,
    /// Code of the insurer that left.
    pub insurer: String,
    /// First day without that insurer.
    pub left_on: Date,
    /// First day after the time to choose.
    pub choose_by: Date,
    /// Whether the time to choose is over.
    pub overdue: bool,
    /// ENP.
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
    /// Source of the record by which the person would still be insured.
    pub source: String,
    /// Line of that record.
    pub line: i64,
}

impl PersonWithoutInsurer {
    /// Whether the category is a working one. Categories 11 to 14, from the EAEU, are workers and staff as well, but
    /// the law counts working insured people by categories 1 to 5 alone.
    fn works(&self) -> bool {
        const WORKING: std::ops::RangeInclusive<i32> = 1..=5;
        self.category.is_some_and(|category| WORKING.contains(&category))
    }
}

/// Person with the proposed insurer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Person.
    pub person: PersonWithoutInsurer,
    /// Code of the proposed insurer.
    pub insurer: String,
    /// Number of people of the address that are distributed together, this one included.
    pub household_size: usize,
}

/// Share of one insurer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsurerShare {
    /// Region.
    pub region: Option<String>,
    /// Code.
    pub insurer: String,
    /// Name.
    pub name: Option<String>,
    /// Insured people on the as-of date.
    pub insured: u64,
    /// Number of people by proportion.
    pub quota: u64,
    /// Number of people in the proposal.
    pub proposed: u64,
}

/// Proposal.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Id of the run.
    pub run_id: String,
    /// Folder of the run.
    pub dir: PathBuf,
    /// As-of date of the run, ISO.
    pub as_of: String,
    /// People with their proposed insurers, by number of the person.
    pub people: Vec<Assignment>,
    /// Shares of the insurers, by region and code.
    pub shares: Vec<InsurerShare>,
    /// Number of people who may still choose and are not in [`Self::people`].
    pub still_choosing: u64,
}

/// Proposes insurers for the people of a run whose insurer left.
///
/// # Errors
/// When the run cannot be read or lacks a table, or nobody remains to take the people.
pub fn propose(dir: &Path, options: DistributeOptions) -> Result<Proposal, DistributeError> {
    let manifest = Manifest::read(dir)?;
    if manifest.insurers.is_empty() {
        return Err(DistributeError::OldRun { run_id: manifest.run_id });
    }
    let tables = PublishedTables { dir, manifest: &manifest };
    let (people, choosing): (Vec<PersonWithoutInsurer>, Vec<PersonWithoutInsurer>) =
        tables.people_without_insurer()?.into_iter().partition(|person| person.overdue || options.all);
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
        let remaining = remaining_insurers(region.as_deref(), &manifest, &insured);
        proposal.add_region(region, people, &remaining, options)?;
    }
    proposal.people.sort_by_key(|proposed| proposed.person.person_id);
    Ok(proposal)
}

/// Insurer that takes people.
struct RemainingInsurer<'m> {
    insurer: &'m Insurer,
    insured: u64,
}

/// Insurers of a region that work on and have insured people. Without regions in the table of insurers, all insurers count as of the region.
fn remaining_insurers<'m>(
    region: Option<&str>,
    manifest: &'m Manifest,
    insured: &BTreeMap<String, u64>,
) -> Vec<RemainingInsurer<'m>> {
    let in_region = |other: Option<&str>| region.is_none() || other.is_none() || other == region;
    (manifest.insurers.iter())
        .filter(|insurer| insurer.closes_on.is_none() && in_region(insurer.region.as_deref()))
        .filter_map(|insurer| Some(RemainingInsurer { insurer, insured: *insured.get(&insurer.insurer)? }))
        .collect()
}

/// People by the region of the insurer that left.
fn by_region(people: Vec<PersonWithoutInsurer>, manifest: &Manifest) -> BTreeMap<Option<String>, Vec<PersonWithoutInsurer>> {
    let mut regions: BTreeMap<Option<String>, Vec<PersonWithoutInsurer>> = BTreeMap::new();
    for person in people {
        let left = manifest.insurers.iter().find(|insurer| insurer.insurer == person.insurer);
        regions.entry(left.and_then(|insurer| insurer.region.clone())).or_default().push(person);
    }
    regions
}

impl Proposal {
    /// Distributes the people of a region over the insurers that remain.
    fn add_region(
        &mut self,
        region: Option<String>,
        people: Vec<PersonWithoutInsurer>,
        remaining: &[RemainingInsurer<'_>],
        options: DistributeOptions,
    ) -> Result<(), DistributeError> {
        if remaining.is_empty() {
            let region = region.unwrap_or_else(|| "(not given)".to_owned());
            return Err(DistributeError::NobodyRemains { region, as_of: self.as_of.clone() });
        }
        let recipients: Vec<Recipient> = (remaining.iter())
            .map(|remaining| Recipient { code: remaining.insurer.insurer.clone(), insured: remaining.insured })
            .collect();
        let candidates: Vec<Candidate> = (people.iter())
            .map(|person| Candidate { person_id: person.person_id, household: person.household, works: person.works() })
            .collect();
        let split = split(&candidates, &recipients, options.equal_shares);
        for (index, (RemainingInsurer { insurer, insured }, quota)) in remaining.iter().zip(&split.quotas).enumerate() {
            self.shares.push(InsurerShare {
                region: region.clone(),
                insurer: insurer.insurer.clone(),
                name: insurer.name.clone(),
                insured: *insured,
                quota: *quota,
                proposed: split.proposed.iter().filter(|&&proposed| proposed == index).count() as u64,
            });
        }
        for ((person, index), household_size) in people.into_iter().zip(split.proposed).zip(split.household_sizes) {
            self.people.push(Assignment { person, insurer: recipients[index].code.clone(), household_size });
        }
        Ok(())
    }

    /// Number of addresses with several people in the proposal.
    #[must_use]
    pub fn households(&self) -> usize {
        let together = self.people.iter().filter(|proposed| proposed.household_size > 1);
        together.filter_map(|proposed| proposed.person.household).collect::<BTreeSet<_>>().len()
    }
}
