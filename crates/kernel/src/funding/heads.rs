//! Counting heads by insurer, clinic and age-sex band.

/// How many people, and how many of them are funded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// People with this insurer, clinic and band.
    pub all: u64,
    /// Of these, funded.
    pub funded: u64,
}

/// Heads by insurer, clinic and band (indices). Counting is three array accesses; going through is always in the order of the indices.
#[derive(Clone, Debug, Default)]
pub struct HeadCounts {
    /// Grown as insurers, then their clinics, then their bands appear.
    by_insurer: Vec<Vec<Vec<Heads>>>,
}

impl HeadCounts {
    /// Counts one person.
    #[inline]
    pub fn add(&mut self, insurer: u16, clinic: u16, band: u16, funded: bool) {
        let heads = self.cell(insurer, clinic, band);
        heads.all += 1;
        heads.funded += u64::from(funded);
    }

    /// Takes over the counts of another part of the people.
    pub fn merge(&mut self, other: &Self) {
        for (insurer, clinic, band, more) in other.iter() {
            let heads = self.cell(insurer, clinic, band);
            heads.all += more.all;
            heads.funded += more.funded;
        }
    }

    /// The counts that are not zero, by insurer, clinic and band.
    pub fn iter(&self) -> impl Iterator<Item = (u16, u16, u16, Heads)> + '_ {
        (0_u16..).zip(&self.by_insurer).flat_map(|(insurer, clinics)| {
            (0_u16..).zip(clinics).flat_map(move |(clinic, bands)| {
                let counted = (0_u16..).zip(bands).filter(|(_, heads)| heads.all > 0);
                counted.map(move |(band, heads)| (insurer, clinic, band, *heads))
            })
        })
    }

    #[inline]
    fn cell(&mut self, insurer: u16, clinic: u16, band: u16) -> &mut Heads {
        at(at(at(&mut self.by_insurer, insurer), clinic), band)
    }
}

#[inline]
fn at<T: Default>(row: &mut Vec<T>, index: u16) -> &mut T {
    let index = usize::from(index);
    if index >= row.len() {
        row.resize_with(index + 1, T::default);
    }
    &mut row[index]
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
            whole.add(insurer, clinic, band, funded);
            parts[number % 2].add(insurer, clinic, band, funded);
        }
        let [mut merged, other] = parts;
        merged.merge(&other);
        let expected = vec![
            (0, 3, 0, Heads { all: 1, funded: 0 }),
            (0, 3, 19, Heads { all: 1, funded: 1 }),
            (1, 0, 0, Heads { all: 1, funded: 1 }),
            (2, 9, 1, Heads { all: 2, funded: 1 }),
        ];
        assert_eq!(whole.iter().collect::<Vec<_>>(), expected);
        assert_eq!(merged.iter().collect::<Vec<_>>(), expected);
    }
}
