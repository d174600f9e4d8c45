//! A statement as tokens: facts about a text that may be no SQL.

use std::collections::BTreeSet;

use sqlparser::tokenizer::Token;

/// First words of statements that change something.
const CHANGING_VERBS: [&str; 10] =
    ["ALTER", "ATTACH", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "MERGE", "TRUNCATE", "UPDATE"];

/// Words of a statement without blanks, comments and semicolons; `None` when it holds anything else than words.
fn bare_words(tokens: &[Token]) -> Option<Vec<&str>> {
    let bare = tokens.iter().filter(|token| !matches!(token, Token::Whitespace(_) | Token::SemiColon | Token::EOF));
    bare.map(|token| if let Token::Word(word) = token { Some(word.value.as_str()) } else { None }).collect()
}

/// Table of `DESCRIBE [TABLE] t`, `DESC [TABLE] t` or `SHOW COLUMNS FROM t`; `None` for other statements.
pub(super) fn described(tokens: &[Token]) -> Option<String> {
    let words = bare_words(tokens)?;
    let (table, before) = words.split_last()?;
    let before: Vec<String> = before.iter().map(|word| word.to_ascii_uppercase()).collect();
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    let describes =
        matches!(before[..], ["DESCRIBE" | "DESC"] | ["DESCRIBE" | "DESC", "TABLE"] | ["SHOW", "COLUMNS", "FROM" | "IN"]);
    describes.then(|| (*table).to_owned())
}

/// Hint about columns with names that are words of SQL, for a statement with a syntax error.
pub(super) fn word_hint(tokens: &[Token]) -> &'static str {
    let count = |word: &str| {
        let is_it = |token: &&Token| matches!(token, Token::Word(found) if found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word));
        tokens.iter().filter(is_it).count()
    };
    if count("to") > 0 || count("table") > 0 || count("from") > count("select") {
        "\nColumns called from, to or table need double quotes in SQL: \"from\"."
    } else {
        ""
    }
}

pub(super) fn without(literals: &[String], message: &str) -> String {
    literals.iter().fold(message.to_owned(), |message, literal| message.replace(literal.as_str(), "…"))
}

pub(super) fn words_of(tokens: &[Token]) -> BTreeSet<String> {
    tokens
        .iter()
        .filter_map(|token| match token {
            Token::Word(word) if !may_be_personal(&word.value) => Some(word.value.clone()),
            _ => None,
        })
        .collect()
}

/// Whether a text has enough digits for the number of a person, a policy or a document.
fn may_be_personal(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 6
}

/// Texts and long numbers of a statement, the longest first, so that none hides in another. Texts of one or two letters are left out, since they are
/// parts of many words.
pub(super) fn literals_of(tokens: &[Token]) -> Vec<String> {
    let mut literals: Vec<String> = tokens
        .iter()
        .filter_map(|token| match token {
            Token::SingleQuotedString(text)
            | Token::DoubleQuotedString(text)
            | Token::TripleSingleQuotedString(text)
            | Token::TripleDoubleQuotedString(text)
            | Token::NationalStringLiteral(text)
            | Token::EscapedStringLiteral(text)
            | Token::UnicodeStringLiteral(text)
            | Token::HexStringLiteral(text)
            | Token::SingleQuotedByteStringLiteral(text)
            | Token::DoubleQuotedByteStringLiteral(text) => Some(text.clone()),
            Token::DollarQuotedString(text) => Some(text.value.clone()),
            Token::Word(word) if may_be_personal(&word.value) => Some(word.value.clone()),
            Token::Number(number, _) if may_be_personal(number) => Some(number.clone()),
            _ => None,
        })
        .filter(|literal| literal.chars().count() > 2)
        .collect();
    literals.sort_unstable_by_key(|literal| std::cmp::Reverse(literal.len()));
    literals.dedup();
    literals
}

/// First word of a statement that cannot be parsed, when that word changes something.
pub(super) fn changing_verb(tokens: &[Token]) -> Option<String> {
    let mut words = tokens.iter().filter_map(|token| match token {
        Token::Word(word) => Some(word.value.to_ascii_uppercase()),
        _ => None,
    });
    words.find(|word| word != "EXPLAIN").filter(|word| CHANGING_VERBS.contains(&word.as_str()))
}
