//! The first line of a text with an optional header: names of columns, in the layout's order or another one, or a row.

use super::{FieldLayout, Layout};
use sverka_model::Date;

/// The kind of a first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstLine {
    /// Names of the layout's columns, in their order.
    Header,
    /// Names of columns: other names than the layout's, or more or fewer of them.
    OtherNames,
    /// Names of the layout in another order; the listed ones are at the position of another column.
    OtherOrder(Vec<String>),
    /// A row, possibly a broken one.
    Row,
}

/// Number of digits side by side that make a number, a date or an identifier, and no part of a name.
const DIGITS_OF_DATA: usize = 4;

impl Layout {
    /// The kind of a first line with these values.
    #[must_use]
    pub fn first_line(&self, values: &[&str]) -> FirstLine {
        let filled = values.iter().filter(|value| !value.trim().is_empty()).count();
        let beyond = values.iter().skip(self.columns.len()).any(|value| !value.trim().is_empty());
        let is_wordy = values.iter().all(|value| is_wordy(value));
        if beyond && !is_wordy {
            return FirstLine::Row;
        }
        let known: Vec<Option<usize>> = values.iter().map(|value| self.column_named(value)).collect();
        let found = known.iter().flatten().count();
        // A name that occurs twice, once at its own position, moves nothing.
        let is_absent = |column: usize| known.get(column).is_none_or(|at_its_position| *at_its_position != Some(column));
        let elsewhere = || known.iter().flatten().copied().filter(|column| is_absent(*column));
        let is_named = found > 1 && 2 * found >= filled && is_wordy;
        if self.is_header(values) || is_named {
            return match (values.len() == self.columns.len(), elsewhere().count()) {
                (true, 1..) => FirstLine::OtherOrder(elsewhere().map(|column| self.columns[column].clone()).collect()),
                (_, 0) if self.is_header(values) && !beyond => FirstLine::Header,
                _ => FirstLine::OtherNames,
            };
        }
        if self.names_nothing_known(values, filled) && is_wordy { FirstLine::OtherNames } else { FirstLine::Row }
    }

    /// Whether the values are certainly those of a row: they are dates where every record has dates.
    #[must_use]
    pub fn is_row(&self, values: &[&str]) -> bool {
        let dates = || self.required_dates();
        let holds_date = |layout_field: &FieldLayout| {
            values
                .get(layout_field.columns[0])
                .is_some_and(|value| Date::parse(value.trim().as_bytes(), layout_field.dates).is_some())
        };
        dates().next().is_some() && dates().all(holds_date)
    }

    /// Whether values without a known name are names nevertheless: nearly all filled, all different, and without a digit where a row has a date.
    fn names_nothing_known(&self, values: &[&str], filled: usize) -> bool {
        const LEAST_NAMES: usize = 3;
        let mut distinct: Vec<&str> = values.iter().copied().filter(|value| !value.trim().is_empty()).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let has_digit = |layout_field: &FieldLayout| {
            values.get(layout_field.columns[0]).is_none_or(|value| value.bytes().any(|byte| byte.is_ascii_digit()))
        };
        let about_all = values.len() + 2 >= self.columns.len() && values.len() <= self.columns.len() + 2;
        let mostly_filled = filled >= LEAST_NAMES && 4 * filled >= 3 * values.len();
        let dated = self.required_dates().next().is_some();
        about_all && mostly_filled && distinct.len() == filled && dated && !self.required_dates().any(has_digit)
    }

    /// Date fields that every record has.
    fn required_dates(&self) -> impl Iterator<Item = &FieldLayout> {
        let records = self.records.iter().filter(|record| record.when.is_empty());
        records.flat_map(|record| {
            let is_due =
                |layout_field: &&FieldLayout| layout_field.field.is_date() && layout_field.field.required_in(record.table);
            record
                .fields
                .iter()
                .filter(is_due)
                .filter(|layout_field| layout_field.columns.len() == 1 && layout_field.default.is_empty())
        })
    }

    /// The column with a name as people write it: in any case, with blanks or dashes for underscores.
    fn column_named(&self, value: &str) -> Option<usize> {
        let name = plain_name(value);
        if name.is_empty() { None } else { self.columns.iter().position(|column| plain_name(column) == name) }
    }
}

/// The comparison key of a name: without case and the differences between underscores, dashes and blanks.
fn plain_name(name: &str) -> String {
    let plain = |character: char| match character {
        '-' | ' ' | '.' | '\u{A0}' => '_',
        'ё' | 'Ё' => 'е',
        other => other,
    };
    let name: String = name.trim().trim_matches(['"', '\u{FEFF}']).trim().chars().map(plain).collect();
    name.to_lowercase()
}

/// Whether a value may be the name of a column: it is empty, or has letters and no number.
fn is_wordy(value: &str) -> bool {
    let value = value.trim();
    let mut run = 0;
    let has_number = value.bytes().any(|byte| {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        run >= DIGITS_OF_DATA
    });
    value.is_empty() || (!has_number && value.chars().any(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        let text = "name = \"test\"\ntable = \"attachments\"\nheader = \"optional\"\ndates = \"YYYYMMDD\"\n\
            columns = [\"МО\", \"Фамилия\", \"Имя\", \"Дата_рождения\", \"Дата_прикрепления\", \"Участок\"]\n\
            fields = [{ field = \"clinic\", column = \"МО\" }, { field = \"surname\", column = \"Фамилия\" }, { field = \"given_name\", column = \"Имя\" },\n\
            { field = \"birth_date\", column = \"Дата_рождения\" }, { field = \"attached_from\", column = \"Дата_прикрепления\" }]\n";
        Layout::parse(text, "test.toml").expect("a layout")
    }

    #[test]
    fn first_lines_are_distinguished() {
        let row = "980101;ЛИПОВА;АННА;19840305;20200101;1";
        let header = "МО;Фамилия;Имя;Дата_рождения;Дата_прикрепления;Участок";
        let other_order = |names: &[&str]| FirstLine::OtherOrder(names.iter().map(ToString::to_string).collect());
        for (line, expected) in [
            (header.to_owned(), FirstLine::Header),
            (format!("{header};;"), FirstLine::Header),
            ("МО;Фамилия;Имя;Дата_рождения;Прикреплён;Уч".to_owned(), FirstLine::Header),
            ("мо;ФАМИЛИЯ;имя;Дата рождения;Дата-прикрепления".to_owned(), FirstLine::OtherNames),
            ("Фамилия;Имя;Дата_рождения;Дата_прикрепления;Участок".to_owned(), FirstLine::OtherNames),
            (format!("{header};Примечание"), FirstLine::OtherNames),
            ("МО;Имя;Фамилия;Дата_рождения;Дата_прикрепления;Участок".to_owned(), other_order(&["Имя", "Фамилия"])),
            ("МО;Фамилия;Имя;Дата_рождения;Дата_прикрепления;МО".to_owned(), FirstLine::Header),
            ("Клиника;Кто;Как;Когда родился;С какого дня;Где".to_owned(), FirstLine::OtherNames),
            (format!("{header};{row}"), FirstLine::Row),
            (format!("{header}{row}"), FirstLine::Row),
            (row.to_owned(), FirstLine::Row),
            ("980101;ЛИПОВА;АННА;;;".to_owned(), FirstLine::Row),
            ("980101;ЛИПОВА;АННА;5 марта;вчера;1".to_owned(), FirstLine::Row),
            ("Список".to_owned(), FirstLine::Row),
            (";;;;;".to_owned(), FirstLine::Row),
        ] {
            let values: Vec<&str> = line.split(';').collect();
            assert_eq!(layout().first_line(&values), expected, "{line}");
            assert_eq!(layout().is_row(&values), line == row, "{line}");
        }
    }
}
