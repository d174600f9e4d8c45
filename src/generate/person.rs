//! One synthetic person: age, sex, names, and numbers that agree with each other and that no other person has.
//!
//! Numbers are unique by construction, so that a shared number is shared on purpose: people of a household have neighbouring serial numbers, and
//! people of households with the same serial numbers are born on different days of the year.

use super::names::{Father, Names};
use super::random::Random;
use super::rates::Kind;
use super::text::Text;
use super::world::{World, snils};
use sverka_model::{Category, Date, DocumentKind, Enp, Sex, Snils};

/// Most persons of a region. More would need a second series of ENPs.
pub(super) const MAX_PERSONS: u64 = 180_000_000;

/// Number of households in a row with different serial numbers.
const SERIAL_CYCLE: u64 = 49_999;
/// Days of a year, over which households with the same serial numbers are spread.
const DAYS: u64 = 365;
/// Added to a person's number for a second SNILS.
const SECOND_SNILS: u64 = 350_000_000;
/// Added to a person's number for a second document.
const SECOND_DOCUMENT: u64 = 40_000_000;

/// Series of ENPs. No two series share a fund's code, with which an ENP begins, so their numbers never meet.
#[derive(Clone, Copy)]
pub(super) enum EnpSeries {
    Own,
    Elsewhere,
    Second,
    FormerBirthDate,
    FormerSex,
}

/// Codes of funds in each series, in the order of [`EnpSeries`].
const FUND_CODES: [[u8; 5]; 5] =
    [[34, 64, 30, 61, 23], [8, 63, 36, 26, 5], [77, 50, 78, 47, 40], [52, 43, 21, 16, 13], [59, 68, 71, 72, 73]];

#[derive(Clone, Copy)]
pub(super) struct Person {
    /// Number in the region, from 1.
    pub number: u64,
    /// Age in years of 365 days.
    pub age: u8,
    pub birth_date: Date,
    /// Whether the person is 18 or older on the as-of date.
    pub adult: bool,
    pub sex: Sex,
    pub surname: Text,
    pub given_name: Text,
    pub father: Father,
    pub enp: Enp,
    pub doc_kind: DocumentKind,
    pub doc_number: Text,
    pub category: Category,
}

/// Requirements of a kind on the person that it strikes.
#[derive(Clone, Copy)]
pub(super) struct Needs {
    pub ages: Option<AgeRange>,
    pub sex: Option<Sex>,
    /// Least number of letters of the given name.
    pub letters: usize,
}

/// Ages from the youngest to the oldest, both included.
#[derive(Clone, Copy)]
pub(super) struct AgeRange {
    youngest: u8,
    oldest: u8,
}

impl AgeRange {
    const fn new(youngest: u8, oldest: u8) -> Self {
        Self { youngest, oldest }
    }

    fn contains(self, age: u8) -> bool {
        (self.youngest..=self.oldest).contains(&age)
    }
}

/// Least age at which every date of a case lies in grown-up years.
pub(super) const GROWN_UP_AGE: u8 = 30;

/// Requirements on a person of a kind, or of none.
pub(super) fn needs(kind: Option<Kind>) -> Needs {
    let mut needs = Needs { ages: Some(AgeRange::new(GROWN_UP_AGE, 85)), sex: None, letters: 0 };
    match kind {
        None | Some(Kind::Twins | Kind::EnpShared | Kind::EnpSharedByTwins) => needs.ages = None,
        Some(Kind::SurnameChanged) => needs.sex = Some(Sex::Female),
        Some(Kind::GivenNameTypo) => needs.letters = 6,
        Some(Kind::KnownByCertificate | Kind::ClinicChildWithAdults | Kind::EnpSharedByAlike) => {
            needs.ages = Some(AgeRange::new(3, 15));
        }
        Some(Kind::ClinicGrownUp) => needs.ages = Some(AgeRange::new(19, 24)),
        Some(Kind::Death | Kind::InsuredAfterDeath | Kind::AttachedAfterDeath) => {
            needs.ages = Some(AgeRange::new(50, 99));
        }
        Some(_) => {}
    }
    needs
}

impl Person {
    /// The person of a number; an `age` that is given overrides the pyramid.
    pub fn new(world: &World, number: u64, needs: Needs, age: Option<u8>, random: &mut Random) -> Self {
        let age = age.unwrap_or_else(|| match needs.ages {
            None => world.age(random),
            Some(range) => loop {
                let age = world.age(random);
                if range.contains(age) {
                    break age;
                }
            },
        });
        let sex = needs.sex.unwrap_or_else(|| world.sex(age, random));
        let birth_date = birth_date(world.as_of, number, age);
        let adult = birth_date.age_on(world.as_of) >= 18;
        let given_name = loop {
            let name = Names::given_name(sex, random);
            if needs.letters == 0 || name.letters() >= needs.letters {
                break name;
            }
        };
        let series = if random.once_in(20) { EnpSeries::Elsewhere } else { EnpSeries::Own };
        let document = Document::new(number, birth_date, world.as_of);
        Self {
            number,
            age,
            birth_date,
            adult,
            sex,
            surname: world.names.surname(sex, random),
            given_name,
            father: Names::father(random),
            enp: enp(number, series, birth_date, sex),
            doc_kind: document.kind,
            doc_number: document.number,
            category: if works(age, random) { Category::WORKING_CITIZEN } else { Category::CITIZEN },
        }
    }

    /// The person of a number who is born on a day of a history. The ENPs of those who are born during a history are a series of their own.
    pub fn born(world: &World, number: u64, birth_date: Date, random: &mut Random) -> Self {
        let person = Self::new(world, number, needs(None), Some(0), random);
        let document = Document::new(number, birth_date, birth_date);
        Self {
            birth_date,
            enp: enp(number, EnpSeries::FormerSex, birth_date, person.sex),
            doc_kind: document.kind,
            doc_number: document.number,
            ..person
        }
    }

    /// Kind and number of another document, issued on a day, that no other person has.
    pub fn second_document(&self, issued_on: Date) -> (DocumentKind, Text) {
        let document = Document::new(self.number + SECOND_DOCUMENT, self.birth_date, issued_on);
        (document.kind, document.number)
    }

    /// Patronymic after the father's name.
    pub fn patronymic(&self) -> Text {
        Names::patronymic(self.father, self.sex)
    }

    /// SNILS of the person.
    pub fn snils(&self) -> Snils {
        snils(self.number)
    }

    /// Another SNILS, which no other person has.
    pub fn second_snils(&self) -> Snils {
        snils(self.number + SECOND_SNILS)
    }

    /// ENP of a series for the person.
    pub fn enp_of(&self, series: EnpSeries) -> Enp {
        match series {
            EnpSeries::FormerBirthDate => enp(self.number, series, former_birth_date(self.birth_date), self.sex),
            EnpSeries::FormerSex => enp(self.number, series, self.birth_date, other(self.sex)),
            _ => enp(self.number, series, self.birth_date, self.sex),
        }
    }
}

/// Birth date before a correction.
pub(super) fn former_birth_date(birth_date: Date) -> Date {
    Date::from_days(birth_date.days() - 10)
}

/// The other sex.
pub(super) fn other(sex: Sex) -> Sex {
    match sex {
        Sex::Male => Sex::Female,
        Sex::Female => Sex::Male,
    }
}

/// Birth date of the person of a number at an age.
fn birth_date(as_of: Date, number: u64, age: u8) -> Date {
    let household = (number - 1) / 2;
    let (cycle, place) = (household / SERIAL_CYCLE, household % SERIAL_CYCLE);
    // The mixed place spreads small regions over the year. The cycle keeps households at one place apart.
    let day = (cycle + (place.wrapping_mul(2_654_435_761) >> 9)) % DAYS;
    Date::from_days(as_of.days() - 1 - i32::from(age) * DAYS as i32 - day as i32)
}

/// ENP of the person of a number.
fn enp(number: u64, series: EnpSeries, birth_date: Date, sex: Sex) -> Enp {
    let household = (number - 1) / 2;
    let serial = 1 + 2 * (household % SERIAL_CYCLE) + (number - 1) % 2;
    let code = FUND_CODES[series as usize][(household / (SERIAL_CYCLE * DAYS)) as usize];
    Enp::compose(code, birth_date, sex, serial as u32)
}

/// Whether a person of an age works.
fn works(age: u8, random: &mut Random) -> bool {
    let working_of_100 = match age {
        ..=17 => 0,
        18..=22 => 40,
        23..=59 => 82,
        60..=67 => 30,
        _ => 5,
    };
    random.below(100) < working_of_100
}

/// Number of different document numbers. No two people of a region have the same, whatever the kinds of their documents.
const DOCUMENTS: u64 = 81_000_000;

/// Identity document of a person.
struct Document {
    kind: DocumentKind,
    number: Text,
}

impl Document {
    /// A birth certificate before the fourteenth birthday, a passport after it.
    fn new(person: u64, birth_date: Date, as_of: Date) -> Self {
        // The factor has no divisor in common with the number of documents.
        let document = person * 7_654_321 % DOCUMENTS;
        let (series, digits) = ((document / 1_000_000) as usize, document % 1_000_000);
        let mut number = Text::EMPTY;
        let kind = if birth_date.age_on(as_of) < 14 {
            number.push(["I-", "II-", "III-", "IV-", "V-", "VI-", "VII-", "VIII-", "IX-"][series / 9].as_bytes());
            number.push(["РК", "АГ", "ДН", "ЖТ", "ИК", "БА", "ЕР", "МЮ", "ОБ"][series % 9].as_bytes());
            DocumentKind::BIRTH_CERTIFICATE
        } else {
            number.push([&b"18 "[..], b"63 ", b"12 "][series / 27]);
            number.push_digits(series as u64 % 27, 2);
            DocumentKind::PASSPORT
        };
        number.push(b" ");
        number.push_digits(digits, 6);
        Self { kind, number }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_people_share_a_number_even_where_serials_and_ages_repeat() {
        let as_of = "2026-11-01".parse().expect("date");
        let mut seen = std::collections::HashSet::new();
        // Households a whole cycle apart have the same serial numbers; give everyone the same age and sex.
        for cycle in 0..365 {
            for place in [0, 1, 2, 49_998] {
                for member in [1, 2] {
                    let number = (cycle * SERIAL_CYCLE + place) * 2 + member;
                    let birth = birth_date(as_of, number, 40);
                    assert!(seen.insert(enp(number, EnpSeries::Own, birth, Sex::Male)), "person {number}");
                }
            }
        }
    }

    #[test]
    fn people_of_a_household_may_be_twins() {
        let as_of = "2026-11-01".parse().expect("date");
        assert_eq!(birth_date(as_of, 77, 5), birth_date(as_of, 78, 5));
        assert!(birth_date(as_of, 1, 0) < as_of);
    }
}
