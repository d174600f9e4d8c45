//! The tests of the reference implementation and of the random regions themselves.

mod reference;
mod regions;
