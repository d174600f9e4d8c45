//! The file of overrides: reads what people decided, entry by entry, and refuses what cannot be meant.

mod error;
mod read;
mod selector_text;
#[cfg(test)]
mod tests;

pub use error::{OverridesError, OverridesFault};
pub use read::{OverridesGround, read_overrides};
