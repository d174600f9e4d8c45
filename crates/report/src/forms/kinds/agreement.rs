//! Sheet of clinics of the tariff agreement: norms with everything that they are made of, and groups.

use std::collections::{BTreeMap, BTreeSet};

use super::super::figure::Figure;
use super::super::model::{Cell, Column, Form, Sheet, Table};
use super::super::run_tables::{FactorRow, NormRow, PairRow, RunTables};
use super::super::{FormsError, FormsFilter};
use super::{FUND, care_name, head_line, row_number, source_note, tab_name, titled};
use sverka_model::Date;

/// Months of a year.
const MONTHS: i64 = 12;

/// Sheets of clinics: one for each care, and one of its groups if it has any.
pub(in crate::forms) fn clinic_sheet(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let (norms, factors, pairs) = (tables.norms()?, tables.factors()?, tables.pairs()?);
    let mut by_care: BTreeMap<&str, CareNorms<'_>> = BTreeMap::new();
    for norm in norms.iter().filter(|norm| filter.takes_clinic(&norm.clinic)) {
        by_care.entry(&norm.care).or_default().norms.push(norm);
    }
    for factor in &factors {
        if let Some(care) = by_care.get_mut(factor.care.as_str()) {
            care.factors.push(factor);
        }
    }
    for pair in &pairs {
        if let Some(care) = by_care.get_mut(pair.care.as_str()) {
            care.add_pair(pair);
        }
    }
    let mut names = BTreeSet::new();
    let mut sheets = Vec::new();
    for (care, norms) in &by_care {
        sheets.push(norms.clinics(tables, filter, care, tab_name(care, &mut names)));
        if norms.norms.iter().any(|norm| norm.group.is_some()) {
            sheets.push(norms.groups(tables, filter, care, tab_name(&format!("{care} группы"), &mut names)));
        }
    }
    Ok(if sheets.is_empty() { Vec::new() } else { vec![Form { file: "clinic_sheet".to_owned(), as_of: tables.as_of, sheets }] })
}

/// Norms of a care.
#[derive(Default)]
struct CareNorms<'t> {
    norms: Vec<&'t NormRow>,
    factors: Vec<&'t FactorRow>,
    day: Option<Date>,
    amounts: BTreeMap<&'t str, Figure>,
}

impl<'t> CareNorms<'t> {
    fn add_pair(&mut self, pair: &'t PairRow) {
        self.day = pair.day;
        let amount = self.amounts.entry(&pair.clinic).or_default();
        *amount = amount.plus(pair.amount);
    }

    /// Names of the factors of clinics or of groups.
    fn factor_names(&self, is_wanted: fn(&FactorRow) -> bool) -> Vec<&'t str> {
        let names: BTreeSet<&str> = self.factors.iter().filter(|row| is_wanted(row)).map(|row| row.factor.as_str()).collect();
        names.into_iter().collect()
    }

    fn factor(&self, name: &str, is_wanted: impl Fn(&FactorRow) -> bool) -> Cell {
        let found = self.factors.iter().find(|row| row.factor == name && is_wanted(row));
        found.map_or(Cell::Empty, |row| Cell::Number(row.counted))
    }

    fn clinics(&self, tables: &RunTables<'_>, filter: &FormsFilter, care: &str, name: String) -> Sheet {
        let factors = self.factor_names(|row| row.clinic.is_some());
        let has_groups = self.norms.iter().any(|norm| norm.group.is_some());
        let has_years = self.norms.iter().any(|norm| norm.norm_year.is_some());
        let rows = self.norms.iter().enumerate().map(|(index, norm)| {
            let mut cells =
                vec![row_number(index), Cell::code(&*norm.clinic), Cell::text(tables.organisations.clinic(&norm.clinic))];
            if has_groups {
                cells.push(norm.group.as_deref().map_or(Cell::Empty, Cell::code));
            }
            cells.push(self.day.map_or_else(|| Cell::text("среднее"), Cell::Date));
            // Rates in roubles have no base norm, and nothing is made of it.
            let from_base = |figure: Figure| if norm.base.is_zero() { Cell::Empty } else { Cell::Number(figure) };
            cells.push(Cell::Number(norm.heads));
            cells.extend([norm.base_year, norm.base].map(from_base));
            cells.push(Cell::Number(norm.k));
            cells.extend(factors.iter().map(|name| self.factor(name, |row| row.clinic.as_deref() == Some(norm.clinic.as_str()))));
            cells.push(Cell::Number(norm.factors));
            cells.extend([norm.differentiated, norm.correction, norm.corrected].map(from_base));
            if has_years {
                cells.push(norm.norm_year.map_or(Cell::Empty, Cell::Number));
            }
            let amount = self.amounts.get(norm.clinic.as_str()).copied().unwrap_or_else(Figure::no_money);
            let year = amount.times(Figure::whole(MONTHS)).rescaled(2);
            cells.extend([norm.norm, amount, year].map(Cell::Number));
            cells
        });
        let rows = rows.collect();
        let columns = clinic_columns(&factors, has_groups, has_years);
        let title = "ПОДУШЕВЫЕ НОРМАТИВЫ ФИНАНСИРОВАНИЯ медицинских организаций";
        sheet(tables, filter, Heading { name, title, care }, Table::new("", columns, rows, Some("Итого")))
    }

    fn groups(&self, tables: &RunTables<'_>, filter: &FormsFilter, care: &str, name: String) -> Sheet {
        let mut groups: BTreeMap<&str, Vec<&NormRow>> = BTreeMap::new();
        for norm in &self.norms {
            if let Some(group) = &norm.group {
                groups.entry(group).or_default().push(norm);
            }
        }
        let factors = self.factor_names(|row| row.group.is_some());
        let rows = groups.iter().enumerate().map(|(index, (group, norms))| {
            let heads = norms.iter().fold(Figure::whole(0), |sum, norm| sum.plus(norm.heads));
            let mut cells = vec![row_number(index), Cell::code(*group), Cell::Number(Figure::whole(norms.len() as i64))];
            cells.extend([heads, norms[0].k].map(Cell::Number));
            cells.extend(factors.iter().map(|name| self.factor(name, |row| row.group.as_deref() == Some(*group))));
            cells.extend([norms[0].factors, norms[0].corrected, norms[0].norm].map(Cell::Number));
            cells
        });
        let rows = rows.collect();
        let mut columns = vec![
            Column::new("№", 5),
            Column::new("Группа", 24),
            Column::new("Медицинских организаций", 16).summed(),
            Column::new("Численность, человек", 14).summed(),
            Column::new("Коэффициент группы", 14),
        ];
        columns.extend(factors.iter().map(|name| Column::new(name, 12).below(&["Коэффициенты"])));
        columns.push(Column::new("Произведение коэффициентов", 15));
        columns.push(Column::new("Норматив до округления, руб.", 15));
        columns.push(Column::new("Норматив на месяц, руб.", 13));
        let title = "ГРУППЫ медицинских организаций";
        sheet(tables, filter, Heading { name, title, care }, Table::new("", columns, rows, Some("Итого")))
    }
}

fn clinic_columns(factors: &[&str], has_groups: bool, has_years: bool) -> Vec<Column> {
    let mut columns = vec![Column::new("№", 5), Column::new("Код", 9), Column::new("Медицинская организация", 30)];
    if has_groups {
        columns.push(Column::new("Группа", 10));
    }
    columns.push(Column::new("День подсчёта", 11));
    columns.push(Column::new("Численность, человек", 12).summed());
    columns.push(Column::new("на год", 10).below(&["Базовый норматив, руб."]));
    columns.push(Column::new("на месяц", 9).below(&["Базовый норматив, руб."]));
    columns.push(Column::new("половозрастной", 17).below(&["Коэффициенты"]));
    columns.extend(factors.iter().map(|name| Column::new(name, 9).below(&["Коэффициенты"])));
    columns.push(Column::new("произведение, кроме половозрастного", 19).below(&["Коэффициенты"]));
    columns.push(Column::new("дифференцированный (ДПн)", 21).below(&["Норматив на месяц до округления, руб."]));
    columns.push(Column::new("поправочный коэффициент (ПК)", 13).below(&["Норматив на месяц до округления, руб."]));
    columns.push(Column::new("фактический (ФДПн)", 14).below(&["Норматив на месяц до округления, руб."]));
    if has_years {
        columns.push(Column::new("на год", 11).below(&["Норматив, руб."]));
    }
    columns.push(Column::new("на месяц", 10).below(&["Норматив, руб."]));
    columns.push(Column::new("на месяц", 15).below(&["Сумма, руб."]).summed());
    columns.push(Column::new("на год (12 месяцев)", 17).below(&["Сумма, руб."]).summed());
    columns
}

/// Names of a sheet.
struct Heading<'h> {
    name: String,
    title: &'static str,
    care: &'h str,
}

fn sheet(tables: &RunTables<'_>, filter: &FormsFilter, heading: Heading<'_>, table: Table) -> Sheet {
    Sheet {
        name: heading.name,
        is_landscape: true,
        title: titled(heading.title, filter),
        head: vec![head_line("Вид помощи", care_name(heading.care))],
        tables: vec![table],
        notes: vec![source_note(tables)],
        signatures: vec![FUND.to_owned()],
    }
}
