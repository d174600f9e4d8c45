//! Notes on what is odd about documents, for whoever waits for a run or a check. The findings of rows and sources are made elsewhere.

use super::progress::Progress;
use crate::check::{OddDocuments, ReadPlan};
use crate::intake::Places;
use crate::job::Source;

/// Notes the facts about whole documents of a plan, whose sources are `sources`. Missing rows and what concerns values are events of the run, told with the others.
pub(super) fn note_facts(odd: &OddDocuments, plan: &ReadPlan<'_>, sources: &[Source], progress: &dyn Progress) {
    for (chunk, fact) in odd.facts.iter().filter(|(_, fact)| !fact.is_shortfall() && !fact.concerns_values()) {
        progress.note(&format!("{}: {fact}", sources[plan.source_of(*chunk).source].name));
    }
}

/// Notes why records of a plan cannot be read.
pub(super) fn note_flaws(odd: &OddDocuments, plan: &ReadPlan<'_>, sources: &[Source], places: &Places, progress: &dyn Progress) {
    for ((source, flaw), records) in &odd.flaws {
        let name = &sources[plan.sources()[*source as usize].source].name;
        let line = places.position(records.first).1;
        progress.note(&match records.count {
            1 => format!("{name}: record {line} cannot be read: {flaw}"),
            count => format!("{name}: {count} records cannot be read, the first one is record {line}: {flaw}"),
        });
    }
}
