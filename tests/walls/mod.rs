//! Dependencies between crates, and between folders: each one uses only those that the tables here allow. The compiler refuses circles of crates; these
//! tests refuse other unwanted dependencies, and circles of folders.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Crates or folders, each with those that it may use.
type Dependencies = &'static [(&'static str, &'static [&'static str])];

/// Each crate of the program with the crates of the program that it may use; dependencies of tests do not count.
const CRATES: Dependencies = &[
    ("text", &[]),
    ("model", &[]),
    ("formats", &["text", "model"]),
    ("rules", &["text", "model"]),
    ("reference", &["text", "model", "formats"]),
    ("settings", &["model", "reference"]),
    ("intake", &["text", "model", "formats"]),
    ("check", &["text", "model", "formats", "reference", "settings", "intake"]),
    ("kernel", &["model", "reference", "settings"]),
    ("publish", &["model"]),
    ("report", &["text", "model", "formats", "rules", "intake", "publish"]),
    ("fuzzing", &[]),
];

/// Folders of a crate, each with the folders of the crate that it may use.
const FOLDERS: &[(&str, Dependencies)] = &[
    ("crates/kernel/src", &[("funding", &[]), ("identity", &["shuffle"]), ("shuffle", &[]), ("timeline", &[])]),
    (
        "src",
        &[
            ("job", &[]),
            ("answers", &["job"]),
            ("generate", &[]),
            ("engine", &["job"]),
            ("cli", &["answers", "engine", "generate", "job"]),
        ],
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program's own crates that a manifest names in a section of dependencies.
fn own_dependencies(manifest: &str, section: &str) -> BTreeSet<String> {
    let manifest: toml::Table = manifest.parse().expect("a manifest");
    let names = manifest.get(section).and_then(toml::Value::as_table).into_iter().flat_map(|section| section.keys());
    names.filter_map(|name| name.strip_prefix("sverka-")).map(str::to_owned).collect()
}

#[test]
fn crates_know_only_what_they_may() {
    let mut known: Vec<String> = Vec::new();
    for (name, may) in CRATES {
        let manifest = fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).expect("a manifest");
        let found = own_dependencies(&manifest, "dependencies");
        let forbidden: Vec<&String> = found.iter().filter(|found| !may.contains(&found.as_str())).collect();
        assert!(forbidden.is_empty(), "crates/{name} knows {forbidden:?}; it may know {may:?}");
        known.push((*name).to_owned());
    }
    let mut on_disk: Vec<String> = fs::read_dir(root().join("crates"))
        .expect("crates")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    on_disk.sort_unstable();
    known.sort_unstable();
    assert_eq!(on_disk, known, "every crate is in this table");
}

/// Rust files at and below a path, without tests.
fn rust_files(path: &Path, files: &mut Vec<PathBuf>) {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if path.is_dir() {
        if matches!(name, "tests" | "fuzzing") {
            return;
        }
        for entry in fs::read_dir(path).expect("a folder") {
            rust_files(&entry.expect("an entry").path(), files);
        }
    } else if path.is_file()
        && name.ends_with(".rs")
        && !matches!(name, "tests.rs" | "sample.rs" | "fuzzing.rs" | "checked_rows.rs")
    {
        files.push(path.to_owned());
    }
}

/// The code of a file without comments and without the tests at its end.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a file");
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The names behind `crate::` in code: single names, and the first names of the members of a group.
fn names_behind_crate(code: &str) -> BTreeSet<&str> {
    let is_name = |sign: char| sign.is_ascii_lowercase() || sign == '_';
    let first_name = |text: &'_ str| text.find(|sign| !is_name(sign)).unwrap_or(text.len());
    let mut names = BTreeSet::new();
    for behind in code.split("crate::").skip(1) {
        match behind.strip_prefix('{') {
            None => drop(names.insert(&behind[..first_name(behind)])),
            Some(group) => {
                let group = &group[..group.find("};").unwrap_or(group.len())];
                names.extend(group.split([',', '\n']).map(str::trim).map(|part| &part[..first_name(part)]));
            }
        }
    }
    names
}

#[test]
fn folders_know_only_what_they_may() {
    for (parent, folders) in FOLDERS {
        let all: BTreeMap<&str, &[&str]> = folders.iter().copied().collect();
        for (folder, may) in *folders {
            let mut files = Vec::new();
            let folder_path = root().join(parent).join(folder);
            rust_files(&folder_path, &mut files);
            files.extend(Some(folder_path.with_extension("rs")).filter(|file| file.is_file()));
            assert!(!files.is_empty(), "{parent}/{folder} has files");
            for file in files {
                let code = code(&file);
                for name in names_behind_crate(&code) {
                    let is_fine = name == *folder || may.contains(&name) || !all.contains_key(name);
                    assert!(is_fine, "{} knows `{name}`; {parent}/{folder} may know {may:?}", file.display());
                }
            }
        }
    }
}

#[test]
fn kernels_have_no_format_and_no_clock() {
    let manifest = fs::read_to_string(root().join("crates/kernel/Cargo.toml")).expect("a manifest");
    let manifest: toml::Table = manifest.parse().expect("a manifest");
    let dependencies = manifest["dependencies"].as_table().expect("dependencies");
    for forbidden in ["toml", "serde", "serde_json", "csv", "parquet", "arrow", "jiff", "zstd", "flate2"] {
        assert!(!dependencies.contains_key(forbidden), "crates/kernel depends on {forbidden}");
    }
    let mut files = Vec::new();
    rust_files(&root().join("crates/kernel/src"), &mut files);
    for file in files {
        for forbidden in ["std::time::", "SystemTime::", "Instant::", "std::env::", "fs::read"] {
            assert!(!code(&file).contains(forbidden), "{} uses {forbidden}", file.display());
        }
    }
}
