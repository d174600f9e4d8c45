//! The language in which a command answers people.

use sverka_rules::Language;

/// How the user chooses the language.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct LanguageChoice {
    /// Language: en or ru [default: ru where LC_ALL, LC_MESSAGES or LANG begins with ru, else en]
    #[arg(long, value_enum, value_name = "LANG", hide_possible_values = true)]
    lang: Option<LanguageName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum LanguageName {
    /// English
    En,
    /// Russian
    Ru,
}

impl LanguageChoice {
    /// Language of the argument, else that of the environment.
    pub(super) fn language(self) -> Language {
        match self.lang {
            Some(LanguageName::En) => Language::English,
            Some(LanguageName::Ru) => Language::Russian,
            None => language_of_environment(),
        }
    }
}

/// Language of the first variable that is not empty, in the order in which programs of the system read them.
fn language_of_environment() -> Language {
    let first =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok()).find(|value| !value.is_empty());
    if first.is_some_and(|value| value.to_ascii_lowercase().starts_with("ru")) { Language::Russian } else { Language::English }
}
