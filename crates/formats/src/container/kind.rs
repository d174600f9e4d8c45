//! The kind of a file's packing, by its first bytes and never by its name.

use super::workbook::is_workbook;

/// The packing of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file that is not packed, or not in a known way.
    Plain,
    /// A ZIP archive.
    Zip,
    /// One gzip member or several, one behind the other.
    Gzip,
    /// One zstd frame or several, one behind the other.
    Zstd,
    /// A file packed in a format that is not read, with the name of the format for people.
    Foreign(&'static str),
}

impl Kind {
    /// Number of first bytes that decide the kind.
    pub(super) const HEAD_BYTES: usize = 264;

    pub(super) const GZIP_MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

    const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

    /// The kind by the first bytes of a file, `HEAD_BYTES` or all of them.
    #[must_use]
    pub fn of_head(bytes: &[u8]) -> Self {
        const FOREIGN: [(&[u8], &str); 7] = [
            (b"Rar!\x1a\x07", "RAR"),
            (b"7z\xbc\xaf\x27\x1c", "7z"),
            (b"\xfd7zXZ\0", "xz"),
            (b"\x04\x22\x4d\x18", "lz4"),
            (b"\x1f\x9d", "compress (.Z)"),
            (b"MSCF\0\0\0\0", "CAB"),
            (b"PK\x07\x08", "ZIP in several volumes"),
        ];
        const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
        let foreign = FOREIGN.iter().find(|(magic, _)| bytes.starts_with(magic));
        if ZIP.iter().any(|magic| bytes.starts_with(magic)) {
            Self::Zip
        } else if bytes.starts_with(&Self::GZIP_MAGIC) {
            Self::Gzip
        } else if bytes.starts_with(&Self::ZSTD_MAGIC) || is_skippable_frame(bytes) {
            Self::Zstd
        } else if let Some((_, name)) = foreign {
            Self::Foreign(name)
        } else if bytes.starts_with(b"BZh") && bytes.get(4..10) == Some(b"1AY&SY") {
            Self::Foreign("bzip2")
        } else if bytes.get(257..262) == Some(b"ustar") {
            Self::Foreign("tar")
        } else {
            Self::Plain
        }
    }

    /// The kind of a whole file. An archive that is a workbook is a document, and not packed.
    #[must_use]
    pub fn of_file(bytes: &[u8]) -> Self {
        match Self::of_head(bytes) {
            Self::Zip if is_workbook(bytes) => Self::Plain,
            kind => kind,
        }
    }

    /// Whether a few bytes could be the beginning of a zstd frame that was cut off.
    pub(super) fn may_become_zstd(bytes: &[u8]) -> bool {
        let is_cut = bytes.len() < Self::ZSTD_MAGIC.len();
        is_cut && (Self::ZSTD_MAGIC.starts_with(bytes) || SKIPPABLE_MAGIC_REST.starts_with(bytes.get(1..).unwrap_or_default()))
    }
}

/// The magic number of a skippable frame behind its first byte, which is 0x50 to 0x5F.
const SKIPPABLE_MAGIC_REST: [u8; 3] = [0x2a, 0x4d, 0x18];

fn is_skippable_frame(bytes: &[u8]) -> bool {
    matches!(bytes, [0x50..=0x5f, rest @ ..] if rest.starts_with(&SKIPPABLE_MAGIC_REST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_shows_the_kind() {
        let tar: Vec<u8> = [&[b'a'; 257][..], b"ustar\0"].concat();
        let cases: [(&[u8], Kind); 12] = [
            (b"", Kind::Plain),
            (b"PK", Kind::Plain),
            (b"PK;1;2", Kind::Plain),
            (b"PK\x03\x04", Kind::Zip),
            (b"PK\x05\x06\0\0", Kind::Zip),
            (b"\x1f\x8b\x08\0", Kind::Gzip),
            (b"\x28\xb5\x2f\xfd", Kind::Zstd),
            (b"\x5f\x2a\x4d\x18\0", Kind::Zstd),
            (b"Rar!\x1a\x07\x01", Kind::Foreign("RAR")),
            (b"BZh91AY&SY", Kind::Foreign("bzip2")),
            (b"BZhenya;1;2", Kind::Plain),
            (&tar, Kind::Foreign("tar")),
        ];
        for (bytes, kind) in cases {
            assert_eq!(Kind::of_head(bytes), kind, "{bytes:x?}");
        }
    }
}
