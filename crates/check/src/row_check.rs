//! The row under check: access to its fields, and the common parts of its checks.
//!
//! The rules are not known here. The checks of values are in `dates.rs`, `codes.rs` and `numbers.rs`, those of subjects
//! in files of their own.

use super::context::CheckContext;
use super::findings::RowFindings;
use super::lookups::RowLookups;
use sverka_intake::RowFields;
use sverka_model::{
    AttributeKind, Code, Date, Field, IdentityKeys, InternedText, Interner, InternerCache, NameQuality, Severity,
};

/// Age from which the rules for adults hold.
const ADULT_AGE: i32 = 18;

/// State that a worker keeps from row to row.
pub(super) struct RowWorkspace<'c> {
    /// Reference tables and settings.
    pub context: CheckContext<'c>,
    /// Findings of the row under check.
    pub findings: RowFindings<'c>,
    /// Sparse attributes of the row under check.
    pub attributes: Vec<NotedAttribute>,
    lookups: RowLookups,
    /// Last birth date of people who are adults on the as-of date.
    last_adult_birth: Date,
    interner: InternerCache<'c>,
    keys: IdentityKeys,
}

impl<'c> RowWorkspace<'c> {
    /// A workspace that interns the texts of rows in `interner`.
    pub fn new(context: CheckContext<'c>, interner: &'c Interner) -> Self {
        Self {
            context,
            findings: RowFindings::new(),
            attributes: Vec::new(),
            lookups: RowLookups::new(&context),
            last_adult_birth: last_birth_of_age(ADULT_AGE, context.as_of),
            interner: InternerCache::new(interner),
            keys: IdentityKeys::default(),
        }
    }
}

/// Sparse attribute of the row under check; see [`SparseAttribute`](sverka_model::SparseAttribute) for the meaning of number and day.
#[derive(Clone, Copy)]
pub(super) struct NotedAttribute {
    pub kind: AttributeKind,
    pub number: u64,
    pub day: Date,
}

/// Interned text with the hash of its bytes.
#[derive(Clone, Copy)]
pub(super) struct HashedText {
    pub text: InternedText,
    pub hash: u64,
}

impl HashedText {
    /// The empty text.
    pub const EMPTY: Self = Self { text: InternedText::NONE, hash: 0 };
}

/// Result of reading a value.
pub(super) enum FieldValue<'r, T> {
    /// Value in its type.
    Parsed(T),
    /// Text that is no value of the type, without the blanks around it; it may be empty.
    Unparsed(&'r [u8]),
}

#[cold]
#[inline(never)]
fn read_trimmed<'r, T>(fields: &RowFields<'r>, field: Field, read: impl Fn(&[u8]) -> Option<T>) -> FieldValue<'r, T> {
    let value = fields.bytes(field);
    read(value).map_or(FieldValue::Unparsed(value), FieldValue::Parsed)
}

/// Row under check: its fields, and the workspace of the worker.
pub(super) struct RowCheck<'k, 'c, 'r> {
    pub(super) fields: RowFields<'r>,
    pub(super) workspace: &'k mut RowWorkspace<'c>,
}

impl<'c, 'r> RowCheck<'_, 'c, 'r> {
    /// Reference tables and settings.
    #[inline]
    pub fn context(&self) -> CheckContext<'c> {
        self.workspace.context
    }

    /// Look-up tables made of reference tables and settings.
    #[inline]
    pub fn lookups(&mut self) -> &mut RowLookups {
        &mut self.workspace.lookups
    }

    /// Keys of policies and documents.
    #[inline]
    pub fn keys(&mut self) -> &mut IdentityKeys {
        &mut self.workspace.keys
    }

    /// Whether any row of the source may fill one of the fields, which are a bit set of field numbers.
    #[inline]
    pub fn may_have_any(&self, fields: u64) -> bool {
        self.fields.gives_any(fields)
    }

    /// The value of a field as bytes, without the blanks around it. No check needs to know where characters begin.
    #[inline]
    pub fn text(&self, field: Field) -> &'r [u8] {
        self.fields.bytes(field)
    }

    /// Whether a field has any bytes, blanks included.
    #[inline]
    pub fn has_bytes(&self, field: Field) -> bool {
        !self.fields.untrimmed_bytes(field).is_empty()
    }

    /// Reads a value in its type. Nearly all values parse in the form of the file, so the blanks around a value are
    /// removed only if it does not parse.
    #[inline]
    pub fn read<T>(&self, field: Field, read: impl Fn(&[u8]) -> Option<T>) -> FieldValue<'r, T> {
        match read(self.fields.untrimmed_bytes(field)) {
            Some(value) => FieldValue::Parsed(value),
            None => read_trimmed(&self.fields, field, read),
        }
    }

    /// Adds a sparse attribute of the row.
    pub fn note_attribute(&mut self, kind: AttributeKind, number: u64, day: Date) {
        self.workspace.attributes.push(NotedAttribute { kind, number, day });
    }

    /// Reports a finding unless its rule is off, and returns the severity. After an error the row cannot be accepted;
    /// otherwise the check goes on without the value, or as the rule says.
    #[cold]
    #[inline(never)]
    pub fn report(&mut self, code: Code, field: Field) -> Severity {
        self.workspace.findings.add(code, Some(field))
    }

    /// Whether an unreadable value counts as absent: the field is empty, or the fault is no error.
    #[cold]
    pub fn counts_as_absent(&self, field: Field, fault: Code) -> bool {
        self.text(field).is_empty() || !self.workspace.findings.is_error(fault)
    }

    /// Whether no finding so far keeps the row from being accepted.
    #[inline]
    pub fn is_acceptable(&self) -> bool {
        self.workspace.findings.is_acceptable()
    }

    /// Whether the layout or the job allows rows without a surname or a given name.
    pub fn may_miss_names(&self) -> bool {
        self.fields.may_miss_names() || self.workspace.context.rules.rows.allow_missing_names
    }

    /// Whether a person born on `birth` is an adult on the as-of date.
    #[inline]
    pub fn is_adult(&self, birth: Date) -> bool {
        birth <= self.workspace.last_adult_birth
    }

    /// Interns a text.
    #[inline]
    pub fn intern(&mut self, text: &[u8]) -> HashedText {
        let (text, hash) = self.workspace.interner.intern_hashed(text);
        HashedText { text, hash }
    }

    /// Interns a name, and returns its quality as well.
    #[inline]
    pub fn intern_name(&mut self, text: &[u8]) -> (HashedText, NameQuality) {
        let (text, hash, quality) = self.workspace.interner.intern_name(text);
        (HashedText { text, hash }, quality)
    }
}

/// The last birth date of people who are at least `years` old on a day.
fn last_birth_of_age(years: i32, on: Date) -> Date {
    let (year, month, day) = on.ymd();
    // On 29 February people born before March are of age.
    Date::from_ymd(year - years, month, day).or_else(|| Date::from_ymd(year - years, month, day - 1)).unwrap_or(Date::EARLIEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adults_have_the_age_of_adults() {
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
