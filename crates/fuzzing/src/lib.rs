//! Inputs that chance has changed, for everything that reads what others sent: no panic, no hang, no growth of memory, and the same rows
//! however an input is cut or packed.
//!
//! ```text
//! seeds (tests/corpus, samples) ─ change ─ Target::read ─┬─ new behaviour: the input is a seed, too
//!                                                        └─ panic, too slow, too much memory: made small and kept
//! ```
//!
//! An ordinary test run gives each target a few thousand inputs, always the same. `scripts/fuzz TARGET MINUTES` gives it time and another
//! random seed. What is found is kept in `tests/corpus/TARGET` and read again by the tests from then on; `docs/fuzzing.md` tells how.

mod change;
pub mod kept;
mod run;
mod watch;

use std::collections::BTreeSet;

pub use change::Random;
pub use kept::replay;
pub use run::fuzz;

/// One thing that reads inputs.
pub trait Target {
    /// The folder of its corpus.
    const CORPUS: &'static str;
    /// What files of the corpus are called behind the point; none for all but texts.
    const ENDING: Option<&'static str> = None;
    /// Pieces that mean something to it, or do damage where they do not belong.
    const PIECES: &'static [&'static [u8]];

    /// Inputs to begin with, beside the corpus.
    fn seeds(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }

    /// A change that changed bytes hardly make; whether bytes are to be changed, too.
    fn change(&self, _input: &mut Vec<u8>, _random: &mut Random) -> bool {
        true
    }

    /// Reads an input in every way, and panics when the ways do not agree. Gives the kinds of things that happened, in a few words each.
    fn read(&mut self, input: &[u8]) -> BTreeSet<String>;
}

/// The kind of an error: the name of its variant, without what it tells of the input.
pub fn kind(error: &impl std::fmt::Debug) -> String {
    format!("{error:?}").chars().take_while(|sign| sign.is_alphanumeric()).collect()
}
