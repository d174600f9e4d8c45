//! The limits of documents and shapes. Real documents stay far below all of them.

/// Greatest depth of elements, the root included. `OPLIST` needs 5.
pub const DEPTH: usize = 32;
/// Most bytes of one tag with its attributes. A record that writes all its values as attributes has about 2 KiB.
pub const TAG_BYTES: usize = 64 << 10;
/// Most attributes of one tag.
pub const ATTRIBUTES: usize = 256;
/// Most bytes of one text, as written and as read, unless its element is skipped. The longest field of registers has 500 characters.
pub const TEXT_BYTES: usize = 64 << 10;
/// Most bytes of all values of a record together, inherited ones included.
pub const RECORD_TEXT_BYTES: usize = 1 << 20;
/// Most repeated values of a record.
pub const REPEATED_VALUES: usize = 1024;
/// First bytes of a record that are kept as they were written.
pub const RAW_BYTES: usize = 64 << 10;
/// Most slots, and most elements, of a shape.
pub const SHAPE_PARTS: usize = 1024;

/// Bytes of the document that are held at a time.
pub(super) const WINDOW_BYTES: usize = 512 << 10;
const _: () = assert!(RAW_BYTES + TAG_BYTES + TEXT_BYTES < WINDOW_BYTES, "the window holds a record and what comes behind it");
const _: () = assert!(RECORD_TEXT_BYTES <= u32::MAX as usize, "places in the text of a record have 32 bits");
