//! `sverka forms` on the money sample, which has everything that a form shows.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use super::folder;
use super::golden::assert_golden;
use super::money::money_folder;
use crate::published::{Execution, run_job};
use sverka_formats::spreadsheet::{CellValue, SheetRow, Workbook};

/// Forms in the golden folder: each once.
const GOLDEN: [&str; 8] = [
    "reconciliation/980101.csv",
    "age_sex.csv",
    "money.csv",
    "contract_annex/980101.csv",
    "clinic_sheet.csv",
    "insurer_sheet/98001.csv",
    "points.csv",
    "to_pay.csv",
];

/// The money sample, run into a folder of its own.
pub(super) struct FormsRun {
    out: tempfile::TempDir,
    made: tempfile::TempDir,
}

impl FormsRun {
    pub(super) fn new() -> Self {
        let out = tempfile::tempdir().expect("a folder");
        run_job(&money_folder().join("job.toml"), out.path(), Execution::default()).expect("the sample runs");
        Self { out, made: tempfile::tempdir().expect("a folder") }
    }

    fn forms(&self, to: &str, arguments: &[&str]) -> Output {
        forms(self.out.path(), &self.made.path().join(to), arguments)
    }

    /// Files of a format, by name below the folder.
    pub(super) fn files(&self, format: &str) -> BTreeMap<String, Vec<u8>> {
        let ended = self.forms(format, &["--format", format]);
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        let mut files = BTreeMap::new();
        collect(&self.made.path().join(format), "", &mut files);
        files.remove("forms.json").expect("an index");
        files
    }
}

fn forms(output: &Path, to: &Path, arguments: &[&str]) -> Output {
    let program = Command::new(env!("CARGO_BIN_EXE_sverka"))
        .arg("forms")
        .arg("--output")
        .arg(output)
        .arg("--to")
        .arg(to)
        .args(arguments)
        .output();
    program.expect("the program starts")
}

fn collect(folder: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = format!("{below}{}", path.file_name().and_then(|name| name.to_str()).expect("a name"));
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}

#[test]
fn forms_are_the_golden_ones() {
    let run = FormsRun::new();
    let files = run.files("csv");
    // The id of the run depends on the program.
    let id = std::fs::read_dir(run.out.path().join("runs")).expect("runs").next().expect("a run").expect("an entry").file_name();
    let id = id.to_str().expect("an id");
    let text = |name: &str| {
        let bytes = files.get(name).unwrap_or_else(|| panic!("{name}: {:?}", files.keys()));
        (name.to_owned(), String::from_utf8_lossy(bytes).replace(id, "RUN"))
    };
    assert_golden(&money_folder(), "golden/forms", &GOLDEN.into_iter().map(text).collect());
}

#[test]
fn a_workbook_reads_back_to_the_cells_of_the_form() {
    let run = FormsRun::new();
    let (cells, books) = (run.files("csv"), run.files("xlsx"));
    assert_eq!(cells.len(), books.len());
    for (name, text) in &cells {
        let book = &books[&name.replace(".csv", ".xlsx")];
        assert_eq!(sheets_of_workbook(book), sheets_of_csv(text), "{name}");
    }
}

#[test]
fn sums_of_workbooks_are_those_of_their_cells() {
    let run = FormsRun::new();
    let mut formulas = 0;
    for (name, book) in run.files("xlsx") {
        for (part, text) in inflated(&book).into_iter().filter(|(part, _)| part.starts_with("xl/worksheets/sheet")) {
            formulas += check_sums(&format!("{name}: {part}"), &String::from_utf8(text).expect("UTF-8"));
        }
    }
    assert!(formulas > 200, "{formulas}");
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let run = FormsRun::new();
    for format in ["xlsx", "html", "csv"] {
        assert!(run.files(format) == run.files(format), "{format}");
    }
}

#[test]
fn a_page_asks_no_network_and_repeats_its_headings() {
    let run = FormsRun::new();
    for (name, page) in run.files("html") {
        let page = String::from_utf8(page).expect("UTF-8");
        assert!(!["http", "src=", "href=", "url(", "<script"].iter().any(|asks| page.contains(asks)), "{name}");
        assert!(page.contains("thead { display: table-header-group; }") && page.contains("<thead>"), "{name}");
    }
}

#[test]
fn forms_are_narrowed_to_clinics_and_insurers() {
    let run = FormsRun::new();
    let names = |to: &str, arguments: &[&str]| -> Vec<String> {
        let ended = run.forms(to, arguments);
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        let mut files = BTreeMap::new();
        collect(&run.made.path().join(to), "", &mut files);
        files.into_keys().collect()
    };
    let of_clinic = names("clinic", &["--clinic", "980101"]);
    let expected = [
        "age_sex.xlsx",
        "clinic_sheet.xlsx",
        "contract_annex/980101.xlsx",
        "forms.json",
        "money.xlsx",
        "reconciliation/980101.xlsx",
        "to_pay.xlsx",
    ];
    assert_eq!(of_clinic, expected);
    assert_eq!(names("insurer", &["--insurer", "98002", "--form", "insurer_sheet"]), ["forms.json", "insurer_sheet/98002.xlsx"]);
}

#[test]
fn what_cannot_be_made_is_refused_with_advice() {
    let run = FormsRun::new();
    let complaint = |to: &str, arguments: &[&str]| {
        let ended = run.forms(to, arguments);
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(ended.stderr).expect("UTF-8")
    };
    assert!(complaint("a", &["--form", "mony"]).contains("`mony` (is money meant?)"));
    assert!(complaint("a", &["--clinic", "999999"]).contains("knows no clinic `999999`"));
    assert!(complaint("a", &["--form", "clinic_sheet", "--insurer", "98001"]).contains("--insurer cannot narrow it"));
    std::fs::create_dir(run.made.path().join("full")).expect("a folder");
    std::fs::write(run.made.path().join("full/thesis.txt"), "years of work").expect("a file");
    assert!(complaint("full", &[]).contains("holds something else than forms"));
    let runs = run.out.path().join("current/forms");
    assert_eq!(forms(run.out.path(), &runs, &[]).status.code(), Some(2), "a published run never changes");
    assert!(run.forms("a", &[]).status.success());
    assert!(run.forms("a", &["--form", "money"]).status.success(), "former forms are replaced");
    assert!(!run.made.path().join("a/age_sex.xlsx").exists());
}

#[test]
fn a_tariff_without_the_bands_of_contracts_is_told() {
    let out = tempfile::tempdir().expect("a folder");
    run_job(&folder().join("job.toml"), out.path(), Execution::default()).expect("the sample runs");
    let made = tempfile::tempdir().expect("a folder");
    let all = forms(out.path(), &made.path().join("all"), &[]);
    assert!(
        String::from_utf8_lossy(&all.stdout).contains("contract_annex: left out"),
        "{}",
        String::from_utf8_lossy(&all.stdout)
    );
    let named = forms(out.path(), &made.path().join("one"), &["--form", "contract_annex"]);
    assert_eq!(named.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&named.stderr).contains("needs a set of age-sex bands named `contract`"));
}

#[test]
fn every_form_is_listed() {
    let ended = Command::new(env!("CARGO_BIN_EXE_sverka")).args(["forms", "--list"]).output().expect("the program starts");
    let list = String::from_utf8(ended.stdout).expect("UTF-8");
    let forms = [
        "reconciliation",
        "age_sex",
        "money",
        "contract_annex",
        "clinic_sheet",
        "insurer_sheet",
        "points",
        "to_pay",
        "movement",
        "matrix",
        "letter",
        "corrections",
    ];
    for form in forms {
        assert!(list.contains(&format!("{form} ")), "{list}");
    }
}

/// Names and contents of the members of an archive.
pub(super) fn inflated(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let archive = rawzip::ZipArchive::from_slice(bytes).expect("an archive");
    let mut members = Vec::new();
    let mut entries = archive.entries();
    while let Some(record) = entries.next_entry().expect("a directory") {
        let name = std::str::from_utf8(record.file_path().as_ref()).expect("a name").to_owned();
        let entry = archive.get_entry(record.wayfinder()).expect("its place");
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::DeflateDecoder::new(entry.data()), &mut content).expect("whole");
        members.push((name, content));
    }
    members
}

/// Cells of a sheet that are not empty, by row and column.
type SheetCells = BTreeMap<(usize, usize), String>;

fn sheets_of_csv(text: &[u8]) -> Vec<(String, SheetCells)> {
    let mut sheets: Vec<(String, SheetCells)> = Vec::new();
    let mut row = 0;
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').flexible(true).has_headers(false).from_reader(text);
    for record in reader.records() {
        let record = record.expect("a row");
        if let Some(name) = record.get(0).and_then(|cell| cell.strip_prefix('[')?.strip_suffix(']')) {
            sheets.push((name.to_owned(), SheetCells::new()));
            row = 0;
            continue;
        }
        let cells = &mut sheets.last_mut().expect("a sheet").1;
        let filled = record.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        cells.extend(filled.map(|(column, cell)| ((row, column), normal(cell))));
        row += 1;
    }
    sheets
}

fn sheets_of_workbook(bytes: &[u8]) -> Vec<(String, SheetCells)> {
    let book = Workbook::open(bytes).expect("a workbook");
    let sheet = |(index, sheet): (usize, &sverka_formats::spreadsheet::Sheet)| {
        let mut cells = SheetCells::new();
        let mut take = |row: &SheetRow| {
            for cell in row.cells() {
                let text = match &cell.value {
                    CellValue::Text(text) | CellValue::IsoMoment(text) => row.text(text).to_owned(),
                    CellValue::Number(number) => number.to_string(),
                    CellValue::Days(days) => sverka_model::Date::from_days(*days as i32 - 25569).to_string(),
                    other => panic!("{other:?}"),
                };
                cells.insert((row.number as usize - 1, cell.column as usize), normal(&text));
            }
            true
        };
        book.rows(index, &mut take).expect("rows");
        (sheet.name.clone(), cells)
    };
    book.sheets().iter().enumerate().map(sheet).collect()
}

/// A number without zeros at the end of its decimals; other texts as they are.
fn normal(cell: &str) -> String {
    match cell.split_once('.') {
        Some((whole, decimals)) if [whole, decimals].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) => {
            cell.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => cell.to_owned(),
    }
}

/// Compares each formula `SUM(A1:B2)` of a sheet with the sum of its cells. Returns their number.
fn check_sums(sheet: &str, xml: &str) -> usize {
    let mut values: BTreeMap<(String, u32), i128> = BTreeMap::new();
    let mut sums = Vec::new();
    for cell in xml.split("<c r=\"").skip(1) {
        let (name, rest) = cell.split_once('"').expect("a name");
        let (tag, rest) = rest.split_once('>').expect("a cell");
        let value =
            rest.split_once("<v>").filter(|(before, _)| !before.contains("<c r")).and_then(|(_, rest)| rest.split_once("</v>"));
        let (Some((value, _)), false) = (value, tag.contains("t=\"s\"")) else { continue };
        values.insert(position(name), scaled(value));
        if let Some(range) = rest.strip_prefix("<f>SUM(").and_then(|rest| rest.split_once(")</f>")) {
            sums.push((name.to_owned(), range.0.to_owned()));
        }
    }
    for (name, range) in &sums {
        let (first, last) = range.split_once(':').map(|(first, last)| (position(first), position(last))).expect("a range");
        let is_in = |(column, row): &(String, u32)| {
            (first.0.len(), &first.0) <= (column.len(), column)
                && (column.len(), column) <= (last.0.len(), &last.0)
                && (first.1..=last.1).contains(row)
        };
        let sum: i128 = values.iter().filter(|(position, _)| is_in(position)).map(|(_, value)| value).sum();
        assert_eq!(values[&position(name)], sum, "{sheet}: {name} = SUM({range})");
    }
    sums.len()
}

/// Column and row of a name such as `AB12`.
fn position(name: &str) -> (String, u32) {
    let digits = name.find(|sign: char| sign.is_ascii_digit()).expect("a row");
    (name[..digits].to_owned(), name[digits..].parse().expect("a number"))
}

/// A number in units of its eighth decimal.
fn scaled(text: &str) -> i128 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{decimals:0<8}").parse().unwrap_or_else(|_| panic!("`{text}` is no number of at most eight decimals"))
}
