//! XML documents to flat records: values by slot. A shape says which paths lead to which slots.
//!
//! One reader serves every dialect. A [`Shape`] names the elements that are records, the wanted paths under them, the elements that are skipped, and the
//! values of the root or of a header block that all records inherit. `<A X="v"/>` and `<A><X>v</X></A>` are the same. Prefixes and declarations of
//! namespaces do not count. Names are compared without regard to letter case. What the values mean is not known here.
//!
//! ```text
//! Window   a piece of the document that moves on           (window.rs)
//!   │ at each `<`
//! Markup   start tag, end tag, comment, CDATA …            (markup.rs)
//!   │
//! Walk     open elements, the record under way, its faults (walk.rs), by the tables of the Shape (shape.rs)
//!   │ runs of text
//! Values   one text for a record, and a span for each slot (values.rs)
//! ```
//!
//! # What is XML here
//!
//! Elements, attributes, text, CDATA, comments, processing instructions, the five predefined entities and references to characters. A
//! DOCTYPE ends the document, so there are no other entities, and nothing is ever fetched. Of names only the delimiters are checked.
//!
//! # What is wrong, and how far it reaches
//!
//! * A *record* is faulty, and the document goes on: bytes without meaning in its encoding, characters that XML forbids, a `&` that begins no
//!   reference, attributes that cannot be read, texts beyond the limits. The whole record is checked for them, except for skipped elements. A faulty
//!   record still has its number, offset, length and, when it is short enough, its bytes. Tags that do not fit, cannot be read, are too long or too
//!   deep are a fault of the record, too, if it is certain where the record ends (`reader/lost.rs`).
//! * A *document* breaks, and the records before stay: such tags outside records or where the end of the record is not certain, an early end, a DOCTYPE,
//!   another root than expected, an inherited value that cannot be read, an unknown encoding.
//!
//! An inherited value holds for the records behind it, so a header block at the end of a document holds for none.
//!
//! # Memory and limits
//!
//! A reader holds a window of 512 KiB over the document, the text of one record ([`limits::RECORD_TEXT_BYTES`]) and its spans, whatever the length of
//! document, record or text. A text that is longer than the window is passed piece by piece. Nothing is allocated per record once the buffers have
//! grown. Tags, texts, attributes, repeated values and depth have the limits of [`limits`].
//!
//! # Why no library
//!
//! quick-xml hands out a text or CDATA as a whole, so a reader over a stream holds a photo, or a bomb, of any size (tafia/quick-xml#260), and keeps
//! no bytes of a broken record. Tests and a bench compare this reader with it.

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
