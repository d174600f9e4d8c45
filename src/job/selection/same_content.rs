//! Sources with equal bytes. Only sources whose sizes are equal are hashed.

use std::collections::BTreeMap;
use std::io::Read as _;

use super::FoundSource;
use crate::job::senders::{document_of, has_rows};
use sverka_formats::hash_content;

/// Key that is equal for equal contents, and costs nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::job) enum ContentKey {
    /// Size and checksum of a member by the directory of its archive.
    Member(String),
    /// Place in a file of a size.
    File {
        /// Size of the file in bytes.
        bytes: u64,
        /// Number of the document in the file.
        member: usize,
    },
}

/// The content hash that all sources have; `None` if they differ, or one cannot be read.
pub(super) fn same_contents(sources: &[&FoundSource]) -> Option<String> {
    let (first, others) = sources.split_first()?;
    if others.iter().any(|other| other.key != first.key) {
        return None;
    }
    let hash = hash(first)?;
    others.iter().all(|other| self::hash(other).as_ref() == Some(&hash)).then_some(hash)
}

/// Index of the first source with the same content, by the index of each later one. Sources have the same content only if they are read in the same way.
/// Sources without rows are left alone: many are equal, and each is a finding of its own.
pub(super) fn repeated(found: &[FoundSource]) -> BTreeMap<usize, usize> {
    let mut alike: BTreeMap<(&str, &str, &ContentKey), Vec<usize>> = BTreeMap::new();
    for (index, FoundSource { source, key, .. }) in found.iter().enumerate() {
        alike.entry((&source.layout.name, source.layout.role(), key)).or_default().push(index);
    }
    let mut repeated = BTreeMap::new();
    for members in alike.into_values().filter(|members| members.len() > 1) {
        let mut firsts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for index in members {
            let Some(hash) = hash(&found[index]) else { continue };
            let known = firsts.entry(hash).or_default();
            let severities = |index: usize| &found[index].source.severities;
            match known.iter().find(|&&first| severities(first) == severities(index)) {
                Some(&first) => drop(repeated.insert(index, first)),
                None => known.push(index),
            }
        }
    }
    let mut has_rows_by_first = BTreeMap::new();
    repeated.retain(|_, first| *has_rows_by_first.entry(*first).or_insert_with(|| has_rows(&found[*first].source)));
    repeated
}

/// Content hash of a source: that of its file, or of the unpacked member if archives may differ around equal members. `None` if it cannot be unpacked.
fn hash(found: &FoundSource) -> Option<String> {
    let source = &found.source;
    match found.key {
        ContentKey::File { .. } => {
            let hash = hash_content(source.file.bytes(), &|_| ());
            source.file.release(0, source.file.bytes().len());
            Some(hash)
        }
        ContentKey::Member(_) => {
            let mut input = document_of(source).ok()?.input().ok()?;
            let (mut hasher, mut buffer) = (blake3::Hasher::new(), vec![0; BUFFER_BYTES]);
            loop {
                match input.read(&mut buffer).ok()? {
                    0 => return Some(hasher.finalize().to_hex().to_string()),
                    read => hasher.update(&buffer[..read]),
                };
            }
        }
    }
}

/// Bytes that are unpacked at a time.
const BUFFER_BYTES: usize = 256 << 10;
