//! Containers: ZIP archives, gzip and zstd files, read from the bytes of the mapped file and never unpacked to disk.
//!
//! ```text
//! Container::of_file(bytes) ─ members(name, limits) ─┬─ Member ─ reader() ─ Read, one worker
//!                                               ├─ Member ─ reader() ─ Read, another worker
//!                                               └─ Member   refused(): why it will not be read
//! ```
//!
//! The kind of a file follows from its content, not its name. An archive that is itself a document (`.xlsx`, `.ods`) counts as not packed. A file that is
//! not packed is a container of one member with the bytes of the file. Containers within containers are listed as if their members were the outer
//! one's, `outer.zip/inner.csv`, as deep as [`Limits::nesting`] allows. Folders, empty files and files of other systems (`__MACOSX/`, `.DS_Store`,
//! `Thumbs.db`) are left out; [`Container::passed_over`] names the files among them. This module knows bytes and names. It does not know what a row is,
//! and it never opens a path.
//!
//! # How members fail
//!
//! A damaged directory, or a limit for all members together ([`ContainerError::is_of_container`]), makes the whole container unusable. All other errors
//! are about one member, and the others can be read. Members that cannot be read at all (encrypted, an unknown method, a name given twice) are listed
//! as refused. Other faults show while a member is read: the bytes before the fault are the beginning of the member, without gaps. After
//! [`ContainerError::Cut`], [`ContainerError::Damaged`], [`ContainerError::Trailing`] and limits they are right as far as the packed bytes are.
//! [`ContainerError::Checksum`] and [`ContainerError::Size`] come at the end, when all bytes were given, and nobody can tell which of them are wrong. Only
//! a whole member ends with `Ok(0)`, so its end has to be read.
//!
//! # Limits
//!
//! Limits count bytes that were really unpacked. A reader stops at the piece that exceeds a limit, and does not give that piece. So each reader unpacks at
//! most one buffer too much.
//!
//! # Memory
//!
//! A reader unpacks from the mapped bytes into the buffer of its caller, and keeps none of them: about 46 KB for deflate (in ZIP and
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

/// The bytes of a file, and the kind of its packing.
#[derive(Clone, Copy, Debug)]
pub struct Container<'b> {
    bytes: &'b [u8],
    kind: Kind,
}

impl<'b> Container<'b> {
    /// The container of a file; its kind follows from the content.
    #[must_use]
    pub fn of_file(bytes: &'b [u8]) -> Self {
        Self { bytes, kind: Kind::of_file(bytes) }
    }

    /// The ZIP archive of a file, even if the archive is a document.
    #[must_use]
    pub fn archive(bytes: &'b [u8]) -> Self {
        Self { bytes, kind: Kind::Zip }
    }

    /// The member of a file without a byte, which lists of members leave out.
    #[must_use]
    pub fn empty(file_name: &str) -> Member<'static> {
        Member::plain(&MemberName::new(file_name), &Packed::mapped(&[]))
    }

    /// The packing of the file.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The members in their order. `file_name` is the name of the file, which names the one member of a gzip, zstd or
    /// plain file.
    ///
    /// The first bytes of each member are looked at; members that are containers themselves are unpacked into memory.
    ///
    /// # Errors
    /// When the container cannot be read as a whole. A member that cannot be read is listed as [refused](Member::refused).
    pub fn members(&self, file_name: &str, limits: &Limits) -> Result<Vec<Member<'b>>, ContainerError> {
        self.listed(file_name, limits).map(Lister::into_members)
    }

    /// The files in the container that are no members: empty files, and files of other systems.
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
