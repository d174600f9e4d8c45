//! Decisions by people, which win over every other rule.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};

pub(super) const OVERRIDE_IGNORED: Rule = Rule {
    code: Code::OverrideIgnored,
    name: "OVERRIDE_IGNORED",
    kind: Kind::RowCheck,
    severity: Severity::Error,
    subject: Subject::Row,
    fields: &[],
    message: Text::new("people decided that the record is to be ignored", "запись не учитывается по решению ответственного лица"),
    meaning: Text::new(
        "Someone responsible decided that this record does not count. It is kept aside as if it had an error, and nothing \
         rests on it.",
        "Ответственное лицо решило не учитывать эту запись. Она отложена, как строка с ошибкой, и ни на что не влияет.",
    ),
    remedy: Text::new(
        "Author, reason and date stand in the file of decisions. Whoever disagrees asks the author; the entry is removed \
         or gets an end.",
        "Автор, причина и дата указаны в файле решений. Кто не согласен, обращается к автору; запись убирают или \
         указывают её окончание.",
    ),
    basis: Basis::Definition,
    source: Text::new("file of decisions by people", "файл решений ответственных лиц"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "Decisions of people win over every rule. Remove or end the entry in the file of decisions instead.",
        "Решения людей сильнее любого правила. Уберите запись из файла решений или укажите в ней дату окончания.",
    )),
    softened: None,
};

pub(super) const OVERRIDE_SAME: Rule = Rule {
    code: Code::OverrideSame,
    name: "OVERRIDE_SAME",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[],
    message: Text::new(
        "people decided that the records are one person",
        "по решению ответственного лица записи относятся к одному лицу",
    ),
    meaning: Text::new(
        "Someone responsible decided that these records are one person, although no rule joins them or something speaks \
         against it.",
        "Ответственное лицо решило, что эти записи относятся к одному лицу, хотя ни одно правило их не соединяет или \
         что-то этому противоречит.",
    ),
    remedy: Text::new(
        "Author, reason and date stand in the file of decisions. Whoever disagrees asks the author; the entry is removed \
         or gets an end.",
        "Автор, причина и дата указаны в файле решений. Кто не согласен, обращается к автору; запись убирают или \
         указывают её окончание.",
    ),
    basis: Basis::Definition,
    source: Text::new("file of decisions by people", "файл решений ответственных лиц"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "Decisions of people win over every rule. Remove or end the entry in the file of decisions instead.",
        "Решения людей сильнее любого правила. Уберите запись из файла решений или укажите в ней дату окончания.",
    )),
    softened: None,
};

pub(super) const OVERRIDE_DIFFERENT: Rule = Rule {
    code: Code::OverrideDifferent,
    name: "OVERRIDE_DIFFERENT",
    kind: Kind::Link,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[],
    message: Text::new(
        "people decided that the records are different persons",
        "по решению ответственного лица записи относятся к разным лицам",
    ),
    meaning: Text::new(
        "Someone responsible decided that these records are different people; the links that would have joined them are \
         not made.",
        "Ответственное лицо решило, что эти записи относятся к разным людям; связи, которые их соединили бы, не \
         проводятся.",
    ),
    remedy: Text::new(
        "Author, reason and date stand in the file of decisions. Whoever disagrees asks the author; the entry is removed \
         or gets an end.",
        "Автор, причина и дата указаны в файле решений. Кто не согласен, обращается к автору; запись убирают или \
         указывают её окончание.",
    ),
    basis: Basis::Definition,
    source: Text::new("file of decisions by people", "файл решений ответственных лиц"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "Decisions of people win over every rule. Remove or end the entry in the file of decisions instead.",
        "Решения людей сильнее любого правила. Уберите запись из файла решений или укажите в ней дату окончания.",
    )),
    softened: None,
};

pub(super) const OVERRIDE_WITHOUT_RECORD: Rule = Rule {
    code: Code::OverrideWithoutRecord,
    name: "OVERRIDE_WITHOUT_RECORD",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[],
    message: Text::new(
        "people decided on the insurer of a person without any insurance that the decision could rest on",
        "решение ответственного лица о страховой организации не на чем основать: у человека нет ни одной записи о \
         страховании",
    ),
    meaning: Text::new(
        "Someone responsible decided on the insurer, but the person has no insurance record, with this insurer or \
         another one, on which the decision could rest. It has no effect. A decision on a clinic needs no record.",
        "Ответственное лицо решило, в какой страховой организации застрахован человек, но у него нет ни одной записи о \
         страховании, ни этой, ни другой организации, на которой решение могло бы основываться. Оно не действует. \
         Решению о медицинской организации запись не нужна.",
    ),
    remedy: Text::new(
        "The author of the decision asks the insurer for a record, or removes the entry.",
        "Автор решения просит страховую организацию прислать запись или убирает решение из файла.",
    ),
    basis: Basis::Definition,
    source: Text::new("file of decisions by people", "файл решений ответственных лиц"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "A decision without effect must not stay unnoticed. Remove or end the entry in the file of decisions instead.",
        "Решение, которое не действует, не должно оставаться незамеченным. Уберите его из файла решений или укажите \
         окончание.",
    )),
    softened: None,
};

pub(super) const OVERRIDE_INSURER: Rule = Rule {
    code: Code::OverrideInsurer,
    name: "OVERRIDE_INSURER",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Insurer,
    fields: &[],
    message: Text::new("people decided on the insurer", "страховая организация определена решением ответственного лица"),
    meaning: Text::new(
        "Someone responsible decided which insurer the person has from a day on. The record of another insurer gives way, \
         whatever the rules would say.",
        "Ответственное лицо решило, в какой страховой организации застрахован человек с указанного дня. Запись другой \
         организации уступает, что бы ни говорили правила.",
    ),
    remedy: Text::new(
        "Author, reason and date stand in the file of decisions. Whoever disagrees asks the author; the entry is removed \
         or gets an end.",
        "Автор, причина и дата указаны в файле решений. Кто не согласен, обращается к автору; запись убирают или \
         указывают её окончание.",
    ),
    basis: Basis::Definition,
    source: Text::new("file of decisions by people", "файл решений ответственных лиц"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "Decisions of people win over every rule. Remove or end the entry in the file of decisions instead.",
        "Решения людей сильнее любого правила. Уберите запись из файла решений или укажите в ней дату окончания.",
    )),
    softened: None,
};

pub(super) const OVERRIDE_CLINIC: Rule = Rule {
    code: Code::OverrideClinic,
    name: "OVERRIDE_CLINIC",
    kind: Kind::Decision,
    severity: Severity::Warning,
    subject: Subject::Clinic,
    fields: &[],
    message: Text::new("people decided on the clinic", "медицинская организация определена решением ответственного лица"),
    meaning: Text::new(
        "Someone responsible decided to which clinic the person is attached from a day on. The record of another clinic \
         gives way, whatever the rules would say.",
        "Ответственное лицо решило, к какой медицинской организации прикреплён человек с указанного дня. Запись другой \
         организации уступает, что бы ни говорили правила.",
    ),
    remedy: Text::new(
        "Author, reason and date stand in the file of decisions. Whoever disagrees asks the author; the entry is removed \
         or gets an end.",
        "Автор, причина и дата указаны в файле решений. Кто не согласен, обращается к автору; запись убирают или \
         указывают её окончание.",
    ),
    basis: Basis::Definition,
    source: Text::new("file of decisions by people", "файл решений ответственных лиц"),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Fixed(Text::new(
        "Decisions of people win over every rule. Remove or end the entry in the file of decisions instead.",
        "Решения людей сильнее любого правила. Уберите запись из файла решений или укажите в ней дату окончания.",
    )),
    softened: None,
};
