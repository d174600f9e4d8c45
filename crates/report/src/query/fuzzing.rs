//! Fuzzing of statements: no panic, no endless loop, no growth of memory, and no error that shows a value of the tables.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int32Array, Int64Array, ListArray,
    RecordBatch, StringArray,
};
use arrow::datatypes::{Int32Type, UInt32Type};
use parquet::arrow::ArrowWriter;

use super::statement::{Limit, Statement};
use super::{FileAccess, QueryError, Refusal, RunTables, is_of_engine, with_room};
use crate::result_set::ResultSet as _;
use sverka_fuzzing::{Random, Target, fuzz, replay};

/// Values that no error may show.
const SECRETS: [&str; 4] = ["ЗАРЕЧНОВ", "ПРОВИДЕЦ", "9853110874901461", "1988-06-25"];

struct Statements {
    run: tempfile::TempDir,
}

impl Statements {
    fn new() -> Self {
        std::panic::set_hook(Box::new(|info| {
            let is_ours = info.location().is_some_and(|location| location.file().starts_with("src"));
            if !is_of_engine(is_ours) {
                eprintln!("{info}");
            }
        }));
        Self { run: published() }
    }
}

/// Run of two tables with columns of all types of the outputs and with secret values.
fn published() -> tempfile::TempDir {
    let run = tempfile::tempdir().expect("a folder");
    write(
        &run.path().join("persons.parquet"),
        vec![
            ("person_id", Arc::new(Int64Array::from(vec![1, 2, i64::MAX]))),
            ("enp", Arc::new(StringArray::from(vec![Some(SECRETS[2]), None, Some("")]))),
            ("surname", Arc::new(StringArray::from(vec![Some(SECRETS[0]), Some(SECRETS[1]), None]))),
            ("birth_date", Arc::new(Date32Array::from(vec![Some(6750), None, Some(-1)]))),
            ("age", Arc::new(Int32Array::from(vec![Some(38), None, Some(i32::MIN)]))),
            ("unresolved", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]))),
        ],
    );
    let amounts = Decimal128Array::from(vec![123_456, -5]).with_precision_and_scale(18, 2).expect("a scale");
    let lines = [Some(vec![Some(2), None]), None];
    write(
        &run.path().join("funding.parquet"),
        vec![
            ("person_id", Arc::new(Int64Array::from(vec![1, 1]))),
            ("clinic", clinics_as_dictionary()),
            ("amount", Arc::new(amounts)),
            ("lines", Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lines))),
            ("raw", Arc::new(BinaryArray::from(vec![SECRETS[0].as_bytes(), b"\xff;"]))),
        ],
    );
    run
}

fn clinics_as_dictionary() -> ArrayRef {
    Arc::new([Some("980101"), None].into_iter().collect::<DictionaryArray<UInt32Type>>())
}

fn write(file: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, values)| (name, values, true)));
    let batch = batch.expect("columns of one length");
    let mut writer = ArrowWriter::try_new(File::create(file).expect("a file"), batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
}

impl Target for Statements {
    const CORPUS: &'static str = "sql";
    const ENDING: Option<&'static str> = Some("sql");
    const PIECES: &'static [&'static [u8]] = &[
        b"(",
        b")",
        b",",
        b";",
        b"'",
        b"\"",
        b"--",
        b"/*",
        b"*/",
        b"::",
        b"||",
        b"[",
        b"]",
        b" NOT ",
        b" OR ",
        b" AND ",
        b" SELECT ",
        b" UNION ALL ",
        b" EXCEPT ",
        b" OVER ()",
        b" FILTER (WHERE ",
        b" WITH a AS (",
        b" LATERAL ",
        b" DISTINCT ",
        b" QUALIFY ",
        b" EXCLUDE ",
        b" READ_CSV('/dev/null') ",
        b" 'a.parquet' ",
        b" INTO t ",
        b" DROP TABLE persons ",
        b"NULL",
        b"-1",
        b"1e9",
        b"0.0",
        b"9223372036854775808",
        b"INTERVAL '1 year'",
        b"DATE '2026-01-01'",
        b"CAST(NULL AS ",
        b" DECIMAL(38, 38)",
        b"COLUMNS('.')",
    ];

    fn change(&self, input: &mut Vec<u8>, random: &mut Random) -> bool {
        let is_new = random.below(4) != 0;
        if is_new {
            *input = Grammar { random, depth: 0, columns: &PERSONS }.statement().into_bytes();
        }
        !is_new || random.below(6) == 0
    }

    fn read(&mut self, input: &[u8]) -> BTreeSet<String> {
        let sql = String::from_utf8_lossy(input);
        if is_costly(&sql) {
            return BTreeSet::from(["passed over".to_owned()]);
        }
        let run = self.run.path();
        let ended = with_room(|| -> Result<(), QueryError> {
            let mut tables = RunTables::open(run, FileAccess::Refused)?;
            tables.execute(&sql)?.write_csv(&mut io::sink())?;
            tables.execute(&sql)?.write_table(&mut io::sink(), Some(2), Some(80))
        });
        match ended {
            Ok(()) => BTreeSet::from(["answered".to_owned()]),
            Err(error) => {
                let text = error.to_string();
                for secret in SECRETS.iter().filter(|secret| !sql.contains(**secret)) {
                    assert!(!text.contains(secret), "an error shows a value: {text}");
                }
                assert!(matches!(error, QueryError::Sql { .. } | QueryError::Refused(_) | QueryError::Write(_)), "{text}");
                BTreeSet::from([kind_of(&error)])
            }
        }
    }
}

/// Whether a statement may need much memory. The engine has no limit of memory, and a test cannot watch it as the command line does.
fn is_costly(sql: &str) -> bool {
    let upper = sql.to_ascii_uppercase();
    let joins = Statement::parse(sql, FileAccess::Refused).map_or(0, |statement| statement.joins);
    let pads = upper.contains("PAD")
        && (upper.contains('E') || upper.split(|character: char| !character.is_ascii_digit()).any(|digits| digits.len() > 4));
    joins > 5 || pads
}

fn kind_of(error: &QueryError) -> String {
    match error {
        QueryError::Refused(Refusal::TooLarge { of, .. }) => format!("too many {of}"),
        QueryError::Refused(refusal) => sverka_fuzzing::kind(refusal),
        // The first words of the engine's message, without quoted ones: its kind, more or less.
        QueryError::Sql { message, .. } => {
            let is_word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
            message.split_whitespace().take(5).filter(is_word).collect::<Vec<_>>().join(" ")
        }
        other => sverka_fuzzing::kind(other),
    }
}

/// Generator of statements by the grammar of the engine.
struct Grammar<'r> {
    random: &'r mut Random,
    depth: usize,
    /// Columns of the table of the innermost query.
    columns: &'static [&'static str],
}

const PERSONS: [&str; 6] = ["person_id", "enp", "surname", "birth_date", "age", "unresolved"];
const FUNDING: [&str; 5] = ["person_id", "clinic", "amount", "lines", "raw"];
const MADE: [&str; 2] = ["b", "c"];
const TYPES: [&str; 16] = [
    "INT",
    "BIGINT",
    "TINYINT",
    "UINT8",
    "FLOAT",
    "DOUBLE",
    "VARCHAR",
    "DATE",
    "TIMESTAMP",
    "TIME",
    "BOOLEAN",
    "DECIMAL(9,2)",
    "DECIMAL(38,50)",
    "DECIMAL(0,0)",
    "BYTEA",
    "INT[]",
];
const LITERALS: [&str; 18] = [
    "0",
    "1",
    "-1",
    "3.5",
    "1e9",
    "9223372036854775807",
    "170141183460469231731687303715884105728",
    "''",
    "'a'",
    "'('",
    "'%Y'",
    "NULL",
    "TRUE",
    "DATE '2026-01-01'",
    "INTERVAL '99999999 years'",
    "x'FF'",
    "ARRAY[1,2]",
    "'2026-02-30'",
];
const FUNCTIONS: &str = "abs acos array_agg array_contains array_get array_length array_mean array_to_string array_unique atan2 avg bit_and \
    bit_count cbrt ceil coalesce columns concat concat_ws corr count covar_pop date date_part datetime dense_rank div ends_with exp first first_value \
    floor greatest group_concat if ifnull initcap lag last lead least left length listagg ln log lower ltrim max median min mod nullif octet_length pi \
    pow quantile_cont quantile_disc rank regexp_like replace reverse right round row_number sign split_part sqrt starts_with stddev strftime string_agg \
    string_to_array strpos strptime substr sum time timestamp trunc unnest upper var xor";
const OPERATORS: [&str; 22] = [
    "+",
    "-",
    "*",
    "/",
    "%",
    "//",
    "=",
    "<>",
    "<",
    ">=",
    "AND",
    "OR",
    "||",
    "&",
    "|",
    "LIKE",
    "ILIKE",
    "~",
    "^@",
    "IS DISTINCT FROM",
    "<=>",
    "->",
];

impl Grammar<'_> {
    fn any(&mut self, of: &[&str]) -> String {
        (*self.random.pick(of)).to_owned()
    }

    fn statement(&mut self) -> String {
        match self.random.below(18) {
            12.. => self.plain(),
            0 => format!("EXPLAIN {}", self.query()),
            1 => format!("WITH a AS ({}), b AS ({}) {}", self.query(), self.query(), self.query()),
            2 => self.chain(),
            3 => format!("{} {} {}", self.query(), self.set_operation(), self.query()),
            _ => self.query(),
        }
    }

    /// Statement as people ask: comparisons within a type, sums by groups.
    fn plain(&mut self) -> String {
        const TYPED: [(&str, &str); 5] =
            [("person_id", "2"), ("surname", "'Л'"), ("birth_date", "DATE '1980-01-01'"), ("age", "40"), ("unresolved", "TRUE")];
        let [(shown, _), (compared, value), (grouped, _)] = [0; 3].map(|_| *self.random.pick(&TYPED));
        let (comparison, sum) = (self.any(&["=", "<", ">=", "<>"]), self.any(&["COUNT", "MIN", "MAX", "FIRST", "ARRAY_AGG"]));
        let cast = format!("{}CAST({shown} AS {}) AS x", self.any(&["", "TRY_"]), self.any(&TYPES));
        let item = self.any(&[shown, "*", &cast]);
        match self.random.below(3) {
            0 => format!("SELECT {item} FROM persons WHERE {compared} {comparison} {value} ORDER BY {grouped} LIMIT 2"),
            1 => format!(
                "SELECT {grouped}, {sum}({shown}) AS n FROM persons WHERE {compared} {comparison} {value} GROUP BY {grouped}"
            ),
            _ => format!(
                "SELECT p.{shown}, f.amount FROM persons AS p LEFT JOIN funding AS f ON p.person_id = f.person_id WHERE p.{compared} {comparison} {value}"
            ),
        }
    }

    /// Long statement near the limits.
    fn chain(&mut self) -> String {
        let (term, most) = (self.expression(), Limit::CHAIN.most + 20);
        let (times, operator) = (1 + self.random.below(most), self.any(&OPERATORS));
        match self.random.below(4) {
            0 => format!("SELECT {}", vec![term; times].join(&format!(" {operator} "))),
            1 => format!("SELECT * FROM persons WHERE age IN ({})", vec![term; times].join(", ")),
            2 => vec!["SELECT * FROM persons"; 1 + times / 2].join(&format!(" {} ", self.set_operation())),
            _ => format!("SELECT {}{}{}", "f(".repeat(times), term, ")".repeat(times)),
        }
    }

    fn set_operation(&mut self) -> String {
        self.any(&["UNION", "UNION ALL", "UNION BY NAME", "INTERSECT", "EXCEPT"])
    }

    fn query(&mut self) -> String {
        self.depth += 1;
        let outer = self.columns;
        let table = self.table();
        let mut text = format!("SELECT {}", self.any(&["", "", "", "DISTINCT ", "DISTINCT ON (person_id) "]));
        let items: Vec<String> = (0..1 + self.random.below(3)).map(|_| self.item()).collect();
        text += &format!("{} FROM {table}", items.join(", "));
        for _ in 0..self.random.below(2) {
            let kind = self.any(&["JOIN", "LEFT JOIN", "FULL JOIN", "CROSS JOIN", "SEMI JOIN", "ANTI JOIN", "NATURAL JOIN"]);
            let on = if matches!(kind.as_str(), "CROSS JOIN" | "NATURAL JOIN") { String::new() } else { self.condition() };
            let columns = self.columns;
            text += &format!(" {kind} {}{on}", self.table());
            self.columns = columns;
        }
        for (clause, often) in [("WHERE", 2), ("GROUP BY", 4), ("HAVING", 8), ("QUALIFY", 10), ("ORDER BY", 4), ("LIMIT", 6)] {
            if self.random.below(often) == 0 {
                let of = if clause == "LIMIT" { self.random.below(4).to_string() } else { self.expression() };
                text += &format!(" {clause} {of}");
            }
        }
        (self.depth, self.columns) = (self.depth - 1, outer);
        text
    }

    fn condition(&mut self) -> String {
        if self.random.below(2) == 0 { " USING (person_id)".to_owned() } else { format!(" ON {}", self.expression()) }
    }

    fn item(&mut self) -> String {
        match self.random.below(8) {
            0 => "*".to_owned(),
            1 => "persons.* EXCLUDE (enp)".to_owned(),
            2 => format!("{} AS {}", self.expression(), self.any(self.columns)),
            _ => self.expression(),
        }
    }

    fn table(&mut self) -> String {
        let (columns, text): (&[&str], String) = match self.random.below(9) {
            0 if self.depth < 4 => {
                let text = format!("({}) AS a", self.query());
                (self.columns, text)
            }
            1 => (&MADE, "UNNEST([1, 2, 3]) AS a(b)".to_owned()),
            2 => (&MADE, "(VALUES (1, 'a'), (2, NULL)) AS a(b, c)".to_owned()),
            3 if self.random.below(9) == 0 => (&PERSONS, "read_parquet('persons.parquet')".to_owned()),
            3..=5 => (&FUNDING, "funding".to_owned()),
            _ => (&PERSONS, "persons".to_owned()),
        };
        self.columns = columns;
        text
    }

    fn expression(&mut self) -> String {
        self.depth += 1;
        let kinds = if self.depth > 3 { 3 } else { 13 };
        let text = match self.random.below(kinds) {
            0 | 1 => self.any(self.columns),
            2 => self.any(&LITERALS),
            3 | 12 => format!("{} {} {}", self.expression(), self.any(&OPERATORS), self.expression()),
            4 => format!("CAST({} AS {})", self.expression(), self.any(&TYPES)),
            5 => format!("CASE WHEN {} THEN {} ELSE {} END", self.expression(), self.expression(), self.expression()),
            6 => format!(
                "{} {}",
                self.expression(),
                self.any(&["IS NULL", "IS NOT TRUE", "IN (1, NULL)", "BETWEEN 1 AND 2", "::date"])
            ),
            7 if self.depth < 4 => format!("{} IN ({})", self.expression(), self.query()),
            8 => format!("{} OVER (PARTITION BY {} ORDER BY {})", self.function(), self.expression(), self.expression()),
            _ => self.function(),
        };
        self.depth -= 1;
        text
    }

    fn function(&mut self) -> String {
        let names: Vec<&str> = FUNCTIONS.split_whitespace().collect();
        let arguments: Vec<String> = (0..self.random.below(4)).map(|_| self.expression()).collect();
        format!("{}({})", self.any(&names), arguments.join(", "))
    }
}

#[test]
fn changed_statements_end() {
    fuzz(&mut Statements::new());
}

#[test]
fn kept_statements_end_as_expected() {
    replay(&mut Statements::new(), |target, input| target.read(input).into_iter().collect());
}

#[test]
fn the_grammar_makes_statements_that_are_answered() {
    let mut random = Random::new(1);
    let parsed = (0..300).filter(|_| {
        let sql = Grammar { random: &mut random, depth: 0, columns: &PERSONS }.statement();
        Statement::parse(&sql, FileAccess::Refused).is_ok()
    });
    assert!(parsed.count() > 100, "the parser accepts few statements of the grammar");
}
