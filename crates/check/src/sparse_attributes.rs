//! What few rows tell besides what every record has room for. Such a attribute lies beside the rows of its partition and is looked up by the place
//! of its row; a row that tells none costs nothing.
//!
//! Facts are narrowed here to those that can matter later: whoever reads them knows only that they do.

use super::context::{RowCheck, date_pair};
use super::identity_fields::hash_of;
use sverka_model::AttributeKind;
use sverka_model::{Action, InsurerId};
use sverka_model::{Date, Enp, address_key};
use sverka_model::{Field, RowHash};
use sverka_text::trim_blanks;

/// The fields of a register row that tell sparse attributes.
const FIELDS: [Field; 4] = [Field::RepresentativeEnp, Field::BirthRegisteredOn, Field::ServiceFrom, Field::ServiceTo];
/// A bit for each of them.
const FIELD_BITS: u64 = 1 << FIELDS[0] as u32 | 1 << FIELDS[1] as u32 | 1 << FIELDS[2] as u32 | 1 << FIELDS[3] as u32;

/// Notes the sparse attributes of a register row. Returns a hash of the fields that tell them; 0 when all are empty.
#[inline]
pub(super) fn note_attributes(row: &mut RowCheck<'_, '_, '_>, action: Action, birth: Option<Date>, from: Option<Date>) -> u64 {
    if row.may_give(FIELD_BITS) && FIELDS.iter().any(|&field| row.gives(field)) {
        attributes(row, action, birth, from)
    } else {
        0
    }
}

#[cold]
#[inline(never)]
fn attributes(row: &mut RowCheck<'_, '_, '_>, action: Action, birth: Option<Date>, from: Option<Date>) -> u64 {
    let registered = row.date(Field::BirthRegisteredOn);
    let representative = representative(row.text(Field::RepresentativeEnp));
    let service = (row.date(Field::ServiceFrom), row.end_date(Field::ServiceTo));
    if let (Some(enp), Some(birth), Some(from), Action::New) = (representative, birth, from, action) {
        let free_from = first_free_day(registered, birth, row.context().rules.newborn_days);
        if from < free_from {
            row.tells(AttributeKind::Representative, enp, free_from);
        }
    }
    let as_of = row.context().as_of;
    if service.0.is_some_and(|first| first <= as_of) && service.1.is_none_or(|end| as_of < end) {
        row.tells(AttributeKind::InService, 0, Date::NEVER);
    }
    let of_representative = hash_of(unmarked(row.text(Field::RepresentativeEnp)));
    if (of_representative, registered, service) == (0, None, (None, None)) {
        return 0;
    }
    RowHash::default().with(of_representative, date_pair(registered, service.0)).with(date_pair(service.1, None), 0).finish()
}

/// Notes where the person of a register row lives whose insurer has left without a successor: such people are distributed by addresses. Others' keys
/// matter to nobody, and are not kept.
#[inline]
pub(super) fn note_address(row: &mut RowCheck<'_, '_, '_>, action: Action, insurer: InsurerId) {
    if !row.may_give(1 << Field::Address as u32) {
        return;
    }
    let context = row.context();
    if context.insurers.succession().closes_on(insurer) <= context.as_of && action == Action::New && row.gives(Field::Address) {
        address(row);
    }
}

#[cold]
#[inline(never)]
fn address(row: &mut RowCheck<'_, '_, '_>) {
    let key = str::from_utf8(row.text(Field::Address)).ok().and_then(address_key);
    if let Some(key) = key {
        row.tells(AttributeKind::Address, key, Date::NEVER);
    }
}

/// The number of an ENP of sixteen digits.
fn representative(text: &[u8]) -> Option<u64> {
    Enp::parse(unmarked(text)).map(Enp::number).filter(|&number| number != 0)
}

/// An ENP without the back-tick or apostrophe that keeps it a text in a spreadsheet.
fn unmarked(text: &[u8]) -> &[u8] {
    let text = str::from_utf8(text).unwrap_or_default();
    text.strip_prefix(['`', '\'']).map_or(text, trim_blanks).as_bytes()
}

/// The day after the last one on which a newborn must be with the representative's insurer: so many days after the registration of birth, or
/// after birth when no registration is known or one before birth.
fn first_free_day(registered: Option<Date>, birth: Date, days: u32) -> Date {
    let counted_from = registered.unwrap_or(birth).max(birth);
    Date::from_days(counted_from.days().saturating_add(i32::try_from(days).unwrap_or(i32::MAX))).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checked_rows;

    /// The attributes of a row of someone born on 2026-10-05, as kind, number and day.
    fn told(change: &str) -> String {
        let rows = checked_rows::accepted(&[&format!("birth_date=2026-10-05, insured_from=2026-10-05, {change}")], &[]);
        let attributes = rows.partition.attributes_at(rows.partition.register[0].identity.row_id).iter();
        let day = |day: Date| day.known().map_or_else(|| "-".to_owned(), |day| day.to_string());
        attributes
            .map(|attribute| format!("{:?} {} {}", attribute.kind(), attribute.number, day(attribute.day)))
            .collect::<Vec<_>>()
            .join(", ")
    }

    #[test]
    fn a_newborn_is_free_on_the_day_after_thirty_days() {
        let of = |change: &str| told(&format!("representative_enp=9854910844000016, {change}"));
        assert_eq!(of(""), "Representative 9854910844000016 2026-11-05");
        assert_eq!(of("birth_registered_on=2026-10-20"), "Representative 9854910844000016 2026-11-20");
        assert_eq!(of("birth_registered_on=2026-10-04"), "Representative 9854910844000016 2026-11-05");
    }

    #[test]
    fn a_record_of_a_child_who_may_choose_tells_no_representative() {
        let of = |from: &str| told(&format!("representative_enp=9854910844000016, insured_from={from}"));
        assert_eq!(of("2026-11-04"), "Representative 9854910844000016 2026-11-05");
        assert_eq!(of("2026-11-05"), "");
        assert_eq!(told("representative_enp=9854910844000016, action=end, stopped_on=2026-10-20"), "");
        assert_eq!(told("birth_registered_on=2026-10-20"), "");
    }

    #[test]
    fn a_representative_is_named_by_sixteen_digits() {
        assert_eq!(told("representative_enp=`9854910844000016"), "Representative 9854910844000016 2026-11-05");
        for no_enp in ["985491084400001", "98549108440000166", "985491084400001x", "0000000000000000", " "] {
            assert_eq!(told(&format!("representative_enp={no_enp}")), "", "{no_enp}");
        }
    }

    #[test]
    fn service_is_told_when_it_covers_the_as_of_date() {
        for (service, told_of) in [
            ("service_from=2026-11-01", true),
            ("service_from=2026-11-02", false),
            ("service_from=2025-11-01, service_to=2026-11-01", false),
            ("service_from=2025-11-01, service_to=2026-11-02", true),
            ("service_to=2026-11-02", false),
        ] {
            assert_eq!(told(service), if told_of { "InService 0 -" } else { "" }, "{service}");
        }
    }
}
