//! XML packets of the federal dictionaries: F002, F003 and F032 as tables of organisations, and the small ones in [`dictionaries`].
//!
//! The reader accepts every shape seen so far: values as elements or attributes, names in any case, any encoding of XML documents, dates as
//! `dd.MM.yyyy` or `yyyy-MM-dd` with or without a time, 1900-01-01 for an unknown end, the packet alone in an archive. The element `zglv/type` or the
//! records show which dictionary a packet is. These tables decide about every row of a run, so an unreadable record is an error, never a gap.
//!
//! Succession and the settings of clinics are not known here: the dictionaries lack both.

pub(super) mod dictionaries;
mod organisations;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::Read as _;

use sverka_formats::container::{Container, Kind, Limits};
use sverka_formats::xml::{Charset, Shape, ShapeParts, SlotParts, Take, XmlFields, XmlReader};
use sverka_model::{Date, DateFormat};

use super::{ReferenceError, ReferenceFault, ReferencePlace, WorkingPeriod};

pub(super) use organisations::{OrganisationRecord, read_clinics, read_insurers};

/// Most bytes of an unpacked dictionary. The largest one, with all clinics of the country, has about 100 MB.
const PACKET_BYTES: u64 = 1 << 30;

/// The bytes of a reference file, taken out of its archive if there is one.
pub(super) fn unpacked<'b>(file: &str, bytes: &'b [u8]) -> Result<Cow<'b, [u8]>, ReferenceError> {
    let container = Container::of_file(bytes);
    if container.kind() == Kind::Plain {
        return Ok(Cow::Borrowed(bytes));
    }
    let failed = |cause: String| ReferenceError::new(file, ReferencePlace::PACKET, ReferenceFault::Packed { cause });
    let limits = Limits { member_bytes: PACKET_BYTES, total_bytes: PACKET_BYTES, nesting: 0, ..Limits::default() };
    let members = container.members(file, &limits).map_err(|error| failed(error.to_string()))?;
    let [member] = &members[..] else {
        return Err(failed(format!("an archive of {} files", members.len())));
    };
    let mut reader = member.reader().map_err(|error| failed(error.to_string()))?;
    let mut content = Vec::new();
    reader.read_to_end(&mut content).map_err(|error| failed(error.to_string()))?;
    Ok(Cow::Owned(content))
}

/// Whether a file is an XML packet rather than a CSV table.
pub(super) fn is_packet(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.trim_ascii_start().first() == Some(&b'<')
}

/// Description of a dictionary for the reader: its records and the paths of their values.
struct PacketKind {
    /// Identifiers that `zglv/type` may give.
    types: &'static [&'static str],
    /// Name of the dictionary in messages.
    name: &'static str,
    /// Names of the elements that are records.
    records: &'static [&'static str],
    /// Slots: name in messages, and the paths that may lead to the value.
    slots: &'static [(&'static str, &'static [&'static str])],
    /// Slots with several values in one record.
    repeated: &'static [usize],
}

/// One record of a packet.
struct Record<'r> {
    file: &'r str,
    number: u64,
    kind: &'r PacketKind,
    fields: XmlFields<'r>,
}

/// Reads all records of a packet. Records for which `read` returns `None` are left out.
fn read_records<T>(
    file: &str,
    bytes: &[u8],
    kind: &PacketKind,
    mut read: impl FnMut(&Record<'_>) -> Result<Option<T>, ReferenceError>,
) -> Result<Vec<T>, ReferenceError> {
    let failed = |record: u64, fault| ReferenceError::new(file, ReferencePlace::record(record), fault);
    let shape = shape(kind);
    let type_slot = kind.slots.len();
    let mut reader = XmlReader::new(bytes, &shape, Charset::Utf8);
    let mut rows = Vec::new();
    let mut records = 0;
    loop {
        let next = reader.next_record();
        let next = next.map_err(|fault| failed(fault.record.unwrap_or(0), ReferenceFault::Xml { cause: fault.to_string() }))?;
        let Some(record) = next else { break };
        records = record.number;
        let fields = record.fields.map_err(|fault| failed(records, ReferenceFault::Xml { cause: fault.to_string() }))?;
        check_type(kind, fields.get(type_slot)).map_err(|fault| failed(0, fault))?;
        rows.extend(read(&Record { file, number: records, kind, fields })?);
    }
    check_type(kind, reader.inherited().get(type_slot)).map_err(|fault| failed(0, fault))?;
    if records == 0 {
        return Err(failed(0, ReferenceFault::NoRecords { records: kind.records.join("`, `"), expected: kind.name }));
    }
    Ok(rows)
}

fn shape(kind: &PacketKind) -> Shape {
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let take = |slot| if kind.repeated.contains(&slot) { Take::All } else { Take::First };
    let slot = |(slot, (_, paths)): (usize, &(_, &[&str]))| SlotParts { paths: texts(paths), take: take(slot) };
    let type_slot = SlotParts { paths: texts(&["zglv/type"]), take: Take::Inherited };
    let slots = kind.slots.iter().enumerate().map(slot).chain([type_slot]).collect();
    let parts = ShapeParts { roots: Vec::new(), records: texts(kind.records), slots, skipped: Vec::new() };
    Shape::new(&parts).expect("invariant: the shapes of dictionaries are constants")
}

fn check_type(kind: &PacketKind, found: &str) -> Result<(), ReferenceFault> {
    let is_right = found.is_empty() || kind.types.iter().any(|known| known.eq_ignore_ascii_case(found));
    if is_right { Ok(()) } else { Err(ReferenceFault::OtherDictionary { found: found.to_owned(), expected: kind.name }) }
}

impl<'r> Record<'r> {
    fn place(&self) -> ReferencePlace {
        ReferencePlace::record(self.number)
    }

    fn error(&self, fault: ReferenceFault) -> ReferenceError {
        ReferenceError::new(self.file, self.place(), fault)
    }

    fn get(&self, slot: usize) -> Option<&'r str> {
        Some(self.fields.get(slot)).filter(|text| !text.is_empty())
    }

    fn text(&self, slot: usize) -> Option<String> {
        self.get(slot).map(str::to_owned)
    }

    fn require(&self, slot: usize) -> Result<&'r str, ReferenceError> {
        self.get(slot).ok_or_else(|| self.error(ReferenceFault::Empty { column: self.column(slot) }))
    }

    fn column(&self, slot: usize) -> String {
        self.kind.slots[slot].0.to_owned()
    }

    fn date(&self, slot: usize, text: &str) -> Result<Date, ReferenceError> {
        read_date(text).ok_or_else(|| {
            let problem = format!("`{text}` is not a calendar date of the form DD.MM.YYYY or YYYY-MM-DD");
            self.error(ReferenceFault::NotDate { column: self.column(slot), problem })
        })
    }

    /// The date of an end; `None` when it is empty, 1900-01-01 or 9999-12-31, which databases write for "no end".
    fn end(&self, slot: usize, text: &str) -> Result<Option<Date>, ReferenceError> {
        if text.is_empty() {
            return Ok(None);
        }
        Ok(self.date(slot, text)?.as_end().filter(|date| date.ymd() != (1900, 1, 1)))
    }

    /// The period from a first day to a last day. Without a first day it begins at [`Date::EARLIEST`].
    fn validity(&self, begin: usize, end: usize) -> Result<WorkingPeriod, ReferenceError> {
        let from = self.get(begin).map_or(Ok(Date::EARLIEST), |text| self.date(begin, text))?;
        let last = self.end(end, self.fields.get(end))?;
        let to = last.map_or(Date::NEVER, Date::next);
        if to <= from {
            return Err(
                self.error(ReferenceFault::LastBeforeFirst { first: self.kind.slots[begin].0, last: self.kind.slots[end].0 })
            );
        }
        Ok(WorkingPeriod { from, to })
    }
}

/// A date, with or without a time. The time has no meaning in a dictionary.
fn read_date(text: &str) -> Option<Date> {
    let day = text.split(['T', ' ']).next().unwrap_or_default().as_bytes();
    Date::parse(day, DateFormat::Iso).or_else(|| Date::parse(day, DateFormat::Dotted))
}
