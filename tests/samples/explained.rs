//! `explain` on the samples: the golden texts, in both languages, for every kind of decision and other events.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use sverka_publish::OutputTable;
use sverka_report::explain::{Answer, Explanation, Question, TextOptions, WIDTH, explain, render};
use sverka_rules::{Language, Text};

use super::golden::assert_golden;
use super::{exchange, folder, region};
use crate::published::{Execution, fast_folder, run_job};

/// Explained persons of the sample region: (name of the golden text, sender's number of a record in `expected.csv`).
const REGION: &[(&str, &str)] = &[
    ("insurer-at-will", "C301-1"),
    ("insurer-moved", "C303-1"),
    ("insurer-contract-ended", "C304-1"),
    ("insurer-too-late", "C305-4"),
    ("insurer-too-late-deferred", "C307-2"),
    ("insurer-used-up", "C311-3"),
    ("insurer-used-up-deferred", "C312-3"),
    ("insurer-same-day-application", "C320-1"),
    ("insurer-same-day-file", "C321-2"),
    ("insurer-tie", "C322-2"),
    ("insurer-merged", "C326-1"),
    ("insurer-closed", "C331-1"),
    ("insurer-death", "C333-1"),
    ("insurer-gap", "C339-1"),
    ("insurer-overruled", "C604-1"),
    ("insurer-overruled-for-a-time", "C605-1"),
    ("insurer-overruled-tie", "C606-2"),
    ("insurer-without-record", "C607-1"),
    ("insurer-left", "C806-1"),
    ("attached-dead", "C335-3"),
    ("clinic-overruled", "C608-2"),
    ("clinic-decided", "C609-2"),
    ("clinic-territory", "C401-2"),
    ("clinic-residence-refused", "C403-3"),
    ("clinic-residence-deferred", "C404-3"),
    ("clinic-at-will", "C405-2"),
    ("clinic-used-up", "C407-4"),
    ("clinic-used-up-deferred", "C408-4"),
    ("clinic-moved", "C409-3"),
    ("clinic-same-day-method", "C412-6"),
    ("clinic-same-day-file", "C413-6"),
    ("clinic-tie", "C414-3"),
    ("clinic-not-paid", "C421-1"),
    ("clinic-child-grown-up", "C425-3"),
    ("clinic-not-insured", "C428-5"),
    ("clinic-profiles", "C429-6"),
    ("person-by-snils", "C208-2"),
    ("person-alike-names", "C206-2"),
    ("person-two-enps", "C220-1"),
    ("person-decided-twice", "C603-1"),
    ("unattached", "C508-1"),
    ("row-duplicate", "C101-1"),
    ("row-quarantined", "C025-1"),
];

/// Explained persons of the exchange job: (name of the golden text, sender's number of a record in `expected.csv`).
const EXCHANGE: &[(&str, &str)] = &[
    ("notice-end", "98001-006"),
    ("notice-death", "98001-008"),
    ("notice-change", "98002-010"),
    ("clinic-territory", "10"),
    ("clinic-residence", "16"),
];

/// Runs of both samples that stay on the disk.
struct Runs {
    _out: tempfile::TempDir,
    region: PathBuf,
    exchange: PathBuf,
}

static RUNS: LazyLock<Runs> = LazyLock::new(|| {
    let out = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
    let run = |job: &Path, name: &str| {
        run_job(job, &out.path().join(name), Execution::default()).unwrap_or_else(|error| panic!("{error}")).dir
    };
    let region = run(&folder().join("job.toml"), "region");
    let exchange = run(&folder().join("exchange/job.toml"), "exchange");
    Runs { _out: out, region, exchange }
});

/// The question about a record, whose position `expected.csv` gives by the sender's number; about its duplicate with `of_copy`.
fn question(sample: &Path, record: &str, of_copy: bool) -> Question {
    let text = std::fs::read_to_string(sample.join("expected.csv")).expect("statements");
    let of_record = |line: &&str| line.split(';').nth(2) == Some(record);
    let wanted = |line: &&str| (line.split(';').nth(1) == Some("duplicate")) == of_copy;
    let line = text.lines().filter(of_record).find(wanted);
    let line = line.unwrap_or_else(|| panic!("{record} is in no statement"));
    Question::record(line.split(';').nth(3).expect("a place")).expect("a place")
}

/// The answer to a question that has one.
fn answer_to(run: &Path, question: &Question) -> Answer {
    explain(run, question).unwrap_or_else(|error| panic!("{question:?}: {error}"))
}

fn in_english(answer: &Answer) -> String {
    render(answer, TextOptions { asked_by: Text { en: "", ru: "" }, language: Language::English, width: WIDTH })
}

/// The files of an answer in both languages, without the run's id, which changes with every version.
fn files(name: &str, question: &Question, answer: &Answer) -> Vec<(String, String)> {
    [(Language::English, "en"), (Language::Russian, "ru")]
        .map(|(language, code)| {
            let mut text = render(answer, TextOptions { asked_by: question.kind(), language, width: WIDTH });
            for person in &answer.persons {
                text = text.replace(&person.run, "RUN");
            }
            (format!("{name}.{code}.txt"), text)
        })
        .into()
}

fn explanations(sample: &Path, run: &Path, cases: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut written = BTreeMap::new();
    for (name, record) in cases {
        let question = question(sample, record, *name == "row-duplicate");
        written.extend(files(name, &question, &answer_to(run, &question)));
    }
    written
}

/// The output of `--json` about the person of a record.
fn json(record: &str) -> String {
    let answer = answer_to(&RUNS.region, &question(&folder(), record, false));
    let json = serde_json::to_string_pretty(&answer).expect("plain data");
    json.replace(&answer.persons[0].run, "RUN") + "\n"
}

/// The person of a record.
fn person(record: &str) -> Explanation {
    let mut answer = answer_to(&RUNS.region, &question(&folder(), record, false));
    assert_eq!(answer.persons.len(), 1, "{record}");
    answer.persons.remove(0)
}

#[test]
fn explanations_are_the_golden_ones() {
    let mut of_region = explanations(&folder(), &RUNS.region, REGION);
    let shared = person("C210-1").register.and_then(|row| row.enp).expect("an ENP");
    let question = Question::guess(&shared);
    of_region.extend(files("person-shared-enp", &question, &answer_to(&RUNS.region, &question)));
    of_region.insert("clinic-used-up.json".to_owned(), json("C407-4"));
    assert_golden(&folder(), "golden/explain", &of_region);
    let of_exchange = explanations(&folder().join("exchange"), &RUNS.exchange, EXCHANGE);
    assert_golden(&folder().join("exchange"), "golden/explain", &of_exchange);
}

#[test]
fn every_kind_of_decision_is_explained() {
    let runs = [
        (&region().run, &RUNS.region, folder(), REGION),
        (&exchange::sample().run, &RUNS.exchange, folder().join("exchange"), EXCHANGE),
    ];
    let (mut published_kinds, mut explained_kinds) = (BTreeSet::new(), BTreeSet::new());
    for (published, run, sample, cases) in runs {
        let kinds = published.rows(OutputTable::Decisions);
        published_kinds
            .extend(kinds.map(|row| ["subject", "outcome", "rule"].map(|column| row.text(column).to_owned()).join(" ")));
        for (name, record) in cases {
            for person in answer_to(run, &question(&sample, record, *name == "row-duplicate")).persons {
                let kinds = person.decisions.iter();
                explained_kinds
                    .extend(kinds.map(|decision| format!("{} {} {}", decision.subject.word(), decision.outcome, decision.rule)));
            }
        }
    }
    let missing: Vec<&String> = published_kinds.difference(&explained_kinds).collect();
    assert!(missing.is_empty(), "no text explains {missing:?}");
}

#[test]
fn every_record_of_the_samples_finds_its_person() {
    let lost: Vec<String> = region()
        .run
        .rows(OutputTable::InsuranceStays)
        .filter(|row| {
            let record =
                Question::Record(row.list("record_sources")[0].to_owned(), row.list("record_lines")[0].parse().expect("a line"));
            answer_to(&RUNS.region, &record).persons.iter().all(|person| person.person_id != row.text("person_id"))
        })
        .map(|row| row.text("person_id").to_owned())
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn a_person_is_found_by_each_number() {
    let of_man = person("C407-1");
    let row = of_man.register.as_ref().expect("in the register");
    let words = [of_man.person_id.clone(), row.enp.clone().expect("an ENP"), row.snils.clone().expect("a SNILS")];
    for word in words {
        let answer = answer_to(&RUNS.region, &Question::guess(&word));
        assert_eq!(answer.persons.iter().map(|person| &person.person_id).collect::<Vec<_>>(), [&of_man.person_id], "{word}");
    }
    let certificate = person("C205-1");
    let by_policy = answer_to(&RUNS.region, &Question::policy("1/зр № 12 000205"));
    assert_eq!(by_policy.persons[0].person_id, certificate.person_id);
}

/// The answer about a surname and birth date: one person, several candidates, or the message that there is nobody.
fn answer_about_name(name: &str, birth: &str) -> Result<Answer, String> {
    let birth = birth.parse().expect("a date");
    explain(&RUNS.region, &Question::Name(name.to_owned(), birth)).map_err(|error| error.to_string())
}

#[test]
fn a_person_is_found_by_surname_and_birth_date() {
    for (name, birth, expected) in [
        ("ЛУГОВСКАЯ", "1988-06-25", "C322-1"),
        ("луговская берта", "1988-06-25", "C322-1"),
        ("Пригожина Тина Ефремовна", "", "C802-3"),
        ("Вечерин", "1944-07-05", "C335-3"),
    ] {
        let right = person(expected);
        let of_right = right.outside.as_ref().and_then(|row| row.birth_date).map(|day| day.0.to_string());
        let birth = if birth.is_empty() { of_right.expect("a birth date") } else { birth.to_owned() };
        let answer = answer_about_name(name, &birth).expect("somebody");
        let found: Vec<&String> = answer.persons.iter().map(|person| &person.person_id).collect();
        assert_eq!(found, [&right.person_id], "{name}");
    }
}

#[test]
fn several_persons_of_a_name_are_listed_and_not_explained() {
    let answer = answer_about_name("Озёрова", "1993-06-02").expect("two persons");
    assert_eq!((answer.persons.len(), answer.candidates.len()), (0, 2));
    let text = in_english(&answer);
    for candidate in &answer.candidates {
        assert!(text.contains(&candidate.person_id) && text.contains(&candidate.given_name), "{text}");
    }
    assert!(text.starts_with("2 persons of this name and birth date"), "{text}");
    let other = answer_about_name("Озерова", "1993-06-03").expect_err("another day");
    assert!(other.contains("surname and birth date") && !other.contains("Озерова"), "{other}");
}

#[test]
fn no_record_is_said_to_count_and_not_to_count() {
    for record in ["C604-1", "C605-1", "C605-2", "C606-1", "C606-2", "C608-2"] {
        let answer = answer_to(&RUNS.region, &question(&folder(), record, false));
        let text = in_english(&answer);
        for of_record in text.split("\n   [").skip(1) {
            let of_record = of_record.split("\n\n").next().unwrap_or_default();
            assert!(!(of_record.contains("Counts:") && of_record.contains("Does not count")), "{record}: {of_record}");
        }
    }
}

#[test]
fn lines_fit_the_width() {
    for (name, record) in REGION {
        let answer = answer_to(&RUNS.region, &question(&folder(), record, *name == "row-duplicate"));
        for width in [60, 80] {
            let asked_by = Text { en: "ENP", ru: "ЕНП" };
            let text = render(&answer, TextOptions { asked_by, language: Language::Russian, width });
            let long = text.lines().find(|line| line.chars().count() > width);
            assert_eq!(long, None, "{name}, {width} columns");
        }
    }
}

#[test]
fn a_mistyped_enp_is_recognised_in_both_languages() {
    let shared = person("C210-1").register.and_then(|row| row.enp).expect("an ENP");
    let last = shared.chars().last().and_then(|digit| digit.to_digit(10)).expect("a digit");
    let mistyped = format!("{}{}", &shared[..15], (last + 1) % 10);
    for asked in [Question::guess(&mistyped), Question::Enp(mistyped.clone())] {
        let error = explain(&RUNS.region, &asked).expect_err("nobody");
        let (en, ru) = (error.text(Language::English), error.text(Language::Russian));
        assert!(en.contains("16 digits as an ENP does, but its check digit is wrong") && !en.contains(&mistyped), "{en}");
        assert!(ru.contains("16 цифр, как в ЕНП, но контрольный разряд неверен") && !ru.contains(&mistyped), "{ru}");
    }
}

#[test]
fn questions_without_an_answer_are_answered_in_russian() {
    for (asked, expected) in [
        (Question::guess("366549887412295068"), "не знает никого по такому вопросу: номер лица"),
        (Question::guess("98000099999"), "не знает никого по такому вопросу: СНИЛС среди тех, чьи имена он знает"),
        (Question::guess("98001_20261031.csv:128"), "не читал файла с таким именем; имена его файлов: `registers/"),
        (Question::Name("Никто".to_owned(), "1993-06-03".parse().expect("a date")), "нет никого с такими фамилией"),
    ] {
        let error = explain(&RUNS.region, &asked).expect_err("nobody").text(Language::Russian);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_question_without_an_answer_is_not_repeated() {
    let error = explain(&RUNS.region, &Question::guess("98000099999")).expect_err("nobody").to_string();
    assert!(error.contains("this SNILS among those whose names it tells") && !error.contains("98000099999"), "{error}");
}

#[test]
fn an_unknown_source_is_answered_with_the_known_ones() {
    let message = |record: &str| explain(&RUNS.region, &Question::guess(record)).expect_err("nobody").to_string();
    let unknown = message("98001_20261031.csv:128");
    assert!(unknown.contains("named `registers/98001_20261031.csv`, ") && unknown.ends_with(" more"), "{unknown}");
    let known = message("registers/98001_20261031.csv:99999");
    assert!(known.contains("knows nobody by this record"), "{known}");
}

#[test]
fn json_has_everything_by_name() {
    let answer = answer_to(&RUNS.region, &question(&folder(), "C407-4", false));
    let json = serde_json::to_value(&answer).expect("plain data");
    for (pointer, expected) in [
        ("/persons/0/as_of", "\"2026-11-01\""),
        ("/persons/0/register/clinic", "\"980107\""),
        ("/persons/0/register/birth_date", "\"1986-04-15\""),
        ("/persons/0/numbers/0/survives", "true"),
        ("/persons/0/records/0/table", "\"register\""),
        ("/persons/0/records/0/link", "null"),
        ("/persons/0/records/1/link/rule", "\"L1\""),
        ("/persons/0/records/1/link/source", "\"registers/98001_20261031.csv\""),
        ("/persons/0/records/2/decisions", "[1]"),
        ("/persons/0/records/2/record_id", "\"C407-4\""),
        ("/persons/0/attachments/0/to", "\"2026-02-01\""),
        ("/persons/0/attachments/1/to", "null"),
        ("/persons/0/decisions/1/rule", "\"CHANGE_LIMIT\""),
        ("/persons/0/decisions/1/counted_on", "\"2026-02-01\""),
        ("/persons/0/decisions/1/loser/code", "\"980103\""),
        ("/persons/0/decisions/1/winner/method", "2"),
        ("/persons/0/money/state", "\"paid\""),
        ("/persons/0/missing_tables", "[]"),
    ] {
        assert_eq!(json.pointer(pointer).map(ToString::to_string).as_deref(), Some(expected), "{pointer} in {json:#}");
    }
}

#[test]
fn tables_that_a_run_lacks_are_named() {
    let dir = tempfile::tempdir().expect("temporary folder");
    for file in ["manifest.json", "persons.parquet", "insurance_stays.parquet"] {
        std::fs::copy(RUNS.region.join(file), dir.path().join(file)).expect("a copy");
    }
    let id = person("C407-1").person_id;
    let answer = answer_to(dir.path(), &Question::guess(&id));
    let missing = ["attachment_stays", "decisions", "duplicates", "findings", "links", "numbers"];
    assert!(
        missing.iter().all(|table| answer.persons[0].missing_tables.contains(table)),
        "{:?}",
        answer.persons[0].missing_tables
    );
    let text = in_english(&answer);
    assert!(text.contains("without these tables") && text.contains("links"), "{text}");
    let error = explain(dir.path(), &Question::guess("9854910844000016")).expect_err("no numbers").to_string();
    assert!(error.contains("no table `numbers`"), "{error}");
}
