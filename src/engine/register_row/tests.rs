//! Tests of the leading record and of the numbers that other records fill in.

use super::RegisterRow;
use crate::engine::checked_rows;
use crate::engine::record_view::RecordView;
use crate::job::{CommandLine, Job};
use sverka_check::sample_rows::AS_OF;
use sverka_kernel::identity::{AnyRecord, Records};
use sverka_kernel::sample_rows::row_name;
use sverka_kernel::timeline::{DatedRecord, InsurerClaims, Stays, Sweep};
use sverka_model::Date;
use sverka_model::RowIds;
use sverka_reference::{Succession, SuccessionLink};
use sverka_settings::InsurerRules;

const SNILS: &str = "snils=12345678964";
const OTHER_SNILS: &str = "snils=00100199965";

/// Row of one person with all of the records: `record enp snils`, or `-` for a person who was never insured.
fn row(register: &[&str], attachments: &[&str]) -> String {
    let rows = checked_rows::accepted(register, attachments);
    let records = Records { partition: &rows.partition, interned: &rows.interned };
    let of_person: Vec<u32> = (0..records.len() as u32).collect();
    let insurers = Succession::new(vec![SuccessionLink::ENDLESS; 2]);
    let claimed = of_person.iter().filter_map(|&index| match records.get(index) {
        AnyRecord::Register(record) => Some(DatedRecord { index, record, source_date: Date::EARLIEST }),
        AnyRecord::Attachment(_) => None,
    });
    let (mut claims, mut stays) = (InsurerClaims::default(), Stays::default());
    claims.collect(claimed, Date::NEVER, &insurers, &mut Vec::new());
    let rules = InsurerRules::default();
    claims.sweep(&mut Sweep::default(), &insurers, &rules, &mut stays, &mut Vec::new(), &mut Vec::new());
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples/job.toml");
    let job = Job::load(sample.as_ref(), &CommandLine::default()).expect("the sample job");
    assert_eq!(job.as_of.to_string(), AS_OF);
    let view = RecordView { job: &job, records, row_ids: &RowIds::default(), source_dates: &[], override_entries: &[] };
    let row = RegisterRow::insured(view, &of_person, &stays, claims.as_slice());
    let insured = if row.insurance.is_some() { "" } else { "not insured " };
    row.record.map_or("-".to_owned(), |record| {
        format!("{insured}{} {} {}", row_name(records, record), row.enp.number(), row.snils.number())
    })
}

#[test]
fn the_latest_application_speaks() {
    for (first, second, speaks) in [
        ("applied_on=2019-01-01", "applied_on=2018-01-01", 1),
        ("applied_on=2019-01-01", "applied_on=2019-01-01", 2),
        ("applied_on=2019-01-01, stopped_on=2026-11-01", "applied_on=2018-01-01", 2),
        ("applied_on=2019-01-01, stopped_on=2026-11-02", "applied_on=2018-01-01", 1),
    ] {
        assert_eq!(row(&[first, second], &[]), format!("{speaks} 0 0"), "{first} / {second}");
    }
}

#[test]
fn without_a_record_of_the_day_all_of_the_stay_may_speak() {
    let ended = ["applied_on=2019-01-02, stopped_on=2026-10-31", "applied_on=2019-01-01, stopped_on=2026-11-01"];
    assert_eq!(row(&ended, &[]), "not insured 1 0 0");
}

#[test]
fn the_last_stay_speaks_for_who_is_not_insured() {
    assert_eq!(row(&["stopped_on=2021-01-01", "insured_from=2022-01-01, stopped_on=2023-01-01"], &[]), "not insured 2 0 0");
    assert_eq!(row(&[], &[SNILS]), "-");
}

#[test]
fn an_absent_number_is_filled_when_the_others_agree() {
    let applied = "applied_on=2026-01-01";
    assert_eq!(row(&[applied, SNILS], &[]), "1 0 12345678964");
    assert_eq!(row(&[applied], &[SNILS]), "1 0 12345678964");
    assert_eq!(row(&[applied, SNILS, SNILS], &[SNILS]), "1 0 12345678964");
    assert_eq!(row(&[applied, SNILS], &[OTHER_SNILS]), "1 0 0");
    assert_eq!(row(&[applied, "enp=9854910844000016"], &[]), "1 9854910844000016 0");
}

#[test]
fn a_number_of_its_own_is_not_replaced() {
    let own = format!("applied_on=2026-01-01, {OTHER_SNILS}");
    assert_eq!(row(&[&own, SNILS], &[SNILS]), "1 0 100199965");
}
