//! The program over sources that another program truncates, replaces or appends to at random moments: it ends by itself, with exit code 3 and the name
//! of the source, or with results of one content.
//!
//! A long run: `SVERKA_CHANGES=100 cargo test --release --test main -- changing_while_running`.

use std::collections::hash_map::RandomState;
use std::fs::{self, OpenOptions};
use std::hash::BuildHasher as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use sverka_publish::zip_of;

use super::{SmallJob, file, row, visible_runs};

/// Rows of the source, a few megabytes: reading them takes a large part of a run.
const ROWS: usize = if cfg!(debug_assertions) { 30_000 } else { 60_000 };

/// Tries of each change.
fn tries() -> usize {
    std::env::var("SVERKA_CHANGES").map_or(3, |text| text.parse().expect("SVERKA_CHANGES is a number"))
}

/// Form of the source.
#[derive(Clone, Copy, Debug)]
enum Form {
    Text,
    Archive,
    Xml,
}

impl Form {
    fn of_try(number: usize) -> Self {
        [Self::Text, Self::Archive, Self::Xml][number % 3]
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "registers/list.csv",
            Self::Archive => "registers/list.zip",
            Self::Xml => "registers/list.xml",
        }
    }

    /// A source whose people have numbers from `first` on.
    fn content(self, first: usize) -> Vec<u8> {
        let numbers = first..first + ROWS;
        match self {
            Self::Text => file(numbers.map(row)).into_bytes(),
            Self::Archive => zip_of(&[("list.csv", file(numbers.map(row)).as_bytes())]),
            Self::Xml => {
                let person = |number: usize| {
                    format!(
                        "<OP><N_REC>{number}</N_REC><TIP_OP>П010</TIP_OP><PERSON><FAM>ЗАРЕЧНОВ</FAM><IM>ПРОВ</IM><W>1</W><DR>1980-01-01</DR></PERSON>\
                         <INSURANCE><POLIS><VPOLIS>1</VPOLIS><SPOLIS>ЗР</SPOLIS><NPOLIS>{number:08}</NPOLIS><DBEG>2020-01-01</DBEG></POLIS></INSURANCE></OP>\n"
                    )
                };
                format!("<OPLIST SMOCOD=\"98001\">{}</OPLIST>", numbers.map(person).collect::<String>()).into_bytes()
            }
        }
    }
}

/// Change by another program.
#[derive(Clone, Copy, Debug)]
enum Change {
    Truncated,
    Replaced,
    Appended,
}

impl Change {
    /// Changes the file. Returns the hash of its new content.
    fn apply(self, path: &Path, form: Form) -> String {
        match self {
            Self::Truncated => {
                let file = OpenOptions::new().write(true).open(path).expect("the source");
                file.set_len(file.metadata().expect("metadata").len() * (random() % 100) / 100).expect("truncated");
            }
            Self::Replaced => {
                let other = path.with_extension("new");
                fs::write(&other, form.content(ROWS)).and_then(|()| fs::rename(&other, path)).expect("replaced");
            }
            Self::Appended => {
                let mut file = OpenOptions::new().append(true).open(path).expect("the source");
                file.write_all(row(10 * ROWS).as_bytes()).and_then(|()| file.write_all(b"\n")).expect("appended");
            }
        }
        hash(path)
    }
}

fn random() -> u64 {
    RandomState::new().hash_one(0)
}

fn hash(path: &Path) -> String {
    blake3::hash(&fs::read(path).expect("the source")).to_hex().to_string()
}

/// A job over a source of a form. It is a snapshot whose name tells no sender, so that it is read while the job is loaded, too.
fn job(form: Form) -> SmallJob {
    let job = SmallJob::new(b"");
    fs::remove_file(job.register()).expect("removed");
    let path = job.dir.path().join("job.toml");
    let text = fs::read_to_string(&path).expect("a job");
    let layout = if matches!(form, Form::Xml) { "\nlayout = \"oplist\"" } else { "" };
    let files = format!("[\"{}\"]\ncontent = \"snapshot\"{layout}", form.name());
    fs::write(path, text.replace("[\"registers/*.csv\"]", &files)).expect("a job");
    job
}

/// Runs the program and calls `meanwhile` while it runs.
fn run(job: &SmallJob, out: &Path, meanwhile: impl FnOnce()) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sverka"));
    command.arg("run").arg(job.dir.path().join("job.toml")).arg("--output").arg(out).arg("--quiet");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    meanwhile();
    child.wait_with_output().expect("the program ends")
}

/// Manifest of the published or stopped run in an output folder.
fn manifest(out: &Path) -> Option<Value> {
    let stopped = fs::read_dir(out.join("stopped")).into_iter().flatten().map(|entry| entry.expect("an entry").path());
    let path = stopped.chain([out.join("current/manifest.json")]).find(|path| path.is_file())?;
    Some(serde_json::from_slice(&fs::read(path).expect("a manifest")).expect("JSON"))
}

/// Outcome of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Exit code 3 and the name of the source; or 2 when it was cut to its header before it was opened, and names no sender.
    Refused,
    /// Results of the content before the change.
    Before,
    /// Results of the content after the change.
    After,
}

fn one_try(change: Change, form: Form, job: &SmallJob, longest: Duration) -> End {
    let path = job.dir.path().join(form.name());
    fs::write(&path, form.content(0)).expect("written");
    let before = hash(&path);
    let out: PathBuf = job.dir.path().join(format!("out-{}", random()));
    let mut after = String::new();
    let ended = run(job, &out, || {
        thread::sleep(Duration::from_nanos(random() % u64::try_from(longest.as_nanos()).expect("a short time")));
        after = change.apply(&path, form);
    });
    let stderr = String::from_utf8_lossy(&ended.stderr).into_owned();
    let code = ended.status.code().unwrap_or_else(|| panic!("{change:?}, {form:?}: {}: {stderr}", ended.status));
    let was_cut_before = code == 2 && matches!(change, Change::Truncated) && stderr.contains("its sender is unknown");
    if code == 3 || was_cut_before {
        assert!(stderr.contains(form.name()), "{change:?}, {form:?}: {stderr}");
        assert_eq!(visible_runs(&out), [""; 0], "{change:?}, {form:?}");
        return End::Refused;
    }
    assert!(matches!(code, 0 | 1 | 6), "{change:?}, {form:?}: {code}: {stderr}");
    let manifest = manifest(&out).expect("a manifest");
    let input = manifest["inputs"].as_array().expect("inputs").last().expect("a source");
    assert!(input["name"].as_str().is_some_and(|name| name == form.name()), "{input}");
    if input["blake3"] == before.as_str() {
        assert_eq!(manifest["totals"]["rows"], ROWS, "{change:?}, {form:?}");
        return End::Before;
    }
    assert_eq!(input["blake3"], after.as_str(), "{change:?}, {form:?}: {code}: {stderr}");
    End::After
}

#[test]
fn a_source_that_changes_at_a_random_moment_never_ends_in_a_signal() {
    let jobs = [Form::Text, Form::Archive, Form::Xml].map(|form| {
        let job = job(form);
        fs::write(job.dir.path().join(form.name()), form.content(0)).expect("written");
        let started = Instant::now();
        let ended = run(&job, &job.out(), || ());
        assert_eq!(ended.status.code(), Some(0), "{form:?}: {}", String::from_utf8_lossy(&ended.stderr));
        // Reading ends at about half of the time of a run.
        (job, started.elapsed() * 6 / 10)
    });
    let mut ends = Vec::new();
    for change in [Change::Truncated, Change::Replaced, Change::Appended] {
        for number in 0..tries() {
            let form = Form::of_try(number);
            let (job, longest) = &jobs[number % 3];
            ends.push((change, one_try(change, form, job, *longest)));
        }
    }
    let count = |end: End| ends.iter().filter(|(_, other)| *other == end).count();
    println!("refused {}, before {}, after {}", count(End::Refused), count(End::Before), count(End::After));
    assert!(tries() < 50 || count(End::Refused) > ends.len() / 10, "the changes do not meet the reading: {ends:?}");
}
