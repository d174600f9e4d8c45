//! Rules about what dictionaries of organisations do not say.

use super::{Basis, Certainty, Code, Kind, Latitude, Rule, Severity, Subject, Text};
use crate::model::Field;

pub(super) const BEFORE_DICTIONARY: Rule = Rule {
    code: Code::BeforeDictionary,
    name: "BEFORE_DICTIONARY",
    kind: Kind::RowCheck,
    severity: Severity::Warning,
    subject: Subject::Row,
    fields: &[Field::Insurer, Field::Clinic, Field::InsuredFrom, Field::AttachedFrom],
    message: Text::new(
        "the start is before the first day of the organisation in the dictionary",
        "начало раньше, чем организация включена в реестр по справочнику",
    ),
    meaning: Text::new(
        "The insurance or attachment starts before the federal dictionary knows the insurer or clinic. Dictionaries begin \
         with the law of 2011 or later, and old policies are from before, so the record counts. It is asked of dictionaries \
         in XML only; a first day of work in a CSV table is meant as it stands.",
        "Страхование или прикрепление начинается раньше, чем организация появляется в федеральном справочнике. Справочники \
         начинаются с закона 2011 года или позже, а полисы старого образца выданы раньше, поэтому запись учитывается. \
         Проверяется только по справочникам XML; дата начала работы в таблице CSV понимается буквально.",
    ),
    remedy: Text::new(
        "None, when the day is right. Where an organisation really began on the day in the dictionary, the fund gives it in \
         the CSV table.",
        "Если дата верна, ничего делать не нужно. Если организация действительно начала работать в день из справочника, фонд \
         указывает её в таблице CSV.",
    ),
    basis: Basis::Order,
    source: Text::new(
        "registers of insurers F002 and clinics F003, F032; order 79 of the Federal Fund, table 81: policies from before \
         326-ФЗ",
        "реестры F002, F003, F032; приказ ФОМС № 79, таблица 81: полисы, выданные до вступления в силу закона № 326-ФЗ",
    ),
    since: None,
    certainty: Certainty::Verified,
    latitude: Latitude::Severity,
    softened: None,
};
