//! Files that may be the wrong ones: the same as in the former run, older than the others, or sent twice.
//!
//! The identity of a file is the hash of its bytes; the identity of a member of a ZIP archive is the size and checksum
//! in the directory of the archive. Files of one sender and kind form a series: their names differ only in the day. The
//! sender is the code in the name. A sender that has stopped working need not send a newer file.

use std::collections::{BTreeMap, BTreeSet};

use super::judgement::RunEvent;
use crate::job::Job;
use sverka_model::{Date, DateFormat};
use sverka_publish::{Input, Manifest};
use sverka_settings::SourceRules;
use sverka_text::with_thousands;

/// Events about files that may be the wrong ones, by the source rules of the job; `before` is the former run.
pub(super) fn events(job: &Job, now: &Manifest, before: Option<&Manifest>) -> Vec<RunEvent> {
    let rules = &job.rules.sources;
    let sources: Vec<&Input> = now.sources().collect();
    let series = Series::from_sources(&sources);
    let mut events = repeated_file_events(rules, &sources);
    events.extend(outdated_file_events(rules, &series, &|series, day| has_stopped(job, series, day)));
    if let Some(before) = before {
        let is_expected = |series: &Series<'_>| !has_stopped(job, series, job.as_of);
        events.extend(unchanged_file_events(rules, &series, before, &is_expected));
    }
    events
}

/// Key that is equal for equal documents.
fn content(source: &Input) -> &str {
    source.content.as_deref().unwrap_or(&source.blake3)
}

/// Sources with the same role and the same name, without regard to the day and the number behind it.
struct Series<'m> {
    role: &'m str,
    name: String,
    /// Source with the latest day or, at equal days, the last name.
    newest: &'m Input,
}

impl<'m> Series<'m> {
    fn from_sources(sources: &[&'m Input]) -> Vec<Self> {
        let mut newest: BTreeMap<(&str, String), &Input> = BTreeMap::new();
        for source in sources {
            let entry = newest.entry((&source.role, without_day(&source.name))).or_insert(source);
            if (&entry.source_date, &entry.name) < (&source.source_date, &source.name) {
                *entry = source;
            }
        }
        newest.into_iter().map(|((role, name), newest)| Self { role, name, newest }).collect()
    }
}

/// Events of sources with equal documents, and of sources that only repeat rows of other sources.
fn repeated_file_events(rules: &SourceRules, sources: &[&Input]) -> Vec<RunEvent> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut events = Vec::new();
    // Sources without rows have an event of their own, and many of them are equal.
    for source in sources.iter().filter(|source| source.rows.unwrap_or(0) > 0) {
        let name = &source.name;
        let known = *first.entry(content(source)).or_insert(name);
        let fact = if known != name {
            format!("has the same content as {known}")
        } else if repeats_others(rules, source) {
            format!("all of its {} rows stand in other sources, too", with_thousands(source.rows.unwrap_or(0)))
        } else {
            continue;
        };
        let sentence = format!("{name}: {fact}; see whether a file was sent twice and another one is absent");
        events.push(RunEvent { then: rules.twice, sentence });
    }
    events
}

fn repeats_others(rules: &SourceRules, source: &Input) -> bool {
    source.duplicates.is_some_and(|duplicates| duplicates >= rules.least_rows.max(1) && source.rows == Some(duplicates))
}

/// Whether the sender of a series has ended its work by a day. If so, no file of that day is expected.
fn has_stopped(job: &Job, series: &Series<'_>, day: Date) -> bool {
    let works_to = |code: &&str| {
        let insurer = job.insurers.find(code.as_bytes()).map(|insurer| job.insurers.get(insurer).works.to);
        insurer.or_else(|| job.clinics.find(code.as_bytes()).map(|clinic| job.clinics.get(clinic).works.to))
    };
    let numbers = numbers_of_name(&series.name);
    let mut ends = numbers.iter().filter_map(works_to).peekable();
    ends.peek().is_some() && ends.all(|end| end <= day)
}

/// Numbers in the last part of the name of a series. The code of the sender is one of them.
fn numbers_of_name(name: &str) -> Vec<&str> {
    let last_part = name.rsplit('/').next().unwrap_or(name);
    last_part.split(|character: char| !character.is_ascii_digit()).filter(|number| !number.is_empty()).collect()
}

/// Events of sources with an earlier day than most others of their kind, unless their senders had stopped by that later
/// day.
fn outdated_file_events(
    rules: &SourceRules,
    series: &[Series<'_>],
    has_stopped: &dyn Fn(&Series<'_>, Date) -> bool,
) -> Vec<RunEvent> {
    let is_late = |late: &&Series<'_>| {
        let Some(own) = &late.newest.source_date else { return false };
        let days = others(late, series).filter_map(|other| other.newest.source_date.as_ref());
        let (mut all, mut later) = (0, 0);
        days.for_each(|day| {
            all += 1;
            later += usize::from(day > own);
        });
        let is_expected =
            |usual: &String| Date::parse(usual.as_bytes(), DateFormat::Iso).is_none_or(|day| !has_stopped(late, day));
        2 * later > all && usual_day(late, series).is_some_and(|usual| usual > own && is_expected(usual))
    };
    let mut by_day: BTreeMap<(&str, &str), Vec<&Series<'_>>> = BTreeMap::new();
    for late in series.iter().filter(is_late) {
        let own = late.newest.source_date.as_deref().unwrap_or_default();
        by_day.entry((late.role, own)).or_default().push(late);
    }
    let event = |((_, own), late): ((&str, &str), Vec<&Series<'_>>)| {
        let usual = late.first().and_then(|first| usual_day(first, series)).map_or("", String::as_str);
        let sentence = match &late[..] {
            [series] => {
                let name = &series.newest.name;
                format!("{name}: it is of {own}, and most others are of {usual}; ask the sender for the file of that day")
            }
            late => {
                let names: Vec<&str> = late.iter().map(|series| series.newest.name.as_str()).collect();
                let (named, count) = (first_names(&names), late.len());
                format!(
                    "{count} sources are of {own}, and most others are of {usual}: {named}; ask their senders for the files of that day"
                )
            }
        };
        RunEvent { then: rules.outdated, sentence }
    };
    by_day.into_iter().map(event).collect()
}

/// The first names and the number of the others, short enough for a line of the screen.
fn first_names(names: &[&str]) -> String {
    const NAMED: usize = 3;
    let named = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more (each has its source_date in the manifest)"),
    }
}

/// Day of more than half of the other series of the kind; `None` when their days differ.
fn usual_day<'m>(own: &Series<'m>, series: &'m [Series<'m>]) -> Option<&'m String> {
    let mut days: BTreeMap<&String, usize> = BTreeMap::new();
    let dated: Vec<&String> = others(own, series).filter_map(|other| other.newest.source_date.as_ref()).collect();
    dated.iter().for_each(|day| *days.entry(day).or_default() += 1);
    days.into_iter().find(|(_, count)| 2 * count > dated.len()).map(|(day, _)| day)
}

/// Other series of the same role; if there are none, all other series.
fn others<'s, 'm>(own: &'s Series<'m>, series: &'s [Series<'m>]) -> impl Iterator<Item = &'s Series<'m>> {
    let same_kind = series.iter().filter(move |other| other.role == own.role && other.name != own.name);
    let any_other = series.iter().filter(move |other| other.name != own.name);
    let is_alone = same_kind.clone().next().is_none();
    any_other.filter(move |other| is_alone || other.role == own.role)
}

/// Events of sources with the document or day of the former run, while most others of their kind are new.
fn unchanged_file_events(
    rules: &SourceRules,
    series: &[Series<'_>],
    before: &Manifest,
    is_expected: &dyn Fn(&Series<'_>) -> bool,
) -> Vec<RunEvent> {
    let sources: Vec<&Input> = before.sources().collect();
    let former = FormerFiles::from_sources(&sources);
    let event = |series: &Series<'_>| {
        let (name, run) = (&series.newest.name, &before.run_id);
        let same = if former.has_content(series) { "the same file as in" } else { "of the same day as in" };
        let sentence = format!("{name}: it is {same} run {run}, and others are new; ask the sender for the new one");
        RunEvent { then: rules.unchanged, sentence }
    };
    series.iter().filter(|own| former.is_left_behind(own, series) && is_expected(own)).map(event).collect()
}

/// Files of the former run.
struct FormerFiles<'m> {
    /// Role and content of each source.
    contents: BTreeSet<(&'m str, &'m str)>,
    /// Day of the newest file of each series, by role and name.
    days: BTreeMap<(&'m str, String), Option<&'m String>>,
}

impl<'m> FormerFiles<'m> {
    fn from_sources(sources: &[&'m Input]) -> Self {
        let contents = sources.iter().map(|source| (source.role.as_str(), content(source))).collect();
        let newest = Series::from_sources(sources).into_iter();
        Self { contents, days: newest.map(|series| ((series.role, series.name), series.newest.source_date.as_ref())).collect() }
    }

    /// Whether a series is unchanged, in content or in its day, while most others are new.
    fn is_left_behind(&self, own: &Series<'_>, series: &[Series<'_>]) -> bool {
        let outnumbered = |is_same: fn(&Self, &Series<'_>) -> bool, is_new: fn(&Self, &Series<'_>) -> bool| {
            let new = others(own, series).filter(|other| is_new(self, other)).count();
            let same = others(own, series).filter(|other| is_same(self, other)).count();
            is_same(self, own) && new > 0 && new >= same
        };
        let is_read = own.newest.rows.unwrap_or(0) > 0;
        is_read && (outnumbered(Self::has_content, Self::is_rewritten) || outnumbered(Self::has_day, Self::is_of_a_later_day))
    }

    fn has_content(&self, series: &Series<'_>) -> bool {
        self.contents.contains(&(series.role, content(series.newest)))
    }

    fn is_rewritten(&self, series: &Series<'_>) -> bool {
        !self.has_content(series) && self.day(series).is_some()
    }

    fn has_day(&self, series: &Series<'_>) -> bool {
        let day = series.newest.source_date.as_ref();
        day.is_some() && self.day(series) == Some(day)
    }

    fn is_of_a_later_day(&self, series: &Series<'_>) -> bool {
        self.day(series).is_some_and(|before| before.is_some() && before < series.newest.source_date.as_ref())
    }

    /// Day of a series in the former run; `None` when the former run had no such series.
    fn day(&self, series: &Series<'_>) -> Option<Option<&String>> {
        self.days.get(&(series.role, series.name.clone())).copied()
    }
}

/// Name with `*` in place of its last day and the digits behind that day.
fn without_day(name: &str) -> String {
    let is_day = |digits: &[u8]| Date::parse(digits, DateFormat::Compact).is_some_and(|day| (1900..2200).contains(&day.year()));
    let Some(from) = name.as_bytes().windows(8).rposition(is_day) else { return name.to_owned() };
    let behind = name[from..].trim_start_matches(|character: char| character.is_ascii_digit());
    format!("{}*{behind}", &name[..from])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_and_the_number_behind_it_are_taken_out_of_a_name() {
        for (name, without) in [
            ("in/98001_20261031.csv", "in/98001_*.csv"),
            ("MO1340002026103112.csv", "MO134000*.csv"),
            ("20261030/MO980101.zip/MO980101.csv", "*/MO980101.zip/MO980101.csv"),
            ("register.csv", "register.csv"),
            ("реестр20261031.csv", "реестр*.csv"),
        ] {
            assert_eq!(without_day(name), without);
        }
    }

    #[test]
    fn the_code_of_the_sender_is_among_the_numbers_of_a_name() {
        for (name, numbers) in [
            ("20261030/34005_*.csv", vec!["34005"]),
            ("in/i98001_001_10261.zip/i98001_001_10261.xml", vec!["98001", "001", "10261"]),
            ("MO134000*.csv", vec!["134000"]),
            ("реестр.csv", vec![]),
        ] {
            assert_eq!(numbers_of_name(name), numbers);
        }
    }

    #[test]
    fn names_beyond_the_first_are_counted() {
        assert_eq!(first_names(&["a", "b", "c"]), "a, b, c");
        assert_eq!(first_names(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more (each has its source_date in the manifest)");
    }
}
