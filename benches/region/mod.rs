//! A generated region for benches, and the stages before the measured one.
//!
//! Regions stay in the system's folder for temporary files, so that they are generated once. After a change of the generator, remove
//! `sverka-benches-*` there.

#![allow(dead_code, reason = "each bench uses a part of this module")]

pub mod timelines;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use criterion::Criterion;
use sverka::engine::{RunOptions, RunOutcome, Silent, run};
use sverka::generate::{Form, Money, Rates, Settings, generate};
use sverka::job::{CommandLine, Job};
use sverka_check::{ReadPlan, ReadSource, read_rows};
use sverka_formats::SourceFile;
use sverka_intake::{Document, OpenDocument};
use sverka_kernel::identity::{LinkRules, Linked, Linker, PartitionContext};
use sverka_kernel::shuffle::{Partition, PartitionBits, PartitionWriter, Shuffle, SpillPolicy};
use sverka_model::{InternedTexts, Interner, RowIds};

/// Criterion with few samples: a bench shows a change of some per cent, not of one.
pub fn criterion() -> Criterion {
    Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(4))
}

/// Job of a region of `persons` people.
pub fn job(persons: u64) -> Job {
    let cache = std::env::temp_dir().join(concat!("sverka-benches-", env!("CARGO_PKG_VERSION")));
    let folder = cache.join(format!("{persons}-persons"));
    if !folder.exists() {
        generate_into(persons, &folder);
    }
    let job = Job::load(&folder.join("job.toml"), &CommandLine::default());
    job.unwrap_or_else(|error| panic!("{error}; remove {} to generate it again", folder.display()))
}

/// Generates a region into a temporary folder and renames it, so that an interrupted bench leaves no half region.
pub fn generate_into(persons: u64, folder: &Path) {
    let temporary = folder.with_extension(format!("{}", std::process::id()));
    let as_of = "2026-11-01".parse().expect("a date");
    let settings = Settings {
        persons,
        seed: 1,
        as_of,
        out: temporary.clone(),
        rates: Rates::default(),
        truth: false,
        form: Form::default(),
        money: Money::Simple,
        force: false,
    };
    generate(&settings, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
    fs::rename(&temporary, folder).expect("the region takes its place");
}

/// Runs a job, even if the same run is published.
pub fn run_anew(job: &Job) -> RunOutcome {
    let never = AtomicBool::new(false);
    let options = RunOptions {
        force: true,
        ids_from: None,
        accept_shrink: false,
        chunk_bytes: RunOptions::CHUNK_BYTES,
        partition_bits: None,
        memory_limit: None,
        worker_bytes: None,
        spill_dir: None,
        profile: false,
        correction_of: None,
        started_at: "2026-11-02T03:00:00Z".to_owned(),
        progress: &Silent,
        interrupted: &never,
    };
    run(job, &options).unwrap_or_else(|error| panic!("{error}"))
}

/// Mapped files of the sources of a job.
pub fn opened(job: &Job) -> Vec<SourceFile> {
    job.sources.iter().map(|source| SourceFile::open(source.file.path()).expect("a readable source")).collect()
}

/// Documents of the sources of a job, one in each file.
pub fn documents<'f>(job: &Job, files: &'f [SourceFile]) -> Vec<OpenDocument<'f>> {
    let open = |(source, file): (&sverka::job::Source, &'f SourceFile)| {
        let document = Document::all_of(file, &source.name).expect("a file").remove(0);
        OpenDocument::open(document, Arc::clone(&source.layout)).expect("a header of the layout")
    };
    job.sources.iter().zip(files).map(open).collect()
}

/// Plan that reads documents in their order, without hashes.
pub fn read_plan<'s>(documents: &'s [OpenDocument<'s>]) -> ReadPlan<'s> {
    let ready = |(index, document): (usize, &'s OpenDocument<'s>)| {
        let table = document.layout().tables().next().expect("a table");
        ReadSource::new(index, table, document, RunOptions::CHUNK_BYTES, false)
    };
    ReadPlan::new(documents.iter().enumerate().map(ready).collect())
}

/// Reads and checks all rows of a plan into the shuffle, on all threads.
pub fn read_into_shuffle(job: &Job, plan: &ReadPlan<'_>, interner: &Interner) -> (Shuffle, RowIds) {
    let bits = PartitionBits::for_bytes(plan.bytes());
    let context = job.check_context();
    let workers =
        read_rows(plan, &context, interner, &|| PartitionWriter::new(bits, SpillPolicy::unlimited()), &|_| {}, &|| true);
    let (mut writers, mut chunks) = (Vec::new(), Vec::new());
    for worker in workers {
        writers.push(worker.sink);
        chunks.extend(worker.chunks);
    }
    chunks.sort_by_key(|chunk| chunk.chunk);
    (Shuffle::new(bits, writers), plan.row_ids(&chunks))
}

/// Checked rows of a job, by partition.
pub struct Rows {
    pub shuffle: Shuffle,
    pub row_ids: RowIds,
    pub interned: InternedTexts,
}

impl Rows {
    /// Reads and checks the sources of a job.
    pub fn read(job: &Job) -> Self {
        let files = opened(job);
        let interner = Interner::default();
        let documents = documents(job, &files);
        let (shuffle, row_ids) = read_into_shuffle(job, &read_plan(&documents), &interner);
        Self { shuffle, row_ids, interned: interner.freeze() }
    }

    /// Number of partitions.
    pub fn partitions(&self) -> usize {
        self.shuffle.bits().count()
    }

    /// Worker that makes persons of partitions.
    pub fn worker(&self) -> Worker<'_> {
        Worker { linker: Linker::new(&self.interned, LinkRules::default(), None), partition: Partition::default() }
    }

    /// Makes persons of one partition. Persons that other partitions may hold as well are left out, as in a run.
    pub fn link(&self, index: usize, worker: &mut Worker<'_>) -> Linked {
        let Worker { linker, partition } = worker;
        partition.load(&self.shuffle, index).expect("rows in memory");
        let cross_partition_enps = (self.partitions() > 1).then(|| self.shuffle.cross_partition_enps(index));
        linker.link(partition, PartitionContext { cross_partition_enps, former: None })
    }
}

/// Linker and buffers of one thread.
pub struct Worker<'w> {
    pub linker: Linker<'w>,
    pub partition: Partition,
}
