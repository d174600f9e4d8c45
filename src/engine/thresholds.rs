//! Thresholds of a job: the manifest of a run compared with limits and with the former run.

use std::collections::BTreeMap;

use super::judgement::{Judgement, RunEvent};
use crate::job::Job;
use sverka_model::Table;
use sverka_publish::{Manifest, Quality, QualityFigures};
use sverka_settings::{Measure, QualityThreshold, Scope, Then};

/// Adds the events of thresholds that a run passes.
pub(super) fn judge(job: &Job, manifest: &Manifest, former: Option<&Manifest>, judgement: &mut Judgement) {
    judgement.events.extend(passed_totals(job, manifest));
    let Some(quality) = &manifest.quality else {
        let unknown = |threshold: &QualityThreshold| {
            format!("{}: the run was published without quality figures", threshold_name(threshold))
        };
        judgement.unjudged.extend(job.thresholds.quality.iter().map(unknown));
        return;
    };
    let former = former.and_then(|former| Some(FormerQuality { run_id: &former.run_id, quality: former.quality.as_ref()? }));
    for threshold in &job.thresholds.quality {
        for (name, figures) in judged(threshold, quality) {
            judgement.events.extend(too_many(threshold, name, &figures));
            judgement.events.extend(former.and_then(|former| too_much_growth(threshold, name, &figures, former)));
        }
        if let (Some(growth), None) = (threshold.growth, former) {
            judgement.unjudged.push(format!(
                "growth of {} to {growth}: there is no former run with quality figures",
                threshold_name(threshold)
            ));
        }
    }
}

/// Events of thresholds on totals.
fn passed_totals(job: &Job, manifest: &Manifest) -> Vec<RunEvent> {
    let rows = manifest.totals.rows;
    let findings: u64 = manifest.findings.values().sum();
    let conflicts: u64 = manifest.decisions.values().flat_map(BTreeMap::values).flat_map(BTreeMap::values).sum();
    let limits = &job.thresholds;
    [
        ("quarantined", limits.quarantined, manifest.totals.quarantined),
        ("findings", limits.findings, findings),
        ("conflicts", limits.conflicts, conflicts),
    ]
    .into_iter()
    .filter_map(|(name, limit, count)| {
        let limit = limit.filter(|limit| limit.exceeded_by(count, rows))?;
        Some(event(name, count, &limit.to_string(), Then::Warn))
    })
    .collect()
}

/// Quality figures of the former run.
#[derive(Clone, Copy)]
struct FormerQuality<'m> {
    run_id: &'m str,
    quality: &'m Quality,
}

/// Count of a measure, and the total that it is a share of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Share {
    count: u64,
    total: u64,
}

/// Figures that a threshold judges one by one, by name of source, insurer or clinic.
fn judged<'q>(threshold: &QualityThreshold, quality: &'q Quality) -> Vec<(&'q str, Share)> {
    let shares: Vec<(&str, Share)> = match threshold.scope {
        Scope::Run => vec![("", share_of_tables(threshold.measure, &quality.run))],
        Scope::Source => {
            quality.sources.iter().map(|(name, tables)| (name.as_str(), share_of_tables(threshold.measure, tables))).collect()
        }
        Scope::Insurer => shares_of_organisations(threshold.measure, &quality.insurers, Table::Register),
        Scope::Clinic => shares_of_organisations(threshold.measure, &quality.clinics, Table::Attachments),
    };
    let is_meant = |name: &str| threshold.name.as_ref().is_none_or(|only| only == name);
    shares.into_iter().filter(|(name, _)| is_meant(name)).collect()
}

/// Share over both tables.
fn share_of_tables(measure: Measure, tables: &BTreeMap<String, QualityFigures>) -> Share {
    let share = |table: Table| tables.get(table.name()).map(|figures| share(measure, figures, table));
    [Table::Register, Table::Attachments]
        .into_iter()
        .filter_map(share)
        .fold(Share::default(), |sum, share| Share { count: sum.count + share.count, total: sum.total + share.total })
}

/// Share of each insurer or clinic. Rows of unknown ones have an empty name and are left out.
fn shares_of_organisations(measure: Measure, figures: &BTreeMap<String, QualityFigures>, table: Table) -> Vec<(&str, Share)> {
    let known = figures.iter().filter(|(name, _)| !name.is_empty());
    known.map(|(name, figures)| (name.as_str(), share(measure, figures, table))).collect()
}

fn share(measure: Measure, figures: &QualityFigures, table: Table) -> Share {
    let count_of = |counts: &BTreeMap<String, u64>, code: Option<sverka_model::Code>| match code {
        Some(code) => counts.get(code.name()).copied().unwrap_or(0),
        None => counts.values().sum(),
    };
    match measure {
        Measure::Quarantined => Share { count: figures.quarantined, total: figures.rows },
        Measure::Duplicates => Share { count: figures.duplicates, total: figures.rows },
        Measure::Finding(code) => Share { count: count_of(&figures.findings, code), total: figures.rows },
        Measure::ConflictsLost(rule) => Share { count: count_of(&figures.conflicts_lost, rule), total: figures.accepted },
        Measure::Missing(field) if field.stands_in(table) => {
            let rows = figures.accepted + figures.duplicates;
            Share { count: rows - figures.fields.get(field.name()).copied().unwrap_or(0), total: rows }
        }
        Measure::Missing(_) => Share::default(),
    }
}

/// Event of a figure above its limit.
fn too_many(threshold: &QualityThreshold, name: &str, share: &Share) -> Option<RunEvent> {
    let limit = threshold.most.filter(|limit| limit.exceeded_by(share.count, share.total))?;
    Some(passed(threshold, name, share.count, limit.text_for(share.total)))
}

/// Event of a figure that grew too much since the former run. A new source, insurer or clinic has no former figure.
fn too_much_growth(threshold: &QualityThreshold, name: &str, share: &Share, former: FormerQuality<'_>) -> Option<RunEvent> {
    let growth = threshold.growth?;
    let before = judged(threshold, former.quality).into_iter().find(|(known, _)| *known == name)?.1.count;
    let passes = share.count >= threshold.at_least && growth.exceeded_by(share.count, before);
    passes.then(|| passed(threshold, name, share.count, format!("{growth} of the {before} in run {}", former.run_id)))
}

fn passed(threshold: &QualityThreshold, name: &str, count: u64, limit: String) -> RunEvent {
    let subject = if name.is_empty() { String::new() } else { format!(" of {} {name}", threshold.scope.name()) };
    event(&format!("{}{subject}", threshold.measure.name()), count, &limit, threshold.then)
}

fn event(name: &str, count: u64, limit: &str, then: Then) -> RunEvent {
    RunEvent { then, sentence: format!("{name}: {count} is more than the job's threshold of {limit}") }
}

/// Name of a threshold: its measure and scope.
fn threshold_name(threshold: &QualityThreshold) -> String {
    let subject = match (&threshold.name, threshold.scope) {
        (Some(name), scope) => format!(" of {} {name}", scope.name()),
        (None, Scope::Run) => String::new(),
        (None, scope) => format!(" of each {}", scope.name()),
    };
    format!("{}{subject}", threshold.measure.name())
}
