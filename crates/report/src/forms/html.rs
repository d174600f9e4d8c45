//! Writer of a form as HTML for printing on A4: one file without scripts, pictures and links, so no browser asks a network.

use std::fmt::Write as _;

use super::figure::Figure;
use super::grid::SIGNATURE_LINES;
use super::model::{Cell, Form, Sheet, Table};
use super::russian::numeric_date;

const STYLE: &str = "\
@page { size: A4 portrait; margin: 12mm 10mm 14mm; @bottom-center { content: \"Стр. \" counter(page) \" из \" counter(pages); font-size: 8pt; } }
@page wide { size: A4 landscape; margin: 12mm 10mm 14mm; @bottom-center { content: \"Стр. \" counter(page) \" из \" counter(pages); font-size: 8pt; } }
body { font: 9pt 'Times New Roman', 'Liberation Serif', serif; margin: 0; }
section { break-after: page; }
section:last-child { break-after: auto; }
section.wide { page: wide; }
h1 { font-size: 12pt; text-align: center; margin: 0 0 8pt; }
p { margin: 0 0 3pt; }
table { border-collapse: collapse; width: 100%; margin: 6pt 0 10pt; }
caption { text-align: left; font-weight: bold; padding: 2pt 0; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.5pt solid #000; padding: 1.5pt 3pt; vertical-align: middle; }
th { text-align: center; }
td.n { text-align: right; white-space: nowrap; }
td.c, td.d { text-align: center; white-space: nowrap; }
tr.total td { font-weight: bold; }
.note { font-size: 8pt; }
.signatures { display: flex; gap: 12mm; break-inside: avoid; margin-top: 10pt; }
.signatures div { flex: 1; }
";

/// The form as a page.
pub(super) fn write(form: &Form) -> String {
    let title = form.sheets.first().map(|sheet| sheet.title.join(" ")).unwrap_or_default();
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"ru\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        escaped(&title)
    );
    for sheet in &form.sheets {
        write_sheet(&mut page, sheet);
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn write_sheet(page: &mut String, sheet: &Sheet) {
    let _ = writeln!(page, "<section{}>", if sheet.is_landscape { " class=\"wide\"" } else { "" });
    let title: Vec<String> = sheet.title.iter().map(|line| escaped(line)).collect();
    let _ = writeln!(page, "<h1>{}</h1>", title.join("<br>"));
    for line in &sheet.head {
        let _ = writeln!(page, "<p>{}: <b>{}</b></p>", escaped(&line.label), escaped(&line.value));
    }
    for table in &sheet.tables {
        write_table(page, table);
    }
    for note in &sheet.notes {
        let _ = writeln!(page, "<p class=\"note\">{}</p>", escaped(note));
    }
    if !sheet.signatures.is_empty() {
        page.push_str("<div class=\"signatures\">\n");
        for signer in &sheet.signatures {
            let lines: Vec<String> = std::iter::once(signer.as_str()).chain(SIGNATURE_LINES).map(escaped).collect();
            let _ = writeln!(page, "<div>{}</div>", lines.join("<br>"));
        }
        page.push_str("</div>\n");
    }
    page.push_str("</section>\n");
}

fn write_table(page: &mut String, table: &Table) {
    page.push_str("<table>\n");
    if !table.caption.is_empty() {
        let _ = writeln!(page, "<caption>{}</caption>", escaped(&table.caption));
    }
    page.push_str("<thead>\n");
    write_headings(page, table);
    page.push_str("</thead>\n<tbody>\n");
    for row in &table.rows {
        page.push_str("<tr>");
        for cell in row {
            page.push_str(&data_cell(cell));
        }
        page.push_str("</tr>\n");
    }
    if let Some(label) = &table.total {
        write_total(page, table, label);
    }
    page.push_str("</tbody>\n</table>\n");
}

/// Writes the headings, with the cells of the grid.
fn write_headings(page: &mut String, table: &Table) {
    let sheet = Sheet {
        name: String::new(),
        is_landscape: false,
        title: Vec::new(),
        head: Vec::new(),
        tables: vec![Table { caption: String::new(), columns: table.columns.clone(), rows: Vec::new(), total: None }],
        notes: Vec::new(),
        signatures: Vec::new(),
    };
    let grid = super::grid::Grid::new(&sheet);
    let Some(first) = grid.cells.first().map(|cell| cell.row) else { return };
    for level in 0..table.heading_levels() {
        page.push_str("<tr>");
        for cell in grid.cells.iter().filter(|cell| cell.row == first + level) {
            let span =
                |name: &str, further: usize| if further > 0 { format!(" {name}=\"{}\"", further + 1) } else { String::new() };
            let (rows, columns) = (span("rowspan", cell.further_rows), span("colspan", cell.further_columns));
            let _ = write!(page, "<th{rows}{columns}>{}</th>", escaped(&cell.content.plain()));
        }
        page.push_str("</tr>\n");
    }
}

fn write_total(page: &mut String, table: &Table, label: &str) {
    let labelled = table.columns.iter().take_while(|column| !column.is_summed).count().max(1);
    let _ = write!(page, "<tr class=\"total\"><td colspan=\"{labelled}\">{}</td>", escaped(label));
    for (index, column) in table.columns.iter().enumerate().skip(labelled) {
        page.push_str(&if column.is_summed { number_cell(table.sum(index)) } else { "<td></td>".to_owned() });
    }
    page.push_str("</tr>\n");
}

fn data_cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty => "<td></td>".to_owned(),
        Cell::Text(text) => format!("<td>{}</td>", escaped(text)),
        Cell::Code(code) => format!("<td class=\"c\">{}</td>", escaped(code)),
        Cell::Number(figure) | Cell::RowSum { sum: figure, .. } => number_cell(*figure),
        Cell::Date(day) => format!("<td class=\"d\">{}</td>", numeric_date(*day)),
    }
}

fn number_cell(figure: Figure) -> String {
    format!("<td class=\"n\">{}</td>", figure.printed())
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(character),
        }
    }
    escaped
}
