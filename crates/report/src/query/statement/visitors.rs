//! Visitors of the syntax tree of a statement: its size, its tables, the files that it reads.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, Join, JoinOperator, ObjectName, ObjectNamePart, Query, Select, SetExpr,
    TableFactor, Value, Visit, Visitor, VisitorMut,
};

use super::{FileAccess, FileReader, FileTable, Refusal, verb_of};
use crate::query::windows::NamedWindows;

/// Measures of a statement: its parts that are expensive for the engine, and the names in place of tables.
#[derive(Default)]
pub(super) struct Measure {
    files: FileAccess,
    pub reads_files: bool,
    chain: usize,
    pub longest_chain: usize,
    pub set_operations: usize,
    pub joins: usize,
    pub crosses: bool,
    windows: NamedWindows,
}

impl Measure {
    pub fn new(files: FileAccess) -> Self {
        Self { files, ..Self::default() }
    }
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
                // Queries in parentheses get a visit of their own.
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

/// Number of tables that the engine plans. It copies the plan of a named part (`WITH`) to each use of the name, so parts of parts multiply.
#[derive(Default)]
pub(super) struct Tables {
    pub count: usize,
    /// Number of tables of each named part.
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
        [ObjectNamePart::Identifier(function)] => FileReader::from_function(&function.value),
        _ => None,
    }
}

/// Whether the name of a table is a path or an address. Some engines read such names.
fn is_path(name: &ObjectName) -> bool {
    name.0.iter().filter_map(ObjectNamePart::as_ident).any(|part| {
        let is_text = part.quote_style == Some('\'');
        is_text || part.quote_style.is_some() && part.value.contains(['/', '\\', ':', '.', '*'])
    })
}

/// Replaces functions that read files by names of tables.
#[derive(Default)]
pub(super) struct NameFiles {
    pub files: Vec<FileTable>,
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
