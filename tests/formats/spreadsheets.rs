//! Workbooks of spreadsheet programs: a list saved as a workbook gives the same records, and values that cannot be known are refused or noted.

use std::io::Read as _;

use sverka::answers::{AnswerOptions, JobRequestReader, answer};
use sverka::job::{CommandLine, Job};
use sverka_formats::container::{Container, Limits};
use sverka_publish::{OutputTable, zip_of};

use super::{FormatJob, rows};
use crate::commands::sverka;
use crate::published::PublishedRun;
use crate::samples;

/// One list in several forms. It has a title of merged cells above the header, dates as cells and as texts of two forms, SNILS and codes as numbers and
/// as texts.
const FORMS: [&str; 6] = [
    "attachments.xlsx",
    "attachments.ods",
    "attachments.xls",
    "attachments_libreoffice.xlsx",
    "attachments_libreoffice.ods",
    "attachments_libreoffice.xls",
];

fn list(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/spreadsheets").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn register() -> Vec<u8> {
    std::fs::read(samples::folder().join("registers/98001_20261031.csv")).expect("a register of the samples")
}

/// A job of the samples' register and of a list of attachments.
fn job(name: &str, layout: &str, bytes: &[u8]) -> FormatJob {
    FormatJob::new().source("registers", "register.csv", "register", &register()).source("attachments", name, layout, bytes)
}

/// Attachments, persons, findings and quarantine codes of a run, without the positions of records.
fn attachments(run: &PublishedRun) -> [Vec<String>; 4] {
    let stays = ["person_id", "profile", "clinic", "from", "to", "method", "record_ids"];
    [
        rows(run, OutputTable::AttachmentStays, &stays),
        rows(run, OutputTable::Persons, &["person_id", "surname", "snils", "clinic", "district"]),
        rows(run, OutputTable::Findings, &["code", "field", "record_id"]),
        rows(run, OutputTable::Quarantine, &["codes"]),
    ]
}

#[test]
fn a_list_gives_the_same_from_every_program() {
    let expected = attachments(&job("list.csv", "attachments", &list("attachments.csv")).run());
    assert!(expected[0].len() > 4, "{:?}", expected[0]);
    for name in FORMS {
        let run = job(name, "attachments", &list(name)).run();
        for (found, expected) in attachments(&run).into_iter().zip(&expected) {
            assert_eq!(found, *expected, "{name}");
        }
    }
}

#[test]
fn rows_have_their_lines_and_the_name_of_the_file_does_not_matter() {
    for name in FORMS {
        let run = job("list.bin", "attachments", &list(name)).run();
        let places = rows(&run, OutputTable::AttachmentStays, &["record_sources", "record_lines"]);
        // Above the first row of a workbook stand a title, a blank line and the header; in the text list only the header.
        let of_text = job("list.bin", "attachments", &list("attachments.csv")).run();
        let of_text = rows(&of_text, OutputTable::AttachmentStays, &["record_sources", "record_lines"]);
        assert!(of_text.iter().any(|place| place == "list.bin|3"), "{of_text:?}");
        assert!(places.iter().any(|place| place == "list.bin|5"), "{name}: {places:?}");
    }
}

#[test]
fn a_workbook_in_an_archive_is_one_document() {
    let expected = attachments(&job("list.csv", "attachments", &list("attachments.csv")).run());
    for name in FORMS {
        let packed = zip_of(&[(name, &list(name))]);
        let run = job("list.zip", "attachments", &packed).run();
        assert_eq!(attachments(&run)[0], expected[0], "{name}");
    }
}

/// A workbook with rows below the header of attachments; a cell is written in XML.
fn xlsx(cells: &[&[&str]]) -> Vec<u8> {
    let header = ["record_id", "clinic", "enp", "snils", "surname", "given_name", "birth_date", "attached_from"];
    let header: String = header.iter().map(|name| text(name)).collect();
    let rows: String = cells.iter().map(|cells| format!("<row>{}</row>", cells.concat())).collect();
    let sheet = format!("<worksheet><sheetData><row>{header}</row>{rows}</sheetData></worksheet>");
    workbook(&[("Лист1", "visible", &sheet)])
}

/// A cell with a text.
fn text(value: &str) -> String {
    format!("<c t='inlineStr'><is><t>{value}</t></is></c>")
}

/// A workbook with sheets (name, state, XML).
fn workbook(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let list: String = (1..)
        .zip(sheets)
        .map(|(n, (name, state, _)): (usize, _)| format!("<sheet name='{name}' state='{state}' r:id='r{n}'/>"))
        .collect();
    let links: String = (1..=sheets.len())
        .map(|n| format!("<Relationship Id='r{n}' Type='x/worksheet' Target='worksheets/sheet{n}.xml'/>"))
        .collect();
    let mut members = vec![
        ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
        ("xl/workbook.xml".to_owned(), format!("<workbook><sheets>{list}</sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{links}</Relationships>")),
    ];
    members.extend(
        (1..).zip(sheets).map(|(n, (_, _, sheet)): (usize, _)| (format!("xl/worksheets/sheet{n}.xml"), (*sheet).to_owned())),
    );
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, content)| (name.as_str(), content.as_bytes())).collect();
    zip_of(&members)
}

#[test]
fn an_enp_kept_as_a_number_is_never_guessed_and_reported_once() {
    let [clinic, snils, surname, name, birth, from] =
        [text("980101"), text("98000010148"), text("ЛИПОВА"), text("АННА"), text("1984-03-05"), text("2020-02-03")];
    let row = |enp: &str| {
        [text("A"), clinic.clone(), enp.to_owned(), snils.clone(), surname.clone(), name.clone(), birth.clone(), from.clone()]
    };
    let numbers =
        ["<c><v>9856510894000010</v></c>", "<c><v>9.85651089400001E+15</v></c>", "<c><v>156510894000010</v></c>"].map(row);
    let good = row(&text("9856510894000011"));
    let all: Vec<Vec<&str>> = numbers.iter().chain([&good]).map(|row| row.iter().map(String::as_str).collect()).collect();
    let all: Vec<&[&str]> = all.iter().map(Vec::as_slice).collect();
    let job = job("list.xlsx", "attachments", &xlsx(&all));
    let ended = sverka(&["run", job.job().to_str().expect("UTF-8")]);
    let output = ended.stdout + &ended.stderr;
    assert_eq!(output.matches("spreadsheets keep 15 digits").count(), 1, "{output}");
    assert!(output.contains("3 records cannot be read, the first one is record 2"), "{output}");
    let run = job.run();
    let notes = &run.manifest.inputs.iter().find(|input| input.name == "list.xlsx").expect("the list").notes;
    assert!(notes.iter().any(|note| note.contains("spreadsheets keep 15 digits")), "{notes:?}");
    let of_list = rows(&run, OutputTable::Quarantine, &["source", "line", "codes"]);
    let of_list: Vec<&String> = of_list.iter().filter(|row| row.starts_with("list.xlsx")).collect();
    assert_eq!(of_list, ["list.xlsx|2|RECORD_BROKEN", "list.xlsx|3|RECORD_BROKEN", "list.xlsx|4|RECORD_BROKEN"]);
}

#[test]
fn hidden_sheets_and_rows_and_cells_without_value_are_noted() {
    let good = |id: &str| {
        let values = [id, "980101", "9856510894000011", "98000010148", "ЛИПОВА", "АННА", "1984-03-05", "2020-02-03"];
        values.iter().map(|value| text(value)).collect::<String>()
    };
    let header: String =
        ["record_id", "clinic", "enp", "snils", "surname", "given_name", "birth_date", "attached_from", "district"]
            .iter()
            .map(|name| text(name))
            .collect();
    let rows = format!(
        "<row>{header}</row><row hidden='1'>{}</row><row>{}<c t='e'><v>#N/A</v></c></row><row>{}<c><f>A1</f></c></row>",
        good("A1"),
        good("A2"),
        good("A3")
    );
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let book = workbook(&[("Старый", "hidden", &sheet), ("Новый", "visible", &sheet), ("Прочее", "visible", "<worksheet/>")]);
    let run = job("list.xlsx", "attachments", &book).run();
    let notes = run.manifest.inputs.iter().find(|input| input.name == "list.xlsx").expect("the list").notes.join("\n");
    for words in [
        "sheet `Старый` is read, which is hidden",
        "though the header is there, too: `Новый`",
        "without the header: `Прочее`",
        "1 row(s) are hidden and are read like the others; see whether they belong to the list (the first in line 2)",
        "1 cell(s) hold the error of a formula, such as #N/A, and are read as empty; have them corrected (the first in line 3)",
        "1 cell(s) hold a formula without a value and are read as empty",
    ] {
        assert!(notes.contains(words), "{words} is not in {notes}");
    }
    let named = sverka_intake::Layout::built_in_text("attachments")
        .expect("built in")
        .replace("header = true", "header = true\nsheet = \"Новый\"");
    let job = job("list.xlsx", "own.toml", &book);
    job.write("own.toml", named.as_bytes());
    let run = job.run();
    let notes = run.manifest.inputs.iter().find(|input| input.name == "list.xlsx").expect("the list").notes.join("\n");
    assert!(!notes.contains("Старый") && notes.contains("are hidden and are read"), "{notes}");
}

#[test]
fn a_workbook_that_cannot_be_read_stops_the_run_with_its_cause() {
    let empty = "<worksheet><sheetData><row><c t='inlineStr'><is><t>x</t></is></c></row></sheetData></worksheet>";
    let lacking = format!(
        "<worksheet><sheetData><row>{}</row><row>{}{}{}</row></sheetData></worksheet>",
        text("Список"),
        text("clinic"),
        text("surname"),
        text("given_name")
    );
    let xls = list("attachments.xls");
    for (what, bytes, words) in [
        (
            "no header",
            workbook(&[("A", "visible", empty)]),
            "no row among the first 100 of any sheet has the columns of layout `attachments`",
        ),
        (
            "columns are absent",
            workbook(&[("A", "visible", &lacking)]),
            "line 2: columns required by layout `attachments` are missing",
        ),
        ("two sheets", workbook(&[("A", "visible", empty), ("B", "visible", &lacking)]), "sheet `B`, line 2: columns required"),
        ("no rows", workbook(&[("A", "visible", "<worksheet/>")]), "the file is empty"),
        ("cut", xls[..xls.len() / 2].to_vec(), "the workbook is damaged"),
    ] {
        let error = job("list.xlsx", "attachments", &bytes).outcome().map(|_| ()).expect_err(what).to_string();
        assert!(error.contains(words), "{what}: {error}");
    }
    let named = sverka_intake::Layout::built_in_text("attachments").expect("built in");
    for (keys, words) in
        [("sheet = \"B\"", "no sheet `B`, which the layout names; its sheets are `A`"), ("header_line = 7", "no row among")]
    {
        let job = job("list.xlsx", "own.toml", &workbook(&[("A", "visible", &lacking)]));
        job.write("own.toml", named.replace("header = true", &format!("header = true\n{keys}")).as_bytes());
        let error = job.outcome().map(|_| ()).expect_err(keys).to_string();
        assert!(error.contains(words), "{keys}: {error}");
    }
    let oplist = FormatJob::new().source("sources", "list.xlsx", "oplist", &workbook(&[("A", "visible", empty)]));
    let error = oplist.outcome().map(|_| ()).expect_err("XML").to_string();
    assert!(error.contains("layout `oplist` is of XML"), "{error}");
}

#[test]
fn a_workbook_chooses_its_layout_and_check_finds_it() {
    let job = FormatJob::new().source("registers", "register.csv", "register", &register());
    for name in FORMS {
        job.write(name, &list(name));
        let path = job.dir.path().join(name);
        let stdout = sverka(&["check", path.to_str().expect("UTF-8"), "--job", job.job().to_str().expect("UTF-8")]).stdout;
        assert!(stdout.contains("16 rows (attachments)"), "{name}: {stdout}");
    }
}

#[test]
fn a_list_of_clinics_by_positions_is_answered_in_the_form_of_its_family() {
    let row = |enp: &str, from: &str| {
        let mut values = vec![""; 24];
        for (at, value) in
            [(0, "Р"), (1, "П"), (3, enp), (4, "ЛИПОВА"), (5, "АННА"), (7, "19840305"), (14, "980101"), (15, "2"), (17, from)]
        {
            values[at] = value;
        }
        let cells: String = (b'A'..)
            .zip(&values)
            .filter(|(_, value)| !value.is_empty())
            .map(|(column, value)| {
                let column = char::from(column);
                format!("<c r='{column}1' t='inlineStr'><is><t>{value}</t></is></c>")
            })
            .collect();
        format!("<row>{cells}</row>")
    };
    let rows = row("9856510894000011", "20210201") + &row("9856510894000011", "20210231");
    let book = workbook(&[("A", "visible", &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))]);
    let job = FormatJob::new()
        .source("registers", "register.csv", "register", &register())
        .named_source("MO298010120261031.xlsx", &book);
    let run = job.run();
    let source = run.manifest.inputs.iter().find(|input| input.name.ends_with(".xlsx")).expect("the list");
    assert_eq!((source.layout.as_deref(), source.rows, source.quarantined), (Some("mo"), Some(2), Some(1)), "{source:?}");
    let loaded = Job::load(&job.job(), &CommandLine::default()).unwrap_or_else(|error| panic!("{error}"));
    let dictionaries = sverka::answers::dictionaries(&loaded).unwrap_or_else(|error| panic!("{error}"));
    let options = AnswerOptions { run: None, out: None, family: &|source| source.layout.answers, dictionaries: &dictionaries };
    let index = answer(&loaded, &JobRequestReader::new(&loaded), &options).unwrap_or_else(|error| panic!("{error}"));
    let packed = std::fs::read(index.folder.join("E298010120261031.zip")).expect("an answer");
    let members = Container::of_file(&packed).members("E2.zip", &Limits::default()).expect("an archive");
    let mut bytes = Vec::new();
    members[0].reader().map(|mut reader| reader.read_to_end(&mut bytes).expect("a sound archive")).expect("a member");
    let lines: Vec<String> = String::from_utf8(bytes).expect("ASCII").lines().map(|line| line.replace('"', "")).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("1;") && lines[1].starts_with("2;") && lines[1].ends_with(";2;46"), "{lines:?}");
}
