//! Months that are closed at their end and corrected at the end of each later month: closed month and bookings are the newest knowledge, to the kopeck.

use std::collections::BTreeMap;
use std::path::Path;

use sverka_publish::OutputTable;

use super::state::register_at;
use super::truth::{Step, Truth};
use crate::commands::sverka;
use crate::published::{TextTable, read_table};

/// Numbers by insurer and clinic: money in kopecks, or heads.
type ByPair = BTreeMap<(String, String), i64>;

/// Corrects all earlier months by what is known at the last step of a month, and closes the month. Returns complaints.
pub fn end_month(folder: &Path, truth: &Truth, step: &Step) -> Vec<String> {
    let is_last = !truth.steps.iter().any(|other| other.number > step.number && other.as_of == step.as_of);
    if !is_last {
        return Vec::new();
    }
    let (out, job) = (folder.join("out"), folder.join("job.toml"));
    let [out_text, job_text] = [&out, &job].map(|path| path.to_str().expect("UTF-8"));
    let mut earlier: Vec<&str> =
        truth.steps.iter().map(|other| other.as_of.as_str()).filter(|day| *day < step.as_of.as_str()).collect();
    earlier.dedup();
    let mut complaints = Vec::new();
    for day in earlier {
        let ended = sverka(&["corrections", &day[..7], "--job", job_text, "--output", out_text, "--book"]);
        assert!(ended.code <= 1, "step {}: corrections of {day}: {}{}", step.number, ended.stdout, ended.stderr);
        complaints.extend(complaints_about(
            &out,
            truth,
            &Step { as_of: day.to_owned(), folder: String::new(), number: step.number },
        ));
    }
    sverka(&["close", &step.as_of[..7], "--output", out_text]).exits_with(0);
    complaints
}

/// Complaints about the corrections of a month by the knowledge of a step.
fn complaints_about(out: &Path, truth: &Truth, step: &Step) -> Vec<String> {
    let (number, month) = (step.number, &step.as_of[..7]);
    let json = |name: String| -> serde_json::Value {
        let text = std::fs::read(out.join("closed").join(name)).expect("a file of a closed month");
        serde_json::from_slice(&text).expect("JSON")
    };
    let (closed, corrections) = (json(format!("{month}.json")), json(format!("{month}-corrections.json")));
    let bookings = corrections["bookings"].as_array().expect("bookings");
    let run = |value: &serde_json::Value| out.join("runs").join(value.as_str().expect("an id"));
    let mut expected = money(&run(&closed["run_id"]));
    for row in bookings.iter().flat_map(|booking| booking["rows"].as_array().expect("rows")) {
        if let (Some("care"), Some(insurer), Some(clinic)) =
            (row["part"].as_str(), row["insurer"].as_str(), row["clinic"].as_str())
        {
            let difference = kopecks(row["now"]["amount"].as_str()) - kopecks(row["before"]["amount"].as_str());
            *expected.entry((insurer.to_owned(), clinic.to_owned())).or_default() += difference;
        }
    }
    expected.retain(|_, amount| *amount != 0);
    let Some(newest) = bookings.last() else { return Vec::new() };
    let newest = run(&newest["run_id"]);
    let mut complaints = Vec::new();
    let found = money(&newest);
    if expected != found {
        complaints.push(format!("step {number}: {month} with its bookings is not the newest knowledge: {expected:?}, {found:?}"));
    }
    let mut heads = ByPair::new();
    for state in register_at(truth, step).into_values().filter(|state| !state.clinic.is_empty()) {
        *heads.entry((state.insurer, state.clinic)).or_default() += 1;
    }
    let counted = by_pair(&newest, OutputTable::FundingInsurerClinic, "heads", |text| text.parse().expect("heads"));
    if heads != counted {
        complaints.push(format!("step {number}: heads of {month} are {counted:?}, not {heads:?}"));
    }
    complaints
}

/// Money of a run in kopecks.
fn money(run: &Path) -> ByPair {
    by_pair(run, OutputTable::FundingInsurerClinic, "amount", |text| kopecks(Some(text)))
}

fn by_pair(run: &Path, table: OutputTable, column: &str, number: impl Fn(&str) -> i64) -> ByPair {
    let mut numbers = ByPair::new();
    for row in TextTable::from_batches(table, &read_table(run, table)).rows() {
        *numbers.entry((row.text("insurer").to_owned(), row.text("clinic").to_owned())).or_default() += number(row.text(column));
    }
    numbers.retain(|_, number| *number != 0);
    numbers
}

/// Kopecks of an amount in roubles with two decimals; an absent one is none.
fn kopecks(amount: Option<&str>) -> i64 {
    amount.map_or(0, |amount| amount.replace('.', "").parse().expect("an amount"))
}
