//! The parts that insurers and clinics have in common: the competition of a day (SEM-274), and the sweep with its five rules (SEM-275). What differs
//! between insurers and clinics comes through [`Subject`].

use super::dates::{Date, FOREVER, Interval};
use super::organisations::{self, Organisation, Piece};
use super::records::Position;

/// A record with the interval for which it claims the person.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number of the record in the run.
    pub record: usize,
    pub position: Position,
    pub code: String,
    pub from: Date,
    pub to: Date,
    /// The first criterion between entries of one day: the application date as a number, or the method's rank.
    pub rank: u32,
    pub source_date: Option<Date>,
    /// Whether the code won its day although another code was as strong.
    pub tied: bool,
}

impl Entry {
    /// The order of entries of one day; a missing source date is the earliest.
    fn strength(&self) -> (u32, Option<Date>) {
        (self.rank, self.source_date)
    }

    pub fn interval(&self) -> Interval {
        Interval { from: self.from, to: self.to }
    }
}

/// An interval in which a person is with one insurer or clinic.
#[derive(Clone, Debug)]
pub struct Stay {
    pub code: String,
    pub from: Date,
    pub to: Date,
    pub unresolved: bool,
    pub rests_on: Vec<Entry>,
    /// The entry of the overrides that the stay comes from.
    pub decided: Option<usize>,
}

impl Stay {
    pub fn interval(&self) -> Interval {
        Interval { from: self.from, to: self.to }
    }
}

/// A record that gave way to another one, or to people.
#[derive(Clone, Debug)]
pub struct Decision {
    pub outcome: &'static str,
    pub rule: &'static str,
    pub losing_code: String,
    pub winning_code: String,
    pub start: Date,
    pub loser: usize,
    pub winner: usize,
    /// The winning entry of the overrides; `winner` has no meaning then.
    pub entry: Option<usize>,
    /// Counting day of the last change that had used up the limit.
    pub counted_on: Option<Date>,
    /// Start of the second turn, when the record then began or joined a stay.
    pub taken_on: Option<Date>,
}

/// The outcome of rule 4: a record of another code while a stay lasts (SEM-275).
pub enum Verdict {
    Permitted {
        rule: &'static str,
        counted: bool,
        finding: Option<&'static str>,
    },
    /// `used_up_on` is the counting day of the last change that had used up the limit.
    Refused {
        rule: &'static str,
        used_up_on: Option<Date>,
    },
}

/// The rules that differ between insurers and clinics.
pub trait Subject {
    fn organisations(&self) -> &[Organisation];
    /// Rule 4: another code while the stay lasts. `counted` are the counting days of the voluntary changes so far.
    fn verdict(&self, entry: &Entry, start: Date, stay: &Stay, counted: &[Date]) -> Verdict;
    /// Rule 3: whether a change without an overlap counts.
    fn is_voluntary(&self, entry: &Entry) -> bool;
    /// The finding about the reason of a record that joins an earlier stay of the same code, or meets a stay of another code.
    fn reason_finding(&self, _entry: &Entry, _same: bool) -> Option<&'static str> {
        None
    }
    /// The day by which a voluntary change is counted.
    fn counting_day(&self, entry: &Entry, start: Date) -> Date;
}

/// Stays of one person (and profile), with decisions and findings.
#[derive(Default)]
pub struct Result {
    pub stays: Vec<Stay>,
    pub decisions: Vec<Decision>,
    /// (record, code)
    pub findings: Vec<(usize, &'static str)>,
    /// The records whose interval has days.
    pub entries: Vec<Entry>,
}

/// "Records of one person that start on the same day with different insurers compete first." Returns the entries that win their day.
pub fn standing(all: &[Organisation], entries: Vec<Entry>, decisions: &mut Vec<Decision>) -> Vec<Entry> {
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

/// The competition of one day: the entries of the code that wins it. All of them are tied when the code won by a tie: "So is any stay that a record of
/// that day and code later begins or joins".
fn compete(all: &[Organisation], of_day: Vec<Entry>, day: Date, decisions: &mut Vec<Decision>) -> Vec<Entry> {
    let read = |entry: &Entry| organisations::read_on(all, &entry.code, day);
    let highest = of_day.iter().map(Entry::strength).max().expect("the day has an entry");
    let mut best: Vec<&Entry> = of_day.iter().filter(|entry| entry.strength() == highest).collect();
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
            rule: if entry.strength() == highest { "SAME_DAY_TIE" } else { "SAME_DAY" },
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

/// A turn of a record in the sweep (SEM-275); step 5 gives a refused record a second one.
#[derive(Clone)]
struct Turn {
    start: Date,
    /// The decision that refused the first turn.
    refusal: Option<usize>,
    /// Whether the turn has competed with the other second turns of its day.
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
            (turn.start, turn.refusal.is_some(), turn.entry.strength(), code, turn.entry.position.clone())
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
                result.findings.extend(subject.reason_finding(&entry, true).map(|code| (entry.record, code)));
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
            result.findings.extend(subject.reason_finding(&entry, false).map(|code| (entry.record, code)));
            match subject.verdict(&entry, start, stay, &counted) {
                Verdict::Permitted { rule, counted: counts, finding } => {
                    superseded(stay, start, rule, Codes { losing: &stay_code, winning: &code }, &entry, result);
                    stay.to = start;
                    if counts {
                        counted.push(subject.counting_day(&entry, start));
                    }
                    result.findings.extend(finding.map(|code| (entry.record, code)));
                    stays.push(begun);
                }
                Verdict::Refused { rule, used_up_on } => {
                    let refusal = refused(stay, start, rule, Codes { losing: &code, winning: &stay_code }, &entry, result);
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

/// The codes of both sides of a decision, as read on its day.
struct Codes<'a> {
    losing: &'a str,
    winning: &'a str,
}

/// Rule 4, permitted: "every record that the old stay rests on and whose own end is later".
fn superseded(old: &Stay, start: Date, rule: &'static str, codes: Codes, by: &Entry, result: &mut Result) {
    for entry in old.rests_on.iter().filter(|entry| entry.to > start) {
        result.decisions.push(Decision {
            outcome: "superseded",
            rule,
            losing_code: codes.losing.to_string(),
            winning_code: codes.winning.to_string(),
            start,
            loser: entry.record,
            winner: by.record,
            entry: None,
            counted_on: None,
            taken_on: None,
        });
    }
}

/// Rule 4, not permitted. Returns the number of the decision.
fn refused(stay: &Stay, start: Date, rule: &'static str, codes: Codes, entry: &Entry, result: &mut Result) -> usize {
    let latest_end = stay.rests_on.iter().map(|entry| entry.to).max().expect("a stay rests on a record");
    let mut longest: Vec<&Entry> = stay.rests_on.iter().filter(|entry| entry.to == latest_end).collect();
    longest.sort_by_key(|entry| entry.position.clone());
    result.decisions.push(Decision {
        outcome: "refused",
        rule,
        losing_code: codes.losing.to_string(),
        winning_code: codes.winning.to_string(),
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
pub fn split_at_successions(all: &[Organisation], stays: Vec<Stay>) -> Vec<Stay> {
    let mut pieces = Vec::new();
    for stay in stays {
        assert!(stay.from < stay.to && stay.to <= FOREVER, "a stay has days");
        for Piece { code, interval } in organisations::split_at_successions(all, &stay.code, stay.interval()) {
            pieces.push(Stay { code, from: interval.from, to: interval.to, ..stay.clone() });
        }
    }
    pieces
}
