//! Containers that are put together here; every field may be wrong.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

/// Text that packs well, but not like a bomb.
pub(super) fn text(bytes: usize) -> Vec<u8> {
    let lines = (0_u32..).flat_map(|line| format!("{line};{:08x};ИВАНОВ\n", line.wrapping_mul(2_654_435_761)).into_bytes());
    lines.take(bytes).collect()
}

pub(super) fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).and_then(|()| encoder.finish()).expect("memory takes everything")
}

pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).and_then(|()| encoder.finish()).expect("memory takes everything")
}

pub(super) fn zstd(content: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("memory");
    encoder.include_checksum(true).expect("a parameter that exists");
    encoder.write_all(content).and_then(|()| encoder.finish()).expect("memory takes everything")
}

fn checksum(content: &[u8]) -> u32 {
    let mut checksum = flate2::Crc::new();
    checksum.update(content);
    checksum.sum()
}

/// An entry of an archive; each of its claims can be changed.
#[derive(Clone)]
pub(super) struct MadeEntry {
    pub(super) name: Vec<u8>,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) packed: Vec<u8>,
    pub(super) packed_bytes: u32,
    pub(super) unpacked_bytes: u32,
    pub(super) checksum: u32,
    /// Mode of Unix.
    pub(super) mode: u16,
    /// The offset that the directory claims, if it is a wrong one.
    pub(super) offset: Option<u32>,
}

impl MadeEntry {
    fn new(name: &str, method: u16, content: &[u8], packed: Vec<u8>) -> Self {
        Self {
            name: name.into(),
            flags: if name.is_ascii() { 0 } else { 1 << 11 },
            method,
            packed_bytes: packed.len() as u32,
            packed,
            unpacked_bytes: content.len() as u32,
            checksum: checksum(content),
            mode: 0o100_644,
            offset: None,
        }
    }

    pub(super) fn stored(name: &str, content: &[u8]) -> Self {
        Self::new(name, 0, content, content.to_vec())
    }

    pub(super) fn deflated(name: &str, content: &[u8]) -> Self {
        Self::new(name, 8, content, deflated(content))
    }

    pub(super) fn zstd(name: &str, content: &[u8]) -> Self {
        Self::new(name, 93, content, zstd(content))
    }

    /// The common part of the two headers of an entry.
    fn common(&self) -> Vec<u8> {
        let mut header = Vec::new();
        for field in [20, self.flags, self.method, 0, 0x21] {
            header.extend_from_slice(&field.to_le_bytes());
        }
        for field in [self.checksum, self.packed_bytes, self.unpacked_bytes] {
            header.extend_from_slice(&field.to_le_bytes());
        }
        header.extend_from_slice(&(self.name.len() as u16).to_le_bytes());
        header.extend_from_slice(&[0, 0]);
        header
    }
}

/// Puts entries into an archive.
pub(super) fn zip(entries: &[MadeEntry]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let offset = entry.offset.unwrap_or(archive.len() as u32);
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&entry.common());
        archive.extend_from_slice(&entry.name);
        archive.extend_from_slice(&entry.packed);

        directory.extend_from_slice(b"PK\x01\x02\x14\x03");
        directory.extend_from_slice(&entry.common());
        directory.extend_from_slice(&[0; 6]);
        directory.extend_from_slice(&(u32::from(entry.mode) << 16).to_le_bytes());
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(&entry.name);
    }
    let directory_offset = archive.len() as u32;
    archive.extend_from_slice(&directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&(entries.len() as u16).to_le_bytes());
    archive.extend_from_slice(&(entries.len() as u16).to_le_bytes());
    archive.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    archive.extend_from_slice(&directory_offset.to_le_bytes());
    archive.extend_from_slice(&[0, 0]);
    archive
}
