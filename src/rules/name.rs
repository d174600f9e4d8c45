//! Rules of surname, given name and patronymic.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};
use crate::model::Field;

pub(super) const NAME_DIGITS: Rule = Rule {
    code: Code::NameDigits,
    name: "NAME_DIGITS",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Surname, Field::GivenName, Field::Patronymic],
    message: Text::new("a name holds digits or other signs that names do not have", "в имени есть цифры или недопустимые знаки"),
    meaning: Text::new(
        "A surname, given name or patronymic holds digits or signs that stand in no name.",
        "В фамилии, имени или отчестве есть цифры или знаки, которых в именах не бывает.",
    ),
    remedy: Text::new("The sender corrects the name by the identity document.", "Отправитель исправляет имя по документу."),
    basis: Basis::Practice,
    source: Text::new(
        "attachment exchange, errors 5, 6, 7 (Volgograd): illegal characters; which ones is not known",
        "обмен сведениями о прикреплении, ошибки 5, 6, 7 (Волгоград): недопустимые знаки; какие именно, неизвестно",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const NAME_ALPHABETS: Rule = Rule {
    code: Code::NameAlphabets,
    name: "NAME_ALPHABETS",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Surname, Field::GivenName, Field::Patronymic],
    message: Text::new("a name mixes Cyrillic and Latin letters", "в имени смешаны кириллица и латиница"),
    meaning: Text::new(
        "Cyrillic and Latin letters are mixed in one name. It looks right, but programs that compare letter by letter \
         take it for another one; sverka itself reads letters that look alike as the same.",
        "В одном имени смешаны русские и латинские буквы. Выглядит верно, но программы, сравнивающие буквы, считают его \
         другим; сама сверка похожие буквы не различает.",
    ),
    remedy: Text::new("The sender corrects the name by the identity document.", "Отправитель исправляет имя по документу."),
    basis: Basis::Practice,
    source: Text::new(
        "practice of registers: Latin letters in Cyrillic names are replaced before comparing",
        "практика регистров: латинские буквы в русских именах заменяют перед сравнением",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const NAME_PUNCTUATION: Rule = Rule {
    code: Code::NamePunctuation,
    name: "NAME_PUNCTUATION",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Surname, Field::GivenName, Field::Patronymic],
    message: Text::new(
        "a name has doubled signs or blanks, or such at its edge",
        "в имени двойные или крайние знаки препинания или пробелы",
    ),
    meaning: Text::new(
        "A name has two dashes, full stops, apostrophes or blanks in a row, one of these signs at its beginning or end \
         (but for the full stop of an initial), or a bracket without its pair.",
        "В имени стоят подряд два дефиса, две точки, два апострофа или два пробела, такой знак стоит в начале или в \
         конце (кроме точки инициала) либо у скобки нет пары.",
    ),
    remedy: Text::new("The sender corrects the name by the identity document.", "Отправитель исправляет имя по документу."),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt27, rt32, rt35)", "практика региональных регистров (rt27, rt32, rt35)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const NAME_SEX: Rule = Rule {
    code: Code::NameSex,
    name: "NAME_SEX",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::GivenName, Field::Patronymic, Field::Sex],
    message: Text::new("the given name or patronymic is one of the other sex", "имя или отчество другого пола"),
    meaning: Text::new(
        "The given name is nearly always one of the other sex, or the patronymic ends as those of the other sex do. Sex \
         or name may be wrong, or fields are swapped; rare names may be right.",
        "Имя почти всегда принадлежит другому полу, или отчество оканчивается как у другого пола. Неверен пол или имя, \
         или поля переставлены; редкое имя может быть и верным.",
    ),
    remedy: Text::new(
        "The sender checks sex and name against the identity document; nothing is to be done when both are right.",
        "Отправитель сверяет пол и имя с документом; если всё верно, делать ничего не нужно.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of regional registers (rt28)", "практика региональных регистров (rt28)"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const NAME_PARTS: Rule = Rule {
    code: Code::NameParts,
    name: "NAME_PARTS",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::Surname, Field::GivenName, Field::Patronymic],
    message: Text::new(
        "a full name in one cell has fewer or more words than three",
        "в фамилии, имени и отчестве одной строкой не три слова",
    ),
    meaning: Text::new(
        "The layout takes surname, given name and patronymic from one cell, and there are not three words in it. The first \
         word is the surname, the second the given name, all others the patronymic: which may be wrong for a double surname \
         or given name written with a blank. оглы, кызы and the like belong to the patronymic and do not count.",
        "Формат берёт фамилию, имя и отчество из одной ячейки, а слов в ней не три. Первое слово считается фамилией, второе — \
         именем, остальные — отчеством; при двойной фамилии или двойном имени через пробел это может быть неверно. «Оглы», \
         «кызы» и подобные слова относятся к отчеству и не считаются.",
    ),
    remedy: Text::new(
        "The sender gives surname, given name and patronymic in columns of their own, or double names with a hyphen. Where \
         the person has no patronymic, nothing is to be done.",
        "Отправитель передаёт фамилию, имя и отчество отдельными графами или пишет двойные имена через дефис. Если отчества у \
         человека нет, делать ничего не нужно.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "practice of clinic systems: a full name is split at blanks and full stops, and extra words are flagged",
        "практика медицинских информационных систем: ФИО делят по пробелам и точкам, лишние слова отмечают",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};
