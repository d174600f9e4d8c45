//! Settings of the process in the system: no core file, as it would hold personal data.

use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

/// Variable of the environment. The value `1` lets the system write core files.
pub const CORES_VARIABLE: &str = "SVERKA_CORES";

/// Sets up the process, before any data are read.
pub(super) fn prepare() {
    if std::env::var_os(CORES_VARIABLE).is_none_or(|value| value != "1") {
        disable_core_files();
    }
}

/// Disables core files: memory holds rows of registers, which must not get into a file beside the job. If the system refuses, core files stay
/// enabled.
fn disable_core_files() {
    let most = getrlimit(Resource::Core);
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), ..most });
    // A system that hands core files to a program ignores the limit.
    #[cfg(target_os = "linux")]
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
