//! sverka (сверка, "reconciliation"): insured-person registers and clinic attachments of a region in, one insurer and one clinic for each
//! person and per-capita funding out.
//!
//! The way through is a list of stages, each a module with one public entry that takes the former stage's result: [`job`], [`intake`],
//! [`check`], [`kernel`] (rows brought together, persons, stays, money), [`publish`], and [`report`] for people. [`engine`] runs them on this machine.

pub mod cli;
pub mod engine;
pub mod generate;
pub mod job;
pub mod out_of_memory;
pub mod program;
pub mod report;
