//! A table of text for a terminal: as wide as its content while that fits, one block for each row when it does not.
//!
//! It knows nothing of where the cells come from.

use std::fmt::Write as _;

/// A column of the table.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// What stands above it.
    pub name: String,
    /// Numbers stand on the right.
    pub right: bool,
}

/// Text columns are not cut below this width; a table that is still too wide is shown by rows.
const CUT_WIDTH_MIN: usize = 24;
const GAP: &str = "  ";

/// Draws the rows for a terminal of `width` columns; `None` means that lines may be of any length.
pub(super) fn render(columns: &[Column], rows: &[Vec<String>], width: Option<usize>) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| printable(cell)).collect()).collect();
    let mut widths: Vec<usize> = columns.iter().map(|column| length(&column.name)).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(length(cell));
        }
    }
    match width {
        Some(limit) if !shrink(&mut widths, columns, limit) => by_rows(columns, &rows, limit),
        _ => by_columns(columns, &rows, &widths),
    }
}

/// Makes the widest text columns narrower until the table fits; says whether it does.
fn shrink(widths: &mut [usize], columns: &[Column], limit: usize) -> bool {
    let gaps = GAP.len() * widths.len().saturating_sub(1);
    loop {
        let total = widths.iter().sum::<usize>() + gaps;
        if total <= limit {
            return true;
        }
        let widest = (0..widths.len()).filter(|&i| !columns[i].right && widths[i] > CUT_WIDTH_MIN).max_by_key(|&i| widths[i]);
        let Some(widest) = widest else { return false };
        widths[widest] -= 1;
    }
}

fn by_columns(columns: &[Column], rows: &[Vec<String>], widths: &[usize]) -> String {
    let mut text = String::new();
    let line = |text: &mut String, cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::new();
        for ((cell, column), &width) in cells.zip(columns).zip(widths) {
            let cell = cut(cell, width);
            let blanks = width - length(&cell);
            let (before, after) = if column.right { (blanks, 0) } else { (0, blanks) };
            let _ = write!(line, "{:before$}{cell}{:after$}{GAP}", "", "");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    };
    line(&mut text, &mut columns.iter().map(|column| column.name.as_str()));
    let rule: Vec<String> = widths.iter().map(|&width| "─".repeat(width)).collect();
    line(&mut text, &mut rule.iter().map(String::as_str));
    for row in rows {
        line(&mut text, &mut row.iter().map(String::as_str));
    }
    text
}

fn by_rows(columns: &[Column], rows: &[Vec<String>], limit: usize) -> String {
    let names = columns.iter().map(|column| length(&column.name)).max().unwrap_or(0);
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let title = format!("── row {} ", index + 1);
        let rest = limit.min(60).saturating_sub(length(&title));
        let _ = writeln!(text, "{title}{}", "─".repeat(rest));
        for (column, cell) in columns.iter().zip(row) {
            let blanks = names - length(&column.name);
            let _ = writeln!(text, "{}", format!("{}{:blanks$}{GAP}{cell}", column.name, "").trim_end());
        }
    }
    text
}

fn cut(cell: &str, width: usize) -> String {
    if length(cell) <= width {
        return cell.to_owned();
    }
    cell.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

/// Width in columns: the registers are Cyrillic and Latin, one column for each character.
fn length(text: &str) -> usize {
    text.chars().count()
}

/// Line breaks and other control characters become visible and harmless: quarantined rows are raw bytes.
fn printable(cell: &str) -> String {
    if cell.chars().any(char::is_control) {
        cell.chars()
            .flat_map(|character| {
                let control = character.is_control();
                let escaped = control.then(|| character.escape_default()).into_iter().flatten();
                escaped.chain((!control).then_some(character))
            })
            .collect()
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column> {
        [("person_id", true), ("surname", false), ("message", false)]
            .map(|(name, right)| Column { name: name.into(), right })
            .into()
    }

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(String::from).into()
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
    fn a_table_too_wide_is_shown_by_rows() {
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
    fn a_table_without_rows_still_has_its_head() {
        assert_eq!(render(&columns(), &[], Some(80)).lines().count(), 2);
    }
}
