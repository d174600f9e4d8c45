//! What every row check needs to know, and what it may reuse from row to row.

use crate::identifier::{Date, DateFormat, Enp, Sex, Snils, SnilsFault, compare_form, date_part};
use crate::intake::{Field, Lexicon, RowFields, Word, WordCache, trim_blanks};
use crate::job::RuleSettings;
use crate::reference::{Clinics, Insurers};
use crate::rules::{Code, Severity};

/// The run's side of a row check.
#[derive(Clone, Copy)]
pub struct CheckContext<'j> {
    /// As-of date of the run.
    pub as_of: Date,
    /// Insurers of the region.
    pub insurers: &'j Insurers,
    /// Clinics of the region.
    pub clinics: &'j Clinics,
    /// Settings of the rules.
    pub rules: &'j RuleSettings,
}

/// No one insured today was born before.
const EARLIEST_BIRTH: Date = match Date::from_ymd(1900, 1, 1) {
    Some(date) => date,
    None => panic!("1 January 1900 is a date"),
};

/// Age from which an adult's rules hold.
const ADULT_AGE: i32 = 18;

/// Buffers that the rows of one worker share.
pub(super) struct Scratch<'l> {
    pub words: WordCache<'l>,
    pub found: Vec<(Code, Option<Field>)>,
    form: String,
    canonical: Vec<u8>,
}

impl<'l> Scratch<'l> {
    /// Empty buffers; words are entered into `lexicon`.
    pub fn new(lexicon: &'l Lexicon) -> Self {
        Self { words: WordCache::new(lexicon), found: Vec::new(), form: String::new(), canonical: Vec::new() }
    }
}

/// The check of one row: its fields, and what was found so far.
pub(super) struct RowCheck<'c, 'r, 'l> {
    pub context: &'c CheckContext<'c>,
    pub dates: DateFormat,
    pub end_is_last_day: bool,
    pub fields: RowFields<'r>,
    pub scratch: &'c mut Scratch<'l>,
}

impl<'r> RowCheck<'_, 'r, '_> {
    #[inline]
    pub fn get(&self, field: Field) -> &'r str {
        self.fields.get(field)
    }

    #[cold]
    pub fn found(&mut self, code: Code, field: Field) {
        self.scratch.found.push((code, Some(field)));
    }

    /// Whether nothing found so far keeps the row from being accepted.
    pub fn acceptable(&self) -> bool {
        self.scratch.found.iter().all(|(code, _)| code.rule().severity == Severity::Warning)
    }

    /// A field that may not be empty.
    #[inline]
    pub fn required(&mut self, field: Field) -> &'r str {
        let value = self.get(field);
        if value.is_empty() {
            self.found(Code::FieldRequired, field);
        }
        value
    }

    /// A date, if the field has a valid one.
    #[inline]
    pub fn date(&mut self, field: Field) -> Option<Date> {
        let value = self.get(field);
        if value.is_empty() {
            return None;
        }
        let date = Date::parse(value.as_bytes(), self.dates);
        if date.is_none() {
            self.found(Code::DateInvalid, field);
        }
        date
    }

    /// A date that is an end: the first day after.
    #[inline]
    pub fn end_date(&mut self, field: Field) -> Option<Date> {
        let date = self.date(field)?;
        Some(if self.end_is_last_day { date.next() } else { date })
    }

    /// A date that must be there.
    #[inline]
    pub fn required_date(&mut self, field: Field) -> Option<Date> {
        self.required(field);
        self.date(field)
    }

    /// The birth date, in the range of the living.
    #[inline]
    pub fn birth_date(&mut self) -> Option<Date> {
        let birth = self.required_date(Field::BirthDate)?;
        if birth < EARLIEST_BIRTH || birth > self.context.as_of {
            self.found(Code::BirthDateRange, Field::BirthDate);
        }
        Some(birth)
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
    pub fn sex(&mut self) -> Option<Sex> {
        match self.get(Field::Sex) {
            "1" => Some(Sex::Male),
            "2" => Some(Sex::Female),
            "" => None,
            _ => {
                self.found(Code::SexInvalid, Field::Sex);
                None
            }
        }
    }

    /// Policy kind (0 when absent or wrong) with the number and the ENP that it asks for.
    #[inline]
    pub fn policy(&mut self) -> u8 {
        let number = self.get(Field::PolicyNumber);
        let kind = match self.get(Field::PolicyKind) {
            "1" => 1,
            "2" => 2,
            "3" => 3,
            "" => return 0,
            _ => {
                self.found(Code::PolicyKindUnknown, Field::PolicyKind);
                return 0;
            }
        };
        if kind == 3 && self.enp_text().is_empty() {
            self.found(Code::FieldRequired, Field::Enp);
        }
        if kind != 3 && number.is_empty() {
            self.found(Code::FieldRequired, Field::PolicyNumber);
        }
        if kind == 2 && !number.is_empty() && !(number.len() == 9 && number.bytes().all(|byte| byte.is_ascii_digit())) {
            self.found(Code::PolicyNumberFormat, Field::PolicyNumber);
        }
        kind
    }

    /// The ENP without the back-tick or apostrophe that keeps it a text in a spreadsheet, and without blanks after that.
    #[inline]
    pub fn enp_text(&self) -> &'r str {
        let text = self.get(Field::Enp);
        text.strip_prefix(['`', '\'']).map_or(text, trim_blanks)
    }

    /// The ENP as a number, 0 when absent or wrong, held against birth date and sex.
    #[inline]
    pub fn enp(&mut self, birth: Option<Date>, sex: Option<Sex>) -> u64 {
        let text = self.enp_text();
        if text.is_empty() {
            return 0;
        }
        let Some(enp) = Enp::parse(text.as_bytes()) else {
            self.found(Code::EnpFormat, Field::Enp);
            return 0;
        };
        let digit_ok = enp.check_digit_ok();
        if !digit_ok {
            self.found(Code::EnpCheckDigit, Field::Enp);
        }
        // What nearly every row shows: the number says what the row says.
        let living = |birth: Date| birth >= EARLIEST_BIRTH && birth <= self.context.as_of;
        let agrees =
            matches!((birth, sex), (Some(birth), Some(sex)) if living(birth) && enp.coded_birth() == date_part(birth, sex));
        if !agrees {
            match enp.decode() {
                Ok(parts) if living(parts.birth_date) => {
                    let differs = birth.is_some_and(|birth| birth != parts.birth_date) || sex.is_some_and(|sex| sex != parts.sex);
                    if digit_ok && differs {
                        self.found(Code::EnpPersonMismatch, Field::Enp);
                    }
                }
                _ => self.found(Code::EnpImpossible, Field::Enp),
            }
        }
        enp.number()
    }

    /// The SNILS as a number, 0 when absent or wrong.
    #[inline]
    pub fn snils(&mut self) -> u64 {
        match Snils::parse(self.get(Field::Snils).as_bytes()) {
            Ok(snils) => snils.number(),
            Err(SnilsFault::Format) if self.get(Field::Snils).is_empty() => 0,
            Err(_) => {
                self.found(Code::SnilsInvalid, Field::Snils);
                0
            }
        }
    }

    /// Whether someone born on `birth` is an adult on the as-of date.
    pub fn adult(&self, birth: Date) -> bool {
        birth.age_on(self.context.as_of) >= ADULT_AGE
    }

    /// The word of a field's value.
    #[inline]
    pub fn word(&mut self, field: Field) -> Word {
        let value = self.get(field);
        self.scratch.words.enter(value)
    }

    /// Hash of a kind and a number in the form for comparison; 0 when one of them is empty.
    pub fn number_key(&mut self, kind: &str, number: &str) -> u32 {
        if kind.is_empty() || number.is_empty() {
            return 0;
        }
        let form = &mut self.scratch.form;
        form.clear();
        form.push_str(kind);
        form.push('\u{1F}');
        let kind_length = form.len();
        compare_form(number, form);
        if form.len() == kind_length {
            return 0;
        }
        (xxhash_rust::xxh3::xxh3_64(form.as_bytes()) as u32).max(1)
    }

    /// Hash of the row's canonical fields: numbers as checked, texts as received.
    pub fn fingerprint(&mut self, numbers: &[u64], texts: &[Field]) -> u64 {
        let fields = self.fields;
        let canonical = &mut self.scratch.canonical;
        canonical.clear();
        canonical.extend_from_slice(bytemuck::cast_slice(numbers));
        for &field in texts {
            let text = fields.get(field);
            canonical.extend_from_slice(&(text.len() as u32).to_le_bytes());
            canonical.extend_from_slice(text.as_bytes());
        }
        xxhash_rust::xxh3::xxh3_64(canonical)
    }
}

/// A date as a number for a fingerprint; absence is a number of its own.
pub(super) fn date_number(date: Option<Date>) -> u64 {
    date.map_or(u64::MAX, |date| u64::from(date.days() as u32))
}
