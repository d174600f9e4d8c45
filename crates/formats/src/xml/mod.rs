//! XML documents to flat records: values by slot, as a shape tells where they stand.
//!
//! One reader for every dialect: a [`Shape`] names the elements that are records, the paths under them that are wanted, the elements that nobody
//! looks into, and the values of the root or of a header block that all records inherit. `<A X="v"/>` and `<A><X>v</X></A>` are the
//! same, prefixes and declarations of namespaces do not count, names of elements are compared with those of the shape without regard to letter case.
//! What the values mean is not known here.
//!
//! # What is XML here
//!
//! Elements, attributes, text, CDATA, comments, processing instructions, the five predefined entities and references to characters. A
//! DOCTYPE ends the document, so there are no other entities, and nothing is ever fetched. Of names only the delimiters are checked.
//!
//! # What is wrong, and how far it reaches
//!
//! * A *record* is faulty and the document goes on: bytes without meaning in its encoding, characters that XML forbids, a `&` that begins no
//!   reference, attributes that cannot be read, texts beyond the limits. All of a record is looked at for that but what is skipped, as with rows
//!   of other formats. Such a record still has its number, offset, length and, when it is short enough, its bytes.
//!   So are tags in a record that do not fit, cannot be read, are too long or too deep, when it is sure where the record ends (`reader/lost.rs`).
//! * A *document* breaks, and what came before stays: such tags outside records or where the end of the record is not sure, an early end, a DOCTYPE,
//!   another root than expected, an inherited value that cannot be read, an encoding that is not known.
//!
//! An inherited value holds for the records behind it: a header block at the end of a document is not seen by those before.
//!
//! # Memory and limits
//!
//! A reader holds a window of 512 KiB over the document, the text of one record ([`limits::RECORD_TEXT_BYTES`]) and its places, whatever the
//! length of document, record or text: what is longer than the window is passed piece by piece. Nothing is allocated per record
//! once the buffers have grown. Tags, texts, attributes, repeated values and depth have the limits of [`limits`].
//!
//! # Why no library
//!
//! quick-xml hands out a text or CDATA as a whole, so a reader over a stream holds a photo, or a bomb, of any size (tafia/quick-xml#260), and keeps
//! no bytes of a broken record. It serves the tests and the bench as the other opinion.

mod charset;
mod events;
mod fault;
pub mod limits;
mod markup;
mod prolog;
mod reader;
mod shape;
#[cfg(test)]
mod tests;
mod text;
mod values;
mod walk;
mod window;

pub use charset::Charset;
pub use events::{StartedElement, XmlEvent, XmlEvents};
pub use fault::{DocumentCause, DocumentFault, RecordCause, RecordFault, ShapeFault};
pub use limits::RAW_BYTES;
pub use reader::{XmlReader, XmlRecord};
pub use shape::{Shape, ShapeParts, SlotParts, Take};
pub use values::{RepeatedValue, XmlFields};
