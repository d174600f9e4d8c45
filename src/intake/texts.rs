//! Texts that differ from row to row (record ids, policy and document numbers), stored chunk by chunk.

/// The texts that are kept of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum TextKind {
    /// The sender's id of the record.
    RecordId,
    /// The policy's number as received.
    PolicyNumber,
    /// Series and number of the document as received.
    DocNumber,
}

const KINDS: usize = 3;

/// The texts of one chunk while its rows are read, one slot for each line.
#[derive(Debug, Default)]
pub struct TextsBuilder {
    ends: Vec<u32>,
    bytes: String,
}

impl TextsBuilder {
    /// Room for `slots` lines.
    #[must_use]
    pub fn with_slots(slots: usize) -> Self {
        Self { ends: Vec::with_capacity(slots * KINDS), bytes: String::with_capacity(slots * 32) }
    }

    /// The texts of the line in `slot`, in the order of [`TextKind`]; slots passed over are empty.
    pub fn push(&mut self, slot: usize, texts: [&str; KINDS]) {
        self.fill(slot);
        for text in texts {
            self.bytes.push_str(text);
            self.ends.push(u32::try_from(self.bytes.len()).expect("invariant: the texts of a chunk stay below 4 GiB"));
        }
    }

    fn fill(&mut self, slot: usize) {
        let end = self.bytes.len() as u32;
        self.ends.resize(slot * KINDS, end);
    }

    /// Ends the chunk, which has `slots` lines from row `first` of its table on.
    #[must_use]
    pub fn finish(mut self, first: u32, slots: usize) -> ChunkTexts {
        self.fill(slots);
        self.bytes.shrink_to_fit();
        ChunkTexts { first, ends: self.ends, bytes: self.bytes }
    }
}

/// The texts of one chunk.
#[derive(Debug)]
pub struct ChunkTexts {
    first: u32,
    ends: Vec<u32>,
    bytes: String,
}

/// The texts of a table, found by row.
#[derive(Debug, Default)]
pub struct Texts {
    /// First row of each chunk, apart from the chunks so that a search stays in the cache.
    firsts: Vec<u32>,
    chunks: Vec<ChunkTexts>,
}

impl Texts {
    /// Joins the chunks of a table; each has its own rows.
    #[must_use]
    pub fn new(mut chunks: Vec<ChunkTexts>) -> Self {
        chunks.retain(|chunk| !chunk.ends.is_empty());
        chunks.sort_by_key(|chunk| chunk.first);
        Self { firsts: chunks.iter().map(|chunk| chunk.first).collect(), chunks }
    }

    /// A text of a row; empty when the row has none.
    #[must_use]
    pub fn get(&self, row: u32, kind: TextKind) -> &str {
        let after = self.firsts.partition_point(|&first| first <= row);
        let Some(chunk) = after.checked_sub(1).map(|index| &self.chunks[index]) else { return "" };
        let place = (row - chunk.first) as usize * KINDS + kind as usize;
        let Some(&end) = chunk.ends.get(place) else { return "" };
        let start = if place == 0 { 0 } else { chunk.ends[place - 1] };
        &chunk.bytes[start as usize..end as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_row_over_chunks_and_gaps() {
        let mut one = TextsBuilder::with_slots(3);
        one.push(1, ["R1", "", "00 00"]);
        let mut two = TextsBuilder::default();
        two.push(0, ["R2", "123", ""]);
        let texts = Texts::new(vec![two.finish(13, 1), one.finish(10, 3)]);
        assert_eq!(texts.get(10, TextKind::RecordId), "");
        assert_eq!(texts.get(11, TextKind::RecordId), "R1");
        assert_eq!(texts.get(11, TextKind::DocNumber), "00 00");
        assert_eq!(texts.get(12, TextKind::DocNumber), "");
        assert_eq!(texts.get(13, TextKind::PolicyNumber), "123");
        assert_eq!(texts.get(99, TextKind::PolicyNumber), "");
        assert_eq!(texts.get(9, TextKind::PolicyNumber), "");
    }
}
