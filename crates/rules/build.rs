//! Makes Rust of `schemas/rules` (`build/rules.rs`): the texts in the build's own folder, and the list of codes, which lies beside the code of the model and
//! is kept in the repository.

#[path = "build/rules.rs"]
mod rules;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rules::{CODE_LIST, FIELD_LIST, RuleFiles, RulePaths};

fn main() -> io::Result<ExitCode> {
    let package = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package is"));
    let root = package.ancestors().nth(2).expect("the package lies in `crates` of the repository");
    for part in ["schemas/rules", "schemas/answers", "crates/rules/build", "crates/rules/build.rs", FIELD_LIST, CODE_LIST] {
        println!("cargo::rerun-if-changed={}", root.join(part).display());
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo says where output goes"));
    let faults = write_rules(root, &out)?;
    faults.iter().for_each(|fault| println!("cargo::error={fault}"));
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes the texts of rules, and the list of codes if it differs from the files of the rules. Returns the faults.
///
/// A new list of codes fails this build: other packages may be compiled with the former one already.
fn write_rules(root: &Path, out: &Path) -> io::Result<Vec<String>> {
    let files = match RuleFiles::read(&RulePaths::in_repository(root)) {
        Ok(files) => files,
        Err(faults) => return Ok(faults.iter().map(ToString::to_string).collect()),
    };
    fs::write(out.join("rule_texts.rs"), files.texts())?;
    let (path, list) = (root.join(CODE_LIST), files.code_list());
    let kept = fs::read(&path).unwrap_or_default();
    if with_plain_line_ends(&kept) == list.as_bytes() {
        return Ok(Vec::new());
    }
    fs::write(path, list)?;
    Ok(vec![format!("{CODE_LIST} was not what schemas/rules says and is written anew: build again, and commit it with the rule")])
}

/// The content with the line ends of the repository, for a checkout with any line ends.
fn with_plain_line_ends(content: &[u8]) -> Vec<u8> {
    let followed_by_lf = |at: usize| content.get(at + 1) == Some(&b'\n');
    (0..).zip(content).filter(|&(at, &byte)| byte != b'\r' || !followed_by_lf(at)).map(|(_, &byte)| byte).collect()
}
