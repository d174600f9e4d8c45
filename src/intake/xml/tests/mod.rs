//! Documents as they come, and as they must not come.
