//! Which program this is: what a manifest says of it, and what the id of a run follows from.

use sverka_publish::Engine;

/// This program, with the number that follows from its sources.
#[must_use]
pub fn this_program() -> Engine {
    let [name, version, build] = [env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"), env!("SVERKA_BUILD")].map(str::to_owned);
    Engine { name, version, build }
}
