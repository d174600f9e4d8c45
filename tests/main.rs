//! Behaviour of the program as a whole: one binary, so that it is linked once.

mod bad_inputs;
mod commands;
mod properties;
mod published;
mod samples;
mod truth;
