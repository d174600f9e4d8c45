//! The timeline stage in parallel, and the tables that are sorted by person id.
//!
//! A person id has 63 bits. Its upper bits give the partition, the stripe and the block of the person:
//!
//! ```text
//! partition   upper partition bits       unit of memory: its records are loaded together
//! block       upper block bits           unit of output: one row group of each table
//! stripe      upper min(both) bits       unit of work: one task of one thread
//!
//! more partitions than blocks            more blocks than partitions
//! partitions  0  1  2  3 | 4  5  6  7    partitions  -----0----- | -----1-----
//! stripes     -----0---- | -----1----    stripes     -----0----- | -----1-----
//! blocks      -----0---- | -----1----    blocks      0  1  2  3  | 4  5  6  7
//! ```
//!
//! A thread takes the next stripe, walks its partitions in ascending order, and the persons of a partition in the order
//! of their ids. When the block bits of the id change, the block is complete: the thread encodes its rows and puts them
//! into the sinks as row group number `block`. A sink writes row groups in the order of their numbers, from any thread,
//! so the table is sorted by person id.
//!
//! Persons of cross-partition records have no partition of their own. They are merged into the partition that their id belongs to.
//!
//! The number of blocks follows from the number of persons alone, never from partitions or threads, so the files have the same bytes on every machine. The
//! cost is memory: each thread holds the rows of one block, and a sink holds row groups that are encoded before their turn.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::block_rows::{BlockRows, BlockSink, PersonTotals, TABLES};
use super::error::RunError;
use super::id_tables::{IdSinks, PendingIdRows};
use super::linking::{cross_partition_enps, former_of_partition};
use super::options::RunOptions;
use super::people::PeopleCounter;
use super::person::PersonWork;
use super::persons::{PersonRecords, RecordLine};
use super::profile::StageMetrics;
use super::progress::{StageProgress, Unit};
use super::record_view::RecordView;
use super::tables::{CollectedFindings, FindingRow, NumberRows, WorkerFindings, write_numbers};
use super::timeline_context::TimelineContext;
use sverka_kernel::identity::{
    AnyRecord, EqualId, FormerIds, IdRows, LinkRules, Linked, Linker, PartitionContext, PartitionPersons, RecordIndex, Records,
    SharedNumbers, settle_equal_ids,
};
use sverka_kernel::shuffle::{Partition, SpillError};
use sverka_model::{PersonId, SourceLine, Table, TextKind};
use sverka_publish::{OutputTable, TableSink, WrittenTable};

/// Result of the timeline stage.
pub(super) struct ReconciledPersons {
    /// Counts over all persons.
    pub totals: PersonTotals,
    /// Findings of accepted rows, of persons and of timelines, by worker.
    pub findings: Vec<CollectedFindings>,
    /// Written tables: those sorted by person id, and `numbers`.
    pub written: Vec<WrittenTable>,
    /// Number of persons.
    persons: u64,
}

impl ReconciledPersons {
    /// Persons that were reconciled and bytes of their tables.
    pub fn metrics(&self) -> StageMetrics {
        StageMetrics { rows: self.persons, bytes: self.written.iter().map(|table| table.bytes).sum() }
    }
}

/// Findings, numbers and counts of one worker.
struct WorkerResult<'r> {
    totals: PersonTotals,
    findings: WorkerFindings<'r>,
    numbers: Option<NumberRows>,
}

/// Reconciles the stays of all persons and writes their tables into `dir`.
pub(super) fn reconcile_persons(
    context: TimelineContext<'_>,
    dir: &Path,
    options: &RunOptions<'_>,
) -> Result<ReconciledPersons, RunError> {
    let persons = context.linked.persons();
    let stage = options.progress.stage("timelines", persons, Unit::Persons);
    let tables = TABLES.into_iter().filter(|&table| context.job.tables.contains(table));
    let sinks = tables.map(|table| TableSink::create(dir, table)).collect::<Result<Vec<_>, _>>()?;
    let ids = context.ids.map(|_| IdSinks::create(dir, context.job.tables, persons)).transpose()?;
    let bits = context.checked.shuffle.bits();
    let stripe_bits = context.block_bits().min(bits.bits());
    let stripes = 1 << stripe_bits;
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let results = rayon::broadcast(|_| {
        let mut worker = Worker::new(context, &sinks, ids.as_ref());
        while !options.interrupted.load(Ordering::Relaxed) && !failed.load(Ordering::Relaxed) {
            let stripe = next.fetch_add(1, Ordering::Relaxed);
            if stripe >= stripes {
                break;
            }
            let done = worker.stripe(stripe, stripe_bits, &*stage).and_then(|()| context.memory.check());
            done.inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
        }
        let Worker { totals, findings, numbers, .. } = worker;
        Ok::<_, RunError>(WorkerResult { totals, findings, numbers })
    });
    let (mut totals, mut findings, mut numbers) = (PersonTotals::default(), Vec::new(), Vec::new());
    for result in results {
        let result: WorkerResult<'_> = result?;
        totals.merge(result.totals);
        findings.push(result.findings.settle()?);
        numbers.extend(result.numbers);
    }
    options.stop_if_interrupted()?;
    findings.push(findings_across_persons(context, &mut totals)?);
    let mut written = sinks.into_iter().map(TableSink::finish).collect::<Result<Vec<_>, _>>()?;
    if let Some(ids) = ids {
        written.extend(ids.finish()?);
    }
    stage.finish();
    if context.job.tables.contains(OutputTable::Numbers) {
        written.push(write_numbers(dir, context.number_ranges, numbers)?);
    }
    Ok(ReconciledPersons { totals, findings, written, persons })
}

/// Findings that need more than one person or partition: cross-partition records, newborns and their mothers, shared
/// numbers.
fn findings_across_persons(context: TimelineContext<'_>, totals: &mut PersonTotals) -> Result<CollectedFindings, SpillError> {
    let mut findings = context.worker_findings();
    add_cross_partition_findings(context, totals, &mut findings);
    std::mem::take(&mut totals.newborns).compare(&mut findings);
    add_shared_numbers(std::mem::take(&mut totals.shared_numbers), &mut findings);
    findings.settle()
}

/// Number of persons that are touched ahead of the work: few enough that their records fit into the first-level cache.
const TOUCHED_AHEAD: usize = 32;

/// Buffers of one thread, reused for stripe after stripe.
struct Worker<'r> {
    context: TimelineContext<'r>,
    sinks: &'r [TableSink],
    /// Sinks of the tables about ids, if ids are continued.
    id_sinks: Option<&'r IdSinks>,
    work: PersonWork,
    counter: PeopleCounter,
    partition: Partition,
    linker: Linker<'r>,
    /// Persons of the current partition.
    linked: Linked,
    /// Ids of the former run in the current partition.
    former: Option<FormerIds>,
    /// Person id of each row of the partition; none for a row without a person.
    person_of: Vec<PersonId>,
    findings: WorkerFindings<'r>,
    numbers: Option<NumberRows>,
    totals: PersonTotals,
}

/// A person whose id belongs to the partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PartitionPerson {
    id: PersonId,
    /// Whether the records are cross-partition records.
    is_cross_partition: bool,
    /// Index among the persons of the partition, or among the persons of the cross-partition records.
    index: usize,
}

impl PartitionPerson {
    fn records<'t>(&self, of_partition: &'t Linked, cross_partition_persons: &'t Linked) -> &'t [RecordIndex] {
        let linked = if self.is_cross_partition { cross_partition_persons } else { of_partition };
        linked.persons.records_of(self.index)
    }
}

impl<'r> Worker<'r> {
    fn new(context: TimelineContext<'r>, sinks: &'r [TableSink], id_sinks: Option<&'r IdSinks>) -> Self {
        Self {
            context,
            sinks,
            id_sinks,
            former: None,
            work: PersonWork::default(),
            counter: PeopleCounter::new(&context.job.tariff),
            partition: Partition::default(),
            linker: Linker::new(
                &context.checked.interned,
                LinkRules::from_severities(&context.job.severities),
                context.selectors,
            ),
            linked: Linked::default(),
            person_of: Vec::new(),
            findings: context.worker_findings(),
            numbers: context.job.tables.contains(OutputTable::Numbers).then(|| context.number_rows()),
            totals: PersonTotals::default(),
        }
    }

    /// Reconciles the persons of a stripe, and puts the row groups of its blocks into the sinks.
    fn stripe(&mut self, stripe: usize, stripe_bits: u32, progress: &dyn StageProgress) -> Result<(), RunError> {
        let block_bits = self.context.block_bits();
        let block_of = |id: PersonId| id.first_bits(block_bits) as usize;
        let per_stripe = self.context.checked.shuffle.bits().count() >> stripe_bits;
        let blocks = stripe << (block_bits - stripe_bits)..(stripe + 1) << (block_bits - stripe_bits);
        let mut block = blocks.start;
        let mut rows = BlockRows::new(self.context);
        let mut ids = self.id_sinks.map(|sinks| PendingIdRows::new(sinks, self.context.texts, stripe, stripe_bits));
        for index in stripe * per_stripe..(stripe + 1) * per_stripe {
            self.load(index)?;
            let members = self.members(index);
            self.person_of.clear();
            self.person_of.resize(self.partition.len(), PersonId::NONE);
            for batch in members.chunks(TOUCHED_AHEAD) {
                self.touch(batch);
                for member in batch {
                    while block < block_of(member.id) {
                        let full = std::mem::replace(&mut rows, BlockRows::new(self.context));
                        full.write_row_group(block, self.sinks)?;
                        block += 1;
                    }
                    self.person(member, &mut rows);
                }
            }
            self.row_findings();
            if let Some(ids) = &mut ids {
                let bits = self.context.checked.shuffle.bits().bits();
                ids.add(index, bits, self.id_rows(&members), &self.context.linked.cross_partition_ids)?;
            }
            progress.advance(members.len() as u64);
        }
        if let Some(numbers) = &mut self.numbers {
            numbers.spill_if_large()?;
        }
        for block in block..blocks.end {
            let last = std::mem::replace(&mut rows, BlockRows::new(self.context));
            last.write_row_group(block, self.sinks)?;
        }
        Ok(())
    }

    /// Loads a partition with its persons: kept ones, or ones that are linked again.
    fn load(&mut self, index: usize) -> Result<(), RunError> {
        let TimelineContext { checked, linked, ids, .. } = self.context;
        self.partition.load(&checked.shuffle, index)?;
        self.former = former_of_partition(ids.and_then(|ids| ids.former), &checked.shuffle, index)?;
        match &linked.partitions[index] {
            Some(kept) => kept.restore(&mut self.linked),
            None => {
                let cross_partition_enps = cross_partition_enps(&checked.shuffle, index, self.context.selectors);
                let context = PartitionContext { cross_partition_enps, former: self.former.as_ref() };
                self.linked = self.linker.link(&mut self.partition, context);
            }
        }
        Ok(())
    }

    /// Reads one byte of every record of some persons. The records lie all over the partition, so each is a cache miss;
    /// reading them in one loop lets the processor wait for many misses at once.
    fn touch(&self, members: &[PartitionPerson]) {
        let local = members.iter().filter(|member| !member.is_cross_partition);
        let records = local.flat_map(|member| self.linked.persons.records_of(member.index));
        black_box(records.fold(0, |seen, &record| seen ^ self.partition.touch(record)));
    }

    /// Takes one person through the timelines.
    fn person(&mut self, member: &PartitionPerson, rows: &mut BlockRows<'r>) {
        let TimelineContext { linked, .. } = self.context;
        let of_person = member.records(&self.linked, &linked.cross_partition_persons);
        if member.is_cross_partition {
            let override_entries = linked.decided.of_person.get(&(member.index as u32)).map_or(&[][..], Vec::as_slice);
            let view = RecordView { override_entries, ..self.context.record_view(&linked.cross_partition) };
            self.totals.shared_numbers.collect(&linked.repeated_numbers, view.records, of_person, member.id);
            let (totals, findings, numbers) = (&mut self.totals, &mut self.findings, self.numbers.as_mut());
            self.work.person(
                view,
                member.id,
                of_person,
                &mut BlockSink { rows, totals, counter: &mut self.counter, findings, numbers },
            );
            return;
        }
        for &record in of_person {
            self.person_of[record as usize] = member.id;
        }
        let records = Records { partition: &self.partition, interned: &self.context.checked.interned };
        let TimelineContext { job, checked, source_dates, .. } = self.context;
        let view = RecordView { job, records, row_ids: &checked.row_ids, source_dates, override_entries: &[] };
        self.totals.shared_numbers.collect(&linked.repeated_numbers, records, of_person, member.id);
        let (totals, findings, numbers) = (&mut self.totals, &mut self.findings, self.numbers.as_mut());
        self.work.person(
            view,
            member.id,
            of_person,
            &mut BlockSink { rows, totals, counter: &mut self.counter, findings, numbers },
        );
    }

    /// Persons of a partition in the order of their ids. From here on the ids are unique.
    fn members(&mut self, partition: usize) -> Vec<PartitionPerson> {
        let TimelineContext { linked, checked, .. } = self.context;
        let bits = checked.shuffle.bits().bits();
        let local = self.linked.persons.ids();
        let cross_partition = linked.cross_partition_persons.persons.ids();
        let from = cross_partition.partition_point(|&id| id.first_bits(bits) < partition as u64);
        let to = cross_partition.partition_point(|&id| id.first_bits(bits) <= partition as u64);
        let mut members: Vec<PartitionPerson> =
            local.iter().enumerate().map(|(index, &id)| PartitionPerson { id, is_cross_partition: false, index }).collect();
        members.extend((from..to).map(|index| PartitionPerson { id: cross_partition[index], is_cross_partition: true, index }));
        if to > from {
            members.sort_unstable();
        }
        if members.windows(2).any(|pair| pair[0].id == pair[1].id) {
            self.settle(&mut members);
        }
        members
    }

    /// Gives new ids to persons with equal ones.
    fn settle(&mut self, members: &mut [PartitionPerson]) {
        let TimelineContext { linked, checked, .. } = self.context;
        let taken: BTreeSet<PersonId> = members.iter().map(|member| member.id).collect();
        let equal = |at: usize, other: Option<usize>| {
            other.and_then(|other| members.get(other)).is_some_and(|other| other.id == members[at].id)
        };
        let doubled: Vec<usize> =
            (0..members.len()).filter(|&at| equal(at, at.checked_sub(1)) || equal(at, Some(at + 1))).collect();
        let persons: Vec<EqualId<'_>> = doubled
            .iter()
            .map(|&at| {
                let member = &members[at];
                let partition_of = if member.is_cross_partition { &linked.cross_partition } else { &self.partition };
                EqualId {
                    records: Records { partition: partition_of, interned: &checked.interned },
                    of_person: member.records(&self.linked, &linked.cross_partition_persons),
                    id: member.id,
                    // Continued ids of cross-partition persons are final: their rows may be written in any partition.
                    is_settled: self.context.ids.is_some() && member.is_cross_partition,
                }
            })
            .collect();
        let is_former = |id| self.former.as_ref().is_some_and(|former| former.state(id).is_some());
        let ids = settle_equal_ids(&persons, |id| taken.contains(&id) || is_former(id));
        for (at, id) in doubled.into_iter().zip(ids) {
            members[at].id = id;
            if members[at].is_cross_partition {
                self.totals.renumbered.insert(members[at].index, id);
            }
        }
        members.sort_unstable();
    }

    /// Rows about ids of the persons of the partition.
    fn id_rows(&self, members: &[PartitionPerson]) -> IdRows {
        let TimelineContext { job, linked, checked, .. } = self.context;
        let local = members.iter().filter(|member| !member.is_cross_partition);
        let persons: Vec<(PersonId, &[RecordIndex])> =
            local.map(|member| (member.id, self.linked.persons.records_of(member.index))).collect();
        let partition = PartitionPersons {
            records: Records { partition: &self.partition, interned: &checked.interned },
            persons: &persons,
            rules: LinkRules::from_severities(&job.severities),
            former: self.former.as_ref(),
            cross_partition: &linked.cross_partition_ids,
        };
        partition.rows()
    }

    /// Adds the findings of the rows of a partition, and the findings of linking.
    fn row_findings(&mut self) {
        let TimelineContext { checked, linked, .. } = self.context;
        let records = Records { partition: &self.partition, interned: &checked.interned };
        for finding in &self.partition.findings {
            let row_id = finding.row_id();
            if linked.cross_partition.find(row_id).is_some() {
                self.totals.cross_partition_findings.push(*finding);
                continue;
            }
            let row = self.partition.find(row_id).expect("invariant: a finding of an accepted row has its row");
            let person_id = Some(self.person_of[row as usize]).filter(|&id| id != PersonId::NONE);
            self.findings.push(&FindingRow {
                row_id,
                owner: records.owner(row),
                code: finding.code(),
                field: finding.field(),
                record_id: records.text(row, TextKind::RecordId).bytes(),
                person_id,
            });
        }
        for finding in &self.linked.findings {
            self.findings.push(&FindingRow {
                row_id: records.row_id(finding.record),
                owner: records.owner(finding.record),
                code: finding.code,
                field: None,
                record_id: records.text(finding.record, TextKind::RecordId).bytes(),
                person_id: Some(self.person_of[finding.record as usize]),
            });
        }
    }
}

/// Adds the findings of cross-partition records. The ids of their persons are known once all partitions are done.
fn add_cross_partition_findings(context: TimelineContext<'_>, totals: &mut PersonTotals, findings: &mut WorkerFindings<'_>) {
    let TimelineContext { checked, linked, .. } = context;
    let records = Records { partition: &linked.cross_partition, interned: &checked.interned };
    let mut person_of = vec![PersonId::NONE; records.len()];
    for (index, (id, of_person)) in linked.cross_partition_persons.persons.iter().enumerate() {
        let id = totals.renumbered.get(&index).copied().unwrap_or(id);
        of_person.iter().for_each(|&record| person_of[record as usize] = id);
    }
    let row_findings = std::mem::take(&mut totals.cross_partition_findings);
    let row_findings = row_findings.iter().filter_map(|finding| {
        linked.cross_partition.find(finding.row_id()).map(|record| (record, finding.code(), finding.field()))
    });
    let link_findings = linked.cross_partition_persons.findings.iter().map(|finding| (finding.record, finding.code, None));
    for (record, code, field) in row_findings.chain(link_findings) {
        findings.push(&FindingRow {
            row_id: records.row_id(record),
            owner: records.owner(record),
            code,
            field,
            record_id: records.text(record, TextKind::RecordId).bytes(),
            person_id: Some(person_of[record as usize]),
        });
    }
}

/// Adds `SNILS_SHARED` and `DOC_SHARED` on every record that bears the number.
fn add_shared_numbers(shared_numbers: SharedNumbers, findings: &mut WorkerFindings<'_>) {
    shared_numbers.for_each_shared(|found| {
        findings.push(&FindingRow {
            row_id: found.row_id,
            owner: found.owner,
            code: found.code,
            field: Some(found.field),
            record_id: found.record_id.as_bytes(),
            person_id: Some(found.person_id),
        });
    });
}

/// The records of every person, by source and line.
pub(super) fn person_records(context: TimelineContext<'_>) -> Result<Vec<PersonRecords>, RunError> {
    let TimelineContext { checked, linked, .. } = context;
    let mut worker = Worker::new(context, &[], None);
    let mut persons = Vec::new();
    for index in 0..checked.shuffle.bits().count() {
        worker.load(index)?;
        for member in worker.members(index) {
            let partition = if member.is_cross_partition { &linked.cross_partition } else { &worker.partition };
            let record_line = |&record: &RecordIndex| {
                let records = Records { partition, interned: &checked.interned };
                let SourceLine { source, line } = checked.row_ids.source_line(records.row_id(record));
                let table = match records.get(record) {
                    AnyRecord::Register(_) => Table::Register,
                    AnyRecord::Attachment(_) => Table::Attachments,
                };
                RecordLine { table, source, line }
            };
            let records = member.records(&worker.linked, &linked.cross_partition_persons).iter().map(record_line).collect();
            persons.push(PersonRecords { person_id: member.id, records });
        }
    }
    Ok(persons)
}
