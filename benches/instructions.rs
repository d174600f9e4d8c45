//! Hot kernels for callgrind, one in each run: `scripts/check-instructions` runs this bench and compares the counts of instructions with
//! `benches/instructions.json`.
//!
//! To add a kernel, write a function that prepares its data, passes the work to [`count`], and returns the number of operations; then name it in
//! [`KERNELS`]. The work runs twice. The second time is counted, when tables, caches and buffers are filled.

mod region;

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

use region::Rows;
use region::timelines::Timelines;
use sverka::job::{CommandLine, Job};
use sverka_check::{CheckedRow, ReadPlan, ReadSource, RowChecker};
use sverka_intake::{RowBytes, RowFault, RowFields};
use sverka_model::{AttachmentRecord, Record, RegisterRecord};
use sverka_model::{Date, DateFormat, Enp, Sex, Snils, normalise_name, normalise_policy_number, normalise_short_policy_number};
use sverka_model::{Field, Interner};

/// Kernel: takes the folder of the prepared region and returns the number of operations that were counted.
type Kernel = fn(&Path) -> u64;

/// Kernels with the names in `benches/instructions.json`.
const KERNELS: &[(&str, Kernel)] = &[
    ("split a row into fields", split_rows),
    ("split a row and see which fields it has", filled_fields),
    ("check a row of the register", check_rows::<RegisterRecord>),
    ("check a row of attachments", check_rows::<AttachmentRecord>),
    ("make persons of a record", link_rows),
    ("take a person through the timelines", person_timelines),
    ("read a date", read_dates),
    ("read an ENP", read_enps),
    ("read a SNILS", read_snils),
    ("normalise a name", normalise_names),
    ("find the form of a document number", compare_numbers),
];

/// People of the region, enough that the counts do not depend on a few rows.
const PERSONS: u64 = 5_000;

/// Number of times that the work of a kernel is counted, after one run that is not.
static TIMES: AtomicU32 = AtomicU32::new(1);
/// Shortest time of the work, in nanoseconds.
static SHORTEST: AtomicU64 = AtomicU64::new(u64::MAX);

/// Calls the work. Callgrind counts the instructions below this function, which the script names.
#[inline(never)]
fn counted(work: &mut dyn FnMut()) {
    work();
}

/// Runs the work once, and then as often as it is counted.
fn count(mut work: impl FnMut()) {
    work();
    for _ in 0..TIMES.load(Ordering::Relaxed) {
        let started = Instant::now();
        counted(&mut work);
        SHORTEST.fetch_min(started.elapsed().as_nanos() as u64, Ordering::Relaxed);
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["list"] => KERNELS.iter().for_each(|(name, _)| println!("{name}")),
        ["prepare", folder] => region::generate_into(PERSONS, &Path::new(folder).join("region")),
        ["count", name, folder, times] => {
            let Some((_, kernel)) = KERNELS.iter().find(|(known, _)| *known == name) else {
                eprintln!("no kernel `{name}`; `list` names them all");
                return ExitCode::FAILURE;
            };
            TIMES.store(times.parse().unwrap_or(1), Ordering::Relaxed);
            let operations = kernel(&Path::new(folder).join("region"));
            println!("operations {operations}");
            println!("shortest {:.1} ns", SHORTEST.load(Ordering::Relaxed) as f64 / operations as f64);
        }
        _ => println!("counted by `scripts/check-instructions`; by hand: list | prepare FOLDER | count KERNEL FOLDER TIMES"),
    }
    ExitCode::SUCCESS
}

fn job(folder: &Path) -> Job {
    Job::load(&folder.join("job.toml"), &CommandLine::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn split_rows(folder: &Path) -> u64 {
    let job = job(folder);
    let files = region::opened(&job);
    let documents = region::documents(&job, &files);
    let plan = region::read_plan(&documents);
    let sources = sources(&plan, sverka_model::Table::Register);
    let mut rows = 0;
    count(|| rows = each_row(&sources, |fields| _ = black_box(fields.bytes(Field::Enp).len())));
    rows
}

/// Splits rows and finds the fields that have a value, without fields of blanks, as in nearly all rows.
fn filled_fields(folder: &Path) -> u64 {
    let job = job(folder);
    let files = region::opened(&job);
    let documents = region::documents(&job, &files);
    let plan = region::read_plan(&documents);
    let sources = sources(&plan, sverka_model::Table::Register);
    let mut rows = 0;
    count(|| rows = each_row(&sources, |fields| _ = black_box(fields.filled(0))));
    rows
}

/// Splits and checks rows.
fn check_rows<R: BenchedRow>(folder: &Path) -> u64 {
    let job = job(folder);
    let files = region::opened(&job);
    let documents = region::documents(&job, &files);
    let plan = region::read_plan(&documents);
    let sources = sources(&plan, R::TABLE);
    let context = job.check_context();
    let interner = Interner::default();
    let mut checker = RowChecker::new(context, &interner);
    let mut accepted: Vec<R> = Vec::with_capacity(each_row(&sources, |_| ()) as usize);
    let mut rows = 0;
    count(|| {
        accepted.clear();
        rows = each_row(&sources, |fields| accepted.extend(checker.check::<R>(fields)));
    });
    black_box(&accepted);
    rows
}

/// Loads partitions and makes persons of their records.
fn link_rows(folder: &Path) -> u64 {
    let rows = Rows::read(&job(folder));
    let mut worker = rows.worker();
    let mut records = 0;
    count(|| {
        records = 0;
        for index in 0..rows.partitions() {
            black_box(rows.link(index, &mut worker));
            records += worker.partition.len() as u64;
        }
    });
    records
}

fn person_timelines(folder: &Path) -> u64 {
    let job = job(folder);
    let rows = Rows::read(&job);
    let mut worker = rows.worker();
    let linked: Vec<_> = (0..rows.partitions()).map(|index| rows.link(index, &mut worker)).collect();
    let mut timelines = Timelines::default();
    count(|| _ = black_box(timelines.all(&job, &rows, &linked)));
    linked.iter().map(|linked| linked.persons.len() as u64).sum()
}

/// Record with its table.
trait BenchedRow: CheckedRow + Record {
    const TABLE: sverka_model::Table;
}

impl BenchedRow for RegisterRecord {
    const TABLE: sverka_model::Table = sverka_model::Table::Register;
}

impl BenchedRow for AttachmentRecord {
    const TABLE: sverka_model::Table = sverka_model::Table::Attachments;
}

/// Sources of a table.
fn sources<'p, 's>(plan: &'p ReadPlan<'s>, table: sverka_model::Table) -> Vec<&'p ReadSource<'s>> {
    plan.sources().iter().filter(|source| source.table == table).collect()
}

/// Visits the fields of each row. Returns the number of rows.
fn each_row(sources: &[&ReadSource<'_>], mut row: impl FnMut(RowFields<'_>)) -> u64 {
    let mut rows = 0;
    let mut visitor = |_: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>| {
        rows += 1;
        if let Ok(fields) = fields {
            row(fields);
        }
    };
    for source in sources {
        for index in 0..source.chunks.count() {
            source.document.read(&source.bindings, &source.chunks, index, &mut visitor);
        }
    }
    rows
}

/// Counts the reading of texts.
fn each_text<T>(texts: &[String], read: impl Fn(&[u8]) -> T) -> u64 {
    count(|| {
        for text in texts {
            black_box(read(black_box(text.as_bytes())));
        }
    });
    texts.len() as u64
}

/// Texts of right numbers; every tenth has one wrong digit. No real file has so many, but the cost of wrong numbers shows.
fn numbers(number: impl Fn(u32) -> u64, width: usize) -> Vec<String> {
    (0..2_000).map(|n| format!("{:0width$}", number(n) + u64::from(n % 10 == 0))).collect()
}

fn read_dates(_: &Path) -> u64 {
    let texts: Vec<String> = (0..2_000).map(|n| Date::from_days(n * 17 - 14_000).to_string()).collect();
    each_text(&texts, |text| Date::parse(text, DateFormat::Iso))
}

fn read_enps(_: &Path) -> u64 {
    let sex = |n: u32| if n.is_multiple_of(2) { Sex::Male } else { Sex::Female };
    let enp = |n: u32| Enp::compose(34, Date::from_days(n as i32 * 17 - 14_000), sex(n), n).number();
    each_text(&numbers(enp, 16), Enp::read)
}

fn read_snils(_: &Path) -> u64 {
    each_text(&numbers(|n| Snils::compose(2_000_000 + n * 7_919).number(), 11), Snils::parse)
}

fn normalise_names(_: &Path) -> u64 {
    let names = ["Иванов", "ПЕТРОВА-ВОДКИНА", "Семёнова", "Оглы  Мамед", "д'Артаньян", "Анна — Мария"].map(str::to_owned);
    each_text(&names, |name| normalise_name(str::from_utf8(name).unwrap_or_default()))
}

fn compare_numbers(_: &Path) -> u64 {
    let texts: Vec<String> =
        (0..100).map(|n| if n % 10 == 0 { format!("II-РК {n:06}") } else { format!("18 {n:02} {n:06}") }).collect();
    each_text(&texts, |text| {
        let short = normalise_short_policy_number(text);
        if short.is_none() {
            let mut form = String::with_capacity(text.len());
            normalise_policy_number(str::from_utf8(text).unwrap_or_default(), &mut form);
            black_box(&form);
        }
        short
    })
}
