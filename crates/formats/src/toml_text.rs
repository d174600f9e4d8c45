//! Settings files in TOML: the line of a value, and what is wrong with a file that is no TOML of the wanted shape.
//!
//! The meaning of settings is not known here; job, layouts and tariff read their files through it.

use sverka_text::{is_meant, nearest};

/// The line, from 1, of the byte at index `at` of `text`.
pub fn line_at(text: &str, at: usize) -> u64 {
    let before = &text.as_bytes()[..at.min(text.len())];
    1 + before.iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// Line and message of a TOML error. The message has one line; for a misspelt key and for a text in place of a list it says what to write.
pub fn toml_problem(text: &str, error: &toml::de::Error) -> (u64, String) {
    let line = error.span().map_or(1, |span| line_at(text, span.start));
    let message = error.message().trim_end().replace('\n', ", ");
    let problem = list_expected(text, error, &message).or_else(|| misspelt(&message)).unwrap_or(message);
    (line, problem)
}

/// The message for a text in place of a list, with what to write.
fn list_expected(text: &str, error: &toml::de::Error, message: &str) -> Option<String> {
    if !(message.starts_with("invalid type: string") && message.ends_with("expected a sequence")) {
        return None;
    }
    let span = error.span()?;
    let value = text.get(span.clone())?;
    let key = text.get(..span.start)?.trim_end().strip_suffix('=')?;
    let key = key.rsplit(['\n', '{', ',']).next()?.trim();
    let is_short = !key.is_empty() && !value.contains('\n');
    is_short.then(|| format!("`{key}` is a list; write {key} = [{value}]"))
}

/// The message for an unknown name, beginning with the names that may be meant.
fn misspelt(message: &str) -> Option<String> {
    let (unknown, expected) = message.strip_prefix("unknown ")?.split_once(", expected ")?;
    let typed = unknown.split('`').nth(1)?;
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let near: Vec<String> = nearest(typed, known).iter().map(|name| format!("`{name}`")).collect();
    let near: Vec<&str> = near.iter().map(String::as_str).collect();
    (!near.is_empty()).then(|| format!("unknown {unknown}{}, expected {expected}", is_meant(&near)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one() {
        assert_eq!(line_at("a\nb\n", 0), 1);
        assert_eq!(line_at("a\nb\n", 2), 2);
        assert_eq!(line_at("a\nb\n", 99), 3);
    }
}
