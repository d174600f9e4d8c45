//! Lost records: a record that cannot be read to its end, and the byte behind it where reading goes on.
//!
//! Behind a tag that does not fit, the open elements are unknown. The end of the record is certain all the same when one of these follows:
//!
//! ```text
//! <OP> … </FIO> … </OP> <OP>     its own end tag, and behind it another record or the end of the list
//! <OP> … </FIO> … <OP>           the start of another record of that name: its end tag is the one that is wrong
//! <OP> … </FIO> … </OPLIST>      the end of the element around it
//! ```
//!
//! Then the record is one faulty row. If none of them follows, the document breaks at the tag that did not fit, because nobody can tell what is lost. It
//! also breaks if an element with the record's name stands before that tag: it may be another record, lost with this one.

use std::io::BufRead;

use super::super::fault::{DocumentCause, RecordCause};
use super::super::limits::TAG_BYTES;
use super::super::markup::{Markup, Name, markup_at, name_at, skip_blanks};
use super::super::walk::OpenRecord;
use super::{Stop, XmlReader};

/// Names of the tags that end a lost record.
struct Names {
    /// Name of the record.
    record: Vec<u8>,
    /// Name of the element around it.
    around: Vec<u8>,
}

/// The meaning of some markup for a lost record.
enum Sight {
    /// The record ends behind this byte.
    EndsBehind(usize),
    /// The record ends before the markup.
    EndsBefore,
    /// No meaning; the search goes on at this byte.
    Passed(usize),
    /// No meaning up to the end of a pattern, which is looked for from a byte on.
    PassedUpTo(usize, &'static [u8]),
    /// Unknown: more of the document must be read first.
    Unclear,
}

impl<R: BufRead> XmlReader<'_, R> {
    /// Skips the rest of a record with a fault of tags. The error is `stop` itself when it is another fault, or the end of the record is not certain.
    #[cold]
    pub(super) fn pass_lost_record(&mut self, stop: Stop) -> Result<OpenRecord, Stop> {
        let Some(cause) = cause_of(&stop.cause) else { return Err(stop) };
        let Some(names) = self.names_of_lost(&stop) else { return Err(stop) };
        self.walk.lose_record(stop.offset, cause);
        loop {
            let at = self.window.at;
            let Some(length) = memchr::memchr(b'<', &self.window.bytes()[at..]) else {
                self.window.at = self.window.bytes().len();
                if self.window.ended {
                    return Err(stop);
                }
                self.refill()?;
                continue;
            };
            self.window.at = at + length;
            match self.sight(&names) {
                Sight::EndsBehind(to) => {
                    self.window.at = to;
                    return self.walk.end_lost_record().ok_or(stop);
                }
                Sight::EndsBefore => return self.walk.end_lost_record().ok_or(stop),
                Sight::Passed(to) => self.window.at = to,
                Sight::PassedUpTo(from, pattern) if self.skip_past(from, pattern).is_err() => return Err(stop),
                Sight::PassedUpTo(..) => {}
                Sight::Unclear if self.window.ended => return Err(stop),
                Sight::Unclear => self.refill()?,
            }
        }
    }

    /// The names for the record under way, or for a record that begins now with an unreadable start tag.
    fn names_of_lost(&mut self, stop: &Stop) -> Option<Names> {
        if self.walk.record.is_none() {
            let bytes = self.window.bytes();
            let name = name_at(bytes, self.window.at + 1);
            let is_start = bytes.get(self.window.at) == Some(&b'<') && self.window.offset(self.window.at) == stop.offset;
            if !is_start || !self.walk.is_record(bytes, name) {
                return None;
            }
            let record = bytes[name.from..name.to].to_vec();
            let around = self.walk.begin_lost_record(stop.offset)?.to_vec();
            // The record's own tag is no start of another record.
            self.window.at += 1;
            return Some(Names { record, around });
        }
        let (record, around) = self.walk.names_of_record()?;
        let from = self.walk.record.as_ref()?.offset;
        if holds_start(self.window.part(from + 1, stop.offset)?, record) {
            return None;
        }
        let names = Names { record: record.to_vec(), around: around.to_vec() };
        let is_end_tag = matches!(stop.cause, DocumentCause::Mismatch);
        // An end tag that does not fit may be that of the record itself; any other tag is skipped.
        self.window.at += usize::from(!is_end_tag);
        Some(names)
    }

    /// The meaning of the markup at hand.
    fn sight(&mut self, names: &Names) -> Sight {
        let (bytes, at) = (self.window.bytes(), self.window.at);
        let text = |name: Name| &bytes[name.from..name.to];
        match markup_at(bytes, at, &mut self.walk.attributes) {
            Markup::Start(tag) if text(tag.name) == names.record => Sight::EndsBefore,
            Markup::Start(tag) => Sight::Passed(tag.to),
            Markup::End(name, _) if text(name) == names.around => Sight::EndsBefore,
            Markup::End(name, to) if text(name) == names.record => self.behind_own_end(names, to),
            Markup::End(_, to) => Sight::Passed(to),
            Markup::Cdata(from) => Sight::PassedUpTo(from, b"]]>"),
            Markup::Comment(from) => Sight::PassedUpTo(from, b"-->"),
            Markup::Instruction(from) => Sight::PassedUpTo(from, b"?>"),
            Markup::Incomplete if bytes.len() - at <= TAG_BYTES => Sight::Unclear,
            Markup::Incomplete | Markup::Unknown | Markup::Doctype => Sight::Passed(at + 1),
        }
    }

    /// The meaning of the record's own end tag, which ends at `to`: it ends the record if another record or the end of the list follows.
    fn behind_own_end(&mut self, names: &Names, to: usize) -> Sight {
        let bytes = self.window.bytes();
        let at = skip_blanks(bytes, to);
        let text = |name: Name| &bytes[name.from..name.to];
        if at == bytes.len() {
            return if bytes.len() - to > TAG_BYTES { Sight::Passed(to) } else { Sight::Unclear };
        }
        if bytes[at] != b'<' {
            return Sight::Passed(to);
        }
        match markup_at(bytes, at, &mut self.walk.attributes) {
            Markup::Start(tag) if self.walk.is_record(bytes, tag.name) => Sight::EndsBehind(to),
            Markup::End(name, _) if text(name) == names.around => Sight::EndsBehind(to),
            Markup::Comment(_) | Markup::Instruction(_) => Sight::EndsBehind(to),
            Markup::Incomplete if bytes.len() - at <= TAG_BYTES && !self.window.ended => Sight::Unclear,
            _ => Sight::Passed(to),
        }
    }
}

/// Whether a start tag with this name seems to be in `bytes`.
fn holds_start(bytes: &[u8], name: &[u8]) -> bool {
    let starts = memchr::memchr_iter(b'<', bytes).filter_map(|at| bytes[at + 1..].strip_prefix(name));
    starts.into_iter().any(|behind| !behind.first().is_some_and(u8::is_ascii_alphanumeric))
}

/// A fault of tags as the cause of a lost record; `None` for any other fault.
fn cause_of(cause: &DocumentCause) -> Option<RecordCause> {
    match cause {
        DocumentCause::Tag => Some(RecordCause::Tag),
        DocumentCause::Mismatch => Some(RecordCause::Mismatch),
        DocumentCause::TagTooLong => Some(RecordCause::TagTooLong),
        DocumentCause::TooDeep => Some(RecordCause::TooDeep),
        _ => None,
    }
}
