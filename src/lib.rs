//! sverka (сверка, "reconciliation") reads the registers of insured persons of a region and the attachments to its clinics, gives each person one insurer
//! and one clinic at any time, and publishes Parquet tables and per-capita funding.
//!
//! A [`Job`] holds the sources and the rules. [`run`] reads the sources, reconciles and publishes. The command line is a thin layer over both.
//!
//! ```
//! use std::path::Path;
//!
//! use sverka::job::CommandLine;
//! use sverka::{Job, RunOptions, run};
//!
//! let output = tempfile::tempdir()?;
//! let command_line = CommandLine { output: Some(output.path().to_owned()), ..CommandLine::default() };
//! let job = Job::load(Path::new("data-samples/job.toml"), &command_line)?;
//!
//! let outcome = run(&job, &RunOptions::default())?;
//!
//! println!("{} persons, tables in {}", outcome.manifest.totals.persons, outcome.dir.display());
//! assert!(outcome.dir.join("persons.parquet").is_file());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! Stages are crates of their own, so that the compiler keeps the walls between them: `sverka_intake` (files to rows), `sverka_check` (rows to
//! records), `sverka_kernel` (records to persons, stays and money), `sverka_publish` (results to disk), `sverka_report` (a published run read again).
//! This crate has [`job`] (the job file), [`engine`] (the stages in their order, on this machine), [`answers`] (to the senders of a job), [`generate`]
//! (synthetic regions) and [`cli`]. `ARCHITECTURE.md` has the whole map.

pub mod answers;
pub mod cli;
pub mod engine;
pub mod generate;
pub mod job;
#[expect(unsafe_code, reason = "an allocator, and an end of the process that uses no memory")]
pub mod out_of_memory;
pub mod program;

pub use engine::{RunOptions, run};
pub use job::Job;
