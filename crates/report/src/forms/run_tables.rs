//! Figures of a published run, as forms need them.

use std::collections::BTreeMap;
use std::path::Path;

use super::figure::Figure;
use super::{Comparison, FormsError};
use crate::table_reader::{Row, TableReader};
use sverka_model::Date;
use sverka_publish::OutputTable;

/// Published tables of a run, read for one form.
pub(super) struct RunTables<'r> {
    /// Folder of the run.
    pub dir: &'r Path,
    /// Id of the run.
    pub run_id: &'r str,
    /// As-of date.
    pub as_of: Date,
    /// Insurers and clinics.
    pub organisations: &'r Organisations,
    /// Comparison with a former run; `None` when none is given.
    pub comparison: Option<&'r Comparison<'r>>,
    /// Name of the form, for messages.
    pub form: &'static str,
}

/// Insurers and clinics of a run, by code.
#[derive(Debug, Default)]
pub(super) struct Organisations {
    pub insurers: BTreeMap<String, String>,
    pub clinics: BTreeMap<String, Clinic>,
}

/// Clinic of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Clinic {
    pub name: String,
    /// Code of the clinic at which its people are counted.
    pub counted_at: String,
    attachable: bool,
    works_from: Option<Date>,
    works_to: Option<Date>,
}

impl Clinic {
    /// Whether people of the clinic are paid for on a day.
    fn is_paid_on(&self, day: Date) -> bool {
        self.attachable && self.works_from.is_none_or(|from| from <= day) && self.works_to.is_none_or(|to| day < to)
    }
}

/// Age-sex band.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Band {
    pub sex: i64,
    pub from: i64,
    pub label: String,
}

/// Row of `headcount`.
#[derive(Clone, Debug)]
pub(super) struct HeadsRow {
    pub count: HeadsOf,
    pub insurer: String,
    /// Clinic; empty for all insured people.
    pub clinic: String,
    pub band: Band,
    pub heads: i64,
    pub funded: i64,
}

/// Day, set of bands and people that rows of `headcount` count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HeadsOf {
    pub set: String,
    /// Profile of the attachments; 0 for all insured people.
    pub profile: i64,
    pub day: Date,
}

/// Row of `funding_bands`.
#[derive(Clone, Debug)]
pub(super) struct BandRow {
    pub care: String,
    pub insurer: String,
    pub clinic: String,
    pub band: Band,
    pub coefficient: Figure,
    pub heads: Figure,
    pub norm: Figure,
    pub amount: Option<Figure>,
}

/// Row of `funding_insurer_clinic`.
#[derive(Clone, Debug)]
pub(super) struct PairRow {
    pub care: String,
    pub insurer: String,
    pub clinic: String,
    /// Day of the heads; `None` for a mean.
    pub day: Option<Date>,
    pub heads: Figure,
    pub norm: Figure,
    pub amount: Figure,
}

/// Row of `norms`.
#[derive(Clone, Debug)]
pub(super) struct NormRow {
    pub care: String,
    pub clinic: String,
    pub group: Option<String>,
    pub heads: Figure,
    pub base_year: Figure,
    pub base: Figure,
    pub k: Figure,
    pub factors: Figure,
    pub differentiated: Figure,
    pub correction: Figure,
    pub corrected: Figure,
    pub norm_year: Option<Figure>,
    pub norm: Figure,
}

/// Row of `norm_factors` of a clinic.
#[derive(Clone, Debug)]
pub(super) struct FactorRow {
    pub care: String,
    pub clinic: Option<String>,
    pub group: Option<String>,
    pub factor: String,
    pub counted: Figure,
}

/// Row of `funding_points`.
#[derive(Clone, Debug)]
pub(super) struct PointRow {
    pub point: String,
    pub insurer: Option<String>,
    pub clinic: String,
    pub name: Option<String>,
    pub residents: Option<Figure>,
    pub year_norm: Figure,
    pub region: Figure,
    pub access: Figure,
    pub specific: Figure,
    pub year_sum: Figure,
    pub posts: Option<Figure>,
    pub posts_filled: Option<Figure>,
    pub staff: Figure,
    pub state: String,
    pub month_amount: Figure,
    pub amount: Figure,
}

/// Row of `to_pay`.
#[derive(Clone, Debug)]
pub(super) struct ToPayRow {
    pub clinic: String,
    pub amount: Figure,
    pub points: Figure,
    pub results: Figure,
    pub incoming: Figure,
    pub outgoing: Figure,
    pub carried_in: Figure,
    pub advance: Figure,
    pub withheld: Figure,
    /// Deductions that the money of the clinic does not cover, of all kinds.
    pub uncovered: Figure,
    pub carried_out: Figure,
    pub to_pay: Figure,
}

/// Unit and precinct of a clinic.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Precinct {
    /// Code of the unit: the clinic itself or a branch.
    pub unit: String,
    /// District of the unit; empty when it is not given.
    pub district: String,
}

/// Insurer and clinic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub insurer: String,
    pub clinic: String,
}

/// Paid heads on the as-of date by precinct, for each insurer and clinic.
pub(super) type PrecinctHeads = BTreeMap<Pair, BTreeMap<Precinct, i64>>;

impl Organisations {
    /// Insurers and clinics of the run in a folder; none when the run was published without their tables.
    pub fn read(dir: &Path) -> Result<Self, FormsError> {
        let named = |row: Row<'_>, code| (text(row, code), row.text("name").unwrap_or_default().to_owned());
        let insurers = match TableReader::open_if_published(dir, OutputTable::Insurers)? {
            Some(reader) => all_rows(&reader, &["insurer", "name"], |row| named(row, "insurer"))?,
            None => Vec::new(),
        };
        let clinic = |row: Row<'_>| {
            let (code, name) = named(row, "clinic");
            let (works_from, works_to) = (row.date("works_from"), row.date("works_to"));
            let attachable = row.is_true("attachable");
            (code, Clinic { name, counted_at: text(row, "counted_at"), attachable, works_from, works_to })
        };
        let columns = ["clinic", "name", "counted_at", "attachable", "works_from", "works_to"];
        let clinics = match TableReader::open_if_published(dir, OutputTable::Clinics)? {
            Some(reader) => all_rows(&reader, &columns, clinic)?,
            None => Vec::new(),
        };
        Ok(Self { insurers: insurers.into_iter().collect(), clinics: clinics.into_iter().collect() })
    }

    /// Name of an insurer; empty when it is not known.
    pub fn insurer(&self, code: &str) -> &str {
        self.insurers.get(code).map_or("", String::as_str)
    }

    /// Name of a clinic; empty when it is not known.
    pub fn clinic(&self, code: &str) -> &str {
        self.clinics.get(code).map_or("", |clinic| clinic.name.as_str())
    }
}

impl RunTables<'_> {
    /// Rows of `headcount` about attached people.
    pub fn attached(&self) -> Result<Vec<HeadsRow>, FormsError> {
        self.heads("attached")
    }

    /// Rows of `headcount` about all insured people.
    pub fn insured(&self) -> Result<Vec<HeadsRow>, FormsError> {
        self.heads("insured")
    }

    fn heads(&self, scope: &'static str) -> Result<Vec<HeadsRow>, FormsError> {
        let columns = [
            "count_date",
            "band_set",
            "scope",
            "profile",
            "insurer",
            "clinic",
            "sex",
            "band_from",
            "band",
            "heads",
            "funded_heads",
        ];
        let rows = self.rows(OutputTable::Headcount, &columns, |row| {
            (row.text("scope") == Some(scope)).then(|| HeadsRow {
                count: HeadsOf {
                    set: text(row, "band_set"),
                    profile: number(row, "profile"),
                    day: row.date("count_date").unwrap_or(self.as_of),
                },
                insurer: text(row, "insurer"),
                clinic: text(row, "clinic"),
                band: band(row),
                heads: number(row, "heads"),
                funded: number(row, "funded_heads"),
            })
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Rows of `funding_bands`.
    pub fn bands(&self) -> Result<Vec<BandRow>, FormsError> {
        let columns = ["care", "insurer", "clinic", "sex", "band_from", "band", "coefficient", "heads", "norm", "amount"];
        self.rows(OutputTable::FundingBands, &columns, |row| BandRow {
            care: text(row, "care"),
            insurer: text(row, "insurer"),
            clinic: text(row, "clinic"),
            band: band(row),
            coefficient: figure(row, "coefficient").as_coefficient(),
            heads: figure(row, "heads").trimmed(),
            norm: money_or_longer(figure(row, "norm")),
            amount: optional_figure(row, "amount"),
        })
    }

    /// Rows of `funding_insurer_clinic`.
    pub fn pairs(&self) -> Result<Vec<PairRow>, FormsError> {
        let columns = ["care", "insurer", "clinic", "count_date", "paid_heads", "norm", "amount"];
        self.rows(OutputTable::FundingInsurerClinic, &columns, |row| PairRow {
            care: text(row, "care"),
            insurer: text(row, "insurer"),
            clinic: text(row, "clinic"),
            day: row.date("count_date"),
            heads: figure(row, "paid_heads").trimmed(),
            norm: figure(row, "norm"),
            amount: figure(row, "amount"),
        })
    }

    /// Rows of `norms`.
    pub fn norms(&self) -> Result<Vec<NormRow>, FormsError> {
        let columns = [
            "care",
            "clinic",
            "group",
            "heads",
            "base_year",
            "base",
            "k",
            "factors",
            "differentiated",
            "correction",
            "corrected",
            "norm_year",
            "norm",
        ];
        self.rows(OutputTable::Norms, &columns, |row| NormRow {
            care: text(row, "care"),
            clinic: text(row, "clinic"),
            group: row.text("group").map(str::to_owned),
            heads: figure(row, "heads").trimmed(),
            base_year: money_or_longer(figure(row, "base_year")),
            base: money_or_longer(figure(row, "base")),
            k: figure(row, "k").as_coefficient(),
            factors: figure(row, "factors").as_coefficient(),
            differentiated: money_or_longer(figure(row, "differentiated")),
            correction: figure(row, "correction").as_coefficient(),
            corrected: money_or_longer(figure(row, "corrected")),
            norm_year: optional_figure(row, "norm_year"),
            norm: figure(row, "norm"),
        })
    }

    /// Rows of `norm_factors`.
    pub fn factors(&self) -> Result<Vec<FactorRow>, FormsError> {
        let columns = ["care", "clinic", "group", "factor", "counted"];
        self.rows(OutputTable::NormFactors, &columns, |row| FactorRow {
            care: text(row, "care"),
            clinic: row.text("clinic").map(str::to_owned),
            group: row.text("group").map(str::to_owned),
            factor: text(row, "factor"),
            counted: figure(row, "counted").as_coefficient(),
        })
    }

    /// Rows of `funding_points`.
    pub fn points(&self) -> Result<Vec<PointRow>, FormsError> {
        let columns = [
            "point",
            "insurer",
            "clinic",
            "name",
            "residents",
            "year_norm",
            "region",
            "access",
            "specific",
            "year_sum",
            "posts",
            "posts_filled",
            "staff",
            "state",
            "month_amount",
            "amount",
        ];
        self.rows(OutputTable::FundingPoints, &columns, |row| PointRow {
            point: text(row, "point"),
            insurer: row.text("insurer").map(str::to_owned),
            clinic: text(row, "clinic"),
            name: row.text("name").map(str::to_owned),
            residents: row.number("residents").map(Figure::whole),
            year_norm: figure(row, "year_norm"),
            region: figure(row, "region").as_coefficient(),
            access: figure(row, "access").as_coefficient(),
            specific: figure(row, "specific").as_coefficient(),
            year_sum: money_or_longer(figure(row, "year_sum")),
            posts: optional_figure(row, "posts").map(Figure::as_coefficient),
            posts_filled: optional_figure(row, "posts_filled").map(Figure::as_coefficient),
            staff: figure(row, "staff").as_coefficient(),
            state: text(row, "state"),
            month_amount: figure(row, "month_amount"),
            amount: figure(row, "amount"),
        })
    }

    /// Rows of `to_pay`.
    pub fn to_pay(&self) -> Result<Vec<ToPayRow>, FormsError> {
        let columns = [
            "clinic",
            "amount",
            "points",
            "results",
            "in",
            "out",
            "carried_in",
            "advance",
            "withheld",
            "uncovered",
            "uncovered_advance",
            "uncovered_withheld",
            "carried_out",
            "to_pay",
        ];
        self.rows(OutputTable::ToPay, &columns, |row| {
            let uncovered = ["uncovered", "uncovered_advance", "uncovered_withheld"].map(|column| figure(row, column));
            ToPayRow {
                clinic: text(row, "clinic"),
                amount: figure(row, "amount"),
                points: figure(row, "points"),
                results: figure(row, "results"),
                incoming: figure(row, "in"),
                outgoing: figure(row, "out"),
                carried_in: figure(row, "carried_in"),
                advance: figure(row, "advance"),
                withheld: figure(row, "withheld"),
                uncovered: uncovered.into_iter().fold(Figure::no_money(), Figure::plus),
                carried_out: figure(row, "carried_out"),
                to_pay: figure(row, "to_pay"),
            }
        })
    }

    /// Paid heads of the as-of date by unit and precinct, from `persons`; `None` when the run was published without it.
    pub fn precincts(&self) -> Result<Option<PrecinctHeads>, FormsError> {
        let Some(reader) = TableReader::open_if_published(self.dir, OutputTable::Persons)? else { return Ok(None) };
        let columns = ["insurer", "clinic", "district", "insurer_unresolved", "clinic_unresolved"];
        let counts = reader.map_batches(&columns, |batch| {
            let mut counts = PrecinctHeads::new();
            Row::all_of(batch).for_each(|row| self.count_precinct(row, &mut counts));
            counts
        })?;
        let mut all = PrecinctHeads::new();
        for (pair, precincts) in counts.into_iter().flatten() {
            let of_pair = all.entry(pair).or_default();
            for (precinct, heads) in precincts {
                *of_pair.entry(precinct).or_default() += heads;
            }
        }
        Ok(Some(all))
    }

    fn count_precinct(&self, row: Row<'_>, counts: &mut PrecinctHeads) {
        let (Some(insurer), Some(unit)) = (row.text("insurer"), row.text("clinic")) else { return };
        let Some(counted_at) = self.organisations.clinics.get(unit).map(|clinic| clinic.counted_at.as_str()) else { return };
        let is_paid = self.organisations.clinics.get(counted_at).is_some_and(|clinic| clinic.is_paid_on(self.as_of));
        if !is_paid || row.is_true("insurer_unresolved") || row.is_true("clinic_unresolved") {
            return;
        }
        let pair = Pair { insurer: insurer.to_owned(), clinic: counted_at.to_owned() };
        let precinct = Precinct { unit: unit.to_owned(), district: text(row, "district") };
        *counts.entry(pair).or_default().entry(precinct).or_default() += 1;
    }

    /// Rows of a table that the form needs.
    fn rows<T: Send>(
        &self,
        table: OutputTable,
        columns: &[&'static str],
        make: impl Fn(Row<'_>) -> T + Sync,
    ) -> Result<Vec<T>, FormsError> {
        let no_table = FormsError::NoTable { form: self.form, table: table.name() };
        let reader = TableReader::open_if_published(self.dir, table)?.ok_or(no_table)?;
        if let Some(&column) = columns.iter().find(|column| !reader.has_column(column)) {
            return Err(FormsError::ColumnMissing { table: table.name(), column });
        }
        all_rows(&reader, columns, make)
    }
}

fn all_rows<T: Send>(reader: &TableReader, columns: &[&str], make: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<T>, FormsError> {
    let batches = reader.map_batches(columns, |batch| Row::all_of(batch).map(&make).collect::<Vec<T>>())?;
    Ok(batches.into_iter().flatten().collect())
}

fn text(row: Row<'_>, column: &str) -> String {
    row.text(column).unwrap_or_default().to_owned()
}

fn number(row: Row<'_>, column: &str) -> i64 {
    row.number(column).unwrap_or_default()
}

fn optional_figure(row: Row<'_>, column: &str) -> Option<Figure> {
    Figure::parse(&row.decimal(column)?)
}

fn figure(row: Row<'_>, column: &str) -> Figure {
    optional_figure(row, column).unwrap_or_default()
}

fn band(row: Row<'_>) -> Band {
    Band { sex: number(row, "sex"), from: number(row, "band_from"), label: text(row, "band") }
}

/// Roubles with kopecks, and with as many further decimals as are not zero.
fn money_or_longer(figure: Figure) -> Figure {
    let trimmed = figure.trimmed();
    if trimmed.decimals() < 2 { trimmed.rescaled(2) } else { trimmed }
}
