//! What is found about a person, or about a record among the others of its person.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const ENP_SHARED: Rule = Rule {
    code: Code::EnpShared,
    name: "ENP_SHARED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the ENP is used by several persons", "ЕНП указан у нескольких лиц"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt25)", "practice of regional registers (rt25)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const IDENTITY_REVIEW: Rule = Rule {
    code: Code::IdentityReview,
    name: "IDENTITY_REVIEW",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the person's records give two SNILS, two sexes or two birth dates",
        "в записях о лице два СНИЛС, два пола или две даты рождения",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt47, rt48)", "practice of regional registers (rt47, rt48)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const SEVERAL_ENP: Rule = Rule {
    code: Code::SeveralEnp,
    name: "SEVERAL_ENP",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the person has more than one ENP", "у лица несколько ЕНП"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("operations П023, П024", "operations П023, П024"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const AFTER_DEATH: Rule = Rule {
    code: Code::AfterDeath,
    name: "AFTER_DEATH",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("nothing of the interval is left because of the person's death", "начало после даты смерти"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ: insurance ends with death", "326-ФЗ: insurance ends with death"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const NO_INTERVAL: Rule = Rule {
    code: Code::NoInterval,
    name: "NO_INTERVAL",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("nothing of the interval is left", "срок пуст"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("definition of the interval", "definition of the interval"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const CLINIC_AGE: Rule = Rule {
    code: Code::ClinicAge,
    name: "CLINIC_AGE",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the clinic does not serve the person's age", "медицинская организация не обслуживает этот возраст"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of funds: ages served", "practice of funds: ages served"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
};

pub(super) const NOT_INSURED: Rule = Rule {
    code: Code::NotInsured,
    name: "NOT_INSURED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("no insurance of the person overlaps the attachment", "в этот срок лицо не застраховано"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ, article 16: the insured choose a clinic", "326-ФЗ, article 16: the insured choose a clinic"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const END_WITHOUT_STAY: Rule = Rule {
    code: Code::EndWithoutStay,
    name: "END_WITHOUT_STAY",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "no other record of the person with this insurer or clinic starts before the day of the end",
        "нет страхования или прикрепления, которое прекращает запись",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "register exchange, operations П021 to П025; detachment notices of funds",
        "register exchange, operations П021 to П025; detachment notices of funds",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const CHANGE_WITHOUT_ATTACHMENT: Rule = Rule {
    code: Code::ChangeWithoutAttachment,
    name: "CHANGE_WITHOUT_ATTACHMENT",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the person has no stay with this clinic on the day of the change",
        "нет прикрепления, данные которого изменяет запись",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("attachment exchange, field 1: change of data", "attachment exchange, field 1: change of data"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const SNILS_SHARED: Rule = Rule {
    code: Code::SnilsShared,
    name: "SNILS_SHARED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the SNILS is used by several persons", "СНИЛС указан у нескольких лиц"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt48)", "practice of regional registers (rt48)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const DOC_SHARED: Rule = Rule {
    code: Code::DocShared,
    name: "DOC_SHARED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the document is used by several persons", "документ указан у нескольких лиц"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt18)", "practice of regional registers (rt18)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const APPLIED_AFTER_DEATH: Rule = Rule {
    code: Code::AppliedAfterDeath,
    name: "APPLIED_AFTER_DEATH",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the application is after the person's death", "заявление подано после смерти"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt14)", "practice of regional registers (rt14)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const INSURED_IN_SERVICE: Rule = Rule {
    code: Code::InsuredInService,
    name: "INSURED_IN_SERVICE",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("insured on the as-of date although in service", "застрахован на отчётную дату, хотя состоит на службе"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "326-ФЗ, article 10: servicemen and those equal to them are not insured",
        "326-ФЗ, article 10: servicemen and those equal to them are not insured",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const NEWBORN_INSURER: Rule = Rule {
    code: Code::NewbornInsurer,
    name: "NEWBORN_INSURER",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the newborn's insurer is not that of the mother or representative",
        "страховая организация новорождённого не та, что у матери или представителя",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "326-ФЗ, article 16: until 30 days after the registration of birth",
        "326-ФЗ, article 16: until 30 days after the registration of birth",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const CERTIFICATE_EXPIRED: Rule = Rule {
    code: Code::CertificateExpired,
    name: "CERTIFICATE_EXPIRED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the temporary certificate expired by the as-of date, and no policy followed",
        "срок временного свидетельства истёк, полиса нет",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("OMS rules, temporary certificate", "OMS rules, temporary certificate"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const FIRST_CHOICE_WHILE_INSURED: Rule = Rule {
    code: Code::FirstChoiceWhileInsured,
    name: "FIRST_CHOICE_WHILE_INSURED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "a first choice of an insurer while another insurance is open",
        "первичный выбор при действующем страховании в другой организации",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("operation П010; practice of insurers", "operation П010; practice of insurers"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const REASON_CHANGES_INSURER: Rule = Rule {
    code: Code::ReasonChangesInsurer,
    name: "REASON_CHANGES_INSURER",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "an operation that keeps the insurer names another one",
        "операция без замены страховой организации указывает другую организацию",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("dictionary R001: П040, П060, П061, П062, П063", "dictionary R001: П040, П060, П061, П062, П063"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const REASON_SAME_INSURER: Rule = Rule {
    code: Code::ReasonSameInsurer,
    name: "REASON_SAME_INSURER",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "an operation that changes the insurer names the present one",
        "операция замены указывает прежнюю страховую организацию",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "dictionary R001: П031 to П036; practice of regional registers (rt36)",
        "dictionary R001: П031 to П036; practice of regional registers (rt36)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const SEVERAL_APPLICATIONS: Rule = Rule {
    code: Code::SeveralApplications,
    name: "SEVERAL_APPLICATIONS",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "applications to several clinics in one period",
        "заявления в несколько медицинских организаций за один период",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("attachment exchange, error 17 of insurers", "attachment exchange, error 17 of insurers"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const NO_CONTRACT: Rule = Rule {
    code: Code::NoContract,
    name: "NO_CONTRACT",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "insurer and clinic have no contract on the as-of date",
        "нет договора страховой и медицинской организаций на отчётную дату",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ, article 39", "326-ФЗ, article 39"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const NOT_INSURED_ON_START: Rule = Rule {
    code: Code::NotInsuredOnStart,
    name: "NOT_INSURED_ON_START",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the person is not insured on the day on which the attachment starts",
        "на дату прикрепления лицо не застраховано",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("attachment exchange, errors 10, 14, 17 of funds", "attachment exchange, errors 10, 14, 17 of funds"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};

pub(super) const MUST_CHOOSE: Rule = Rule {
    code: Code::MustChoose,
    name: "MUST_CHOOSE",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the insurer left without a successor, and no other was chosen",
        "страховая организация прекратила работу без правопреемника, новая не выбрана",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("326-ФЗ, article 16: two months to choose", "326-ФЗ, article 16: two months to choose"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
};
