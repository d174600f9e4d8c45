//! Who runs the stages: this machine.

pub mod progress;
