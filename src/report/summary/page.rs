//! The summary as a page: what somebody must look at, totals, codes, sources that stand out, and where everything is.

use super::{RunSummary, codes, totals};
use sverka_text::{binary_size, with_thousands, wrapped};

/// The room that a summary has, and how it looks there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Columns.
    pub width: usize,
    /// Lines; none where a page may be of any length, such as in a file.
    pub height: Option<usize>,
    /// Whether text is made to stand out.
    pub colour: bool,
    /// Whether the folder of the results is told: beside the results themselves it is not.
    pub tells_place: bool,
}

impl View {
    /// Room for everything, without colours.
    pub const UNLIMITED: Self = Self { width: usize::MAX, height: None, colour: false, tells_place: true };
}

/// Events that are told; the manifest has them all.
const EVENTS_SHOWN: usize = 20;
/// How much a page shows of what may be shortened.
#[derive(Clone, Copy, Debug)]
struct Shown {
    /// Events that are more than notes.
    loud: usize,
    /// Events that are notes.
    notes: usize,
    /// Sources that stand out.
    sources: usize,
    /// Whether there is room for the codes.
    codes: bool,
}

impl Shown {
    /// Where a page may be of any length.
    const ALL: Self = Self { loud: EVENTS_SHOWN, notes: EVENTS_SHOWN, sources: usize::MAX, codes: true };

    /// What a screen may show, from the most to the least. What stands at the top is told on any screen, however little is left below.
    fn on_screen() -> impl Iterator<Item = Self> {
        let all = Self { notes: 2, sources: 2, ..Self::ALL };
        let quiet = Self { notes: 0, sources: 0, ..all };
        let few = (1..=EVENTS_SHOWN).rev().map(move |loud| Self { loud, codes: false, ..quiet });
        [all, Self { sources: 0, ..all }, quiet].into_iter().chain(few)
    }
}

/// The text of the page.
pub(super) fn text(summary: &RunSummary, view: View) -> String {
    let style = Style { colour: view.colour };
    let (shown, most) = match view.height {
        None => (Shown::ALL, usize::MAX),
        Some(height) => shown_within(summary, view, height),
    };
    let (before, after) = around_codes(summary, view, shown, style);
    let codes = if shown.codes { codes::lines(summary, view.width, most, style) } else { Vec::new() };
    let blocks = before.into_iter().chain([codes]).chain(after).filter(|block| !block.is_empty());
    blocks.map(|block| block.join("\n") + "\n").collect::<Vec<_>>().join("\n")
}

/// The most that a screen of `height` lines has room for, and the lines that are left for codes.
fn shown_within(summary: &RunSummary, view: View, height: usize) -> (Shown, usize) {
    // Codes need one line at least, and a blank one.
    const FOR_CODES: usize = 2;
    let plain = Style { colour: false };
    let lines = |shown: Shown| {
        let (before, after) = around_codes(summary, view, shown, plain);
        lines_of(&before, view.width) + lines_of(&after, view.width)
    };
    let needs = |shown: &Shown| lines(*shown) + if shown.codes { FOR_CODES } else { 0 };
    let least = Shown { loud: 1, notes: 0, sources: 0, codes: false };
    let shown = Shown::on_screen().find(|shown| needs(shown) <= height).unwrap_or(least);
    (shown, height.saturating_sub(lines(shown)))
}

/// The blocks before and after the codes.
fn around_codes(summary: &RunSummary, view: View, shown: Shown, style: Style) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let before = vec![head(summary, view), events(summary, view, shown, style), totals::lines(summary, view.width, style)];
    (before, vec![standing_out(summary, view, shown.sources, style), ending(summary, view, style)])
}

/// Lines of blocks on a screen of some width, with a blank one after each.
fn lines_of(blocks: &[Vec<String>], width: usize) -> usize {
    let on_screen = |line: &String| rows_of(line.chars().count(), width);
    blocks.iter().filter(|block| !block.is_empty()).map(|block| block.iter().map(on_screen).sum::<usize>() + 1).sum()
}

/// The rows that a line of some signs takes on a screen.
fn rows_of(signs: usize, width: usize) -> usize {
    signs.div_ceil(width.max(1)).max(1)
}

/// A run that was there already says so first.
fn head(summary: &RunSummary, view: View) -> Vec<String> {
    if !summary.recognised {
        return Vec::new();
    }
    wrapped(
        "Already published: a run of the same job and inputs is there, and nothing was computed. Its figures are:",
        view.width,
    )
}

/// What somebody must look at stands before all figures.
fn events(summary: &RunSummary, view: View, Shown { loud, notes, .. }: Shown, style: Style) -> Vec<String> {
    const THEN_WIDTH: usize = 4;
    const BEFORE: usize = 2 + THEN_WIDTH + 2;
    if summary.events.is_empty() {
        return Vec::new();
    }
    let all_loud = summary.events.iter().filter(|(then, _)| *then != "note").count();
    let shown = if loud < all_loud { loud } else { (all_loud + notes).min(EVENTS_SHOWN).min(summary.events.len()) };
    let mut lines = vec![style.strong("To be looked at")];
    for (then, sentence) in &summary.events[..shown] {
        let mut parts = wrapped(sentence, view.width.saturating_sub(BEFORE)).into_iter();
        lines.push(format!("  {}  {}", style.warning(&format!("{then:<THEN_WIDTH$}")), parts.next().unwrap_or_default()));
        lines.extend(parts.map(|part| format!("{:BEFORE$}{part}", "")));
    }
    match summary.events.len() - shown {
        0 => {}
        more if view.height.is_some() && shown == 0 => {
            lines.push(format!("  {more} {}: summary.txt among the results", if more == 1 { "note" } else { "notes" }));
        }
        more if view.height.is_some() => lines.push(format!("  and {more} more: summary.txt among the results")),
        more => lines.push(format!("  and {more} more: `events` of manifest.json")),
    }
    lines
}

fn standing_out(summary: &RunSummary, view: View, most: usize, style: Style) -> Vec<String> {
    let all = summary.standing_out.len();
    let shown = most.min(all);
    if shown == 0 {
        return Vec::new();
    }
    let mut lines = vec![style.strong("Sources that stand out")];
    for of_source in &summary.standing_out[..shown] {
        let parts = wrapped(&of_source.to_string(), view.width.saturating_sub(4));
        lines.extend(parts.iter().enumerate().map(|(number, part)| format!("{:1$}{part}", "", if number == 0 { 2 } else { 4 })));
    }
    if shown < all {
        lines.push(format!("  and {} more: summary.txt among the results", all - shown));
    }
    lines
}

fn ending(summary: &RunSummary, view: View, style: Style) -> Vec<String> {
    const LABEL: usize = 9;
    let mut lines = Vec::new();
    let mut tell = |label: &str, is_warning: bool, told: &str| {
        let label = format!("{label:<LABEL$}");
        let mut label = if is_warning { style.warning(&label) } else { label };
        for part in wrapped(told, view.width.saturating_sub(LABEL)) {
            lines.push(label + &part);
            label = " ".repeat(LABEL);
        }
    };
    tell("Took", false, &cost(summary));
    tell("Run", false, &summary.run_id);
    if view.tells_place {
        tell("Results", false, &summary.output.display().to_string());
    }
    match &summary.before {
        Some((run, _)) => tell("Before", false, &format!("{run}, which this run was held against")),
        None if view.height.is_some() => {}
        None => tell("Before", false, "no run to hold this one against"),
    }
    if !summary.encodings_detected.is_empty() {
        let found = summary.encodings_detected.iter().map(|(name, sources)| {
            format!("{name} in {} {}", with_thousands(*sources), if *sources == 1 { "source" } else { "sources" })
        });
        let found = found.collect::<Vec<_>>().join(", ");
        tell("Detected", true, &format!("{found}, by their bytes"));
    }
    if let Some(stale) = overrides(summary) {
        tell("Stale", true, &format!("{stale} (table overrides)"));
    }
    for threshold in &summary.thresholds_unjudged {
        tell("Unjudged", false, threshold);
    }
    lines
}

/// What is to be said about decisions of people, if anything.
fn overrides(summary: &RunSummary) -> Option<String> {
    let mut told: Vec<String> =
        summary.overrides_stale.iter().map(|(state, count)| format!("{} {state}", with_thousands(*count))).collect();
    if summary.overrides_review_due > 0 {
        told.push(format!("{} due for review", with_thousands(summary.overrides_review_due)));
    }
    (!told.is_empty()).then(|| format!("decisions: {}", told.join(", ")))
}

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

/// How text is made to stand out, if at all.
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

    fn sgr(self, parameters: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{parameters}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
