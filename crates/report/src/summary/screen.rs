//! Summary as text for a screen or a file: events, totals, codes, outliers, and the folder of the results.
//!
//! A screen has a height. [`Detail`] says how much of the parts that may be shortened is shown; the most detailed one that fits is chosen.

use super::{NamedCount, RunBefore, RunSummary, SummaryEvent, codes, totals};
use sverka_text::{binary_size, with_thousands, wrapped};

/// Room and style of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisplayOptions {
    /// Columns.
    pub width: usize,
    /// Lines; `None` if there is no limit, such as in a file.
    pub height: Option<usize>,
    /// Whether text is coloured.
    pub colour: bool,
    /// Whether the folder of the results is shown. The file beside the results does not show it.
    pub shows_folder: bool,
}

impl DisplayOptions {
    /// Unlimited room, without colours.
    pub const UNLIMITED: Self = Self { width: usize::MAX, height: None, colour: false, shows_folder: true };
}

/// Most events that are shown. The manifest has all.
const EVENTS_SHOWN: usize = 20;

/// Detail of the parts that may be shortened.
#[derive(Clone, Copy, Debug)]
struct Detail {
    /// Number of events that are more than notes.
    severe: usize,
    /// Number of notes.
    notes: usize,
    /// Number of outliers.
    outliers: usize,
    /// Whether codes are shown.
    codes: bool,
}

impl Detail {
    /// Detail without a limit of lines.
    const ALL: Self = Self { severe: EVENTS_SHOWN, notes: EVENTS_SHOWN, outliers: usize::MAX, codes: true };
    /// Detail of the lowest screen. It shows the first severe event even when the screen is too low for it.
    const LEAST: Self = Self { severe: 1, notes: 0, outliers: 0, codes: false };

    /// Details of a screen, from the most to the least.
    fn on_screen() -> impl Iterator<Item = Self> {
        let most = Self { notes: 2, outliers: 2, ..Self::ALL };
        let without_notes = Self { notes: 0, outliers: 0, ..most };
        let without_codes = (1..=EVENTS_SHOWN).rev().map(move |severe| Self { severe, codes: false, ..without_notes });
        [most, Self { outliers: 0, ..most }, without_notes].into_iter().chain(without_codes)
    }
}

/// Text of the summary.
pub(super) fn text(summary: &RunSummary, options: DisplayOptions) -> String {
    let style = Style { colour: options.colour };
    let (detail, code_lines) = match options.height {
        None => (Detail::ALL, usize::MAX),
        Some(height) => detail_within(summary, options, height),
    };
    let blocks = Blocks::around_codes(summary, options, detail, style);
    let codes = if detail.codes { codes::lines(summary, options.width, code_lines, style) } else { Vec::new() };
    let blocks = blocks.before.into_iter().chain([codes]).chain(blocks.after).filter(|block| !block.is_empty());
    blocks.map(|block| block.join("\n") + "\n").collect::<Vec<_>>().join("\n")
}

/// Most detail that a screen of `height` lines has room for, and the lines that are left for codes.
fn detail_within(summary: &RunSummary, options: DisplayOptions, height: usize) -> (Detail, usize) {
    // One line of codes and a blank one.
    const CODE_LINES_MIN: usize = 2;
    let plain = Style { colour: false };
    let lines = |detail: Detail| {
        let Blocks { before, after } = Blocks::around_codes(summary, options, detail, plain);
        lines_of(&before, options.width) + lines_of(&after, options.width)
    };
    let needed = |detail: &Detail| lines(*detail) + if detail.codes { CODE_LINES_MIN } else { 0 };
    let detail = Detail::on_screen().find(|detail| needed(detail) <= height).unwrap_or(Detail::LEAST);
    (detail, height.saturating_sub(lines(detail)))
}

/// Blocks of lines before and after the codes.
struct Blocks {
    before: Vec<Vec<String>>,
    after: Vec<Vec<String>>,
}

impl Blocks {
    fn around_codes(summary: &RunSummary, options: DisplayOptions, detail: Detail, style: Style) -> Self {
        Self {
            before: vec![
                head(summary, options),
                events(summary, options, detail, style),
                totals::lines(summary, options.width, style),
            ],
            after: vec![outliers(summary, options, detail.outliers, style), ending(summary, options, style)],
        }
    }
}

/// Lines that blocks take on a screen of `width` columns, with a blank line after each block.
fn lines_of(blocks: &[Vec<String>], width: usize) -> usize {
    let on_screen = |line: &String| screen_lines(line.chars().count(), width);
    blocks.iter().filter(|block| !block.is_empty()).map(|block| block.iter().map(on_screen).sum::<usize>() + 1).sum()
}

/// Lines of a screen that a line of `characters` takes.
fn screen_lines(characters: usize, width: usize) -> usize {
    characters.div_ceil(width.max(1)).max(1)
}

/// Sentence about a run that was published already.
fn head(summary: &RunSummary, options: DisplayOptions) -> Vec<String> {
    if !summary.recognised {
        return Vec::new();
    }
    wrapped(
        "Already published: a run of the same job and inputs is there, and nothing was computed. Its figures are:",
        options.width,
    )
}

/// Events, with a last line that counts the events that are left out.
fn events(summary: &RunSummary, options: DisplayOptions, detail: Detail, style: Style) -> Vec<String> {
    const THEN_WIDTH: usize = 4;
    const BEFORE: usize = 2 + THEN_WIDTH + 2;
    if summary.events.is_empty() {
        return Vec::new();
    }
    let Detail { severe, notes, .. } = detail;
    let all_severe = summary.events.iter().filter(|event| !event.is_note()).count();
    let shown = if severe < all_severe { severe } else { (all_severe + notes).min(EVENTS_SHOWN).min(summary.events.len()) };
    let mut lines = vec![style.strong("To be looked at")];
    for SummaryEvent { then, sentence } in &summary.events[..shown] {
        let mut parts = wrapped(sentence, options.width.saturating_sub(BEFORE)).into_iter();
        lines.push(format!("  {}  {}", style.warning(&format!("{then:<THEN_WIDTH$}")), parts.next().unwrap_or_default()));
        lines.extend(parts.map(|part| format!("{:BEFORE$}{part}", "")));
    }
    match summary.events.len() - shown {
        0 => {}
        more if options.height.is_some() && shown == 0 => {
            lines.push(format!("  {more} {}: summary.txt among the results", if more == 1 { "note" } else { "notes" }));
        }
        more if options.height.is_some() => lines.push(format!("  and {more} more: summary.txt among the results")),
        more => lines.push(format!("  and {more} more: `events` of manifest.json")),
    }
    lines
}

/// Outliers, at most `outliers_max`, with a last line that counts the outliers that are left out.
fn outliers(summary: &RunSummary, options: DisplayOptions, outliers_max: usize, style: Style) -> Vec<String> {
    let all = summary.outliers.len();
    let shown = outliers_max.min(all);
    if shown == 0 {
        return Vec::new();
    }
    let mut lines = vec![style.strong("Sources that stand out")];
    for outlier in &summary.outliers[..shown] {
        let parts = wrapped(&outlier.to_string(), options.width.saturating_sub(4));
        lines.extend(parts.iter().enumerate().map(|(number, part)| format!("{:1$}{part}", "", if number == 0 { 2 } else { 4 })));
    }
    if shown < all {
        lines.push(format!("  and {} more: summary.txt among the results", all - shown));
    }
    lines
}

/// Labelled lines at the end: time, run, folder, and the other facts about the run.
fn ending(summary: &RunSummary, options: DisplayOptions, style: Style) -> Vec<String> {
    const LABEL_WIDTH: usize = 9;
    let mut lines = Vec::new();
    let mut add = |label: &str, is_warning: bool, text: &str| {
        let label = format!("{label:<LABEL_WIDTH$}");
        let mut label = if is_warning { style.warning(&label) } else { label };
        for part in wrapped(text, options.width.saturating_sub(LABEL_WIDTH)) {
            lines.push(label + &part);
            label = " ".repeat(LABEL_WIDTH);
        }
    };
    add("Took", false, &cost(summary));
    add("Run", false, &summary.run_id);
    if options.shows_folder {
        add("Results", false, &summary.output.display().to_string());
    }
    match &summary.before {
        Some(RunBefore { run_id, .. }) => add("Before", false, &format!("{run_id}, which this run was held against")),
        None if options.height.is_some() => {}
        None => add("Before", false, "no run to hold this one against"),
    }
    if !summary.encodings_detected.is_empty() {
        let found = summary.encodings_detected.iter().map(|NamedCount { name, count: sources }| {
            format!("{name} in {} {}", with_thousands(*sources), if *sources == 1 { "source" } else { "sources" })
        });
        let found = found.collect::<Vec<_>>().join(", ");
        add("Detected", true, &format!("{found}, by their bytes"));
    }
    if let Some(stale) = overrides(summary) {
        add("Stale", true, &format!("{stale} (table overrides)"));
    }
    for threshold in &summary.thresholds_unjudged {
        add("Unjudged", false, threshold);
    }
    lines
}

/// Numbers of override entries: those without an effect, and those due for review; `None` when there are none.
fn overrides(summary: &RunSummary) -> Option<String> {
    let mut counts: Vec<String> =
        (summary.overrides_stale.iter()).map(|NamedCount { name, count }| format!("{} {name}", with_thousands(*count))).collect();
    if summary.overrides_review_due > 0 {
        counts.push(format!("{} due for review", with_thousands(summary.overrides_review_due)));
    }
    (!counts.is_empty()).then(|| format!("decisions: {}", counts.join(", ")))
}

/// Time and memory of the run.
fn cost(summary: &RunSummary) -> String {
    let seconds = summary.wall.as_secs_f64();
    if summary.recognised {
        return format!("{seconds:.1} s, to find that nothing has changed");
    }
    let mut cost = format!("{seconds:.1} s, {} rows per second", with_thousands(summary.rows_per_second().round() as u64));
    if let Some(bytes) = summary.peak_memory_bytes {
        cost = format!("{cost}, peak memory {}", binary_size(bytes));
    }
    cost
}

/// Style of text, by control sequences of the terminal.
#[derive(Clone, Copy)]
pub(super) struct Style {
    colour: bool,
}

impl Style {
    pub(super) fn strong(self, text: &str) -> String {
        self.sgr("1", text)
    }

    pub(super) fn faint(self, text: &str) -> String {
        self.sgr("2", text)
    }

    fn warning(self, text: &str) -> String {
        self.sgr("1;33", text)
    }

    /// Text between the control sequence of `parameters` (select graphic rendition) and a reset.
    fn sgr(self, parameters: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{parameters}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
