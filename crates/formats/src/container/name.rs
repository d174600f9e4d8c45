//! Names of members: texts for people and patterns that can do no harm in a terminal or as a part of a path.
//!
//! An archive may hold any bytes as a name. They are never used as a path here, and the name that is made of them never leads out of a folder.

use std::fmt;
use std::sync::Arc;

use sverka_text::is_hidden;

use crate::encoding::CP866;

/// The name of a member, safe to show: parts between `/`, none of them empty, `.` or `..`, without control and invisible characters, `\`
/// and `:`.
///
/// A part `..` and a `:` become `_`, a character or byte that cannot be shown becomes `�`, and separators `\` become `/`. A name never begins with a
/// separator. So two members may come to have the same name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MemberName(Arc<str>);

/// Most bytes of a name: no system has longer names of files.
pub(super) const MOST_NAME_BYTES: usize = 1024;

impl MemberName {
    /// The name of a file, given by the system or a user.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let parts: Vec<String> = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")).map(safe_part).collect();
        Self(if parts.is_empty() { "_".into() } else { parts.join("/").into() })
    }

    /// Whether macOS or Windows Explorer leave files with this name in archives.
    #[must_use]
    pub fn is_of_other_system(&self) -> bool {
        let is_in_folder = self.0.split('/').any(|part| part.eq_ignore_ascii_case("__MACOSX"));
        let file_name = self.file_name();
        let is_known = [".DS_Store", "Thumbs.db", "desktop.ini"].iter().any(|known| file_name.eq_ignore_ascii_case(known));
        is_in_folder || is_known || file_name.starts_with("._")
    }

    /// The name of an entry of a ZIP archive; `utf8` is the flag that says so.
    ///
    /// Without the flag, a name is cp866, as Windows writes it in Russia, unless its bytes beyond ASCII are Cyrillic in UTF-8. In cp866 such bytes would be
    /// frames and lines, which are much rarer than archivers that forget the flag.
    pub(super) fn of_entry(raw: &[u8], utf8: bool) -> Self {
        let raw = &raw[..raw.len().min(MOST_NAME_BYTES)];
        if utf8 || is_cyrillic_utf8(raw) {
            Self::new(&String::from_utf8_lossy(raw))
        } else {
            let mut name = String::new();
            // Every byte of cp866 has a meaning.
            CP866.decode_text(raw, &mut name);
            Self::new(&name)
        }
    }

    /// The name of a member of a container that is itself this member.
    pub(super) fn join(&self, inner: &Self) -> Self {
        Self(format!("{self}/{inner}").into())
    }

    /// The whole name, with the folders and the container within the container.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part of the name, for patterns of file names.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The name without the first of the endings that it has, in any letter case: the name of the file that is packed.
    pub(super) fn without_ending(&self, endings: &[&str]) -> Self {
        let ends = |ending: &&&str| {
            let at = self.0.len().checked_sub(ending.len()).filter(|&at| at > 0 && self.0.is_char_boundary(at));
            at.is_some_and(|at| self.0[at..].eq_ignore_ascii_case(ending) && !self.0[..at].ends_with('/'))
        };
        let longest = endings.iter().find(ends).map_or(0, |ending| ending.len());
        Self(self.0[..self.0.len() - longest].into())
    }
}

impl fmt::Display for MemberName {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

fn safe_part(part: &str) -> String {
    if part.chars().all(|sign| sign == '.') {
        return "_".repeat(part.len());
    }
    let safe = |sign: char| match sign {
        ':' => '_',
        sign if is_hidden(sign) => char::REPLACEMENT_CHARACTER,
        sign => sign,
    };
    part.chars().map(safe).collect()
}

fn is_cyrillic_utf8(raw: &[u8]) -> bool {
    std::str::from_utf8(raw)
        .is_ok_and(|text| text.chars().all(|sign| sign.is_ascii() || matches!(sign, '\u{400}'..='\u{4ff}' | '№')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(name: &str) -> String {
        MemberName::new(name).as_str().to_owned()
    }

    #[test]
    fn paths_cannot_leave_a_folder() {
        let cases = [
            ("../../etc/passwd", "__/__/etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            (r"C:\temp\..\MO2.csv", "C_/temp/__/MO2.csv"),
            (r"\\server\share\a.csv", "server/share/a.csv"),
            ("./a//b.csv", "a/b.csv"),
            ("", "_"),
            ("/", "_"),
            ("...", "___"),
        ];
        for (raw, expected) in cases {
            assert_eq!(shown(raw), expected, "{raw}");
        }
    }

    #[test]
    fn what_systems_leave_in_archives_is_known_by_name() {
        for (name, is_foreign) in [
            ("__MACOSX/._MO2.csv", true),
            ("inbox/__macosx/x.csv", true),
            ("inbox/._MO2.csv", true),
            ("a/.DS_Store", true),
            ("thumbs.db", true),
            ("Desktop.ini", true),
            ("MACOSX/MO2.csv", false),
            ("_MO2.csv", false),
            ("desktop.ini.csv", false),
        ] {
            assert_eq!(MemberName::new(name).is_of_other_system(), is_foreign, "{name}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_shown_as_such() {
        assert_eq!(shown("a\u{1b}[31m\r\n\0b.csv"), "a�[31m���b.csv");
        assert_eq!(shown("a\u{202e}vsc.exe"), "a�vsc.exe");
    }

    #[test]
    fn names_are_cp866_without_the_flag_and_utf8_with_it() {
        let name = "Ёлка №1 Прикрепление эюя.csv";
        let cp866 = b"\xf0\xab\xaa\xa0 \xfc1 \x8f\xe0\xa8\xaa\xe0\xa5\xaf\xab\xa5\xad\xa8\xa5 \xed\xee\xef.csv";
        assert_eq!(MemberName::of_entry(cp866, false).as_str(), name);
        assert_eq!(MemberName::of_entry(name.as_bytes(), true).as_str(), name);
        assert_eq!(MemberName::of_entry(name.as_bytes(), false).as_str(), name, "an archiver that forgot the flag");
        // `рай` of cp866 would be one valid character of another script.
        assert_eq!(MemberName::of_entry(b"\xe0\xa0\xa9", false).as_str(), "рай");
        assert_eq!(MemberName::of_entry(b"a\xff.csv", true).as_str(), "a�.csv");
    }

    #[test]
    fn an_ending_goes_once_and_never_the_whole_name() {
        let cut = |name: &str| MemberName::new(name).without_ending(&[".gzip", ".gz"]).as_str().to_owned();
        assert_eq!(cut("a.csv.GZ"), "a.csv");
        assert_eq!(cut("a.gz.gz"), "a.gz");
        assert_eq!(cut(".gz"), ".gz");
        assert_eq!(cut("b/.gz"), "b/.gz");
        assert_eq!(cut("я"), "я");
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_name_that_stays_below_a_folder(raw in proptest::collection::vec(any::<u8>(), 0..80), utf8 in any::<bool>()) {
            let name = MemberName::of_entry(&raw, utf8);
            let joined = std::path::Path::new(name.as_str());
            prop_assert!(joined.components().all(|part| matches!(part, std::path::Component::Normal(_))), "{name}");
            prop_assert!(!name.as_str().contains(|sign: char| sign.is_control() || sign == '\\' || sign == ':'));
            prop_assert!(!name.file_name().is_empty());
        }
    }
}
