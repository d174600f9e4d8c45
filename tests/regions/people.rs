//! Random people out of tiny pools, so that different people resemble each other.

use super::ClinicRow;
use super::row_checks;
use super::rows::Context;
use super::splitmix::SplitMix;
use crate::reference::dates::{self, Date};
use crate::reference::identifiers;

/// A random person, from whom rows are made.
#[derive(Clone)]
pub struct Person {
    pub surname: String,
    pub given_name: String,
    pub patronymic: String,
    pub sex: String,
    pub birth_date: Date,
    pub enp: String,
    /// A second ENP of the same person.
    pub other_enp: String,
    pub snils: String,
    pub doc_kind: String,
    pub doc_number: String,
    pub old_policy: String,
    pub certificate: String,
    pub category: String,
    pub death_date: Option<Date>,
    pub home_insurer: String,
    pub home_clinic: String,
}

const SURNAMES: [&str; 6] = ["Соловьёв", "Ким", "Салтыков-Щедрин", "Орлова", "О'Нил", "Берёзкина"];
/// Signs between the parts of a double name that do not change the compared name.
const SEPARATORS: [&str; 6] = [" ", "  ", "--", "-\u{A0}", " (Ким) ", "[Ким]-"];
const GIVEN_NAMES: [(&str, &str); 11] = [
    ("Алексей", "1"),
    ("Алексий", "1"),
    ("Александр", "1"),
    ("Семён", "1"),
    ("Ян", "1"),
    ("Анна", "2"),
    ("Анна-Мария", "2"),
    ("Наталья", "2"),
    ("Наталия", "2"),
    ("Мария", "2"),
    ("Марина", "2"),
];
const PATRONYMICS: [&str; 5] = ["Семёнович", "Петровна", "Ильич", "", "НЕТ"];

/// The pools of one region, from which its people take values.
pub struct Pools {
    births: Vec<Date>,
    snils: Vec<String>,
}

pub fn pools(random: &mut SplitMix, as_of: Date) -> Pools {
    let eighteen = Date { year: as_of.year - 18, month: as_of.month, day: as_of.day.min(28) };
    let mut births = vec![eighteen, eighteen.next_day(), eighteen.day_before()];
    for text in [
        "2008-02-29",
        "1950-12-31",
        "1951-01-01",
        "2000-12-31",
        "2001-01-01",
        "2012-02-29",
        "1984-03-05",
        "2009-01-01",
        "2024-05-10",
    ] {
        births.push(dates::parse(text).expect("a date"));
    }
    births.retain(|birth| *birth <= as_of);
    random.shuffle(&mut births);
    births.truncate(7);
    let mut snils = Vec::new();
    for _ in 0..40 {
        let nine = format!("{:09}", random.between(100_000_000, 199_999_999));
        snils.push(format!("{nine}{:02}", identifiers::snils_control(&nine)));
    }
    snils.push("00100199877".to_string());
    Pools { births, snils }
}

/// An ENP that fits the person; one in five may belong to another person, too.
fn right_enp(random: &mut SplitMix, birth: Date, sex: &str) -> String {
    let serial = if random.chance(20) { random.between(1, 2) } else { random.between(3, 999) };
    identifiers::make_enp(34, birth, sex, serial as u32, identifiers::month_offset(birth.year))
}

pub fn person(random: &mut SplitMix, pools: &Pools, context: &Context, insurers: &[String]) -> Person {
    let (given_name, sex) = *random.pick(&GIVEN_NAMES);
    let birth_date = *random.pick(&pools.births);
    let (doc_kind, doc_number) = row_checks::document(random);
    Person {
        surname: random.pick(&SURNAMES).to_string(),
        given_name: given_name.to_string(),
        patronymic: random.pick(&PATRONYMICS).to_string(),
        sex: sex.to_string(),
        birth_date,
        enp: right_enp(random, birth_date, sex),
        other_enp: right_enp(random, birth_date, sex),
        snils: random.pick(&pools.snils).clone(),
        doc_kind,
        doc_number,
        old_policy: format!("АБ-{:03} № {}", random.between(1, 3), random.between(100, 140)),
        certificate: format!("{:09}", random.between(340_000_001, 340_000_060)),
        category: random.pick(&["1", "6", "1", "6", "0", "2", "3", "11", ""]).to_string(),
        death_date: if random.chance(8) { Some(*random.pick(&context.days)) } else { None },
        home_insurer: random.pick(insurers).clone(),
        home_clinic: home_clinic(random, birth_date, context),
    }
}

/// The clinic to which most attachments of a person are; mostly one for the person's age on `D`.
fn home_clinic(random: &mut SplitMix, birth: Date, context: &Context) -> String {
    let other = if birth.age_on(context.as_of) < 18 { "adults" } else { "children" };
    let fitting: Vec<&ClinicRow> = context.clinics.iter().filter(|row| row.ages != other && row.attachable).collect();
    if fitting.is_empty() || random.chance(10) {
        return random.pick(&context.clinics).clinic.clone();
    }
    random.pick(&fitting).clinic.clone()
}

/// Another person who shares much with `first`: a twin, or somebody with the same numbers.
pub fn double(random: &mut SplitMix, first: &Person, pools: &Pools) -> Person {
    let (given_name, sex) = *random.pick(&GIVEN_NAMES);
    let mut double = Person { given_name: given_name.to_string(), sex: sex.to_string(), ..first.clone() };
    if random.chance(50) {
        double.enp = right_enp(random, first.birth_date, sex);
    }
    if random.chance(60) {
        double.snils = random.pick(&pools.snils).clone();
    }
    if random.chance(30) {
        (double.doc_kind, double.doc_number) = row_checks::document(random);
    }
    if random.chance(40) {
        double.old_policy = format!("АБ-{:03} № {}", random.between(1, 3), random.between(100, 140));
        double.certificate = format!("{:09}", random.between(340_000_001, 340_000_060));
    }
    double
}

/// Another spelling of a name: case, ё, Latin look-alikes, dashes, an initial, a typing error.
pub fn name_variant(random: &mut SplitMix, name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    match random.below(12) {
        10 => name.replace('-', random.pick::<&str>(&SEPARATORS)),
        11 => format!("{name}{}", random.pick::<&str>(&["(Ким)", " (Ким-", " {Ким}", ")", " [Ким] "])),
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => name.replace('ё', "е").replace('Ё', "Е"),
        3 => name.to_uppercase().chars().map(latin).collect(),
        4 => name.replace('-', " – ").replace('\'', " ' "),
        5 => chars[0].to_string(),
        6 => format!("{}.", chars[0]),
        7 => swapped(random, chars),
        8 => changed(random, chars),
        _ => name.replace('-', random.pick::<&str>(&["\u{2011}", "\u{2E5D}", " \u{10EAD}", "\u{2212}\u{B}"])),
    }
}

fn latin(c: char) -> char {
    match c {
        'А' => 'A',
        'В' => 'B',
        'Е' | 'Ё' => 'E',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'О' => 'O',
        'Р' => 'P',
        'С' => 'C',
        'Т' => 'T',
        'Х' => 'X',
        other => other,
    }
}

fn swapped(random: &mut SplitMix, mut chars: Vec<char>) -> String {
    let at = random.below(chars.len() - 1);
    chars.swap(at, at + 1);
    chars.into_iter().collect()
}

fn changed(random: &mut SplitMix, mut chars: Vec<char>) -> String {
    let at = random.below(chars.len());
    chars[at] = 'щ';
    chars.into_iter().collect()
}
