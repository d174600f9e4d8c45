//! Partitions to persons, in parallel; and the records that meet over partitions, all together.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::error::RunError;
use super::options::RunOptions;
use super::progress::Unit;
use crate::exchange::{Exchange, Partition, PartitionRows};
use crate::identity::{Duplicate, LinkCounts, Linked, Linker};
use crate::intake::Words;
use crate::rules::Code;

/// The persons of a run.
pub(super) struct LinkedRows {
    /// What the records of each partition make.
    pub partitions: Vec<Linked>,
    /// The records that meet over partitions.
    pub travellers: Partition,
    /// What those make.
    pub of_travellers: Linked,
    /// Repeated rows of the register, in the order of places.
    pub register_duplicates: Vec<Duplicate>,
    /// Repeated rows of the attachments, likewise.
    pub attachment_duplicates: Vec<Duplicate>,
    /// How often each rule linked records.
    pub links: LinkCounts,
}

impl LinkedRows {
    /// How many persons there are.
    pub fn persons(&self) -> u64 {
        let of_partitions: usize = self.partitions.iter().map(|linked| linked.persons.len()).sum();
        (of_partitions + self.of_travellers.persons.len()) as u64
    }
}

/// What one worker made of its partitions.
#[derive(Default)]
struct WorkerLinks {
    partitions: Vec<(usize, Linked)>,
    travellers: PartitionRows,
    links: LinkCounts,
    /// Links among travellers of one partition, which are found again among all.
    found_again: LinkCounts,
}

/// Makes persons of all records.
pub(super) fn link(exchange: &Exchange, words: &Words, options: &RunOptions<'_>) -> Result<LinkedRows, RunError> {
    let count = exchange.bits().count();
    let stage = options.progress.stage("make persons", count as u64, Unit::Steps);
    let next = AtomicUsize::new(0);
    let workers = rayon::broadcast(|_| {
        let (mut linker, mut partition, mut done) = (Linker::default(), Partition::default(), WorkerLinks::default());
        while !options.interrupted.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            done.link(index, exchange, words, &mut linker, &mut partition);
            stage.advance(1);
        }
        done
    });
    options.stop_if_interrupted()?;
    stage.finish();
    Ok(gather(count, workers, words))
}

impl WorkerLinks {
    fn link(&mut self, index: usize, exchange: &Exchange, words: &Words, linker: &mut Linker, partition: &mut Partition) {
        exchange.load(index, partition);
        // A single partition is the whole: nobody travels.
        let travelling = (exchange.bits().count() > 1).then(|| exchange.travelling(index));
        let mut linked = linker.link(partition, words, travelling);
        self.links.merge(&linked.links);
        if !linked.left_out.is_empty() {
            let copies = || {
                let mut rows = PartitionRows::default();
                linked.left_out.iter().for_each(|&row| partition.copy_row(row, &mut rows));
                rows
            };
            self.found_again.merge(&linker.link(&mut Partition::of_rows(copies()), words, None).links);
            self.travellers.extend(copies());
            linked.left_out = Vec::new();
        }
        self.partitions.push((index, linked));
    }
}

fn gather(count: usize, workers: Vec<WorkerLinks>, words: &Words) -> LinkedRows {
    let mut partitions: Vec<Linked> = std::iter::repeat_with(Linked::default).take(count).collect();
    let (mut rows, mut links, mut found_again) = (PartitionRows::default(), LinkCounts::default(), LinkCounts::default());
    for worker in workers {
        rows.extend(worker.travellers);
        links.merge(&worker.links);
        found_again.merge(&worker.found_again);
        worker.partitions.into_iter().for_each(|(index, linked)| partitions[index] = linked);
    }
    let mut travellers = Partition::of_rows(rows);
    let of_travellers = Linker::default().link(&mut travellers, words, None);
    // Links of L6 were not made among those who are left out.
    links.merge(&of_travellers.links);
    links.subtract(&found_again, Code::L6);
    let mut duplicates = [(); 2].map(|()| Vec::new());
    for linked in &mut partitions {
        duplicates[0].append(&mut linked.register_duplicates);
        duplicates[1].append(&mut linked.attachment_duplicates);
    }
    let [mut register_duplicates, mut attachment_duplicates] = duplicates;
    register_duplicates.sort_unstable();
    attachment_duplicates.sort_unstable();
    LinkedRows { partitions, travellers, of_travellers, register_duplicates, attachment_duplicates, links }
}
