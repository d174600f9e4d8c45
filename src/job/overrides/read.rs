//! Keys of the overrides file, and resolution of its entries.

use serde::Deserialize;
use toml::{Spanned, Value};

use super::error::{OverridesError, OverridesFault};
use super::selector_text::{rows, selectors};
use sverka_formats::{line_at, toml_problem};
use sverka_model::{Date, OrganisationId, Profile};
use sverka_reference::setting;
use sverka_reference::{Clinics, Insurers};
use sverka_settings::{Entry, Overrides, Ruling, Selector, Sides, StayRuling};

/// Context for resolving entries.
#[derive(Clone, Copy)]
pub struct OverridesContext<'g> {
    /// As-of date of the run.
    pub as_of: Date,
    /// Insurers of the region.
    pub insurers: &'g Insurers,
    /// Clinics of the region.
    pub clinics: &'g Clinics,
    /// Number of days after which an entry is due for review; `None`: never.
    pub review_days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    #[serde(default)]
    same_person: Vec<Spanned<EntryText>>,
    #[serde(default)]
    different_persons: Vec<Spanned<EntryText>>,
    #[serde(default)]
    insurer: Vec<Spanned<EntryText>>,
    #[serde(default)]
    clinic: Vec<Spanned<EntryText>>,
    #[serde(default)]
    alive: Vec<Spanned<EntryText>>,
    #[serde(default)]
    ignore: Vec<Spanned<EntryText>>,
}

/// Keys of all kinds of entries. The keys of each kind are checked afterwards.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryText {
    one: Option<Spanned<Value>>,
    other: Option<Spanned<Value>>,
    person: Option<Spanned<Value>>,
    record: Option<Spanned<Value>>,
    insurer: Option<Spanned<String>>,
    clinic: Option<Spanned<String>>,
    profile: Option<Spanned<i64>>,
    from: Option<Spanned<Value>>,
    to: Option<Spanned<Value>>,
    author: Option<Spanned<String>>,
    reason: Option<Spanned<String>>,
    decided_on: Option<Spanned<Value>>,
    until: Option<Spanned<Value>>,
}

/// Reads a file of overrides; `file` is its name in errors and outputs.
///
/// # Errors
/// The first faulty entry, by kind and line.
pub fn read_overrides(file: &str, text: &str, context: OverridesContext<'_>) -> Result<Overrides, OverridesError> {
    let parsed: FileText = toml::from_str(text).map_err(|error| {
        let (line, problem) = toml_problem(text, &error);
        OverridesError { file: file.to_owned(), line, fault: OverridesFault::Toml { problem } }
    })?;
    let FileText { same_person, different_persons, insurer, clinic, alive, ignore } = parsed;
    let mut entries = Vec::new();
    let kinds = [
        ("same_person", same_person),
        ("different_persons", different_persons),
        ("insurer", insurer),
        ("clinic", clinic),
        ("alive", alive),
        ("ignore", ignore),
    ];
    for (kind, entries_of_kind) in kinds {
        for entry in entries_of_kind {
            let line = line_at(text, entry.span().start);
            entries.push(EntryReader { file, text, context, kind, line, entry: entry.get_ref() }.entry()?);
        }
    }
    entries.sort_by_key(|entry: &Entry| entry.line);
    Ok(Overrides::new(file, entries))
}

/// Entry under resolution.
struct EntryReader<'e> {
    file: &'e str,
    text: &'e str,
    context: OverridesContext<'e>,
    kind: &'static str,
    line: u64,
    entry: &'e EntryText,
}

/// Start of an interval, and its key.
#[derive(Clone, Copy)]
struct Start {
    key: &'static str,
    date: Date,
}

impl EntryReader<'_> {
    fn entry(&self) -> Result<Entry, OverridesError> {
        self.keys_of_kind()?;
        let EntryText { author, reason, decided_on, until, .. } = self.entry;
        let author = self.text_of("author", author.as_ref(), "author = \"И. О. Иванова\"")?;
        let reason = self.text_of("reason", reason.as_ref(), "reason = \"letter 17 of the insurer\"")?;
        let decided_on = self.required_date("decided_on", decided_on.as_ref(), "decided_on = 2026-10-05")?;
        let until = self.end("until", until.as_ref(), Start { key: "decided_on", date: decided_on })?;
        let OverridesContext { as_of, review_days, .. } = self.context;
        let age_days = i64::from(as_of.days()) - i64::from(decided_on.days());
        Ok(Entry {
            line: self.line,
            author,
            reason,
            decided_on,
            until,
            ended: until.is_some_and(|until| until <= as_of),
            review_due: review_days.is_some_and(|most| age_days > i64::from(most)),
            ruling: self.ruling()?,
        })
    }

    fn ruling(&self) -> Result<Ruling, OverridesError> {
        let EntryText { one, other, person, record, insurer, clinic, profile, .. } = self.entry;
        let sides = || {
            let one = self.selectors("one", one.as_ref(), "one = { enp = \"…\" }", selectors)?;
            Ok(Sides { one, other: self.selectors("other", other.as_ref(), "other = { snils = \"…\" }", selectors)? })
        };
        let person = || self.selectors("person", person.as_ref(), "person = { enp = \"…\" }", selectors);
        match self.kind {
            "same_person" => sides().map(Ruling::SamePerson),
            "different_persons" => sides().map(Ruling::DifferentPersons),
            "insurer" => {
                let insurers = self.context.insurers;
                let insurer = self.code("insurer", insurer.as_ref(), "insurer = \"98001\"", |code| {
                    insurers.find(code).map(OrganisationId::from)
                })?;
                self.stay(person()?, insurer).map(Ruling::Insurer)
            }
            "clinic" => {
                let clinics = self.context.clinics;
                let clinic = self.code("clinic", clinic.as_ref(), "clinic = \"980101\"", |code| {
                    clinics.find(code).map(OrganisationId::from)
                })?;
                Ok(Ruling::Clinic(self.stay(person()?, clinic)?, self.profile(profile.as_ref())?))
            }
            "alive" => person().map(Ruling::Alive),
            _ => {
                let example = "record = { source = \"registers/a.csv\", record_id = \"17\" }";
                self.selectors("record", record.as_ref(), example, rows).map(Ruling::Ignore)
            }
        }
    }

    /// Refuses keys that belong to other kinds of entries.
    fn keys_of_kind(&self) -> Result<(), OverridesError> {
        let EntryText { one, other, person, record, insurer, clinic, profile, from, to, .. } = self.entry;
        let pair: &[&str] = &["same_person", "different_persons"];
        let stay: &[&str] = &["insurer", "clinic"];
        let lines = [
            ("one", self.line_of(one), pair),
            ("other", self.line_of(other), pair),
            ("person", self.line_of(person), &["insurer", "clinic", "alive"]),
            ("record", self.line_of(record), &["ignore"]),
            ("insurer", self.line_of(insurer), &["insurer"]),
            ("clinic", self.line_of(clinic), &["clinic"]),
            ("profile", self.line_of(profile), &["clinic"]),
            ("from", self.line_of(from), stay),
            ("to", self.line_of(to), stay),
        ];
        let strange = lines.into_iter().find_map(|(key, line, kinds)| Some((key, line?)).filter(|_| !kinds.contains(&self.kind)));
        match strange {
            None => Ok(()),
            Some((key, line)) => Err(self.error(line, OverridesFault::OtherKind { kind: self.kind, key })),
        }
    }

    fn line_of<T>(&self, value: &Option<Spanned<T>>) -> Option<u64> {
        value.as_ref().map(|value| line_at(self.text, value.span().start))
    }

    fn error(&self, line: u64, fault: OverridesFault) -> OverridesError {
        OverridesError { file: self.file.to_owned(), line, fault }
    }

    fn error_in<T>(&self, value: &Spanned<T>, fault: OverridesFault) -> OverridesError {
        self.error(line_at(self.text, value.span().start), fault)
    }

    fn given<'v, T>(
        &self,
        key: &'static str,
        value: Option<&'v Spanned<T>>,
        example: &'static str,
    ) -> Result<&'v Spanned<T>, OverridesError> {
        value.ok_or_else(|| self.error(self.line, OverridesFault::Missing { kind: self.kind, key, example }))
    }

    fn text_of(
        &self,
        key: &'static str,
        value: Option<&Spanned<String>>,
        example: &'static str,
    ) -> Result<String, OverridesError> {
        let value = self.given(key, value, example)?;
        match value.get_ref().trim() {
            "" => Err(self.error_in(value, OverridesFault::Empty { key })),
            text => Ok(text.to_owned()),
        }
    }

    fn selectors<T>(
        &self,
        key: &'static str,
        value: Option<&Spanned<Value>>,
        example: &'static str,
        read: fn(&'static str, &Value) -> Result<Vec<T>, OverridesFault>,
    ) -> Result<Vec<T>, OverridesError> {
        let value = self.given(key, value, example)?;
        read(key, value.get_ref()).map_err(|fault| self.error_in(value, fault))
    }

    fn date(&self, key: &'static str, value: &Spanned<Value>) -> Result<Date, OverridesError> {
        setting::date(value.get_ref()).map_err(|problem| self.error_in(value, OverridesFault::NotDate { key, problem }))
    }

    fn required_date(
        &self,
        key: &'static str,
        value: Option<&Spanned<Value>>,
        example: &'static str,
    ) -> Result<Date, OverridesError> {
        self.date(key, self.given(key, value, example)?)
    }

    /// End that is after its start, if the key is present.
    fn end(&self, key: &'static str, value: Option<&Spanned<Value>>, start: Start) -> Result<Option<Date>, OverridesError> {
        let Some(value) = value else { return Ok(None) };
        let end = self.date(key, value)?;
        if end > start.date {
            Ok(Some(end))
        } else {
            Err(self.error_in(value, OverridesFault::Reversed { key, start: start.key }))
        }
    }

    fn code(
        &self,
        key: &'static str,
        value: Option<&Spanned<String>>,
        example: &'static str,
        find: impl Fn(&[u8]) -> Option<OrganisationId>,
    ) -> Result<OrganisationId, OverridesError> {
        let value = self.given(key, value, example)?;
        let table = if key == "insurer" { "insurers" } else { "clinics" };
        let unknown = || self.error_in(value, OverridesFault::CodeUnknown { code: value.get_ref().clone(), table });
        find(value.get_ref().trim().as_bytes()).ok_or_else(unknown)
    }

    fn stay(&self, person: Vec<Selector>, organisation: OrganisationId) -> Result<StayRuling, OverridesError> {
        let from = self.required_date("from", self.entry.from.as_ref(), "from = 2026-10-01")?;
        let to = self.end("to", self.entry.to.as_ref(), Start { key: "from", date: from })?;
        Ok(StayRuling { person, organisation, from, to: to.unwrap_or(Date::NEVER) })
    }

    fn profile(&self, value: Option<&Spanned<i64>>) -> Result<Profile, OverridesError> {
        let Some(value) = value else { return Ok(Profile::THERAPEUTIC) };
        let profile = u8::try_from(*value.get_ref()).ok().and_then(Profile::from_code);
        profile.ok_or_else(|| self.error_in(value, OverridesFault::Profile { value: *value.get_ref() }))
    }
}
