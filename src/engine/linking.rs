//! Partitions to persons, in parallel; and the records that meet over partitions, all together.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::error::RunError;
use super::memory::MemoryPlan;
use super::options::RunOptions;
use super::progress::Unit;
use crate::exchange::{Exchange, Partition, PartitionRows, SpillError};
use crate::identity::{
    Decided, Duplicate, LinkCounts, LinkRules, Linked, Linker, PackedPersons, RecordFinding, SeenAgain, Selection, Sighting,
    Sightings,
};
use crate::intake::InternedTexts;
use crate::rules::Code;

/// The persons of a run.
pub(super) struct LinkedRows {
    /// What the records of each partition make; nothing when it is to be made again.
    pub partitions: Vec<Option<KeptPersons>>,
    /// How many persons the records of partitions make by themselves.
    of_partitions: u64,
    /// The records that meet over partitions.
    pub travellers: Partition,
    /// What those make.
    pub of_travellers: Linked,
    /// Repeated rows of the register, in the order of row ids.
    pub register_duplicates: Vec<Duplicate>,
    /// Repeated rows of the attachments, likewise.
    pub attachment_duplicates: Vec<Duplicate>,
    /// How often each rule linked records.
    pub links: LinkCounts,
    /// What people decided about travellers.
    pub decided: Decided,
    /// Which SNILS and documents more than one person may have.
    pub seen_again: SeenAgain,
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
        self.of_partitions + self.of_travellers.persons.len() as u64
    }
}

/// What one worker made of its partitions.
#[derive(Default)]
struct WorkerLinks {
    kept: Vec<(usize, KeptPersons)>,
    persons: u64,
    register_duplicates: Vec<Duplicate>,
    attachment_duplicates: Vec<Duplicate>,
    travellers: PartitionRows,
    links: LinkCounts,
    /// Links among travellers of one partition, which are found again among all.
    found_again: LinkCounts,
}

/// Makes persons of all records; `selection` are those that people decided about.
pub(super) fn link(
    exchange: &Exchange,
    interned: &InternedTexts,
    (rules, selection): (LinkRules, Option<&Selection<'_>>),
    memory: &MemoryPlan,
    options: &RunOptions<'_>,
) -> Result<LinkedRows, RunError> {
    let count = exchange.bits().count();
    let stage = options.progress.stage("make persons", count as u64, Unit::Steps);
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let sightings = Sightings::of_bytes(memory.sighting_bytes);
    let workers = rayon::broadcast(|_| {
        let mut worker = Worker {
            exchange,
            keep: memory.keep_persons,
            selection,
            linker: Linker::new(interned, rules, selection),
            partition: Partition::default(),
            sighting: Sighting::new(&sightings),
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
        worker.sighting.finish();
        Ok(worker.done)
    });
    let workers = workers.into_iter().collect::<Result<Vec<WorkerLinks>, RunError>>()?;
    options.stop_if_interrupted()?;
    stage.finish();
    Ok(gather(count, workers, interned, (rules, selection), sightings))
}

/// What one thread needs for partition after partition.
struct Worker<'r> {
    exchange: &'r Exchange,
    keep: bool,
    selection: Option<&'r Selection<'r>>,
    linker: Linker<'r>,
    partition: Partition,
    sighting: Sighting<'r>,
    done: WorkerLinks,
}

impl Worker<'_> {
    fn link(&mut self, index: usize) -> Result<(), SpillError> {
        let Self { exchange, linker, partition, sighting, done, .. } = self;
        partition.load(exchange, index)?;
        let mut linked = linker.link_sighting(partition, travelling(exchange, index, self.selection), sighting);
        done.links.merge(&linked.links);
        done.persons += linked.persons.len() as u64;
        if !linked.left_out.is_empty() {
            let copies = || {
                let mut rows = PartitionRows::default();
                linked.left_out.iter().for_each(|&row| partition.copy_row(row, &mut rows));
                rows
            };
            done.found_again.merge(&linker.link(&mut Partition::of_rows(copies()), None).links);
            done.travellers.extend(copies());
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
pub(super) fn travelling<'e>(exchange: &'e Exchange, index: usize, selection: Option<&Selection<'_>>) -> Option<&'e [u64]> {
    (exchange.bits().count() > 1 || selection.is_some()).then(|| exchange.travelling(index))
}

fn gather(
    count: usize,
    workers: Vec<WorkerLinks>,
    interned: &InternedTexts,
    (rules, selection): (LinkRules, Option<&Selection<'_>>),
    sightings: Sightings,
) -> LinkedRows {
    let mut partitions: Vec<Option<KeptPersons>> = std::iter::repeat_with(|| None).take(count).collect();
    let (mut rows, mut links, mut found_again) = (PartitionRows::default(), LinkCounts::default(), LinkCounts::default());
    let (mut register_duplicates, mut attachment_duplicates) = (Vec::new(), Vec::new());
    let mut of_partitions = 0;
    for worker in workers {
        of_partitions += worker.persons;
        rows.extend(worker.travellers);
        links.merge(&worker.links);
        found_again.merge(&worker.found_again);
        register_duplicates.extend(worker.register_duplicates);
        attachment_duplicates.extend(worker.attachment_duplicates);
        worker.kept.into_iter().for_each(|(index, kept)| partitions[index] = Some(kept));
    }
    let mut travellers = Partition::of_rows(rows);
    let mut sighting = Sighting::new(&sightings);
    let (of_travellers, decided) = Linker::new(interned, rules, selection).link_travellers(&mut travellers, &mut sighting);
    sighting.finish();
    // Links of L6 were not made among those who are left out.
    links.merge(&of_travellers.links);
    links.subtract(&found_again, Code::L6);
    register_duplicates.sort_unstable();
    attachment_duplicates.sort_unstable();
    LinkedRows {
        partitions,
        of_partitions,
        travellers,
        of_travellers,
        register_duplicates,
        attachment_duplicates,
        links,
        decided,
        seen_again: sightings.seen_again(),
    }
}
