//! Rules about a source as a whole: a file that arrived, and gives nothing or next to nothing.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const SOURCE_WITHOUT_RECORDS: Rule = Rule {
    code: Code::SourceWithoutRecords,
    name: "SOURCE_WITHOUT_RECORDS",
    kind: Kind::SourceCheck,
    severity: Severity::Warning,
    subject: Subject::File,
    fields: &[],
    message: Text::new("the file is not empty, and there is not one record in it", "файл не пуст, но ни одной записи в нём нет"),
    meaning: Text::new(
        "The file arrived and can be read, and it holds nothing but a header, blank lines, or elements that are no records. \
         Usually an export failed, a transfer ended too early, or the file has another layout. The people of this sender \
         look uninsured or unattached.",
        "Файл пришёл и читается, но в нём только заголовок, пустые строки или элементы, которые не являются записями. Обычно \
         это неудачная выгрузка, прерванная передача или другой формат. Люди этого отправителя выглядят незастрахованными \
         или неприкреплёнными.",
    ),
    remedy: Text::new(
        "The fund asks the sender for the file again. Where a sender has nothing to tell and says so by such a file, the \
         job switches the rule off for its files.",
        "Фонд запрашивает у отправителя файл ещё раз. Если отправителю нечего сообщить и такой файл означает именно это, \
         правило отключают для его файлов в задании.",
    ),
    basis: Basis::Definition,
    source: Text::new("layout of the source, agreed with the sender", "формат файла, согласованный с отправителем"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const SOURCE_MOSTLY_REFUSED: Rule = Rule {
    code: Code::SourceMostlyRefused,
    name: "SOURCE_MOSTLY_REFUSED",
    kind: Kind::SourceCheck,
    severity: Severity::Warning,
    subject: Subject::File,
    fields: &[],
    message: Text::new("most rows of the file are quarantined", "большая часть строк файла не принята"),
    meaning: Text::new(
        "More than half of the rows of the file have an error (the share, and how many rows a file must have to be asked, \
         are settings of the job). That is seldom so many mistakes: mostly the file has another layout, its columns are \
         shifted, or a dictionary is not the sender's.",
        "Больше половины строк файла содержат ошибку (доля и наименьшее число строк файла задаются в задании). Редко это \
         столько же отдельных ошибок: чаще у файла другой формат, сдвинуты столбцы или справочник не тот, что у отправителя.",
    ),
    remedy: Text::new(
        "The fund looks at the first rows (`sverka layout check`), corrects the layout or the dictionary, or asks the \
         sender for a corrected file.",
        "Фонд смотрит первые строки (`sverka layout check`), исправляет формат или справочник либо запрашивает у отправителя \
         исправленный файл.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of receiving registers", "практика приёма регистров"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const SYSTEMATIC: Rule = Rule {
    code: Code::Systematic,
    name: "SYSTEMATIC",
    kind: Kind::SourceCheck,
    severity: Severity::Warning,
    subject: Subject::File,
    fields: &[],
    message: Text::new("one warning stands on many rows of the file", "одно и то же предупреждение у большой доли строк файла"),
    meaning: Text::new(
        "One code of warnings was found on more than 5 % of the rows of the file (the share, and how many rows a file must \
         have to be asked, are settings of the job). That is a dictionary, a setting or a habit of the sender, not so many \
         mistakes. It is told once for the file and code; nothing else changes by it.",
        "Предупреждение с одним кодом найдено более чем в 5 % строк файла (доля и наименьшее число строк файла задаются в \
         задании). Это справочник, настройка или обычай отправителя, а не столько же отдельных ошибок. Сообщается один раз \
         по файлу и коду; больше ничего не меняется.",
    ),
    remedy: Text::new(
        "The fund looks at a few of the rows and corrects the dictionary or the setting, agrees with the sender, or switches \
         the warning off for the sender's files.",
        "Фонд смотрит несколько строк и исправляет справочник или настройку, договаривается с отправителем или отключает \
         предупреждение для его файлов.",
    ),
    basis: Basis::Practice,
    source: Text::new("practice of receiving registers", "практика приёма регистров"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};

pub(super) const ENDS_OFF_BY_A_DAY: Rule = Rule {
    code: Code::EndsOffByADay,
    name: "ENDS_OFF_BY_A_DAY",
    kind: Kind::SourceCheck,
    severity: Severity::Warning,
    subject: Subject::File,
    fields: &[],
    message: Text::new(
        "the ends of attachments in the file seem to be read a day off",
        "даты открепления в файле, по-видимому, понимаются со сдвигом на день",
    ),
    meaning: Text::new(
        "Of the attachments in the file that end next to one to another clinic, most leave exactly one day between the two, \
         or one day in both, and there are at least five. When people go from clinic to clinic, one ends where the other \
         begins: a gap of one day says that the end is the last day and is read as the first day after; one day in common \
         says the reverse. People are unattached, or in the wrong clinic, for that day.",
        "Среди прикреплений файла, рядом с окончанием которых начинается прикрепление к другой организации, большинство \
         оставляет между ними ровно один день либо один общий день, и таких не меньше пяти. При переходе одно прикрепление \
         кончается там, где начинается другое: пропуск в один день значит, что дата окончания — последний день, а понята \
         как первый день после; общий день — наоборот. На этот день человек не прикреплён или прикреплён не туда.",
    ),
    remedy: Text::new(
        "The fund asks the sender what the day of detachment means and sets `end_dates` in the layout of the file \
         accordingly.",
        "Фонд выясняет у отправителя, что значит дата открепления, и указывает это в ключе `end_dates` формата файла.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "attachment exchange: the day of detachment LPUDX",
        "обмен сведениями о прикреплении: дата открепления LPUDX",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::OffOrWarning,
    softened: None,
};
