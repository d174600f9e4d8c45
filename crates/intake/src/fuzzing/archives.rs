//! Archives: the bytes of their members, in all portions, and the documents in them.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::sync::Arc;

use super::document::{ScratchFile, built_in};
use crate::layout::Layout;
use sverka_formats::container::{Container, ContainerError, Limits, Member};
use sverka_fuzzing::{Target, fuzz, kind};

/// Limits that are small, so that an input is read quickly.
const TIGHT: Limits = Limits {
    member_bytes: 1 << 20,
    total_bytes: 4 << 20,
    ratio: 200,
    any_ratio_bytes: 64 << 10,
    members: 100,
    nesting: 2,
    held_bytes: 1 << 20,
    window_bytes: 1 << 20,
};

/// Reader of archives under test.
struct Archives {
    scratch: ScratchFile,
    layouts: Vec<Arc<Layout>>,
}

impl Archives {
    fn new() -> Self {
        Self { scratch: ScratchFile::new(), layouts: built_in(&["attachments", "mo", "oplist", "mo_dbf"]) }
    }
}

impl Target for Archives {
    const CORPUS: &'static str = "container";
    const PIECES: &'static [&'static [u8]] = &[
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"PK\x06\x06",
        b"PK\x06\x07",
        b"PK\x07\x08",
        b"\x01\0\x10\0",
        b"\x1f\x8b\x08\0",
        b"\x28\xb5\x2f\xfd",
        b"\x50\x2a\x4d\x18",
        b"\0\0\0\0",
        b"\xff\xff\xff\xff",
        b"\x08\0",
        b"\0\0",
        b"\x01\0\0",
        b"\x03\0",
        b"../",
        b"/",
        b"\\",
        b"a.csv",
    ];

    fn read(&mut self, input: &[u8]) -> BTreeSet<String> {
        let mut behaviours = BTreeSet::new();
        match Container::of_file(input).members("file", &TIGHT) {
            Err(error) => drop(behaviours.insert(kind(&error))),
            Ok(members) => members.iter().for_each(|member| read_member(member, &mut behaviours)),
        }
        if input.len() < 4000 {
            self.scratch.read(input, &self.layouts, &mut behaviours);
        }
        behaviours
    }
}

/// Reads a member in pieces of two sizes. Both give the same bytes, and the same end unless the limit of all members ended one.
fn read_member(member: &Member<'_>, behaviours: &mut BTreeSet<String>) {
    let large = ReadMember::in_pieces(member, 1000);
    // A member that is not packed may have any size.
    assert!(member.plain_bytes().is_some() || large.bytes.len() as u64 <= TIGHT.member_bytes, "a limit is kept");
    behaviours.insert(large.end.as_ref().map_or_else(kind, |()| format!("{} bytes", large.bytes.len().min(1))));
    let small = ReadMember::in_pieces(member, 37);
    let shorter = large.bytes.len().min(small.bytes.len());
    assert!(large.bytes[..shorter] == small.bytes[..shorter], "the same bytes in any pieces");
    match (&large.end, &small.end) {
        (Ok(()), Ok(())) => assert!(large.bytes.len() == small.bytes.len(), "the same bytes in any pieces"),
        (Err(one), _) | (_, Err(one)) => {
            let is_other = large.end.is_ok() != small.end.is_ok();
            assert!(!is_other || one.is_limit(), "the same end in any pieces: {one}");
        }
    }
}

/// Bytes of a member, and the end of the reading.
struct ReadMember {
    bytes: Vec<u8>,
    end: Result<(), ContainerError>,
}

impl ReadMember {
    /// Reads a member in pieces of `at_a_time` bytes.
    fn in_pieces(member: &Member<'_>, at_a_time: usize) -> Self {
        let mut bytes = Vec::new();
        let mut reader = match member.reader() {
            Ok(reader) => reader,
            Err(error) => return Self { bytes, end: Err(error) },
        };
        let mut piece = vec![0; at_a_time];
        let end = loop {
            match reader.read(&mut piece) {
                Ok(0) => break Ok(()),
                Ok(length) => bytes.extend_from_slice(&piece[..length]),
                Err(error) => break Err(ContainerError::find_in(&error).expect("an error of containers").clone()),
            }
        };
        Self { bytes, end }
    }
}

#[test]
fn changed_archives_end() {
    fuzz(&mut Archives::new());
}
