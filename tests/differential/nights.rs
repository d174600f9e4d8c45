//! Person ids over several nights: the engine and the reference implementation over changing parts of random regions (SEM-420 to SEM-424).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use sverka::engine::{RunOptions, RunOutcome, run};
use sverka::job::Job;
use sverka_kernel::shuffle::BUCKET_BITS;
use sverka_publish::OutputTable;

use super::{execution, from_environment, people, region};
use crate::published::{Execution, PublishedRun, fast_folder, load, table_bytes, with_options};
use crate::reference::ids::{KnownIds, Night, continued};
use crate::reference::{self, Expected};
use crate::regions::splitmix::SplitMix;
use crate::regions::{Region, Row};

const NIGHTS: u64 = 4;

#[test]
fn the_former_ids_are_continued_in_any_split_of_the_sources() {
    let first = from_environment("SVERKA_SEED").unwrap_or(0);
    // A seed is five runs, and as many computations of the reference.
    let count = from_environment("SVERKA_REGIONS").map_or(5, |regions| regions.div_ceil(20));
    for seed in first..first + count {
        nights(seed);
    }
}

/// The region of one night: some rows have not come yet or come no more, some persons have another surname, and decisions of people come and go.
fn of_night(region: &Region, seed: u64, night: u64) -> Region {
    let mut random = SplitMix(seed.wrapping_mul(31).wrapping_add(night));
    let mut of_night = region.clone();
    let share = [3, 0, 6, 2][night as usize % 4];
    for file in of_night.registers.iter_mut().chain(&mut of_night.attachments) {
        let columns: Vec<usize> = ["surname", "snils", "enp", "birth_date"]
            .iter()
            .filter_map(|name| file.header.iter().position(|column| column == name))
            .collect();
        let values: Vec<Vec<String>> = file
            .rows
            .iter()
            .filter_map(|row| match row {
                Row::Fields(fields) => Some(fields.clone()),
                Row::Raw(_) => None,
            })
            .collect();
        for row in &mut file.rows {
            let (leaves, changes, column, other) =
                (random.below(10) < share, random.below(12) == 0, random.below(4), random.below(1000));
            if leaves {
                *row = Row::Raw(Vec::new());
            } else if let (Row::Fields(fields), true, Some(&column), false) =
                (row, changes, columns.get(column), values.is_empty())
            {
                fields[column] = values[other % values.len()][column].clone();
            }
        }
    }
    if random.below(2) == 0 {
        of_night.overrides.clear();
    }
    of_night
}

/// The nights of one seed. An unchanged night comes after the others.
fn nights(seed: u64) {
    let region = region(seed);
    let folder = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
    let mut known = KnownIds::new();
    for night in 0..NIGHTS {
        let of_night = of_night(&region, seed, night);
        let expected = reference::reconcile(&of_night);
        let identities = reference::identities(&of_night);
        let by_content = written_ids(&of_night, folder.path(), "content", &expected);
        let ids = written_ids(&of_night, folder.path(), "continued", &expected);
        let expected = continued(&known, &identities, &by_content, &ids);
        for (person, id) in expected.ids.iter().enumerate() {
            assert_eq!(ids[person], *id, "seed {seed}, night {night}: the id of person {person}");
        }
        let is_new = |event: &&(i64, &str, Option<i64>)| event.1 == "new" && known.get(&event.0).is_some_and(|known| !known.gone);
        assert_eq!(expected.events.iter().find(is_new), None, "seed {seed}, night {night}: an id of somebody else");
        let job = load(&folder.path().join("job.toml"), &folder.path().join("out"));
        let outcome = run_it(&job, execution(seed + 1000 * night));
        if outcome.recognised {
            continue;
        }
        compare(&PublishedRun::read(&outcome.dir), &expected, night == 0, &format!("seed {seed}, night {night}"));
        let again = run_it(&job, Execution::default());
        assert!(again.recognised && again.dir == outcome.dir, "seed {seed}, night {night}: the same inputs are the same run");
        known = expected.known;
    }
    unchanged(folder.path(), seed);
}

/// Writes the region with a kind of ids; returns the ids that the engine gives to the persons of the reference.
fn written_ids(region: &Region, dir: &Path, kind: &str, expected: &Expected) -> Vec<i64> {
    region.write_to(dir).expect("a written region");
    let path = dir.join("job.toml");
    let text = fs::read_to_string(&path).expect("a job");
    fs::write(&path, format!("{text}\n[identity]\nids = \"{kind}\"\n")).expect("a job");
    let job = load(&path, &dir.join("out"));
    people::ids(&job, Execution { partition_bits: Some(0), ..Execution::default() }, expected)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a job, however much smaller it is than the run before.
fn run_it(job: &Job, execution: Execution) -> RunOutcome {
    let outcome = with_options(execution, |options| {
        let started_at = options.started_at.clone();
        run(
            job,
            &RunOptions { accept_shrink: true, ids_from: None, correction_of: None, spill_dir: None, started_at, ..*options },
        )
    });
    outcome.unwrap_or_else(|error| panic!("{error}"))
}

/// The tables about ids.
fn compare(run: &PublishedRun, expected: &Night, is_first: bool, place: &str) {
    let events: BTreeSet<(i64, String, Option<i64>)> = run
        .rows(OutputTable::PersonEvents)
        .map(|row| {
            (row.number("person_id"), row.text("event").to_owned(), row.get("other_id").map(|id| id.parse().expect("an id")))
        })
        .collect();
    let all = expected.events.iter().map(|(id, event, other)| (*id, (*event).to_owned(), *other));
    let expected_events: BTreeSet<_> = if is_first { BTreeSet::new() } else { all.collect() };
    assert_eq!(events, expected_events, "{place}: events");
    let mut found: BTreeMap<i64, (usize, Option<i64>, bool)> = BTreeMap::new();
    for row in run.rows(OutputTable::PersonIds) {
        let id = row.number("person_id");
        let state = (row.get("taken_over_by").map(|id| id.parse().expect("an id")), row.text("gone") == "true");
        let of_id = found.entry(id).or_insert((0, state.0, state.1));
        assert_eq!((of_id.1, of_id.2), state, "{place}: all rows of {id} have one state");
        of_id.0 += usize::from(row.number("identity") != id);
    }
    let known: BTreeMap<i64, (usize, Option<i64>, bool)> =
        expected.known.iter().map(|(id, known)| (*id, (known.identities.len(), known.taken_over_by, known.gone))).collect();
    let differing =
        known.iter().find(|(id, known)| found.get(id) != Some(known)).map(|(id, _)| (&expected.known[id], found.get(id)));
    assert!(found == known, "{place}: known ids, such as {differing:?}");
}

/// Another run over the same sources, which another layout of the job makes another job: no event, and the same ids, however it is computed.
fn unchanged(dir: &Path, seed: u64) {
    let path = dir.join("job.toml");
    let text = fs::read_to_string(&path).expect("a job");
    fs::write(&path, format!("# The same again.\n{text}")).expect("a job");
    let former = fs::canonicalize(dir.join("out/current")).expect("a run");
    let mut tables = Vec::new();
    for (out, bits) in [("a", 0), ("b", BUCKET_BITS), ("c", 3)] {
        let out = dir.join(out);
        copy_run(&former, &out);
        let job = load(&path, &out);
        let execution = Execution { partition_bits: Some(bits), worker_bytes: (bits == 3).then_some(0), ..Execution::default() };
        let outcome = run_it(&job, execution);
        assert_eq!(PublishedRun::read(&outcome.dir).table(OutputTable::PersonEvents).len(), 0, "seed {seed}: no event");
        tables.push(table_bytes(&outcome.dir));
    }
    let name = OutputTable::PersonIds.file_name();
    assert!(tables.windows(2).all(|pair| pair[0] == pair[1]), "seed {seed}: partitions do not show");
    let before = table_bytes(&former);
    assert!(before[&name] == tables[0][&name], "seed {seed}: unchanged inputs give the same ids");
    assert!(before["persons.parquet"] == tables[0]["persons.parquet"], "seed {seed}: unchanged inputs give the same persons");
}

/// An output folder with one run, which is the current one.
fn copy_run(run: &Path, out: &Path) {
    let name = run.file_name().expect("a run id");
    let to = out.join("runs").join(name);
    fs::create_dir_all(&to).expect("a folder");
    for entry in fs::read_dir(run).expect("a run") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
    std::os::unix::fs::symlink(Path::new("runs").join(name), out.join("current")).expect("a link");
}
