//! The directory of a ZIP archive: its members and their packed bytes.
//!
//! Only the directory at the end counts; the head before each member is used for its length alone. So an archive without its end has no members, even if
//! the first ones are whole: nobody could tell how many there were.

use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive};

use super::error::ContainerError;
use super::limits::Limits;
use super::name::{MOST_NAME_BYTES, MemberName};
use super::packed::Packed;
use super::reader::Declared;
use super::unpack::Method;

/// A file of an archive.
pub(super) struct Entry<'b> {
    pub(super) name: MemberName,
    pub(super) declared: Declared,
    pub(super) packed_bytes: u64,
    /// The packing and the packed bytes, if they may be read.
    pub(super) found: Result<(Method, Packed<'b>), ContainerError>,
}

/// Most bytes of an empty deflate stream: a block of two bytes, behind a stored block of five bytes if the writer
/// flushed first.
const EMPTY_PACKED_BYTES: u64 = 7;

/// The entries of a directory, without folders.
pub(super) struct Entries<'b> {
    /// The files, in the order of the directory.
    pub(super) files: Vec<Entry<'b>>,
    /// The names of empty files.
    pub(super) empty: Vec<MemberName>,
}

/// The files of an archive. `entries_left` is the number of entries of any sort that it may have; the entries that it has are subtracted.
pub(super) fn entries<'b>(packed: &Packed<'b>, entries_left: &mut u64, limits: &Limits) -> Result<Entries<'b>, ContainerError> {
    let archive = ZipArchive::from_slice(packed.bytes()).map_err(|_| ContainerError::DirectoryMissing)?;
    let (mut found, mut empty, mut stretches) = (Vec::new(), Vec::new(), Vec::new());
    let (mut first_offset, mut count) = (None, 0_u64);
    for record in archive.entries() {
        let record = record.map_err(|error| ContainerError::DirectoryDamaged { fault: error.to_string() })?;
        *entries_left = entries_left.checked_sub(1).ok_or(ContainerError::TooManyMembers { limit: limits.members })?;
        count += 1;
        first_offset = Some(record.local_header_offset().min(first_offset.unwrap_or(u64::MAX)));
        if is_folder(&record) {
            continue;
        }
        if is_empty(&record) {
            empty.push(MemberName::of_entry(record.file_path().as_ref(), record.flags().is_utf8()));
            continue;
        }
        let (entry, end) = entry(&archive, &record, packed);
        stretches.push((record.local_header_offset(), end, found.len()));
        found.push(entry);
    }
    check_directory(&archive, count, first_offset)?;
    refuse_overlapping(&mut found, stretches);
    Ok(Entries { files: found, empty })
}

/// Checks that the directory is that of this archive. An archive that was cut inside of a stored archive ends with the
/// directory of the stored one, which counts offsets from another beginning.
fn check_directory(archive: &ZipSliceArchive<&[u8]>, count: u64, first_offset: Option<u64>) -> Result<(), ContainerError> {
    let damaged = |fault: String| Err(ContainerError::DirectoryDamaged { fault });
    // Archives without the fields of 64 bits count entries modulo 2^16.
    if ![count, count & 0xffff].contains(&archive.entries_hint()) {
        return damaged(format!("it has {count} entries and declares {}", archive.entries_hint()));
    }
    match first_offset.unwrap_or(archive.directory_offset()) {
        0 => Ok(()),
        offset => damaged(format!("the first {offset} bytes of the file do not belong to the archive")),
    }
}

/// Whether an entry is a folder. An entry that is named like one but has content is a file, so that none is lost.
fn is_folder(record: &ZipFileHeaderRecord<'_>) -> bool {
    let path = record.file_path();
    let raw: &[u8] = path.as_ref();
    (raw.ends_with(b"/") || raw.ends_with(b"\\")) && is_empty(record)
}

/// Whether an entry is an empty file. An entry that declares no content but has some is a file like others, with a wrong declaration.
fn is_empty(record: &ZipFileHeaderRecord<'_>) -> bool {
    record.uncompressed_size_hint() == 0 && record.compressed_size_hint() <= EMPTY_PACKED_BYTES
}

/// One file, and the end of its packed bytes.
fn entry<'b>(archive: &ZipSliceArchive<&[u8]>, record: &ZipFileHeaderRecord<'_>, packed: &Packed<'b>) -> (Entry<'b>, u64) {
    let path = record.file_path();
    let name = MemberName::of_entry(path.as_ref(), record.flags().is_utf8());
    let place = archive.get_entry(record.wayfinder()).ok().map(|entry| entry.compressed_data_range());
    let place = place.filter(|&(_, end)| end <= archive.directory_offset());
    let found = method(record, &name).and_then(|method| {
        let part = place.and_then(|(from, to)| packed.part(from, to));
        part.map(|part| (method, part)).ok_or_else(|| ContainerError::Missing { member: name.clone() })
    });
    let declared = Declared { bytes: record.uncompressed_size_hint(), checksum: record.crc32() };
    let end = place.map_or(record.local_header_offset(), |(_, end)| end);
    (Entry { name, declared, packed_bytes: record.compressed_size_hint(), found }, end)
}

fn method(record: &ZipFileHeaderRecord<'_>, name: &MemberName) -> Result<Method, ContainerError> {
    let member = || name.clone();
    let (flags, path) = (record.flags(), record.file_path());
    let raw_name: &[u8] = path.as_ref();
    if raw_name.len() > MOST_NAME_BYTES {
        return Err(ContainerError::NameTooLong { member: member(), limit_bytes: MOST_NAME_BYTES });
    }
    if flags.is_encrypted() || flags.has_strong_encryption() || flags.is_masked() {
        return Err(ContainerError::Encrypted { member: member() });
    }
    if record.mode().is_symlink() {
        return Err(ContainerError::Link { member: member() });
    }
    match record.compression_method() {
        CompressionMethod::STORE => Ok(Method::Stored),
        CompressionMethod::DEFLATE => Ok(Method::Deflate),
        CompressionMethod::ZSTD => Ok(Method::Zstd),
        other => {
            // The name that packing programs use.
            let deflate64 = (other == CompressionMethod::DEFLATE64).then(|| "Deflate64".to_owned());
            let known = deflate64.or_else(|| other.name().map(str::to_owned));
            let method = known.unwrap_or_else(|| format!("method {}", other.as_u16()));
            Err(ContainerError::Method { member: member(), method })
        }
    }
}

/// Refuses all entries that share bytes, because it is unknown which entry they belong to. `stretches` has the start, the end and the index of each
/// entry.
fn refuse_overlapping(entries: &mut [Entry<'_>], mut stretches: Vec<(u64, u64, usize)>) {
    stretches.sort_unstable();
    let mut refuse = |index: usize| {
        let entry: &mut Entry<'_> = &mut entries[index];
        if entry.found.is_ok() {
            entry.found = Err(ContainerError::Overlap { member: entry.name.clone() });
        }
    };
    let mut furthest: Option<(u64, usize)> = None;
    for (from, to, index) in stretches {
        if let Some((_, before)) = furthest.filter(|&(end, _)| from < end) {
            refuse(before);
            refuse(index);
        }
        if furthest.is_none_or(|(end, _)| to >= end) {
            furthest = Some((to, index));
        }
    }
}
