//! Contents of each form, from the tables of a run.

mod agreement;
mod band_columns;
mod corrections;
mod fund;
mod insurer;
mod letter;
mod movement;
mod payments;
mod reconciliation;

use std::collections::BTreeSet;

use super::figure::Figure;
use super::model::{Cell, Form, HeadLine};
use super::run_tables::{Organisations, RunTables};
use super::russian::long_date;
use super::{FormsError, FormsFilter};
use sverka_model::Date;

pub(super) use agreement::clinic_sheet;
pub(super) use corrections::corrections;
pub(super) use fund::{age_sex, money};
pub(super) use insurer::insurer_sheet;
pub(super) use letter::letter;
pub(super) use movement::{matrix, movement};
pub(super) use payments::{points, to_pay};
pub(super) use reconciliation::{contract_annex, reconciliation};

/// Signs of the name of a sheet, as Excel limits them.
const TAB_SIGNS_MAX: usize = 31;

/// Name of a fund that signs.
const FUND: &str = "Территориальный фонд обязательного медицинского страхования";

/// Functions that make the files of a form.
pub(super) type MakeForms = fn(&RunTables<'_>, &FormsFilter) -> Result<Vec<Form>, FormsError>;

/// Name of a care in Russian; a care that has no usual name as the tariff names it.
fn care_name(care: &str) -> &str {
    match care {
        "ambulatory" => "медицинская помощь в амбулаторных условиях",
        "ambulance" => "скорая медицинская помощь",
        "gynaecology" => "акушерство и гинекология",
        "dental" => "стоматология",
        _ => care,
    }
}

/// Name of a sheet that no sheet of the form has yet, without signs that Excel refuses.
fn tab_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let allowed: String = wanted.chars().map(|sign| if "[]:*?/\\'".contains(sign) { '_' } else { sign }).collect();
    let mut name: String = allowed.chars().take(TAB_SIGNS_MAX).collect();
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        let ending = format!(" {number}");
        name = allowed.chars().take(TAB_SIGNS_MAX - ending.len()).chain(ending.chars()).collect();
        number += 1;
    }
    name
}

fn head_line(label: &str, value: impl Into<String>) -> HeadLine {
    HeadLine { label: label.to_owned(), value: value.into() }
}

/// Code and name of an organisation.
fn with_name(code: &str, name: &str) -> String {
    if name.is_empty() { code.to_owned() } else { format!("{code} {name}") }
}

fn insurer_line(organisations: &Organisations, code: &str) -> HeadLine {
    head_line("Страховая медицинская организация", with_name(code, organisations.insurer(code)))
}

fn clinic_line(organisations: &Organisations, code: &str) -> HeadLine {
    head_line("Медицинская организация", with_name(code, organisations.clinic(code)))
}

/// Day of heads, or the words for a mean of several.
fn day_of_heads(day: Option<Date>) -> String {
    day.map_or_else(|| "среднее за несколько дней".to_owned(), |day| format!("на {}", long_date(day)))
}

/// Sentence that names the run.
fn source_note(tables: &RunTables<'_>) -> String {
    format!("Составлено по данным сверки {}.", tables.run_id)
}

/// Number of a row, from 1.
fn row_number(index: usize) -> Cell {
    Cell::Number(Figure::whole(index as i64 + 1))
}

/// Lines of a title that says of which organisations alone it is.
fn titled(title: &str, filter: &FormsFilter) -> Vec<String> {
    let mut lines = vec![title.to_owned()];
    let mut of: Vec<String> = Vec::new();
    for (label, codes) in [("медицинские организации", &filter.clinics), ("страховые медицинские организации", &filter.insurers)]
    {
        if !codes.is_empty() {
            of.push(format!("{label} {}", codes.iter().cloned().collect::<Vec<_>>().join(", ")));
        }
    }
    if !of.is_empty() {
        lines.push(format!("Выписка: {}", of.join("; ")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_short_and_differ() {
        let mut taken = BTreeSet::new();
        let long = "a/b [c] and a name that is longer than Excel takes";
        assert_eq!(tab_name(long, &mut taken), "a_b _c_ and a name that is long");
        assert_eq!(tab_name(long, &mut taken), "a_b _c_ and a name that is lo 2");
        assert_eq!(tab_name("A_B _C_ AND A NAME THAT IS LONG", &mut taken), "A_B _C_ AND A NAME THAT IS LO 3");
    }
}
