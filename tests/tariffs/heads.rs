//! Random heads by day, profile, insurer, clinic, sex and age.

use super::Case;
use crate::reference::money::{CountedHeads, days_of_tariff};
use crate::regions::splitmix::SplitMix;

/// Ages at the edges of bands, and others.
const AGES: [i32; 18] = [0, 0, 1, 3, 4, 5, 10, 17, 18, 30, 54, 55, 59, 60, 64, 65, 80, 101];

/// Heads of each day of the tariff and each profile that it counts. Most people are the same on all days.
pub fn heads(random: &mut SplitMix, case: &Case) -> Vec<CountedHeads> {
    let mut profiles: Vec<u8> = case.tariff.kinds_of_care().iter().map(|care| care.profile).collect();
    profiles.sort_unstable();
    profiles.dedup();
    let days = days_of_tariff(&case.tariff, &case.as_of);
    let mut rows = Vec::new();
    for profile in profiles {
        let few = random.chance(15);
        let count = if few { random.below(3) } else { random.between(3, 30) };
        let people: Vec<CountedHeads> = (0..count).map(|_| people(random, case, profile)).collect();
        for day in &days {
            if random.chance(6) {
                continue;
            }
            for row in &people {
                let mut row = CountedHeads { day: day.clone(), ..row.clone() };
                if random.chance(30) {
                    row.heads = random.between(0, 40) as i64;
                    row.funded = random.between(0, row.heads as usize) as i64;
                }
                rows.push(row);
            }
        }
    }
    rows
}

fn people(random: &mut SplitMix, case: &Case, profile: u8) -> CountedHeads {
    let heads = if random.chance(20) { random.between(1, 3) } else { random.between(1, 60) };
    let funded = if random.chance(70) { heads } else { random.between(0, heads) };
    CountedHeads {
        day: String::new(),
        profile,
        insurer: random.pick(&case.insurers).clone(),
        clinic: random.pick(&case.clinics).clinic.clone(),
        sex: random.pick(&["1", "2"]).to_string(),
        age: *random.pick(&AGES),
        heads: heads as i64,
        funded: funded as i64,
    }
}
