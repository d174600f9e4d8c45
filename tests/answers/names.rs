//! Names of members and folders that file systems do not take, or that look alike: every member gets its answer.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use sverka_publish::zip_of;
use tempfile::TempDir;

use super::unzipped;
use crate::published::fast_folder;
use crate::samples;

/// Most bytes of a name in the usual file systems.
const NAME_BYTES_MAX: usize = 255;

fn hostile(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/answers/hostile").join(name)).expect("an archive")
}

/// A job of the sample region's registers, whose attachments are one archive of files of the MO family.
fn project(archive: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
    let sample = |name: &str| samples::folder().join(name).to_str().expect("UTF-8").to_owned();
    let job = format!(
        "as_of = 2026-11-01\noutput = \"out\"\n[[registers]]\nfiles = [{:?}]\n[[attachments]]\nfiles = [\"inbox.zip\"]\nlayout = \"mo\"\n\
         [rules.sources]\ntwice = \"note\"\n[reference]\ninsurers = {:?}\nclinics = {:?}\ntariff = {:?}\n",
        sample("registers/98*.csv"),
        sample("reference/insurers.csv"),
        sample("reference/clinics.csv"),
        sample("reference/tariff.toml"),
    );
    fs::write(dir.path().join("inbox.zip"), archive).expect("an archive");
    let path = dir.path().join("job.toml");
    fs::write(&path, job).expect("a job");
    (dir, path)
}

fn sverka(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sverka")).args(arguments).output().expect("the program starts")
}

/// Runs the program, which must exit with this code. Returns standard error.
#[track_caller]
fn exits_with(code: i32, arguments: &[&str]) -> String {
    let output = sverka(arguments);
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    stderr
}

/// The answers in the index of a folder.
fn answers_in_index(answers: &Path) -> Vec<Value> {
    let text = fs::read(answers.join("answers.json")).expect("an index");
    let index: Value = serde_json::from_slice(&text).expect("JSON");
    index["answers"].as_array().expect("answers").clone()
}

/// Runs and answers a job over an archive, and fails unless each of its members has an answer of its own.
#[track_caller]
fn assert_all_answered(archive: &[u8], members: usize) {
    let (dir, job) = project(archive);
    let job = job.to_str().expect("UTF-8");
    exits_with(0, &["run", job, "--quiet"]);
    let answers = dir.path().join("answers");
    exits_with(0, &["answers", job, "--out", answers.to_str().expect("UTF-8"), "--quiet"]);
    let of_members: Vec<Value> = answers_in_index(&answers).into_iter().filter(|answer| answer["family"] == "mo").collect();
    assert_eq!(of_members.len(), members);
    let mut seen = BTreeSet::new();
    for answer in of_members {
        let files: Vec<&str> = answer["files"].as_array().expect("files").iter().filter_map(Value::as_str).collect();
        assert_eq!(files.len(), 2, "{answer}");
        for file in files {
            assert!(
                file.split('/').all(|name| !name.is_empty() && name.len() <= NAME_BYTES_MAX && !name.ends_with(['.', ' '])),
                "{file}"
            );
            assert!(seen.insert(file.to_lowercase()), "{file} twice");
            let (inner, _) = unzipped(&fs::read(answers.join(file)).expect("an answer"));
            let name = file.rsplit('/').next().and_then(|name| name.strip_suffix(".zip")).expect("a name");
            assert_eq!(inner, format!("{name}.csv"));
        }
    }
}

#[test]
fn a_member_with_a_name_that_is_too_long_is_answered() {
    assert_all_answered(&hostile("answers_member_name_303_bytes.zip"), 2);
}

#[test]
fn a_folder_with_the_name_of_another_senders_answer_is_answered() {
    assert_all_answered(&hostile("answers_folder_named_as_answer.zip"), 2);
}

#[test]
fn members_with_names_that_look_alike_lead_upwards_or_are_devices_are_answered() {
    let (_, rows) = unzipped_first(&hostile("answers_folder_named_as_answer.zip"));
    let long = format!("MO2{}.csv", "ё".repeat(200));
    let names = [
        "MO2a.csv",
        "mo2A.csv",
        "M2a.csv",
        "MO2a.txt",
        "../MO2i.csv",
        "../../x/MO2a.csv",
        "/MO2k.csv",
        "C:\\MO2l.csv",
        "con/MO2b.csv",
        "AUX.csv",
        "MO2c..csv",
        "MO2c. .csv",
        "a./MO2c.csv",
        "E2d.zip/MO2e.csv",
        "MO2d.csv",
        "answers.json/MO2f.csv",
        "notices/MO2g.csv",
        "MO2\u{202E}h.csv",
        "MO2h.csv",
        &long,
        &format!("x{long}"),
        "MO2й.csv",
        "MO2и\u{306}.csv",
    ];
    let members: Vec<(&str, &[u8])> = names.iter().map(|&name| (name, rows.as_slice())).collect();
    assert_all_answered(&zip_of(&members), names.len());
}

/// The first member of an archive.
fn unzipped_first(archive: &[u8]) -> (String, Vec<u8>) {
    let archive = rawzip::ZipArchive::from_slice(archive).expect("an archive");
    let record = archive.entries().next_entry().expect("a directory").expect("a member");
    let name = String::from_utf8_lossy(record.file_path().as_ref()).into_owned();
    let entry = archive.get_entry(record.wayfinder()).expect("its place");
    let mut content = Vec::new();
    let mut reader = entry.verifying_reader(flate2::read::DeflateDecoder::new(entry.data()));
    std::io::Read::read_to_end(&mut reader, &mut content).expect("whole");
    (name, content)
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_the_file_system_does_not_take_is_reported_and_the_others_are_written() {
    /// Most bytes of a path on Linux.
    const PATH_BYTES_MAX: usize = 4096;
    let (_, rows) = unzipped_first(&hostile("answers_folder_named_as_answer.zip"));
    let long = format!("MO2{}.csv", "n".repeat(200));
    let (dir, job) = project(&zip_of(&[("MO2a.csv", &rows), (&long, &rows)]));
    let job = job.to_str().expect("UTF-8");
    exits_with(0, &["run", job, "--quiet"]);
    let mut out = dir.path().to_owned();
    while out.as_os_str().len() < PATH_BYTES_MAX - 400 {
        out.push("d".repeat(100));
    }
    out.push("d".repeat(PATH_BYTES_MAX - 200 - out.as_os_str().len()));
    fs::create_dir_all(&out).expect("folders");
    let stderr = exits_with(7, &["answers", job, "--out", out.to_str().expect("UTF-8"), "--quiet"]);
    assert!(stderr.contains(&long) && stderr.contains("is not answered"), "{stderr}");
    let answers = answers_in_index(&out);
    let unanswered: Vec<bool> =
        answers.iter().filter(|answer| answer["family"] == "mo").map(|answer| answer.get("unanswered").is_some()).collect();
    assert_eq!(unanswered, [false, true]);
    let answered = answers.iter().flat_map(|answer| answer["files"].as_array().expect("files").clone());
    assert!(answered.map(|file| out.join(file.as_str().expect("a name"))).all(|file| file.is_file()));
}
