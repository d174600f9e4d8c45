//! The parts that insurers and clinics have in common: the competition of a day (SEM-274), and the sweep with its five rules (SEM-275). What a rule
//! asks of the subject (insurer, clinic) comes through [`Subject`].

use super::dates::{Date, FOREVER};
use super::organisations::{self, Organisation};
use super::records::Position;

/// One record in its interval.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number of the record in the run.
    pub record: usize,
    pub position: Position,
    pub code: String,
    pub from: Date,
    pub to: Date,
    /// What decides first: the application date as a number, or the method's rank.
    pub first: u32,
    pub source_date: Option<Date>,
    /// Its code stands on its day by a tie with another one.
    pub tied: bool,
}

impl Entry {
    /// Compared on a day; a missing source date is the earliest.
    fn place(&self) -> (u32, Option<Date>) {
        (self.first, self.source_date)
    }
}

#[derive(Clone, Debug)]
pub struct Stay {
    pub code: String,
    pub from: Date,
    pub to: Date,
    pub unresolved: bool,
    pub rests_on: Vec<Entry>,
    /// The entry of the overrides that it comes from.
    pub decided: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct Decision {
    pub outcome: &'static str,
    pub rule: &'static str,
    pub losing_code: String,
    pub winning_code: String,
    pub start: Date,
    pub loser: usize,
    pub winner: usize,
    /// The entry of the overrides that stands in the place of a winner.
    pub entry: Option<usize>,
    /// The day by which the last change was counted of those that had used up the right.
    pub counted_on: Option<Date>,
    /// The start of the second turn, when something came of it.
    pub taken_on: Option<Date>,
}

/// Step 4 of the sweep (SEM-275).
pub enum Verdict {
    Permitted {
        rule: &'static str,
        counted: bool,
        finding: Option<&'static str>,
    },
    /// `used_up_on` is the day of the last of the changes that used up the right.
    Refused {
        rule: &'static str,
        used_up_on: Option<Date>,
    },
}

pub trait Subject {
    fn organisations(&self) -> &[Organisation];
    /// Rule 4: another code while the stay lasts. `counted` are the days of the voluntary changes so far.
    fn verdict(&self, entry: &Entry, start: Date, stay: &Stay, counted: &[Date]) -> Verdict;
    /// Rule 3: whether a change without an overlap counts.
    fn is_voluntary(&self, entry: &Entry) -> bool;
    /// What is odd about a record that meets a stay of another code, or joins an earlier one of the same.
    fn odd(&self, _entry: &Entry, _same: bool) -> Option<&'static str> {
        None
    }
    /// The day by which a voluntary change is counted.
    fn counting_day(&self, entry: &Entry, start: Date) -> Date;
}

#[derive(Default)]
pub struct Result {
    pub stays: Vec<Stay>,
    pub decisions: Vec<Decision>,
    /// (record, code)
    pub findings: Vec<(usize, &'static str)>,
    /// All records with an interval.
    pub entries: Vec<Entry>,
}

/// "Records of one person that start on the same day with different insurers compete first." Gives back those that stand.
pub fn same_day(all: &[Organisation], entries: Vec<Entry>, decisions: &mut Vec<Decision>) -> Vec<Entry> {
    let mut days: Vec<Date> = entries.iter().map(|entry| entry.from).collect();
    days.sort();
    days.dedup();
    let mut standing = Vec::new();
    for day in days {
        let of_day: Vec<Entry> = entries.iter().filter(|entry| entry.from == day).cloned().collect();
        standing.extend(compete(all, of_day, day, decisions));
    }
    standing
}

/// The competition of one day: the entries to the code that stands. "So is any stay that a record of that day and code later begins or joins": a tie is one
/// of all records of the standing code.
fn compete(all: &[Organisation], of_day: Vec<Entry>, day: Date, decisions: &mut Vec<Decision>) -> Vec<Entry> {
    let read = |entry: &Entry| organisations::read_on(all, &entry.code, day);
    let highest = of_day.iter().map(Entry::place).max().expect("the day has an entry");
    let mut best: Vec<&Entry> = of_day.iter().filter(|entry| entry.place() == highest).collect();
    best.sort_by_key(|entry| (read(entry), entry.position.clone()));
    let winner = best[0];
    let winning_code = read(winner);
    let is_tie = best.iter().any(|entry| read(entry) != winning_code);
    let mut standing = Vec::new();
    for entry in &of_day {
        if read(entry) == winning_code {
            standing.push(Entry { tied: entry.tied || is_tie, ..entry.clone() });
            continue;
        }
        decisions.push(Decision {
            outcome: "lost",
            rule: if entry.place() == highest { "SAME_DAY_TIE" } else { "SAME_DAY" },
            losing_code: read(entry),
            winning_code: winning_code.clone(),
            start: day,
            loser: entry.record,
            winner: winner.record,
            entry: None,
            counted_on: None,
            taken_on: None,
        });
    }
    standing
}

/// A turn of a record in the sweep (SEM-275); step 5 gives a second one.
#[derive(Clone)]
struct Turn {
    start: Date,
    /// The decision that refused the first turn.
    refusal: Option<usize>,
    /// It has competed with the others that are taken once more on its day.
    competed: bool,
    entry: Entry,
}

/// "Several records taken once more for one day with different insurers compete as on a same day, ties included."
fn compete_again(all: &[Organisation], start: Date, turns: &mut Vec<Turn>, decisions: &mut Vec<Decision>) {
    let (of_day, others): (Vec<Turn>, Vec<Turn>) =
        turns.drain(..).partition(|turn| turn.start == start && turn.refusal.is_some());
    *turns = others;
    for entry in compete(all, of_day.iter().map(|turn| turn.entry.clone()).collect(), start, decisions) {
        let turn = of_day.iter().find(|turn| turn.entry.record == entry.record).expect("one of the turns");
        turns.push(Turn { start, refusal: turn.refusal, competed: true, entry });
    }
}

/// The sweep over one person's (and profile's) standing records.
pub fn sweep(subject: &dyn Subject, standing: Vec<Entry>, result: &mut Result) {
    let all = subject.organisations();
    let mut turns: Vec<Turn> =
        standing.into_iter().map(|entry| Turn { start: entry.from, refusal: None, competed: false, entry }).collect();
    let mut counted: Vec<Date> = Vec::new();
    let mut stays: Vec<Stay> = Vec::new();
    while !turns.is_empty() {
        turns.sort_by_key(|turn| {
            let code = organisations::read_on(all, &turn.entry.code, turn.start);
            (turn.start, turn.refusal.is_some(), turn.entry.place(), code, turn.entry.position.clone())
        });
        if turns[0].refusal.is_some() && !turns[0].competed {
            compete_again(all, turns[0].start, &mut turns, &mut result.decisions);
            continue;
        }
        let Turn { start, refusal, entry, .. } = turns.remove(0);
        let code = organisations::read_on(all, &entry.code, start);
        let (from, to, unresolved, rests_on) = (start, entry.to, entry.tied, vec![entry.clone()]);
        let begun = Stay { code: code.clone(), from, to, unresolved, rests_on, decided: None };
        let Some(stay) = stays.last_mut() else {
            stays.push(begun); // step 1
            continue;
        };
        let stay_code = organisations::read_on(all, &stay.code, start);
        if stay_code == code && start <= stay.to {
            if refusal.is_none() && stay.from < start {
                result.findings.extend(subject.odd(&entry, true).map(|code| (entry.record, code)));
            }
            stay.to = stay.to.max(entry.to); // step 2
            stay.unresolved = stay.unresolved || entry.tied;
            stay.rests_on.push(entry);
            deferred(refusal, start, result);
        } else if stay.to <= start {
            if stay_code != code && subject.is_voluntary(&entry) {
                counted.push(subject.counting_day(&entry, start)); // step 3
            }
            stays.push(begun);
            deferred(refusal, start, result);
        } else if refusal.is_none() {
            result.findings.extend(subject.odd(&entry, false).map(|code| (entry.record, code)));
            match subject.verdict(&entry, start, stay, &counted) {
                Verdict::Permitted { rule, counted: counts, finding } => {
                    superseded(stay, start, rule, (&stay_code, &code), &entry, result);
                    stay.to = start;
                    if counts {
                        counted.push(subject.counting_day(&entry, start));
                    }
                    result.findings.extend(finding.map(|code| (entry.record, code)));
                    stays.push(begun);
                }
                Verdict::Refused { rule, used_up_on } => {
                    let refusal = refused(stay, start, rule, (&code, &stay_code), &entry, result);
                    result.decisions[refusal].counted_on = used_up_on;
                    if entry.to > stay.to {
                        turns.push(Turn { start: stay.to, refusal: Some(refusal), competed: false, entry }); // step 5
                    }
                }
            }
        }
    }
    result.stays.extend(stays);
}

/// Rule 5: "If it then begins or joins a stay, its decision becomes deferred with the same rule".
fn deferred(refusal: Option<usize>, start: Date, result: &mut Result) {
    if let Some(refusal) = refusal {
        result.decisions[refusal].outcome = "deferred";
        result.decisions[refusal].taken_on = Some(start);
    }
}

/// Rule 4, permitted: "every record that the old stay rests on and whose own end is later".
fn superseded(old: &Stay, start: Date, rule: &'static str, codes: (&str, &str), by: &Entry, result: &mut Result) {
    for entry in old.rests_on.iter().filter(|entry| entry.to > start) {
        result.decisions.push(Decision {
            outcome: "superseded",
            rule,
            losing_code: codes.0.to_string(),
            winning_code: codes.1.to_string(),
            start,
            loser: entry.record,
            winner: by.record,
            entry: None,
            counted_on: None,
            taken_on: None,
        });
    }
}

/// Rule 4, not permitted. Says which decision it is.
fn refused(stay: &Stay, start: Date, rule: &'static str, codes: (&str, &str), entry: &Entry, result: &mut Result) -> usize {
    let latest_end = stay.rests_on.iter().map(|entry| entry.to).max().expect("a stay rests on a record");
    let mut longest: Vec<&Entry> = stay.rests_on.iter().filter(|entry| entry.to == latest_end).collect();
    longest.sort_by_key(|entry| entry.position.clone());
    result.decisions.push(Decision {
        outcome: "refused",
        rule,
        losing_code: codes.0.to_string(),
        winning_code: codes.1.to_string(),
        start,
        loser: entry.record,
        winner: longest[0].record,
        entry: None,
        counted_on: None,
        taken_on: None,
    });
    result.decisions.len() - 1
}

/// Succession: "a stay that crosses such a date is written as two stays, the first ending on it".
pub fn written(all: &[Organisation], stays: Vec<Stay>) -> Vec<Stay> {
    let mut written = Vec::new();
    for stay in stays {
        assert!(stay.from < stay.to && stay.to <= FOREVER, "a stay has days");
        for (code, from, to) in organisations::split_at_successions(all, &stay.code, stay.from, stay.to) {
            written.push(Stay { code, from, to, ..stay.clone() });
        }
    }
    written
}
