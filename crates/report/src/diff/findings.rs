//! Findings of two runs: new, gone, still there. A finding is the same when source, line, field and code are.

use std::collections::{BTreeMap, BTreeSet};

use super::run::{ComparedRuns, TablePair};
use super::{DiffError, DiffFilter};
use crate::table_reader::{Row, RowCursor};
use sverka_publish::OutputTable;

mod finding {
    use crate::table_reader::columns;
    columns! { SOURCE: Text = "source", LINE: Int64 = "line", FIELD: Text = "field", CODE: Text = "code" }
}

const FINDINGS: &[&str] = &["source", "line", "field", "code"];
const QUALITY: &[&str] = &["of", "name", "measure", "item", "count"];

/// Findings of a source, insurer or clinic in both runs: a row of `finding_changes`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingChange {
    /// `source`, `insurer` or `clinic`.
    pub of: &'static str,
    /// Name or code; `None` for rows that name none.
    pub name: Option<String>,
    /// Code of the rule.
    pub code: String,
    /// Findings of the former run.
    pub before: i64,
    /// Findings of the later run.
    pub now: i64,
    /// Findings of the later run alone; `None` for insurers and clinics.
    pub added: Option<i64>,
    /// Findings of the former run alone; `None` for insurers and clinics.
    pub gone: Option<i64>,
    /// Findings of both runs; `None` for insurers and clinics.
    pub still: Option<i64>,
}

/// Compares the findings of both runs, in the order of the table.
pub(super) fn compare_findings(runs: &mut ComparedRuns, filter: &DiffFilter) -> Result<Vec<FindingChange>, DiffError> {
    let mut changes = Vec::new();
    if let Some(pair) = runs.pair(OutputTable::Quality, QUALITY)? {
        changes.extend(of_senders(&pair, filter)?);
    }
    if let Some(pair) = runs.pair(OutputTable::Findings, FINDINGS)?
        && filter.is_open()
    {
        changes.extend(of_sources(&pair)?);
    }
    changes.sort();
    Ok(changes)
}

/// Key of a finding, in the order of the table.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct FindingKey<'r> {
    source: &'r str,
    line: i64,
    field: Option<&'r str>,
    code: &'r str,
}

impl<'r> FindingKey<'r> {
    fn at(rows: &'r RowCursor) -> Option<Self> {
        rows.has_row().then(|| Self {
            source: rows.text(finding::SOURCE).unwrap_or_default(),
            line: rows.long(finding::LINE).unwrap_or_default(),
            field: rows.text(finding::FIELD),
            code: rows.text(finding::CODE).unwrap_or_default(),
        })
    }
}

/// Numbers of findings of a source and code.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    added: i64,
    gone: i64,
    still: i64,
}

/// Merge join of two tables that are sorted by the key of findings.
fn of_sources(pair: &TablePair) -> Result<Vec<FindingChange>, DiffError> {
    let (mut old, mut new) = (pair.old.cursor(finding::ALL)?, pair.new.cursor(finding::ALL)?);
    let mut sources: BTreeMap<String, BTreeMap<String, Counts>> = BTreeMap::new();
    while old.has_row() || new.has_row() {
        let (of_old, of_new) = (FindingKey::at(&old), FindingKey::at(&new));
        let takes_old = of_old.as_ref().is_some_and(|key| of_new.as_ref().is_none_or(|other| key <= other));
        let takes_new = of_new.as_ref().is_some_and(|key| of_old.as_ref().is_none_or(|other| key <= other));
        if let Some(key) = if takes_old { of_old } else { of_new } {
            let counts = counts_of(&mut sources, &key);
            counts.still += i64::from(takes_old && takes_new);
            counts.gone += i64::from(takes_old && !takes_new);
            counts.added += i64::from(takes_new && !takes_old);
        }
        if takes_old {
            old.advance()?;
        }
        if takes_new {
            new.advance()?;
        }
    }
    let change = |source: &String, (code, counts): (String, Counts)| FindingChange {
        of: "source",
        name: Some(source.clone()),
        code,
        before: counts.gone + counts.still,
        now: counts.added + counts.still,
        added: Some(counts.added),
        gone: Some(counts.gone),
        still: Some(counts.still),
    };
    Ok(sources.into_iter().flat_map(|(source, codes)| codes.into_iter().map(move |code| change(&source, code))).collect())
}

/// Numbers of a source and code. Keys are made once for each, not for each finding.
fn counts_of<'s>(sources: &'s mut BTreeMap<String, BTreeMap<String, Counts>>, key: &FindingKey<'_>) -> &'s mut Counts {
    if !sources.contains_key(key.source) {
        sources.insert(key.source.to_owned(), BTreeMap::new());
    }
    let codes = sources.get_mut(key.source).expect("invariant: the source has just been added");
    if !codes.contains_key(key.code) {
        codes.insert(key.code.to_owned(), Counts::default());
    }
    codes.get_mut(key.code).expect("invariant: the code has just been added")
}

/// Insurer or clinic with a code of findings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct SenderCode {
    of: &'static str,
    name: Option<String>,
    code: String,
}

/// Findings of insurers and clinics, from their quality figures.
fn of_senders(pair: &TablePair, filter: &DiffFilter) -> Result<Vec<FindingChange>, DiffError> {
    let figures = |reader: &crate::table_reader::TableReader| -> Result<BTreeMap<SenderCode, i64>, DiffError> {
        let batches = reader.map_batches(QUALITY, |batch| Row::all_of(batch).filter_map(sender_figure).collect::<Vec<_>>())?;
        let mut counts = BTreeMap::new();
        for (sender, count) in batches.into_iter().flatten() {
            *counts.entry(sender).or_default() += count;
        }
        Ok(counts)
    };
    let (old, new) = (figures(&pair.old)?, figures(&pair.new)?);
    let senders: BTreeSet<&SenderCode> = old.keys().chain(new.keys()).collect();
    let count = |of: &BTreeMap<SenderCode, i64>, sender: &SenderCode| of.get(sender).copied().unwrap_or_default();
    let changes = senders.into_iter().filter(|sender| filter.takes_sender(sender.of, sender.name.as_deref()));
    let change = |sender: &SenderCode| FindingChange {
        of: sender.of,
        name: sender.name.clone(),
        code: sender.code.clone(),
        before: count(&old, sender),
        now: count(&new, sender),
        added: None,
        gone: None,
        still: None,
    };
    Ok(changes.map(change).collect())
}

fn sender_figure(row: Row<'_>) -> Option<(SenderCode, i64)> {
    let of = match row.text("of")? {
        "insurer" => "insurer",
        "clinic" => "clinic",
        _ => return None,
    };
    let code = row.text("item").filter(|_| row.text("measure") == Some("finding"))?.to_owned();
    Some((SenderCode { of, name: row.text("name").map(str::to_owned), code }, row.number("count")?))
}
