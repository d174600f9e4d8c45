//! Gives every build a number that follows from its sources alone: two programs of one number compute the same results.
//!
//! The number becomes part of the id of a run, so that results of another version are never taken for those of this one. It is a hash of the code, of the
//! layouts, rules and table descriptions that are compiled in, and of the versions of all dependencies. It does not depend on the machine, the
//! folder, the compiler or the time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What decides results. A package without a lock file has a number all the same.
const PARTS: [&str; 4] = ["src", "crates", "schemas", "Cargo.lock"];

fn main() -> io::Result<()> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package is"));
    println!("cargo::rustc-env=SVERKA_BUILD={:016x}", version(&root)?);
    Ok(())
}

/// The hash of everything that decides results.
fn version(root: &Path) -> io::Result<u64> {
    let mut files = Vec::new();
    for part in PARTS.map(|part| root.join(part)) {
        if part.exists() {
            println!("cargo::rerun-if-changed={}", part.display());
            collect(&part, &mut files)?;
        }
    }
    let mut names: Vec<(String, PathBuf)> = files.into_iter().map(|file| (name_in(root, &file), file)).collect();
    names.sort();
    let mut hash = Fnv1a128::default();
    for (name, file) in names {
        hash.text(name.as_bytes());
        hash.text(&with_plain_line_ends(&fs::read(file)?));
    }
    Ok(hash.folded())
}

/// The files at and below a path, but for what editors leave there.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name.starts_with('.') || name.ends_with('~') {
        return Ok(());
    }
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}

/// A file's path within the package, `/` between folders on every system.
fn name_in(root: &Path, file: &Path) -> String {
    let within = file.strip_prefix(root).expect("below the package's folder");
    within.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The content as it is in the repository, whatever line ends a checkout has.
fn with_plain_line_ends(content: &[u8]) -> Vec<u8> {
    let followed_by_lf = |at: usize| content.get(at + 1) == Some(&b'\n');
    (0..).zip(content).filter(|&(at, &byte)| byte != b'\r' || !followed_by_lf(at)).map(|(_, &byte)| byte).collect()
}

/// FNV-1a of 128 bits: the same number on every system and in every version of the compiler, without a dependency.
struct Fnv1a128(u128);

impl Default for Fnv1a128 {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Fnv1a128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    /// Adds a text and its length, so that two texts are told from their concatenation.
    fn text(&mut self, text: &[u8]) {
        for &byte in (text.len() as u64).to_le_bytes().iter().chain(text) {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(Self::PRIME);
        }
    }

    fn folded(&self) -> u64 {
        (self.0 >> 64) as u64 ^ self.0 as u64
    }
}
