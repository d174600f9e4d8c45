//! Run of a target over randomly changed inputs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::Target;
use super::change::{Random, change};
use super::kept::{folder, inputs};
use super::watch::{CaughtPanic, Memory, Watchdog, caught};

/// Variable with the seconds of a run, set by `scripts/fuzz`.
const SECONDS: &str = "SVERKA_FUZZ_SECONDS";
/// Variable with the random seed, set by `scripts/fuzz`.
const SEED: &str = "SVERKA_FUZZ_SEED";
/// Number of inputs of an ordinary test run.
const FEW_INPUTS: u64 = 1500;
/// Most time for an input of 64 KiB, even on a busy machine. An input that takes longer hangs.
const MOST_TIME: Duration = Duration::from_secs(20);
/// Most growth of the memory of a run after its first tenth.
const MOST_GROWTH_KIB: u64 = 64 << 10;
/// Most memory that one input may take for a while.
const MOST_PEAK_KIB: u64 = 512 << 10;
/// Most seeds: inputs with new behaviour, which are changed further.
const MOST_SEEDS: usize = 4000;
/// Number of different findings that ends a run.
const MOST_FINDINGS: usize = 12;

/// Runs a target for the time in the environment, else over a few inputs that are always the same.
pub fn fuzz(target: &mut impl Target) {
    let variable = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().expect("a number"));
    let seconds = variable(SECONDS).map(Duration::from_secs);
    let mut run = Run::new(target, variable(SEED).unwrap_or(1), seconds.is_some());
    run.read_seeds();
    let begun = Instant::now();
    let (mut before, mut shown) = (None, 0);
    loop {
        let is_over = match seconds {
            Some(seconds) => begun.elapsed() >= seconds,
            None => run.inputs >= FEW_INPUTS,
        };
        if is_over || run.findings.len() >= MOST_FINDINGS {
            break;
        }
        run.read_changed_seed();
        let Some(seconds) = seconds else { continue };
        if before.is_none() && begun.elapsed() >= seconds / 10 {
            before = Some(Memory::now());
        }
        if begun.elapsed().as_secs() / 60 > shown {
            shown = begun.elapsed().as_secs() / 60;
            eprintln!("{}", run.progress_line(begun.elapsed()));
        }
    }
    if seconds.is_some() {
        let now = Memory::now();
        let before = before.unwrap_or(now);
        eprintln!("{}", run.progress_line(begun.elapsed()));
        eprintln!(
            "memory: {} MiB after a tenth, {} MiB at the end, at most {} MiB",
            before.kib >> 10,
            now.kib >> 10,
            now.peak_kib >> 10
        );
        run.print_behaviours();
        assert!(now.kib <= before.kib + MOST_GROWTH_KIB, "memory grew");
        assert!(now.peak_kib <= before.kib + MOST_PEAK_KIB, "an input took much memory");
    }
    assert!(run.findings.is_empty(), "findings: {:#?}", run.findings);
}

/// State of a run.
struct Run<'t, T> {
    target: &'t mut T,
    random: Random,
    watchdog: Option<Watchdog>,
    /// Folder of inputs with findings.
    folder: PathBuf,
    seeds: Vec<Vec<u8>>,
    /// Number of inputs that showed each behaviour.
    behaviours: BTreeMap<String, u64>,
    /// Combinations of behaviours that single inputs showed.
    combinations: BTreeSet<Vec<String>>,
    inputs: u64,
    bytes: u64,
    slowest: Duration,
    /// Findings by the location of the panic in the code.
    findings: BTreeMap<String, String>,
}

impl<'t, T: Target> Run<'t, T> {
    fn new(target: &'t mut T, seed: u64, is_long: bool) -> Self {
        let folder = if is_long { folder(T::CORPUS) } else { std::env::temp_dir() };
        Self {
            target,
            random: Random::new(seed),
            watchdog: is_long.then(|| Watchdog::new(MOST_TIME, &folder)),
            folder,
            seeds: Vec::new(),
            behaviours: BTreeMap::new(),
            combinations: BTreeSet::new(),
            inputs: 0,
            bytes: 0,
            slowest: Duration::ZERO,
            findings: BTreeMap::new(),
        }
    }

    /// Reads the corpus and the seeds of the target.
    fn read_seeds(&mut self) {
        let kept = inputs::<T>().into_iter().map(|input| input.bytes);
        let begin: Vec<Vec<u8>> =
            kept.chain(self.target.seeds()).filter(|input| input.len() <= super::change::MOST_BYTES).collect();
        assert!(!begin.is_empty(), "there is nothing to change");
        for input in begin {
            self.read(&input);
            self.seeds.push(input);
        }
    }

    /// Changes a seed and reads it.
    fn read_changed_seed(&mut self) {
        let Self { random, seeds, target, .. } = self;
        let mut input = random.pick(seeds).clone();
        let other = random.pick(seeds);
        if target.change(&mut input, random) {
            change(&mut input, other, T::PIECES, random);
        }
        if self.read(&input) {
            if self.seeds.len() < MOST_SEEDS {
                self.seeds.push(input);
            } else {
                let place = self.random.below(MOST_SEEDS);
                self.seeds[place] = input;
            }
        }
    }

    /// Reads an input. Returns whether it showed a new combination of behaviours.
    fn read(&mut self, input: &[u8]) -> bool {
        self.inputs += 1;
        self.bytes += input.len() as u64;
        let begun = Instant::now();
        if let Some(watchdog) = &self.watchdog {
            watchdog.begin(input);
        }
        let outcome = caught(|| self.target.read(input));
        if let Some(watchdog) = &self.watchdog {
            watchdog.end();
        }
        self.slowest = self.slowest.max(begun.elapsed());
        match outcome {
            Err(CaughtPanic { location, message }) => {
                if !self.findings.contains_key(&location) {
                    let input = self.shrunk(input, &location);
                    let path = self.folder.join(format!("found-{}", &blake3::hash(&input).to_hex()[..12]));
                    let path = T::ENDING.map_or(path.clone(), |ending| path.with_extension(ending));
                    let _ = std::fs::write(&path, &input);
                    eprintln!("{}: {message}", path.display());
                    self.findings.insert(location, format!("{}: {message}", path.display()));
                }
                false
            }
            Ok(behaviours) => {
                for behaviour in &behaviours {
                    *self.behaviours.entry(behaviour.clone()).or_default() += 1;
                }
                self.combinations.insert(behaviours.into_iter().collect())
            }
        }
    }

    /// The input without the pieces that it does not need to panic at the same location in the code.
    fn shrunk(&mut self, input: &[u8], location: &str) -> Vec<u8> {
        let mut input = input.to_owned();
        let until = Instant::now() + Duration::from_secs(20);
        let mut length = input.len() / 2;
        while length > 0 {
            let mut at = 0;
            while at < input.len() && Instant::now() < until {
                let mut shorter = input.clone();
                shorter.drain(at..(at + length).min(input.len()));
                let fails = caught(|| self.target.read(&shorter)).is_err_and(|panic| panic.location == location);
                if fails { input = shorter } else { at += length }
            }
            length /= 2;
        }
        input
    }

    /// Line about the progress of the run.
    fn progress_line(&self, elapsed: Duration) -> String {
        let Self { inputs, bytes, slowest, .. } = self;
        format!(
            "{}: {inputs} inputs with {} MB in {} s, the slowest {} ms, {} seeds, {} behaviours in {} combinations, {} findings",
            T::CORPUS,
            bytes / 1_000_000,
            elapsed.as_secs(),
            slowest.as_millis(),
            self.seeds.len(),
            self.behaviours.len(),
            self.combinations.len(),
            self.findings.len()
        )
    }

    fn print_behaviours(&self) {
        for (behaviour, count) in &self.behaviours {
            eprintln!("    {count:>9} {behaviour}");
        }
    }
}
