//! Writer of ZIP archives. The bytes follow from the members alone: every member has the same time stamp, and nothing about the machine is stored.
//!
//! Members are written one after another and never kept in memory. Names are written unchanged. Archives are read in
//! `sverka_formats`.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, ZipArchiveWriter};

/// Compression level of deflate. Another level means other bytes for the same members.
const LEVEL: u32 = 6;

/// Writer of a ZIP archive.
pub struct ZipWriter<W: Write>(ZipArchiveWriter<W>);

impl<W: Write> ZipWriter<W> {
    /// Starts an archive without members.
    pub fn new(out: W) -> Self {
        Self(ZipArchiveWriter::new(out))
    }

    /// Adds a member; `write` gets the writer for its bytes.
    ///
    /// # Errors
    /// When `write` or the underlying writer fails, or the name is longer than 65535 bytes. The archive is then unusable.
    pub fn add(&mut self, name: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let (mut entry, config) = self
            .0
            .new_file(name)
            .compression_method(CompressionMethod::DEFLATE)
            .last_modified(earliest_stamp())
            .start()
            .map_err(io::Error::other)?;
        let mut member = config.wrap(DeflateEncoder::new(&mut entry, Compression::new(LEVEL)));
        write(&mut member)?;
        let (encoder, descriptor) = member.finish().map_err(io::Error::other)?;
        encoder.finish()?;
        entry.finish(descriptor).map_err(io::Error::other)?;
        Ok(())
    }

    /// Writes the directory and returns the underlying writer.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish().map_err(io::Error::other)
    }
}

/// Bytes of an archive with `members`: pairs of name and content.
///
/// # Panics
/// When a name is longer than 65535 bytes.
#[must_use]
pub fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Vec::new());
    for (name, bytes) in members {
        archive.add(name, |out| out.write_all(bytes)).expect("invariant: memory takes everything, and the name fits");
    }
    archive.finish().expect("invariant: memory takes everything")
}

/// Earliest time stamp of the ZIP format.
fn earliest_stamp() -> UtcDateTime {
    UtcDateTime::from_components(1980, 1, 1, 0, 0, 0, 0).expect("invariant: a day of the calendar")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::DeflateDecoder;
    use rawzip::ZipArchive;

    use super::*;

    #[test]
    fn members_are_read_back_with_their_names_in_order() {
        let long = b"0123456789".repeat(100_000);
        let members: [(&str, &[u8]); 3] = [("MO2.csv", b"row\r\n"), ("folder/пусто.csv", b""), ("long.csv", &long)];
        let bytes = zip_of(&members);
        assert!(bytes.len() < long.len() / 10, "packed");

        let archive = ZipArchive::from_slice(&bytes).expect("an archive");
        let mut entries = archive.entries();
        for (name, content) in members {
            let record = entries.next_entry().expect("a directory").expect("a member");
            let path = record.file_path();
            assert_eq!(path.as_ref(), name.as_bytes());
            let stamp = record.last_modified_dos();
            assert_eq!((stamp.year(), stamp.month(), stamp.day()), (1980, 1, 1));
            let entry = archive.get_entry(record.wayfinder()).expect("its place");
            let mut unpacked = Vec::new();
            let mut reader = entry.verifying_reader(DeflateDecoder::new(entry.data()));
            reader.read_to_end(&mut unpacked).expect("whole, with the right checksum");
            assert_eq!(unpacked, content);
        }
        assert!(entries.next_entry().expect("a directory").is_none());
    }

    #[test]
    fn a_member_written_in_pieces_gives_the_same_archive() {
        let mut archive = ZipWriter::new(Vec::new());
        archive
            .add("a.csv", |out| {
                out.write_all(b"1;2\n")?;
                out.write_all(b"3;4\n")
            })
            .expect("a member");
        assert_eq!(archive.finish().expect("an archive"), zip_of(&[("a.csv", b"1;2\n3;4\n")]));
    }
}
