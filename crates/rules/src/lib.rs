//! The one list of rules: every check, link and decision with its code, severity, meaning, source and remedy.
//!
//! A rule stands in one file, `schemas/rules/CODE.toml`. The build makes two things of the files (`build/rules.rs`):
//! the list of codes with the facts that stages work by ([`Code`](sverka_model::Code)), and the texts for people ([`RULES`]).
//! This crate decides nothing. The severities that a job gives to rules are not known here:
//! `sverka_settings::Severities` holds them.

mod answer_code;
mod example;
mod nearest;
mod rule;
mod text;

pub use answer_code::AnswerCode;
pub use example::{Example, ExampleCase, ExampleRow};
pub use nearest::nearest;
pub use rule::{Basis, Certainty, RULES, Rule};
pub use text::{Language, Sentence, Text, kind_text, subject_text};
