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
