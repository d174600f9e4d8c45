//! A machine without enough memory: every run succeeds or reports the lack.

use std::process::Command;

use super::project::Project;
use super::{Ended, PROGRAM, ended, sverka};

/// Runs a job with a limit on the address space. The shell does not `exec`, so that a signal becomes an exit code.
fn run_within(region: &Project, kibibytes: u64, threads: u32) -> Ended {
    let (job, output) = (region.argument("region/job.toml"), region.argument("out"));
    let run = format!("'{PROGRAM}' run '{job}' --output '{output}' --threads {threads} --memory-limit 1GiB -q");
    ended(Command::new("bash").args(["-c", &format!("ulimit -v {kibibytes}; {run}; exit $?")]))
}

#[cfg(target_os = "linux")]
#[test]
fn address_space_that_runs_out_is_reported_with_exit_code_4() {
    const STEP_KIB: u64 = 3 << 10;
    const MOST_STEPS: u64 = 200;
    let region = Project::new();
    sverka(&["generate", "--persons", "1000", "--out", &region.argument("region"), "--seed", "7"]).exits_with(0);
    for threads in [1, 3] {
        // With less the system cannot even load the program.
        let mut loaded = 0;
        let mut failed_runs = 0;
        for kibibytes in (1..MOST_STEPS).map(|step| step * STEP_KIB) {
            drop(std::fs::remove_dir_all(region.path("out")));
            let Ended { code, stderr, .. } = run_within(&region, kibibytes, threads);
            loaded += u64::from(code == 0 || code == 4);
            if code == 0 {
                break;
            }
            if loaded > 0 {
                assert_eq!(code, 4, "{kibibytes} KiB, {threads} threads: {stderr}");
                assert!(stderr.starts_with("sverka: "), "{kibibytes} KiB: {stderr}");
                assert!(stderr.contains("memory") || stderr.contains("threads"), "{kibibytes} KiB: {stderr}");
                failed_runs += 1;
            }
        }
        assert!(failed_runs > 2, "{threads} threads: memory ran out {failed_runs} times");
    }
}
