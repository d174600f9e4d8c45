//! Persons through the timelines in parallel, and the tables in the order of persons onto the disk.
//!
//! Partitions in their order hold persons in the order of their numbers. Consecutive partitions make a *stripe*, one task; its persons are cut
//! into *blocks* by their numbers, and a block becomes one row group of each table. Blocks depend on how many persons there are, never on how
//! many partitions or threads.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::block_rows::{BlockRows, BlockSink, PersonTotals, TABLES};
use super::error::RunError;
use super::ground::Ground;
use super::linking::cross_partition_enps;
use super::options::RunOptions;
use super::person::PersonWork;
use super::progress::StageProgress;
use super::run::PersonPositions;
use super::tables::{CollectedFindings, Found, FoundRows, NumberRows};
use super::view::RunView;
use sverka_kernel::identity::{
    AnyRecord, EqualNumber, LinkRules, Linked, Linker, RecordIndex, Records, SharedNumbers, settle_equal_numbers,
};
use sverka_kernel::shuffle::{Partition, SpillError};
use sverka_model::{Table, TextKind};
use sverka_publish::{OutputTable, TableSink, WrittenTable};

/// What all persons gave.
pub(super) struct ReconciledPersons {
    pub totals: PersonTotals,
    /// Findings of accepted rows, of persons and of timelines, those of each worker.
    pub findings: Vec<CollectedFindings>,
    /// Policy numbers of each worker, when their table is wanted.
    pub numbers: Vec<NumberRows>,
    /// Tables in the order of persons.
    pub written: Vec<WrittenTable>,
}

/// Takes all persons through the timelines and writes their tables into `dir`.
pub(super) fn reconcile_persons(
    ground: Ground<'_>,
    dir: &Path,
    progress: &dyn StageProgress,
    options: &RunOptions<'_>,
) -> Result<ReconciledPersons, RunError> {
    let tables = TABLES.into_iter().filter(|&table| ground.job.tables.contains(table));
    let sinks = tables.map(|table| TableSink::create(dir, table)).collect::<Result<Vec<_>, _>>()?;
    let bits = ground.checked.shuffle.bits();
    let stripe_bits = ground.block_bits().min(bits.bits());
    let stripes = 1 << stripe_bits;
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let outcomes = rayon::broadcast(|_| {
        let mut worker = Worker::new(ground, &sinks);
        while !options.interrupted.load(Ordering::Relaxed) && !failed.load(Ordering::Relaxed) {
            let stripe = next.fetch_add(1, Ordering::Relaxed);
            if stripe >= stripes {
                break;
            }
            let done = worker.stripe(stripe, stripe_bits, progress).and_then(|()| ground.memory.check());
            done.inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
        }
        Ok::<_, RunError>((worker.totals, worker.findings, worker.numbers))
    });
    let (mut totals, mut findings, mut numbers) = (PersonTotals::default(), Vec::new(), Vec::new());
    for outcome in outcomes {
        let (of_worker, found, of_table) = outcome?;
        totals.merge(of_worker);
        findings.push(found.settle()?);
        numbers.extend(of_table);
    }
    options.stop_if_interrupted()?;
    let mut of_several = ground.found_rows();
    add_cross_partition_findings(ground, &mut totals, &mut of_several);
    std::mem::take(&mut totals.newborns).compare(&mut of_several);
    add_shared_numbers(std::mem::take(&mut totals.shared_numbers), &mut of_several);
    findings.push(of_several.settle()?);
    let written = sinks.into_iter().map(TableSink::finish).collect::<Result<_, _>>()?;
    Ok(ReconciledPersons { totals, findings, numbers, written })
}

/// So many persons are looked at before the first of them is worked on: their records fit into the nearest cache.
const TOUCHED_AHEAD: usize = 32;

/// What one thread needs for stripe after stripe.
struct Worker<'r> {
    ground: Ground<'r>,
    sinks: &'r [TableSink],
    work: PersonWork,
    partition: Partition,
    linker: Linker<'r>,
    /// What the records of the partition make.
    linked: Linked,
    /// The person of each row of the partition; 0 when it has none.
    person_of: Vec<i64>,
    findings: FoundRows<'r>,
    numbers: Option<NumberRows>,
    totals: PersonTotals,
}

/// A person of a partition: its number, and where its records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    id: i64,
    cross_partition: bool,
    index: usize,
}

impl Member {
    fn records<'t>(&self, of_partition: &'t Linked, cross_partition_persons: &'t Linked) -> &'t [RecordIndex] {
        let linked = if self.cross_partition { cross_partition_persons } else { of_partition };
        linked.persons.records_of(self.index)
    }
}

impl<'r> Worker<'r> {
    fn new(ground: Ground<'r>, sinks: &'r [TableSink]) -> Self {
        Self {
            ground,
            sinks,
            work: PersonWork::default(),
            partition: Partition::default(),
            linker: Linker::new(&ground.checked.interned, LinkRules::of(&ground.job.severities), ground.selectors),
            linked: Linked::default(),
            person_of: Vec::new(),
            findings: ground.found_rows(),
            numbers: ground.job.tables.contains(OutputTable::Numbers).then(|| ground.number_rows()),
            totals: PersonTotals::default(),
        }
    }

    /// Takes the persons of a stripe of partitions and hands on the row groups of their blocks.
    fn stripe(&mut self, stripe: usize, stripe_bits: u32, progress: &dyn StageProgress) -> Result<(), RunError> {
        let block_bits = self.ground.block_bits();
        let block_of = |id: i64| (id as u64 >> (63 - block_bits)) as usize;
        let per_stripe = self.ground.checked.shuffle.bits().count() >> stripe_bits;
        let blocks = stripe << (block_bits - stripe_bits)..(stripe + 1) << (block_bits - stripe_bits);
        let mut block = blocks.start;
        let mut rows = BlockRows::new(self.ground);
        for index in stripe * per_stripe..(stripe + 1) * per_stripe {
            self.load(index)?;
            let members = self.members(index);
            self.person_of.clear();
            self.person_of.resize(self.partition.len(), 0);
            for batch in members.chunks(TOUCHED_AHEAD) {
                self.touch(batch);
                for member in batch {
                    while block < block_of(member.id) {
                        let full = std::mem::replace(&mut rows, BlockRows::new(self.ground));
                        full.hand_on(block, self.sinks)?;
                        block += 1;
                    }
                    self.person(member, &mut rows);
                }
            }
            self.row_findings();
            progress.advance(members.len() as u64);
        }
        if let Some(numbers) = &mut self.numbers {
            numbers.spill_if_large()?;
        }
        for block in block..blocks.end {
            let last = std::mem::replace(&mut rows, BlockRows::new(self.ground));
            last.hand_on(block, self.sinks)?;
        }
        Ok(())
    }

    fn load(&mut self, index: usize) -> Result<(), SpillError> {
        let Ground { checked, linked, .. } = self.ground;
        self.partition.load(&checked.shuffle, index)?;
        match &linked.partitions[index] {
            Some(kept) => kept.restore(&mut self.linked),
            None => {
                self.linked =
                    self.linker.link(&mut self.partition, cross_partition_enps(&checked.shuffle, index, self.ground.selectors))
            }
        }
        Ok(())
    }

    /// Looks at all records of some persons. They lie all over the partition, so that each of them is waited for when it is needed; here the
    /// processor waits for many at once.
    fn touch(&self, members: &[Member]) {
        let local = members.iter().filter(|member| !member.cross_partition);
        let records = local.flat_map(|member| self.linked.persons.records_of(member.index));
        black_box(records.fold(0, |seen, &record| seen ^ self.partition.touch(record)));
    }

    fn person(&mut self, member: &Member, rows: &mut BlockRows<'r>) {
        let Ground { linked, .. } = self.ground;
        let of_person = member.records(&self.linked, &linked.cross_partition_persons);
        if member.cross_partition {
            let decided = linked.decided.of_person.get(&(member.index as u32)).map_or(&[][..], Vec::as_slice);
            let view = RunView { decided, ..self.ground.view(&linked.cross_partition) };
            self.totals.shared_numbers.collect(&linked.repeated_numbers, view.records, of_person, member.id);
            let (totals, findings, numbers) = (&mut self.totals, &mut self.findings, self.numbers.as_mut());
            self.work.person(view, member.id, of_person, &mut BlockSink { rows, totals, findings, numbers });
            return;
        }
        for &record in of_person {
            self.person_of[record as usize] = member.id;
        }
        let records = Records { partition: &self.partition, interned: &self.ground.checked.interned };
        let Ground { job, checked, source_dates, .. } = self.ground;
        let view = RunView { job, records, row_ids: &checked.row_ids, source_dates, decided: &[] };
        self.totals.shared_numbers.collect(&linked.repeated_numbers, records, of_person, member.id);
        let (totals, findings, numbers) = (&mut self.totals, &mut self.findings, self.numbers.as_mut());
        self.work.person(view, member.id, of_person, &mut BlockSink { rows, totals, findings, numbers });
    }

    /// The persons of a partition in the order of their numbers, which are unique from here on.
    fn members(&mut self, partition: usize) -> Vec<Member> {
        let Ground { linked, checked, .. } = self.ground;
        let bits = checked.shuffle.bits().bits();
        let local = self.linked.persons.ids();
        let cross_partition = linked.cross_partition_persons.persons.ids();
        let from = cross_partition.partition_point(|&id| ((id as u64) >> (63 - bits)) < partition as u64);
        let to = cross_partition.partition_point(|&id| ((id as u64) >> (63 - bits)) <= partition as u64);
        let mut members: Vec<Member> =
            local.iter().enumerate().map(|(index, &id)| Member { id, cross_partition: false, index }).collect();
        members.extend((from..to).map(|index| Member { id: cross_partition[index], cross_partition: true, index }));
        if to > from {
            members.sort_unstable();
        }
        if members.windows(2).any(|pair| pair[0].id == pair[1].id) {
            self.settle(&mut members);
        }
        members
    }

    fn settle(&mut self, members: &mut [Member]) {
        let Ground { linked, checked, .. } = self.ground;
        let taken: BTreeSet<i64> = members.iter().map(|member| member.id).collect();
        let equal = |at: usize, other: Option<usize>| {
            other.and_then(|other| members.get(other)).is_some_and(|other| other.id == members[at].id)
        };
        let doubled: Vec<usize> =
            (0..members.len()).filter(|&at| equal(at, at.checked_sub(1)) || equal(at, Some(at + 1))).collect();
        let persons: Vec<EqualNumber<'_>> = doubled
            .iter()
            .map(|&at| {
                let member = &members[at];
                let partition_of = if member.cross_partition { &linked.cross_partition } else { &self.partition };
                EqualNumber {
                    records: Records { partition: partition_of, interned: &checked.interned },
                    of_person: member.records(&self.linked, &linked.cross_partition_persons),
                    id: member.id,
                }
            })
            .collect();
        let ids = settle_equal_numbers(&persons, &taken);
        for (at, id) in doubled.into_iter().zip(ids) {
            members[at].id = id;
            if members[at].cross_partition {
                self.totals.renumbered.insert(members[at].index, id);
            }
        }
        members.sort_unstable();
    }

    /// Findings of the rows of a partition, and those of identity.
    fn row_findings(&mut self) {
        let Ground { checked, linked, .. } = self.ground;
        let records = Records { partition: &self.partition, interned: &checked.interned };
        for finding in &self.partition.findings {
            let row_id = finding.row_id();
            if linked.cross_partition.find(row_id).is_some() {
                self.totals.cross_partition_findings.push(*finding);
                continue;
            }
            let row = self.partition.find(row_id).expect("invariant: a finding of an accepted row has its row");
            let person_id = Some(self.person_of[row as usize]).filter(|&id| id != 0);
            self.findings.push(&Found {
                row_id,
                owner: records.owner(row),
                code: finding.code(),
                field: finding.field(),
                record_id: records.text(row, TextKind::RecordId).bytes(),
                person_id,
            });
        }
        for finding in &self.linked.findings {
            self.findings.push(&Found {
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

/// Findings of rows and of identity among cross-partition records; the numbers of their persons are known once all partitions are done.
fn add_cross_partition_findings(ground: Ground<'_>, totals: &mut PersonTotals, findings: &mut FoundRows<'_>) {
    let Ground { checked, linked, .. } = ground;
    let records = Records { partition: &linked.cross_partition, interned: &checked.interned };
    let mut person_of = vec![0; records.len()];
    for (index, (id, of_person)) in linked.cross_partition_persons.persons.iter().enumerate() {
        let id = totals.renumbered.get(&index).copied().unwrap_or(id);
        of_person.iter().for_each(|&record| person_of[record as usize] = id);
    }
    let of_rows = std::mem::take(&mut totals.cross_partition_findings);
    let of_rows = of_rows.iter().filter_map(|finding| {
        linked.cross_partition.find(finding.row_id()).map(|record| (record, finding.code(), finding.field()))
    });
    let of_identity = linked.cross_partition_persons.findings.iter().map(|finding| (finding.record, finding.code, None));
    for (record, code, field) in of_rows.chain(of_identity) {
        findings.push(&Found {
            row_id: records.row_id(record),
            owner: records.owner(record),
            code,
            field,
            record_id: records.text(record, TextKind::RecordId).bytes(),
            person_id: Some(person_of[record as usize]),
        });
    }
}

/// `SNILS_SHARED` and `DOC_SHARED`, on every record that bears the number.
fn add_shared_numbers(shared_numbers: SharedNumbers, findings: &mut FoundRows<'_>) {
    shared_numbers.tell(|found| {
        findings.push(&Found {
            row_id: found.row_id,
            owner: found.owner,
            code: found.code,
            field: Some(found.field),
            record_id: found.record_id.as_bytes(),
            person_id: Some(found.person_id),
        });
    });
}

/// The positions of every person's records.
pub(super) fn positions(ground: Ground<'_>) -> Result<Vec<PersonPositions>, RunError> {
    let Ground { checked, linked, .. } = ground;
    let mut worker = Worker::new(ground, &[]);
    let mut persons = Vec::new();
    for index in 0..checked.shuffle.bits().count() {
        worker.load(index)?;
        for member in worker.members(index) {
            let partition = if member.cross_partition { &linked.cross_partition } else { &worker.partition };
            let position = |&record: &RecordIndex| {
                let records = Records { partition, interned: &checked.interned };
                let (source, line) = checked.row_ids.source_line(records.row_id(record));
                let table = match records.get(record) {
                    AnyRecord::Register(_) => Table::Register,
                    AnyRecord::Attachment(_) => Table::Attachments,
                };
                (table, source, line)
            };
            let of_person = member.records(&worker.linked, &linked.cross_partition_persons);
            persons.push((member.id, of_person.iter().map(position).collect()));
        }
    }
    Ok(persons)
}
