//! Checks of numbers: policy, ENP, SNILS.

use super::row_check::{FieldValue, RowCheck};
use sverka_intake::RowFields;
use sverka_model::{Code, Date, Enp, EnpHolder, EnpReading, Field, PolicyKind, Severity, Sex, Snils, SnilsFault};
use sverka_text::trim_blanks;

/// Checked ENP of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct EnpCheck {
    /// Whether the row has an ENP, right or wrong.
    pub given: bool,
    /// ENP; none when absent or wrong.
    pub enp: Enp,
    /// Whether the birth date coded in the ENP differs from the birth date of the row.
    pub enp_contradicts_birth_date: bool,
}

impl EnpCheck {
    /// A wrong ENP: it is given, but identifies nobody.
    const WRONG: Self = Self { given: true, enp: Enp::NONE, enp_contradicts_birth_date: false };
}

impl RowCheck<'_, '_, '_> {
    /// The kind of the policy; none when absent or wrong.
    #[inline]
    pub fn policy_kind(&mut self, required: bool) -> PolicyKind {
        match self.read(Field::PolicyKind, PolicyKind::parse) {
            FieldValue::Parsed(kind) => kind,
            FieldValue::Unparsed(b"") => {
                if required {
                    self.report(Code::FieldRequired, Field::PolicyKind);
                }
                PolicyKind::NONE
            }
            FieldValue::Unparsed(_) => {
                if self.report(Code::PolicyKindUnknown, Field::PolicyKind) != Severity::Error && required {
                    self.report(Code::FieldRequired, Field::PolicyKind);
                }
                PolicyKind::NONE
            }
        }
    }

    /// The empty field that should hold the number of a policy of a known kind. A given number must be one of the kind.
    #[inline]
    pub fn missing_number(&mut self, kind: PolicyKind, number: &[u8], enp_given: bool) -> Option<Field> {
        match kind {
            PolicyKind::NONE => None,
            PolicyKind::SINGLE_SAMPLE => (!enp_given).then_some(Field::Enp),
            _ if number.is_empty() => Some(Field::PolicyNumber),
            PolicyKind::TEMPORARY_CERTIFICATE if !(number.len() == 9 && number.iter().all(u8::is_ascii_digit)) => {
                self.report(Code::PolicyNumberFormat, Field::PolicyNumber);
                None
            }
            _ => None,
        }
    }

    /// The ENP, compared with birth date and sex.
    #[inline]
    pub fn enp(&mut self, birth: Option<Date>, sex: Option<Sex>) -> EnpCheck {
        let text = self.fields.untrimmed_bytes(Field::Enp);
        if text.is_empty() {
            return EnpCheck::default();
        }
        let Some(reading) = Enp::read(text).or_else(|| read_marked_enp(&self.fields)) else {
            return self.report_no_enp();
        };
        let mut sound = true;
        if !reading.check_digit_ok {
            self.report(Code::EnpCheckDigit, Field::Enp);
            sound = false;
        }
        let mut enp_contradicts_birth_date = false;
        match reading.holder {
            Ok(EnpHolder { birth_date: coded_birth, sex: coded_sex }) if self.is_plausible_birth(coded_birth) => {
                enp_contradicts_birth_date = birth.is_some_and(|birth| birth != coded_birth);
                let of_other_sex = sex.is_some_and(|sex| sex != coded_sex);
                if (enp_contradicts_birth_date || of_other_sex) && reading.check_digit_ok {
                    self.report(Code::EnpPersonMismatch, Field::Enp);
                }
            }
            _ => {
                self.report(Code::EnpImpossible, Field::Enp);
                sound = false;
            }
        }
        if sound { EnpCheck { given: true, enp: reading.enp, enp_contradicts_birth_date } } else { EnpCheck::WRONG }
    }

    /// Reports a text that is no ENP, unless it is empty.
    #[cold]
    fn report_no_enp(&mut self) -> EnpCheck {
        let given = !unmarked_enp(&self.fields).is_empty();
        if given {
            self.report(Code::EnpFormat, Field::Enp);
        }
        if given { EnpCheck::WRONG } else { EnpCheck::default() }
    }

    /// The SNILS; none when absent or wrong.
    #[inline]
    pub fn snils(&mut self) -> Snils {
        let text = self.fields.untrimmed_bytes(Field::Snils);
        if text.is_empty() {
            return Snils::NONE;
        }
        // A SNILS may have blanks anywhere, so it is read with the blanks around it.
        match Snils::parse(text) {
            Ok(snils) => snils,
            Err(SnilsFault::Format | SnilsFault::Zero | SnilsFault::Control) => {
                if !self.fields.bytes(Field::Snils).is_empty() {
                    self.report(Code::SnilsInvalid, Field::Snils);
                }
                Snils::NONE
            }
        }
    }
}

/// Reads an ENP with a mark of a spreadsheet.
#[cold]
fn read_marked_enp(fields: &RowFields<'_>) -> Option<EnpReading> {
    Enp::read(unmarked_enp(fields))
}

/// The ENP without the back-tick or apostrophe with which spreadsheets mark texts, and without blanks after it.
fn unmarked_enp<'r>(fields: &RowFields<'r>) -> &'r [u8] {
    let text = fields.get(Field::Enp);
    text.strip_prefix(['`', '\'']).map_or(text, trim_blanks).as_bytes()
}
