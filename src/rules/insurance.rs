//! Rules of the insurance: insurer, category, operation, term, certificate, application.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};
use crate::model::Field;

pub(super) const DATES_REVERSED: Rule = Rule {
    code: Code::DatesReversed,
    name: "DATES_REVERSED",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[Field::BirthDate, Field::InsuredFrom, Field::InsuredTo, Field::StoppedOn, Field::AttachedFrom, Field::AttachedTo],
    message: Text::new(
        "an end is not after the start, or the start is before birth",
        "конец не позже начала, или начало раньше рождения",
    ),
    meaning: Text::new(
        "The insurance or attachment has no day (its end, the first day after it, is not after its start), or it \
         starts before the person was born. One of the dates is wrong, and which one cannot be told.",
        "В сроке страхования или прикрепления нет ни одного дня (конец, то есть первый день после него, не позже \
         начала), или оно начинается до рождения человека. Одна из дат неверна, и какая именно — сказать нельзя.",
    ),
    remedy: Text::new(
        "The sender corrects the dates and sends the row again.",
        "Отправитель исправляет даты и присылает строку ещё раз.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt59)", "практика региональных регистров (rt59)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: Some(Text::new(
        "The record is accepted. An interval that ends no later than it starts is empty (NO_INTERVAL), one that starts \
         before birth counts as it stands.",
        "Запись принимается. Срок, который кончается не позже начала, пуст (NO_INTERVAL); срок, который начинается до \
         рождения, учитывается как есть.",
    )),
};

pub(super) const INSURER_UNKNOWN: Rule = Rule {
    code: Code::InsurerUnknown,
    name: "INSURER_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Insurer,
    fields: &[Field::Insurer],
    message: Text::new("the insurer's code is not in the reference table", "страховой организации нет в справочнике"),
    meaning: Text::new(
        "The code of the insurer is in no line of the job's table of insurers: it is mistyped, of another region, or the \
         table is out of date.",
        "Кода страховой организации нет в справочнике задания: в нём опечатка, это организация другого региона, или \
         справочник устарел.",
    ),
    remedy: Text::new(
        "The sender corrects the code; if it is right, the fund completes the table of insurers (F002) and runs the job \
         again.",
        "Отправитель исправляет код; если код верен, фонд дополняет справочник страховых организаций (F002) и выполняет \
         задание снова.",
    ),
    basis: Basis::Order,
    source: Text::new("register of insurers F002", "реестр страховых организаций F002"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "A record with an insurer that nobody knows insures nobody. Complete the table of insurers instead.",
        "Запись с неизвестной организацией никого не страхует. Дополните справочник страховых организаций.",
    )),
    softened: None,
};

pub(super) const INSURER_NOT_WORKING: Rule = Rule {
    code: Code::InsurerNotWorking,
    name: "INSURER_NOT_WORKING",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Insurer,
    fields: &[Field::Insurer, Field::InsuredFrom],
    message: Text::new("the start is outside the insurer's working period", "начало вне срока работы страховой организации"),
    meaning: Text::new(
        "The insurance starts on a day on which the insurer did not work in the region: before its first day, or after it \
         had left.",
        "Страхование начинается в день, когда организация в регионе не работала: до начала её работы или после ухода.",
    ),
    remedy: Text::new(
        "The insurer corrects the start. If it was taken over, rows that start on that day or later name the \
         successor; if the day in the table is wrong, the fund corrects it.",
        "Страховая организация исправляет дату начала. Если у неё есть правопреемник, в строках, которые начинаются со \
         дня правопреемства или позже, указывают его код; если неверна дата в справочнике, её исправляет фонд.",
    ),
    basis: Basis::Order,
    source: Text::new("register of insurers F002, dates of inclusion", "реестр страховых организаций F002, даты включения"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: Some(Text::new(
        "The record is accepted. It ends, at the latest, when an insurer without a successor left.",
        "Запись принимается. Она кончается не позже ухода организации, у которой нет правопреемника.",
    )),
};

pub(super) const CATEGORY_UNKNOWN: Rule = Rule {
    code: Code::CategoryUnknown,
    name: "CATEGORY_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Category],
    message: Text::new("category is not in the closed list; treated as absent", "неизвестная категория; считается незаполненной"),
    meaning: Text::new(
        "The category of the insured person is none of 0 to 14. It is treated as absent: its documents cannot be \
         checked, and a planned end does not end the insurance.",
        "Категория застрахованного — не число от 0 до 14. Она считается незаполненной: документы проверить нельзя, а \
         срок действия страхование не прекращает.",
    ),
    remedy: Text::new(
        "The sender corrects the export and sends the row again.",
        "Отправитель исправляет выгрузку и присылает строку ещё раз.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 326-ФЗ, article 10; dictionary of categories 0-14",
        "статья 10 Федерального закона № 326-ФЗ; справочник категорий 0–14",
    ),
    since: Some("2011-01-01"),
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const REASON_UNKNOWN: Rule = Rule {
    code: Code::ReasonUnknown,
    name: "REASON_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::Reason],
    message: Text::new("reason is not an operation code; treated as absent", "неизвестная операция; считается незаполненной"),
    meaning: Text::new(
        "The reason is no operation of the dictionary (П010 to П063). It is treated as absent: a change of insurer then \
         counts as one at will.",
        "Причина — не код операции из справочника (П010–П063). Она считается незаполненной: замена организации тогда \
         учитывается как замена по желанию.",
    ),
    remedy: Text::new(
        "The sender corrects the export and sends the row again.",
        "Отправитель исправляет выгрузку и присылает строку ещё раз.",
    ),
    basis: Basis::Order,
    source: Text::new("dictionary R001", "справочник R001"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const TERM_MISSING: Rule = Rule {
    code: Code::TermMissing,
    name: "TERM_MISSING",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Policy,
    fields: &[Field::Category, Field::InsuredTo],
    message: Text::new(
        "a term-limited category has no planned end; 1 January of the next year is taken",
        "нет срока действия; принято 1 января следующего года",
    ),
    meaning: Text::new(
        "The category belongs to people who are insured for a term (foreigners who live here temporarily, EAEU \
         workers, refugees), but no planned end is given. The end is taken to be 1 January of the year after the \
         start.",
        "Категория относится к тем, кто застрахован на срок (временно проживающие иностранцы, работники из ЕАЭС, \
         беженцы), но срок не указан. Концом считается 1 января года, следующего за годом начала.",
    ),
    remedy: Text::new(
        "The insurer takes the end from the permit, contract or certificate and completes the record.",
        "Страховая организация берёт срок из разрешения, договора или свидетельства и дополняет запись.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "OMS Rules, terms of policies of foreigners and refugees",
        "Правила ОМС, сроки действия полисов иностранцев и беженцев",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const TERM_IGNORED: Rule = Rule {
    code: Code::TermIgnored,
    name: "TERM_IGNORED",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Policy,
    fields: &[Field::Category, Field::InsuredTo],
    message: Text::new(
        "a planned end does not end the insurance of this category",
        "срок действия для этой категории не учитывается",
    ),
    meaning: Text::new(
        "A planned end is given, but the category is none that is insured for a term (such as a citizen's), or there \
         is no known category. The end does not end the insurance: an old or expired policy of a citizen works on. \
         Which categories have a term is a setting; for foreigners with a residence permit the sources differ.",
        "Указан срок действия, но категория не из тех, кто застрахован на срок (например, гражданин), или не указана \
         либо неизвестна. Страхование он не прекращает: старый или просроченный полис гражданина действует и дальше. \
         Какие категории срочные, задаётся в задании; для иностранцев с видом на жительство источники расходятся.",
    ),
    remedy: Text::new(
        "If the category is wrong, the insurer corrects it; if the insurance really ended, it sends the day of the actual \
         end. Else nothing is to be done.",
        "Если неверна категория, страховая организация её исправляет; если страхование действительно прекращено, \
         указывает фактическую дату. В остальных случаях делать ничего не нужно.",
    ),
    basis: Basis::Order,
    source: Text::new("OMS Rules, policies without term", "Правила ОМС, полисы без ограничения срока"),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const CATEGORY_CITIZENSHIP: Rule = Rule {
    code: Code::CategoryCitizenship,
    name: "CATEGORY_CITIZENSHIP",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Category, Field::Citizenship],
    message: Text::new("category and citizenship contradict each other", "категория и гражданство противоречат друг другу"),
    meaning: Text::new(
        "The category is one of citizens of Russia and the citizenship is another; or it is one of foreigners, \
         refugees or people of the EAEU and the citizenship is Russian; or it is one of stateless persons and there is \
         a citizenship.",
        "Категория — для граждан России, а гражданство другое; или для иностранцев, беженцев либо лиц из ЕАЭС, а \
         гражданство российское; или для лиц без гражданства, а гражданство указано.",
    ),
    remedy: Text::new(
        "The insurer checks category and citizenship against the identity document and corrects the wrong one.",
        "Страховая организация сверяет категорию и гражданство с документом и исправляет неверное.",
    ),
    basis: Basis::Law,
    source: Text::new("Federal Law 326-ФЗ, article 10", "статья 10 Федерального закона № 326-ФЗ"),
    since: Some("2011-01-01"),
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const TERM_TOO_LONG: Rule = Rule {
    code: Code::TermTooLong,
    name: "TERM_TOO_LONG",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Policy,
    fields: &[Field::Category, Field::InsuredFrom, Field::InsuredTo, Field::AppliedOn, Field::PolicyKind],
    message: Text::new(
        "the planned end is after the last day that the category allows",
        "срок действия полиса длиннее допустимого для категории",
    ),
    meaning: Text::new(
        "The planned end of a single-sample policy is later than the category allows. People who are insured for a \
         term get a policy until 31 December of the year at the latest, those who apply from 20 November on until 31 \
         December of the next year.",
        "Срок действия полиса единого образца длиннее допустимого для категории. Застрахованным на срок полис выдают \
         не дольше чем до 31 декабря текущего года, а подавшим заявление с 20 ноября — до 31 декабря следующего.",
    ),
    remedy: Text::new("The insurer corrects the end of the policy.", "Страховая организация исправляет срок действия полиса."),
    basis: Basis::Order,
    source: Text::new(
        "OMS Rules, order 108н; letter of the Federal fund 13057/91/и of 08.11.2017 on 20 November",
        "Правила ОМС, приказ № 108н; письмо ФОМС от 08.11.2017 № 13057/91/и о 20 ноября",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const CERTIFICATE_TERM: Rule = Rule {
    code: Code::CertificateTerm,
    name: "CERTIFICATE_TERM",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Policy,
    fields: &[Field::PolicyKind, Field::InsuredFrom, Field::InsuredTo, Field::Category],
    message: Text::new(
        "the term of the temporary certificate is not the prescribed number of working days",
        "срок временного свидетельства не равен установленному числу рабочих дней",
    ),
    meaning: Text::new(
        "A temporary certificate is issued for a fixed number of working days, the day of issue being the first (30; \
         later rules are said to give 45: a setting of the job). Here its end is another day. Of people insured for a \
         term it may be earlier.",
        "Временное свидетельство выдаётся на установленное число рабочих дней, день выдачи — первый (30; по более \
         поздним правилам, как считается, 45: задаётся в задании). Здесь срок кончается в другой день. У \
         застрахованных на срок он может быть короче.",
    ),
    remedy: Text::new(
        "The insurer corrects the end of the certificate; the fund checks the calendar of working days in the job.",
        "Страховая организация исправляет срок свидетельства; фонд проверяет производственный календарь в задании.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "OMS Rules, temporary certificate; practice of regional registers (rt34)",
        "Правила ОМС, временное свидетельство; практика региональных регистров (rt34)",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const CERTIFICATE_AFTER_DIGITAL: Rule = Rule {
    code: Code::CertificateAfterDigital,
    name: "CERTIFICATE_AFTER_DIGITAL",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Policy,
    fields: &[Field::PolicyKind, Field::InsuredFrom],
    message: Text::new(
        "a temporary certificate that begins when only digital policies are issued",
        "страхование по временному свидетельству начинается после перехода на цифровые полисы",
    ),
    meaning: Text::new(
        "The insurance begins with a temporary certificate although policies were digital by then: a digital policy \
         exists at once, so no certificate bridges the time until it is made.",
        "Страхование начинается с временного свидетельства, хотя полисы уже цифровые: цифровой полис возникает сразу, \
         и свидетельство на время его изготовления не нужно.",
    ),
    remedy: Text::new(
        "The insurer checks kind of policy and start, and gives the ENP.",
        "Страховая организация проверяет вид полиса и дату начала и указывает ЕНП.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "OMS Rules, order 108н in the wording of order 789н of 13.12.2022, chapter III (in force from 10.01.2023); \
         digital policies from 01.12.2022",
        "Правила ОМС, приказ № 108н в редакции приказа от 13.12.2022 № 789н, глава III (действует с 10.01.2023); \
         цифровые полисы с 01.12.2022",
    ),
    since: Some("2022-12-01"),
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const OLD_POLICY_AFTER_REFORM: Rule = Rule {
    code: Code::OldPolicyAfterReform,
    name: "OLD_POLICY_AFTER_REFORM",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Policy,
    fields: &[Field::PolicyKind, Field::InsuredFrom],
    message: Text::new(
        "an old-style policy that begins when only single-sample policies are issued",
        "страхование по полису старого образца начинается после введения полисов единого образца",
    ),
    meaning: Text::new(
        "The insurance begins with an old-style policy although only single-sample policies were issued by then. Old \
         policies stay valid, but new ones are not given out.",
        "Страхование начинается с полиса старого образца, хотя выдаются уже только полисы единого образца. Старые \
         полисы действуют, но новых не выдают.",
    ),
    remedy: Text::new(
        "The insurer checks kind of policy and start.",
        "Страховая организация проверяет вид полиса и дату начала.",
    ),
    basis: Basis::Law,
    source: Text::new("Federal Law 326-ФЗ, article 51", "статья 51 Федерального закона № 326-ФЗ"),
    since: Some("2011-05-01"),
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const APPLIED_BEFORE_BIRTH: Rule = Rule {
    code: Code::AppliedBeforeBirth,
    name: "APPLIED_BEFORE_BIRTH",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::AppliedOn, Field::BirthDate],
    message: Text::new("the application is before birth", "заявление подано до рождения"),
    meaning: Text::new("The application is dated before the person was born.", "Заявление датировано днём до рождения человека."),
    remedy: Text::new(
        "The insurer corrects the date of the application or of birth.",
        "Страховая организация исправляет дату заявления или дату рождения.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt13)", "практика региональных регистров (rt13)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const APPLIED_IN_FUTURE: Rule = Rule {
    code: Code::AppliedInFuture,
    name: "APPLIED_IN_FUTURE",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::AppliedOn],
    message: Text::new("the application is after the as-of date", "заявление подано позже отчётной даты"),
    meaning: Text::new("The application is dated after the as-of date.", "Заявление датировано днём после отчётной даты."),
    remedy: Text::new(
        "The insurer corrects the date, or the row belongs to a later month.",
        "Страховая организация исправляет дату; возможно, строка относится к следующему месяцу.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers", "практика региональных регистров"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const APPLIED_AFTER_END: Rule = Rule {
    code: Code::AppliedAfterEnd,
    name: "APPLIED_AFTER_END",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::AppliedOn, Field::InsuredTo, Field::StoppedOn, Field::Category, Field::InsuredFrom],
    message: Text::new("the application is not before the end of the insurance", "заявление подано после окончания страхования"),
    meaning: Text::new(
        "The application is dated on the first day without the insurance that it asks for, or later.",
        "Заявление датировано первым днём после окончания страхования, о котором в нём просят, или более поздним.",
    ),
    remedy: Text::new(
        "The insurer checks which of the dates is wrong.",
        "Страховая организация проверяет, какая из дат неверна.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt33)", "практика региональных регистров (rt33)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const LATE_NOTICE: Rule = Rule {
    code: Code::LateNotice,
    name: "LATE_NOTICE",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::ChangedOn, Field::AppliedOn],
    message: Text::new(
        "changed data were reported later than within one month",
        "об изменении данных сообщено позже чем через месяц",
    ),
    meaning: Text::new(
        "Changed data (name, residence, identity document) were reported later than one month after the change. The \
         record counts all the same.",
        "Об изменении данных (имени, места жительства, документа) сообщено позже чем через месяц. Запись всё равно \
         учитывается.",
    ),
    remedy: Text::new(
        "Nothing is to be corrected; the insurer may remind the person of the duty.",
        "Исправлять ничего не нужно; страховая организация может напомнить человеку об обязанности.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 326-ФЗ, article 16, part 2: within one month",
        "часть 2 статьи 16 Федерального закона № 326-ФЗ: в течение одного месяца",
    ),
    since: Some("2011-01-01"),
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const INSURER_OTHER_REGION: Rule = Rule {
    code: Code::InsurerOtherRegion,
    name: "INSURER_OTHER_REGION",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::Insurer],
    message: Text::new("the insurer is of another region", "страховая организация другого региона"),
    meaning: Text::new(
        "The insurer works in another region than the one of the job. In a region only the insurers of its own register \
         insure.",
        "Организация работает не в том регионе, для которого выполняется задание. В регионе страхуют только организации, \
         включённые в его реестр.",
    ),
    remedy: Text::new(
        "The sender corrects the code. If the person lives here now, an application to an insurer of this region is \
         needed.",
        "Отправитель исправляет код. Если человек теперь живёт здесь, ему нужно подать заявление в организацию этого \
         региона.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 326-ФЗ, article 14: register of insurers of the region",
        "статья 14 Федерального закона № 326-ФЗ: реестр страховых организаций региона",
    ),
    since: Some("2011-01-01"),
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};
