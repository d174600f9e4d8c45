//! Fuzzing of the readers of files: no panic, no hang, no growth of memory, and the same rows in all portions and packings of an input. The engine is
//! `sverka_fuzzing`; see `docs/fuzzing.md`.

mod archives;
mod csv;
mod dbf;
mod document;
mod layouts;
mod parquet;
mod reference;
mod spreadsheet;
mod xml;
