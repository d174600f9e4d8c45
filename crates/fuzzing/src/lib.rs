//! Randomly changed inputs for all readers of files: no panic, no hang, no growth of memory, and the same rows in all portions and packings of an
//! input.
//!
//! ```text
//! seeds (tests/corpus, samples) ─ change ─ Target::read ─┬─ new behaviour: the input is a seed, too
//!                                                        └─ panic, too slow, too much memory: shrunk and kept
//! ```
//!
//! An ordinary test run gives each target a few thousand inputs, always the same. `scripts/fuzz TARGET MINUTES` gives it more time and another
//! random seed. Inputs with findings are kept in `tests/corpus/TARGET`, and the tests read them again; see `docs/fuzzing.md`.

mod change;
pub mod kept;
mod run;
mod watch;

use std::collections::BTreeSet;

pub use change::Random;
pub use kept::replay;
pub use run::fuzz;

/// Reader of inputs under test.
pub trait Target {
    /// Folder of the corpus.
    const CORPUS: &'static str;
    /// Extension of the files of the corpus; `None` for all files but explanations.
    const ENDING: Option<&'static str> = None;
    /// Pieces of bytes that have a meaning in the format, or do damage in the wrong place.
    const PIECES: &'static [&'static [u8]];

    /// First inputs in addition to the corpus.
    fn seeds(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }

    /// Makes a change that random bytes hardly make. Returns whether bytes are to be changed as well.
    fn change(&self, _input: &mut Vec<u8>, _random: &mut Random) -> bool {
        true
    }

    /// Reads an input in every way, and panics if the results differ. Returns the kinds of behaviour, in a few words each.
    fn read(&mut self, input: &[u8]) -> BTreeSet<String>;
}

/// Kind of an error: the name of its variant, without the values of the input.
pub fn kind(error: &impl std::fmt::Debug) -> String {
    format!("{error:?}").chars().take_while(|sign| sign.is_alphanumeric()).collect()
}
