//! A run's account of itself: the manifest, and the rows that must add up.

use std::collections::BTreeMap;

use super::block_rows::PersonTotals;
use super::linking::LinkedRows;
use super::person::Subject;
use super::profile::Profiler;
use super::sources::Checked;
use super::summary::time_after;
use super::tables::EntryOutcome;
use crate::job::Job;
use sverka_kernel::funding::Funding;
use sverka_kernel::identity::Duplicate;
use sverka_model::{Code, InsurerId};
use sverka_publish::{Input, Insurer, Manifest, Output, Quality, Totals, WrittenTable, sources_key};
use sverka_settings::EntryState;
use sverka_settings::{Period, Severities};

/// Findings by code.
#[derive(Default)]
pub(super) struct FindingCounts {
    pub all: BTreeMap<Code, u64>,
    /// Those that are errors for the source in which they were found.
    pub errors: BTreeMap<Code, u64>,
}

/// Everything that a manifest tells of.
pub(super) struct Account<'r> {
    pub job: &'r Job,
    pub run_id: &'r str,
    pub started_at: &'r str,
    pub checked: &'r Checked,
    pub linked: &'r LinkedRows,
    pub totals: &'r PersonTotals,
    pub funding: &'r Funding,
    /// What became of each entry of the overrides.
    pub overrides: &'r [EntryOutcome],
    pub finding_counts: FindingCounts,
    /// Codes of warnings that flood a source (as an index of the job's), with the numbers of their rows.
    pub floods: BTreeMap<(usize, Code), u64>,
    pub quality: Quality,
    pub written: &'r [WrittenTable],
    pub profiler: &'r Profiler,
}

impl Account<'_> {
    /// The manifest.
    pub fn manifest(self) -> Manifest {
        let inputs = self.inputs();
        let sum = |of: fn(&Input) -> Option<u64>| inputs.iter().filter_map(of).sum();
        let [rows, accepted, duplicates, quarantined] =
            [sum(|input| input.rows), sum(|input| input.accepted), sum(|input| input.duplicates), sum(|input| input.quarantined)];
        let money = &self.funding.totals;
        let totals = Totals {
            rows,
            accepted,
            duplicates,
            quarantined,
            persons: self.linked.persons(),
            insured: self.totals.insured.sum(),
            attached: self.totals.attached,
            unattached: self.totals.insured.sum() - self.totals.attached,
            must_choose: self.totals.must_choose,
            must_choose_overdue: self.totals.overdue,
            heads: money.heads,
            funded_heads: money.funded_heads,
            base_norm: self.job.tariff.base_norm.to_string(),
            correction: money.correction.map_or_else(String::new, |correction| correction.normalize().to_string()),
            amount: money.amount.to_string(),
            target: money.base_amount.to_string(),
            difference: money.difference.to_string(),
        };
        Manifest {
            engine: crate::program::this_program(),
            run_id: self.run_id.to_owned(),
            as_of: self.job.as_of.to_string(),
            sources_key: sources_key(
                inputs.iter().filter(|input| input.layout.is_some()).map(|input| (input.name.as_str(), input.bytes)),
            ),
            job: sverka_publish::Job { file: file_name(self.job), settings: settings(self.job) },
            started_at: self.started_at.to_owned(),
            ended_at: time_after(self.started_at, self.profiler.elapsed()),
            findings: named(&self.finding_counts.all),
            errors: named(&self.finding_counts.errors),
            decisions: decisions(self.totals),
            links: self.linked.links.iter().map(|(code, count)| (code.name().to_owned(), count)).collect(),
            overrides: self.overrides(),
            outputs: self.written.iter().map(Output::from).collect(),
            quality: Some(self.quality),
            events: Vec::new(),
            accepted_shrink: Vec::new(),
            inputs,
            insurers: insurers(self.job),
            totals,
            stages: self.profiler.times(),
            peak_memory_bytes: self.profiler.peak_memory_bytes(),
            threads: rayon::current_num_threads() as u64,
        }
    }

    /// Entries of the overrides by state, and those that are to be looked at again; nothing when the job has no overrides.
    fn overrides(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        if self.job.overrides.file().is_empty() {
            return counts;
        }
        for state in EntryState::ALL {
            let of_state = self.overrides.iter().filter(|outcome| outcome.state == state).count();
            counts.insert(state.name().to_owned(), of_state as u64);
        }
        let review_due = self.job.overrides.entries().iter().filter(|entry| entry.review_due).count();
        counts.insert(Manifest::REVIEW_DUE.to_owned(), review_due as u64);
        counts
    }

    fn inputs(&self) -> Vec<Input> {
        let of_job = self.job.files.iter().map(|file| Input {
            role: file.role.name().to_owned(),
            name: file.name.clone(),
            bytes: file.bytes,
            blake3: file.blake3.clone(),
            layout: None,
            content: None,
            encoding: None,
            encoding_detected: None,
            source_date: None,
            rows: None,
            accepted: None,
            duplicates: None,
            quarantined: None,
            broken: None,
            shortfall: None,
            notes: Vec::new(),
            systematic: BTreeMap::new(),
            ends: None,
        });
        let duplicates = self.duplicates();
        let sources = self.job.sources.iter().enumerate().map(|(index, source)| {
            let account = &self.checked.accounts[index];
            let duplicates = duplicates[index];
            assert_eq!(
                account.rows,
                account.accepted + account.quarantined,
                "invariant: every row is accepted, a duplicate or quarantined"
            );
            Input {
                role: source.layout.role().to_owned(),
                name: source.name.clone(),
                bytes: account.bytes,
                blake3: account.blake3.clone(),
                layout: Some(source.layout.name.clone()),
                content: account.content.clone(),
                encoding: Some(account.encoding.encoding.name().to_owned()),
                encoding_detected: Some(account.encoding.detected),
                source_date: source.source_date.map(|date| date.to_string()),
                rows: Some(account.rows),
                accepted: Some(account.accepted - duplicates),
                duplicates: Some(duplicates),
                quarantined: Some(account.quarantined),
                broken: account.broken.clone(),
                shortfall: account.shortfall.clone(),
                notes: account.notes.clone(),
                systematic: self.floods_of(index),
                ends: self.totals.end_days.doubtful(index).filter(|_| source.severities.is_on(Code::EndsOffByADay)),
            }
        });
        of_job.chain(sources).collect()
    }

    /// The codes that flood a source, with the numbers of their rows.
    fn floods_of(&self, index: usize) -> BTreeMap<String, u64> {
        let of_source = self.floods.iter().filter(|((source, _), _)| *source == index);
        of_source.map(|((_, code), rows)| (code.name().to_owned(), *rows)).collect()
    }

    /// Duplicates of each source of the job.
    fn duplicates(&self) -> Vec<u64> {
        let mut counts = vec![0; self.job.sources.len()];
        for Duplicate { row_id, .. } in self.linked.register_duplicates.iter().chain(&self.linked.attachment_duplicates) {
            counts[self.checked.row_ids.source(*row_id)] += 1;
        }
        counts
    }
}

fn insurers(job: &Job) -> Vec<Insurer> {
    let insurer = |(index, insurer): (InsurerId, &sverka_reference::Insurer)| Insurer {
        insurer: insurer.code.clone(),
        region: insurer.region.clone(),
        name: insurer.name.clone(),
        works_from: insurer.works.from.to_string(),
        closes_on: job.insurers.succession().closes_on(index).known().map(|day| day.to_string()),
    };
    (0..).map(InsurerId::new).zip(&job.insurers).map(insurer).collect()
}

fn named(counts: &BTreeMap<Code, u64>) -> BTreeMap<String, u64> {
    counts.iter().map(|(code, count)| (code.name().to_owned(), *count)).collect()
}

fn file_name(job: &Job) -> String {
    job.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The settings of the rules with their defaults filled in. Keys in alphabetical order: whether JSON keeps another depends on the build.
fn settings(job: &Job) -> serde_json::Value {
    let rules = &job.rules;
    let limited = job.severities.is_on(Code::ChangeLimit);
    let limit = |changes: u32| limited.then_some(changes);
    let deadline = job
        .severities
        .is_on(Code::ChangeDeadline)
        .then(|| format!("{:02}-{:02}", rules.insurer.deadline.0, rules.insurer.deadline.1));
    serde_json::json!({
        "clinic": {
            "applications_period": match rules.clinic.applications_period {
                Period::CalendarMonth => serde_json::json!("calendar_month"),
                Period::Days(days) => serde_json::json!(days),
            },
            "application_outranks_residence": rules.clinic.application_outranks_residence,
            "changes_per_year": limit(rules.clinic.changes_per_year),
            "on_violation": rules.clinic.on_violation.name(),
            "window": rules.clinic.window.name(),
        },
        "insurer": {
            "changes_per_year": limit(rules.insurer.changes_per_year),
            "deadline": deadline,
            "months_to_choose": rules.insurer.months_to_choose,
            "on_violation": rules.insurer.on_violation.name(),
        },
        "newborn_days": rules.newborn_days,
        "overrides_review_days": rules.overrides_review_days,
        "region": job.region,
        "rows": rules.rows.told(),
        "severity": words(&job.severities, &Severities::DEFAULT),
        "severity_of_sources": severities_of_sources(job),
        "sources": rules.sources.told(),
        "term_limited_categories": (0..15).filter(|&category| rules.is_term_limited(category)).collect::<Vec<u8>>(),
    })
}

/// What rules mean other than in `base`, by code.
fn words(severities: &Severities, base: &Severities) -> BTreeMap<&'static str, &'static str> {
    severities.other_than(base).map(|(code, severity)| (code.name(), code.severity_word(severity))).collect()
}

/// What rules mean for single sources other than for the job.
fn severities_of_sources(job: &Job) -> BTreeMap<&str, BTreeMap<&'static str, &'static str>> {
    let of_sources = job.sources.iter().map(|source| (source.name.as_str(), words(&source.severities, &job.severities)));
    of_sources.filter(|(_, words)| !words.is_empty()).collect()
}

fn decisions(totals: &PersonTotals) -> BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>> {
    let mut counts: BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>> = BTreeMap::new();
    for (&(subject, rule, outcome), &count) in &totals.decisions {
        let of_rule = counts.entry(Subject::name(subject).to_owned()).or_default().entry(rule.name().to_owned()).or_default();
        *of_rule.entry(outcome.name().to_owned()).or_default() += count;
    }
    counts
}
