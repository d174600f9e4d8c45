//! Keys of the job file for packets of money, which a run writes beside its tables.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::load::Resolver;
use super::{JobError, JobProblem};
use sverka_reference::{Insurers, Tariff};

/// Keys of `[packets]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PacketsEntry {
    /// Condition of care by name of the care.
    pd_tarif: Option<BTreeMap<Spanned<String>, Spanned<String>>>,
    /// Ending of the elements' names by code of the insurer.
    spfinfap: Option<Spanned<BTreeMap<Spanned<String>, Spanned<String>>>>,
}

/// Packets that a run writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packets {
    /// Packet of norms: condition of care (`USL_OK`) by name of the care.
    pub pd_tarif: Option<BTreeMap<String, String>>,
    /// Packet of feldsher points: ending of the names of sums by code of the insurer. Other insurers have their code and an underscore.
    pub spfinfap: Option<BTreeMap<String, String>>,
}

impl Resolver<'_> {
    /// The packets of the job.
    pub(super) fn packets(&self, entry: &PacketsEntry, tariff: &Tariff, insurers: &Insurers) -> Result<Packets, JobError> {
        let pd_tarif = entry.pd_tarif.as_ref().map(|cares| self.conditions(cares, tariff)).transpose()?;
        let spfinfap = entry.spfinfap.as_ref().map(|endings| self.endings(endings, tariff, insurers)).transpose()?;
        Ok(Packets { pd_tarif, spfinfap })
    }

    /// Conditions of care by name of the care.
    fn conditions(
        &self,
        cares: &BTreeMap<Spanned<String>, Spanned<String>>,
        tariff: &Tariff,
    ) -> Result<BTreeMap<String, String>, JobError> {
        let fail = |value, problem| Err(self.error_in(value, JobProblem::Packet { packet: "pd_tarif", problem }));
        let mut conditions = BTreeMap::new();
        for (care, condition) in cares {
            if !tariff.cares.iter().any(|known| known.name == *care.get_ref()) {
                let known: Vec<&str> = tariff.cares.iter().map(|care| care.name.as_str()).collect();
                return fail(care, format!("the tariff has no care `{}`; it has {}", care.get_ref(), known.join(", ")));
            }
            if !matches!(condition.get_ref().as_str(), "1" | "2" | "3" | "4") {
                let problem =
                    format!("the condition of care is `{}`; expected \"1\" to \"4\" (dictionary V006)", condition.get_ref());
                return fail(condition, problem);
            }
            conditions.insert(care.get_ref().clone(), condition.get_ref().clone());
        }
        Ok(conditions)
    }

    /// Endings of the names of sums by code of the insurer.
    fn endings(
        &self,
        written: &Spanned<BTreeMap<Spanned<String>, Spanned<String>>>,
        tariff: &Tariff,
        insurers: &Insurers,
    ) -> Result<BTreeMap<String, String>, JobError> {
        let fail = |value, problem| Err(self.error_in(value, JobProblem::Packet { packet: "spfinfap", problem }));
        if tariff.points.is_none() {
            let problem = "the tariff has no feldsher points; add `[points]` to it, or remove the packet".to_owned();
            return Err(self.error_in(written, JobProblem::Packet { packet: "spfinfap", problem }));
        }
        let mut endings: BTreeMap<String, String> = BTreeMap::new();
        for (insurer, ending) in written.get_ref() {
            let (code, ending_text) = (insurer.get_ref(), ending.get_ref());
            if insurers.find(code.as_bytes()).is_none() {
                return fail(insurer, format!("insurer {code} is not in the table of insurers; correct the code"));
            }
            let is_sign = |sign: char| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_';
            if ending_text.is_empty()
                || !ending_text.chars().all(is_sign)
                || ending_text.ends_with(|sign: char| sign.is_ascii_digit())
            {
                let problem =
                    "an ending has Latin capitals, digits and underscores, and no digit at its end, where the month stands";
                return fail(ending, problem.to_owned());
            }
            if endings.values().any(|known| known == ending_text) {
                return fail(ending, format!("two insurers have the ending {ending_text}; give each its own"));
            }
            endings.insert(code.clone(), ending_text.clone());
        }
        Ok(endings)
    }
}
