//! Oddities of documents apart from the findings of their rows: facts about a document as a whole, and flaws of
//! unreadable records.

use std::collections::BTreeMap;

use sverka_intake::{DocumentFact, RecordFlaw};
use sverka_model::RowId;

/// Records of a source with one flaw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlawedRecords {
    /// Number of records.
    pub count: u64,
    /// Row id of the first record.
    pub first: RowId,
}

/// Oddities of documents, of one worker or of all.
#[derive(Debug, Default)]
pub struct OddDocuments {
    /// Facts about documents, by chunk of the plan.
    pub facts: Vec<(u32, DocumentFact)>,
    /// Unreadable records, by source (an index of the plan) and flaw.
    pub flaws: BTreeMap<(u32, RecordFlaw), FlawedRecords>,
}

impl OddDocuments {
    /// Adds an unreadable record.
    pub(super) fn note_flaw(&mut self, source: u32, flaw: RecordFlaw, row_id: RowId) {
        self.add(source, flaw, FlawedRecords { count: 1, first: row_id });
    }

    /// Adds the oddities of another worker.
    pub fn merge(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.facts.sort_by_key(|(chunk, _)| *chunk);
        other.flaws.into_iter().for_each(|((source, flaw), records)| self.add(source, flaw, records));
    }

    fn add(&mut self, source: u32, flaw: RecordFlaw, records: FlawedRecords) {
        let known = self.flaws.entry((source, flaw)).or_insert(FlawedRecords { count: 0, ..records });
        known.count += records.count;
        known.first = known.first.min(records.first);
    }
}
