//! What is found about a person, or about a record among the others of its person.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};
use crate::model::Field;

pub(super) const ENP_SHARED: Rule = Rule {
    code: Code::EnpShared,
    name: "ENP_SHARED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Policy,
    fields: &[Field::Enp],
    message: Text::new("the ENP is used by several persons", "ЕНП указан у нескольких лиц"),
    meaning: Text::new(
        "Records with this ENP were not found to be one person: something contradicts, or too little agrees. One bears \
         the number of another, two people were given one number, or data are mistyped. The number by itself joins \
         nobody.",
        "Записи с этим ЕНП не признаны одним лицом: сведения противоречат друг другу или совпадает слишком мало. У \
         кого-то указан чужой номер, один номер выдан двоим или в сведениях опечатка. Сам по себе номер никого не \
         соединяет.",
    ),
    remedy: Text::new(
        "The fund finds out by the federal register whose number it is; the sender of the other person's record \
         corrects it.",
        "Фонд устанавливает по федеральному регистру, чей это номер; отправитель записи о другом лице её исправляет.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt25)", "практика региональных регистров (rt25)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const IDENTITY_REVIEW: Rule = Rule {
    code: Code::IdentityReview,
    name: "IDENTITY_REVIEW",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Snils, Field::Sex, Field::BirthDate],
    message: Text::new(
        "the person's records give two SNILS, two sexes or two birth dates",
        "в записях о лице два СНИЛС, два пола или две даты рождения",
    ),
    meaning: Text::new(
        "The records that were found to be one person name two SNILS, two sexes or two birth dates. Either a value is \
         mistyped, or two people were taken for one. It is told once, on the person's first record.",
        "В записях, отнесённых к одному лицу, указаны два СНИЛС, два пола или две даты рождения. Либо в значении \
         опечатка, либо двух людей приняли за одного. Сообщается один раз, при первой записи лица.",
    ),
    remedy: Text::new(
        "Someone looks at the records of the person; if they are two people, that is entered into the file of decisions, \
         else the wrong value is corrected.",
        "Ответственное лицо просматривает записи; если это два человека, указывает это в файле решений, иначе исправляют \
         неверное значение.",
    ),
    basis: Basis::Definition,
    source: Text::new(
        "choice of sverka: contradictory identifiers are for people to look at",
        "выбор сверки: противоречивые сведения смотрит человек",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const SEVERAL_ENP: Rule = Rule {
    code: Code::SeveralEnp,
    name: "SEVERAL_ENP",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Policy,
    fields: &[Field::Enp],
    message: Text::new("the person has more than one ENP", "у лица несколько ЕНП"),
    meaning: Text::new(
        "The person has records with different ENPs: the number changed with the data, or two numbers were given. The one \
         of the record that counts on the as-of date survives.",
        "У человека есть записи с разными ЕНП: номер сменился вместе с данными или выдан второй. Действующим считается \
         номер той записи, которая действует на отчётную дату.",
    ),
    remedy: Text::new(
        "The insurer strikes off the surplus number (operations П023, П024); if the number changed with the data, \
         nothing is to be done.",
        "Страховая организация исключает лишний номер (операции П023, П024); если номер сменился вместе с данными, \
         делать ничего не нужно.",
    ),
    basis: Basis::Order,
    source: Text::new("dictionary R001: operations П023, П024", "справочник R001: операции П023, П024"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const AFTER_DEATH: Rule = Rule {
    code: Code::AfterDeath,
    name: "AFTER_DEATH",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::DeathDate, Field::InsuredFrom, Field::AttachedFrom],
    message: Text::new("nothing of the interval is left because of the person's death", "начало после даты смерти"),
    meaning: Text::new(
        "The insurance or attachment would begin after the person's death, as some record of the person tells it, so \
         nothing of it is left.",
        "Страхование или прикрепление начиналось бы после смерти человека, о которой сообщает одна из его записей, \
         поэтому от него ничего не остаётся.",
    ),
    remedy: Text::new(
        "The sender withdraws the record; if the person lives, whoever told of the death corrects it.",
        "Отправитель отзывает запись; если человек жив, сообщивший о смерти исправляет свои сведения.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 326-ФЗ: insurance ends with death; practice of regional registers (rt14)",
        "Федеральный закон № 326-ФЗ: страхование прекращается со смертью; практика региональных регистров (rt14)",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Fixed(Text::new(
        "It is the only word on why the record has no effect; without it the sender would be told that it was taken.",
        "Только это правило объясняет, почему запись не подействовала; без него отправителю сообщили бы, что она принята.",
    )),
    softened: None,
};

pub(super) const NO_INTERVAL: Rule = Rule {
    code: Code::NoInterval,
    name: "NO_INTERVAL",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[Field::InsuredFrom, Field::InsuredTo, Field::StoppedOn, Field::AttachedFrom, Field::AttachedTo],
    message: Text::new("nothing of the interval is left", "срок пуст"),
    meaning: Text::new(
        "Once every end is taken into account (the planned one, the actual one, that of the organisation), no day of \
         the insurance or attachment is left.",
        "С учётом всех окончаний (планового, фактического, прекращения работы организации) от страхования или \
         прикрепления не остаётся ни одного дня.",
    ),
    remedy: Text::new(
        "The sender checks start and end. Nothing is to be done when the record was cancelled on purpose.",
        "Отправитель проверяет начало и конец. Если запись отменена намеренно, делать ничего не нужно.",
    ),
    basis: Basis::Definition,
    source: Text::new(
        "an interval runs from its first day to the first day after it",
        "срок длится с первого дня до первого дня после него",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "It is the only word on why the record has no effect; without it the sender would be told that it was taken.",
        "Только это правило объясняет, почему запись не подействовала; без него отправителю сообщили бы, что она принята.",
    )),
    softened: None,
};

pub(super) const CLINIC_AGE: Rule = Rule {
    code: Code::ClinicAge,
    name: "CLINIC_AGE",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[Field::Clinic, Field::BirthDate, Field::AttachedFrom],
    message: Text::new("the clinic does not serve the person's age", "медицинская организация не обслуживает этот возраст"),
    meaning: Text::new(
        "The clinic does not serve people of this age. An attachment to a children's clinic ends on the 18th birthday, \
         and one that begins on that day or later is left out; a child in a clinic for adults stays attached and is \
         only told of.",
        "Организация не обслуживает этот возраст. Прикрепление к детской поликлинике кончается в день 18-летия, а \
         начатое в этот день или позже не учитывается; ребёнок во взрослой поликлинике остаётся прикреплённым, об этом \
         лишь сообщается.",
    ),
    remedy: Text::new(
        "The clinic for adults takes the person over; in the case of an infant in the mother's clinic nothing is to be \
         done.",
        "Прикрепление оформляет взрослая поликлиника; если младенец записан в поликлинику матери, делать ничего не нужно.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "practice of funds: ages served (Vologda 15, Astrakhan 13)",
        "практика фондов: обслуживаемый возраст (Вологда 15, Астрахань 13)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Switch,
    softened: Some(Text::new(
        "Every clinic serves all ages: nothing ends at the age of 18, and nobody is told.",
        "Считается, что любая организация обслуживает все возрасты: в 18 лет ничего не кончается, и об этом не \
         сообщается.",
    )),
};

pub(super) const NOT_INSURED: Rule = Rule {
    code: Code::NotInsured,
    name: "NOT_INSURED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[Field::AttachedFrom, Field::AttachedTo],
    message: Text::new("no insurance of the person overlaps the attachment", "в этот срок лицо не застраховано"),
    meaning: Text::new(
        "On no day of the attachment is the person insured here, as far as the registers say. Only the insured choose a \
         clinic, and no money follows someone who is not.",
        "Ни в один день прикрепления человек, судя по регистрам, здесь не застрахован. Выбирают медицинскую организацию \
         застрахованные, и деньги за незастрахованного не идут.",
    ),
    remedy: Text::new(
        "The clinic checks the policy; if there is one, the insurer sends the missing record. Perhaps number or birth \
         date differ, so that the records do not meet.",
        "Медицинская организация проверяет полис; если он есть, страховая организация присылает недостающую запись. \
         Возможно, номер или дата рождения различаются, и записи не сошлись.",
    ),
    basis: Basis::Law,
    source: Text::new("Federal Law 326-ФЗ, article 16", "статья 16 Федерального закона № 326-ФЗ"),
    since: Some("2011-01-01"),
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "It is the only word on why the record has no effect; without it the sender would be told that it was taken.",
        "Только это правило объясняет, почему запись не подействовала; без него отправителю сообщили бы, что она принята.",
    )),
    softened: None,
};

pub(super) const END_WITHOUT_STAY: Rule = Rule {
    code: Code::EndWithoutStay,
    name: "END_WITHOUT_STAY",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[Field::StoppedOn, Field::AttachedTo],
    message: Text::new(
        "no other record of the person with this insurer or clinic starts before the day of the end",
        "нет страхования или прикрепления, которое эта запись могла бы прекратить",
    ),
    meaning: Text::new(
        "The row says that an insurance or attachment ends, but the person has no record with this insurer or clinic \
         that begins before that day. A strike-off because of death is not asked.",
        "Строка прекращает страхование или прикрепление, но у человека нет записи этой организации, которая начинается \
         раньше этого дня. Исключение по случаю смерти не проверяется.",
    ),
    remedy: Text::new(
        "The sender checks person, organisation and day; perhaps the record that it ends was never sent, or stands in \
         quarantine.",
        "Отправитель проверяет лицо, организацию и день; возможно, прекращаемая запись не была прислана или отложена с \
         ошибкой.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "register exchange, operations П021 to П025; detachment notices of funds",
        "обмен сведениями регистра, операции П021–П025; уведомления фондов об откреплении",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "It is the only word on why the record has no effect; without it the sender would be told that it was taken.",
        "Только это правило объясняет, почему запись не подействовала; без него отправителю сообщили бы, что она принята.",
    )),
    softened: None,
};

pub(super) const CHANGE_WITHOUT_ATTACHMENT: Rule = Rule {
    code: Code::ChangeWithoutAttachment,
    name: "CHANGE_WITHOUT_ATTACHMENT",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[Field::AttachedFrom],
    message: Text::new(
        "the person has no stay with this clinic on the day of the change",
        "нет прикрепления, данные которого изменяет запись",
    ),
    meaning: Text::new(
        "The row changes data of an attachment (district, doctor), but on that day the person is not attached to this \
         clinic.",
        "Строка изменяет сведения о прикреплении (участок, врача), но в этот день человек к этой организации не \
         прикреплён.",
    ),
    remedy: Text::new(
        "The clinic sends the attachment first, or corrects the day of the change.",
        "Медицинская организация сначала присылает прикрепление или исправляет день изменения.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "attachment exchange, field 1: change of data; error 542 of funds",
        "обмен сведениями о прикреплении, поле 1: изменение данных; ошибка 542 фондов",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "It is the only word on why the record has no effect; without it the sender would be told that it was taken.",
        "Только это правило объясняет, почему запись не подействовала; без него отправителю сообщили бы, что она принята.",
    )),
    softened: None,
};

pub(super) const SNILS_SHARED: Rule = Rule {
    code: Code::SnilsShared,
    name: "SNILS_SHARED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Snils],
    message: Text::new("the SNILS is used by several persons", "СНИЛС указан у нескольких лиц"),
    meaning: Text::new(
        "Different people bear this SNILS: a parent's number is entered for a child, or it is mistyped.",
        "Этот СНИЛС указан у разных людей: ребёнку записан номер родителя, или в номере опечатка.",
    ),
    remedy: Text::new(
        "The sender finds out by the Social Fund whose number it is and corrects the other record.",
        "Отправитель выясняет в Социальном фонде, чей это номер, и исправляет другую запись.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt48)", "практика региональных регистров (rt48)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const DOC_SHARED: Rule = Rule {
    code: Code::DocShared,
    name: "DOC_SHARED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Document,
    fields: &[Field::DocKind, Field::DocNumber],
    message: Text::new("the document is used by several persons", "документ указан у нескольких лиц"),
    meaning: Text::new(
        "Different people bear the same identity document: a parent's document is entered for a child, or it is mistyped.",
        "Один и тот же документ указан у разных людей: ребёнку записан документ родителя, или в номере опечатка.",
    ),
    remedy: Text::new(
        "The sender checks whose document it is and corrects the other record.",
        "Отправитель проверяет, чей это документ, и исправляет другую запись.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt18)", "практика региональных регистров (rt18)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const SAME_DOCUMENT_REVIEW: Rule = Rule {
    code: Code::SameDocumentReview,
    name: "SAME_DOCUMENT_REVIEW",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::DocKind, Field::DocNumber, Field::BirthDate, Field::GivenName],
    message: Text::new(
        "another person has the same given name, birth date and document digits: one person or twins",
        "у другого лица те же имя, дата рождения и цифры номера документа: возможно, это одно лицо",
    ),
    meaning: Text::new(
        "Records of different people have one given name, one birth date, and documents of one kind with the same digits. \
         Either they are one person whose surname or document series is written in different ways, or something keeps the \
         document from proving it: a newborn with the mother's passport, a given name such as НЕТ or РЕБЕНОК.",
        "В записях разных лиц одинаковы имя, дата рождения, вид документа и цифры его номера. Либо это одно лицо, а фамилия или \
         серия документа записаны по-разному, либо документ этого не доказывает: у новорождённого указан паспорт матери или \
         вместо имени стоит НЕТ, РЕБЕНОК.",
    ),
    remedy: Text::new(
        "The fund finds out whether it is one person; if so, the sender corrects the record, or the file of decisions says it.",
        "Фонд выясняет, одно ли это лицо; если одно, отправитель исправляет запись или решение вносится в файл решений.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "practice of regional registers: candidates for duplicates are decided by a person",
        "практика региональных регистров: решение о возможных двойниках принимает человек",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const APPLIED_AFTER_DEATH: Rule = Rule {
    code: Code::AppliedAfterDeath,
    name: "APPLIED_AFTER_DEATH",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::AppliedOn, Field::DeathDate],
    message: Text::new("the application is after the person's death", "заявление подано после смерти"),
    meaning: Text::new(
        "The application is dated after the person's death, as some record of the person tells it.",
        "Заявление датировано днём после смерти человека, о которой сообщает одна из его записей.",
    ),
    remedy: Text::new(
        "The insurer checks both dates: someone may have applied in the name of the dead, or the death is that of another \
         person.",
        "Страховая организация проверяет обе даты: возможно, заявление подано от имени умершего или умер другой человек.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt14)", "практика региональных регистров (rt14)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const INSURED_IN_SERVICE: Rule = Rule {
    code: Code::InsuredInService,
    name: "INSURED_IN_SERVICE",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::ServiceFrom, Field::ServiceTo],
    message: Text::new("insured on the as-of date although in service", "застрахован на отчётную дату, хотя состоит на службе"),
    meaning: Text::new(
        "The person serves in the army or an equal service on the as-of date, by one of the records, and is insured all \
         the same. Servicemen get medical care outside OMS and hand the policy in for the time of service.",
        "По одной из записей человек на отчётную дату проходит военную или приравненную к ней службу и при этом \
         застрахован. Военнослужащие получают помощь вне ОМС и на время службы сдают полис.",
    ),
    remedy: Text::new(
        "The insurer asks the person and suspends the policy (operation П025), or corrects the dates of service.",
        "Страховая организация уточняет сведения у человека и приостанавливает полис (операция П025) или исправляет даты \
         службы.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 326-ФЗ, article 10: servicemen and those equal to them are not insured",
        "статья 10 Федерального закона № 326-ФЗ: военнослужащие и приравненные к ним не застрахованы",
    ),
    since: Some("2011-01-01"),
    certainty: Certainty::Unverified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const NEWBORN_INSURER: Rule = Rule {
    code: Code::NewbornInsurer,
    name: "NEWBORN_INSURER",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::RepresentativeEnp, Field::BirthRegisteredOn, Field::Insurer, Field::BirthDate],
    message: Text::new(
        "the newborn's insurer is not that of the mother or representative",
        "страховая организация новорождённого не та, что у матери или представителя",
    ),
    meaning: Text::new(
        "From birth until 30 days after the state registration of the birth a child is insured where the mother or \
         another legal representative is. Here the child's insurer is another one.",
        "Со дня рождения и до истечения 30 дней со дня государственной регистрации рождения ребёнок застрахован там \
         же, где мать или другой законный представитель. Здесь у ребёнка другая страховая организация.",
    ),
    remedy: Text::new(
        "The insurer of the child checks who the representative is and passes the child on to the right insurer.",
        "Страховая организация ребёнка проверяет, кто представитель, и передаёт ребёнка нужной организации.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 326-ФЗ, article 16, in force since summer 2016; as the Federal fund explains it",
        "статья 16 Федерального закона № 326-ФЗ, действует с лета 2016 года; по разъяснению Федерального фонда",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const CERTIFICATE_EXPIRED: Rule = Rule {
    code: Code::CertificateExpired,
    name: "CERTIFICATE_EXPIRED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Policy,
    fields: &[Field::PolicyKind, Field::InsuredFrom],
    message: Text::new(
        "the temporary certificate expired by the as-of date, and no policy followed",
        "срок временного свидетельства истёк, полиса нет",
    ),
    meaning: Text::new(
        "On the as-of date the person is insured by a temporary certificate alone, its term is over, and no policy \
         followed.",
        "На отчётную дату человек застрахован только по временному свидетельству, срок которого истёк, а полиса нет.",
    ),
    remedy: Text::new(
        "The insurer hands the policy over and gives the ENP (operation П060).",
        "Страховая организация выдаёт полис и сообщает ЕНП (операция П060).",
    ),
    basis: Basis::Order,
    source: Text::new("OMS Rules, temporary certificate", "Правила ОМС, временное свидетельство"),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const FIRST_CHOICE_WHILE_INSURED: Rule = Rule {
    code: Code::FirstChoiceWhileInsured,
    name: "FIRST_CHOICE_WHILE_INSURED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::Reason, Field::Insurer, Field::InsuredFrom],
    message: Text::new(
        "a first choice of an insurer while another insurance is open",
        "первичный выбор при действующем страховании в другой организации",
    ),
    meaning: Text::new(
        "The record is a first choice of an insurer (П010), but the person is insured with another insurer already. It \
         counts as a change at will, or gives way.",
        "Запись — первичный выбор страховой организации (П010), но человек уже застрахован в другой организации. Она \
         учитывается как замена по желанию или не учитывается.",
    ),
    remedy: Text::new(
        "The insurer checks whether the person was found in the register, and sends the operation of a change.",
        "Страховая организация проверяет, был ли человек найден в регистре, и присылает операцию замены.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "dictionary R001, operation П010; practice of insurers",
        "справочник R001, операция П010; практика страховых организаций",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const REASON_CHANGES_INSURER: Rule = Rule {
    code: Code::ReasonChangesInsurer,
    name: "REASON_CHANGES_INSURER",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::Reason, Field::Insurer],
    message: Text::new(
        "an operation that keeps the insurer names another one",
        "операция без замены страховой организации указывает другую организацию",
    ),
    meaning: Text::new(
        "A duplicate of the policy, changed data or the policy after the certificate (П040, П060 to П063) leave the \
         insurer as it is; here the record names another one.",
        "Дубликат полиса, изменение данных, выдача полиса после свидетельства (П040, П060–П063) не меняют страховую \
         организацию; здесь в записи указана другая.",
    ),
    remedy: Text::new(
        "The insurer checks whether an application for a change exists, and corrects the operation or withdraws the \
         record.",
        "Страховая организация проверяет, есть ли заявление о замене, и исправляет операцию или отзывает запись.",
    ),
    basis: Basis::Order,
    source: Text::new("dictionary R001: П040, П060 to П063", "справочник R001: П040, П060–П063"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const REASON_SAME_INSURER: Rule = Rule {
    code: Code::ReasonSameInsurer,
    name: "REASON_SAME_INSURER",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[Field::Reason, Field::Insurer],
    message: Text::new(
        "an operation that changes the insurer names the present one",
        "операция замены указывает прежнюю страховую организацию",
    ),
    meaning: Text::new(
        "The operation is a change of insurer (П031 to П036), but the person is insured with this one already. It is no \
         change and uses up no right.",
        "Операция — замена страховой организации (П031–П036), но человек в этой организации уже застрахован. Замены нет, \
         и право на неё не расходуется.",
    ),
    remedy: Text::new(
        "The insurer corrects the operation; perhaps the record of the former insurer is missing.",
        "Страховая организация исправляет операцию; возможно, не хватает записи прежней организации.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "dictionary R001: П031 to П036; practice of regional registers (rt36)",
        "справочник R001: П031–П036; практика региональных регистров (rt36)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const SEVERAL_APPLICATIONS: Rule = Rule {
    code: Code::SeveralApplications,
    name: "SEVERAL_APPLICATIONS",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[Field::Clinic, Field::Method, Field::AttachedFrom],
    message: Text::new(
        "applications to several clinics in one period",
        "заявления в несколько медицинских организаций за один период",
    ),
    meaning: Text::new(
        "Within one period (a calendar month, unless the job says otherwise) the person applied to several clinics. \
         One of them stands by the rules of change; the others should be asked whether the applications were the \
         person's own.",
        "За один период (календарный месяц, если в задании не указано другое) человек подал заявления в несколько \
         медицинских организаций. Действует одно из них по правилам замены; у остальных стоит спросить, подавал ли \
         заявление сам человек.",
    ),
    remedy: Text::new("The fund asks the clinics for the applications.", "Фонд запрашивает у медицинских организаций заявления."),
    basis: Basis::Practice,
    source: Text::new(
        "attachment exchange, error 17 of insurers (Vologda), error 10 of funds (Astrakhan, Penza)",
        "обмен сведениями о прикреплении, ошибка 17 страховых организаций (Вологда), ошибка 10 фондов (Астрахань, Пенза)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const NO_CONTRACT: Rule = Rule {
    code: Code::NoContract,
    name: "NO_CONTRACT",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[Field::Clinic],
    message: Text::new(
        "insurer and clinic have no contract on the as-of date",
        "нет договора страховой и медицинской организаций на отчётную дату",
    ),
    meaning: Text::new(
        "The person's insurer and clinic on the as-of date have no contract by the job's table of contracts, so the \
         insurer cannot pay this clinic.",
        "По справочнику договоров у страховой и медицинской организаций, в которых человек на отчётную дату, нет \
         договора, поэтому оплатить помощь страховая организация не может.",
    ),
    remedy: Text::new(
        "The fund completes the table of contracts, or asks both to conclude one.",
        "Фонд дополняет справочник договоров или просит организации заключить договор.",
    ),
    basis: Basis::Law,
    source: Text::new("Federal Law 326-ФЗ, article 39", "статья 39 Федерального закона № 326-ФЗ"),
    since: Some("2011-01-01"),
    certainty: Certainty::Unverified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const NOT_INSURED_ON_START: Rule = Rule {
    code: Code::NotInsuredOnStart,
    name: "NOT_INSURED_ON_START",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[Field::AttachedFrom],
    message: Text::new(
        "the person is not insured on the day on which the attachment starts",
        "на дату прикрепления лицо не застраховано",
    ),
    meaning: Text::new(
        "On the day on which the attachment starts the person is not insured in the region, but is on a later day of \
         it. The attachment counts. It is asked between known insurances, and before the earliest one only when that \
         is a first choice (П010): registers mostly hold the present insurance only.",
        "В день начала прикрепления человек в регионе не застрахован, но застрахован в один из следующих дней \
         прикрепления. Прикрепление учитывается. Проверяется между известными страхованиями, а до самого раннего — \
         только если оно начато первичным выбором (П010): обычно в регистрах только действующее страхование.",
    ),
    remedy: Text::new(
        "The clinic checks the day of the attachment, the insurer the start of the insurance.",
        "Медицинская организация проверяет день прикрепления, страховая — начало страхования.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "attachment exchange, error 703 of funds (Volgograd), error 10 of insurers (Vologda), errors 14 and 17 of \
         funds (Astrakhan, Penza)",
        "обмен сведениями о прикреплении: ошибка 703 фондов (Волгоград), ошибка 10 страховых организаций (Вологда), \
         ошибки 14 и 17 фондов (Астрахань, Пенза)",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const MUST_CHOOSE: Rule = Rule {
    code: Code::MustChoose,
    name: "MUST_CHOOSE",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Insurer],
    message: Text::new(
        "the insurer left without a successor, and no other was chosen",
        "страховая организация прекратила работу без правопреемника, новая не выбрана",
    ),
    meaning: Text::new(
        "The person's insurer left the region without a successor, and no other insurance followed. The person has two \
         months (a setting of the job) to choose one; after that the fund distributes those who did not choose over \
         the remaining insurers in proportion to their insured.",
        "Страховая организация человека ушла из региона без правопреемника, и нового страхования нет. На выбор даётся \
         два месяца (задаётся в задании), затем фонд распределяет не выбравших между оставшимися организациями \
         пропорционально числу застрахованных.",
    ),
    remedy: Text::new(
        "The fund tells the person; after the two months it makes the proposal with `sverka distribute`.",
        "Фонд уведомляет человека, а по истечении двух месяцев готовит распределение командой `sverka distribute`.",
    ),
    basis: Basis::Law,
    source: Text::new(
        "Federal Law 326-ФЗ, article 16; practice of funds (two months, proportion)",
        "статья 16 Федерального закона № 326-ФЗ; практика фондов (два месяца, пропорция)",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};
