//! The results of a run as its manifest, with the rows that must add up.

use std::collections::BTreeMap;

use super::block_rows::PersonTotals;
use super::former_ids::IdSource;
use super::linking::LinkedRows;
use super::person::Subject;
use super::profile::Profiler;
use super::run_context::RunContext;
use super::small_tables::SmallTablesWritten;
use super::sources::CheckedRows;
use super::summary::time_after;
use super::tables::EntryOutcome;
use super::volumes::sender_volumes;
use crate::job::Job;
use rust_decimal::Decimal;
use sverka_kernel::funding::{CareFunding, Funding, FundingTotals};
use sverka_kernel::identity::Duplicate;
use sverka_model::{Category, Code, InsurerId};
use sverka_publish::{
    CareTotal, Input, Insurer, LeftOut, Manifest, MissingSender, Output, Quality, Totals, WrittenTable, sources_key,
};
use sverka_settings::EntryState;
use sverka_settings::{Period, Severities};

/// Number of findings by code.
#[derive(Default)]
pub(super) struct FindingCounts {
    /// All findings.
    pub all: BTreeMap<Code, u64>,
    /// Findings that are errors for their sources.
    pub errors: BTreeMap<Code, u64>,
}

/// Results of the stages of a run.
#[derive(Clone, Copy)]
pub(super) struct StageResults<'r> {
    pub checked: &'r CheckedRows,
    pub linked: &'r LinkedRows,
    pub totals: &'r PersonTotals,
    pub funding: &'r Funding,
    /// Outcome of each entry of the overrides.
    pub overrides: &'r [EntryOutcome],
    /// Code of the sender of each source of the job, if it has one.
    pub senders: &'r [Option<String>],
    /// Expected senders that have sent nothing.
    pub missing_senders: &'r [MissingSender],
}

/// Everything that the manifest states.
pub(super) struct RunResults<'r> {
    pub run: RunContext<'r>,
    pub run_id: &'r str,
    /// Sources that were not read.
    pub left_out: Vec<LeftOut>,
    /// Id of the run that this run is compared with.
    pub former_run: Option<String>,
    /// Table of person ids that the run continues.
    pub id_source: Option<&'r IdSource>,
    pub stages: StageResults<'r>,
    /// Tables sorted by person id, and `numbers`.
    pub tables_by_person: Vec<WrittenTable>,
    /// The other tables, with counts of findings.
    pub small_tables: SmallTablesWritten,
    /// Packets of the job.
    pub packets: Vec<Output>,
    pub profiler: &'r Profiler,
}

impl RunResults<'_> {
    /// Manifest of the run.
    pub fn into_manifest(mut self) -> Manifest {
        let inputs = self.inputs();
        let outputs = self.outputs();
        let volumes = sender_volumes(self.run.job, self.stages.totals, self.stages.funding);
        let quality = std::mem::take(&mut self.small_tables.quality);
        let quality = Quality { former_run: self.former_run.take(), volumes: Some(volumes), ..quality };
        Manifest {
            engine: crate::program::this_program(),
            run_id: self.run_id.to_owned(),
            as_of: self.run.job.as_of.to_string(),
            sources_key: sources_key(
                inputs.iter().filter(|input| input.layout.is_some()).map(|input| (input.name.as_str(), input.bytes)),
            ),
            job: sverka_publish::Job { file: file_name(self.run.job), settings: settings(self.run.job) },
            started_at: self.run.options.started_at.clone(),
            ended_at: time_after(&self.run.options.started_at, self.profiler.elapsed()),
            findings: counts_by_name(&self.small_tables.finding_counts.all),
            errors: counts_by_name(&self.small_tables.finding_counts.errors),
            decisions: decisions(self.stages.totals),
            links: self.stages.linked.links.iter().map(|(code, count)| (code.name().to_owned(), count)).collect(),
            overrides: self.overrides(),
            outputs,
            quality: Some(quality),
            events: Vec::new(),
            accepted_shrink: Vec::new(),
            totals: self.totals_of(&inputs),
            inputs,
            known_by: self.run.job.known_by.map(|day| day.to_string()),
            left_out: std::mem::take(&mut self.left_out),
            missing_senders: self.stages.missing_senders.to_vec(),
            insurers: insurers(self.run.job),
            stages: self.profiler.times(),
            peak_memory_bytes: self.profiler.peak_memory_bytes(),
            threads: rayon::current_num_threads() as u64,
        }
    }

    /// All tables, then the packets, in the order of the manifest.
    fn outputs(&self) -> Vec<Output> {
        let mut written: Vec<&WrittenTable> = self.tables_by_person.iter().chain(&self.small_tables.tables).collect();
        written.sort_by_key(|table| table.table);
        written.into_iter().map(Output::from).chain(self.packets.iter().cloned()).collect()
    }

    /// Totals of the run.
    fn totals_of(&self, inputs: &[Input]) -> Totals {
        let sum = |value: fn(&Input) -> Option<u64>| inputs.iter().filter_map(value).sum();
        let [rows, accepted, duplicates, quarantined] =
            [sum(|input| input.rows), sum(|input| input.accepted), sum(|input| input.duplicates), sum(|input| input.quarantined)];
        let cares: Vec<CareTotal> = self.stages.funding.cares.iter().map(care_total).collect();
        let main = &self.stages.funding.cares[0].totals;
        let amount = |value: fn(&FundingTotals) -> Decimal| {
            self.stages.funding.cares.iter().map(|care| value(&care.totals)).sum::<Decimal>()
        };
        Totals {
            rows,
            accepted,
            duplicates,
            quarantined,
            persons: self.stages.linked.persons(),
            insured: self.stages.totals.insured.sum(),
            attached: self.stages.totals.attached,
            unattached: self.stages.totals.insured.sum() - self.stages.totals.attached,
            must_choose: self.stages.totals.must_choose,
            must_choose_overdue: self.stages.totals.overdue,
            heads: self.stages.totals.attached,
            funded_heads: main.funded_heads.whole(),
            base_norm: cares[0].base_norm.clone(),
            correction: cares[0].correction.clone(),
            amount: amount(|care| care.amount).to_string(),
            target: amount(|care| care.base_amount).to_string(),
            difference: amount(|care| care.difference).to_string(),
            unpaid_attachments: (self.stages.totals.people.unpaid.iter())
                .map(|(profile, people)| (profile.code().to_string(), *people))
                .collect(),
            cares,
        }
    }

    /// Number of entries of the overrides by state, and of entries due for review; empty when the job has no overrides.
    fn overrides(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        if self.run.job.overrides.file().is_empty() {
            return counts;
        }
        for state in EntryState::ALL {
            let entries = self.stages.overrides.iter().filter(|outcome| outcome.state == state).count();
            counts.insert(state.name().to_owned(), entries as u64);
        }
        let review_due = self.run.job.overrides.entries().iter().filter(|entry| entry.review_due).count();
        counts.insert(Manifest::REVIEW_DUE.to_owned(), review_due as u64);
        counts
    }

    /// Files of the job and sources.
    fn inputs(&self) -> Vec<Input> {
        let job_files = self.run.job.files.iter().map(|file| Input {
            role: file.role.name().to_owned(),
            name: file.name.clone(),
            bytes: file.bytes,
            blake3: file.blake3.clone(),
            layout: None,
            content: None,
            encoding: None,
            encoding_detected: None,
            source_date: None,
            sender: None,
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
        let sources = self.run.job.sources.iter().enumerate().map(|(index, source)| {
            let result = &self.stages.checked.source_results[index];
            let duplicates = duplicates[index];
            assert_eq!(
                result.rows,
                result.accepted + result.quarantined,
                "invariant: every row is accepted, a duplicate or quarantined"
            );
            Input {
                role: source.layout.role().to_owned(),
                name: source.name.clone(),
                bytes: result.bytes,
                blake3: result.blake3.clone(),
                layout: Some(source.layout.name.clone()),
                content: result.content.clone(),
                encoding: Some(result.encoding.encoding.name().to_owned()),
                encoding_detected: Some(result.encoding.detected),
                source_date: source.source_date.map(|date| date.to_string()),
                sender: self.stages.senders[index].clone(),
                rows: Some(result.rows),
                accepted: Some(result.accepted - duplicates),
                duplicates: Some(duplicates),
                quarantined: Some(result.quarantined),
                broken: result.broken.clone(),
                shortfall: result.shortfall.clone(),
                notes: result.notes.clone(),
                systematic: self.systematic_codes(index),
                ends: self.stages.totals.end_days.doubtful(index).filter(|_| source.severities.is_on(Code::EndsOffByADay)),
            }
        });
        job_files.chain(sources).chain(self.id_source.map(IdSource::to_input)).collect()
    }

    /// Systematic codes of a source, with the numbers of their rows.
    fn systematic_codes(&self, index: usize) -> BTreeMap<String, u64> {
        let codes = self.small_tables.systematic.iter().filter(|((source, _), _)| *source == index);
        codes.map(|((_, code), rows)| (code.name().to_owned(), *rows)).collect()
    }

    /// Number of duplicates of each source of the job.
    fn duplicates(&self) -> Vec<u64> {
        let mut counts = vec![0; self.run.job.sources.len()];
        for Duplicate { row_id, .. } in
            self.stages.linked.register_duplicates.iter().chain(&self.stages.linked.attachment_duplicates)
        {
            counts[self.stages.checked.row_ids.source(*row_id)] += 1;
        }
        counts
    }
}

/// Money of one care, for the manifest.
fn care_total(funding: &CareFunding) -> CareTotal {
    let totals = &funding.totals;
    CareTotal {
        care: funding.care.clone(),
        funded_heads: totals.funded_heads.rounded(6).map_or_else(String::new, |heads| heads.normalize().to_string()),
        base_norm: totals.base.to_string(),
        correction: totals.correction.map_or_else(String::new, |correction| correction.normalize().to_string()),
        amount: totals.amount.to_string(),
        target: totals.base_amount.to_string(),
        difference: totals.difference.to_string(),
        by_coefficients: totals.by_coefficients.to_string(),
        by_correction: totals.by_correction.to_string(),
        by_rounding: totals.by_rounding.to_string(),
    }
}

/// Insurers of the region.
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

fn counts_by_name(counts: &BTreeMap<Code, u64>) -> BTreeMap<String, u64> {
    counts.iter().map(|(code, count)| (code.name().to_owned(), *count)).collect()
}

fn file_name(job: &Job) -> String {
    job.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Settings of the rules, defaults included. Keys are in alphabetical order: the build decides whether JSON keeps
/// another order.
fn settings(job: &Job) -> serde_json::Value {
    let rules = &job.rules;
    let limited = job.severities.is_on(Code::ChangeLimit);
    let limit = |changes: u32| limited.then_some(changes);
    let deadline = job.severities.is_on(Code::ChangeDeadline).then(|| rules.insurer.deadline.to_string());
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
        "rows": rules.rows.to_manifest(),
        "severity": severity_words(&job.severities, &Severities::DEFAULT),
        "severity_of_sources": severities_of_sources(job),
        "sources": rules.sources.to_manifest(),
        "term_limited_categories": (0..=Category::MAX).filter(|&number| Category::from_number(number).is_some_and(|category| rules.is_term_limited(category))).collect::<Vec<u8>>(),
    })
}

/// Severities that differ from those of `base`, by code, in the words of the job file.
fn severity_words(severities: &Severities, base: &Severities) -> BTreeMap<&'static str, &'static str> {
    severities.other_than(base).map(|(code, severity)| (code.name(), code.severity_word(severity))).collect()
}

/// Severities of single sources that differ from those of the job.
fn severities_of_sources(job: &Job) -> BTreeMap<&str, BTreeMap<&'static str, &'static str>> {
    let of_sources = job.sources.iter().map(|source| (source.name.as_str(), severity_words(&source.severities, &job.severities)));
    of_sources.filter(|(_, words)| !words.is_empty()).collect()
}

/// Number of decisions by subject, rule and outcome.
fn decisions(totals: &PersonTotals) -> BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>> {
    let mut counts: BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>> = BTreeMap::new();
    for (&(subject, rule, outcome), &count) in &totals.decisions {
        let outcomes = counts.entry(Subject::name(subject).to_owned()).or_default().entry(rule.name().to_owned()).or_default();
        *outcomes.entry(outcome.name().to_owned()).or_default() += count;
    }
    counts
}
