//! Codes of senders in the names of files.

use sverka_formats::{latin_key, latin_pattern};

use super::fits;

/// Pattern of file names with the code of the sender in it: a run of `#`, one for each digit, as in `MO2######*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderName {
    /// Pattern for [`latin_key`]s of names, with `[0-9]` in place of each `#`.
    pattern: String,
    /// Number of characters before the code.
    before: usize,
    /// Number of digits of the code.
    digits: usize,
}

impl SenderName {
    /// Pattern of a layout.
    ///
    /// # Errors
    /// A sentence about the fault of the pattern.
    pub(super) fn parse(written: &str) -> Result<Self, &'static str> {
        let from = written.find('#').ok_or("it needs a `#` for each digit of the sender's code")?;
        let (head, rest) = written.split_at(from);
        let digits = rest.bytes().take_while(|byte| *byte == b'#').count();
        if rest[digits..].contains('#') {
            return Err("the code of the sender stands there once, so the signs `#` stand side by side");
        }
        let before = characters(head).ok_or("before the code stand characters, `?` and `[…]`, so that its place is known")?;
        let pattern = format!("{}{}{}", latin_pattern(head), "[0-9]".repeat(digits), latin_pattern(&rest[digits..]));
        glob::Pattern::new(&pattern).map_err(|error| error.msg)?;
        Ok(Self { pattern, before, digits })
    }

    /// Code of the sender in the name of a file. Letter case and letters that look alike do not count.
    #[must_use]
    pub fn code_in(&self, file_name: &str) -> Option<String> {
        let key = latin_key(file_name);
        fits(&self.pattern, &key).then(|| key.chars().skip(self.before).take(self.digits).collect())
    }
}

/// Number of characters that a part of a pattern stands for; `None` when it may be any.
fn characters(part: &str) -> Option<usize> {
    let (mut count, mut in_brackets) = (0, false);
    for sign in part.chars() {
        match sign {
            '*' => return None,
            '[' if !in_brackets => in_brackets = true,
            ']' => in_brackets = false,
            _ => {}
        }
        count += usize::from(!in_brackets);
    }
    (!in_brackets).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_stands_where_the_pattern_says() {
        for (pattern, name, code) in [
            ("MO1#####*", "MO1340002026103112.csv", Some("34000")),
            ("MO2######*", "mo23400012026103117.csv", Some("340001")),
            ("MO2######*", "МО234000120261031.csv", Some("340001")),
            ("i#####_*", "i34001_001_10261.xml", Some("34001")),
            ("i#####_*", "i340011_001_10261.xml", None),
            ("[a-c]?#####.csv", "b_98001.csv", Some("98001")),
            ("#####_????????.csv", "98001_20261031.csv", Some("98001")),
        ] {
            let parsed = SenderName::parse(pattern).expect(pattern);
            assert_eq!(parsed.code_in(name).as_deref(), code, "{pattern}, {name}");
        }
    }

    #[test]
    fn a_code_without_a_known_place_is_refused() {
        for pattern in ["MO2*.csv", "*######.csv", "##_##.csv", "[#####", "a[#####.csv"] {
            assert!(SenderName::parse(pattern).is_err(), "{pattern}");
        }
    }
}
