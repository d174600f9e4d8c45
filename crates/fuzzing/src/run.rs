//! A run: inputs of a target, changed by chance, one after another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::Target;
use super::change::{Random, change};
use super::kept::{folder, inputs};
use super::watch::{Watchdog, caught, memory_kib};

/// Set by `scripts/fuzz`: for how many seconds to run, and with which random seed.
const SECONDS: &str = "SVERKA_FUZZ_SECONDS";
const SEED: &str = "SVERKA_FUZZ_SEED";
/// Inputs of an ordinary test run.
const FEW_INPUTS: u64 = 1500;
/// An input of 64 KiB that takes longer hangs, even on a machine that does other things as well.
const MOST_TIME: Duration = Duration::from_secs(20);
/// By so much the memory of a run may grow behind its first tenth, and so much more may one input take for a while.
const MOST_GROWTH_KIB: u64 = 64 << 10;
const MOST_PEAK_KIB: u64 = 512 << 10;
/// So many inputs that did something new are changed further.
const MOST_SEEDS: usize = 4000;
/// So many different findings end a run.
const MOST_FINDINGS: usize = 12;

/// Runs a target: as long as the environment says, or else over a few inputs that are always the same.
pub fn fuzz(target: &mut impl Target) {
    let set = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().expect("a number"));
    let seconds = set(SECONDS).map(Duration::from_secs);
    let mut run = Run::new(target, set(SEED).unwrap_or(1), seconds.is_some());
    run.seeds();
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
        run.changed();
        let Some(seconds) = seconds else { continue };
        if before.is_none() && begun.elapsed() >= seconds / 10 {
            before = Some(memory_kib());
        }
        if begun.elapsed().as_secs() / 60 > shown {
            shown = begun.elapsed().as_secs() / 60;
            eprintln!("{}", run.told(begun.elapsed()));
        }
    }
    if seconds.is_some() {
        let (now, peak) = memory_kib();
        let (then, _) = before.unwrap_or((now, peak));
        eprintln!("{}", run.told(begun.elapsed()));
        eprintln!("memory: {} MiB after a tenth, {} MiB at the end, at most {} MiB", then >> 10, now >> 10, peak >> 10);
        run.tell_behaviours();
        assert!(now <= then + MOST_GROWTH_KIB, "memory grew");
        assert!(peak <= then + MOST_PEAK_KIB, "an input took much memory");
    }
    assert!(run.findings.is_empty(), "findings: {:#?}", run.findings);
}

struct Run<'t, T> {
    target: &'t mut T,
    random: Random,
    watchdog: Option<Watchdog>,
    /// Where findings are kept.
    folder: PathBuf,
    seeds: Vec<Vec<u8>>,
    /// How many inputs showed each behaviour.
    behaviours: BTreeMap<String, u64>,
    /// The combinations of behaviours of single inputs.
    combinations: BTreeSet<Vec<String>>,
    inputs: u64,
    bytes: u64,
    slowest: Duration,
    /// By place in the code.
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

    /// Reads what there is to begin with.
    fn seeds(&mut self) {
        let kept = inputs::<T>().into_iter().map(|(_, input)| input);
        let begin: Vec<Vec<u8>> =
            kept.chain(self.target.seeds()).filter(|input| input.len() <= super::change::MOST_BYTES).collect();
        assert!(!begin.is_empty(), "there is nothing to change");
        for input in begin {
            self.read(&input);
            self.seeds.push(input);
        }
    }

    /// Reads a changed seed.
    fn changed(&mut self) {
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

    /// Reads an input; whether it did something new.
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
            Err((place, message)) => {
                if !self.findings.contains_key(&place) {
                    let input = self.made_small(input, &place);
                    let path = self.folder.join(format!("found-{}", &blake3::hash(&input).to_hex()[..12]));
                    let path = T::ENDING.map_or(path.clone(), |ending| path.with_extension(ending));
                    let _ = std::fs::write(&path, &input);
                    eprintln!("{}: {message}", path.display());
                    self.findings.insert(place, format!("{}: {message}", path.display()));
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

    /// The shortest input that was found by leaving pieces out and that still fails at the same place in the code.
    fn made_small(&mut self, input: &[u8], place: &str) -> Vec<u8> {
        let mut input = input.to_owned();
        let until = Instant::now() + Duration::from_secs(20);
        let mut length = input.len() / 2;
        while length > 0 {
            let mut at = 0;
            while at < input.len() && Instant::now() < until {
                let mut shorter = input.clone();
                shorter.drain(at..(at + length).min(input.len()));
                let fails = caught(|| self.target.read(&shorter)).is_err_and(|(found, _)| found == place);
                if fails { input = shorter } else { at += length }
            }
            length /= 2;
        }
        input
    }

    fn told(&self, elapsed: Duration) -> String {
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

    fn tell_behaviours(&self) {
        for (behaviour, count) in &self.behaviours {
            eprintln!("    {count:>9} {behaviour}");
        }
    }
}
