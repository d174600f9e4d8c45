//! What one machine runs on a partition, and a cluster on many: rows brought together, persons, stays and money.
//!
//! Knows no file format, no layout, no TOML and no clock.

pub mod funding;
pub mod identity;
#[cfg(test)]
pub(crate) mod sample_rows;
pub mod shuffle;
pub mod timeline;
