//! sverka (сверка, "reconciliation"): insured-person registers and clinic attachments of a region in, one insurer and one clinic for each
//! person and per-capita funding out.
//!
//! The way through is a list of stages, each a module with one public entry that takes the former stage's result: [`job`], [`intake`],
//! [`check`], [`shuffle`], [`identity`], [`timeline`], [`funding`], [`publish`], and [`report`] for people. [`engine`] runs them on this machine.

pub mod check;
pub mod cli;
pub mod engine;
pub mod funding;
pub mod generate;
pub mod identifier;
pub mod identity;
pub mod identity_key;
pub mod intake;
pub mod job;
mod nearest;
pub mod out_of_memory;
pub mod overrides;
pub mod publish;
pub mod reference;
pub mod report;
pub mod rules;
pub mod settings;
pub mod shuffle;
pub mod timeline;
pub mod visible;
