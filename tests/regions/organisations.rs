//! Random insurers, clinics, tariffs and settings.

use super::splitmix::SplitMix;
use super::{BandDef, BaseNorm, ClinicRow, InsurerRow, Settings, TariffDef};
use crate::reference::dates::Date;

/// The time in which an organisation of a random table works, and the place of its successor in the table.
struct Working {
    from: String,
    to: String,
    successor: Option<usize>,
}

/// Working times and successors. A successor stands later in the table, so there are no circles. Mostly it works long before it takes over; rarely it
/// starts later, or ended earlier.
fn working(random: &mut SplitMix, count: usize, days: &[Date]) -> Vec<Working> {
    let mut list: Vec<Working> = Vec::new();
    for at in 0..count {
        let from = if random.chance(25) { random.pick(days).to_string() } else { "2015-01-01".to_string() };
        let ends = random.chance(40);
        let mut to = String::new();
        if ends {
            let later: Vec<&Date> = days.iter().filter(|day| day.to_string() > from).collect();
            if !later.is_empty() {
                to = random.pick(&later).to_string();
            }
        }
        let successor =
            if !to.is_empty() && at + 1 < count && random.chance(70) { Some(random.between(at + 1, count - 1)) } else { None };
        list.push(Working { from, to, successor });
    }
    for at in 0..count {
        let Some(next) = list[at].successor else { continue };
        let odd = random.chance(12);
        if !odd && list[next].from > list[at].to {
            list[next].from = "2015-01-01".to_string();
        }
        if !odd && !list[next].to.is_empty() && list[next].to <= list[at].to {
            list[next].to = String::new();
            list[next].successor = None;
        }
    }
    list
}

fn code_of(rows: &[String], at: Option<usize>) -> String {
    at.map_or(String::new(), |at| rows[at].clone())
}

pub fn insurers(random: &mut SplitMix, days: &[Date]) -> Vec<InsurerRow> {
    let count = random.between(2, 4);
    let mut codes: Vec<String> = (1..=count).map(|number| format!("340{number:02}")).collect();
    random.shuffle(&mut codes);
    let mut rows: Vec<InsurerRow> = Vec::new();
    for (at, working) in working(random, count, days).into_iter().enumerate() {
        rows.push(InsurerRow {
            insurer: codes[at].clone(),
            region: random.pick(&["34", "34", "34", "77", ""]).to_string(),
            name: format!("Страховая «{}»; филиал", at + 1),
            works_from: working.from,
            works_to: working.to,
            successor: code_of(&codes, working.successor),
        });
    }
    rows
}

pub fn clinics(random: &mut SplitMix, days: &[Date], factors: usize) -> Vec<ClinicRow> {
    let count = random.between(2, 5);
    let mut codes: Vec<String> = (1..=count).map(|number| format!("3401{number:02}")).collect();
    random.shuffle(&mut codes);
    let mut rows: Vec<ClinicRow> = Vec::new();
    for (at, working) in working(random, count, days).into_iter().enumerate() {
        rows.push(ClinicRow {
            clinic: codes[at].clone(),
            region: random.pick(&["34", "34", "77", ""]).to_string(),
            name: format!("Поликлиника № {}", at + 1),
            attachable: random.chance(92),
            ages: random.pick(&["all", "all", "all", "all", "children", "adults"]).to_string(),
            works_from: working.from,
            works_to: working.to,
            successor: code_of(&codes, working.successor),
            head: String::new(),
            factors: (0..factors).map(|_| decimal(random, 80, 260)).collect(),
        });
    }
    if random.chance(50) {
        branch_off(random, &mut rows);
    }
    rows
}

/// Makes some clinics branches of another. Neither the head nor its successors become branches.
fn branch_off(random: &mut SplitMix, rows: &mut [ClinicRow]) {
    let head = random.pick(rows).clinic.clone();
    let mut heads = vec![head.clone()];
    while let Some(row) = rows.iter().find(|row| Some(&row.clinic) == heads.last() && !row.successor.is_empty()) {
        heads.push(row.successor.clone());
    }
    for row in rows.iter_mut().filter(|row| !heads.contains(&row.clinic)) {
        if random.chance(60) {
            row.head = head.clone();
        }
    }
}

/// A decimal of hundredths in `from..=to`, sometimes with more digits.
fn decimal(random: &mut SplitMix, from: usize, to: usize) -> String {
    let hundredths = random.between(from, to);
    let tail = if random.chance(30) { random.below(1000).to_string() } else { String::new() };
    format!("{}.{:02}{tail}", hundredths / 100, hundredths % 100)
}

/// Ways to cut ages into bands: (first full year, last full year).
const AGES: [&[(i32, Option<i32>)]; 3] =
    [&[(0, None)], &[(0, Some(17)), (18, None)], &[(0, Some(0)), (1, Some(4)), (5, Some(17)), (18, Some(64)), (65, None)]];

pub fn tariff(random: &mut SplitMix) -> TariffDef {
    let all_factors = ["level", "rural", "wages"];
    let mut bands = Vec::new();
    let sexes: &[&str] = if random.chance(30) { &["both"] } else { &["1", "2"] };
    for sex in sexes {
        let ages = *random.pick::<&[(i32, Option<i32>)]>(&AGES);
        for (from, to) in ages {
            bands.push(BandDef { sex: sex.to_string(), from: *from, to: *to, coefficient: decimal(random, 40, 300) });
        }
    }
    let base = if random.chance(50) {
        BaseNorm::PerMonth(format!("{}.{:02}", random.between(50, 900), random.below(100)))
    } else {
        BaseNorm::PerYear(format!("{}.{:02}", random.between(600, 9000), random.below(100)))
    };
    TariffDef {
        cares: Vec::new(),
        count_days: Vec::new(),
        band_sets: Vec::new(),
        factors: all_factors[0..random.below(4)].iter().map(|name| name.to_string()).collect(),
        correction: if random.chance(60) { "computed".to_string() } else { decimal(random, 80, 120) },
        base,
        bands,
    }
}

pub fn settings(random: &mut SplitMix) -> Settings {
    let mut settings = Settings::default();
    if random.chance(15) {
        settings.term_limited_categories = vec![2, 3, 5];
    }
    if random.chance(30) {
        settings.insurer_changes_per_year = random.below(3);
    }
    if random.chance(15) {
        settings.insurer_deadline = random.pick(&["10-01", "12-31", "11-15"]).to_string();
    }
    settings.insurer_accepts_violations = random.chance(15);
    if random.chance(30) {
        settings.months_to_choose = random.below(4) as u32;
    }
    if random.chance(30) {
        settings.clinic_changes_per_year = random.below(3);
    }
    settings.clinic_window_is_rolling = random.chance(25);
    settings.application_outranks_residence = !random.chance(20);
    settings.clinic_accepts_violations = random.chance(15);
    settings
}
