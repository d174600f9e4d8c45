//! Rules of the insurance: insurer, category, operation, term, certificate, application.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const DATES_REVERSED: Rule = Rule {
    code: Code::DatesReversed,
    name: "DATES_REVERSED",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "an end is not after the start, or the start is before birth",
        "конец не позже начала, или начало раньше рождения",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt59)", "practice of regional registers (rt59)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const INSURER_UNKNOWN: Rule = Rule {
    code: Code::InsurerUnknown,
    name: "INSURER_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the insurer's code is not in the reference table", "страховой организации нет в справочнике"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("register of insurers, F002", "register of insurers, F002"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const INSURER_NOT_WORKING: Rule = Rule {
    code: Code::InsurerNotWorking,
    name: "INSURER_NOT_WORKING",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the start is outside the insurer's working period", "начало вне срока работы страховой организации"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("register of insurers, F002", "register of insurers, F002"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const CATEGORY_UNKNOWN: Rule = Rule {
    code: Code::CategoryUnknown,
    name: "CATEGORY_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("category is not in the closed list; treated as absent", "неизвестная категория; считается незаполненной"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ, article 10; categories 0-14", "326-ФЗ, article 10; categories 0-14"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const REASON_UNKNOWN: Rule = Rule {
    code: Code::ReasonUnknown,
    name: "REASON_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("reason is not an operation code; treated as absent", "неизвестная операция; считается незаполненной"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("dictionary R001", "dictionary R001"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const TERM_MISSING: Rule = Rule {
    code: Code::TermMissing,
    name: "TERM_MISSING",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "a term-limited category has no planned end; 1 January of the next year is taken",
        "нет срока действия; принято 1 января следующего года",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("OMS rules, terms of policies of foreigners", "OMS rules, terms of policies of foreigners"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const TERM_IGNORED: Rule = Rule {
    code: Code::TermIgnored,
    name: "TERM_IGNORED",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "a planned end does not end the insurance of this category",
        "срок действия для этой категории не учитывается",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("OMS rules, policies without term", "OMS rules, policies without term"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const CATEGORY_CITIZENSHIP: Rule = Rule {
    code: Code::CategoryCitizenship,
    name: "CATEGORY_CITIZENSHIP",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("category and citizenship contradict each other", "категория и гражданство противоречат друг другу"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ, article 10 (rt11)", "326-ФЗ, article 10 (rt11)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const TERM_TOO_LONG: Rule = Rule {
    code: Code::TermTooLong,
    name: "TERM_TOO_LONG",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the planned end is after the last day that the category allows",
        "срок действия полиса длиннее допустимого для категории",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "OMS rules, terms of policies of foreigners: 31 December at the latest",
        "OMS rules, terms of policies of foreigners: 31 December at the latest",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const CERTIFICATE_TERM: Rule = Rule {
    code: Code::CertificateTerm,
    name: "CERTIFICATE_TERM",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the term of the temporary certificate is not the prescribed number of working days",
        "срок временного свидетельства не равен установленному числу рабочих дней",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("OMS rules, temporary certificate (rt34)", "OMS rules, temporary certificate (rt34)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const CERTIFICATE_AFTER_DIGITAL: Rule = Rule {
    code: Code::CertificateAfterDigital,
    name: "CERTIFICATE_AFTER_DIGITAL",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "a temporary certificate that begins when only digital policies are issued",
        "временное свидетельство выдано после перехода на цифровые полисы",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "order 108н in the wording of order 789н, chapter III",
        "order 108н in the wording of order 789н, chapter III",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const OLD_POLICY_AFTER_REFORM: Rule = Rule {
    code: Code::OldPolicyAfterReform,
    name: "OLD_POLICY_AFTER_REFORM",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "an old-style policy that begins when only single-sample policies are issued",
        "полис старого образца выдан после введения полисов единого образца",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ, article 51", "326-ФЗ, article 51"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const APPLIED_BEFORE_BIRTH: Rule = Rule {
    code: Code::AppliedBeforeBirth,
    name: "APPLIED_BEFORE_BIRTH",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the application is before birth", "заявление подано до рождения"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt13)", "practice of regional registers (rt13)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const APPLIED_IN_FUTURE: Rule = Rule {
    code: Code::AppliedInFuture,
    name: "APPLIED_IN_FUTURE",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the application is after the as-of date", "заявление подано позже отчётной даты"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers", "practice of regional registers"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const APPLIED_AFTER_END: Rule = Rule {
    code: Code::AppliedAfterEnd,
    name: "APPLIED_AFTER_END",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the application is not before the end of the insurance", "заявление подано после окончания страхования"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt33)", "practice of regional registers (rt33)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const LATE_NOTICE: Rule = Rule {
    code: Code::LateNotice,
    name: "LATE_NOTICE",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "changed data were reported later than within one month",
        "об изменении данных сообщено позже чем через месяц",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ, article 16, part 2", "326-ФЗ, article 16, part 2"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const INSURER_OTHER_REGION: Rule = Rule {
    code: Code::InsurerOtherRegion,
    name: "INSURER_OTHER_REGION",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the insurer is of another region", "страховая организация другого региона"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "326-ФЗ, article 14: register of insurers of the region",
        "326-ФЗ, article 14: register of insurers of the region",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};
