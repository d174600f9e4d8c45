//! The row checks of attachment files: one person's attachment to one clinic.

use super::context::{RowCheck, date_number};
use super::identity_fields::codes_other_birth;
use super::records::{AttachmentRecord, Identity};
use crate::identifier::Date;
use crate::intake::Field;
use crate::rules::Code;

/// Fields that are compared as received when rows are held to be equal.
const TEXTS: [Field; 9] = [
    Field::PolicyNumber,
    Field::Surname,
    Field::GivenName,
    Field::Patronymic,
    Field::DocKind,
    Field::DocNumber,
    Field::District,
    Field::Department,
    Field::DoctorSnils,
];

/// The profile of an attachment that names none, or one that does not exist.
const THERAPEUTIC: u8 = 1;

/// Checks one row; the record when nothing found is an error.
pub(super) fn check(row: &mut RowCheck<'_, '_, '_>) -> Option<AttachmentRecord> {
    let clinic_code = row.required(Field::Clinic);
    row.required(Field::Surname);
    row.required(Field::GivenName);
    let birth = row.birth_date();
    let from = row.required_date(Field::AttachedFrom);
    let to = row.end_date(Field::AttachedTo);
    row.ordered(from, to, Field::AttachedTo);
    row.after_birth(birth, from, Field::AttachedFrom);
    let sex = row.sex();
    let policy_kind = row.policy();
    let enp = row.enp(birth, sex);
    let snils = row.snils();
    // Without any identifier; a kind of 3 has already asked for the ENP.
    if policy_kind != 3 && snils == 0 && row.enp_text().is_empty() && row.get(Field::PolicyNumber).is_empty() {
        row.found(Code::FieldRequired, Field::Enp);
    }
    let clinic = clinic(row, clinic_code, from);
    let profile = profile(row);
    let method = method(row);
    let (Some(birth_date), Some(attached_from), Some(clinic)) = (birth, from, clinic) else { return None };
    if !row.acceptable() {
        return None;
    }
    let sex = sex.map_or(0, |sex| sex as u8);
    let numbers = [
        u64::from(clinic)
            | u64::from(policy_kind) << 16
            | u64::from(sex) << 24
            | u64::from(profile) << 32
            | u64::from(method) << 40,
        enp,
        snils,
        date_number(birth),
        date_number(from),
        date_number(to),
    ];
    let fingerprint = row.fingerprint(&numbers, &TEXTS);
    let of_other_birth = u8::from(codes_other_birth(enp, birth_date));
    let record = AttachmentRecord {
        identity: Identity { fingerprint, enp, snils, birth_date, sex, policy_kind, of_other_birth, ..row.named_identity(policy_kind) },
        attached_from,
        attached_to: to.unwrap_or(Date::NEVER),
        district: row.word(Field::District),
        doctor_snils: row.word(Field::DoctorSnils),
        clinic,
        profile,
        method,
        padding: 0,
    };
    Some(record)
}

fn clinic(row: &mut RowCheck<'_, '_, '_>, code: &str, from: Option<Date>) -> Option<u16> {
    if code.is_empty() {
        return None;
    }
    let Some(index) = row.context.clinics.find(code.as_bytes()) else {
        row.found(Code::ClinicUnknown, Field::Clinic);
        return None;
    };
    let clinic = row.context.clinics.get(index);
    if from.is_some_and(|from| !clinic.works.covers(from)) {
        row.found(Code::ClinicNotWorking, Field::Clinic);
    }
    if !clinic.attachable {
        row.found(Code::ClinicNotAttachable, Field::Clinic);
    }
    Some(index)
}

fn profile(row: &RowCheck<'_, '_, '_>) -> u8 {
    match *row.get(Field::Profile).as_bytes() {
        [digit @ b'1'..=b'5'] => digit - b'0',
        _ => THERAPEUTIC,
    }
}

fn method(row: &mut RowCheck<'_, '_, '_>) -> u8 {
    match *row.get(Field::Method).as_bytes() {
        [] => 0,
        [digit @ b'1'..=b'3'] => digit - b'0',
        _ => {
            row.found(Code::MethodUnknown, Field::Method);
            0
        }
    }
}
