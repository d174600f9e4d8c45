//! The hook: a command of the job that is started after each end of a run.
//!
//! It gets the account of the end on standard input and the exit code in `SVERKA_EXIT_CODE`. Its output goes to standard error, so that the summary on
//! standard output stays whole. It has a process group of its own, which is ended as a whole when the time is over.

use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::job::JobGlance;

/// Variable of the environment with the exit code of the run.
const EXIT_CODE_VARIABLE: &str = "SVERKA_EXIT_CODE";

/// Time between two looks at the running command.
const POLL: Duration = Duration::from_millis(10);

/// Command with its arguments.
pub(super) struct Hook<'j> {
    /// Command as the job has it.
    name: &'j str,
    /// Path of the command, or its name in `PATH`.
    command: PathBuf,
    arguments: &'j [String],
    folder: &'j Path,
    timeout: Duration,
}

/// Reasons why a hook did not do its work.
#[derive(Debug, thiserror::Error)]
pub(super) enum HookFault {
    #[error("the hook `{command}` cannot be started: {cause}; see `report.after` in the job")]
    NotStarted { command: String, cause: std::io::Error },
    #[error("the hook `{command}` ended with {status}")]
    Failed { command: String, status: ExitStatus },
    #[error("the hook `{command}` took longer than {seconds} s and was ended; see `report.after_timeout` in the job")]
    TooLong { command: String, seconds: u64 },
}

impl<'j> Hook<'j> {
    /// Hook of a job, if it has one. A command with a slash is relative to the job file, any other is looked for in `PATH`.
    pub(super) fn of_job(job: &'j JobGlance) -> Option<Self> {
        let (name, arguments) = job.report.after.split_first()?;
        let folder = if job.folder.as_os_str().is_empty() { Path::new(".") } else { &job.folder };
        let command = match folder.canonicalize() {
            Ok(folder) if name.contains('/') => folder.join(name),
            _ => PathBuf::from(name),
        };
        Some(Self { name, command, arguments, folder, timeout: job.report.after_timeout })
    }

    /// Starts the command in the folder of the job and waits for its end.
    pub(super) fn run(&self, exit_code: u8, account: &[u8]) -> Result<(), HookFault> {
        let command = || self.name.to_owned();
        let mut child = self.start(exit_code).map_err(|cause| HookFault::NotStarted { command: command(), cause })?;
        if let Some(mut input) = child.stdin.take() {
            let account = account.to_vec();
            // Not joined: a command that does not read must not hold the run. One that has ended is no fault either.
            drop(std::thread::Builder::new().spawn(move || input.write_all(&account)));
        }
        match self.wait(&mut child) {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(HookFault::Failed { command: command(), status }),
            None => Err(HookFault::TooLong { command: command(), seconds: self.timeout.as_secs() }),
        }
    }

    fn start(&self, exit_code: u8) -> std::io::Result<Child> {
        let output = || std::io::stderr().as_fd().try_clone_to_owned();
        Command::new(&self.command)
            .args(self.arguments)
            .current_dir(self.folder)
            .env(EXIT_CODE_VARIABLE, exit_code.to_string())
            .stdin(Stdio::piped())
            .stdout(output()?)
            .stderr(output()?)
            .process_group(0)
            .spawn()
    }

    /// Status at the end of the command; `None` if it was ended because its time was over.
    fn wait(&self, child: &mut Child) -> Option<ExitStatus> {
        let started = Instant::now();
        while started.elapsed() < self.timeout {
            match child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) => std::thread::sleep(POLL),
                Err(_) => break,
            }
        }
        if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = child.wait();
        None
    }
}
