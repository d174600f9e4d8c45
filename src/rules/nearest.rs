//! The codes that someone may have meant who typed another name.

use super::RULES;

/// Codes that are shown at most.
const MOST: usize = 3;

/// The codes nearest to a name, the nearest first; none when all are far.
#[must_use]
pub fn nearest(name: &str) -> Vec<&'static str> {
    let typed = name.trim().to_ascii_uppercase().replace(['-', ' '], "_");
    let enough = typed.chars().count().div_ceil(3);
    let distance = |code: &'static str| {
        let part = typed.len() > 2 && (code.contains(&typed) || typed.contains(code) && code.len() > 2);
        let edits = edits(&typed, code);
        (if part { edits.min(enough) } else { edits }, code)
    };
    let mut near: Vec<(usize, &str)> = RULES.iter().map(|rule| distance(rule.name)).collect();
    near.retain(|(edits, _)| *edits <= enough);
    near.sort_unstable();
    near.into_iter().take(MOST).map(|(_, code)| code).collect()
}

/// How many letters must be inserted, deleted or replaced to make one text of the other.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, from) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, &to) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (left, right, count) in [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 2), ("ABC", "ABC", 0)] {
            assert_eq!(edits(left, right), count, "{left} {right}");
        }
    }

    #[test]
    fn a_mistyped_code_is_found() {
        assert_eq!(nearest("SNILS_INVALD").first(), Some(&"SNILS_INVALID"));
        assert_eq!(nearest("snils-invalid").first(), Some(&"SNILS_INVALID"));
        assert!(nearest("DEADLINE").contains(&"CHANGE_DEADLINE"));
    }

    #[test]
    fn what_is_like_nothing_has_nothing_near() {
        assert_eq!(nearest("QQQQQQQQQQ"), [] as [&str; 0]);
        assert_eq!(nearest(""), [] as [&str; 0]);
    }
}
