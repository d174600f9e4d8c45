//! Files of rows on the disk: plain files, Parquet tables, and archives with one member, which is written to a temporary file first.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::GenerateError;
use super::block::Part;
use super::format::{POINT, Shape, SourceFile, schema};
use sverka_publish::ZipWriter;

/// A file of the region that is being written.
pub(super) struct Target<'f> {
    out: &'f Path,
    file: &'f SourceFile,
    piece: u64,
    rows: u64,
    open: OpenFile,
}

/// Open file of one piece.
enum OpenFile {
    Plain(File),
    Parquet(Box<ArrowWriter<File>>),
    /// Member of an archive that is not written yet, and its rows. The file has no name and goes with the process.
    Member {
        rows: u64,
        member: BufWriter<File>,
    },
}

impl<'f> Target<'f> {
    /// Begins the file, below the region's directory `out`.
    pub fn create(out: &'f Path, file: &'f SourceFile) -> Result<Self, GenerateError> {
        let open = if file.packed() { begin_member(out) } else { begin_file(&path_of(out, file, 0), file.shape) };
        let open = open.map_err(GenerateError::write(&path_of(out, file, 0)))?;
        Ok(Self { out, file, piece: 0, rows: 0, open })
    }

    /// Appends rows.
    pub fn append(&mut self, part: &Part) -> Result<(), GenerateError> {
        if part.rows == 0 {
            return Ok(());
        }
        self.rows += part.rows;
        let path = path_of(self.out, self.file, self.piece);
        match &mut self.open {
            OpenFile::Plain(file) => file.write_all(&part.bytes).map_err(GenerateError::write(&path)),
            OpenFile::Parquet(writer) => match &part.batch {
                Some(batch) => writer.write(batch).map_err(io::Error::other).map_err(GenerateError::write(&path)),
                None => Ok(()),
            },
            OpenFile::Member { .. } => self.append_to_member(&part.bytes),
        }
    }

    /// Appends rows, which end at line feeds. A member with the most rows of a piece is packed before the next row comes.
    fn append_to_member(&mut self, mut bytes: &[u8]) -> Result<(), GenerateError> {
        while !bytes.is_empty() {
            let OpenFile::Member { rows, member } = &mut self.open else { return Ok(()) };
            let room = self.file.most_rows - *rows;
            let mut ends = memchr::memchr_iter(b'\n', bytes);
            let (end, taken) = match usize::try_from(room).ok().and_then(|room| room.checked_sub(1)).and_then(|nth| ends.nth(nth))
            {
                Some(last) => (last + 1, room),
                None if room == 0 => (0, 0),
                None => (bytes.len(), memchr::memchr_iter(b'\n', bytes).count() as u64),
            };
            *rows += taken;
            member.write_all(&bytes[..end]).map_err(GenerateError::write(&path_of(self.out, self.file, self.piece)))?;
            bytes = &bytes[end..];
            if !bytes.is_empty() {
                self.pack()?;
            }
        }
        Ok(())
    }

    /// Turns the member into its archive and begins the next.
    fn pack(&mut self) -> Result<(), GenerateError> {
        let path = path_of(self.out, self.file, self.piece);
        let next = begin_member(self.out).map_err(GenerateError::write(&path))?;
        if let OpenFile::Member { rows, member } = std::mem::replace(&mut self.open, next) {
            pack(&path, self.file, rows, member).map_err(GenerateError::write(&path))?;
        }
        self.piece += 1;
        Ok(())
    }

    /// Whether the file is canonical CSV without rows, which no sender sends.
    pub fn is_needless(&self) -> bool {
        self.rows == 0 && matches!(self.file.shape, Shape::Csv(_))
    }

    /// Folder of the file.
    pub fn folder(&self) -> PathBuf {
        path_of(self.out, self.file, self.piece).parent().map(Path::to_path_buf).unwrap_or_default()
    }

    /// Removes the file.
    pub fn remove(self) -> Result<(), GenerateError> {
        let path = path_of(self.out, self.file, self.piece);
        fs::remove_file(&path).map_err(GenerateError::write(&path))
    }

    /// Completes the file, or its last piece. An archive without rows is written for a list only, because a list without records is a document.
    pub fn finish(mut self) -> Result<(), GenerateError> {
        let empty = matches!(self.open, OpenFile::Member { rows: 0, .. });
        if matches!(self.open, OpenFile::Member { .. }) {
            return if empty && self.file.shape == Shape::Exchange { Ok(()) } else { self.pack() };
        }
        if let OpenFile::Parquet(writer) = self.open {
            let path = path_of(self.out, self.file, self.piece);
            writer.close().map_err(io::Error::other).map_err(GenerateError::write(&path))?;
        }
        Ok(())
    }
}

/// Path of a piece.
fn path_of(out: &Path, file: &SourceFile, piece: u64) -> PathBuf {
    let extension = if file.packed() { "zip" } else { file.extension() };
    out.join(format!("{}.{extension}", file.path(piece)))
}

/// Creates a file that is not packed, with its header.
fn begin_file(path: &Path, shape: Shape) -> io::Result<OpenFile> {
    let mut file = File::create(path)?;
    match shape {
        Shape::Parquet(table) => {
            let properties = WriterProperties::builder()
                .set_created_by(concat!(env!("CARGO_PKG_NAME"), " generate").to_owned())
                .set_compression(Compression::ZSTD(ZstdLevel::default()))
                .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
                .build();
            let writer = ArrowWriter::try_new(file, schema(table), Some(properties)).map_err(io::Error::other)?;
            return Ok(OpenFile::Parquet(Box::new(writer)));
        }
        Shape::Csv(columns) => file.write_all(format!("{columns}\n").as_bytes())?,
        _ => {}
    }
    Ok(OpenFile::Plain(file))
}

/// Rows of a row group, which the writer holds in memory.
const ROW_GROUP_ROWS: usize = 100_000;
/// Bytes of the buffer of a member.
const BUFFER_BYTES: usize = 1 << 17;

/// Begins a member in a temporary file.
fn begin_member(out: &Path) -> io::Result<OpenFile> {
    let member = BufWriter::with_capacity(BUFFER_BYTES, tempfile::tempfile_in(out)?);
    Ok(OpenFile::Member { rows: 0, member })
}

/// Writes an archive with one member.
fn pack(path: &Path, file: &SourceFile, rows: u64, member: BufWriter<File>) -> io::Result<()> {
    let mut member = member.into_inner().map_err(io::IntoInnerError::into_error)?;
    member.rewind()?;
    let name = format!("{}.{}", path.file_stem().unwrap_or_default().to_string_lossy(), file.extension());
    let mut archive = ZipWriter::new(BufWriter::new(fs::File::create(path)?));
    archive.add(&name, |mut out| {
        if let Shape::Oplist { insurer, dialect } = file.shape {
            out.write_all(&dialect.head(&name, insurer, POINT, rows))?;
        }
        io::copy(&mut io::BufReader::with_capacity(BUFFER_BYTES, member), &mut out)?;
        if let Shape::Oplist { dialect, .. } = file.shape {
            out.write_all(dialect.tail())?;
        }
        Ok(())
    })?;
    archive.finish()?.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::format::Dialect;
    use crate::generate::world::ymd;
    use rawzip::ZipArchive;

    /// The archives that rows of several blocks become, by their names, with the bytes of the only member before packing.
    fn packed(shape: Shape, blocks: &[&str]) -> Vec<(String, String, u64)> {
        let out = tempfile::tempdir().expect("temporary directory");
        let mut file = SourceFile::new(shape, ymd(2026, 11, 1), "MO2".to_owned());
        file.most_rows = 3;
        let mut target = Target::create(out.path(), &file).expect("a file");
        for rows in blocks {
            let part = Part { bytes: rows.as_bytes().to_vec(), rows: rows.lines().count() as u64, ..Part::default() };
            target.append(&part).expect("written");
        }
        target.finish().expect("packed");
        let mut found = Vec::new();
        for entry in fs::read_dir(out.path()).expect("directory").map(|entry| entry.expect("entry")) {
            let bytes = fs::read(entry.path()).expect("readable");
            let archive = ZipArchive::from_slice(&bytes).expect("an archive");
            let record = archive.entries().next_entry().expect("a directory").expect("a member");
            let member = String::from_utf8(record.file_path().as_ref().to_vec()).expect("a name");
            found.push((entry.file_name().into_string().expect("a name"), member, record.uncompressed_size_hint()));
        }
        found.sort();
        found
    }

    #[test]
    fn a_file_ends_when_it_has_as_many_rows_as_it_may_and_not_before() {
        let piece = |name: &str, bytes| (format!("{name}.zip"), format!("{name}.csv"), bytes);
        assert_eq!(packed(Shape::Exchange, &["1\n2\n", "3\n"]), [piece("MO2", 6)]);
        assert_eq!(packed(Shape::Exchange, &["1\n2\n", "3\n4\n"]), [piece("MO2", 6), piece("MO22", 2)]);
        assert_eq!(
            packed(Shape::Exchange, &["1\n2\n3\n", "4\n5\n6\n7\n"]),
            [piece("MO2", 6), piece("MO22", 6), piece("MO23", 2)]
        );
    }

    #[test]
    fn only_a_list_is_written_without_rows() {
        assert_eq!(packed(Shape::Exchange, &[]), []);
        let lists = packed(Shape::Oplist { insurer: 34001, dialect: Dialect::Attributes }, &[]);
        assert_eq!(
            lists.iter().map(|(name, member, _)| (name.as_str(), member.as_str())).collect::<Vec<_>>(),
            [("MO21.zip", "MO21.xml")]
        );
    }
}
