//! Rules of the attachment to a clinic, as a row of attachments says it.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};
use crate::model::Field;

pub(super) const CLINIC_UNKNOWN: Rule = Rule {
    code: Code::ClinicUnknown,
    name: "CLINIC_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Clinic,
    fields: &[Field::Clinic],
    message: Text::new("the clinic's code is not in the reference table", "медицинской организации нет в справочнике"),
    meaning: Text::new(
        "The code of the clinic is in no line of the job's table of clinics: it is mistyped, of another region, or the \
         table is out of date.",
        "Кода медицинской организации нет в справочнике задания: в нём опечатка, это организация другого региона, или \
         справочник устарел.",
    ),
    remedy: Text::new(
        "The sender corrects the code; if it is right, the fund completes the table of clinics (F032) and runs the job \
         again.",
        "Отправитель исправляет код; если код верен, фонд дополняет справочник медицинских организаций (F032) и выполняет \
         задание снова.",
    ),
    basis: Basis::Order,
    source: Text::new("registers of clinics F003, F032", "реестры медицинских организаций F003, F032"),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Fixed(Text::new(
        "A record with a clinic that nobody knows attaches nobody. Complete the table of clinics instead.",
        "Запись с неизвестной организацией никого не прикрепляет. Дополните справочник медицинских организаций.",
    )),
    softened: None,
};

pub(super) const CLINIC_NOT_WORKING: Rule = Rule {
    code: Code::ClinicNotWorking,
    name: "CLINIC_NOT_WORKING",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Clinic,
    fields: &[Field::Clinic, Field::AttachedFrom],
    message: Text::new("the start is outside the clinic's working period", "начало вне срока работы медицинской организации"),
    meaning: Text::new(
        "The attachment starts on a day on which the clinic did not work: before its first day, or after it had closed.",
        "Прикрепление начинается в день, когда организация не работала: до начала её работы или после закрытия.",
    ),
    remedy: Text::new(
        "The clinic corrects the start. If it was joined to another one, rows that start on that day or later name the \
         successor; if the day in the table is wrong, the fund corrects it.",
        "Медицинская организация исправляет дату начала. Если её присоединили к другой, в строках, которые начинаются \
         с этого дня или позже, указывают код правопреемника; если неверна дата в справочнике, её исправляет фонд.",
    ),
    basis: Basis::Order,
    source: Text::new("registers of clinics F003, F032", "реестры медицинских организаций F003, F032"),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: Some(Text::new(
        "The record is accepted. It ends, at the latest, when a clinic without a successor closed.",
        "Запись принимается. Она кончается не позже закрытия организации, у которой нет правопреемника.",
    )),
};

pub(super) const CLINIC_NOT_ATTACHABLE: Rule = Rule {
    code: Code::ClinicNotAttachable,
    name: "CLINIC_NOT_ATTACHABLE",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Clinic,
    fields: &[Field::Clinic],
    message: Text::new("the clinic may not have attached people", "к медицинской организации не прикрепляют население"),
    meaning: Text::new(
        "People are attached to outpatient clinics only; the job's table says of this one that it may not have attached \
         people, as a hospital or a research institute.",
        "Население прикрепляют только к организациям, оказывающим первичную помощь; по справочнику к этой организации \
         прикреплять нельзя (например, это стационар или институт).",
    ),
    remedy: Text::new(
        "The clinic attaches the person to its outpatient department if that has a code of its own; if the table is \
         wrong, the fund corrects it.",
        "Медицинская организация указывает код поликлинического подразделения, если он есть; если ошибка в справочнике, \
         её исправляет фонд.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "order 406н of 26.04.2012 and its successor: choice of a clinic of primary care",
        "приказ от 26.04.2012 № 406н и сменивший его: выбор организации первичной помощи",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: Some(Text::new(
        "The attachment counts, but no money is paid for it: only clinics that may have attached people are funded (of \
         a branch, its head decides).",
        "Прикрепление учитывается, но деньги по нему не начисляются: финансируются только организации, к которым можно \
         прикреплять (для филиала решает головная организация).",
    )),
};

pub(super) const METHOD_UNKNOWN: Rule = Rule {
    code: Code::MethodUnknown,
    name: "METHOD_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[Field::Method],
    message: Text::new(
        "method of attachment is not 1, 2 or 3; treated as absent",
        "неизвестный способ прикрепления; считается незаполненным",
    ),
    meaning: Text::new(
        "The way of attachment is not 1 (by residence), 2 (by application) or 3 (by application after a move). It is \
         treated as absent, which counts as by residence.",
        "Способ прикрепления — не 1 (по территории), не 2 (по заявлению) и не 3 (по заявлению после переезда). Он \
         считается незаполненным, то есть прикрепление — территориальным.",
    ),
    remedy: Text::new(
        "The sender corrects the export and sends the row again.",
        "Отправитель исправляет выгрузку и присылает строку ещё раз.",
    ),
    basis: Basis::Practice,
    source: Text::new("attachment exchange, field 16", "обмен сведениями о прикреплении, поле 16"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const CLINIC_OTHER_REGION: Rule = Rule {
    code: Code::ClinicOtherRegion,
    name: "CLINIC_OTHER_REGION",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[Field::Clinic],
    message: Text::new("the clinic is of another region", "медицинская организация другого региона"),
    meaning: Text::new(
        "The clinic is of another region than the one of the job. Care in another region is settled between the funds \
         and never paid per capita here. The attachment counts all the same, with its money, unless the job makes this \
         an error.",
        "Медицинская организация другого региона. Помощь в другом регионе оплачивается расчётами между фондами, а не \
         подушевым финансированием здесь. Прикрепление всё равно учитывается вместе с деньгами, если задание не делает \
         это ошибкой.",
    ),
    remedy: Text::new(
        "The sender corrects the code, or the attachment is sent to the fund of that region.",
        "Отправитель исправляет код, или прикрепление передаётся в фонд того региона.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 326-ФЗ, article 15: register of clinics of the region",
        "статья 15 Федерального закона № 326-ФЗ: реестр медицинских организаций региона",
    ),
    since: Some("2011-01-01"),
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const DOCTOR_SNILS_INVALID: Rule = Rule {
    code: Code::DoctorSnilsInvalid,
    name: "DOCTOR_SNILS_INVALID",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[Field::DoctorSnils],
    message: Text::new("the doctor's SNILS is not 11 digits with a right control number", "неверный СНИЛС врача"),
    meaning: Text::new(
        "The SNILS of the doctor to whom the person is attached is not eleven digits with a right control number. The \
         attachment to the clinic counts all the same.",
        "СНИЛС врача, к которому прикреплён человек, не из одиннадцати цифр с верным контрольным числом. Прикрепление к \
         организации всё равно учитывается.",
    ),
    remedy: Text::new("The clinic corrects the SNILS of the doctor.", "Медицинская организация исправляет СНИЛС врача."),
    basis: Basis::Practice,
    source: Text::new(
        "attachment exchange, error 16 of funds (Astrakhan, Penza)",
        "обмен сведениями о прикреплении, ошибка 16 фондов (Астрахань, Пенза)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const DOCTOR_SNILS_MISSING: Rule = Rule {
    code: Code::DoctorSnilsMissing,
    name: "DOCTOR_SNILS_MISSING",
    kind: Kind::RowCheck,
    severity: Severity::Off,
    subject: Subject::Clinic,
    fields: &[Field::DoctorSnils],
    message: Text::new("the attachment names no doctor", "не указан СНИЛС врача"),
    meaning: Text::new(
        "The attachment names no doctor. Some funds ask for one, others do not, so this rule is off unless the job \
         switches it on.",
        "В записи о прикреплении не указан врач. Одни фонды его требуют, другие нет, поэтому правило выключено, пока его \
         не включит задание.",
    ),
    remedy: Text::new("The clinic names the doctor of the district.", "Медицинская организация указывает участкового врача."),
    basis: Basis::Practice,
    source: Text::new(
        "attachment exchange, error 16 of funds (Astrakhan, Penza), error 20 of insurers (Vologda)",
        "обмен сведениями о прикреплении, ошибка 16 фондов (Астрахань, Пенза), ошибка 20 страховых организаций (Вологда)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};
