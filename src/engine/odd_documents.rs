//! Notes on what is odd about documents, for whoever waits for a run or a check. The findings of rows and sources are made elsewhere.

use super::progress::Progress;
use crate::job::Source;
use sverka_check::{OddDocuments, ReadPlan};
use sverka_intake::RecordFlaw;
use sverka_model::RowIds;

/// Notes the facts about whole documents of a plan, whose sources are `sources`. Missing rows and what concerns values are events of the run, told with the others.
pub(super) fn note_facts(odd: &OddDocuments, plan: &ReadPlan<'_>, sources: &[Source], progress: &dyn Progress) {
    for (chunk, fact) in odd.facts.iter().filter(|(_, fact)| !fact.is_shortfall() && !fact.concerns_values()) {
        progress.note(&format!("{}: {fact}", sources[plan.source_of(*chunk).source].name));
    }
}

/// Why records of a plan cannot be read: the source of the job, the flaw, and a sentence for people.
pub(super) fn told_flaws<'o>(
    odd: &'o OddDocuments,
    plan: &'o ReadPlan<'_>,
    row_ids: &'o RowIds,
) -> impl Iterator<Item = (usize, RecordFlaw, String)> + 'o {
    odd.flaws.iter().map(|((source, flaw), records)| {
        let line = row_ids.source_line(records.first).1;
        let told = match records.count {
            1 => format!("record {line} cannot be read: {flaw}"),
            count => format!("{count} records cannot be read, the first one is record {line}: {flaw}"),
        };
        (plan.sources()[*source as usize].source, *flaw, told)
    })
}
