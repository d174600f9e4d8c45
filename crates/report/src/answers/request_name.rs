//! Names of answers, made from the names of their requests.

use sverka_formats::latin_key;

/// Endings of packed and written requests, which an answer does not take over.
const ENDINGS: [&str; 12] = ["zip", "gz", "zst", "csv", "txt", "dbf", "xml", "parquet", "xlsx", "xlsm", "xls", "ods"];

/// Name of a request without folders and endings.
pub(super) fn stem(source: &str) -> &str {
    let mut name = source.rsplit('/').next().unwrap_or(source);
    while let Some((before, ending)) = name.rsplit_once('.') {
        let known = ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
        if !known || before.is_empty() {
            break;
        }
        name = before;
    }
    name
}

/// Name `E2…` or `LO2…` of the answer to a request `MO2…`.
///
/// The name behind `MO` is kept. Its first digit is the kind of sender, so `MO1…` gives `E1…`. A request without such a
/// name keeps its whole name behind the prefix and `2`.
pub(super) fn mo_name(prefix: &str, stem: &str) -> String {
    match after(stem, "MO").or_else(|| after(stem, "M")) {
        Some(rest) => format!("{prefix}{rest}"),
        None => format!("{prefix}2{stem}"),
    }
}

/// Rest of a name behind a prefix of capital letters, when a digit follows the prefix. Lower case and Cyrillic letters that look alike count as the
/// prefix.
fn after<'s>(stem: &'s str, prefix: &str) -> Option<&'s str> {
    let end = stem.char_indices().nth(prefix.chars().count()).map_or(stem.len(), |(index, _)| index);
    let (head, rest) = stem.split_at(end);
    (latin_key(head) == prefix && rest.starts_with(|first: char| first.is_ascii_digit())).then_some(rest)
}

/// Name of the answer to a list: the name of the request with its first letter `i` replaced. A request without such a
/// name keeps its whole name behind the letter.
pub(super) fn list_name(letter: char, stem: &str) -> String {
    format!("{letter}{}", after(stem, "I").unwrap_or(stem))
}

/// Insurer and issuing point of a list named `iSSSSS_RRR_…`; empty for other names.
pub(super) fn list_sender(stem: &str) -> (&str, &str) {
    let Some(rest) = after(stem, "I") else { return ("", "") };
    let mut parts = rest.split('_');
    let digits = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let insurer = parts.next().filter(digits);
    let point = parts.next().filter(digits);
    (insurer.unwrap_or_default(), insurer.and(point).unwrap_or_default())
}

/// Folders of a request, without `..` and the root. The answer goes into the same folders, so that requests of one name stay apart.
pub(super) fn folders(source: &str) -> Vec<&str> {
    let (folders, _) = source.rsplit_once('/').unwrap_or_default();
    folders.split('/').filter(|name| !matches!(*name, "" | "." | "..")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_of_packing_and_writing_are_no_part_of_the_stem() {
        for (source, expected) in [
            ("in/MO234000120261031.csv", "MO234000120261031"),
            ("MO234000120261031.CSV.gz", "MO234000120261031"),
            ("a.zip/MO2x.csv", "MO2x"),
            ("in/MO2x.XLSX", "MO2x"),
            ("in/MO2x.ods", "MO2x"),
            ("in.2026/list.v2", "list.v2"),
            (".csv", ".csv"),
        ] {
            assert_eq!(stem(source), expected);
        }
    }

    #[test]
    fn names_keep_everything_after_the_prefix() {
        assert_eq!(mo_name("E", "MO23400012026103117"), "E23400012026103117");
        assert_eq!(mo_name("LO", "MO23400012026103117"), "LO23400012026103117");
        assert_eq!(mo_name("E", "mo13400120261031"), "E13400120261031");
        assert_eq!(mo_name("E", "M23400015800020261031"), "E23400015800020261031");
        assert_eq!(mo_name("E", "980101_20261031"), "E2980101_20261031");
        assert_eq!(mo_name("E", "МО298010120261031"), "E298010120261031", "Cyrillic letters that look the same");
        assert_eq!(mo_name("E", "МОСКВА1"), "E2МОСКВА1");
        assert_eq!(list_name('p', "i34001_001_10261"), "p34001_001_10261");
        assert_eq!(list_name('f', "insurer34001"), "finsurer34001");
        assert_eq!(list_sender("i34001_001_10261"), ("34001", "001"));
        assert_eq!(list_sender("i34001"), ("34001", ""));
        assert_eq!(list_sender("98001_20261031"), ("", ""));
    }

    #[test]
    fn a_folder_never_leads_out() {
        assert_eq!(folders("../in/./a.zip/MO2x.csv"), ["in", "a.zip"]);
        assert_eq!(folders("/srv/MO2x.csv"), ["srv"]);
        assert!(folders("MO2x.csv").is_empty());
    }
}
