//! The known names that someone may have meant who typed another one. It does not know what the names stand for.

/// Names that are shown at most.
const NAMES_MAX: usize = 3;

/// The names nearest to what was typed, the nearest first; none when all are far. Letter case, blanks and dashes do not count.
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let typed = comparable(typed);
    let enough = typed.chars().count().div_ceil(3);
    let distance = |name: &str| {
        let name = comparable(name);
        let is_part = typed.len() > 2 && (name.contains(&typed) || typed.contains(&name) && name.len() > 2);
        let edits = edits(&typed, &name);
        if is_part { edits.min(enough) } else { edits }
    };
    let mut near: Vec<(usize, &str)> = names.into_iter().map(|name| (distance(name), name)).collect();
    near.retain(|(edits, _)| *edits <= enough);
    near.sort_unstable();
    near.into_iter().take(NAMES_MAX).map(|(_, name)| name).collect()
}

/// The question whether one of these names is meant, in brackets behind a blank; nothing when there is none.
pub fn is_meant(names: &[&str]) -> String {
    if names.is_empty() { String::new() } else { format!(" (is {} meant?)", names.join(" or ")) }
}

fn comparable(name: &str) -> String {
    name.trim().to_ascii_uppercase().replace(['-', ' '], "_")
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
    fn a_mistyped_name_is_found() {
        let keys = ["as_of", "output", "registers", "attachments", "reference", "rules"];
        for (typed, meant) in [("asof", "as_of"), ("as-of", "as_of"), ("register", "registers"), ("references", "reference")] {
            assert_eq!(nearest(typed, keys), [meant], "{typed}");
        }
        assert_eq!(nearest("colour", keys), [] as [&str; 0]);
    }
}
