//! Runs that are stopped, killed, or in each other's way.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::project::{Project, visible};
use super::{PROGRAM, sverka};

/// Enough that the timelines take much longer than a signal needs to arrive.
const PERSONS: &str = if cfg!(debug_assertions) { "40000" } else { "300000" };
const PATIENCE: Duration = Duration::from_secs(120);

/// A run at work: its timelines are being written into the output folder of a project with one published run.
struct AtWork {
    project: Project,
    published: (Vec<String>, Option<std::path::PathBuf>),
    child: Child,
}

impl AtWork {
    fn start() -> Self {
        let project = Project::new();
        project.run(&[]).with(0);
        let published = visible(&project.path("out"));
        let region = project.argument("region");
        sverka(&["generate", "--persons", PERSONS, "--out", &region, "--no-truth"]).with(0);
        let mut child =
            Self::command(&project).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
        wait_until(|| {
            assert!(child.try_wait().expect("a state").is_none(), "the run ended before it could be stopped");
            visible(&project.path("out")).0.iter().any(|name| name.ends_with(".partial"))
        });
        Self { project, published, child }
    }

    fn command(project: &Project) -> Command {
        let mut command = Command::new(PROGRAM);
        let (job, out) = (project.argument("region/job.toml"), project.argument("out"));
        // The region is another one, so the senders of the published run are absent.
        command.args(["run", &job, "--output", &out, "--threads", "1", "--accept-shrink"]);
        command
    }

    fn out(&self) -> std::path::PathBuf {
        self.project.path("out")
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
    }

    /// The exit code, none when a signal ended it, and standard error.
    fn end(&mut self) -> (Option<i32>, String) {
        let code = self.child.wait().expect("the program ends").code();
        let mut complaint = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut complaint).expect("UTF-8");
        (code, complaint)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        // Ended already unless the test failed.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn wait_until(mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "waited for {PATIENCE:?}");
        thread::yield_now();
    }
}

fn partial_runs(out: &Path) -> usize {
    visible(out).0.iter().filter(|name| name.starts_with('.')).count()
}

#[test]
fn ctrl_c_exits_with_130_and_leaves_nothing() {
    let mut run = AtWork::start();
    run.signal("INT");
    let (code, complaint) = run.end();
    assert_eq!(code, Some(130), "{complaint}");
    assert!(complaint.contains("interrupted; nothing was published"), "{complaint}");
    assert_eq!(visible(&run.out()), run.published);
}

#[test]
fn a_polite_kill_is_taken_like_ctrl_c() {
    let mut run = AtWork::start();
    run.signal("TERM");
    assert_eq!(run.end().0, Some(130));
    assert_eq!(visible(&run.out()), run.published);
}

#[test]
fn a_killed_run_leaves_current_and_the_next_one_clears_up_and_says_so() {
    let mut run = AtWork::start();
    run.signal("KILL");
    assert_eq!(run.end().0, None);
    assert_eq!((visible(&run.out()).1, partial_runs(&run.out())), (run.published.1.clone(), 1));
    let next = run.project.run(&[]).with(0);
    assert!(next.complaint.contains("removed what 1 unfinished run"), "{}", next.complaint);
    assert_eq!(visible(&run.out()), run.published);
}

#[test]
fn a_second_run_on_the_same_folder_is_refused_with_4_and_the_first_goes_on() {
    let mut run = AtWork::start();
    let second = run.project.run(&["--force"]).with(4);
    let holder = format!("process {}", run.child.id());
    assert!(second.complaint.contains("another run is at work") && second.complaint.contains(&holder), "{}", second.complaint);
    let (code, complaint) = run.end();
    assert_eq!(code, Some(1), "{complaint}");
    assert_eq!((visible(&run.out()).0.len(), partial_runs(&run.out())), (2, 0));
}
