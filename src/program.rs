//! Name, version and build of the program, for manifests and for the ids of runs.

use sverka_publish::Engine;

/// This program. The build is a hash over its sources.
#[must_use]
pub fn this_program() -> Engine {
    let [name, version, build] = [env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"), env!("SVERKA_BUILD")].map(str::to_owned);
    Engine { name, version, build }
}
