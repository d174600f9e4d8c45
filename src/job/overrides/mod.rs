//! Reader of the overrides file: decisions by people, entry by entry, with a check that each entry makes sense.

mod error;
mod read;
mod selector_text;
#[cfg(test)]
mod tests;

pub use error::{OverridesError, OverridesFault};
pub use read::{OverridesContext, read_overrides};
