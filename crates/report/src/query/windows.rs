//! Windows and groups that the SQL engine computes in another way than SQL says, without an error. They are refused, each with advice.
//!
//! [`super::fault`] has the messages for statements that the engine itself refuses.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, GroupByExpr, NamedWindowDefinition, NamedWindowExpr, Query, Select, SelectItem, Visit, Visitor, WindowSpec,
    WindowType,
};

/// Part of a statement that the engine would compute in another way than SQL says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misread {
    /// Running mean and the like, which the engine would compute over the whole window.
    #[error(
        "{function}() OVER (… ORDER BY …) is not computed as it runs; leave ORDER BY out for the whole window, or divide sum() OVER (… ORDER BY …) by row_number()"
    )]
    OrderedWhole {
        /// Function.
        function: String,
    },
    /// Running sum without a frame: the engine adds row by row, and SQL adds rows that are equal in the order at once.
    #[error(
        "{function}() OVER (… ORDER BY …) would go on row by row, where SQL takes rows that are equal in the order together; if row by row is \
         meant, write ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW behind the order, and let the order be of columns that are never equal"
    )]
    NoFrame {
        /// Function.
        function: String,
    },
    /// Window that takes over parts of a named one.
    #[error("a window that is built on another one is not possible; write its PARTITION BY and ORDER BY out")]
    BuiltOnAnother,
    /// Position of nulls in the order of a window.
    #[error(
        "NULLS FIRST and NULLS LAST are not possible in a window, where rows without a value come first; leave them out with WHERE column IS NOT NULL"
    )]
    PlaceOfNulls,
    /// Window over groups, or over a sum.
    #[error(
        "a window beside GROUP BY or over a sum is not possible; group in a named part, and open the window over that: WITH g AS (SELECT insurer, \
         sum(heads) AS heads FROM headcount GROUP BY insurer) SELECT insurer, heads, sum(heads) OVER () AS total FROM g"
    )]
    OverGroups,
    /// Column beside an aggregate function without groups.
    #[error(
        "`{column}` stands beside {function}() without GROUP BY {column}; group by it, or write {function}() OVER () for the total beside each row"
    )]
    NotGrouped {
        /// Column.
        column: String,
        /// Function.
        function: String,
    },
}

/// Functions that the engine computes over the whole window, for any order.
const WHOLE: [&str; 9] = ["avg", "mean", "median", "quantile_cont", "quantile_disc", "stddev", "stdev", "variance", "var"];
/// Functions over the rows up to the current one when the window has an order.
const RUNNING: [&str; 5] = ["count", "last_value", "max", "min", "sum"];
/// Aggregate functions, without those in [`WHOLE`].
const AGGREGATES: [&str; 12] =
    ["array_agg", "corr", "count", "covar", "covar_samp", "first", "last", "listagg", "max", "min", "string_agg", "sum"];

/// Parts of a window.
#[derive(Clone, Copy, Debug)]
struct WindowParts {
    has_order: bool,
    has_frame: bool,
}

impl WindowParts {
    fn from_spec(window: &WindowSpec) -> Result<Self, Misread> {
        if window.window_name.is_some() {
            return Err(Misread::BuiltOnAnother);
        }
        if window.order_by.iter().any(|by| by.options.nulls_first.is_some()) {
            return Err(Misread::PlaceOfNulls);
        }
        Ok(Self { has_order: !window.order_by.is_empty(), has_frame: window.window_frame.is_some() })
    }
}

/// Named windows of a statement (`WINDOW w AS (…)`). Case does not count in their names.
#[derive(Debug, Default)]
pub(super) struct NamedWindows {
    windows: BTreeMap<String, WindowParts>,
}

impl NamedWindows {
    /// Adds the windows that a `SELECT` names, and checks what it selects beside groups.
    pub fn enter(&mut self, select: &Select) -> Result<(), Misread> {
        for NamedWindowDefinition(name, window) in &select.named_window {
            let NamedWindowExpr::WindowSpec(window) = window else { return Err(Misread::BuiltOnAnother) };
            self.windows.insert(name.value.to_ascii_lowercase(), WindowParts::from_spec(window)?);
        }
        Selected::from_select(select).check(select)
    }

    /// Checks a function over a window.
    pub fn check(&self, expr: &Expr) -> Result<(), Misread> {
        let Expr::Function(function @ Function { over: Some(window), .. }) = expr else { return Ok(()) };
        let parts = match window {
            WindowType::NamedWindow(name) => self.windows.get(&name.value.to_ascii_lowercase()).copied(),
            WindowType::WindowSpec(window) => Some(WindowParts::from_spec(window)?),
        };
        // The engine itself refuses an unknown name.
        let Some(WindowParts { has_order, has_frame }) = parts else { return Ok(()) };
        let function = name_of(function);
        if has_order && WHOLE.contains(&function.as_str()) {
            return Err(Misread::OrderedWhole { function });
        }
        if has_order && !has_frame && RUNNING.contains(&function.as_str()) {
            return Err(Misread::NoFrame { function });
        }
        Ok(())
    }
}

fn name_of(function: &Function) -> String {
    function.name.to_string().to_ascii_lowercase()
}

/// Name of an aggregate function without a window.
fn aggregate(expr: &Expr) -> Option<String> {
    let Expr::Function(function @ Function { over: None, .. }) = expr else { return None };
    Some(name_of(function)).filter(|name| WHOLE.contains(&name.as_str()) || AGGREGATES.contains(&name.as_str()))
}

fn is_window(expr: &Expr) -> bool {
    matches!(expr, Expr::Function(Function { over: Some(_), .. }))
}

/// Columns, aggregate functions and windows that a `SELECT` selects, without those of its subqueries.
#[derive(Default)]
struct Selected {
    /// First aggregate function.
    aggregate: Option<String>,
    /// Whether there is a function over a window.
    has_window: bool,
    /// First column outside of aggregate functions and windows.
    column: Option<String>,
    /// Number of subqueries around the current expression.
    queries: usize,
    /// Number of aggregate functions around the current expression.
    aggregates: usize,
    /// Number of windows around the current expression.
    windows: usize,
}

impl Selected {
    fn from_select(select: &Select) -> Self {
        let mut selected = Self::default();
        for item in &select.projection {
            if matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)) {
                selected.column.get_or_insert_with(|| item.to_string());
            }
            let ControlFlow::Continue(()) = Visit::visit(item, &mut selected);
        }
        selected
    }

    fn check(self, select: &Select) -> Result<(), Misread> {
        let has_groups = match &select.group_by {
            GroupByExpr::All(_) => true,
            GroupByExpr::Expressions(groups, _) => !groups.is_empty(),
        };
        if self.has_window && (has_groups || self.aggregate.is_some()) {
            return Err(Misread::OverGroups);
        }
        match (self.aggregate, self.column) {
            (Some(function), Some(column)) if !has_groups => Err(Misread::NotGrouped { column, function }),
            _ => Ok(()),
        }
    }
}

impl Visitor for Selected {
    type Break = std::convert::Infallible;

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<Self::Break> {
        self.queries += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<Self::Break> {
        self.queries -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Self::Break> {
        if self.queries > 0 {
            return ControlFlow::Continue(());
        }
        if let Some(function) = aggregate(expr) {
            self.aggregate.get_or_insert(function);
            self.aggregates += 1;
        } else if is_window(expr) {
            self.has_window = true;
            self.windows += 1;
        } else if let Expr::Identifier(_) | Expr::CompoundIdentifier(_) = expr
            && self.aggregates + self.windows == 0
        {
            self.column.get_or_insert_with(|| expr.to_string());
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Self::Break> {
        if self.queries == 0 {
            self.aggregates -= usize::from(aggregate(expr).is_some());
            self.windows -= usize::from(is_window(expr));
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use crate::query::statement::{FileAccess, Refusal, Statement};

    fn refused(sql: &str) -> Option<String> {
        match Statement::parse(sql, FileAccess::Refused) {
            Ok(_) => None,
            Err(Refusal::Misread(misread)) => Some(misread.to_string()),
            Err(other) => panic!("{sql}: {other}"),
        }
    }

    #[test]
    fn what_the_engine_computes_in_another_way_is_refused_with_advice() {
        for (sql, advice) in [
            ("SELECT avg(age) OVER (ORDER BY enp) FROM persons", "divide sum()"),
            ("SELECT 1 + MEDIAN(age) OVER (PARTITION BY a ORDER BY b) FROM p", "leave ORDER BY out"),
            ("SELECT avg(age) OVER W FROM persons WINDOW w AS (ORDER BY enp)", "leave ORDER BY out"),
            ("SELECT sum(heads) OVER (PARTITION BY clinic ORDER BY sex) FROM headcount", "ROWS BETWEEN UNBOUNDED"),
            ("SELECT count(*) OVER w FROM persons WINDOW w AS (ORDER BY enp)", "ROWS BETWEEN UNBOUNDED"),
            ("SELECT last_value(clinic) OVER (ORDER BY insurer) FROM persons", "ROWS BETWEEN UNBOUNDED"),
            ("SELECT row_number() OVER w FROM p WINDOW v AS (PARTITION BY a), w AS (v ORDER BY b)", "write its PARTITION BY"),
            ("SELECT row_number() OVER w FROM p WINDOW v AS (ORDER BY a), w AS v", "write its PARTITION BY"),
            ("SELECT row_number() OVER (v ORDER BY b) FROM p WINDOW v AS (PARTITION BY a)", "write its PARTITION BY"),
            ("SELECT row_number() OVER (ORDER BY attached_from NULLS LAST) FROM persons", "IS NOT NULL"),
            ("SELECT sum(sum(heads)) OVER () FROM headcount", "WITH g AS"),
            ("SELECT insurer, sum(heads), row_number() OVER (ORDER BY insurer) FROM h GROUP BY insurer", "WITH g AS"),
            ("SELECT insurer, count(*) FROM persons", "GROUP BY insurer"),
            ("SELECT p.insurer, avg(age) FROM persons p", "GROUP BY p.insurer"),
            ("SELECT count(*) + age FROM persons", "GROUP BY age"),
            ("SELECT *, max(age) FROM persons", "`*` stands beside max()"),
            ("WITH a AS (SELECT insurer, count(*) AS n FROM persons) SELECT n FROM a", "GROUP BY insurer"),
        ] {
            let message = refused(sql).unwrap_or_else(|| panic!("{sql}"));
            assert!(message.contains(advice), "{sql}: {message}");
        }
    }

    #[test]
    fn what_the_engine_computes_as_sql_says_is_allowed() {
        for sql in [
            "SELECT avg(age) OVER (PARTITION BY insurer) FROM persons",
            "SELECT avg(age) OVER w, age FROM persons WINDOW w AS (PARTITION BY insurer)",
            "SELECT sum(age) OVER (ORDER BY enp ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM persons",
            "SELECT sum(age) OVER w FROM p WINDOW w AS (ORDER BY enp ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
            "SELECT enp, row_number() OVER (PARTITION BY insurer ORDER BY enp DESC) FROM persons",
            "SELECT enp, lag(age) OVER (ORDER BY enp), count(*) OVER () FROM persons",
            "SELECT 'all' AS what, count(*), max(age) - min(age), count(*) FILTER (WHERE age > 5) FROM persons",
            "SELECT insurer, count(*) FROM persons GROUP BY insurer",
            "SELECT insurer, avg(age) FROM persons GROUP BY ALL",
            "SELECT enp FROM persons WHERE age IN (SELECT max(age) FROM persons)",
            "SELECT clinic, (SELECT max(age) FROM persons) AS oldest FROM clinics",
        ] {
            assert_eq!(refused(sql), None, "{sql}");
        }
    }
}
