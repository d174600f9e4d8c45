//! Rows of one person that meet in rare ways: refused records that are taken once more on one day, ties among these, and ends a day before or after a
//! beginning elsewhere.

use super::people::Person;
use super::rows::{self, Surroundings, Values};
use super::splitmix::SplitMix;
use crate::reference::dates::{self, Date};

/// Register rows: one insurer up to a day, and before that day applications to others that come too late and last longer, often in equal ones.
pub fn deferred(random: &mut SplitMix, person: &Person, around: &Surroundings, register: &mut Vec<Values>) {
    let days: Vec<Date> = around.days.iter().copied().filter(|day| *day > person.birth_date).collect();
    if days.len() < 4 || !random.chance(25) {
        return;
    }
    let last = days.len() - 1;
    let until = random.between(2, last);
    let first = random.below(until - 1);
    let code = |random: &mut SplitMix, start: Date| {
        let working: Vec<_> = around.insurers.iter().filter(|of| rows::works(&of.works_from, &of.works_to, start)).collect();
        let any = random.pick(&around.insurers);
        if working.is_empty() { any.insurer.clone() } else { random.pick(&working).insurer.clone() }
    };
    let row = |random: &mut SplitMix, insurer: String, (from, to): (Date, String), applied: String| {
        let mut row = rows::register_row(random, person, around);
        row.extend([("insurer", insurer), ("insured_from", from.to_string()), ("stopped_on", to), ("applied_on", applied)]);
        row.extend([("insured_to", String::new()), ("category", "1".to_string()), ("death_date", String::new())]);
        row.insert("reason", random.pick(&["", "П031"]).to_string());
        row.insert("record_id", format!("d{}", random.below(100_000)));
        row
    };
    let holder = code(random, days[first]);
    register.push(row(random, holder, (days[first], days[until].to_string()), String::new()));
    for _ in 0..random.between(2, 3) {
        let start = days[random.between(first, until - 1)];
        let year = days[first].year;
        let applied = random.pick(&[format!("{year:04}-12-01"), format!("{year:04}-12-01"), format!("{year:04}-12-02")]).clone();
        let insurer = code(random, start);
        let to = if random.chance(70) { String::new() } else { days[random.between(until, last)].to_string() };
        register.push(row(random, insurer, (start, to), applied));
    }
}

/// Where the ends of a region's attachments lie against the next beginning, in days.
pub type Offset = Option<i32>;

/// No offset in most regions.
pub fn offset(random: &mut SplitMix) -> Offset {
    random.chance(15).then(|| *random.pick(&[-1, -1, 1, 0]))
}

/// In a region with an offset, a second clinic of most persons, some time after their first one.
pub fn change_clinic(offset: Offset, random: &mut SplitMix, around: &Surroundings, attachments: &mut Vec<Values>) {
    let Some(first) = attachments.first().filter(|_| offset.is_some() && random.chance(80)) else { return };
    let others: Vec<&String> =
        around.clinics.iter().map(|clinic| &clinic.clinic).filter(|code| **code != first["clinic"]).collect();
    let days: Vec<&Date> = around.days.iter().filter(|day| day.to_string() > first["attached_from"]).collect();
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

/// Ends each attachment of a person where the next one to another clinic begins, so many days off.
pub fn end_before_the_next(offset: Offset, attachments: &mut [Values]) {
    let Some(offset) = offset else { return };
    let starts: Vec<(String, String, String)> = attachments
        .iter()
        .map(|row| (row["attached_from"].clone(), row["clinic"].clone(), row.get("profile").cloned().unwrap_or_default()))
        .collect();
    for (row, (start, clinic, profile)) in attachments.iter_mut().zip(&starts) {
        let later = starts.iter().filter(|other| other.0 > *start && other.1 != *clinic && other.2 == *profile);
        if let Some(next) = later.filter_map(|other| dates::parse(&other.0)).min() {
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
