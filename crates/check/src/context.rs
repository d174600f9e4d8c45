//! What every row check needs to know, and what it may reuse from row to row.

use super::lookups::RowLookups;
use super::read::{CheckedRow, RowChecking};
use sverka_intake::{RowFields, RowOddities};
use sverka_model::{
    Action, AttributeKind, Code, Date, Enp, EnpReading, Field, InternedText, Interner, InternerCache, NameQuality, PolicyKind,
    Severity, Sex, Snils, SnilsFault, key_of_document, key_of_form, normalise_document_digits, normalise_policy_number,
    normalise_short_policy_number,
};
use sverka_reference::{Clinics, Dictionary, DocumentMasks, Insurers, WorkingDays};
use sverka_settings::{RuleSettings, Severities};
use sverka_text::trim_blanks;

/// The run's side of a row check.
#[derive(Clone, Copy)]
pub struct CheckContext<'j> {
    /// As-of date of the run.
    pub as_of: Date,
    /// Insurers of the region.
    pub insurers: &'j Insurers,
    /// Clinics of the region.
    pub clinics: &'j Clinics,
    /// The region of the register, if the job tells it.
    pub region: Option<&'j str>,
    /// The job's dictionary of identity documents, if it has one.
    pub documents: Option<&'j Dictionary<DocumentMasks>>,
    /// The working days.
    pub calendar: &'j WorkingDays,
    /// Settings of the rules.
    pub rules: &'j RuleSettings,
}

/// No one insured today was born before.
pub const EARLIEST_BIRTH: Date = match Date::from_ymd(1900, 1, 1) {
    Some(date) => date,
    None => panic!("1 January 1900 is a date"),
};

/// Age from which an adult's rules hold.
const ADULT_AGE: i32 = 18;

/// Checks rows one after another. A worker has one for as long as it lives: it knows the words that it met, and a row without findings makes it
/// allocate nothing.
pub struct RowChecker<'c> {
    context: CheckContext<'c>,
    lookups: RowLookups,
    /// Whoever was born later is no adult on the as-of date.
    last_adult_birth: Date,
    interner: InternerCache<'c>,
    /// What rules mean for the rows at hand.
    severities: &'c Severities,
    found: Vec<(Code, Option<Field>)>,
    attributes: Vec<(AttributeKind, u64, Date)>,
    form: String,
}

impl<'c> RowChecker<'c> {
    /// A checker that interns its texts in `interner`.
    #[must_use]
    pub fn new(context: CheckContext<'c>, interner: &'c Interner) -> Self {
        Self {
            context,
            lookups: RowLookups::new(&context),
            last_adult_birth: last_birth_of_age(ADULT_AGE, context.as_of),
            interner: InternerCache::new(interner),
            severities: &Severities::DEFAULT,
            found: Vec::new(),
            attributes: Vec::new(),
            form: String::new(),
        }
    }

    /// Checks the rows that follow by what rules mean for their source.
    pub fn set_severities(&mut self, severities: &'c Severities) {
        self.severities = severities;
    }

    /// Checks one row: the record when nothing found is an error. What was found is then in
    /// [`Self::found`].
    #[inline]
    pub fn check<R: CheckedRow>(&mut self, fields: RowFields<'_>) -> Option<R> {
        self.found.clear();
        self.attributes.clear();
        if fields.oddities().any() {
            self.note_oddities(fields.oddities());
        }
        R::check(&mut RowChecking(RowCheck { fields, checker: self }))
    }

    /// Notes what is odd about a row as a whole.
    #[cold]
    fn note_oddities(&mut self, oddities: RowOddities) {
        let codes = [
            (oddities.quote_in_value, Code::QuoteInValue, None),
            (oddities.row_in_value, Code::RowInValue, None),
            (oddities.name_parts, Code::NameParts, Some(Field::Surname)),
        ];
        let found = codes.into_iter().filter(|&(holds, code, _)| holds && self.severities.of(code) != Severity::Off);
        self.found.extend(found.map(|(_, code, field)| (code, field)));
    }

    /// What the last checked row tells besides its record: kind, number and day of each fact.
    #[must_use]
    pub fn attributes(&self) -> &[(AttributeKind, u64, Date)] {
        &self.attributes
    }

    /// The run's side of the checks.
    #[must_use]
    pub fn context(&self) -> CheckContext<'c> {
        self.context
    }

    /// Findings of the last checked row, in the order in which they were found.
    #[must_use]
    pub fn found(&self) -> &[(Code, Option<Field>)] {
        &self.found
    }
}

/// The last birth date of those who are `years` old or older on a day.
fn last_birth_of_age(years: i32, on: Date) -> Date {
    let (year, month, day) = on.ymd();
    // On 29 February everyone is of age who was born before March.
    Date::from_ymd(year - years, month, day).or_else(|| Date::from_ymd(year - years, month, day - 1)).unwrap_or(Date::EARLIEST)
}

/// What a row says of its ENP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct EnpCheck {
    /// Whether there is one, be it right or wrong.
    pub given: bool,
    /// The ENP as a number, 0 when absent or wrong.
    pub number: u64,
    /// Whether the ENP codes another birth date than the row's.
    pub enp_contradicts_birth_date: bool,
}

impl EnpCheck {
    /// There is one, and it is wrong: nobody is identified by it, but it was given.
    const WRONG: Self = Self { given: true, number: 0, enp_contradicts_birth_date: false };
}

/// What became of a value that was read.
pub(super) enum Read<'r, T> {
    /// This.
    Value(T),
    /// Nothing; the value without the blanks around it, which may be empty.
    Other(&'r [u8]),
}

#[cold]
#[inline(never)]
fn read_carefully<'r, T>(fields: &RowFields<'r>, field: Field, read: impl Fn(&[u8]) -> Option<T>) -> Read<'r, T> {
    let value = fields.bytes(field);
    read(value).map_or(Read::Other(value), Read::Value)
}

#[cold]
fn read_marked_enp(fields: &RowFields<'_>) -> Option<EnpReading> {
    Enp::read(unmarked_enp(fields))
}

/// The ENP without the back-tick or apostrophe that keeps it a text in a spreadsheet, and without blanks after that.
fn unmarked_enp<'r>(fields: &RowFields<'r>) -> &'r [u8] {
    let text = fields.get(Field::Enp);
    text.strip_prefix(['`', '\'']).map_or(text, trim_blanks).as_bytes()
}

/// The check of one row: its fields, and what was found so far.
pub(super) struct RowCheck<'k, 'c, 'r> {
    fields: RowFields<'r>,
    checker: &'k mut RowChecker<'c>,
}

impl<'c, 'r> RowCheck<'_, 'c, 'r> {
    #[inline]
    pub fn context(&self) -> CheckContext<'c> {
        self.checker.context
    }

    /// What was made of reference tables and settings beforehand.
    #[inline]
    pub fn lookups(&mut self) -> &mut RowLookups {
        &mut self.checker.lookups
    }

    /// Whether some row of the source may fill one of these fields, a bit for each number of a field.
    #[inline]
    pub fn may_give(&self, fields: u64) -> bool {
        self.fields.gives_any(fields)
    }

    /// A text, as bytes: nothing that rows are asked needs to know where characters begin.
    #[inline]
    pub fn text(&self, field: Field) -> &'r [u8] {
        self.fields.bytes(field)
    }

    /// Whether there is anything in a field, be it blanks.
    #[inline]
    pub fn gives(&self, field: Field) -> bool {
        !self.fields.untrimmed_bytes(field).is_empty()
    }

    /// Notes a side fact; see [`SparseAttribute`](super::SparseAttribute) for what number and day mean.
    pub fn tells(&mut self, kind: AttributeKind, number: u64, day: Date) {
        self.checker.attributes.push((kind, number, day));
    }

    /// Something was found, unless its rule is off. Returns what it means: after anything but an error the check goes on as if the value were absent,
    /// or as its rule says.
    #[cold]
    #[inline(never)]
    pub fn found(&mut self, code: Code, field: Field) -> Severity {
        let severity = self.checker.severities.of(code);
        if severity != Severity::Off {
            self.checker.found.push((code, Some(field)));
        }
        severity
    }

    /// Whether a value that could not be read is taken for an absent one, or was absent from the beginning.
    #[cold]
    pub fn taken_for_absent(&self, field: Field, fault: Code) -> bool {
        self.text(field).is_empty() || self.checker.severities.of(fault) != Severity::Error
    }

    /// Whether nothing found so far keeps the row from being accepted.
    #[inline]
    pub fn acceptable(&self) -> bool {
        self.checker.found.iter().all(|&(code, _)| self.checker.severities.of(code) != Severity::Error)
    }

    /// Whether the layout or the job says that a row may lack a surname or a given name.
    pub fn may_miss_names(&self) -> bool {
        self.fields.may_miss_names() || self.checker.context.rules.rows.allow_missing_names
    }

    /// What `read` makes of a value. Nearly all values are as they should be, so they are read as they stand; the blanks around them are only
    /// looked for in those of which `read` makes nothing.
    #[inline]
    pub fn read<T>(&self, field: Field, read: impl Fn(&[u8]) -> Option<T>) -> Read<'r, T> {
        match read(self.fields.untrimmed_bytes(field)) {
            Some(value) => Read::Value(value),
            None => read_carefully(&self.fields, field, read),
        }
    }

    /// A date, if the field has a valid one.
    #[inline]
    pub fn date(&mut self, field: Field) -> Option<Date> {
        if self.fields.untrimmed_bytes(field).is_empty() { None } else { self.given_date(field, false) }
    }

    /// A date that must be there.
    #[inline]
    pub fn required_date(&mut self, field: Field) -> Option<Date> {
        self.given_date(field, true)
    }

    /// The first day, which the notice of an end may lack.
    #[inline]
    pub fn start(&mut self, field: Field, action: Action) -> Option<Date> {
        self.given_date(field, action != Action::End)
    }

    #[inline]
    fn given_date(&mut self, field: Field, required: bool) -> Option<Date> {
        let format = self.fields.date_format(field);
        match self.read(field, |text| Date::parse(text, format)) {
            Read::Value(date) => Some(date),
            Read::Other(text) => {
                let absent = text.is_empty() || self.found(Code::DateInvalid, field) != Severity::Error;
                if required && absent {
                    self.found(Code::FieldRequired, field);
                }
                None
            }
        }
    }

    /// A date that is an end: the first day after. 9999-12-31 is no end, whichever of the two days a layout names.
    #[inline]
    pub fn end_date(&mut self, field: Field) -> Option<Date> {
        let date = self.date(field)?.as_end()?;
        Some(if self.fields.end_is_last_day(field) { date.next() } else { date })
    }

    /// Whether an end that has no date is as good as empty: it is empty, says "no end", or is no date and is taken for absent.
    #[cold]
    pub fn is_without_end(&self, field: Field) -> bool {
        let format = self.fields.date_format(field);
        Date::parse(self.text(field), format) == Some(Date::LAST) || self.taken_for_absent(field, Code::DateInvalid)
    }

    /// The birth date, in the range of the living.
    #[inline]
    pub fn birth_date(&mut self) -> Option<Date> {
        let birth = self.required_date(Field::BirthDate)?;
        if !self.living(birth) {
            self.found(Code::BirthDateRange, Field::BirthDate);
        }
        Some(birth)
    }

    /// Whether a birth date is in the range of the living; what else a row says is not held against one that is not.
    #[inline]
    pub fn living(&self, birth: Date) -> bool {
        birth >= EARLIEST_BIRTH && birth <= self.checker.context.as_of
    }

    /// An end that must be after its start.
    #[inline]
    pub fn ordered(&mut self, start: Option<Date>, end: Option<Date>, field: Field) {
        if let (Some(start), Some(end)) = (start, end)
            && end <= start
        {
            self.found(Code::DatesReversed, field);
        }
    }

    /// A start that must not be before birth.
    #[inline]
    pub fn after_birth(&mut self, birth: Option<Date>, start: Option<Date>, field: Field) {
        if let (Some(birth), Some(start)) = (birth, start)
            && start < birth
        {
            self.found(Code::DatesReversed, field);
        }
    }

    /// Sex, when the field is not empty.
    #[inline]
    pub fn sex(&mut self, required: bool) -> Option<Sex> {
        let read = |text: &[u8]| match text {
            b"1" => Some(Sex::Male),
            b"2" => Some(Sex::Female),
            _ => None,
        };
        match self.read(Field::Sex, read) {
            Read::Value(sex) => Some(sex),
            Read::Other(b"") => {
                if required {
                    self.found(Code::FieldRequired, Field::Sex);
                }
                None
            }
            Read::Other(_) => {
                if self.found(Code::SexInvalid, Field::Sex) != Severity::Error && required {
                    self.found(Code::FieldRequired, Field::Sex);
                }
                None
            }
        }
    }

    /// What the row asks for, of the notices that its table knows. A row with another word is checked as a record.
    #[inline]
    pub fn action(&mut self, notices: &[Action]) -> Action {
        if self.fields.untrimmed_bytes(Field::Action).is_empty() { Action::New } else { self.named_action(notices) }
    }

    #[cold]
    #[inline(never)]
    fn named_action(&mut self, notices: &[Action]) -> Action {
        let action = match self.text(Field::Action) {
            b"" | b"new" => return Action::New,
            b"change" => Some(Action::Change),
            b"end" => Some(Action::End),
            _ => None,
        };
        action.filter(|action| notices.contains(action)).unwrap_or_else(|| {
            self.found(Code::ActionUnknown, Field::Action);
            Action::New
        })
    }

    /// The policy's kind, 0 when absent or wrong.
    #[inline]
    pub fn policy_kind(&mut self, required: bool) -> u8 {
        let read = |text: &[u8]| match *text {
            [digit @ b'1'..=b'3'] => Some(digit - b'0'),
            _ => None,
        };
        match self.read(Field::PolicyKind, read) {
            Read::Value(kind) => kind,
            Read::Other(b"") => {
                if required {
                    self.found(Code::FieldRequired, Field::PolicyKind);
                }
                0
            }
            Read::Other(_) => {
                if self.found(Code::PolicyKindUnknown, Field::PolicyKind) != Severity::Error && required {
                    self.found(Code::FieldRequired, Field::PolicyKind);
                }
                0
            }
        }
    }

    /// The field that should hold the number of a policy of a known kind and is empty. A number that is given must be one of its kind.
    #[inline]
    pub fn missing_number(&mut self, kind: u8, number: &[u8], enp_given: bool) -> Option<Field> {
        match PolicyKind::from_code(kind)? {
            PolicyKind::SingleSample => (!enp_given).then_some(Field::Enp),
            _ if number.is_empty() => Some(Field::PolicyNumber),
            PolicyKind::TemporaryCertificate if !(number.len() == 9 && number.iter().all(u8::is_ascii_digit)) => {
                self.found(Code::PolicyNumberFormat, Field::PolicyNumber);
                None
            }
            _ => None,
        }
    }

    /// The ENP held against birth date and sex.
    #[inline]
    pub fn enp(&mut self, birth: Option<Date>, sex: Option<Sex>) -> EnpCheck {
        let text = self.fields.untrimmed_bytes(Field::Enp);
        if text.is_empty() {
            return EnpCheck::default();
        }
        let Some(reading) = Enp::read(text).or_else(|| read_marked_enp(&self.fields)) else {
            return self.no_enp();
        };
        let mut sound = true;
        if !reading.check_digit_ok {
            self.found(Code::EnpCheckDigit, Field::Enp);
            sound = false;
        }
        let mut enp_contradicts_birth_date = false;
        match reading.holder {
            Ok((coded_birth, coded_sex)) if self.living(coded_birth) => {
                enp_contradicts_birth_date = birth.is_some_and(|birth| birth != coded_birth);
                let of_other_sex = sex.is_some_and(|sex| sex != coded_sex);
                if (enp_contradicts_birth_date || of_other_sex) && reading.check_digit_ok {
                    self.found(Code::EnpPersonMismatch, Field::Enp);
                }
            }
            _ => {
                self.found(Code::EnpImpossible, Field::Enp);
                sound = false;
            }
        }
        if sound { EnpCheck { given: true, number: reading.enp.number(), enp_contradicts_birth_date } } else { EnpCheck::WRONG }
    }

    #[cold]
    fn no_enp(&mut self) -> EnpCheck {
        let given = !unmarked_enp(&self.fields).is_empty();
        if given {
            self.found(Code::EnpFormat, Field::Enp);
        }
        if given { EnpCheck::WRONG } else { EnpCheck::default() }
    }

    /// The SNILS as a number, 0 when absent or wrong.
    #[inline]
    pub fn snils(&mut self) -> u64 {
        let text = self.fields.untrimmed_bytes(Field::Snils);
        if text.is_empty() {
            return 0;
        }
        // A SNILS may have blanks anywhere.
        match Snils::parse(text) {
            Ok(snils) => snils.number(),
            Err(SnilsFault::Format | SnilsFault::Zero | SnilsFault::Control) => {
                if !self.fields.bytes(Field::Snils).is_empty() {
                    self.found(Code::SnilsInvalid, Field::Snils);
                }
                0
            }
        }
    }

    /// Whether someone born on `birth` is an adult on the as-of date.
    #[inline]
    pub fn adult(&self, birth: Date) -> bool {
        birth <= self.checker.last_adult_birth
    }

    /// The word of a text, and the text's hash.
    #[inline]
    pub fn word(&mut self, text: &[u8]) -> (InternedText, u64) {
        self.checker.interner.intern_hashed(text)
    }

    /// The word of a name, its text's hash, and what is odd about it.
    #[inline]
    pub fn name(&mut self, text: &[u8]) -> (InternedText, u64, NameQuality) {
        self.checker.interner.intern_name(text)
    }

    /// Hash of the kind and number of a document, as [`Identity::document`](sverka_model::Identity::document) has it. `kind_hash` is the hash of the kind's text.
    #[inline]
    pub fn document_key(&mut self, kind: InternedText, kind_hash: u64, number: &[u8]) -> u32 {
        if kind == InternedText::NONE || number.is_empty() {
            return 0;
        }
        match normalise_document_digits(number) {
            Some((digits, length)) => key_of_form(kind_hash, &digits[..length]),
            None => self.lettered_document_key(kind_hash, number),
        }
    }

    #[inline(never)]
    fn lettered_document_key(&mut self, kind_hash: u64, number: &[u8]) -> u32 {
        let form = &mut self.checker.form;
        form.clear();
        key_of_document(kind_hash, str::from_utf8(number).expect("invariant: fields are parts of a text"), form)
    }

    /// Hash of the kind and number of a policy that has a number of its own; 0 when it has none.
    #[inline]
    pub fn policy_key(&mut self, kind: u8, number: &[u8]) -> u32 {
        match PolicyKind::from_code(kind) {
            Some(PolicyKind::Old | PolicyKind::TemporaryCertificate) => self.number_key(u64::from(kind), number),
            Some(PolicyKind::SingleSample) | None => 0,
        }
    }

    /// Hash of a kind and a number in the form for comparison; 0 when nothing of the number is left.
    #[inline]
    fn number_key(&mut self, kind: u64, number: &[u8]) -> u32 {
        if number.is_empty() {
            return 0;
        }
        match normalise_short_policy_number(number) {
            Some((form, length)) => key_of_form(kind, &form[..length]),
            None => self.long_number_key(kind, number),
        }
    }

    #[cold]
    #[inline(never)]
    fn long_number_key(&mut self, kind: u64, number: &[u8]) -> u32 {
        let form = &mut self.checker.form;
        form.clear();
        normalise_policy_number(str::from_utf8(number).expect("invariant: fields are parts of a text"), form);
        key_of_form(kind, form.as_bytes())
    }
}

/// Two dates as one number for a fingerprint; absence is a number of its own.
#[inline]
pub(super) fn date_pair(first: Option<Date>, second: Option<Date>) -> u64 {
    let number = |date: Option<Date>| u64::from(date.unwrap_or(Date::EARLIEST).days() as u32);
    number(first) << 32 | number(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adults_are_those_whose_age_says_so() {
        for on in ["2026-11-01", "2026-02-28", "2026-03-01", "2028-02-29", "2028-02-28", "2028-03-01"] {
            let on: Date = on.parse().expect("a date");
            let last = last_birth_of_age(ADULT_AGE, on);
            for day in -800..800 {
                let birth = Date::from_days(last.days() + day);
                assert_eq!(birth.age_on(on) >= ADULT_AGE, birth <= last, "{birth} on {on}");
            }
        }
    }
}
