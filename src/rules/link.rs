//! Rules by which two records are one person.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};
use crate::model::Field;

pub(super) const L1: Rule = Rule {
    code: Code::L1,
    name: "L1",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Enp, Field::BirthDate, Field::GivenName],
    message: Text::new("same ENP, birth date and given name", "совпали ЕНП, дата рождения и имя"),
    meaning: Text::new(
        "Two records with the same ENP, birth date and given name are one person, whatever the surname: it may have \
         changed by marriage.",
        "Две записи с одинаковыми ЕНП, датой рождения и именем относятся к одному лицу, какая бы ни была фамилия: её \
         могли сменить.",
    ),
    remedy: Text::new(
        "Nothing is to be done. Who knows that the records are different people enters that into the file of decisions.",
        "Делать ничего не нужно. Тот, кто знает, что это разные люди, указывает это в файле решений.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "after search key H12 of the register of insured persons, with fewer fields",
        "по образцу поискового ключа H12 регистра застрахованных лиц, полей меньше",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Switch,
    softened: None,
};

pub(super) const L2: Rule = Rule {
    code: Code::L2,
    name: "L2",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Enp, Field::Surname, Field::GivenName, Field::Patronymic],
    message: Text::new("same ENP and full name", "совпали ЕНП и фамилия, имя, отчество"),
    meaning: Text::new(
        "Two records with the same ENP and the same full name are one person even when the birth dates differ: one of \
         them is mistyped.",
        "Две записи с одинаковыми ЕНП, фамилией, именем и отчеством относятся к одному лицу, даже если даты рождения \
         разные: в одной опечатка.",
    ),
    remedy: Text::new(
        "Nothing is to be done. Who knows that the records are different people enters that into the file of decisions.",
        "Делать ничего не нужно. Тот, кто знает, что это разные люди, указывает это в файле решений.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "after search key H11 of the register of insured persons, with fewer fields",
        "по образцу поискового ключа H11 регистра застрахованных лиц, полей меньше",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Switch,
    softened: None,
};

pub(super) const L3: Rule = Rule {
    code: Code::L3,
    name: "L3",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Snils, Field::BirthDate, Field::GivenName],
    message: Text::new("same SNILS, birth date and given name", "совпали СНИЛС, дата рождения и имя"),
    meaning: Text::new(
        "Two records with the same SNILS, birth date and given name are one person. The given name takes part so that \
         twins stay apart.",
        "Две записи с одинаковыми СНИЛС, датой рождения и именем относятся к одному лицу. Имя участвует, чтобы не \
         соединить близнецов.",
    ),
    remedy: Text::new(
        "Nothing is to be done. Who knows that the records are different people enters that into the file of decisions.",
        "Делать ничего не нужно. Тот, кто знает, что это разные люди, указывает это в файле решений.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "after search key H16 of the register of insured persons, with fewer fields",
        "по образцу поискового ключа H16 регистра застрахованных лиц, полей меньше",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Switch,
    softened: None,
};

pub(super) const L4: Rule = Rule {
    code: Code::L4,
    name: "L4",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Surname, Field::GivenName, Field::Patronymic, Field::BirthDate, Field::DocKind, Field::DocNumber],
    message: Text::new("same full name, birth date and document", "совпали фамилия, имя, отчество, дата рождения и документ"),
    meaning: Text::new(
        "Two records with the same full name, birth date and identity document are one person, unless the document cannot be \
         the person's own or the given name stands for none: SAME_DOCUMENT_REVIEW tells of these.",
        "Две записи с одинаковыми фамилией, именем, отчеством, датой рождения и документом относятся к одному лицу, если \
         документ может ему принадлежать и имя — не «нет»: об остальных говорит SAME_DOCUMENT_REVIEW.",
    ),
    remedy: Text::new(
        "Nothing is to be done. Who knows that the records are different people enters that into the file of decisions.",
        "Делать ничего не нужно. Тот, кто знает, что это разные люди, указывает это в файле решений.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "search keys of the register of insured persons (H02)",
        "поисковые ключи регистра застрахованных лиц (H02)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
    softened: None,
};

pub(super) const L5: Rule = Rule {
    code: Code::L5,
    name: "L5",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::PolicyKind, Field::PolicyNumber, Field::BirthDate, Field::GivenName],
    message: Text::new("same policy, birth date and given name", "совпали полис, дата рождения и имя"),
    meaning: Text::new(
        "Two records with the same old policy or temporary certificate, birth date and given name are one person.",
        "Две записи с одинаковыми полисом старого образца или временным свидетельством, датой рождения и именем относятся \
         к одному лицу.",
    ),
    remedy: Text::new(
        "Nothing is to be done. Who knows that the records are different people enters that into the file of decisions.",
        "Делать ничего не нужно. Тот, кто знает, что это разные люди, указывает это в файле решений.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "after search key H14 of the register of insured persons, with fewer fields",
        "по образцу поискового ключа H14 регистра застрахованных лиц, полей меньше",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Switch,
    softened: None,
};

pub(super) const L6: Rule = Rule {
    code: Code::L6,
    name: "L6",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Enp, Field::BirthDate],
    message: Text::new("same ENP and birth date, nothing contradicts", "совпали ЕНП и дата рождения"),
    meaning: Text::new(
        "Records that share an ENP and the birth date it codes are one person unless something speaks against it: \
         different SNILS, different sexes, or given names that cannot be spellings of one name. If anything does, none \
         of them is joined, and ENP_SHARED tells.",
        "Записи с общим ЕНП и закодированной в нём датой рождения относятся к одному лицу, если ничто этому не \
         противоречит: ни разные СНИЛС, ни разный пол, ни имена, которые нельзя считать вариантами написания одного \
         имени. При противоречии не соединяется ни одна, о чём говорит ENP_SHARED.",
    ),
    remedy: Text::new(
        "Nothing is to be done. Who knows that the records are different people enters that into the file of decisions.",
        "Делать ничего не нужно. Тот, кто знает, что это разные люди, указывает это в файле решений.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of insurers: birth date and ENP", "практика страховых организаций: дата рождения и ЕНП"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
    softened: None,
};
