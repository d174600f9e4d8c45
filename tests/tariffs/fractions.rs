//! Numbers of the engine as the reference writes them.

use rust_decimal::Decimal;
use sverka_kernel::funding::Fraction;

use crate::reference::Exact;

/// The engine's decimal as a fraction of the reference.
pub fn exact(number: Decimal) -> Exact {
    Exact::decimal(&number.to_string())
}

/// A fraction of the engine with some decimals.
pub fn rounded(number: &Fraction, decimals: u32) -> Exact {
    exact(number.rounded(decimals).expect("a number of few digits"))
}
