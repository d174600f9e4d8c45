//! Both subjects on one line of time, drawn as text, and the same as a list.

use std::fmt::Write as _;

use super::page::Page;
use super::text::named;
use super::told::{Explained, StayTold};
use super::words::{Section, Words};
use sverka_model::Date;

/// Columns of the line of time, where the page has room for them.
const WIDTH_MOST: usize = 66;
/// Columns of the line of time on the narrowest page.
const WIDTH_LEAST: usize = 24;
/// Columns before the name of a line.
const INDENT: &str = "   ";
/// Columns of the name of a line.
const LABEL: usize = 14;
/// Columns that an open end has behind the last day that is known.
const OPEN: usize = 4;

/// Days to columns.
struct Scale {
    from: i32,
    days: i32,
    /// Columns of the line of time.
    width: usize,
}

impl Scale {
    /// From the first start to the as-of date or the last end, whichever is later.
    fn of(explained: &Explained, as_of: Date, page_width: usize) -> Self {
        let stays = || explained.insurance.iter().chain(&explained.attachments);
        let first = stays().map(|stay| stay.from.0).min().unwrap_or(as_of).min(as_of);
        let last = stays().flat_map(|stay| [Some(stay.from.0), stay.to.map(|to| to.0)]).flatten().max();
        let last = last.unwrap_or(as_of).max(as_of);
        let width = page_width.saturating_sub(INDENT.len() + LABEL).clamp(WIDTH_LEAST, WIDTH_MOST);
        Self { from: first.days(), days: (last.days() - first.days()).max(1), width }
    }

    fn column(&self, day: Date) -> usize {
        let days = i64::from(day.days() - self.from);
        let columns = (self.width - OPEN - 1) as i64;
        (days * columns / i64::from(self.days)) as usize
    }
}

/// A line of characters that later ones overwrite.
struct Canvas(Vec<char>);

impl Canvas {
    fn blank(width: usize) -> Self {
        Self(vec![' '; width])
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
        format!("{INDENT}{label}{}{}", " ".repeat(pad + 1), text.trim_end()).trim_end().to_owned()
    }
}

/// Draws the timeline.
pub(super) fn draw(explained: &Explained, words: &dyn Words, page: &mut Page) {
    page.blank();
    page.line(words.section(Section::Timeline));
    let Ok(as_of) = explained.as_of.parse::<Date>() else { return };
    if explained.insurance.is_empty() && explained.attachments.is_empty() {
        page.wrap(INDENT, words.no_stays("insurer"));
        return;
    }
    let scale = Scale::of(explained, as_of, page.width());
    axis(&scale, as_of, words, page);
    let lanes = lanes(explained);
    for (subject, profile, stays) in &lanes {
        let label = words.subject(subject, *profile);
        page.line(&bar(&scale, stays).line(&label));
    }
    page.blank();
    for (subject, _, stays) in &lanes {
        list(explained, subject, stays, words, page);
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

fn axis(scale: &Scale, as_of: Date, words: &dyn Words, page: &mut Page) {
    let mut years = Canvas::blank(scale.width);
    let (first_year, ..) = Date::from_days(scale.from).ymd();
    let (last_year, ..) = Date::from_days(scale.from + scale.days).ymd();
    let mut next_free = 0;
    for day in (first_year + 1..=last_year).filter_map(|year| Date::from_ymd(year, 1, 1)) {
        let (column, marked) = (scale.column(day), scale.column(as_of));
        let covered = column <= marked && marked < column + 6;
        if column >= next_free && column + 5 < scale.width && !covered {
            years.put(column, &format!("|{}", day.ymd().0));
            next_free = column + 7;
        }
    }
    let mut mark = Canvas::blank(scale.width);
    let (column, label) = (scale.column(as_of), format!("D {}", words.date(as_of)));
    let length = label.chars().count();
    mark.put((column + 1).saturating_sub(length), &label);
    if column >= length && mark.is_blank(0..1) {
        let first = words.date(Date::from_days(scale.from));
        if first.chars().count() + 1 < (column + 1).saturating_sub(length) {
            mark.put(0, &first);
        }
    }
    page.line(&mark.line(""));
    years.put(column, "v");
    page.line(&years.line(""));
}

fn bar(scale: &Scale, stays: &[(usize, &StayTold)]) -> Canvas {
    let mut canvas = Canvas::blank(scale.width);
    if let (Some((_, first)), Some((_, last))) = (stays.first(), stays.last()) {
        let end = last.to.map_or(scale.width, |to| scale.column(to.0));
        canvas.put(scale.column(first.from.0), &".".repeat(end.saturating_sub(scale.column(first.from.0))));
    }
    for (number, stay) in stays {
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

fn list(explained: &Explained, subject: &str, stays: &[(usize, &StayTold)], words: &dyn Words, page: &mut Page) {
    if stays.is_empty() {
        page.wrap(INDENT, words.no_stays(subject));
    }
    let mut before: Option<Date> = None;
    let mut former: Option<&StayTold> = None;
    for (number, stay) in stays {
        if let Some(end) = before.filter(|end| *end < stay.from.0) {
            page.wrap("      ", &words.gap(subject, end, stay.from.0));
        }
        let same = |former: &&StayTold| {
            let goes_on = former.to == Some(stay.from) && former.code != stay.code && former.records == stay.records;
            goes_on && former.decided_by == stay.decided_by
        };
        if let Some(former) = former.filter(same) {
            page.wrap("      ", &words.succession(subject, &former.code, &stay.code));
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
        let ground = words.resting_on(&records.join(" "), stay.decided_by);
        page.wrap(INDENT, &format!("{name} {number}. {line}; {ground}"));
    }
}
