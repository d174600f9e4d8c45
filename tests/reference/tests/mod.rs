//! The reference itself, and the engine with it, against hand-made cases, one for each sentence of `docs/semantics.md` that is easy to
//! get wrong.

mod checks;
mod clinics;
mod identifiers;
mod insurers;
mod names;
mod notices;
mod overrides;
mod persons;
mod register;
mod shared_numbers;

use super::{DecisionRow, Expected, StayRow, dates, reconcile};
use crate::regions::{
    ATTACHMENT_FIELDS, BandDef, BaseNorm, ClinicRow, FileStyle, InsurerRow, REGISTER_FIELDS, Region, Row, RowRuleSettings,
    Settings, SourceFile, TariffDef,
};

/// ENP of a man born on 1984-03-05.
pub const ENP: &str = "3456510844000019";

/// (field, value)
pub type Change<'a> = (&'a str, &'a str);

/// A region with D = 2026-11-01, three insurers and six clinics. Rows are added one by one; the first row of a table is line 2 of its file.
pub struct Case {
    pub region: Region,
}

fn source(name: &str, fields: &[&str]) -> SourceFile {
    SourceFile {
        name: name.to_string(),
        source_date: None,
        header: fields.iter().map(|field| field.to_string()).collect(),
        rows: Vec::new(),
        style: FileStyle::default(),
    }
}

fn clinic(code: &str, ages: &str, attachable: bool) -> ClinicRow {
    let (clinic, ages) = (code.to_string(), ages.to_string());
    ClinicRow { clinic, attachable, ages, works_from: "2015-01-01".to_string(), ..ClinicRow::default() }
}

/// A row of the defaults, with the changes.
fn changed_row(fields: &[&str], defaults: &[Change], changes: &[Change]) -> Row {
    let value = |field: &&str| {
        let known = changes.iter().chain(defaults).find(|(name, _)| name == field);
        known.map_or(String::new(), |(_, value)| value.to_string())
    };
    assert!(changes.iter().all(|(name, _)| fields.contains(name)));
    Row::Fields(fields.iter().map(value).collect())
}

impl Case {
    pub fn new() -> Case {
        let insurer =
            |code: &str| InsurerRow { insurer: code.to_string(), works_from: "2015-01-01".to_string(), ..InsurerRow::default() };
        let band = BandDef { sex: "both".to_string(), from: 0, to: None, coefficient: "1".to_string() };
        let tariff = TariffDef {
            cares: Vec::new(),
            count_days: Vec::new(),
            band_sets: Vec::new(),
            factors: Vec::new(),
            correction: "1".to_string(),
            base: BaseNorm::PerMonth("100.00".to_string()),
            bands: vec![band],
        };
        Case {
            region: Region {
                as_of: "2026-11-01".to_string(),
                registers: vec![source("registers/a.csv", &REGISTER_FIELDS)],
                attachments: vec![source("attachments/a.csv", &ATTACHMENT_FIELDS)],
                insurers: vec![insurer("34001"), insurer("34002"), insurer("34003")],
                dictionaries: false,
                clinics: vec![
                    clinic("340101", "all", true),
                    clinic("340102", "all", true),
                    clinic("340103", "all", true),
                    clinic("340104", "children", true),
                    clinic("340105", "adults", true),
                    clinic("340106", "all", false),
                ],
                tariff,
                settings: Settings::default(),
                overrides: Vec::new(),
                // Policies of all kinds are in order at all times, so that a case shows what it is about.
                row_rules: RowRuleSettings {
                    single_sample_from: "9999-01-01".to_string(),
                    digital_from: "9999-01-01".to_string(),
                    ..RowRuleSettings::default()
                },
                contracts: None,
            },
        }
    }

    /// Adds a register row, with changes, of the man with [`ENP`], insured since 2020-01-01 with 34001.
    pub fn insured(mut self, changes: &[Change]) -> Case {
        let defaults = [
            ("insurer", "34001"),
            ("policy_kind", "3"),
            ("enp", ENP),
            ("surname", "Соловьёв"),
            ("given_name", "Алексей"),
            ("patronymic", "Ильич"),
            ("sex", "1"),
            ("birth_date", "1984-03-05"),
            ("insured_from", "2020-01-01"),
        ];
        self.region.registers[0].rows.push(changed_row(&REGISTER_FIELDS, &defaults, changes));
        self
    }

    /// Adds an attachment row, with changes, of the same man, attached since 2020-01-01 to 340101.
    pub fn attached(mut self, changes: &[Change]) -> Case {
        let defaults = [
            ("clinic", "340101"),
            ("enp", ENP),
            ("surname", "Соловьёв"),
            ("given_name", "Алексей"),
            ("patronymic", "Ильич"),
            ("birth_date", "1984-03-05"),
            ("attached_from", "2020-01-01"),
        ];
        self.region.attachments[0].rows.push(changed_row(&ATTACHMENT_FIELDS, &defaults, changes));
        self
    }

    /// Moves the last register row to a second register file with this date.
    pub fn in_file_of(mut self, source_date: &str) -> Case {
        let moved = self.region.registers[0].rows.pop().expect("a row");
        let mut file = source("registers/b.csv", &REGISTER_FIELDS);
        file.source_date = Some(source_date.to_string());
        file.rows.push(moved);
        self.region.registers.push(file);
        self
    }

    pub fn raw_line(mut self, bytes: &[u8]) -> Case {
        self.region.registers[0].rows.push(Row::Raw(bytes.to_vec()));
        self
    }

    pub fn settings(mut self, change: impl Fn(&mut Settings)) -> Case {
        change(&mut self.region.settings);
        self
    }

    pub fn insurer_ends(mut self, code: &str, works_to: &str, successor: &str) -> Case {
        let row = self.region.insurers.iter_mut().find(|row| row.insurer == code).expect("a known code");
        (row.works_to, row.successor) = (works_to.to_string(), successor.to_string());
        self
    }

    pub fn clinic_ends(mut self, code: &str, works_to: &str, successor: &str) -> Case {
        let row = self.region.clinics.iter_mut().find(|row| row.clinic == code).expect("a known code");
        (row.works_to, row.successor) = (works_to.to_string(), successor.to_string());
        self
    }

    /// The results of the reference, with which the engine agrees.
    pub fn run(&self) -> Expected {
        crate::differential::assert_agreement(&self.region);
        reconcile(&self.region)
    }

    pub fn insurance(&self) -> Vec<String> {
        self.run().insurance_stays.iter().map(stay_text).collect()
    }

    pub fn attachments(&self) -> Vec<String> {
        self.run().attachment_stays.iter().map(stay_text).collect()
    }

    /// The decisions as texts: `a2` is line 2 of file `a`; the loser stands before the winner.
    pub fn decisions(&self) -> Vec<String> {
        self.run().decisions.iter().map(decision_text).collect()
    }

    /// The findings of rows as line, field and code: `2 enp ENP_FORMAT`. Findings about sources are left out, because most cases have a source without rows.
    pub fn findings(&self) -> Vec<String> {
        let text = |row: &super::FindingRow| {
            let field = row.field.as_ref().map_or(String::new(), |field| format!("{field} "));
            format!("{} {field}{}", row.position.line, row.code)
        };
        self.run().findings.iter().filter(|row| row.position.line > 0).map(text).collect()
    }

    /// The records of each person, as `a2` for line 2 of the file `a`, attachments with `+`.
    pub fn people(&self) -> Vec<String> {
        self.run().people.iter().map(|person| positions_text(&person.records)).collect()
    }
}

/// A row as `a2` for line 2 of the file `a`, of attachments `+a2`.
fn position_text(position: &super::Position) -> String {
    let file = position.source.split('/').next_back().expect("a name").trim_end_matches(".csv").to_string();
    let mark = if position.table == super::Table::Attachments { "+" } else { "" };
    format!("{mark}{file}{}", position.line)
}

fn positions_text(positions: &[super::Position]) -> String {
    positions.iter().map(position_text).collect::<Vec<_>>().join(" ")
}

fn stay_text(row: &StayRow) -> String {
    let to = row.to.map_or(String::new(), |to| to.to_string());
    let mark = if row.unresolved { "?" } else { "" };
    format!("{} {}..{to}{mark} [{}]", row.code, row.from, positions_text(&row.records))
}

fn decision_text(row: &DecisionRow) -> String {
    let (loser, winner) = (position_text(&row.loser), position_text(&row.winner));
    let codes = format!("{} < {}", row.losing_code, row.winning_code);
    format!("{} {} {loser} < {winner}, {codes}, {}", row.outcome, row.rule, row.start)
}
