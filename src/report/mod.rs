//! Disk to people: reads only what was published.
