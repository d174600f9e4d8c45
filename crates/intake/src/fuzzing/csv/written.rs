//! Words that choose the layout of a text.

use std::fmt::Write as _;

use crate::Layout;
use sverka_formats::Encoding;

/// Words of the first line, one list for each setting. A first line without a word of a list is a choice as well.
pub(super) const WORDS: [&[&str]; 9] = [
    &["stripped", "unquoted", "single_quotes", "stripped single_quotes"],
    &["header=optional", "header=skipped", "header=due"],
    &["utf-8", "windows-1251", "cp866", "koi8-r", "utf-16le", "utf-16be"],
    &["multiline"],
    &["tab", "comma"],
    &["trailing"],
    &["least=0", "least=2", "least=6"],
    &["joined", "several"],
    &["times=3", "times=20000"],
];

/// Layout of some words.
pub(super) fn layout(words: &str) -> Option<Layout> {
    let has = |word: &str| words.split_whitespace().any(|known| known == word);
    let mut head = "name = \"fuzz\"\ndates = \"YYYY-MM-DD\"\nempty = [\"NULL\"]\n".to_owned();
    let encoding = words.split_whitespace().find_map(Encoding::from_name);
    encoding.map(|encoding| writeln!(head, "encoding = \"{}\"", encoding.name()));
    let quote = if has("unquoted") {
        ""
    } else if has("single_quotes") {
        "'"
    } else {
        "\\\""
    };
    let _ = writeln!(head, "quote = \"{quote}\"\nquoting = \"{}\"", if has("stripped") { "stripped" } else { "rfc4180" });
    let delimiter = if has("tab") {
        "\\t"
    } else if has("comma") {
        ","
    } else {
        ";"
    };
    let _ = writeln!(head, "delimiter = \"{delimiter}\"\nmultiline = {}", has("multiline"));
    let header = words.split_whitespace().find_map(|word| word.strip_prefix("header="));
    let header = header.map_or("false", |word| match word {
        "due" => "true",
        "optional" => "\"optional\"",
        _ => "\"skipped\"",
    });
    let _ = writeln!(head, "header = {header}\ntrailing_delimiters = {}\nother_columns = \"skip\"", has("trailing"));
    let least = words.split_whitespace().find_map(|word| word.strip_prefix("least=")?.parse::<u8>().ok());
    least.map(|least| writeln!(head, "least_columns = {least}"));
    head += "columns = [\"clinic\", \"surname\", \"given_name\", \"birth_date\", \"attached_from\", \"series\", \"number\", \"sex\"]\n";
    let records = if has("joined") {
        JOINED
    } else if has("several") {
        SEVERAL
    } else {
        PLAIN
    };
    Layout::parse(&(head + records), "fuzz.toml").ok()
}

const PLAIN: &str = r#"
table = "attachments"
fields = [ { field = "clinic" }, { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "attached_from" },
           { field = "district", column = "series" }, { field = "sex" } ]
"#;

const JOINED: &str = r##"
table = "attachments"
fields = [ { field = "clinic" }, { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "attached_from" },
           { field = "attached_to", column = "birth_date", empty = ["-"] },
           { field = "policy_number", columns = ["series", "number"], join = " № ", empty = ["№", "0"] },
           { field = "doc_number", columns = ["number", "series", "clinic"], join = "" },
           { field = "policy_kind", column = "number" }, { field = "enp", column = "number", digits = 16 },
           { field = "district", columns = ["given_name"] }, { field = "doc_kind", value = "14" }, { field = "sex", value = "1", column = "sex" } ]
[maps.sex]
"М" = "1"
"Ж" = "2"
[maps.policy_kind]
"б/н" = "1"
"#9" = "2"
"#16" = "3"
"*" = "1"
"##;

const SEVERAL: &str = r#"
fields = [ { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "sex" }, { field = "policy_kind", value = "3" } ]
[[records]]
table = "attachments"
when = ["clinic", "attached_from"]
fields = [ { field = "clinic" }, { field = "attached_from" }, { field = "policy_number", columns = ["series", "number"] } ]
[[records]]
table = "register"
fields = [ { field = "insurer", column = "series" }, { field = "insured_from", column = "attached_from" } ]
[[records]]
table = "attachments"
when = ["clinic"]
fields = [ { field = "clinic", column = "number" }, { field = "attached_from" }, { field = "profile", value = "3" } ]
"#;
