//! Keys of the job file for checks of money that look at another run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::{Spanned, Value};

use super::load::{Resolver, job_file};
use super::{FileRole, JobError, JobProblem};
use sverka_publish::OutputTable;
use sverka_report::published::locate_run;
use sverka_report::table_reader::{Row, TableReader};
use sverka_settings::Growth;

/// Keys of `[money_checks]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MoneyChecksEntry {
    earlier_run: Option<Spanned<String>>,
    heads_moved: Option<Spanned<Value>>,
}

/// Settings of the checks of money.
#[derive(Clone, Debug)]
pub struct MoneyChecks {
    /// Run whose heads are compared with.
    pub earlier: Option<EarlierRun>,
    /// Largest share of a clinic's earlier heads that may come or go without a row.
    pub heads_moved: Growth,
}

/// Heads of an earlier run.
#[derive(Clone, Debug)]
pub struct EarlierRun {
    /// Id of the run.
    pub run_id: String,
    /// Paid heads by care and clinic.
    pub heads: BTreeMap<CareAtClinic, Decimal>,
}

/// A care and a clinic, by name and code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CareAtClinic {
    /// Name of the care.
    pub care: String,
    /// Code of the clinic.
    pub clinic: String,
}

impl MoneyChecks {
    /// Share of moved heads when the job gives none: a tenth.
    const HEADS_MOVED: Growth = Growth { parts: 10, whole: 100 };

    /// Note about a limit that has nothing to compare with.
    pub(super) fn note(&self, entry: &MoneyChecksEntry) -> Option<String> {
        (entry.heads_moved.is_some() && self.earlier.is_none()).then(|| {
            "`money_checks.heads_moved` has no earlier run to compare with; name one of the output folder as \
             `money_checks.earlier_run`"
                .to_owned()
        })
    }
}

impl Resolver<'_> {
    /// Settings of the checks of money; the heads of the earlier run become a file of the job.
    pub(super) fn money_checks(&mut self, entry: &MoneyChecksEntry, output: &Path) -> Result<MoneyChecks, JobError> {
        let heads_moved = entry.heads_moved.as_ref().map_or(Ok(MoneyChecks::HEADS_MOVED), |value| {
            let written = value.get_ref().as_str().map_or_else(|| value.get_ref().to_string(), str::to_owned);
            Growth::parse(&written).ok_or_else(|| self.error_in(value, JobProblem::HeadsMoved { value: written }))
        })?;
        let earlier = entry.earlier_run.as_ref().map(|run| self.earlier_run(run, output)).transpose()?;
        Ok(MoneyChecks { earlier, heads_moved })
    }

    fn earlier_run(&mut self, run: &Spanned<String>, output: &Path) -> Result<EarlierRun, JobError> {
        let run_id = run.get_ref().clone();
        let unusable = |problem: String| self.error_in(run, JobProblem::EarlierRun { run: run_id.clone(), problem });
        let dir = locate_run(output, Some(&run_id)).map_err(|error| unusable(error.to_string()))?;
        let file = OutputTable::FundingClinic.file_name();
        let path = dir.join(&file);
        let bytes = std::fs::read(&path).map_err(|cause| {
            unusable(format!("its table `funding_clinic` cannot be read: {cause}; name a run that was published with it"))
        })?;
        let heads = paid_heads(path).map_err(unusable)?;
        self.files.push(job_file(&format!("runs/{run_id}/{file}"), FileRole::EarlierRun, &bytes));
        Ok(EarlierRun { run_id, heads })
    }
}

/// Paid heads of a table `funding_clinic`.
fn paid_heads(path: PathBuf) -> Result<BTreeMap<CareAtClinic, Decimal>, String> {
    let reader = TableReader::open(path, OutputTable::FundingClinic).map_err(|error| error.to_string())?;
    let columns = ["care", "clinic", "paid_heads"];
    if let Some(column) = columns.into_iter().find(|column| !reader.has_column(column)) {
        return Err(format!("its table `funding_clinic` has no column `{column}`; publish that run again with this version"));
    }
    let of_row = |row: Row<'_>| {
        let at = CareAtClinic { care: row.text("care")?.to_owned(), clinic: row.text("clinic")?.to_owned() };
        Some((at, row.decimal("paid_heads")?.parse().ok()?))
    };
    let batches = reader.map_batches(&columns, |batch| Row::all_of(batch).filter_map(of_row).collect::<Vec<_>>());
    Ok(batches.map_err(|error| error.to_string())?.into_iter().flatten().collect())
}
