//! Files that look as if the wrong ones were sent: the same as in the run before, older than the others, or the same twice.
//!
//! A file is known by the hash of its bytes, a member of a ZIP archive by the size and checksum in the archive's directory. Files of one sender and
//! kind are told from others by their names without the day in them; whose file it is, by the code in its name. Whoever has stopped working is not asked for a
//! newer file.

use std::collections::{BTreeMap, BTreeSet};

use super::judgement::RunEvent;
use crate::job::Job;
use sverka_model::{Date, DateFormat};
use sverka_publish::{Input, Manifest};
use sverka_settings::SourceRules;
use sverka_text::with_thousands;

/// What is odd about the files of a run, as its job's rules for sources say; the run before tells which are the same.
pub(super) fn events(job: &Job, now: &Manifest, before: Option<&Manifest>) -> Vec<RunEvent> {
    let rules = &job.rules.sources;
    let sources: Vec<&Input> = now.sources().collect();
    let series = Series::all_of(&sources);
    let mut events = twice(rules, &sources);
    events.extend(outdated(rules, &series, &|of, day| has_stopped(job, of, day)));
    if let Some(before) = before {
        let is_awaited = |of: &Series<'_>| !has_stopped(job, of, job.as_of);
        events.extend(unchanged(rules, &series, before, &is_awaited));
    }
    events
}

/// What is equal for equal documents.
fn content(source: &Input) -> &str {
    source.content.as_deref().unwrap_or(&source.blake3)
}

/// Sources whose names differ in nothing but the day and what is counted behind it.
struct Series<'m> {
    role: &'m str,
    name: String,
    /// The source with the last day in its name, or the last name.
    newest: &'m Input,
}

impl<'m> Series<'m> {
    fn all_of(sources: &[&'m Input]) -> Vec<Self> {
        let mut newest: BTreeMap<(&str, String), &Input> = BTreeMap::new();
        for source in sources {
            let place = newest.entry((&source.role, without_day(&source.name))).or_insert(source);
            if (&place.source_date, &place.name) < (&source.source_date, &source.name) {
                *place = source;
            }
        }
        newest.into_iter().map(|((role, name), newest)| Self { role, name, newest }).collect()
    }
}

/// Sources whose documents are equal, and sources all of whose rows stand in other sources.
fn twice(rules: &SourceRules, sources: &[&Input]) -> Vec<RunEvent> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut events = Vec::new();
    // Files without rows are told as such, and many a header is like another one.
    for source in sources.iter().filter(|source| source.rows.unwrap_or(0) > 0) {
        let name = &source.name;
        let known = *first.entry(content(source)).or_insert(name);
        let told = if known != name {
            format!("has the same content as {known}")
        } else if repeats_others(rules, source) {
            format!("all of its {} rows stand in other sources, too", with_thousands(source.rows.unwrap_or(0)))
        } else {
            continue;
        };
        let sentence = format!("{name}: {told}; see whether a file was sent twice and another one is absent");
        events.push(RunEvent { then: rules.twice, sentence });
    }
    events
}

fn repeats_others(rules: &SourceRules, source: &Input) -> bool {
    source.duplicates.is_some_and(|duplicates| duplicates >= rules.least_rows.max(1) && source.rows == Some(duplicates))
}

/// Whether the sender of a series has ended its work by a day: nobody expects a file of that day then.
fn has_stopped(job: &Job, of: &Series<'_>, day: Date) -> bool {
    let works_to = |code: &&str| {
        let insurer = job.insurers.find(code.as_bytes()).map(|insurer| job.insurers.get(insurer).works.to);
        insurer.or_else(|| job.clinics.find(code.as_bytes()).map(|clinic| job.clinics.get(clinic).works.to))
    };
    let numbers = numbers_of_name(&of.name);
    let mut ends = numbers.iter().filter_map(works_to).peekable();
    ends.peek().is_some() && ends.all(|end| end <= day)
}

/// The numbers in the last part of a series' name, among which the code of its sender stands.
fn numbers_of_name(name: &str) -> Vec<&str> {
    let last_part = name.rsplit('/').next().unwrap_or(name);
    last_part.split(|character: char| !character.is_ascii_digit()).filter(|number| !number.is_empty()).collect()
}

/// Sources that are of an earlier day than most others of their kind, but for those whose senders had stopped by the day of the others.
fn outdated(rules: &SourceRules, series: &[Series<'_>], has_stopped: &dyn Fn(&Series<'_>, Date) -> bool) -> Vec<RunEvent> {
    let is_late = |of: &&Series<'_>| {
        let Some(own) = &of.newest.source_date else { return false };
        let days = others(of, series).filter_map(|other| other.newest.source_date.as_ref());
        let (mut all, mut later) = (0, 0);
        days.for_each(|day| {
            all += 1;
            later += usize::from(day > own);
        });
        let is_expected = |usual: &String| Date::parse(usual.as_bytes(), DateFormat::Iso).is_none_or(|day| !has_stopped(of, day));
        2 * later > all && usual_day(of, series).is_some_and(|usual| usual > own && is_expected(usual))
    };
    let mut by_day: BTreeMap<(&str, &str), Vec<&Series<'_>>> = BTreeMap::new();
    for of in series.iter().filter(is_late) {
        let own = of.newest.source_date.as_deref().unwrap_or_default();
        by_day.entry((of.role, own)).or_default().push(of);
    }
    let told = |((_, own), late): ((&str, &str), Vec<&Series<'_>>)| {
        let usual = late.first().and_then(|of| usual_day(of, series)).map_or("", String::as_str);
        let sentence = match &late[..] {
            [of] => {
                let name = &of.newest.name;
                format!("{name}: it is of {own}, and most others are of {usual}; ask the sender for the file of that day")
            }
            late => {
                let names: Vec<&str> = late.iter().map(|of| of.newest.name.as_str()).collect();
                let (named, count) = (first_names(&names), late.len());
                format!(
                    "{count} sources are of {own}, and most others are of {usual}: {named}; ask their senders for the files of that day"
                )
            }
        };
        RunEvent { then: rules.outdated, sentence }
    };
    by_day.into_iter().map(told).collect()
}

/// The first of some names, and how many there are beside them: a line that a screen holds.
fn first_names(names: &[&str]) -> String {
    const NAMED: usize = 3;
    let named = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more (each has its source_date in the manifest)"),
    }
}

/// The day that more than half of the other series of the kind have, so that days that always differ say nothing.
fn usual_day<'m>(of: &Series<'m>, series: &'m [Series<'m>]) -> Option<&'m String> {
    let mut days: BTreeMap<&String, usize> = BTreeMap::new();
    let dated: Vec<&String> = others(of, series).filter_map(|other| other.newest.source_date.as_ref()).collect();
    dated.iter().for_each(|day| *days.entry(day).or_default() += 1);
    days.into_iter().find(|(_, count)| 2 * count > dated.len()).map(|(day, _)| day)
}

fn others<'s, 'm>(of: &'s Series<'m>, series: &'s [Series<'m>]) -> impl Iterator<Item = &'s Series<'m>> {
    let same_kind = series.iter().filter(move |other| other.role == of.role && other.name != of.name);
    let any_other = series.iter().filter(move |other| other.name != of.name);
    // A kind of one source is held against all others.
    let is_alone = same_kind.clone().next().is_none();
    any_other.filter(move |other| is_alone || other.role == of.role)
}

/// Sources whose document or day is one of the run before, while most others of their kind that were there then are new ones.
fn unchanged(
    rules: &SourceRules,
    series: &[Series<'_>],
    before: &Manifest,
    is_awaited: &dyn Fn(&Series<'_>) -> bool,
) -> Vec<RunEvent> {
    let sources: Vec<&Input> = before.sources().collect();
    let former = FormerFiles::of(&sources);
    let told = |of: &Series<'_>| {
        let (name, run) = (&of.newest.name, &before.run_id);
        let same = if former.has_content(of) { "the same file as in" } else { "of the same day as in" };
        let sentence = format!("{name}: it is {same} run {run}, and others are new; ask the sender for the new one");
        RunEvent { then: rules.unchanged, sentence }
    };
    series.iter().filter(|of| former.left_behind(of, series) && is_awaited(of)).map(told).collect()
}

/// The files of the run before.
struct FormerFiles<'m> {
    /// By role.
    contents: BTreeSet<(&'m str, &'m str)>,
    /// The day of the newest file of each series, by role and name.
    days: BTreeMap<(&'m str, String), Option<&'m String>>,
}

impl<'m> FormerFiles<'m> {
    fn of(sources: &[&'m Input]) -> Self {
        let contents = sources.iter().map(|source| (source.role.as_str(), content(source))).collect();
        let newest = Series::all_of(sources).into_iter();
        Self { contents, days: newest.map(|of| ((of.role, of.name), of.newest.source_date.as_ref())).collect() }
    }

    /// Whether most others are new, in bytes or in their day, and the series is not.
    fn left_behind(&self, of: &Series<'_>, series: &[Series<'_>]) -> bool {
        let outnumbered = |is_same: fn(&Self, &Series<'_>) -> bool, is_new: fn(&Self, &Series<'_>) -> bool| {
            let new = others(of, series).filter(|other| is_new(self, other)).count();
            let same = others(of, series).filter(|other| is_same(self, other)).count();
            is_same(self, of) && new > 0 && new >= same
        };
        let is_read = of.newest.rows.unwrap_or(0) > 0;
        is_read && (outnumbered(Self::has_content, Self::is_rewritten) || outnumbered(Self::has_day, Self::is_of_a_later_day))
    }

    fn has_content(&self, of: &Series<'_>) -> bool {
        self.contents.contains(&(of.role, content(of.newest)))
    }

    fn is_rewritten(&self, of: &Series<'_>) -> bool {
        !self.has_content(of) && self.day(of).is_some()
    }

    fn has_day(&self, of: &Series<'_>) -> bool {
        let day = of.newest.source_date.as_ref();
        day.is_some() && self.day(of) == Some(day)
    }

    fn is_of_a_later_day(&self, of: &Series<'_>) -> bool {
        self.day(of).is_some_and(|before| before.is_some() && before < of.newest.source_date.as_ref())
    }

    /// The day of a series in the run before; none of one that was not there.
    fn day(&self, of: &Series<'_>) -> Option<Option<&String>> {
        self.days.get(&(of.role, of.name.clone())).copied()
    }
}

/// A name with the last day in it, and the digits behind that, taken out.
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
