//! English.

use super::{Days, Difference, Fate, Ground, Label, Section, Words, last_day, message, record_numbers, shown_day};
use crate::report::explain::death::{DeathNote, Verdict, Witnesses};
use crate::report::explain::text::named;
use crate::report::explain::told::{
    Day, DecisionTold, FindingTold, Money, OverrideTold, Settings, SideTold, StayTold, StillAttached, WithoutInsurer,
};
use sverka_model::Date;
use sverka_rules::Language;
use sverka_text::separate_thousands;

pub(super) struct English;

fn profile_name(profile: Option<i64>) -> &'static str {
    match profile {
        Some(1) | None => "therapeutic",
        Some(2) => "gynaecology",
        Some(3) => "dental",
        Some(4) => "ambulance",
        _ => "feldsher",
    }
}

/// What a stay of a subject is called.
fn stay(subject: &str) -> &'static str {
    if subject == "insurer" { "insurance" } else { "attachment" }
}

impl English {
    /// Days with the last one of them.
    fn days(&self, (from, to): Days) -> String {
        let to = to.map_or_else(String::new, |to| format!(" to {}", self.date(last_day(to))));
        format!("from {}{to}", self.date(from))
    }

    fn dated_file(&self, source_date: Option<&str>) -> String {
        source_date.map_or_else(|| "file without a date".to_owned(), |day| format!("file of {}", shown_day(self, day)))
    }

    /// Records that say the same of a death.
    fn witnesses(&self, of: &Witnesses) -> String {
        format!("{} ({})", record_numbers(&of.numbers), self.dated_file(of.source_date.as_deref()))
    }

    /// The insurer or clinic of a decision of people, and the days.
    fn decided_stay(&self, told: &OverrideTold) -> String {
        let Some(code) = &told.code else { return String::new() };
        let days = told.from.map_or_else(String::new, |from| format!(" {}", self.days((from.0, told.to.map(|to| to.0)))));
        let profile = told.profile.filter(|profile| *profile != 1);
        let profile = profile.map_or_else(String::new, |profile| format!(" ({})", profile_name(Some(profile))));
        format!("{profile} is {}{}{days}", self.organisation(&told.kind, code), named(told.name.as_deref()))
    }

    /// Deaths that do not count, as `people_decided` takes them.
    fn no_deaths(&self, deaths: &[(usize, Date)]) -> String {
        let told: Vec<String> =
            deaths.iter().map(|(number, day)| format!("the death on {} in [{number}]", self.date(*day))).collect();
        if told.is_empty() { String::new() } else { format!("; not counted: {}", told.join(", ")) }
    }

    fn applied(&self, side: &SideTold) -> String {
        match (side.applied_on, side.from) {
            (Some(applied), Some(from)) if applied == from => {
                format!("{} (the first day of the record)", self.date(applied.0))
            }
            (Some(applied), _) => self.date(applied.0),
            (None, _) => "an unknown day".to_owned(),
        }
    }

    fn file(&self, side: &SideTold) -> String {
        side.source_date
            .as_deref()
            .map_or_else(|| "a file without a date".to_owned(), |day| format!("a file of {}", shown_day(self, day)))
    }

    fn year(&self, day: Option<Date>) -> String {
        day.map_or_else(String::new, |day| day.ymd().0.to_string())
    }

    fn same_day(&self, decision: &DecisionTold, is_taken_back: bool) -> String {
        let counts = if is_taken_back { "would count by the rules" } else { "counts" };
        let (loser, winner) = (&decision.loser, &decision.winner);
        let day = self.date(decision.start.0);
        let (losing, winning) =
            (self.organisation(decision.subject, &loser.code), self.organisation(decision.subject, &winner.code));
        if decision.subject == "insurer" && loser.applied_on != winner.applied_on {
            return format!(
                "both records begin on {day}, and only one insurer is possible. The later application {counts}: that to {winning} is of {}, \
                that to {losing} of {}.",
                self.applied(winner),
                self.applied(loser)
            );
        }
        if decision.subject == "clinic" && loser.method.unwrap_or(1) != winner.method.unwrap_or(1) {
            return format!(
                "both records begin on {day}, and only one clinic is possible. The stronger method {counts}: {winning} {}, {losing} {}.",
                self.method(winner.method),
                self.method(loser.method)
            );
        }
        let equal = if decision.subject == "insurer" {
            format!("were applied for on {}", self.applied(winner))
        } else {
            "have equally strong methods".to_owned()
        };
        format!(
            "both records begin on {day} and {equal}. The younger file {counts}: the record of {winning} stands in {}, that of {losing} in {}.",
            self.file(winner),
            self.file(loser)
        )
    }

    fn tie(&self, decision: &DecisionTold, is_taken_back: bool) -> String {
        let stands = if is_taken_back { "would stand by the rules" } else { "stands until one of the two corrects its record" };
        let equal = if decision.subject == "insurer" {
            format!("the day of application, {},", self.applied(&decision.winner))
        } else {
            format!("the method, {},", self.method(decision.winner.method))
        };
        format!(
            "both records begin on {}; {equal} and the date of the file, {}, are the same, so that nothing tells which is right. The smaller code, {}, \
            {stands}.",
            self.date(decision.start.0),
            decision.winner.source_date.as_deref().map_or_else(|| "none".to_owned(), |day| shown_day(self, day)),
            decision.winner.code
        )
    }

    fn at_will(&self, decision: &DecisionTold, settings: &Settings, tolerated: Option<&str>) -> String {
        let winner = &decision.winner;
        if let Some(code) = tolerated {
            return format!("the change broke the rule {code}, but the job lets such changes pass and only reports them.");
        }
        if decision.subject == "insurer" {
            return format!(
                "the person changed by own choice. The application to {} is of {}: not later than {} of its year, and the right to change ({} a \
                year) was not used up in {}.",
                self.organisation("insurer", &winner.code),
                self.applied(winner),
                deadline(settings),
                times(settings.insurer_changes_per_year),
                self.year(winner.applied_on.map(|day| day.0))
            );
        }
        let period = if settings.clinic_rolling {
            "in the twelve months before".to_owned()
        } else {
            format!("in {}", self.year(Some(decision.start.0)))
        };
        format!(
            "{} was chosen by application, and the right to choose another clinic ({} a year) was not used up {period}.",
            self.organisation("clinic", &winner.code),
            times(settings.clinic_changes_per_year)
        )
    }

    fn limit(&self, decision: &DecisionTold, settings: &Settings) -> String {
        let (what, often) = if decision.subject == "insurer" {
            ("insurer", settings.insurer_changes_per_year)
        } else {
            ("clinic", settings.clinic_changes_per_year)
        };
        let period =
            if decision.subject == "clinic" && settings.clinic_rolling { "in twelve months" } else { "in a calendar year" };
        let Some(counted) = decision.counted_on else {
            return format!("the rules of this job permit no change of the {what} by choice.");
        };
        let (used, this) = if decision.subject == "insurer" {
            (
                format!("by the change applied for on {}", self.date(counted.0)),
                format!(
                    "the application to {} is of {}",
                    self.organisation("insurer", &decision.loser.code),
                    self.applied(&decision.loser)
                ),
            )
        } else {
            (
                format!("by the change of {}", self.date(counted.0)),
                format!("this one would be on {}", self.date(decision.start.0)),
            )
        };
        format!("the {what} may be changed by choice {} {period}. The right was already used up {used}; {this}.", times(often))
    }
}

fn times(often: i64) -> String {
    match often {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        often => format!("{often} times"),
    }
}

fn deadline(settings: &Settings) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let Some((month, day)) = settings.insurer_deadline.split_once('-') else { return settings.insurer_deadline.clone() };
    let name = month.parse().ok().and_then(|month: usize| MONTHS.get(month.wrapping_sub(1)));
    name.map_or_else(|| settings.insurer_deadline.clone(), |name| format!("{} {name}", day.trim_start_matches('0')))
}

impl Words for English {
    fn date(&self, day: Date) -> String {
        day.to_string()
    }

    fn section(&self, section: Section) -> &'static str {
        match section {
            Section::Who => "WHO",
            Section::Records => "RECORDS",
            Section::Timeline => "TIMELINE",
            Section::Decisions => "DECISIONS",
            Section::Money => "MONEY",
            Section::People => "DECIDED BY PEOPLE",
        }
    }

    fn label(&self, label: Label) -> &'static str {
        match label {
            Label::Name => "Name",
            Label::Born => "Born",
            Label::Enp => "ENP",
            Label::Snils => "SNILS",
            Label::Policy => "Policy",
            Label::Insurer => "Insured with",
            Label::Clinic => "Attached to",
            Label::Address => "Address",
            Label::Numbers => "Numbers ever used",
            Label::Why => "Why",
            Label::Basis => "Basis",
            Label::ToDo => "What to do",
        }
    }

    fn title(&self, person: &str, run: &str, as_of: &str) -> String {
        format!("PERSON {person}, register as of {as_of} (D), run {run}")
    }

    fn several(&self, by: &str, persons: usize, apart: &[Difference]) -> String {
        let name = |difference: &Difference| match difference {
            Difference::GivenName => "given name",
            Difference::BirthDate => "birth date",
            Difference::Sex => "sex",
            Difference::Snils => "SNILS",
        };
        let names: Vec<&str> = apart.iter().map(name).collect();
        let apart = if names.is_empty() { String::new() } else { format!(" They differ in: {}.", names.join(", ")) };
        format!("This {by} is used by {persons} different persons.{apart} They are explained one after another.")
    }

    fn person_of(&self, number: usize, of: usize) -> String {
        format!("===== {number} of {of} =====")
    }

    fn quarantined(&self, raw_bytes: Option<i64>) -> String {
        let raw = raw_bytes.filter(|bytes| *bytes > 0).map_or_else(String::new, |bytes| {
            format!(" The column raw of the table quarantine shows it as received ({bytes} bytes).")
        });
        format!("This row was not accepted: it has errors and belongs to nobody until its sender corrects it.{raw}")
    }

    fn duplicate(&self, place: &str) -> String {
        format!("This row repeats another one in every field: {place}. The other one counts, this one does not.")
    }

    fn missing_tables(&self, tables: &str) -> String {
        format!("Not told here, because the run was published without these tables: {tables}. Add them to `tables` of the job.")
    }

    fn candidates(&self, persons: usize) -> String {
        format!("{persons} persons of this name and birth date; ask for one of them by its number (sverka explain NUMBER):")
    }

    fn outside(&self) -> &'static str {
        "not in the register"
    }

    fn without_insurer(&self, left: &WithoutInsurer) -> String {
        let day = |day: Option<Day>| day.map_or_else(|| "an unknown day".to_owned(), |day| self.date(day.0));
        let insurer = format!("{}{}", self.organisation("insurer", &left.insurer), named(left.insurer_name.as_deref()));
        let last = left.choose_by.map(|day| Day(last_day(day.0)));
        let (ends, next) = if left.overdue {
            ("ended", "Nobody chose another one in that time, so the fund distributes the person.")
        } else {
            ("ends", "Until the end of that day the person may choose another one.")
        };
        format!(
            "The {insurer} left the region; the first day without it is {}. The time to choose another one {ends} on {}. {next}",
            day(left.left_on),
            day(last)
        )
    }

    fn still_attached(&self, attached: &StillAttached, place: &str) -> String {
        let cause = if attached.cause == "dead" { "the person is dead" } else { "the person is not insured" };
        format!(
            "The {}{} has not ended its attachment ({}; {place}), though {cause}: it has to end it or to clear it up.",
            self.organisation("clinic", &attached.clinic),
            named(attached.clinic_name.as_deref()),
            profile_name(Some(attached.profile))
        )
    }

    fn not_in_register(&self, as_of: &str, last: Option<&StayTold>, is_named: bool) -> String {
        let why = match last.map(|stay| (stay, stay.to)) {
            Some((StayTold { death: Some(death), .. }, _)) => format!("The person died on {}.", self.date(death.0)),
            Some((stay, Some(to))) => format!(
                "The last insurance, with {}, ended: its last day was {}.",
                self.organisation("insurer", &stay.code),
                self.date(last_day(to.0))
            ),
            Some((stay, None)) => {
                format!(
                    "The insurance with {} begins on {} only.",
                    self.organisation("insurer", &stay.code),
                    self.date(stay.from.0)
                )
            }
            None => "No insurance of the person is known.".to_owned(),
        };
        let names = if is_named { "" } else { " The name of the person stands in the sources only." };
        format!("Not in the register on {as_of}: not insured on that day. {why}{names}")
    }

    fn sex_and_age(&self, sex: i64, age: i64) -> String {
        format!("{}, age {age}", if sex == 1 { "male" } else { "female" })
    }

    fn policy_kind(&self, kind: Option<i64>) -> &'static str {
        match kind {
            Some(1) => "old-style policy",
            Some(2) => "temporary certificate",
            Some(3) => "single-sample policy (ENP)",
            _ => "policy of unknown kind",
        }
    }

    fn method(&self, method: Option<i64>) -> &'static str {
        match method {
            Some(1) => "by residence",
            Some(2) => "by application",
            Some(3) => "by application after a move",
            _ => "by residence (no method given)",
        }
    }

    fn since(&self, day: Option<Date>) -> String {
        day.map_or_else(String::new, |day| format!("since {}", self.date(day)))
    }

    fn unresolved(&self) -> &'static str {
        "UNRESOLVED: equally strong records name others"
    }

    fn no_clinic(&self) -> &'static str {
        "no clinic"
    }

    fn number_state(&self, survives: bool, in_register: bool) -> &'static str {
        match (survives, in_register) {
            (true, true) => "in force",
            (true, false) => "the last one",
            (false, _) => "former",
        }
    }

    fn table(&self, table: &str) -> &'static str {
        if table == "register" { "register of insured persons" } else { "attachments" }
    }

    fn line(&self, line: i64) -> String {
        format!("line {line}")
    }

    fn sender_id(&self, id: &str) -> String {
        format!("sender's number {id}")
    }

    fn first_record(&self) -> &'static str {
        "Person: the first record; the others are linked to it."
    }

    fn linked(&self, to: usize, rule: &str) -> String {
        format!("Person: the same as in [{to}], {} ({rule}).", self.rule(rule).message)
    }

    fn link_not_told(&self) -> &'static str {
        "Person: how it is linked is not told, since the run has no table `links`."
    }

    fn fate(&self, fate: Fate<'_>) -> String {
        match fate {
            Fate::Rests { subject, numbers, in_force: true } => {
                format!("Counts: {} {numbers} of the timeline rests on it.", stay(subject))
            }
            Fate::Rests { subject: "insurer", numbers, .. } => format!("Insurance {numbers} of the timeline rests on it."),
            Fate::Rests { numbers, .. } => format!("Attachment {numbers} of the timeline rests on it."),
            Fate::GaveWay { number, stays: "", .. } => format!("Gives way to what people decided, see decision {number}."),
            Fate::GaveWay { number, subject, stays } => format!(
                "Gives way to what people decided, see decision {number}; {} {stays}, on which they decided, rests on it all the same, since it has no record of its own.",
                stay(subject)
            ),
            Fate::Death { code } => format!("A notice of a death by insurer {code}. It makes no stay of its own."),
            Fate::Decided { number, outcome: "lost" } => {
                format!("Does not count: it lost against another record, see decision {number}.")
            }
            Fate::Decided { number, outcome: "refused" } => {
                format!("Does not count: the change was refused, see decision {number}.")
            }
            Fate::Decided { number, outcome: "deferred" } => format!("Counts later than it says, see decision {number}."),
            Fate::Decided { number, outcome: "superseded" } => format!("Ended by a change, see decision {number}."),
            Fate::Decided { number, .. } => format!("See decision {number}."),
            Fate::TakenBack { number, of_people } => {
                format!("The rules are against it (decision {number}); people decided otherwise, see decision {of_people}.")
            }
            Fate::LeftOut { code } => format!("Does not count: {} ({code}).", self.rule(code).message),
            Fate::End { code, day, register } => {
                let what = if register { "the insurance with" } else { "the attachment to" };
                let last = day.map_or_else(|| "an unknown day".to_owned(), |day| self.date(last_day(day)));
                format!("A notice: {what} {} ended, its last day was {last}. It makes no stay of its own.", code)
            }
            Fate::Change { code, day } => {
                let day = day.map_or_else(|| "an unknown day".to_owned(), |day| self.date(day));
                format!("A notice: other data of the attachment to {code} from {day} on. It makes no stay of its own.")
            }
            Fate::NotTold => "What became of it is not told by the tables of this run.".to_owned(),
        }
    }

    fn death(&self, note: &DeathNote, source_date: Option<&str>) -> String {
        match note {
            DeathNote::Tells { day, verdict } => {
                let told = format!("Tells of a death on {}", self.date(*day));
                let told_in = format!("{told} ({})", self.dated_file(source_date));
                match verdict {
                    Verdict::Unknown => format!("{told}."),
                    Verdict::Counts => format!("{told}, which counts."),
                    Verdict::EarlierCounts(counted) => format!("{told}; an earlier one counts, that of {}.", self.date(*counted)),
                    Verdict::Decided(line) => {
                        format!("{told_in}. It does not count by the decision of people in line {line} of the file of decisions.")
                    }
                    Verdict::TakenBack(by) => format!(
                        "{told_in}. It does not count: {} is newer, and by it the person is insured after that day.",
                        self.witnesses(by)
                    ),
                    Verdict::CountsContradicted(by, is_same_date) => {
                        let why = if *is_same_date { "its file has the same date" } else { "nobody knows which file is newer" };
                        format!("{told_in}. It counts, though {} contradicts it: {why}.", self.witnesses(by))
                    }
                }
            }
            DeathNote::Contradicts { day, told_by, counts } => {
                let (age, then) = match (counts, &told_by.source_date, source_date) {
                    (false, ..) => ("this record is newer", "so the death does not count"),
                    (true, Some(_), Some(_)) => ("this record is not newer", "so the death counts"),
                    (true, ..) => ("nobody knows which is newer", "so the death counts"),
                };
                let (witnesses, file) = (self.witnesses(told_by), self.dated_file(source_date));
                format!("Contradicts the death on {} of which {witnesses} tells: {age} ({file}), {then}.", self.date(*day))
            }
        }
    }

    fn repeated_by(&self, places: &str) -> String {
        format!("The same row was sent again and does not count there: {places}.")
    }

    fn finding(&self, finding: &FindingTold) -> String {
        let kind = if finding.severity == "error" { "Error" } else { "Note" };
        let field = finding.field.as_ref().map_or_else(String::new, |field| format!(", field {field}"));
        format!("{kind} {}{field}: {}.", finding.code, message(self, finding))
    }

    fn subject(&self, subject: &str, profile: Option<i64>) -> String {
        if subject == "insurer" { "insurance".to_owned() } else { profile_name(profile).to_owned() }
    }

    fn organisation(&self, subject: &str, code: &str) -> String {
        format!("{} {code}", if subject == "insurer" { "insurer" } else { "clinic" })
    }

    fn interval(&self, from: Date, to: Option<Date>) -> String {
        match to {
            Some(to) => format!("{} to {}", self.date(from), self.date(last_day(to))),
            None => format!("from {} on, no end", self.date(from)),
        }
    }

    fn gap(&self, subject: &str, from: Date, to: Date) -> String {
        let what = if subject == "insurer" { "no insurance" } else { "no clinic" };
        format!("({what} {} to {})", self.date(from), self.date(last_day(to)))
    }

    fn succession(&self, subject: &str, from: &str, to: &str) -> String {
        let to = self.organisation(subject, to);
        format!(
            "({} became {to}: the same record goes on under the new code, which is no change)",
            self.organisation(subject, from)
        )
    }

    fn no_stays(&self, subject: &str) -> &'static str {
        if subject == "insurer" { "no insurance" } else { "no attachment" }
    }

    fn resting_on(&self, records: &str, decided_by: Option<i64>) -> String {
        let by_people = decided_by.map(|line| format!("by the decision of people in line {line}"));
        let by_records = Some(format!("rests on {records}")).filter(|_| by_people.is_none() || !records.is_empty());
        [by_people, by_records].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    fn no_decisions(&self) -> &'static str {
        "None."
    }

    fn heading(&self, decision: &DecisionTold) -> String {
        let subject = decision.subject;
        let (losing, winning) =
            (self.organisation(subject, &decision.loser.code), self.organisation(subject, &decision.winner.code));
        let day = self.date(decision.start.0);
        let profile = match decision.profile {
            Some(profile) if profile != 1 => format!(" ({})", profile_name(Some(profile))),
            _ => String::new(),
        };
        match decision.outcome.as_str() {
            "lost" => format!("{day}: {winning} and not {losing}{profile}"),
            "superseded" => format!("{day}: changed from {losing} to {winning}{profile}"),
            "refused" => format!("{day}: change from {winning} to {losing} refused{profile}"),
            "deferred" => format!("{day}: change from {winning} to {losing} put off{profile}"),
            _ => format!("{day}: {winning} stands against {losing}{profile}"),
        }
    }

    fn side(&self, decision: &DecisionTold, loser: bool) -> String {
        let side = if loser { &decision.loser } else { &decision.winner };
        let mut told = self.organisation(decision.subject, &side.code) + &named(side.name.as_deref());
        if let Some(from) = side.from {
            told += &format!(", from {}", self.date(from.0));
        }
        if let Some(applied) = side.applied_on.filter(|applied| Some(*applied) != side.from) {
            told += &format!(", applied for on {}", self.date(applied.0));
        }
        if let Some(reason) = &side.reason {
            told += &format!(", operation {reason}");
        }
        if decision.subject == "clinic" && (loser || !decision.is_of_people()) {
            told += &format!(", {}", self.method(side.method));
        }
        told
    }

    fn side_name(&self, outcome: &str, loser: bool, is_taken_back: bool) -> &'static str {
        if is_taken_back {
            return if loser { "Weaker by the rules" } else { "Stronger by the rules" };
        }
        match (outcome, loser) {
            ("superseded", true) => "Former record",
            ("superseded", false) => "New record",
            ("refused", true) => "Refused",
            ("refused" | "deferred", false) => "Remains",
            ("deferred", true) => "Put off",
            (_, true) => "Gives way",
            (_, false) => "Stands",
        }
    }

    fn why(&self, decision: &DecisionTold, ground: &Ground<'_>) -> String {
        let Ground { settings, tolerated, is_taken_back } = *ground;
        let (loser, winner) = (&decision.loser, &decision.winner);
        let operation = |side: &SideTold| side.reason.as_ref().map_or_else(String::new, |reason| format!("operation {reason}"));
        match decision.rule.as_str() {
            "SAME_DAY" => self.same_day(decision, is_taken_back),
            "SAME_DAY_TIE" => self.tie(decision, is_taken_back),
            "CHANGE_AT_WILL" => self.at_will(decision, settings, tolerated),
            "CHANGE_MOVED" if decision.subject == "insurer" => format!(
                "{} reports that the person moved ({}). After a move the insurer may be changed at any time; it does not use up the yearly right.",
                self.organisation("insurer", &winner.code),
                operation(winner)
            ),
            "CHANGE_MOVED" => format!(
                "{} was chosen by application after a move. After a move the clinic may be changed at any time; it does not use up the yearly right.",
                self.organisation("clinic", &winner.code)
            ),
            "CHANGE_CONTRACT_ENDED" => format!(
                "{} reports that the contract of the former insurer ended ({}). Such a change is possible at any time and does not use up the yearly right.",
                self.organisation("insurer", &winner.code),
                operation(winner)
            ),
            "CHANGE_DEADLINE" => format!(
                "the application to {} is of {}, after the last day for it, {} {}.",
                self.organisation("insurer", &loser.code),
                self.applied(loser),
                deadline(settings),
                self.year(loser.applied_on.map(|day| day.0))
            ),
            "CHANGE_LIMIT" => self.limit(decision, settings),
            "APPLICATION_OUTRANKS_RESIDENCE" => format!(
                "the person chose {} by application. An attachment by residence, which needs no wish of the person, does not replace it.",
                self.organisation("clinic", &winner.code)
            ),
            "TERRITORY" => "both attachments are by residence, and of these the later one replaces the earlier.".to_owned(),
            rule => format!("{}.", self.rule(rule).message),
        }
    }

    fn outcome(&self, decision: &DecisionTold, days: Option<Days>) -> String {
        let (losing, winning) = (
            self.organisation(decision.subject, &decision.loser.code),
            self.organisation(decision.subject, &decision.winner.code),
        );
        match decision.outcome.as_str() {
            "lost" => format!(
                "So the person stands with {winning} from {}; the record of {losing} does not count.",
                self.date(decision.start.0)
            ),
            "superseded" => format!(
                "So the last day with {losing} is {}, and from {} on the person is with {winning}.",
                self.date(last_day(decision.start.0)),
                self.date(decision.start.0)
            ),
            "refused" => format!("So the person stays with {winning}, and the record of {losing} does not count."),
            "deferred" => {
                let day =
                    decision.taken_on.map_or_else(|| "when that stay ended".to_owned(), |day| format!("on {}", self.date(day.0)));
                format!(
                    "So the person stays with {winning} for the time being; the record of {losing} takes effect {day}, when the stay with {winning} has ended."
                )
            }
            _ => match days {
                Some(days) => format!("So the person stands with {winning} {}.", self.days(days)),
                None => format!("So the person stands with {winning}."),
            },
        }
    }

    fn outcome_taken_back(&self, decision: &DecisionTold, of_people: usize, days: Option<Days>) -> String {
        let winning = self.organisation(decision.subject, &decision.winner.code);
        let days = days.map_or_else(String::new, |days| format!(" {}", self.days(days)));
        format!(
            "So the rules alone would leave the person with {winning}. People decided otherwise, and that stands{days}: see decision {of_people}."
        )
    }

    fn money(&self, money: &Money, as_of: &str) -> String {
        match money {
            Money::Paid { clinic, insurer, band, norm, heads, amount } => {
                let band = band.as_ref().map_or_else(String::new, |band| format!(", age band {band}"));
                format!(
                    "Clinic {clinic} is paid for the person by insurer {insurer}: {norm} roubles a month{band}. The clinic gets as much for each of its \
                    {heads} heads, {} roubles a month in all.",
                    separate_thousands(amount)
                )
            }
            Money::NotInRegister => format!("Nobody is paid for the person: not in the register on {as_of}."),
            Money::Unattached => format!("Nobody is paid for the person: attached to no clinic (therapeutic) on {as_of}."),
            Money::InsurerUnresolved => {
                "Nobody is paid for the person until it is settled which insurer is right: equally strong records name several."
                    .to_owned()
            }
            Money::ClinicUnresolved => {
                "Nobody is paid for the person until it is settled which clinic is right: equally strong records name several."
                    .to_owned()
            }
            Money::ClinicNotPaid { clinic } => format!(
                "Nobody is paid for the person: clinic {clinic} does not work on {as_of}, or may not have attached people."
            ),
            Money::Unknown => "Not told: the run was published without the tables of the register or of the money.".to_owned(),
        }
    }

    fn people_decided(&self, told: &OverrideTold, deaths: &[(usize, Date)]) -> String {
        let kind = match told.kind.as_str() {
            "same_person" => "the records are one person".to_owned(),
            "different_persons" if told.other_persons.is_empty() => "the records are different persons".to_owned(),
            "different_persons" => {
                format!("the records are different persons; the other one is {}", told.other_persons.join(", "))
            }
            "insurer" => "the insurer of the person".to_owned() + &self.decided_stay(told),
            "clinic" => "the clinic of the person".to_owned() + &self.decided_stay(told),
            "alive" => "the person is alive".to_owned() + &self.no_deaths(deaths),
            kind => kind.to_owned(),
        };
        let state = match (told.state.as_str(), told.kind.as_str(), told.gives_way_to) {
            ("applied", "same_person", Some(line)) => {
                format!("does not hold, since the decision in line {line} that the persons are different is stronger")
            }
            ("applied", _, Some(line)) => {
                format!("applied, but on the days that both are about the later decision in line {line} holds")
            }
            ("applied", ..) => "applied".to_owned(),
            ("no_effect", ..) => "changed nothing".to_owned(),
            ("not_found", ..) => "not applied: a record was not found".to_owned(),
            ("ambiguous", ..) => "not applied: the records are of several persons".to_owned(),
            ("without_record", ..) => "not applied: there is no record that it could rest on".to_owned(),
            ("ended", ..) => "no longer holds".to_owned(),
            (state, ..) => state.to_owned(),
        };
        let on = told.decided_on.map_or_else(String::new, |day| format!(" on {}", self.date(day.0)));
        let until = told.until.map_or_else(String::new, |day| format!(", until {}", self.date(last_day(day.0))));
        format!(
            "{} decided{on}{until}: {kind}. Reason: {}. State: {state} (line {} of the file of decisions).",
            told.author, told.reason, told.line
        )
    }

    fn language(&self) -> Language {
        Language::English
    }
}
