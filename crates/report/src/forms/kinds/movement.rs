//! Forms about two runs: movement of clinics and insurers, and the matrix of from where to where.

use std::collections::{BTreeMap, BTreeSet};

use super::super::figure::Figure;
use super::super::model::{Cell, Column, Form, Sheet, Table};
use super::super::run_tables::RunTables;
use super::super::russian::numeric_date;
use super::super::{FormsError, FormsFilter};
use super::{FUND, row_number, source_note, titled};
use crate::diff::{Balance, Diff, Movement, MovementOf, MovementPlace};

/// Most places of a square matrix; more are a list of passages.
const SQUARE_MAX: usize = 12;

/// Causes with the heading of their column.
struct CauseColumn {
    heading: &'static str,
    causes: &'static [&'static str],
}

/// Causes of attachment at a clinic.
const ATTACHED_BY: &[CauseColumn] = &[
    CauseColumn { heading: "по территории", causes: &["residence"] },
    CauseColumn { heading: "по заявлению", causes: &["application"] },
    CauseColumn { heading: "способ не указан", causes: &["no_method"] },
    CauseColumn { heading: "рождение", causes: &["born"] },
    CauseColumn { heading: "начало ОМС", causes: &["begun", "known_late"] },
    CauseColumn { heading: "смена СМО", causes: &["other_insurer"] },
    CauseColumn { heading: "преемство", causes: &["succession"] },
];

/// Causes of detachment from a clinic.
const DETACHED_BY: &[CauseColumn] = &[
    CauseColumn { heading: "другая МО или способ", causes: &["residence", "application", "no_method"] },
    CauseColumn { heading: "смерть", causes: &["died"] },
    CauseColumn { heading: "конец ОМС", causes: &["stopped", "ended", "insurer_left", "gone", "merged"] },
    CauseColumn { heading: "без новой МО", causes: &["detached"] },
    CauseColumn { heading: "смена СМО", causes: &["other_insurer"] },
    CauseColumn { heading: "преемство", causes: &["succession"] },
];

/// Causes of insurance with an insurer.
const INSURED_BY: &[CauseColumn] = &[
    CauseColumn { heading: "рождение", causes: &["born"] },
    CauseColumn { heading: "начало ОМС", causes: &["begun"] },
    CauseColumn { heading: "другая СМО", causes: &["changed"] },
    CauseColumn { heading: "узнано позже", causes: &["known_late"] },
    CauseColumn { heading: "преемство", causes: &["succession"] },
];

/// Causes of the end of insurance with an insurer.
const LEFT_BY: &[CauseColumn] = &[
    CauseColumn { heading: "смерть", causes: &["died"] },
    CauseColumn { heading: "другая СМО", causes: &["changed", "known_late"] },
    CauseColumn { heading: "конец ОМС", causes: &["stopped", "ended"] },
    CauseColumn { heading: "уход СМО", causes: &["insurer_left"] },
    CauseColumn { heading: "нет в списках", causes: &["gone", "merged"] },
    CauseColumn { heading: "преемство", causes: &["succession"] },
];

/// Movement of pairs of clinic and insurer, and of insurers.
pub(in crate::forms) fn movement(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let Some(comparison) = tables.comparison else { return Ok(Vec::new()) };
    let Some(people) = &comparison.diff.diff.people else { return Ok(Vec::new()) };
    let diff = &comparison.diff.diff;
    let mut sheets = Vec::new();
    let pairs = taken(people.movement.balances(MovementOf::Pair), filter);
    if !pairs.is_empty() {
        let mut sheet = sheet("МО и СМО", titled("ДВИЖЕНИЕ ПРИКРЕПЛЁННЫХ застрахованных лиц", filter), tables, diff);
        sheet.tables.push(movement_table(tables, &pairs, &CLINIC_MOVEMENT));
        sheet.notes.insert(0, "Смена способа прикрепления учтена как открепление и прикрепление.".to_owned());
        sheets.push(sheet);
    }
    let insurers = taken(people.movement.balances(MovementOf::Insurer), filter);
    if !insurers.is_empty() && filter.clinics.is_empty() {
        let mut sheet = sheet("СМО", titled("ДВИЖЕНИЕ ЗАСТРАХОВАННЫХ ЛИЦ", filter), tables, diff);
        sheet.tables.push(movement_table(tables, &insurers, &INSURER_MOVEMENT));
        sheets.push(sheet);
    }
    Ok(one_form(tables, "movement", sheets))
}

fn one_form(tables: &RunTables<'_>, file: &str, sheets: Vec<Sheet>) -> Vec<Form> {
    if sheets.is_empty() { Vec::new() } else { vec![Form { file: file.to_owned(), as_of: tables.as_of, sheets }] }
}

fn sheet(name: &str, mut title: Vec<String>, tables: &RunTables<'_>, diff: &Diff) -> Sheet {
    title.push(period(tables, diff));
    Sheet {
        name: name.to_owned(),
        is_landscape: true,
        title,
        head: Vec::new(),
        tables: Vec::new(),
        notes: vec![former_note(diff), source_note(tables)],
        signatures: vec![FUND.to_owned()],
    }
}

/// Line of a title that names both days.
pub(super) fn period(tables: &RunTables<'_>, diff: &Diff) -> String {
    let former = diff.old.as_of.parse().map_or_else(|_| diff.old.as_of.clone(), numeric_date);
    format!("с {former} по {}", numeric_date(tables.as_of))
}

/// Sentence that names the former run.
pub(super) fn former_note(diff: &Diff) -> String {
    format!("Сравнение со сверкой {}.", diff.old.run_id)
}

type Balances = BTreeMap<MovementPlace, Balance>;

fn taken(mut balances: Balances, filter: &FormsFilter) -> Balances {
    let takes = |place: &MovementPlace| {
        place.insurer.as_ref().is_none_or(|code| filter.takes_insurer(code))
            && place.clinic.as_ref().is_none_or(|code| filter.takes_clinic(code))
    };
    balances.retain(|place, _| takes(place));
    balances
}

/// Table of the pairs of clinic and insurer that people came to or left.
pub(super) fn pair_movement(tables: &RunTables<'_>, diff: &Diff) -> Table {
    let mut balances = diff.people.as_ref().map(|people| people.movement.balances(MovementOf::Pair)).unwrap_or_default();
    balances.retain(|_, balance| balance.came_in_all() + balance.out_in_all() > 0);
    movement_table(tables, &balances, &CLINIC_MOVEMENT)
}

/// Columns of a movement.
pub(super) struct MovementColumns {
    with_clinic: bool,
    came: &'static str,
    came_by: &'static [CauseColumn],
    left: &'static str,
    left_by: &'static [CauseColumn],
}

/// Movement of pairs.
const CLINIC_MOVEMENT: MovementColumns =
    MovementColumns {
        with_clinic: true, came: "Прикреплено", came_by: ATTACHED_BY, left: "Откреплено", left_by: DETACHED_BY
    };

/// Movement of the insurers of one clinic.
pub(super) const ONE_CLINIC_MOVEMENT: MovementColumns = MovementColumns { with_clinic: false, ..CLINIC_MOVEMENT };

/// Movement of insurers.
const INSURER_MOVEMENT: MovementColumns =
    MovementColumns { with_clinic: false, came: "Прибыло", came_by: INSURED_BY, left: "Убыло", left_by: LEFT_BY };

/// Table with a row for each place: was, came, left, became.
pub(super) fn movement_table(tables: &RunTables<'_>, balances: &Balances, wanted: &MovementColumns) -> Table {
    let organisations = tables.organisations;
    let mut columns = vec![Column::new("№", 5)];
    if wanted.with_clinic {
        columns.extend([Column::new("Код МО", 8), Column::new("Медицинская организация", 18)]);
    }
    columns.extend([Column::new("Код СМО", 7), Column::new("Страховая организация", 16), Column::new("Было", 9).summed()]);
    let has_others = |by: &[CauseColumn], of: fn(&Balance) -> &BTreeMap<&'static str, i64>| {
        balances.values().any(|balance| others(of(balance), by) != 0)
    };
    let came_others = has_others(wanted.came_by, |balance| &balance.came);
    let left_others = has_others(wanted.left_by, |balance| &balance.out);
    columns.extend(cause_columns(wanted.came, wanted.came_by, came_others));
    columns.extend(cause_columns(wanted.left, wanted.left_by, left_others));
    columns.push(Column::new("Стало", 9).summed());
    let row = |(index, (place, balance)): (usize, (&MovementPlace, &Balance))| {
        let insurer = place.insurer.as_deref().unwrap_or_default();
        let clinic = place.clinic.as_deref().unwrap_or_default();
        let mut cells = vec![row_number(index)];
        if wanted.with_clinic {
            cells.extend([Cell::code(clinic), Cell::text(organisations.clinic(clinic))]);
        }
        cells.extend([Cell::code(insurer), Cell::text(organisations.insurer(insurer)), heads(balance.before)]);
        cells.extend(cause_cells(cells.len(), &balance.came, wanted.came_by, came_others));
        cells.extend(cause_cells(cells.len(), &balance.out, wanted.left_by, left_others));
        cells.push(heads(balance.now));
        cells
    };
    let rows = balances.iter().enumerate().map(row).collect();
    Table::new("", columns, rows, Some("Итого"))
}

fn heads(number: i64) -> Cell {
    Cell::Number(Figure::whole(number))
}

fn cause_columns(heading: &'static str, by: &[CauseColumn], has_others: bool) -> impl Iterator<Item = Column> {
    let headings = by.iter().map(|column| column.heading).chain(has_others.then_some("прочее"));
    let headings: Vec<&str> = std::iter::once("всего").chain(headings).collect();
    headings.into_iter().map(move |cause| Column::new(cause, heading_width(cause)).below(&[heading]).summed())
}

/// Width of a column whose heading breaks between words only.
fn heading_width(heading: &str) -> u16 {
    const WIDTH_MIN: usize = 9;
    let longest = heading.split(' ').map(|word| word.chars().count()).max().unwrap_or_default();
    u16::try_from((longest + 1).max(WIDTH_MIN)).unwrap_or(u16::MAX)
}

/// Cells of people by cause, which begin at a column, with their sum before them.
fn cause_cells(first: usize, people: &BTreeMap<&'static str, i64>, by: &[CauseColumn], has_others: bool) -> Vec<Cell> {
    let of = |column: &CauseColumn| column.causes.iter().filter_map(|cause| people.get(cause)).sum::<i64>();
    let mut cells: Vec<Cell> = by.iter().map(|column| heads(of(column))).collect();
    cells.extend(has_others.then(|| heads(others(people, by))));
    let sum = Figure::whole(people.values().sum());
    cells.insert(0, Cell::RowSum { first: first + 1, last: first + cells.len(), sum });
    cells
}

/// People of causes that have no column.
fn others(people: &BTreeMap<&'static str, i64>, by: &[CauseColumn]) -> i64 {
    let has_column = |cause: &str| by.iter().any(|column| column.causes.contains(&cause));
    people.iter().filter(|(cause, _)| !has_column(cause)).map(|(_, number)| number).sum()
}

/// Matrix of clinics and of insurers.
pub(in crate::forms) fn matrix(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let Some(comparison) = tables.comparison else { return Ok(Vec::new()) };
    let Some(people) = &comparison.diff.diff.people else { return Ok(Vec::new()) };
    let mut sheets = Vec::new();
    let kinds = [
        (MovementOf::Clinic, "МО", "МАТРИЦА ПЕРЕХОДОВ между медицинскими организациями"),
        (MovementOf::Insurer, "СМО", "МАТРИЦА ПЕРЕХОДОВ между страховыми медицинскими организациями"),
    ];
    for (of, name, title) in kinds {
        let passages = Passages::new(&people.movement, of);
        if passages.0.is_empty() {
            continue;
        }
        let mut sheet = sheet(name, titled(title, filter), tables, &comparison.diff.diff);
        let codes = passages.codes();
        sheet.tables.push(if codes.len() <= SQUARE_MAX {
            passages.square(&codes)
        } else {
            passages.list(&|code| organisation_name(tables, of, code))
        });
        sheets.push(sheet);
    }
    Ok(one_form(tables, "matrix", sheets))
}

fn organisation_name(tables: &RunTables<'_>, of: MovementOf, code: &str) -> String {
    let organisations = tables.organisations;
    if of == MovementOf::Insurer { organisations.insurer(code) } else { organisations.clinic(code) }.to_owned()
}

/// Name of the row and column of people who are not counted.
const NOWHERE: &str = "вне";

/// People by the code that they left and the code that they came to; `None` for people who are not counted.
struct Passages(BTreeMap<(Option<String>, Option<String>), i64>);

impl Passages {
    fn new(movement: &Movement, of: MovementOf) -> Self {
        let mut passages = BTreeMap::new();
        let code = |place: &MovementPlace| place.clinic.clone().or_else(|| place.insurer.clone());
        for (key, heads) in movement.0.iter().filter(|(key, _)| key.of == of) {
            *passages.entry((code(&key.from), code(&key.to))).or_default() += heads.heads;
        }
        Self(passages)
    }

    fn codes(&self) -> Vec<Option<String>> {
        let codes: BTreeSet<Option<String>> = self.0.keys().flat_map(|(from, to)| [from.clone(), to.clone()]).collect();
        codes.into_iter().collect()
    }

    /// Square: a row for each place that people left, a column for each place that they came to.
    fn square(&self, codes: &[Option<String>]) -> Table {
        let name = |code: &Option<String>| code.clone().unwrap_or_else(|| NOWHERE.to_owned());
        let mut columns = vec![Column::new("Откуда", 10)];
        columns.extend(codes.iter().map(|code| Column::new(&name(code), 10).below(&["Куда"]).summed()));
        columns.push(Column::new("Было", 11).summed());
        let row = |from: &Option<String>| {
            let of = |to: &Option<String>| self.0.get(&(from.clone(), to.clone())).copied().unwrap_or_default();
            let sum = Figure::whole(codes.iter().map(of).sum());
            let cells = codes.iter().map(|to| heads(of(to)));
            let cells = std::iter::once(Cell::code(name(from))).chain(cells);
            cells.chain([Cell::RowSum { first: 1, last: codes.len(), sum }]).collect()
        };
        Table::new("", columns, codes.iter().map(row).collect(), Some("Стало"))
    }

    /// List: a row for each passage from one place to another one.
    fn list(&self, name: &dyn Fn(&str) -> String) -> Table {
        let columns = vec![
            Column::new("№", 5),
            Column::new("Код", 10).below(&["Откуда"]),
            Column::new("Наименование", 36).below(&["Откуда"]),
            Column::new("Код", 10).below(&["Куда"]),
            Column::new("Наименование", 36).below(&["Куда"]),
            Column::new("Человек", 11).summed(),
        ];
        let moved = self.0.iter().filter(|((from, to), _)| from != to);
        let rows = moved.enumerate().map(|(index, ((from, to), number))| {
            let mut cells = vec![row_number(index)];
            for code in [from, to] {
                match code {
                    Some(code) => cells.extend([Cell::code(code), Cell::text(name(code))]),
                    None => cells.extend([Cell::text(NOWHERE), Cell::Empty]),
                }
            }
            cells.push(heads(*number));
            cells
        });
        Table::new("", columns, rows.collect(), Some("Итого"))
    }
}
