//! Rules of the form of files and rows: what cannot be read, what is missing, what is no value at all.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};
use crate::model::Field;

pub(super) const ROW_SHAPE: Rule = Rule {
    code: Code::RowShape,
    name: "ROW_SHAPE",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the row cannot be split into the fields of the layout", "строение записи не соответствует формату"),
    meaning: Text::new(
        "The row has more or fewer fields than the layout of the file, or it cannot be taken apart into fields (a \
         line that is too long). Which value belongs to which field cannot be told, so the row is not looked at \
         further.",
        "В строке больше или меньше полей, чем предусмотрено форматом файла, либо её нельзя разобрать на поля \
         (слишком длинная строка). Какое значение к какому полю относится, сказать нельзя, поэтому дальше строка не \
         проверяется.",
    ),
    remedy: Text::new(
        "The sender looks for a delimiter inside a value or a lost field in the exported line, corrects the export and \
         sends the row again.",
        "Отправитель ищет в строке разделитель внутри значения или потерянное поле, исправляет выгрузку и присылает \
         строку ещё раз.",
    ),
    basis: Basis::Definition,
    source: Text::new("layout of the source, agreed with the sender", "формат файла, согласованный с отправителем"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "A row without fields gives no record, so there is nothing that could be accepted.",
        "Строка, которая не разбирается на поля, не даёт записи: принимать нечего.",
    )),
    softened: None,
};

pub(super) const ROW_QUOTE: Rule = Rule {
    code: Code::RowQuote,
    name: "ROW_QUOTE",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("a quote is not closed, or text follows a closing quote", "кавычка не закрыта или за ней следует текст"),
    meaning: Text::new(
        "A quotation mark is opened and not closed, or something other than the delimiter follows a closing one. Where \
         the fields end cannot be told.",
        "Кавычка открыта и не закрыта, или после закрывающей кавычки стоит не разделитель. Где кончаются поля, сказать \
         нельзя.",
    ),
    remedy: Text::new(
        "The sender doubles quotation marks inside values, or leaves them out, and sends the row again.",
        "Отправитель удваивает кавычки внутри значений или убирает их и присылает строку ещё раз.",
    ),
    basis: Basis::Definition,
    source: Text::new("RFC 4180, section 2; layout of the source", "RFC 4180, раздел 2; формат файла"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "A row without fields gives no record, so there is nothing that could be accepted.",
        "Строка, которая не разбирается на поля, не даёт записи: принимать нечего.",
    )),
    softened: None,
};

pub(super) const ROW_ENCODING: Rule = Rule {
    code: Code::RowEncoding,
    name: "ROW_ENCODING",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("a byte sequence is not valid in the source's encoding", "байты не соответствуют кодировке файла"),
    meaning: Text::new(
        "Some bytes of the row mean no character in the encoding of the file. Usually parts in different encodings were \
         joined, or a program damaged the text.",
        "Некоторые байты строки не означают ни одного символа в кодировке файла. Обычно это значит, что соединены части в \
         разных кодировках или текст повреждён программой.",
    ),
    remedy: Text::new(
        "The sender exports the whole file in one encoding, the one of the layout, and sends the row again.",
        "Отправитель выгружает весь файл в одной кодировке, указанной в формате, и присылает строку ещё раз.",
    ),
    basis: Basis::Definition,
    source: Text::new("layout of the source, agreed with the sender", "формат файла, согласованный с отправителем"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "A row without fields gives no record, so there is nothing that could be accepted.",
        "Строка, которая не разбирается на поля, не даёт записи: принимать нечего.",
    )),
    softened: None,
};

pub(super) const ROW_HEADER: Rule = Rule {
    code: Code::RowHeader,
    name: "ROW_HEADER",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the row repeats the names of the columns, as in files that were joined",
        "строка повторяет названия полей",
    ),
    meaning: Text::new(
        "The row holds the names of the columns and not data: several files were put together, each with its header.",
        "В строке не данные, а названия полей: несколько файлов соединены в один вместе с заголовками.",
    ),
    remedy: Text::new(
        "Nothing is lost: no person stands in this row. Whoever joins files leaves the further headers out.",
        "Ничего не потеряно: в этой строке нет сведений о людях. Тот, кто соединяет файлы, убирает лишние заголовки.",
    ),
    basis: Basis::Definition,
    source: Text::new("layout of the source, agreed with the sender", "формат файла, согласованный с отправителем"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "Names of columns are no data, so there is nothing that could be accepted.",
        "Названия полей — не данные, принимать нечего.",
    )),
    softened: None,
};

pub(super) const QUOTE_IN_VALUE: Rule = Rule {
    code: Code::QuoteInValue,
    name: "QUOTE_IN_VALUE",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("a value that is not quoted has a quote inside", "кавычка внутри значения, не взятого в кавычки"),
    meaning: Text::new(
        "A value holds a quotation mark and is not in quotes itself. The number of fields is right, so the mark is read as a part of \
         the value. But another program may read the row otherwise, and a damaged row may look like that: values may stand in wrong \
         fields.",
        "В значении есть кавычка, а само значение не взято в кавычки. Число полей верное, поэтому кавычка считается частью \
         значения. Но другая программа может прочитать строку иначе, и так же выглядит повреждённая строка: значения могут \
         оказаться не в своих полях.",
    ),
    remedy: Text::new(
        "The sender puts values with quotation marks in quotes and doubles the marks inside, or leaves the marks out. Look at a few rows \
         whether their values stand in the right fields.",
        "Отправитель берёт значения с кавычками в кавычки, а кавычки внутри удваивает, либо убирает их. Проверьте на нескольких \
         строках, стоят ли значения в своих полях.",
    ),
    basis: Basis::Definition,
    source: Text::new("RFC 4180, section 2; layout of the source", "RFC 4180, раздел 2; формат файла"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const ROW_IN_VALUE: Rule = Rule {
    code: Code::RowInValue,
    name: "ROW_IN_VALUE",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "a value holds a line break and as many delimiters as a row",
        "в значении перенос строки и столько же разделителей, сколько в целой строке",
    ),
    meaning: Text::new(
        "In a layout whose values may go over lines, a value in quotes holds as much as whole rows. Two stray quotation marks, each in a \
         row of its own, look like that: what stands between them is read as one value, and the rows there are lost.",
        "В формате, где значение может занимать несколько строк файла, значение в кавычках содержит целые строки. Так выглядят две \
         лишние кавычки в разных строках: всё между ними читается как одно значение, и эти строки теряются.",
    ),
    remedy: Text::new(
        "Look at the lines from this one on. The sender takes the stray quotation marks out, or doubles them, and sends the rows again.",
        "Посмотрите строки файла, начиная с этой. Отправитель убирает лишние кавычки или удваивает их и присылает строки ещё раз.",
    ),
    basis: Basis::Definition,
    source: Text::new("RFC 4180, section 2; layout of the source", "RFC 4180, раздел 2; формат файла"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};

pub(super) const DOCUMENT_BROKEN: Rule = Rule {
    code: Code::DocumentBroken,
    name: "DOCUMENT_BROKEN",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::File,
    fields: &[],
    message: Text::new(
        "the document breaks off here; what follows could not be read",
        "документ обрывается, остаток не прочитан",
    ),
    meaning: Text::new(
        "Reading ended here: the archive is cut or damaged, the XML is not well-formed, or a table ends in the middle. \
         Rows before this place count, what comes after it is unknown.",
        "Здесь чтение прервалось: архив обрезан или повреждён, XML построен неверно, таблица обрывается. Строки до \
         этого места учтены, а что следует дальше, неизвестно.",
    ),
    remedy: Text::new(
        "The sender sends the whole file again. Until then people whose rows were not read may look uninsured or \
         unattached.",
        "Отправитель присылает весь файл ещё раз. До этого люди, строки о которых не прочитаны, могут выглядеть \
         незастрахованными или неприкреплёнными.",
    ),
    basis: Basis::Definition,
    source: Text::new("format of the file", "формат файла"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "What could not be read cannot be accepted, and it must not be lost without a word.",
        "Непрочитанное нельзя принять, и нельзя потерять его молча.",
    )),
    softened: None,
};

pub(super) const RECORD_BROKEN: Rule = Rule {
    code: Code::RecordBroken,
    name: "RECORD_BROKEN",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the record is damaged and cannot be read", "запись повреждена, прочитать её нельзя"),
    meaning: Text::new(
        "One record of an XML document, a DBF table or a Parquet file is damaged: a tag or an attribute that cannot be \
         read, a character that XML does not allow, a text that is too long, a row without its mark. The records behind \
         it are read.",
        "Повреждена одна запись документа XML, таблицы DBF или файла Parquet: тег или атрибут, который нельзя прочитать, \
         символ, недопустимый в XML, слишком длинный текст, строка без своей отметки. Записи за ней прочитаны.",
    ),
    remedy: Text::new(
        "The sender corrects the export and sends the record again. `sverka layout check` tells what is wrong with it.",
        "Отправитель исправляет выгрузку и присылает запись ещё раз. Что в ней не так, показывает `sverka layout check`.",
    ),
    basis: Basis::Definition,
    source: Text::new("format of the file", "формат файла"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "A row without fields gives no record, so there is nothing that could be accepted.",
        "Строка, которая не разбирается на поля, не даёт записи: принимать нечего.",
    )),
    softened: None,
};

pub(super) const FIELD_REQUIRED: Rule = Rule {
    code: Code::FieldRequired,
    name: "FIELD_REQUIRED",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[
        Field::Insurer,
        Field::Clinic,
        Field::PolicyKind,
        Field::PolicyNumber,
        Field::Enp,
        Field::Surname,
        Field::GivenName,
        Field::Sex,
        Field::BirthDate,
        Field::InsuredFrom,
        Field::StoppedOn,
        Field::AttachedFrom,
        Field::AttachedTo,
    ],
    message: Text::new("a required field is empty", "не заполнено обязательное поле"),
    meaning: Text::new(
        "A field is empty without which the record says nothing: who the person is, with which insurer or clinic, from \
         which day. In a register the ENP is required with a single-sample policy, the number with an old policy or a \
         certificate; an attachment needs at least one of ENP, policy number and SNILS. Surname or given name may be missing \
         where the source says that the person has none, not both.",
        "Пусто поле, без которого запись ни о чём не говорит: кто застрахован или прикреплён, в какой организации, с \
         какого дня. В регистре при полисе единого образца обязателен ЕНП, при полисе старого образца и временном \
         свидетельстве — номер; в записи о прикреплении нужно хотя бы одно из трёх: ЕНП, номер полиса, СНИЛС. Фамилии \
         или имени может не быть, если источник говорит, что их у лица нет; без обоих нельзя.",
    ),
    remedy: Text::new(
        "The sender fills the field in and sends the row again.",
        "Отправитель заполняет поле и присылает строку ещё раз.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "composition of the register of insured persons: order 29н of 25.01.2011, from 2022 decree 1998 of 05.11.2022",
        "состав сведений регистра застрахованных лиц: приказ от 25.01.2011 № 29н, с 2022 года постановление от 05.11.2022 \
         № 1998",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::Fixed(Text::new(
        "Without these fields there is no person, no organisation or no day to which a record could belong.",
        "Без этих полей неизвестно лицо, организация или день, к которым относится запись.",
    )),
    softened: None,
};

pub(super) const DATE_INVALID: Rule = Rule {
    code: Code::DateInvalid,
    name: "DATE_INVALID",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[
        Field::BirthDate,
        Field::InsuredFrom,
        Field::InsuredTo,
        Field::StoppedOn,
        Field::AppliedOn,
        Field::DeathDate,
        Field::AttachedFrom,
        Field::AttachedTo,
        Field::DocIssuedOn,
        Field::DocExpiresOn,
        Field::ChangedOn,
        Field::BirthRegisteredOn,
        Field::ServiceFrom,
        Field::ServiceTo,
    ],
    message: Text::new("not a calendar date of the layout's format", "не дата календаря или дата не того формата"),
    meaning: Text::new(
        "The value is no day of the calendar, such as 31 February, or is written in another form than the layout of the \
         file says.",
        "Значение не является календарной датой (например, 31 февраля) или записано не в том виде, который указан в \
         формате файла.",
    ),
    remedy: Text::new(
        "The sender corrects the date and sends the row again.",
        "Отправитель исправляет дату и присылает строку ещё раз.",
    ),
    basis: Basis::Definition,
    source: Text::new("layout of the source, agreed with the sender", "формат файла, согласованный с отправителем"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: Some(Text::new(
        "The date is treated as absent, and where it is required FIELD_REQUIRED follows. Beware: an end that cannot be \
         read then ends nothing; of a category with a term, TERM_MISSING takes 1 January.",
        "Дата считается незаполненной; если она обязательна, строка получит FIELD_REQUIRED. Осторожно: непрочитанная \
         дата окончания тогда ничего не прекращает; для срочной категории принимается 1 января (TERM_MISSING).",
    )),
};

pub(super) const ACTION_UNKNOWN: Rule = Rule {
    code: Code::ActionUnknown,
    name: "ACTION_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[Field::Action],
    message: Text::new("action is not new, change (attachments only) or end", "недопустимый код действия"),
    meaning: Text::new(
        "The row asks for something other than a new record, the change of an attachment or an end. What is to be done \
         with it is unknown.",
        "Строка требует не новой записи, не изменения прикрепления и не прекращения. Что с ней делать, неизвестно.",
    ),
    remedy: Text::new(
        "The sender gives one of the codes of the exchange and sends the row again.",
        "Отправитель указывает один из кодов обмена и присылает строку ещё раз.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "attachment exchange, field 1; register exchange, lists of people to strike off",
        "обмен сведениями о прикреплении, поле 1; обмен сведениями регистра, списки на исключение",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "Taken for a new record, the row might insure or attach someone whom it was meant to strike off.",
        "Если принять строку за новую запись, можно застраховать или прикрепить того, кого просили исключить.",
    )),
    softened: None,
};
