//! The process as the system sees it: no core file with people in it.

use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

/// Set to `1`, core files are written as the system likes.
pub const CORES_VARIABLE: &str = "SVERKA_CORES";

/// Readies the process, before anything is read.
pub(super) fn prepare() {
    if std::env::var_os(CORES_VARIABLE).is_none_or(|value| value != "1") {
        leave_no_core();
    }
}

/// Memory holds rows of registers, so it is not to end up in a file beside the job. A system that refuses keeps its own way.
fn leave_no_core() {
    let most = getrlimit(Resource::Core);
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), ..most });
    // Where cores are handed to a program, the limit alone does not stop them.
    #[cfg(target_os = "linux")]
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
