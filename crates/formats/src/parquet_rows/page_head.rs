//! The head of a page: its kind and the sizes that it claims, read before anything is unpacked.

use parquet::basic::Encoding;

use super::thrift::{Thrift, kind};

/// The head of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageHead {
    /// Bytes of the head itself.
    pub head_bytes: usize,
    /// Bytes of the page behind the head.
    pub packed_bytes: usize,
    /// Bytes that the page claims to unpack to.
    pub unpacked_bytes: usize,
    pub content: PageContent,
}

/// The content of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageContent {
    Dictionary {
        values: u32,
        encoding: Encoding,
        is_sorted: bool,
    },
    Data {
        values: u32,
        encoding: Encoding,
        definitions: Encoding,
        repetitions: Encoding,
    },
    DataV2(DataV2),
    /// An index, which a reader of rows does not need.
    Index,
}

/// The second form of data pages, whose levels are never packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DataV2 {
    pub values: u32,
    pub nulls: u32,
    pub rows: u32,
    pub encoding: Encoding,
    pub definition_bytes: u32,
    pub repetition_bytes: u32,
    pub is_packed: bool,
}

/// The numbers of a struct by the number of their field; headers of pages have fields up to 8.
#[derive(Clone, Copy, Default)]
struct Numbers([Option<i64>; 9]);

impl Numbers {
    /// Reads the fields of a struct that are numbers or booleans, and skips all others.
    fn read(thrift: &mut Thrift<'_>) -> Option<Self> {
        let mut numbers = Self::default();
        thrift.fields(|thrift, id, kind| numbers.note(thrift, id, kind))?;
        Some(numbers)
    }

    fn note(&mut self, thrift: &mut Thrift<'_>, id: i16, kind: u8) -> Option<()> {
        let number = match kind {
            kind::TRUE | kind::FALSE => i64::from(kind == kind::TRUE),
            kind::I16 | kind::I32 | kind::I64 => thrift.number()?,
            _ => return thrift.skip(kind),
        };
        if let Some(slot) = usize::try_from(id).ok().and_then(|id| self.0.get_mut(id)) {
            *slot = Some(number);
        }
        Some(())
    }

    fn get<T: TryFrom<i64>>(&self, id: usize) -> Option<T> {
        self.0[id]?.try_into().ok()
    }

    fn encoding(&self, id: usize) -> Option<Encoding> {
        Some(match self.0[id]? {
            0 => Encoding::PLAIN,
            2 => Encoding::PLAIN_DICTIONARY,
            3 => Encoding::RLE,
            #[expect(deprecated, reason = "old files have it, and the parquet crate reads it")]
            4 => Encoding::BIT_PACKED,
            5 => Encoding::DELTA_BINARY_PACKED,
            6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
            7 => Encoding::DELTA_BYTE_ARRAY,
            8 => Encoding::RLE_DICTIONARY,
            9 => Encoding::BYTE_STREAM_SPLIT,
            _ => return None,
        })
    }
}

impl PageHead {
    /// The head at the start of `bytes`; `None` when it is malformed, cut, or claims what no page can.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        const DATA: i16 = 5;
        const DICTIONARY: i16 = 7;
        const DATA_V2: i16 = 8;
        let mut thrift = Thrift::new(bytes);
        let (mut own, mut data, mut dictionary, mut data_v2) = (Numbers::default(), None, None, None);
        thrift.fields(|thrift, id, kind| {
            let within = match (id, kind) {
                (DATA, kind::STRUCT) => &mut data,
                (DICTIONARY, kind::STRUCT) => &mut dictionary,
                (DATA_V2, kind::STRUCT) => &mut data_v2,
                _ => return own.note(thrift, id, kind),
            };
            *within = Some(Numbers::read(thrift)?);
            Some(())
        })?;
        let content = match own.get(1)? {
            0_i64 => data_page(&data?)?,
            1 => PageContent::Index,
            2 => dictionary_page(&dictionary?)?,
            3 => PageContent::DataV2(data_page_v2(&data_v2?)?),
            _ => return None,
        };
        let bytes_of = |id| own.get::<i32>(id).and_then(|bytes| usize::try_from(bytes).ok());
        Some(Self { head_bytes: thrift.at(), packed_bytes: bytes_of(3)?, unpacked_bytes: bytes_of(2)?, content })
    }

    /// The encoding of a data page's values.
    pub fn data_encoding(&self) -> Option<Encoding> {
        match self.content {
            PageContent::Data { encoding, .. } => Some(encoding),
            PageContent::DataV2(page) => Some(page.encoding),
            PageContent::Dictionary { .. } | PageContent::Index => None,
        }
    }
}

fn data_page(numbers: &Numbers) -> Option<PageContent> {
    Some(PageContent::Data {
        values: numbers.get(1)?,
        encoding: numbers.encoding(2)?,
        definitions: numbers.encoding(3)?,
        repetitions: numbers.encoding(4)?,
    })
}

fn dictionary_page(numbers: &Numbers) -> Option<PageContent> {
    let is_sorted = numbers.get(3) == Some(1_i64);
    Some(PageContent::Dictionary { values: numbers.get(1)?, encoding: numbers.encoding(2)?, is_sorted })
}

fn data_page_v2(numbers: &Numbers) -> Option<DataV2> {
    Some(DataV2 {
        values: numbers.get(1)?,
        nulls: numbers.get(2)?,
        rows: numbers.get(3)?,
        encoding: numbers.encoding(4)?,
        definition_bytes: numbers.get(5)?,
        repetition_bytes: numbers.get(6)?,
        is_packed: numbers.get(7) != Some(0_i64),
    })
}
