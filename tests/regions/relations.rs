//! Additions to the rows of a random region: military service, representatives, contracts between organisations, and certificates on the edge of their
//! term.

use super::splitmix::SplitMix;
use super::{Contract, Region, Row, SourceFile};
use crate::reference::dates::{self, Date};

/// Values that the added fields take.
struct Pools<'r> {
    /// All ENPs of the region's rows.
    enps: &'r [String],
    /// The few days on which rows begin and end.
    days: &'r [Date],
    as_of: Date,
}

/// Adds settings, contracts and fields of rows. `days` are the few days on which rows begin and end.
pub fn add(random: &mut SplitMix, region: &mut Region, days: &[Date]) {
    let as_of = dates::parse(&region.as_of).expect("an ISO date");
    settings(random, region);
    if random.chance(60) {
        region.contracts = Some(contracts(random, region, days));
    }
    let enps = enps(region);
    let pools = Pools { enps: &enps, days, as_of };
    for file in &mut region.registers {
        let mut rows = Vec::new();
        for mut row in std::mem::take(&mut file.rows) {
            let is_related = relate(random, file, &mut row, &pools);
            rows.push(row);
            if is_related && random.chance(15) {
                let mut copy = rows[rows.len() - 1].clone();
                blank_one(random, file, &mut copy);
                rows.push(copy);
            }
        }
        file.rows = rows;
    }
}

fn settings(random: &mut SplitMix, region: &mut Region) {
    if random.chance(30) {
        region.settings.applications_period_days = Some(*random.pick(&[1, 2, 30, 100]));
    }
    if random.chance(30) {
        region.settings.newborn_days = *random.pick(&[0, 1, 60, 4000]);
    }
}

fn contracts(random: &mut SplitMix, region: &Region, days: &[Date]) -> Vec<Contract> {
    let mut contracts = Vec::new();
    for _ in 0..random.below(12) {
        let from = if random.chance(70) { "2012-01-01".to_string() } else { random.pick(days).to_string() };
        let later: Vec<String> = days.iter().map(Date::to_string).filter(|day| *day > from).collect();
        let to = if later.is_empty() || random.chance(60) { String::new() } else { random.pick(&later).clone() };
        contracts.push(Contract {
            insurer: random.pick(&region.insurers).insurer.clone(),
            clinic: random.pick(&region.clinics).clinic.clone(),
            from,
            to,
        });
    }
    contracts
}

/// The ENPs of all rows, as they are written.
fn enps(region: &Region) -> Vec<String> {
    let mut enps = Vec::new();
    for file in region.registers.iter().chain(&region.attachments) {
        let column = file.header.iter().position(|name| name == "enp").expect("a column that is never left out");
        for row in &file.rows {
            if let Row::Fields(values) = row {
                enps.extend(Some(values[column].clone()).filter(|enp| !enp.is_empty()));
            }
        }
    }
    enps
}

fn get(file: &SourceFile, values: &[String], field: &str) -> String {
    file.header.iter().position(|name| name == field).map_or(String::new(), |column| values[column].clone())
}

fn set(file: &SourceFile, values: &mut [String], field: &str, value: &str) {
    if let Some(column) = file.header.iter().position(|name| name == field) {
        values[column] = value.to_string();
    }
}

/// Fills the fields of service and representatives of some rows. Returns whether it did.
fn relate(random: &mut SplitMix, file: &SourceFile, row: &mut Row, pools: &Pools<'_>) -> bool {
    let &Pools { enps, days, as_of } = pools;
    let Row::Fields(values) = row else { return false };
    let mut is_related = false;
    if random.chance(8) {
        let edges = [as_of, as_of.day_before(), as_of.next_day()];
        let day = |random: &mut SplitMix| {
            let near = random.chance(40);
            random.pick(if near { &edges } else { days }).to_string()
        };
        set(file, values, "service_from", &day(random));
        let to = if random.chance(40) { String::new() } else { day(random) };
        set(file, values, "service_to", &to);
        is_related = true;
    }
    if random.chance(30) && !enps.is_empty() {
        let enp = match random.below(12) {
            0 => enps[0][1..].to_string(),
            1 => "0000000000000000".to_string(),
            2 => format!("`{}", random.pick(enps).trim_start_matches(['`', '\'', ' '])),
            _ => random.pick(enps).clone(),
        };
        set(file, values, "representative_enp", &enp);
        is_related = true;
    }
    if let Some(start) = dates::parse(&get(file, values, "insured_from"))
        && random.chance(if is_related { 80 } else { 2 })
    {
        let back = *random.pick(&[0, 1, 5, 29, 30, 31, 32]);
        let registered = (0..back).fold(start, |day, _| day.day_before());
        set(file, values, "birth_registered_on", &registered.to_string());
    }
    if random.chance(1) {
        let field = *random.pick(&["service_from", "service_to", "birth_registered_on"]);
        let value = *random.pick(&["2025-02-30", "-", " "]);
        set(file, values, field, value);
    }
    if get(file, values, "policy_kind") == "2" && random.chance(40) {
        let back = random.between(38, 52);
        let issued = (0..back).fold(as_of, |day, _| day.day_before()).to_string();
        if issued >= get(file, values, "birth_date") && get(file, values, "stopped_on").is_empty() {
            set(file, values, "insured_from", &issued);
        }
    }
    is_related
}

/// Blanks one of the fields that [`relate`] fills, or none.
fn blank_one(random: &mut SplitMix, file: &SourceFile, row: &mut Row) {
    let Row::Fields(values) = row else { return };
    let field = *random.pick(&["record_id", "service_to", "representative_enp", "birth_registered_on", "service_from"]);
    if random.chance(60) {
        set(file, values, field, "");
    }
}
