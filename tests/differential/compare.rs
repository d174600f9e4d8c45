//! Comparison of a published run with the results of the reference: rows of every table, their order, and the manifest.

use std::collections::BTreeMap;

use arrow::datatypes::DataType;
use sverka_publish::{CareTotal, Manifest, OutputTable, Totals};

use super::expected_money::{COEFFICIENT_DECIMALS, HEAD_DECIMALS};
use super::expected_rows::ExpectedTables;
use super::sources::Sources;
use crate::published::{PublishedRun, TextTable, is_published};
use crate::reference::money::{CareMoney, TotalMoney};
use crate::reference::{Exact, Expected, Table};
use crate::regions::Region;

/// Values of a row, in the order of the columns.
type Row = Vec<Option<String>>;

/// Every difference, one table after another. `ids` are the engine's numbers of the persons of the reference.
pub fn differences(region: &Region, expected: &Expected, ids: &[i64], run: &PublishedRun) -> Vec<String> {
    let tables = ExpectedTables { region, sources: Sources::from_region(region), expected, ids };
    let mut differences = source_differences(expected, &run.manifest);
    for &table in OutputTable::ALL.iter().filter(|table| is_published(&run.manifest, **table)) {
        differences.extend(row_differences(&tables, table, run.table(table)));
        differences.extend(unsorted(table, run.table(table)));
        let counted = run.manifest.outputs.iter().find(|output| output.table == table.name()).map(|output| output.rows);
        let published = run.table(table).len() as u64;
        if counted != Some(published) {
            differences.push(format!("manifest: {counted:?} rows of {}, which has {published}", table.name()));
        }
    }
    differences.extend(total_differences(expected, &run.manifest));
    differences.extend(count_differences(expected, &run.manifest));
    differences
}

/// Rows that only the reference or only the engine has.
fn row_differences(tables: &ExpectedTables<'_>, table: OutputTable, published: &TextTable) -> Vec<String> {
    let columns: Vec<&str> = published.columns.iter().map(String::as_str).filter(|column| *column != "message").collect();
    let mut expected: Vec<Row> = Vec::new();
    for row in tables.rows(table) {
        assert_eq!(row.len(), columns.len(), "{}: {columns:?} {row:?}", table.name());
        expected.push(columns.iter().map(|column| row[column].clone()).collect());
    }
    let mut actual: Vec<Row> = Vec::new();
    for row in published.rows() {
        let value = |column: &&str| match *column {
            "codes" => Some(sorted(row.list("codes"))),
            column => row.get(column).map(str::to_owned),
        };
        actual.push(columns.iter().map(value).collect());
    }
    expected.sort();
    actual.sort();
    let row_text = |row: &Row| {
        let named = columns.iter().zip(row).map(|(column, value)| format!("{column}={}", value.as_deref().unwrap_or("∅")));
        named.collect::<Vec<_>>().join(" ")
    };
    let missing = without(&expected, &actual);
    let unexpected = without(&actual, &expected);
    let missing = missing.into_iter().map(|row| format!("{}: only the reference has {}", table.name(), row_text(row)));
    let unexpected = unexpected.into_iter().map(|row| format!("{}: only the engine has {}", table.name(), row_text(row)));
    missing.chain(unexpected).collect()
}

fn sorted(mut codes: Vec<&str>) -> String {
    codes.sort_unstable();
    codes.join(",")
}

/// The rows of one sorted list without those of another; a row that stands twice in `rows` and once in `others` remains once.
fn without<'r>(rows: &'r [Row], others: &[Row]) -> Vec<&'r Row> {
    let mut others = others.iter().peekable();
    let mut alone = Vec::new();
    for row in rows {
        while others.next_if(|other| *other < row).is_some() {}
        if others.next_if(|other| *other == row).is_none() {
            alone.push(row);
        }
    }
    alone
}

/// One value of a key: null before all, numbers by value, texts by their bytes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum KeyValue {
    Null,
    Number(i64),
    Text(String),
}

/// A message for rows that are not sorted by their table's key.
fn unsorted(table: OutputTable, published: &TextTable) -> Option<String> {
    let spec = table.spec();
    let key = |row: &[Option<String>]| -> Vec<KeyValue> {
        let value = |&column: &usize| match (&row[column], spec.schema.field(column).data_type()) {
            (None, _) => KeyValue::Null,
            (Some(number), DataType::Int32 | DataType::Int64) => KeyValue::Number(number.parse().expect("a number")),
            (Some(text), _) => KeyValue::Text(text.clone()),
        };
        spec.sorted_by.iter().map(value).collect()
    };
    let keys: Vec<Vec<KeyValue>> = published.rows().map(|row| key(row.values())).collect();
    (!keys.is_sorted()).then(|| format!("{}: not sorted by its key", table.name()))
}

/// Differences in the numbers of accepted rows, duplicates and quarantined rows of each source.
fn source_differences(expected: &Expected, manifest: &Manifest) -> Vec<String> {
    let mut differences = Vec::new();
    for source in &expected.sources {
        let role = if source.table == Table::Register { "register" } else { "attachments" };
        let input = manifest.inputs.iter().find(|input| input.name == source.source && input.rows.is_some());
        let counted = input.map(|input| (input.role.as_str(), [input.rows, input.accepted, input.duplicates, input.quarantined]));
        let counts = [source.rows, source.accepted, source.duplicates, source.quarantined].map(|count| Some(count as u64));
        if counted != Some((role, counts)) {
            differences.push(format!("manifest: {} has {counts:?}, not {counted:?}", source.source));
        }
    }
    differences
}

fn total_differences(expected: &Expected, manifest: &Manifest) -> Vec<String> {
    let sum = |count: fn(&crate::reference::SourceCounts) -> usize| expected.sources.iter().map(count).sum::<usize>() as u64;
    let unattached = expected.unattached.len() as u64;
    let insured = expected.persons.len() as u64;
    let totals = &manifest.totals;
    let cares: Vec<CareTotal> = expected.money.iter().map(care_total).collect();
    let over_cares = |value: fn(&TotalMoney) -> &Exact| {
        let rounded: Vec<Exact> = expected.money.iter().map(|care| value(&care.total).round(2)).collect();
        Exact::sum(&rounded).rounded(2)
    };
    let main = &expected.money[0].total;
    let expected = Totals {
        rows: sum(|source| source.rows),
        accepted: sum(|source| source.accepted),
        duplicates: sum(|source| source.duplicates),
        quarantined: sum(|source| source.quarantined),
        persons: expected.people.len() as u64,
        insured,
        attached: insured - unattached,
        unattached,
        must_choose: expected.must_choose.len() as u64,
        must_choose_overdue: expected.must_choose.iter().filter(|row| row.overdue).count() as u64,
        heads: insured - unattached,
        funded_heads: main.heads.rounded(0).parse().expect("a whole number"),
        base_norm: cares[0].base_norm.clone(),
        correction: cares[0].correction.clone(),
        amount: over_cares(|total| &total.amount),
        target: over_cares(|total| &total.target),
        difference: over_cares(|total| &total.difference),
        unpaid_attachments: totals.unpaid_attachments.clone(),
        cares,
    };
    let actual = Totals {
        base_norm: kopecks(&totals.base_norm),
        amount: kopecks(&totals.amount),
        target: kopecks(&totals.target),
        difference: kopecks(&totals.difference),
        cares: totals.cares.iter().map(in_kopecks).collect(),
        ..totals.clone()
    };
    if expected == actual { Vec::new() } else { vec![format!("manifest: totals {actual:?}\ninstead of {expected:?}")] }
}

fn kopecks(text: &str) -> String {
    Exact::decimal(text).rounded(2)
}

/// The total with two decimals in each amount.
fn in_kopecks(total: &CareTotal) -> CareTotal {
    CareTotal {
        base_norm: kopecks(&total.base_norm),
        amount: kopecks(&total.amount),
        target: kopecks(&total.target),
        difference: kopecks(&total.difference),
        by_coefficients: kopecks(&total.by_coefficients),
        by_correction: kopecks(&total.by_correction),
        by_rounding: kopecks(&total.by_rounding),
        ..total.clone()
    }
}

fn care_total(care: &CareMoney) -> CareTotal {
    let total = &care.total;
    CareTotal {
        care: care.care.clone(),
        funded_heads: plain(&total.heads, HEAD_DECIMALS),
        base_norm: total.base.rounded(2),
        correction: total.correction.as_ref().map_or_else(String::new, |value| plain(value, COEFFICIENT_DECIMALS)),
        amount: total.amount.rounded(2),
        target: total.target.rounded(2),
        difference: total.difference.rounded(2),
        by_coefficients: total.by_coefficients.rounded(2),
        by_correction: total.by_correction.rounded(2),
        by_rounding: total.rounding_in_kopecks().rounded(2),
    }
}

/// The number without zeros at its end.
fn plain(value: &Exact, decimals: u32) -> String {
    let digits = value.rounded(decimals);
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

type Counts = BTreeMap<String, u64>;

/// Differences in the numbers of findings by code, decisions by subject, rule and outcome, links by rule, and overrides by state.
fn count_differences(expected: &Expected, manifest: &Manifest) -> Vec<String> {
    let findings = tally(expected.findings.iter().map(|row| row.code.clone()));
    let decisions = tally(expected.decisions.iter().map(|row| format!("{} {} {}", row.subject, row.rule, row.outcome)));
    let counted = manifest.decisions.iter().flat_map(|(subject, rules)| {
        rules.iter().flat_map(move |(rule, outcomes)| {
            outcomes.iter().map(move |(outcome, count)| (format!("{subject} {rule} {outcome}"), *count))
        })
    });
    let links: Counts = expected.links.iter().map(|(rule, count)| (rule.clone(), *count as u64)).collect();
    let counted_links: Counts = manifest.links.iter().filter(|(_, count)| **count > 0).map(|(r, c)| (r.clone(), *c)).collect();
    let states = manifest.overrides.iter().filter(|(state, count)| **count > 0 && *state != "review_due");
    let counted_overrides: Counts = states.map(|(state, count)| (state.clone(), *count)).collect();
    [
        ("findings", findings, manifest.findings.clone()),
        ("decisions", decisions, counted.collect()),
        ("links", links, counted_links),
        ("overrides", tally(expected.overrides.iter().map(|row| row.state.clone())), counted_overrides),
    ]
    .into_iter()
    .filter(|(_, expected, counted)| expected != counted)
    .map(|(what, expected, counted)| format!("manifest: {what} {counted:?} instead of {expected:?}"))
    .collect()
}

fn tally(keys: impl Iterator<Item = String>) -> Counts {
    let mut counts = Counts::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}
