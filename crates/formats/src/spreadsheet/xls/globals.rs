//! The head of a workbook before its sheets: their names and offsets, formats, texts.

use std::collections::BTreeMap;

use super::records::{BOF, EOF, Records, u16_of, u32_of};
use super::texts::{SharedTexts, in_code_page, unicode};
use crate::encoding::Encoding;
use crate::spreadsheet::Sheet;
use crate::spreadsheet::fault::SpreadsheetFault;
use crate::spreadsheet::moment::{Epoch, is_built_in_date_format, is_date_format_code};

const CODE_PAGE: u16 = 0x0042;
const DATE_1904: u16 = 0x0022;
const FILE_PASS: u16 = 0x002F;
const SHEET: u16 = 0x0085;
const XF: u16 = 0x00E0;
const SHARED_TEXTS: u16 = 0x00FC;
const FORMAT: u16 = 0x041E;

const BIFF8: u16 = 0x0600;
const BIFF5: u16 = 0x0500;

/// A sheet, and the offset of its records.
pub(super) struct ListedSheet {
    pub sheet: Sheet,
    pub offset: usize,
}

/// The head of a workbook, which all sheets refer to.
pub(super) struct Globals {
    pub sheets: Vec<ListedSheet>,
    pub epoch: Epoch,
    /// The encoding of texts that are not in UTF-16.
    pub encoding: Encoding,
    pub is_biff8: bool,
    pub texts: SharedTexts,
    /// Whether each format of cells shows a date.
    pub dates: Vec<bool>,
}

impl Globals {
    /// Reads the records before the first sheet.
    pub fn read(stream: &[u8]) -> Result<Self, SpreadsheetFault> {
        let mut records = Records::from(stream, 0);
        let first = records.next_record()?;
        let version = u16_of(first.bytes, 0);
        if first.kind != BOF || !matches!(version, BIFF8 | BIFF5) {
            return Err(SpreadsheetFault::Old);
        }
        let mut globals = Self {
            sheets: Vec::new(),
            epoch: Epoch::Of1900,
            encoding: Encoding::Windows1251,
            is_biff8: version == BIFF8,
            texts: SharedTexts::default(),
            dates: Vec::new(),
        };
        let (mut codes, mut formats) = (BTreeMap::new(), Vec::new());
        loop {
            let record = records.next_record()?;
            let bytes = record.bytes;
            match record.kind {
                FILE_PASS => return Err(SpreadsheetFault::Password),
                CODE_PAGE => globals.encoding = encoding_of(u16_of(bytes, 0)),
                DATE_1904 if u16_of(bytes, 0) == 1 => globals.epoch = Epoch::Of1904,
                SHEET => globals.sheet(bytes),
                XF => formats.push(u16_of(bytes, 2)),
                FORMAT => {
                    let is_date = globals.format_code(bytes).is_some_and(|code| is_date_format_code(&code));
                    codes.insert(u16_of(bytes, 0), is_date);
                }
                SHARED_TEXTS => globals.texts = SharedTexts::read(bytes, records.continued()?)?,
                EOF => break,
                _ => {}
            }
        }
        let is_date = |format: u16| codes.get(&format).copied().unwrap_or_else(|| is_built_in_date_format(u32::from(format)));
        globals.dates = formats.into_iter().map(is_date).collect();
        Ok(globals)
    }

    fn sheet(&mut self, bytes: &[u8]) {
        const CELLS: u8 = 0;
        let Some(&[state, kind, length]) = bytes.get(4..).and_then(<[u8]>::first_chunk) else { return };
        if kind != CELLS {
            return;
        }
        let length = usize::from(length);
        let name = if self.is_biff8 {
            unicode(bytes, 7, length)
        } else {
            bytes.get(7..7 + length).and_then(|name| self.code_page_text(name))
        };
        let sheet = Sheet { name: name.unwrap_or_default(), is_hidden: state & 3 != 0 };
        self.sheets.push(ListedSheet { sheet, offset: u32_of(bytes, 0) as usize });
    }

    fn format_code(&self, bytes: &[u8]) -> Option<String> {
        if self.is_biff8 {
            return unicode(bytes, 4, usize::from(u16_of(bytes, 2)));
        }
        let length = usize::from(*bytes.get(2)?);
        self.code_page_text(bytes.get(3..3 + length)?)
    }

    /// A text in the code page of the workbook.
    pub fn code_page_text(&self, bytes: &[u8]) -> Option<String> {
        in_code_page(bytes, self.encoding)
    }
}

/// The encoding of a code page by its number; windows-1251 for unknown numbers.
fn encoding_of(page: u16) -> Encoding {
    match page {
        866 => Encoding::Cp866,
        20_866 => Encoding::Koi8R,
        _ => Encoding::Windows1251,
    }
}
