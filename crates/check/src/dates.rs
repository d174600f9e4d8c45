//! Checks of dates: required and optional ones, ends, the birth date, and the order of two dates.

use super::context::EARLIEST_BIRTH;
use super::row_check::{FieldValue, RowCheck};
use sverka_model::{Action, Code, Date, Field, Severity};

impl RowCheck<'_, '_, '_> {
    /// An optional date; `None` when the field is empty or invalid.
    #[inline]
    pub fn date(&mut self, field: Field) -> Option<Date> {
        if self.fields.untrimmed_bytes(field).is_empty() { None } else { self.given_date(field, false) }
    }

    /// A required date.
    #[inline]
    pub fn required_date(&mut self, field: Field) -> Option<Date> {
        self.given_date(field, true)
    }

    /// The first day, which only the notice of an end may lack.
    #[inline]
    pub fn start_date(&mut self, field: Field, action: Action) -> Option<Date> {
        self.given_date(field, action != Action::End)
    }

    /// Reads a date, and reports an invalid one, or a required one that is missing.
    #[inline]
    fn given_date(&mut self, field: Field, required: bool) -> Option<Date> {
        let format = self.fields.date_format(field);
        match self.read(field, |text| Date::parse(text, format)) {
            FieldValue::Parsed(date) => Some(date),
            FieldValue::Unparsed(text) => {
                let absent = text.is_empty() || self.report(Code::DateInvalid, field) != Severity::Error;
                if required && absent {
                    self.report(Code::FieldRequired, field);
                }
                None
            }
        }
    }

    /// An end, as the first day after. 9999-12-31 means "no end", both in layouts that give last days and in layouts
    /// that give first days after.
    #[inline]
    pub fn end_date(&mut self, field: Field) -> Option<Date> {
        let date = self.date(field)?.as_end()?;
        Some(if self.fields.end_is_last_day(field) { date.next() } else { date })
    }

    /// Whether a field without a date of an end means "no end": it is empty, 9999-12-31, or an invalid date that counts as absent.
    #[cold]
    pub fn is_without_end(&self, field: Field) -> bool {
        let format = self.fields.date_format(field);
        Date::parse(self.text(field), format) == Some(Date::LAST) || self.counts_as_absent(field, Code::DateInvalid)
    }

    /// The birth date, which must be plausible.
    #[inline]
    pub fn birth_date(&mut self) -> Option<Date> {
        let birth = self.required_date(Field::BirthDate)?;
        if !self.is_plausible_birth(birth) {
            self.report(Code::BirthDateRange, Field::BirthDate);
        }
        Some(birth)
    }

    /// Whether a birth date is between the earliest plausible one and the as-of date. Other values of a row are not compared with an implausible one.
    #[inline]
    pub fn is_plausible_birth(&self, birth: Date) -> bool {
        birth >= EARLIEST_BIRTH && birth <= self.context().as_of
    }

    /// Checks that an end is after its start.
    #[inline]
    pub fn check_order(&mut self, start: Option<Date>, end: Option<Date>, field: Field) {
        if let (Some(start), Some(end)) = (start, end)
            && end <= start
        {
            self.report(Code::DatesReversed, field);
        }
    }

    /// Checks that a start is not before birth.
    #[inline]
    pub fn check_not_before_birth(&mut self, birth: Option<Date>, start: Option<Date>, field: Field) {
        if let (Some(birth), Some(start)) = (birth, start)
            && start < birth
        {
            self.report(Code::DatesReversed, field);
        }
    }
}
