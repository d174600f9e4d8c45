//! Summary of a run, from its manifest and judgement.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::judgement::{Judgement, RunEvent};
use sverka_publish::{CareTotal, Event, Manifest};
use sverka_report::outliers::outliers;
use sverka_report::summary::{CareMoney, DecisionCount, NamedCount, RunBefore, RunSummary, SummaryEvent};
use sverka_settings::EntryState;

/// Circumstances of a run that its manifest does not hold.
#[derive(Clone, Copy)]
pub(super) struct Circumstances<'r> {
    /// Folder of the results.
    pub dir: &'r Path,
    /// Whether the run was published before, so that nothing was computed.
    pub recognised: bool,
    /// Time from start to end.
    pub wall: Duration,
}

/// Summary of a run.
pub(super) fn summary(manifest: &Manifest, judgement: &Judgement, circumstances: Circumstances<'_>) -> RunSummary {
    let totals = &manifest.totals;
    let errors = |code: &String| manifest.errors.get(code).copied().unwrap_or(0);
    let warning = |(code, &count): (&String, &u64)| NamedCount { name: code.clone(), count: count.saturating_sub(errors(code)) };
    let warnings = manifest.findings.iter().map(warning);
    RunSummary {
        run_id: manifest.run_id.clone(),
        as_of: manifest.as_of.clone(),
        started_at: manifest.started_at.clone(),
        ended_at: manifest.ended_at.clone().unwrap_or_default(),
        output: circumstances.dir.to_owned(),
        recognised: circumstances.recognised,
        sources: manifest.sources().count() as u64,
        before: judgement.before.as_ref().map(|before| RunBefore { run_id: before.run_id.clone(), sources: before.sources }),
        rows: totals.rows,
        accepted: totals.accepted,
        duplicates: totals.duplicates,
        quarantined: totals.quarantined,
        quarantined_by_code: manifest.errors.iter().map(|(code, &count)| NamedCount { name: code.clone(), count }).collect(),
        findings_by_code: warnings.filter(|warning| warning.count > 0).collect(),
        encodings_detected: encodings_detected(manifest),
        persons: totals.persons,
        insured: totals.insured,
        unattached: totals.unattached,
        must_choose: totals.must_choose,
        must_choose_overdue: totals.must_choose_overdue,
        decisions: decisions(manifest),
        heads: totals.heads,
        funded_heads: totals.funded_heads,
        amount: totals.amount.clone(),
        difference: totals.difference.clone(),
        unpaid_attachments: totals.unpaid_attachments.values().sum(),
        cares: totals.cares.iter().map(care_money).collect(),
        wall: circumstances.wall,
        peak_memory_bytes: Some(manifest.peak_memory_bytes),
        events: (judgement.events.iter())
            .map(|event| SummaryEvent { then: event.then.name(), sentence: event.to_string() })
            .collect(),
        thresholds_unjudged: judgement.unjudged.clone(),
        outliers: outliers(manifest),
        overrides_stale: overrides_stale(manifest),
        overrides_review_due: manifest.overrides.get(Manifest::REVIEW_DUE).copied().unwrap_or(0),
    }
}

/// Events of a judgement for the manifest.
pub(super) fn events_of_manifest(events: &[RunEvent]) -> Vec<Event> {
    events.iter().map(|event| Event { then: event.then.name().to_owned(), what: event.sentence.clone() }).collect()
}

/// Time `wall` after `started_at`, RFC 3339; `None` when `started_at` is no time.
pub(super) fn time_after(started_at: &str, wall: Duration) -> Option<String> {
    let started: jiff::Timestamp = started_at.parse().ok()?;
    Some(started.checked_add(wall).ok()?.to_string())
}

/// Number of sources by detected encoding.
fn care_money(total: &CareTotal) -> CareMoney {
    CareMoney {
        care: total.care.clone(),
        amount: total.amount.clone(),
        by_coefficients: total.by_coefficients.clone(),
        by_correction: total.by_correction.clone(),
        by_rounding: total.by_rounding.clone(),
    }
}

fn encodings_detected(manifest: &Manifest) -> Vec<NamedCount> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for input in manifest.inputs.iter().filter(|input| input.encoding_detected == Some(true)) {
        *counts.entry(input.encoding.as_deref().unwrap_or_default()).or_default() += 1;
    }
    counts.into_iter().map(|(name, count)| NamedCount { name: name.to_owned(), count }).collect()
}

/// Number of entries of the overrides that changed nothing, by state.
fn overrides_stale(manifest: &Manifest) -> Vec<NamedCount> {
    let is_stale = |state: &str| state != Manifest::REVIEW_DUE && state != EntryState::Applied.name();
    let stale = manifest.overrides.iter().filter(|(state, count)| is_stale(state) && **count > 0);
    stale.map(|(state, &count)| NamedCount { name: state.clone(), count }).collect()
}

fn decisions(manifest: &Manifest) -> Vec<DecisionCount> {
    let mut counts = Vec::new();
    for (subject, rules) in &manifest.decisions {
        for (rule, outcomes) in rules {
            let count = |(outcome, &count): (&String, &u64)| DecisionCount {
                subject: subject.clone(),
                rule: rule.clone(),
                outcome: outcome.clone(),
                count,
            };
            counts.extend(outcomes.iter().map(count));
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_as_long_after_its_start_as_it_took() {
        let wall = Duration::from_millis(90_500);
        assert_eq!(time_after("2026-11-02T03:00:00Z", wall).as_deref(), Some("2026-11-02T03:01:30.5Z"));
        assert_eq!(time_after("early", wall), None);
    }
}
