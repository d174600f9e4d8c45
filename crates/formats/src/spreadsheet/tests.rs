//! Tests of workbooks that are made here, whole and damaged.

use super::made::{ods, xlsx, zipped};
use super::*;

/// A line for each row of a sheet, and one for the fault at its end.
fn report(bytes: &[u8], sheet: usize) -> Vec<String> {
    let book = match Workbook::open(bytes) {
        Ok(book) => book,
        Err(fault) => return vec![format!("!{fault}")],
    };
    let mut lines = Vec::new();
    let end = book.rows(sheet, &mut |row| {
        let cell = |cell: &Cell| {
            let value = match &cell.value {
                CellValue::Text(place) => row.text(place).to_owned(),
                CellValue::IsoMoment(place) => format!("iso {}", row.text(place)),
                CellValue::Number(number) => number.to_string(),
                CellValue::Days(days) => format!("days {days}"),
                other => format!("{other:?}"),
            };
            format!("{}={value}", cell.column)
        };
        let cells: Vec<String> = row.cells().iter().map(cell).collect();
        lines.push(format!("{}{} {}", row.number, if row.is_hidden { "h" } else { "" }, cells.join("|")));
        lines.len() < 10
    });
    lines.extend(end.err().map(|fault| format!("!{fault}")));
    lines
}

#[test]
fn cells_of_xlsx_are_what_their_kinds_say() {
    let rows = "<row r='2'><c r='B2' t='s'><v>0</v></c><c t='s'><v>1</v></c><c r='E2' t='inlineStr'><is><t>a_x000D_</t></is></c></row>\
                <row r='4' hidden='1'><c s='1'><v>30746</v></c><c s='2'><v>30746.5</v></c><c><v>1.5E3</v></c><c t='b'><v>1</v></c></row>\
                <row><c t='e'><v>#N/A</v></c><c t='str'><f>A1</f><v>x</v></c><c><f>A1</f></c><c t='d'><v>1984-03-05</v></c><c t='s'/></row>\
                <row r='9'/><row r='10'><c s='1'/></row>";
    assert_eq!(
        report(&xlsx(rows), 0),
        [
            "2 1=Липова|2=Петровна |4=a\r",
            "4h 0=days 30746|1=days 30746.5|2=1500|3=Boolean(true)",
            "5 0=Error|1=x|2=WithoutValue|3=iso 1984-03-05",
        ]
    );
}

#[test]
fn cells_of_ods_are_what_their_kinds_say() {
    let rows = "<table:table-row table:number-rows-repeated='3'><table:table-cell table:number-columns-repeated='1024'/></table:table-row>\
                <table:table-header-rows><table:table-row><table:table-cell office:value-type='string'><text:p>Ли<text:span>пова</text:span></text:p>\
                <office:annotation><text:p>note</text:p></office:annotation></table:table-cell><table:covered-table-cell/>\
                <table:table-cell office:value-type='float' office:value='7' table:number-columns-repeated='2'><text:p>7,0</text:p></table:table-cell>\
                </table:table-row></table:table-header-rows>\
                <table:table-row table:visibility='collapse' table:number-rows-repeated='2'>\
                <table:table-cell office:value-type='date' office:date-value='1984-03-05'><text:p>05.03.84</text:p></table:table-cell>\
                <table:table-cell office:value-type='string' calcext:value-type='error'><text:p>#N/A</text:p></table:table-cell>\
                <table:table-cell office:value-type='string'><text:p>a<text:s text:c='2'/>b</text:p><text:p>c</text:p></table:table-cell></table:table-row>\
                <table:table-row table:number-rows-repeated='1048570'><table:table-cell/></table:table-row>";
    assert_eq!(
        report(&ods(rows), 1),
        ["4 0=Липова|2=7|3=7", "5h 0=iso 1984-03-05|1=Error|2=a  b\nc", "6h 0=iso 1984-03-05|1=Error|2=a  b\nc"]
    );
    let bytes = ods(rows);
    let book = Workbook::open(&bytes).unwrap_or_else(|fault| panic!("{fault}"));
    let sheets: Vec<(&str, bool)> = book.sheets().iter().map(|sheet| (sheet.name.as_str(), sheet.is_hidden)).collect();
    assert_eq!(sheets, [("Первый", true), ("Список", false)]);
}

#[test]
fn what_contradicts_itself_is_a_fault_and_what_came_before_stays() {
    for (rows, cause) in [
        ("<row r='2'><c><v>1</v></c></row><row r='2'><c><v>1</v></c></row>", "rows out of their order"),
        ("<row r='2'><c><v>1</v></c></row><row r='1048577'/>", "rows out of their order"),
        ("<row r='2'><c><v>1</v></c></row><row><c t='s'><v>7</v></c></row>", "a text that is not there"),
        ("<row r='2'><c><v>1</v></c></row><row><c><v>seven</v></c></row>", "whose number is none"),
        ("<row r='2'><c><v>1</v></c></row><row><c r='XFE3'/></row>", "in a column that no sheet has"),
        ("<row r='2'><c><v>1</v></c></row><row", "a tag that cannot be read"),
    ] {
        let found = report(&xlsx(rows), 0);
        assert_eq!((found.len(), found[0].as_str()), (2, "2 0=1"), "{rows}: {found:?}");
        assert!(found[1].contains(cause), "{rows}: {found:?}");
    }
}

#[test]
fn cells_that_stand_for_many_are_counted() {
    let long = "x".repeat(60_000);
    let row = format!(
        "<table:table-row table:number-rows-repeated='1000000'><table:table-cell table:number-columns-repeated='16' office:value-type='string'>\
         <text:p>{long}</text:p></table:table-cell></table:table-row>"
    );
    let bytes = ods(&row);
    let book = Workbook::open(&bytes).unwrap_or_else(|fault| panic!("{fault}"));
    let mut rows = 0;
    let end = book.rows(1, &mut |_| {
        rows += 1;
        true
    });
    assert!(matches!(end, Err(SpreadsheetFault::Ratio { .. })) && rows < 1000, "{rows} {end:?}");
    let wide = ods(
        "<table:table-row><table:table-cell table:number-columns-repeated='4294967295' office:value-type='float' office:value='1'/></table:table-row>",
    );
    assert!(report(&wide, 1)[0].contains("in a column that no sheet has"));
    let deep = ods(
        "<table:table-row table:number-rows-repeated='4294967295'><table:table-cell office:value-type='float' office:value='1'/></table:table-row>",
    );
    assert!(report(&deep, 1)[0].contains("behind the last one"));
}

#[test]
fn what_is_no_workbook_says_what_it_is() {
    for (bytes, cause) in [
        (zipped(&[("[Content_Types].xml", "<Types/>"), ("xl/styles.xml", "<a/>")]), "has no part `xl/workbook.xml`"),
        (zipped(&[("[Content_Types].xml", "<Types/>"), ("xl/workbook.bin", "x")]), ".xlsb"),
        (
            zipped(&[
                ("[Content_Types].xml", "<Types/>"),
                ("_rels/.rels", "<R><Relationship Id='1' Type='x/officeDocument' Target='xl/workbook.bin'/></R>"),
                ("xl/workbook.bin", "x"),
            ]),
            ".xlsb",
        ),
        (COMPOUND_MAGIC.to_vec(), "cut off"),
        (
            zipped(&[
                ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                ("content.xml", "x"),
                ("META-INF/manifest.xml", "<m><file-entry full-path='content.xml'><encryption-data/></file-entry></m>"),
            ]),
            "password",
        ),
    ] {
        assert!(Workbook::is_workbook(&bytes), "{cause}");
        assert!(report(&bytes, 0)[0].contains(cause), "{cause}: {:?}", report(&bytes, 0));
    }
    for other in [&b"surname;given_name"[..], b"PK\x03\x04", b"", &zipped(&[("a.csv", "x"), ("[Content_Types].xml", "x")])] {
        assert!(!Workbook::is_workbook(other));
    }
}

#[test]
fn changed_bytes_end_and_never_panic() {
    let made = [
        xlsx("<row r='2'><c r='B2' t='s'><v>0</v></c><c s='1'><v>30746</v></c></row>"),
        ods("<table:table-row><table:table-cell office:value-type='float' office:value='7'/></table:table-row>"),
        include_bytes!("../../../../tests/formats/spreadsheets/attachments.xls").to_vec(),
    ];
    for whole in made {
        for at in (0..whole.len()).step_by(1 + whole.len() / 400) {
            for byte in [0, 0xFF, whole[at].wrapping_add(1)] {
                let mut changed = whole.clone();
                changed[at] = byte;
                drop(report(&changed, 0));
            }
            drop(report(&whole[..at], 0));
        }
    }
}
