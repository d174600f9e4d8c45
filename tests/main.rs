//! Behaviour of the program as a whole: one binary, so that it is linked once.

mod answers;
mod bad_inputs;
mod cases;
mod commands;
mod diff;
mod differential;
mod encodings;
mod formats;
mod history;
mod money;
mod properties;
mod published;
mod reference;
mod regions;
mod rules;
mod samples;
mod tariffs;
mod text_forms;
mod truth;
mod walls;
