//! The region's insurers, clinics and age pyramid, all derived from the as-of date and the number of people.
//!
//! Indices are in the order of the codes, so comparing indices compares codes. The world knows no person.

use super::carry::Carry;
use super::names::Names;
use super::random::Random;
use sverka_model::{ClinicId, Date, InsurerId, OrganisationId, Sex, Snils};
use sverka_reference::{Succession, SuccessionLink, WorkingPeriod};

/// Ages that a clinic serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ages {
    All,
    Children,
    Adults,
}

pub(super) struct Insurer {
    pub code: u32,
    pub name: &'static str,
    pub works: WorkingPeriod,
    pub successor: Option<InsurerId>,
    /// Date in the name of the insurer's file.
    pub file_date: Date,
}

pub(super) struct Clinic {
    pub code: u32,
    pub name: String,
    pub attachable: bool,
    pub ages: Ages,
    pub works: WorkingPeriod,
    pub successor: Option<ClinicId>,
    /// Date in the name of the clinic's file.
    pub file_date: Date,
    /// Funding factor of the level, as a decimal.
    pub level: &'static str,
    /// Funding factor of rural clinics, as a decimal.
    pub rural: &'static str,
    /// SNILS of the district doctors, one for each district.
    pub doctors: Vec<Snils>,
}

/// Items that are drawn with unequal weights.
struct Weighted<T> {
    items: Vec<T>,
    /// Sum of the weights up to and including the item of the same index.
    cumulative: Vec<u32>,
}

impl<T: Copy> Weighted<T> {
    /// Items with weights that fall with the rank, as sizes of towns do.
    fn by_rank(items: Vec<T>) -> Self {
        // The constants keep the first weights apart by little and the last ones above 0.
        let weight = |rank: usize| (12_000 / (rank + 2)) as u32;
        let weights: Vec<u32> = (0..items.len()).map(weight).collect();
        Self::new(items, &weights)
    }

    /// Items with the weights of the same index.
    fn new(items: Vec<T>, weights: &[u32]) -> Self {
        let mut sum = 0;
        let cumulative = weights
            .iter()
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        Self { items, cumulative }
    }

    #[inline]
    fn pick(&self, random: &mut Random) -> T {
        let at = random.below(self.cumulative[self.cumulative.len() - 1]);
        self.items[self.cumulative.partition_point(|&edge| edge <= at)]
    }
}

/// Insurers, clinics, names and ages that persons refer to.
pub(super) struct World {
    pub as_of: Date,
    /// Values and cases that the records of its people hold.
    pub carry: Carry,
    /// Start of single-sample policies: none is older.
    pub start: Date,
    pub insurers: Vec<Insurer>,
    pub clinics: Vec<Clinic>,
    pub insurer_succession: Succession,
    pub clinic_succession: Succession,
    pub names: Names,
    /// Ages, each as often as it is drawn.
    ages: Vec<u8>,
    main_insurers: Weighted<InsurerId>,
    for_children: Weighted<ClinicId>,
    for_adults: Weighted<ClinicId>,
    /// Clinics for adults and for all ages with the as-of date in the name of their file.
    same_file_date: Vec<ClinicId>,
    adults_only: Vec<ClinicId>,
    children_only: Vec<ClinicId>,
    /// Number of regular clinics; the special ones come behind them.
    regular_clinics: u16,
}

/// Number of insurers that work throughout; the first three deliver on the same day.
pub(super) const MAIN_INSURERS: u16 = 4;
/// The insurer that merged into the second.
pub(super) const MERGED_INSURER: InsurerId = InsurerId::new(4);
/// The insurer that closed without successor.
pub(super) const CLOSED_INSURER: InsurerId = InsurerId::new(5);

/// Districts of a clinic.
pub(super) const DISTRICTS: u32 = 40;

/// People in thousands of a single year of age, by five-year band, as in Russia.
const PYRAMID: [u32; 20] =
    [1350, 1800, 1850, 1600, 1450, 1650, 2200, 2550, 2300, 2100, 1950, 1900, 2100, 1800, 1500, 750, 650, 400, 120, 20];

/// Draws of an age go through a table of this size.
const AGE_TABLE: u32 = 1 << 14;

/// Number of the first doctor for [`snils`], above the numbers of all persons.
const FIRST_DOCTOR: u64 = 700_000_000;

impl World {
    pub fn new(as_of: Date, persons: u64) -> Self {
        let insurers = insurers(as_of);
        let clinics = clinics(as_of, persons);
        let regular = (clinics.len() - SPECIAL_CLINICS) as u16;
        let with = |test: &dyn Fn(&Clinic) -> bool| -> Vec<ClinicId> {
            (0..regular).map(ClinicId::new).filter(|&id| test(&clinics[usize::from(id)])).collect()
        };
        Self {
            as_of,
            carry: Carry::All,
            start: ymd(2011, 5, 1),
            insurer_succession: Succession::new(
                insurers
                    .iter()
                    .map(|insurer| SuccessionLink {
                        ends: insurer.works.to,
                        successor: insurer.successor.map(OrganisationId::from),
                    })
                    .collect(),
            ),
            clinic_succession: Succession::new(
                clinics
                    .iter()
                    .map(|clinic| SuccessionLink { ends: clinic.works.to, successor: clinic.successor.map(OrganisationId::from) })
                    .collect(),
            ),
            names: Names::new(),
            ages: age_table(),
            main_insurers: Weighted::new((0..MAIN_INSURERS).map(InsurerId::new).collect(), &[60, 25, 12, 3]),
            for_children: Weighted::by_rank(with(&|c| c.ages != Ages::Adults)),
            for_adults: Weighted::by_rank(with(&|c| c.ages != Ages::Children)),
            same_file_date: with(&|c| c.ages != Ages::Children && c.file_date == as_of),
            adults_only: with(&|c| c.ages == Ages::Adults),
            children_only: with(&|c| c.ages == Ages::Children),
            regular_clinics: regular,
            insurers,
            clinics,
        }
    }

    /// The same world, with records that hold less.
    pub fn carrying(mut self, carry: Carry) -> Self {
        self.carry = carry;
        if carry == Carry::Dump {
            // A dump is made on one day.
            self.insurers.iter_mut().for_each(|insurer| insurer.file_date = self.as_of);
            self.clinics.iter_mut().for_each(|clinic| clinic.file_date = self.as_of);
        }
        self
    }

    /// Age in years of 365 days.
    #[inline]
    pub fn age(&self, random: &mut Random) -> u8 {
        self.ages[random.below(AGE_TABLE) as usize]
    }

    /// An insurer that works throughout.
    pub fn insurer(&self, random: &mut Random) -> InsurerId {
        self.main_insurers.pick(random)
    }

    /// An insurer that works throughout and is none of `others`.
    pub fn insurer_but(&self, others: &[InsurerId], random: &mut Random) -> InsurerId {
        let first = self.main_insurers.pick(random);
        let mut from_first = (0..MAIN_INSURERS).map(|step| InsurerId::new((first.number() + step) % MAIN_INSURERS));
        from_first.find(|insurer| !others.contains(insurer)).unwrap_or(first)
    }

    /// A regular clinic that serves the age.
    pub fn clinic(&self, child: bool, random: &mut Random) -> ClinicId {
        if child { self.for_children.pick(random) } else { self.for_adults.pick(random) }
    }

    /// A regular clinic that serves adults and is none of `others`.
    pub fn clinic_but(&self, others: &[ClinicId], random: &mut Random) -> ClinicId {
        let first = self.for_adults.pick(random);
        if !others.contains(&first) {
            return first;
        }
        self.for_adults.items.iter().copied().find(|clinic| !others.contains(clinic)).unwrap_or(first)
    }

    /// Two different clinics for adults with files of the same day, the smaller code first.
    pub fn clinics_of_one_file_date(&self, random: &mut Random) -> [ClinicId; 2] {
        let count = self.same_file_date.len() as u32;
        let first = random.below(count);
        let second = (first + 1 + random.below(count - 1)) % count;
        let (a, b) = (self.same_file_date[first as usize], self.same_file_date[second as usize]);
        [a.min(b), a.max(b)]
    }

    /// A regular clinic for adults only.
    pub fn adults_only(&self, random: &mut Random) -> ClinicId {
        random.pick(&self.adults_only)
    }

    /// A regular clinic for children only.
    pub fn children_only(&self, random: &mut Random) -> ClinicId {
        random.pick(&self.children_only)
    }

    /// The hospital, which may not have attached people.
    pub fn hospital(&self) -> ClinicId {
        self.special_clinic(0)
    }

    /// The clinic that merged into the first.
    pub fn merged_clinic(&self) -> ClinicId {
        self.special_clinic(1)
    }

    /// The clinic that closed without successor.
    pub fn closed_clinic(&self) -> ClinicId {
        self.special_clinic(2)
    }

    /// The clinic with a successor that had closed before it.
    pub fn clinic_left_to_nobody(&self) -> ClinicId {
        self.special_clinic(3)
    }

    /// Clinics with attached people that work throughout.
    pub fn regular_clinics(&self) -> &[Clinic] {
        &self.clinics[..usize::from(self.regular_clinics)]
    }

    fn special_clinic(&self, index: u16) -> ClinicId {
        ClinicId::new(self.regular_clinics + index)
    }

    /// The insurer itself, or its successor on the as-of date.
    pub fn insurer_on_the_day(&self, insurer: InsurerId) -> InsurerId {
        self.insurer_succession.read_on(insurer, self.as_of).insurer()
    }

    /// The clinic itself, or its successor on the as-of date.
    pub fn clinic_on_the_day(&self, clinic: ClinicId) -> ClinicId {
        self.clinic_succession.read_on(clinic, self.as_of).clinic()
    }

    /// Working period of an insurer.
    pub fn insurer_works(&self, insurer: InsurerId) -> WorkingPeriod {
        self.insurers[usize::from(insurer)].works
    }

    /// Working period of a clinic.
    pub fn clinic_works(&self, clinic: ClinicId) -> WorkingPeriod {
        self.clinics[usize::from(clinic)].works
    }

    /// A sex at random; the share of women rises with age.
    #[inline]
    pub fn sex(&self, age: u8, random: &mut Random) -> Sex {
        let women_of_100 = match age {
            ..=29 => 49,
            30..=44 => 51,
            45..=59 => 53,
            60..=69 => 59,
            70..=79 => 67,
            _ => 76,
        };
        if random.below(100) < women_of_100 { Sex::Female } else { Sex::Male }
    }
}

/// Clinics behind the regular ones: hospital, merged, closed, left to nobody, and the closed successor of the last.
const SPECIAL_CLINICS: usize = 5;

/// The date of a year, month and day.
pub(super) fn ymd(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd(year, month, day).expect("a date of the calendar")
}

/// Table of ages, each in proportion to its share of [`PYRAMID`].
fn age_table() -> Vec<u8> {
    let total: u32 = PYRAMID.iter().sum::<u32>() * 5;
    let mut cumulative = 0;
    let edges: Vec<u32> = (0..100)
        .map(|age| {
            cumulative += PYRAMID[age / 5];
            cumulative
        })
        .collect();
    (0..AGE_TABLE)
        .map(|slot| {
            let at = (u64::from(slot) * u64::from(total) / u64::from(AGE_TABLE)) as u32;
            edges.partition_point(|&edge| edge <= at) as u8
        })
        .collect()
}

fn insurers(as_of: Date) -> Vec<Insurer> {
    let year = as_of.year();
    let always = WorkingPeriod { from: ymd(2011, 1, 1), to: Date::NEVER };
    let until = |to| WorkingPeriod { from: always.from, to };
    let (merged_on, closed_on) = (ymd(year - 7, 7, 1), ymd(year - 4, 1, 1));
    let insurer = |code, name, works, successor, file_date| Insurer { code, name, works, successor, file_date };
    vec![
        insurer(34001, "АО \"Страховая группа Север-Мед\"", always, None, as_of),
        insurer(34002, "ООО \"Волжская медицинская страховая компания\"", always, None, as_of),
        insurer(34003, "АО \"Забота-М\"", always, None, as_of),
        insurer(34004, "ООО \"Степь-Полис\"", always, None, Date::from_days(as_of.days() - 1)),
        insurer(34005, "ОАО \"Капитал здоровья\"", until(merged_on), Some(InsurerId::new(1)), merged_on),
        insurer(34006, "ООО \"Надежда-Полис\"", until(closed_on), None, closed_on),
    ]
}

fn clinics(as_of: Date, persons: u64) -> Vec<Clinic> {
    let year = as_of.year();
    let regular = (persons / 2_000).clamp(12, 55) as u16;
    let always = WorkingPeriod { from: ymd(2005, 1, 1), to: Date::NEVER };
    let until = |to| WorkingPeriod { from: always.from, to };
    let clinic = |index: u16, name: String, ages, works, successor| Clinic {
        code: 340_001 + u32::from(index),
        name,
        attachable: true,
        ages,
        works,
        successor,
        file_date: if index % 4 == 3 && index < regular { Date::from_days(as_of.days() - 1) } else { as_of },
        level: ["1.00", "1.02", "0.95", "1.10"][usize::from(index % 4)],
        rural: ["1.000", "1.000", "1.113", "1.000", "1.040"][usize::from(index % 5)],
        doctors: doctors(index),
    };
    let mut clinics: Vec<Clinic> = (0..regular)
        .map(|index| {
            let (ages, name) = match index % 5 {
                1 | 3 => (Ages::Adults, format!("ГБУЗ \"Поликлиника № {}\"", index + 1)),
                2 => (Ages::Children, format!("ГБУЗ \"Детская поликлиника № {}\"", index + 1)),
                _ => (Ages::All, format!("ГБУЗ \"Районная больница № {}\"", index + 1)),
            };
            clinic(index, name, ages, always, None)
        })
        .collect();
    let mut hospital = clinic(regular, "ГБУЗ \"Областной кардиологический стационар\"".to_owned(), Ages::All, always, None);
    hospital.attachable = false;
    clinics.push(hospital);
    clinics.push(clinic(
        regular + 1,
        "ГБУЗ \"Участковая больница\"".to_owned(),
        Ages::All,
        until(ymd(year - 3, 4, 1)),
        Some(ClinicId::new(0)),
    ));
    clinics.push(clinic(regular + 2, "ООО \"Клиника на набережной\"".to_owned(), Ages::All, until(ymd(year - 2, 1, 1)), None));
    let last = regular + 4;
    clinics.push(clinic(
        regular + 3,
        "ООО \"Дента-1\"".to_owned(),
        Ages::All,
        until(ymd(year - 2, 1, 1)),
        Some(ClinicId::new(last)),
    ));
    clinics.push(clinic(last, "ООО \"Дента-2\"".to_owned(), Ages::All, until(ymd(year - 5, 1, 1)), None));
    clinics
}

fn doctors(clinic: u16) -> Vec<Snils> {
    let first = FIRST_DOCTOR + u64::from(clinic) * u64::from(DISTRICTS);
    (0..u64::from(DISTRICTS)).map(|n| snils(first + n)).collect()
}

/// Number of different SNILS that [`snils`] makes.
const SNILS_MODULUS: u64 = 982_451_653;

/// A SNILS for `number`; different numbers below the modulus, which is prime, have different SNILS.
pub(super) fn snils(number: u64) -> Snils {
    let spread = number % SNILS_MODULUS * 387_420_489 % SNILS_MODULUS;
    Snils::compose(2_000_000 + spread as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_in_the_order_of_codes_and_special_clinics_are_what_they_are_called() {
        let as_of = ymd(2026, 11, 1);
        for persons in [1, 500, 1_000_000] {
            let world = World::new(as_of, persons);
            assert!(world.clinics.windows(2).all(|pair| pair[0].code < pair[1].code));
            assert!(world.clinics.len() <= 60);
            assert!(world.insurers.windows(2).all(|pair| pair[0].code < pair[1].code));
            assert!(!world.clinics[usize::from(world.hospital())].attachable);
            assert_eq!(world.clinic_on_the_day(world.merged_clinic()), ClinicId::new(0));
            assert_eq!(world.clinics[0].ages, Ages::All);
            assert_eq!(world.insurer_on_the_day(MERGED_INSURER), InsurerId::new(1));
            assert!(world.clinic_works(world.closed_clinic()).to < as_of);
        }
    }

    #[test]
    fn the_age_table_follows_the_pyramid() {
        let table = age_table();
        let share = |ages: std::ops::Range<u8>| table.iter().filter(|age| ages.contains(age)).count() * 100 / table.len();
        assert_eq!((share(0..18), share(18..65), share(65..100)), (19, 62, 17));
    }
}
