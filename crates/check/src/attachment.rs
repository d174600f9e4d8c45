//! Row checks of attachment files: the attachment of one person to one clinic.

use super::checked_row::{CheckedRow, RowChecking};
use super::context::CheckContext;
use super::documents;
use super::fingerprint::{date_pair, hash_or_zero};
use super::identity_fields::CheckedIdentity;
use super::names::GivenNames;
use super::row_check::{FieldValue, RowCheck};
use sverka_intake::RowFields;
use sverka_model::{
    Action, AttachmentMethod, AttachmentRecord, ClinicId, Code, Date, Field, Identity, OrganisationId, PolicyKind, Profile,
    RowOwner, RowSink, Snils, Table,
};
use sverka_reference::WorkStatus;

/// Notices that an attachment file may have: changes and ends.
const NOTICES: [Action; 2] = [Action::Change, Action::End];

impl CheckedRow for AttachmentRecord {
    #[inline]
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<Self> {
        check(&mut row.0)
    }

    #[inline]
    fn pass_on(&self, texts: [&[u8]; 3], sink: &mut impl RowSink) {
        sink.attachment(self, texts);
    }

    const NOBODY: RowOwner = RowOwner { table: Table::Attachments, organisation: None };

    #[inline]
    fn organisation(&self) -> OrganisationId {
        self.clinic.into()
    }

    fn named(fields: RowFields<'_>, context: CheckContext<'_>) -> RowOwner {
        RowOwner { organisation: context.clinics.find(fields.bytes(Field::Clinic)).map(OrganisationId::from), ..Self::NOBODY }
    }
}

/// Checks one row, and returns its record if no finding is an error.
#[inline]
pub(super) fn check(row: &mut RowCheck<'_, '_, '_>) -> Option<AttachmentRecord> {
    let GivenNames { surname, given_name } = row.surname_and_given_name();
    let birth = row.birth_date();
    let action = row.action(&NOTICES);
    let (from, to) = dates(row, action);
    row.check_order(from, to, Field::AttachedTo);
    row.check_not_before_birth(birth, from, Field::AttachedFrom);
    let sex = row.sex(false);
    let enp = row.enp(birth, sex);
    let policy_number = row.text(Field::PolicyNumber);
    let given_kind = row.policy_kind(false);
    let snils = row.snils();
    let policy_kind = match row.missing_number(given_kind, policy_number, enp.given) {
        Some(missing) => kind_without_number(row, missing, snils != Snils::NONE || enp.given || !policy_number.is_empty()),
        None => given_kind,
    };
    if policy_kind == PolicyKind::NONE && snils == Snils::NONE && !enp.given && policy_number.is_empty() {
        row.report(Code::FieldRequired, Field::Enp);
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
    if !row.is_acceptable() {
        return None;
    }
    let checked = CheckedIdentity { enp, snils, birth_date, sex, policy_kind, policy_number, names, action, document_of_another };
    let (identity, hash) = row.identity(&checked);
    let district = row.intern(row.text(Field::District));
    let doctor_snils = row.intern(row.text(Field::DoctorSnils));
    let codes = u64::from(clinic)
        | u64::from(policy_kind.code()) << 16
        | u64::from(identity.sex) << 24
        | u64::from(profile.code()) << 32
        | u64::from(method.code()) << 40
        | (action as u64) << 48;
    let fingerprint = hash
        .with(codes, date_pair(birth, from))
        .with(date_pair(to, None), hash_or_zero(row.text(Field::Department)))
        .with(district.hash, doctor_snils.hash)
        .finish();
    Some(AttachmentRecord {
        identity: Identity { fingerprint: fingerprint >> (u64::BITS - Identity::FINGERPRINT_BITS), ..identity },
        attached_from,
        attached_to: to.unwrap_or(Date::NEVER),
        district: district.text,
        doctor_snils: doctor_snils.text,
        clinic,
        profile,
        method,
        padding: 0,
    })
}

/// The kind of a policy without its number; such a policy counts as absent. A row without any identifier gets one
/// finding only, from the caller.
#[cold]
fn kind_without_number(row: &mut RowCheck<'_, '_, '_>, missing: Field, identified: bool) -> PolicyKind {
    if identified {
        row.report(Code::PolicyNumberMissing, missing);
    }
    PolicyKind::NONE
}

/// Start and end of the attachment. The notice of an end needs no start, other rows need no end.
#[inline]
fn dates(row: &mut RowCheck<'_, '_, '_>, action: Action) -> (Option<Date>, Option<Date>) {
    let from = row.start_date(Field::AttachedFrom, action);
    let to = row.end_date(Field::AttachedTo);
    if action == Action::End && to.is_none() && row.is_without_end(Field::AttachedTo) {
        row.report(Code::FieldRequired, Field::AttachedTo);
    }
    (from, to)
}

fn clinic(row: &mut RowCheck<'_, '_, '_>, from: Option<Date>) -> Option<ClinicId> {
    let clinics = row.context().clinics;
    let index = match row.read(Field::Clinic, |code| clinics.find(code)) {
        FieldValue::Parsed(index) => index,
        FieldValue::Unparsed(code) => {
            row.report(if code.is_empty() { Code::FieldRequired } else { Code::ClinicUnknown }, Field::Clinic);
            return None;
        }
    };
    let clinic = clinics.get(index);
    match from.map_or(WorkStatus::Working, |from| clinic.work_status_on(from)) {
        WorkStatus::Working => {}
        WorkStatus::BeforeDictionary => {
            row.report(Code::BeforeDictionary, Field::AttachedFrom);
        }
        WorkStatus::NotWorking => {
            row.report(Code::ClinicNotWorking, Field::Clinic);
        }
    }
    if row.lookups().is_foreign_clinic(index) {
        row.report(Code::ClinicOtherRegion, Field::Clinic);
    }
    if !clinic.attachable {
        row.report(Code::ClinicNotAttachable, Field::Clinic);
    }
    Some(index)
}

/// Checks the doctor's SNILS, which is published as received.
#[inline]
fn doctor(row: &mut RowCheck<'_, '_, '_>, action: Action) {
    let text = row.text(Field::DoctorSnils);
    if text.is_empty() {
        if action == Action::New {
            row.report(Code::DoctorSnilsMissing, Field::DoctorSnils);
        }
    } else if Snils::parse(text).is_err() {
        row.report(Code::DoctorSnilsInvalid, Field::DoctorSnils);
    }
}

fn profile(row: &RowCheck<'_, '_, '_>) -> Profile {
    let read = |text: &[u8]| match *text {
        // An attachment without a profile is therapeutic.
        [] => Some(Profile::THERAPEUTIC),
        [digit @ b'1'..=b'5'] => Some(Profile::new(digit - b'0')),
        _ => None,
    };
    match row.read(Field::Profile, read) {
        FieldValue::Parsed(profile) => profile,
        FieldValue::Unparsed(_) => Profile::THERAPEUTIC,
    }
}

fn method(row: &mut RowCheck<'_, '_, '_>) -> AttachmentMethod {
    let read = |text: &[u8]| match *text {
        [] => Some(AttachmentMethod::NONE),
        [digit @ b'1'..=b'3'] => Some(AttachmentMethod::new(digit - b'0')),
        _ => None,
    };
    match row.read(Field::Method, read) {
        FieldValue::Parsed(method) => method,
        FieldValue::Unparsed(_) => {
            row.report(Code::MethodUnknown, Field::Method);
            AttachmentMethod::NONE
        }
    }
}
