//! The tables that are not sorted by person id: written together, in row groups that any thread encodes.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::RunError;
use super::linking::LinkedRows;
use super::profile::StageMetrics;
use super::quality::{CodeTally, Quality};
use super::run_context::RunContext;
use super::run_results::{FindingCounts, StageResults};
use super::systematic::RowsByCode;
use super::tables::{
    self, CollectedFindings, DuplicateGroups, FindingContext, FindingGroups, FindingRow, QuarantineColumns, QuarantineGroups,
};
use super::tasks::run_tasks;
use crate::job::Source;
use sverka_check::SourceFinding;
use sverka_model::{Code, RowId, RowOwner, Severity};
use sverka_publish::{OutputTable, TableSink, WrittenTable, write_table};

/// Input of the tables that are not sorted by person id.
#[derive(Clone, Copy)]
pub(super) struct SmallTables<'r> {
    pub run: RunContext<'r>,
    /// Folder of the tables.
    pub dir: &'r Path,
    pub finding_context: FindingContext<'r>,
    pub stages: StageResults<'r>,
}

/// Result of writing the tables: files, counts of findings, quality figures.
pub(super) struct SmallTablesWritten {
    pub tables: Vec<WrittenTable>,
    pub finding_counts: FindingCounts,
    /// Number of rows with each systematic code, by source of the job.
    pub systematic: SystematicRows,
    pub quality: sverka_publish::Quality,
}

/// Number of rows with each systematic code, by index of the source in the job.
pub(super) type SystematicRows = BTreeMap<(usize, Code), u64>;

impl SmallTablesWritten {
    /// Rows and bytes of the tables.
    pub fn metrics(&self) -> StageMetrics {
        StageMetrics {
            rows: self.tables.iter().map(|table| table.rows).sum(),
            bytes: self.tables.iter().map(|table| table.bytes).sum(),
        }
    }
}

/// Tables of few rows; each is written by one thread.
const WHOLE_TABLES: [OutputTable; 16] = [
    OutputTable::Quality,
    OutputTable::Headcount,
    OutputTable::FundingClinic,
    OutputTable::FundingInsurerClinic,
    OutputTable::FundingBands,
    OutputTable::Norms,
    OutputTable::NormFactors,
    OutputTable::FundingPoints,
    OutputTable::FundingResults,
    OutputTable::ToPay,
    OutputTable::FundingInsurer,
    OutputTable::MoneyChecks,
    OutputTable::MissingSenders,
    OutputTable::Overrides,
    OutputTable::Insurers,
    OutputTable::Clinics,
];

impl<'r> SmallTables<'r> {
    /// Writes the tables; `findings` are the findings of accepted rows and persons.
    pub fn write(self, mut findings: Vec<CollectedFindings>) -> Result<SmallTablesWritten, RunError> {
        let quarantine = self.write_quarantine(&mut findings)?;
        let systematic = self.systematic_rows(&findings);
        findings.push(self.source_findings(&systematic)?);
        let mut tally = CodeTally::default();
        findings.iter().for_each(|worker| tally.merge(&worker.tally));
        let quality = Quality::new(self.stages.checked, self.stages.linked, &tally, &self.stages.totals.conflicts);
        let mut tables = self.write_others(&findings, &quality)?;
        tables.extend(quarantine);
        let (finding_counts, quality) = (finding_counts(&tally, &self.run.job.sources), quality.to_manifest(self.run.job));
        Ok(SmallTablesWritten { tables, finding_counts, systematic, quality })
    }

    /// Rows with systematic codes, of sources for which rule `SYSTEMATIC` is on.
    fn systematic_rows(&self, findings: &[CollectedFindings]) -> SystematicRows {
        let mut rows_with = RowsByCode::default();
        findings.iter().for_each(|worker| rows_with.merge(&worker.rows));
        let rows: Vec<u64> = self.stages.checked.source_results.iter().map(|result| result.rows).collect();
        let mut systematic = rows_with.systematic(&self.run.job.sources, &rows, &self.run.job.rules.sources);
        systematic.retain(|(source, _), _| self.run.job.sources[*source].severities.is_on(Code::Systematic));
        systematic
    }

    /// Writes the quarantine, and adds the findings of its rows to `findings`.
    fn write_quarantine(&self, findings: &mut Vec<CollectedFindings>) -> Result<Option<WrittenTable>, RunError> {
        let FindingContext { names, row_ids, .. } = self.finding_context;
        let groups = QuarantineGroups::new(&self.stages.checked.shuffle, names, row_ids);
        let sink = self.sink(OutputTable::Quarantine)?;
        let no_findings = || self.finding_context.worker_findings(self.run.memory.finding_policy());
        let workers = run_tasks(groups.count(), self.run, no_findings, |found, group| {
            let mut columns = QuarantineColumns::new(names, row_ids);
            groups.for_each_row(group, |row| {
                for (code, field) in row.findings() {
                    let (row_id, owner, record_id) = (row.row_id, row.owner, row.record_id);
                    found.push(&FindingRow { row_id, owner, code, field, record_id, person_id: None });
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
        for worker in workers {
            findings.push(worker.settle()?);
        }
        Ok(sink.map(TableSink::finish).transpose()?)
    }

    /// Findings about sources as a whole. They have line 0, no field and no record.
    fn source_findings(&self, systematic: &SystematicRows) -> Result<CollectedFindings, RunError> {
        let RunContext { job, memory, .. } = self.run;
        let table_of = |source: usize| job.sources[source].layout.tables().next();
        let finding = |source, code| Some(SourceFinding { source, table: table_of(source)?, code });
        let systematic = systematic.keys().filter_map(|&(source, _)| finding(source, Code::Systematic));
        let doubtful = (0..job.sources.len()).filter(|&source| self.stages.totals.end_days.doubtful(source).is_some());
        let doubtful = doubtful.filter_map(|source| finding(source, Code::EndsOffByADay));
        let mut found = self.finding_context.worker_findings(memory.finding_policy());
        for SourceFinding { source, table, code } in
            self.stages.checked.of_sources.iter().copied().chain(systematic).chain(doubtful)
        {
            let (row_id, owner) = (RowId::of_source(source), RowOwner { table, organisation: None });
            found.push(&FindingRow { row_id, owner, code, field: None, record_id: b"", person_id: None });
        }
        Ok(found.settle()?)
    }

    /// Writes all tables but the quarantine. Tasks are numbered: row groups of `findings`, row groups of `duplicates`, whole tables.
    fn write_others(&self, found: &[CollectedFindings], quality: &Quality) -> Result<Vec<WrittenTable>, RunError> {
        let FindingContext { names, row_ids, .. } = self.finding_context;
        let LinkedRows { register_duplicates: register, attachment_duplicates: attachments, .. } = self.stages.linked;
        let findings = FindingGroups::new(self.finding_context, found);
        let duplicates = DuplicateGroups { names, row_ids, attachments, register };
        let (findings_sink, duplicates_sink) = (self.sink(OutputTable::Findings)?, self.sink(OutputTable::Duplicates)?);
        let finding_groups = findings_sink.as_ref().map_or(0, |_| findings.count());
        let duplicate_groups = duplicates_sink.as_ref().map_or(0, |_| duplicates.count());
        let whole: Vec<OutputTable> = WHOLE_TABLES.into_iter().filter(|&table| self.run.job.tables.contains(table)).collect();
        let tasks = finding_groups + duplicate_groups + whole.len();
        let written = run_tasks(tasks, self.run, Vec::new, |written, task| {
            match (task.checked_sub(finding_groups), &findings_sink, &duplicates_sink) {
                (None, Some(sink), _) => sink.put(task, sink.encoder().encode(&findings.batch(task)?)?)?,
                (Some(group), _, Some(sink)) if group < duplicate_groups => {
                    sink.put(group, sink.encoder().encode(&duplicates.batch(group)?)?)?;
                }
                (rest, ..) => {
                    let table = whole[rest.unwrap_or(0) - duplicate_groups];
                    written.push(self.write_whole(table, quality)?);
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

    /// Writes a table of few rows.
    fn write_whole(&self, table: OutputTable, quality: &Quality) -> Result<WrittenTable, RunError> {
        let job = self.run.job;
        let batches = match table {
            OutputTable::Quality => tables::quality(job, quality)?,
            OutputTable::Headcount => vec![tables::headcount(job, &self.stages.totals.people)?],
            OutputTable::FundingClinic => vec![tables::funding_clinic(job, self.stages.funding)?],
            OutputTable::FundingInsurerClinic => vec![tables::funding_insurer_clinic(job, self.stages.funding)?],
            OutputTable::FundingBands => vec![tables::funding_bands(job, self.stages.funding)?],
            OutputTable::Norms => vec![tables::norms(job, self.stages.funding)?],
            OutputTable::NormFactors => vec![tables::norm_factors(job, self.stages.funding)?],
            OutputTable::FundingPoints => vec![tables::funding_points(job, self.stages.funding)?],
            OutputTable::FundingResults => vec![tables::funding_results(job, self.stages.funding)?],
            OutputTable::ToPay => vec![tables::to_pay(job, self.stages.funding)?],
            OutputTable::FundingInsurer => vec![tables::funding_insurer(job, self.stages.funding)?],
            OutputTable::MoneyChecks => vec![tables::money_checks(job, self.stages.funding)?],
            OutputTable::MissingSenders => vec![tables::missing_senders(self.stages.missing_senders)?],
            OutputTable::Insurers => vec![tables::insurers(job)?],
            OutputTable::Clinics => vec![tables::clinics(job)?],
            OutputTable::Overrides => vec![tables::overrides(job, self.stages.overrides)?],
            other => unreachable!("{} is written in row groups", other.name()),
        };
        Ok(write_table(self.dir, table, batches)?)
    }

    /// Sink of a table, if the job wants the table.
    fn sink(&self, table: OutputTable) -> Result<Option<TableSink>, RunError> {
        Ok(self.run.job.tables.contains(table).then(|| TableSink::create(self.dir, table)).transpose()?)
    }
}

/// Number of findings by code: all, and those that are errors for their sources.
fn finding_counts(tally: &CodeTally, sources: &[Source]) -> FindingCounts {
    let mut counts = FindingCounts::default();
    for (source, _, code, count) in tally.iter() {
        *counts.all.entry(code).or_default() += count;
        if sources[source].severities.of(code) == Severity::Error {
            *counts.errors.entry(code).or_default() += count;
        }
    }
    counts
}
