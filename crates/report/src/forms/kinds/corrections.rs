//! Correction of a closed month: what differs from what was paid and booked, by pair and care, by clinic, by insurer, and the people by cause.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::figure::Figure;
use super::super::model::{Cell, Column, Form, HeadLine, Sheet, Table};
use super::super::run_tables::RunTables;
use super::super::{FormsError, FormsFilter};
use super::movement::pair_movement;
use super::{FUND, care_name, head_line, row_number, source_note, titled};
use crate::corrections::{CorrectionFigures, Corrections, RunCorrections, month_counted_on};
use crate::diff::{DiffFilter, compare};
use crate::published::locate_run;
use sverka_publish::{ClosedMonth, FigureKey, Figures};

/// Correction of the month that is counted on the day of the run.
pub(in crate::forms) fn corrections(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let not_closed = || FormsError::NotClosed { form: tables.form, as_of: tables.as_of.to_string() };
    let out = tables.dir.parent().and_then(Path::parent).ok_or_else(not_closed)?;
    let day = tables.as_of.to_string();
    let month = month_counted_on(&day).ok_or_else(not_closed)?;
    if ClosedMonth::of_month(out, month)?.is_none() {
        return Err(not_closed());
    }
    let mut of_run = Corrections::of_run(out, month, tables.dir)?;
    of_run.corrections.rows.retain(|key, figures| {
        !figures.to_book().is_nothing()
            && key.clinic.as_ref().is_none_or(|code| filter.takes_clinic(code))
            && key.insurer.as_ref().is_none_or(|code| filter.takes_insurer(code))
    });
    if of_run.corrections.rows.is_empty() {
        return Err(FormsError::NothingToCorrect { form: tables.form, month: month.to_owned() });
    }
    let mut sheets = Vec::new();
    for (name, title, table) in [
        ("МО и СМО", "по медицинским и страховым медицинским организациям", pairs_table(tables, &of_run.corrections)),
        ("МО", "по медицинским организациям", clinics_table(tables, &of_run.corrections)),
        ("СМО", "по страховым медицинским организациям", insurers_table(tables, &of_run.corrections)),
        ("Причины", "изменение численности прикреплённых по причинам", causes_table(tables, out, &of_run, filter)?),
    ] {
        if !table.rows.is_empty() {
            sheets.push(sheet(tables, filter, &of_run, SheetText { name, title }, table));
        }
    }
    Ok(vec![Form { file: "corrections".to_owned(), as_of: tables.as_of, sheets }])
}

/// Name and title of a sheet.
struct SheetText {
    name: &'static str,
    title: &'static str,
}

fn sheet(tables: &RunTables<'_>, filter: &FormsFilter, of_run: &RunCorrections, text: SheetText, table: Table) -> Sheet {
    let mut title = titled("КОРРЕКТИРОВКА ОПЛАЧЕННОГО МЕСЯЦА", filter);
    title.insert(1, text.title.to_owned());
    Sheet {
        name: text.name.to_owned(),
        is_landscape: true,
        title,
        head: head(of_run),
        tables: vec![table],
        notes: vec![source_note(tables)],
        signatures: vec![FUND.to_owned()],
    }
}

fn head(of_run: &RunCorrections) -> Vec<HeadLine> {
    let RunCorrections { corrections: Corrections { closed, bookings, .. }, booked } = of_run;
    let day = |time: &str| time.split('T').next().unwrap_or_default().to_owned();
    let state = match booked {
        Some(booking) => format!("№ {}, учтена {}", booking.number, day(&booking.booked_at)),
        None => format!("проект, не учтена (учтено ранее: {})", bookings.len()),
    };
    let mut lines = vec![
        head_line("Месяц", closed.month.clone()),
        head_line("Оплачен по данным сверки", format!("{}, закрыт {}", closed.run_id, day(&closed.closed_at))),
        head_line("Корректировка", state),
    ];
    lines.extend(booked.iter().filter_map(|booking| Some(head_line("Основание", booking.reason.clone()?))));
    lines
}

fn amount(figures: Figures) -> Cell {
    Cell::Number(Figure::parse(&figures.amount_as_text()).unwrap_or_default())
}

fn heads(figures: Figures) -> Cell {
    Cell::Number(Figure::parse(&figures.heads_as_text()).unwrap_or_default().trimmed())
}

/// Columns of figures: paid, booked before, known now, to correct.
fn state_columns(heading: &str, width: u16) -> impl Iterator<Item = Column> {
    ["оплачено", "учтено ранее", "уточнено", "разница"]
        .map(|state| Column::new(state, width).below(&[heading]).summed())
        .into_iter()
}

fn state_cells(row: &CorrectionFigures, cell: fn(Figures) -> Cell) -> [Cell; 4] {
    [row.closed, row.booked, row.now, row.to_book()].map(cell)
}

/// Row for each clinic, insurer and care whose heads or money by heads differ.
fn pairs_table(tables: &RunTables<'_>, corrections: &Corrections) -> Table {
    let mut columns = vec![
        Column::new("№", 5),
        Column::new("Код МО", 8),
        Column::new("Медицинская организация", 20),
        Column::new("Код СМО", 7),
        Column::new("Страховая организация", 16),
        Column::new("Вид помощи", 24),
    ];
    columns.extend(state_columns("Численность к оплате, человек", 11));
    columns.extend(state_columns("Сумма на месяц, руб.", 14));
    let of_care = corrections.rows.iter().filter(|(key, _)| key.part == "care");
    let row = |(index, (key, figures)): (usize, (&FigureKey, &CorrectionFigures))| {
        let (clinic, insurer) = (key.clinic.as_deref().unwrap_or_default(), key.insurer.as_deref().unwrap_or_default());
        let mut cells = vec![
            row_number(index),
            Cell::code(clinic),
            Cell::text(tables.organisations.clinic(clinic)),
            Cell::code(insurer),
            Cell::text(tables.organisations.insurer(insurer)),
            Cell::text(care_name(key.care.as_deref().unwrap_or_default())),
        ];
        cells.extend(state_cells(figures, heads));
        cells.extend(state_cells(figures, amount));
        cells
    };
    Table::new("", columns, of_care.enumerate().map(row).collect(), Some("Итого"))
}

/// Figures of an organisation by part.
type ByPart<'k> = BTreeMap<&'k str, CorrectionFigures>;

/// Figures of organisations, added up by part.
fn by_code<'k>(corrections: &'k Corrections, code: impl Fn(&'k FigureKey) -> Option<&'k str>) -> BTreeMap<&'k str, ByPart<'k>> {
    let mut by_code: BTreeMap<&str, ByPart<'_>> = BTreeMap::new();
    for (key, row) in &corrections.rows {
        // People have attachments of several profiles; the first one is that of the clinic where they are treated.
        let is_other_profile = key.part == "attached" && key.profile != Some(1);
        let Some(code) = code(key).filter(|_| !is_other_profile) else { continue };
        let sum = by_code.entry(code).or_default().entry(key.part.as_str()).or_default();
        let CorrectionFigures { closed, booked, now } = *sum;
        *sum = CorrectionFigures { closed: closed.plus(row.closed), booked: booked.plus(row.booked), now: now.plus(row.now) };
    }
    by_code
}

fn part(parts: &ByPart<'_>, part: &str) -> CorrectionFigures {
    parts.get(part).copied().unwrap_or_default()
}

/// Row for each clinic: what is to correct by part, and the sum to pay.
fn clinics_table(tables: &RunTables<'_>, corrections: &Corrections) -> Table {
    let clinics = by_code(corrections, |key| key.clinic.as_deref());
    let has_to_pay = clinics.values().any(|parts| parts.contains_key("to_pay"));
    let shown = ["care", "points", "results", "in", "out"];
    let headings =
        ["по подушевому нормативу", "фельдшерские пункты", "за результаты", "за помощь чужим", "за помощь своим в других МО"];
    let mut columns = vec![Column::new("№", 5), Column::new("Код МО", 9), Column::new("Медицинская организация", 34)];
    columns.push(Column::new("Прикреплено, человек", 14).below(&["Разница"]).summed());
    columns.extend(headings.map(|heading| Column::new(heading, 15).below(&["Разница", "руб."]).summed()));
    if has_to_pay {
        columns.extend(state_columns("К перечислению, руб.", 15));
    }
    let row = |(index, (code, parts)): (usize, (&&str, &ByPart<'_>))| {
        let mut cells = vec![row_number(index), Cell::code(*code), Cell::text(tables.organisations.clinic(code))];
        cells.push(heads(part(parts, "attached").to_book()));
        cells.extend(shown.map(|name| amount(part(parts, name).to_book())));
        if has_to_pay {
            cells.extend(state_cells(&part(parts, "to_pay"), amount));
        }
        cells
    };
    Table::new("", columns, clinics.iter().enumerate().map(row).collect(), Some("Итого"))
}

/// Row for each insurer: money for clinics, and money of the fund.
fn insurers_table(tables: &RunTables<'_>, corrections: &Corrections) -> Table {
    let insurers = by_code(corrections, |key| key.insurer.as_deref());
    let has_fund = insurers.values().any(|parts| parts.contains_key("insurer_money"));
    let mut columns = vec![Column::new("№", 5), Column::new("Код СМО", 9), Column::new("Страховая медицинская организация", 34)];
    columns.extend(state_columns("Медицинским организациям по подушевому нормативу, руб.", 15));
    columns.push(Column::new("Фельдшерские пункты, разница, руб.", 15).summed());
    if has_fund {
        columns.extend(state_columns("Средства страховой организации, руб.", 16));
    }
    let row = |(index, (code, parts)): (usize, (&&str, &ByPart<'_>))| {
        let mut cells = vec![row_number(index), Cell::code(*code), Cell::text(tables.organisations.insurer(code))];
        cells.extend(state_cells(&part(parts, "care"), amount));
        cells.push(amount(part(parts, "points").to_book()));
        if has_fund {
            cells.extend(state_cells(&part(parts, "insurer_money"), amount));
        }
        cells
    };
    Table::new("", columns, insurers.iter().enumerate().map(row).collect(), Some("Итого"))
}

/// People who came to pairs of clinic and insurer and left them, by cause, from the closed run to this one.
fn causes_table(tables: &RunTables<'_>, out: &Path, of_run: &RunCorrections, filter: &FormsFilter) -> Result<Table, FormsError> {
    let closed = locate_run(out, Some(&of_run.corrections.closed.run_id))?;
    let filter = DiffFilter::new(filter.clinics.clone(), filter.insurers.clone());
    let diff = compare(&closed, tables.dir, &filter)?;
    Ok(pair_movement(tables, &diff))
}
