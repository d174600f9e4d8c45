//! Sound containers.

use super::made::{MadeEntry, gzip, text, zip, zstd};
use super::*;

fn three() -> Vec<u8> {
    let content = text(300_000);
    zip(&[
        MadeEntry::stored("папка/", b""),
        MadeEntry::deflated("папка/первый.csv", &content),
        MadeEntry::deflated("empty.csv", b""),
        MadeEntry::stored("second.csv", &content[..70_000]),
        MadeEntry::stored("nothing.csv", b""),
        MadeEntry::zstd("third.csv", &content[1000..]),
    ])
}

#[test]
fn members_come_in_their_order_without_folders_and_empty_files() {
    let (bytes, content) = (three(), text(300_000));
    let members = list(&bytes, &Limits::default());
    let names: Vec<&str> = members.iter().map(|member| member.name().as_str()).collect();
    assert_eq!(names, ["папка/первый.csv", "second.csv", "third.csv"]);
    assert_eq!(members[0].name().file_name(), "первый.csv");
    assert_eq!(members[1].packed_bytes(), 70_000);
    assert_eq!(members[2].declared_bytes(), Some(299_000));
    for (member, expected) in members.iter().zip([&content[..], &content[..70_000], &content[1000..]]) {
        assert_eq!(read(member), (expected.to_vec(), Ok(())), "{}", member.name());
    }
}

#[test]
fn a_folder_with_something_in_it_is_a_file() {
    let bytes = zip(&[MadeEntry::stored("a/", b"content"), MadeEntry::stored("b\\", b"")]);
    assert_eq!(read_all(&bytes, &Limits::default()), Ok(vec![("a".to_owned(), b"content".to_vec())]));
}

#[test]
fn members_can_be_read_by_several_threads_at_once() {
    let bytes = three();
    let members = list(&bytes, &Limits::default());
    let one_by_one: Vec<Vec<u8>> = members.iter().map(|member| read(member).0).collect();
    let together: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let readers: Vec<_> = members.iter().chain(&members).map(|member| scope.spawn(|| read(member).0)).collect();
        readers.into_iter().map(|reader| reader.join().expect("a reader that does not panic")).collect()
    });
    assert_eq!(together[..3], one_by_one);
    assert_eq!(together[3..], one_by_one);
}

#[test]
fn a_file_that_is_not_packed_is_its_only_member() {
    let members = list(b"a;b\n1;2\n", &Limits { member_bytes: 1, total_bytes: 1, ..Limits::default() });
    assert_eq!(members[0].plain_bytes(), Some(&b"a;b\n1;2\n"[..]));
    assert_eq!(members[0].name().as_str(), "outer.bin");
    assert_eq!(read(&members[0]), (b"a;b\n1;2\n".to_vec(), Ok(())), "limits are for what is unpacked");
}

#[test]
fn gzip_is_read_to_its_last_member() {
    let (first, second) = (text(200_000), text(70_000));
    let mut bytes = [gzip(&first), gzip(b""), gzip(&second)].concat();
    let expected = [first, second].concat();
    let named = Container::of_file(&bytes).members("MO2.csv.gz", &Limits::default()).expect("gzip");
    assert_eq!(named[0].name().as_str(), "MO2.csv");
    assert_eq!(read(&named[0]), (expected.clone(), Ok(())));
    bytes.extend_from_slice(&[0; 512]);
    assert_eq!(read(&list(&bytes, &Limits::default())[0]), (expected, Ok(())), "filled up with zeros");
}

#[test]
fn headers_of_gzip_may_hold_every_optional_field() {
    let plain = gzip(b"content");
    let mut bytes = plain[..10].to_vec();
    bytes[3] = 0b1_1111;
    bytes.extend_from_slice(b"\x03\0abcname\0comment\0\xaa\xbb");
    bytes.extend_from_slice(&plain[10..]);
    assert_eq!(read(&list(&bytes, &Limits::default())[0]), (b"content".to_vec(), Ok(())));
    for length in 3..bytes.len() {
        let (given, ended) = read(&list(&bytes[..length], &Limits::default())[0]);
        assert!(matches!(ended, Err(ContainerError::Cut { .. })) && b"content".starts_with(&given[..]), "{length}: {ended:?}");
    }
}

#[test]
fn zstd_is_read_to_its_last_frame() {
    let (first, second) = (text(200_000), text(70_000));
    let skipped = [&b"\x53\x2a\x4d\x18\x04\0\0\0"[..], b"what"].concat();
    let bytes = [skipped.clone(), zstd(&first), skipped, zstd(b""), zstd(&second)].concat();
    let expected = [first, second].concat();
    let named = Container::of_file(&bytes).members("list.XML.zst", &Limits::default()).expect("zstd");
    assert_eq!(named[0].name().as_str(), "list.XML");
    assert_eq!(read(&named[0]), (expected, Ok(())));
}

#[test]
fn an_archive_may_be_empty_or_carry_something_behind_it() {
    assert!(list(&zip(&[]), &Limits::default()).is_empty());
    let mut signed = zip(&[MadeEntry::stored("a", b"content")]);
    signed.extend_from_slice(b"-----BEGIN SIGNATURE-----");
    assert_eq!(read_all(&signed, &Limits::default()).map(|members| members.len()), Ok(1));
}

#[test]
fn any_size_of_buffer_gives_the_same() {
    let content = text(100_000);
    let containers =
        [zip(&[MadeEntry::deflated("a", &content)]), gzip(&content), zstd(&content), zip(&[MadeEntry::stored("a", &content)])];
    for bytes in containers {
        for size in [1, 7, 4096, 99_999, 100_000, 100_001, 1 << 20] {
            let mut reader = list(&bytes, &Limits::default())[0].reader().expect("a sound member");
            let (mut given, mut piece) = (Vec::new(), vec![0; size]);
            while let Ok(length @ 1..) = reader.read(&mut piece) {
                given.extend_from_slice(&piece[..length]);
            }
            assert!(given == content, "{size}");
            assert!(matches!(reader.read(&mut piece), Ok(0)) && reader.unpacked_bytes() == 100_000);
        }
    }
}

#[test]
fn readers_go_to_other_threads() {
    fn goes<T: Send>() {}
    fn is_shared<T: Sync>() {}
    goes::<MemberReader<'_>>();
    is_shared::<Member<'_>>();
}
