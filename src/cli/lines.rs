//! Lines of text for people: wrapped at words on a terminal, unchanged in files and pipes.

use std::io::{self, IsTerminal as _};

use sverka_text::wrapped;

/// Least columns of a text behind its label. With less room, the text begins on a line of its own.
const TEXT_WIDTH_MIN: usize = 24;
/// Blanks before text that begins on a line of its own.
const INDENT: usize = 4;

/// Columns of the terminal on standard output; without a terminal, no limit.
pub(super) fn line_width() -> usize {
    let size = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal());
    size.map_or(usize::MAX, |(columns, _)| columns.0.into())
}

/// A text behind the label `before`, which keeps its blanks. Further lines of the text stand below the first one. Ends with a line end.
pub(super) fn hanging(before: &str, text: &str, width: usize) -> String {
    let column = before.chars().count();
    if column.saturating_add(text.chars().count()) <= width {
        return format!("{before}{text}\n");
    }
    let room = width.saturating_sub(column);
    if room >= TEXT_WIDTH_MIN {
        return format!("{before}{}\n", wrapped(text, room).join(&format!("\n{:column$}", "")));
    }
    let below = wrapped(text, width.saturating_sub(INDENT)).join(&format!("\n{:INDENT$}", ""));
    format!("{}\n{:INDENT$}{below}\n", before.trim_end(), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_hangs_below_its_beginning_or_begins_below() {
        assert_eq!(hanging("  warning  ", "a b", usize::MAX), "  warning  a b\n");
        let text = "the day is after the as-of date";
        assert_eq!(hanging("  warning  ", text, 37), "  warning  the day is after the as-of\n           date\n");
        assert_eq!(hanging("  warning  ", text, 24), "  warning\n    the day is after the\n    as-of date\n");
    }
}
