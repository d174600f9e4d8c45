//! Paid heads of a published run, for whoever computes money from them again.

use std::path::Path;

use crate::table_reader::{ReadError, Row, TableReader};
use sverka_model::Date;
use sverka_publish::OutputTable;

/// Columns of `headcount` that are read.
const COLUMNS: [&str; 9] = ["count_date", "band_set", "scope", "profile", "insurer", "clinic", "sex", "band", "funded_heads"];

/// Paid heads of one day, set of bands, profile, insurer, clinic and band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidHeads {
    /// Day of the count.
    pub day: Date,
    /// Name of the set of bands.
    pub band_set: String,
    /// Code of the profile of the attachments.
    pub profile: i64,
    /// Code of the insurer.
    pub insurer: String,
    /// Code of the clinic.
    pub clinic: String,
    /// Sex: 1 male, 2 female.
    pub sex: i64,
    /// First full year of the band.
    pub from: u16,
    /// Last full year of the band; `None` has no upper end.
    pub to: Option<u16>,
    /// Number of people.
    pub heads: u64,
}

/// Reasons why the heads of a run cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HeadcountError {
    /// The run was published without the table.
    #[error("the run has no table `headcount`; add it to `tables` of the job, and run the job again")]
    NoTable,
    /// The table is of an older version.
    #[error("`headcount` of the run has no column `{column}`; run the job again with this version")]
    ColumnMissing {
        /// Name of the column.
        column: &'static str,
    },
    /// A band is not of the form that this version writes.
    #[error("`headcount` of the run has the band `{band}`, which is no range of full years; run the job again with this version")]
    Band {
        /// The band.
        band: String,
    },
    /// The table cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Paid heads of the run in a folder: attached people of all days, sets of bands and profiles that the run counted.
///
/// # Errors
/// When the run has no such table, or it cannot be read.
pub fn paid_heads(run: &Path) -> Result<Vec<PaidHeads>, HeadcountError> {
    let reader = TableReader::open_if_published(run, OutputTable::Headcount)?.ok_or(HeadcountError::NoTable)?;
    if let Some(column) = COLUMNS.into_iter().find(|column| !reader.has_column(column)) {
        return Err(HeadcountError::ColumnMissing { column });
    }
    let batches = reader.map_batches(&COLUMNS, |batch| Row::all_of(batch).filter_map(of_row).collect::<Result<Vec<_>, _>>())?;
    batches.into_iter().try_fold(Vec::new(), |mut all, rows| {
        all.extend(rows?);
        Ok(all)
    })
}

/// Paid heads of a row; `None` for a row about other people.
fn of_row(row: Row<'_>) -> Option<Result<PaidHeads, HeadcountError>> {
    let heads = u64::try_from(row.number("funded_heads")?).ok().filter(|heads| *heads > 0)?;
    if row.text("scope") != Some("attached") {
        return None;
    }
    let label = row.text("band").unwrap_or_default();
    let Some(Ages { from, to }) = Ages::parse(label) else {
        return Some(Err(HeadcountError::Band { band: label.to_owned() }));
    };
    Some(Ok(PaidHeads {
        day: row.date("count_date")?,
        band_set: row.text("band_set")?.to_owned(),
        profile: row.number("profile")?,
        insurer: row.text("insurer")?.to_owned(),
        clinic: row.text("clinic")?.to_owned(),
        sex: row.number("sex")?,
        from,
        to,
        heads,
    }))
}

/// Full years of a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ages {
    from: u16,
    to: Option<u16>,
}

impl Ages {
    /// Ages of a label: `0`, `1-4`, `65+`.
    fn parse(label: &str) -> Option<Self> {
        if let Some(from) = label.strip_suffix('+') {
            return Some(Self { from: from.parse().ok()?, to: None });
        }
        let (from, to) = label.split_once('-').unwrap_or((label, label));
        let (from, to): (u16, u16) = (from.parse().ok()?, to.parse().ok()?);
        (from <= to).then_some(Self { from, to: Some(to) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_full_years() {
        let ages = |from, to| Some(Ages { from, to });
        assert_eq!(Ages::parse("0"), ages(0, Some(0)));
        assert_eq!(Ages::parse("1-4"), ages(1, Some(4)));
        assert_eq!(Ages::parse("65+"), ages(65, None));
        for label in ["", "4-1", "-1", "a", "1-4+"] {
            assert_eq!(Ages::parse(label), None, "{label}");
        }
    }
}
