//! Known names that a mistyped name may mean. The meaning of names is not known here.

/// Most names that are shown.
const NAMES_MAX: usize = 3;

/// Names nearest to a typed one by edit distance, the nearest first; empty when all are far. Letter case does not count, and blanks and dashes count
/// as underscores.
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let typed = comparable(typed);
    let edits_max = typed.chars().count().div_ceil(3);
    let distance = |name: &str| {
        let name = comparable(name);
        let is_part = typed.len() > 2 && (name.contains(&typed) || typed.contains(&name) && name.len() > 2);
        let edits = strsim::levenshtein(&typed, &name);
        if is_part { edits.min(edits_max) } else { edits }
    };
    let mut near: Vec<(usize, &str)> = names.into_iter().map(|name| (distance(name), name)).collect();
    near.retain(|(edits, _)| *edits <= edits_max);
    near.sort_unstable();
    near.into_iter().take(NAMES_MAX).map(|(_, name)| name).collect()
}

/// Question whether one of the names is meant, in brackets behind a blank; empty without names.
pub fn is_meant(names: &[&str]) -> String {
    if names.is_empty() { String::new() } else { format!(" (is {} meant?)", names.join(" or ")) }
}

fn comparable(name: &str) -> String {
    name.trim().to_ascii_uppercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_is_found() {
        let keys = ["as_of", "output", "registers", "attachments", "reference", "rules"];
        for (typed, meant) in [("asof", "as_of"), ("as-of", "as_of"), ("register", "registers"), ("references", "reference")] {
            assert_eq!(nearest(typed, keys), [meant], "{typed}");
        }
        assert_eq!(nearest("colour", keys), [] as [&str; 0]);
    }
}
