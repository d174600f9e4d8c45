//! The row checks of attachment files: one person's attachment to one clinic.

use super::context::{Read, RowCheck, date_pair};
use super::documents;
use super::identity_fields::{CheckedIdentity, hash_of};
use super::names::GivenNames;
use sverka_model::{Action, AttachmentRecord, ClinicId, Code, Date, Field, Identity, Snils};
use sverka_reference::WorkStatus;

/// The profile of an attachment that names none, or one that does not exist.
const THERAPEUTIC: u8 = 1;

const NOTICES: [Action; 2] = [Action::Change, Action::End];

/// Checks one row; the record when nothing found is an error.
#[inline]
pub(super) fn check(row: &mut RowCheck<'_, '_, '_>) -> Option<AttachmentRecord> {
    let GivenNames { surname, given_name } = row.surname_and_given_name();
    let birth = row.birth_date();
    let action = row.action(&NOTICES);
    let (from, to) = dates(row, action);
    row.ordered(from, to, Field::AttachedTo);
    row.after_birth(birth, from, Field::AttachedFrom);
    let sex = row.sex(false);
    let enp = row.enp(birth, sex);
    let policy_number = row.text(Field::PolicyNumber);
    let given_kind = row.policy_kind(false);
    let snils = row.snils();
    let policy_kind = match row.missing_number(given_kind, policy_number, enp.given) {
        Some(missing) => kind_without_number(row, missing, snils != 0 || enp.given || !policy_number.is_empty()),
        None => given_kind,
    };
    if policy_kind == 0 && snils == 0 && !enp.given && policy_number.is_empty() {
        row.found(Code::FieldRequired, Field::Enp);
    }
    let clinic = clinic(row, from);
    let profile = profile(row);
    let method = method(row);
    let document = documents::kind_and_number(row);
    let document_of_another = documents::is_of_another(row, document, birth, None);
    doctor(row, action);
    let start = if action == Action::End { from.or(Some(Date::EARLIEST)) } else { from };
    let names = row.names(surname, given_name, sex);
    let (Some(birth_date), Some(attached_from), Some(clinic)) = (birth, start, clinic) else { return None };
    if !row.acceptable() {
        return None;
    }
    let checked = CheckedIdentity { enp, snils, birth_date, sex, policy_kind, policy_number, names, action, document_of_another };
    let (identity, hash) = row.identity(&checked);
    let (district, district_hash) = row.word(row.text(Field::District));
    let (doctor_snils, doctor_snils_hash) = row.word(row.text(Field::DoctorSnils));
    let codes = u64::from(clinic)
        | u64::from(policy_kind) << 16
        | u64::from(identity.sex) << 24
        | u64::from(profile) << 32
        | u64::from(method) << 40
        | (action as u64) << 48;
    let fingerprint = hash
        .with(codes, date_pair(birth, from))
        .with(date_pair(to, None), hash_of(row.text(Field::Department)))
        .with(district_hash, doctor_snils_hash)
        .finish();
    Some(AttachmentRecord {
        identity: Identity { fingerprint: fingerprint >> (u64::BITS - Identity::FINGERPRINT_BITS), ..identity },
        attached_from,
        attached_to: to.unwrap_or(Date::NEVER),
        district,
        doctor_snils,
        clinic,
        profile,
        method,
        padding: 0,
    })
}

/// The kind of a policy whose number is missing: absent. Of a row without any identifier, nothing but that is told.
#[cold]
fn kind_without_number(row: &mut RowCheck<'_, '_, '_>, missing: Field, identified: bool) -> u8 {
    if identified {
        row.found(Code::PolicyNumberMissing, missing);
    }
    0
}

/// Start and end. The notice of an end needs no start, and a record no end.
#[inline]
fn dates(row: &mut RowCheck<'_, '_, '_>, action: Action) -> (Option<Date>, Option<Date>) {
    let from = row.start(Field::AttachedFrom, action);
    let to = row.end_date(Field::AttachedTo);
    if action == Action::End && to.is_none() && row.is_without_end(Field::AttachedTo) {
        row.found(Code::FieldRequired, Field::AttachedTo);
    }
    (from, to)
}

fn clinic(row: &mut RowCheck<'_, '_, '_>, from: Option<Date>) -> Option<ClinicId> {
    let clinics = row.context().clinics;
    let index = match row.read(Field::Clinic, |code| clinics.find(code)) {
        Read::Value(index) => index,
        Read::Other(code) => {
            row.found(if code.is_empty() { Code::FieldRequired } else { Code::ClinicUnknown }, Field::Clinic);
            return None;
        }
    };
    let clinic = clinics.get(index);
    match from.map_or(WorkStatus::Working, |from| clinic.work_status_on(from)) {
        WorkStatus::Working => {}
        WorkStatus::BeforeDictionary => {
            row.found(Code::BeforeDictionary, Field::AttachedFrom);
        }
        WorkStatus::NotWorking => {
            row.found(Code::ClinicNotWorking, Field::Clinic);
        }
    }
    if row.lookups().is_foreign_clinic(index) {
        row.found(Code::ClinicOtherRegion, Field::Clinic);
    }
    if !clinic.attachable {
        row.found(Code::ClinicNotAttachable, Field::Clinic);
    }
    Some(index)
}

/// The doctor's SNILS, which is passed on as received.
#[inline]
fn doctor(row: &mut RowCheck<'_, '_, '_>, action: Action) {
    let text = row.text(Field::DoctorSnils);
    if text.is_empty() {
        if action == Action::New {
            row.found(Code::DoctorSnilsMissing, Field::DoctorSnils);
        }
    } else if Snils::parse(text).is_err() {
        row.found(Code::DoctorSnilsInvalid, Field::DoctorSnils);
    }
}

fn profile(row: &RowCheck<'_, '_, '_>) -> u8 {
    let read = |text: &[u8]| match *text {
        [] => Some(THERAPEUTIC),
        [digit @ b'1'..=b'5'] => Some(digit - b'0'),
        _ => None,
    };
    match row.read(Field::Profile, read) {
        Read::Value(profile) => profile,
        Read::Other(_) => THERAPEUTIC,
    }
}

fn method(row: &mut RowCheck<'_, '_, '_>) -> u8 {
    let read = |text: &[u8]| match *text {
        [] => Some(0),
        [digit @ b'1'..=b'3'] => Some(digit - b'0'),
        _ => None,
    };
    match row.read(Field::Method, read) {
        Read::Value(method) => method,
        Read::Other(_) => {
            row.found(Code::MethodUnknown, Field::Method);
            0
        }
    }
}
