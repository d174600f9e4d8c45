//! From patterns to sources: which files are read, under which names, in which layout.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;

use crate::identifier::{Date, DateFormat};
use crate::intake::{Layout, Table};

use super::file::SourcesEntry;
use super::load::Resolver;
use super::{FileRole, JobError, JobFile, JobProblem, Source};

/// The sources of a job, and the files that their layouts were read from, sorted by name.
pub(super) struct SourceList {
    pub(super) sources: Vec<Source>,
    pub(super) layout_files: Vec<JobFile>,
}

/// All registers sorted by name, then all attachments sorted by name.
pub(super) fn read_sources(
    resolver: &Resolver<'_>,
    registers: &[SourcesEntry],
    attachments: &[SourcesEntry],
) -> Result<SourceList, JobError> {
    if registers.is_empty() {
        return Err(resolver.missing("registers", "[[registers]] files = [\"registers/*.csv\"]"));
    }
    let mut collector = Collector { resolver, seen: BTreeMap::new(), layouts: BTreeMap::new(), sources: Vec::new() };
    for (table, entries) in [(Table::Register, registers), (Table::Attachments, attachments)] {
        for entry in entries {
            collector.add(table, entry)?;
        }
    }
    let Collector { mut sources, layouts, .. } = collector;
    sources.sort_by(|a, b| (a.table, a.name.as_bytes()).cmp(&(b.table, b.name.as_bytes())));
    Ok(SourceList { sources, layout_files: layouts.into_values().map(|(_, file)| file).collect() })
}

struct Collector<'a> {
    resolver: &'a Resolver<'a>,
    /// By canonical path: the source's name, and the line of the pattern that matched it.
    seen: BTreeMap<PathBuf, (String, u64)>,
    /// Layouts that were read from files, by name.
    layouts: BTreeMap<String, (Arc<Layout>, JobFile)>,
    sources: Vec<Source>,
}

impl Collector<'_> {
    fn add(&mut self, table: Table, entry: &SourcesEntry) -> Result<(), JobError> {
        if entry.files.get_ref().is_empty() {
            let example = if table == Table::Register { "registers/*.csv" } else { "attachments/*.csv" };
            return Err(self.resolver.error_in(&entry.files, JobProblem::NoFiles { example }));
        }
        let layout = self.layout(table, entry.layout.as_ref())?;
        for pattern in entry.files.get_ref() {
            for (name, path) in self.matches(pattern)? {
                let source_date = self.source_date(entry, &name)?;
                self.sources.push(Source { table, name, path, layout: Arc::clone(&layout), source_date });
            }
        }
        Ok(())
    }

    fn layout(&mut self, table: Table, name: Option<&Spanned<String>>) -> Result<Arc<Layout>, JobError> {
        let Some(name) = name else {
            return Ok(Arc::new(Layout::built_in(table.name()).expect("each table has a built-in layout")));
        };
        let layout = match (Layout::built_in(name.get_ref()), self.layouts.get(name.get_ref())) {
            (Some(layout), _) => Arc::new(layout),
            (None, Some((layout, _))) => Arc::clone(layout),
            (None, None) if Path::new(name.get_ref()).extension().is_some_and(|e| e == "toml") => self.read_layout(name)?,
            (None, None) => {
                let unknown = JobProblem::LayoutUnknown { name: name.get_ref().clone() };
                return Err(self.resolver.error_in(name, unknown));
            }
        };
        if layout.table != table {
            let found = layout.table;
            let found_key = if found == Table::Register { "registers" } else { "attachments" };
            let problem = JobProblem::LayoutTable { name: name.get_ref().clone(), found, expected: table, found_key };
            return Err(self.resolver.error_in(name, problem));
        }
        Ok(layout)
    }

    fn read_layout(&mut self, name: &Spanned<String>) -> Result<Arc<Layout>, JobError> {
        let (text, file) = self.resolver.read_text(name, FileRole::Layout)?;
        let layout = Arc::new(Layout::parse(&text, name.get_ref())?);
        self.layouts.insert(name.get_ref().clone(), (Arc::clone(&layout), file));
        Ok(layout)
    }

    /// Names and paths of the files that a pattern matches, each of which must be new.
    fn matches(&mut self, pattern: &Spanned<String>) -> Result<Vec<(String, PathBuf)>, JobError> {
        let mut found = Vec::new();
        for (name, path) in self.expand(pattern)? {
            let unreadable = |cause| JobProblem::Unreadable { name: name.clone(), cause };
            let canonical = path.canonicalize().map_err(|cause| self.resolver.error_in(pattern, unreadable(cause)))?;
            if let Some((first_name, first_line)) = self.seen.get(&canonical).cloned() {
                return Err(self.resolver.error_in(pattern, JobProblem::MatchedTwice { name, first_name, first_line }));
            }
            self.seen.insert(canonical, (name.clone(), self.resolver.line(pattern)));
            found.push((name, path));
        }
        if found.is_empty() {
            return Err(self.resolver.error_in(pattern, JobProblem::NoMatch { pattern: pattern.get_ref().clone() }));
        }
        Ok(found)
    }

    fn expand(&self, pattern: &Spanned<String>) -> Result<Vec<(String, PathBuf)>, JobError> {
        let written = pattern.get_ref().as_str();
        let fail = |problem| self.resolver.error_in(pattern, problem);
        // The part before the first special character is kept as written, in names as in paths.
        let special = written.find(['*', '?', '[']).unwrap_or(written.len());
        let (prefix, rest) = written.split_at(written[..special].rfind('/').map_or(0, |slash| slash + 1));
        let folder = self.resolver.path_of(prefix);
        let Some(folder_text) = folder.to_str() else {
            return Err(fail(JobProblem::NameNotUtf8 { pattern: written.to_owned() }));
        };
        let separator = if folder_text.is_empty() || folder_text.ends_with('/') { "" } else { "/" };
        let whole = format!("{}{separator}{rest}", glob::Pattern::escape(folder_text));
        let wrong = |e: glob::PatternError| fail(JobProblem::Pattern { pattern: written.to_owned(), cause: e.msg });
        let mut files = Vec::new();
        for path in glob::glob_with(&whole, MATCHING).map_err(wrong)? {
            let unreadable = |e: glob::GlobError| {
                let name = e.path().display().to_string();
                fail(JobProblem::Unreadable { name, cause: e.into() })
            };
            let path = path.map_err(unreadable)?;
            if path.is_file() {
                let tail = tail_below(&folder, &path);
                let tail = tail.ok_or_else(|| fail(JobProblem::NameNotUtf8 { pattern: written.to_owned() }))?;
                files.push((format!("{prefix}{tail}"), path));
            }
        }
        Ok(files)
    }

    fn source_date(&self, entry: &SourcesEntry, name: &str) -> Result<Option<Date>, JobError> {
        let Some(value) = &entry.source_date else { return Ok(None) };
        if value.get_ref().as_str() != Some("name") {
            return self.resolver.date("source_date", value).map(Some);
        }
        let file_name = name.rsplit('/').next().unwrap_or(name);
        let none = || self.resolver.error_in(value, JobProblem::NoDateInName { source_name: name.to_owned() });
        last_date_in(file_name).map(Some).ok_or_else(none)
    }
}

/// As shells match: `*` stays within a folder and leaves hidden files alone.
const MATCHING: glob::MatchOptions =
    glob::MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// What follows `folder` in `path`, with `/` between the parts; `None` when it is not UTF-8.
fn tail_below(folder: &Path, path: &Path) -> Option<String> {
    let parts = |path: &'_ Path| path.components().filter(|part| *part != Component::CurDir).count();
    let below = path.components().filter(|part| *part != Component::CurDir).skip(parts(folder));
    let texts: Option<Vec<&str>> = below.map(|part| part.as_os_str().to_str()).collect();
    Some(texts?.join("/"))
}

/// The last eight digits in a row that are a date of the years 1900 to 2199; senders write a code before the date and a number after it
/// without any separator.
fn last_date_in(file_name: &str) -> Option<Date> {
    let dates = file_name.as_bytes().windows(8).rev().filter_map(|digits| Date::parse(digits, DateFormat::Compact));
    dates.into_iter().find(|date| (1900..2200).contains(&date.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_a_name_stands_between_code_and_number() {
        for (name, date) in [
            ("MO1340002026103112.csv", Some("2026-10-31")),
            ("MO234000120261031.csv", Some("2026-10-31")),
            ("20250101_20260101.csv", Some("2026-01-01")),
            ("register-2026-10-31.csv", None),
            ("34000120261331.csv", None),
            ("реестр20261031.csv", Some("2026-10-31")),
            ("short.csv", None),
        ] {
            assert_eq!(last_date_in(name).map(|date| date.to_string()).as_deref(), date, "{name}");
        }
    }
}
