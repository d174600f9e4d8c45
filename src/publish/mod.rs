//! Results to disk: Parquet, manifest, atomic switch.
