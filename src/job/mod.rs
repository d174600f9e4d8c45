//! What to do: `job.toml`, resolved and checked.
