//! Sources that are left out: hashed, told in the manifest, and turned into events.

use std::collections::BTreeMap;

use super::error::RunError;
use super::judgement::RunEvent;
use super::options::RunOptions;
use super::profile::{Profiler, StageMetrics};
use super::source_files::SourceFiles;
use crate::job::{Job, LeftOutReason, LeftOutSource, Source, UntakenFile};
use sverka_publish::LeftOut;
use sverka_settings::Then;

/// Content hash of each left-out source of a job; `None` for sources on which the results do not depend.
pub(super) fn hash_left_out(
    job: &Job,
    options: &RunOptions<'_>,
    profiler: &mut Profiler,
) -> Result<Vec<Option<String>>, RunError> {
    let is_hashed = |left_out: &LeftOutSource| left_out.reason != LeftOutReason::NotYetKnown;
    let hashed: Vec<Source> =
        job.left_out.iter().filter(|left_out| is_hashed(left_out)).map(|left_out| left_out.source.clone()).collect();
    if hashed.is_empty() {
        return Ok(vec![None; job.left_out.len()]);
    }
    let files = SourceFiles::from_sources(&hashed);
    let mut hashes = files.hash(options.progress, options.interrupted)?.into_iter();
    files.check_unchanged()?;
    profiler.stage("hash sources left out", StageMetrics { rows: 0, bytes: files.total_bytes() });
    Ok(job.left_out.iter().map(|left_out| is_hashed(left_out).then(|| hashes.next()).flatten()).collect())
}

/// Left-out sources and untaken files for the manifest, sorted by name; `hashes` are those of the left-out sources.
pub(super) fn left_out_of_manifest(job: &Job, hashes: &[Option<String>]) -> Vec<LeftOut> {
    let source = |(LeftOutSource { source, reason }, hash): (&LeftOutSource, &Option<String>)| LeftOut {
        name: source.name.clone(),
        why: reason.name().to_owned(),
        source: reason.read_instead().map(str::to_owned),
        role: Some(source.layout.role().to_owned()),
        layout: Some(source.layout.name.clone()),
        source_date: source.source_date.map(|date| date.to_string()),
        sender: source.sender.clone(),
        bytes: Some(source.file.bytes().len() as u64),
        blake3: hash.clone(),
    };
    let file = |file: &UntakenFile| LeftOut {
        name: file.name.clone(),
        why: LeftOut::UNSETTLED.to_owned(),
        source: None,
        role: None,
        layout: None,
        source_date: None,
        sender: None,
        bytes: None,
        blake3: None,
    };
    let mut all: Vec<LeftOut> = job.left_out.iter().zip(hashes).map(source).chain(job.untaken.iter().map(file)).collect();
    all.sort_by(|a, b| (a.name.as_bytes(), &a.role).cmp(&(b.name.as_bytes(), &b.role)));
    all
}

/// Events of sources that are left out, and of files that are not taken.
pub(super) fn events(job: &Job) -> Vec<RunEvent> {
    let mut events = Vec::new();
    for LeftOutSource { source, reason } in &job.left_out {
        let name = &source.name;
        match reason {
            LeftOutReason::SameAs { source: other } => events.push(RunEvent {
                then: job.rules.sources.repeated,
                sentence: format!(
                    "{name}: has the same content as {other} and is not read again; see whether a file was sent twice and another one is absent"
                ),
            }),
            LeftOutReason::Superseded { by, same_date: true } => events.push(RunEvent {
                then: Then::Note,
                sentence: format!(
                    "{name}: is another snapshot of the day and the sender of {by}, whose name sorts last and which is read instead"
                ),
            }),
            LeftOutReason::Superseded { .. } | LeftOutReason::NotYetKnown => {}
        }
    }
    let later = job.left_out.iter().filter(|left_out| left_out.reason == LeftOutReason::NotYetKnown);
    let later: Vec<&str> = later.map(|left_out| left_out.source.name.as_str()).collect();
    if let (Some(day), false) = (job.known_by, later.is_empty()) {
        let sentence = format!("{} dated after {day} and left out (`known_by`): {}", are(later.len()), first_names(&later));
        events.push(RunEvent { then: Then::Note, sentence });
    }
    let mut untaken: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    job.untaken.iter().for_each(|file| untaken.entry(file.reason.to_string()).or_default().push(&file.name));
    events.extend(untaken.into_iter().map(|(reason, names)| RunEvent {
        then: Then::Note,
        sentence: match names[..] {
            [name] => format!("{name}: {reason} and is not taken; the next run looks again"),
            _ => format!(
                "{} not taken, because each {reason}: {}; the next run looks again",
                are(names.len()),
                first_names(&names)
            ),
        },
    }));
    events
}

/// Beginning of a sentence about a number of sources.
fn are(count: usize) -> String {
    if count == 1 { "1 source is".to_owned() } else { format!("{count} sources are") }
}

/// The first names and the number of the others, short enough for a line of the screen.
fn first_names(names: &[&str]) -> String {
    const NAMED: usize = 3;
    let named = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more (all stand under `left_out` in the manifest)"),
    }
}
