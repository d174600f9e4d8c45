//! A region of nine people in two months: what changes between them is written by hand.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::published::{Execution, run_job};

/// Job of a month.
const JOB: &str = r#"
as_of = "DAY"
output = "out"
[[registers]]
files = ["register.csv"]
[[attachments]]
files = ["attachments.csv"]
[reference]
insurers = "insurers.csv"
clinics = "clinics.csv"
tariff = "tariff.toml"
"#;

/// Children count twice; the base norm grows by a tenth in November.
const TARIFF: &str = r#"
[[care]]
name = "ambulatory"
bands = [{ sex = "both", from = 0, to = 17, coefficient = "2" }, { sex = "both", from = 18, coefficient = "1" }]
correction = "none"
base_norm = [
    { per_month = "100.00", valid_from = 2026-01-01, valid_to = 2026-11-01 },
    { per_month = "110.00", valid_from = 2026-11-01 },
]
"#;

/// Person of the region.
#[derive(Clone, Copy)]
struct Person {
    surname: &'static str,
    /// Documents differ by it.
    number: usize,
    birth: &'static str,
    /// Birth date in an ENP: month with its century, year backwards and day of a man, each digit taken from 9.
    enp: &'static str,
}

const fn adult(surname: &'static str, number: usize) -> Person {
    Person { surname, number, birth: "1980-05-17", enp: "9854910832" }
}

const LIPIN: Person = adult("Липин", 0);
const ROGOV: Person = adult("Рогов", 1);
const TITOV: Person = adult("Титов", 2);
const ORLOV: Person = adult("Орлов", 3);
const BELOV: Person = adult("Белов", 4);
const ZIMIN: Person = adult("Зимин", 5);
const KOTOV: Person = adult("Котов", 6);
const LYKOV: Person = adult("Лыков", 7);
const NOSOV: Person = Person { surname: "Носов", number: 8, birth: "2026-10-07", enp: "9889379742" };

impl Person {
    /// ENP, names, sex and birth date.
    fn cells(self) -> String {
        let digits = |last: u8| format!("{}{:05}{last}", self.enp, self.number);
        let is_right = |enp: &String| sverka_model::Enp::parse(enp.as_bytes()).is_some_and(|enp| enp.check_digit_ok());
        let enp = (0..=9).map(digits).find(is_right).expect("a check digit");
        format!("{enp};{};Олег;Ильич;1;{}", self.surname, self.birth)
    }

    fn document(self) -> String {
        let document = if self.birth.starts_with("2026") { "3;I-ДН 5000" } else { "14;98 05 1000" };
        format!("{document}{:02}", self.number)
    }
}

/// Row of the register: person, insurer, first day, day on which it was stopped, day of death.
type Insured = (Person, &'static str, &'static str, &'static str, &'static str);
/// Row of the attachments: person, clinic, method, first day.
type Attached = (Person, &'static str, u8, &'static str);

const OCTOBER: [Insured; 7] = [
    (LIPIN, "98001", "2015-01-01", "", ""),
    (ROGOV, "98001", "2015-01-01", "", ""),
    (TITOV, "98001", "2015-01-01", "", ""),
    (ORLOV, "98001", "2015-01-01", "", ""),
    (BELOV, "98001", "2015-01-01", "", ""),
    (ZIMIN, "98002", "2015-01-01", "", ""),
    (KOTOV, "98002", "2015-01-01", "", ""),
];

/// Rows of October with what November knows of them, then new ones.
const NOVEMBER: [Insured; 10] = [
    (LIPIN, "98001", "2015-01-01", "", ""),
    (ROGOV, "98001", "2015-01-01", "", ""),
    (TITOV, "98001", "2015-01-01", "", "2026-10-20"),
    (ORLOV, "98001", "2015-01-01", "", ""),
    (BELOV, "98001", "2015-01-01", "", ""),
    (ZIMIN, "98002", "2015-01-01", "", ""),
    (KOTOV, "98002", "2015-01-01", "2026-10-25", ""),
    (ORLOV, "98002", "2026-10-10", "", ""),
    (LYKOV, "98001", "2026-10-03", "", ""),
    (NOSOV, "98001", "2026-10-07", "", ""),
];

/// Attachments of November; October has the first six.
const ATTACHMENTS: [Attached; 11] = [
    (LIPIN, "980101", 1, "2020-01-01"),
    (ROGOV, "980101", 1, "2020-01-01"),
    (TITOV, "980101", 1, "2020-01-01"),
    (ORLOV, "980102", 1, "2020-01-01"),
    (ZIMIN, "980102", 1, "2020-01-01"),
    (KOTOV, "980103", 1, "2020-01-01"),
    (ROGOV, "980102", 2, "2026-10-15"),
    (BELOV, "980102", 1, "2026-10-05"),
    (ZIMIN, "980102", 2, "2026-10-12"),
    (LYKOV, "980101", 1, "2026-10-03"),
    (NOSOV, "980102", 1, "2026-10-07"),
];

/// Both months, run one after the other into one folder.
pub struct TwoMonths {
    _jobs: tempfile::TempDir,
    pub out: PathBuf,
    /// Folder of the run of October.
    pub october: PathBuf,
    /// Folder of the run of November.
    pub november: PathBuf,
}

impl TwoMonths {
    pub fn run() -> Self {
        let jobs = tempfile::tempdir().expect("a folder");
        let out = jobs.path().join("out");
        let october = run_month(&jobs.path().join("october"), &out, "2026-10-01", &OCTOBER, &ATTACHMENTS[..6]);
        let november = run_month(&jobs.path().join("november"), &out, "2026-11-01", &NOVEMBER, &ATTACHMENTS);
        Self { _jobs: jobs, out, october, november }
    }
}

fn run_month(folder: &Path, out: &Path, day: &str, insured: &[Insured], attached: &[Attached]) -> PathBuf {
    std::fs::create_dir_all(folder).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
    write("job.toml", &JOB.replace("DAY", day));
    write("tariff.toml", TARIFF);
    write("insurers.csv", "insurer;region;name;works_from\n98001;98;Первая;2011-01-01\n98002;98;Вторая;2011-01-01\n");
    let clinics = ["980101", "980102", "980103"].map(|clinic| format!("{clinic};98;Поликлиника {clinic};1;all;2011-01-01\n"));
    write("clinics.csv", &format!("clinic;region;name;attachable;ages;works_from\n{}", clinics.concat()));
    let mut register = "insurer;region;policy_kind;enp;surname;given_name;patronymic;sex;birth_date;birth_place;doc_kind;\
                        doc_number;citizenship;category;insured_from;stopped_on;death_date\n"
        .to_owned();
    for (person, insurer, from, to, death) in insured {
        let (cells, document) = (person.cells(), person.document());
        let _ = writeln!(register, "{insurer};98;3;{cells};г. Заречный;{document};RUS;1;{from};{to};{death}");
    }
    write("register.csv", &register);
    let mut attachments =
        "clinic;policy_kind;enp;surname;given_name;patronymic;sex;birth_date;doc_kind;doc_number;method;attached_from\n"
            .to_owned();
    for (person, clinic, method, from) in attached {
        let _ = writeln!(attachments, "{clinic};3;{};{};{method};{from}", person.cells(), person.document());
    }
    write("attachments.csv", &attachments);
    run_job(&folder.join("job.toml"), out, Execution::default()).unwrap_or_else(|error| panic!("{error}")).dir
}
