//! Faults of records, documents and shapes. Messages show neither values nor names of a document.

use super::limits;

/// The reason why one record has no values. The document goes on behind the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset}: {cause}")]
pub struct RecordFault {
    /// Byte of the document at which the faulty text, value or tag begins.
    pub offset: u64,
    /// The fault at this byte.
    pub cause: RecordCause,
}

/// The cause of a record's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum RecordCause {
    /// A byte sequence without meaning in the document's encoding.
    #[error("bytes that have no meaning in the encoding of the document; declare the right encoding or correct the text")]
    Encoding,
    /// A control character, or a reference to a character that XML does not allow.
    #[error("a character that XML does not allow; remove it")]
    Character,
    /// A `&` that begins neither a predefined entity nor a character reference.
    #[error("`&` that begins no predefined entity; write `&amp;`")]
    Reference,
    /// Attributes that are not `name="value"`, one with a bare `<`, one that stands twice, or too many.
    #[error(
        "attributes that cannot be read; each must be name=\"value\", stand once, have no bare `<`, and there may be {} in a tag",
        limits::ATTRIBUTES
    )]
    Attribute,
    /// A value or another text of the record that is too long.
    #[error("a text longer than {} bytes; shorten it, or let the layout skip its element", limits::TEXT_BYTES)]
    TextTooLong,
    /// A `<` that begins nothing that XML knows, or a tag that is not closed before the next one.
    #[error("a tag that cannot be read; write `<` in a text as `&lt;`")]
    Tag,
    /// An end tag that does not fit the start tag.
    #[error("an end tag that does not fit its start tag; close the elements of the record in their order")]
    Mismatch,
    /// A tag of too many bytes.
    #[error("a tag of more than {} bytes; shorten its attributes", limits::TAG_BYTES)]
    TagTooLong,
    /// Elements that are nested too deep.
    #[error("elements inside more than {} others", limits::DEPTH)]
    TooDeep,
    /// Values of the record that are too long together, or an element that repeats too often.
    #[error(
        "values of more than {} bytes together, or more than {} repeated values; split the record",
        limits::RECORD_TEXT_BYTES,
        limits::REPEATED_VALUES
    )]
    TooManyValues,
}

/// A point beyond which the document cannot be read. Every record that ended before it has come out.
#[derive(Debug, thiserror::Error)]
#[error("byte {offset}: {cause}")]
pub struct DocumentFault {
    /// Byte of the document at which the faulty tag or text begins, or at which the document ends too early.
    pub offset: u64,
    /// Number of the lost record, from 1, if the fault is inside a record; `None` between records.
    pub record: Option<u64>,
    /// The fault at this byte.
    pub cause: DocumentCause,
}

/// Reasons why a document ends before its end.
#[derive(Debug, thiserror::Error)]
pub enum DocumentCause {
    /// An input that failed.
    #[error("the document cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// An input that ends inside the root element, or before it.
    #[error("the document ends before its root element does; it was cut off, get it again")]
    Cut,
    /// A `<` that begins nothing that XML knows, or a tag that is not closed before the next one.
    #[error("a tag that cannot be read; correct the document or get it again")]
    Tag,
    /// An end tag that does not fit the start tag.
    #[error("an end tag that does not fit its start tag; correct the document or get it again")]
    Mismatch,
    /// A tag of too many bytes.
    #[error("a tag of more than {} bytes; this is no register", limits::TAG_BYTES)]
    TagTooLong,
    /// Elements that are nested too deep.
    #[error("elements inside more than {} others; this is no register", limits::DEPTH)]
    TooDeep,
    /// A document type declaration, which could define entities.
    #[error("a DOCTYPE; documents with one are refused, remove it")]
    Doctype,
    /// Text before the root element or behind it, or a second root element.
    #[error("text or elements outside the root element; correct the document")]
    OutsideRoot,
    /// A root element that is not one of the layout's.
    #[error("the root element is not {expected}; choose another layout or another file")]
    Root {
        /// The layout's root elements.
        expected: String,
    },
    /// An encoding that is not known.
    #[error("an encoding that is not known; use UTF-8 or windows-1251 (cp866, KOI8-R and ISO 8859-5 are read, too)")]
    Encoding,
    /// A value that all records inherit and that cannot be read.
    #[error("a value that all records inherit cannot be read: {0}")]
    Header(RecordCause),
}

/// Reasons why a shape cannot be used. Names come from layouts, so they are shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeFault {
    /// A shape without an element that is a record.
    #[error("no element is named as a record; name one, such as `OP`")]
    NoRecord,
    /// A slot without a path.
    #[error("slot {slot} has no path; give it one, such as `PERSON/FAM`")]
    NoPath {
        /// Index of the slot.
        slot: usize,
    },
    /// A name or a path that is empty, too long, not ASCII, or has a prefix.
    #[error("`{path}` is no path; names are separated by `/`, and each is 1 to 64 ASCII letters, digits, `_`, `-` or `.`")]
    Path {
        /// The path.
        path: String,
    },
    /// A path that is given twice, or leads into an element that is itself a value or skipped.
    #[error("`{path}` meets another path: an element is a value, skipped, or holds others, and only one of these, once")]
    Clash {
        /// The second of the paths.
        path: String,
    },
    /// More slots or names than a shape can hold.
    #[error("more than {} slots or elements; split the layout", limits::SHAPE_PARTS)]
    TooLarge,
}
