//! Text in the forms that programs write: headers with other names, `sep=;`, end marks of DOS, carriage returns, standard quotes. A line that is no row
//! gets no row in an answer, and no form of lines costs a row.

mod forms;

use std::path::{Path, PathBuf};
use std::process::Command;

use sverka_publish::Manifest;

use crate::answers::unzipped;

/// A job in `cases`, and its expected results.
struct PracticeCase {
    /// Path of the job below `cases`.
    job: &'static str,
    /// (source, number of rows, number of quarantined rows)
    sources: &'static [(&'static str, u64, u64)],
    /// (answer, number of rows)
    answers: &'static [(&'static str, usize)],
    /// Texts that the program prints.
    printed: &'static [&'static str],
}

const PRACTICE: &[PracticeCase] = &[
    PracticeCase {
        job: "01-mo-shifted-header/job.toml",
        sources: &[("MO298010120261031.csv", 3, 0), ("MO298010120261101.csv", 2, 0), ("register.csv", 5, 0)],
        answers: &[("E298010120261031", 3), ("E298010120261101", 2)],
        printed: &["MO298010120261031.csv: line 1: a header with other names of columns than layout `mo` is no row"],
    },
    PracticeCase {
        job: "02-mo-standard-quotes/job.toml",
        sources: &[("MO298010120261031.csv", 3, 0), ("register.csv", 5, 0)],
        answers: &[("E298010120261031", 3)],
        printed: &[],
    },
    PracticeCase {
        job: "17-excel-sep-line/job.toml",
        sources: &[("attachments.csv", 5, 0), ("register.csv", 5, 0), ("register_plain.csv", 5, 0)],
        answers: &[],
        printed: &["register.csv: line 1: the line `sep=` of a spreadsheet program is no row"],
    },
    PracticeCase {
        job: "17-excel-sep-line/job_mo.toml",
        sources: &[("MO298010120261031.csv", 2, 0), ("register_plain.csv", 5, 0)],
        answers: &[("E298010120261031", 2)],
        printed: &["MO298010120261031.csv: line 1: the line `sep=` of a spreadsheet program is no row"],
    },
    PracticeCase {
        job: "20-dos-end-mark/job.toml",
        sources: &[
            ("MO298010120261031.csv", 2, 0),
            ("MO298010120261101.csv", 2, 0),
            ("attachments.csv", 1, 0),
            ("register.csv", 5, 0),
        ],
        answers: &[("E298010120261031", 2), ("E298010120261101", 2)],
        printed: &[],
    },
    PracticeCase {
        job: "21-carriage-returns/job.toml",
        sources: &[("attachments.csv", 5, 0), ("register.csv", 5, 0)],
        answers: &[],
        printed: &[],
    },
    PracticeCase { job: "21-carriage-returns/job_mac.toml", sources: &[("mac.csv", 5, 0)], answers: &[], printed: &[] },
    PracticeCase {
        job: "21-carriage-returns/job_mo.toml",
        sources: &[("MO298010120261030.csv", 2, 0), ("MO298010120261031.csv", 2, 0), ("plain.csv", 5, 0)],
        answers: &[("E298010120261030", 2), ("E298010120261031", 2)],
        printed: &[],
    },
];

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/text_forms/cases")
}

/// Runs the program. Returns its exit code, and standard output followed by standard error.
fn sverka(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sverka")).args(arguments).output().expect("the program starts");
    let printed = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(printed).expect("the program prints UTF-8"))
}

#[test]
fn every_form_of_practice_gives_its_rows() {
    let mut failures = Vec::new();
    for PracticeCase { job, sources, answers, printed } in PRACTICE {
        let out = tempfile::tempdir().expect("temporary folder");
        let path = cases().join(job);
        let (code, output) = sverka(&["run", path.to_str().expect("UTF-8"), "--output", out.path().to_str().expect("UTF-8")]);
        let Ok(manifest) = Manifest::read(&out.path().join("current")) else {
            failures.push(format!("{job}: exit {code:?}\n{output}"));
            continue;
        };
        let counts = |input: &sverka_publish::Input| Some((input.name.clone(), input.rows?, input.quarantined?));
        let found: Vec<(String, u64, u64)> = manifest.inputs.iter().filter_map(counts).collect();
        let mut found: Vec<(&str, u64, u64)> = found.iter().map(|(name, rows, kept)| (name.as_str(), *rows, *kept)).collect();
        found.sort_unstable();
        if found != *sources {
            failures.push(format!("{job}: {found:?} instead of {sources:?}\n{output}"));
        }
        for &(name, rows) in *answers {
            let path = out.path().join("answers").join(&manifest.run_id).join(format!("{name}.zip"));
            let content = std::fs::read(&path).map(|bytes| unzipped(&bytes).1).unwrap_or_default();
            let found = content.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).count();
            if found != rows {
                failures.push(format!("{job}: {name} has {found} rows instead of {rows}"));
            }
        }
        for words in printed.iter().filter(|words| !output.contains(**words)) {
            failures.push(format!("{job}: {words:?} is not printed in\n{output}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn files_that_cannot_be_read_are_reported_with_their_cause() {
    let hostile = |name: &str| cases().join("hostile").join(name).to_str().expect("UTF-8").to_owned();
    let folder = tempfile::tempdir().expect("temporary folder");
    let written = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).expect("a sample");
        folder.path().join(name).to_str().expect("UTF-8").to_owned()
    };
    let header = "insurer;policy_kind;enp;surname;given_name;sex;birth_date;insured_from";
    let long = written("long.csv", format!("{header}\n{}\n", ["1"; 32].join(";")).as_bytes());
    let comma = written("comma.csv", format!("sep=,\n{header}\n").as_bytes());
    let marked = written("marked.csv", &[b"\xFF\xFE", header.as_bytes(), b"\n"].concat());
    for (layout, sample, code, words) in [
        (hostile("layout_in_windows_1251.toml"), long.clone(), 2, "layout_in_windows_1251.toml:"),
        (hostile("layout_in_windows_1251.toml"), long.clone(), 2, "the file is not UTF-8; save it as UTF-8"),
        ("register".to_owned(), long, 1, "32 fields instead of 8"),
        (
            "register".to_owned(),
            comma,
            3,
            "`sep=,` says that the file has another delimiter than layout `register`, which has `;`",
        ),
        ("register".to_owned(), marked, 3, "byte order mark of utf-16le, but the text behind it is not UTF-16LE"),
        ("mo".to_owned(), hostile("mo_header_joined_to_first_row.csv"), 1, "48 fields instead of 24"),
        (hostile("multiline_layout.toml"), hostile("multiline_two_stray_quotes.csv"), 1, "as many delimiters as a row"),
    ] {
        let (found, output) = sverka(&["layout", "check", &layout, &sample, "--rows", "0"]);
        assert!(found == Some(code) && output.contains(words), "{sample}: exit {found:?}, {words:?} in\n{output}");
    }
    let (code, output) = sverka(&["layout", "check", "mo", &hostile("mo_cr_only_MO298010120261031.csv"), "--rows", "0"]);
    assert!(output.contains("11 records"), "exit {code:?}\n{output}");
}
