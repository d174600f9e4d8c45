//! Text table for a terminal.
//!
//! A table is as wide as its content. When that is too wide for the terminal, text columns are narrowed, the widest
//! first, down to a least width; their cells are cut or wrapped. A table that is still too wide is written as one block
//! for each row. The origin of the cells is not known here.

use std::borrow::Cow;

use sverka_text::visible;
use sverka_text::wrapped;

/// Column of a table.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Heading.
    pub name: String,
    /// Whether cells are aligned to the right, in columns of numbers.
    pub right: bool,
    /// Whether cells that are too wide are wrapped at words. Otherwise they are cut.
    pub wraps: bool,
}

/// Least width of a narrowed text column.
const TEXT_WIDTH_MIN: usize = 24;
/// Blanks between columns.
const GAP: &str = "  ";

/// Most characters of a cell. Longer cells are cut: nobody reads such a line to its end.
const CELL_CHARACTERS_MAX: usize = 4096;

/// Text of a table for a terminal of `width` columns; `None` stands for lines of any length.
pub(super) fn render(columns: &[Column], rows: &[Vec<String>], width: Option<usize>) -> String {
    let names: Vec<String> = columns.iter().map(|column| visible_cell(&column.name)).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| visible_cell(cell)).collect()).collect();
    let mut widths: Vec<usize> = names.iter().map(|name| length(name)).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(length(cell));
        }
    }
    match width {
        Some(limit) if !narrow(&mut widths, columns, limit) => blocks(&names, &rows, limit),
        _ => grid(columns, &names, &rows, &widths),
    }
}

/// Cell in a form that may be sent to a terminal. Cells of quarantined rows are raw bytes of senders.
fn visible_cell(cell: &str) -> String {
    let end = cell.char_indices().nth(CELL_CHARACTERS_MAX).map_or(cell.len(), |(end, _)| end);
    let cut_off = if end < cell.len() { "…" } else { "" };
    visible(&cell[..end]).into_owned() + cut_off
}

/// Narrows the widest text columns until the table fits; returns whether it does.
fn narrow(widths: &mut [usize], columns: &[Column], limit: usize) -> bool {
    let gaps = GAP.len() * widths.len().saturating_sub(1);
    loop {
        let total = widths.iter().sum::<usize>() + gaps;
        if total <= limit {
            return true;
        }
        let widest = (0..widths.len()).filter(|&i| !columns[i].right && widths[i] > TEXT_WIDTH_MIN).max_by_key(|&i| widths[i]);
        let Some(widest) = widest else { return false };
        widths[widest] -= 1;
    }
}

/// Table with a line for each row, or several lines if a cell wraps.
fn grid(columns: &[Column], names: &[String], rows: &[Vec<String>], widths: &[usize]) -> String {
    let mut text = String::new();
    let add_line = |text: &mut String, cells: &[String]| {
        let begin = text.len();
        for ((cell, column), &width) in cells.iter().zip(columns).zip(widths) {
            let cell = cut(cell, width);
            let blanks = width - length(&cell);
            let (before, after) = if column.right { (blanks, 0) } else { (0, blanks) };
            pad(text, before);
            text.push_str(&cell);
            pad(text, after + GAP.len());
        }
        text.truncate(begin + text[begin..].trim_end().len());
        text.push('\n');
    };
    add_line(&mut text, names);
    let rule: Vec<String> = widths.iter().map(|&width| "─".repeat(width)).collect();
    add_line(&mut text, &rule);
    for row in rows {
        let cells: Vec<Vec<String>> =
            row.iter().zip(columns).zip(widths).map(|((cell, column), &width)| cell_lines(cell, column, width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            let parts: Vec<String> = cells.iter().map(|cell| cell.get(line).cloned().unwrap_or_default()).collect();
            add_line(&mut text, &parts);
        }
    }
    text
}

/// Lines of a cell in its column.
fn cell_lines(cell: &str, column: &Column, width: usize) -> Vec<String> {
    if column.wraps && length(cell) > width { wrapped(cell, width) } else { vec![cell.to_owned()] }
}

/// Block with a line for each cell, for each row.
fn blocks(names: &[String], rows: &[Vec<String>], limit: usize) -> String {
    let width = names.iter().map(|name| length(name)).max().unwrap_or(0);
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let title = format!("── row {} ", index + 1);
        let rest = limit.min(60).saturating_sub(length(&title));
        text.push_str(&title);
        text.extend(std::iter::repeat_n('─', rest));
        text.push('\n');
        for (name, cell) in names.iter().zip(row) {
            text.push_str(name);
            if !cell.is_empty() {
                pad(&mut text, width - length(name) + GAP.len());
                text.push_str(cell);
            }
            text.push('\n');
        }
    }
    text
}

fn pad(text: &mut String, blanks: usize) {
    text.extend(std::iter::repeat_n(' ', blanks));
}

/// Cell of at most `width` characters, with `…` in place of the rest.
fn cut(cell: &str, width: usize) -> Cow<'_, str> {
    if length(cell) <= width {
        return Cow::Borrowed(cell);
    }
    Cow::Owned(cell.chars().take(width.saturating_sub(1)).chain(['…']).collect())
}

/// Columns of a text. The registers are Cyrillic and Latin, with one column for each character.
fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sverka_text::is_hidden;

    fn columns() -> Vec<Column> {
        [("person_id", true), ("surname", false), ("message", false)]
            .map(|(name, right)| Column { name: name.into(), right, wraps: false })
            .into()
    }

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(String::from).into()
    }

    fn row_of(cell: &str) -> Vec<String> {
        vec![cell.to_owned()]
    }

    #[test]
    fn numbers_stand_right_and_text_left() {
        let rows = [row(["7", "ТЕСТОВ", "a"]), row(["12345678901", "Ы", "b"])];
        let expected = "  person_id  surname  message
───────────  ───────  ───────
          7  ТЕСТОВ   a
12345678901  Ы        b
";
        assert_eq!(render(&columns(), &rows, Some(80)), expected);
    }

    #[test]
    fn only_what_does_not_fit_is_cut() {
        let rows = [row(["7", "ТЕСТОВ", "a message that is somewhat longer than the terminal"])];
        let text = render(&columns(), &rows, Some(50));
        assert!(text.contains("ТЕСТОВ   a message that is somewhat lo…"), "{text}");
        assert!(text.lines().all(|line| length(line) <= 50), "{text}");
        assert!(render(&columns(), &rows, None).contains("than the terminal"));
    }

    #[test]
    fn a_column_that_wraps_loses_no_word() {
        let [id, name, message] = columns().try_into().expect("three columns");
        let columns = [id, name, Column { wraps: true, ..message }];
        let rows = [row(["7", "ТЕСТОВ", "a message that is somewhat longer than the terminal"]), row(["8", "Ы", "b"])];
        let expected = "person_id  surname  message
─────────  ───────  ──────────────────────────────
        7  ТЕСТОВ   a message that is somewhat
                    longer than the terminal
        8  Ы        b
";
        assert_eq!(render(&columns, &rows, Some(50)), expected);
        assert!(render(&columns, &rows, None).contains("a message that is somewhat longer than the terminal\n"));
    }

    #[test]
    fn a_table_that_is_too_wide_is_written_as_blocks() {
        let rows = [row(["7", "ТЕСТОВ", "long"]), row(["8", "", "long"])];
        let text = render(&columns(), &rows, Some(20));
        assert_eq!(
            text,
            "── row 1 ───────────\nperson_id  7\nsurname    ТЕСТОВ\nmessage    long\n── row 2 ───────────\nperson_id  8\nsurname\nmessage    long\n"
        );
    }

    #[test]
    fn control_characters_become_visible() {
        let text = render(&columns(), &[row(["7", "a\nb", "\u{1b}[31m"])], Some(80));
        assert!(text.contains("a\\nb") && text.contains("\\u{1b}[31m"), "{text}");
    }

    #[test]
    fn headings_and_marks_of_direction_are_made_visible_too() {
        let columns = [Column { name: "a\u{1b}]0;x\u{7}".into(), right: false, wraps: false }];
        for width in [None, Some(80), Some(4)] {
            let text = render(&columns, &[row_of("x\u{202e}y\u{9b}")], width);
            assert!(
                text.contains("x\\u{202e}y\\u{9b}") && !text.contains(|character| is_hidden(character) && character != '\n'),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_cell_of_any_length_is_cut() {
        for length in [CELL_CHARACTERS_MAX - 1, CELL_CHARACTERS_MAX, CELL_CHARACTERS_MAX + 1, 65_535, 65_536, 65_537, 1 << 20] {
            for width in [None, Some(80), Some(4)] {
                let text = render(&columns(), &[row(["7", &"я".repeat(length), &"\u{1b}".repeat(length)])], width);
                let longest = text.lines().map(super::length).max().unwrap_or(0);
                assert!(longest <= 12 + 9 * CELL_CHARACTERS_MAX, "{longest}");
                assert_eq!(text.contains('…'), width == Some(80) || length > CELL_CHARACTERS_MAX, "{length} in {width:?}");
            }
        }
    }

    #[test]
    fn a_table_without_rows_still_has_its_head() {
        assert_eq!(render(&columns(), &[], Some(80)).lines().count(), 2);
    }
}
