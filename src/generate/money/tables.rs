//! Tables of the kinds of care: stations, groups, compositions, factors, rates, money of the programme; and settlements.

use std::fmt::Write as _;

use super::points::roubles;
use super::{Ambulance, Clinics, TextFile};

/// All tables of the kinds of care and of settlements.
pub(super) fn all(clinics: &Clinics<'_>, persons: u64, ambulance: Ambulance) -> Vec<TextFile> {
    let mut files = vec![
        TextFile { path: "reference/factors.csv", text: factors(clinics) },
        TextFile { path: "reference/station_groups.csv", text: station_groups(clinics) },
        TextFile { path: "reference/station_k.csv", text: "clinic;group;k\n;city;0.9850\n".to_owned() },
        TextFile { path: "reference/station_factors.csv", text: station_factors(clinics) },
        TextFile { path: "reference/dental_rates.csv", text: dental_rates(clinics) },
        TextFile { path: "reference/money.csv", text: programme_money(clinics, persons) },
        TextFile { path: "reference/settlements.csv", text: settlements(clinics, persons) },
    ];
    if ambulance == Ambulance::Stations {
        files.push(TextFile { path: "reference/stations.csv", text: stations(clinics) });
    }
    files
}

/// Factors of outpatient care: people of small places with their share of a rural clinic's people, and wages since July.
fn factors(clinics: &Clinics<'_>) -> String {
    let mut out = "clinic;factor;value;share;valid_from;valid_to\n".to_owned();
    let (january, july) = (clinics.first_of_year(), clinics.first_of_year().months_later(6));
    for clinic in clinics.facts() {
        if clinic.is_rural {
            let _ = writeln!(out, "{};small_places;1.6;0.{:02}00;{january};", clinic.code, 5 + clinic.index % 9 * 10);
        }
        let (before, since) = (98 + clinic.index % 4, 99 + clinic.index % 5);
        for (hundredths, from, to) in [(before, january, july.to_string()), (since, july, String::new())] {
            let _ = writeln!(out, "{};wages;{}.{:02};;{from};{to}", clinic.code, hundredths / 100, hundredths % 100);
        }
    }
    out
}

fn stations(clinics: &Clinics<'_>) -> String {
    let mut out = "clinic;station;valid_from;valid_to\n".to_owned();
    for clinic in clinics.facts() {
        let _ = writeln!(out, "{};{};;", clinic.code, clinic.station);
    }
    out
}

/// The first station is the city's; all others are the districts'.
fn station_groups(clinics: &Clinics<'_>) -> String {
    let mut out = "clinic;group;valid_from;valid_to\n".to_owned();
    for clinic in clinics.facts().filter(|clinic| clinic.code == clinic.station) {
        let group = if clinic.index == 0 { "city" } else { "districts" };
        let _ = writeln!(out, "{};{group};{};", clinic.code, clinics.first_of_year());
    }
    out
}

fn station_factors(clinics: &Clinics<'_>) -> String {
    format!(
        "clinic;group;factor;value;valid_from\n;city;distance;0.96;{0}\n;districts;distance;1.08;{0}\n",
        clinics.first_of_year()
    )
}

/// Rates of a month by band, dearer in hospitals.
fn dental_rates(clinics: &Clinics<'_>) -> String {
    let mut out = "clinic;sex;from;to;rate\n".to_owned();
    for clinic in clinics.facts() {
        let base = if clinic.serves_all_ages { 4_410 } else { 4_120 };
        let _ = writeln!(out, "{};both;0;17;{}", clinic.code, roubles(base + clinic.index as u64 % 7 * 15));
        let _ = writeln!(out, "{};both;18;;{}", clinic.code, roubles(base - 1_255));
    }
    out
}

/// Money of the year: a hundred roubles for each person of the region stay inside the norm of gynaecology.
fn programme_money(clinics: &Clinics<'_>, persons: u64) -> String {
    let (from, to) = (clinics.first_of_year(), clinics.first_of_year().months_later(12));
    let mut out = "line;sum;inside;care;valid_from;valid_to\n".to_owned();
    let lines = [
        ("1 Женские консультации", 112, 1, "gynaecology"),
        ("2 в том числе неотложная помощь", 5, 0, "gynaecology"),
        ("3 в том числе диспансеризация", 7, 0, "gynaecology"),
        ("4 Скорая помощь", 900, 1, "ambulance"),
    ];
    for (line, roubles_of_person, inside, care) in lines {
        let _ = writeln!(out, "{line};{};{inside};{care};{from};{to}", roubles(persons * roubles_of_person * 100));
    }
    out
}

/// Settlements: the next clinic gets what each pays for its people elsewhere, so both columns have one sum. Some have an advance or something withheld.
fn settlements(clinics: &Clinics<'_>, persons: u64) -> String {
    let mut out = "clinic;in;out;withheld;advance\n".to_owned();
    let codes: Vec<u32> = clinics.facts().map(|clinic| clinic.code).collect();
    let out_of = |index: usize| (index as u64 % 3) * persons * 50 + index as u64 * 101;
    for (index, code) in codes.iter().enumerate() {
        let before = (index + codes.len() - 1) % codes.len();
        let withheld = if index % 5 == 3 { roubles(persons + 55) } else { String::new() };
        let advance = if index % 2 == 0 { roubles(persons * 300) } else { String::new() };
        let _ = writeln!(out, "{code};{};{};{withheld};{advance}", roubles(out_of(before)), roubles(out_of(index)));
    }
    out
}
