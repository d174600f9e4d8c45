//! Files to rows: mapped bytes, a layout, typed fields.

mod layout;

pub use layout::*;
