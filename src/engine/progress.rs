//! What a running stage tells of itself, and to whom: the stages report amounts of work, never text for people.
//!
//! This module does not know terminals; the command line brings the listener that draws bars or prints lines. No amount and no note may
//! carry personal data.

/// What the amounts of a stage count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of input or output.
    Bytes,
    /// Insured persons.
    Persons,
    /// Rows of a table.
    Rows,
    /// Small tasks, such as tables to write.
    Steps,
}

/// Listens to a run.
pub trait Progress: Sync {
    /// A stage begins that has `total` units of work to do; 0 when that is not known.
    fn stage(&self, name: &'static str, total: u64, unit: Unit) -> Box<dyn StageProgress>;

    /// One sentence about the run as a whole.
    fn note(&self, message: &str);
}

/// Listens to one stage, from many threads at once.
pub trait StageProgress: Sync + Send {
    /// `amount` more units are done. Cheap enough to be called for each chunk of work, not for each row.
    fn advance(&self, amount: u64);

    /// The stage is complete. A stage that is dropped without this has failed or was interrupted.
    fn finish(&self);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _name: &'static str, _total: u64, _unit: Unit) -> Box<dyn StageProgress> {
        Box::new(Self)
    }

    fn note(&self, _message: &str) {}
}

impl StageProgress for Silent {
    fn advance(&self, _amount: u64) {}

    fn finish(&self) {}
}
