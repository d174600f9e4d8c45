//! Rules of the attachment to a clinic, as a row of attachments says it.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const CLINIC_UNKNOWN: Rule = Rule {
    code: Code::ClinicUnknown,
    name: "CLINIC_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the clinic's code is not in the reference table", "медицинской организации нет в справочнике"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("register of clinics, F032", "register of clinics, F032"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const CLINIC_NOT_WORKING: Rule = Rule {
    code: Code::ClinicNotWorking,
    name: "CLINIC_NOT_WORKING",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the start is outside the clinic's working period", "начало вне срока работы медицинской организации"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("register of clinics, F032", "register of clinics, F032"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const CLINIC_NOT_ATTACHABLE: Rule = Rule {
    code: Code::ClinicNotAttachable,
    name: "CLINIC_NOT_ATTACHABLE",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the clinic may not have attached people", "к медицинской организации не прикрепляют население"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "order 406н and its successor: outpatient clinics only",
        "order 406н and its successor: outpatient clinics only",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const METHOD_UNKNOWN: Rule = Rule {
    code: Code::MethodUnknown,
    name: "METHOD_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "method of attachment is not 1, 2 or 3; treated as absent",
        "неизвестный способ прикрепления; считается незаполненным",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("attachment exchange, field 16", "attachment exchange, field 16"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const CLINIC_OTHER_REGION: Rule = Rule {
    code: Code::ClinicOtherRegion,
    name: "CLINIC_OTHER_REGION",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the clinic is of another region", "медицинская организация другого региона"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "326-ФЗ, article 15: register of clinics of the region",
        "326-ФЗ, article 15: register of clinics of the region",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const DOCTOR_SNILS_INVALID: Rule = Rule {
    code: Code::DoctorSnilsInvalid,
    name: "DOCTOR_SNILS_INVALID",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the doctor's SNILS is not 11 digits with a right control number", "неверный СНИЛС врача"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("attachment exchange, error 16 of funds", "attachment exchange, error 16 of funds"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const DOCTOR_SNILS_MISSING: Rule = Rule {
    code: Code::DoctorSnilsMissing,
    name: "DOCTOR_SNILS_MISSING",
    kind: Kind::RowCheck,
    severity: Severity::Off,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the attachment names no doctor", "не указан СНИЛС врача"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("attachment exchange, errors 16 and 20 of funds", "attachment exchange, errors 16 and 20 of funds"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};
