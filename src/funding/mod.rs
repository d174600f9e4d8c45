//! Stays to money: heads, norms and amounts with exact decimals.
