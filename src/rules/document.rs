//! Rules of the identity document.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};
use crate::model::Field;

pub(super) const DOC_KIND_UNKNOWN: Rule = Rule {
    code: Code::DocKindUnknown,
    name: "DOC_KIND_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Document,
    fields: &[Field::DocKind],
    message: Text::new("the kind of the document is not in the dictionary", "вида документа нет в справочнике"),
    meaning: Text::new(
        "The code of the kind of document is not in the dictionary, so series, number and age cannot be held against it.",
        "Кода вида документа нет в справочнике, поэтому серию, номер и возраст проверить нельзя.",
    ),
    remedy: Text::new(
        "The sender checks the document and corrects kind, series or number.",
        "Отправитель сверяется с документом и исправляет вид, серию или номер.",
    ),
    basis: Basis::Order,
    source: Text::new("dictionary F011", "справочник F011"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const DOC_NUMBER_FORMAT: Rule = Rule {
    code: Code::DocNumberFormat,
    name: "DOC_NUMBER_FORMAT",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Document,
    fields: &[Field::DocKind, Field::DocNumber],
    message: Text::new("series and number do not fit the kind of the document", "серия и номер не соответствуют виду документа"),
    meaning: Text::new(
        "Series and number are not built as this kind of document has them: a passport of Russia, for example, has four \
         digits and six.",
        "Серия и номер построены не так, как у документа этого вида: у паспорта России, например, четыре и шесть цифр.",
    ),
    remedy: Text::new(
        "The sender checks the document and corrects kind, series or number.",
        "Отправитель сверяется с документом и исправляет вид, серию или номер.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "dictionary F011, masks of series and number; practice of regional registers (rt16)",
        "справочник F011, маски серии и номера; практика региональных регистров (rt16)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const DOC_SERIES_ALPHABET: Rule = Rule {
    code: Code::DocSeriesAlphabet,
    name: "DOC_SERIES_ALPHABET",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Document,
    fields: &[Field::DocKind, Field::DocNumber],
    message: Text::new(
        "the Roman series of the document is typed in Cyrillic letters",
        "римские цифры серии документа набраны кириллицей",
    ),
    meaning: Text::new(
        "The Roman number in the series of a birth certificate or Soviet passport is typed in Cyrillic letters and \
         digits instead (1, У, Х, Л, С for I, V, X, L, C). People read it, programs take it for another document.",
        "Римское число в серии свидетельства о рождении или паспорта СССР набрано похожими русскими буквами и цифрами \
         (1, У, Х, Л, С вместо I, V, X, L, C). Человек это прочтёт, а для программы это другой документ.",
    ),
    remedy: Text::new(
        "The sender types the Roman number in Latin letters.",
        "Отправитель набирает римское число латинскими буквами.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "dictionary F011, masks of series; practice of regional registers (rt16)",
        "справочник F011, маски серий; практика региональных регистров (rt16)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const DOC_AGE: Rule = Rule {
    code: Code::DocAge,
    name: "DOC_AGE",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Document,
    fields: &[Field::DocKind, Field::BirthDate, Field::AppliedOn, Field::InsuredFrom, Field::DocIssuedOn],
    message: Text::new("the kind of the document does not fit the person's age", "вид документа не соответствует возрасту"),
    meaning: Text::new(
        "The document is not one of this age: a birth certificate is one of children under 14 (with some time to get a \
         passport afterwards), a passport of Russia is given from 14 on.",
        "Документ не соответствует возрасту: со свидетельством о рождении застрахованы дети до 14 лет (и ещё некоторое \
         время, пока получают паспорт), паспорт гражданина России выдают с 14 лет.",
    ),
    remedy: Text::new(
        "The insurer asks for the present document and corrects the record.",
        "Страховая организация запрашивает действующий документ и исправляет запись.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "OMS Rules, documents for the application; practice of regional registers (rt2, rt9)",
        "Правила ОМС, документы к заявлению; практика региональных регистров (rt2, rt9)",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const DOC_CATEGORY: Rule = Rule {
    code: Code::DocCategory,
    name: "DOC_CATEGORY",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Document,
    fields: &[Field::DocKind, Field::Category],
    message: Text::new(
        "the kind of the document does not fit the category of the insured person",
        "вид документа не соответствует категории застрахованного",
    ),
    meaning: Text::new(
        "People of this category prove who they are by other documents: a refugee by the certificate of a refugee or of \
         the application, a foreigner by a foreign passport with permit, a citizen by a document of Russia.",
        "Лица этой категории подтверждают личность другими документами: беженец — удостоверением беженца или \
         свидетельством о ходатайстве, иностранец — паспортом иностранного гражданина и разрешением, гражданин — \
         российским документом.",
    ),
    remedy: Text::new(
        "The insurer checks category and document and corrects the wrong one.",
        "Страховая организация проверяет категорию и документ и исправляет неверное.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "OMS Rules, documents for the application; practice of regional registers (rt11)",
        "Правила ОМС, документы к заявлению; практика региональных регистров (rt11)",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const DOC_EXPIRED: Rule = Rule {
    code: Code::DocExpired,
    name: "DOC_EXPIRED",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Document,
    fields: &[Field::DocKind, Field::DocExpiresOn, Field::Category, Field::InsuredTo, Field::StoppedOn],
    message: Text::new("the document had expired by the as-of date", "срок действия документа истёк к отчётной дате"),
    meaning: Text::new(
        "The document (a permit, a certificate of a refugee or of temporary asylum) expired before the as-of date, and \
         the insurance goes on. Whether the person may still be insured here is open.",
        "Срок действия документа (разрешения, удостоверения беженца, свидетельства о временном убежище) истёк до \
         отчётной даты, а страхование продолжается. Вправе ли человек и дальше быть застрахован здесь, неизвестно.",
    ),
    remedy: Text::new(
        "The insurer asks for the new document, or ends the insurance.",
        "Страховая организация запрашивает новый документ или прекращает страхование.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "OMS Rules, documents of foreigners and refugees; dictionary F011",
        "Правила ОМС, документы иностранцев и беженцев; справочник F011",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const DOC_DATES: Rule = Rule {
    code: Code::DocDates,
    name: "DOC_DATES",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Document,
    fields: &[Field::DocIssuedOn, Field::DocExpiresOn, Field::BirthDate, Field::AppliedOn],
    message: Text::new(
        "the dates of the document contradict birth, application or each other",
        "даты документа противоречат рождению, заявлению или друг другу",
    ),
    meaning: Text::new(
        "The document was issued before the person was born, after the application or after the as-of date, or expired \
         before it was issued.",
        "Документ выдан до рождения человека, после заявления или после отчётной даты либо истёк раньше, чем был выдан.",
    ),
    remedy: Text::new("The insurer checks the dates against the document.", "Страховая организация сверяет даты с документом."),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt5, rt15)", "практика региональных регистров (rt5, rt15)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const PASSPORT_NOT_RENEWED: Rule = Rule {
    code: Code::PassportNotRenewed,
    name: "PASSPORT_NOT_RENEWED",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Document,
    fields: &[Field::DocKind, Field::DocIssuedOn, Field::BirthDate, Field::AppliedOn, Field::InsuredFrom],
    message: Text::new("the passport was not renewed at the age of 20 or 45", "паспорт не заменён в 20 или 45 лет"),
    meaning: Text::new(
        "A passport of Russia is renewed at 20 and at 45. On the day of the application (or, without one, the first \
         day of the insurance) that birthday had passed more than the days of grace ago (30, a setting of the job), \
         and the passport had been issued before it.",
        "Паспорт гражданина России меняют в 20 и 45 лет. К дню заявления (если он не указан, к первому дню \
         страхования) после такого дня рождения прошло больше льготного срока (30 дней, задаётся в задании), а паспорт \
         выдан до этого дня рождения.",
    ),
    remedy: Text::new(
        "The insurer asks the person for the data of the new passport.",
        "Страховая организация запрашивает у человека данные нового паспорта.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "practice of regional registers (rt30, rt31) (rule of 2015; the present period of grace is not known)",
        "практика региональных регистров (rt30, rt31) (правило 2015 года; нынешний льготный срок неизвестен)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};
