//! Sources that count: snapshots, contents sent twice, days that are known, files that still arrive, senders that send nothing.

mod arriving;
mod expected;
mod known_by;
mod repeated;
mod snapshots;

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::Ended;
use super::project::Project;

const REGISTER: &str = "record_id;insurer;policy_kind;policy_number;surname;given_name;sex;birth_date;insured_from";
const ATTACHMENTS: &str = "record_id;clinic;policy_kind;policy_number;surname;given_name;birth_date;attached_from";

/// A register of an insurer with the people of some numbers.
fn register(insurer: &str, people: impl IntoIterator<Item = u32>) -> String {
    let row = |person: u32| format!("R{person};{insurer};1;ЗР {person:08};Заречнов;Пров;1;1980-01-01;2020-01-01\n");
    format!("{REGISTER}\n{}", people.into_iter().map(row).collect::<String>())
}

/// An attachment list of a clinic with the people of some numbers.
fn attachments(clinic: &str, people: impl IntoIterator<Item = u32>) -> String {
    let row = |person: u32| format!("A{person};{clinic};1;ЗР {person:08};Заречнов;Пров;1980-01-01;2021-01-01\n");
    format!("{ATTACHMENTS}\n{}", people.into_iter().map(row).collect::<String>())
}

/// A job over the files of the folder `in`, with the sample region's insurers, clinics and tariff.
struct Inbox(Project);

impl Inbox {
    /// A job with these settings before its entries, and these entries.
    fn new(settings: &str, entries: &str) -> Self {
        let project = Project::new();
        fs::create_dir(project.path("in")).expect("folder");
        let inbox = Self(project);
        inbox.job(settings, entries);
        inbox
    }

    fn job(&self, settings: &str, entries: &str) {
        let reference = "[reference]\ninsurers = \"reference/insurers.csv\"\nclinics = \"reference/clinics.csv\"\ntariff = \"reference/tariff.toml\"\n";
        self.0.write("job.toml", format!("as_of = 2026-11-01\noutput = \"out\"\n{settings}\n{entries}\n{reference}"));
    }

    /// Writes a file of the inbox.
    fn put(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.0.path("in").join(name);
        fs::write(&path, content).expect("written");
        self
    }

    fn run(&self, more: &[&str]) -> Ended {
        self.0.run(more)
    }

    fn manifest(&self) -> Value {
        serde_json::from_slice(&fs::read(self.0.path("out/current/manifest.json")).expect("a run")).expect("a manifest")
    }

    /// Names of the sources that the current run has read, with their roles.
    fn read(&self) -> Vec<String> {
        let manifest = self.manifest();
        let inputs = manifest["inputs"].as_array().expect("inputs").iter().filter(|input| input["layout"].is_string());
        let told = |input: &Value| format!("{} {}", text(&input["name"]).trim_start_matches("in/"), text(&input["role"]));
        inputs.map(told).collect()
    }

    /// Sources that the current run has left out, with reasons and what was read instead.
    fn left_out(&self) -> Vec<String> {
        let manifest = self.manifest();
        let all = manifest["left_out"].as_array().cloned().unwrap_or_default();
        let told = |left: &Value| {
            let words =
                [&left["name"], &left["why"], &left["source"]].map(|word| text(word).trim_start_matches("in/").to_owned());
            words.join(" ").trim_end().to_owned()
        };
        all.iter().map(told).collect()
    }

    fn total(&self, figure: &str) -> u64 {
        self.manifest()["totals"][figure].as_u64().expect("a figure")
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Snapshots of registers, dated by their names.
const SNAPSHOTS: &str = "[[registers]]\nfiles = [\"in/*.csv\"]\nsource_date = \"name\"\ncontent = \"snapshot\"\n";
/// Files of registers that add records, dated by their names.
const CHANGES: &str = "[[registers]]\nfiles = [\"in/*.csv\"]\nsource_date = \"name\"\n";

/// Sets the time of the last change of a file. The time at which that is done stays: the system keeps it.
fn set_modified(path: &std::path::Path, ago: Duration) {
    let file = fs::OpenOptions::new().write(true).open(path).expect("a file");
    file.set_modified(SystemTime::now() - ago).expect("a time");
}
