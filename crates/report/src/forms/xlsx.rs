//! Writer of a form as a workbook of Excel.
//!
//! Numbers are numbers with their format, totals are formulas with the value that they have, codes are texts, days are days. A workbook stores numbers
//! as binary fractions; the shortest digits that mean the same are written, so every figure of up to 15 digits stands in the file as it is.
//! No clock: the date of the document is that of the form, so equal forms are equal bytes.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::FormsError;
use super::figure::Figure;
use super::grid::{Content, Grid, GridCell, Position, Role};
use super::model::{Form, Sheet};
use sverka_model::Date;

/// A4, as workbooks number sizes of paper.
const PAPER_A4: u8 = 9;
const FONT: &str = "Times New Roman";
const FONT_SIZE: f64 = 10.0;
const TITLE_SIZE: f64 = 12.0;
const NOTE_SIZE: f64 = 8.0;
/// Height of a line of text in relation to the size of its font.
const LINE_HEIGHT: f64 = 1.3;
/// Margins in inches.
const SIDE_MARGIN: f64 = 0.4;
const END_MARGIN: f64 = 0.6;
const FOOTER_MARGIN: f64 = 0.3;

/// The form as a workbook.
pub(super) fn write(form: &Form) -> Result<Vec<u8>, FormsError> {
    workbook(form).and_then(|mut book| book.save_to_buffer()).map_err(FormsError::writer)
}

fn workbook(form: &Form) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let title = form.sheets.first().map(|sheet| sheet.title.join(" ")).unwrap_or_default();
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&excel_date(form.as_of)?));
    for sheet in &form.sheets {
        write_sheet(book.add_worksheet(), sheet)?;
    }
    Ok(book)
}

fn write_sheet(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let grid = Grid::new(sheet);
    let columns = sheet.columns().max(1);
    page.set_name(&sheet.name)?;
    for column in 0..columns {
        page.set_column_width(column as u16, f64::from(sheet.width(column)))?;
    }
    for (row, height) in row_heights(&grid, sheet).into_iter().enumerate() {
        if let Some(height) = height {
            page.set_row_height(row as u32, height)?;
        }
    }
    for cell in &grid.cells {
        write_cell(page, cell)?;
    }
    page.ignore_error_range(0, 0, grid.rows as u32, columns as u16 - 1, IgnoreError::NumberStoredAsText)?;
    set_up_pages(page, sheet, &grid, columns)
}

fn set_up_pages(page: &mut Worksheet, sheet: &Sheet, grid: &Grid, columns: usize) -> Result<(), XlsxError> {
    page.set_paper_size(PAPER_A4);
    if sheet.is_landscape {
        page.set_landscape();
    } else {
        page.set_portrait();
    }
    page.set_print_fit_to_pages(1, 0);
    page.set_margins(SIDE_MARGIN, SIDE_MARGIN, END_MARGIN, END_MARGIN, FOOTER_MARGIN, FOOTER_MARGIN);
    page.set_footer("&C&8Стр. &P из &N");
    page.set_print_area(0, 0, grid.rows.max(1) as u32 - 1, columns as u16 - 1)?;
    if let Some(rows) = grid.repeated {
        page.set_repeat_rows(rows.first as u32, rows.last as u32)?;
        if sheet.tables.len() == 1 {
            page.set_freeze_panes(rows.last as u32 + 1, 0)?;
        }
    }
    Ok(())
}

fn write_cell(page: &mut Worksheet, cell: &GridCell) -> Result<(), XlsxError> {
    let format = format_of(cell);
    let (row, column) = (cell.row as u32, cell.column as u16);
    if cell.further_rows + cell.further_columns > 0 {
        // Merged cells hold texts only.
        let (last_row, last_column) = (row + cell.further_rows as u32, column + cell.further_columns as u16);
        page.merge_range(row, column, last_row, last_column, &cell.content.plain(), &format)?;
        return Ok(());
    }
    match &cell.content {
        Content::Empty => page.write_blank(row, column, &format)?,
        Content::Text(text) => page.write_string_with_format(row, column, text, &format)?,
        Content::Number(figure) => page.write_number_with_format(row, column, binary(*figure), &format)?,
        Content::Date(day) => page.write_datetime_with_format(row, column, excel_date(*day)?, &format)?,
        Content::Sum { first, last, sum } => {
            let formula = format!("=SUM({}:{})", cell_name(*first), cell_name(*last));
            let formula = Formula::new(formula).set_result(sum.plain());
            page.write_formula_with_format(row, column, formula, &format)?
        }
    };
    Ok(())
}

fn format_of(cell: &GridCell) -> Format {
    let format =
        Format::new().set_font_name(FONT).set_font_size(FONT_SIZE).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let format = match cell.role {
        Role::Title => format.set_font_size(TITLE_SIZE).set_bold().set_align(FormatAlign::Center),
        Role::Head | Role::Signature => format,
        Role::Caption => format.set_bold(),
        Role::Note => format.set_font_size(NOTE_SIZE),
        Role::Heading => format.set_bold().set_align(FormatAlign::Center).set_border(FormatBorder::Thin),
        Role::Data => format.set_border(FormatBorder::Thin),
        Role::Total => format.set_bold().set_border(FormatBorder::Thin),
    };
    match &cell.content {
        Content::Number(figure) | Content::Sum { sum: figure, .. } => format.set_num_format(number_format(figure.decimals())),
        Content::Date(_) => format.set_num_format("dd.mm.yyyy").set_align(FormatAlign::Center),
        Content::Text(text) if cell.role == Role::Data => {
            let is_code = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let format = if is_code { format.set_align(FormatAlign::Center) } else { format };
            format.set_num_format("@")
        }
        _ => format,
    }
}

fn number_format(decimals: u32) -> String {
    if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(decimals as usize)) }
}

/// A number as workbooks store it.
fn binary(figure: Figure) -> f64 {
    figure.plain().parse().expect("invariant: the digits of a figure are a number")
}

fn excel_date(day: Date) -> Result<ExcelDateTime, XlsxError> {
    let (year, month, day) = day.ymd();
    ExcelDateTime::from_ymd(year as u16, month as u8, day as u8)
}

/// Name of a cell, such as `AB12`.
fn cell_name(position: Position) -> String {
    let mut letters = Vec::new();
    let mut rest = position.column + 1;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    format!("{}{}", letters.into_iter().collect::<String>(), position.row + 1)
}

/// Height of each row whose texts take several lines. Programs do not do that for merged cells.
fn row_heights(grid: &Grid, sheet: &Sheet) -> Vec<Option<f64>> {
    let mut heights: Vec<Option<f64>> = vec![None; grid.rows];
    for cell in &grid.cells {
        let Content::Text(text) = &cell.content else { continue };
        let size = match cell.role {
            Role::Title => TITLE_SIZE,
            Role::Note => NOTE_SIZE,
            _ => FONT_SIZE,
        };
        let width: f64 = (cell.column..=cell.column + cell.further_columns).map(|column| f64::from(sheet.width(column))).sum();
        // Widths are those of digits in the usual font of 11 points; bold letters need more.
        let signs = width * 11.0 / size * if cell.role == Role::Heading { 0.9 } else { 1.0 };
        let lines = lines_of(text, signs.max(1.0)).div_ceil(cell.further_rows + 1);
        if lines > 1 || cell.role == Role::Title {
            let height = lines as f64 * size * LINE_HEIGHT + 2.0;
            for of_row in &mut heights[cell.row..=cell.row + cell.further_rows] {
                *of_row = Some(of_row.unwrap_or_default().max(height));
            }
        }
    }
    heights
}

/// Lines of a text that is wrapped between words.
fn lines_of(text: &str, signs: f64) -> usize {
    let (mut lines, mut used) = (1, 0.0);
    for word in text.split(' ') {
        let length = word.chars().count() as f64;
        let with_blank = if used > 0.0 { used + 1.0 + length } else { length };
        if with_blank <= signs || used == 0.0 && length <= signs {
            used = with_blank;
            continue;
        }
        if used > 0.0 {
            lines += 1;
        }
        // A word longer than the line is broken.
        lines += ((length - 1.0).max(0.0) / signs) as usize;
        used = length % signs;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_names_of_letters_and_a_number() {
        let name = |row, column| cell_name(Position { row, column });
        assert_eq!([name(0, 0), name(11, 25), name(11, 26), name(0, 701), name(0, 702)], ["A1", "Z12", "AA12", "ZZ1", "AAA1"]);
    }

    #[test]
    fn words_are_wrapped() {
        assert_eq!(
            [lines_of("one two", 7.0), lines_of("one two", 6.0), lines_of("abcdefghij", 4.0), lines_of("", 4.0)],
            [1, 2, 3, 1]
        );
    }
}
