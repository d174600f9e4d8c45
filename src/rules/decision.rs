//! Why a record lost, was superseded, refused or deferred.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};
use crate::model::Field;

/// What the law says of changes of the insurer, and of the clinic.
const LAW_OF_INSURERS: Text = Text::new("Federal Law 326-ФЗ, article 16", "статья 16 Федерального закона № 326-ФЗ");
const LAW_OF_CLINICS: Text = Text::new(
    "Federal Law 323-ФЗ, article 21 (not verified in the act itself)",
    "статья 21 Федерального закона № 323-ФЗ (по тексту акта не проверено)",
);

/// What the law says of one insurer, or one clinic, at a time, and what it does not say.
const ONE_INSURER: Text = Text::new(
    "one insurer at a time: Federal Law 326-ФЗ, article 16 (not verified in the act itself); which record wins is a choice of \
     sverka",
    "одна страховая организация: статья 16 Федерального закона № 326-ФЗ (по тексту акта не проверено); какая запись сильнее — \
     выбор сверки",
);
const ONE_CLINIC: Text = Text::new(
    "one clinic of a kind of care at a time: Federal Law 323-ФЗ, article 21 (not verified in the act itself); which record \
     wins is a choice of sverka",
    "одна медицинская организация каждого профиля: статья 21 Федерального закона № 323-ФЗ (по тексту акта не проверено); \
     какая запись сильнее — выбор сверки",
);

/// Of rules for insurers and clinics, the source for one of them.
pub(super) fn source_for(code: Code, of_clinic: bool) -> Option<Text> {
    let [of_insurers, of_clinics] = match code {
        Code::ChangeAtWill | Code::ChangeMoved | Code::ChangeLimit => [LAW_OF_INSURERS, LAW_OF_CLINICS],
        Code::SameDay | Code::SameDayTie => [ONE_INSURER, ONE_CLINIC],
        _ => return None,
    };
    Some(if of_clinic { of_clinics } else { of_insurers })
}

pub(super) const SAME_DAY: Rule = Rule {
    code: Code::SameDay,
    name: "SAME_DAY",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Insurer, Field::Clinic, Field::InsuredFrom, Field::AttachedFrom, Field::AppliedOn, Field::Method],
    message: Text::new("another record of the same start day is stronger", "с того же дня действует более сильная запись"),
    meaning: Text::new(
        "Records of different insurers (or clinics) start on the same day. The later application wins, of clinics the \
         stronger way (after a move, by application, by residence), then the younger file. This record lost.",
        "Записи разных страховых (или медицинских) организаций начинаются в один день. Побеждает более позднее заявление, \
         для поликлиник — более сильный способ (после переезда, по заявлению, по территории), затем более новый файл. Эта \
         запись проиграла.",
    ),
    remedy: Text::new(
        "If the loser is right, its sender sends the date of the application (a clinic: the way of attachment) or \
         corrects a wrong start.",
        "Если права проигравшая сторона, её отправитель присылает дату заявления (медицинская организация — способ \
         прикрепления) или исправляет неверное начало.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "one insurer, one clinic of a kind of care at a time: Federal Law 326-ФЗ, article 16, and Federal Law 323-ФЗ, \
         article 21 (not verified in the act itself); which record wins is a choice of sverka",
        "одна страховая организация, одна медицинская организация каждого профиля: статья 16 Федерального закона № 326-ФЗ, \
         статья 21 Федерального закона № 323-ФЗ (по тексту акта не проверено); какая запись сильнее — выбор сверки",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Fixed(Text::new(
        "Without it a person would have two organisations at once, and be paid for twice.",
        "Без него у человека оказалось бы две организации сразу, и платили бы за него дважды.",
    )),
    softened: None,
};

pub(super) const SAME_DAY_TIE: Rule = Rule {
    code: Code::SameDayTie,
    name: "SAME_DAY_TIE",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Insurer, Field::Clinic, Field::InsuredFrom, Field::AttachedFrom, Field::AppliedOn, Field::Method],
    message: Text::new(
        "records of the same start day are equally strong; the smallest code stands, unresolved",
        "с того же дня действует равносильная запись другой организации",
    ),
    meaning: Text::new(
        "Records of different organisations start on the same day and nothing makes one stronger. The smallest code \
         stands so that there is one, but the case is unresolved: nobody is paid for this person until it is settled.",
        "Записи разных организаций начинаются в один день, и ничто не делает одну сильнее. Чтобы осталась одна, \
         берётся организация с наименьшим кодом, но случай не разрешён: пока его не разберут, деньги за этого человека \
         не начисляются никому.",
    ),
    remedy: Text::new(
        "The organisations settle by their applications who is right; the fund enters that into the file of decisions, or \
         one of them withdraws its record.",
        "Организации выясняют по заявлениям, кто прав; фонд указывает это в файле решений, или одна из организаций \
         отзывает запись.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "one insurer, one clinic of a kind of care at a time: Federal Law 326-ФЗ, article 16, and Federal Law 323-ФЗ, \
         article 21 (not verified in the act itself); which record wins is a choice of sverka",
        "одна страховая организация, одна медицинская организация каждого профиля: статья 16 Федерального закона № 326-ФЗ, \
         статья 21 Федерального закона № 323-ФЗ (по тексту акта не проверено); какая запись сильнее — выбор сверки",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Fixed(Text::new(
        "Without it a person would have two organisations at once, and be paid for twice.",
        "Без него у человека оказалось бы две организации сразу, и платили бы за него дважды.",
    )),
    softened: None,
};

pub(super) const CHANGE_AT_WILL: Rule = Rule {
    code: Code::ChangeAtWill,
    name: "CHANGE_AT_WILL",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[
        Field::Insurer,
        Field::Clinic,
        Field::InsuredFrom,
        Field::AttachedFrom,
        Field::AppliedOn,
        Field::Reason,
        Field::Method,
    ],
    message: Text::new("changed at will", "сменена по желанию"),
    meaning: Text::new(
        "The person changed at will and was entitled to it: the right of the year had not been used, and the \
         application for another insurer came in time. Where the job lets changes against the rules pass, it may not \
         have been. The former stay ended on that day.",
        "Человек сменил организацию по желанию и имел на это право: в этом году замены ещё не было, а заявление о \
         выборе страховой организации подано вовремя. Если задание пропускает замены с нарушением, права могло и не \
         быть. Прежний срок этим днём кончился.",
    ),
    remedy: Text::new(
        "The former organisation ends its record on that day; nobody else has anything to do.",
        "Прежняя организация прекращает свою запись этим днём; остальным делать ничего не нужно.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 326-ФЗ, article 16 (insurer); Federal Law 323-ФЗ, article 21, from 2012 (clinic; not verified in \
         the act itself)",
        "статья 16 Федерального закона № 326-ФЗ (страховая организация); статья 21 Федерального закона № 323-ФЗ, с \
         2012 года (медицинская организация; по тексту акта не проверено)",
    ),
    since: Some("2011-01-01"),
    certainty: Certainty::Unverified,
    latitude: Latitude::Fixed(Text::new(
        "It only names why a permitted change ended the former stay.",
        "Оно лишь называет, почему разрешённая замена прекратила прежний срок.",
    )),
    softened: None,
};

pub(super) const CHANGE_MOVED: Rule = Rule {
    code: Code::ChangeMoved,
    name: "CHANGE_MOVED",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Insurer, Field::Clinic, Field::InsuredFrom, Field::AttachedFrom, Field::Reason, Field::Method],
    message: Text::new("changed after a move", "сменена после переезда"),
    meaning: Text::new(
        "The person changed after a move, which is allowed at any time and uses up no right of the year. The former stay \
         ended on that day.",
        "Человек сменил организацию после переезда; это разрешено в любое время и право на замену в этом году не \
         расходует. Прежний срок этим днём кончился.",
    ),
    remedy: Text::new(
        "The former organisation ends its record on that day; nobody else has anything to do.",
        "Прежняя организация прекращает свою запись этим днём; остальным делать ничего не нужно.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 326-ФЗ, article 16 (insurer); Federal Law 323-ФЗ, article 21, from 2012 (clinic; not verified in \
         the act itself)",
        "статья 16 Федерального закона № 326-ФЗ (страховая организация); статья 21 Федерального закона № 323-ФЗ, с \
         2012 года (медицинская организация; по тексту акта не проверено)",
    ),
    since: Some("2011-01-01"),
    certainty: Certainty::Unverified,
    latitude: Latitude::Fixed(Text::new(
        "It only names why a permitted change ended the former stay.",
        "Оно лишь называет, почему разрешённая замена прекратила прежний срок.",
    )),
    softened: None,
};

pub(super) const CHANGE_CONTRACT_ENDED: Rule = Rule {
    code: Code::ChangeContractEnded,
    name: "CHANGE_CONTRACT_ENDED",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::Insurer, Field::Reason, Field::InsuredFrom],
    message: Text::new("changed because the insurer's contract ended", "сменена: прекращён договор страховой организации"),
    meaning: Text::new(
        "The person changed because the insurer's contract with the fund ended, which is allowed at any time and uses up \
         no right of the year.",
        "Человек сменил страховую организацию, потому что прекращён её договор с фондом; это разрешено в любое время и \
         право на замену в этом году не расходует.",
    ),
    remedy: Text::new(
        "The former organisation ends its record on that day; nobody else has anything to do.",
        "Прежняя организация прекращает свою запись этим днём; остальным делать ничего не нужно.",
    ),
    basis: Basis::Law,
    source: Text::new("Federal Law 326-ФЗ, article 16", "статья 16 Федерального закона № 326-ФЗ"),
    since: Some("2011-01-01"),
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "It only names why a permitted change ended the former stay.",
        "Оно лишь называет, почему разрешённая замена прекратила прежний срок.",
    )),
    softened: None,
};

pub(super) const CHANGE_DEADLINE: Rule = Rule {
    code: Code::ChangeDeadline,
    name: "CHANGE_DEADLINE",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::Insurer, Field::AppliedOn, Field::Reason],
    message: Text::new("applied for after the yearly deadline", "заявление подано после срока выбора в этом году"),
    meaning: Text::new(
        "An insurer may be changed at will once a year, by an application not later than 1 November. This one came later, \
         so the change is refused; it takes effect if the stay that stands against it ends by itself.",
        "Сменить страховую организацию по желанию можно раз в год, подав заявление не позднее 1 ноября. Здесь заявление \
         подано позже, поэтому в замене отказано; она состоится, если прежнее страхование кончится само.",
    ),
    remedy: Text::new(
        "The person applies again in the next year; if it was a move or the end of a contract, the insurer sends that \
         reason.",
        "Человек подаёт заявление в следующем году; если причина — переезд или прекращение договора, страховая \
         организация присылает эту причину.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 326-ФЗ, article 16, part 1, item 3: not later than 1 November",
        "пункт 3 части 1 статьи 16 Федерального закона № 326-ФЗ: не позднее 1 ноября",
    ),
    since: Some("2011-01-01"),
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
    softened: Some(Text::new(
        "Applications count whenever they were made; the limit of changes stays.",
        "Заявления учитываются независимо от дня; число замен остаётся ограниченным.",
    )),
};

pub(super) const CHANGE_LIMIT: Rule = Rule {
    code: Code::ChangeLimit,
    name: "CHANGE_LIMIT",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[
        Field::Insurer,
        Field::Clinic,
        Field::InsuredFrom,
        Field::AttachedFrom,
        Field::AppliedOn,
        Field::Reason,
        Field::Method,
    ],
    message: Text::new("the right to change was used up", "право замены в этом году использовано"),
    meaning: Text::new(
        "Insurer and clinic may be changed at will once a year each (of clinics: once in a calendar year, or in twelve \
         months, as the job says). This year's change had been made, so this one is refused; it takes effect if the stay \
         that stands against it ends by itself.",
        "Страховую организацию и поликлинику можно сменить по желанию по одному разу в год (поликлинику — раз в \
         календарный год или в двенадцать месяцев, как указано в задании). Замена в этом году уже была, поэтому в этой \
         отказано; она состоится, если прежний срок кончится сам.",
    ),
    remedy: Text::new(
        "The person applies again next year; if there was a move, the sender sends that reason or way.",
        "Человек подаёт заявление в следующем году; если был переезд, отправитель присылает эту причину или способ.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "once a year: Federal Law 326-ФЗ, article 16 (insurer); Federal Law 323-ФЗ, article 21, from 2012 (clinic; not \
         verified in the act itself)",
        "раз в год: статья 16 Федерального закона № 326-ФЗ (страховая организация); статья 21 Федерального закона № \
         323-ФЗ, с 2012 года (медицинская организация; по тексту акта не проверено)",
    ),
    since: Some("2011-01-01"),
    certainty: Certainty::Unverified,
    latitude: Latitude::Switch,
    softened: Some(Text::new(
        "Insurers and clinics may be changed as often as people like; the deadline of the year stays.",
        "Страховую организацию и поликлинику можно менять сколько угодно раз; срок подачи заявления остаётся.",
    )),
};

pub(super) const APPLICATION_OUTRANKS_RESIDENCE: Rule = Rule {
    code: Code::ApplicationOutranksResidence,
    name: "APPLICATION_OUTRANKS_RESIDENCE",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[Field::Clinic, Field::Method, Field::AttachedFrom],
    message: Text::new(
        "an attachment by application is not displaced by one by residence",
        "прикрепление по заявлению не замещается прикреплением по месту жительства",
    ),
    meaning: Text::new(
        "The person chose the present clinic by an application. A later attachment by residence alone, which nobody \
         applied for, does not displace it; it takes effect if that stay ends by itself.",
        "Нынешнюю поликлинику человек выбрал по заявлению. Более позднее прикрепление по территории, о котором никто \
         не просил, её не вытесняет; оно вступит в силу, если прежнее кончится само.",
    ),
    remedy: Text::new(
        "If the person did apply, the clinic sends the way of attachment 2, or 3 after a move.",
        "Если человек подавал заявление, медицинская организация присылает способ прикрепления 2 или, после переезда, 3.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "practice of funds; that an application outranks residence was not found in the law",
        "практика фондов; что заявление сильнее территории, в законе не найдено",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Switch,
    softened: Some(Text::new(
        "A later attachment by residence replaces one by application, too.",
        "Более позднее прикрепление по территории вытесняет и прикрепление по заявлению.",
    )),
};

pub(super) const TERRITORY: Rule = Rule {
    code: Code::Territory,
    name: "TERRITORY",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[Field::Clinic, Field::Method, Field::AttachedFrom],
    message: Text::new(
        "a later attachment by residence replaces one by residence",
        "более позднее прикрепление по месту жительства",
    ),
    meaning: Text::new(
        "Both attachments follow the place of residence. The later one stands: the person moved, or the districts were \
         redrawn. Where the job lets residence displace applications, the former one may be by application.",
        "Оба прикрепления — по территории. Действует более позднее: человек переехал, или изменены границы участков. \
         Если по заданию заявление не сильнее территории, прежнее прикрепление может быть и по заявлению.",
    ),
    remedy: Text::new(
        "The former organisation ends its record on that day; nobody else has anything to do.",
        "Прежняя организация прекращает свою запись этим днём; остальным делать ничего не нужно.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 323-ФЗ, article 21: territorial principle",
        "статья 21 Федерального закона № 323-ФЗ: территориально-участковый принцип",
    ),
    since: Some("2012-01-01"),
    certainty: Certainty::Unverified,
    latitude: Latitude::Fixed(Text::new(
        "It only names why a permitted change ended the former stay.",
        "Оно лишь называет, почему разрешённая замена прекратила прежний срок.",
    )),
    softened: None,
};
