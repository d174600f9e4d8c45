//! Messages for errors of the SQL engine, without values of people.
//!
//! The engine quotes values where a conversion or a comparison fails, and no text shows which of its words are values. So the engine's own message is
//! passed on only while no value has been read: then it can hold nothing but the statement and names of columns. Afterwards the message is our own,
//! from the kind of the error and the columns that it names.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use polars::prelude::PolarsError;

/// End of a call of the engine.
pub(super) enum Ended<T> {
    /// Success.
    Well(T),
    /// Error of the engine.
    Failed(PolarsError),
    /// Panic of the engine.
    Panicked,
}

/// Number of calls of the engine in work. The engine panics on its own threads, too, so the number is for the whole process.
static AT_WORK: AtomicUsize = AtomicUsize::new(0);
/// Whether our own code panicked during a call of the engine.
static OURS: AtomicBool = AtomicBool::new(false);

/// Calls the engine, which panics on some statements and on damaged files. A panic of our own code goes on.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, PolarsError>) -> Ended<T> {
    AT_WORK.fetch_add(1, Ordering::SeqCst);
    let ended = catch_unwind(AssertUnwindSafe(work));
    AT_WORK.fetch_sub(1, Ordering::SeqCst);
    match ended {
        Ok(Ok(done)) => Ended::Well(done),
        Ok(Err(error)) => Ended::Failed(error),
        Err(panic) if OURS.swap(false, Ordering::SeqCst) => resume_unwind(panic),
        Err(_) => Ended::Panicked,
    }
}

/// Whether a panic is one of the engine: then it becomes an error of the statement. For the hook that reports panics.
/// `is_ours` says that the panic is in code of this program.
#[must_use]
pub fn is_of_engine(is_ours: bool) -> bool {
    let at_work = AT_WORK.load(Ordering::SeqCst) > 0;
    if at_work && is_ours {
        OURS.store(true, Ordering::SeqCst);
    }
    at_work && !is_ours
}

/// Advice for a statement that the engine does not support, from the engine's message about its internals.
pub(super) fn advice(message: &str) -> Option<Cow<'static, str>> {
    window_advice(message).map(Cow::Owned).or_else(|| other_advice(message).map(Cow::Borrowed))
}

/// Advice for a function over a window that the engine does not know.
fn window_advice(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("unsupported function '")?;
    let function = rest.split('\'').next()?.to_ascii_lowercase();
    let instead = match function.as_str() {
        "rank" | "dense_rank" | "percent_rank" | "cume_dist" => {
            "number the different values and join them: WITH v AS (SELECT DISTINCT heads FROM headcount), n AS (SELECT heads, \
             row_number() OVER (ORDER BY heads DESC) AS place FROM v) SELECT h.clinic, h.heads, n.place FROM headcount h JOIN n USING (heads)"
        }
        "ntile" => "divide row_number() OVER (ORDER BY …) by the number of rows",
        "nth_value" => "name a part with row_number() OVER (…) AS n, and ask it WHERE n = …",
        _ => return None,
    };
    Some(format!("{function}() is not possible; {instead}"))
}

/// Advice for any other message.
fn other_advice(message: &str) -> Option<&'static str> {
    let has = |words: &str| message.contains(words);
    Some(match () {
        () if has("Exists {") => "EXISTS is not possible; use column IN (SELECT column FROM …), or a JOIN",
        () if has("subquery comparison") || has("unexpected subquery") || has("Subquery(") => {
            "a query in the place of a value is not possible here; name it and join it: WITH m AS (SELECT avg(age) AS mean FROM persons) \
             SELECT … FROM persons CROSS JOIN m WHERE age > mean. column IN (SELECT …) is possible"
        }
        () if has("mixed asc/desc") => {
            "the columns of a window's order must all go up or all go down; for one of numbers write its negative, such as ORDER BY -heads, clinic"
        }
        () if has("lag expects") || has("lead expects") || has("LAG expects") || has("LEAD expects") => {
            "lag() and lead() take a column and a number of rows; COALESCE(lag(heads, 1) OVER (…), 0) stands for a third argument"
        }
        () if has("ROWS BETWEEN") || has("window frame") || has("RANGE BETWEEN") => {
            "this frame of a window is not possible; ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW is"
        }
        () if has("Rollup(") || has("Cube(") || has("GroupingSets(") => {
            "ROLLUP, CUBE and GROUPING SETS are not possible; join several GROUP BY with UNION ALL"
        }
        () if has("join type '") => {
            "this join is not possible; JOIN, LEFT, RIGHT, FULL and CROSS JOIN are. column IN (SELECT …) and NOT IN stand for SEMI and ANTI"
        }
        () if ["relation 'FROM'", "relation 'TO'", "relation 'TABLE'"]
            .iter()
            .any(|words| message.to_ascii_uppercase().contains(&words.to_ascii_uppercase())) =>
        {
            "columns called from, to or table need double quotes in SQL: \"from\""
        }
        () if has("duplicate output name") || has("` is duplicate") || has("' is duplicate") || has("is duplicate\n") => {
            "two columns of the answer would have one name; give one of them another with AS"
        }
        // The message holds the syntax tree of a statement, printed for the developers of the engine.
        () if has("span: Span(") || has("TokenWithSpan") => {
            "the statement asks for something that the SQL engine cannot do; ask in another way"
        }
        () => return None,
    })
}

/// Hint behind a message of the engine; may be empty.
pub(super) fn hint(message: &str) -> &'static str {
    if message.contains("unable to find column") {
        "\nA text stands in single quotes ('text'), and ORDER BY behind GROUP BY takes columns of the answer."
    } else {
        ""
    }
}

/// Message for an error after values were read. `is_name` says which words are columns or words of the statement.
pub(super) fn message_without_values(error: &PolarsError, is_name: impl Fn(&str) -> bool) -> String {
    let error = innermost(error);
    let message = error.to_string();
    if let Some(conversion) = FailedConversion::parse(&message) {
        return conversion.message(is_name);
    }
    if is_plain(&message, &is_name) {
        return message;
    }
    let what = match error {
        PolarsError::ColumnNotFound(_) | PolarsError::SchemaFieldNotFound(_) | PolarsError::StructFieldNotFound(_) => {
            "the statement names a column that is not there"
        }
        PolarsError::Duplicate(_) => "two columns of the answer would have one name; give one of them another with AS",
        PolarsError::OutOfBounds(_) => "the statement asks for an element that is not there",
        PolarsError::ShapeMismatch(_) => {
            "parts of the statement give different numbers of rows; a query in the place of a value must give one row"
        }
        PolarsError::SchemaMismatch(_) => "values of different types cannot be brought together; CAST gives them one type",
        PolarsError::NoData(_) => "the statement needs rows, and there are none",
        PolarsError::IO { .. } => "a file of the statement cannot be read",
        PolarsError::InvalidOperation(_) => "an operation of the statement is not possible with the values that it meets",
        _ => "the statement cannot be computed with the values that it meets",
    };
    let columns = quoted(&message).filter(|word| is_name(word)).collect::<Vec<_>>();
    match columns.first() {
        Some(column) => format!("{what} (column `{column}`)"),
        None => what.to_owned(),
    }
}

/// Words of messages about operations and types. A message of such words alone holds no value.
const PLAIN_WORDS: [&str; 88] = [
    "a",
    "aggregation",
    "all",
    "allowed",
    "an",
    "and",
    "argument",
    "arithmetic",
    "array",
    "be",
    "between",
    "binary",
    "binaryview",
    "bool",
    "boolean",
    "cannot",
    "cast",
    "casting",
    "cat",
    "check",
    "column",
    "columns",
    "compare",
    "data",
    "date",
    "datetime",
    "decimal",
    "division",
    "dtype",
    "dtypes",
    "duration",
    "dyn",
    "enum",
    "expected",
    "explicit",
    "expr",
    "expression",
    "f32",
    "f64",
    "first",
    "float",
    "float32",
    "float64",
    "for",
    "from",
    "function",
    "got",
    "i16",
    "i32",
    "i64",
    "i8",
    "in",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "invalid",
    "is",
    "is_in",
    "lhs",
    "list",
    "literal",
    "ms",
    "not",
    "ns",
    "null",
    "numeric",
    "of",
    "on",
    "operation",
    "or",
    "possible",
    "rhs",
    "series",
    "str",
    "string",
    "supported",
    "to",
    "try",
    "type",
    "types",
    "u32",
    "u64",
    "uint32",
    "uint64",
    "values",
    "with",
];

/// Whether a message holds nothing but plain words and names.
fn is_plain(message: &str, is_name: impl Fn(&str) -> bool) -> bool {
    let mut words =
        message.split(|character: char| !character.is_alphanumeric() && character != '_').filter(|word| !word.is_empty());
    message.len() <= 200 && words.all(|word| PLAIN_WORDS.contains(&word.to_ascii_lowercase().as_str()) || is_name(word))
}

/// Error inside all contexts.
fn innermost(error: &PolarsError) -> &PolarsError {
    match error {
        PolarsError::Context { error, .. } | PolarsError::ExprContext { error, .. } => innermost(error),
        other => other,
    }
}

/// Parts of a text between quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    ['\'', '"', '`'].into_iter().flat_map(move |quote| text.split(quote).skip(1).step_by(2))
}

/// Failed conversion of values to another type.
#[derive(Debug, PartialEq, Eq)]
struct FailedConversion<'m> {
    /// Type of the values.
    from: &'m str,
    /// Type that they cannot be converted to.
    to: &'m str,
    column: Option<&'m str>,
    /// Number of values that cannot be converted.
    failed: usize,
    /// Number of all values.
    values: usize,
}

impl<'m> FailedConversion<'m> {
    /// Parses ``conversion from `str` to `i64` failed in column 'surname' for 3 out of 423 values: …``.
    fn parse(message: &'m str) -> Option<Self> {
        let (_, rest) = message.split_once("conversion from `")?;
        let (from, rest) = rest.split_once("` to `")?;
        let (to, rest) = rest.split_once("` failed ")?;
        let (column, rest) = match rest.strip_prefix("in column '") {
            Some(rest) => rest.split_once("' for ").map(|(column, rest)| (Some(column), rest))?,
            None => (None, rest.strip_prefix("for ")?),
        };
        let (failed, rest) = rest.split_once(" out of ")?;
        let (values, _) = rest.split_once(" values")?;
        let is_type = |name: &str| {
            name.len() <= 40 && name.chars().all(|character| character.is_alphanumeric() || "[]()_, ".contains(character))
        };
        Some(Self { from, to, column, failed: failed.parse().ok()?, values: values.parse().ok()? })
            .filter(|_| is_type(from) && is_type(to))
    }

    fn message(&self, is_name: impl Fn(&str) -> bool) -> String {
        let Self { from, to, failed, values, .. } = self;
        let column =
            self.column.filter(|column| is_name(column)).map_or_else(String::new, |column| format!(" of column `{column}`"));
        format!("{failed} of {values} values{column} cannot be converted from {from} to {to}; TRY_CAST gives NULL for these")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_name(word: &str) -> bool {
        ["surname", "enp"].contains(&word)
    }

    #[test]
    fn the_message_of_a_failed_conversion_holds_no_values() {
        let error = PolarsError::InvalidOperation(
            "conversion from `str` to `i64` failed in column 'surname' for 423 out of 423 values: [\"ЗАРЕЧНОВ\", … \"ПРОВИДЕЦ\"]"
                .into(),
        );
        assert_eq!(
            message_without_values(&error, is_name),
            "423 of 423 values of column `surname` cannot be converted from str to i64; TRY_CAST gives NULL for these"
        );
        let error =
            PolarsError::InvalidOperation("conversion from `str` to `date` failed for 2 out of 9 values: [ЗАРЕЧНОВ]".into());
        assert_eq!(
            message_without_values(&error, is_name),
            "2 of 9 values cannot be converted from str to date; TRY_CAST gives NULL for these"
        );
    }

    #[test]
    fn a_message_about_types_alone_is_passed_on() {
        for message in ["cannot compare string with numeric type (i32)", "casting from BinaryView to Int32 not supported"] {
            assert_eq!(message_without_values(&PolarsError::ComputeError(message.into()), is_name), message);
        }
        assert!(PLAIN_WORDS.is_sorted(), "sorted words are easier to find");
    }

    #[test]
    fn no_word_of_a_message_is_passed_on_but_known_columns() {
        let messages = [
            "could not parse 'ЗАРЕЧНОВ' as date in column 'surname'",
            "value \"ЗАРЕЧНОВ\" of `enp`: ЗАРЕЧНОВ",
            "conversion from `ЗАРЕЧНОВ \"x\"` to `i64` failed in column 'ЗАРЕЧНОВ' for 1 out of 1 values: ЗАРЕЧНОВ",
            "conversion from `str` to `i64` failed in column 'ЗАРЕЧНОВ' for 1 out of 1 values: ЗАРЕЧНОВ",
        ];
        let kinds = [
            PolarsError::ComputeError,
            PolarsError::InvalidOperation,
            PolarsError::OutOfBounds,
            PolarsError::ShapeMismatch,
            PolarsError::SchemaMismatch,
            PolarsError::Duplicate,
            PolarsError::NoData,
            PolarsError::ColumnNotFound,
            PolarsError::AssertionError,
            PolarsError::SQLInterface,
        ];
        for message in messages {
            for kind in kinds {
                let error = kind(message.into());
                let within = PolarsError::Context { error: Box::new(error.clone()), msg: "ЗАРЕЧНОВ".into() };
                for error in [error, within] {
                    let message = message_without_values(&error, is_name);
                    assert!(!message.contains("ЗАРЕЧНОВ"), "{message}");
                }
            }
        }
    }

    #[test]
    fn what_the_engine_cannot_do_comes_with_advice() {
        let cases = [
            ("expression Exists { subquery: Query { with: None } } is not currently supported", "IN (SELECT"),
            ("subquery comparisons with '>' are not supported", "CROSS JOIN"),
            ("unexpected subquery", "CROSS JOIN"),
            ("unsupported function 'dense_rank'", "dense_rank() is not possible; number the different values"),
            ("OVER does not (yet) support mixed asc/desc directions for ORDER BY", "-heads"),
            ("lag expects 1 or 2 arguments (found 3)", "COALESCE"),
            ("only 'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW' is currently supported; found 'ROWS …'", "CURRENT ROW is"),
            ("join type 'Semi(On(BinaryOp { left: …", "NOT IN"),
            ("relation 'FROM' was not found", "double quotes"),
            ("expression Rollup([[Identifier(Ident {", "UNION ALL"),
            ("duplicate: projections contained duplicate output name 'age'.", "with AS"),
            ("expression Foo { span: Span(Location(1,2)..Location(3,4)) }", "in another way"),
        ];
        for (message, way) in cases {
            let advice = advice(message).unwrap_or_else(|| panic!("{message}"));
            assert!(advice.contains(way) && !advice.contains("Span"), "{message}: {advice}");
        }
        for message in ["unsupported function 'rang'", "cannot compare string with numeric type (i32)"] {
            assert_eq!(advice(message), None, "{message}");
        }
    }

    #[test]
    fn a_panic_of_the_engine_is_an_end_and_no_panic_of_the_program() {
        let statement = || polars::sql::SQLContext::new().execute("SELECT GREATEST()").map(|_| ());
        assert!(matches!(guarded(statement), Ended::Panicked | Ended::Failed(_)));
        assert!(matches!(guarded(|| Ok(1)), Ended::Well(1)));
    }
}
