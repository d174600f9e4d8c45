//! Letter to a clinic: its row of the act, its movement, and lists of people: attached, detached, not paid and why.

use std::collections::{BTreeMap, BTreeSet};

use super::super::model::{Cell, Column, Form, Sheet, Table};
use super::super::people_tables::{ListedPerson, UnpaidPerson};
use super::super::run_tables::{HeadsRow, PairRow, RunTables};
use super::super::{Comparison, Figure, FormsError, FormsFilter};
use super::band_columns::{BandColumns, add};
use super::movement::{ONE_CLINIC_MOVEMENT, former_note, movement_table, period};
use super::{FUND, care_name, clinic_line, day_of_heads, head_line, row_number, source_note};
use crate::diff::{Balance, ClinicMove, MovementOf, MovementPlace};

/// Letters to clinics that have people or had some.
pub(in crate::forms) fn letter(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let Some(comparison) = tables.comparison else { return Ok(Vec::new()) };
    let contents = LetterContents::read(tables, comparison, filter)?;
    let letter = |clinic: &&str| Form {
        file: format!("letter/{clinic}"),
        as_of: tables.as_of,
        sheets: contents.sheets(tables, comparison, clinic),
    };
    Ok(contents.clinics().iter().map(letter).collect())
}

/// Everything that letters show, by clinic.
struct LetterContents {
    heads: BTreeMap<String, Vec<HeadsRow>>,
    money: BTreeMap<String, Vec<PairRow>>,
    movement: BTreeMap<String, BTreeMap<MovementPlace, Balance>>,
    attached: BTreeMap<String, Vec<ClinicMove>>,
    detached: BTreeMap<String, Vec<ClinicMove>>,
    unpaid: BTreeMap<String, Vec<UnpaidPerson>>,
    people_now: BTreeMap<i64, ListedPerson>,
    people_before: BTreeMap<i64, ListedPerson>,
}

impl LetterContents {
    fn read(tables: &RunTables<'_>, comparison: &Comparison<'_>, filter: &FormsFilter) -> Result<Self, FormsError> {
        let takes = |clinic: &str| filter.takes_clinic(clinic);
        let mut movement: BTreeMap<String, BTreeMap<MovementPlace, Balance>> = BTreeMap::new();
        let balances = comparison.diff.diff.people.iter().flat_map(|people| people.movement.balances(MovementOf::Pair));
        for (place, balance) in balances {
            if let Some(clinic) = place.clinic.clone().filter(|clinic| takes(clinic)) {
                movement.entry(clinic).or_default().insert(place, balance);
            }
        }
        let moves = &comparison.diff.moves;
        let ids: BTreeSet<i64> = moves.iter().map(|moved| moved.person_id).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let as_of = tables.as_of;
        let attached = tables.attached()?.into_iter().filter(|row| row.count.profile == 1 && row.count.day == as_of);
        let attached: Vec<HeadsRow> = attached.collect();
        let first_set = attached.first().map(|row| row.count.set.clone());
        let heads = attached.into_iter().filter(|row| Some(&row.count.set) == first_set.as_ref());
        let by_side = |of: fn(&ClinicMove) -> &Option<String>| {
            by_clinic(
                moves.iter().filter_map(|moved| Some((of(moved).clone()?, moved.clone()))).filter(|(clinic, _)| takes(clinic)),
            )
        };
        Ok(Self {
            heads: by_clinic(heads.map(|row| (row.clinic.clone(), row)).filter(|(clinic, _)| takes(clinic))),
            money: by_clinic(
                tables.pairs()?.into_iter().map(|row| (row.clinic.clone(), row)).filter(|(clinic, _)| takes(clinic)),
            ),
            movement,
            attached: by_side(|moved| &moved.to),
            detached: by_side(|moved| &moved.from),
            unpaid: by_clinic(tables.unpaid()?.into_iter().filter(|(clinic, _)| takes(clinic))),
            people_now: tables.people(&ids)?,
            people_before: tables.former_people(comparison, &ids)?,
        })
    }

    fn clinics(&self) -> BTreeSet<&str> {
        self.movement.keys().chain(self.unpaid.keys()).map(String::as_str).collect()
    }

    fn sheets(&self, tables: &RunTables<'_>, comparison: &Comparison<'_>, clinic: &str) -> Vec<Sheet> {
        let list = |name: &str, title: &str, table: Table| Sheet {
            name: name.to_owned(),
            is_landscape: true,
            title: vec![title.to_owned(), period(tables, &comparison.diff.diff)],
            head: vec![clinic_line(tables.organisations, clinic)],
            tables: vec![table],
            notes: vec![source_note(tables)],
            signatures: Vec::new(),
        };
        let attached = self.attached.get(clinic).map_or(&[][..], Vec::as_slice);
        let detached = self.detached.get(clinic).map_or(&[][..], Vec::as_slice);
        let unpaid = self.unpaid.get(clinic).map_or(&[][..], Vec::as_slice);
        let mut sheets = vec![self.first_sheet(tables, comparison, clinic)];
        if let Some(rows) = self.money.get(clinic) {
            sheets.push(list("Деньги", "ДЕНЬГИ НА МЕСЯЦ", money_table(tables, rows)));
        }
        if let Some(balances) = self.movement.get(clinic) {
            let table = movement_table(tables, balances, &ONE_CLINIC_MOVEMENT);
            sheets.push(list("Движение", "ДВИЖЕНИЕ по страховым медицинским организациям, человек", table));
        }
        sheets.extend([
            list("Прикреплены", "СПИСОК ПРИКРЕПЛЁННЫХ", moves_table(attached, &self.people_now, |moved| &moved.from, "Откуда")),
            list("Откреплены", "СПИСОК ОТКРЕПЛЁННЫХ", moves_table(detached, &self.people_before, |moved| &moved.to, "Куда")),
            list("Не оплачены", "СПИСОК ЛИЦ, КОТОРЫЕ НЕ ОПЛАЧИВАЮТСЯ", unpaid_table(unpaid)),
        ]);
        sheets
    }

    fn first_sheet(&self, tables: &RunTables<'_>, comparison: &Comparison<'_>, clinic: &str) -> Sheet {
        let of_letter = self.heads.get(clinic).map(|rows| heads_table(rows)).into_iter().collect();
        let number = |of: &BTreeMap<String, Vec<ClinicMove>>| of.get(clinic).map_or(0, Vec::len).to_string();
        Sheet {
            name: "Письмо".to_owned(),
            is_landscape: true,
            title: vec!["О ПРИКРЕПЛЁННЫХ ЗАСТРАХОВАННЫХ ЛИЦАХ".to_owned(), period(tables, &comparison.diff.diff)],
            head: vec![
                clinic_line(tables.organisations, clinic),
                head_line("Прикреплено, человек", number(&self.attached)),
                head_line("Откреплено, человек", number(&self.detached)),
                head_line("Не оплачивается, записей", self.unpaid.get(clinic).map_or(0, Vec::len).to_string()),
            ],
            tables: of_letter,
            notes: vec![former_note(&comparison.diff.diff), source_note(tables)],
            signatures: vec![FUND.to_owned()],
        }
    }
}

fn by_clinic<T>(rows: impl Iterator<Item = (String, T)>) -> BTreeMap<String, Vec<T>> {
    let mut by_clinic: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for (clinic, row) in rows {
        by_clinic.entry(clinic).or_default().push(row);
    }
    by_clinic
}

/// Row of the act: heads to pay by sex and age.
fn heads_table(rows: &[HeadsRow]) -> Table {
    let bands = BandColumns::new(rows.iter().map(|row| &row.band));
    let mut funded = BTreeMap::new();
    for row in rows {
        add(&mut funded, &row.band, Figure::whole(row.funded));
    }
    let mut columns = vec![Column::new("Всего к оплате, человек", 11)];
    columns.extend(
        bands.columns("в том числе по полу и возрасту, лет", 9).into_iter().map(|column| Column { is_summed: false, ..column }),
    );
    let mut cells = vec![bands.row_sum(1, &funded)];
    cells.extend(bands.cells(&funded));
    Table::new("Численность", columns, vec![cells], None)
}

fn money_table(tables: &RunTables<'_>, rows: &[PairRow]) -> Table {
    let columns = vec![
        Column::new("Вид помощи", 24),
        Column::new("Код СМО", 9),
        Column::new("Страховая организация", 24),
        Column::new("День численности", 24),
        Column::new("Численность, человек", 12).summed(),
        Column::new("Норматив на месяц, руб.", 12),
        Column::new("Сумма на месяц, руб.", 16).summed(),
    ];
    let row = |row: &PairRow| {
        vec![
            Cell::text(care_name(&row.care)),
            Cell::code(&row.insurer),
            Cell::text(tables.organisations.insurer(&row.insurer)),
            Cell::text(day_of_heads(row.day)),
            Cell::Number(row.heads),
            Cell::Number(row.norm),
            Cell::Number(row.amount),
        ]
    };
    Table::new("", columns, rows.iter().map(row).collect(), Some("Итого"))
}

/// Columns that name a person.
fn person_columns() -> Vec<Column> {
    vec![Column::new("№", 5), Column::new("Фамилия, имя, отчество", 34), Column::new("Дата рождения", 12), Column::new("ЕНП", 18)]
}

fn person_cells(index: usize, person: &ListedPerson) -> Vec<Cell> {
    let birth = person.birth_date.map_or(Cell::Empty, Cell::Date);
    let enp = person.enp.as_ref().map_or(Cell::Empty, Cell::code);
    vec![row_number(index), Cell::text(&person.name), birth, enp]
}

fn moves_table(
    moves: &[ClinicMove],
    people: &BTreeMap<i64, ListedPerson>,
    other: impl Fn(&ClinicMove) -> &Option<String>,
    other_heading: &str,
) -> Table {
    let mut columns = person_columns();
    columns.extend([Column::new("СМО", 9), Column::new(other_heading, 10), Column::new("Причина", 30)]);
    let nobody = ListedPerson::default();
    let row = |(index, moved): (usize, &ClinicMove)| {
        let person = people.get(&moved.person_id).unwrap_or(&nobody);
        let mut cells = person_cells(index, person);
        cells.push(person.insurer.as_ref().map_or(Cell::Empty, Cell::code));
        cells.push(other(moved).as_ref().map_or(Cell::Empty, Cell::code));
        cells.push(Cell::text(cause_name(moved.cause)));
        cells
    };
    Table::new("", columns, moves.iter().enumerate().map(row).collect(), None)
}

fn unpaid_table(people: &[UnpaidPerson]) -> Table {
    let mut columns = person_columns();
    columns.extend([Column::new("Причина", 34), Column::new("С", 12), Column::new("Организация", 12)]);
    let row = |(index, unpaid): (usize, &UnpaidPerson)| {
        let mut cells = person_cells(index, &unpaid.person);
        cells.push(Cell::text(unpaid.reason));
        cells.push(unpaid.since.map_or(Cell::Empty, Cell::Date));
        cells.push(unpaid.elsewhere.as_ref().map_or(Cell::Empty, Cell::code));
        cells
    };
    Table::new("", columns, people.iter().enumerate().map(row).collect(), None)
}

/// Name of a cause of movement.
fn cause_name(cause: &str) -> &str {
    match cause {
        "residence" => "по территории",
        "application" => "по заявлению",
        "no_method" => "способ не указан",
        "born" => "рождение",
        "begun" | "known_late" => "начало страхования",
        "succession" => "правопреемство",
        "died" => "смерть",
        "stopped" | "ended" | "insurer_left" => "конец страхования",
        "merged" => "объединение записей одного лица",
        "gone" => "нет в источниках",
        "detached" => "без новой медицинской организации",
        _ => cause,
    }
}
