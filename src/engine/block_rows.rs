//! Rows of one block of persons, and counts over all persons.

use std::collections::BTreeMap;

use super::end_days::EndDays;
use super::newborns::Newborns;
use super::people::PeopleCounter;
use super::person::{PersonSink, ProfileStays, Subject, SubjectDecision};
use super::quality::{ConflictSides, Side};
use super::record_view::RecordView;
use super::register_row::{RegisterRow, register};
use super::tables::{
    AttachedUninsuredRows, Choice, DecisionRows, FindingRow, LinkRows, MustChooseRows, NumberRows, PersonRows, StayRows,
    UnattachedRows, WorkerFindings,
};
use super::timeline_context::TimelineContext;
use super::uninsured::UninsuredAttachment;
use super::volumes::InsuredCounts;
use sverka_kernel::funding::PeopleCounts;
use sverka_kernel::identity::{LinkRules, RecordIndex, SharedNumbers};
use sverka_kernel::shuffle::PackedFinding;
use sverka_kernel::timeline::{Claim, ClaimFinding, Effect, LeftByInsurer, Outcome, Stays, Winner};
use sverka_model::{Code, Date, PersonId, Profile, RowOwner, Table, TextKind};
use sverka_publish::{OutputTable, PublishError, TableSink};

/// Tables that are written block by block: those sorted by person id.
pub(super) const TABLES: [OutputTable; 8] = [
    OutputTable::Persons,
    OutputTable::InsuranceStays,
    OutputTable::AttachmentStays,
    OutputTable::Decisions,
    OutputTable::Unattached,
    OutputTable::MustChoose,
    OutputTable::AttachedUninsured,
    OutputTable::Links,
];

/// Counts over persons, and the data that are compared across persons.
#[derive(Default)]
pub(super) struct PersonTotals {
    /// People on each count day by insurer, clinic and age cell.
    pub people: PeopleCounts,
    /// Newborns and their representatives.
    pub newborns: Newborns,
    /// Number of decisions.
    pub decisions: BTreeMap<(Subject, Code, Outcome), u64>,
    /// Both sides of each decision.
    pub conflicts: ConflictSides,
    /// Insured persons by insurer.
    pub insured: InsuredCounts,
    /// Insured persons with a clinic.
    pub attached: u64,
    /// Ends of attachments beside beginnings at other clinics, by source.
    pub end_days: EndDays,
    /// Persons who have to choose another insurer.
    pub must_choose: u64,
    /// Persons whose time to choose another insurer is over.
    pub overdue: u64,
    /// Findings of cross-partition records.
    pub cross_partition_findings: Vec<PackedFinding>,
    /// SNILS and documents that several persons may share.
    pub shared_numbers: SharedNumbers,
    /// New ids of persons of cross-partition records, by index of the person.
    pub renumbered: BTreeMap<usize, PersonId>,
    /// Effect of each entry of the overrides about insurers and clinics.
    pub override_effects: BTreeMap<u32, Effect>,
}

impl PersonTotals {
    /// Adds the counts over other persons.
    pub fn merge(&mut self, other: Self) {
        self.people.merge(&other.people);
        self.newborns.merge(other.newborns);
        for (key, count) in other.decisions {
            *self.decisions.entry(key).or_default() += count;
        }
        self.conflicts.merge(&other.conflicts);
        self.insured.merge(&other.insured);
        self.attached += other.attached;
        self.end_days.merge(&other.end_days);
        self.must_choose += other.must_choose;
        self.overdue += other.overdue;
        self.cross_partition_findings.extend(other.cross_partition_findings);
        self.shared_numbers.merge(other.shared_numbers);
        self.renumbered.extend(other.renumbered);
        self.override_effects.extend(other.override_effects);
    }
}

/// Rows of one block, by table.
pub(super) struct BlockRows<'r> {
    context: TimelineContext<'r>,
    persons: Option<PersonRows>,
    insurance: Option<StayRows>,
    attachments: Option<StayRows>,
    decisions: Option<DecisionRows>,
    unattached: Option<UnattachedRows>,
    must_choose: Option<MustChooseRows>,
    attached_uninsured: Option<AttachedUninsuredRows>,
    links: Option<LinkRows<'r>>,
}

/// Sink of the timelines: rows of the current block, and the collections of one worker over all its blocks.
pub(super) struct BlockSink<'w, 'r> {
    /// Rows of the block.
    pub rows: &'w mut BlockRows<'r>,
    /// Counts of the worker.
    pub totals: &'w mut PersonTotals,
    /// Counter of people of the worker.
    pub counter: &'w mut PeopleCounter,
    /// Findings of the worker.
    pub findings: &'w mut WorkerFindings<'r>,
    /// Policy numbers of the worker, when their table is wanted.
    pub numbers: Option<&'w mut NumberRows>,
}

impl<'r> BlockRows<'r> {
    /// An empty block.
    pub fn new(context: TimelineContext<'r>) -> Self {
        let wanted = |table| context.job.tables.contains(table);
        let persons = (context.linked.persons() >> context.block_bits()) as usize * 9 / 8;
        let stays = |table| wanted(table).then(|| StayRows::with_capacity(table, persons));
        Self {
            context,
            persons: wanted(OutputTable::Persons).then(|| PersonRows::with_capacity(persons)),
            insurance: stays(OutputTable::InsuranceStays),
            attachments: stays(OutputTable::AttachmentStays),
            decisions: wanted(OutputTable::Decisions).then(DecisionRows::new),
            unattached: wanted(OutputTable::Unattached).then(|| UnattachedRows::with_capacity(persons / 16)),
            must_choose: wanted(OutputTable::MustChoose).then(MustChooseRows::new),
            attached_uninsured: wanted(OutputTable::AttachedUninsured).then(AttachedUninsuredRows::new),
            links: wanted(OutputTable::Links)
                .then(|| LinkRows::new(&context.checked.interned, LinkRules::from_severities(&context.job.severities))),
        }
    }

    /// Encodes the rows as row group `block` of their tables.
    pub fn write_row_group(self, block: usize, sinks: &[TableSink]) -> Result<(), PublishError> {
        let TimelineContext { job, texts, .. } = self.context;
        let batches = [
            self.persons.map(|rows| rows.finish(texts)),
            self.insurance.map(|rows| rows.finish(texts)),
            self.attachments.map(|rows| rows.finish(texts)),
            self.decisions.map(|rows| rows.finish(job, texts)),
            self.unattached.map(|rows| rows.finish(texts)),
            self.must_choose.map(|rows| rows.finish(texts)),
            self.attached_uninsured.map(|rows| rows.finish(texts)),
            self.links.map(|rows| rows.finish(job, texts)),
        ];
        sinks
            .iter()
            .zip(batches.into_iter().flatten())
            .try_for_each(|(sink, batch)| sink.put(block, sink.encoder().encode(&batch?)?))
    }
}

impl PersonSink for BlockSink<'_, '_> {
    fn insurance(&mut self, view: RecordView<'_>, id: PersonId, stays: &Stays, claims: &[Claim], death: Date) {
        self.counter.take_insurance(stays);
        if let Some(rows) = &mut self.rows.insurance {
            rows.push_insurance(view, id, stays, claims, death);
        }
    }

    fn attachments(&mut self, view: RecordView<'_>, id: PersonId, attached: &ProfileStays<'_>) {
        self.totals.end_days.collect(view, attached.claims);
        self.counter.take_attachments(attached.profile, attached.stays);
        if let Some(rows) = &mut self.rows.attachments {
            rows.push(view, id, attached);
        }
    }

    fn register(&mut self, view: RecordView<'_>, id: PersonId, of_person: &[RecordIndex], row: &RegisterRow) {
        if let Some(numbers) = &mut self.numbers {
            numbers.collect(view, id, of_person, row);
        }
        if let Some(links) = &mut self.rows.links {
            links.collect(view, id, of_person);
        }
        self.counter.count(view, row, &mut self.totals.people);
        let (Some(insurance), Some(_)) = (row.insurance, row.record.and_then(|record| register(view.records, record))) else {
            return;
        };
        self.totals.insured.add(insurance.organisation.insurer());
        if let Some(rows) = &mut self.rows.persons {
            rows.push(view, id, row);
        }
        if row.clinic.is_some() {
            self.totals.attached += 1;
        } else if let Some(rows) = &mut self.rows.unattached {
            rows.push(view, id, row);
        }
    }

    fn must_choose(&mut self, view: RecordView<'_>, id: PersonId, of_person: &[RecordIndex], left: &LeftByInsurer) {
        let choose_by = left.left_on.months_later(view.job.rules.insurer.months_to_choose);
        let overdue = choose_by <= view.job.as_of;
        self.totals.must_choose += 1;
        self.totals.overdue += u64::from(overdue);
        if let Some(rows) = &mut self.rows.must_choose {
            rows.push(view, id, of_person, &Choice { left, choose_by, overdue });
        }
    }

    fn attached_uninsured(&mut self, view: RecordView<'_>, id: PersonId, attachment: &UninsuredAttachment<'_>) {
        if let Some(rows) = &mut self.rows.attached_uninsured {
            rows.push(view, id, attachment);
        }
    }

    fn decisions(&mut self, view: RecordView<'_>, id: PersonId, decisions: &[SubjectDecision]) {
        for SubjectDecision { subject, decision } in decisions {
            if let Some(rows) = &mut self.rows.decisions {
                rows.push(view, id, *subject, decision);
            }
            let (subject, table) = match subject {
                // Decisions of all profiles are counted together.
                Subject::Clinic(_) => (Subject::Clinic(Profile::THERAPEUTIC), Table::Attachments),
                Subject::Insurer => (Subject::Insurer, Table::Register),
            };
            let won = match decision.winner {
                Winner::Record(winner) => Some((Side::Won, winner, decision.winning)),
                Winner::Override(_) => None,
            };
            for (side, record, organisation) in won.into_iter().chain([(Side::Lost, decision.loser, decision.losing)]) {
                let owner = RowOwner { table, organisation: Some(organisation) };
                self.totals.conflicts.push(side, view.source(record), owner, decision.rule);
            }
            *self.totals.decisions.entry((subject, decision.rule, decision.outcome)).or_default() += 1;
        }
    }

    fn override_effect(&mut self, entry: u32, effect: Effect) {
        self.totals.override_effects.insert(entry, effect);
    }

    #[inline]
    fn relatives(&mut self, view: RecordView<'_>, id: PersonId, of_person: &[RecordIndex], insurance: &Stays) {
        self.totals.newborns.collect(view, self.rows.context.checked.shuffle.representatives(), id, of_person, insurance);
    }

    fn findings(&mut self, view: RecordView<'_>, id: PersonId, findings: &[ClaimFinding]) {
        for finding in findings {
            self.findings.push(&FindingRow {
                row_id: view.records.row_id(finding.record),
                owner: view.records.owner(finding.record),
                code: finding.code,
                field: None,
                record_id: view.records.text(finding.record, TextKind::RecordId).bytes(),
                person_id: Some(id),
            });
        }
    }
}
