//! The row checks, at both sides of every limit: a change of a plain row and what is found then.

use super::sample_rows::{SampleRow, checked};
use super::{AttachmentRecord, RegisterRecord, RowState, Table, mark_duplicates};
use crate::identifier::Date;
use crate::intake::Lexicon;
use crate::rules::Severity;

/// Findings of each row as `CODE field`, in alphabetical order.
fn findings<R: SampleRow>(change: &str) -> String {
    let table: Table<R> = checked(&[change], &Lexicon::default());
    let quarantined = table.findings.iter().any(|finding| finding.code.rule().severity == Severity::Error);
    let state = if quarantined { RowState::QUARANTINED } else { RowState::ACCEPTED };
    assert_eq!(table.records[1].identity().state, state, "{change}");
    let mut found: Vec<String> = (table.findings.iter())
        .map(|finding| format!("{} {}", finding.code.name(), finding.field.map_or("", |field| field.name())))
        .collect();
    found.sort_unstable();
    found.join(", ")
}

fn assert_findings<R: SampleRow>(cases: &[(&str, &str)]) {
    for (change, expected) in cases {
        assert_eq!(findings::<R>(change), *expected, "{change}");
    }
}

macro_rules! cases {
    ($($name:ident: $row:ty { $($change:literal => $expected:literal)* })*) => {
        $(#[test]
        fn $name() {
            assert_findings::<$row>(&[$(($change, $expected)),*]);
        })*
    };
}

cases! {
    required_fields_of_the_register: RegisterRecord {
        "" => ""
        "insurer=" => "FIELD_REQUIRED insurer"
        "surname=, given_name=" => "FIELD_REQUIRED given_name, FIELD_REQUIRED surname"
        "sex=" => "FIELD_REQUIRED sex"
        "birth_date=" => "FIELD_REQUIRED birth_date"
        "insured_from=" => "FIELD_REQUIRED insured_from"
        "policy_kind=" => "FIELD_REQUIRED policy_kind"
        "policy_number=" => "FIELD_REQUIRED policy_number"
        "policy_kind=2, policy_number=" => "FIELD_REQUIRED policy_number"
        "policy_kind=3" => "FIELD_REQUIRED enp"
        "policy_kind=3, policy_number=, enp=9854910844000016" => ""
    }

    required_fields_of_attachments: AttachmentRecord {
        "" => ""
        "clinic=" => "FIELD_REQUIRED clinic"
        "surname=, given_name=" => "FIELD_REQUIRED given_name, FIELD_REQUIRED surname"
        "birth_date=, attached_from=" => "FIELD_REQUIRED attached_from, FIELD_REQUIRED birth_date"
        "sex=, policy_kind=" => ""
        "policy_kind=, policy_number=" => "FIELD_REQUIRED enp"
        "policy_kind=, policy_number=, snils=12345678964" => ""
        "policy_kind=, policy_number=, snils=12345678965" => "FIELD_REQUIRED enp, SNILS_INVALID snils"
        "policy_kind=, policy_number=, enp=9854910844000016" => ""
        "policy_kind=3, policy_number=" => "FIELD_REQUIRED enp"
    }

    dates_of_the_register: RegisterRecord {
        "insured_from=2020-02-29" => ""
        "insured_from=2021-02-29" => "DATE_INVALID insured_from"
        "applied_on=01.02.2020" => "DATE_INVALID applied_on"
        "birth_date=1900-01-01" => ""
        "birth_date=1899-12-31" => "BIRTH_DATE_RANGE birth_date"
        "birth_date=2026-11-01, insured_from=2026-11-01" => ""
        "birth_date=2026-11-02, insured_from=2026-11-02" => "BIRTH_DATE_RANGE birth_date"
        "birth_date=2020-01-01" => ""
        "birth_date=2020-01-02" => "DATES_REVERSED insured_from"
        "stopped_on=2020-01-02" => ""
        "stopped_on=2020-01-01" => "DATES_REVERSED stopped_on"
        "category=3, insured_to=2020-01-02" => ""
        "category=3, insured_to=2020-01-01" => "DATES_REVERSED insured_to"
        "death_date=2019-12-31" => ""
    }

    dates_of_attachments: AttachmentRecord {
        "attached_to=2020-01-02" => ""
        "attached_to=2020-01-01" => "DATES_REVERSED attached_to"
        "birth_date=2020-01-02" => "DATES_REVERSED attached_from"
        "attached_from=2020-13-01" => "DATE_INVALID attached_from"
    }

    codes_of_person_and_policy: RegisterRecord {
        "sex=2" => ""
        "sex=0" => "SEX_INVALID sex"
        "sex=М" => "SEX_INVALID sex"
        "policy_kind=4" => "POLICY_KIND_UNKNOWN policy_kind"
        "policy_kind=2, policy_number=123456789" => ""
        "policy_kind=2, policy_number=12345678" => "POLICY_NUMBER_FORMAT policy_number"
        "policy_kind=2, policy_number=12345678Х" => "POLICY_NUMBER_FORMAT policy_number"
    }

    numbers_of_policies: RegisterRecord {
        "enp=`9854910844000016" => ""
        "enp='9854910844000016" => ""
        "enp=985491084400001" => "ENP_FORMAT enp"
        "enp=98549108440000160" => "ENP_FORMAT enp"
        "enp=98549108440000 6" => "ENP_FORMAT enp"
        "enp=9854910844000017" => "ENP_CHECK_DIGIT enp"
        "enp=9854810844000018" => "ENP_PERSON_MISMATCH enp"
        "enp=9854910894000015" => "ENP_PERSON_MISMATCH enp"
        "enp=9857910819000014" => "ENP_IMPOSSIBLE enp"
        "enp=9894910844000018" => "ENP_IMPOSSIBLE enp"
        "enp=9854899744000012" => "ENP_IMPOSSIBLE enp"
        "enp=9878990848000016" => "ENP_PERSON_MISMATCH enp"
        "enp=9867001818000011" => "ENP_IMPOSSIBLE enp"
        "enp=9888379748000011" => "ENP_PERSON_MISMATCH enp"
        "enp=9888379747000012" => "ENP_IMPOSSIBLE enp"
        "enp=0000000000000000" => "ENP_IMPOSSIBLE enp"
    }

    numbers_of_accounts: RegisterRecord {
        "snils=123-456-789 64" => ""
        "snils=12345678965" => "SNILS_INVALID snils"
        "snils=00100199800" => ""
        "snils=00100199965" => ""
        "snils=00100199900" => "SNILS_INVALID snils"
        "snils=00000000000" => "SNILS_INVALID snils"
        "snils=1234567896" => "SNILS_INVALID snils"
        "category=1" => "SNILS_REQUIRED snils"
        "category=6" => "SNILS_REQUIRED snils"
        "category=1, snils=12345678964" => ""
        "category=1, snils=12345678965" => "SNILS_INVALID snils, SNILS_REQUIRED snils"
        "category=2" => ""
        "category=1, birth_date=2008-11-01" => "SNILS_REQUIRED snils"
        "category=1, birth_date=2008-11-02" => ""
    }

    organisations_of_the_register: RegisterRecord {
        "insurer=34009" => "INSURER_UNKNOWN insurer"
        "insured_from=2011-01-01" => ""
        "insured_from=2010-12-31" => "INSURER_NOT_WORKING insurer"
        "insurer=34002, insured_from=2024-12-31" => ""
        "insurer=34002, insured_from=2025-01-01" => "INSURER_NOT_WORKING insurer"
    }

    organisations_of_attachments: AttachmentRecord {
        "clinic=340009" => "CLINIC_UNKNOWN clinic"
        "clinic=340002, attached_from=2024-12-31" => ""
        "clinic=340002, attached_from=2025-01-01" => "CLINIC_NOT_WORKING clinic"
        "clinic=340003, attached_from=2010-12-31" => "CLINIC_NOT_ATTACHABLE clinic, CLINIC_NOT_WORKING clinic"
    }

    closed_lists_of_the_register: RegisterRecord {
        "category=0" => ""
        "category=9" => ""
        "category=14, insured_to=2021-01-01" => ""
        "category=15" => "CATEGORY_UNKNOWN category"
        "category=01" => "CATEGORY_UNKNOWN category"
        "reason=П010" => ""
        "reason=П063" => ""
        "reason=П011" => "REASON_UNKNOWN reason"
        "reason=П000" => "REASON_UNKNOWN reason"
        "reason=P010" => "REASON_UNKNOWN reason"
    }

    closed_lists_of_attachments: AttachmentRecord {
        "method=1, profile=5" => ""
        "method=3" => ""
        "method=4" => "METHOD_UNKNOWN method"
        "method=0" => "METHOD_UNKNOWN method"
    }

    terms: RegisterRecord {
        "category=3, insured_to=2021-01-01" => ""
        "category=3" => "TERM_MISSING insured_to"
        "category=2, insured_to=2021-01-01" => "TERM_IGNORED insured_to"
        "insured_to=2021-01-01" => "TERM_IGNORED insured_to"
    }
}

#[test]
fn a_missing_term_ends_with_the_year() {
    for (change, end) in [
        ("category=3, insured_from=2025-12-31", Date::from_ymd(2026, 1, 1)),
        ("category=3, insured_from=2025-12-31, insured_to=2026-06-01", Date::from_ymd(2026, 6, 1)),
        ("category=2, insured_to=2026-06-01", None),
        ("category=3, insured_from=9999-01-01", None),
    ] {
        let table: Table<RegisterRecord> = checked(&[change], &Lexicon::default());
        assert_eq!(table.records[1].term_end.known(), end, "{change}");
    }
}

#[test]
fn duplicates_are_equal_in_all_that_counts() {
    for (first, second, equal) in [
        ("record_id=1", "record_id=2", true),
        ("enp=9854910844000016", "enp=`9854910844000016", true),
        ("snils=12345678964", "snils=123-456-789 64", true),
        ("snils=12345678965", "", true),
        ("category=15", "", true),
        ("applied_on=2020-01-01", "", false),
        ("surname=ИВАНОВ", "", false),
        ("death_date=2026-01-01", "", false),
        ("birth_place=а", "citizenship=а", false),
    ] {
        let mut table: Table<RegisterRecord> = checked(&["surname=Петров", first, second], &Lexicon::default());
        let found: Vec<(u32, u32)> = mark_duplicates(&mut table).iter().map(|pair| (pair.row, pair.kept)).collect();
        assert_eq!(found, if equal { vec![(3, 2)] } else { Vec::new() }, "{first} / {second}");
    }
}

#[test]
fn an_empty_profile_is_therapeutic() {
    let mut table: Table<AttachmentRecord> = checked(&["profile=1", "", "profile=2"], &Lexicon::default());
    assert_eq!(mark_duplicates(&mut table).len(), 1);
}

#[test]
fn an_enp_of_another_birth_date_is_marked_and_one_of_another_sex_is_not() {
    for (change, expected) in [
        ("enp=3456510844000019, birth_date=1984-03-05", 0),
        ("enp=3456510844000019, birth_date=1984-03-06", 1),
        ("enp=3456510844000019, birth_date=1984-03-05, sex=2", 0),
        ("enp= ` 3456510844000019 , birth_date=1984-03-06", 1),
        ("", 0),
    ] {
        let table: Table<RegisterRecord> = checked(&[change], &Lexicon::default());
        assert_eq!(table.records[1].identity.of_other_birth, expected, "{change}");
    }
}

#[test]
fn a_byte_that_moves_between_fields_changes_the_fingerprint() {
    let changes = [
        "surname=АБ, given_name=В",
        "surname=А, given_name=БВ",
        "birth_place=x",
        "citizenship=x",
        "doc_number=x",
        "patronymic=x",
    ];
    let table: Table<RegisterRecord> = checked(&changes, &Lexicon::default());
    let mut fingerprints: Vec<u64> = table.fingerprints[1..=changes.len()].to_vec();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), changes.len());
    assert!(!fingerprints.contains(&0));
}
