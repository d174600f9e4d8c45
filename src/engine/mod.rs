//! Who runs the stages: this machine.
