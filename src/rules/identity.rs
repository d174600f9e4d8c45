//! Rules of the fields that say who a record is about: birth, sex, policy, ENP and SNILS.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};
use crate::model::Field;

pub(super) const BIRTH_DATE_RANGE: Rule = Rule {
    code: Code::BirthDateRange,
    name: "BIRTH_DATE_RANGE",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Person,
    fields: &[Field::BirthDate],
    message: Text::new(
        "birth before 1900-01-01 or after the as-of date",
        "дата рождения раньше 01.01.1900 или позже отчётной даты",
    ),
    meaning: Text::new(
        "The person would be born before 1900 or after the as-of date. The date is mistyped or stands for \"unknown\".",
        "Получается, что человек родился раньше 1900 года или позже отчётной даты. В дате опечатка, или она поставлена \
         вместо неизвестной.",
    ),
    remedy: Text::new(
        "The sender checks the birth date against the identity document and sends the row again.",
        "Отправитель сверяет дату рождения с документом и присылает строку ещё раз.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt3)", "практика региональных регистров (rt3)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "The birth date tells people apart and decides the age by which money is counted; an impossible one can do \
         neither.",
        "По дате рождения различают людей и считают возраст, от которого зависят деньги; невозможная дата для этого не \
         годится.",
    )),
    softened: None,
};

pub(super) const SEX_INVALID: Rule = Rule {
    code: Code::SexInvalid,
    name: "SEX_INVALID",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Person,
    fields: &[Field::Sex],
    message: Text::new("sex is not 1 or 2", "пол не 1 и не 2"),
    meaning: Text::new(
        "The sex is neither 1 (male) nor 2 (female), nor a word that the layout translates into one of them.",
        "Пол указан не кодом 1 (мужской) или 2 (женский) и не словом, которое формат переводит в один из них.",
    ),
    remedy: Text::new(
        "The sender corrects the export and sends the row again.",
        "Отправитель исправляет выгрузку и присылает строку ещё раз.",
    ),
    basis: Basis::Order,
    source: Text::new("dictionary V005", "справочник V005"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: Some(Text::new(
        "The sex is treated as absent. In a register it is required, so FIELD_REQUIRED follows; an attachment does \
         without.",
        "Пол считается незаполненным. В регистре он обязателен, и строка получит FIELD_REQUIRED; для прикрепления он не \
         обязателен.",
    )),
};

pub(super) const POLICY_KIND_UNKNOWN: Rule = Rule {
    code: Code::PolicyKindUnknown,
    name: "POLICY_KIND_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Policy,
    fields: &[Field::PolicyKind],
    message: Text::new("policy kind is not 1, 2 or 3", "неизвестный вид полиса"),
    meaning: Text::new(
        "The kind of the policy is not 1 (old-style policy), 2 (temporary certificate) or 3 (single-sample policy on any \
         carrier).",
        "Вид полиса не 1 (старого образца), не 2 (временное свидетельство) и не 3 (единого образца на любом носителе).",
    ),
    remedy: Text::new(
        "The sender corrects the export and sends the row again.",
        "Отправитель исправляет выгрузку и присылает строку ещё раз.",
    ),
    basis: Basis::Order,
    source: Text::new("dictionary F008", "справочник F008"),
    since: Some("2011-01-01"),
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: Some(Text::new(
        "The kind is treated as absent. In a register it is required, so FIELD_REQUIRED follows; an attachment does \
         without.",
        "Вид полиса считается незаполненным. В регистре он обязателен, и строка получит FIELD_REQUIRED; для прикрепления \
         он не обязателен.",
    )),
};

pub(super) const POLICY_NUMBER_FORMAT: Rule = Rule {
    code: Code::PolicyNumberFormat,
    name: "POLICY_NUMBER_FORMAT",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Policy,
    fields: &[Field::PolicyKind, Field::PolicyNumber],
    message: Text::new("a temporary certificate's number is not 9 digits", "номер временного свидетельства не из 9 цифр"),
    meaning: Text::new(
        "The number of a temporary certificate is not nine digits: digits are lost, or it is the number of another \
         policy.",
        "Номер временного свидетельства состоит не из девяти цифр: цифры потеряны, или это номер другого полиса.",
    ),
    remedy: Text::new(
        "The sender checks number and kind of the policy and sends the row again.",
        "Отправитель проверяет номер и вид полиса и присылает строку ещё раз.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "dictionary F008; practice of regional registers (rt51, rt54)",
        "справочник F008; практика региональных регистров (rt51, rt54)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: Some(Text::new("The number counts as it stands.", "Номер учитывается таким, как он есть.")),
};

pub(super) const POLICY_NUMBER_MISSING: Rule = Rule {
    code: Code::PolicyNumberMissing,
    name: "POLICY_NUMBER_MISSING",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Policy,
    fields: &[Field::Enp, Field::PolicyNumber],
    message: Text::new(
        "the attachment does not give the number that its policy kind asks for; the kind is treated as absent",
        "нет номера, который положен полису этого вида; вид полиса считается незаполненным",
    ),
    meaning: Text::new(
        "An attachment names a single-sample policy without the ENP, or an old policy or a certificate without the number, \
         but gives another identifier. The kind of the policy is treated as absent, and the person is found by what else \
         the record gives.",
        "В записи о прикреплении указан полис единого образца без ЕНП либо полис старого образца или временное \
         свидетельство без номера, но есть другой идентификатор. Вид полиса считается незаполненным, и лицо определяется по \
         остальным сведениям записи.",
    ),
    remedy: Text::new("The sender adds the number of the policy.", "Отправитель указывает номер полиса."),
    basis: Basis::Practice,
    source: Text::new("attachment exchange, fields 2 to 4", "обмен сведениями о прикреплении, поля 2–4"),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const ENP_FORMAT: Rule = Rule {
    code: Code::EnpFormat,
    name: "ENP_FORMAT",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Policy,
    fields: &[Field::Enp],
    message: Text::new("the ENP is not 16 digits", "ЕНП не из 16 цифр"),
    meaning: Text::new(
        "The ENP is not sixteen digits. Spreadsheets often lose a leading zero or turn the number into the form 3,4E+15.",
        "ЕНП состоит не из шестнадцати цифр. Электронные таблицы часто теряют начальный ноль или превращают номер в \
         запись вида 3,4E+15.",
    ),
    remedy: Text::new(
        "The sender exports the ENP as text and sends the row again.",
        "Отправитель выгружает ЕНП как текст и присылает строку ещё раз.",
    ),
    basis: Basis::Order,
    source: Text::new("structure of the single policy number of OMS", "структура единого номера полиса ОМС"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: Some(Text::new(
        "Nobody is identified by the number: it is treated as absent, but the row counts as having one.",
        "По этому номеру никого не опознают: он считается незаполненным, но требование указать номер — выполненным.",
    )),
};

pub(super) const ENP_CHECK_DIGIT: Rule = Rule {
    code: Code::EnpCheckDigit,
    name: "ENP_CHECK_DIGIT",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Policy,
    fields: &[Field::Enp],
    message: Text::new("the ENP's check digit is wrong", "неверный контрольный разряд ЕНП"),
    meaning: Text::new(
        "The last digit of the ENP does not fit the fifteen before it: a digit is wrong or two are swapped.",
        "Последняя цифра ЕНП не соответствует пятнадцати предыдущим: одна из цифр неверна или две переставлены.",
    ),
    remedy: Text::new(
        "The sender checks the ENP against the policy or the federal register and sends the row again.",
        "Отправитель сверяет ЕНП с полисом или с федеральным регистром и присылает строку ещё раз.",
    ),
    basis: Basis::Order,
    source: Text::new("structure of the single policy number of OMS", "структура единого номера полиса ОМС"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: Some(Text::new(
        "Nobody is identified by the number: it is treated as absent, but the row counts as having one.",
        "По этому номеру никого не опознают: он считается незаполненным, но требование указать номер — выполненным.",
    )),
};

pub(super) const ENP_IMPOSSIBLE: Rule = Rule {
    code: Code::EnpImpossible,
    name: "ENP_IMPOSSIBLE",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Policy,
    fields: &[Field::Enp],
    message: Text::new("the ENP codes no possible birth date", "в ЕНП закодирована невозможная дата рождения"),
    meaning: Text::new(
        "Digits 3 to 10 of an ENP hold the birth date and the sex of its owner; here they give no day between 1900 and \
         the as-of date. Such numbers are made up or mistyped.",
        "Цифры 3–10 ЕНП содержат дату рождения и пол владельца; здесь они не дают ни одного дня от 1900 года до отчётной \
         даты. Такие номера выдуманы или набраны с ошибкой.",
    ),
    remedy: Text::new(
        "The sender checks the ENP against the policy or the federal register and sends the row again.",
        "Отправитель сверяет ЕНП с полисом или с федеральным регистром и присылает строку ещё раз.",
    ),
    basis: Basis::Order,
    source: Text::new("structure of the single policy number of OMS", "структура единого номера полиса ОМС"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: Some(Text::new(
        "Nobody is identified by the number: it is treated as absent, but the row counts as having one.",
        "По этому номеру никого не опознают: он считается незаполненным, но требование указать номер — выполненным.",
    )),
};

pub(super) const ENP_PERSON_MISMATCH: Rule = Rule {
    code: Code::EnpPersonMismatch,
    name: "ENP_PERSON_MISMATCH",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Policy,
    fields: &[Field::Enp, Field::BirthDate, Field::Sex],
    message: Text::new(
        "the ENP codes another birth date or sex than the row",
        "дата рождения или пол не те, что закодированы в ЕНП",
    ),
    meaning: Text::new(
        "The ENP is sound, but the birth date or the sex that it holds is not that of the row. That is legal where data \
         were corrected after the number had been given; it also happens when the number of another person is entered.",
        "ЕНП построен верно, но дата рождения или пол в нём не те, что в строке. Так бывает законно, если данные \
         исправили после выдачи номера, и ошибочно, если указан номер другого человека.",
    ),
    remedy: Text::new(
        "The sender checks whether the number is this person's; if so, nothing is to be done.",
        "Отправитель проверяет, принадлежит ли номер этому человеку; если да, делать ничего не нужно.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt23)", "практика региональных регистров (rt23)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const SNILS_INVALID: Rule = Rule {
    code: Code::SnilsInvalid,
    name: "SNILS_INVALID",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Snils],
    message: Text::new(
        "the SNILS is not 11 digits with a right control number; treated as absent",
        "неверный СНИЛС; считается незаполненным",
    ),
    meaning: Text::new(
        "The SNILS is not eleven digits, is all zeros, or its last two digits do not fit the nine before them (they are \
         checked above 001-001-998). It is treated as absent, so nobody is identified by it.",
        "СНИЛС состоит не из одиннадцати цифр, весь из нулей, или две последние цифры не соответствуют девяти предыдущим \
         (проверяется для номеров больше 001-001-998). Он считается незаполненным, и никого по нему не опознают.",
    ),
    remedy: Text::new(
        "The sender checks the SNILS against the person's data of the Social Fund.",
        "Отправитель сверяет СНИЛС со сведениями Социального фонда.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "rules for the control number of SNILS; practice of regional registers (rt47)",
        "правила расчёта контрольного числа СНИЛС; практика региональных регистров (rt47)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const SNILS_REQUIRED: Rule = Rule {
    code: Code::SnilsRequired,
    name: "SNILS_REQUIRED",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Snils, Field::Category, Field::BirthDate],
    message: Text::new("an adult citizen has no SNILS", "нет СНИЛС у взрослого гражданина"),
    meaning: Text::new(
        "A citizen (category 1 or 6) who is 18 or older on the as-of date has no SNILS, or only a wrong one. Adult \
         citizens give it with the application; for children under 14 and for foreigners other than those of the EAEU \
         it is stated if they have one.",
        "У гражданина (категория 1 или 6), которому на отчётную дату исполнилось 18 лет, нет СНИЛС или он неверен. \
         Взрослые граждане указывают его в заявлении; для детей до 14 лет и иностранцев, кроме лиц из ЕАЭС, он \
         указывается при наличии.",
    ),
    remedy: Text::new(
        "The insurer asks the person or the Social Fund for the SNILS and completes the record.",
        "Страховая организация узнаёт СНИЛС у человека или в Социальном фонде и дополняет запись.",
    ),
    basis: Basis::Order,
    source: Text::new("OMS Rules, documents for the application", "Правила ОМС, документы к заявлению"),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const SNILS_REQUIRED_EAEU: Rule = Rule {
    code: Code::SnilsRequiredEaeu,
    name: "SNILS_REQUIRED_EAEU",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Snils, Field::Category],
    message: Text::new(
        "a worker or member of staff from the EAEU has no SNILS",
        "нет СНИЛС у работника из государства ЕАЭС или сотрудника органов ЕАЭС",
    ),
    meaning: Text::new(
        "A worker from a state of the Eurasian Economic Union, or an official or member of staff of its bodies \
         (categories 11 to 14 unless the job says otherwise), has no SNILS, or only a wrong one. These groups must \
         give it with the application.",
        "У работника из государства Евразийского экономического союза, должностного лица или сотрудника органов союза \
         (категории 11–14, если задание не указывает другие) нет СНИЛС или он неверен. Для этих категорий он \
         обязателен в заявлении.",
    ),
    remedy: Text::new(
        "The insurer asks the person for the SNILS and completes the record.",
        "Страховая организация узнаёт СНИЛС у человека и дополняет запись.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "OMS Rules, documents for the application of EAEU workers and staff",
        "Правила ОМС, документы к заявлению для работников и сотрудников ЕАЭС",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};
