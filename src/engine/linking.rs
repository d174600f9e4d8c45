//! Partitions to persons, in parallel; and the records that meet over partitions, all together.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::error::RunError;
use super::memory::MemoryPlan;
use super::options::RunOptions;
use super::progress::Unit;
use sverka_kernel::identity::{
    Duplicate, LinkCounts, LinkRules, Linked, Linker, NumberOccurrences, OccurrenceRecorder, OverrideSelectors, PackedPersons,
    RecordFinding, RepeatedNumbers, ResolvedOverrides,
};
use sverka_kernel::shuffle::{Partition, PartitionRows, Shuffle, SpillError};
use sverka_model::{Code, InternedTexts};

/// The persons of a run.
pub(super) struct LinkedRows {
    /// What the records of each partition make; nothing when it is to be made again.
    pub partitions: Vec<Option<KeptPersons>>,
    /// How many persons the records of partitions make by themselves.
    of_partitions: u64,
    /// The records that meet over partitions.
    pub cross_partition: Partition,
    /// What those make.
    pub cross_partition_persons: Linked,
    /// Repeated rows of the register, in the order of row ids.
    pub register_duplicates: Vec<Duplicate>,
    /// Repeated rows of the attachments, likewise.
    pub attachment_duplicates: Vec<Duplicate>,
    /// How often each rule linked records.
    pub links: LinkCounts,
    /// Decisions by people about cross-partition records.
    pub decided: ResolvedOverrides,
    /// Which SNILS and documents more than one person may have.
    pub repeated_numbers: RepeatedNumbers,
}

/// The persons of one partition, until they are needed.
pub(super) struct KeptPersons {
    persons: PackedPersons,
    findings: Vec<RecordFinding>,
}

impl KeptPersons {
    /// Puts the persons and their findings in the place of those of `into`.
    pub fn restore(&self, into: &mut Linked) {
        self.persons.unpack(&mut into.persons);
        into.findings.clone_from(&self.findings);
    }
}

impl LinkedRows {
    /// How many persons there are.
    pub fn persons(&self) -> u64 {
        self.of_partitions + self.cross_partition_persons.persons.len() as u64
    }
}

/// What one worker made of its partitions.
#[derive(Default)]
struct WorkerLinks {
    kept: Vec<(usize, KeptPersons)>,
    persons: u64,
    register_duplicates: Vec<Duplicate>,
    attachment_duplicates: Vec<Duplicate>,
    cross_partition: PartitionRows,
    links: LinkCounts,
    /// Links among cross-partition records of one partition, which are found again among all of them.
    found_again: LinkCounts,
}

/// Makes persons of all records; `selectors` are those that people decided about.
pub(super) fn link(
    shuffle: &Shuffle,
    interned: &InternedTexts,
    (rules, selectors): (LinkRules, Option<&OverrideSelectors<'_>>),
    memory: &MemoryPlan,
    options: &RunOptions<'_>,
) -> Result<LinkedRows, RunError> {
    let count = shuffle.bits().count();
    let stage = options.progress.stage("make persons", count as u64, Unit::Steps);
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let occurrences = NumberOccurrences::of_bytes(memory.occurrence_bytes);
    let workers = rayon::broadcast(|_| {
        let mut worker = Worker {
            shuffle,
            keep: memory.keep_persons,
            selectors,
            linker: Linker::new(interned, rules, selectors),
            partition: Partition::default(),
            recorder: OccurrenceRecorder::new(&occurrences),
            done: WorkerLinks::default(),
        };
        while !options.interrupted.load(Ordering::Relaxed) && !failed.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            let linked = worker.link(index).map_err(RunError::from).and_then(|()| memory.check());
            linked.inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
            stage.advance(1);
        }
        worker.recorder.finish();
        Ok(worker.done)
    });
    let workers = workers.into_iter().collect::<Result<Vec<WorkerLinks>, RunError>>()?;
    options.stop_if_interrupted()?;
    stage.finish();
    Ok(gather(count, workers, interned, (rules, selectors), occurrences))
}

/// What one thread needs for partition after partition.
struct Worker<'r> {
    shuffle: &'r Shuffle,
    keep: bool,
    selectors: Option<&'r OverrideSelectors<'r>>,
    linker: Linker<'r>,
    partition: Partition,
    recorder: OccurrenceRecorder<'r>,
    done: WorkerLinks,
}

impl Worker<'_> {
    fn link(&mut self, index: usize) -> Result<(), SpillError> {
        let Self { shuffle, linker, partition, recorder, done, .. } = self;
        partition.load(shuffle, index)?;
        let mut linked = linker.link_recording(partition, cross_partition_enps(shuffle, index, self.selectors), recorder);
        done.links.merge(&linked.links);
        done.persons += linked.persons.len() as u64;
        if !linked.cross_partition.is_empty() {
            let copies = || {
                let mut rows = PartitionRows::default();
                linked.cross_partition.iter().for_each(|&row| partition.copy_row(row, &mut rows));
                rows
            };
            done.found_again.merge(&linker.link(&mut Partition::from_rows(copies()), None).links);
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

/// The ENPs through which records of a partition may meet others. A single partition is the whole: nobody travels but those whom people decided
/// about.
pub(super) fn cross_partition_enps<'e>(
    shuffle: &'e Shuffle,
    index: usize,
    selectors: Option<&OverrideSelectors<'_>>,
) -> Option<&'e [u64]> {
    (shuffle.bits().count() > 1 || selectors.is_some()).then(|| shuffle.cross_partition_enps(index))
}

fn gather(
    count: usize,
    workers: Vec<WorkerLinks>,
    interned: &InternedTexts,
    (rules, selectors): (LinkRules, Option<&OverrideSelectors<'_>>),
    occurrences: NumberOccurrences,
) -> LinkedRows {
    let mut partitions: Vec<Option<KeptPersons>> = std::iter::repeat_with(|| None).take(count).collect();
    let (mut rows, mut links, mut found_again) = (PartitionRows::default(), LinkCounts::default(), LinkCounts::default());
    let (mut register_duplicates, mut attachment_duplicates) = (Vec::new(), Vec::new());
    let mut of_partitions = 0;
    for worker in workers {
        of_partitions += worker.persons;
        rows.extend(worker.cross_partition);
        links.merge(&worker.links);
        found_again.merge(&worker.found_again);
        register_duplicates.extend(worker.register_duplicates);
        attachment_duplicates.extend(worker.attachment_duplicates);
        worker.kept.into_iter().for_each(|(index, kept)| partitions[index] = Some(kept));
    }
    let mut cross_partition = Partition::from_rows(rows);
    let mut recorder = OccurrenceRecorder::new(&occurrences);
    let (cross_partition_persons, decided) =
        Linker::new(interned, rules, selectors).link_cross_partition(&mut cross_partition, &mut recorder);
    recorder.finish();
    // Links of L6 were not made among those who are left out.
    links.merge(&cross_partition_persons.links);
    links.subtract(&found_again, Code::L6);
    register_duplicates.sort_unstable();
    attachment_duplicates.sort_unstable();
    LinkedRows {
        partitions,
        of_partitions,
        cross_partition,
        cross_partition_persons,
        register_duplicates,
        attachment_duplicates,
        links,
        decided,
        repeated_numbers: occurrences.repeated_numbers(),
    }
}
