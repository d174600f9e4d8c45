//! Tests of patterns, over folders with everything that network shares and old archivers leave there.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use super::*;

/// A folder with empty files of the names `names`.
fn folder(names: &[&[u8]]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    for name in names {
        let path = folder.path().join(OsStr::from_bytes(name));
        fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        fs::write(path, "").expect("file");
    }
    folder
}

fn find(folder: &tempfile::TempDir, pattern: &str) -> Result<Vec<FoundFile>, FindError> {
    FilePattern::new(pattern, |prefix| folder.path().join(prefix)).expect("a pattern").files()
}

fn names(folder: &tempfile::TempDir, pattern: &str) -> Vec<String> {
    find(folder, pattern).expect("files").into_iter().map(|file| file.name).collect()
}

#[test]
fn patterns_match_as_shells_do() {
    let folder = folder(&[
        b"r/b.csv",
        b"r/a.csv",
        b"r/a.txt",
        b"r/.hidden.csv",
        b"r/deep/c.csv",
        b"r/.deep/d.csv",
        "r/Ж[1].csv".as_bytes(),
    ]);
    for (pattern, expected) in [
        ("r/*.csv", &["r/a.csv", "r/b.csv", "r/Ж[1].csv"][..]),
        ("r/?.csv", &["r/a.csv", "r/b.csv"]),
        ("r/[!a].csv", &["r/b.csv"]),
        ("./r/a.csv", &["./r/a.csv"]),
        ("r/deep/../a.*", &["r/deep/../a.csv", "r/deep/../a.txt"]),
        ("r/*/c.csv", &["r/deep/c.csv"]),
        ("*/a.csv", &["r/a.csv"]),
        ("r/**/*.csv", &["r/a.csv", "r/b.csv", "r/deep/c.csv", "r/Ж[1].csv"]),
        ("**/c.csv", &["r/deep/c.csv"]),
        ("r/**/deep/**/*", &["r/deep/c.csv"]),
        ("r/.h*", &["r/.hidden.csv"]),
        ("r/Ж[[]1].csv", &["r/Ж[1].csv"]),
        ("r/*/*/c.csv", &[]),
        ("r", &[]),
        ("r/", &[]),
        ("nowhere/*.csv", &[]),
        ("r/a.csv/*.csv", &[]),
        ("r/a.csv/b", &[]),
    ] {
        assert_eq!(names(&folder, pattern), expected, "{pattern}");
    }
    assert!(FilePattern::new("a**b", |_| PathBuf::new()).is_err());
    assert!(FilePattern::new("[", |_| PathBuf::new()).is_err());
}

#[test]
fn a_link_to_nothing_is_an_error_unless_no_pattern_asks_for_it() {
    let folder = folder(&[b"r/a.csv"]);
    symlink("nowhere/b.csv", folder.path().join("r/b.csv")).expect("link");
    symlink("c.csv", folder.path().join("r/c.csv")).expect("link");
    symlink("/nowhere", folder.path().join("share")).expect("link");
    for (pattern, named) in [
        ("r/*.csv", "r/b.csv"),
        ("r/b.csv", "r/b.csv"),
        ("r/c.csv", "r/c.csv"),
        ("**/b.csv", "r/b.csv"),
        ("share/*.csv", "share/"),
        ("share/a.csv", "share/"),
        ("s*/a.csv", "share"),
    ] {
        let Err(FindError::Look { name, cause }) = find(&folder, pattern) else { panic!("{pattern} tells nothing") };
        assert!(name.starts_with(named.trim_end_matches('/')) && !cause.to_string().is_empty(), "{pattern}: {name}: {cause}");
    }
    assert_eq!(names(&folder, "r/a*.csv"), ["r/a.csv"]);
}

#[test]
fn a_match_that_is_no_file_is_an_error_unless_it_is_a_folder() {
    let folder = folder(&[b"r/a.csv", b"r/folder.csv/x"]);
    assert_eq!(names(&folder, "r/*.csv"), ["r/a.csv"]);
    let _socket = UnixListener::bind(folder.path().join("r/s.csv")).expect("socket");
    for pattern in ["r/*.csv", "r/s.csv", "**/s.csv"] {
        let Err(FindError::Kind { name, kind }) = find(&folder, pattern) else { panic!("{pattern} tells nothing") };
        assert_eq!((name.as_str(), kind), ("r/s.csv", "a socket"));
    }
    assert_eq!(names(&folder, "r/a*"), ["r/a.csv"]);
}

#[test]
fn links_upwards_do_not_lead_round_in_circles() {
    let folder = folder(&[b"r/a.csv", b"r/deep/b.csv"]);
    symlink("..", folder.path().join("r/deep/up")).expect("link");
    symlink(".", folder.path().join("r/here")).expect("link");
    assert_eq!(names(&folder, "r/**/*.csv"), ["r/a.csv", "r/deep/b.csv"]);
}

#[test]
fn names_of_other_encodings_are_read_where_a_pattern_could_match_them() {
    let folder = folder(&[
        b"r/a.csv",
        b"r/\xcf\xf0\xe8\xea\xe0\xe7.txt",
        b"r/\xd0\xe5\xe5\xf1\xf2\xf0.csv",
        b"d\xff/x.csv",
        b"r/\x8f\xe0.csv/c.csv",
    ]);
    assert_eq!(names(&folder, "r/a*.csv"), ["r/a.csv"]);
    let found = find(&folder, "r/*.csv").expect("files");
    let told: Vec<(&str, bool)> = found.iter().map(|file| (file.name.as_str(), file.is_renamed)).collect();
    assert_eq!(told, [("r/a.csv", false), ("r/Реестр.csv", true)]);
    assert!(found.iter().all(|file| file.path.is_file()));
    assert_eq!(names(&folder, "r/Реестр*"), ["r/Реестр.csv"]);
    assert_eq!(names(&folder, "r/Пр*/c.csv"), ["r/Пр.csv/c.csv"]);
    assert_eq!(names(&folder, "**/x.csv"), ["dя/x.csv"]);
}

#[test]
fn files_that_are_not_yet_there_would_match() {
    let pattern = |written: &str| FilePattern::new(written, |prefix| PathBuf::from(prefix)).expect("a pattern");
    let this = |written: &str, path: &str| pattern(written).would_match(Path::new(path), Reach::ThisFile);
    let below = |written: &str, path: &str| pattern(written).would_match(Path::new(path), Reach::AnythingBelow);
    assert!(this("**/*.csv", "a/b/c.csv") && this("*/*.csv", "a/c.csv") && !this("*/*.csv", "a/b/c.csv"));
    assert!(!this("**/*.csv", ".a/c.csv") && !this("*.csv", "a/c.csv"));
    assert!(below("**/*.csv", "a/b") && below("*/b/*/*", "a/b") && !below("*/b", "a/b") && !below("[c]/**/*", "a/b"));
}
