//! Progress of a run: stages report amounts of work to a listener, never text for the user.
//!
//! Terminals are not known here; the command line brings the listener that draws bars or prints lines. Neither amounts
//! nor notes may hold personal data.

/// Unit of the amounts of a stage.
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

/// Listener of a run.
pub trait Progress: Sync {
    /// Starts a stage with `total` units of work; 0 when the total is not known.
    fn stage(&self, name: &'static str, total: u64, unit: Unit) -> Box<dyn StageProgress>;

    /// Takes one sentence about the run as a whole.
    fn note(&self, message: &str);
}

/// Listener of one stage, called from many threads at once.
pub trait StageProgress: Sync + Send {
    /// Reports that `amount` more units are done. Called for each chunk of work, not for each row.
    fn advance(&self, amount: u64);

    /// Reports that the stage is complete. A stage that is dropped without this call has failed or was interrupted.
    fn finish(&self);
}

/// Listener that ignores everything.
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
