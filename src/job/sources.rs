//! Sources of a job: from patterns to files, their names and layouts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use toml::Spanned;

use sverka_formats::{SourceFile, latin_key, look_alike_letters};
use sverka_intake::{Document, Layout};
use sverka_model::Table;
use sverka_model::{Date, DateFormat};

use super::file::SourcesEntry;
use super::find::{FilePattern, FoundFile};
use super::load::Resolver;
use super::own_results::would_match_results;
use super::selection::{ContentKey, FileContent, FoundSource};
use super::severities::source_severities;
use super::untaken::{self, UntakenFile};
use super::{FileRole, JobError, JobFile, JobProblem, SelectionError, Source};
use sverka_settings::Severities;

/// Sources of a job, and the layout files that they use, sorted by name.
pub(super) struct SourceList {
    pub(super) found: Vec<FoundSource>,
    /// Files that may still be written, sorted by name.
    pub(super) untaken: Vec<UntakenFile>,
    pub(super) layout_files: Vec<JobFile>,
    /// Notes for the user about names of sources.
    pub(super) notes: Vec<String>,
}

/// Entries of a job about sources.
pub(super) struct SourceEntries<'e> {
    pub(super) registers: &'e [SourcesEntry],
    pub(super) attachments: &'e [SourcesEntry],
    /// Entries for sources of one or both tables; the layouts decide which.
    pub(super) sources: &'e [SourcesEntry],
    /// Layouts that the names of files may choose.
    pub(super) layouts: &'e [Spanned<String>],
    /// Age from which files are taken.
    pub(super) settle: Option<Duration>,
    /// Treatment of patterns that match nothing.
    pub(super) without_files: WithoutFiles,
}

/// Treatment of a pattern that matches nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WithoutFiles {
    /// The pattern is an error.
    Refuse,
    /// The pattern is skipped: a check of one file needs no other files.
    Skip,
}

/// Output folder and as-of date of a job.
#[derive(Clone, Copy)]
pub(super) struct JobOutput<'o> {
    pub(super) folder: &'o Path,
    pub(super) as_of: Date,
}

/// Sources of a job: those with a register sorted by name, then all others sorted by name.
pub(super) fn read_sources(
    resolver: &Resolver<'_>,
    severities: &Arc<Severities>,
    output: JobOutput<'_>,
    entries: &SourceEntries<'_>,
) -> Result<SourceList, JobError> {
    if entries.registers.is_empty() && entries.sources.is_empty() {
        return Err(resolver.missing("registers", "[[registers]] files = [\"registers/*.csv\"]"));
    }
    let mut collector = Collector {
        resolver,
        severities,
        output,
        without_files: entries.without_files,
        settle: entries.settle,
        seen: BTreeMap::new(),
        layouts: BTreeMap::new(),
        by_name: Vec::new(),
        names: BTreeSet::new(),
        found: Vec::new(),
        untaken: BTreeSet::new(),
        notes: Vec::new(),
    };
    for name in entries.layouts {
        let layout = collector.named(name)?;
        collector.by_name.push(layout);
    }
    collector.by_name.extend(Layout::built_in_names().filter_map(Layout::built_in).map(Arc::new));
    let by_table = [(Some(Table::Register), entries.registers), (Some(Table::Attachments), entries.attachments)];
    for (table, entries) in by_table.into_iter().chain([(None, entries.sources)]) {
        for entry in entries {
            collector.add(table, entry)?;
        }
    }
    let Collector { mut found, untaken, layouts, notes, .. } = collector;
    let order = |source: &Source| !source.layout.gives(Table::Register);
    found.sort_by(|FoundSource { source: a, .. }, FoundSource { source: b, .. }| {
        (order(a), a.name.as_bytes()).cmp(&(order(b), b.name.as_bytes()))
    });
    let layout_files = layouts.into_values().map(|(_, file)| file).collect();
    Ok(SourceList { found, untaken: untaken.into_iter().collect(), layout_files, notes })
}

struct Collector<'a> {
    resolver: &'a Resolver<'a>,
    /// Severities of the job.
    severities: &'a Arc<Severities>,
    output: JobOutput<'a>,
    without_files: WithoutFiles,
    settle: Option<Duration>,
    /// First match of each file, by canonical path.
    seen: BTreeMap<PathBuf, FirstMatch>,
    /// Layouts from files, by name.
    layouts: BTreeMap<String, (Arc<Layout>, JobFile)>,
    /// Layouts that names of files may choose, in the order in which they are tried.
    by_name: Vec<Arc<Layout>>,
    /// Names of sources.
    names: BTreeSet<String>,
    found: Vec<FoundSource>,
    untaken: BTreeSet<UntakenFile>,
    notes: Vec<String>,
}

/// Name of a matched file, and the line of the pattern that matched it.
#[derive(Clone)]
struct FirstMatch {
    name: String,
    line: u64,
}

/// Entry of the job with its pattern, layout and severities.
#[derive(Clone, Copy)]
struct MatchedEntry<'e> {
    entry: &'e SourcesEntry,
    pattern: &'e Spanned<String>,
    /// Layout of the entry; `None` if the names of files choose it.
    layout: Option<&'e Arc<Layout>>,
    severities: &'e Arc<Severities>,
}

impl Collector<'_> {
    fn add(&mut self, table: Option<Table>, entry: &SourcesEntry) -> Result<(), JobError> {
        if entry.files.get_ref().is_empty() {
            let example = match table {
                Some(Table::Register) => "registers/*.csv",
                Some(Table::Attachments) => "attachments/*.csv",
                None => "inbox/*.zip",
            };
            return Err(self.resolver.error_in(&entry.files, JobProblem::NoFiles { example }));
        }
        let layout = match (&entry.layout, table) {
            (Some(name), _) => Some(self.layout(table, name)?),
            (None, Some(table)) => Some(Arc::new(Layout::built_in(table.name()).expect("each table has a built-in layout"))),
            (None, None) => None,
        };
        if let (Some(same_date), FileContent::Changes) = (&entry.same_date, entry.content) {
            return Err(self.resolver.error_in(same_date, JobProblem::Selection(Box::new(SelectionError::SameDateOfChanges))));
        }
        let severities = source_severities(self.resolver, self.severities, &entry.severity)?;
        for pattern in entry.files.get_ref() {
            for FoundFile { name, path, .. } in self.matches(pattern)? {
                let matched = MatchedEntry { entry, pattern, layout: layout.as_ref(), severities: &severities };
                self.documents(matched, &name, &path)?;
            }
        }
        Ok(())
    }

    /// Adds the documents of a file. An unreadable archive is added as one source; opening its document will give the error.
    fn documents(&mut self, matched: MatchedEntry<'_>, name: &str, path: &Path) -> Result<(), JobError> {
        let MatchedEntry { entry, pattern, layout, severities } = matched;
        let file_name = name.rsplit('/').next().unwrap_or(name);
        let file = SourceFile::open(path).map_err(|cause| self.resolver.error_in(pattern, JobProblem::Source { cause }))?;
        let file = Arc::new(file);
        let (documents, broken) = match Document::all_of(&file, file_name) {
            Ok(documents) => (documents, None),
            Err(cause) => (Vec::new(), Some(cause)),
        };
        self.notes.extend(Document::passed_over(&file, file_name).iter().map(|what| format!("{name}: {what}")));
        let is_packed = documents.iter().any(|document| document.plain_bytes().is_none());
        let names: Vec<&str> = documents.iter().map(Document::name).collect();
        let names = if names.is_empty() { vec![file_name] } else { names };
        for (member, member_name) in names.iter().enumerate() {
            let source_name = if names.len() == 1 { name.to_owned() } else { format!("{name}/{member_name}") };
            let last_part = member_name.rsplit('/').next().unwrap_or(member_name);
            let chosen = layout.cloned().or_else(|| self.layout_by_name(last_part, is_packed.then_some(file_name), &source_name));
            let Some(layout) = chosen else {
                let problem = match broken {
                    Some(cause) => JobProblem::Archive { name: source_name, cause },
                    None if documents.is_empty() => JobProblem::NoMembers { name: source_name },
                    None => JobProblem::NoLayout { name: source_name },
                };
                return Err(self.resolver.error_in(pattern, problem));
            };
            let source_date = self.source_date(entry, [last_part, file_name], &source_name)?;
            let severities = Arc::clone(severities);
            if !self.names.insert(source_name.clone()) {
                return Err(self.resolver.error_in(pattern, JobProblem::NameTwice { name: source_name }));
            }
            let sender = layout.sender_in_name(last_part).or_else(|| layout.sender_in_name(file_name));
            let in_file = ContentKey::File { bytes: file.bytes().len() as u64, member };
            let declared = documents.get(member).and_then(Document::declared_content);
            let source = Source { name: source_name, file: Arc::clone(&file), member, layout, source_date, sender, severities };
            self.found.push(FoundSource {
                source,
                content: entry.content,
                same_date: entry.same_date.as_ref().map(|same_date| *same_date.get_ref()).unwrap_or_default(),
                line: self.resolver.line(pattern),
                key: declared.map_or(in_file, ContentKey::Member),
            });
        }
        Ok(())
    }

    /// Layout chosen by the name of a document or its archive: by the exact name, otherwise by a name that looks the
    /// same.
    fn layout_by_name(&mut self, name: &str, archive: Option<&str>, source_name: &str) -> Option<Arc<Layout>> {
        // A file is often sent in an archive of the same name.
        let stem = archive.map(|archive| archive.rsplit_once('.').map_or(archive, |(stem, _)| stem));
        let names_from_archive = stem.into_iter().flat_map(|stem| ["csv", "xml", "dbf"].map(|ending| format!("{stem}.{ending}")));
        // A list saved as a workbook is the same list.
        let workbook = name.rsplit_once('.').filter(|(_, ending)| is_ending_of_workbook(ending));
        let names_from_workbook =
            workbook.into_iter().flat_map(|(stem, _)| ["csv", "dbf"].map(|ending| format!("{stem}.{ending}")));
        let names: Vec<String> = std::iter::once(name.to_owned()).chain(names_from_workbook).chain(names_from_archive).collect();
        let chosen = |fits: fn(&Layout, &str) -> bool| {
            let layout_of = |name: &String| Some((name.clone(), self.by_name.iter().find(|layout| fits(layout, name))?.clone()));
            names.iter().find_map(layout_of)
        };
        if let Some((_, layout)) = chosen(Layout::fits_name) {
            return Some(layout);
        }
        let (name, layout) = chosen(Layout::fits_look_alike)?;
        self.notes.push(format!(
            "{source_name}: the name has letters that only look like Latin ones ({}); it is read as `{}`, layout {}",
            look_alike_letters(&name),
            latin_key(&name),
            layout.name
        ));
        Some(layout)
    }

    /// Layout with a name, for sources of a table or, with `None`, of any.
    fn layout(&mut self, table: Option<Table>, name: &Spanned<String>) -> Result<Arc<Layout>, JobError> {
        let layout = self.named(name)?;
        if let Some(table) = table.filter(|table| !layout.tables().eq([*table])) {
            let found = layout.role();
            let found_key = match found {
                "register" => "registers",
                "attachments" => "attachments",
                _ => "sources",
            };
            let problem = JobProblem::LayoutTable { name: name.get_ref().clone(), found, expected: table, found_key };
            return Err(self.resolver.error_in(name, problem));
        }
        Ok(layout)
    }

    fn named(&mut self, name: &Spanned<String>) -> Result<Arc<Layout>, JobError> {
        match (Layout::built_in(name.get_ref()), self.layouts.get(name.get_ref())) {
            (Some(layout), _) => Ok(Arc::new(layout)),
            (None, Some((layout, _))) => Ok(Arc::clone(layout)),
            (None, None) if Path::new(name.get_ref()).extension().is_some_and(|e| e == "toml") => self.read_layout(name),
            (None, None) => {
                let unknown = JobProblem::LayoutUnknown { name: name.get_ref().clone() };
                Err(self.resolver.error_in(name, unknown))
            }
        }
    }

    fn read_layout(&mut self, name: &Spanned<String>) -> Result<Arc<Layout>, JobError> {
        let (text, file) = self.resolver.read_text(name, FileRole::Layout)?;
        let layout = Arc::new(Layout::parse(&text, name.get_ref())?);
        self.layouts.insert(name.get_ref().clone(), (Arc::clone(&layout), file));
        Ok(layout)
    }

    /// Files that match a pattern. A file may match only once.
    fn matches(&mut self, pattern: &Spanned<String>) -> Result<Vec<FoundFile>, JobError> {
        let fail = |problem| self.resolver.error_in(pattern, problem);
        let written = pattern.get_ref();
        let found = FilePattern::new(written, |prefix| self.resolver.path_of(prefix));
        let found = found.map_err(|cause| fail(JobProblem::Pattern { pattern: written.clone(), cause }))?;
        if would_match_results(&found, self.output.folder, self.output.as_of) {
            return Err(fail(JobProblem::OwnResults { pattern: written.clone(), output: self.output.folder.to_owned() }));
        }
        let is_named = found.names_files();
        let (untaken, found) = untaken::split(found.files().map_err(|error| fail(error.into()))?, is_named, self.settle);
        if let (true, Some(UntakenFile { name, reason }), WithoutFiles::Refuse) =
            (found.is_empty(), untaken.first(), self.without_files)
        {
            let (pattern, name, why) = (written.clone(), name.clone(), reason.to_string());
            return Err(fail(JobProblem::NoneTaken { pattern, name, why }));
        }
        self.untaken.extend(untaken);
        if found.is_empty() && self.resolver.path_of(written).is_dir() {
            return Err(fail(JobProblem::Folder { pattern: written.clone() }));
        }
        if found.is_empty() && self.without_files == WithoutFiles::Refuse {
            return Err(fail(JobProblem::NoMatch { pattern: written.clone() }));
        }
        for FoundFile { name, path, is_renamed } in &found {
            let unreadable = |cause| JobProblem::Look { name: name.clone(), cause };
            let canonical = path.canonicalize().map_err(|cause| self.resolver.error_in(pattern, unreadable(cause)))?;
            if let Some(FirstMatch { name: first_name, line: first_line }) = self.seen.get(&canonical).cloned() {
                let problem = JobProblem::MatchedTwice { name: name.clone(), first_name, first_line };
                return Err(self.resolver.error_in(pattern, problem));
            }
            self.seen.insert(canonical, FirstMatch { name: name.clone(), line: self.resolver.line(pattern) });
            if *is_renamed {
                self.notes.push(format!(
                    "{name}: the name on the disk is not UTF-8 or has control characters; this is its likeliest reading"
                ));
            }
        }
        Ok(found)
    }

    /// Date of a source. When the job takes it from the name, the `file_names` are tried in order.
    fn source_date(&self, entry: &SourcesEntry, file_names: [&str; 2], source_name: &str) -> Result<Option<Date>, JobError> {
        let Some(value) = &entry.source_date else { return Ok(None) };
        if value.get_ref().as_str() != Some("name") {
            return self.resolver.date("source_date", value).map(Some);
        }
        let none = || self.resolver.error_in(value, JobProblem::NoDateInName { source_name: source_name.to_owned() });
        file_names.into_iter().find_map(last_date_in).map(Some).ok_or_else(none)
    }
}

/// Whether an extension belongs to workbooks of spreadsheet programs.
fn is_ending_of_workbook(ending: &str) -> bool {
    ["xlsx", "xlsm", "xls", "ods"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Last eight consecutive digits that are a date between 1900 and 2199. Senders write a code before the date and a number after it without separators.
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
