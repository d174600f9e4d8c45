//! Lists of names that belong to one sex, and of texts that stand for a given name.
//!
//! Other oddities of names are not known here.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Sex;

/// The only sex that bears a given name in normal form: each part of the name must be known, and all parts must belong to one sex.
pub(super) fn sex_of_given_name(name: &str) -> Option<Sex> {
    let mut parts = name.split(['-', ' ']).map(|part| NAMES.sex_of_part(part));
    let first = parts.next()??;
    parts.all(|part| part == Some(first)).then_some(first)
}

/// The only sex that bears a patronymic in normal form.
pub(super) fn sex_of_patronymic(name: &str) -> Option<Sex> {
    NAMES.patronymics.sex_of(name)
}

/// Whether a given name in normal form stands for an absent one; see [`Names::is_placeholder`].
pub(super) fn is_placeholder(name: &str) -> bool {
    NAMES.is_placeholder(name)
}

/// Names that belong to one sex, and texts that stand for a name; read from `schemas/names.toml`.
struct Names {
    listed: HashMap<&'static str, Sex>,
    given_names: Endings,
    patronymics: Endings,
    placeholders: HashSet<&'static str>,
}

/// Endings of names that belong to one sex.
struct Endings(Vec<(String, Sex)>);

static NAMES: LazyLock<Names> = LazyLock::new(|| Names::read(include_str!("../../../../schemas/names.toml")));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamesFile {
    men: String,
    women: String,
    placeholders: String,
    given_name_endings: EndingLists,
    patronymic_endings: EndingLists,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndingLists {
    men: Vec<String>,
    women: Vec<String>,
}

impl Names {
    fn read(text: &str) -> Self {
        let NamesFile { men, women, placeholders, given_name_endings, patronymic_endings } =
            toml::from_str(text).expect("invariant: the list of names was built in whole");
        let (men, women, placeholders): (&'static str, &'static str, &'static str) =
            (men.leak(), women.leak(), placeholders.leak());
        let of_men = men.split_whitespace().map(|name| (name, Sex::Male));
        let of_women = women.split_whitespace().map(|name| (name, Sex::Female));
        Self {
            listed: of_men.chain(of_women).collect(),
            given_names: Endings::new(given_name_endings),
            patronymics: Endings::new(patronymic_endings),
            placeholders: placeholders.split_whitespace().collect(),
        }
    }

    /// Whether a given name in normal form stands for an absent one: it has no letter, or the list has it, with or
    /// without the number of a child.
    fn is_placeholder(&self, name: &str) -> bool {
        let bare = name.trim_end_matches(|sign: char| sign.is_ascii_digit() || matches!(sign, '-' | '№' | '.'));
        let listed = self.placeholders.contains(name) || self.placeholders.contains(bare);
        listed || !name.is_empty() && !name.chars().any(char::is_alphabetic)
    }

    fn sex_of_part(&self, part: &str) -> Option<Sex> {
        self.listed.get(part).copied().or_else(|| self.given_names.sex_of(part))
    }
}

impl Endings {
    fn new(lists: EndingLists) -> Self {
        let of_men = lists.men.into_iter().map(|ending| (ending, Sex::Male));
        let of_women = lists.women.into_iter().map(|ending| (ending, Sex::Female));
        Self(of_men.chain(of_women).collect())
    }

    /// The sex of a name with one of the endings behind at least two letters.
    fn sex_of(&self, name: &str) -> Option<Sex> {
        let (_, sex) = self.0.iter().find(|(ending, _)| {
            name.strip_suffix(ending.as_str())
                .is_some_and(|stem| stem.chars().filter(|letter| letter.is_alphabetic()).nth(1).is_some())
        })?;
        Some(*sex)
    }
}

#[cfg(test)]
mod tests {
    use super::super::name_quality::{NameFault, NameQuality};
    use super::super::normalise_name;
    use super::*;

    #[test]
    fn the_lists_are_in_normal_form_and_have_no_name_twice() {
        let file: NamesFile = toml::from_str(include_str!("../../../../schemas/names.toml")).expect("a list of names");
        let mut seen = std::collections::BTreeSet::new();
        let endings =
            [file.given_name_endings, file.patronymic_endings].into_iter().flat_map(|lists| [lists.men, lists.women].concat());
        for name in file.placeholders.split_whitespace() {
            assert_eq!(normalise_name(name), name);
            assert!(NameQuality::from_text(name).is_placeholder() && seen.insert(name.to_owned()), "{name}");
        }
        for name in file.men.split_whitespace().chain(file.women.split_whitespace()).map(str::to_owned).chain(endings) {
            assert_eq!(normalise_name(&name), name);
            assert!(!NameFault::ALL.into_iter().any(|fault| NameQuality::from_text(&name).has(fault)), "{name}");
            assert!(seen.insert(name.clone()), "{name} twice");
        }
    }
}
