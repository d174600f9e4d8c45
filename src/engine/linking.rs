//! Linking of records to persons: partition by partition in parallel, then the cross-partition records together.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::error::RunError;
use super::former_ids::{FormerIdTable, FormerIdsError};
use super::id_tables::ContinuedIds;
use super::profile::StageMetrics;
use super::progress::Unit;
use super::run_context::RunContext;
use super::sources::CheckedRows;
use crate::job::Job;
use sverka_kernel::identity::{
    CrossPartitionIds, CrossPartitionPersons, Duplicate, FormerIds, LinkCounts, LinkRules, Linked, Linker, NumberOccurrences,
    OccurrenceRecorder, OverrideSelectors, PackedPersons, PartitionContext, RecordFinding, Records, RepeatedNumbers,
    ResolvedOverrides,
};
use sverka_kernel::shuffle::{Partition, PartitionRows, Shuffle};
use sverka_model::{Code, Enp, InternedTexts};

/// Linking policy: rules in force, and records that people decided about.
#[derive(Clone, Copy)]
pub(super) struct LinkPolicy<'r> {
    /// Linking rules in force.
    pub rules: LinkRules,
    /// Records that entries of the overrides select, if there are any.
    pub selectors: Option<&'r OverrideSelectors<'r>>,
}

impl<'r> LinkPolicy<'r> {
    /// Policy of a job.
    pub fn new(job: &Job, selectors: Option<&'r OverrideSelectors<'r>>) -> Self {
        Self { rules: LinkRules::from_severities(&job.severities), selectors }
    }

    /// A linker for records with these texts.
    fn linker(self, interned: &'r InternedTexts) -> Linker<'r> {
        Linker::new(interned, self.rules, self.selectors)
    }
}

/// Persons of a run.
pub(super) struct LinkedRows {
    /// Persons of each partition; `None` if memory is short: then they are made again when needed.
    pub partitions: Vec<Option<KeptPersons>>,
    /// Number of persons of all partitions, without those of cross-partition records.
    partition_persons: u64,
    /// Cross-partition records.
    pub cross_partition: Partition,
    /// Persons of the cross-partition records.
    pub cross_partition_persons: Linked,
    /// Repeated rows of the register, in the order of row ids.
    pub register_duplicates: Vec<Duplicate>,
    /// Repeated rows of the attachments, in the order of row ids.
    pub attachment_duplicates: Vec<Duplicate>,
    /// Number of links by rule.
    pub links: LinkCounts,
    /// Decisions of people about cross-partition records.
    pub decided: ResolvedOverrides,
    /// Ids of the persons of cross-partition records, if ids are continued.
    pub cross_partition_ids: CrossPartitionIds,
    /// SNILS and documents that more than one person may have.
    pub repeated_numbers: RepeatedNumbers,
    /// Number of accepted rows.
    accepted_rows: u64,
}

/// Persons of one partition, packed until the timelines need them.
pub(super) struct KeptPersons {
    persons: PackedPersons,
    findings: Vec<RecordFinding>,
}

impl KeptPersons {
    /// Replaces the persons and findings of `into` by the kept ones.
    pub fn restore(&self, into: &mut Linked) {
        self.persons.unpack(&mut into.persons);
        into.findings.clone_from(&self.findings);
    }
}

impl LinkedRows {
    /// Number of persons.
    pub fn persons(&self) -> u64 {
        self.partition_persons + self.cross_partition_persons.persons.len() as u64
    }

    /// Rows that were linked.
    pub fn metrics(&self) -> StageMetrics {
        StageMetrics { rows: self.accepted_rows, bytes: 0 }
    }
}

/// Result of one worker: persons, duplicates and links of its partitions.
#[derive(Default)]
struct WorkerLinks {
    kept: Vec<(usize, KeptPersons)>,
    persons: u64,
    register_duplicates: Vec<Duplicate>,
    attachment_duplicates: Vec<Duplicate>,
    cross_partition: PartitionRows,
    links: LinkCounts,
    /// Links among cross-partition records of one partition. They are found again when all cross-partition records are
    /// linked.
    found_again: LinkCounts,
}

/// Links all records to persons.
pub(super) fn link(
    run: RunContext<'_>,
    checked: &CheckedRows,
    policy: LinkPolicy<'_>,
    ids: Option<ContinuedIds<'_>>,
) -> Result<LinkedRows, RunError> {
    let RunContext { memory, .. } = run;
    let CheckedRows { shuffle, interned, .. } = checked;
    let count = shuffle.bits().count();
    let stage = run.progress().stage("make persons", count as u64, Unit::Steps);
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let occurrences = NumberOccurrences::of_bytes(memory.occurrence_bytes);
    let workers = rayon::broadcast(|_| {
        let mut worker = Worker {
            shuffle,
            keep: memory.keep_persons,
            selectors: policy.selectors,
            former: ids.and_then(|ids| ids.former),
            linker: policy.linker(interned),
            partition: Partition::default(),
            recorder: OccurrenceRecorder::new(&occurrences),
            done: WorkerLinks::default(),
        };
        while !run.is_interrupted() && !failed.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            let linked = worker.link(index).and_then(|()| memory.check());
            linked.inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
            stage.advance(1);
        }
        worker.recorder.finish();
        Ok(worker.done)
    });
    let workers = workers.into_iter().collect::<Result<Vec<WorkerLinks>, RunError>>()?;
    run.stop_if_interrupted()?;
    stage.finish();
    gather(run.job, checked, Gathered { workers, policy, ids, occurrences })
}

/// Buffers of one thread, reused for partition after partition.
struct Worker<'r> {
    shuffle: &'r Shuffle,
    keep: bool,
    selectors: Option<&'r OverrideSelectors<'r>>,
    /// Ids of the former run, if they are continued.
    former: Option<&'r FormerIdTable>,
    linker: Linker<'r>,
    partition: Partition,
    recorder: OccurrenceRecorder<'r>,
    done: WorkerLinks,
}

impl Worker<'_> {
    fn link(&mut self, index: usize) -> Result<(), RunError> {
        let Self { shuffle, linker, partition, recorder, done, .. } = self;
        partition.load(shuffle, index)?;
        let former = former_of_partition(self.former, shuffle, index)?;
        let cross_partition_enps = cross_partition_enps(shuffle, index, self.selectors);
        let context = PartitionContext { cross_partition_enps, former: former.as_ref() };
        let mut linked = linker.link_recording(partition, context, recorder);
        done.links.merge(&linked.links);
        done.persons += linked.persons.len() as u64;
        if !linked.cross_partition.is_empty() {
            let copies = || {
                let mut rows = PartitionRows::default();
                linked.cross_partition.iter().for_each(|&row| partition.copy_row(row, &mut rows));
                rows
            };
            done.found_again.merge(&linker.link(&mut Partition::from_rows(copies()), PartitionContext::default()).links);
            done.cross_partition.extend(copies());
        }
        done.register_duplicates.append(&mut linked.register_duplicates);
        done.attachment_duplicates.append(&mut linked.attachment_duplicates);
        if self.keep {
            done.kept.push((index, KeptPersons { persons: PackedPersons::new(&linked.persons), findings: linked.findings }));
        }
        Ok(())
    }
}

/// ENPs of a partition that occur in other partitions as well, so that their records may link across partitions. A
/// single partition has no such ENPs; its ENPs are needed only for records that people decided about.
pub(super) fn cross_partition_enps<'e>(
    shuffle: &'e Shuffle,
    index: usize,
    selectors: Option<&OverrideSelectors<'_>>,
) -> Option<&'e [Enp]> {
    (shuffle.bits().count() > 1 || selectors.is_some()).then(|| shuffle.cross_partition_enps(index))
}

/// Ids of the former run in a partition, if they are continued.
pub(super) fn former_of_partition(
    former: Option<&FormerIdTable>,
    shuffle: &Shuffle,
    index: usize,
) -> Result<Option<FormerIds>, FormerIdsError> {
    former.map(|former| former.partition(shuffle.bits().bits(), index as u64)).transpose()
}

/// Results of all workers, and what the cross-partition records are linked with.
struct Gathered<'g> {
    workers: Vec<WorkerLinks>,
    policy: LinkPolicy<'g>,
    ids: Option<ContinuedIds<'g>>,
    occurrences: NumberOccurrences,
}

/// Puts the results of all workers together, and links the cross-partition records.
fn gather(job: &Job, checked: &CheckedRows, gathered: Gathered<'_>) -> Result<LinkedRows, RunError> {
    let Gathered { workers, policy, ids, occurrences } = gathered;
    let count = checked.shuffle.bits().count();
    let mut partitions: Vec<Option<KeptPersons>> = std::iter::repeat_with(|| None).take(count).collect();
    let (mut rows, mut links, mut found_again) = (PartitionRows::default(), LinkCounts::default(), LinkCounts::default());
    let (mut register_duplicates, mut attachment_duplicates) = (Vec::new(), Vec::new());
    let mut partition_persons = 0;
    for worker in workers {
        partition_persons += worker.persons;
        rows.extend(worker.cross_partition);
        links.merge(&worker.links);
        found_again.merge(&worker.found_again);
        register_duplicates.extend(worker.register_duplicates);
        attachment_duplicates.extend(worker.attachment_duplicates);
        worker.kept.into_iter().for_each(|(index, kept)| partitions[index] = Some(kept));
    }
    let mut cross_partition = Partition::from_rows(rows);
    let mut recorder = OccurrenceRecorder::new(&occurrences);
    let (mut cross_partition_persons, mut decided) =
        policy.linker(&checked.interned).link_cross_partition(&mut cross_partition, &mut recorder);
    recorder.finish();
    let mut cross_partition_ids = CrossPartitionIds::default();
    if let Some(ids) = ids {
        let records = Records { partition: &cross_partition, interned: &checked.interned };
        let persons = CrossPartitionPersons { records, rules: policy.rules, overrides: &job.overrides };
        let identities = persons.identities(&cross_partition_persons.persons);
        let former = ids.former.map(|table| Ok::<_, FormerIdsError>((table.find(&identities.sorted())?, table))).transpose()?;
        let former = former.as_ref().map(|(rows, table)| (rows, *table));
        cross_partition_ids = persons.continue_ids(&mut cross_partition_persons, &mut decided, &identities, former)?;
    }
    // Links by rule L6 are not made among records that are left out of their partitions.
    links.merge(&cross_partition_persons.links);
    links.subtract(&found_again, Code::L6);
    register_duplicates.sort_unstable();
    attachment_duplicates.sort_unstable();
    Ok(LinkedRows {
        partitions,
        partition_persons,
        cross_partition,
        cross_partition_persons,
        register_duplicates,
        attachment_duplicates,
        links,
        decided,
        cross_partition_ids,
        repeated_numbers: occurrences.repeated_numbers(),
        accepted_rows: checked.source_results.iter().map(|result| result.accepted).sum(),
    })
}
