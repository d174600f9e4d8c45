//! The page docs/operations.md: each command is tried, in the order of the page, in a folder with the job of the sample region.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use clap::CommandFactory as _;

use super::super::project::Project;
use super::super::{PROGRAM, ended};

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Code block of the page in a language, without its fences.
fn block(page: &str, language: &str) -> String {
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap_or_else(|| panic!("no block of {language}"));
    rest.split_once("```").expect("the end of the block").0.to_owned()
}

/// Commands of the page: lines that begin with `$`.
fn commands(page: &str) -> Vec<&str> {
    page.lines().filter_map(|line| line.trim_start().strip_prefix("$ ")).collect()
}

#[test]
fn each_command_of_the_page_works() {
    let page = page("docs/operations.md");
    let project = Project::new();
    // The samples end in November 2026: `month-start` of the clock may lie outside their tariff.
    let job = fs::read_to_string(project.path("job.toml")).expect("a job");
    project.write("job.toml", format!("{job}\n{}", block(&page, "toml")));
    project.write("after-run", block(&page, "sh"));
    fs::set_permissions(project.path("after-run"), fs::Permissions::from_mode(0o755)).expect("rights");
    let programs = Path::new(PROGRAM).parent().expect("a folder").to_str().expect("UTF-8");
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap_or_default());
    let commands = commands(&page);
    assert!(commands.len() > 12, "{commands:?}");
    for command in commands {
        let command = command.replace("--as-of month-start", "--as-of 2026-11-01");
        let mut shell = Command::new("sh");
        shell.args(["-c", &command]).current_dir(project.path("")).env("PATH", &path);
        let ended = ended(&mut shell);
        assert_eq!(ended.code, 0, "{command}: {}{}", ended.stdout, ended.stderr);
    }
    for file in ["sverka.prom", "last-run.json", "night.log", "runs.csv", "backup.tar", "restored/out/current/manifest.json"] {
        assert!(project.path(file).exists(), "{file}");
    }
}

#[test]
fn commands_of_service_and_container_are_understood() {
    let service = page("packaging/sverka.service");
    let mut lines: Vec<Vec<String>> = service
        .lines()
        .filter_map(|line| line.strip_prefix("ExecStart=").or_else(|| line.strip_prefix("ExecStartPost=")))
        .map(|line| line.split(' ').map(str::to_owned).collect())
        .collect();
    let container = page("packaging/Containerfile");
    let list = |key: &str| -> Vec<String> {
        let line = container.lines().find_map(|line| line.strip_prefix(key)).expect(key);
        serde_json::from_str(line).expect("a list")
    };
    lines.push([list("ENTRYPOINT "), list("CMD ")].concat());
    assert_eq!(lines.len(), 3);
    for line in lines {
        assert_eq!(line[0], "/usr/local/bin/sverka");
        let parsed = sverka::cli::Cli::command().try_get_matches_from(&line);
        assert!(parsed.is_ok(), "{line:?}: {}", parsed.expect_err("wrong"));
    }
}

#[test]
fn the_page_says_what_each_exit_code_asks_for() {
    let page = page("docs/operations.md");
    for (exit, _) in sverka::cli::EXITS {
        assert!(page.contains(&format!("\n| {} | ", exit.code())), "{exit:?}");
    }
}
