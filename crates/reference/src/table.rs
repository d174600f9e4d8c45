//! Common part of the tables of insurers and clinics: reading the canonical CSV, finding codes, checking successors.
//!
//! The only columns known here are code, working period and successor.

use sverka_model::{Date, OrganisationId};

use super::{FirstDay, ReferenceError, ReferenceFault, ReferencePlace, Succession, SuccessionLink, WorkingPeriod};

/// Most rows of a table: indexes are `u16`, and the largest one stays free for "none".
pub(super) const ROWS_MAX: usize = OrganisationId::MOST;

/// A canonical CSV table in memory: header and trimmed rows with their lines.
pub(super) struct Table<'a> {
    file: &'a str,
    header: Vec<String>,
    rows: Vec<(u64, csv::StringRecord)>,
}

impl<'a> Table<'a> {
    /// Reads a table with all `required` columns and any of the `optional` ones, in any order. Other columns are an error.
    pub(super) fn read(file: &'a str, bytes: &[u8], required: &[&str], optional: &[&str]) -> Result<Self, ReferenceError> {
        let check = |header: &[String]| check_header(header, required, optional);
        Self::read_separated(file, bytes, b';', check)
    }

    /// Reads a table whose header passes a check.
    pub(super) fn read_separated(
        file: &'a str,
        bytes: &[u8],
        separator: u8,
        check: impl Fn(&[String]) -> Result<(), ReferenceFault>,
    ) -> Result<Self, ReferenceError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).trim(csv::Trim::All).from_reader(bytes);
        let mut lines = Lines { bytes, at: 0, line: 1 };
        let csv_error = |lines: &mut Lines<'_>, error: csv::Error| csv_error(file, separator, lines, &error);
        let headers = reader.headers().map_err(|e| csv_error(&mut lines, e))?;
        let header: Vec<String> = headers.iter().map(str::to_owned).collect();
        check(&header).map_err(|fault| ReferenceError::new(file, 1, fault))?;
        let mut rows = Vec::new();
        for record in reader.into_records() {
            let record = record.map_err(|e| csv_error(&mut lines, e))?;
            let line = lines.line_at(record.position());
            if rows.len() == ROWS_MAX {
                return Err(ReferenceError::new(file, line, ReferenceFault::TooManyRows { most: ROWS_MAX }));
            }
            rows.push((line, record));
        }
        Ok(Self { file, header, rows })
    }

    /// Names of the columns, in the order of the file.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// The rows in the order of the file.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, record)| Row { file: self.file, header: &self.header, line: *line, record })
    }
}

fn check_header(header: &[String], required: &[&str], optional: &[&str]) -> Result<(), ReferenceFault> {
    for (index, column) in header.iter().enumerate() {
        if !required.contains(&column.as_str()) && !optional.contains(&column.as_str()) {
            let expected = required.iter().chain(optional).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            return Err(ReferenceFault::ColumnUnknown { column: column.clone(), expected });
        }
        if header[..index].contains(column) {
            return Err(ReferenceFault::ColumnTwice { column: column.clone() });
        }
    }
    match required.iter().find(|name| !header.iter().any(|column| column == *name)) {
        Some(column) => Err(ReferenceFault::ColumnMissing { column: (*column).to_owned() }),
        None => Ok(()),
    }
}

/// Counter of the lines of records, in the order of the file. The CSV reader's own count is wrong after CR LF and after blank lines: it takes the line
/// break before a record for a part of it.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of a position that is not before the last one.
    fn line_at(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.map_or(0, |position| position.byte() as usize);
        while let Some(&byte) = self.bytes.get(self.at)
            && (self.at < start || matches!(byte, b'\r' | b'\n'))
        {
            self.line += u64::from(byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

fn csv_error(file: &str, separator: u8, lines: &mut Lines<'_>, error: &csv::Error) -> ReferenceError {
    let line = lines.line_at(error.position());
    let cause = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "a byte sequence is not UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => format!("{len} fields instead of {expected_len}"),
        _ => error.to_string(),
    };
    ReferenceError::new(file, line, ReferenceFault::Csv { cause, separator: char::from(separator) })
}

/// One row of a [`Table`].
pub(super) struct Row<'a> {
    file: &'a str,
    header: &'a [String],
    pub(super) line: u64,
    record: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    /// The value of a column; `None` when it is empty or the table does not have the column.
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        let index = self.header.iter().position(|name| name == column)?;
        self.record.get(index).filter(|value| !value.is_empty())
    }

    /// The value of a column that must not be empty.
    pub(super) fn require(&self, column: &str) -> Result<&'a str, ReferenceError> {
        self.get(column).ok_or_else(|| self.error(ReferenceFault::Empty { column: column.to_owned() }))
    }

    /// The date of a column, if it is not empty.
    pub(super) fn date(&self, column: &str) -> Result<Option<Date>, ReferenceError> {
        let parse = |text: &str| text.parse().map_err(|problem| ReferenceFault::NotDate { column: column.to_owned(), problem });
        self.get(column).map(parse).transpose().map_err(|fault| self.error(fault))
    }

    /// The end in a column; `None` when it is empty or 9999-12-31, which means "no end".
    pub(super) fn end(&self, column: &str) -> Result<Option<Date>, ReferenceError> {
        Ok(self.date(column)?.and_then(Date::as_end))
    }

    /// The date of a column that must not be empty.
    pub(super) fn require_date(&self, column: &str) -> Result<Date, ReferenceError> {
        self.require(column)?;
        Ok(self.date(column)?.unwrap_or(Date::NEVER))
    }

    /// The value of a column as an owned text; `None` when it is empty.
    pub(super) fn text(&self, column: &str) -> Option<String> {
        self.get(column).map(str::to_owned)
    }

    /// An error with the line of this row.
    pub(super) fn error(&self, fault: ReferenceFault) -> ReferenceError {
        ReferenceError::new(self.file, self.line, fault)
    }
}

/// Fields of a row that every table of organisations has.
pub(super) struct Organisation<'a> {
    pub(super) code: &'a str,
    pub(super) place: ReferencePlace,
    pub(super) works_from: Date,
    pub(super) first_day: FirstDay,
    pub(super) works_to: Option<Date>,
    pub(super) successor: Option<&'a str>,
}

impl Organisation<'_> {
    /// The working period.
    pub(super) fn works(&self) -> WorkingPeriod {
        WorkingPeriod { from: self.works_from, to: self.works_to.unwrap_or(Date::NEVER) }
    }
}

/// Index of codes of `DIGITS` digits in the order of the codes: a table with an entry for each number from the lowest code to the highest.
///
/// ```text
/// codes       34001  34002  34004
/// lowest      34001
/// indexes     0      1      NONE    2     the entry of a code is at (code − lowest)
/// ```
///
/// A look-up costs one access to memory. The codes of one region begin with the same digits, so the table is small.
#[derive(Clone, Debug, Default)]
pub(super) struct CodeIndex<const DIGITS: usize> {
    lowest: u32,
    indexes: Vec<u16>,
}

impl<const DIGITS: usize> CodeIndex<DIGITS> {
    const NONE: u16 = u16::MAX;

    fn new(sorted_codes: &[u32]) -> Self {
        let (Some(&lowest), Some(&highest)) = (sorted_codes.first(), sorted_codes.last()) else {
            return Self::default();
        };
        let mut indexes = vec![Self::NONE; (highest - lowest + 1) as usize];
        for (index, code) in sorted_codes.iter().enumerate() {
            indexes[(code - lowest) as usize] = index as u16;
        }
        Self { lowest, indexes }
    }

    /// The index of a code of exactly `DIGITS` digits.
    #[inline]
    pub(super) fn find(&self, code: &[u8]) -> Option<OrganisationId> {
        let offset = Self::number(code)?.wrapping_sub(self.lowest);
        self.indexes.get(offset as usize).copied().filter(|&index| index != Self::NONE).map(OrganisationId::new)
    }

    #[inline]
    fn number(code: &[u8]) -> Option<u32> {
        if code.len() != DIGITS {
            return None;
        }
        code.iter().try_fold(0_u32, |number, &byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
    }
}

/// A checked table in the order of the codes.
pub(super) struct Arranged<const DIGITS: usize> {
    /// Indexes of the given rows, in the order of the codes.
    pub(super) order: Vec<usize>,
    /// Positions in [`Self::order`], by code.
    pub(super) codes: CodeIndex<DIGITS>,
    /// Succession of the organisations.
    pub(super) succession: Succession,
}

/// Checks codes, periods and successors of `rows`, and puts the rows into the order of the codes. `column` is the column of the code.
pub(super) fn arrange<const DIGITS: usize>(
    file: &str,
    column: &str,
    rows: &[Organisation<'_>],
) -> Result<Arranged<DIGITS>, ReferenceError> {
    if rows.is_empty() {
        return Err(ReferenceError::new(file, 1, ReferenceFault::NoRows));
    }
    if let Some(beyond) = rows.get(ROWS_MAX) {
        return Err(ReferenceError::new(file, beyond.place, ReferenceFault::TooManyRows { most: ROWS_MAX }));
    }
    let numbers = rows.iter().map(|row| check_row::<DIGITS>(file, column, row)).collect::<Result<Vec<u32>, _>>()?;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&row| (numbers[row], rows[row].place));
    if let Some(pair) = order.windows(2).find(|pair| numbers[pair[0]] == numbers[pair[1]]) {
        let (first, second) = (&rows[pair[0]], &rows[pair[1]]);
        let fault = ReferenceFault::CodeTwice { code: second.code.to_owned(), first: first.place };
        return Err(ReferenceError::new(file, second.place, fault));
    }
    let codes = CodeIndex::new(&order.iter().map(|&row| numbers[row]).collect::<Vec<_>>());
    let succession = arrange_successors(file, rows, &order, &codes)?;
    Ok(Arranged { order, codes, succession })
}

fn check_row<const DIGITS: usize>(file: &str, column: &str, row: &Organisation<'_>) -> Result<u32, ReferenceError> {
    let fail = |fault| Err(ReferenceError::new(file, row.place, fault));
    let Some(number) = CodeIndex::<DIGITS>::number(row.code.as_bytes()) else {
        return fail(ReferenceFault::Code { column: column.to_owned(), value: row.code.to_owned(), digits: DIGITS });
    };
    // A succession from before the beginning of a dictionary is not a fault of the dictionary.
    if row.first_day == FirstDay::OfWork && row.works_to.is_some_and(|works_to| works_to <= row.works_from) {
        return fail(ReferenceFault::Reversed { start: "works_from", end: "works_to" });
    }
    if row.successor.is_some() && row.works_to.is_none() {
        return fail(ReferenceFault::SuccessorWithoutEnd { code: row.code.to_owned() });
    }
    Ok(number)
}

fn arrange_successors<const DIGITS: usize>(
    file: &str,
    rows: &[Organisation<'_>],
    order: &[usize],
    codes: &CodeIndex<DIGITS>,
) -> Result<Succession, ReferenceError> {
    let mut links = Vec::with_capacity(order.len());
    for row in order.iter().map(|&row| &rows[row]) {
        let index_of = |successor: &str| {
            let unknown = || ReferenceFault::SuccessorUnknown { code: row.code.to_owned(), successor: successor.to_owned() };
            codes.find(successor.as_bytes()).ok_or_else(|| ReferenceError::new(file, row.place, unknown()))
        };
        links.push(SuccessionLink { ends: row.works().to, successor: row.successor.map(index_of).transpose()? });
    }
    if let Some(circle) = circle_in(&links) {
        let row_at = |index: &OrganisationId| &rows[order[usize::from(*index)]];
        let first = row_at(&circle[0]);
        let chain = circle.iter().chain(&circle[..1]).map(|index| row_at(index).code).collect::<Vec<_>>().join(" → ");
        return Err(ReferenceError::new(file, first.place, ReferenceFault::Circle { code: first.code.to_owned(), chain }));
    }
    Ok(Succession::new(links))
}

/// The indexes of a circle of successors, from its smallest index on; `None` when every chain ends.
fn circle_in(links: &[SuccessionLink]) -> Option<Vec<OrganisationId>> {
    let mut known_to_end = vec![false; links.len()];
    for start in 0..links.len() {
        let mut path: Vec<OrganisationId> = Vec::new();
        let mut on_path = std::collections::BTreeSet::new();
        let mut next = Some(OrganisationId::new(start as u16));
        while let Some(index) = next.filter(|&index| !known_to_end[usize::from(index)]) {
            if !on_path.insert(index) {
                path.drain(..path.iter().position(|&earlier| earlier == index)?);
                let smallest = path.iter().enumerate().min_by_key(|(_, index)| **index).map_or(0, |(at, _)| at);
                path.rotate_left(smallest);
                return Some(path);
            }
            path.push(index);
            next = links[usize::from(index)].successor;
        }
        for index in path {
            known_to_end[usize::from(index)] = true;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_by_exactly_their_digits() {
        let index = CodeIndex::<5>::new(&[1, 34_001, 99_999]);
        assert_eq!(index.find(b"00001"), Some(OrganisationId::new(0)));
        assert_eq!(index.find(b"34001"), Some(OrganisationId::new(1)));
        assert_eq!(index.find(b"99999"), Some(OrganisationId::new(2)));
        for absent in ["00000", "34002", "1", "000001", "3400x", "", "٣٤٠٠١"] {
            assert_eq!(index.find(absent.as_bytes()), None, "{absent}");
        }
        assert_eq!(CodeIndex::<5>::new(&[]).find(b"34001"), None);
    }

    #[test]
    fn a_circle_is_found_behind_a_chain_that_leads_into_it() {
        let link = |successor: Option<OrganisationId>| SuccessionLink { ends: Date::NEVER, successor };
        assert_eq!(
            circle_in(&[
                link(Some(OrganisationId::new(2))),
                link(None),
                link(Some(OrganisationId::new(3))),
                link(Some(OrganisationId::new(4))),
                link(Some(OrganisationId::new(3)))
            ]),
            Some([3, 4].map(OrganisationId::new).to_vec())
        );
        assert_eq!(circle_in(&[link(Some(OrganisationId::new(0)))]), Some(vec![OrganisationId::new(0)]));
        assert_eq!(
            circle_in(&[
                link(Some(OrganisationId::new(1))),
                link(Some(OrganisationId::new(2))),
                link(None),
                link(Some(OrganisationId::new(1)))
            ]),
            None
        );
    }
}
