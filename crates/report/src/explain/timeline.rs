//! Section of the timeline: the stays of both subjects drawn as text, and the same stays as a list.
//!
//! ```text
//!                 2019-03-05                                   D 2026-11-01
//!                 |2020     |2021     |2022    ...               v
//!    insurance    [98001===============][98002=====================>
//!    therapeutic       [980101=========]......[980102==============>
//! ```

use std::fmt::Write as _;

use super::explanation::{ExplainedStay, Explanation, Subject};
use super::sentences::{Section, Sentences};
use super::text::{TextWriter, in_brackets};
use super::wrapped_text::WrappedText;
use sverka_model::{Date, Profile};

/// Most columns of the drawing.
const WIDTH_MAX: usize = 66;
/// Least columns of the drawing, in the narrowest text.
const WIDTH_MIN: usize = 24;
/// Indent of a line.
const INDENT: &str = "   ";
/// Indent of the sentences between stays.
const DETAIL_INDENT: &str = "      ";
/// Columns of the label before the drawing.
const LABEL: usize = 14;
/// Columns of an open end behind the last known day.
const OPEN: usize = 4;

/// Scale of the drawing: days to columns.
struct Scale {
    /// First day, as days of [`Date`].
    from: i32,
    /// Days from the first to the last one.
    days: i32,
    /// Columns of the drawing.
    width: usize,
}

impl Scale {
    /// Scale from the first start to the as-of date or the last end, the later of the two.
    fn new(explained: &Explanation, as_of: Date, text_width: usize) -> Self {
        let stays = || explained.insurance.iter().chain(&explained.attachments);
        let first = stays().map(|stay| stay.from.0).min().unwrap_or(as_of).min(as_of);
        let last = stays().flat_map(|stay| [Some(stay.from.0), stay.to.map(|to| to.0)]).flatten().max();
        let last = last.unwrap_or(as_of).max(as_of);
        let width = text_width.saturating_sub(INDENT.len() + LABEL).clamp(WIDTH_MIN, WIDTH_MAX);
        Self { from: first.days(), days: (last.days() - first.days()).max(1), width }
    }

    fn column(&self, day: Date) -> usize {
        let days = i64::from(day.days() - self.from);
        let columns = (self.width - OPEN - 1) as i64;
        (days * columns / i64::from(self.days)) as usize
    }
}

/// Line of characters that can be overwritten.
struct Canvas(Vec<char>);

impl Canvas {
    fn blank(width: usize) -> Self {
        Self(vec![' '; width])
    }

    fn put(&mut self, at: usize, text: &str) {
        for (offset, character) in text.chars().enumerate() {
            if let Some(cell) = self.0.get_mut(at + offset) {
                *cell = character;
            }
        }
    }

    fn is_blank(&self, range: std::ops::Range<usize>) -> bool {
        self.0.get(range).is_some_and(|characters| characters.iter().all(|character| *character == ' '))
    }

    fn line(&self, label: &str) -> String {
        let pad = LABEL.saturating_sub(label.chars().count() + 1);
        let text: String = self.0.iter().collect();
        format!("{INDENT}{label}{}{}", " ".repeat(pad + 1), text.trim_end()).trim_end().to_owned()
    }
}

/// Writes the section.
pub(super) fn write(writer: &mut TextWriter, explained: &Explanation) {
    let sentences = writer.sentences;
    writer.heading(sentences.section(Section::Timeline));
    let Ok(as_of) = explained.as_of.parse::<Date>() else { return };
    if explained.insurance.is_empty() && explained.attachments.is_empty() {
        writer.sentence(INDENT, sentences.no_stays(Subject::Insurer));
        return;
    }
    let scale = Scale::new(explained, as_of, writer.text.width());
    draw_axis(&scale, as_of, sentences, &mut writer.text);
    let bars = bars(explained);
    for bar in &bars {
        let label = sentences.subject(bar.subject, bar.profile);
        writer.text.line(&bar.draw(&scale).line(&label));
    }
    writer.text.blank_line();
    for bar in &bars {
        write_list(writer, explained, bar);
    }
}

/// Stay with its number in the list of its subject.
struct NumberedStay<'e> {
    number: usize,
    stay: &'e ExplainedStay,
}

/// Stays of one subject and profile, which are drawn in one line.
struct Bar<'e> {
    subject: Subject,
    profile: Option<i64>,
    stays: Vec<NumberedStay<'e>>,
}

/// Bars of the timeline: insurance, then one bar for each profile of attachments.
fn bars(explained: &Explanation) -> Vec<Bar<'_>> {
    let numbered = |(number, stay)| NumberedStay { number, stay };
    let insurance = (1..).zip(&explained.insurance).map(numbered).collect();
    let mut bars = vec![Bar { subject: Subject::Insurer, profile: None, stays: insurance }];
    for (number, stay) in (1..).zip(&explained.attachments) {
        let stay = NumberedStay { number, stay };
        match bars.last_mut() {
            Some(bar) if bar.profile == stay.stay.profile && bar.profile.is_some() => bar.stays.push(stay),
            _ => bars.push(Bar { subject: Subject::Clinic, profile: stay.stay.profile, stays: vec![stay] }),
        }
    }
    if bars.len() == 1 {
        let profile = Some(i64::from(Profile::THERAPEUTIC.code()));
        bars.push(Bar { subject: Subject::Clinic, profile, stays: Vec::new() });
    }
    bars
}

impl Bar<'_> {
    /// Drawing of the stays: `[code===]` with an end, `[code===>` without one, `?` in place of `=` for unresolved stays, dots for gaps.
    fn draw(&self, scale: &Scale) -> Canvas {
        let mut canvas = Canvas::blank(scale.width);
        if let (Some(first), Some(last)) = (self.stays.first(), self.stays.last()) {
            let from = scale.column(first.stay.from.0);
            let end = last.stay.to.map_or(scale.width, |to| scale.column(to.0));
            canvas.put(from, &".".repeat(end.saturating_sub(from)));
        }
        for NumberedStay { number, stay } in &self.stays {
            let from = scale.column(stay.from.0);
            let to = stay.to.map_or(scale.width, |to| scale.column(to.0)).max(from + 1);
            let fill = if stay.unresolved { "?" } else { "=" };
            canvas.put(from, &fill.repeat(to - from));
            canvas.put(from, "[");
            if stay.to.is_none() {
                canvas.put(to - 1, ">");
            } else if to > from + 1 {
                canvas.put(to - 1, "]");
            }
            let room = (to - from).saturating_sub(2);
            let label = [stay.code.clone(), number.to_string()].into_iter().find(|label| label.len() <= room);
            canvas.put(from + 1, &label.unwrap_or_default());
        }
        canvas
    }
}

/// Draws two lines above the bars: the as-of date with the first day, and the beginnings of years.
fn draw_axis(scale: &Scale, as_of: Date, sentences: &dyn Sentences, text: &mut WrappedText) {
    let mut years = Canvas::blank(scale.width);
    let (first_year, ..) = Date::from_days(scale.from).ymd();
    let (last_year, ..) = Date::from_days(scale.from + scale.days).ymd();
    let as_of_column = scale.column(as_of);
    let mut next_free = 0;
    for day in (first_year + 1..=last_year).filter_map(|year| Date::from_ymd(year, 1, 1)) {
        let column = scale.column(day);
        let is_under_mark = column <= as_of_column && as_of_column < column + 6;
        if column >= next_free && column + 5 < scale.width && !is_under_mark {
            years.put(column, &format!("|{}", day.ymd().0));
            next_free = column + 7;
        }
    }
    let mut days = Canvas::blank(scale.width);
    let label = format!("D {}", sentences.date(as_of));
    let length = label.chars().count();
    let label_column = (as_of_column + 1).saturating_sub(length);
    days.put(label_column, &label);
    if as_of_column >= length && days.is_blank(0..1) {
        let first = sentences.date(Date::from_days(scale.from));
        if first.chars().count() + 1 < label_column {
            days.put(0, &first);
        }
    }
    text.line(&days.line(""));
    years.put(as_of_column, "v");
    text.line(&years.line(""));
}

/// Writes the stays of a bar as a list, with gaps and successions between them.
fn write_list(writer: &mut TextWriter, explained: &Explanation, bar: &Bar<'_>) {
    let sentences = writer.sentences;
    if bar.stays.is_empty() {
        writer.sentence(INDENT, sentences.no_stays(bar.subject));
    }
    let mut former: Option<&ExplainedStay> = None;
    for NumberedStay { number, stay } in &bar.stays {
        if let Some(former) = former {
            let end = former.to.map_or(Date::NEVER, |to| to.0);
            if end < stay.from.0 {
                writer.sentence(DETAIL_INDENT, &sentences.gap(bar.subject, end, stay.from.0));
            }
            if is_succession(former, stay) {
                writer.sentence(DETAIL_INDENT, &sentences.succession(bar.subject, &former.code, &stay.code));
            }
        }
        former = Some(stay);
        let name = sentences.subject(bar.subject, stay.profile);
        let line = stay_line(sentences, bar.subject, stay);
        let indexes = stay.records.iter().filter_map(|record| explained.record_index(bar.subject, &record.source_line));
        let records: Vec<String> = indexes.map(|index| format!("[{}]", index + 1)).collect();
        let basis = sentences.resting_on(&records.join(" "), stay.decided_by);
        writer.sentence(INDENT, &format!("{name} {number}. {line}; {basis}"));
    }
}

/// Organisation, days and method of a stay.
fn stay_line(sentences: &dyn Sentences, subject: Subject, stay: &ExplainedStay) -> String {
    let organisation = sentences.organisation(subject, &stay.code);
    let interval = sentences.interval(stay.from.0, stay.to.map(|to| to.0));
    let mut line = format!("{organisation}{}: {interval}", in_brackets(stay.name.as_deref()));
    if subject == Subject::Clinic {
        let _ = write!(line, ", {}", sentences.method(stay.method));
    }
    if stay.unresolved {
        let _ = write!(line, ", {}", sentences.unresolved());
    }
    line
}

/// Whether a stay goes on from the former one under the code of a successor.
fn is_succession(former: &ExplainedStay, stay: &ExplainedStay) -> bool {
    let goes_on = former.to == Some(stay.from) && former.code != stay.code && former.records == stay.records;
    goes_on && former.decided_by == stay.decided_by
}
