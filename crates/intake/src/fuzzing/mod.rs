//! Readers of files of others, given inputs that chance has changed: no panic, no hang, no growth of memory, and the same rows however an input is cut
//! or packed. The engine is `sverka_fuzzing`; `docs/fuzzing.md` tells how to run it.

mod archives;
mod csv;
mod dbf;
mod document;
mod layouts;
mod parquet;
mod reference;
mod spreadsheet;
mod xml;
