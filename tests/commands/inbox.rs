//! The inbox of a fund with a fault in one sender's file: the first lines of the output report every fault, and no run is published as if there were
//! none.

use std::fs;
use std::path::{Path, PathBuf};

use sverka_publish::zip_of;
use tempfile::TempDir;

use super::{Ended, sverka};

/// The form of the files in the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Plain,
    /// Each file in a ZIP archive.
    Zip,
}

/// A region with one published run. The files of that run lack the last rows of today's files.
struct Inbox {
    dir: TempDir,
    packing: Packing,
    /// Today's files: the register of each insurer and the list of each clinic.
    files: Vec<InboxFile>,
}

/// A file of the inbox.
#[derive(Clone)]
struct InboxFile {
    name: String,
    text: String,
}

/// Number of people: enough that the largest insurers and clinics have more than 100 rows.
const PERSONS: &str = "1500";
/// Rows of the smallest file: with two rows less, no threshold is passed.
const LEAST_ROWS: usize = 30;
/// Number of rows that each file has more today.
const NEW_ROWS: usize = 2;

impl Inbox {
    /// An inbox before its first run.
    fn new(packing: Packing) -> Self {
        let dir = tempfile::tempdir().expect("temporary folder");
        let region = dir.path().join("region");
        let arguments = ["generate", "--persons", PERSONS, "--defects-off", "--no-truth", "--out"];
        sverka(&[&arguments[..], &[region.to_str().expect("UTF-8")]].concat()).exits_with(0);
        let mut files = Vec::new();
        for folder in ["registers", "attachments"] {
            let entries = fs::read_dir(region.join(folder)).expect("a folder").map(|entry| entry.expect("an entry").path());
            for path in entries {
                let name = format!("{folder}/{}", path.file_name().and_then(|name| name.to_str()).expect("a name"));
                let text = fs::read_to_string(&path).expect("a source");
                fs::remove_file(path).expect("removed");
                if rows(&text) >= LEAST_ROWS {
                    files.push(InboxFile { name, text });
                }
            }
        }
        files.sort_by_key(|file| (!file.name.starts_with("registers"), std::cmp::Reverse(file.text.len())));
        let inbox = Self { dir, packing, files };
        if packing == Packing::Zip {
            let job = fs::read_to_string(inbox.job()).expect("a job");
            fs::write(inbox.job(), job.replace("/*.csv\"", "/*.zip\"")).expect("a job");
        }
        inbox
    }

    /// An inbox with today's files, after yesterday's run.
    fn of_today(packing: Packing) -> Self {
        let inbox = Self::new(packing);
        inbox.files.iter().for_each(|file| inbox.put(&file.name, &without_last_rows(&file.text, NEW_ROWS)));
        inbox.run(&[]).exits_with(0);
        inbox.put_all();
        inbox
    }

    fn job(&self) -> PathBuf {
        self.dir.path().join("region/job.toml")
    }

    fn path(&self, name: &str) -> PathBuf {
        let name = if self.packing == Packing::Zip { name.replace(".csv", ".zip") } else { name.to_owned() };
        self.dir.path().join("region").join(name)
    }

    fn put_all(&self) {
        self.files.iter().for_each(|file| self.put(&file.name, &file.text));
    }

    fn put(&self, name: &str, text: &str) {
        let member = name.rsplit('/').next().expect("a name");
        let content = match self.packing {
            Packing::Plain => text.as_bytes().to_vec(),
            Packing::Zip => zip_of(&[(member, text.as_bytes())]),
        };
        fs::write(self.path(name), content).expect("written");
    }

    fn run(&self, more: &[&str]) -> Ended {
        sverka(&[&["run", self.job().to_str().expect("UTF-8")], more].concat())
    }

    /// The folder of the current run.
    fn current(&self) -> PathBuf {
        fs::read_link(self.dir.path().join("region/out/current")).expect("a current run")
    }

    /// Runs the job with a fault in a file, and repairs the file after the run.
    fn run_with(&self, fault: Fault, file: &InboxFile) -> Ended {
        let InboxFile { name, text } = file;
        match fault {
            Fault::Absent => fs::remove_file(self.path(name)).expect("removed"),
            Fault::CutAtARow => self.put(name, &without_last_rows(text, rows(text) / 2)),
            Fault::CutInARow => {
                let cut = without_last_rows(text, rows(text) / 2);
                self.put(name, &cut[..cut.len() - 20]);
            }
            Fault::HeaderOnly => self.put(name, &without_last_rows(text, rows(text))),
            Fault::Empty => self.put(name, ""),
            Fault::OfYesterday => self.put(name, &without_last_rows(text, NEW_ROWS)),
            Fault::Twice => self.put(&copy_of(name), text),
        }
        let ended = self.run(&[]);
        drop(fs::remove_file(self.path(&copy_of(name))));
        self.put(name, text);
        ended
    }
}

/// A fault of a file in the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Absent,
    CutAtARow,
    CutInARow,
    HeaderOnly,
    Empty,
    OfYesterday,
    Twice,
}

fn copy_of(name: &str) -> String {
    name.replace(".csv", "-copy.csv")
}

fn rows(text: &str) -> usize {
    text.lines().count() - 1
}

fn without_last_rows(text: &str, count: usize) -> String {
    let kept = text.lines().count() - count;
    text.lines().take(kept).map(|line| format!("{line}\n")).collect()
}

/// Kind and code of the sender of a file.
fn sender(name: &str) -> String {
    let kind = if name.starts_with("registers") { "insurer" } else { "clinic" };
    let file = Path::new(name).file_name().and_then(|file| file.to_str()).expect("a name");
    format!("{kind} {}", file.split('_').next().expect("a code"))
}

/// The first lines that a user reads: of the summary, or of the message why there is none.
fn first_lines(ended: &Ended) -> String {
    let text = if ended.stdout.is_empty() { &ended.stderr } else { &ended.stdout };
    // On standard error, lines about progress stand before the message.
    let lines = text.lines().skip_while(|line| ended.stdout.is_empty() && !line.starts_with("sverka: "));
    lines.take(5).collect::<Vec<_>>().join("\n")
}

/// Exit code of a fault, and texts of the first lines: the sender or its file, and the fault.
fn expected_report(fault: Fault, name: &str) -> (i32, Vec<String>) {
    let (sender, file) = (sender(name), name.trim_end_matches(".csv").to_owned());
    match fault {
        Fault::Absent => (6, vec![format!("stop  {sender}: not one row"), "--accept-shrink".to_owned()]),
        Fault::CutAtARow | Fault::CutInARow => (6, vec![format!("stop  {sender}: rows "), "--accept-shrink".to_owned()]),
        Fault::HeaderOnly => (6, vec![format!("stop  {sender}: not one row")]),
        Fault::Empty => (3, vec![file]),
        Fault::OfYesterday => (1, vec!["To be looked at".to_owned(), file, "the same file as in run".to_owned()]),
        Fault::Twice => (0, vec!["To be looked at".to_owned(), file, "the same content as".to_owned()]),
    }
}

fn assert_every_fault_is_reported(packing: Packing, choose: impl Fn(&Inbox) -> InboxFile) {
    use Fault::{Absent, CutAtARow, CutInARow, Empty, HeaderOnly, OfYesterday, Twice};
    for fault in [Absent, CutAtARow, CutInARow, HeaderOnly, Empty, OfYesterday, Twice] {
        let inbox = Inbox::of_today(packing);
        let file = choose(&inbox);
        let (code, parts) = expected_report(fault, &file.name);
        let before = inbox.current();
        let ended = inbox.run_with(fault, &file);
        assert_eq!(ended.code, code, "{fault:?} of {}: {}{}", file.name, ended.stdout, ended.stderr);
        let first = first_lines(&ended);
        for part in parts {
            assert!(first.contains(&part), "{fault:?}: `{part}` is not in\n{first}");
        }
        assert_eq!(inbox.current() == before, code > 1, "{fault:?}: published or not");
        if fault == HeaderOnly {
            assert!(ended.stderr.contains("SOURCE_WITHOUT_RECORDS"), "{}", ended.stderr);
        }
    }
}

#[test]
fn every_fault_of_the_largest_insurers_file_is_reported_first() {
    assert_every_fault_is_reported(Packing::Plain, |inbox| inbox.files[0].clone());
}

#[test]
fn every_fault_of_a_clinics_archive_is_reported_first() {
    assert_every_fault_is_reported(Packing::Zip, |inbox| {
        inbox.files.iter().find(|file| file.name.starts_with("attachments")).expect("a clinic").clone()
    });
}

#[test]
fn a_day_without_faults_is_published_without_a_warning() {
    let inbox = Inbox::of_today(Packing::Plain);
    let ended = inbox.run(&[]).exits_with(0);
    let before = ended
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("  in the run before "))
        .unwrap_or_else(|| panic!("{}", ended.stdout));
    assert_eq!(before.split_whitespace().next(), Some(inbox.files.len().to_string().as_str()), "{}", ended.stdout);
    assert!(!ended.stdout.contains("  warn  "), "{}", ended.stdout);
}

/// A loss of the current run.
#[derive(Clone, Copy, Debug)]
enum Loss {
    /// `current` points to a run that does not exist, while another one does.
    CurrentLeadsAstray,
    /// `current` is missing.
    NoCurrent,
    /// No run is left.
    NoRun,
}

impl Inbox {
    fn lose(&self, loss: Loss) {
        let out = self.dir.path().join("region/out");
        match loss {
            Loss::CurrentLeadsAstray => {
                fs::remove_file(out.join("current")).expect("removed");
                std::os::unix::fs::symlink("runs/2026-10-30-0123456789abcdef", out.join("current")).expect("a link");
            }
            Loss::NoCurrent => fs::remove_file(out.join("current")).expect("removed"),
            Loss::NoRun => fs::remove_dir_all(out.join("runs")).expect("removed"),
        }
    }
}

#[test]
fn a_lost_current_run_is_reported_and_another_takes_its_place() {
    for (loss, part) in
        [(Loss::CurrentLeadsAstray, "is gone"), (Loss::NoCurrent, "`current` is missing"), (Loss::NoRun, "against nothing")]
    {
        let inbox = Inbox::of_today(Packing::Plain);
        inbox.lose(loss);
        let ended = inbox.run(&["-q"]).exits_with(1);
        assert!(ended.stderr.contains(part), "{loss:?}: {}", ended.stderr);
        let summary = fs::read_to_string(inbox.dir.path().join("region/out/current/summary.txt")).expect("a summary");
        assert!(
            summary.lines().nth(1).is_some_and(|line| line.starts_with("  warn  "))
                && summary.contains("nothing") == matches!(loss, Loss::NoRun),
            "{summary}"
        );
    }
}

#[test]
fn a_smaller_run_is_stopped_though_the_current_one_is_lost() {
    for loss in [Loss::CurrentLeadsAstray, Loss::NoCurrent] {
        let inbox = Inbox::of_today(Packing::Plain);
        inbox.lose(loss);
        let InboxFile { name, text } = &inbox.files[0];
        inbox.put(name, &without_last_rows(text, rows(text) / 2));
        let ended = inbox.run(&[]).exits_with(6);
        assert!(first_lines(&ended).contains(&format!("stop  {}: rows ", sender(name))), "{loss:?}: {}", ended.stderr);
    }
}

#[test]
fn a_smaller_run_is_accepted_once() {
    let inbox = Inbox::of_today(Packing::Plain);
    fs::remove_file(inbox.path(&inbox.files[0].name)).expect("removed");
    inbox.run(&[]).exits_with(6);
    let accepted = inbox.run(&["--accept-shrink"]).exits_with(1);
    assert!(first_lines(&accepted).contains("(accepted with --accept-shrink)"), "{}", accepted.stdout);
    let manifest = fs::read_to_string(inbox.dir.path().join("region/out/current/manifest.json")).expect("a manifest");
    assert!(manifest.contains("\"accepted_shrink\""), "{manifest}");
    // Recognised or forced, the run stays accepted.
    inbox.run(&[]).exits_with(1);
    inbox.run(&["--force"]).exits_with(1);
    // The next run is compared with the accepted one, and misses no file.
    let InboxFile { name, text } = &inbox.files[1];
    inbox.put(name, &without_last_rows(text, 1));
    let next = inbox.run(&[]);
    assert!(!first_lines(&next).contains(&sender(&inbox.files[0].name)), "{}{}", next.stdout, next.stderr);
}

#[test]
fn a_published_run_that_becomes_current_again_is_reported() {
    let inbox = Inbox::of_today(Packing::Plain);
    // Ids that are continued from the run before are an input: with them the run would be a new one.
    let job = inbox.job();
    let text = fs::read_to_string(&job).expect("a job");
    fs::write(&job, text.replace("ids = \"continued\"", "ids = \"content\"")).expect("written");
    let InboxFile { name, text } = &inbox.files[0];
    inbox.put(name, &without_last_rows(text, rows(text) / 2));
    inbox.run(&["--accept-shrink"]).exits_with(1);
    let small = inbox.current();
    inbox.put(name, text);
    inbox.run(&[]).exits_with(0);
    // The smaller run was accepted against a run that is no longer the current one. Its manifest says so.
    inbox.put(name, &without_last_rows(text, rows(text) / 2));
    let again = inbox.run(&[]).exits_with(1);
    assert!(first_lines(&again).contains("accepted with --accept-shrink"), "{}", again.stdout);
    assert_eq!(inbox.current(), small);
}

#[test]
fn the_first_run_reports_faults_that_show_without_a_former_run() {
    for (fault, code, part) in
        [(Fault::HeaderOnly, 1, "SOURCE_WITHOUT_RECORDS"), (Fault::Empty, 3, "empty"), (Fault::Twice, 0, "the same content as")]
    {
        let inbox = Inbox::new(Packing::Plain);
        inbox.put_all();
        let ended = inbox.run_with(fault, &inbox.files[0]).exits_with(code);
        assert!(first_lines(&ended).contains(part), "{fault:?}: {}{}", ended.stdout, ended.stderr);
    }
}

#[test]
fn a_quiet_run_reports_faults_on_standard_error() {
    let inbox = Inbox::of_today(Packing::Plain);
    let job = fs::read_to_string(inbox.job()).expect("a job");
    fs::write(inbox.job(), format!("{job}\n[rules.sources]\ntwice = \"warn\"\n")).expect("a job");
    inbox.put(&copy_of(&inbox.files[0].name), &inbox.files[0].text);
    let ended = inbox.run(&["--quiet"]).exits_with(1);
    assert!(ended.stdout.is_empty() && ended.stderr.contains("the same content as"), "{}{}", ended.stdout, ended.stderr);
}

#[test]
fn a_job_sets_other_limits_and_consequences() {
    let inbox = Inbox::of_today(Packing::Plain);
    let job = fs::read_to_string(inbox.job()).expect("a job");
    let InboxFile { name, text } = inbox.files[0].clone();
    inbox.put(&name, &without_last_rows(&text, rows(&text) / 2));
    for (number, (more, code)) in [
        ("[[thresholds.volume]]\nshrink = \"off\"\n", 0),
        ("[[thresholds.volume]]\nshrink = \"off\"\nthen = \"stop\"\n", 1),
        ("[[thresholds.volume]]\nshrink = \"90%\"\nthen = \"stop\"\n", 1),
        ("[[thresholds.volume]]\nshrink = \"off\"\n[[thresholds.volume]]\nshrink = 1\nmeasure = \"rows\"\nof = \"insurer\"\n", 1),
        ("[[thresholds.volume]]\nshrink = \"off\"\n[[thresholds.volume]]\nshrink = 1\nmeasure = \"rows\"\nthen = \"note\"\n", 0),
    ]
    .into_iter()
    .enumerate()
    {
        fs::write(inbox.job(), format!("{job}\n{more}")).expect("a job");
        let folder = inbox.dir.path().join(format!("out-{number}"));
        copy(&inbox.dir.path().join("region/out"), &folder);
        let ended = inbox.run(&["--output", folder.to_str().expect("UTF-8")]);
        assert_eq!(ended.code, code, "{more}{}{}", ended.stdout, ended.stderr);
    }
}

/// Copies a folder with its links.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).expect("an entry");
        if path.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&path).expect("a link"), to.join(name)).expect("a link");
        } else if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).expect("a file");
        }
    }
}

#[test]
fn a_run_of_few_rows_is_not_compared_with_another() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let region = dir.path().join("region");
    let region = region.to_str().expect("UTF-8");
    let job = format!("{region}/job.toml");
    for (persons, exit) in [("45", 0), ("12", 0)] {
        sverka(&["generate", "--persons", persons, "--defects-off", "--no-truth", "--force", "--out", region]).exits_with(0);
        let text = fs::read_to_string(&job).expect("a job");
        fs::write(&job, format!("{text}\n[rules.sources]\nwithout_records = \"note\"\nabsent_sender = \"note\"\n"))
            .expect("a job");
        let ended = sverka(&["run", &job]);
        assert!(ended.stdout.contains("Rows in"), "{}", ended.stderr);
        ended.exits_with(exit);
    }
}
