//! Persons through the timelines in parallel, block by block, and the tables in the order of persons onto the disk.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::error::RunError;
use super::person::{PersonSink, PersonWork, ProfileStays, Subject};
use super::progress::StageProgress;
use super::register_row::{RegisterRow, register};
use super::tables::{DecisionRows, NumberRows, PersonRows, SourceNames, StayRows, UnattachedRows};
use super::view::RunView;
use crate::funding::HeadCounts;
use crate::identifier::Sex;
use crate::identity::{PersonBlock, Persons, WARM_PERSONS};
use crate::publish::{EncodedRowGroup, OutputTable, PublishError, RowGroupEncoder, TableWriter, WrittenTable};
use crate::rules::Code;
use crate::timeline::{Claim, ClaimFinding, Decision, Outcome, Stays};

/// Tables that are written block by block.
const TABLES: [OutputTable; 5] = [
    OutputTable::Persons,
    OutputTable::InsuranceStays,
    OutputTable::AttachmentStays,
    OutputTable::Decisions,
    OutputTable::Unattached,
];

/// Blocks that are worked on before their results are written, per thread: enough that no thread waits for the others for long.
const BLOCKS_PER_THREAD: usize = 2;

/// What the persons gave besides their tables.
#[derive(Default)]
pub(super) struct PersonTotals {
    pub heads: HeadCounts,
    pub numbers: NumberRows,
    /// Record, code and person.
    pub findings: Vec<(u32, Code, i64)>,
    pub decisions: std::collections::BTreeMap<(Subject, Code, Outcome), u64>,
    pub insured: u64,
    pub attached: u64,
    /// Person of each record that was asked for, sorted by record.
    pub persons_of: Vec<(u32, i64)>,
}

/// Records whose person somebody will ask for.
pub(super) struct WantedRecords {
    bits: Vec<u64>,
}

impl WantedRecords {
    /// None of `records` yet.
    pub fn new(records: usize) -> Self {
        Self { bits: vec![0; records.div_ceil(64)] }
    }

    /// Asks for a record.
    pub fn insert(&mut self, record: u32) {
        self.bits[record as usize / 64] |= 1 << (record % 64);
    }

    fn contains(&self, record: u32) -> bool {
        self.bits[record as usize / 64] >> (record % 64) & 1 == 1
    }
}

impl PersonTotals {
    fn merge(&mut self, other: Self) {
        self.heads.merge(&other.heads);
        self.numbers.merge(other.numbers);
        self.findings.extend(other.findings);
        for (key, count) in other.decisions {
            *self.decisions.entry(key).or_default() += count;
        }
        self.insured += other.insured;
        self.attached += other.attached;
        self.persons_of.extend(other.persons_of);
    }

    /// The person of a record that was asked for.
    pub fn person_of(&self, record: u32) -> Option<i64> {
        let found = self.persons_of.binary_search_by_key(&record, |&(record, _)| record);
        found.ok().map(|index| self.persons_of[index].1)
    }
}

/// Takes all persons through the timelines and writes their tables into `dir`.
pub(super) fn reconcile_persons(
    view: RunView<'_>,
    persons: &Persons,
    wanted: &WantedRecords,
    dir: &Path,
    progress: &dyn StageProgress,
    interrupted: &AtomicBool,
) -> Result<(PersonTotals, Vec<WrittenTable>), RunError> {
    let names = SourceNames::new(view.job);
    let mut writers = TABLES.iter().map(|&table| TableWriter::create(dir, table)).collect::<Result<Vec<_>, _>>()?;
    let encoders: Vec<RowGroupEncoder> = writers.iter().map(TableWriter::encoder).collect();
    let mut totals = PersonTotals::default();
    let wave = rayon::current_num_threads() * BLOCKS_PER_THREAD;
    for blocks in persons.blocks.chunks(wave) {
        if interrupted.load(Ordering::Relaxed) {
            return Err(RunError::Interrupted);
        }
        let work = |block: &PersonBlock| {
            let outcome = BlockRows::new(view, &names, wanted, block.len()).fill(block).encode(&encoders);
            progress.advance(block.len() as u64);
            outcome
        };
        let outcomes: Vec<_> = blocks.par_iter().with_max_len(1).map(work).collect::<Result<_, PublishError>>()?;
        for (of_block, groups) in outcomes {
            totals.merge(of_block);
            for (writer, group) in writers.iter_mut().zip(groups) {
                writer.append(group)?;
            }
        }
    }
    totals.persons_of.par_sort_unstable();
    let written = writers.into_iter().map(TableWriter::finish).collect::<Result<_, _>>()?;
    Ok((totals, written))
}

/// The rows of one block of persons.
struct BlockRows<'t> {
    view: RunView<'t>,
    names: &'t SourceNames<'t>,
    wanted: &'t WantedRecords,
    persons: PersonRows,
    insurance: StayRows,
    attachments: StayRows,
    decisions: DecisionRows,
    unattached: UnattachedRows,
    totals: PersonTotals,
}

impl<'t> BlockRows<'t> {
    fn new(view: RunView<'t>, names: &'t SourceNames<'t>, wanted: &'t WantedRecords, persons: usize) -> Self {
        Self {
            view,
            names,
            wanted,
            persons: PersonRows::with_capacity(persons),
            insurance: StayRows::with_capacity(OutputTable::InsuranceStays, persons),
            attachments: StayRows::with_capacity(OutputTable::AttachmentStays, persons),
            decisions: DecisionRows::default(),
            unattached: UnattachedRows::default(),
            totals: PersonTotals::default(),
        }
    }

    fn fill(mut self, block: &PersonBlock) -> Self {
        let mut work = PersonWork::default();
        for (index, (id, of_person)) in block.iter().enumerate() {
            if index % WARM_PERSONS == 0 {
                self.view.records.warm(block.records_between(index, index + WARM_PERSONS));
            }
            for &record in of_person.iter().filter(|&&record| self.wanted.contains(record)) {
                self.totals.persons_of.push((record, id));
            }
            work.person(self.view, id, of_person, &mut self);
        }
        self
    }

    fn encode(self, encoders: &[RowGroupEncoder]) -> Result<(PersonTotals, Vec<EncodedRowGroup>), PublishError> {
        let batches = [
            self.persons.finish(),
            self.insurance.finish(),
            self.attachments.finish(),
            self.decisions.finish(),
            self.unattached.finish(),
        ];
        let groups = encoders.iter().zip(batches).map(|(encoder, batch)| encoder.encode(&batch?)).collect::<Result<_, _>>()?;
        Ok((self.totals, groups))
    }
}

impl PersonSink for BlockRows<'_> {
    fn insurance(&mut self, id: i64, stays: &Stays, claims: &[Claim]) {
        let view = self.view;
        self.insurance
            .push(self.names, view.records, (id, 0), stays, claims, |insurer| view.job.insurers.get(insurer).code.as_str());
    }

    fn attachments(&mut self, id: i64, of: &ProfileStays<'_>) {
        let view = self.view;
        self.attachments.push(self.names, view.records, (id, of.profile), of.stays, of.claims, |clinic| {
            view.job.clinics.get(clinic).code.as_str()
        });
    }

    fn register(&mut self, id: i64, of_person: &[u32], row: &RegisterRow) {
        let view = self.view;
        self.totals.numbers.collect(view, id, of_person, row);
        let (Some(insurance), Some(record)) = (row.insurance, row.record.and_then(|record| register(view.records, record)))
        else {
            return;
        };
        self.totals.insured += 1;
        self.persons.push(view, id, row);
        let Some((attachment, _)) = row.clinic else {
            self.unattached.push(view, id, row);
            return;
        };
        self.totals.attached += 1;
        let sex = Sex::from_code(record.identity.sex).expect("invariant: a register record has a sex");
        let band = view.job.tariff.band(sex, record.identity.birth_date.age_on(view.job.as_of));
        self.totals.heads.add(insurance.organisation, attachment.organisation, band, row.funded(view));
    }

    fn decisions(&mut self, id: i64, decisions: &[(Subject, Decision)]) {
        let view = self.view;
        for (subject, decision) in decisions {
            let code = |organisation| match subject {
                Subject::Clinic(_) => view.job.clinics.get(organisation).code.as_str(),
                Subject::Insurer => view.job.insurers.get(organisation).code.as_str(),
            };
            self.decisions.push(
                self.names,
                view.records,
                id,
                *subject,
                decision,
                [code(decision.losing), code(decision.winning)],
            );
            let subject = if matches!(subject, Subject::Clinic(_)) { Subject::Clinic(0) } else { Subject::Insurer };
            *self.totals.decisions.entry((subject, decision.rule, decision.outcome)).or_default() += 1;
        }
    }

    fn findings(&mut self, id: i64, findings: &[ClaimFinding]) {
        self.totals.findings.extend(findings.iter().map(|finding| (finding.record, finding.code, id)));
    }
}
