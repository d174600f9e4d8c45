//! Help, version, completions and wrong usage.

use super::{sverka, text};

const COMMANDS: [&str; 5] = ["run", "check", "query", "enp", "completions"];

#[test]
fn wrong_usage_exits_with_2() {
    for arguments in
        [&[][..], &["no-such-command"], &["run"], &["enp"], &["enp", "--as-of", "2026-02-30", "1"], &["check", "a.csv"]]
    {
        sverka(arguments).assert().code(2);
    }
}

#[test]
fn the_help_teaches_with_an_example_in_every_command() {
    for command in COMMANDS {
        let help = sverka(&[command, "--help"]).assert().success();
        assert!(text(&help.get_output().stdout).contains(&format!("\n  sverka {command} ")), "{command}");
    }
}

#[test]
fn the_help_documents_every_exit_code() {
    let help = sverka(&["--help"]).assert().success();
    let help = text(&help.get_output().stdout);
    for (exit, _) in sverka::cli::EXITS {
        assert!(help.contains(&format!("\n  {:<5}", exit.code())), "{exit:?}");
    }
}

#[test]
fn the_version_is_the_package_version() {
    sverka(&["--version"]).assert().success().stdout(concat!("sverka ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sverka(&["completions", shell]).assert().success();
        for command in COMMANDS {
            assert!(text(&script.get_output().stdout).contains(command), "{shell}: {command}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_went_away_is_no_error() {
    let program = assert_cmd::cargo::cargo_bin("sverka");
    // The pipe is closed before the program starts to write.
    let script = format!("{{ sleep 0.2; '{}' completions bash; echo \"exit $?\" >&2; }} | true", program.display());
    let output = std::process::Command::new("sh").args(["-c", &script]).output().expect("a shell");
    assert_eq!(text(&output.stderr), "exit 0\n");
}
