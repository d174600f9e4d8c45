//! The money of a case as the engine's crates compute it, from the files of the tariff and from counted people.

use std::fs;
use std::path::Path;

use sverka_kernel::funding::{CountedProfiles, Funding, PeopleCounts, fund};
use sverka_model::{Date, Profile, Sex};
use sverka_reference::{Clinics, DayId, Insurers, Tariff, TariffFile, TariffTable, TariffTables};

use super::Case;

/// The money with the tables that its numbers point to.
pub struct EngineMoney {
    pub funding: Funding,
    pub insurers: Insurers,
    pub clinics: Clinics,
    pub tariff: Tariff,
    pub counts: PeopleCounts,
}

/// Writes the case into a folder, reads it and funds it.
pub fn money(case: &Case, dir: &Path) -> EngineMoney {
    case.tariff.write_to(dir).expect("a written tariff");
    let as_of: Date = case.as_of.parse().expect("an ISO date");
    let text = fs::read_to_string(dir.join("tariff.toml")).expect("the tariff");
    let file = TariffFile::parse("tariff.toml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let insurers = Insurers::read("insurers.csv", insurers_csv(case).as_bytes()).expect("insurers");
    let clinics = Clinics::read("clinics.csv", clinics_csv(case).as_bytes(), file.factor_columns());
    let clinics = clinics.expect("clinics").counting_on(as_of).expect("clinics without branches");
    let mut tables = TariffTables::new();
    for table in file.tables() {
        let bytes = fs::read(dir.join(&table.path)).expect("a table of the tariff");
        tables.insert(table.path.clone(), TariffTable { name: table.path, bytes });
    }
    let tariff = file.tariff(as_of, &clinics, &tables).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let counts = counts(case, &insurers, &clinics, &tariff);
    EngineMoney { funding: fund(&counts, &clinics, &tariff), insurers, clinics, tariff, counts }
}

fn counts(case: &Case, insurers: &Insurers, clinics: &Clinics, tariff: &Tariff) -> PeopleCounts {
    let profiles = CountedProfiles::new(tariff);
    let mut counts = PeopleCounts::default();
    for row in &case.counted {
        let profile = Profile::from_code(row.profile).expect("a profile");
        let Some(profile) = profiles.index(profile) else { continue };
        let Some(day) = tariff.days.iter().position(|day| day.to_string() == row.day) else { continue };
        let insurer = insurers.find(row.insurer.as_bytes()).expect("a known insurer");
        let clinic = clinics.find(row.clinic.as_bytes()).expect("a known clinic");
        let sex = if row.sex == "1" { Sex::Male } else { Sex::Female };
        let cell = tariff.cell(sex, row.age);
        let heads = counts.day(DayId::new(day)).attached(profile);
        for number in 0..row.heads {
            heads.add(insurer, clinic, cell, number < row.funded);
        }
    }
    counts
}

fn insurers_csv(case: &Case) -> String {
    let line = |code: &String| format!("{code};34;Страховая;2015-01-01;;\n");
    let header = "insurer;region;name;works_from;works_to;successor\n".to_string();
    header + &case.insurers.iter().map(line).collect::<String>()
}

fn clinics_csv(case: &Case) -> String {
    let mut text = String::from("clinic;region;name;attachable;ages;works_from;works_to;successor");
    case.tariff.factors.iter().for_each(|factor| text += &format!(";{factor}"));
    text += "\n";
    for row in &case.clinics {
        text += &format!("{};34;Поликлиника;1;{};2015-01-01;;", row.clinic, row.ages);
        row.factors.iter().for_each(|factor| text += &format!(";{factor}"));
        text += "\n";
    }
    text
}
