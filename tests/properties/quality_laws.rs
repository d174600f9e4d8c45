//! Laws of the quality figures: they add up, and they are the counts of the other tables.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use sverka_publish::{OutputTable, Quality, QualityFigures, SenderVolume, SenderVolumes};

use crate::published::{PublishedRun, TextRow};

/// Counts by table, measure and item.
type Counts<'r> = BTreeMap<[&'r str; 3], i64>;

fn figures(run: &PublishedRun) -> impl Iterator<Item = TextRow<'_>> {
    run.rows(OutputTable::Quality)
}

/// The sums of a column over all sources, insurers or clinics, which `of` chooses.
fn sums<'r>(run: &'r PublishedRun, of: &str, column: &str) -> Counts<'r> {
    let mut sums = Counts::new();
    for row in figures(run).filter(|row| row.text("of") == of && row.get(column).is_some()) {
        *sums.entry(["table", "measure", "item"].map(|key| row.text(key))).or_default() += row.number(column);
    }
    sums.retain(|_, sum| *sum > 0);
    sums
}

fn differing(what: &str, left: &Counts<'_>, right: &Counts<'_>) -> Vec<String> {
    let keys = left.keys().chain(right.keys()).collect::<std::collections::BTreeSet<_>>();
    let count = |counts: &Counts<'_>, key: &[&str; 3]| counts.get(key).copied().unwrap_or(0);
    keys.into_iter()
        .filter(|key| count(left, key) != count(right, key))
        .map(|key| format!("{what}: {key:?} is {} and {}", count(left, key), count(right, key)))
        .collect()
}

/// Codes of findings about a source as a whole, which count for no insurer or clinic.
const SOURCE_CODES: [&str; 4] = ["SOURCE_WITHOUT_RECORDS", "SOURCE_MOSTLY_REFUSED", "SYSTEMATIC", "ENDS_OFF_BY_A_DAY"];

/// The figures of all sources add up to those of the run, and so do those of insurers and clinics without findings about sources. Every conflict has a
/// winner and a loser. Every row is accepted, a duplicate or quarantined.
pub fn quality_figures_add_up(run: &PublishedRun) -> Vec<String> {
    let mut broken = Vec::new();
    for column in ["count", "given"] {
        let all = sums(run, "run", column);
        broken.extend(differing("run and sources", &all, &sums(run, "source", column)));
        let mut organisations = sums(run, "insurer", column);
        organisations.extend(sums(run, "clinic", column));
        let of_rows: Counts<'_> = all.into_iter().filter(|([.., code], _)| !SOURCE_CODES.contains(code)).collect();
        broken.extend(differing("run and organisations", &of_rows, &organisations));
    }
    let side = |measure: &str| -> Counts<'_> {
        // A decision by people has losers only.
        let figures_of_side = sums(run, "run", "count")
            .into_iter()
            .filter(|([_, known, rule], _)| *known == measure && !rule.starts_with("OVERRIDE_"));
        figures_of_side.map(|([table, _, rule], count)| ([table, "conflicts", rule], count)).collect()
    };
    broken.extend(differing("lost and won", &side("conflicts_lost"), &side("conflicts_won")));
    let mut rests: BTreeMap<[&str; 3], i64> = BTreeMap::new();
    for row in figures(run) {
        let sign = match row.text("measure") {
            "rows" => 1,
            "accepted" | "duplicates" | "quarantined" => -1,
            _ => continue,
        };
        *rests.entry(["of", "name", "table"].map(|key| row.text(key))).or_default() += sign * row.number("count");
    }
    broken
        .extend(rests.iter().filter(|(_, rest)| **rest != 0).map(|(key, rest)| format!("{key:?}: {rest} rows without outcome")));
    broken
}

/// Findings and conflicts by source, and conflicts by code, are those of their tables.
pub fn quality_figures_are_those_of_the_tables(run: &PublishedRun) -> Vec<String> {
    let counted = |groups: &[&str], measures: &[&str]| {
        let mut counts = Counts::new();
        for row in figures(run).filter(|row| groups.contains(&row.text("of")) && measures.contains(&row.text("measure"))) {
            *counts.entry([row.text("name"), row.text("measure"), row.text("item")]).or_default() += row.number("count");
        }
        counts
    };
    let mut findings = Counts::new();
    for row in run.rows(OutputTable::Findings) {
        *findings.entry([row.text("source"), "finding", row.text("code")]).or_default() += 1;
    }
    let (mut by_source, mut by_code) = (Counts::new(), Counts::new());
    for row in run.rows(OutputTable::Decisions) {
        for (side, source, code) in
            [("conflicts_lost", "loser_source", "losing_code"), ("conflicts_won", "winner_source", "winning_code")]
        {
            // Where people decided, no record won.
            if side == "conflicts_won" && row.text("outcome") == "overruled" {
                continue;
            }
            *by_source.entry([row.text(source), side, row.text("rule")]).or_default() += 1;
            *by_code.entry([row.text(code), side, row.text("rule")]).or_default() += 1;
        }
    }
    let conflicts = ["conflicts_lost", "conflicts_won"];
    [
        differing("findings by source", &findings, &counted(&["source"], &["finding"])),
        differing("conflicts by source", &by_source, &counted(&["source"], &conflicts)),
        differing("conflicts by code", &by_code, &counted(&["insurer", "clinic"], &conflicts)),
    ]
    .concat()
}

/// A rate is the count of the total.
pub fn rates_are_exact(run: &PublishedRun) -> Vec<String> {
    let mut broken = Vec::new();
    for row in figures(run) {
        let (count, total) = (Decimal::from(row.number("count")), Decimal::from(row.number("total")));
        let rate = count.checked_div(total).map(|rate| rate.round_dp_with_strategy(8, RoundingStrategy::MidpointAwayFromZero));
        let stated = row.get("rate").map(|rate| rate.parse::<Decimal>().expect("a decimal"));
        if rate != stated {
            broken.push(format!("{count} of {total} is {rate:?}, not {stated:?}"));
        }
    }
    broken
}

/// People, heads and money of insurers and clinics, counted in the tables of people and money.
fn volumes(run: &PublishedRun) -> SenderVolumes {
    let mut volumes = SenderVolumes::default();
    for person in run.rows(OutputTable::Persons).filter(|person| person.get("insurer").is_some()) {
        let volume: &mut SenderVolume = volumes.insurers.entry(person.text("insurer").to_owned()).or_default();
        *volume.insured.get_or_insert(0) += 1;
    }
    for row in run.rows(OutputTable::Headcount) {
        let heads = row.number("heads") as u64;
        volumes.insurers.entry(row.text("insurer").to_owned()).or_default().heads += heads;
        volumes.clinics.entry(row.text("clinic").to_owned()).or_default().heads += heads;
    }
    let insurers = sums_of_money(run, OutputTable::FundingInsurerClinic, "insurer");
    let clinics = sums_of_money(run, OutputTable::FundingClinic, "clinic");
    for (senders, mut money) in [(&mut volumes.insurers, insurers), (&mut volumes.clinics, clinics)] {
        senders.iter_mut().for_each(|(code, volume)| volume.money = money.remove(code).unwrap_or_default().to_string());
        assert!(money.is_empty(), "money without people: {money:?}");
    }
    volumes
}

/// The amounts of a table by the code in a column.
fn sums_of_money(run: &PublishedRun, table: OutputTable, code: &str) -> BTreeMap<String, Decimal> {
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    for row in run.rows(table) {
        *sums.entry(row.text(code).to_owned()).or_default() += row.text("amount").parse::<Decimal>().expect("a decimal");
    }
    sums
}

/// The manifest has the figures of the table, and people, heads and money of senders, without fields that no source gives.
pub fn the_manifest_has_the_quality_figures(run: &PublishedRun) -> Vec<String> {
    let mut expected = Quality::default();
    for row in figures(run) {
        let (name, table) = (row.text("name").to_owned(), row.text("table").to_owned());
        let figures: &mut QualityFigures = match row.text("of") {
            "run" => expected.run.entry(table).or_default(),
            "source" => expected.sources.entry(name).or_default().entry(table).or_default(),
            "insurer" => expected.insurers.entry(name).or_default(),
            _ => expected.clinics.entry(name).or_default(),
        };
        let (count, item) = (row.number("count") as u64, row.text("item").to_owned());
        match row.text("measure") {
            "rows" => figures.rows = count,
            "accepted" => figures.accepted = count,
            "duplicates" => figures.duplicates = count,
            "quarantined" => figures.quarantined = count,
            "finding" => drop(figures.findings.insert(item, count)),
            "conflicts_lost" => drop(figures.conflicts_lost.insert(item, count)),
            "conflicts_won" => drop(figures.conflicts_won.insert(item, count)),
            _ if row.number("given") > 0 => drop(figures.fields.insert(item, count)),
            _ => {}
        }
    }
    expected.volumes = Some(volumes(run));
    let stated = run.manifest.quality.as_ref();
    if stated == Some(&expected) { Vec::new() } else { vec![format!("{stated:?}\nis not\n{expected:?}")] }
}
