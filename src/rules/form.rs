//! Rules of the form of files and rows: what cannot be read, what is missing, what is no value at all.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const ROW_SHAPE: Rule = Rule {
    code: Code::RowShape,
    name: "ROW_SHAPE",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("the number of fields is not the layout's", "строение записи не соответствует формату"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("layout of the source", "layout of the source"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const ROW_QUOTE: Rule = Rule {
    code: Code::RowQuote,
    name: "ROW_QUOTE",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("a quote is not closed, or text follows a closing quote", "кавычка не закрыта или за ней следует текст"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("RFC 4180, section 2", "RFC 4180, section 2"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const ROW_ENCODING: Rule = Rule {
    code: Code::RowEncoding,
    name: "ROW_ENCODING",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("a byte sequence is not valid in the source's encoding", "байты не соответствуют кодировке файла"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("layout of the source", "layout of the source"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
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
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("layout of the source", "layout of the source"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const DOCUMENT_BROKEN: Rule = Rule {
    code: Code::DocumentBroken,
    name: "DOCUMENT_BROKEN",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new(
        "the document breaks off here; what follows could not be read",
        "документ обрывается, остаток не прочитан",
    ),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("format of the source", "format of the source"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const FIELD_REQUIRED: Rule = Rule {
    code: Code::FieldRequired,
    name: "FIELD_REQUIRED",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("a required field is empty", "не заполнено обязательное поле"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "composition of the register, order 29н and decree 1998",
        "composition of the register, order 29н and decree 1998",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};

pub(super) const DATE_INVALID: Rule = Rule {
    code: Code::DateInvalid,
    name: "DATE_INVALID",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("not a calendar date of the layout's format", "не дата календаря или дата не того формата"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new("layout of the source", "layout of the source"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
};

pub(super) const ACTION_UNKNOWN: Rule = Rule {
    code: Code::ActionUnknown,
    name: "ACTION_UNKNOWN",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("action is not new, change (attachments only) or end", "недопустимый код действия"),
    meaning: Text::new("", ""),
    remedy: Text::new("", ""),
    basis: Basis::Practice,
    source: Text::new(
        "attachment exchange, field 1; register exchange, lists of people to strike off",
        "attachment exchange, field 1; register exchange, lists of people to strike off",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new("Nothing could take its place.", "Заменить это правило нечем.")),
};
