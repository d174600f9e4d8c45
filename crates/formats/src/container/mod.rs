//! Containers: what is in a ZIP archive, a gzip or a zstd file, read from the bytes of the mapped file and never unpacked to disk.
//!
//! ```text
//! Container::of(bytes) ─ members(name, limits) ─┬─ Member ─ reader() ─ Read, one worker
//!                                               ├─ Member ─ reader() ─ Read, another worker
//!                                               └─ Member   refused(): why it will not be read
//! ```
//!
//! The content tells the kind of a file, not its name. An archive that is itself a document (`.xlsx`, `.ods`) is not packed. A file that is not packed is a container of one member, whose bytes are the file's.
//! Containers within containers are listed as if their members were the outer one's, `outer.zip/inner.csv`, as deep as
//! [`Limits::nesting`] allows. Folders, empty files and what other systems leave in archives (`__MACOSX/`, `.DS_Store`, `Thumbs.db`) are left out;
//! [`Container::passed_over`] names the files among these. This module knows bytes and names; it does not know what a row is,
//! and it never opens a path.
//!
//! # How members fail
//!
//! What is wrong with the directory of an archive, or passes a limit of all members ([`ContainerError::is_of_container`]), makes the
//! whole container unusable. Everything else is about one member, and the others can be read. Members that cannot be read at all
//! (encrypted, an unknown method, a name given twice) are listed as refused. The rest shows while reading: what a reader gave before it
//! failed is what is packed, from the beginning and without gaps. After [`ContainerError::Cut`], [`ContainerError::Damaged`],
//! [`ContainerError::Trailing`] and limits it is a part of the file, right as far as the packed bytes are. [`ContainerError::Checksum`]
//! and [`ContainerError::Size`] come at the end, when all bytes were given, and nobody can tell which of them are wrong. The end,
//! `Ok(0)`, is given only to a member that is whole, so it has to be read for.
//!
//! # Limits
//!
//! They count bytes that were really unpacked, and stop a reader at the piece that passes one; that piece is not given. So what is
//! unpacked beyond a limit is at most one buffer of each reader.
//!
//! # Memory
//!
//! A reader unpacks into the buffer of whoever reads, from the mapped bytes, and keeps none of them: about 46 KB for deflate (in ZIP and
//! gzip), and for zstd the window of the stream with 0.3 MB around it, 2.3 MB for files of `zstd -3` and at most [`Limits::window_bytes`]
//! and 0.3 MB. Stored members need nothing. Give it buffers of 64 KB to 1 MB; with smaller ones the end of the window is copied too
//! often. A list of members keeps about 0.3 KB for each, and the bytes of archives that lie compressed in the archive
//! ([`Limits::held_bytes`]) as long as one of their members is kept.

mod error;
mod kind;
mod limits;
mod list;
mod member;
mod name;
mod packed;
mod passed_over;
mod reader;
mod unpack;
mod workbook;
mod zip;

#[cfg(test)]
mod tests;

pub use error::ContainerError;
pub use kind::Kind;
pub use limits::Limits;
pub use member::Member;
pub use name::MemberName;
pub use passed_over::PassedOver;
pub use reader::MemberReader;

use list::Lister;
use packed::Packed;

/// The bytes of a file, and what they are packed with.
#[derive(Clone, Copy, Debug)]
pub struct Container<'b> {
    bytes: &'b [u8],
    kind: Kind,
}

impl<'b> Container<'b> {
    /// Tells from the content what a file is packed with.
    #[must_use]
    pub fn of(bytes: &'b [u8]) -> Self {
        Self { bytes, kind: Kind::of_file(bytes) }
    }

    /// A ZIP archive, be it one document for others.
    #[must_use]
    pub fn archive(bytes: &'b [u8]) -> Self {
        Self { bytes, kind: Kind::Zip }
    }

    /// The one member of a file without a byte, which listings leave out.
    #[must_use]
    pub fn empty(file_name: &str) -> Member<'static> {
        Member::plain(&MemberName::new(file_name), &Packed::mapped(&[]))
    }

    /// What it is packed with.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its members in their order. `file_name` is the name of the file, after which the one member of a gzip, zstd or plain file is called.
    ///
    /// Looks at the first bytes of each member, and unpacks into memory those that are containers themselves.
    ///
    /// # Errors
    /// When the container cannot be read as a whole. A member that cannot be read is listed as [refused](Member::refused).
    pub fn members(&self, file_name: &str, limits: &Limits) -> Result<Vec<Member<'b>>, ContainerError> {
        self.listed(file_name, limits).map(Lister::into_members)
    }

    /// The files in it that are no members: empty ones, and what other systems leave in archives.
    ///
    /// # Errors
    /// Those of [`members`](Self::members).
    pub fn passed_over(&self, file_name: &str, limits: &Limits) -> Result<Vec<PassedOver>, ContainerError> {
        match self.kind {
            Kind::Zip => self.listed(file_name, limits).map(Lister::into_passed_over),
            _ => Ok(Vec::new()),
        }
    }

    fn listed(&self, file_name: &str, limits: &Limits) -> Result<Lister<'b>, ContainerError> {
        let packed = Packed::mapped(self.bytes);
        let mut lister = Lister::new(*limits, packed.len());
        lister.container(&packed, self.kind, &MemberName::new(file_name), 0)?;
        Ok(lister)
    }
}
