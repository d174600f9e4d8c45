//! Tests of layouts as files, and of headers.

use super::*;

const REQUIRED: &str = r#"[[fields]]
field = "clinic"
[[fields]]
field = "surname"
[[fields]]
field = "given_name"
[[fields]]
field = "birth_date"
[[fields]]
field = "attached_from"
"#;

fn with_head(head: &str, more: &str) -> String {
    let basic = "name = \"x\"\ntable = \"attachments\"\n";
    let header = if head.contains("header") { "" } else { "header = true\n" };
    let dates = if head.starts_with("dates") { "" } else { "dates = \"YYYYMMDD\"\n" };
    format!("{basic}{header}{dates}{head}{REQUIRED}{more}")
}

#[test]
fn canonical_layouts_have_every_field_of_their_table() {
    for table in [Table::Register, Table::Attachments] {
        let layout = Layout::built_in(table.name()).expect("built in");
        let form = layout.delimited().expect("text");
        assert_eq!((layout.role(), form.header, form.delimiter), (table.name(), HeaderLine::Due, b';'));
        let of_table: Vec<Field> = Field::ALL.iter().filter(|f| f.stands_in(table)).copied().collect();
        assert_eq!(layout.records.len(), 1);
        let fields = &layout.records[0].fields;
        assert_eq!(fields.len(), of_table.len());
        assert!(of_table.iter().all(|field| fields.iter().any(|of| of.field == *field)));
        let plain = |of: &FieldLayout| layout.columns[of.columns[0]] == of.field.name() && of.dates == DateFormat::Iso;
        assert!(fields.iter().all(plain));
    }
    assert_eq!(Layout::built_in("other"), None);
}

#[test]
fn every_layout_that_the_program_brings_along_can_be_read() {
    for name in Layout::built_in_names() {
        let layout = Layout::parse(Layout::built_in_text(name).expect("a text"), name).expect("a layout");
        assert_eq!(layout.name, name);
    }
}

#[test]
fn a_layout_without_header_gives_positions() {
    let more = r#"
[[fields]]
skip = true
[[fields]]
field = "sex"
empty = ["-", " "]
[[fields]]
skip = true
[maps.sex]
"М" = "1"
"Ж" = "2"
"#;
    let head = "header = false\ndelimiter = \"\\t\"\nquote = \"\"\nend_dates = \"last_day\"\nempty = [\"NULL\", \"\"]\nmultiline = true\n";
    let layout = Layout::parse(&with_head(head, more), "x.toml").expect("layout");
    assert_eq!(layout.columns.len(), 8);
    let form = layout.delimited().expect("text");
    assert_eq!((form.delimiter, form.quotes, form.header, form.multiline), (b'\t', Quotes::None, HeaderLine::None, true));
    let sex = layout.records[0].fields.last().expect("fields");
    assert_eq!((sex.field, sex.columns.as_slice(), sex.end_is_last_day), (Field::Sex, [6].as_slice(), true));
    assert_eq!(sex.empty_words, ["NULL", "-"]);
    assert_eq!(sex.map, [("Ж".to_owned(), "2".to_owned()), ("М".to_owned(), "1".to_owned())]);
}

#[test]
fn headers_bind_in_any_order_without_optional_columns() {
    let more = "[[fields]]\ncolumn = \"LPU_OLD\"\nskip = true\n[[fields]]\nfield = \"enp\"\ncolumn = \"ЕНП\"\n";
    let layout = Layout::parse(&with_head("", more), "x.toml").expect("layout");
    let bound = layout.bind_header(&["birth_date", " LPU_OLD ", "surname", "given_name", "clinic", "attached_from"]);
    assert_eq!(bound, Ok(vec![Some(3), Some(5), Some(1), Some(2), Some(0), Some(4)]));
    for (header, message) in [
        (
            vec!["clinic", "surname", "given_name", "birth_date", "attached_from", "enp", "фонд"],
            "columns unknown to layout `x`: `enp`, column 7; remove them or add them to the layout",
        ),
        (
            vec!["clinic", "surname", "given_name", "birth_date", "attached_from", "clinic", "ЕНП", "ЕНП"],
            "columns that stand more than once: `clinic`, `ЕНП`; keep one of each",
        ),
        (
            vec!["surname", "given_name", "birth_date"],
            "columns required by layout `x` are missing: `clinic`, `attached_from`; add them",
        ),
        (
            vec!["990001", "Петров", "Пётр"],
            "none of the 3 columns of the first line is known to layout `x`; add the header or choose another layout",
        ),
    ] {
        let fault = layout.bind_header(&header).expect_err("a fault");
        assert_eq!(fault.to_string(), message);
    }
}

#[track_caller]
fn assert_fault(text: &str, message: &str) {
    let error = Layout::parse(text, "l.toml").expect_err(text);
    assert_eq!(error.to_string(), message, "{text}");
}

#[test]
fn each_fault_of_the_head_names_its_line() {
    for (text, message) in [
        (
            with_head("encoding = \"cp437\"\n", ""),
            "l.toml:5: encoding `cp437` is unknown; known are `utf-8`, `windows-1251`, `cp866`, `koi8-r`, `iso-8859-5`, `utf-16le`, `utf-16be`. Without `encoding` it is detected for each source",
        ),
        (
            with_head("delimiter = \";;\"\n", ""),
            "l.toml:5: `delimiter` is \";;\"; expected one ASCII character, no letter, digit, blank or line break, or a tab",
        ),
        (
            with_head("quote = \"\\n\"\n", ""),
            "l.toml:5: `quote` is \"\\n\"; expected one ASCII character, no letter, digit, blank or line break, or \"\" for none",
        ),
        (
            with_head("delimiter = '\"'\n", ""),
            "l.toml:5: `delimiter` and `quote` are the same character; choose another, or `quote = \"\"` for none",
        ),
        (
            with_head("dates = \"MM/DD/YYYY\"\n", ""),
            "l.toml:4: unknown variant `MM/DD/YYYY`, expected one of `YYYY-MM-DD`, `YYYYMMDD`, `DD.MM.YYYY`, `YYYY-MM-DD[Thh:mm:ss]`, `any`",
        ),
        (
            with_head("quotes = \"'\"\n", ""),
            "l.toml:5: unknown field `quotes` (is `quote` meant?), expected one of `name`, `file_names`, `table`, `format`, `encoding`, `delimiter`, `quote`, `quoting`, `header`, `sheet`, `header_line`, `multiline`, `least_columns`, `trailing_delimiters`, `other_columns`, `dates`, `end_dates`, `empty`, `columns`, `xml`, `fields`, `records`, `maps`, `missing_names`, `answers`, `sender`",
        ),
    ] {
        assert_fault(&text, message);
    }
}

// Without further lines in the head, fields and maps of a test begin in line 15.

#[test]
fn each_fault_of_fields_and_records_names_its_line() {
    let attachment_fields = "record_id, clinic, policy_kind, policy_number, enp, surname, given_name, patronymic, sex, birth_date, snils, \
        doc_kind, doc_number, profile, method, attached_from, attached_to, district, department, doctor_snils, action, reliability";
    let unknown_field = format!("l.toml:15: unknown field `fio`; fields of this table: {attachment_fields}");
    for (text, message) in [
        (with_head("", "[[fields]]\nfield = \"fio\"\n"), unknown_field.as_str()),
        (
            with_head("", "[[fields]]\nfield = \"insurer\"\n"),
            "l.toml:15: field `insurer` does not belong to the table `attachments`; remove it or skip its column",
        ),
        (
            with_head("", "[[fields]]\nfield = \"clinic\"\ncolumn = \"c\"\n"),
            "l.toml:15: field `clinic` stands already in line 5; keep one",
        ),
        (
            with_head("", "[[fields]]\nfield = \"enp\"\ncolumn = \"clinic\"\n"),
            "l.toml:15: column `clinic` stands already in line 5; keep one",
        ),
        (
            "name = \"x\"\nheader = true\ndates = \"YYYYMMDD\"\ncolumns = [\"surname\", \"given_name\", \"birth_date\", \"sex\", \"insurer\", \
             \"insured_from\", \"policy_kind\", \"clinic\", \"attached_from\"]\n[[fields]]\nfield = \"surname\"\n[[fields]]\nfield = \"given_name\"\n\
             [[fields]]\nfield = \"birth_date\"\n[[fields]]\nfield = \"sex\"\n[[fields]]\nfield = \"policy_kind\"\n[[records]]\n\
             table = \"register\"\nwhen = [\"insurer\"]\nfields = [{ field = \"insurer\" }, { field = \"insured_from\" }]\n[[records]]\n\
             table = \"attachments\"\nwhen = [\"clinic\"]\nfields = [{ field = \"clinic\" }, { field = \"attached_from\" }]\n"
                .to_owned(),
            "l.toml:1: of [[records]] of both tables one must do without `when`, so that every row gives a record",
        ),
        (with_head("", "[[fields]]\ncolumn = \"x\"\n"), "l.toml:15: an entry of [[fields]] has either `field` or `skip = true`"),
        (
            with_head("", "[[fields]]\nfield = \"enp\"\nskip = true\n"),
            "l.toml:15: an entry of [[fields]] has either `field` or `skip = true`",
        ),
        (
            with_head("", "[[fields]]\nskip = true\n"),
            "l.toml:15: a skipped column of a layout with header needs its name; add `column`",
        ),
        (
            "name = \"x\"\ntable = \"attachments\"\nheader = true\ndates = \"YYYYMMDD\"\n[[fields]]\nfield = \"surname\"\n"
                .to_owned(),
            "l.toml:1: required fields of the table `attachments` are missing: clinic, given_name, birth_date, attached_from; add them to [[fields]]",
        ),
    ] {
        assert_fault(&text, message);
    }
}

#[test]
fn each_fault_of_a_map_names_its_line() {
    for (text, message) in [
        (with_head("", "[maps.fio]\na = \"1\"\n"), "l.toml:15: [maps.fio] cannot be used: there is no such field"),
        (with_head("", "[maps.clinic]\na = \"1\"\n"), "l.toml:15: [maps.clinic] cannot be used: the field's values are no codes"),
        (
            with_head("", "[maps.method]\na = \"1\"\n"),
            "l.toml:15: [maps.method] cannot be used: no entry of [[fields]] gives the field",
        ),
        (
            with_head("", "[[fields]]\nfield = \"sex\"\n[maps.sex]\n\"М\" = \"1\"\n\"Ж\" = \"0\"\n"),
            "l.toml:19: [maps.sex] gives `0`; expected 1 or 2",
        ),
        (
            with_head("", "[[fields]]\nfield = \"action\"\n[maps.action]\n\"И\" = \"И\"\n"),
            "l.toml:18: [maps.action] gives `И`; expected new, change or end",
        ),
        (
            with_head("", "[[fields]]\nfield = \"policy_kind\"\n[maps.policy_kind]\n\"С\" = \"01\"\n"),
            "l.toml:18: [maps.policy_kind] gives `01`; expected 1, 2 or 3",
        ),
    ] {
        assert_fault(&text, message);
    }
}

const SCHEMA: &str = include_str!("../../../../schemas/layout.schema.json");
const PAGE: &str = include_str!("../../../../docs/layouts.md");

fn schema() -> serde_json::Value {
    serde_json::from_str(SCHEMA).expect("JSON")
}

/// The values that an error message lists as expected.
fn expected_by(text: &str) -> Vec<String> {
    let error = Layout::parse(text, "x.toml").expect_err(text).to_string();
    let (_, expected) = error.split_once("expected ").expect("the list of what is known");
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Asserts that a list of the schema has these values, in any order.
fn assert_listed(pointer: &str, mut known: Vec<String>) {
    let schema = schema();
    let listed = match schema.pointer(pointer) {
        Some(serde_json::Value::Object(keys)) => keys.keys().cloned().collect(),
        Some(serde_json::Value::Array(words)) => words.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    let mut listed: Vec<String> = listed;
    listed.sort_unstable();
    known.sort_unstable();
    assert_eq!(listed, known, "{pointer}");
}

#[test]
fn the_schema_has_exactly_the_keys_that_are_read() {
    for (table, pointer) in [
        ("", "/properties"),
        ("[xml]\n", "/properties/xml/properties"),
        ("[[records]]\n", "/properties/records/items/properties"),
        ("[[fields]]\n", "/$defs/field/properties"),
        ("[[records]]\ntable = \"register\"\n[[records.fields]]\n", "/$defs/field/properties"),
    ] {
        assert_listed(pointer, expected_by(&format!("{table}nonsense = 1\n")));
    }
}

#[test]
fn the_schema_has_exactly_the_words_that_are_read() {
    for (key, pointer) in [
        ("table", "/$defs/table/enum"),
        ("format", "/properties/format/enum"),
        ("quoting", "/properties/quoting/enum"),
        ("other_columns", "/properties/other_columns/enum"),
        ("dates", "/$defs/dates/enum"),
        ("end_dates", "/$defs/end_dates/enum"),
        ("answers", "/properties/answers/enum"),
    ] {
        assert_listed(pointer, expected_by(&format!("{key} = \"nonsense\"\n")));
    }
    let names = |fields: &mut dyn Iterator<Item = &Field>| fields.map(|field| field.name().to_owned()).collect::<Vec<_>>();
    assert_listed("/$defs/field_name/enum", names(&mut Field::ALL.iter()));
    assert_listed("/properties/maps/properties", names(&mut Field::ALL.iter().filter(|field| field.is_code())));
}

#[test]
fn the_page_about_layouts_names_every_key_field_and_built_in_layout() {
    let schema = schema();
    let pointers =
        ["/properties", "/properties/xml/properties", "/properties/records/items/properties", "/$defs/field/properties"];
    let mut names: Vec<String> = Vec::new();
    for pointer in pointers {
        names.extend(schema.pointer(pointer).and_then(|keys| keys.as_object()).expect("keys").keys().cloned());
    }
    names.extend(Field::ALL.iter().map(|field| field.name().to_owned()));
    names.extend(Layout::built_in_names().map(str::to_owned));
    let is_told = |name: &String| {
        ["`name`", "`[name]`", "`[xml.name]`", "`[[name]]`", "`[name.*]`"]
            .iter()
            .any(|form| PAGE.contains(&form.replace("name", name)))
    };
    let missing: Vec<String> = names.into_iter().filter(|name| !is_told(name)).collect();
    assert!(missing.is_empty(), "docs/layouts.md does not tell of {missing:?}");
}

#[test]
fn the_layouts_in_the_documentation_can_be_read() {
    let mut layouts = 0;
    for page in [PAGE, include_str!("../../../../README.md")] {
        let examples = page.split("```toml\n").skip(1).filter_map(|rest| rest.split_once("```").map(|(text, _)| text));
        for text in examples.filter(|text| text.starts_with("name")) {
            Layout::parse(text, "example").unwrap_or_else(|error| panic!("{error}\n{text}"));
            layouts += 1;
        }
    }
    assert!(layouts > 2, "examples of layouts begin with their name");
}

#[test]
fn a_value_that_cannot_be_split_is_an_error_with_advice() {
    for (entries, expected) in [
        (r#"{ field = "attached_to", column = "d" }"#, "add the field `action`"),
        (
            r#"{ field = "surname", column = "s", split = "full_name" }, { field = "given_name", column = "g", split = "full_name" }"#,
            "one full name",
        ),
        (r#"{ field = "district", column = "s", split = "full_name" }"#, "gives surname, given_name and patronymic"),
        (r#"{ split = "full_name" }"#, "add `column`"),
        (r#"{ column = "s", split = "words" }"#, "full_name"),
    ] {
        let text = format!(
            "name = \"x\"\ntable = \"attachments\"\nheader = true\ndates = \"YYYYMMDD\"\ncolumns = [\"s\", \"g\", \"d\"]\nfields = [ \
             {{ field = \"clinic\", column = \"g\" }}, {{ field = \"birth_date\", column = \"d\" }}, {{ field = \"attached_from\", column = \"d\" }}, \
             {{ column = \"s\", split = \"full_name\" }}, {entries} ]\n"
        );
        let text = if entries.contains("\"s\"") { text.replace("{ column = \"s\", split = \"full_name\" }, ", "") } else { text };
        let error = Layout::parse(&text, "x.toml").expect_err(entries).to_string();
        assert!(error.contains(expected), "{entries}: {error}");
    }
}

#[test]
fn a_column_of_full_names_needs_no_list_of_columns() {
    let layout = Layout::parse(
        "name = \"x\"\ntable = \"attachments\"\nheader = true\ndates = \"YYYYMMDD\"\nfields = [ { column = \"ФИО\", split = \"full_name\" }, \
         { field = \"clinic\" }, { field = \"birth_date\" }, { field = \"attached_from\" } ]\n",
        "x.toml",
    )
    .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(layout.columns, ["ФИО", "clinic", "birth_date", "attached_from"]);
    let of =
        |field: Field| layout.records[0].fields.iter().find(|of| of.field == field).map(|of| (of.columns.clone(), of.is_split));
    assert_eq!(of(Field::Patronymic), Some((vec![0], true)));
    assert_eq!(of(Field::Clinic), Some((vec![1], false)));
}
