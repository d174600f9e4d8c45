//! The job of a history, and its table of successions.

use super::super::reference::GENERATED;
use super::output::INBOX;
use super::{History, HistorySettings};

/// Text of the job. It has no as-of date: each run is given its own.
pub(super) fn job(settings: &HistorySettings, history: &History) -> String {
    let HistorySettings { persons, seed, as_of, months, nights, .. } = settings;
    format!(
        r#"{GENERATED} --months {months} --nights {nights} --persons {persons} --seed {seed} --as-of {as_of}: a synthetic history, nobody in it exists.
#
# Night by night, as steps.csv says: copy the folder of the step into {INBOX}/, then `sverka run job.toml --as-of DAY` with the day of the step.

# Where results are published; paths are relative to this file.
output = "out"

# Persons keep their ids from run to run.
[identity]
ids = "continued"

# Registers of insured people in the canonical CSV: whole lists of an insurer, and records since its last file.
[[registers]]
files = ["{INBOX}/**/registers/*_whole_*.csv"]
content = "snapshot"
# How old the data are: the last YYYYMMDD in the file's name.
source_date = "name"

[[registers]]
files = ["{INBOX}/**/registers/*_changes_*.csv"]
source_date = "name"

# Attachments to clinics in the canonical CSV: whole lists of a clinic, and records since its last file.
[[attachments]]
files = ["{INBOX}/**/attachments/*_whole_*.csv"]
content = "snapshot"
source_date = "name"

[[attachments]]
files = ["{INBOX}/**/attachments/*_changes_*.csv"]
source_date = "name"

# Insurers and clinics with working periods and successors, and the tariff of per-capita funding.
[reference]
insurers = "reference/insurers.csv"
clinics = "reference/clinics.csv"
succession = "reference/succession.csv"
tariff = "reference/tariff.toml"

# Files that come twice belong to a history.
[rules.sources]
twice = "note"
{thresholds}"#,
        thresholds = thresholds(history),
    )
}

/// Limits for the clinic that ends: all its people leave at once.
fn thresholds(history: &History) -> String {
    let Some(merger) = history.merger else { return String::new() };
    let code = history.world.clinics[usize::from(merger.from)].code;
    format!(
        "\n# The clinic joins another one on {}, so its people leave at once.\n[[thresholds.volume]]\nof = \"clinic\"\nname = \"{code}\"\nshrink = \"off\"\n",
        merger.on
    )
}

/// Table of successions.
pub(super) fn succession(history: &History) -> String {
    let mut table = "code;successor;works_to;reason\n".to_owned();
    if let Some(merger) = history.merger {
        let [from, into] = [merger.from, merger.into].map(|clinic| history.world.clinics[usize::from(clinic)].code);
        table += &format!("{from};{into};{};joined\n", merger.on);
    }
    table
}
