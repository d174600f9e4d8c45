//! Notes for the user on oddities of documents. Findings of rows and sources are made elsewhere.

use super::progress::Progress;
use crate::job::Source;
use sverka_check::{OddDocuments, ReadPlan};
use sverka_intake::RecordFlaw;
use sverka_model::RowIds;

/// Reports the facts about whole documents. Missing rows and facts about values are left out: they are events of the run.
pub(super) fn note_document_facts(odd: &OddDocuments, plan: &ReadPlan<'_>, sources: &[Source], progress: &dyn Progress) {
    for (chunk, fact) in odd.facts.iter().filter(|(_, fact)| !fact.is_shortfall() && !fact.concerns_values()) {
        progress.note(&format!("{}: {fact}", sources[plan.source_of(*chunk).source].name));
    }
}

/// Note on records of a source that cannot be read.
pub(super) struct FlawNote {
    /// Index of the source in the job.
    pub source: usize,
    /// Flaw of the records.
    pub flaw: RecordFlaw,
    /// Sentence for the user.
    pub sentence: String,
}

/// Notes on all records of a plan that cannot be read.
pub(super) fn flaw_notes<'o>(
    odd: &'o OddDocuments,
    plan: &'o ReadPlan<'_>,
    row_ids: &'o RowIds,
) -> impl Iterator<Item = FlawNote> + 'o {
    odd.flaws.iter().map(|((source, flaw), records)| {
        let line = row_ids.source_line(records.first).line;
        let sentence = match records.count {
            1 => format!("record {line} cannot be read: {flaw}"),
            count => format!("{count} records cannot be read, the first one is record {line}: {flaw}"),
        };
        FlawNote { source: plan.sources()[*source as usize].source, flaw: *flaw, sentence }
    })
}
