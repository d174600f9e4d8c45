//! A region as files: the job, the sources, the reference tables and the tariff.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use super::overrides;
use super::splitmix::SplitMix;
use super::{Contract, Region, Row, RowRuleSettings, Settings, SourceFile};

/// The keys of `[reference]` for tables of organisations.
const TABLES: &str = "\n[reference]\ninsurers = \"reference/insurers.csv\"\nclinics = \"reference/clinics.csv\"\n";
/// The keys of `[reference]` for dictionaries of organisations.
const DICTIONARIES: &str = "\n[reference]\ninsurers = \"reference/F002.xml\"\nclinics = \"reference/F003.xml\"\n\
    succession = \"reference/succession.csv\"\nclinic_settings = \"reference/settings.csv\"\n";

impl Region {
    /// Writes `job.toml` and all files that it names under `dir`.
    pub fn write_to(&self, dir: &Path) -> io::Result<()> {
        fs::create_dir_all(dir.join("reference"))?;
        fs::write(dir.join("job.toml"), self.job())?;
        for file in self.registers.iter().chain(&self.attachments) {
            let path = dir.join(&file.name);
            fs::create_dir_all(path.parent().expect("sources lie in a folder"))?;
            fs::write(path, file.bytes())?;
        }
        fs::write(dir.join(overrides::FILE), overrides::file(&self.overrides).0)?;
        if self.dictionaries {
            self.write_dictionaries(&dir.join("reference"))?;
        } else {
            fs::write(dir.join("reference/insurers.csv"), self.insurers_csv())?;
            fs::write(dir.join("reference/clinics.csv"), self.clinics_csv())?;
        }
        if let Some(calendar) = self.row_rules.calendar_csv() {
            fs::write(dir.join("reference/calendar.csv"), calendar)?;
        }
        if let Some(contracts) = &self.contracts {
            fs::write(dir.join("reference/contracts.csv"), contracts_csv(contracts))?;
        }
        self.tariff.write_to(&dir.join("reference"))
    }

    fn job(&self) -> String {
        let mut text = format!("as_of = \"{}\"\noutput = \"out\"\n{}", self.as_of, self.row_rules.job_key());
        for (kind, files) in [("registers", &self.registers), ("attachments", &self.attachments)] {
            for group in files.chunk_by(|a, b| a.source_date == b.source_date) {
                let names: Vec<String> = group.iter().map(|file| format!("{:?}", file.name)).collect();
                write!(text, "\n[[{kind}]]\nfiles = [{}]\n", names.join(", ")).expect("a string takes all");
                if let Some(date) = &group[0].source_date {
                    writeln!(text, "source_date = \"{date}\"").expect("a string takes all");
                }
            }
        }
        text.push_str(if self.dictionaries { DICTIONARIES } else { TABLES });
        text.push_str("tariff = \"reference/tariff.toml\"\n");
        if !self.overrides.is_empty() {
            writeln!(text, "overrides = \"{}\"", overrides::FILE).expect("a string takes all");
        }
        text.push_str(self.row_rules.reference_key());
        if self.contracts.is_some() {
            text.push_str("contracts = \"reference/contracts.csv\"\n");
        }
        text + &rules(&self.settings, &self.row_rules)
    }

    fn insurers_csv(&self) -> String {
        let mut text = String::from("insurer;region;name;works_from;works_to;successor\n");
        for row in &self.insurers {
            let values = [&row.insurer, &row.region, &row.name, &row.works_from, &row.works_to, &row.successor];
            text += &reference_line(values.into_iter().cloned().collect());
        }
        text
    }

    /// Writes both dictionaries, and the tables of facts that dictionaries lack.
    fn write_dictionaries(&self, dir: &Path) -> io::Result<()> {
        let included = |from: &str, to: &str| {
            let end = if to.is_empty() { String::new() } else { format!("<d_end>{to}</d_end>") };
            format!("<d_begin>{from}</d_begin>{end}")
        };
        let (mut insurers, mut clinics) = (String::new(), String::new());
        let mut succession = String::from("code;successor\n");
        for row in &self.insurers {
            let works = included(&row.works_from, &row.works_to);
            let (code, name) = (&row.insurer, &row.name);
            insurers += &format!(
                "<insCompany><smocod>{code}</smocod><nam_smok>{name}</nam_smok><insInclude>{works}</insInclude></insCompany>\n"
            );
            if !row.successor.is_empty() {
                succession += &format!("{};{}\n", row.insurer, row.successor);
            }
        }
        for row in &self.clinics {
            let works = included(&row.works_from, &row.works_to);
            let (code, name) = (&row.clinic, &row.name);
            clinics += &format!(
                "<medCompany><mcod>{code}</mcod><nam_mok>{name}</nam_mok><medInclude>{works}</medInclude></medCompany>\n"
            );
            if !row.successor.is_empty() {
                succession += &format!("{};{}\n", row.clinic, row.successor);
            }
        }
        fs::write(dir.join("F002.xml"), format!("<packet>\n{insurers}</packet>\n"))?;
        fs::write(dir.join("F003.xml"), format!("<packet>\n{clinics}</packet>\n"))?;
        fs::write(dir.join("succession.csv"), succession)?;
        fs::write(dir.join("settings.csv"), self.clinic_settings())
    }

    fn clinic_settings(&self) -> String {
        let mut text = String::from("clinic;attachable;ages;head");
        self.tariff.factors.iter().for_each(|factor| text += &format!(";{factor}"));
        text += "\n";
        for row in &self.clinics {
            let attachable = if row.attachable { "1" } else { "0" }.to_string();
            let known = [&row.clinic, &attachable, &row.ages, &row.head];
            text += &reference_line(known.into_iter().chain(&row.factors).cloned().collect());
        }
        text
    }

    fn clinics_csv(&self) -> String {
        let mut header = String::from("clinic;region;name;attachable;ages;works_from;works_to;successor");
        let any_head = self.clinics.iter().any(|row| !row.head.is_empty());
        if any_head {
            header += ";head";
        }
        for factor in &self.tariff.factors {
            header += &format!(";{factor}");
        }
        let mut text = header + "\n";
        for row in &self.clinics {
            let attachable = if row.attachable { "1" } else { "0" }.to_string();
            let known =
                [&row.clinic, &row.region, &row.name, &attachable, &row.ages, &row.works_from, &row.works_to, &row.successor];
            let head = any_head.then_some(&row.head);
            text += &reference_line(known.into_iter().chain(head).chain(&row.factors).cloned().collect());
        }
        text
    }
}

fn contracts_csv(contracts: &[Contract]) -> String {
    let mut text = String::from("clinic;insurer;from;to\n");
    for Contract { insurer, clinic, from, to } in contracts {
        text += &reference_line([clinic, insurer, from, to].into_iter().cloned().collect());
    }
    text
}

fn reference_line(values: Vec<String>) -> String {
    values.iter().map(|value| quoted_if_needed(value)).collect::<Vec<_>>().join(";") + "\n"
}

fn rules(settings: &Settings, row_rules: &RowRuleSettings) -> String {
    let on_violation = |accepts: bool| if accepts { "accept" } else { "refuse" };
    let window = if settings.clinic_window_is_rolling { "rolling_12_months" } else { "calendar_year" };
    let mut text = format!("\n[rules]\nterm_limited_categories = {:?}\n", settings.term_limited_categories);
    if let Some(days) = settings.overrides_review_days {
        text += &format!("overrides_review_days = {days}\n");
    }
    text += &format!("newborn_days = {}\n", settings.newborn_days);
    text += &row_rules.rules_keys();
    text += &format!("\n[rules.insurer]\nchanges_per_year = {}\n", settings.insurer_changes_per_year);
    text += &format!("deadline = \"{}\"\n", settings.insurer_deadline);
    text += &format!("on_violation = \"{}\"\n", on_violation(settings.insurer_accepts_violations));
    text += &format!("months_to_choose = {}\n", settings.months_to_choose);
    text += &format!("\n[rules.clinic]\nchanges_per_year = {}\n", settings.clinic_changes_per_year);
    text += &format!("window = \"{window}\"\n");
    text += &format!("application_outranks_residence = {}\n", settings.application_outranks_residence);
    if let Some(days) = settings.applications_period_days {
        text += &format!("applications_period = {days}\n");
    }
    text + &format!("on_violation = \"{}\"\n", on_violation(settings.clinic_accepts_violations))
}

impl SourceFile {
    /// The bytes of the file in its style.
    pub fn bytes(&self) -> Vec<u8> {
        let mut random = SplitMix(self.style.quoting_seed);
        let mut lines = vec![self.header.join(";").into_bytes()];
        for row in &self.rows {
            lines.push(match row {
                Row::Raw(bytes) => bytes.clone(),
                Row::Fields(fields) => {
                    let written: Vec<String> = fields.iter().map(|value| self.written(value, &mut random)).collect();
                    written.join(";").into_bytes()
                }
            });
        }
        let line_end: &[u8] = if self.style.carriage_returns { b"\r\n" } else { b"\n" };
        let mut bytes = lines.join(line_end);
        if !self.style.last_line_open {
            bytes.extend_from_slice(line_end);
        }
        if self.style.byte_order_mark { [b"\xEF\xBB\xBF".to_vec(), bytes].concat() } else { bytes }
    }

    /// The value as the file holds it: quoted where needed, and now and then without need.
    fn written(&self, value: &str, random: &mut SplitMix) -> String {
        if self.style.quoting_seed == 0 {
            return quoted_if_needed(value);
        }
        let choice = random.below(40);
        let text = if choice == 0 { quoted(value) } else { quoted_if_needed(value) };
        match choice {
            1 => format!(" {text}"),
            2 => format!("{text} \t"),
            3 => format!("\u{A0}{} ", quoted(value)),
            _ => text,
        }
    }
}

fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}

fn quoted_if_needed(value: &str) -> String {
    if value.contains([';', '"']) { quoted(value) } else { value.to_string() }
}
