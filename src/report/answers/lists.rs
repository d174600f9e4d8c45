//! Lists for clinics: whom they still have attached though the person is dead or not insured, with the row that they sent.
//!
//! No exchange format has such a list. It is a table for people and spreadsheets: windows-1251, `;`, a Russian header, dates as `DD.MM.YYYY`. Rows wait on the
//! disk, by clinic and cause.

use std::collections::BTreeMap;
use std::path::Path;

use super::bins::Bins;
use super::cursor::Cursor;
use super::error::AnswerError;
use super::page::{Cells, compact};
use super::row::AnswerFile;
use super::told::ListTold;
use crate::model::Date;
use crate::publish::OutputTable;

/// Where lists go below the folder of answers.
pub(super) const LISTS: &str = "lists";

const TABLE: OutputTable = OutputTable::AttachedUninsured;
const COLUMNS: [&str; 18] = [
    "clinic",
    "cause",
    "source",
    "line",
    "record_id",
    "enp",
    "surname",
    "given_name",
    "patronymic",
    "birth_date",
    "snils",
    "policy_number",
    "profile",
    "method",
    "attached_from",
    "death_date",
    "insured_to",
    "insurer",
];

/// Places of columns in [`COLUMNS`].
const CLINIC: usize = 0;
const CAUSE: usize = 1;
const SOURCE: usize = 2;
const LINE: usize = 3;
const RECORD_ID: usize = 4;
const ENP: usize = 5;
const SURNAME: usize = 6;
const GIVEN_NAME: usize = 7;
const PATRONYMIC: usize = 8;
const BIRTH_DATE: usize = 9;
const SNILS: usize = 10;
const POLICY_NUMBER: usize = 11;
const PROFILE: usize = 12;
const METHOD: usize = 13;
const ATTACHED_FROM: usize = 14;
const DEATH_DATE: usize = 15;
const INSURED_TO: usize = 16;
const INSURER: usize = 17;

/// Why people stand in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// They are dead.
    Dead,
    /// They are not insured.
    NotInsured,
}

impl Cause {
    const ALL: [Self; 2] = [Self::Dead, Self::NotInsured];

    /// The word of the table, and of the account.
    fn name(self) -> &'static str {
        match self {
            Self::Dead => "dead",
            Self::NotInsured => "not_insured",
        }
    }

    /// The header of the list: what the clinic sent, and behind it why the row is here.
    fn header(self) -> Vec<&'static str> {
        let mut header = vec![
            "Файл",
            "Строка",
            "Номер записи",
            "ЕНП",
            "Фамилия",
            "Имя",
            "Отчество",
            "Дата рождения",
            "СНИЛС",
            "Номер полиса",
            "Профиль",
            "Способ прикрепления",
            "Прикреплён с",
        ];
        header.extend(match self {
            Self::Dead => &["Дата смерти"][..],
            Self::NotInsured => &["Не застрахован с", "Последняя СМО"],
        });
        header
    }
}

/// The lists of a run: rows by clinic and cause.
pub(super) struct Lists {
    clinics: Vec<String>,
    bins: Bins,
}

impl Lists {
    /// Sorts the rows of the run in `dir` by clinic and cause; `folder` is where they wait. A run that was published without their table gives none.
    pub(super) fn read(dir: &Path, run: &str, folder: &Path) -> Result<Self, AnswerError> {
        let is_there = dir.join(TABLE.file_name()).is_file();
        let clinics = if is_there { clinics(dir, run)? } else { Vec::new() };
        let fail = AnswerError::io("create a file in", folder);
        let mut bins = Bins::new(folder, clinics.len() * Cause::ALL.len()).map_err(fail)?;
        let numbers: BTreeMap<&str, usize> = clinics.iter().map(String::as_str).zip(0..).collect();
        let mut rows = is_there.then(|| Cursor::open(dir, run, TABLE, &COLUMNS)).transpose()?;
        while let Some(row) = rows.as_mut().filter(|rows| rows.has_row()) {
            let cause = Cause::ALL.into_iter().find(|cause| row.text(CAUSE) == Some(cause.name()));
            let cause = cause.ok_or(AnswerError::Foreign { table: TABLE.name(), column: "cause" })?;
            let number = numbers[row.text(CLINIC).unwrap_or_default()];
            let fail = AnswerError::io("write to a file in", folder);
            bins.put(number * Cause::ALL.len() + cause as usize, &packed(row, cause)).map_err(fail)?;
            row.advance()?;
        }
        Ok(Self { clinics, bins })
    }

    /// Gives each list to `write`, which says where it put the file; those of a clinic one after another, clinics by their codes.
    pub(super) fn send(
        &self,
        as_of: Date,
        mut write: impl FnMut(&AnswerFile) -> Result<String, AnswerError>,
        folder: &Path,
    ) -> Result<Vec<ListTold>, AnswerError> {
        let mut told = Vec::new();
        for (clinic, number) in self.clinics.iter().zip(0..) {
            for cause in Cause::ALL {
                let bytes = self.bins.read(number * Cause::ALL.len() + cause as usize);
                let rows = unpacked(bytes.map_err(AnswerError::io("read a file in", folder))?);
                if rows.is_empty() {
                    continue;
                }
                let mut header = Cells::default();
                header.row(&cause.header());
                let mut content = header.into_bytes();
                rows.iter().for_each(|(_, line)| content.extend_from_slice(line));
                let name = format!("{}_{clinic}_{}", cause.name(), compact(as_of));
                let file = write(&AnswerFile { name, ending: "csv", content })?;
                told.push(ListTold { clinic: clinic.clone(), cause: cause.name(), records: rows.len() as u64, file });
            }
        }
        Ok(told)
    }
}

/// The clinics that have such rows, by their codes.
fn clinics(dir: &Path, run: &str) -> Result<Vec<String>, AnswerError> {
    let mut rows = Cursor::open(dir, run, TABLE, &COLUMNS[..1])?;
    let mut clinics: Vec<String> = Vec::new();
    while rows.has_row() {
        let clinic = rows.text(CLINIC).unwrap_or_default();
        if let Err(place) = clinics.binary_search_by(|known| known.as_str().cmp(clinic)) {
            clinics.insert(place, clinic.to_owned());
        }
        rows.advance()?;
    }
    Ok(clinics)
}

/// What a row is sorted by: its source, its line, and its profile.
type RowKey = (String, i64, i32);

/// A row as it waits: what it is sorted by, and its line of the list, each behind its length.
fn packed(row: &Cursor, cause: Cause) -> Vec<u8> {
    let source = row.text(SOURCE).unwrap_or_default();
    let (line, cells) = (row.long(LINE).unwrap_or_default(), cells(row, cause));
    let mut bytes = Vec::with_capacity(source.len() + cells.len() + 20);
    bytes.extend_from_slice(&line.to_le_bytes());
    bytes.extend_from_slice(&row.int(PROFILE).unwrap_or_default().to_le_bytes());
    for part in [source.as_bytes(), &cells] {
        bytes.extend_from_slice(&(part.len() as u32).to_le_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

/// The rows of a bin, in their order.
fn unpacked(bytes: Vec<u8>) -> Vec<(RowKey, Vec<u8>)> {
    const WHOLE: &str = "invariant: a bin gives back whole rows";
    let mut rows = Vec::new();
    let mut rest = bytes.as_slice();
    let part = |rest: &mut &[u8]| -> Vec<u8> {
        let (length, after) = rest.split_first_chunk().expect(WHOLE);
        let (part, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        *rest = after;
        part.to_vec()
    };
    while let Some((line, after)) = rest.split_first_chunk() {
        let (profile, after) = after.split_first_chunk().expect(WHOLE);
        rest = after;
        let (source, cells) = (part(&mut rest), part(&mut rest));
        let source = String::from_utf8(source).expect(WHOLE);
        rows.push(((source, i64::from_le_bytes(*line), i32::from_le_bytes(*profile)), cells));
    }
    rows.sort();
    rows
}

fn cells(row: &Cursor, cause: Cause) -> Vec<u8> {
    let text = |column| row.text(column).unwrap_or_default();
    let number = |column| row.int(column).map_or_else(String::new, |number| number.to_string());
    let day = |column| row.days(column).map_or_else(String::new, |days| for_people(Date::from_days(days)));
    let (line, profile, method) = (row.long(LINE).unwrap_or_default().to_string(), number(PROFILE), number(METHOD));
    let [born, attached, dead, uninsured] = [BIRTH_DATE, ATTACHED_FROM, DEATH_DATE, INSURED_TO].map(day);
    let mut values = vec![
        text(SOURCE),
        &line,
        text(RECORD_ID),
        text(ENP),
        text(SURNAME),
        text(GIVEN_NAME),
        text(PATRONYMIC),
        &born,
        text(SNILS),
        text(POLICY_NUMBER),
        &profile,
        &method,
        &attached,
    ];
    match cause {
        Cause::Dead => values.push(&dead),
        Cause::NotInsured => values.extend([uninsured.as_str(), text(INSURER)]),
    }
    let mut cells = Cells::default();
    cells.row(&values);
    cells.into_bytes()
}

/// `DD.MM.YYYY`.
fn for_people(date: Date) -> String {
    let (year, month, day) = date.ymd();
    format!("{day:02}.{month:02}.{year:04}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_in_the_order_of_sources_and_lines() {
        let row = |source: &str, line: i64, profile: i32| {
            let mut bytes = [&line.to_le_bytes()[..], &profile.to_le_bytes()].concat();
            for part in [source.as_bytes(), b"\"x\"\r\n"] {
                bytes.extend_from_slice(&(part.len() as u32).to_le_bytes());
                bytes.extend_from_slice(part);
            }
            bytes
        };
        let bytes = [row("b.csv", 2, 1), row("a.csv", 10, 3), row("a.csv", 10, 1), row("a.csv", 9, 1)].concat();
        let keys: Vec<RowKey> = unpacked(bytes).into_iter().map(|(key, _)| key).collect();
        let expected = [("a.csv", 9, 1), ("a.csv", 10, 1), ("a.csv", 10, 3), ("b.csv", 2, 1)];
        assert_eq!(keys, expected.map(|(source, line, profile)| (source.to_owned(), line, profile)));
    }

    #[test]
    fn a_list_of_each_cause_says_why_its_rows_are_there() {
        assert_eq!(Cause::Dead.header().last(), Some(&"Дата смерти"));
        assert_eq!(Cause::NotInsured.header()[13..], ["Не застрахован с", "Последняя СМО"]);
    }
}
