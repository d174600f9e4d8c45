//! Keys of the TOML file of a tariff.

use serde::Deserialize;
use toml::{Spanned, Value};

use super::values::Source;

/// The whole file. `base_norm`, `factors`, `correction`, `bands` and `rounding` at the top are keys of the only care.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TomlFile {
    #[serde(default)]
    pub count_days: Vec<Spanned<Value>>,
    #[serde(default)]
    pub band_sets: Vec<Spanned<BandSetEntry>>,
    #[serde(default)]
    pub care: Vec<Spanned<CareEntry>>,
    #[serde(default)]
    pub base_norm: Vec<Spanned<BaseNormEntry>>,
    #[serde(default)]
    pub factors: Vec<Spanned<String>>,
    pub correction: Option<Spanned<Value>>,
    #[serde(default)]
    pub bands: Vec<Spanned<BandEntry>>,
    pub rounding: Option<Spanned<RoundingEntry>>,
}

impl TomlFile {
    /// The keys at the top as a care.
    pub fn top_care(&self) -> CareEntry {
        CareEntry {
            base_norm: self.base_norm.clone(),
            factors: self.factors.clone(),
            correction: self.correction.clone(),
            bands: self.bands.clone(),
            rounding: self.rounding.clone(),
            ..CareEntry::default()
        }
    }

    /// First line of the keys at the top that belong to a care.
    pub fn top_line(&self, source: &Source<'_>) -> Option<u64> {
        let lines = [
            self.base_norm.first().map(|entry| source.line(entry)),
            self.factors.first().map(|entry| source.line(entry)),
            self.correction.as_ref().map(|entry| source.line(entry)),
            self.bands.first().map(|entry| source.line(entry)),
            self.rounding.as_ref().map(|entry| source.line(entry)),
        ];
        lines.into_iter().flatten().min()
    }
}

/// A set of bands with a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandSetEntry {
    pub name: Spanned<String>,
    #[serde(default)]
    pub bands: Vec<Spanned<BandEntry>>,
}

/// A kind of care.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CareEntry {
    pub name: Option<Spanned<String>>,
    pub profile: Option<Spanned<Value>>,
    pub stations: Option<Spanned<String>>,
    pub heads: Option<Spanned<Value>>,
    pub composition: Option<Spanned<Value>>,
    pub mean_heads: Option<Spanned<String>>,
    pub mean_heads_by: Option<Spanned<String>>,
    pub band_set: Option<Spanned<String>>,
    #[serde(default)]
    pub bands: Vec<Spanned<BandEntry>>,
    #[serde(default)]
    pub factors: Vec<Spanned<String>>,
    pub factor_table: Option<Spanned<String>>,
    pub k_table: Option<Spanned<String>>,
    pub groups: Option<Spanned<String>>,
    pub rates: Option<Spanned<String>>,
    pub correction: Option<Spanned<Value>>,
    #[serde(default)]
    pub base_norm: Vec<Spanned<BaseNormEntry>>,
    pub base_money: Option<Spanned<BaseMoneyEntry>>,
    pub rounding: Option<Spanned<RoundingEntry>>,
    #[serde(default)]
    pub floors: Vec<Spanned<FloorEntry>>,
}

impl CareEntry {
    /// Paths of the tables that the care names.
    pub fn tables(&self) -> impl Iterator<Item = &Spanned<String>> {
        let money = self.base_money.as_ref().map(|entry| &entry.get_ref().table);
        let own = [&self.stations, &self.factor_table, &self.k_table, &self.groups, &self.rates];
        own.into_iter().filter_map(Option::as_ref).chain(money)
    }
}

/// An age-sex band.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandEntry {
    pub sex: Spanned<Value>,
    pub from: Spanned<u16>,
    pub to: Option<Spanned<u16>>,
    pub coefficient: Option<Spanned<Value>>,
    pub valid_from: Option<Spanned<Value>>,
    pub valid_to: Option<Spanned<Value>>,
}

/// A base norm.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BaseNormEntry {
    pub per_month: Option<Spanned<Value>>,
    pub per_year: Option<Spanned<Value>>,
    pub valid_from: Option<Spanned<Value>>,
    pub valid_to: Option<Spanned<Value>>,
}

/// Money from which a base norm is computed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BaseMoneyEntry {
    pub table: Spanned<String>,
    pub divide_by: Option<Vec<Spanned<String>>>,
    pub period_months: Option<Spanned<u32>>,
}

/// A dated correction.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectionEntry {
    pub value: Value,
    pub valid_from: Option<Value>,
    pub valid_to: Option<Value>,
}

/// Roundings of a care.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoundingEntry {
    pub month_base: Option<Spanned<String>>,
    pub norm_period: Option<Spanned<String>>,
    pub k: Option<Spanned<Value>>,
    pub factor: Option<Spanned<Value>>,
    pub correction: Option<Spanned<Value>>,
    pub year_norm: Option<Spanned<Value>>,
    pub month_norm: Option<Spanned<Value>>,
    pub amount: Option<Spanned<Value>>,
    pub amount_by: Option<Spanned<String>>,
}

/// A lower limit of coefficients.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FloorEntry {
    pub factor: Option<Spanned<String>>,
    pub bands_from: Option<Spanned<u16>>,
    pub least: Spanned<Value>,
}
