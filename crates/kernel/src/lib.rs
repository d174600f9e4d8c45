//! Kernels: the work that one machine does on a partition, and a cluster on many. Rows brought together, persons, stays and money.
//!
//! Knows no file format, no layout, no TOML and no clock.

#[cfg(test)]
mod checked_rows;
pub mod funding;
pub mod identity;
#[doc(hidden)]
pub mod sample_rows;
pub mod shuffle;
pub mod timeline;
