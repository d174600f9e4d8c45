//! Text for people, made of small parts: amounts with separators, wrapped words, signs that a terminal may get, and the
//! nearest of known names.

mod amount;
mod blanks;
mod nearest;
mod visible;

pub use amount::{binary_size, counted, separate_thousands, with_thousands, wrapped};
pub use blanks::{needs_no_trimming, trim_blanks, trim_carefully};
pub use nearest::{is_meant, nearest};
pub use visible::{is_hidden, visible, visible_json, visible_lines};
