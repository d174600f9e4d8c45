//! Kernels: the work that one machine does on a partition, and a cluster on many. They bring rows together and make
//! persons, stays and money.
//!
//! File formats, layouts, TOML and clocks are not known here.

#[cfg(test)]
mod checked_rows;
pub mod funding;
pub mod identity;
#[doc(hidden)]
pub mod sample_rows;
pub mod shuffle;
pub mod timeline;
