//! The reference's quality figures, counted from its rows, findings and decisions one by one.

use std::collections::{BTreeMap, BTreeSet};

use sverka_model::{Field, Table as PublishedTable};

use super::expected_rows::{ExpectedRow, View};
use crate::reference::{Exact, Position, Table};

/// Whose figure it is: the words of `of` and `table`, and the name.
type Group = (&'static str, Option<String>, &'static str);

/// Counts by measure and item.
type Counts = BTreeMap<(&'static str, Option<String>), usize>;

fn table_name(table: Table) -> &'static str {
    if table == Table::Register { "register" } else { "attachments" }
}

fn organisation_word(table: Table) -> &'static str {
    if table == Table::Register { "insurer" } else { "clinic" }
}

impl View<'_> {
    /// The rows of `quality`, in any order.
    pub fn quality(&self) -> Vec<ExpectedRow> {
        let mut groups: BTreeMap<Group, Counts> = BTreeMap::new();
        for source in &self.expected.sources {
            let table = table_name(source.table);
            groups.entry(("run", None, table)).or_default();
            groups.entry(("source", Some(source.source.clone()), table)).or_default();
        }
        self.count_rows(&mut groups);
        for finding in &self.expected.findings {
            let what = ("finding", Some(finding.code.clone()));
            match finding.position.line {
                // About the source, and so about no row of anybody.
                0 => count_of_source(&finding.position, what, &mut groups),
                _ => self.count(&finding.position, what, &mut groups),
            }
        }
        for decision in &self.expected.decisions {
            let sides = [
                ("conflicts_lost", &decision.loser, &decision.losing_code),
                ("conflicts_won", &decision.winner, &decision.winning_code),
            ];
            // A decision of people is no record.
            let counted = if decision.winning.is_some() { &sides[..] } else { &sides[..1] };
            for (measure, record, code) in counted {
                let word = organisation_word(record.table);
                for group in of_row(record, (word, Some((*code).clone()))) {
                    *groups.entry(group).or_default().entry((*measure, Some(decision.rule.clone()))).or_default() += 1;
                }
            }
        }
        let rows_of_run =
            |table: &str| groups[&("run", None, if table == "register" { "register" } else { "attachments" })][&("rows", None)];
        groups.iter().flat_map(|(group, counts)| rows(group, counts, rows_of_run(group.2))).collect()
    }

    fn count_rows(&self, groups: &mut BTreeMap<Group, Counts>) {
        let quarantined: BTreeSet<&Position> = self.expected.quarantine.iter().map(|row| &row.position).collect();
        let duplicates: BTreeSet<&Position> = self.expected.duplicates.iter().map(|row| &row.position).collect();
        for counts in groups.values_mut() {
            for measure in ["rows", "accepted", "duplicates", "quarantined"] {
                counts.entry((measure, None)).or_default();
            }
        }
        for position in &quarantined {
            self.count(position, ("rows", None), groups);
            self.count(position, ("quarantined", None), groups);
        }
        for (position, values) in self.sources.rows().filter(|(position, _)| !quarantined.contains(position)) {
            let fate = if duplicates.contains(position) { "duplicates" } else { "accepted" };
            self.count(position, ("rows", None), groups);
            self.count(position, (fate, None), groups);
            for (field, value) in values {
                self.count(position, ("given", Some(field.clone())), groups);
                if !value.is_empty() {
                    self.count(position, ("field", Some(field.clone())), groups);
                }
            }
        }
    }

    /// Counts something of a row for the run, its source, and the insurer or clinic that it names.
    fn count(&self, position: &Position, what: (&'static str, Option<String>), groups: &mut BTreeMap<Group, Counts>) {
        let word = organisation_word(position.table);
        let code = self.sources.value(position, word);
        let known = match position.table {
            Table::Register => self.region.insurers.iter().any(|row| row.insurer == code),
            Table::Attachments => self.region.clinics.iter().any(|row| row.clinic == code),
        };
        for group in of_row(position, (word, known.then(|| code.to_owned()))) {
            *groups.entry(group).or_default().entry(what.clone()).or_default() += 1;
        }
    }
}

fn count_of_source(position: &Position, what: (&'static str, Option<String>), groups: &mut BTreeMap<Group, Counts>) {
    let [run, source, _] = of_row(position, ("", None));
    for group in [run, source] {
        *groups.entry(group).or_default().entry(what.clone()).or_default() += 1;
    }
}

fn of_row(position: &Position, (word, code): (&'static str, Option<String>)) -> [Group; 3] {
    let table = table_name(position.table);
    [("run", None, table), ("source", Some(position.source.clone()), table), (word, code, table)]
}

fn rows((of, name, table): &Group, counts: &Counts, rows_of_run: usize) -> Vec<ExpectedRow> {
    let count = |measure: &'static str, item: Option<&str>| counts.get(&(measure, item.map(str::to_owned))).copied().unwrap_or(0);
    let (rows, accepted) = (count("rows", None), count("accepted", None));
    let with_fields = accepted + count("duplicates", None);
    let row = |measure: &str, item: Option<&str>, count: usize, total: usize, given: Option<usize>| -> ExpectedRow {
        let rate = Exact::whole(count as i64).over(&Exact::whole(total as i64)).map(|rate| rate.rounded(8));
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
    let mut told = vec![row("rows", None, rows, rows_of_run, None)];
    for measure in ["accepted", "duplicates", "quarantined"] {
        told.push(row(measure, None, count(measure, None), rows, None));
    }
    for ((measure, item), &count) in counts {
        let total = match *measure {
            "finding" => rows,
            "conflicts_lost" | "conflicts_won" => accepted,
            _ => continue,
        };
        told.push(row(measure, item.as_deref(), count, total, None));
    }
    let of_table = if *table == "register" { PublishedTable::Register } else { PublishedTable::Attachments };
    for field in Field::ALL.iter().filter(|field| with_fields > 0 && field.stands_in(of_table)) {
        let item = Some(field.name());
        told.push(row("field", item, count("field", item), with_fields, Some(count("given", item))));
    }
    told
}
