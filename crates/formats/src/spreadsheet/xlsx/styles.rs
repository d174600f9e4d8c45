//! Formats of cells, and whether they show dates.

use std::collections::BTreeSet;

use crate::spreadsheet::archive::{Parts, broken};
use crate::spreadsheet::fault::SpreadsheetFault;
use crate::spreadsheet::moment::{is_built_in_date_format, is_date_format_code};
use crate::xml::XmlEvent;

/// Most formats: more than any program writes.
const MOST_FORMATS: usize = 1 << 16;

/// Whether each format of cells shows a date.
pub(super) fn dates(parts: &Parts<'_>, part: &str) -> Result<Vec<bool>, SpreadsheetFault> {
    let (mut events, mut dates) = (parts.events(part)?, Vec::new());
    let (mut own_dates, mut own_others) = (BTreeSet::new(), BTreeSet::new());
    let mut is_of_cells = false;
    while let Some(event) = events.next_event().map_err(broken(part))? {
        match event {
            XmlEvent::Start(tag) if tag.name == b"numFmt" && own_dates.len() + own_others.len() < MOST_FORMATS => {
                let number = tag.text("numFmtId").and_then(|number| number.parse::<u32>().ok());
                if let (Some(number), Some(code)) = (number, tag.text("formatCode")) {
                    if is_date_format_code(&code) {
                        own_dates.insert(number)
                    } else {
                        own_others.insert(number)
                    };
                }
            }
            XmlEvent::Start(tag) if tag.name == b"cellXfs" => is_of_cells = !tag.is_empty,
            XmlEvent::End(b"cellXfs") => is_of_cells = false,
            XmlEvent::Start(tag) if is_of_cells && tag.name == b"xf" && dates.len() < MOST_FORMATS => {
                let number = tag.text("numFmtId").and_then(|number| number.parse().ok()).unwrap_or(0);
                dates.push(own_dates.contains(&number) || (is_built_in_date_format(number) && !own_others.contains(&number)));
            }
            _ => {}
        }
    }
    Ok(dates)
}
