//! Forms of the month: papers that funds, insurers and clinics sign, from the tables of a published run.
//!
//! ```text
//! run_tables   figures of the run: heads, norms, factors, money, names
//!    └─ kinds      contents of each form ─► model (sheets, tables, cells)
//!                                              ├─ grid ─► xlsx, csv
//!                                              └─ html
//! folder       files, published as a whole or not at all
//! ```
//!
//! Forms compute nothing but sums of published figures; a sum that cannot be made of them is not shown, and the form says so.

mod csv;
mod error;
mod figure;
mod folder;
mod grid;
mod html;
mod kinds;
mod model;
mod people_tables;
mod run_tables;
mod russian;
mod xlsx;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use error::FormsError;
pub use figure::Figure;
pub use model::{Cell, Column, Form, HeadLine, Sheet, Table};

use crate::diff::{DiffFilter, DiffWithMoves, compare_with_moves};
use folder::PendingForms;
use kinds::MakeForms;
use run_tables::{Organisations, RunTables};
use sverka_model::Date;
use sverka_publish::Manifest;

/// Kind of form.
#[derive(Clone, Copy, Debug)]
pub struct FormKind {
    /// Name on the command line.
    pub name: &'static str,
    /// Title in Russian.
    pub title: &'static str,
    /// Meaning in English.
    pub meaning: &'static str,
    /// Whether the form can be narrowed to insurers.
    narrowed_by_insurer: bool,
    /// Whether the form can be narrowed to clinics.
    narrowed_by_clinic: bool,
    /// Whether the form is about two runs.
    needs_former_run: bool,
    make: MakeForms,
}

/// Every form, in the order in which they are listed.
pub const FORMS: &[FormKind] = &[
    FormKind {
        name: "reconciliation",
        title: "Акт сверки численности",
        meaning: "heads and money of an insurer at a clinic, by band, unit and precinct; a file for each clinic, a sheet for each insurer",
        narrowed_by_insurer: true,
        narrowed_by_clinic: true,
        needs_former_run: false,
        make: kinds::reconciliation,
    },
    FormKind {
        name: "age_sex",
        title: "Половозрастной состав прикреплённых",
        meaning: "heads of each clinic by age and sex on each count day",
        narrowed_by_insurer: true,
        narrowed_by_clinic: true,
        needs_former_run: false,
        make: kinds::age_sex,
    },
    FormKind {
        name: "money",
        title: "Численность, коэффициенты, нормативы и суммы",
        meaning: "heads of each clinic by age and sex with coefficients, norms and sums",
        narrowed_by_insurer: true,
        narrowed_by_clinic: true,
        needs_former_run: false,
        make: kinds::money,
    },
    FormKind {
        name: "contract_annex",
        title: "Приложение к договору страховой и медицинской организаций",
        meaning: "heads of an insurer at a clinic in the bands of the set `contract`; a file for each clinic, a sheet for each insurer",
        narrowed_by_insurer: true,
        narrowed_by_clinic: true,
        needs_former_run: false,
        make: kinds::contract_annex,
    },
    FormKind {
        name: "clinic_sheet",
        title: "Подушевые нормативы медицинских организаций",
        meaning: "norm of each clinic with base, coefficients and factors, groups, and money for a month and a year",
        narrowed_by_insurer: false,
        narrowed_by_clinic: true,
        needs_former_run: false,
        make: kinds::clinic_sheet,
    },
    FormKind {
        name: "insurer_sheet",
        title: "Лист страховой медицинской организации",
        meaning: "insured people of an insurer by band, and its money by care and clinic; a file for each insurer",
        narrowed_by_insurer: true,
        narrowed_by_clinic: false,
        needs_former_run: false,
        make: kinds::insurer_sheet,
    },
    FormKind {
        name: "points",
        title: "Фельдшерские пункты",
        meaning: "feldsher points with coefficients, money of the month and the parts of the insurers",
        narrowed_by_insurer: false,
        narrowed_by_clinic: true,
        needs_former_run: false,
        make: kinds::points,
    },
    FormKind {
        name: "to_pay",
        title: "Суммы к перечислению",
        meaning: "what each clinic is transferred, with everything that is added and taken off",
        narrowed_by_insurer: false,
        narrowed_by_clinic: true,
        needs_former_run: false,
        make: kinds::to_pay,
    },
    FormKind {
        name: "movement",
        title: "Движение прикреплённых и застрахованных",
        meaning: "people of each clinic and insurer before and now, attached and detached by cause; with --before",
        narrowed_by_insurer: true,
        narrowed_by_clinic: true,
        needs_former_run: true,
        make: kinds::movement,
    },
    FormKind {
        name: "matrix",
        title: "Матрица переходов",
        meaning: "people by the clinic and by the insurer that they left and came to; with --before",
        narrowed_by_insurer: false,
        narrowed_by_clinic: false,
        needs_former_run: true,
        make: kinds::matrix,
    },
    FormKind {
        name: "letter",
        title: "Письмо медицинской организации",
        meaning: "heads, money and movement of a clinic with lists of people: attached, detached, not paid; a file for each clinic; with --before",
        narrowed_by_insurer: false,
        narrowed_by_clinic: true,
        needs_former_run: true,
        make: kinds::letter,
    },
    FormKind {
        name: "corrections",
        title: "Корректировка оплаченного месяца",
        meaning: "what a run says otherwise than the closed month of its day and the booked corrections, by clinic, insurer, care and cause",
        narrowed_by_insurer: true,
        narrowed_by_clinic: true,
        needs_former_run: false,
        make: kinds::corrections,
    },
];

/// Format of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FormFormat {
    /// Workbook of Excel.
    Xlsx,
    /// Page for printing.
    Html,
    /// Cells, separated by `;`.
    Csv,
}

impl FormFormat {
    fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Html => "html",
            Self::Csv => "csv",
        }
    }

    fn write(self, form: &Form) -> Result<Vec<u8>, FormsError> {
        match self {
            Self::Xlsx => xlsx::write(form),
            Self::Html => Ok(html::write(form).into_bytes()),
            Self::Csv => csv::write(form),
        }
    }
}

/// Organisations whose forms are made; all of a kind where none is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormsFilter {
    /// Codes of insurers.
    pub insurers: BTreeSet<String>,
    /// Codes of clinics.
    pub clinics: BTreeSet<String>,
}

impl FormsFilter {
    fn takes_insurer(&self, code: &str) -> bool {
        self.insurers.is_empty() || self.insurers.contains(code)
    }

    fn takes_clinic(&self, code: &str) -> bool {
        self.clinics.is_empty() || self.clinics.contains(code)
    }

    /// Checks that the run knows the codes, if it has the tables of insurers and clinics.
    fn check(&self, organisations: &Organisations) -> Result<(), FormsError> {
        let unknown = |kind, code: &String| Err(FormsError::CodeUnknown { kind, code: code.escape_debug().to_string() });
        if let Some(code) = self.insurers.iter().find(|code| !organisations.insurers.contains_key(*code))
            && !organisations.insurers.is_empty()
        {
            return unknown("insurer", code);
        }
        if let Some(code) = self.clinics.iter().find(|code| !organisations.clinics.contains_key(*code))
            && !organisations.clinics.is_empty()
        {
            return unknown("clinic", code);
        }
        Ok(())
    }
}

impl FormKind {
    /// The kind of organisation of the filter by which the form cannot be narrowed.
    fn cannot_narrow_by(&self, filter: &FormsFilter) -> Option<&'static str> {
        if !filter.insurers.is_empty() && !self.narrowed_by_insurer {
            Some("insurer")
        } else if !filter.clinics.is_empty() && !self.narrowed_by_clinic {
            Some("clinic")
        } else {
            None
        }
    }
}

/// Forms that are wanted.
#[derive(Clone, Debug)]
pub struct FormsOptions<'o> {
    /// Names of the forms; all that the run can give when empty.
    pub names: &'o [String],
    /// Organisations.
    pub filter: &'o FormsFilter,
    /// Folder of the former run, for forms about two runs.
    pub before: Option<&'o Path>,
    /// Format of the files.
    pub format: FormFormat,
    /// Folder for the files. It is replaced if it holds forms, and refused if it holds anything else.
    pub to: &'o Path,
}

/// Forms that were made: the index of their folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MadeForms {
    /// Id of the run.
    pub run_id: String,
    /// As-of date of the run, ISO.
    pub as_of: String,
    /// Format of the files.
    pub format: FormFormat,
    /// Files, by form.
    pub files: Vec<FormFile>,
    /// Forms that the run cannot give, and those that the filter leaves out.
    pub left_out: Vec<FormLeftOut>,
    /// Folder of the files.
    #[serde(skip)]
    pub folder: PathBuf,
    /// Failure after the files were put in their place.
    #[serde(skip)]
    pub shortfall: Option<String>,
}

/// File of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormFile {
    /// Name of the form.
    pub form: &'static str,
    /// File below the folder.
    pub file: String,
}

/// Form that is not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormLeftOut {
    /// Name of the form.
    pub form: &'static str,
    /// Sentence with the reason.
    pub reason: String,
}

/// Makes forms of the run in a folder. They appear all at once, or not at all.
///
/// # Errors
/// When the run cannot give a form that is named, knows no organisation of the filter, or the folder cannot be written.
pub fn make_forms(run: &Path, options: &FormsOptions<'_>) -> Result<MadeForms, FormsError> {
    let manifest = Manifest::read(run)?;
    let as_of: Date = manifest.as_of.parse().map_err(|_| FormsError::NoDay)?;
    let organisations = Organisations::read(run)?;
    options.filter.check(&organisations)?;
    let mut made = MadeForms {
        run_id: manifest.run_id.clone(),
        as_of: manifest.as_of,
        format: options.format,
        files: Vec::new(),
        left_out: Vec::new(),
        folder: options.to.to_owned(),
        shortfall: None,
    };
    let kinds = wanted(options.names)?;
    let comparison = Comparison::new(run, &kinds, options)?;
    let folder = PendingForms::begin(run, options.to)?;
    for kind in kinds {
        let tables = RunTables {
            dir: run,
            run_id: &manifest.run_id,
            as_of,
            organisations: &organisations,
            comparison: comparison.as_ref(),
            form: kind.name,
        };
        let forms = match make(kind, &tables, options.filter) {
            Err(error) if options.names.is_empty() && error.is_about_form() => {
                made.left_out.push(FormLeftOut { form: kind.name, reason: error.to_string() });
                continue;
            }
            forms => forms?,
        };
        for form in forms {
            let file = format!("{}.{}", form.file, options.format.ending());
            folder.write(&file, &options.format.write(&form)?)?;
            made.files.push(FormFile { form: kind.name, file });
        }
    }
    if made.files.is_empty() {
        return Err(FormsError::Nothing { run_id: made.run_id });
    }
    made.shortfall = folder.publish(&made)?.map(|error| error.to_string());
    Ok(made)
}

fn make(kind: &FormKind, tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    match kind.cannot_narrow_by(filter) {
        Some(organisation) => Err(FormsError::NotNarrowed { form: kind.name, kind: organisation }),
        None if kind.needs_former_run && tables.comparison.is_none() => Err(FormsError::NoFormerRun { form: kind.name }),
        None => (kind.make)(tables, filter),
    }
}

/// A form as a workbook.
///
/// # Errors
/// When the library that writes workbooks refuses it.
pub(crate) fn workbook_bytes(form: &Form) -> Result<Vec<u8>, FormsError> {
    xlsx::write(form)
}

/// Former run, compared with the run of the forms.
pub(in crate::forms) struct Comparison<'c> {
    /// Folder of the former run.
    dir: &'c Path,
    diff: DiffWithMoves,
}

impl<'c> Comparison<'c> {
    /// The comparison that the forms need; `None` when no former run is given or no form is about two runs.
    fn new(run: &Path, kinds: &[&FormKind], options: &FormsOptions<'c>) -> Result<Option<Self>, FormsError> {
        let is_needed = |kind: &&FormKind| kind.needs_former_run && kind.cannot_narrow_by(options.filter).is_none();
        let Some(dir) = options.before.filter(|_| kinds.iter().any(is_needed)) else { return Ok(None) };
        let filter = DiffFilter::new(options.filter.clinics.clone(), options.filter.insurers.clone());
        let diff = compare_with_moves(dir, run, &filter)?;
        Ok(Some(Self { dir, diff }))
    }
}

/// The forms of these names, in the order of the list; all without a name.
fn wanted(names: &[String]) -> Result<Vec<&'static FormKind>, FormsError> {
    if let Some(name) = names.iter().find(|name| !FORMS.iter().any(|kind| kind.name == **name)) {
        return Err(FormsError::Unknown { name: name.clone(), names: FORMS.iter().map(|kind| kind.name).collect() });
    }
    Ok(FORMS.iter().filter(|kind| names.is_empty() || names.iter().any(|name| name == kind.name)).collect())
}
