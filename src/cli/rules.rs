//! `sverka rules`: the list of rules, all facts about one rule, and the severities of a job.

mod example;
mod json;
mod markdown;
mod page;
mod table;

use std::path::PathBuf;
use std::sync::Arc;

use super::language::LanguageChoice;
use super::lines::line_width;
use super::{Exit, Failure, print, print_json};
use crate::job::JobForRules;
use sverka_model::Code;
use sverka_rules::{RULES, Rule, nearest};
use sverka_settings::Severities;

pub use markdown::page as markdown_page;

/// What the user typed after `rules`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka rules
  sverka rules CHANGE_DEADLINE --lang ru
  sverka rules --job job.toml
  sverka rules --json | jq '.[] | select(.severity == \"error\") | .code'

A job changes rules under [rules.severity], and for single sources with `severity = { CODE = \"…\" }` \
under [[registers]], [[attachments]] and [[sources]].

Exits with 0, or with 2 when there is no such rule, or the job is wrong or not there.")]
pub struct RulesArgs {
    /// Show all of these rules
    #[arg(value_name = "CODE")]
    pub codes: Vec<String>,

    #[command(flatten)]
    lang: LanguageChoice,

    /// Show what this job makes of the rules
    #[arg(long, value_name = "JOB.toml")]
    pub job: Option<PathBuf>,

    /// Print JSON with everything, in both languages
    #[arg(long)]
    pub json: bool,

    /// Print the page docs/rules.md, in both languages
    #[arg(long, conflicts_with_all = ["json", "job", "codes", "lang"])]
    pub markdown: bool,
}

/// Severities of the rules as a job sets them; without a job, the default severities.
struct AppliedSeverities {
    by_job: Option<Arc<Severities>>,
    /// Severities of sources that differ from those of the job, by the pattern of the sources.
    by_source: Vec<(String, Arc<Severities>)>,
}

/// Prints the rules.
///
/// # Errors
/// When there is no such rule, or the job is wrong.
pub fn run(args: &RulesArgs) -> Result<Exit, Failure> {
    if args.markdown {
        return print(&markdown::page()).map(|()| Exit::Done);
    }
    let rules = named_rules(&args.codes)?;
    let applied = AppliedSeverities::from_args(args)?;
    let language = args.lang.language();
    let width = line_width();
    let text = match (args.json, args.codes.is_empty()) {
        (true, _) => json::array(&rules, &applied),
        (false, true) => table::all(&applied, language, width),
        (false, false) => rules.iter().map(|rule| page::one(rule, &applied, language, width)).collect::<Vec<_>>().join("\n"),
    };
    if args.json { print_json(&text) } else { print(&text) }.map(|()| Exit::Done)
}

/// Rules of the codes that the user named; without codes, all rules.
fn named_rules(codes: &[String]) -> Result<Vec<&'static Rule>, Failure> {
    if codes.is_empty() {
        return Ok(RULES.iter().collect());
    }
    let rule = |name: &String| {
        let code = Code::from_name(name).or_else(|| Code::from_name(&name.to_ascii_uppercase()));
        code.map(Rule::by_code).ok_or_else(|| {
            let near = nearest(name);
            let meant = if near.is_empty() { String::new() } else { format!(" is {} meant?", near.join(" or ")) };
            Failure::usage(format_args!("there is no rule `{name}`;{meant} `sverka rules` lists them all"))
        })
    };
    codes.iter().map(rule).collect()
}

impl AppliedSeverities {
    /// Severities of the job of the arguments.
    fn from_args(args: &RulesArgs) -> Result<Self, Failure> {
        let Some(path) = &args.job else { return Ok(Self { by_job: None, by_source: Vec::new() }) };
        let JobForRules { severities, by_pattern } = JobForRules::load(path).map_err(|error| Failure::job(&error))?;
        Ok(Self { by_job: Some(severities), by_source: by_pattern })
    }

    /// Word for the severity of a rule.
    fn word(&self, rule: &Rule) -> &'static str {
        rule.code.severity_word(self.by_job.as_ref().map_or(rule.code.severity(), |severities| severities.of(rule.code)))
    }

    /// Whether the job gives a rule another severity than the default.
    fn is_changed(&self, rule: &Rule) -> bool {
        self.by_job.as_ref().is_some_and(|severities| severities.of(rule.code) != rule.code.severity())
    }

    /// Patterns of sources for which the severity of a rule differs from that of the job, with the word.
    fn of_sources(&self, rule: &Rule) -> Vec<(&str, &'static str)> {
        let of_job = self.word(rule);
        let words =
            self.by_source.iter().map(|(name, severities)| (name.as_str(), rule.code.severity_word(severities.of(rule.code))));
        words.filter(|(_, word)| *word != of_job).collect()
    }
}
