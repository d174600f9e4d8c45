//! Small regions to reconcile: the whole input of a run as plain values, the files that hold it, and random regions full of
//! conflicts. Knows nothing of the expected results.

mod across_birth_dates;
mod conflicts;
mod fields;
mod notices;
mod odd_names;
mod organisations;
pub mod overrides;
mod people;
mod random;
pub mod random_tariff;
pub mod random_tariff_tables;
mod relations;
mod row_checks;
mod row_rules;
mod rows;
mod spellings;
pub mod splitmix;
mod spoil;
pub mod tariff;
mod tests;
mod write;

pub use across_birth_dates::across_birth_dates;
pub use random::random;
pub use row_rules::RowRuleSettings;

/// The whole input of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// `D`, as an ISO date.
    pub as_of: String,
    pub registers: Vec<SourceFile>,
    pub attachments: Vec<SourceFile>,
    pub insurers: Vec<InsurerRow>,
    pub clinics: Vec<ClinicRow>,
    /// Whether insurers and clinics are written as the dictionaries F002 and F003, with a table of successions and one of settings.
    pub dictionaries: bool,
    pub tariff: TariffDef,
    pub settings: Settings,
    /// Decisions of people.
    pub overrides: Vec<overrides::OverrideEntry>,
    pub row_rules: RowRuleSettings,
    /// The table of contracts; a job without it has `None`.
    pub contracts: Option<Vec<Contract>>,
}

/// A row of the table of contracts; an empty `to` means that there is no end.
#[derive(Clone, Debug, PartialEq)]
pub struct Contract {
    pub insurer: String,
    pub clinic: String,
    pub from: String,
    pub to: String,
}

/// One canonical CSV file. Its header is line 1, `rows[0]` is line 2.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFile {
    /// The path that the job writes, for example `registers/a.csv`.
    pub name: String,
    pub source_date: Option<String>,
    pub header: Vec<String>,
    pub rows: Vec<Row>,
    pub style: FileStyle,
}

/// A row of a source.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// The values without quotes; the writer quotes them where needed.
    Fields(Vec<String>),
    /// The bytes of a physical line without its line end; the line may be blank.
    Raw(Vec<u8>),
}

/// The style in which a file is written; it does not change the values that are read.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct FileStyle {
    pub byte_order_mark: bool,
    pub carriage_returns: bool,
    pub last_line_open: bool,
    /// Seed of the choice of values that are quoted or padded without need; 0 for none.
    pub quoting_seed: u64,
}

#[derive(Clone, Debug, PartialEq, Default)]
pub struct InsurerRow {
    pub insurer: String,
    pub region: String,
    pub name: String,
    pub works_from: String,
    pub works_to: String,
    pub successor: String,
}

#[derive(Clone, Debug, PartialEq, Default)]
pub struct ClinicRow {
    pub clinic: String,
    pub region: String,
    pub name: String,
    pub attachable: bool,
    /// `all`, `children` or `adults`.
    pub ages: String,
    pub works_from: String,
    pub works_to: String,
    pub successor: String,
    /// Code of the clinic of which this one is a branch; empty for a clinic that is none.
    pub head: String,
    /// One decimal for each of `TariffDef::factors`.
    pub factors: Vec<String>,
}

/// The tariff.
#[derive(Clone, Debug, PartialEq)]
pub struct TariffDef {
    /// Kinds of care. Without any, the keys below are those of one, in the form of the file that names none.
    pub cares: Vec<tariff::CareDef>,
    /// Days on which people are counted besides those of cares.
    pub count_days: Vec<tariff::DayDef>,
    pub band_sets: Vec<tariff::BandSetDef>,
    /// Columns of the table of clinics, those of all cares.
    pub factors: Vec<String>,
    /// `computed` or a decimal.
    pub correction: String,
    pub base: BaseNorm,
    pub bands: Vec<BandDef>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum BaseNorm {
    PerMonth(String),
    PerYear(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct BandDef {
    /// `1`, `2` or `both`.
    pub sex: String,
    pub from: i32,
    /// The last full year that belongs to the band.
    pub to: Option<i32>,
    pub coefficient: String,
}

/// Settings of `[rules]` about insurers, clinics and persons.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub term_limited_categories: Vec<u32>,
    pub insurer_changes_per_year: usize,
    /// `MM-DD`.
    pub insurer_deadline: String,
    pub insurer_accepts_violations: bool,
    pub months_to_choose: u32,
    pub clinic_changes_per_year: usize,
    pub clinic_window_is_rolling: bool,
    pub application_outranks_residence: bool,
    pub clinic_accepts_violations: bool,
    pub overrides_review_days: Option<usize>,
    /// Days of a period of applications; `None` for a calendar month.
    pub applications_period_days: Option<u32>,
    pub newborn_days: u32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            term_limited_categories: vec![3, 5, 8, 10, 11, 12, 13, 14],
            insurer_changes_per_year: 1,
            insurer_deadline: "11-01".to_string(),
            insurer_accepts_violations: false,
            months_to_choose: 2,
            clinic_changes_per_year: 1,
            clinic_window_is_rolling: false,
            application_outranks_residence: true,
            clinic_accepts_violations: false,
            overrides_review_days: None,
            applications_period_days: None,
            newborn_days: 30,
        }
    }
}

pub const REGISTER_FIELDS: [&str; 34] = [
    "record_id",
    "region",
    "insurer",
    "policy_kind",
    "policy_number",
    "enp",
    "surname",
    "given_name",
    "patronymic",
    "sex",
    "birth_date",
    "birth_place",
    "snils",
    "doc_kind",
    "doc_number",
    "citizenship",
    "category",
    "insured_from",
    "insured_to",
    "stopped_on",
    "applied_on",
    "reason",
    "death_date",
    "action",
    "doc_issued_on",
    "doc_expires_on",
    "representative_enp",
    "birth_registered_on",
    "changed_on",
    "service_from",
    "service_to",
    "address",
    "reliability",
    "settlement",
];

pub const ATTACHMENT_FIELDS: [&str; 22] = [
    "record_id",
    "clinic",
    "enp",
    "policy_kind",
    "policy_number",
    "snils",
    "surname",
    "given_name",
    "patronymic",
    "sex",
    "birth_date",
    "doc_kind",
    "doc_number",
    "profile",
    "method",
    "attached_from",
    "attached_to",
    "district",
    "department",
    "doctor_snils",
    "action",
    "reliability",
];
