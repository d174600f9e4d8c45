//! The tables that are not in the order of persons: all at once, each in row groups that any thread encodes.

use std::collections::BTreeMap;
use std::path::Path;

use super::account::FindingCounts;
use super::block_rows::PersonTotals;
use super::end_days::EndDays;
use super::error::RunError;
use super::floods::CodeRows;
use super::linking::LinkedRows;
use super::memory::MemoryPlan;
use super::options::RunOptions;
use super::quality::{CodeTally, Quality};
use super::sources::Checked;
use super::tables::{
    self, CollectedFindings, DuplicateGroups, EntryOutcome, FindingContext, FindingGroups, Found, QuarantineColumns,
    QuarantineGroups,
};
use super::tasks::share_out;
use crate::job::{Job, Source};
use sverka_check::SourceFinding;
use sverka_kernel::funding::{Funding, HeadCounts};
use sverka_model::{Code, Owner, RowId, Severity};
use sverka_publish::{OutputTable, TableSink, WrittenTable, write_table};

/// What the tables that are not in the order of persons are made of.
#[derive(Clone, Copy)]
pub(super) struct SmallTables<'r> {
    pub job: &'r Job,
    pub checked: &'r Checked,
    pub linked: &'r LinkedRows,
    pub finding_context: FindingContext<'r>,
    pub heads: &'r HeadCounts,
    pub funding: &'r Funding,
    pub overrides: &'r [EntryOutcome],
    pub memory: &'r MemoryPlan,
}

/// The tables, and what was counted on the way.
pub(super) struct SmallTablesWritten {
    pub tables: Vec<WrittenTable>,
    pub finding_counts: FindingCounts,
    /// Codes of warnings that flood a source (as an index of the job's), with the numbers of their rows.
    pub floods: BTreeMap<(usize, Code), u64>,
    pub quality: sverka_publish::Quality,
}

/// Tables of few rows, each written by one thread.
const WHOLE_TABLES: [OutputTable; 7] = [
    OutputTable::Quality,
    OutputTable::Headcount,
    OutputTable::FundingClinic,
    OutputTable::FundingInsurerClinic,
    OutputTable::Overrides,
    OutputTable::Insurers,
    OutputTable::Clinics,
];

impl<'r> SmallTables<'r> {
    /// Writes the tables into `dir`; `found` are the findings of accepted rows and persons.
    pub fn write(
        self,
        mut found: Vec<CollectedFindings>,
        totals: &PersonTotals,
        dir: &Path,
        options: &RunOptions<'_>,
    ) -> Result<SmallTablesWritten, RunError> {
        let quarantine = self.write_quarantine(&mut found, dir, options)?;
        let floods = self.floods(&found);
        found.push(self.findings_of_sources(&floods, &totals.end_days)?);
        let mut tally = CodeTally::default();
        found.iter().for_each(|of_worker| tally.merge(&of_worker.tally));
        let quality = Quality::new(self.checked, self.linked, &tally, &totals.conflicts);
        let mut tables = self.write_others(&found, &quality, dir, options)?;
        tables.extend(quarantine);
        let (finding_counts, quality) = (counted(&tally, &self.job.sources), quality.told(self.job));
        Ok(SmallTablesWritten { tables, finding_counts, floods, quality })
    }

    /// The codes of warnings that flood sources for which that is to be told.
    fn floods(&self, found: &[CollectedFindings]) -> BTreeMap<(usize, Code), u64> {
        let mut rows_with = CodeRows::default();
        found.iter().for_each(|of_worker| rows_with.merge(&of_worker.rows));
        let rows: Vec<u64> = self.checked.accounts.iter().map(|account| account.rows).collect();
        let mut floods = rows_with.floods(&self.job.sources, &rows, &self.job.rules.sources);
        floods.retain(|(source, _), _| self.job.sources[*source].severities.is_on(Code::Systematic));
        floods
    }

    /// Writes the quarantine, and adds the findings of its rows to `found`.
    fn write_quarantine(
        &self,
        found: &mut Vec<CollectedFindings>,
        dir: &Path,
        options: &RunOptions<'_>,
    ) -> Result<Option<WrittenTable>, RunError> {
        let FindingContext { names, row_ids, .. } = self.finding_context;
        let groups = QuarantineGroups::new(&self.checked.shuffle, names, row_ids);
        let sink = self.sink(OutputTable::Quarantine, dir)?;
        let new_found = || self.finding_context.found_rows(self.memory.finding_policy());
        let workers = share_out(groups.count(), self.memory, options, new_found, |found, group| {
            let mut columns = QuarantineColumns::new(names, row_ids);
            groups.for_each_row(group, |row| {
                for (code, field) in row.findings() {
                    let (row_id, owner, record_id) = (row.row_id, row.owner, row.record_id);
                    found.push(&Found { row_id, owner, code, field, record_id, person_id: None });
                }
                if sink.is_some() {
                    columns.push(&row);
                }
            })?;
            match &sink {
                Some(sink) => Ok(sink.put(group, sink.encoder().encode(&columns.finish()?)?)?),
                None => Ok(()),
            }
        })?;
        for of_worker in workers {
            found.push(of_worker.settle()?);
        }
        Ok(sink.map(TableSink::finish).transpose()?)
    }

    /// What was found about sources as a whole: line 0, without field and record.
    fn findings_of_sources(
        &self,
        floods: &BTreeMap<(usize, Code), u64>,
        end_days: &EndDays,
    ) -> Result<CollectedFindings, RunError> {
        let table_of = |source: usize| self.job.sources[source].layout.tables().next();
        let finding = |source, code| Some(SourceFinding { source, table: table_of(source)?, code });
        let of_floods = floods.keys().filter_map(|&(source, _)| finding(source, Code::Systematic));
        let doubtful = (0..self.job.sources.len()).filter(|&source| end_days.doubtful(source).is_some());
        let of_ends = doubtful.filter_map(|source| finding(source, Code::EndsOffByADay));
        let mut found = self.finding_context.found_rows(self.memory.finding_policy());
        for SourceFinding { source, table, code } in self.checked.of_sources.iter().copied().chain(of_floods).chain(of_ends) {
            let (row_id, owner) = (RowId::of_source(source), Owner { table, organisation: None });
            found.push(&Found { row_id, owner, code, field: None, record_id: b"", person_id: None });
        }
        Ok(found.settle()?)
    }

    /// Writes all tables but the quarantine.
    fn write_others(
        &self,
        found: &[CollectedFindings],
        quality: &Quality,
        dir: &Path,
        options: &RunOptions<'_>,
    ) -> Result<Vec<WrittenTable>, RunError> {
        let FindingContext { names, row_ids, .. } = self.finding_context;
        let LinkedRows { register_duplicates: register, attachment_duplicates: attachments, .. } = self.linked;
        let findings = FindingGroups::new(self.finding_context, found);
        let duplicates = DuplicateGroups { names, row_ids, attachments, register };
        let (findings_sink, duplicates_sink) = (self.sink(OutputTable::Findings, dir)?, self.sink(OutputTable::Duplicates, dir)?);
        let of_findings = findings_sink.as_ref().map_or(0, |_| findings.count());
        let of_duplicates = duplicates_sink.as_ref().map_or(0, |_| duplicates.count());
        let whole: Vec<OutputTable> = WHOLE_TABLES.into_iter().filter(|&table| self.job.tables.contains(table)).collect();
        let tasks = of_findings + of_duplicates + whole.len();
        let written = share_out(tasks, self.memory, options, Vec::new, |written, task| {
            match (task.checked_sub(of_findings), &findings_sink, &duplicates_sink) {
                (None, Some(sink), _) => sink.put(task, sink.encoder().encode(&findings.batch(task)?)?)?,
                (Some(group), _, Some(sink)) if group < of_duplicates => {
                    sink.put(group, sink.encoder().encode(&duplicates.batch(group)?)?)?;
                }
                (rest, ..) => {
                    let table = whole[rest.unwrap_or(0) - of_duplicates];
                    written.push(self.write_whole(table, quality, dir)?);
                }
            }
            Ok(())
        })?;
        let mut written = written.concat();
        let finish = |sink: Option<TableSink>| sink.map(TableSink::finish).transpose();
        let (findings, duplicates) = rayon::join(|| finish(findings_sink), || finish(duplicates_sink));
        written.extend(findings?);
        written.extend(duplicates?);
        Ok(written)
    }

    fn write_whole(&self, table: OutputTable, quality: &Quality, dir: &Path) -> Result<WrittenTable, RunError> {
        let batches = match table {
            OutputTable::Quality => tables::quality(self.job, quality)?,
            OutputTable::Headcount => vec![tables::headcount(self.job, self.heads)?],
            OutputTable::FundingClinic => vec![tables::funding_clinic(self.job, self.funding)?],
            OutputTable::FundingInsurerClinic => vec![tables::funding_insurer_clinic(self.job, self.funding)?],
            OutputTable::Insurers => vec![tables::insurers(self.job)?],
            OutputTable::Clinics => vec![tables::clinics(self.job)?],
            OutputTable::Overrides => vec![tables::overrides(self.job, self.overrides)?],
            other => unreachable!("{} is written in row groups", other.name()),
        };
        Ok(write_table(dir, table, batches)?)
    }

    /// The table's file, if the table is wanted.
    fn sink(&self, table: OutputTable, dir: &Path) -> Result<Option<TableSink>, RunError> {
        Ok(self.job.tables.contains(table).then(|| TableSink::create(dir, table)).transpose()?)
    }
}

/// Findings by code, and those that are errors for their sources.
fn counted(tally: &CodeTally, sources: &[Source]) -> FindingCounts {
    let mut counts = FindingCounts::default();
    for (source, _, code, count) in tally.iter() {
        *counts.all.entry(code).or_default() += count;
        if sources[source].severities.of(code) == Severity::Error {
            *counts.errors.entry(code).or_default() += count;
        }
    }
    counts
}
