//! The request of a statement, before the SQL engine gets it: a question and nothing else, of the tables of the run and nothing else, and of a
//! size that the engine answers.
//!
//! The statement is parsed as the engine parses it, by the same library; nothing here looks at its text. What the engine would accept beyond
//! questions (`DROP`, `CREATE`), and what it would read beyond the run (`read_csv('…')`), is refused. The engine plans by recursion, and some
//! of its steps cost the square of a statement and more, so chains of operators and of set operations are limited.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, Join, JoinOperator, ObjectName, ObjectNamePart, Query, Select, SetExpr,
    Statement as Ast, TableFactor, Value, Visit, VisitMut, Visitor, VisitorMut,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserOptions};
use sqlparser::tokenizer::{Token, Tokenizer};

use super::expansion::largest_expression;
use super::windows::{Misread, NamedWindows};

/// A question to the tables of a run.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The statement as the engine gets it.
    pub sql: String,
    /// The table whose columns it asks for, of `DESCRIBE` and its kin: nothing for the engine.
    pub describes: Option<String>,
    /// Files of this machine that it reads, by the names that stand for them in `sql`; empty unless files are allowed.
    pub files: Vec<FileTable>,
    /// How many tables it joins, beyond the first one of each query.
    #[cfg(test)]
    pub joins: usize,
    /// Whether it joins tables without a condition.
    pub crosses: bool,
    /// Names and keywords of the statement.
    words: BTreeSet<String>,
    /// Texts and long numbers of the statement.
    literals: Vec<String>,
}

/// A file that a statement reads as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileTable {
    /// The name of the table.
    pub name: String,
    /// How the file is read.
    pub reader: FileReader,
    /// Where it lies, as the statement says.
    pub path: String,
}

/// A function that stands for the table in a file.
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
    fn of_function(name: &str) -> Option<Self> {
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
    /// The tables of the run alone.
    #[default]
    Refused,
    /// `read_csv`, `read_json` and `read_parquet` read files, too.
    Allowed,
}

/// Why a statement is not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no statement.
    #[error("the statement is empty; ask with SELECT, WITH, SHOW TABLES, DESCRIBE or EXPLAIN")]
    Empty,
    /// There are several.
    #[error("{count} statements were given; ask one at a time")]
    Several {
        /// How many.
        count: usize,
    },
    /// The statement is no question.
    #[error("a published run never changes, so {verb} is not possible; ask with SELECT, WITH, SHOW TABLES, DESCRIBE or EXPLAIN")]
    NoQuestion {
        /// What it wants to do.
        verb: String,
    },
    /// The statement reads what is no table of the run.
    #[error(
        "`{name}` is no table of the run; a statement reads files only with --allow-files, by read_csv('FILE'), read_json('FILE') or read_parquet('FILE')"
    )]
    Files {
        /// The function or the name.
        name: String,
    },
    /// The statement reads from the network.
    #[error("`{function}` reads files of this machine, never an address")]
    Address {
        /// The function.
        function: String,
    },
    /// A function that reads files has not one text as its argument.
    #[error("`{function}` takes the path of one file, in single quotes")]
    Argument {
        /// The function.
        function: String,
    },
    /// The engine would take it for something else than SQL says.
    #[error(transparent)]
    Misread(#[from] Misread),
    /// The statement is more than the engine answers.
    #[error("the statement has {found} {of}, and at most {most} can be answered; {advice}")]
    TooLarge {
        /// What it has too many of.
        of: &'static str,
        /// How many it has.
        found: usize,
        /// How many it may have.
        most: usize,
        /// How to ask otherwise.
        advice: &'static str,
    },
    /// The statement is no SQL.
    #[error("{message}")]
    Syntax {
        /// What the parser says, without texts and numbers of the statement.
        message: String,
    },
}

/// How much of a thing a statement may have.
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

/// Statements that change something, as they begin.
const CHANGING_VERBS: [&str; 10] =
    ["ALTER", "ATTACH", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "MERGE", "TRUNCATE", "UPDATE"];

impl Statement {
    /// Looks at a statement.
    ///
    /// # Errors
    /// When it is no single question to the tables of the run (or files, where these are allowed), or too large to be answered.
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
        // With places, so that an error can tell them.
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
        let mut measure = Measure { files, ..Measure::default() };
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

    /// Whether a name stands in the statement.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.words.contains(name)
    }

    /// What the engine says of the statement, without the texts and long numbers that stand in it: they may be data of people.
    #[must_use]
    pub fn without_literals(&self, message: &str) -> String {
        without(&self.literals, message)
    }
}

/// The words of a statement without blanks, comments and semicolons; nothing when there are other signs than words.
fn bare_words(tokens: &[Token]) -> Option<Vec<&str>> {
    let bare = tokens.iter().filter(|token| !matches!(token, Token::Whitespace(_) | Token::SemiColon | Token::EOF));
    bare.map(|token| if let Token::Word(word) = token { Some(word.value.as_str()) } else { None }).collect()
}

/// The table of `DESCRIBE [TABLE] t`, `DESC [TABLE] t` or `SHOW COLUMNS FROM t`, if a statement is one of these.
fn described(tokens: &[Token]) -> Option<String> {
    let words = bare_words(tokens)?;
    let (table, before) = words.split_last()?;
    let before: Vec<String> = before.iter().map(|word| word.to_ascii_uppercase()).collect();
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    let describes =
        matches!(before[..], ["DESCRIBE" | "DESC"] | ["DESCRIBE" | "DESC", "TABLE"] | ["SHOW", "COLUMNS", "FROM" | "IN"]);
    describes.then(|| (*table).to_owned())
}

/// What to do about names of columns that are words of SQL, where a statement that is no SQL has such words.
fn word_hint(tokens: &[Token]) -> &'static str {
    let count = |word: &str| {
        let is_it = |token: &&Token| matches!(token, Token::Word(found) if found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word));
        tokens.iter().filter(is_it).count()
    };
    if count("to") > 0 || count("table") > 0 || count("from") > count("select") {
        "\nColumns called from, to or table need double quotes in SQL: \"from\"."
    } else {
        ""
    }
}

fn without(literals: &[String], message: &str) -> String {
    literals.iter().fold(message.to_owned(), |message, literal| message.replace(literal.as_str(), "…"))
}

fn words_of(tokens: &[Token]) -> BTreeSet<String> {
    tokens
        .iter()
        .filter_map(|token| match token {
            Token::Word(word) if !is_number_of_somebody(&word.value) => Some(word.value.clone()),
            _ => None,
        })
        .collect()
}

/// Digits enough for the number of a person, a policy or a document.
fn is_number_of_somebody(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 6
}

/// The longest first, so that none hides in another; without those of a letter or two, which are parts of many words.
fn literals_of(tokens: &[Token]) -> Vec<String> {
    let mut literals: Vec<String> = tokens
        .iter()
        .filter_map(|token| match token {
            Token::SingleQuotedString(text)
            | Token::DoubleQuotedString(text)
            | Token::TripleSingleQuotedString(text)
            | Token::TripleDoubleQuotedString(text)
            | Token::NationalStringLiteral(text)
            | Token::EscapedStringLiteral(text)
            | Token::UnicodeStringLiteral(text)
            | Token::HexStringLiteral(text)
            | Token::SingleQuotedByteStringLiteral(text)
            | Token::DoubleQuotedByteStringLiteral(text) => Some(text.clone()),
            Token::DollarQuotedString(text) => Some(text.value.clone()),
            Token::Word(word) if is_number_of_somebody(&word.value) => Some(word.value.clone()),
            Token::Number(number, _) if is_number_of_somebody(number) => Some(number.clone()),
            _ => None,
        })
        .filter(|literal| literal.chars().count() > 2)
        .collect();
    literals.sort_unstable_by_key(|literal| std::cmp::Reverse(literal.len()));
    literals.dedup();
    literals
}

/// The verb of a statement that cannot be parsed, if it is one that changes something.
fn changing_verb(tokens: &[Token]) -> Option<String> {
    let mut words = tokens.iter().filter_map(|token| match token {
        Token::Word(word) => Some(word.value.to_ascii_uppercase()),
        _ => None,
    });
    words.find(|word| word != "EXPLAIN").filter(|word| CHANGING_VERBS.contains(&word.as_str()))
}

/// Refuses every kind of statement but questions.
fn check_kind(ast: &Ast) -> Result<(), Refusal> {
    match ast {
        Ast::Query(_) | Ast::ShowTables { .. } => Ok(()),
        Ast::Explain { statement, .. } => check_kind(statement),
        other => Err(Refusal::NoQuestion { verb: verb_of(other) }),
    }
}

/// The word that a statement begins with.
fn verb_of(ast: &Ast) -> String {
    let text = ast.to_string();
    text.split(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default().to_ascii_uppercase()
}

/// What costs the engine more than it gives, and what stands in the place of tables.
#[derive(Default)]
struct Measure {
    files: FileAccess,
    reads_files: bool,
    chain: usize,
    longest_chain: usize,
    set_operations: usize,
    joins: usize,
    crosses: bool,
    windows: NamedWindows,
}

impl Visitor for Measure {
    type Break = Refusal;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<Refusal> {
        let mut bodies = vec![&*query.body];
        while let Some(body) = bodies.pop() {
            match body {
                SetExpr::SetOperation { left, right, .. } => {
                    self.set_operations += 1;
                    bodies.extend([&**left, &**right]);
                }
                SetExpr::Insert(change) | SetExpr::Update(change) | SetExpr::Delete(change) | SetExpr::Merge(change) => {
                    return ControlFlow::Break(Refusal::NoQuestion { verb: verb_of(change) });
                }
                // Queries in parentheses are visited by themselves.
                SetExpr::Select(_) | SetExpr::Query(_) | SetExpr::Values(_) | SetExpr::Table(_) => {}
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<Refusal> {
        if select.into.is_some() {
            return ControlFlow::Break(Refusal::NoQuestion { verb: "SELECT INTO".to_owned() });
        }
        let crosses = |join: &Join| matches!(join.join_operator, JoinOperator::CrossJoin(_));
        self.crosses |= select.from.len() > 1 || select.from.iter().any(|table| table.joins.iter().any(crosses));
        self.joins += select.from.iter().map(|table| table.joins.len()).sum::<usize>() + select.from.len().saturating_sub(1);
        if let Err(misread) = self.windows.enter(select) {
            return ControlFlow::Break(misread.into());
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<Refusal> {
        let refused = |name: &ObjectName| ControlFlow::Break(Refusal::Files { name: name.to_string() });
        match table {
            TableFactor::Table { name, args: Some(_), .. } => {
                if self.files == FileAccess::Refused || reader_of(name).is_none() {
                    return refused(name);
                }
                self.reads_files = true;
            }
            TableFactor::Table { name, .. } if is_path(name) => return refused(name),
            TableFactor::Function { name, .. } => return refused(name),
            TableFactor::NestedJoin { table_with_joins, .. } => {
                self.joins += table_with_joins.joins.len();
                self.crosses |=
                    table_with_joins.joins.iter().any(|join| matches!(join.join_operator, JoinOperator::CrossJoin(_)));
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Refusal> {
        if let Err(misread) = self.windows.check(expr) {
            return ControlFlow::Break(misread.into());
        }
        self.chain += 1;
        self.longest_chain = self.longest_chain.max(self.chain);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<Refusal> {
        self.chain -= 1;
        ControlFlow::Continue(())
    }
}

/// How many tables the engine plans: it puts the plan of a named part (`WITH`) wherever the name stands, so that parts of parts multiply.
#[derive(Default)]
struct Tables {
    count: usize,
    named: BTreeMap<String, usize>,
}

impl Visitor for Tables {
    type Break = Infallible;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<Infallible> {
        for part in query.with.iter().flat_map(|with| &with.cte_tables) {
            let mut tables = Self { count: 0, named: self.named.clone() };
            let ControlFlow::Continue(()) = Visit::visit(&*part.query, &mut tables);
            self.named.insert(part.alias.name.value.clone(), tables.count);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<Infallible> {
        if let TableFactor::Table { name, .. } = table {
            let named = name.0.last().and_then(ObjectNamePart::as_ident).and_then(|name| self.named.get(&name.value));
            self.count = self.count.saturating_add(named.copied().unwrap_or(1));
        }
        ControlFlow::Continue(())
    }
}

fn reader_of(name: &ObjectName) -> Option<FileReader> {
    match &name.0[..] {
        [ObjectNamePart::Identifier(function)] => FileReader::of_function(&function.value),
        _ => None,
    }
}

/// Whether the name of a table is meant as a path or an address: some engines read those.
fn is_path(name: &ObjectName) -> bool {
    name.0.iter().filter_map(ObjectNamePart::as_ident).any(|part| {
        let is_text = part.quote_style == Some('\'');
        is_text || part.quote_style.is_some() && part.value.contains(['/', '\\', ':', '.', '*'])
    })
}

/// Gives files that stand in the place of tables names of their own.
#[derive(Default)]
struct NameFiles {
    files: Vec<FileTable>,
}

impl VisitorMut for NameFiles {
    type Break = Refusal;

    fn pre_visit_table_factor(&mut self, table: &mut TableFactor) -> ControlFlow<Refusal> {
        let TableFactor::Table { name, args, .. } = table else { return ControlFlow::Continue(()) };
        let (Some(arguments), Some(reader)) = (&*args, reader_of(name)) else { return ControlFlow::Continue(()) };
        let function = name.to_string();
        let path = match &arguments.args[..] {
            [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))] => match &value.value {
                Value::SingleQuotedString(path) => path.clone(),
                _ => return ControlFlow::Break(Refusal::Argument { function }),
            },
            _ => return ControlFlow::Break(Refusal::Argument { function }),
        };
        if path.contains("://") {
            return ControlFlow::Break(Refusal::Address { function });
        }
        let file = FileTable { name: format!("file_{}", self.files.len() + 1), reader, path };
        *name = ObjectName(vec![ObjectNamePart::Identifier(Ident::new(file.name.clone()))]);
        *args = None;
        self.files.push(file);
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describes(sql: &str) -> Option<String> {
        Statement::parse(sql, FileAccess::Refused).ok()?.describes
    }

    #[test]
    fn a_table_is_described_in_the_words_of_several_engines() {
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
    fn the_hint_about_words_of_sql_comes_where_there_are_some() {
        let hint = |sql: &str| match Statement::parse(sql, FileAccess::Refused) {
            Err(Refusal::Syntax { message }) => message.contains("double quotes"),
            other => panic!("{sql}: {other:?}"),
        };
        assert!(hint("SELECT clinic, to FROM stays WHERE (") && hint("SELECT clinic, from FROM stays WHERE ("));
        assert!(!hint("SELECT clinic FROM persons WHERE ("));
    }
}
