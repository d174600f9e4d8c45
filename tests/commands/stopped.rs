//! Runs that are stopped or killed, and two runs on the same output folder.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::project::{Project, visible_runs};
use super::{PROGRAM, sverka};

/// Number of people: enough that the timelines take much longer than a signal needs to arrive.
const PERSONS: &str = if cfg!(debug_assertions) { "40000" } else { "300000" };
const PATIENCE: Duration = Duration::from_secs(120);

/// A run at work: its timelines are being written into the output folder of a project with one published run.
struct AtWork {
    project: Project,
    /// The visible runs before this one.
    published: (Vec<String>, Option<std::path::PathBuf>),
    child: Child,
}

impl AtWork {
    fn start() -> Self {
        let project = Project::new();
        project.run(&[]).exits_with(0);
        let published = visible_runs(&project.path("out"));
        let region = project.argument("region");
        sverka(&["generate", "--persons", PERSONS, "--out", &region, "--no-truth"]).exits_with(0);
        let mut child =
            Self::command(&project).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
        wait_until(|| {
            assert!(child.try_wait().expect("a state").is_none(), "the run ended before it could be stopped");
            visible_runs(&project.path("out")).0.iter().any(|name| name.ends_with(".partial"))
        });
        Self { project, published, child }
    }

    fn command(project: &Project) -> Command {
        let mut command = Command::new(PROGRAM);
        let (job, out) = (project.argument("region/job.toml"), project.argument("out"));
        // The senders of the published run are absent, because it is of another region.
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

    /// Exit code (`None` when a signal ended the program) and standard error.
    fn end(&mut self) -> (Option<i32>, String) {
        let code = self.child.wait().expect("the program ends").code();
        let mut stderr = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("UTF-8");
        (code, stderr)
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
    visible_runs(out).0.iter().filter(|name| name.starts_with('.')).count()
}

#[test]
fn ctrl_c_exits_with_130_and_leaves_nothing() {
    let mut run = AtWork::start();
    run.signal("INT");
    let (code, stderr) = run.end();
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("interrupted; nothing was published"), "{stderr}");
    assert_eq!(visible_runs(&run.out()), run.published);
}

#[test]
fn a_term_signal_is_treated_like_ctrl_c() {
    let mut run = AtWork::start();
    run.signal("TERM");
    assert_eq!(run.end().0, Some(130));
    assert_eq!(visible_runs(&run.out()), run.published);
}

#[test]
fn a_killed_run_leaves_current_and_the_next_one_clears_up_and_says_so() {
    let mut run = AtWork::start();
    run.signal("KILL");
    assert_eq!(run.end().0, None);
    assert_eq!((visible_runs(&run.out()).1, partial_runs(&run.out())), (run.published.1.clone(), 1));
    let next = run.project.run(&[]).exits_with(0);
    assert!(next.stderr.contains("removed what 1 unfinished run"), "{}", next.stderr);
    assert_eq!(visible_runs(&run.out()), run.published);
}

#[test]
fn a_second_run_on_the_same_folder_is_refused_with_4_and_the_first_goes_on() {
    let mut run = AtWork::start();
    let second = run.project.run(&["--force"]).exits_with(4);
    let holder = format!("process {}", run.child.id());
    assert!(second.stderr.contains("another run is at work") && second.stderr.contains(&holder), "{}", second.stderr);
    assert!(second.stderr.contains(", since 20") && second.stderr.contains(" UTC"), "{}", second.stderr);
    let (code, stderr) = run.end();
    assert_eq!(code, Some(1), "{stderr}");
    assert_eq!((visible_runs(&run.out()).0.len(), partial_runs(&run.out())), (2, 0));
}
