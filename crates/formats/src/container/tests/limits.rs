//! Every limit, with containers that just keep it and just exceed it.

use super::made::{MadeEntry, gzip, text, zip, zstd};
use super::*;

const OPEN: Limits = Limits {
    member_bytes: u64::MAX,
    total_bytes: u64::MAX,
    ratio: u64::MAX,
    any_ratio_bytes: u64::MAX,
    members: 1000,
    nesting: 9,
    held_bytes: 1 << 30,
    window_bytes: 1 << 27,
};

/// One content in every packing.
fn every_packing(content: &[u8]) -> [(&'static str, Vec<u8>); 5] {
    [
        ("stored", zip(&[MadeEntry::stored("a", content)])),
        ("deflate", zip(&[MadeEntry::deflated("a", content)])),
        ("zstd in ZIP", zip(&[MadeEntry::zstd("a", content)])),
        ("gzip", gzip(content)),
        ("zstd", zstd(content)),
    ]
}

#[test]
fn bytes_of_a_member() {
    for (packing, bytes) in every_packing(&text(50_000)) {
        let reached = Limits { member_bytes: 50_000, ..OPEN };
        assert!(read_all(&bytes, &reached).is_ok(), "{packing}");
        let passed = Limits { member_bytes: 49_999, ..OPEN };
        assert!(
            matches!(read_all(&bytes, &passed), Err(ContainerError::MemberTooLarge { limit_bytes: 49_999, .. })),
            "{packing}"
        );
    }
}

#[test]
fn bytes_of_all_members() {
    let content = text(50_000);
    let bytes = zip(&[MadeEntry::deflated("a", &content), MadeEntry::stored("b", &content)]);
    assert!(read_all(&bytes, &Limits { total_bytes: 100_000, ..OPEN }).is_ok());
    let passed = read_all(&bytes, &Limits { total_bytes: 99_999, ..OPEN });
    assert_eq!(passed, Err(ContainerError::TotalTooLarge { limit_bytes: 99_999 }));
}

#[test]
fn a_member_that_is_read_again_counts_once() {
    let bytes = zip(&[MadeEntry::deflated("a", &text(50_000))]);
    let members = list(&bytes, &Limits { total_bytes: 50_000, ..OPEN });
    for _ in 0..3 {
        assert_eq!(read(&members[0]).1, Ok(()));
    }
}

#[test]
fn ratio_of_a_member() {
    for (packing, bytes) in every_packing(&[b'a'; 100_000]).into_iter().skip(1) {
        let packed_bytes = list(&bytes, &OPEN)[0].packed_bytes();
        let ratio = 100_000_u64.div_ceil(packed_bytes);
        assert!(ratio > 200, "{packing} makes no bomb: {ratio}");
        assert!(read_all(&bytes, &Limits { ratio, any_ratio_bytes: 0, ..OPEN }).is_ok(), "{packing}");
        let passed = Limits { ratio: ratio - 1, any_ratio_bytes: 0, ..OPEN };
        assert!(
            matches!(read_all(&bytes, &passed), Err(ContainerError::MemberRatio { .. } | ContainerError::TotalRatio { .. })),
            "{packing}"
        );
        assert!(
            read_all(&bytes, &Limits { ratio: 1, any_ratio_bytes: 100_000, ..OPEN }).is_ok(),
            "{packing}: few bytes may have any ratio"
        );
        let passed = Limits { ratio: 1, any_ratio_bytes: 99_999, ..OPEN };
        assert!(read_all(&bytes, &passed).is_err_and(|error| error.is_limit()), "{packing}");
    }
}

#[test]
fn ratio_of_all_members() {
    let entries: Vec<MadeEntry> = (0..50).map(|entry| MadeEntry::deflated(&format!("{entry}"), &[b'a'; 20_000])).collect();
    let bytes = zip(&entries);
    let ratio = 1_000_000_u64.div_ceil(bytes.len() as u64);
    assert!(read_all(&bytes, &Limits { ratio, any_ratio_bytes: 20_000, ..OPEN }).is_ok());
    let passed = read_all(&bytes, &Limits { ratio: ratio - 1, any_ratio_bytes: 20_000, ..OPEN });
    assert!(matches!(passed, Err(ContainerError::TotalRatio { .. })), "no member has so many bytes: {passed:?}");
}

#[test]
fn what_is_declared_beyond_a_limit_is_refused_beforehand() {
    let mut entry = MadeEntry::deflated("a", b"content");
    entry.unpacked_bytes = 1 << 30;
    let bytes = zip(&[entry]);
    let refused = |limits: &Limits| list(&bytes, limits)[0].refused().cloned();
    assert!(matches!(refused(&Limits { member_bytes: (1 << 30) - 1, ..OPEN }), Some(ContainerError::MemberTooLarge { .. })));
    assert!(matches!(refused(&Limits::default()), Some(ContainerError::MemberRatio { .. })));
    assert_eq!(refused(&OPEN), None);
}

#[test]
fn a_declared_size_does_not_hide_a_bomb() {
    let mut entry = MadeEntry::deflated("a", &vec![0; 100 << 20]);
    entry.unpacked_bytes = 10;
    let bytes = zip(&[entry]);
    let (given, ended) = read(&list(&bytes, &Limits::default())[0]);
    assert!(matches!(ended, Err(ContainerError::MemberRatio { .. } | ContainerError::TotalRatio { .. })), "{ended:?}");
    assert!(given.len() <= 64 << 20, "stopped at the limit, not at the end");
}

#[test]
fn entries_of_every_sort() {
    let entries: Vec<MadeEntry> = (0..6).map(|entry| MadeEntry::stored(&format!("{entry}/"), b"")).collect();
    let inner = zip(&[MadeEntry::stored("x", b"x"), MadeEntry::stored("y", b"y")]);
    let bytes = zip(&[&entries[..], &[MadeEntry::stored("z.zip", &inner)]].concat());
    assert_eq!(list(&bytes, &Limits { members: 9, ..OPEN }).len(), 2);
    let passed = Container::of_file(&bytes).members("", &Limits { members: 8, ..OPEN });
    assert_eq!(passed.err(), Some(ContainerError::TooManyMembers { limit: 8 }));
    let passed = Container::of_file(&bytes).members("", &Limits { members: 6, ..OPEN });
    assert_eq!(passed.err(), Some(ContainerError::TooManyMembers { limit: 6 }));
}

#[test]
fn nesting() {
    let innermost = zip(&[MadeEntry::deflated("a.csv", b"content")]);
    let inner = zip(&[MadeEntry::deflated("innermost.zip", &innermost)]);
    let bytes = zip(&[MadeEntry::stored("inner.zip", &inner), MadeEntry::stored("b.csv", b"other")]);
    let names = |nesting: u32| -> Vec<(String, bool)> {
        let members = list(&bytes, &Limits { nesting, ..OPEN });
        members.iter().map(|member| (member.name().to_string(), member.refused().is_some())).collect()
    };
    let rest = ("b.csv".to_owned(), false);
    assert_eq!(names(2), [("inner.zip/innermost.zip/a.csv".to_owned(), false), rest.clone()]);
    assert_eq!(names(1), [("inner.zip/innermost.zip".to_owned(), true), rest.clone()]);
    assert_eq!(names(0), [("inner.zip".to_owned(), true), rest]);
    let refused = list(&bytes, &Limits::default())[0].refused().cloned();
    assert!(matches!(refused, Some(ContainerError::NestedTooDeep { limit: 1, .. })), "{refused:?}");
}

#[test]
fn memory_for_containers_within() {
    let inner = zip(&[MadeEntry::stored("a.csv", &text(30_000))]);
    let bytes = zip(&[MadeEntry::deflated("1.zip", &inner), MadeEntry::deflated("2.zip", &inner)]);
    let reached = Limits { held_bytes: 2 * inner.len() as u64, ..OPEN };
    assert_eq!(read_all(&bytes, &reached).map(|members| members.len()), Ok(2));
    let members = list(&bytes, &Limits { held_bytes: reached.held_bytes - 1, ..OPEN });
    assert_eq!(members[0].refused(), None);
    assert!(matches!(members[1].refused(), Some(ContainerError::NestedTooLarge { .. })));
    let open = zip(&[MadeEntry::stored("1.zip", &inner)]);
    assert!(read_all(&open, &Limits { held_bytes: 0, ..OPEN }).is_ok(), "an archive that lies open takes no memory");
}

#[test]
fn window_of_zstd() {
    let content = text(3 << 20);
    let mut encoder = zstd::bulk::Compressor::new(1).expect("memory");
    encoder.set_parameter(zstd::zstd_safe::CParameter::WindowLog(20)).expect("a window");
    let bytes = encoder.compress(&content).expect("memory");
    assert!(read_all(&bytes, &Limits { window_bytes: 1 << 20, ..OPEN }).is_ok());
    let passed = read_all(&bytes, &Limits { window_bytes: (1 << 20) - 1, ..OPEN });
    assert!(matches!(passed, Err(ContainerError::Window { .. })), "{:?}", passed.err());
}

#[test]
fn a_bomb_of_archives_in_an_archive_stays_small() {
    let bottom = zip(&[MadeEntry::deflated("0", &vec![0; 32 << 20])]);
    let inner: Vec<MadeEntry> = (0..40).map(|entry| MadeEntry::stored(&format!("{entry}.zip"), &bottom)).collect();
    let bytes = zip(&[MadeEntry::deflated("inner.zip", &zip(&inner))]);
    let limits = Limits { nesting: 2, ..Limits::default() };
    let members = list(&bytes, &limits);
    assert_eq!(members.len(), 40);
    let ends: Vec<Result<(), ContainerError>> = members.iter().map(|member| read(member).1).collect();
    assert_eq!(ends[0], Ok(()));
    assert!(ends[2..].iter().all(|end| matches!(end, Err(ContainerError::TotalRatio { .. }))), "{:?}", ends[2]);
}
