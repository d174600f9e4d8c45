//! Summary for programs: the same figures under fixed names in a fixed order.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CareMoney, NamedCount, RunSummary};
use sverka_publish::json_text;

/// JSON object of a summary. Money is a decimal number as text.
#[derive(Serialize)]
struct SummaryJson<'s> {
    run_id: &'s str,
    as_of: &'s str,
    started_at: &'s str,
    ended_at: &'s str,
    wall_seconds: f64,
    peak_memory_bytes: Option<u64>,
    run_before: Option<&'s str>,
    events: Vec<EventJson<'s>>,
    thresholds_unjudged: &'s [String],
    sources: u64,
    sources_before: Option<u64>,
    rows: u64,
    accepted: u64,
    duplicates: u64,
    quarantined: u64,
    quarantined_by_code: BTreeMap<&'s str, u64>,
    warnings_by_code: BTreeMap<&'s str, u64>,
    encodings_detected: BTreeMap<&'s str, u64>,
    persons: u64,
    insured: u64,
    unattached: u64,
    must_choose: u64,
    must_choose_overdue: u64,
    decisions: Vec<DecisionJson<'s>>,
    heads: u64,
    funded_heads: u64,
    amount: &'s str,
    difference: &'s str,
    unpaid_attachments: u64,
    cares: &'s [CareMoney],
    standing_out: Vec<String>,
    overrides_stale: BTreeMap<&'s str, u64>,
    overrides_review_due: u64,
}

#[derive(Serialize)]
struct EventJson<'s> {
    then: &'s str,
    what: &'s str,
}

#[derive(Serialize)]
struct DecisionJson<'s> {
    subject: &'s str,
    rule: &'s str,
    outcome: &'s str,
    records: u64,
}

/// Summary as one JSON object, with a line end.
pub(super) fn text(summary: &RunSummary) -> Vec<u8> {
    let decisions = summary.decisions.iter().map(|decision| DecisionJson {
        subject: &decision.subject,
        rule: &decision.rule,
        outcome: &decision.outcome,
        records: decision.count,
    });
    let written = SummaryJson {
        run_id: &summary.run_id,
        as_of: &summary.as_of,
        started_at: &summary.started_at,
        ended_at: &summary.ended_at,
        wall_seconds: summary.wall.as_secs_f64(),
        peak_memory_bytes: summary.peak_memory_bytes,
        run_before: summary.before.as_ref().map(|before| before.run_id.as_str()),
        events: summary.events.iter().map(|event| EventJson { then: event.then, what: &event.sentence }).collect(),
        thresholds_unjudged: &summary.thresholds_unjudged,
        sources: summary.sources,
        sources_before: summary.before.as_ref().map(|before| before.sources),
        rows: summary.rows,
        accepted: summary.accepted,
        duplicates: summary.duplicates,
        quarantined: summary.quarantined,
        quarantined_by_code: by_name(&summary.quarantined_by_code),
        warnings_by_code: by_name(&summary.findings_by_code),
        encodings_detected: by_name(&summary.encodings_detected),
        persons: summary.persons,
        insured: summary.insured,
        unattached: summary.unattached,
        must_choose: summary.must_choose,
        must_choose_overdue: summary.must_choose_overdue,
        decisions: decisions.collect(),
        heads: summary.heads,
        funded_heads: summary.funded_heads,
        amount: &summary.amount,
        difference: &summary.difference,
        unpaid_attachments: summary.unpaid_attachments,
        cares: &summary.cares,
        standing_out: summary.outliers.iter().map(ToString::to_string).collect(),
        overrides_stale: by_name(&summary.overrides_stale),
        overrides_review_due: summary.overrides_review_due,
    };
    json_text(&written).expect("a summary is plain data with text keys")
}

fn by_name(counts: &[NamedCount]) -> BTreeMap<&str, u64> {
    counts.iter().map(|counted| (counted.name.as_str(), counted.count)).collect()
}
