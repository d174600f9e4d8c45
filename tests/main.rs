//! Behaviour of the program as a whole: one binary, so that it is linked once.

mod commands;
mod differential;
mod published;
mod reference;
mod regions;
