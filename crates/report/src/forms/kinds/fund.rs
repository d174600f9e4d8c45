//! Acts of the fund: a row for each clinic, heads by age and sex, with and without money.

use std::collections::{BTreeMap, BTreeSet};

use super::super::figure::Figure;
use super::super::model::{Cell, Column, Form, Sheet, Table};
use super::super::run_tables::{Band, BandRow, HeadsOf, HeadsRow, NormRow, PairRow, RunTables};
use super::super::russian::long_date;
use super::super::{FormsError, FormsFilter};
use super::band_columns::{BandColumns, add};
use super::{FUND, care_name, day_of_heads, head_line, row_number, source_note, tab_name, titled};

/// Columns before those of the bands: number, code, name, total.
const LEADING: usize = 4;

/// Act of the fund about heads: a sheet for each day, profile and set of bands.
pub(in crate::forms) fn age_sex(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let mut rows = tables.attached()?;
    rows.retain(|row| filter.takes_clinic(&row.clinic) && filter.takes_insurer(&row.insurer));
    let mut by_count: BTreeMap<&HeadsOf, Vec<&HeadsRow>> = BTreeMap::new();
    for row in &rows {
        by_count.entry(&row.count).or_default().push(row);
    }
    let mut names = BTreeSet::new();
    let sheets: Vec<Sheet> = (by_count.iter())
        .map(|(count, rows)| {
            let name = tab_name(&format!("{} {} {}", count.set, count.profile, count.day), &mut names);
            age_sex_sheet(tables, filter, name, count, rows)
        })
        .collect();
    Ok(one_form(tables, "age_sex", sheets))
}

fn one_form(tables: &RunTables<'_>, file: &str, sheets: Vec<Sheet>) -> Vec<Form> {
    if sheets.is_empty() { Vec::new() } else { vec![Form { file: file.to_owned(), as_of: tables.as_of, sheets }] }
}

fn leading_columns(total: &str) -> Vec<Column> {
    vec![Column::new("№", 5), Column::new("Код", 9), Column::new("Медицинская организация", 34), Column::new(total, 11).summed()]
}

fn leading_cells(tables: &RunTables<'_>, index: usize, clinic: &str) -> Vec<Cell> {
    vec![row_number(index), Cell::code(clinic), Cell::text(tables.organisations.clinic(clinic))]
}

fn age_sex_sheet(tables: &RunTables<'_>, filter: &FormsFilter, name: String, count: &HeadsOf, rows: &[&HeadsRow]) -> Sheet {
    let bands = BandColumns::new(rows.iter().map(|row| &row.band));
    let mut clinics: BTreeMap<&str, ClinicPeople> = BTreeMap::new();
    for row in rows {
        let clinic = clinics.entry(&row.clinic).or_default();
        add(&mut clinic.funded, &row.band, Figure::whole(row.funded));
        clinic.unpaid += row.heads - row.funded;
    }
    let mut columns = leading_columns("Всего к оплате, человек");
    columns.extend(bands.columns("в том числе по полу и возрасту, лет", 8));
    columns.push(Column::new("Кроме того, не оплачивается", 16).summed());
    let row = |(index, (clinic, people)): (usize, (&&str, &ClinicPeople))| {
        let mut cells = leading_cells(tables, index, clinic);
        cells.push(bands.row_sum(LEADING, &people.funded));
        cells.extend(bands.cells(&people.funded));
        cells.push(Cell::Number(Figure::whole(people.unpaid)));
        cells
    };
    let rows = clinics.iter().enumerate().map(row).collect();
    Sheet {
        name,
        is_landscape: true,
        title: titled(&format!("ПОЛОВОЗРАСТНОЙ СОСТАВ прикреплённых застрахованных лиц на {}", long_date(count.day)), filter),
        head: vec![
            head_line("Профиль прикрепления", count.profile.to_string()),
            head_line("Набор возрастных групп", care_name(&count.set)),
        ],
        tables: vec![Table::new("", columns, rows, Some("Итого"))],
        notes: vec![
            "Не оплачиваются прикреплённые, чьё страхование или прикрепление спорно или чья организация не работает.".to_owned(),
            source_note(tables),
        ],
        signatures: vec![FUND.to_owned()],
    }
}

/// People of a clinic.
#[derive(Default)]
struct ClinicPeople {
    funded: BTreeMap<Band, Figure>,
    unpaid: i64,
}

/// Act of the fund about money: for each care a sheet of heads, coefficients and norms, and one of sums.
pub(in crate::forms) fn money(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let (bands, pairs, norms) = (tables.bands()?, tables.pairs()?, tables.norms()?);
    let is_taken = |insurer: &str, clinic: &str| filter.takes_insurer(insurer) && filter.takes_clinic(clinic);
    let mut cares: BTreeMap<&str, CareFigures<'_>> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| is_taken(&pair.insurer, &pair.clinic)) {
        cares.entry(&pair.care).or_default().add_pair(pair);
    }
    for row in bands.iter().filter(|row| is_taken(&row.insurer, &row.clinic)) {
        cares.entry(&row.care).or_default().add_band(row);
    }
    for norm in &norms {
        if let Some(clinic) = cares.get_mut(norm.care.as_str()).and_then(|care| care.clinics.get_mut(norm.clinic.as_str())) {
            clinic.norm = Some(norm);
        }
    }
    let mut names = BTreeSet::new();
    let mut sheets = Vec::new();
    for (care, figures) in &cares {
        sheets.push(heads_sheet(tables, filter, tab_name(&format!("{care} численность"), &mut names), care, figures));
        sheets.push(sums_sheet(tables, filter, tab_name(&format!("{care} суммы"), &mut names), care, figures));
    }
    Ok(one_form(tables, "money", sheets))
}

/// Figures of a care.
#[derive(Default)]
struct CareFigures<'t> {
    day: Option<sverka_model::Date>,
    coefficients: BTreeMap<Band, Figure>,
    clinics: BTreeMap<&'t str, ClinicFigures<'t>>,
}

/// Figures of a clinic.
#[derive(Default)]
struct ClinicFigures<'t> {
    heads: BTreeMap<Band, Figure>,
    sums: BTreeMap<Band, Figure>,
    /// Whether each band has a sum.
    lacks_sums: bool,
    amount: Figure,
    norm: Option<&'t NormRow>,
}

impl<'t> CareFigures<'t> {
    fn add_pair(&mut self, pair: &'t PairRow) {
        self.day = pair.day;
        let clinic = self.clinics.entry(&pair.clinic).or_default();
        clinic.amount = clinic.amount.plus(pair.amount);
    }

    fn add_band(&mut self, row: &'t BandRow) {
        self.coefficients.insert(row.band.clone(), row.coefficient);
        let clinic = self.clinics.entry(&row.clinic).or_default();
        add(&mut clinic.heads, &row.band, row.heads);
        match row.amount {
            Some(amount) => add(&mut clinic.sums, &row.band, amount),
            None => clinic.lacks_sums = true,
        }
    }

    fn bands(&self) -> BandColumns {
        BandColumns::new(self.coefficients.keys())
    }
}

fn money_sheet(
    tables: &RunTables<'_>,
    filter: &FormsFilter,
    name: String,
    title: &str,
    care: &str,
    figures: &CareFigures<'_>,
) -> Sheet {
    Sheet {
        name,
        is_landscape: true,
        title: titled(title, filter),
        head: vec![head_line("Вид помощи", care_name(care)), head_line("Численность", day_of_heads(figures.day))],
        tables: Vec::new(),
        notes: vec![source_note(tables)],
        signatures: vec![FUND.to_owned()],
    }
}

fn heads_sheet(tables: &RunTables<'_>, filter: &FormsFilter, name: String, care: &str, figures: &CareFigures<'_>) -> Sheet {
    let bands = figures.bands();
    let mut columns = leading_columns("Всего к оплате, человек");
    columns.extend(bands.columns_with_coefficients(
        "в том числе по полу и возрасту, лет; коэффициент группы",
        9,
        &figures.coefficients,
    ));
    for heading in ["Половозрастной коэффициент", "Прочие коэффициенты", "Поправочный коэффициент"]
    {
        columns.push(Column::new(heading, 16));
    }
    columns.push(Column::new("Норматив на месяц, руб.", 10));
    let row = |(index, (clinic, figures)): (usize, (&&str, &ClinicFigures<'_>))| {
        let mut cells = leading_cells(tables, index, clinic);
        cells.push(bands.row_sum(LEADING, &figures.heads));
        cells.extend(bands.cells(&figures.heads));
        let norm = |value: fn(&NormRow) -> Figure| figures.norm.map_or(Cell::Empty, |norm| Cell::Number(value(norm)));
        cells.extend([norm(|norm| norm.k), norm(|norm| norm.factors), norm(|norm| norm.correction), norm(|norm| norm.norm)]);
        cells
    };
    let rows = figures.clinics.iter().enumerate().map(row).collect();
    let mut sheet =
        money_sheet(tables, filter, name, "ЧИСЛЕННОСТЬ, КОЭФФИЦИЕНТЫ И НОРМАТИВЫ подушевого финансирования", care, figures);
    sheet.tables.push(Table::new("", columns, rows, Some("Итого")));
    sheet
}

fn sums_sheet(tables: &RunTables<'_>, filter: &FormsFilter, name: String, care: &str, figures: &CareFigures<'_>) -> Sheet {
    let bands = figures.bands();
    let mut columns = leading_columns("Всего на месяц, руб.");
    columns[LEADING - 1].width = 15;
    columns.extend(bands.columns("в том числе по полу и возрасту, лет, руб.", 13));
    let has_sums = figures.clinics.values().all(|clinic| !clinic.lacks_sums);
    let row = |(index, (clinic, figures)): (usize, (&&str, &ClinicFigures<'_>))| {
        let mut cells = leading_cells(tables, index, clinic);
        if has_sums {
            cells.push(bands.row_sum(LEADING, &figures.sums));
            cells.extend(bands.cells(&figures.sums));
        } else {
            cells.push(Cell::Number(figures.amount));
            cells.extend(bands.bands.iter().map(|_| Cell::Empty));
        }
        cells
    };
    let rows = figures.clinics.iter().enumerate().map(row).collect();
    let mut sheet = money_sheet(tables, filter, name, "СУММЫ подушевого финансирования на месяц", care, figures);
    if !has_sums {
        columns[LEADING..].iter_mut().for_each(|column| column.is_summed = false);
        sheet.notes.insert(0, "Суммы округляются по паре организаций в целом, поэтому по группам они не указаны.".to_owned());
    }
    sheet.tables.push(Table::new("", columns, rows, Some("Итого")));
    sheet
}
