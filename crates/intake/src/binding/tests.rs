//! Tests of bindings, for rows that are read in place and rows that are composed.

use super::*;
use crate::{Chunk, ChunkReader, RowBytes, RowFault};
use sverka_formats::Encoding;

/// A layout with columns `a` to `e`, without header. The required fields are all column `a`; `fields` are further entries.
fn layout(head: &str, fields: &str, maps: &str) -> Layout {
    let required = ["clinic", "surname", "given_name", "birth_date", "attached_from"];
    let required: String = required.iter().map(|name| format!("{{ field = \"{name}\", column = \"a\" }}, ")).collect();
    let text = format!(
        "name = \"x\"\ntable = \"attachments\"\nheader = false\ndates = \"YYYYMMDD\"\n{head}\ncolumns = [\"a\", \"b\", \"c\", \"d\", \"e\"]\n\
         fields = [ {required} {fields} ]\n{maps}"
    );
    Layout::parse(&text, "x.toml").unwrap_or_else(|error| panic!("{error}"))
}

/// The values of some fields of a row; the row read in place and the row composed of values have the same ones.
fn values(layout: &Layout, row: &str, fields: &[Field]) -> Vec<String> {
    let bindings = Bindings::new(layout, Table::Attachments, &layout.positions());
    let mut in_place = Vec::new();
    let mut visitor = |_: RowBytes<'_>, found: Result<RowFields<'_>, RowFault>| {
        let found = found.unwrap_or_else(|fault| panic!("{fault:?}"));
        assert_filled(&found, row);
        in_place = fields.iter().map(|field| found.get(*field).to_owned()).collect();
    };
    let chunk = Chunk { from: 0, to: row.len() };
    ChunkReader::new(layout.delimited().expect("text"), Encoding::Utf8, &bindings).rows(row.as_bytes(), &chunk, &mut visitor);
    let written: Vec<&str> = row.split(';').collect();
    let mut composed = ComposedRow::default();
    let found = composed.fields(|column| written[column], &bindings.records[0]);
    assert_filled(&found, row);
    let composed: Vec<String> = fields.iter().map(|field| found.get(*field).to_owned()).collect();
    assert_eq!(in_place, composed, "{row}");
    in_place
}

/// Checks that a field counts as filled when it has a value, whether it was asked for or not.
fn assert_filled(fields: &RowFields<'_>, row: &str) {
    let unasked = fields.filled(u64::MAX);
    let has_value: [u8; Field::COUNT] = std::array::from_fn(|number| u8::from(!fields.get(Field::ALL[number]).is_empty()));
    assert_eq!((unasked, fields.filled(0)), (has_value, has_value), "{row}");
}

#[test]
fn a_column_may_be_several_fields() {
    let layout = layout("", r#"{ field = "district", column = "b" }, { field = "department", column = "b" }"#, "");
    let found =
        values(&layout, "1; 2 ;;;", &[Field::Clinic, Field::Surname, Field::AttachedFrom, Field::District, Field::Department]);
    assert_eq!(found, ["1", "1", "1", "2", "2"]);
}

#[test]
fn joined_values_leave_out_what_is_empty() {
    let entry = r#"{ field = "policy_number", columns = ["b", "c", "d"], join = " № ", empty = ["-"] }, { field = "district", column = "c" }"#;
    let layout = layout("", entry, "");
    for (row, number, district) in [
        ("1;12;34;56;", "12 № 34 № 56", "34"),
        ("1; 12 ;;56 ;", "12 № 56", ""),
        ("1;;34;;", "34", "34"),
        ("1;-;  ;-;", "", ""),
        ("1;Ж;-;Щ\u{A0};", "Ж № Щ", "-"),
    ] {
        assert_eq!(
            values(&layout, row, &[Field::PolicyNumber, Field::District, Field::Clinic]),
            [number, district, "1"],
            "{row}"
        );
    }
}

#[test]
fn parts_of_two_fields_may_be_the_same_columns_in_another_order() {
    let entry = r#"{ field = "policy_number", columns = ["b", "c"] }, { field = "doc_number", columns = ["c", "b"], join = "" }"#;
    assert_eq!(values(&layout("", entry, ""), "1;12;34;;", &[Field::PolicyNumber, Field::DocNumber]), ["12 34", "3412"]);
}

#[test]
fn digits_distinguish_the_numbers_of_two_fields() {
    let entry = r##"{ field = "enp", column = "b", digits = 16 }, { field = "policy_kind", column = "b" }, { field = "policy_number", column = "b" }"##;
    let layout = layout("", entry, "[maps.policy_kind]\n\"б/н\" = \"2\"\n\"#16\" = \"3\"\n\"#9\" = \"2\"\n\"*\" = \"1\"\n");
    for (number, enp, kind) in [
        ("9990000000000001", "9990000000000001", "3"),
        (" 999000001 ", "", "2"),
        ("999000000000000A", "", "1"),
        ("99900000000000012", "", "1"),
        ("б/н", "", "2"),
        ("", "", ""),
    ] {
        let found = values(&layout, &format!("1;{number};;;"), &[Field::Enp, Field::PolicyKind, Field::PolicyNumber]);
        assert_eq!(found, [enp, kind, number.trim()], "{number}");
    }
}

#[test]
fn what_is_mapped_itself_outranks_a_number_and_all_others() {
    let layout = layout(
        "",
        r#"{ field = "sex", column = "b", empty = ["0"] }"#,
        "[maps.sex]\n\"7\" = \"2\"\n\"#1\" = \"1\"\n\"*\" = \"2\"\n",
    );
    for (written, sex) in [("7", "2"), ("8", "1"), ("Ж", "2"), ("0", ""), ("", "")] {
        assert_eq!(values(&layout, &format!("1;{written};;;"), &[Field::Sex]), [sex], "{written}");
    }
}

#[test]
fn a_default_stands_for_what_is_empty_and_for_a_column_that_is_not_there() {
    let entry = r#"{ field = "profile", value = "3" }, { field = "method", column = "b", value = "2", empty = ["0"] }"#;
    let layout = layout("", entry, "");
    for (written, method) in [("", "2"), ("0", "2"), (" ", "2"), ("1", "1")] {
        assert_eq!(values(&layout, &format!("1;{written};;;"), &[Field::Profile, Field::Method]), ["3", method], "{written}");
    }
}

#[test]
fn one_quote_is_taken_off_either_end() {
    let entry = r#"{ field = "district", column = "b" }, { field = "policy_number", columns = ["c", "d"] }"#;
    let layout = layout("quoting = \"stripped\"", entry, "");
    for (written, bare) in [
        (r#""x""#, "x"),
        (r#" "x" "#, "x"),
        (r#"" x ""#, "x"),
        (r#""""#, ""),
        (r#"""#, ""),
        (r#"""""#, r#"""#),
        (r#""x"#, "x"),
        (r#"x""#, "x"),
        (r#"ООО "Ключ""#, r#"ООО "Ключ"#),
        (r#""ООО "Ключ"""#, r#"ООО "Ключ""#),
        ("\"\u{A0}x\u{A0}\"", "x"),
        ("", ""),
    ] {
        let found =
            values(&layout, &format!("\"1\";{written};{written};\"9\";"), &[Field::District, Field::PolicyNumber, Field::Clinic]);
        let joined = if bare.is_empty() { "9".to_owned() } else { format!("{bare} 9") };
        assert_eq!(found, [bare, &joined, "1"], "{written}");
    }
}

#[test]
fn a_record_that_no_field_asks_for_is_not_given() {
    let text = r#"
name = "x"
header = false
dates = "YYYYMMDD"
columns = ["a", "b", "c"]
fields = [ { field = "surname", column = "a" }, { field = "given_name", column = "a" }, { field = "birth_date", column = "a" }, { field = "attached_from", column = "a" } ]
[[records]]
table = "attachments"
when = ["clinic"]
fields = [ { field = "clinic", column = "b", empty = ["-"] } ]
[[records]]
table = "attachments"
when = ["clinic"]
fields = [ { field = "clinic", column = "c" }, { field = "profile", value = "3" } ]
"#;
    let layout = Layout::parse(text, "x.toml").expect("layout");
    let bindings = Bindings::new(&layout, Table::Attachments, &layout.positions());
    let form = layout.delimited().expect("text");
    // The rows with as many columns as there are come in place, the quoted ones one by one.
    for (row, expected) in [
        ("a;1;2", vec!["0 a 1 ", "1 a 2 3"]),
        ("a;1;", vec!["0 a 1 "]),
        ("a;-;2", vec!["1 a 2 3"]),
        ("a;-;", vec!["0 a  "]),
        ("\"a\";1;2", vec!["0 a 1 ", "1 a 2 3"]),
        ("\"a\";;\"2\"", vec!["1 a 2 3"]),
        ("\"a\";;", vec!["0 a  "]),
    ] {
        let mut found = Vec::new();
        let mut visitor = |at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>| {
            let fields = fields.unwrap_or_else(|fault| panic!("{fault:?}"));
            found.push(format!(
                "{} {} {} {}",
                at.part,
                fields.get(Field::Surname),
                fields.get(Field::Clinic),
                fields.get(Field::Profile)
            ));
        };
        let chunk = Chunk { from: 0, to: row.len() };
        ChunkReader::new(form, Encoding::Utf8, &bindings).rows(row.as_bytes(), &chunk, &mut visitor);
        assert_eq!(found, expected, "{row}");
    }
}

/// A layout of attachments with a full name in column `b`, and with further entries.
fn split_layout(entries: &str) -> Layout {
    let text = format!(
        "name = \"x\"\ntable = \"attachments\"\nheader = false\ndates = \"YYYYMMDD\"\ncolumns = [\"a\", \"b\", \"c\"]\n\
         fields = [ {{ field = \"clinic\", column = \"a\" }}, {{ field = \"birth_date\", column = \"a\" }}, \
         {{ field = \"attached_from\", column = \"a\" }}, {entries} ]\n"
    );
    Layout::parse(&text, "x.toml").unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_full_name_gives_its_parts_however_the_layout_says_it() {
    let (whole, part) = (r#"{ column = "b", split = "full_name" }"#, |field: &str| {
        format!("{{ field = \"{field}\", column = \"b\", split = \"full_name\" }}")
    });
    let each = ["surname", "given_name", "patronymic"].map(part).join(", ");
    for entries in [whole, &part("surname"), &each] {
        let found = values(&split_layout(entries), "1; Иванов  И.П. ;3", &FieldLayout::NAMES);
        assert_eq!(found, ["Иванов", "И.", "П."], "{entries}");
    }
    let own = format!("{whole}, {{ field = \"patronymic\", column = \"c\", empty = [\"нет\"] }}");
    assert_eq!(values(&split_layout(&own), "1;Иванов Иван Ильич;нет", &FieldLayout::NAMES), ["Иванов", "Иван", ""]);
}

#[test]
fn one_date_is_a_start_or_an_end_as_the_action_says() {
    let entries = r#"{ field = "action", column = "b" }, { field = "attached_to", column = "a" }"#;
    let layout = layout("", entries, "[maps.action]\n\"1\" = \"new\"\n\"2\" = \"end\"\n\"3\" = \"change\"\n");
    let fields = [Field::AttachedFrom, Field::AttachedTo];
    for (flag, from, to) in
        [("1", "20261005", ""), ("2", "", "20261005"), ("3", "20261005", ""), ("9", "20261005", ""), ("", "", "")]
    {
        assert_eq!(values(&layout, &format!("20261005;{flag};;;"), &fields), [from, to], "{flag}");
    }
}
