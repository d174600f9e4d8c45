//! Tests of jobs as folders: the resolution of good jobs, and the errors of bad ones.

use std::path::Path;
use sverka_model::{Category, MonthDay};

use super::*;
use sverka_model::{ClinicId, InsurerId, OrganisationId};
use sverka_publish::OutputTable;
use sverka_settings::*;

const INSURERS: &str = "insurer;works_from\n99001;2010-01-01\n";
const CLINICS: &str = "clinic;attachable;ages;works_from;level\n990001;1;all;2010-01-01;1.1\n";
const TARIFF: &str =
    "factors = [\"level\"]\n[[base_norm]]\nper_month = 300\n[[bands]]\nsex = \"both\"\nfrom = 0\ncoefficient = 1\n";
pub(super) const HEAD: &str = "as_of = 2026-11-01\noutput = \"out\"\n";
pub(super) const REFERENCE: &str = "[reference]\ninsurers = \"ref/i.csv\"\nclinics = \"ref/c.csv\"\ntariff = \"ref/t.toml\"\n";
pub(super) const REGISTERS: &str = "[[registers]]\nfiles = [\"registers/*.csv\"]\n";

/// A folder with reference tables, three registers, one hidden file, one attachment file and this job.
fn folder(job: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (name, text) in [
        ("job.toml", job),
        ("ref/i.csv", INSURERS),
        ("ref/c.csv", CLINICS),
        ("ref/t.toml", TARIFF),
        ("registers/b_20261031.csv", ""),
        ("registers/a-20261030.csv", ""),
        ("registers/.hidden_20260101.csv", ""),
        ("registers/deep/c.csv", ""),
        ("moves/m.csv", ""),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        std::fs::write(path, text).expect("file");
    }
    folder
}

pub(super) fn load(job: &str) -> Result<Job, JobError> {
    Job::load(&folder(job).path().join("job.toml"), &CommandLine::default())
}

fn date(text: &str) -> Date {
    text.parse().expect("test date")
}

#[test]
fn everything_but_the_necessary_has_a_default() {
    let folder = folder(&format!("{HEAD}{REGISTERS}{REFERENCE}"));
    let job = Job::load(&folder.path().join("job.toml"), &CommandLine::default()).expect("job");
    assert_eq!((job.as_of, job.output.as_path()), (date("2026-11-01"), folder.path().join("out").as_path()));
    assert!(!job.output.exists(), "loading a job changes nothing");
    let names: Vec<&str> = job.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["registers/a-20261030.csv", "registers/b_20261031.csv"]);
    assert!(job.sources.iter().all(|source| source.file.path().is_file() && source.source_date.is_none()));
    assert!(job.sources.iter().all(|source| source.layout.role() == "register" && source.layout.name == "register"));
    let insurer = InsurerRules {
        changes_per_year: 1,
        deadline: MonthDay { month: 11, day: 1 },
        on_violation: OnViolation::Refuse,
        months_to_choose: 2,
    };
    let clinic = ClinicRules {
        changes_per_year: 1,
        window: Window::CalendarYear,
        application_outranks_residence: true,
        on_violation: OnViolation::Refuse,
        applications_period: Period::CalendarMonth,
    };
    let rules = RuleSettings { term_limited: 0b111_1101_0010_1000, newborn_days: 30, insurer, clinic, ..RuleSettings::default() };
    assert_eq!(job.rules, rules);
    let limited: Vec<u8> = (0..=Category::MAX)
        .filter(|&number| Category::from_number(number).is_some_and(|category| job.rules.is_term_limited(category)))
        .collect();
    assert_eq!(limited, [3, 5, 8, 10, 11, 12, 13, 14]);
    assert_eq!(job.thresholds, Thresholds::default());
    assert_eq!(job.tables, TableSet::ALL);
}

#[test]
fn files_of_the_job_have_size_and_hash() {
    let text = format!("{HEAD}{REGISTERS}{REFERENCE}");
    let job = load(&text).expect("job");
    let files: Vec<_> = job.files.iter().map(|file| (file.name.as_str(), file.role.name(), file.bytes as usize)).collect();
    assert_eq!(
        files,
        [
            ("job.toml", "job", text.len()),
            ("ref/i.csv", "insurers", INSURERS.len()),
            ("ref/c.csv", "clinics", CLINICS.len()),
            ("ref/t.toml", "tariff", TARIFF.len()),
        ]
    );
    assert_eq!(job.files[1].blake3, blake3::hash(INSURERS.as_bytes()).to_hex().as_str());
}

/// Sources of a job, each with settings.
const SOURCES_WITH_SETTINGS: &str = r#"as_of = "2026-11-01"
output = "out"
region = " 99 "
tables = ["unattached", "persons", "unattached"]
[[registers]]
files = ["./registers/b*.csv", "registers/**/c.csv"]
source_date = 2026-10-15
[[registers]]
files = ["registers/a*.csv"]
source_date = "name"
layout = "register"
[[attachments]]
files = ["moves/../moves/m.csv"]
layout = "attachments"
"#;

/// All settings of rules and thresholds, none with its default.
const ALL_SETTINGS: &str = r#"[rules]
term_limited_categories = [0, 14]
overrides_review_days = 365
eaeu_categories = [11]
newborn_days = 28
allow_missing_names = true
[rules.policies]
single_sample_from = 2011-06-01
digital_from = "2023-01-10"
[rules.terms]
year_end_categories = [3]
next_year_from = "12-01"
[rules.documents]
birth_certificate_grace_days = 0
passport_renewal_grace_days = 90
expiring = [11]
[[rules.documents.unfit]]
categories = [3]
kinds = [14, 15]
[rules.citizenship]
russia = ["RF"]
none = ["-"]
[rules.insurer]
changes_per_year = 2
deadline = "02-29"
on_violation = "accept"
months_to_choose = 3
[rules.clinic]
changes_per_year = 0
window = "rolling_12_months"
application_outranks_residence = false
on_violation = "accept"
applications_period = 10
[[rules.certificate_terms]]
from = 2022-12-01
working_days = 45
[[rules.certificate_terms]]
from = "2011-05-01"
working_days = 30
[thresholds]
quarantined = "0.5%"
findings = 10
conflicts = "20"
[[thresholds.volume]]
measure = "rows"
of = "insurer"
name = "99001"
shrink = "12.5%"
grow = 1000
at_least = 7
then = "stop"
[rules.sources]
refused_share = "20%"
least_rows = 5
without_records = "stop"
document_broken = "note"
missing_rows = "stop"
twice = "note"
"#;

/// The rules of [`ALL_SETTINGS`].
fn all_rules() -> RuleSettings {
    let insurer = InsurerRules {
        changes_per_year: 2,
        deadline: MonthDay { month: 2, day: 29 },
        on_violation: OnViolation::Accept,
        months_to_choose: 3,
    };
    let clinic = ClinicRules {
        changes_per_year: 0,
        window: Window::Rolling12Months,
        application_outranks_residence: false,
        on_violation: OnViolation::Accept,
        applications_period: Period::Days(10),
    };
    let term = |from, working_days| CertificateTerm { from: date(from), working_days };
    let certificate_terms = vec![term("2011-05-01", 30), term("2022-12-01", 45)];
    let mut unfit = [0; 15];
    unfit[3] = 1 << 14 | 1 << 15;
    let rows = RowRules {
        certificate_terms,
        single_sample_from: date("2011-06-01"),
        digital_from: date("2023-01-10"),
        eaeu: 0b1000_0000_0000,
        year_end: 0b1000,
        next_year_from: MonthDay { month: 12, day: 1 },
        documents: DocumentRules { birth_certificate_grace_days: 0, passport_renewal_grace_days: 90, expiring: 1 << 11, unfit },
        citizenship: CitizenshipWords { russia: vec!["RF".to_owned()], none: vec!["-".to_owned()] },
        allow_missing_names: true,
    };
    let overrides_review_days = Some(365);
    let sources = SourceRules {
        refused_share: Threshold::Share { parts: 20, whole: 100 },
        least_rows: 5,
        without_records: Then::Stop,
        document_broken: Then::Note,
        missing_rows: Then::Stop,
        twice: Then::Note,
        ..SourceRules::default()
    };
    RuleSettings { term_limited: 0b100_0000_0000_0001, newborn_days: 28, rows, insurer, clinic, sources, overrides_review_days }
}

/// The thresholds of [`ALL_SETTINGS`].
fn all_thresholds() -> Thresholds {
    let quarantined = Some(Threshold::Share { parts: 5, whole: 1000 });
    let (findings, conflicts) = (Some(Threshold::Count(10)), Some(Threshold::Count(20)));
    let volume = VolumeThreshold {
        measure: Some(Volume::Rows),
        scope: Some(Scope::Insurer),
        name: Some("99001".to_owned()),
        shrink: Some(ChangeLimit::Share(Growth { parts: 125, whole: 1000 })),
        grow: Some(ChangeLimit::Count(1000)),
        at_least: 7,
        then: Some(Then::Stop),
    };
    let volumes = Volumes { from_job: vec![volume] };
    Thresholds { quarantined, findings, conflicts, quality: Vec::new(), volumes }
}

#[test]
fn every_setting_is_read() {
    let job = load(&format!("{SOURCES_WITH_SETTINGS}{REFERENCE}\n{ALL_SETTINGS}")).expect("job");
    let sources: Vec<_> = job.sources.iter().map(|s| (s.layout.role(), s.name.as_str(), s.source_date)).collect();
    assert_eq!(
        sources,
        [
            ("register", "./registers/b_20261031.csv", Some(date("2026-10-15"))),
            ("register", "registers/a-20261030.csv", Some(date("2026-10-30"))),
            ("register", "registers/deep/c.csv", Some(date("2026-10-15"))),
            ("attachments", "moves/../moves/m.csv", None),
        ]
    );
    assert_eq!(job.region.as_deref(), Some("99"));
    assert_eq!(job.rules, all_rules());
    assert_eq!(job.thresholds, all_thresholds());
    assert_eq!(job.tables.iter().collect::<Vec<_>>(), [OutputTable::Persons, OutputTable::Unattached]);
}

#[test]
fn a_job_saved_with_byte_order_mark_and_crlf_is_read() {
    let text = format!("\u{FEFF}{HEAD}{REGISTERS}{REFERENCE}").replace('\n', "\r\n");
    assert_eq!(load(&text).expect("job").as_of, date("2026-11-01"));
    let error = load(&format!("{text}no = 1\r\n")).expect_err("unknown key").to_string();
    assert!(error.contains("job.toml:9: unknown field `no`"), "{error}");
}

#[test]
fn the_command_line_outranks_the_file() {
    let folder = folder(&format!("{REGISTERS}{REFERENCE}"));
    let command_line =
        CommandLine { as_of: Some(date("2025-01-01")), output: Some(PathBuf::from("elsewhere")), ..CommandLine::default() };
    let job = Job::load(&folder.path().join("job.toml"), &command_line).expect("job");
    assert_eq!((job.as_of, job.output.as_path()), (date("2025-01-01"), Path::new("elsewhere")));
}

#[test]
fn a_layout_of_the_jobs_own_is_read_once() {
    let layout = include_str!("../../schemas/layouts/register.toml").replace("\";\"", "\"|\"");
    let own = "layout = \"ref/own.toml\"\n";
    let registers = "[[registers]]\nfiles = [\"registers/a*.csv\"]\n";
    let folder = folder(&format!("{HEAD}{registers}{own}{}{own}{REFERENCE}", registers.replace("a*", "b*")));
    std::fs::write(folder.path().join("ref/own.toml"), &layout).expect("file");
    let job = Job::load(&folder.path().join("job.toml"), &CommandLine::default()).expect("job");
    assert!(job.sources.iter().all(|source| source.layout.delimited().is_some_and(|form| form.delimiter == b'|')));
    let layouts: Vec<_> = job.files.iter().filter(|file| file.role == FileRole::Layout).collect();
    assert_eq!(layouts.len(), 1);
    assert_eq!((layouts[0].name.as_str(), layouts[0].bytes as usize), ("ref/own.toml", layout.len()));
}

#[test]
fn each_fault_of_a_job_has_its_line() {
    let with = |more: &str| format!("{HEAD}{REGISTERS}{REFERENCE}{more}");
    let sources = |registers: &str| format!("{HEAD}{registers}\n{REFERENCE}");
    let not_here =
        "cannot be read (No such file or directory (os error 2)); check its path (relative to the job file) and rights";
    for (text, message) in [
        (format!("output = \"out\"\n{REGISTERS}{REFERENCE}"), "job.toml:1: `as_of` is missing; add it, such as `as_of = 2026-11-01`, or give the day with --as-of".to_owned()),
        (format!("as_of = 2026-11-01\n{REGISTERS}{REFERENCE}"), "job.toml:1: `output` is missing; add it, such as `output = \"out\"`".to_owned()),
        (format!("{HEAD}{REGISTERS}"), "job.toml:1: `reference` is missing; add it, such as `[reference] insurers = \"insurers.csv\"`".to_owned()),
        (sources(""), "job.toml:1: `registers` is missing; add it, such as `[[registers]] files = [\"registers/*.csv\"]`".to_owned()),
        (format!("as_of = 2026-11-01\noutput = \"\"\n{REGISTERS}{REFERENCE}"), "job.toml:2: `output` is empty; fill it in".to_owned()),
        (with("").replace("2026-11-01", "\"01.11.2026\""), "job.toml:1: `as_of`: `01.11.2026` is not a calendar date of the form YYYY-MM-DD".to_owned()),
        (with("").replace("2026-11-01", "2026-11-01T00:00:00"), "job.toml:1: `as_of`: `2026-11-01T00:00:00` is not a calendar date of the form YYYY-MM-DD".to_owned()),
        (with("").replace("2026-11-01", "2026"), "job.toml:1: `as_of`: `2026` is not a calendar date of the form YYYY-MM-DD".to_owned()),
        (with("[rule]\n"), "job.toml:9: unknown field `rule` (is `rules` meant?), expected one of `as_of`, `output`, `region`, `tables`, `time_zone`, `report`, `readable_by`, `min_age`, `settle`, `known_by`, `expected`, `answers`, `answer_codes`, `layouts`, `registers`, `attachments`, `sources`, `reference`, `identity`, `rules`, `thresholds`, `money_checks`, `packets`".to_owned()),
        (with("[rules.clinic]\nwindow = \"year\"\n"), "job.toml:10: unknown variant `year` (is `calendar_year` meant?), expected `calendar_year` or `rolling_12_months`".to_owned()),
        (with("tarif = \"x\"\n"), "job.toml:9: unknown field `tarif` (is `tariff` meant?), expected one of `insurers`, `clinics`, `tariff`, `succession`, `clinic_settings`, `overrides`, `contracts`, `calendar`, `dictionaries`".to_owned()),
        (with("").replace("ref/i.csv", "ref/no.csv"), format!("job.toml:6: ref/no.csv {not_here}")),
        (with("").replace("ref/t.toml", "ref/no.toml"), format!("job.toml:8: ref/no.toml {not_here}")),
        (sources("[[registers]]\nfiles = []"), "job.toml:4: `files` names no file; add a pattern such as \"registers/*.csv\"".to_owned()),
        (sources("[[registers]]\nfiles = [\"registers/*.csv\",\n\"registers/*.xml\"]"), "job.toml:5: `registers/*.xml` matches no file; run again when the files have come, else correct the pattern (relative to the job file) or remove it".to_owned()),
        (sources("[[registers]]\nfiles = [\"registers\"]"), "job.toml:4: `registers` is a folder, and `files` names files; write `registers/*.csv`, or `registers/**/*` for all files below it".to_owned()),
        (sources("[[registers]]\nfiles = [\"registers/[.csv\"]"), "job.toml:4: `registers/[.csv` is no pattern (invalid range pattern); `*`, `?`, `[…]` and `**` are special".to_owned()),
        (sources("[[registers]]\nfiles = [\"registers/*.csv\"]\n[[attachments]]\nfiles = [\"./registers/a*\"]"), "job.toml:6: ./registers/a-20261030.csv is already a source (as registers/a-20261030.csv, line 4); keep one pattern for it".to_owned()),
        (sources("[[registers]]\nfiles = [\"moves/m.csv\"]\nsource_date = \"name\""), "job.toml:5: `source_date = \"name\"`, but the name of moves/m.csv has no date YYYYMMDD; rename the file or give its date".to_owned()),
        (sources("[[registers]]\nfiles = [\"moves/m.csv\"]\nsource_date = \"today\""), "job.toml:5: `source_date`: `today` is not a calendar date of the form YYYY-MM-DD".to_owned()),
        (sources("[[registers]]\nfiles = [\"moves/m.csv\"]\nlayout = \"mo2\""), format!("job.toml:5: there is no built-in layout `mo2` (is mo meant?); use one of {}, or the path of a .toml file", layouts())),
        (sources("[[registers]]\nfiles = [\"moves/m.csv\"]\nlayout = \"mo2.toml\""), format!("job.toml:5: mo2.toml {not_here}")),
        (sources("[[registers]]\nfiles = [\"moves/m.csv\"]\nlayout = \"attachments\""), "job.toml:5: layout `attachments` is one of attachments, not of register; use another layout or list the files under [[attachments]]".to_owned()),
        (with("").replace("output", "tables = []\noutput"), "job.toml:2: `tables` names no table; name some, or leave it out for all".to_owned()),
        (
            with("").replace("output", "tables = [\"numbers\",\n\"Persons\"]\noutput"),
            "job.toml:3: there is no table `Persons` (is persons or person_ids meant?); the tables are persons, insurance_stays, attachment_stays, decisions, findings, quarantine, duplicates, numbers, \
            headcount, funding_clinic, funding_insurer_clinic, funding_bands, norms, norm_factors, funding_points, funding_results, to_pay, funding_insurer, money_checks, unattached, must_choose, \
            attached_uninsured, links, person_ids, person_events, quality, missing_senders, overrides, insurers, clinics"
                .to_owned(),
        ),
        (with("[rules]\nterm_limited_categories = [3,\n15]\n"), "job.toml:11: `term_limited_categories` has 15; categories are 0 to 14".to_owned()),
        (with("").replace("output", "region = \" \"\noutput"), "job.toml:2: `region` is empty; fill it in".to_owned()),
        (with("[rules]\neaeu_categories = [-1]\n"), "job.toml:10: `eaeu_categories` has -1; categories are 0 to 14".to_owned()),
        (with("[rules.terms]\nnext_year_from = \"20.11\"\n"), "job.toml:10: `next_year_from` is `20.11`; expected month and day, such as \"11-01\"".to_owned()),
        (with("[rules.documents]\nexpiring = [11, 100]\n"), "job.toml:10: `expiring` is 100; expected kinds of documents from 1 to 99".to_owned()),
        (with("[rules.documents]\npassport_renewal_grace_days = -1\n"), "job.toml:10: `passport_renewal_grace_days` is -1; expected 0 to 3660 days".to_owned()),
        (with("[rules]\ncertificate_terms = []\n"), "job.toml:10: `certificate_terms` is empty; fill it in".to_owned()),
        (with("[[rules.certificate_terms]]\nfrom = 2011-05-01\nworking_days = 0\n"), "job.toml:11: `working_days` is 0; expected 1 to 366 working days".to_owned()),
        (
            with(&"[[rules.certificate_terms]]\nfrom = 2011-05-01\nworking_days = 30\n".repeat(2)),
            "job.toml:13: `from` 2011-05-01 stands twice; keep one of the entries".to_owned(),
        ),
        (with("[rules.insurer]\ndeadline = \"11-31\"\n"), "job.toml:10: `deadline` is `11-31`; expected month and day, such as \"11-01\"".to_owned()),
        (with("[rules.insurer]\nchanges_per_year = -1\n"), "job.toml:10: invalid value: integer `-1`, expected u32".to_owned()),
        (with("[rules.clinic]\napplications_period = 0\n"), "job.toml:10: `applications_period` is 0; expected \"calendar_month\" or a number of days from 1".to_owned()),
        (with("[rules.clinic]\napplications_period = \"month\"\n"), "job.toml:10: `applications_period` is \"month\"; expected \"calendar_month\" or a number of days from 1".to_owned()),
        (with("[thresholds]\nquarantined = \"many\"\n"), "job.toml:10: `quarantined` is `many`; expected a number, or a share of the rows from \"0%\" to \"100%\", such as \"0.5%\"".to_owned()),
        (with("[thresholds]\nconflicts = -1\n"), "job.toml:10: `conflicts` is `-1`; expected a number, or a share of the rows from \"0%\" to \"100%\", such as \"0.5%\"".to_owned()),
        (with("[thresholds]\nfindings = 0.5\n"), "job.toml:10: `findings` is `0.5`; expected a number, or a share of the rows from \"0%\" to \"100%\", such as \"0.5%\"".to_owned()),
    ] {
        let folder = folder(&text);
        let error = Job::load(&folder.path().join("job.toml"), &CommandLine::default()).expect_err(&text).to_string();
        let shown = error.strip_prefix(&format!("{}/", folder.path().display())).unwrap_or(&error);
        assert_eq!(shown, message, "{text}");
    }
}

#[test]
fn faults_of_named_files_have_their_own_name_and_line() {
    let own_layout = REGISTERS.to_owned() + "layout = \"ref/own.toml\"\n";
    for (name, bytes, message) in [
        (
            "ref/i.csv",
            &b"insurer;works_from\n9;2010-01-01\n"[..],
            "ref/i.csv:2: `insurer` is `9`; a code has 5 digits, leading zeros included",
        ),
        ("ref/c.csv", b"clinic;attachable;ages;works_from\n", "ref/c.csv:1: column `level` is missing; add it to the header"),
        (
            "ref/t.toml",
            b"factors = [\"level\"]\n[[base_norm]]\nper_month = 0.5\n",
            "ref/t.toml:3: `per_month` = 0.5 is a floating-point number; write it in quotes, so that it stays exact",
        ),
        (
            "ref/own.toml",
            b"\ntable = \"people\"\n",
            "ref/own.toml:2: unknown variant `people`, expected `register` or `attachments`",
        ),
    ] {
        let folder = folder(&format!("{HEAD}{own_layout}{REFERENCE}"));
        std::fs::write(folder.path().join(name), bytes).expect("file");
        let error = Job::load(&folder.path().join("job.toml"), &CommandLine::default()).expect_err(name);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn files_that_are_no_text_are_errors() {
    let folder = folder(&format!("{HEAD}{REGISTERS}{REFERENCE}"));
    let path = folder.path().join("job.toml");
    std::fs::write(folder.path().join("ref/t.toml"), b"# tariff\n# \xCF\n").expect("file");
    let error = Job::load(&path, &CommandLine::default()).expect_err("tariff is no text");
    assert_eq!(error.to_string(), format!("{}:8: ref/t.toml:2: the file is not UTF-8; save it as UTF-8", path.display()));
    std::fs::write(&path, b"as_of = \"2026-11-01\"\n\n# \xCF\n").expect("file");
    let error = Job::load(&path, &CommandLine::default()).expect_err("job is no text");
    assert_eq!(error.to_string(), format!("{}:3: the file is not UTF-8; save it as UTF-8", path.display()));
    let absent = folder.path().join("no.toml");
    let error = Job::load(&absent, &CommandLine::default()).expect_err("no job");
    assert!(matches!(&error, JobError::Io { file, .. } if *file == absent), "{error}");
}

#[test]
fn tables_may_be_dictionaries_completed_by_tables() {
    let reference = REFERENCE.replace("ref/i.csv", "ref/F002.xml").replace("ref/c.csv", "ref/F032.xml");
    let more = "succession = \"ref/s.csv\"\nclinic_settings = \"ref/cs.csv\"\ncalendar = \"ref/cal.csv\"\n[reference.dictionaries]\nF010 = \"ref/F010.xml\"\nV005 = \"ref/V005.xml\"\n";
    let folder = folder(&format!("{HEAD}{REGISTERS}{reference}{more}"));
    let insurer = |code: &str, begin: &str, end: &str| {
        format!("<insCompany tf_okato='98000' smocod='{code}'><insInclude d_begin='{begin}' d_end='{end}'/></insCompany>")
    };
    let zap = "<zap MCOD='990001' DATEBEG='2010-01-01'/><zap MCOD='990002' DATEBEG='2010-01-01' DATEEND='2019-12-31'/>";
    for (name, text) in [
        (
            "F002.xml",
            format!("<packet>{}{}</packet>", insurer("99001", "2010-01-01", "2020-01-01"), insurer("99002", "2012-01-01", "")),
        ),
        ("F032.xml", format!("<packet>{zap}</packet>")),
        ("F010.xml", "<packet><zap KOD_TF='77' KOD_OKATO='98000' SUBNAME='x'/></packet>".to_owned()),
        ("V005.xml", "<packet><zap IDPOL='1' POLNAME='x'/></packet>".to_owned()),
        ("s.csv", "code;successor\n99001;99002\n990002;990001\n".to_owned()),
        ("cal.csv", "day;kind\n2026-01-09;off\n".to_owned()),
        ("cs.csv", "clinic;attachable;ages;level\n990001;1;adults;1.2\n".to_owned()),
    ] {
        std::fs::write(folder.path().join("ref").join(name), text).expect("file");
    }
    let job = Job::load(&folder.path().join("job.toml"), &CommandLine::default()).expect("job");
    assert_eq!(job.insurers.succession().read_on(OrganisationId::new(0), date("2020-01-01")), OrganisationId::new(1));
    assert_eq!(job.clinics.succession().read_on(OrganisationId::new(1), date("2020-01-01")), OrganisationId::new(0));
    assert_eq!(job.insurers.get(InsurerId::new(0)).region.as_deref(), Some("77"));
    assert_eq!(job.clinics.get(ClinicId::new(0)).factors[0].to_string(), "1.2");
    assert!(job.dictionaries.sexes.is_some() && job.dictionaries.funds.is_none());
    let roles: Vec<&str> = job.files.iter().map(|file| file.role.name()).collect();
    assert_eq!(
        roles,
        ["job", "insurers", "clinics", "tariff", "succession", "clinic_settings", "calendar", "dictionary", "dictionary"]
    );
    assert!(!job.calendar.is_worked(date("2026-01-09")));
}

#[test]
fn the_schema_has_exactly_the_keys_that_are_read() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../schemas/job.schema.json")).expect("JSON");
    for (table, pointer) in [
        ("", ""),
        ("[[registers]]\n", "/$defs/sources"),
        ("[[attachments]]\n", "/$defs/sources"),
        ("[[sources]]\n", "/$defs/sources"),
        ("[reference]\n", "/properties/reference"),
        (
            "[reference]\ninsurers = \"\"\nclinics = \"\"\ntariff = \"\"\n[reference.dictionaries]\n",
            "/properties/reference/properties/dictionaries",
        ),
        ("[answer_codes]\n", "/properties/answer_codes"),
        ("[rules]\n", "/properties/rules"),
        ("[[rules.certificate_terms]]\n", "/properties/rules/properties/certificate_terms/items"),
        ("[rules.policies]\n", "/properties/rules/properties/policies"),
        ("[rules.terms]\n", "/properties/rules/properties/terms"),
        ("[rules.documents]\n", "/properties/rules/properties/documents"),
        ("[[rules.documents.unfit]]\n", "/properties/rules/properties/documents/properties/unfit/items"),
        ("[rules.citizenship]\n", "/properties/rules/properties/citizenship"),
        ("[rules.sources]\n", "/properties/rules/properties/sources"),
        ("[rules.insurer]\n", "/properties/rules/properties/insurer"),
        ("[rules.clinic]\n", "/properties/rules/properties/clinic"),
        ("[thresholds]\n", "/properties/thresholds"),
        ("[money_checks]\n", "/properties/money_checks"),
        ("[packets]\n", "/properties/packets"),
        ("[[thresholds.quality]]\n", "/$defs/quality_threshold"),
        ("[[thresholds.volume]]\n", "/$defs/volume_threshold"),
    ] {
        let error = load(&format!("{table}nonsense = 1\n")).expect_err(table).to_string();
        let (_, expected) = error.split_once("unknown field `nonsense`, expected").expect("the list of known fields");
        let mut read: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        read.sort_unstable();
        let described = schema.pointer(pointer).and_then(|part| part["properties"].as_object()).expect("an object");
        let mut described: Vec<&str> = described.keys().map(String::as_str).collect();
        described.sort_unstable();
        assert_eq!(described, read, "{table}");
    }
}

#[test]
fn the_schema_lists_exactly_the_layouts_there_are() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../schemas/job.schema.json")).expect("JSON");
    let listed =
        schema.pointer("/$defs/sources/properties/layout/anyOf/0/enum").and_then(|list| list.as_array()).expect("a list");
    let listed: Vec<&str> = listed.iter().filter_map(|name| name.as_str()).collect();
    assert_eq!(listed, sverka_intake::Layout::built_in_names().collect::<Vec<_>>());
}

#[test]
fn the_schema_lists_exactly_the_tables_there_are() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../schemas/job.schema.json")).expect("JSON");
    let listed = schema.pointer("/properties/tables/items/enum").and_then(|list| list.as_array()).expect("a list");
    let listed: Vec<&str> = listed.iter().filter_map(|name| name.as_str()).collect();
    let known: Vec<&str> = OutputTable::ALL.iter().map(|table| table.name()).collect();
    assert_eq!(listed, known);
}

fn layouts() -> String {
    sverka_intake::Layout::built_in_names().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
