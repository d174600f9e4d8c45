//! Rules about deaths that records tell of.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};
use crate::model::Field;

pub(super) const DEATH_CONTRADICTED: Rule = Rule {
    code: Code::DeathContradicted,
    name: "DEATH_CONTRADICTED",
    kind: Kind::PersonCheck,
    severity: Severity::Warning,
    subject: Subject::Person,
    fields: &[Field::DeathDate],
    message: Text::new(
        "one record tells of a death, another is in force after it and tells of none",
        "по одной записи лицо умерло, другая действует и после этой даты, и смерти в ней нет",
    ),
    meaning: Text::new(
        "Sources contradict each other about a death. When the newest source that speaks of the person, by the dates of the \
         sources, has a record in force after the death and tells of none, the death was told by mistake and does not count. \
         When the dates are equal, or are not known, the death counts.",
        "Источники противоречат друг другу в том, умер ли человек. Если в самом новом по дате файле, где есть этот человек, \
         запись действует после даты смерти и смерти в нём нет, смерть сообщили по ошибке, и она не учитывается. Если даты \
         файлов равны или неизвестны, смерть учитывается.",
    ),
    remedy: Text::new(
        "The fund asks the insurer and the registry office, and writes what it learned into the file of decisions: `alive`, \
         or a death in the next register. The review list `deaths` names everybody.",
        "Фонд запрашивает страховую организацию и ЗАГС и вносит ответ в файл решений (`alive`) либо получает дату смерти в \
         следующем регистре. Всех таких людей показывает список `deaths` команды review.",
    ),
    basis: Basis::Practice,
    source: Text::new(
        "operation П09 of regional registers: a death is cancelled; practice of registers",
        "операция П09 региональных регистров: отмена смерти; практика ведения регистров",
    ),
    since: None,
    certainty: Certainty::Unverified,
    latitude: Latitude::OffOrWarning,
    softened: Some(Text::new(
        "The earliest death that a record tells of always counts.",
        "Всегда учитывается самая ранняя дата смерти из записей.",
    )),
};
