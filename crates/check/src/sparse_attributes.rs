//! Reader of the sparse attributes of register rows. It keeps only attributes that can matter to a later stage.

use super::fingerprint::{date_pair, hash_or_zero};
use super::row_check::RowCheck;
use sverka_model::{Action, AttributeKind, Date, Enp, Field, InsurerId, RowHash, address_key};
use sverka_text::trim_blanks;

/// Fields of a register row with sparse attributes.
const FIELDS: [Field; 4] = [Field::RepresentativeEnp, Field::BirthRegisteredOn, Field::ServiceFrom, Field::ServiceTo];
/// Bit set of the fields.
const FIELD_BITS: u64 = 1 << FIELDS[0] as u32 | 1 << FIELDS[1] as u32 | 1 << FIELDS[2] as u32 | 1 << FIELDS[3] as u32;

/// Notes the sparse attributes of a register row. Returns a hash of their fields; 0 when all are empty.
#[inline]
pub(super) fn note_attributes(row: &mut RowCheck<'_, '_, '_>, action: Action, birth: Option<Date>, from: Option<Date>) -> u64 {
    if row.may_have_any(FIELD_BITS) && FIELDS.iter().any(|&field| row.has_bytes(field)) {
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
    let (service_from, service_to) = (row.date(Field::ServiceFrom), row.end_date(Field::ServiceTo));
    if let (Some(enp), Some(birth), Some(from), Action::New) = (representative, birth, from, action) {
        let free_from = first_free_day(registered, birth, row.context().rules.newborn_days);
        if from < free_from {
            row.note_attribute(AttributeKind::Representative, enp.number(), free_from);
        }
    }
    let as_of = row.context().as_of;
    if service_from.is_some_and(|first| first <= as_of) && service_to.is_none_or(|end| as_of < end) {
        row.note_attribute(AttributeKind::InService, 0, Date::NEVER);
    }
    let of_representative = hash_or_zero(unmarked(row.text(Field::RepresentativeEnp)));
    if (of_representative, registered, service_from, service_to) == (0, None, None, None) {
        return 0;
    }
    let days = (date_pair(registered, service_from), date_pair(service_to, None));
    RowHash::default().with(of_representative, days.0).with(days.1, 0).finish()
}

/// Notes the key of the address of a person whose insurer has left without a successor: such people are distributed by address. The keys of others are
/// not needed.
#[inline]
pub(super) fn note_address(row: &mut RowCheck<'_, '_, '_>, action: Action, insurer: InsurerId) {
    if !row.may_have_any(1 << Field::Address as u32) {
        return;
    }
    let context = row.context();
    if context.insurers.succession().closes_on(insurer) <= context.as_of && action == Action::New && row.has_bytes(Field::Address)
    {
        note_address_key(row);
    }
}

#[cold]
#[inline(never)]
fn note_address_key(row: &mut RowCheck<'_, '_, '_>) {
    let key = str::from_utf8(row.text(Field::Address)).ok().and_then(address_key);
    if let Some(key) = key {
        row.note_attribute(AttributeKind::Address, key, Date::NEVER);
    }
}

/// An ENP of sixteen digits; `None` for other texts and for zeros.
fn representative(text: &[u8]) -> Option<Enp> {
    Enp::parse(unmarked(text)).filter(|&enp| enp != Enp::NONE)
}

/// An ENP without the back-tick or apostrophe with which spreadsheets mark texts.
fn unmarked(text: &[u8]) -> &[u8] {
    let text = str::from_utf8(text).unwrap_or_default();
    text.strip_prefix(['`', '\'']).map_or(text, trim_blanks).as_bytes()
}

/// The first day on which a newborn need not be with the representative's insurer any more. The `days` count from the registration of birth, or from birth
/// when the registration is unknown or before birth.
fn first_free_day(registered: Option<Date>, birth: Date, days: u32) -> Date {
    let counted_from = registered.unwrap_or(birth).max(birth);
    Date::from_days(counted_from.days().saturating_add(i32::try_from(days).unwrap_or(i32::MAX))).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checked_rows;

    /// The sparse attributes of a row of a person born on 2026-10-05, as kind, number and day.
    fn attributes_of(change: &str) -> String {
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
        let found = |change: &str| attributes_of(&format!("representative_enp=9854910844000016, {change}"));
        assert_eq!(found(""), "Representative 9854910844000016 2026-11-05");
        assert_eq!(found("birth_registered_on=2026-10-20"), "Representative 9854910844000016 2026-11-20");
        assert_eq!(found("birth_registered_on=2026-10-04"), "Representative 9854910844000016 2026-11-05");
    }

    #[test]
    fn a_child_who_may_choose_has_no_representative() {
        let found = |from: &str| attributes_of(&format!("representative_enp=9854910844000016, insured_from={from}"));
        assert_eq!(found("2026-11-04"), "Representative 9854910844000016 2026-11-05");
        assert_eq!(found("2026-11-05"), "");
        assert_eq!(attributes_of("representative_enp=9854910844000016, action=end, stopped_on=2026-10-20"), "");
        assert_eq!(attributes_of("birth_registered_on=2026-10-20"), "");
    }

    #[test]
    fn the_enp_of_a_representative_has_sixteen_digits() {
        assert_eq!(attributes_of("representative_enp=`9854910844000016"), "Representative 9854910844000016 2026-11-05");
        for no_enp in ["985491084400001", "98549108440000166", "985491084400001x", "0000000000000000", " "] {
            assert_eq!(attributes_of(&format!("representative_enp={no_enp}")), "", "{no_enp}");
        }
    }

    #[test]
    fn service_is_noted_when_it_covers_the_as_of_date() {
        for (service, is_noted) in [
            ("service_from=2026-11-01", true),
            ("service_from=2026-11-02", false),
            ("service_from=2025-11-01, service_to=2026-11-01", false),
            ("service_from=2025-11-01, service_to=2026-11-02", true),
            ("service_to=2026-11-02", false),
        ] {
            assert_eq!(attributes_of(service), if is_noted { "InService 0 -" } else { "" }, "{service}");
        }
    }
}
