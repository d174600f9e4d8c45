//! Rare conflicts between the rows of one person: refused records that get their second turn on the same day, ties among them, and attachments that end
//! a day before or after the next one begins.

use super::people::Person;
use super::rows::{self, Context, Values};
use super::splitmix::SplitMix;
use crate::reference::dates::{self, Date};

/// Adds register rows: a row of one insurer up to a day, and before that day applications to others that come too late and last longer. Often two of
/// them are equally strong.
pub fn add_deferred(random: &mut SplitMix, person: &Person, context: &Context, register: &mut Vec<Values>) {
    let days: Vec<Date> = context.days.iter().copied().filter(|day| *day > person.birth_date).collect();
    if days.len() < 4 || !random.chance(25) {
        return;
    }
    let last = days.len() - 1;
    let until = random.between(2, last);
    let first = random.below(until - 1);
    let code = |random: &mut SplitMix, start: Date| {
        let working: Vec<_> = context.insurers.iter().filter(|row| rows::works(&row.works_from, &row.works_to, start)).collect();
        let any = random.pick(&context.insurers);
        if working.is_empty() { any.insurer.clone() } else { random.pick(&working).insurer.clone() }
    };
    let row = |random: &mut SplitMix, insurer: String, from: Date, to: String, applied: String| {
        let mut row = rows::register_row(random, person, context);
        row.extend([("insurer", insurer), ("insured_from", from.to_string()), ("stopped_on", to), ("applied_on", applied)]);
        row.extend([("insured_to", String::new()), ("category", "1".to_string()), ("death_date", String::new())]);
        row.insert("reason", random.pick(&["", "П031"]).to_string());
        row.insert("record_id", format!("d{}", random.below(100_000)));
        row
    };
    let holder = code(random, days[first]);
    register.push(row(random, holder, days[first], days[until].to_string(), String::new()));
    for _ in 0..random.between(2, 3) {
        let start = days[random.between(first, until - 1)];
        let year = days[first].year;
        let applied = random.pick(&[format!("{year:04}-12-01"), format!("{year:04}-12-01"), format!("{year:04}-12-02")]).clone();
        let insurer = code(random, start);
        let to = if random.chance(70) { String::new() } else { days[random.between(until, last)].to_string() };
        register.push(row(random, insurer, start, to, applied));
    }
}

/// Days from the beginning of the next attachment to the end of the one before, in a whole region; `None` when ends are left as they are.
pub type Offset = Option<i32>;

/// The offset of a region; most regions have none.
pub fn random_offset(random: &mut SplitMix) -> Offset {
    random.chance(15).then(|| *random.pick(&[-1, -1, 1, 0]))
}

/// Adds a second clinic, some time after the first one, to most persons of a region with an offset.
pub fn change_clinic(offset: Offset, random: &mut SplitMix, context: &Context, attachments: &mut Vec<Values>) {
    let Some(first) = attachments.first().filter(|_| offset.is_some() && random.chance(80)) else { return };
    let others: Vec<&String> =
        context.clinics.iter().map(|clinic| &clinic.clinic).filter(|code| **code != first["clinic"]).collect();
    let days: Vec<&Date> = context.days.iter().filter(|day| day.to_string() > first["attached_from"]).collect();
    if others.is_empty() || days.is_empty() {
        return;
    }
    let mut second = first.clone();
    second.extend([("clinic", (*random.pick(&others)).clone()), ("attached_from", random.pick(&days).to_string())]);
    second.extend([
        ("method", "3".to_string()),
        ("attached_to", String::new()),
        ("record_id", format!("c{}", random.below(100_000))),
    ]);
    attachments.push(second);
}

/// Ends each attachment of a person at the beginning of the next one to another clinic, moved by the offset.
pub fn end_before_the_next(offset: Offset, attachments: &mut [Values]) {
    let Some(offset) = offset else { return };
    let profile = |row: &Values| row.get("profile").cloned().unwrap_or_default();
    let before = attachments.to_vec();
    for (row, own) in attachments.iter_mut().zip(&before) {
        let start = &own["attached_from"];
        let follows = |other: &&Values| {
            other["attached_from"] > *start && other["clinic"] != own["clinic"] && profile(other) == profile(own)
        };
        let later = before.iter().filter(follows);
        if let Some(next) = later.filter_map(|other| dates::parse(&other["attached_from"])).min() {
            let end = match offset {
                -1 => next.day_before(),
                1 => next.next_day(),
                _ => next,
            };
            if end.to_string() > *start {
                row.insert("attached_to", end.to_string());
            }
        }
    }
}
