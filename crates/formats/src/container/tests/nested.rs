//! Containers within containers.

use super::made::{MadeEntry, gzip, text, zip, zstd};
use super::*;

#[test]
fn members_of_inner_containers_replace_them() {
    let content = text(5000);
    let inner = zip(&[MadeEntry::deflated("x.csv", &content), MadeEntry::stored("y.csv", &content)]);
    let bytes = zip(&[
        MadeEntry::stored("first.csv", &content),
        MadeEntry::deflated("held.zip", &inner),
        MadeEntry::stored("open.zip", &inner),
        MadeEntry::deflated("z.csv.gz", &gzip(&content)),
        MadeEntry::stored("z.csv.zst", &zstd(&content)),
    ]);
    let members = read_all(&bytes, &Limits::default()).expect("sound members");
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "first.csv",
        "held.zip/x.csv",
        "held.zip/y.csv",
        "open.zip/x.csv",
        "open.zip/y.csv",
        "z.csv.gz/z.csv",
        "z.csv.zst/z.csv",
    ];
    assert_eq!(names, expected);
    assert!(members.iter().all(|(_, given)| *given == content));
}

#[test]
fn an_archive_may_be_packed_as_a_whole() {
    let inner = zip(&[MadeEntry::deflated("x.csv", &text(5000))]);
    for bytes in [gzip(&inner), zstd(&inner)] {
        assert_eq!(read_all(&bytes, &Limits::default()), Ok(vec![("outer.bin/x.csv".to_owned(), text(5000))]));
    }
}

#[test]
fn a_broken_inner_archive_is_one_refused_member() {
    let inner = zip(&[MadeEntry::deflated("x.csv", &text(5000))]);
    let bytes = zip(&[MadeEntry::deflated("cut.zip", &inner[..inner.len() - 1]), MadeEntry::stored("b.csv", b"other")]);
    let members = list(&bytes, &Limits::default());
    let refused = members[0].refused().expect("a refused member");
    assert!(refused.to_string().starts_with("cut.zip: the ZIP archive has no directory at its end"), "{refused}");
    assert!(!refused.is_of_container() && !refused.is_limit());
    assert_eq!(read(&members[1]), (b"other".to_vec(), Ok(())));
}

#[test]
fn foreign_archives_are_named() {
    let rar = b"Rar!\x1a\x07\x01\0 and more";
    assert_eq!(
        Container::of_file(rar).members("a.rar", &Limits::default()).err(),
        Some(ContainerError::Foreign { format: "RAR" })
    );
    let bytes = zip(&[MadeEntry::stored("a.rar", rar)]);
    let refused = list(&bytes, &Limits::default())[0].refused().map(ToString::to_string);
    assert_eq!(
        refused.as_deref(),
        Some("a.rar: packed as RAR, which cannot be read; pack it as ZIP, gzip or zstd, or give the files unpacked")
    );
}
