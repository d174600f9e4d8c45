//! Damaged containers, and containers with wrong claims.

use super::made::{MadeEntry, gzip, text, zip, zstd};
use super::*;

fn only(entry: MadeEntry) -> (Vec<u8>, Result<(), ContainerError>) {
    let bytes = zip(&[entry]);
    read(&list(&bytes, &Limits::default())[0])
}

#[test]
fn a_wrong_declared_size_is_an_error_after_all_bytes() {
    let content = text(5000);
    for packed in [MadeEntry::deflated("a", &content), MadeEntry::zstd("a", &content)] {
        for declared in [0, 4999, 5001, 1 << 20] {
            let (given, ended) = only(MadeEntry { unpacked_bytes: declared, ..packed.clone() });
            assert!(given == content);
            let declared_bytes = u64::from(declared);
            assert!(
                matches!(ended, Err(ContainerError::Size { declared_bytes: shown, unpacked_bytes: 5000, .. }) if shown == declared_bytes)
            );
        }
    }
}

#[test]
fn a_wrong_checksum_is_an_error_after_all_bytes() {
    let content = text(5000);
    let mut gzipped = gzip(&content);
    let at = gzipped.len() - 8;
    gzipped[at] ^= 1;
    let mut frame = zstd(&content);
    *frame.last_mut().expect("bytes") ^= 1;
    let zipped = |entry: MadeEntry| zip(&[MadeEntry { checksum: !entry.checksum, ..entry }]);
    let containers = [zipped(MadeEntry::stored("a", &content)), zipped(MadeEntry::deflated("a", &content)), gzipped];
    for bytes in containers {
        let (given, ended) = read(&list(&bytes, &Limits::default())[0]);
        assert!(given == content && matches!(ended, Err(ContainerError::Checksum { .. })), "{ended:?}");
    }
    // zstd gives its last block only once the checksum is found to be right or wrong.
    let (given, ended) = read(&list(&frame, &Limits::default())[0]);
    assert!(content.starts_with(&given) && matches!(ended, Err(ContainerError::Checksum { .. })), "{ended:?}");
}

#[test]
fn a_member_that_is_cut_gives_what_is_there() {
    let content = text(50_000);
    let mut entry = MadeEntry::deflated("a", &content);
    entry.packed.truncate(entry.packed.len() / 2);
    entry.packed_bytes = entry.packed.len() as u32;
    let (given, ended) = only(entry);
    assert!(given.len() > 10_000 && content.starts_with(&given));
    assert_eq!(ended, Err(ContainerError::Cut { member: MemberName::new("a"), unpacked_bytes: given.len() as u64 }));
}

#[test]
fn bytes_that_make_no_sense_are_an_error() {
    // A stored block of seven bytes, then a block of the kind that does not exist.
    let packed = [&b"\x00\x07\x00\xf8\xffcontent"[..], &[0b111; 8]].concat();
    let ended = only(MadeEntry { packed_bytes: packed.len() as u32, packed, ..MadeEntry::deflated("a", b"content") });
    assert_eq!(ended, (b"content".to_vec(), Err(ContainerError::Damaged { member: MemberName::new("a"), unpacked_bytes: 7 })));
}

#[test]
fn an_error_comes_again() {
    let bytes = zip(&[MadeEntry { checksum: 1, ..MadeEntry::deflated("a", b"content") }]);
    let mut reader = list(&bytes, &Limits::default())[0].reader().expect("a reader");
    let first = reader.read_to_end(&mut Vec::new()).expect_err("a wrong checksum");
    let second = reader.read(&mut [0; 8]).expect_err("still a wrong checksum");
    assert_eq!(ContainerError::find_in(&first), ContainerError::find_in(&second));
}

#[test]
fn something_behind_packed_bytes_is_an_error() {
    for mut bytes in [gzip(b"content"), zstd(b"content")] {
        bytes.extend_from_slice(b"\r\n");
        let (given, ended) = read(&list(&bytes, &Limits::default())[0]);
        assert!(given == b"content" && matches!(ended, Err(ContainerError::Trailing { .. })), "{ended:?}");
    }
}

#[test]
fn members_that_cannot_be_read_are_refused_by_name() {
    let good = MadeEntry::stored("good.csv", b"content");
    let refuse = |entry: MadeEntry| {
        let bytes = zip(&[entry, good.clone()]);
        let members = list(&bytes, &Limits::default());
        assert_eq!(read(&members[1]).1, Ok(()), "the others can be read");
        members[0].refused().cloned().map(|error| error.to_string()).unwrap_or_default()
    };
    let bad = MadeEntry::deflated("bad.csv", b"content");
    assert!(refuse(MadeEntry { flags: 1, ..bad.clone() }).contains("bad.csv: encrypted; have it packed without a password"));
    assert!(refuse(MadeEntry { method: 9, ..bad.clone() }).contains("bad.csv: compressed with Deflate64"));
    assert!(refuse(MadeEntry { method: 777, ..bad.clone() }).contains("compressed with method 777"));
    assert!(refuse(MadeEntry { mode: 0o120_777, ..bad.clone() }).contains("a link"));
    assert!(refuse(MadeEntry { name: vec![b'n'; 1025], ..bad.clone() }).contains("longer than 1024 bytes"));
    assert!(refuse(MadeEntry { packed_bytes: 1 << 30, ..bad }).contains("not where the directory of the archive says"));
}

#[test]
fn a_name_counts_once() {
    let bytes = zip(&[MadeEntry::stored("a/b", b"first"), MadeEntry::stored("a\\b", b"second")]);
    let members = list(&bytes, &Limits::default());
    assert_eq!(read(&members[0]).0, b"first");
    assert!(matches!(members[1].refused(), Some(ContainerError::NameTwice { .. })));
}

#[test]
fn members_that_share_bytes_are_refused() {
    let shared = MadeEntry::deflated("a", &text(1000));
    let bytes =
        zip(&[shared.clone(), MadeEntry { name: b"b".to_vec(), offset: Some(0), ..shared }, MadeEntry::stored("c", b"other")]);
    let members = list(&bytes, &Limits::default());
    let is_refused = |member: &Member<'_>| matches!(member.refused(), Some(ContainerError::Overlap { .. }));
    assert_eq!(members.iter().map(is_refused).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn a_directory_must_be_of_this_archive() {
    let bytes = zip(&[MadeEntry::stored("a", b"first"), MadeEntry::stored("b", b"second")]);
    let fault = |bytes: &[u8]| match Container::of_file(bytes).members("", &Limits::default()) {
        Err(error @ ContainerError::DirectoryDamaged { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let mut fewer = bytes.clone();
    let count_at = fewer.len() - 14;
    fewer[count_at..count_at + 4].copy_from_slice(&[1, 0, 1, 0]);
    assert!(fault(&fewer).contains("it has 2 entries and declares 1"));
    let before = zip(&[MadeEntry::stored("long name of a file", b"that came before")]);
    let glued = fault(&[before, bytes].concat());
    assert!(glued.contains("do not belong to the archive"), "{glued}");
}

#[test]
fn an_archive_that_is_cut_within_an_open_one_is_not_taken_for_that_one() {
    let inner = zip(&[MadeEntry::stored("row.csv", b"inner")]);
    let bytes = zip(&[MadeEntry::stored("inner.zip", &inner), MadeEntry::stored("b.csv", b"other")]);
    let end_of_inner = 30 + "inner.zip".len() + inner.len();
    let cut = Container::of_file(&bytes[..end_of_inner]).members("", &Limits::default());
    assert!(matches!(cut, Err(ContainerError::DirectoryDamaged { .. })), "{cut:?}");
}

#[test]
fn cut_anywhere_it_is_an_error_or_the_whole() {
    let content = text(400);
    let inner = zip(&[MadeEntry::deflated("i.csv", &content)]);
    let archive =
        zip(&[MadeEntry::deflated("a.csv", &content), MadeEntry::stored("b.zip", &inner), MadeEntry::deflated("c.zip", &inner)]);
    let containers = [archive, [gzip(&content), gzip(&content)].concat(), [zstd(&content), zstd(&content)].concat()];
    for bytes in containers {
        let whole = read_all(&bytes, &Limits::default()).expect("a sound container");
        let boundary = bytes.len() / 2;
        for length in 4..bytes.len() {
            let cut = read_all(&bytes[..length], &Limits::default());
            // One of two equal gzip members or zstd frames is a sound file.
            let is_sound = Container::of_file(&bytes).kind() != Kind::Zip && length == boundary;
            assert_eq!(cut.is_ok(), is_sound, "{length} of {}: {cut:?}", bytes.len());
            assert!(cut.is_err() || cut.is_ok_and(|members| whole[0].1.starts_with(&members[0].1)));
        }
    }
}
