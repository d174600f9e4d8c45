//! Check of a statement before the SQL engine gets it: one question, about the tables of the run only, of a size that the engine can answer.
//!
//! The statement is parsed by the library that the engine uses. Statements that change something (`DROP`, `CREATE`) and files (`read_csv('…')`) are
//! refused, though the engine would accept them. The engine plans by recursion, and some of its steps cost the square of the size of a statement and
//! more, so chains of operators and of set operations are limited.

mod tokens;
mod visitors;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{Statement as Ast, Visit, VisitMut};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserOptions};
use sqlparser::tokenizer::{Token, Tokenizer};

use self::tokens::{changing_verb, described, literals_of, without, word_hint, words_of};
use self::visitors::{Measure, NameFiles, Tables};
use super::expansion::largest_expression;
use super::windows::Misread;

/// Question about the tables of a run.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Statement for the engine.
    pub sql: String,
    /// Table of `DESCRIBE` and the like, which the engine does not get.
    pub describes: Option<String>,
    /// Files that the statement reads, with their names in `sql`; empty unless files are allowed.
    pub files: Vec<FileTable>,
    /// Number of joins.
    #[cfg(test)]
    pub joins: usize,
    /// Whether tables are joined without a condition.
    pub crosses: bool,
    /// Names and keywords of the statement.
    words: BTreeSet<String>,
    /// Texts and long numbers of the statement, the longest first.
    literals: Vec<String>,
}

/// File that a statement reads as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileTable {
    /// Name of the table.
    pub name: String,
    /// Format of the file.
    pub reader: FileReader,
    /// Path, as in the statement.
    pub path: String,
}

/// Function that reads a file as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileReader {
    /// `read_csv`: text with a header and commas.
    Csv,
    /// `read_json`: one object a line.
    JsonLines,
    /// `read_parquet`.
    Parquet,
}

impl FileReader {
    fn from_function(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "read_csv" => Some(Self::Csv),
            "read_json" => Some(Self::JsonLines),
            "read_parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// Whether a statement may read files of this machine. Addresses are never read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileAccess {
    /// The statement reads the tables of the run only.
    #[default]
    Refused,
    /// The statement may read files by `read_csv`, `read_json` and `read_parquet`.
    Allowed,
}

/// Reason why a statement is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no statement.
    #[error("the statement is empty; ask with SELECT, WITH, SHOW TABLES, DESCRIBE or EXPLAIN")]
    Empty,
    /// There are several statements.
    #[error("{count} statements were given; ask one at a time")]
    Several {
        /// Number of statements.
        count: usize,
    },
    /// The statement is no question.
    #[error("a published run never changes, so {verb} is not possible; ask with SELECT, WITH, SHOW TABLES, DESCRIBE or EXPLAIN")]
    NoQuestion {
        /// First word of the statement.
        verb: String,
    },
    /// The statement reads something that is no table of the run.
    #[error(
        "`{name}` is no table of the run; a statement reads files only with --allow-files, by read_csv('FILE'), read_json('FILE') or read_parquet('FILE')"
    )]
    Files {
        /// Function or name.
        name: String,
    },
    /// The statement reads from the network.
    #[error("`{function}` reads files of this machine, never an address")]
    Address {
        /// Function.
        function: String,
    },
    /// The argument of a function that reads files is not a single text.
    #[error("`{function}` takes the path of one file, in single quotes")]
    Argument {
        /// Function.
        function: String,
    },
    /// The engine would compute something else than SQL says.
    #[error(transparent)]
    Misread(#[from] Misread),
    /// The statement is too large for the engine.
    #[error("the statement has {found} {of}, and at most {most} can be answered; {advice}")]
    TooLarge {
        /// Kind of things that are too many.
        of: &'static str,
        /// Number in the statement.
        found: usize,
        /// Greatest allowed number.
        most: usize,
        /// Advice.
        advice: &'static str,
    },
    /// The statement is no SQL.
    #[error("{message}")]
    Syntax {
        /// Message of the parser, without texts and numbers of the statement.
        message: String,
    },
}

/// Limit of a kind of things in a statement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    of: &'static str,
    pub most: usize,
    advice: &'static str,
}

impl Limit {
    const BYTES: Self = Self { of: "bytes", most: 1 << 18, advice: "join with a table instead of naming everything" };
    const TOKENS: Self = Self { of: "words and signs", most: 20_000, advice: "join with a table instead of naming everything" };
    pub const CHAIN: Self = Self {
        of: "operators nested or in one chain",
        most: 120,
        advice: "write x IN (1, 2, 3) in place of x = 1 OR x = 2 OR x = 3, or divide it into several statements",
    };
    const SET_OPERATIONS: Self =
        Self { of: "times UNION, INTERSECT or EXCEPT", most: 60, advice: "divide it into several statements" };
    const TABLES: Self = Self {
        of: "tables, those of a named part counted wherever its name stands",
        most: 200,
        advice: "divide it into several statements",
    };
    const PARTS: Self = Self {
        of: "parts in an expression, those that BETWEEN and CASE compare counted as often as they are compared",
        most: 20_000,
        advice: "name a part of it in WITH or in a query in FROM",
    };
    const JOINS: Self = Self { of: "joins", most: 32, advice: "divide it into several statements" };

    fn check(self, found: usize) -> Result<(), Refusal> {
        let Self { of, most, advice } = self;
        if found > most { Err(Refusal::TooLarge { of, found, most, advice }) } else { Ok(()) }
    }
}

impl Statement {
    /// Parses and checks a statement.
    ///
    /// # Errors
    /// When it is no single question about the tables of the run (or about files, when they are allowed), or too large for the engine.
    pub fn parse(sql: &str, files: FileAccess) -> Result<Self, Refusal> {
        Limit::BYTES.check(sql.len())?;
        let tokens = Tokenizer::new(&GenericDialect, sql).tokenize();
        let tokens = tokens.map_err(|error| Refusal::Syntax { message: format!("{}{}", error.message, error.location) })?;
        Limit::TOKENS.check(tokens.iter().filter(|token| !matches!(token, Token::Whitespace(_))).count())?;
        let (words, literals) = (words_of(&tokens), literals_of(&tokens));
        if let Some(table) = described(&tokens) {
            return Ok(Self {
                sql: sql.to_owned(),
                describes: Some(table),
                files: Vec::new(),
                #[cfg(test)]
                joins: 0,
                crosses: false,
                words,
                literals,
            });
        }
        let options = ParserOptions { trailing_commas: true, ..ParserOptions::default() };
        // The tokens keep their locations, so errors can show them.
        let parsed =
            Parser::new(&GenericDialect).with_options(options).try_with_sql(sql).and_then(|mut all| all.parse_statements());
        let mut asts = parsed.map_err(|error| match changing_verb(&tokens) {
            Some(verb) => Refusal::NoQuestion { verb },
            None => Refusal::Syntax { message: without(&literals, &error.to_string()) + word_hint(&tokens) },
        })?;
        let count = asts.len();
        for ast in &asts {
            check_kind(ast)?;
        }
        let mut ast = match asts.pop() {
            None => return Err(Refusal::Empty),
            Some(_) if count > 1 => return Err(Refusal::Several { count }),
            Some(ast) => ast,
        };
        let mut measure = Measure::new(files);
        if let ControlFlow::Break(refusal) = Visit::visit(&ast, &mut measure) {
            return Err(refusal);
        }
        Limit::CHAIN.check(measure.longest_chain)?;
        Limit::PARTS.check(largest_expression(&ast))?;
        Limit::SET_OPERATIONS.check(measure.set_operations)?;
        Limit::JOINS.check(measure.joins)?;
        let mut tables = Tables::default();
        let ControlFlow::Continue(()) = Visit::visit(&ast, &mut tables);
        Limit::TABLES.check(tables.count)?;
        let mut named = NameFiles::default();
        if measure.reads_files
            && let ControlFlow::Break(refusal) = VisitMut::visit(&mut ast, &mut named)
        {
            return Err(refusal);
        }
        let sql = if measure.reads_files { ast.to_string() } else { sql.to_owned() };
        Ok(Self {
            sql,
            describes: None,
            files: named.files,
            #[cfg(test)]
            joins: measure.joins,
            crosses: measure.crosses,
            words,
            literals,
        })
    }

    /// Whether the statement holds a name.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.words.contains(name)
    }

    /// Message of the engine without the texts and long numbers of the statement, which may be personal data.
    #[must_use]
    pub fn without_literals(&self, message: &str) -> String {
        without(&self.literals, message)
    }
}

/// Refuses every kind of statement but questions.
fn check_kind(ast: &Ast) -> Result<(), Refusal> {
    match ast {
        Ast::Query(_) | Ast::ShowTables { .. } => Ok(()),
        Ast::Explain { statement, .. } => check_kind(statement),
        other => Err(Refusal::NoQuestion { verb: verb_of(other) }),
    }
}

/// First word of a statement.
fn verb_of(ast: &Ast) -> String {
    let text = ast.to_string();
    text.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describes(sql: &str) -> Option<String> {
        Statement::parse(sql, FileAccess::Refused).ok()?.describes
    }

    #[test]
    fn a_table_is_described_in_the_syntax_of_several_engines() {
        for sql in
            ["DESCRIBE persons", "desc persons;", "DESCRIBE TABLE persons", "SHOW COLUMNS FROM \"persons\"", "-- x\nDESC persons"]
        {
            assert_eq!(describes(sql).as_deref(), Some("persons"), "{sql}");
        }
        for sql in ["SELECT 1", "SHOW TABLES", "EXPLAIN SELECT 1", "DESCRIBE persons WHERE x", "DESCRIBE"] {
            assert_eq!(describes(sql), None, "{sql}");
        }
    }

    #[test]
    fn the_hint_about_words_of_sql_needs_such_words() {
        let hint = |sql: &str| match Statement::parse(sql, FileAccess::Refused) {
            Err(Refusal::Syntax { message }) => message.contains("double quotes"),
            other => panic!("{sql}: {other:?}"),
        };
        assert!(hint("SELECT clinic, to FROM stays WHERE (") && hint("SELECT clinic, from FROM stays WHERE ("));
        assert!(!hint("SELECT clinic FROM persons WHERE ("));
    }
}
