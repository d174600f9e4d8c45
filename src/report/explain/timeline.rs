//! Both subjects on one line of time, drawn as text, and the same as a list.

use std::fmt::Write as _;

use super::text::{named, wrap};
use super::told::{DecisionTold, Explained, StayTold};
use super::words::{Section, Words};
use crate::identifier::Date;

/// Columns of the line of time.
const WIDTH: usize = 66;
/// Columns before it.
const LABEL: usize = 14;
/// Columns that an open end has behind the last day that is known.
const OPEN: usize = 4;

/// Days to columns.
struct Scale {
    from: i32,
    days: i32,
}

impl Scale {
    /// From the first start to the as-of date or the last end, whichever is later.
    fn of(explained: &Explained, as_of: Date) -> Self {
        let stays = || explained.insurance.iter().chain(&explained.attachments);
        let first = stays().map(|stay| stay.from.0).min().unwrap_or(as_of).min(as_of);
        let last = stays().flat_map(|stay| [Some(stay.from.0), stay.to.map(|to| to.0)]).flatten().max();
        let last = last.unwrap_or(as_of).max(as_of);
        Self { from: first.days(), days: (last.days() - first.days()).max(1) }
    }

    fn column(&self, day: Date) -> usize {
        let days = i64::from(day.days() - self.from);
        let columns = (WIDTH - OPEN - 1) as i64;
        (days * columns / i64::from(self.days)) as usize
    }
}

/// A line of characters that later ones overwrite.
struct Canvas(Vec<char>);

impl Canvas {
    fn blank() -> Self {
        Self(vec![' '; WIDTH])
    }

    fn put(&mut self, at: usize, text: &str) {
        for (offset, sign) in text.chars().enumerate() {
            if let Some(place) = self.0.get_mut(at + offset) {
                *place = sign;
            }
        }
    }

    fn is_blank(&self, range: std::ops::Range<usize>) -> bool {
        self.0.get(range).is_some_and(|signs| signs.iter().all(|sign| *sign == ' '))
    }

    fn line(&self, label: &str) -> String {
        let pad = LABEL.saturating_sub(label.chars().count() + 1);
        let text: String = self.0.iter().collect();
        format!("   {label}{}{}\n", " ".repeat(pad + 1), text.trim_end()).trim_end().to_owned() + "\n"
    }
}

/// Draws the timeline.
pub(super) fn draw(explained: &Explained, words: &dyn Words, text: &mut String) {
    let _ = writeln!(text, "\n{}", words.section(Section::Timeline));
    let Ok(as_of) = explained.as_of.parse::<Date>() else { return };
    if explained.insurance.is_empty() && explained.attachments.is_empty() {
        let _ = writeln!(text, "   {}", words.no_stays("insurer"));
        return;
    }
    let scale = Scale::of(explained, as_of);
    axis(&scale, as_of, words, text);
    let lanes = lanes(explained);
    for (subject, profile, stays) in &lanes {
        let label = words.subject(subject, *profile);
        text.push_str(&bar(&scale, stays).line(&label));
    }
    text.push('\n');
    for (subject, _, stays) in &lanes {
        list(explained, subject, stays, words, text);
    }
}

/// Subject, profile, and stays with their numbers.
type Lane<'e> = (&'static str, Option<i64>, Vec<(usize, &'e StayTold)>);

/// The stays of each subject and profile, with their numbers in the list of the subject.
fn lanes(explained: &Explained) -> Vec<Lane<'_>> {
    let mut lanes: Vec<Lane<'_>> = vec![("insurer", None, Vec::new())];
    lanes[0].2 = (1..).zip(&explained.insurance).collect();
    for (number, stay) in (1..).zip(&explained.attachments) {
        match lanes.last_mut() {
            Some((_, profile, stays)) if *profile == stay.profile && profile.is_some() => stays.push((number, stay)),
            _ => lanes.push(("clinic", stay.profile, vec![(number, stay)])),
        }
    }
    if lanes.len() == 1 {
        lanes.push(("clinic", Some(1), Vec::new()));
    }
    lanes
}

fn axis(scale: &Scale, as_of: Date, words: &dyn Words, text: &mut String) {
    let mut years = Canvas::blank();
    let (first_year, ..) = Date::from_days(scale.from).ymd();
    let (last_year, ..) = Date::from_days(scale.from + scale.days).ymd();
    let mut next_free = 0;
    for day in (first_year + 1..=last_year).filter_map(|year| Date::from_ymd(year, 1, 1)) {
        let (column, marked) = (scale.column(day), scale.column(as_of));
        let covered = column <= marked && marked < column + 6;
        if column >= next_free && column + 5 < WIDTH && !covered {
            years.put(column, &format!("|{}", day.ymd().0));
            next_free = column + 7;
        }
    }
    let mut mark = Canvas::blank();
    let (column, label) = (scale.column(as_of), format!("D {}", words.date(as_of)));
    let length = label.chars().count();
    mark.put((column + 1).saturating_sub(length), &label);
    if column >= length && mark.is_blank(0..1) {
        let first = words.date(Date::from_days(scale.from));
        if first.chars().count() + 1 < (column + 1).saturating_sub(length) {
            mark.put(0, &first);
        }
    }
    text.push_str(&mark.line(""));
    years.put(column, "v");
    text.push_str(&years.line(""));
}

fn bar(scale: &Scale, stays: &[(usize, &StayTold)]) -> Canvas {
    let mut canvas = Canvas::blank();
    if let (Some((_, first)), Some((_, last))) = (stays.first(), stays.last()) {
        let end = last.to.map_or(WIDTH, |to| scale.column(to.0));
        canvas.put(scale.column(first.from.0), &".".repeat(end.saturating_sub(scale.column(first.from.0))));
    }
    for (number, stay) in stays {
        let from = scale.column(stay.from.0);
        let to = stay.to.map_or(WIDTH, |to| scale.column(to.0)).max(from + 1);
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

fn list(explained: &Explained, subject: &str, stays: &[(usize, &StayTold)], words: &dyn Words, text: &mut String) {
    if stays.is_empty() {
        let _ = writeln!(text, "   {}", words.no_stays(subject));
    }
    let mut before: Option<Date> = None;
    let mut former: Option<&StayTold> = None;
    for (number, stay) in stays {
        if let Some(end) = before.filter(|end| *end < stay.from.0) {
            let _ = writeln!(text, "      {}", words.gap(subject, end, stay.from.0));
        }
        let decided = |from| {
            let overruled = |decision: &DecisionTold| decision.subject == subject && decision.outcome == "overruled";
            explained.decisions.iter().any(|decision| overruled(decision) && decision.start == from)
        };
        let same = |former: &&StayTold| {
            let goes_on = former.to == Some(stay.from) && former.code != stay.code && former.records == stay.records;
            goes_on && !decided(stay.from) && !decided(former.from)
        };
        if let Some(former) = former.filter(same) {
            wrap(text, "      ", &words.succession(subject, &former.code, &stay.code));
        }
        former = Some(stay);
        before = Some(stay.to.map_or(Date::NEVER, |to| to.0));
        let records: Vec<String> = stay
            .records
            .iter()
            .filter_map(|(place, _)| {
                let table = if subject == "insurer" { "register" } else { "attachments" };
                let at = explained.records.iter().position(|record| record.table == table && record.place == *place)?;
                Some(format!("[{}]", at + 1))
            })
            .collect();
        let mut line = format!(
            "{}{}: {}",
            words.organisation(subject, &stay.code),
            named(stay.name.as_deref()),
            words.interval(stay.from.0, stay.to.map(|to| to.0))
        );
        if subject == "clinic" {
            let _ = write!(line, ", {}", words.method(stay.method));
        }
        if stay.unresolved {
            let _ = write!(line, ", {}", words.unresolved());
        }
        let name = words.subject(subject, stay.profile);
        wrap(text, "   ", &format!("{name} {number}. {line}; {}", words.resting_on(&records.join(" "))));
    }
}
