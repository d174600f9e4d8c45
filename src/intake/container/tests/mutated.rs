//! Any bytes at all: no panic, no hang, no more than the limits allow.
//!
//! A longer run: `PROPTEST_CASES=1000000 cargo test --release --no-default-features --lib container::tests::mutated`. A file that fails
//! belongs into `tests/corpus/container`.

use std::sync::mpsc;
use std::time::Duration;

use proptest::prelude::*;

use super::corpus::corpus;
use super::*;

/// Small, so that a case is done in no time.
pub(super) const TIGHT: Limits = Limits {
    member_bytes: 1 << 20,
    total_bytes: 4 << 20,
    ratio: 200,
    any_ratio_bytes: 64 << 10,
    members: 100,
    nesting: 2,
    held_bytes: 1 << 20,
    window_bytes: 1 << 20,
};

/// What no case may take, by far.
const CASE_TIME: Duration = Duration::from_secs(20);

/// Reads everything in a container, and tells what came out, a line for each member.
pub(super) fn outcome(bytes: &[u8]) -> Vec<String> {
    let members = match Container::of(bytes).members("file", &TIGHT) {
        Ok(members) => members,
        Err(error) => return vec![error.to_string()],
    };
    let line = |member: &Member<'_>| {
        let (given, ended) = read(member);
        // What is not packed may have any size.
        assert!(member.plain_bytes().is_some() || given.len() as u64 <= TIGHT.member_bytes);
        match ended {
            Ok(()) => format!("{}: {} bytes, {}", member.name(), given.len(), &blake3::hash(&given).to_hex()[..16]),
            Err(error) => format!("{} bytes; {error}", given.len()),
        }
    };
    members.iter().map(line).collect()
}

/// Runs a case on a thread of its own, so that one that hangs can be told from one that works.
fn in_time(bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let (done, waits) = mpsc::channel();
    let case = std::thread::spawn(move || {
        outcome(&bytes);
        let _ = done.send(());
    });
    match waits.recv_timeout(CASE_TIME) {
        Err(mpsc::RecvTimeoutError::Timeout) => Err(TestCaseError::fail(format!("took more than {CASE_TIME:?}"))),
        _ => case.join().map_err(|_| TestCaseError::fail("panicked")),
    }
}

/// A change of some bytes; positions are shares of the length.
#[derive(Clone, Debug)]
enum Change {
    Set(u16, u8),
    Field(u16, u32),
    Remove(u16, u8),
    Repeat(u16, u8, u16),
    Cut(u16),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |share: u16, length: usize| usize::from(share) * length / (usize::from(u16::MAX) + 1);
        let stretch = |from: usize, length: u8, bytes: &Vec<u8>| from..(from + usize::from(length)).min(bytes.len());
        if bytes.is_empty() {
            return;
        }
        match *self {
            Self::Set(at, value) => {
                let at = place(at, bytes.len());
                bytes[at] = value;
            }
            Self::Field(at, value) => {
                let at = place(at, bytes.len());
                bytes.iter_mut().skip(at).zip(value.to_le_bytes()).for_each(|(byte, value)| *byte = value);
            }
            Self::Remove(at, length) => {
                let stretch = stretch(place(at, bytes.len()), length, bytes);
                bytes.drain(stretch);
            }
            Self::Repeat(from, length, to) => {
                let stretch = stretch(place(from, bytes.len()), length, bytes);
                let (copy, to) = (bytes[stretch].to_vec(), place(to, bytes.len()));
                bytes.splice(to..to, copy);
            }
            Self::Cut(at) => bytes.truncate(place(at, bytes.len())),
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let extreme = prop_oneof![
        Just(0),
        Just(1),
        Just(u32::MAX),
        Just(u32::MAX - 1),
        Just(i32::MAX as u32),
        Just(0xffff),
        Just(0x0605_4b50),
        Just(0x0403_4b50),
        any::<u32>()
    ];
    prop_oneof![
        4 => (any::<u16>(), any::<u8>()).prop_map(|(at, value)| Change::Set(at, value)),
        4 => (any::<u16>(), extreme).prop_map(|(at, value)| Change::Field(at, value)),
        1 => (any::<u16>(), any::<u8>()).prop_map(|(at, length)| Change::Remove(at, length)),
        1 => (any::<u16>(), any::<u8>(), any::<u16>()).prop_map(|(from, length, to)| Change::Repeat(from, length, to)),
        1 => any::<u16>().prop_map(Change::Cut),
    ]
}

/// Changes near the end, where an archive has its directory.
fn late(change: Change) -> Change {
    let late = |share: u16| u16::MAX - share / 8;
    match change {
        Change::Set(at, value) => Change::Set(late(at), value),
        Change::Field(at, value) => Change::Field(late(at), value),
        other => other,
    }
}

proptest! {
    #[test]
    fn changed_containers(
        file in any::<proptest::sample::Index>(),
        changes in proptest::collection::vec(prop_oneof![change(), change().prop_map(late)], 1..6),
    ) {
        let files = corpus();
        let mut bytes = files[file.index(files.len())].1.clone();
        changes.iter().for_each(|change| change.apply(&mut bytes));
        in_time(bytes)?;
    }

    #[test]
    fn random_bytes_behind_a_magic_number(
        magic in proptest::sample::select(vec![&b"PK\x03\x04"[..], b"PK\x05\x06", b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18"]),
        rest in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        in_time([magic, &rest].concat())?;
    }
}
