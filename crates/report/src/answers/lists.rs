//! Lists for clinics: people whom a clinic still has attached though they are dead or not insured, with the row that the clinic sent.
//!
//! No exchange format has such a list. It is a table for people and spreadsheets: windows-1251, `;`, a Russian header, dates as `DD.MM.YYYY`. Rows
//! wait on the disk, in a bucket for each clinic and cause:
//!
//! ```text
//! | line | profile | length | source | length | CSV line | line | …
//! | 8    | 4       | 4      | length | 4      | length   |        bytes
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use super::buckets::Buckets;
use super::error::AnswerError;
use super::family_writer::AnswerFile;
use super::index::ListFile;
use super::run_facts::open_table;
use super::windows_1251::{CsvRows, yyyymmdd};
use crate::table_reader::RowCursor;
use sverka_model::Date;
use sverka_publish::OutputTable;

/// Folder of lists below the folder of answers.
pub(super) const LISTS: &str = "lists";

const TABLE: OutputTable = OutputTable::AttachedUninsured;

mod attached {
    crate::table_reader::columns! {
        CLINIC: Text = "clinic",
        CAUSE: Text = "cause",
        SOURCE: Text = "source",
        LINE: Int64 = "line",
        RECORD_ID: Text = "record_id",
        ENP: Text = "enp",
        SURNAME: Text = "surname",
        GIVEN_NAME: Text = "given_name",
        PATRONYMIC: Text = "patronymic",
        BIRTH_DATE: Date = "birth_date",
        SNILS: Text = "snils",
        POLICY_NUMBER: Text = "policy_number",
        PROFILE: Int32 = "profile",
        METHOD: Int32 = "method",
        ATTACHED_FROM: Date = "attached_from",
        DEATH_DATE: Date = "death_date",
        INSURED_TO: Date = "insured_to",
        INSURER: Text = "insurer",
    }
}

mod clinic_only {
    crate::table_reader::columns! { CLINIC: Text = "clinic" }
}

/// Cause of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// The people are dead.
    Dead,
    /// The people are not insured.
    NotInsured,
}

impl Cause {
    const ALL: [Self; 2] = [Self::Dead, Self::NotInsured];

    /// Name in the table and in the index.
    fn name(self) -> &'static str {
        match self {
            Self::Dead => "dead",
            Self::NotInsured => "not_insured",
        }
    }

    /// Header of the list: the columns that the clinic sent, and behind them the columns of the cause.
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

/// Lists of a run: rows in buckets by clinic and cause.
pub(super) struct Lists {
    /// Codes of clinics, sorted.
    clinics: Vec<String>,
    buckets: Buckets,
}

impl Lists {
    /// Lists of the run in `dir`. Rows wait in a file in `folder`. A run without the table of attached uninsured people has no lists.
    pub(super) fn read(dir: &Path, run: &str, folder: &Path) -> Result<Self, AnswerError> {
        let is_published = dir.join(TABLE.file_name()).is_file();
        let clinics = if is_published { clinics(dir, run)? } else { Vec::new() };
        let fail = AnswerError::io("create a file in", folder);
        let mut buckets = Buckets::new(folder, clinics.len() * Cause::ALL.len()).map_err(fail)?;
        let numbers: BTreeMap<&str, usize> = clinics.iter().map(String::as_str).zip(0..).collect();
        let mut rows = is_published.then(|| open_table(dir, run, TABLE, attached::ALL)).transpose()?;
        while let Some(row) = rows.as_mut().filter(|rows| rows.has_row()) {
            let cause = Cause::ALL.into_iter().find(|cause| row.text(attached::CAUSE) == Some(cause.name()));
            let cause = cause.ok_or(AnswerError::Foreign { table: TABLE.name(), column: "cause" })?;
            let number = numbers[row.text(attached::CLINIC).unwrap_or_default()];
            let fail = AnswerError::io("write to a file in", folder);
            buckets.put(bucket(number, cause), &packed(row, cause)).map_err(fail)?;
            row.advance()?;
        }
        Ok(Self { clinics, buckets })
    }

    /// Writes each list with `write`, which returns the path of the file. Lists are sorted by clinic, then by cause.
    pub(super) fn write_all(
        &self,
        as_of: Date,
        mut write: impl FnMut(&AnswerFile) -> Result<String, AnswerError>,
        folder: &Path,
    ) -> Result<Vec<ListFile>, AnswerError> {
        let mut files = Vec::new();
        for (clinic, number) in self.clinics.iter().zip(0..) {
            for cause in Cause::ALL {
                let bytes = self.buckets.read(bucket(number, cause));
                let rows = unpacked(&bytes.map_err(AnswerError::io("read a file in", folder))?);
                if rows.is_empty() {
                    continue;
                }
                let mut header = CsvRows::default();
                header.add_row(&cause.header());
                let mut content = header.into_bytes();
                rows.iter().for_each(|row| content.extend_from_slice(&row.csv_line));
                let name = format!("{}_{clinic}_{}", cause.name(), yyyymmdd(as_of));
                let file = write(&AnswerFile { name, ending: "csv", content })?;
                files.push(ListFile { clinic: clinic.clone(), cause: cause.name(), records: rows.len() as u64, file });
            }
        }
        Ok(files)
    }
}

/// Number of the bucket of a clinic and a cause.
fn bucket(clinic: usize, cause: Cause) -> usize {
    clinic * Cause::ALL.len() + cause as usize
}

/// Codes of the clinics that have rows in the table, sorted.
fn clinics(dir: &Path, run: &str) -> Result<Vec<String>, AnswerError> {
    let mut rows = open_table(dir, run, TABLE, clinic_only::ALL)?;
    let mut clinics: Vec<String> = Vec::new();
    while rows.has_row() {
        let clinic = rows.text(clinic_only::CLINIC).unwrap_or_default();
        if let Err(index) = clinics.binary_search_by(|known| known.as_str().cmp(clinic)) {
            clinics.insert(index, clinic.to_owned());
        }
        rows.advance()?;
    }
    Ok(clinics)
}

/// Row of a list. The fields stand in the order in which rows are sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ListRow {
    source: String,
    line: i64,
    profile: i32,
    csv_line: Vec<u8>,
}

/// Row as bytes of a bucket.
fn packed(row: &RowCursor, cause: Cause) -> Vec<u8> {
    let source = row.text(attached::SOURCE).unwrap_or_default();
    let (line, csv_line) = (row.long(attached::LINE).unwrap_or_default(), csv_line(row, cause));
    let mut bytes = Vec::with_capacity(source.len() + csv_line.len() + 20);
    bytes.extend_from_slice(&line.to_le_bytes());
    bytes.extend_from_slice(&row.int(attached::PROFILE).unwrap_or_default().to_le_bytes());
    for part in [source.as_bytes(), &csv_line] {
        bytes.extend_from_slice(&(part.len() as u32).to_le_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

/// Rows of a bucket, sorted.
fn unpacked(bytes: &[u8]) -> Vec<ListRow> {
    const WHOLE: &str = "invariant: a bucket gives back whole rows";
    let mut rows = Vec::new();
    let mut rest = bytes;
    let part = |rest: &mut &[u8]| -> Vec<u8> {
        let (length, after) = rest.split_first_chunk().expect(WHOLE);
        let (part, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        *rest = after;
        part.to_vec()
    };
    while let Some((line, after)) = rest.split_first_chunk() {
        let (profile, after) = after.split_first_chunk().expect(WHOLE);
        rest = after;
        let (source, csv_line) = (part(&mut rest), part(&mut rest));
        rows.push(ListRow {
            source: String::from_utf8(source).expect(WHOLE),
            line: i64::from_le_bytes(*line),
            profile: i32::from_le_bytes(*profile),
            csv_line,
        });
    }
    rows.sort();
    rows
}

/// CSV line of a list.
fn csv_line(row: &RowCursor, cause: Cause) -> Vec<u8> {
    let text = |column| row.text(column).unwrap_or_default();
    let number = |column| row.int(column).map_or_else(String::new, |number| number.to_string());
    let day = |column| row.date(column).map_or_else(String::new, dd_mm_yyyy);
    let line = row.long(attached::LINE).unwrap_or_default().to_string();
    let (profile, method) = (number(attached::PROFILE), number(attached::METHOD));
    let (birth_date, attached_from) = (day(attached::BIRTH_DATE), day(attached::ATTACHED_FROM));
    let (death_date, uninsured_from) = (day(attached::DEATH_DATE), day(attached::INSURED_TO));
    let mut values = vec![
        text(attached::SOURCE),
        &line,
        text(attached::RECORD_ID),
        text(attached::ENP),
        text(attached::SURNAME),
        text(attached::GIVEN_NAME),
        text(attached::PATRONYMIC),
        &birth_date,
        text(attached::SNILS),
        text(attached::POLICY_NUMBER),
        &profile,
        &method,
        &attached_from,
    ];
    match cause {
        Cause::Dead => values.push(&death_date),
        Cause::NotInsured => values.extend([uninsured_from.as_str(), text(attached::INSURER)]),
    }
    let mut cells = CsvRows::default();
    cells.add_row(&values);
    cells.into_bytes()
}

/// Date as `DD.MM.YYYY`.
fn dd_mm_yyyy(date: Date) -> String {
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
        let rows = unpacked(&bytes);
        let keys: Vec<_> = rows.iter().map(|row| (row.source.as_str(), row.line, row.profile)).collect();
        assert_eq!(keys, [("a.csv", 9, 1), ("a.csv", 10, 1), ("a.csv", 10, 3), ("b.csv", 2, 1)]);
    }

    #[test]
    fn a_list_of_each_cause_says_why_its_rows_are_there() {
        assert_eq!(Cause::Dead.header().last(), Some(&"Дата смерти"));
        assert_eq!(Cause::NotInsured.header()[13..], ["Не застрахован с", "Последняя СМО"]);
    }
}
