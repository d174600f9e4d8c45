//! Facts of persons who changed, from both runs: stays, decisions, notices. Only rows of these persons are decoded.

use std::collections::{BTreeMap, BTreeSet};

use super::DiffError;
use super::run::{ComparedRuns, Side};
use crate::table_reader::{Row, TableReader};
use sverka_model::Date;
use sverka_publish::OutputTable;

const PERSON: &str = "person_id";
const INSURANCE: &[&str] = &[PERSON, "insurer", "from", "to", "death_date", "record_sources", "record_lines"];
const ATTACHMENTS: &[&str] = &[PERSON, "profile", "clinic", "from", "to", "record_sources", "record_lines"];
const DECISIONS: &[&str] = &[PERSON, "subject", "profile", "rule", "start", "winner_source", "winner_line"];
const LINKS: &[&str] = &[PERSON, "table", "source", "line", "notice", "notice_day", "death_date"];
/// Profile of the clinic in `persons`.
const THERAPEUTIC: i64 = 1;

/// Line of a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    pub source: String,
    pub line: i64,
}

/// Stay with an insurer or a clinic.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    pub from: Date,
    /// First day after the stay.
    pub to: Option<Date>,
    /// Records that the stay rests on, in the order in which they joined it.
    pub records: Vec<Origin>,
}

impl Stay {
    fn covers(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
}

/// Stays of one subject: insurers or clinics.
#[derive(Clone, Debug, Default)]
pub(super) struct Stays(Vec<Stay>);

impl Stays {
    /// The stay that covers a day.
    pub fn on(&self, day: Date) -> Option<&Stay> {
        self.0.iter().find(|stay| stay.covers(day))
    }

    /// The last stay that ended by a day.
    pub fn last_before(&self, day: Date) -> Option<&Stay> {
        self.0.iter().rfind(|stay| stay.to.is_some_and(|to| to <= day))
    }
}

/// Decision in favour of a record.
#[derive(Clone, Debug)]
pub(super) struct Decision {
    pub is_of_clinic: bool,
    pub rule: String,
    pub start: Date,
    pub winner: Origin,
}

/// Notice of the end of insurance or attachment.
#[derive(Clone, Debug)]
pub(super) struct EndNotice {
    pub is_of_clinic: bool,
    /// First day without insurance or attachment.
    pub day: Option<Date>,
    pub origin: Origin,
}

/// Everything about a person that names causes.
#[derive(Clone, Debug, Default)]
pub(super) struct PersonFacts {
    pub insurance: Stays,
    pub attachments: Stays,
    pub death_date: Option<Date>,
    /// Record that tells the day of death.
    pub death_record: Option<Origin>,
    pub decisions: Vec<Decision>,
    pub end_notices: Vec<EndNotice>,
    /// Whether the insurer left without a successor and the person chose no other.
    pub must_choose: bool,
    /// Records behind the stays of the former run.
    pub former_records: BTreeSet<Origin>,
}

impl PersonFacts {
    /// Stays with clinics, or with insurers.
    pub fn stays(&self, is_of_clinic: bool) -> &Stays {
        if is_of_clinic { &self.attachments } else { &self.insurance }
    }
}

/// Tables that name causes; `None` where a run was published without one.
pub(super) struct CauseTables {
    insurance: Option<TableReader>,
    attachments: Option<TableReader>,
    decisions: Option<TableReader>,
    links: Option<TableReader>,
    must_choose: Option<TableReader>,
    former_insurance: Option<TableReader>,
    former_attachments: Option<TableReader>,
}

impl CauseTables {
    pub fn open(runs: &mut ComparedRuns) -> Result<Self, DiffError> {
        Ok(Self {
            insurance: runs.table(Side::New, OutputTable::InsuranceStays, INSURANCE)?,
            attachments: runs.table(Side::New, OutputTable::AttachmentStays, ATTACHMENTS)?,
            decisions: runs.table(Side::New, OutputTable::Decisions, DECISIONS)?,
            links: runs.table(Side::New, OutputTable::Links, LINKS)?,
            must_choose: runs.table(Side::New, OutputTable::MustChoose, &[PERSON])?,
            former_insurance: runs.table(Side::Old, OutputTable::InsuranceStays, INSURANCE)?,
            former_attachments: runs.table(Side::Old, OutputTable::AttachmentStays, ATTACHMENTS)?,
        })
    }

    /// Facts about persons, whose numbers are sorted.
    pub fn of_persons(&self, ids: &[i64]) -> Result<BTreeMap<i64, PersonFacts>, DiffError> {
        let mut facts: BTreeMap<i64, PersonFacts> = ids.iter().map(|id| (*id, PersonFacts::default())).collect();
        each(&self.insurance, ids, INSURANCE, &mut facts, |facts, row| {
            facts.insurance.0.extend(stay(row));
            facts.death_date = facts.death_date.or(row.date("death_date"));
        })?;
        each(&self.attachments, ids, ATTACHMENTS, &mut facts, |facts, row| {
            facts.attachments.0.extend(stay(row).filter(|_| is_therapeutic(row)));
        })?;
        each(&self.decisions, ids, DECISIONS, &mut facts, |facts, row| facts.decisions.extend(decision(row)))?;
        each(&self.links, ids, LINKS, &mut facts, add_link)?;
        each(&self.must_choose, ids, &[PERSON], &mut facts, |facts, _| facts.must_choose = true)?;
        each(&self.former_insurance, ids, INSURANCE, &mut facts, |facts, row| facts.former_records.extend(records(row)))?;
        each(&self.former_attachments, ids, ATTACHMENTS, &mut facts, |facts, row| facts.former_records.extend(records(row)))?;
        Ok(facts)
    }
}

/// Adds the rows of persons to their facts.
fn each(
    table: &Option<TableReader>,
    ids: &[i64],
    columns: &[&str],
    facts: &mut BTreeMap<i64, PersonFacts>,
    add: impl Fn(&mut PersonFacts, Row<'_>),
) -> Result<(), DiffError> {
    let Some(table) = table else { return Ok(()) };
    for row in table.read_keys(PERSON, ids, columns)?.iter() {
        if let Some(of_person) = row.number(PERSON).and_then(|id| facts.get_mut(&id)) {
            add(of_person, row);
        }
    }
    Ok(())
}

fn is_therapeutic(row: Row<'_>) -> bool {
    row.number("profile").is_none_or(|profile| profile == THERAPEUTIC)
}

fn records(row: Row<'_>) -> impl Iterator<Item = Origin> {
    let lines = row.numbers("record_lines");
    row.texts("record_sources").into_iter().zip(lines).map(|(source, line)| Origin { source: source.unwrap_or_default(), line })
}

fn stay(row: Row<'_>) -> Option<Stay> {
    Some(Stay { from: row.date("from")?, to: row.date("to"), records: records(row).collect() })
}

fn decision(row: Row<'_>) -> Option<Decision> {
    let is_of_clinic = row.text("subject") == Some("clinic");
    let decision = Decision {
        is_of_clinic,
        rule: row.text("rule")?.to_owned(),
        start: row.date("start")?,
        winner: Origin { source: row.text("winner_source")?.to_owned(), line: row.number("winner_line")? },
    };
    (!is_of_clinic || is_therapeutic(row)).then_some(decision)
}

fn add_link(facts: &mut PersonFacts, row: Row<'_>) {
    let (Some(source), Some(line)) = (row.text("source"), row.number("line")) else { return };
    let origin = Origin { source: source.to_owned(), line };
    if row.text("notice") == Some("end") {
        let is_of_clinic = row.text("table") == Some("attachments");
        facts.end_notices.push(EndNotice { is_of_clinic, day: row.date("notice_day"), origin: origin.clone() });
    }
    if row.date("death_date").is_some() && row.date("death_date") == facts.death_date && facts.death_record.is_none() {
        facts.death_record = Some(origin);
    }
}
