//! Sentences in English. All sentences of a language stand in this one file, so that they can be read and corrected together.

use super::{
    DecisionContext, Difference, Label, RecordOutcome, Section, Sentences, last_day, localised, message, record_numbers,
};
use crate::explain::death::{AgreeingRecords, DeathNote, DeathVerdict, ReportedDeath};
use crate::explain::decided_by_people::Days;
use crate::explain::explanation::{
    Day, DecisionSide, ExplainedDecision, ExplainedFinding, ExplainedOverride, ExplainedStay, Money, Settings, StillAttached,
    Subject, WithoutInsurer,
};
use crate::explain::text::in_brackets;
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

/// Word for a stay of a subject.
fn stay(subject: Subject) -> &'static str {
    if subject == Subject::Insurer { "insurance" } else { "attachment" }
}

impl English {
    /// Interval with its last day.
    fn days(&self, Days { from, to }: Days) -> String {
        let to = to.map_or_else(String::new, |to| format!(" to {}", self.date(last_day(to))));
        format!("from {}{to}", self.date(from))
    }

    fn dated_file(&self, source_date: Option<&str>) -> String {
        source_date.map_or_else(|| "file without a date".to_owned(), |day| format!("file of {}", localised(self, day)))
    }

    /// Records that agree about a death, with the date of their file.
    fn agreeing_records(&self, records: &AgreeingRecords) -> String {
        format!("{} ({})", record_numbers(&records.numbers), self.dated_file(records.source_date.as_deref()))
    }

    /// Insurer or clinic of a decision of people, with the days.
    fn decided_stay(&self, entry: &ExplainedOverride) -> String {
        let Some(code) = &entry.code else { return String::new() };
        let interval = |from: Day| self.days(Days { from: from.0, to: entry.to.map(|to| to.0) });
        let days = entry.from.map_or_else(String::new, |from| format!(" {}", interval(from)));
        let profile = entry.profile.filter(|profile| *profile != 1);
        let profile = profile.map_or_else(String::new, |profile| format!(" ({})", profile_name(Some(profile))));
        format!(
            "{profile} is {}{}{days}",
            self.organisation(Subject::from_word(&entry.kind), code),
            in_brackets(entry.name.as_deref())
        )
    }

    /// Deaths that do not count; empty without any.
    fn deaths_set_aside(&self, deaths: &[ReportedDeath]) -> String {
        let death = |death: &ReportedDeath| format!("the death on {} in [{}]", self.date(death.day), death.record);
        let deaths: Vec<String> = deaths.iter().map(death).collect();
        if deaths.is_empty() { String::new() } else { format!("; not counted: {}", deaths.join(", ")) }
    }

    fn applied(&self, side: &DecisionSide) -> String {
        match (side.applied_on, side.from) {
            (Some(applied), Some(from)) if applied == from => {
                format!("{} (the first day of the record)", self.date(applied.0))
            }
            (Some(applied), _) => self.date(applied.0),
            (None, _) => "an unknown day".to_owned(),
        }
    }

    fn file(&self, side: &DecisionSide) -> String {
        side.source_date
            .as_deref()
            .map_or_else(|| "a file without a date".to_owned(), |day| format!("a file of {}", localised(self, day)))
    }

    fn year(&self, day: Option<Date>) -> String {
        day.map_or_else(String::new, |day| day.ymd().0.to_string())
    }

    fn same_day(&self, decision: &ExplainedDecision, is_taken_back: bool) -> String {
        let counts = if is_taken_back { "would count by the rules" } else { "counts" };
        let (loser, winner) = (&decision.loser, &decision.winner);
        let day = self.date(decision.start.0);
        let (losing, winning) =
            (self.organisation(decision.subject, &loser.code), self.organisation(decision.subject, &winner.code));
        if decision.subject == Subject::Insurer && loser.applied_on != winner.applied_on {
            return format!(
                "both records begin on {day}, and only one insurer is possible. The later application {counts}: that to {winning} is of {}, \
                that to {losing} of {}.",
                self.applied(winner),
                self.applied(loser)
            );
        }
        if decision.subject == Subject::Clinic && loser.method.unwrap_or(1) != winner.method.unwrap_or(1) {
            return format!(
                "both records begin on {day}, and only one clinic is possible. The stronger method {counts}: {winning} {}, {losing} {}.",
                self.method(winner.method),
                self.method(loser.method)
            );
        }
        let equal = if decision.subject == Subject::Insurer {
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

    fn tie(&self, decision: &ExplainedDecision, is_taken_back: bool) -> String {
        let stands = if is_taken_back { "would stand by the rules" } else { "stands until one of the two corrects its record" };
        let equal = if decision.subject == Subject::Insurer {
            format!("the day of application, {},", self.applied(&decision.winner))
        } else {
            format!("the method, {},", self.method(decision.winner.method))
        };
        format!(
            "both records begin on {}; {equal} and the date of the file, {}, are the same, so that nothing tells which is right. The smaller code, {}, \
            {stands}.",
            self.date(decision.start.0),
            decision.winner.source_date.as_deref().map_or_else(|| "none".to_owned(), |day| localised(self, day)),
            decision.winner.code
        )
    }

    fn at_will(&self, decision: &ExplainedDecision, settings: &Settings, tolerated: Option<&str>) -> String {
        let winner = &decision.winner;
        if let Some(code) = tolerated {
            return format!("the change broke the rule {code}, but the job lets such changes pass and only reports them.");
        }
        if decision.subject == Subject::Insurer {
            return format!(
                "the person changed by own choice. The application to {} is of {}: not later than {} of its year, and the right to change ({} a \
                year) was not used up in {}.",
                self.organisation(Subject::Insurer, &winner.code),
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
            self.organisation(Subject::Clinic, &winner.code),
            times(settings.clinic_changes_per_year)
        )
    }

    fn limit(&self, decision: &ExplainedDecision, settings: &Settings) -> String {
        let (what, often) = if decision.subject == Subject::Insurer {
            ("insurer", settings.insurer_changes_per_year)
        } else {
            ("clinic", settings.clinic_changes_per_year)
        };
        let period = if decision.subject == Subject::Clinic && settings.clinic_rolling {
            "in twelve months"
        } else {
            "in a calendar year"
        };
        let Some(counted) = decision.counted_on else {
            return format!("the rules of this job permit no change of the {what} by choice.");
        };
        let (used, this) = if decision.subject == Subject::Insurer {
            (
                format!("by the change applied for on {}", self.date(counted.0)),
                format!(
                    "the application to {} is of {}",
                    self.organisation(Subject::Insurer, &decision.loser.code),
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

impl Sentences for English {
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

    fn duplicate(&self, kept: &str) -> String {
        format!("This row repeats another one in every field: {kept}. The other one counts, this one does not.")
    }

    fn taken_over_by(&self, id: &str) -> String {
        format!("The id of the question is retired: its records belong to the person {id} now.")
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
        let insurer =
            format!("{}{}", self.organisation(Subject::Insurer, &left.insurer), in_brackets(left.insurer_name.as_deref()));
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

    fn still_attached(&self, attached: &StillAttached, row: &str) -> String {
        let cause = if attached.cause == "dead" { "the person is dead" } else { "the person is not insured" };
        format!(
            "The {}{} has not ended its attachment ({}; {row}), though {cause}: it has to end it or to clear it up.",
            self.organisation(Subject::Clinic, &attached.clinic),
            in_brackets(attached.clinic_name.as_deref()),
            profile_name(Some(attached.profile))
        )
    }

    fn not_in_register(&self, as_of: &str, last: Option<&ExplainedStay>, is_named: bool) -> String {
        let why = match last.map(|stay| (stay, stay.to)) {
            Some((ExplainedStay { death: Some(death), .. }, _)) => format!("The person died on {}.", self.date(death.0)),
            Some((stay, Some(to))) => format!(
                "The last insurance, with {}, ended: its last day was {}.",
                self.organisation(Subject::Insurer, &stay.code),
                self.date(last_day(to.0))
            ),
            Some((stay, None)) => {
                format!(
                    "The insurance with {} begins on {} only.",
                    self.organisation(Subject::Insurer, &stay.code),
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

    fn link_not_published(&self) -> &'static str {
        "Person: how it is linked is not told, since the run has no table `links`."
    }

    fn record_outcome(&self, outcome: RecordOutcome<'_>) -> String {
        match outcome {
            RecordOutcome::Rests { subject, numbers, in_force: true } => {
                format!("Counts: {} {numbers} of the timeline rests on it.", stay(subject))
            }
            RecordOutcome::Rests { subject: Subject::Insurer, numbers, .. } => {
                format!("Insurance {numbers} of the timeline rests on it.")
            }
            RecordOutcome::Rests { numbers, .. } => format!("Attachment {numbers} of the timeline rests on it."),
            RecordOutcome::GaveWay { number, stays: "", .. } => {
                format!("Gives way to what people decided, see decision {number}.")
            }
            RecordOutcome::GaveWay { number, subject, stays } => format!(
                "Gives way to what people decided, see decision {number}; {} {stays}, on which they decided, rests on it all the same, since it has no record of its own.",
                stay(subject)
            ),
            RecordOutcome::Death { code } => format!("A notice of a death by insurer {code}. It makes no stay of its own."),
            RecordOutcome::Decided { number, outcome: "lost" } => {
                format!("Does not count: it lost against another record, see decision {number}.")
            }
            RecordOutcome::Decided { number, outcome: "refused" } => {
                format!("Does not count: the change was refused, see decision {number}.")
            }
            RecordOutcome::Decided { number, outcome: "deferred" } => {
                format!("Counts later than it says, see decision {number}.")
            }
            RecordOutcome::Decided { number, outcome: "superseded" } => format!("Ended by a change, see decision {number}."),
            RecordOutcome::Decided { number, .. } => format!("See decision {number}."),
            RecordOutcome::TakenBack { number, by_people } => {
                format!("The rules are against it (decision {number}); people decided otherwise, see decision {by_people}.")
            }
            RecordOutcome::LeftOut { code } => format!("Does not count: {} ({code}).", self.rule(code).message),
            RecordOutcome::End { code, day, in_register } => {
                let what = if in_register { "the insurance with" } else { "the attachment to" };
                let last = day.map_or_else(|| "an unknown day".to_owned(), |day| self.date(last_day(day)));
                format!("A notice: {what} {} ended, its last day was {last}. It makes no stay of its own.", code)
            }
            RecordOutcome::Change { code, day } => {
                let day = day.map_or_else(|| "an unknown day".to_owned(), |day| self.date(day));
                format!("A notice: other data of the attachment to {code} from {day} on. It makes no stay of its own.")
            }
            RecordOutcome::NotPublished => "What became of it is not told by the tables of this run.".to_owned(),
        }
    }

    fn death(&self, note: &DeathNote, source_date: Option<&str>) -> String {
        match note {
            DeathNote::Reports { day, verdict } => {
                let reported = format!("Tells of a death on {}", self.date(*day));
                let reported_in = format!("{reported} ({})", self.dated_file(source_date));
                match verdict {
                    DeathVerdict::Unknown => format!("{reported}."),
                    DeathVerdict::Counts => format!("{reported}, which counts."),
                    DeathVerdict::EarlierCounts(counted) => {
                        format!("{reported}; an earlier one counts, that of {}.", self.date(*counted))
                    }
                    DeathVerdict::Decided(line) => {
                        format!(
                            "{reported_in}. It does not count by the decision of people in line {line} of the file of decisions."
                        )
                    }
                    DeathVerdict::TakenBack(records) => format!(
                        "{reported_in}. It does not count: {} is newer, and by it the person is insured after that day.",
                        self.agreeing_records(records)
                    ),
                    DeathVerdict::CountsContradicted { contradicting, is_same_date } => {
                        let why = if *is_same_date { "its file has the same date" } else { "nobody knows which file is newer" };
                        format!(
                            "{reported_in}. It counts, though {} contradicts it: {why}.",
                            self.agreeing_records(contradicting)
                        )
                    }
                }
            }
            DeathNote::Contradicts { day, reported_by, counts } => {
                let (age, then) = match (counts, &reported_by.source_date, source_date) {
                    (false, ..) => ("this record is newer", "so the death does not count"),
                    (true, Some(_), Some(_)) => ("this record is not newer", "so the death counts"),
                    (true, ..) => ("nobody knows which is newer", "so the death counts"),
                };
                let (records, file) = (self.agreeing_records(reported_by), self.dated_file(source_date));
                format!("Contradicts the death on {} of which {records} tells: {age} ({file}), {then}.", self.date(*day))
            }
        }
    }

    fn repeated_by(&self, rows: &str) -> String {
        format!("The same row was sent again and does not count there: {rows}.")
    }

    fn finding(&self, finding: &ExplainedFinding) -> String {
        let kind = if finding.severity == "error" { "Error" } else { "Note" };
        let field = finding.field.as_ref().map_or_else(String::new, |field| format!(", field {field}"));
        format!("{kind} {}{field}: {}.", finding.code, message(self, finding))
    }

    fn subject(&self, subject: Subject, profile: Option<i64>) -> String {
        if subject == Subject::Insurer { "insurance".to_owned() } else { profile_name(profile).to_owned() }
    }

    fn organisation(&self, subject: Subject, code: &str) -> String {
        format!("{} {code}", if subject == Subject::Insurer { "insurer" } else { "clinic" })
    }

    fn interval(&self, from: Date, to: Option<Date>) -> String {
        match to {
            Some(to) => format!("{} to {}", self.date(from), self.date(last_day(to))),
            None => format!("from {} on, no end", self.date(from)),
        }
    }

    fn gap(&self, subject: Subject, from: Date, to: Date) -> String {
        let what = if subject == Subject::Insurer { "no insurance" } else { "no clinic" };
        format!("({what} {} to {})", self.date(from), self.date(last_day(to)))
    }

    fn succession(&self, subject: Subject, from: &str, to: &str) -> String {
        let to = self.organisation(subject, to);
        format!(
            "({} became {to}: the same record goes on under the new code, which is no change)",
            self.organisation(subject, from)
        )
    }

    fn no_stays(&self, subject: Subject) -> &'static str {
        if subject == Subject::Insurer { "no insurance" } else { "no attachment" }
    }

    fn resting_on(&self, records: &str, decided_by: Option<i64>) -> String {
        let by_people = decided_by.map(|line| format!("by the decision of people in line {line}"));
        let by_records = Some(format!("rests on {records}")).filter(|_| by_people.is_none() || !records.is_empty());
        [by_people, by_records].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    fn no_decisions(&self) -> &'static str {
        "None."
    }

    fn heading(&self, decision: &ExplainedDecision) -> String {
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

    fn side(&self, decision: &ExplainedDecision, loser: bool) -> String {
        let side = if loser { &decision.loser } else { &decision.winner };
        let mut side_text = self.organisation(decision.subject, &side.code) + &in_brackets(side.name.as_deref());
        if let Some(from) = side.from {
            side_text += &format!(", from {}", self.date(from.0));
        }
        if let Some(applied) = side.applied_on.filter(|applied| Some(*applied) != side.from) {
            side_text += &format!(", applied for on {}", self.date(applied.0));
        }
        if let Some(reason) = &side.reason {
            side_text += &format!(", operation {reason}");
        }
        if decision.subject == Subject::Clinic && (loser || !decision.is_by_people()) {
            side_text += &format!(", {}", self.method(side.method));
        }
        side_text
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

    fn why(&self, decision: &ExplainedDecision, context: &DecisionContext<'_>) -> String {
        let DecisionContext { settings, tolerated, is_taken_back } = *context;
        let (loser, winner) = (&decision.loser, &decision.winner);
        let operation =
            |side: &DecisionSide| side.reason.as_ref().map_or_else(String::new, |reason| format!("operation {reason}"));
        match decision.rule.as_str() {
            "SAME_DAY" => self.same_day(decision, is_taken_back),
            "SAME_DAY_TIE" => self.tie(decision, is_taken_back),
            "CHANGE_AT_WILL" => self.at_will(decision, settings, tolerated),
            "CHANGE_MOVED" if decision.subject == Subject::Insurer => format!(
                "{} reports that the person moved ({}). After a move the insurer may be changed at any time; it does not use up the yearly right.",
                self.organisation(Subject::Insurer, &winner.code),
                operation(winner)
            ),
            "CHANGE_MOVED" => format!(
                "{} was chosen by application after a move. After a move the clinic may be changed at any time; it does not use up the yearly right.",
                self.organisation(Subject::Clinic, &winner.code)
            ),
            "CHANGE_CONTRACT_ENDED" => format!(
                "{} reports that the contract of the former insurer ended ({}). Such a change is possible at any time and does not use up the yearly right.",
                self.organisation(Subject::Insurer, &winner.code),
                operation(winner)
            ),
            "CHANGE_DEADLINE" => format!(
                "the application to {} is of {}, after the last day for it, {} {}.",
                self.organisation(Subject::Insurer, &loser.code),
                self.applied(loser),
                deadline(settings),
                self.year(loser.applied_on.map(|day| day.0))
            ),
            "CHANGE_LIMIT" => self.limit(decision, settings),
            "APPLICATION_OUTRANKS_RESIDENCE" => format!(
                "the person chose {} by application. An attachment by residence, which needs no wish of the person, does not replace it.",
                self.organisation(Subject::Clinic, &winner.code)
            ),
            "TERRITORY" => "both attachments are by residence, and of these the later one replaces the earlier.".to_owned(),
            rule => format!("{}.", self.rule(rule).message),
        }
    }

    fn outcome(&self, decision: &ExplainedDecision, days: Option<Days>) -> String {
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

    fn outcome_taken_back(&self, decision: &ExplainedDecision, by_people: usize, days: Option<Days>) -> String {
        let winning = self.organisation(decision.subject, &decision.winner.code);
        let days = days.map_or_else(String::new, |days| format!(" {}", self.days(days)));
        format!(
            "So the rules alone would leave the person with {winning}. People decided otherwise, and that stands{days}: see decision {by_people}."
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

    fn people_decided(&self, entry: &ExplainedOverride, deaths: &[ReportedDeath]) -> String {
        let kind = match entry.kind.as_str() {
            "same_person" => "the records are one person".to_owned(),
            "different_persons" if entry.other_persons.is_empty() => "the records are different persons".to_owned(),
            "different_persons" => {
                format!("the records are different persons; the other one is {}", entry.other_persons.join(", "))
            }
            "insurer" => "the insurer of the person".to_owned() + &self.decided_stay(entry),
            "clinic" => "the clinic of the person".to_owned() + &self.decided_stay(entry),
            "alive" => "the person is alive".to_owned() + &self.deaths_set_aside(deaths),
            kind => kind.to_owned(),
        };
        let state = match (entry.state.as_str(), entry.kind.as_str(), entry.gives_way_to) {
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
        let on = entry.decided_on.map_or_else(String::new, |day| format!(" on {}", self.date(day.0)));
        let until = entry.until.map_or_else(String::new, |day| format!(", until {}", self.date(last_day(day.0))));
        format!(
            "{} decided{on}{until}: {kind}. Reason: {}. State: {state} (line {} of the file of decisions).",
            entry.author, entry.reason, entry.line
        )
    }

    fn language(&self) -> Language {
        Language::English
    }
}
