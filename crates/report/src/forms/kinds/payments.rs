//! Sheet of feldsher points, and the sums that are transferred to clinics.

use std::collections::{BTreeMap, BTreeSet};

use super::super::figure::Figure;
use super::super::model::{Cell, Column, Form, Sheet, Table};
use super::super::run_tables::{PointRow, RunTables, ToPayRow};
use super::super::russian::long_date;
use super::super::{FormsError, FormsFilter};
use super::{FUND, head_line, row_number, source_note, titled, with_name};

/// Sheet of feldsher points: each point with its coefficients, the money of the month and the parts of the insurers.
pub(in crate::forms) fn points(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let mut rows = tables.points()?;
    if rows.is_empty() {
        return Err(FormsError::NoMoney { form: tables.form, what: "[points]" });
    }
    rows.retain(|row| filter.takes_clinic(&row.clinic));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let shared = "Оплачивается страховыми медицинскими организациями, руб.";
    let insurers: BTreeSet<&str> = rows.iter().filter_map(|row| row.insurer.as_deref()).collect();
    let mut of_points: BTreeMap<&str, Vec<&PointRow>> = BTreeMap::new();
    for row in &rows {
        of_points.entry(&row.point).or_default().push(row);
    }
    let mut columns = vec![
        Column::new("№", 5),
        Column::new("Код", 8).below(&["Фельдшерский пункт"]),
        Column::new("Наименование", 26).below(&["Фельдшерский пункт"]),
        Column::new("Код", 9).below(&["Медицинская организация"]),
        Column::new("Наименование", 30).below(&["Медицинская организация"]),
        Column::new("Жителей, человек", 10),
        Column::new("Норматив на год, руб.", 14),
        Column::new("районный", 9).below(&["Коэффициенты"]),
        Column::new("доступности", 11).below(&["Коэффициенты"]),
        Column::new("специфики", 10).below(&["Коэффициенты"]),
        Column::new("Сумма на год, руб.", 14),
        Column::new("по штату", 8).below(&["Должности"]),
        Column::new("занято", 8).below(&["Должности"]),
        Column::new("Коэффициент укомплектованности", 19),
        Column::new("Состояние на 1-е число", 14),
        Column::new("Сумма на месяц, руб.", 15).summed(),
    ];
    columns.extend(
        insurers
            .iter()
            .map(|insurer| Column::new(&with_name(insurer, tables.organisations.insurer(insurer)), 15).below(&[shared]).summed()),
    );
    let cells = of_points.values().enumerate().map(|(index, parts)| point_cells(tables, index, parts, &insurers)).collect();
    let mut sheet = sheet(tables, filter, "ФИНАНСОВОЕ ОБЕСПЕЧЕНИЕ фельдшерских и фельдшерско-акушерских пунктов", columns, cells);
    if rows.iter().any(|row| row.insurer.is_none() && !row.amount.is_zero()) {
        let told = "Сумма пункта, к медицинской организации которого никто не прикреплён, не отнесена ни на одну страховую медицинскую организацию.";
        sheet.notes.insert(0, told.to_owned());
    }
    Ok(vec![Form { file: "points".to_owned(), as_of: tables.as_of, sheets: vec![sheet] }])
}

fn point_cells(tables: &RunTables<'_>, index: usize, parts: &[&PointRow], insurers: &BTreeSet<&str>) -> Vec<Cell> {
    let point = parts[0];
    let known = |figure: Option<Figure>| figure.map_or(Cell::Empty, Cell::Number);
    let mut cells = vec![
        row_number(index),
        Cell::code(&*point.point),
        Cell::text(point.name.clone().unwrap_or_default()),
        Cell::code(&*point.clinic),
        Cell::text(tables.organisations.clinic(&point.clinic)),
        known(point.residents),
        Cell::Number(point.year_norm),
        Cell::Number(point.region),
        Cell::Number(point.access),
        Cell::Number(point.specific),
        Cell::Number(point.year_sum),
        known(point.posts),
        known(point.posts_filled),
        Cell::Number(point.staff),
        Cell::text(state_name(&point.state)),
        Cell::Number(point.month_amount),
    ];
    cells.extend(insurers.iter().map(|insurer| {
        let part = parts.iter().find(|part| part.insurer.as_deref() == Some(*insurer));
        Cell::Number(part.map_or_else(Figure::no_money, |part| part.amount))
    }));
    cells
}

/// State of a point in Russian.
fn state_name(state: &str) -> &str {
    match state {
        "paid" => "работает",
        "closed" => "закрыт",
        "unlicensed" => "без лицензии",
        _ => state,
    }
}

/// Sums that are transferred to each clinic, with everything that is added and taken off.
pub(in crate::forms) fn to_pay(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let mut rows = tables.to_pay()?;
    if rows.is_empty() {
        return Err(FormsError::NoMoney { form: tables.form, what: "[points], [results] or [settlements]" });
    }
    rows.retain(|row| filter.takes_clinic(&row.clinic));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let (added, taken) = ("Начислено, руб.", "Удержано, руб.");
    let money = |heading: &str, wider: &str| Column::new(heading, 15).below(&[wider]).summed();
    let columns = vec![
        Column::new("№", 5),
        Column::new("Код", 9),
        Column::new("Медицинская организация", 40),
        money("по подушевому нормативу", added),
        money("фельдшерские пункты", added),
        money("за результаты", added),
        money("за помощь чужим прикреплённым", added),
        money("за помощь своим в других организациях", taken),
        money("перенесено с прошлых месяцев", taken),
        money("аванс", taken),
        money("санкции и иное", taken),
        Column::new("Не покрыто, руб.", 14).summed(),
        Column::new("из него перенесено на следующий месяц, руб.", 15).summed(),
        Column::new("К перечислению, руб.", 16).summed(),
    ];
    let cells = rows.iter().enumerate().map(|(index, row)| to_pay_cells(tables, index, row)).collect();
    let sheet = sheet(tables, filter, "СУММЫ К ПЕРЕЧИСЛЕНИЮ медицинским организациям", columns, cells);
    Ok(vec![Form { file: "to_pay".to_owned(), as_of: tables.as_of, sheets: vec![sheet] }])
}

fn to_pay_cells(tables: &RunTables<'_>, index: usize, row: &ToPayRow) -> Vec<Cell> {
    let ToPayRow { clinic, amount, points, results, incoming, outgoing, carried_in, advance, withheld, .. } = row;
    let mut cells = vec![row_number(index), Cell::code(&**clinic), Cell::text(tables.organisations.clinic(clinic))];
    let figures = [amount, points, results, incoming, outgoing, carried_in, advance, withheld];
    cells.extend(figures.map(|figure| Cell::Number(*figure)));
    cells.extend([row.uncovered, row.carried_out, row.to_pay].map(Cell::Number));
    cells
}

fn sheet(tables: &RunTables<'_>, filter: &FormsFilter, title: &str, columns: Vec<Column>, cells: Vec<Vec<Cell>>) -> Sheet {
    Sheet {
        name: "Лист 1".to_owned(),
        is_landscape: true,
        title: titled(title, filter),
        head: vec![head_line("Месяц, на день", long_date(tables.as_of))],
        tables: vec![Table::new("", columns, cells, Some("Итого"))],
        notes: vec![source_note(tables)],
        signatures: vec![FUND.to_owned()],
    }
}
