//! Help, version, completions and wrong usage.

use super::{PROGRAM, sverka};

#[test]
fn wrong_usage_exits_with_2() {
    let wrong: [&[&str]; 6] = [&[], &["no-such-command"], &["run"], &["enp"], &["enp", "--as-of", "2026-02-30", "1"], &["check"]];
    for arguments in wrong {
        sverka(arguments).exits_with(2);
    }
}

#[test]
fn the_help_teaches_with_an_example_in_every_command() {
    let commands = all_commands();
    let is_group = |words: &[String]| commands.iter().any(|other| other.len() > words.len() && other.starts_with(words));
    for words in commands.iter().filter(|words| !is_group(words)) {
        let arguments: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
        let help = sverka(&arguments).exits_with(0).stdout;
        assert!(help.contains(&format!("\n  sverka {}", words.join(" "))), "{help}");
    }
}

/// The words of every command and subcommand.
fn all_commands() -> Vec<Vec<String>> {
    use clap::CommandFactory as _;

    let mut found = Vec::new();
    let mut waiting = vec![(Vec::new(), sverka::cli::Cli::command())];
    while let Some((words, command)) = waiting.pop() {
        for below in command.get_subcommands() {
            let words: Vec<String> = words.iter().cloned().chain([below.get_name().to_owned()]).collect();
            waiting.push((words.clone(), below.clone()));
            found.push(words);
        }
    }
    found
}

#[test]
fn the_help_of_every_command_lists_its_exit_codes() {
    let commands = all_commands();
    assert!(commands.len() > 15, "{commands:?}");
    for words in commands {
        let arguments: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
        let help = sverka(&arguments).exits_with(0).stdout;
        assert!(help.contains("\nExits with 0"), "{arguments:?}: {help}");
    }
}

#[test]
fn help_and_version_are_commands_too() {
    assert_eq!(sverka(&["help"]).exits_with(0).stdout, sverka(&["--help"]).exits_with(0).stdout);
    for words in [&["run"][..], &["layout", "check"]] {
        let help = sverka(&[&["help"], words].concat()).exits_with(0).stdout;
        assert_eq!(help, sverka(&[words, &["--help"]].concat()).exits_with(0).stdout);
    }
    sverka(&["help", "no-such-command"]).exits_with(2);
    assert_eq!(sverka(&["version"]).exits_with(0).stdout, sverka(&["--version"]).exits_with(0).stdout);
}

#[test]
fn a_text_in_place_of_a_number_is_answered_with_an_example() {
    let stderr = sverka(&["generate", "--persons", "10k", "--out", "never"]).exits_with(2).stderr;
    assert!(stderr.contains("`10k`") || stderr.contains("'10k'"), "{stderr}");
    assert!(stderr.contains("a whole number, such as 10000"), "{stderr}");
}

#[test]
fn the_help_documents_every_exit_code() {
    let help = sverka(&["--help"]).exits_with(0).stdout;
    for (exit, _) in sverka::cli::EXITS {
        assert!(help.contains(&format!("\n  {:<5}", exit.code())), "{exit:?}");
    }
}

#[test]
fn colours_are_printed_on_request_only() {
    let help = |arguments: &[&str]| sverka(arguments).exits_with(0).stdout;
    assert!(help(&["run", "--help", "--color", "always"]).contains("\u{1b}["));
    assert!(help(&["--color=always", "--help"]).contains("\u{1b}["));
    for plain in [&["run", "--help"][..], &["run", "--help", "--color", "never"]] {
        assert!(!help(plain).contains('\u{1b}'), "{plain:?}");
    }
    assert!(sverka(&["run", "--color", "green"]).exits_with(2).stderr.contains("always"));
}

#[test]
fn the_version_is_the_package_version_and_the_long_one_tells_the_build() {
    let short = concat!("sverka ", env!("CARGO_PKG_VERSION"));
    assert_eq!(sverka(&["-V"]).exits_with(0).stdout.trim_end(), short);
    let build = sverka::program::this_program().build;
    assert!(build.len() == 16 && build.bytes().all(|digit| digit.is_ascii_hexdigit()), "{build}");
    assert_eq!(sverka(&["--version"]).exits_with(0).stdout, format!("{short} (build {build})\n"));
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sverka(&["completions", shell]).exits_with(0).stdout;
        for command in ["run", "check", "generate", "verify", "enp", "completions", "explain", "review", "forms", "diff"] {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_went_away_is_no_error() {
    use std::process::{Command, Stdio};

    let mut program = Command::new(PROGRAM)
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // Closed before the program can have written more than a pipe holds, like `head -1`.
    drop(program.stdout.take());
    let ended = program.wait_with_output().expect("the program ends");
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), b"".as_slice()));
}
