//! Disk to people: reads only what was published.

pub mod answers;
pub mod destination;
pub mod distribute;
pub mod explain;
pub mod published;
#[cfg(feature = "query")]
pub mod query;
pub mod reader;
#[cfg(feature = "query")]
pub mod review;
pub mod standing_out;
pub mod summary;
#[cfg(feature = "query")]
mod text_table;
