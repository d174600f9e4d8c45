//! A machine without enough memory: every run ends well or says why.

use std::process::Command;

use super::project::Project;
use super::{Ended, PROGRAM, ended, sverka};

/// Runs a job in so many KiB of address space. The shell stays, so that a signal shows as an exit code.
fn run_within(region: &Project, kibibytes: u64, threads: u32) -> Ended {
    let (job, output) = (region.argument("region/job.toml"), region.argument("out"));
    let run = format!("'{PROGRAM}' run '{job}' --output '{output}' --threads {threads} --memory-limit 1GiB -q");
    ended(Command::new("bash").args(["-c", &format!("ulimit -v {kibibytes}; {run}; exit $?")]))
}

#[cfg(target_os = "linux")]
#[test]
fn address_space_that_runs_out_is_told_with_exit_code_4() {
    const STEP_KIB: u64 = 3 << 10;
    const MOST_STEPS: u64 = 200;
    let region = Project::new();
    sverka(&["generate", "--persons", "1000", "--out", &region.argument("region"), "--seed", "7"]).with(0);
    for threads in [1, 3] {
        // With less the system cannot even load the program.
        let mut loaded = 0;
        let mut told = 0;
        for kibibytes in (1..MOST_STEPS).map(|step| step * STEP_KIB) {
            drop(std::fs::remove_dir_all(region.path("out")));
            let Ended { code, complaint, .. } = run_within(&region, kibibytes, threads);
            loaded += u64::from(code == 0 || code == 4);
            if code == 0 {
                break;
            }
            if loaded > 0 {
                assert_eq!(code, 4, "{kibibytes} KiB, {threads} threads: {complaint}");
                assert!(complaint.starts_with("sverka: "), "{kibibytes} KiB: {complaint}");
                assert!(complaint.contains("memory") || complaint.contains("threads"), "{kibibytes} KiB: {complaint}");
                told += 1;
            }
        }
        assert!(told > 2, "{threads} threads: memory ran out {told} times");
    }
}
