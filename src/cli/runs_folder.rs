//! Which folder of published runs the user means.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Failure;
use super::query::RunChoice;

/// The folder that was named, else that of the job that was named, else that of the job in the `working` folder, else `out` there.
///
/// # Errors
/// When the job cannot be read or is no TOML.
pub(super) fn output_folder(choice: &RunChoice, working: &Path) -> Result<PathBuf, Failure> {
    const JOB: &str = "job.toml";
    const OUTPUT: &str = "out";
    match (&choice.output, &choice.job) {
        (Some(output), _) => Ok(output.clone()),
        (None, Some(job)) => output_of_job(job, OUTPUT),
        (None, None) if working.join(JOB).is_file() => output_of_job(&working.join(JOB), OUTPUT),
        (None, None) => Ok(working.join(OUTPUT)),
    }
}

/// The one line of a job that is needed; a job that has become wrong elsewhere can still be asked about its runs.
fn output_of_job(job: &Path, default: &str) -> Result<PathBuf, Failure> {
    #[derive(Deserialize)]
    struct Output {
        output: Option<PathBuf>,
    }
    let text = fs::read_to_string(job)
        .map_err(|error| Failure::usage(format_args!("cannot read the job `{}`: {error}", job.display())))?;
    let parsed: Output = toml::from_str(&text)
        .map_err(|error| Failure::usage(format_args!("the job `{}` is wrong: {}", job.display(), error.message())))?;
    Ok(job.with_file_name("").join(parsed.output.unwrap_or_else(|| default.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_follows_flag_job_and_working_folder() {
        let working = tempfile::tempdir().expect("a temporary folder");
        let folder = |output: Option<&str>, job: Option<&Path>| {
            let choice = RunChoice { output: output.map(PathBuf::from), job: job.map(Path::to_owned), run: None };
            output_folder(&choice, working.path()).expect("a folder")
        };
        assert_eq!(folder(None, None), working.path().join("out"));
        fs::write(working.path().join("job.toml"), "as_of = \"2026-11-01\"\noutput = \"results\"\n").expect("a job");
        assert_eq!(folder(None, None), working.path().join("results"));
        assert_eq!(folder(Some("elsewhere"), None), Path::new("elsewhere"));
        let job = working.path().join("other.toml");
        fs::write(&job, "output = \"/srv/oms\"\n").expect("a job");
        assert_eq!(folder(None, Some(&job)), Path::new("/srv/oms"));
    }
}
