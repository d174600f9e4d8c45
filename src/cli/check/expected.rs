//! What was expected where something else was found, in a few words; nothing where it takes the whole rule to say so.

use crate::engine::RowOfFinding;
use crate::identifier::DateFormat;
use crate::rules::Code;

/// What was expected in the place of a finding.
pub(super) fn expected(finding: &RowOfFinding) -> String {
    let words = match finding.kind.code {
        Code::RowShape => return finding.kind.shape.map_or_else(String::new, |shape| format!("{} fields", shape.expected)),
        Code::DateInvalid => match finding.dates {
            Some(DateFormat::Any) | None => "a date",
            Some(format) => return format!("a date {}", format.name()),
        },
        Code::FieldRequired => "a value",
        Code::ActionUnknown => "new, change or end",
        Code::SexInvalid => "1 or 2",
        Code::PolicyKindUnknown | Code::MethodUnknown => "1, 2 or 3",
        Code::PolicyNumberFormat => "9 digits",
        Code::EnpFormat => "16 digits",
        Code::EnpCheckDigit => "a right check digit",
        Code::SnilsInvalid | Code::DoctorSnilsInvalid => "11 digits with a right control number",
        Code::SnilsRequired | Code::SnilsRequiredEaeu | Code::DoctorSnilsMissing => "a SNILS",
        Code::CategoryUnknown => "0 to 14",
        Code::InsurerUnknown => "an insurer of the reference table",
        Code::ClinicUnknown => "a clinic of the reference table",
        _ => "",
    };
    words.to_owned()
}
