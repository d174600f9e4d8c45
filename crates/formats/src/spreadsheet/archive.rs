//! The parts of a workbook that is a ZIP archive, by their names.

use std::io::BufReader;

use super::fault::SpreadsheetFault;
use super::limits;
use crate::container::{Container, Member, MemberReader};
use crate::xml::{DocumentCause, XmlEvents};

/// The part of an `.ods` with all sheets.
pub(super) const ODS_CONTENT: &str = "content.xml";
/// Bytes of a part that are unpacked at a time.
const BUFFER_BYTES: usize = 64 << 10;

/// The parts of a workbook.
pub(super) struct Parts<'b> {
    members: Vec<Member<'b>>,
}

/// The tags and texts of a part.
pub(super) type PartEvents<'b> = XmlEvents<BufReader<MemberReader<'b>>>;

impl<'b> Parts<'b> {
    pub fn open(bytes: &'b [u8]) -> Result<Self, SpreadsheetFault> {
        Ok(Self { members: Container::archive(bytes).members("workbook", &limits::of_archive())? })
    }

    fn find(&self, name: &str) -> Option<&Member<'b>> {
        let name = name.trim_start_matches('/');
        self.members.iter().find(|member| member.name().as_str().eq_ignore_ascii_case(name))
    }

    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The tags and texts of a part.
    pub fn events(&self, name: &str) -> Result<PartEvents<'b>, SpreadsheetFault> {
        let member = self.find(name).ok_or_else(|| SpreadsheetFault::Missing { part: name.to_owned() })?;
        Ok(XmlEvents::new(BufReader::with_capacity(BUFFER_BYTES, member.reader()?)))
    }
}

/// The fault of a part that cannot be read.
pub(super) fn broken(part: &str) -> impl Fn(DocumentCause) -> SpreadsheetFault {
    move |cause| SpreadsheetFault::Part { part: part.to_owned(), cause }
}
