//! Counting heads by insurer, clinic and age-sex band.

use sverka_model::{ClinicId, InsurerId};
use sverka_reference::BandId;

/// Number of all people and of funded people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// All people.
    pub all: u64,
    /// Funded people.
    pub funded: u64,
}

/// Heads of one insurer, clinic and band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadRow {
    /// Insurer of the people.
    pub insurer: InsurerId,
    /// Clinic at which the people are counted.
    pub clinic: ClinicId,
    /// Age-sex band of the people.
    pub band: BandId,
    /// Number of the people.
    pub heads: Heads,
}

/// Heads by insurer, clinic and band. Counting is three array accesses; iteration is in the order of the numbers.
#[derive(Clone, Debug, Default)]
pub struct HeadCounts {
    /// Heads by insurer, then clinic, then band. Each level grows when a larger number appears.
    by_insurer: Vec<Vec<Vec<Heads>>>,
}

impl HeadCounts {
    /// Counts one person.
    #[inline]
    pub fn add(&mut self, insurer: InsurerId, clinic: ClinicId, band: BandId, funded: bool) {
        let heads = self.cell(insurer, clinic, band);
        heads.all += 1;
        heads.funded += u64::from(funded);
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: &Self) {
        for HeadRow { insurer, clinic, band, heads: more } in other.iter() {
            let heads = self.cell(insurer, clinic, band);
            heads.all += more.all;
            heads.funded += more.funded;
        }
    }

    /// Rows with heads, by insurer, clinic and band.
    pub fn iter(&self) -> impl Iterator<Item = HeadRow> + '_ {
        (0..).map(InsurerId::new).zip(&self.by_insurer).flat_map(|(insurer, clinics)| {
            (0..).map(ClinicId::new).zip(clinics).flat_map(move |(clinic, bands)| {
                let counted = (0..).map(BandId::new).zip(bands).filter(|(_, heads)| heads.all > 0);
                counted.map(move |(band, &heads)| HeadRow { insurer, clinic, band, heads })
            })
        })
    }

    #[inline]
    fn cell(&mut self, insurer: InsurerId, clinic: ClinicId, band: BandId) -> &mut Heads {
        let clinics = grown_at(&mut self.by_insurer, insurer.number());
        let bands = grown_at(clinics, clinic.number());
        grown_at(bands, band.number())
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
        for (number, (insurer, clinic, band, funded)) in people.into_iter().enumerate() {
            let (insurer, clinic, band) = (InsurerId::new(insurer), ClinicId::new(clinic), BandId::new(band));
            whole.add(insurer, clinic, band, funded);
            parts[number % 2].add(insurer, clinic, band, funded);
        }
        let [mut merged, other] = parts;
        merged.merge(&other);
        let row = |insurer, clinic, band, all, funded| HeadRow {
            insurer: InsurerId::new(insurer),
            clinic: ClinicId::new(clinic),
            band: BandId::new(band),
            heads: Heads { all, funded },
        };
        let expected = vec![row(0, 3, 0, 1, 0), row(0, 3, 19, 1, 1), row(1, 0, 0, 1, 1), row(2, 9, 1, 2, 1)];
        assert_eq!(whole.iter().collect::<Vec<_>>(), expected);
        assert_eq!(merged.iter().collect::<Vec<_>>(), expected);
    }
}
