//! Size of the expressions of a statement in the SQL engine.
//!
//! The engine copies the operand of `BETWEEN` and of `CASE` into each comparison, so nested ones grow exponentially:
//!
//! ```text
//! a BETWEEN 1 AND 2                       a >= 1 AND a <= 2                  a twice
//! (a BETWEEN 1 AND 2) BETWEEN 3 AND 4     (a … a) >= 3 AND (a … a) <= 4      a four times
//! ```

use std::convert::Infallible;
use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Visit, Visitor};

/// Number of parts of the largest expression of a statement after copying.
pub(super) fn largest_expression(statement: &impl Visit) -> usize {
    let mut expansion = Expansion::default();
    let ControlFlow::Continue(()) = Visit::visit(statement, &mut expansion);
    usize::try_from(expansion.largest).unwrap_or(usize::MAX)
}

#[derive(Default)]
struct Expansion {
    /// Sizes of the parts that are visited already, for each expression around the current one.
    parts: Vec<Vec<u64>>,
    /// Size of the largest expression so far.
    largest: u64,
}

impl Visitor for Expansion {
    type Break = Infallible;

    fn pre_visit_expr(&mut self, _: &Expr) -> ControlFlow<Infallible> {
        self.parts.push(Vec::new());
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Infallible> {
        let parts = self.parts.pop().unwrap_or_default();
        let repeated = parts.first().map_or(0, |first| first.saturating_mul(copies_of_first(expr) - 1));
        let size = parts.into_iter().fold(repeated.saturating_add(1), u64::saturating_add);
        self.largest = self.largest.max(size);
        if let Some(around) = self.parts.last_mut() {
            around.push(size);
        }
        ControlFlow::Continue(())
    }
}

/// Number of copies that the engine makes of the first part of an expression.
fn copies_of_first(expr: &Expr) -> u64 {
    match expr {
        Expr::Between { .. } => 2,
        Expr::Case { operand: Some(_), conditions, .. } => (conditions.len() as u64).max(1),
        Expr::Function(function) if function.name.to_string().eq_ignore_ascii_case("nullif") => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use crate::query::statement::{FileAccess, Refusal, Statement};

    fn is_too_large(sql: &str) -> bool {
        match Statement::parse(sql, FileAccess::Refused) {
            Ok(_) => false,
            Err(Refusal::TooLarge { .. }) => true,
            Err(other) => panic!("{sql}: {other}"),
        }
    }

    #[test]
    fn expressions_that_are_copied_again_and_again_are_refused() {
        let between = |count: usize| format!("SELECT 3 {} FROM persons", "BETWEEN 1 AND 2 // 3 ".repeat(count));
        assert!(!is_too_large(&between(8)));
        assert!(is_too_large(&between(31)));
        let case = |depth: usize| {
            (0..depth).fold("age".to_owned(), |operand, _| {
                format!("CASE {operand} WHEN 1 THEN 2 WHEN 2 THEN 3 WHEN 3 THEN 4 ELSE 5 END")
            })
        };
        assert!(!is_too_large(&format!("SELECT {} FROM persons", case(5))));
        assert!(is_too_large(&format!("SELECT {} FROM persons", case(12))));
        let nullif = (0..17).fold("age".to_owned(), |of, _| format!("NULLIF({of}, 1)"));
        assert!(is_too_large(&format!("SELECT {nullif} FROM persons")));
        assert!(!is_too_large(
            "SELECT * FROM persons WHERE age BETWEEN 1 AND 2 AND birth_date BETWEEN '1990-01-01' AND '2000-01-01'"
        ));
    }
}
