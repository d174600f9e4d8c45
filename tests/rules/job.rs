//! The job around a case: sources with rows of sound persons, reference tables of a small region, and the additions of the case.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use sverka_model::{Field, Table};

use super::case::{Case, CaseRow};

/// The source of each table.
pub const SOURCES: [(Table, &str); 2] = [(Table::Register, "registers/case.csv"), (Table::Attachments, "attachments/case.csv")];

const JOB: &str = r#"
as_of = "2026-11-01"
output = "out"
[[registers]]
files = ["registers/case.csv"]
[[attachments]]
files = ["attachments/case.csv"]
[reference]
insurers = "insurers.csv"
clinics = "clinics.csv"
tariff = "tariff.toml"
"#;

/// Insurers: 98003 left without a successor, 98001 took over 98004, 77001 is of another region.
const INSURERS: &str = "\
insurer;region;works_from;works_to;successor
98001;98;2011-01-01;;
98002;98;2011-01-01;;
98003;98;2011-01-01;2026-08-01;
98004;98;2011-01-01;2020-01-01;98001
77001;77;2011-01-01;;
";

/// Clinics: 980105 is a hospital, 980106 closed without a successor, the successor of 980107 closed before it could take over, 770101 is of another
/// region.
const CLINICS: &str = "\
clinic;region;attachable;ages;works_from;works_to;successor
980101;98;1;all;2011-01-01;;
980102;98;1;adults;2011-01-01;;
980103;98;1;children;2011-01-01;;
980104;98;1;all;2011-01-01;;
980105;98;0;all;2011-01-01;;
980106;98;1;all;2011-01-01;2024-01-01;
980107;98;1;all;2011-01-01;2026-01-01;980108
980108;98;1;all;2011-01-01;2025-10-01;
770101;77;1;all;2011-01-01;;
";

const TARIFF: &str = r#"
factors = []
correction = "computed"
[[base_norm]]
per_month = "300.00"
[[bands]]
sex = 1
from = 0
to = 17
coefficient = "1.5"
[[bands]]
sex = 1
from = 18
coefficient = "1"
[[bands]]
sex = 2
from = 0
to = 17
coefficient = "1.5"
[[bands]]
sex = 2
from = 18
coefficient = "1"
"#;

/// The values of a row, by field.
type Values = BTreeMap<String, String>;

/// The rows of sound persons, by name and table.
static PERSONS: LazyLock<BTreeMap<String, BTreeMap<String, Values>>> =
    LazyLock::new(|| toml::from_str(include_str!("persons.toml")).expect("sound persons"));

/// Writes the job of a case, and `more` TOML in it, into a folder.
pub fn write(case: &Case, more: &str, folder: &Path) {
    let write = |name: &str, content: &[u8]| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    };
    let mut job: toml::Table = JOB.parse().expect("the job around cases");
    for part in [case.job.as_str(), more] {
        merge(&mut job, part.parse().unwrap_or_else(|error| panic!("`job` of the case: {error}")));
    }
    write("job.toml", job.to_string().as_bytes());
    write("insurers.csv", INSURERS.as_bytes());
    write("clinics.csv", CLINICS.as_bytes());
    write("tariff.toml", TARIFF.as_bytes());
    for (table, name) in SOURCES {
        let rows = if table == Table::Register { &case.register } else { &case.attachments };
        write(name, &source(table, rows));
    }
    for (name, content) in &case.files {
        write(name, &unescaped(content));
    }
}

/// Merges TOML into TOML: tables are merged, arrays of tables get longer, all else is replaced.
fn merge(into: &mut toml::Table, more: toml::Table) {
    for (key, value) in more {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(more)) => merge(inner, more),
            (Some(toml::Value::Array(entries)), toml::Value::Array(more)) if more.iter().all(toml::Value::is_table) => {
                entries.extend(more);
            }
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// A source in the canonical form, with a column for every field.
fn source(table: Table, rows: &[CaseRow]) -> Vec<u8> {
    let columns: Vec<&str> = Field::ALL.iter().filter(|field| field.stands_in(table)).map(|field| field.name()).collect();
    let mut text = columns.join(";").into_bytes();
    text.push(b'\n');
    for row in rows {
        match &row.raw {
            Some(raw) => text.extend(unescaped(raw)),
            None => text.extend(line(table, &columns, row).into_bytes()),
        }
        text.push(b'\n');
    }
    text
}

fn line(table: Table, columns: &[&str], row: &CaseRow) -> String {
    if let Some(unknown) = row.fields.keys().find(|name| !columns.contains(&name.as_str())) {
        panic!("`{unknown}` is no field of {table}");
    }
    let sound = PERSONS.get(&row.person).and_then(|person| person.get(table.name()));
    let sound = sound.unwrap_or_else(|| panic!("there is no sound person `{}`", row.person));
    let value = |column: &&str| quoted(&row.value(column).or_else(|| sound.get(*column).cloned()).unwrap_or_default());
    columns.iter().map(value).collect::<Vec<_>>().join(";")
}

fn quoted(value: &str) -> String {
    if value.contains([';', '"']) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_owned() }
}

/// The bytes of a text in which `\xNN` stands for a byte.
fn unescaped(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).expect("two hexadecimal digits after \\x"));
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}
