//! Choice of the published run of a command.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Failure;
use super::job_choice::{JOB_OF_FOLDER, job_of_folder};

/// Folder of published runs if the user names none.
pub(super) const OUTPUT_OF_FOLDER: &str = "out";

/// Which published run is meant.
#[derive(Debug, clap::Args)]
pub struct RunChoice {
    /// Folder of the published runs [default: that of ./job.toml, else ./out]
    #[arg(long, short, value_name = "DIR", conflicts_with = "job")]
    pub output: Option<PathBuf>,

    /// Take the folder of the published runs from this job
    #[arg(long, value_name = "JOB.toml")]
    pub job: Option<PathBuf>,

    /// Ask this run instead of the current one
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
}

/// Folder of published runs: the one that is named, that of the job, or `out` in the folder `working`.
pub(super) fn output_folder(args: &RunChoice, working: &Path) -> Result<PathBuf, Failure> {
    match (&args.output, args.job.clone().or_else(|| job_of_folder(working))) {
        (Some(output), _) => Ok(output.clone()),
        (None, Some(job)) => output_of_job(&job, OUTPUT_OF_FOLDER),
        (None, None) if working.join(OUTPUT_OF_FOLDER).is_dir() => Ok(working.join(OUTPUT_OF_FOLDER)),
        (None, None) => Err(Failure::usage(format_args!(
            "neither a job nor a folder of runs is named, and the working folder has no {JOB_OF_FOLDER} and no folder {OUTPUT_OF_FOLDER}; \
             name the job with --job, or the folder with --output"
        ))),
    }
}

/// Output folder of a job. Only this setting is read, so a job that is wrong elsewhere still gives its runs.
pub(super) fn output_of_job(job: &Path, default: &str) -> Result<PathBuf, Failure> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Output {
        Path(PathBuf),
        Table { path: PathBuf },
    }
    #[derive(Deserialize)]
    struct Settings {
        output: Option<Output>,
    }
    let text = fs::read_to_string(job)
        .map_err(|error| Failure::usage(format_args!("cannot read the job `{}`: {error}", job.display())))?;
    let parsed: Settings = toml::from_str(&text)
        .map_err(|error| Failure::usage(format_args!("the job `{}` is wrong: {}", job.display(), error.message())))?;
    let output = parsed.output.map(|output| match output {
        Output::Path(path) | Output::Table { path } => path,
    });
    Ok(job.with_file_name("").join(output.unwrap_or_else(|| default.into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Exit;

    #[test]
    fn the_folder_follows_flag_job_and_working_folder() {
        let working = tempfile::tempdir().expect("a temporary folder");
        let folder = |output: Option<&str>, job: Option<&Path>| {
            let choice = RunChoice { output: output.map(PathBuf::from), job: job.map(Path::to_owned), run: None };
            output_folder(&choice, working.path()).expect("a folder")
        };
        let nothing = RunChoice { output: None, job: None, run: None };
        let refused = output_folder(&nothing, working.path()).expect_err("nothing is named");
        assert!(refused.exit == Exit::Usage && refused.message.contains("--job"), "{}", refused.message);
        fs::create_dir(working.path().join("out")).expect("a folder");
        assert_eq!(folder(None, None), working.path().join("out"));
        fs::write(working.path().join("job.toml"), "as_of = \"2026-11-01\"\noutput = \"results\"\n").expect("a job");
        assert_eq!(folder(None, None), working.path().join("results"));
        assert_eq!(folder(Some("elsewhere"), None), Path::new("elsewhere"));
        let job = working.path().join("other.toml");
        fs::write(&job, "output = \"/srv/oms\"\n").expect("a job");
        assert_eq!(folder(None, Some(&job)), Path::new("/srv/oms"));
        fs::write(&job, "[output]\npath = \"/srv/oms\"\nmode = \"0600\"\n").expect("a job");
        assert_eq!(folder(None, Some(&job)), Path::new("/srv/oms"));
    }
}
