//! The rows that a block of persons gives, and what is counted on the way.

use std::collections::BTreeMap;

use super::end_days::EndDays;
use super::ground::Ground;
use super::newborns::Newborns;
use super::person::{PersonSink, ProfileStays, Subject};
use super::quality::{ConflictSides, Side};
use super::register_row::{RegisterRow, register};
use super::tables::{
    AttachedUninsuredRows, DecisionRows, Found, FoundRows, LinkRows, MustChooseRows, NumberRows, PersonRows, StayRows,
    UnattachedRows,
};
use super::uninsured::UninsuredAttachment;
use super::view::RunView;
use super::volumes::InsuredCounts;
use sverka_kernel::funding::HeadCounts;
use sverka_kernel::identity::{LinkRules, RecordIndex, SharedNumbers};
use sverka_kernel::shuffle::PackedFinding;
use sverka_kernel::timeline::{Claim, ClaimFinding, Decision, Effect, LeftByInsurer, Outcome, Stays, Winner};
use sverka_model::{Code, Date, Sex, Table, TextKind};
use sverka_publish::{OutputTable, PublishError, TableSink};

/// Tables that are written block by block.
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

/// What the persons gave besides their tables.
#[derive(Default)]
pub(super) struct PersonTotals {
    pub heads: HeadCounts,
    pub newborns: Newborns,
    pub decisions: BTreeMap<(Subject, Code, Outcome), u64>,
    /// Both sides of each decision.
    pub conflicts: ConflictSides,
    pub insured: InsuredCounts,
    pub attached: u64,
    /// How ends of attachments lie to beginnings at other clinics.
    pub end_days: EndDays,
    /// People who have to choose another insurer.
    pub must_choose: u64,
    /// Of these, whose time to choose is over.
    pub overdue: u64,
    /// Findings of rows that were made persons together with rows of other partitions.
    pub cross_partition_findings: Vec<PackedFinding>,
    /// SNILS and documents that may be those of several persons.
    pub shared_numbers: SharedNumbers,
    /// Persons of cross-partition records that got another number.
    pub renumbered: BTreeMap<usize, i64>,
    /// What entries of the overrides about insurers and clinics did.
    pub overruled: BTreeMap<u32, Effect>,
}

impl PersonTotals {
    /// Takes over what other persons gave.
    pub fn merge(&mut self, other: Self) {
        self.heads.merge(&other.heads);
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
        self.overruled.extend(other.overruled);
    }
}

/// The rows that one block gives.
pub(super) struct BlockRows<'r> {
    ground: Ground<'r>,
    persons: Option<PersonRows>,
    insurance: Option<StayRows>,
    attachments: Option<StayRows>,
    decisions: Option<DecisionRows>,
    unattached: Option<UnattachedRows>,
    must_choose: Option<MustChooseRows>,
    attached_uninsured: Option<AttachedUninsuredRows>,
    links: Option<LinkRows<'r>>,
}

/// Takes what persons give: the rows of their block, and what one worker collects of all its blocks.
pub(super) struct BlockSink<'w, 'r> {
    /// Rows of the block.
    pub rows: &'w mut BlockRows<'r>,
    /// Counts and what is compared at the end.
    pub totals: &'w mut PersonTotals,
    /// Findings of persons.
    pub findings: &'w mut FoundRows<'r>,
    /// Policy numbers, when their table is wanted.
    pub numbers: Option<&'w mut NumberRows>,
}

impl<'r> BlockRows<'r> {
    /// No rows yet.
    pub fn new(ground: Ground<'r>) -> Self {
        let wanted = |table| ground.job.tables.contains(table);
        let persons = (ground.linked.persons() >> ground.block_bits()) as usize * 9 / 8;
        let stays = |table| wanted(table).then(|| StayRows::with_capacity(table, persons));
        Self {
            ground,
            persons: wanted(OutputTable::Persons).then(|| PersonRows::with_capacity(persons)),
            insurance: stays(OutputTable::InsuranceStays),
            attachments: stays(OutputTable::AttachmentStays),
            decisions: wanted(OutputTable::Decisions).then(DecisionRows::new),
            unattached: wanted(OutputTable::Unattached).then(|| UnattachedRows::with_capacity(persons / 16)),
            must_choose: wanted(OutputTable::MustChoose).then(MustChooseRows::new),
            attached_uninsured: wanted(OutputTable::AttachedUninsured).then(AttachedUninsuredRows::new),
            links: wanted(OutputTable::Links)
                .then(|| LinkRows::new(&ground.checked.interned, LinkRules::of(&ground.job.severities))),
        }
    }

    /// Encodes the rows as row group `block` of their tables.
    pub fn hand_on(self, block: usize, sinks: &[TableSink]) -> Result<(), PublishError> {
        let Ground { job, texts, .. } = self.ground;
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
    fn insurance(&mut self, view: RunView<'_>, id: i64, stays: &Stays, claims: &[Claim], death: Date) {
        if let Some(rows) = &mut self.rows.insurance {
            rows.push_insurance(view, id, stays, claims, death);
        }
    }

    fn attachments(&mut self, view: RunView<'_>, id: i64, of: &ProfileStays<'_>) {
        self.totals.end_days.collect(view, of.claims);
        if let Some(rows) = &mut self.rows.attachments {
            rows.push(view, (id, of.profile), of.stays, of.claims);
        }
    }

    fn register(&mut self, view: RunView<'_>, id: i64, of_person: &[RecordIndex], row: &RegisterRow) {
        if let Some(numbers) = &mut self.numbers {
            numbers.collect(view, id, of_person, row);
        }
        if let Some(links) = &mut self.rows.links {
            links.collect(view, id, of_person);
        }
        let (Some(insurance), Some(record)) = (row.insurance, row.record.and_then(|record| register(view.records, record)))
        else {
            return;
        };
        self.totals.insured.add(insurance.organisation.insurer());
        if let Some(rows) = &mut self.rows.persons {
            rows.push(view, id, row);
        }
        let Some(attachment) = row.clinic.map(|attached| attached.stay) else {
            if let Some(rows) = &mut self.rows.unattached {
                rows.push(view, id, row);
            }
            return;
        };
        self.totals.attached += 1;
        let sex = Sex::from_code(record.identity.sex).expect("invariant: a register record has a sex");
        let band = view.job.tariff.band(sex, row.age);
        let clinic = view.job.clinics.counted_at(attachment.organisation.clinic());
        self.totals.heads.add(insurance.organisation.insurer(), clinic, band, row.funded(view));
    }

    fn must_choose(&mut self, view: RunView<'_>, id: i64, of_person: &[RecordIndex], left: &LeftByInsurer) {
        let choose_by = left.left_on.months_later(view.job.rules.insurer.months_to_choose);
        let overdue = choose_by <= view.job.as_of;
        self.totals.must_choose += 1;
        self.totals.overdue += u64::from(overdue);
        if let Some(rows) = &mut self.rows.must_choose {
            rows.push(view, id, of_person, left, (choose_by, overdue));
        }
    }

    fn attached_uninsured(&mut self, view: RunView<'_>, id: i64, attachment: &UninsuredAttachment<'_>) {
        if let Some(rows) = &mut self.rows.attached_uninsured {
            rows.push(view, id, attachment);
        }
    }

    fn decisions(&mut self, view: RunView<'_>, id: i64, decisions: &[(Subject, Decision)]) {
        for (subject, decision) in decisions {
            if let Some(rows) = &mut self.rows.decisions {
                rows.push(view, id, *subject, decision);
            }
            let (subject, table) = match subject {
                Subject::Clinic(_) => (Subject::Clinic(0), Table::Attachments),
                Subject::Insurer => (Subject::Insurer, Table::Register),
            };
            let won = match decision.winner {
                Winner::Record(winner) => Some((Side::Won, winner, decision.winning)),
                Winner::Override(_) => None,
            };
            for (side, record, organisation) in won.into_iter().chain([(Side::Lost, decision.loser, decision.losing)]) {
                self.totals.conflicts.push((table, decision.rule), side, view.position(record).0, organisation);
            }
            *self.totals.decisions.entry((subject, decision.rule, decision.outcome)).or_default() += 1;
        }
    }

    fn overruled(&mut self, entry: u32, effect: Effect) {
        self.totals.overruled.insert(entry, effect);
    }

    #[inline]
    fn relatives(&mut self, view: RunView<'_>, id: i64, of_person: &[RecordIndex], insurance: &Stays) {
        self.totals.newborns.collect(view, self.rows.ground.checked.shuffle.representatives(), id, of_person, insurance);
    }

    fn findings(&mut self, view: RunView<'_>, id: i64, findings: &[ClaimFinding]) {
        for finding in findings {
            self.findings.push(&Found {
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
