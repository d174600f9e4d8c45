//! Files that cannot be read at all: an error with the name of the file and advice, and no published run.

use super::{HEADER, SURNAME, SmallJob, file, row, visible_runs};
use crate::published::{Execution, load, run_loaded};

/// Unusable files: (fault, content, words that the message must have).
fn cases() -> Vec<(&'static str, Vec<u8>, &'static [&'static str])> {
    let whole = file([row(1), row(2)]);
    let without = |column: &str| HEADER.replace(column, "").replace(";;", ";");
    vec![
        ("empty", Vec::new(), &["is empty", "header", "sent again"]),
        ("a byte order mark alone", b"\xEF\xBB\xBF".to_vec(), &["is empty", "header", "sent again"]),
        ("blank lines alone", b"\n \r\n\n".to_vec(), &["is empty", "header", "sent again"]),
        (
            "a missing column",
            format!("{}\n{}\n", without("birth_date"), row(1)).into(),
            &["line 1", "birth_date", "missing", "add"],
        ),
        ("an extra column", format!("{HEADER};shoe_size\n{};43\n", row(1)).into(), &["line 1", "shoe_size", "remove"]),
        ("a column twice", format!("{HEADER};surname\n{};x\n", row(1)).into(), &["line 1", "surname", "more than once"]),
        ("no header", format!("{}\n{}\n", row(1), row(2)).into(), &["line 1", "add the header"]),
        ("a comma for a delimiter", whole.replace(';', ",").into(), &["line 1", "not one `;`", "times `,`"]),
        (
            "a column by another name",
            whole.replace("surname", "lastname").into(),
            &["line 1", "`lastname`; `surname` is missing"],
        ),
        ("an open quote in the header", format!("\"{whole}").into(), &["line 1", "quotes"]),
        ("a header that is not UTF-8", [b"\xF1\xF2;".as_slice(), whole.as_bytes()].concat(), &["line 1", "UTF-8"]),
        ("an archive", b"PK\x03\x04\x14\0\x08\0\x08\0\xFF\xFE\0\0".to_vec(), &["ZIP", "directory", "sent again"]),
        ("a line for spreadsheets", format!("sep=,\n{whole}").into(), &["line 1", "sep=,", "delimiter"]),
        (
            "a mark of UTF-16 before UTF-8",
            [b"\xFF\xFE".as_slice(), whole.as_bytes()].concat(),
            &["byte order mark of utf-16le", "take"],
        ),
    ]
}

#[test]
fn an_unusable_file_stops_the_run_with_its_name_and_advice() {
    let mut failures = Vec::new();
    for (what, content, words) in cases() {
        let job = SmallJob::new(&content);
        let Err(error) = job.run() else {
            failures.push(format!("{what}: the run went through"));
            continue;
        };
        let message = error.to_string();
        let mut missing: Vec<&&str> = [SmallJob::REGISTER].iter().chain(words).filter(|w| !message.contains(**w)).collect();
        // Advice about layouts is given only where another layout can help.
        let layout_helps = matches!(what, "an open quote in the header" | "a header that is not UTF-8");
        if message.contains("give it another layout") != layout_helps {
            missing.push(&"another layout");
        }
        if !missing.is_empty() {
            failures.push(format!("{what}: {missing:?} not in: {}", message));
        }
        if !visible_runs(&job.out()).is_empty() {
            failures.push(format!("{what}: published {:?}", visible_runs(&job.out())));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_message_shows_rows() {
    let messages = cases().into_iter().filter_map(|(what, content, _)| {
        let message = SmallJob::new(&content).run().err()?.to_string();
        Some(format!("{what}: {message}"))
    });
    let with_rows: Vec<String> = messages.filter(|message| message.contains(SURNAME)).collect();
    assert!(with_rows.is_empty(), "{}", with_rows.join("\n"));
}

#[test]
fn one_unusable_file_among_good_ones_stops_the_run() {
    let job = SmallJob::new(file([row(1)]).as_bytes());
    std::fs::write(job.register().with_file_name("98002.csv"), "").expect("register");
    let message = job.run().err().map(|error| error.to_string()).expect("an error");
    assert!(message.contains("registers/98002.csv"), "{message}");
    assert_eq!(visible_runs(&job.out()), Vec::<String>::new());
}

#[test]
fn a_file_that_vanishes_before_the_run_stops_it() {
    let job = SmallJob::new(file([row(1)]).as_bytes());
    let loaded = load(&job.dir.path().join("job.toml"), &job.out());
    std::fs::remove_file(job.register()).expect("removed");
    let error = run_loaded(&loaded, Execution::default()).expect_err("no register");
    assert!(error.to_string().contains("98001.csv") && error.to_string().contains("was removed or renamed"), "{error}");
    assert_eq!(visible_runs(&job.out()), Vec::<String>::new());
}

#[test]
fn the_former_run_stays_current() {
    let job = SmallJob::new(file([row(1)]).as_bytes());
    job.run().unwrap_or_else(|error| panic!("{error}"));
    let before = visible_runs(&job.out());
    assert_eq!(before.len(), 2, "one run, and current");
    job.write(b"");
    assert!(job.run().is_err(), "an empty file");
    assert_eq!(visible_runs(&job.out()), before);
}
