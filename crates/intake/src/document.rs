//! Documents. A document is read as one table or list. A file that is not packed is one document; an archive has one
//! for each member.

use std::cell::Cell;
use std::io::Read;
use std::rc::Rc;

use sverka_formats::SourceFile;
use sverka_formats::container::{Container, ContainerError, Limits, Member, MemberReader};
use sverka_formats::spreadsheet::Workbook;

/// A document in a mapped file.
#[derive(Clone, Debug)]
pub struct Document<'f> {
    file: &'f SourceFile,
    member: Member<'f>,
}

/// The first bytes of a document.
#[derive(Clone, Debug, Default)]
pub struct Beginning {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The error behind the last byte, if the document cannot be unpacked any further.
    pub broken: Option<ContainerError>,
}

impl<'f> Document<'f> {
    /// The documents of a file, in their order; `file_name` is the file's own.
    ///
    /// # Errors
    /// When the file is an archive that cannot be read as a whole, or has a member that cannot be read at all: a part of the sender's file must not be
    /// taken for all of it.
    pub fn all_of(file: &'f SourceFile, file_name: &str) -> Result<Vec<Self>, ContainerError> {
        let members = Container::of_file(file.bytes()).members(file_name, &Limits::default())?;
        // A file without a byte is a document, too, but an empty one.
        let members = if file.bytes().is_empty() { vec![Container::empty(file_name)] } else { members };
        let read = |member: Member<'f>| member.refused().cloned().map_or(Ok(Self { file, member }), Err);
        members.into_iter().map(read).collect()
    }

    /// Sentences about the files of an archive that are no documents; `file_name` is the archive's own.
    #[must_use]
    pub fn passed_over(file: &SourceFile, file_name: &str) -> Vec<String> {
        let passed_over = Container::of_file(file.bytes()).passed_over(file_name, &Limits::default()).unwrap_or_default();
        passed_over.iter().map(ToString::to_string).collect()
    }

    /// The name of the document within its archive, or the name of the file if it is not packed.
    #[must_use]
    pub fn name(&self) -> &str {
        self.member.name().as_str()
    }

    /// The file of the document.
    #[must_use]
    pub fn file(&self) -> &'f SourceFile {
        self.file
    }

    /// Number of bytes that the document takes in its file.
    #[must_use]
    pub fn bytes_in_file(&self) -> u64 {
        self.member.plain_bytes().map_or(self.member.packed_bytes(), |bytes| bytes.len() as u64)
    }

    /// Size and checksum from the directory of the archive, which are equal for equal members of any archives. `None`
    /// when the directory has none.
    #[must_use]
    pub fn declared_content(&self) -> Option<String> {
        self.member.declared_checksum().map(|(bytes, checksum)| format!("crc32:{checksum:08x}:{bytes}"))
    }

    /// The bytes of the document, if it is not packed: they can be read in any order and by all threads.
    #[must_use]
    pub fn plain_bytes(&self) -> Option<&'f [u8]> {
        self.member.plain_bytes()
    }

    /// The first bytes, at most `most_bytes`.
    #[must_use]
    pub fn beginning(&self, most_bytes: usize) -> Beginning {
        let mut bytes = Vec::new();
        let broken = match self.member.reader() {
            // Bytes before an error stay in `bytes`.
            Ok(reader) => {
                let read = reader.take(most_bytes as u64).read_to_end(&mut bytes);
                read.err().and_then(|error| ContainerError::find_in(&error).cloned())
            }
            Err(error) => Some(error),
        };
        Beginning { bytes, broken }
    }

    /// Whether the document is a workbook of a spreadsheet program, by its content.
    #[must_use]
    pub fn is_workbook(&self) -> bool {
        match self.plain_bytes() {
            Some(bytes) => Workbook::is_workbook(bytes),
            None => Workbook::may_be_workbook(&self.beginning(Workbook::HEAD_BYTES).bytes),
        }
    }

    /// Number of unpacked bytes, estimated if the archive does not declare it.
    #[must_use]
    pub fn estimated_bytes(&self) -> u64 {
        const USUAL_RATIO: u64 = 12;
        self.member.declared_bytes().unwrap_or_else(|| match self.plain_bytes() {
            Some(bytes) if bytes.starts_with(b"PK") => (bytes.len() as u64).saturating_mul(USUAL_RATIO),
            Some(bytes) => bytes.len() as u64,
            None => self.member.packed_bytes().saturating_mul(USUAL_RATIO),
        })
    }

    /// The bytes of the document from its beginning to its end.
    ///
    /// # Errors
    /// When the document cannot be read at all.
    pub fn input(&self) -> Result<Input<'f>, ContainerError> {
        let unpacked = match self.plain_bytes() {
            Some(bytes) => Unpacked::Plain(bytes),
            None => Unpacked::Member(Box::new(self.member.reader()?)),
        };
        let from = self.member.mapped_bytes().map_or(0, |bytes| self.file.offset_of(bytes));
        Ok(Input { unpacked, file: self.file, from, released: 0, done: Rc::default() })
    }
}

/// The bytes of a document from its beginning to its end. The memory of bytes that were read is given back to the system.
pub struct Input<'f> {
    unpacked: Unpacked<'f>,
    file: &'f SourceFile,
    /// Offset of the document in the file.
    from: usize,
    released: usize,
    done: Rc<Cell<u64>>,
}

enum Unpacked<'f> {
    Plain(&'f [u8]),
    Member(Box<MemberReader<'f>>),
}

/// Bytes of the pieces in which memory of the file is given back.
const RELEASED_BYTES: usize = 8 << 20;

impl Input<'_> {
    /// Number of bytes of the file that are done, readable while the input is borrowed.
    #[must_use]
    pub fn done(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.done)
    }
}

impl Read for Input<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let (read, done) = match &mut self.unpacked {
            Unpacked::Plain(bytes) => {
                let read = bytes.read(to)?;
                (read, self.done.get() + read as u64)
            }
            Unpacked::Member(reader) => (reader.read(to)?, reader.packed_bytes_done()),
        };
        self.done.set(done);
        if done as usize - self.released > RELEASED_BYTES {
            self.file.release(self.from + self.released, self.from + done as usize);
            self.released = done as usize;
        }
        Ok(read)
    }
}
