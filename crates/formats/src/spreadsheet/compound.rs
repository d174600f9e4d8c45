//! OLE2 compound files ([MS-CFB]): a file system in a file, from which one stream is read.
//!
//! ```text
//! header    first sectors of the tables
//! FAT       for each sector the next one of its stream; DIFAT lists the sectors of the FAT
//! FAT       next sector of each sector in its stream; DIFAT lists the sectors of the FAT
//! mini FAT  the same for sectors of 64 bytes, which hold the streams below 4096 bytes
//! ```
//!
//! A chain is followed for at most as many sectors as the file has, so that a chain that leads back to itself ends.

use super::fault::SpreadsheetFault;
use super::limits::HELD_BYTES;

const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const HEADER_BYTES: usize = 512;
const ENTRY_BYTES: usize = 128;
const MINI_SECTOR_BYTES: usize = 64;
/// Least bytes of a stream that does not lie in mini sectors.
const MINI_BELOW_BYTES: u64 = 4096;
/// Sectors of the FAT that the header itself lists.
const LISTED_IN_HEADER: usize = 109;

/// An open compound file.
pub(super) struct CompoundFile<'b> {
    bytes: &'b [u8],
    sector_bytes: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    /// The stream with all mini sectors.
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

/// A stream, or the root.
struct Entry {
    name: String,
    is_stream: bool,
    first: u32,
    length: u64,
}

fn damaged(why: &'static str) -> SpreadsheetFault {
    SpreadsheetFault::Compound { why }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

impl<'b> CompoundFile<'b> {
    /// Reads the tables and the directory.
    pub fn open(bytes: &'b [u8]) -> Result<Self, SpreadsheetFault> {
        let cut = || damaged("it was cut off, or is no whole file of its kind");
        let header = bytes.get(..HEADER_BYTES).ok_or_else(cut)?;
        let number = |at| u32_at(header, at).ok_or_else(cut);
        let shift = u16_at(header, 30).ok_or_else(cut)?;
        if !matches!(shift, 9 | 12) {
            return Err(damaged("its sectors are of no known size"));
        }
        let sector_bytes = 1 << shift;
        let mut file =
            Self { bytes, sector_bytes, fat: Vec::new(), mini_fat: Vec::new(), mini_stream: Vec::new(), entries: Vec::new() };
        file.fat = file.read_fat(header, number(68)?)?;
        file.mini_fat = numbers(&file.chain(number(60)?, None)?);
        let directory = file.chain(number(48)?, None)?;
        file.entries = directory.chunks_exact(ENTRY_BYTES).filter_map(Entry::read).collect();
        if let Some(root) = file.entries.iter().find(|entry| !entry.is_stream) {
            file.mini_stream = file.chain(root.first, Some(root.length))?;
        }
        Ok(file)
    }

    /// The content of the stream with a name, if there is one.
    pub fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, SpreadsheetFault> {
        let Some(entry) = self.entries.iter().find(|entry| entry.is_stream && entry.name.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        if entry.length > HELD_BYTES {
            return Err(SpreadsheetFault::TooLarge);
        }
        let content =
            if entry.length < MINI_BELOW_BYTES { self.mini_chain(entry)? } else { self.chain(entry.first, Some(entry.length))? };
        if (content.len() as u64) < entry.length {
            return Err(damaged("it was cut off"));
        }
        Ok(Some(content))
    }

    /// Whether there is a stream with a name.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.is_stream && entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a sector; the last one of a file may be shorter.
    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let from = (number as usize).checked_add(1)?.checked_mul(self.sector_bytes)?;
        self.bytes.get(from..self.bytes.len().min(from.checked_add(self.sector_bytes)?)).filter(|sector| !sector.is_empty())
    }

    fn most_sectors(&self) -> usize {
        self.bytes.len() / self.sector_bytes + 1
    }

    fn read_fat(&self, header: &[u8], mut next: u32) -> Result<Vec<u32>, SpreadsheetFault> {
        let mut sectors: Vec<u32> = (0..LISTED_IN_HEADER).filter_map(|index| u32_at(header, 76 + 4 * index)).collect();
        for _ in 0..self.most_sectors() {
            let Some(sector) = self.sector(next).filter(|_| next < END_OF_CHAIN) else { break };
            let listed = numbers(sector);
            let Some((&behind, of_fat)) = listed.split_last() else { break };
            sectors.extend(of_fat);
            next = behind;
        }
        sectors.retain(|&sector| sector < END_OF_CHAIN - 2);
        if sectors.len() > self.most_sectors() {
            return Err(damaged("its tables are larger than the file"));
        }
        let mut fat = Vec::new();
        for sector in sectors {
            fat.extend(numbers(self.sector(sector).ok_or_else(|| damaged("it was cut off"))?));
        }
        Ok(fat)
    }

    /// The content of a chain of sectors, up to the length of its stream.
    fn chain(&self, first: u32, length: Option<u64>) -> Result<Vec<u8>, SpreadsheetFault> {
        let (mut content, mut next) = (Vec::new(), first);
        let wanted = length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(usize::MAX));
        for _ in 0..self.most_sectors() {
            if next >= END_OF_CHAIN - 2 || content.len() >= wanted {
                content.truncate(wanted);
                return Ok(content);
            }
            let Some(sector) = self.sector(next) else { return Err(damaged("it was cut off")) };
            content.extend_from_slice(sector);
            next = self.fat.get(next as usize).copied().unwrap_or(END_OF_CHAIN);
        }
        if content.len() >= wanted {
            content.truncate(wanted);
            return Ok(content);
        }
        Err(damaged("a chain of sectors leads back to itself"))
    }

    fn mini_chain(&self, entry: &Entry) -> Result<Vec<u8>, SpreadsheetFault> {
        let (mut content, mut next) = (Vec::new(), entry.first);
        let wanted = entry.length as usize;
        while next < END_OF_CHAIN - 2 && content.len() < wanted {
            let from = (next as usize).saturating_mul(MINI_SECTOR_BYTES);
            let to = self.mini_stream.len().min(from.saturating_add(MINI_SECTOR_BYTES));
            content.extend_from_slice(self.mini_stream.get(from..to).ok_or_else(|| damaged("it was cut off"))?);
            next = self.mini_fat.get(next as usize).copied().unwrap_or(END_OF_CHAIN);
        }
        content.truncate(wanted);
        Ok(content)
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks().0.iter().map(|number| u32::from_le_bytes(*number)).collect()
}

impl Entry {
    /// A stream or the root; `None` for folders and unused entries.
    fn read(bytes: &[u8]) -> Option<Self> {
        const STREAM: u8 = 2;
        const ROOT: u8 = 5;
        let kind = *bytes.get(66)?;
        if kind != STREAM && kind != ROOT {
            return None;
        }
        let name_bytes = usize::from(u16_at(bytes, 64)?).saturating_sub(2).min(62);
        let units: Vec<u16> = bytes.get(..name_bytes)?.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
        let length = u64::from(u32_at(bytes, 120)?) | u64::from(u32_at(bytes, 124)?) << 32;
        // In files with sectors of 512 bytes the upper half may be anything.
        let length = if length > HELD_BYTES << 8 { length & 0xFFFF_FFFF } else { length };
        Some(Self { name: String::from_utf16_lossy(&units), is_stream: kind == STREAM, first: u32_at(bytes, 116)?, length })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_or_leads_nowhere_is_a_fault() {
        let mut bytes = vec![0_u8; 2048];
        bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
        assert!(CompoundFile::open(&bytes[..100]).is_err());
        assert!(CompoundFile::open(&bytes).is_err(), "no size of sectors");
        bytes[30] = 9;
        // Every chain begins with sector 0, and the FAT is all zeros: it leads back to itself.
        let message = CompoundFile::open(&bytes).err().map(|fault| fault.to_string()).unwrap_or_default();
        assert!(message.contains("damaged"), "{message}");
    }
}
