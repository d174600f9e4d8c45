//! The quality figures of the reference, counted from its rows, findings and decisions one by one.

use std::collections::{BTreeMap, BTreeSet};

use sverka_model::{Field, Table as PublishedTable};

use super::expected_rows::{ExpectedRow, ExpectedTables};
use crate::reference::{Exact, Position, Table};

/// Aggregation key: the columns `of`, `name` and `table`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    of: &'static str,
    name: Option<String>,
    table: &'static str,
}

/// A counted thing: the columns `measure` and `item`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Measured {
    measure: &'static str,
    item: Option<String>,
}

impl Measured {
    fn whole(measure: &'static str) -> Self {
        Self { measure, item: None }
    }

    fn of_item(measure: &'static str, item: &str) -> Self {
        Self { measure, item: Some(item.to_owned()) }
    }
}

type Counts = BTreeMap<Measured, usize>;

/// The insurer or clinic of a row; `code` is `None` when the table of organisations lacks it.
struct Organisation {
    kind: &'static str,
    code: Option<String>,
}

fn table_name(table: Table) -> &'static str {
    if table == Table::Register { "register" } else { "attachments" }
}

/// The field that names the organisation of a row.
fn organisation_field(table: Table) -> &'static str {
    if table == Table::Register { "insurer" } else { "clinic" }
}

impl ExpectedTables<'_> {
    /// The rows of `quality`, in any order.
    pub fn quality(&self) -> Vec<ExpectedRow> {
        let mut groups: BTreeMap<Group, Counts> = BTreeMap::new();
        for source in &self.expected.sources {
            let table = table_name(source.table);
            groups.entry(Group { of: "run", name: None, table }).or_default();
            groups.entry(Group { of: "source", name: Some(source.source.clone()), table }).or_default();
        }
        self.count_rows(&mut groups);
        for finding in &self.expected.findings {
            let counted = Measured::of_item("finding", &finding.code);
            match finding.position.line {
                // A finding about the source, which is about no row of an insurer or clinic.
                0 => count_in_source(&finding.position, counted, &mut groups),
                _ => self.count(&finding.position, counted, &mut groups),
            }
        }
        for decision in &self.expected.decisions {
            let sides = [
                ("conflicts_lost", &decision.loser, &decision.losing_code),
                ("conflicts_won", &decision.winner, &decision.winning_code),
            ];
            // Where people decided, no record won.
            let counted_sides = if decision.winning.is_some() { &sides[..] } else { &sides[..1] };
            for (measure, record, code) in counted_sides {
                let organisation = Organisation { kind: organisation_field(record.table), code: Some((*code).clone()) };
                for group in groups_of_row(record, organisation) {
                    let counted = Measured::of_item(measure, &decision.rule);
                    *groups.entry(group).or_default().entry(counted).or_default() += 1;
                }
            }
        }
        let rows_of_run = |table| groups[&Group { of: "run", name: None, table }][&Measured::whole("rows")];
        groups.iter().flat_map(|(group, counts)| rows(group, counts, rows_of_run(group.table))).collect()
    }

    fn count_rows(&self, groups: &mut BTreeMap<Group, Counts>) {
        let quarantined: BTreeSet<&Position> = self.expected.quarantine.iter().map(|row| &row.position).collect();
        let duplicates: BTreeSet<&Position> = self.expected.duplicates.iter().map(|row| &row.position).collect();
        for counts in groups.values_mut() {
            for measure in ["rows", "accepted", "duplicates", "quarantined"] {
                counts.entry(Measured::whole(measure)).or_default();
            }
        }
        for position in &quarantined {
            self.count(position, Measured::whole("rows"), groups);
            self.count(position, Measured::whole("quarantined"), groups);
        }
        for (position, values) in self.sources.rows().filter(|(position, _)| !quarantined.contains(position)) {
            let row_outcome = if duplicates.contains(position) { "duplicates" } else { "accepted" };
            self.count(position, Measured::whole("rows"), groups);
            self.count(position, Measured::whole(row_outcome), groups);
            for (field, value) in values {
                self.count(position, Measured::of_item("given", field), groups);
                if !value.is_empty() {
                    self.count(position, Measured::of_item("field", field), groups);
                }
            }
        }
    }

    /// Counts something about a row for the run, the row's source, and the insurer or clinic that the row names.
    fn count(&self, position: &Position, counted: Measured, groups: &mut BTreeMap<Group, Counts>) {
        let kind = organisation_field(position.table);
        let code = self.sources.value(position, kind);
        let known = match position.table {
            Table::Register => self.region.insurers.iter().any(|row| row.insurer == code),
            Table::Attachments => self.region.clinics.iter().any(|row| row.clinic == code),
        };
        for group in groups_of_row(position, Organisation { kind, code: known.then(|| code.to_owned()) }) {
            *groups.entry(group).or_default().entry(counted.clone()).or_default() += 1;
        }
    }
}

/// Counts something about a source for the run and the source.
fn count_in_source(position: &Position, counted: Measured, groups: &mut BTreeMap<Group, Counts>) {
    let [run, source, _] = groups_of_row(position, Organisation { kind: "", code: None });
    for group in [run, source] {
        *groups.entry(group).or_default().entry(counted.clone()).or_default() += 1;
    }
}

/// The groups in which a row counts: its run, its source, its insurer or clinic.
fn groups_of_row(position: &Position, organisation: Organisation) -> [Group; 3] {
    let table = table_name(position.table);
    [
        Group { of: "run", name: None, table },
        Group { of: "source", name: Some(position.source.clone()), table },
        Group { of: organisation.kind, name: organisation.code, table },
    ]
}

/// The rows of `quality` of one group.
fn rows(Group { of, name, table }: &Group, counts: &Counts, rows_of_run: usize) -> Vec<ExpectedRow> {
    let count = |measure: &'static str, item: Option<&str>| {
        counts.get(&Measured { measure, item: item.map(str::to_owned) }).copied().unwrap_or(0)
    };
    let (rows, accepted) = (count("rows", None), count("accepted", None));
    let with_fields = accepted + count("duplicates", None);
    let row = |measure: &str, item: Option<&str>, count: usize, total: usize, given: Option<usize>| -> ExpectedRow {
        let rate = Exact::from_integer(count as i64).over(&Exact::from_integer(total as i64)).map(|rate| rate.rounded(8));
        BTreeMap::from([
            ("of", Some((*of).to_owned())),
            ("name", name.clone()),
            ("table", Some((*table).to_owned())),
            ("measure", Some(measure.to_owned())),
            ("item", item.map(str::to_owned)),
            ("count", Some(count.to_string())),
            ("total", Some(total.to_string())),
            ("given", given.map(|given| given.to_string())),
            ("rate", rate),
        ])
    };
    let mut figures = vec![row("rows", None, rows, rows_of_run, None)];
    for measure in ["accepted", "duplicates", "quarantined"] {
        figures.push(row(measure, None, count(measure, None), rows, None));
    }
    for (Measured { measure, item }, &count) in counts {
        let total = match *measure {
            "finding" => rows,
            "conflicts_lost" | "conflicts_won" => accepted,
            _ => continue,
        };
        figures.push(row(measure, item.as_deref(), count, total, None));
    }
    let of_table = if *table == "register" { PublishedTable::Register } else { PublishedTable::Attachments };
    for field in Field::ALL.iter().filter(|field| with_fields > 0 && field.stands_in(of_table)) {
        let item = Some(field.name());
        figures.push(row("field", item, count("field", item), with_fields, Some(count("given", item))));
    }
    figures
}
