//! `sverka close` and `sverka corrections` on the money sample, which has everything that a month is paid for.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::project::visible_runs;
use super::super::{Ended, sverka};
use crate::published::PublishedRun;
use crate::samples;
use sverka_publish::OutputTable;

const MONTH: &str = "2026-11";

/// A copy of the sample folders with the job of the money sample.
pub(super) struct PaidMonth {
    dir: tempfile::TempDir,
}

impl PaidMonth {
    /// The sample with a published run of the month.
    pub(super) fn new() -> Self {
        let month = Self { dir: tempfile::tempdir().expect("a folder") };
        for folder in ["registers", "attachments", "reference", "money/attachments", "money/reference"] {
            let (from, to) = (samples::folder().join(folder), month.path(folder));
            fs::create_dir_all(&to).expect("a folder");
            for file in fs::read_dir(from).expect("samples") {
                let file = file.expect("a file");
                fs::copy(file.path(), to.join(file.file_name())).expect("copied");
            }
        }
        fs::copy(samples::folder().join("money/job.toml"), month.job()).expect("copied");
        month.sverka(&["run", &month.job_argument(), "--quiet"]).exits_with(0);
        month
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn job(&self) -> PathBuf {
        self.path("money/job.toml")
    }

    fn job_argument(&self) -> String {
        self.job().to_str().expect("UTF-8").to_owned()
    }

    pub(super) fn sverka(&self, arguments: &[&str]) -> Ended {
        sverka(arguments)
    }

    /// `sverka` with `--job` at the end.
    pub(super) fn of_job(&self, arguments: &[&str]) -> Ended {
        sverka(&[arguments, &["--job", &self.job_argument()]].concat())
    }

    /// Leaves out the last lines of a file; a later knowledge.
    pub(super) fn cut(&self, file: &str, lines: usize) {
        let content = fs::read(self.path(file)).expect("a file");
        let kept: Vec<&[u8]> = content.split_inclusive(|byte| *byte == b'\n').collect();
        fs::write(self.path(file), kept[..kept.len() - lines].concat()).expect("written");
    }

    /// Puts a file of the sample back.
    pub(super) fn restore(&self, file: &str) {
        fs::copy(samples::folder().join(file), self.path(file)).expect("copied");
    }

    fn runs(&self) -> Vec<String> {
        let mut runs = visible_runs(&self.path("money/out")).0;
        runs.sort();
        runs
    }

    fn current(&self) -> String {
        let link = fs::read_link(self.path("money/out/current")).expect("a link");
        link.file_name().and_then(|name| name.to_str()).expect("an id").to_owned()
    }

    /// Bookings of the month as their file has them.
    fn bookings(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("money/out/closed/2026-11-corrections.json")).unwrap_or_default();
        let record: Value = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") };
        record["bookings"].as_array().cloned().unwrap_or_default()
    }
}

/// Kopecks and millionths by subject.
type Sums = BTreeMap<String, i128>;

/// Units of a decimal number with `decimals` decimals; 0 for an empty text.
fn units(text: &str, decimals: usize) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<decimals$}").parse().unwrap_or_default()
}

/// Figures of a run, read from its tables as text.
fn figures(dir: &Path) -> Sums {
    let run = PublishedRun::read(dir);
    let mut sums = Sums::new();
    for row in run.rows(OutputTable::FundingInsurerClinic) {
        let subject = format!("care {} {} {}", row.text("care"), row.text("clinic"), row.text("insurer"));
        *sums.entry(format!("{subject} heads")).or_default() += units(row.text("paid_heads"), 6);
        *sums.entry(format!("{subject} amount")).or_default() += units(row.text("amount"), 2);
    }
    for row in run.rows(OutputTable::FundingPoints) {
        let subject = format!("points  {} {} amount", row.text("clinic"), row.text("insurer"));
        *sums.entry(subject).or_default() += units(row.text("amount"), 2);
    }
    for row in run.rows(OutputTable::ToPay) {
        for part in ["results", "in", "out", "carried_in", "advance", "withheld", "carried_out", "to_pay"] {
            *sums.entry(format!("{part}  {}  amount", row.text("clinic"))).or_default() += units(row.text(part), 2);
        }
    }
    for row in run.rows(OutputTable::FundingInsurer) {
        *sums.entry(format!("insurer_money   {} amount", row.text("insurer"))).or_default() += units(row.text("amount"), 2);
    }
    sums.retain(|_, figure| *figure != 0);
    sums
}

/// Figures of bookings for the subjects that [`figures`] has.
fn add_bookings(sums: &mut Sums, bookings: &[Value]) {
    for row in bookings.iter().flat_map(|booking| booking["rows"].as_array().expect("rows")) {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let subject = format!("{} {} {} {}", text("part"), text("care"), text("clinic"), text("insurer"));
        let kinds: &[(&str, usize)] = if text("part") == "care" { &[("heads", 6), ("amount", 2)] } else { &[("amount", 2)] };
        if ["attached", "insured", "running_costs", "uncovered", "uncovered_advance", "uncovered_withheld"]
            .contains(&text("part"))
        {
            continue;
        }
        for (kind, decimals) in kinds {
            let figure = |state: &str| units(row[state][kind].as_str().unwrap_or_default(), *decimals);
            *sums.entry(format!("{subject} {kind}")).or_default() += figure("now") - figure("before");
        }
    }
    sums.retain(|_, figure| *figure != 0);
}

#[test]
fn a_month_is_closed_once_and_replaced_with_a_reason() {
    let month = PaidMonth::new();
    let run = month.current();
    let wrong_day = month.of_job(&["close", "2026-10"]).exits_with(2);
    assert!(wrong_day.stderr.contains("holds no run as of 2026-10-01"), "{}", wrong_day.stderr);
    let named = month.of_job(&["close", "2026-10", "--run", &run]).exits_with(2);
    assert!(named.stderr.contains("2026-10 is counted on 2026-10-01"), "{}", named.stderr);
    month.of_job(&["close", MONTH]).exits_with(0);
    let again = month.of_job(&["close", MONTH]).exits_with(0).stdout;
    assert!(again.contains("was closed by this run already"), "{again}");
    let marks = month.of_job(&["runs"]).exits_with(0).stdout;
    assert!(marks.contains("closed 2026-11"), "{marks}");

    month.cut("money/attachments/dental_20261031.csv", 5);
    month.sverka(&["run", &month.job_argument(), "--quiet"]).exits_with(0);
    let refused = month.of_job(&["close", MONTH]).exits_with(2).stderr;
    assert!(refused.contains(&run) && refused.contains("--replace REASON"), "{refused}");
    month.of_job(&["close", MONTH, "--replace", "paid by the second run"]).exits_with(0);
    let closed: Value =
        serde_json::from_slice(&fs::read(month.path("money/out/closed/2026-11.json")).expect("a file")).expect("JSON");
    assert_eq!(closed["run_id"], month.current().as_str());
    assert_eq!(closed["replaced"][0]["run_id"], run.as_str());
    assert_eq!(closed["replaced"][0]["reason"], "paid by the second run");
    month.of_job(&["verify", "--all"]).exits_with(0);
}

#[test]
fn a_damaged_run_is_not_closed() {
    let month = PaidMonth::new();
    let table = month.path("money/out/runs").join(month.current()).join("to_pay.parquet");
    let mut bytes = fs::read(&table).expect("a table");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&table, bytes).expect("written");
    let ended = month.of_job(&["close", MONTH]).exits_with(1).stdout;
    assert!(ended.contains("is not closed") && ended.contains("to_pay.parquet"), "{ended}");
    assert!(!month.path("money/out/closed").exists());
}

#[test]
fn the_closed_month_and_its_bookings_are_the_newest_knowledge() {
    let month = PaidMonth::new();
    let paid = month.current();
    let refused = month.of_job(&["corrections", MONTH]).exits_with(2).stderr;
    assert!(refused.contains("is not closed"), "{refused}");
    month.of_job(&["close", MONTH]).exits_with(0);
    let closed = figures(&month.path("money/out/runs").join(&paid));
    let book = ["corrections", MONTH, "--book", "--lang", "en"];
    let nothing = month.of_job(&book).exits_with(0).stdout;
    assert!(nothing.contains("Nothing to book") && month.bookings().is_empty(), "{nothing}");
    let knowledge: [&dyn Fn(); 3] =
        [&|| month.cut("money/attachments/dental_20261031.csv", 5), &|| month.cut("registers/98002_20261031.csv", 8), &|| {
            month.restore("money/attachments/dental_20261031.csv")
        }];
    for (number, learn) in (1..).zip(knowledge) {
        learn();
        let ended = month.of_job(&[&book[..], &["--reason", "learned"]].concat()).exits_with(0).stdout;
        assert!(ended.contains(&format!("Booked as no. {number}")), "{ended}");
        let bookings = month.bookings();
        assert_eq!(bookings.len(), number);
        let booking = &bookings[number - 1];
        assert_eq!((&booking["reason"], &booking["closed_run_id"]), (&"learned".into(), &paid.as_str().into()));
        let mut sum = closed.clone();
        add_bookings(&mut sum, &bookings);
        let now = figures(&month.path("money/out/runs").join(booking["run_id"].as_str().expect("a run")));
        assert!(sum == now && now != closed, "booking {number}");
        let again = month.of_job(&book).exits_with(0).stdout;
        assert!(again.contains("Nothing to book"), "{again}");
        assert_eq!(month.bookings().len(), number);
    }
    let checked = month.of_job(&["verify", "--all"]).exits_with(0).stdout;
    assert!(checked.contains("1 closed month, 3 booked corrections"), "{checked}");
    let marks = month.of_job(&["runs"]).exits_with(0).stdout;
    assert!(marks.contains("booked 2026-11 no. 2"), "{marks}");

    // The figures stand in the bookings, so their runs may go; the closed run stays, and the law holds without them.
    month.of_job(&["runs", "prune", "--keep", "0"]).exits_with(0);
    let mut kept = vec![paid, month.current()];
    kept.sort();
    assert_eq!(month.runs(), kept);
    month.of_job(&["verify", "--all"]).exits_with(0);
    assert!(month.of_job(&book).exits_with(0).stdout.contains("Nothing to book"));
}

#[test]
fn a_correction_is_not_current_beside_a_later_day() {
    let month = PaidMonth::new();
    month.of_job(&["close", MONTH]).exits_with(0);
    month.sverka(&["run", &month.job_argument(), "--quiet", "--as-of", "2026-11-15"]).exits_with(0);
    let current = month.current();
    assert!(current.starts_with("2026-11-15"), "{current}");
    month.cut("money/attachments/dental_20261031.csv", 5);
    for _ in 0..2 {
        month.of_job(&["corrections", MONTH]).exits_with(0);
        assert_eq!(month.current(), current, "a published correction is recognised and stays beside it");
    }
    assert_eq!(month.runs().len(), 3);
}

#[test]
fn changed_bookings_are_damage_and_keep_their_run() {
    let month = PaidMonth::new();
    month.of_job(&["close", MONTH]).exits_with(0);
    month.cut("money/attachments/dental_20261031.csv", 5);
    month.of_job(&["corrections", MONTH, "--book"]).exits_with(0);
    let booked = month.bookings()[0]["run_id"].as_str().expect("a run").to_owned();
    month.restore("money/attachments/dental_20261031.csv");
    month.sverka(&["run", &month.job_argument(), "--quiet"]).exits_with(0);
    let file = month.path("money/out/closed/2026-11-corrections.json");
    let text = fs::read_to_string(&file).expect("a record");
    let (before, row) = text.rsplit_once("\"amount\": \"").or_else(|| text.rsplit_once("\"amount\":\"")).expect("an amount");
    fs::write(&file, format!("{before}\"amount\": \"9{row}")).expect("written");
    let damage = month.of_job(&["verify", "--all"]).exits_with(1).stdout;
    assert!(damage.contains("2026-11-corrections.json has rows in booking 1 that do not add up"), "{damage}");
    let pruned = month.of_job(&["runs", "prune", "--keep", "0"]).exits_with(0).stdout;
    assert!(pruned.contains("booking without its figures") && month.runs().contains(&booked), "{pruned}");
    fs::write(&file, &text[..text.len() / 2]).expect("written");
    month.of_job(&["runs", "prune", "--keep", "0"]).exits_with(3);
    month.of_job(&["verify", "--all"]).exits_with(1);
}

#[test]
fn tables_of_corrections_add_up() {
    let month = PaidMonth::new();
    month.of_job(&["close", MONTH]).exits_with(0);
    month.cut("money/attachments/dental_20261031.csv", 5);
    let to = month.path("corrections");
    let arguments = ["--to", to.to_str().expect("UTF-8"), "--format", "csv", "--norms"];
    for norms in ["recomputed", "paid"] {
        month.of_job(&[&["corrections", MONTH][..], &arguments, &[norms]].concat()).exits_with(0);
        let mut changed = 0;
        for table in ["corrections", "correction_sums"] {
            let mut reader = csv::Reader::from_path(to.join(format!("{table}.csv"))).expect("a table");
            let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
            for row in reader.records().map(|row| row.expect("a row")) {
                let figure = |name: &str| units(&row[names.iter().position(|other| other == name).expect("a column")], 6);
                for kind in ["heads", "funded_heads", "amount"] {
                    let of = |state: &str| figure(&format!("{kind}_{state}"));
                    assert_eq!(of("closed") + of("booked") + of("to_book"), of("now"), "{row:?}");
                    changed += u32::from(of("to_book") != 0);
                }
            }
        }
        assert!(changed > 10, "{norms}: {changed}");
    }
    let book = month.path("corrections.xlsx");
    month.of_job(&["corrections", MONTH, "--xlsx", book.to_str().expect("UTF-8")]).exits_with(0);
    assert!(fs::metadata(book).expect("a workbook").len() > 5_000);
}

#[test]
fn the_form_of_a_correction_is_the_same_before_and_after_booking() {
    let month = PaidMonth::new();
    let forms = |to: &str| {
        let to = month.path(to);
        let arguments = ["forms", "--form", "corrections", "--format", "csv", "--to", to.to_str().expect("UTF-8")];
        (month.of_job(&arguments), to.join("corrections.csv"))
    };
    assert!(forms("a").0.exits_with(2).stderr.contains("is about a closed month"));
    month.of_job(&["close", MONTH]).exits_with(0);
    assert!(forms("a").0.exits_with(2).stderr.contains("nothing to correct"));
    let paid = month.current();
    month.cut("money/attachments/dental_20261031.csv", 5);
    month.cut("registers/98002_20261031.csv", 8);
    month.of_job(&["corrections", MONTH]).exits_with(0);
    let text = |to: &str| {
        let (ended, file) = forms(to);
        ended.exits_with(0);
        let text = fs::read_to_string(file).expect("a form");
        let kept: Vec<&str> =
            text.lines().filter(|line| !line.contains("закрыт 20") && !line.starts_with("Корректировка:")).collect();
        (text.clone(), kept.join("\n").replace(&month.current(), "RUN").replace(&paid, "PAID"))
    };
    let draft = text("a");
    assert!(draft.0.contains("проект, не учтена"), "{}", draft.0);
    month.of_job(&["corrections", MONTH, "--book"]).exits_with(0);
    let booked = text("a");
    assert!(booked.0.contains("Корректировка: № 1, учтена "), "{}", booked.0);
    assert_eq!(draft.1, booked.1);
    samples::assert_golden_form("corrections.csv", draft.1 + "\n");
}
