//! Counting people by day, profile, insurer, clinic and age cell.
//!
//! The caller says who is insured, attached and funded on each day. Bands are sums of age cells, so nobody is counted twice for a second set of bands.

use std::collections::BTreeMap;

use sverka_model::{ClinicId, InsurerId, Profile};
use sverka_reference::{Care, CellId, DayId, Tariff};

/// Number of all people and of funded people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// All people.
    pub all: u64,
    /// Funded people.
    pub funded: u64,
}

/// Heads of one insurer, clinic and age cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadRow {
    /// Insurer of the people.
    pub insurer: InsurerId,
    /// Clinic at which the people are counted.
    pub clinic: ClinicId,
    /// Age cell of the people.
    pub cell: CellId,
    /// Number of the people.
    pub heads: Heads,
}

/// Heads by insurer, clinic and age cell. Counting is three array accesses; iteration is in the order of the numbers.
#[derive(Clone, Debug, Default)]
pub struct HeadCounts {
    /// Heads by insurer, then clinic, then cell. Each level grows when a larger number appears.
    by_insurer: Vec<Vec<Vec<Heads>>>,
}

impl HeadCounts {
    /// Counts one person.
    #[inline]
    pub fn add(&mut self, insurer: InsurerId, clinic: ClinicId, cell: CellId, funded: bool) {
        let heads = self.heads_of(insurer, clinic, cell);
        heads.all += 1;
        heads.funded += u64::from(funded);
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: &Self) {
        other.iter().for_each(|row| self.add_row(row));
    }

    /// Adds the people of a row.
    pub fn add_row(&mut self, row: HeadRow) {
        let heads = self.heads_of(row.insurer, row.clinic, row.cell);
        heads.all += row.heads.all;
        heads.funded += row.heads.funded;
    }

    /// Rows with heads, by insurer, clinic and cell.
    pub fn iter(&self) -> impl Iterator<Item = HeadRow> + '_ {
        (0..).map(InsurerId::new).zip(&self.by_insurer).flat_map(|(insurer, clinics)| {
            (0..).map(ClinicId::new).zip(clinics).flat_map(move |(clinic, cells)| {
                let counted = (0..).map(CellId::new).zip(cells).filter(|(_, heads)| heads.all > 0);
                counted.map(move |(cell, &heads)| HeadRow { insurer, clinic, cell, heads })
            })
        })
    }

    #[inline]
    fn heads_of(&mut self, insurer: InsurerId, clinic: ClinicId, cell: CellId) -> &mut Heads {
        let clinics = grown_at(&mut self.by_insurer, insurer.number());
        let cells = grown_at(clinics, clinic.number());
        grown_at(cells, cell.number())
    }
}

/// Insured people by insurer and age cell.
#[derive(Clone, Debug, Default)]
pub struct InsuredCounts {
    by_insurer: Vec<Vec<u64>>,
}

impl InsuredCounts {
    /// Counts one person.
    #[inline]
    pub fn add(&mut self, insurer: InsurerId, cell: CellId) {
        *grown_at(grown_at(&mut self.by_insurer, insurer.number()), cell.number()) += 1;
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: &Self) {
        for InsuredRow { insurer, cell, people } in other.iter() {
            *grown_at(grown_at(&mut self.by_insurer, insurer.number()), cell.number()) += people;
        }
    }

    /// Rows with people, by insurer and cell.
    pub fn iter(&self) -> impl Iterator<Item = InsuredRow> + '_ {
        (0..).map(InsurerId::new).zip(&self.by_insurer).flat_map(|(insurer, cells)| {
            let counted = (0..).map(CellId::new).zip(cells).filter(|(_, people)| **people > 0);
            counted.map(move |(cell, &people)| InsuredRow { insurer, cell, people })
        })
    }
}

/// Insured people of one insurer and age cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuredRow {
    /// Insurer of the people.
    pub insurer: InsurerId,
    /// Age cell of the people.
    pub cell: CellId,
    /// Number of the people.
    pub people: u64,
}

/// Profiles of attachment that are counted on each day of a tariff: the therapeutic one, and those of its cares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedProfiles(Vec<Profile>);

impl CountedProfiles {
    /// The profiles that a tariff counts.
    #[must_use]
    pub fn new(tariff: &Tariff) -> Self {
        let mut profiles: Vec<Profile> = tariff.cares.iter().map(Care::profile).chain([Profile::THERAPEUTIC]).collect();
        profiles.sort_unstable();
        profiles.dedup();
        Self(profiles)
    }

    /// Index of a profile; `None` when it is not counted.
    #[must_use]
    #[inline]
    pub fn index(&self, profile: Profile) -> Option<usize> {
        self.0.iter().position(|counted| *counted == profile)
    }

    /// The profiles, in their order.
    #[must_use]
    pub fn as_slice(&self) -> &[Profile] {
        &self.0
    }
}

/// People counted on one day.
#[derive(Clone, Debug, Default)]
pub struct DayCounts {
    /// All insured people, attached or not.
    pub insured: InsuredCounts,
    /// Attached people by profile, in the order of [`CountedProfiles`].
    pub attached: Vec<HeadCounts>,
}

/// People counted on all days of a tariff.
#[derive(Clone, Debug, Default)]
pub struct PeopleCounts {
    /// Counts of each day, in the order of the tariff.
    pub days: Vec<DayCounts>,
    /// Insured people with an attachment on the as-of date in a profile that no care pays for.
    pub unpaid: BTreeMap<Profile, u64>,
}

impl PeopleCounts {
    /// Counts of a day.
    #[inline]
    pub fn day(&mut self, day: DayId) -> &mut DayCounts {
        if self.days.len() <= day.index() {
            self.days.resize_with(day.index() + 1, DayCounts::default);
        }
        &mut self.days[day.index()]
    }

    /// Attached people of a day and profile; `None` when nobody was counted.
    #[must_use]
    pub fn attached(&self, day: DayId, profile: usize) -> Option<&HeadCounts> {
        self.days.get(day.index())?.attached.get(profile)
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: &Self) {
        for (index, counts) in other.days.iter().enumerate() {
            let day = self.day(DayId::new(index));
            day.insured.merge(&counts.insured);
            for (profile, heads) in counts.attached.iter().enumerate() {
                day.attached(profile).merge(heads);
            }
        }
        for (&profile, &people) in &other.unpaid {
            *self.unpaid.entry(profile).or_default() += people;
        }
    }
}

impl DayCounts {
    /// Attached people of a profile.
    #[inline]
    pub fn attached(&mut self, profile: usize) -> &mut HeadCounts {
        if self.attached.len() <= profile {
            self.attached.resize_with(profile + 1, HeadCounts::default);
        }
        &mut self.attached[profile]
    }
}

/// The value at an index, which the vector grows to hold.
#[inline]
fn grown_at<T: Default>(values: &mut Vec<T>, index: u16) -> &mut T {
    let index = usize::from(index);
    if index >= values.len() {
        values.resize_with(index + 1, T::default);
    }
    &mut values[index]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_merge_to_the_whole_in_order() {
        let people = [(2, 9, 1, true), (0, 3, 0, false), (2, 9, 1, false), (0, 3, 19, true), (1, 0, 0, true)];
        let mut whole = HeadCounts::default();
        let mut parts = [HeadCounts::default(), HeadCounts::default()];
        for (number, (insurer, clinic, cell, funded)) in people.into_iter().enumerate() {
            let (insurer, clinic, cell) = (InsurerId::new(insurer), ClinicId::new(clinic), CellId::new(cell));
            whole.add(insurer, clinic, cell, funded);
            parts[number % 2].add(insurer, clinic, cell, funded);
        }
        let [mut merged, other] = parts;
        merged.merge(&other);
        let row = |insurer, clinic, cell, all, funded| HeadRow {
            insurer: InsurerId::new(insurer),
            clinic: ClinicId::new(clinic),
            cell: CellId::new(cell),
            heads: Heads { all, funded },
        };
        let expected = vec![row(0, 3, 0, 1, 0), row(0, 3, 19, 1, 1), row(1, 0, 0, 1, 1), row(2, 9, 1, 2, 1)];
        assert_eq!(whole.iter().collect::<Vec<_>>(), expected);
        assert_eq!(merged.iter().collect::<Vec<_>>(), expected);
    }
}
