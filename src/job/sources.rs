//! From patterns to sources: which files are read, under which names, in which layout.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;

use sverka_formats::{SourceFile, latin_key, look_alike_letters};
use sverka_intake::{Document, Layout};
use sverka_model::Table;
use sverka_model::{Date, DateFormat};

use super::file::SourcesEntry;
use super::find::{FilePattern, FoundFile};
use super::load::Resolver;
use super::own_results::would_match_results;
use super::severities::of_sources;
use super::{FileRole, JobError, JobFile, JobProblem, Source};
use sverka_settings::Severities;

/// The sources of a job, and the files that their layouts were read from, sorted by name.
pub(super) struct SourceList {
    pub(super) sources: Vec<Source>,
    pub(super) layout_files: Vec<JobFile>,
    /// What was made out of names, for people.
    pub(super) notes: Vec<String>,
}

/// What a job says of its sources.
pub(super) struct SourceEntries<'e> {
    pub(super) registers: &'e [SourcesEntry],
    pub(super) attachments: &'e [SourcesEntry],
    /// Of either table or both, as their layouts say.
    pub(super) sources: &'e [SourcesEntry],
    /// Layouts that are chosen by the names of files.
    pub(super) layouts: &'e [Spanned<String>],
    /// What becomes of a pattern that matches nothing.
    pub(super) without_files: WithoutFiles,
}

/// What becomes of a pattern of sources that matches nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WithoutFiles {
    /// The job cannot be run.
    Refused,
    /// It is passed over: whoever checks one file needs no other.
    PassedOver,
}

/// Where the job writes, and for which day.
#[derive(Clone, Copy)]
pub(super) struct Output<'o> {
    pub(super) folder: &'o Path,
    pub(super) as_of: Date,
}

/// Those that give registers sorted by name, then all others sorted by name.
pub(super) fn read_sources(
    resolver: &Resolver<'_>,
    severities: &Arc<Severities>,
    output: Output<'_>,
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
        seen: BTreeMap::new(),
        layouts: BTreeMap::new(),
        by_name: Vec::new(),
        names: BTreeSet::new(),
        sources: Vec::new(),
        notes: Vec::new(),
    };
    for name in entries.layouts {
        let layout = collector.named(name)?;
        collector.by_name.push(layout);
    }
    collector.by_name.extend(Layout::built_in_names().filter_map(Layout::built_in).map(Arc::new));
    let of_tables = [(Some(Table::Register), entries.registers), (Some(Table::Attachments), entries.attachments)];
    for (table, entries) in of_tables.into_iter().chain([(None, entries.sources)]) {
        for entry in entries {
            collector.add(table, entry)?;
        }
    }
    let Collector { mut sources, layouts, notes, .. } = collector;
    let order = |source: &Source| !source.layout.gives(Table::Register);
    sources.sort_by(|a, b| (order(a), a.name.as_bytes()).cmp(&(order(b), b.name.as_bytes())));
    Ok(SourceList { sources, layout_files: layouts.into_values().map(|(_, file)| file).collect(), notes })
}

struct Collector<'a> {
    resolver: &'a Resolver<'a>,
    /// Of the job.
    severities: &'a Arc<Severities>,
    output: Output<'a>,
    without_files: WithoutFiles,
    /// By canonical path: the source's name, and the line of the pattern that matched it.
    seen: BTreeMap<PathBuf, (String, u64)>,
    /// Layouts that were read from files, by name.
    layouts: BTreeMap<String, (Arc<Layout>, JobFile)>,
    /// Layouts that the names of files may choose, in the order in which they are asked.
    by_name: Vec<Arc<Layout>>,
    /// Names of sources.
    names: BTreeSet<String>,
    sources: Vec<Source>,
    notes: Vec<String>,
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
        let severities = of_sources(self.resolver, self.severities, &entry.severity)?;
        for pattern in entry.files.get_ref() {
            for FoundFile { name, path, .. } in self.matches(pattern)? {
                self.documents((entry, &severities), pattern, layout.as_ref(), &name, &path)?;
            }
        }
        Ok(())
    }

    /// Adds the documents of a file. An archive that cannot be read is added as it is: opening its document will tell what is wrong.
    fn documents(
        &mut self,
        (entry, severities): (&SourcesEntry, &Arc<Severities>),
        pattern: &Spanned<String>,
        layout: Option<&Arc<Layout>>,
        name: &str,
        path: &Path,
    ) -> Result<(), JobError> {
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
            self.sources.push(Source { name: source_name, file: Arc::clone(&file), member, layout, source_date, severities });
        }
        Ok(())
    }

    /// The layout that the name of a document chooses, or the name of the archive that it came in: as they are written, else as they look.
    fn layout_by_name(&mut self, name: &str, archive: Option<&str>, source_name: &str) -> Option<Arc<Layout>> {
        // Files travel in archives of the same name.
        let stem = archive.map(|archive| archive.rsplit_once('.').map_or(archive, |(stem, _)| stem));
        let of_archive = stem.into_iter().flat_map(|stem| ["csv", "xml", "dbf"].map(|ending| format!("{stem}.{ending}")));
        // A list that was saved as a workbook is the same list.
        let of_workbook = name.rsplit_once('.').filter(|(_, ending)| is_ending_of_workbook(ending));
        let of_workbook = of_workbook.into_iter().flat_map(|(stem, _)| ["csv", "dbf"].map(|ending| format!("{stem}.{ending}")));
        let names: Vec<String> = std::iter::once(name.to_owned()).chain(of_workbook).chain(of_archive).collect();
        let chosen = |fits: fn(&Layout, &str) -> bool| {
            let of_name = |name: &String| Some((name.clone(), self.by_name.iter().find(|layout| fits(layout, name))?.clone()));
            names.iter().find_map(of_name)
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

    /// The layout of a name for sources of a table, or of any.
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

    /// The files that a pattern matches, each of which must be new.
    fn matches(&mut self, pattern: &Spanned<String>) -> Result<Vec<FoundFile>, JobError> {
        let fail = |problem| self.resolver.error_in(pattern, problem);
        let written = pattern.get_ref();
        let found = FilePattern::new(written, |prefix| self.resolver.path_of(prefix));
        let found = found.map_err(|cause| fail(JobProblem::Pattern { pattern: written.clone(), cause }))?;
        if would_match_results(&found, self.output.folder, self.output.as_of) {
            return Err(fail(JobProblem::OwnResults { pattern: written.clone(), output: self.output.folder.to_owned() }));
        }
        let found = found.files().map_err(|error| fail(error.into()))?;
        if found.is_empty() && self.resolver.path_of(written).is_dir() {
            return Err(fail(JobProblem::Folder { pattern: written.clone() }));
        }
        if found.is_empty() && self.without_files == WithoutFiles::Refused {
            return Err(fail(JobProblem::NoMatch { pattern: written.clone() }));
        }
        for FoundFile { name, path, is_renamed } in &found {
            let unreadable = |cause| JobProblem::Look { name: name.clone(), cause };
            let canonical = path.canonicalize().map_err(|cause| self.resolver.error_in(pattern, unreadable(cause)))?;
            if let Some((first_name, first_line)) = self.seen.get(&canonical).cloned() {
                let problem = JobProblem::MatchedTwice { name: name.clone(), first_name, first_line };
                return Err(self.resolver.error_in(pattern, problem));
            }
            self.seen.insert(canonical, (name.clone(), self.resolver.line(pattern)));
            if *is_renamed {
                self.notes.push(format!(
                    "{name}: the name on the disk is not UTF-8 or has control characters; this is its likeliest reading"
                ));
            }
        }
        Ok(found)
    }

    /// The date of a source; `file_names` are asked in their order when its name is to give it.
    fn source_date(&self, entry: &SourcesEntry, file_names: [&str; 2], source_name: &str) -> Result<Option<Date>, JobError> {
        let Some(value) = &entry.source_date else { return Ok(None) };
        if value.get_ref().as_str() != Some("name") {
            return self.resolver.date("source_date", value).map(Some);
        }
        let none = || self.resolver.error_in(value, JobProblem::NoDateInName { source_name: source_name.to_owned() });
        file_names.into_iter().find_map(last_date_in).map(Some).ok_or_else(none)
    }
}

/// Whether files of this ending are workbooks of spreadsheet programs.
fn is_ending_of_workbook(ending: &str) -> bool {
    ["xlsx", "xlsm", "xls", "ods"].iter().any(|known| ending.eq_ignore_ascii_case(known))
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
