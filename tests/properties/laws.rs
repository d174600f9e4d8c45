//! Laws of a published run. Each law returns a line for each breach; none knows the job.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use sverka_publish::{Input, OutputTable};

use crate::published::{PublishedRun, TextRow};

/// Findings that leave a record out of all stays.
const LEFT_OUT: [&str; 4] = ["AFTER_DEATH", "NO_INTERVAL", "CLINIC_AGE", "NOT_INSURED"];

/// The position of a row: source and line.
type RowPosition<'r> = (&'r str, i64);

fn sources(run: &PublishedRun) -> impl Iterator<Item = &Input> {
    run.manifest.inputs.iter().filter(|input| input.rows.is_some())
}

fn position<'r>(row: &TextRow<'r>, source: &str, line: &str) -> RowPosition<'r> {
    (row.text(source), row.number(line))
}

/// The positions of the records that a stay rests on.
fn rests_on<'r>(stay: &TextRow<'r>) -> Vec<RowPosition<'r>> {
    // A stay that people decided on may rest on no record.
    let lines =
        stay.list("record_lines").into_iter().filter(|line| !line.is_empty()).map(|line| line.parse().expect("a line number"));
    stay.list("record_sources").into_iter().zip(lines).collect()
}

fn all_stays(run: &PublishedRun) -> impl Iterator<Item = TextRow<'_>> {
    run.rows(OutputTable::InsuranceStays).chain(run.rows(OutputTable::AttachmentStays))
}

fn decimal(row: &TextRow<'_>, column: &str) -> Decimal {
    row.text(column).parse().unwrap_or_else(|_| panic!("{column} is no decimal"))
}

fn unequal<T: PartialEq + std::fmt::Debug>(what: &str, left: &T, right: &T) -> Option<String> {
    (left != right).then(|| format!("{what}: {left:?} and {right:?}"))
}

/// For each source and in total: rows = accepted + duplicates + quarantined, and the tables hold the same numbers.
pub fn rows_are_conserved(run: &PublishedRun) -> Vec<String> {
    let counted = |table| {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        run.rows(table).for_each(|row| *counts.entry(row.text("source")).or_default() += 1);
        counts
    };
    let (quarantine, duplicates) = (counted(OutputTable::Quarantine), counted(OutputTable::Duplicates));
    let mut broken = Vec::new();
    let mut totals = [0; 4];
    for input in sources(run) {
        let counts = [input.rows, input.accepted, input.duplicates, input.quarantined].map(Option::unwrap_or_default);
        let [rows, accepted, equal, wrong] = counts;
        let name = &input.name;
        broken.extend(unequal(&format!("{name}: rows and their outcomes"), &rows, &(accepted + equal + wrong)));
        let in_tables = [&duplicates, &quarantine].map(|table| table.get(name.as_str()).copied().unwrap_or(0));
        broken.extend(unequal(&format!("{name}: duplicates and quarantine"), &[equal, wrong], &in_tables));
        totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
    }
    let stated = &run.manifest.totals;
    broken.extend(unequal("totals", &totals, &[stated.rows, stated.accepted, stated.duplicates, stated.quarantined]));
    broken
}

/// Every accepted row is in a stay, or a decision or finding says why it is not. Quarantined rows and duplicates are in none of these.
pub fn every_accepted_row_is_explained(run: &PublishedRun) -> Vec<String> {
    let mut explained: BTreeSet<RowPosition<'_>> = all_stays(run).flat_map(|stay| rests_on(&stay)).collect();
    let lost = run.rows(OutputTable::Decisions).filter(|row| row.text("outcome") != "superseded");
    explained.extend(lost.map(|row| position(&row, "loser_source", "loser_line")));
    let left_out = run.rows(OutputTable::Findings).filter(|row| LEFT_OUT.contains(&row.text("code")));
    explained.extend(left_out.map(|row| position(&row, "source", "line")));
    let mut broken = Vec::new();
    for table in [OutputTable::Quarantine, OutputTable::Duplicates] {
        let wrong = run.rows(table).map(|row| position(&row, "source", "line")).filter(|position| explained.contains(position));
        broken.extend(wrong.map(|(source, line)| format!("{source}:{line} is in {} and in a timeline", table.name())));
    }
    for input in sources(run) {
        let explained_rows = explained.range((input.name.as_str(), 0)..=(input.name.as_str(), i64::MAX)).count() as u64;
        broken.extend(unequal(
            &format!("{}: accepted rows and explained rows", input.name),
            &input.accepted,
            &Some(explained_rows),
        ));
    }
    broken
}

/// No row is in the stays, decisions or findings of two persons.
pub fn a_row_has_one_person(run: &PublishedRun) -> Vec<String> {
    let mut persons: BTreeMap<RowPosition<'_>, BTreeSet<&str>> = BTreeMap::new();
    for stay in all_stays(run) {
        for position in rests_on(&stay) {
            persons.entry(position).or_default().insert(stay.text("person_id"));
        }
    }
    for row in run.rows(OutputTable::Decisions) {
        let winner = (row.text("outcome") != "overruled").then(|| position(&row, "winner_source", "winner_line"));
        for position in [Some(position(&row, "loser_source", "loser_line")), winner].into_iter().flatten() {
            persons.entry(position).or_default().insert(row.text("person_id"));
        }
    }
    for row in run.rows(OutputTable::Findings) {
        persons.entry(position(&row, "source", "line")).or_default().extend(row.get("person_id"));
    }
    let several = persons.iter().filter(|(_, persons)| persons.len() > 1);
    several.map(|((source, line), persons)| format!("{source}:{line} belongs to {persons:?}")).collect()
}

/// The stays of each person (and profile) have days, and each ends before the next begins, or on its first day.
pub fn stays_are_sorted_and_disjoint(run: &PublishedRun) -> Vec<String> {
    let mut broken = Vec::new();
    for (subject, stays) in timelines(run) {
        for stay in &stays {
            let (from, to) = (stay.text("from"), stay.get("to"));
            broken.extend(to.filter(|to| *to <= from).map(|to| format!("{subject:?}: from {from} to {to}")));
        }
        for pair in stays.windows(2) {
            let (end, start) = (pair[0].get("to"), pair[1].text("from"));
            if end.is_none_or(|end| end > start) {
                broken.push(format!("{subject:?}: a stay that ends on {end:?} and one that begins on {start}"));
            }
        }
    }
    broken
}

/// Stays that touch are with different organisations.
pub fn neighbouring_stays_differ(run: &PublishedRun) -> Vec<String> {
    let organisation = |stay: &TextRow<'_>, insurer: bool| stay.text(if insurer { "insurer" } else { "clinic" }).to_owned();
    let mut broken = Vec::new();
    for (subject, stays) in timelines(run) {
        let insurer = subject.1.is_empty();
        for pair in stays.windows(2) {
            let touch = pair[0].get("to") == pair[1].get("from");
            if touch && organisation(&pair[0], insurer) == organisation(&pair[1], insurer) {
                broken.push(format!("{subject:?}: two stays that touch on {}", pair[1].text("from")));
            }
        }
    }
    broken
}

/// All stays by person and profile (empty for insurers), in the order in which they were published.
fn timelines(run: &PublishedRun) -> BTreeMap<(&str, &str), Vec<TextRow<'_>>> {
    let mut timelines: BTreeMap<(&str, &str), Vec<TextRow<'_>>> = BTreeMap::new();
    for stay in run.rows(OutputTable::InsuranceStays) {
        timelines.entry((stay.text("person_id"), "")).or_default().push(stay);
    }
    for stay in run.rows(OutputTable::AttachmentStays) {
        timelines.entry((stay.text("person_id"), stay.text("profile"))).or_default().push(stay);
    }
    timelines
}

/// `persons` has exactly the insurance stays that cover the day, each with the therapeutic stay of the day; `unattached` has those without one.
pub fn the_register_is_the_stays_of_the_day(run: &PublishedRun) -> Vec<String> {
    let day = run.manifest.as_of.as_str();
    let covers = |stay: &TextRow<'_>| stay.text("from") <= day && stay.get("to").is_none_or(|to| day < to);
    let clinics: BTreeMap<&str, [Option<&str>; 4]> = run
        .rows(OutputTable::AttachmentStays)
        .filter(|stay| stay.text("profile") == "1" && covers(stay))
        .map(|stay| (stay.text("person_id"), ["clinic", "from", "method", "unresolved"].map(|column| stay.get(column))))
        .collect();
    let expected: Vec<(&str, [Option<&str>; 7])> = run
        .rows(OutputTable::InsuranceStays)
        .filter(covers)
        .map(|stay| {
            let person = stay.text("person_id");
            let [clinic, from, method, unresolved] = clinics.get(person).copied().unwrap_or_default();
            let [insurer, insured_from, insurer_unresolved] = ["insurer", "from", "unresolved"].map(|column| stay.get(column));
            (person, [insurer, insured_from, insurer_unresolved, clinic, from, method, unresolved])
        })
        .collect();
    let columns = ["insurer", "insured_from", "insurer_unresolved", "clinic", "attached_from", "method", "clinic_unresolved"];
    let found: Vec<(&str, [Option<&str>; 7])> =
        run.rows(OutputTable::Persons).map(|row| (row.text("person_id"), columns.map(|column| row.get(column)))).collect();
    let mut broken: Vec<String> = differing(&expected, &found);
    let without: Vec<&str> = run.rows(OutputTable::Persons).filter(|row| row.get("clinic").is_none()).map(person_id).collect();
    let unattached: Vec<&str> = run.rows(OutputTable::Unattached).map(person_id).collect();
    broken.extend(differing(&without, &unattached));
    broken
}

/// The person of a row.
fn person_id<'r>(row: TextRow<'r>) -> &'r str {
    row.text("person_id")
}

/// The values that only one of two lists has.
fn differing<T: Ord + std::fmt::Debug>(expected: &[T], found: &[T]) -> Vec<String> {
    let (left, right): (BTreeSet<&T>, BTreeSet<&T>) = (expected.iter().collect(), found.iter().collect());
    let missing = left.difference(&right).map(|value| format!("missing: {value:?}"));
    let surplus = right.difference(&left).map(|value| format!("surplus: {value:?}"));
    let lengths = unequal("rows", &expected.len(), &found.len());
    missing.chain(surplus).chain(lengths).collect()
}

/// Heads by insurer, clinic and sex are the attached persons of the register, and funded heads are no more than heads. In a region with branches, which
/// are counted at another clinic, clinics are not compared.
pub fn heads_are_persons(run: &PublishedRun) -> Vec<String> {
    let counted: BTreeSet<&str> = run.rows(OutputTable::Headcount).map(|row| row.text("clinic")).collect();
    let branches =
        run.rows(OutputTable::Persons).any(|person| person.get("clinic").is_some_and(|clinic| !counted.contains(clinic)));
    let columns = ["insurer", if branches { "insurer" } else { "clinic" }, "sex"];
    let mut persons: BTreeMap<[&str; 3], i64> = BTreeMap::new();
    for person in run.rows(OutputTable::Persons).filter(|person| person.get("clinic").is_some()) {
        *persons.entry(columns.map(|column| person.text(column))).or_default() += 1;
    }
    let mut heads: BTreeMap<[&str; 3], i64> = BTreeMap::new();
    let mut broken = Vec::new();
    for row in run.rows(OutputTable::Headcount) {
        let key = columns.map(|column| row.text(column));
        *heads.entry(key).or_default() += row.number("heads");
        if row.number("funded_heads") > row.number("heads") {
            broken.push(format!("{key:?}: more funded heads than heads"));
        }
    }
    let (persons, heads): (Vec<_>, Vec<_>) = (persons.into_iter().collect(), heads.into_iter().collect());
    broken.extend(differing(&persons, &heads));
    broken
}

/// An amount is norm times heads; sums by clinic and by pair agree with each other, with the heads and with the manifest.
pub fn money_agrees(run: &PublishedRun) -> Vec<String> {
    type Sums<'r> = BTreeMap<&'r str, (i64, Decimal, Decimal)>;
    let mut broken = Vec::new();
    let mut by_clinic = |table| {
        let mut sums: Sums<'_> = BTreeMap::new();
        for row in run.rows(table) {
            let (heads, norm, amount) = (row.number("heads"), decimal(&row, "norm"), decimal(&row, "amount"));
            broken.extend(unequal(row.text("clinic"), &(norm * Decimal::from(heads)), &amount));
            let sum = sums.entry(row.text("clinic")).or_insert((0, norm, Decimal::ZERO));
            broken.extend(unequal(&format!("norms of {}", row.text("clinic")), &sum.1, &norm));
            sum.0 += heads;
            sum.2 += amount;
        }
        sums
    };
    let (clinics, pairs) = (by_clinic(OutputTable::FundingClinic), by_clinic(OutputTable::FundingInsurerClinic));
    broken.extend(unequal("clinics and pairs", &clinics, &pairs));
    let mut funded: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for row in run.rows(OutputTable::Headcount) {
        *funded.entry((row.text("insurer"), row.text("clinic"))).or_default() += row.number("funded_heads");
    }
    funded.retain(|_, heads| *heads > 0);
    let paid: BTreeMap<(&str, &str), i64> = run
        .rows(OutputTable::FundingInsurerClinic)
        .map(|row| ((row.text("insurer"), row.text("clinic")), row.number("heads")))
        .filter(|(_, heads)| *heads > 0)
        .collect();
    broken.extend(unequal("funded heads and paid heads", &funded, &paid));
    let totals = &run.manifest.totals;
    let money = |text: &str| text.parse::<Decimal>().unwrap_or_else(|_| panic!("{text} is no money"));
    let amount: Decimal = clinics.values().map(|(_, _, amount)| *amount).sum();
    broken.extend(unequal("amount", &amount, &money(&totals.amount)));
    broken.extend(unequal("target", &(money(&totals.base_norm) * Decimal::from(totals.funded_heads)), &money(&totals.target)));
    broken.extend(unequal("difference", &(amount - money(&totals.target)), &money(&totals.difference)));
    broken
}

/// The bands of each pair of insurer and clinic have its heads, and its amount where they have amounts.
pub fn bands_are_those_of_pairs(run: &PublishedRun) -> Vec<String> {
    let key = |row: &TextRow<'_>| ["care", "insurer", "clinic"].map(|column| row.text(column).to_owned());
    let mut broken = Vec::new();
    let mut bands: BTreeMap<[String; 3], (Decimal, Option<Decimal>)> = BTreeMap::new();
    for row in run.rows(OutputTable::FundingBands) {
        let amount = row.get("amount").map(|_| decimal(&row, "amount"));
        let sum = bands.entry(key(&row)).or_insert((Decimal::ZERO, Some(Decimal::ZERO)));
        sum.0 += decimal(&row, "heads");
        sum.1 = sum.1.zip(amount).map(|(sum, amount)| sum + amount);
    }
    let pairs = run.rows(OutputTable::FundingInsurerClinic);
    for row in pairs {
        let Some((heads, amount)) = bands.remove(&key(&row)) else {
            broken.push(format!("no bands of {:?}", key(&row)));
            continue;
        };
        broken.extend(unequal("heads of bands", &heads, &decimal(&row, "paid_heads")));
        broken.extend(amount.and_then(|amount| unequal("amounts of bands", &amount, &decimal(&row, "amount"))));
    }
    broken.extend(bands.into_keys().map(|key| format!("bands of no pair: {key:?}")));
    broken
}

/// The counts of the manifest are those of the tables.
pub fn manifest_counts_are_those_of_the_tables(run: &PublishedRun) -> Vec<String> {
    let mut findings: BTreeMap<String, u64> = BTreeMap::new();
    run.rows(OutputTable::Findings).for_each(|row| *findings.entry(row.text("code").to_owned()).or_default() += 1);
    let mut decisions: BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>> = BTreeMap::new();
    for row in run.rows(OutputTable::Decisions) {
        let [subject, rule, outcome] = ["subject", "rule", "outcome"].map(|column| row.text(column).to_owned());
        *decisions.entry(subject).or_default().entry(rule).or_default().entry(outcome).or_default() += 1;
    }
    let rows = |table: OutputTable| run.table(table).len() as u64;
    let sum = |column| run.rows(OutputTable::Headcount).map(|row| row.number(column) as u64).sum::<u64>();
    let insured = rows(OutputTable::Persons);
    let unattached = rows(OutputTable::Unattached);
    let totals = &run.manifest.totals;
    let stated = [totals.insured, totals.attached, totals.unattached, totals.heads, totals.funded_heads];
    let counted = [insured, insured - unattached, unattached, sum("heads"), sum("funded_heads")];
    let outputs: Vec<(&str, u64)> = run.manifest.outputs.iter().map(|output| (output.table.as_str(), output.rows)).collect();
    // The tables of ids are there with continued ids alone.
    let has_ids = outputs.iter().any(|&(name, _)| name == OutputTable::PersonIds.name());
    let is_written = |table: &OutputTable| has_ids || !matches!(table, OutputTable::PersonIds | OutputTable::PersonEvents);
    let tables: Vec<(&str, u64)> =
        OutputTable::ALL.iter().copied().filter(is_written).map(|table| (table.name(), rows(table))).collect();
    let broken = [
        unequal("findings", &run.manifest.findings, &findings),
        unequal("decisions", &run.manifest.decisions, &decisions),
        unequal("insured, attached, unattached, heads, funded heads", &stated, &counted),
        unequal("rows of outputs", &outputs, &tables),
    ];
    broken.into_iter().flatten().collect()
}
