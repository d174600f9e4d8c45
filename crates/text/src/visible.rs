//! Text for a terminal: characters without a shape become escapes.
//!
//! Values of rows and names of files come from others. A control character in them could move the cursor, change
//! colours or the title of the window, or make the terminal answer; a mark of direction shows text in another order.
//! The functions are for text that people read: files of answers keep their bytes.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character has no shape of its own: controls (C0, DEL, C1), marks of direction, line separators, blanks without width, tags.
#[must_use]
pub fn is_hidden(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(sign, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A value for use within a line: each hidden character becomes an escape, such as `\n` or `\u{1b}`.
#[must_use]
pub fn visible(value: &str) -> Cow<'_, str> {
    escaped(value, is_hidden, |text, sign| text.extend(escape(sign)))
}

/// Whole text for printing: like [`visible`], but line breaks and tabs stay.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |sign| is_hidden(sign) && !matches!(sign, '\n' | '\t'), |text, sign| text.extend(escape(sign)))
}

/// JSON for printing: hidden characters of its strings become escapes such as `\u001b`, which have the same meaning in JSON.
#[must_use]
pub fn visible_json(json: &str) -> Cow<'_, str> {
    escaped(
        json,
        |sign| is_hidden(sign) && !matches!(sign, '\n' | '\t'),
        |text, sign| {
            for unit in sign.encode_utf16(&mut [0; 2]) {
                // Writing into a `String` cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        },
    )
}

fn escape(sign: char) -> impl Iterator<Item = char> {
    match sign {
        // The standard library gives a backslash with a letter to these three only.
        '\n' | '\r' | '\t' => sign.escape_default().collect::<Vec<_>>(),
        _ => sign.escape_unicode().collect(),
    }
    .into_iter()
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool, mut write: impl FnMut(&mut String, char)) -> Cow<'_, str> {
    let Some(first) = text.find(&is_escaped) else { return Cow::Borrowed(text) };
    let mut shown = String::with_capacity(text.len() + 16);
    shown.push_str(&text[..first]);
    for sign in text[first..].chars() {
        if is_escaped(sign) {
            write(&mut shown, sign);
        } else {
            shown.push(sign);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        for text in ["", "ТЕСТОВ-ОГЛЫ", "a\\b \"c\"", "Ёлка №1"] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn hidden_characters_are_shown() {
        let cases = [
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("\u{7}\u{7f}\u{9b}", "\\u{7}\\u{7f}\\u{9b}"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{202a}\u{202e}\u{2066}\u{2069}", "\\u{202a}\\u{202e}\\u{2066}\\u{2069}"),
            ("\u{200e}\u{61c}\u{2028}\u{feff}", "\\u{200e}\\u{61c}\\u{2028}\\u{feff}"),
        ];
        for (value, shown) in cases {
            assert_eq!(visible(value), shown);
        }
    }

    #[test]
    fn lines_and_tabs_of_whole_text_stay() {
        assert_eq!(visible_lines("a\tb\nc\u{1b}\r\n"), "a\tb\nc\\u{1b}\\r\n");
    }

    #[test]
    fn json_means_the_same() {
        let value = serde_json::json!({"surname": "a\u{9b}\u{202e}\u{e0001}\u{1b}б"});
        let json = serde_json::to_string_pretty(&value).expect("JSON");
        let shown = visible_json(&json);
        assert!(!shown.contains(|sign| is_hidden(sign) && sign != '\n'), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).expect("JSON"), value);
    }

    #[test]
    fn no_hidden_character_is_left_in_any_form() {
        let all: String = (0..=0x10_ffff).filter_map(char::from_u32).collect();
        assert!(!visible(&all).contains(is_hidden));
        assert!(!visible_lines(&all).contains(|sign| is_hidden(sign) && !matches!(sign, '\n' | '\t')));
    }
}
