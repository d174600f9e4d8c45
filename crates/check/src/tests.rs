//! The row checks, at both sides of every limit: a change of a plain row, and its findings.

use crate::checked_rows;
use crate::sample_rows::check_samples;
use sverka_kernel::identity::{Duplicate, Linker};
use sverka_kernel::sample_rows::{SampleRows, sample_writer};
use sverka_kernel::shuffle::PartitionBits;
use sverka_model::{Action, Date, Field, Severity, Table};

/// The rows of one table, each a change of a plain row.
fn checked(table: Table, changes: &[&str]) -> SampleRows {
    match table {
        Table::Register => checked_rows::checked(changes, &[]),
        Table::Attachments => checked_rows::checked(&[], changes),
    }
}

/// Findings of a row as `CODE field`, in alphabetical order.
fn findings(table: Table, change: &str) -> String {
    let rows = checked(table, &[change]);
    let of_accepted = rows.partition.findings.iter().map(|finding| (finding.code(), finding.field()));
    let of_quarantined = rows.quarantine.iter().flat_map(|row| row.findings.iter().copied());
    let found: Vec<_> = of_accepted.chain(of_quarantined).collect();
    let with_error = found.iter().any(|(code, _)| code.severity() == Severity::Error);
    let expected = if with_error { (0, 1) } else { (1, 0) };
    assert_eq!((rows.partition.len(), rows.quarantine.len()), expected, "accepted and quarantined: {change}");
    let mut found: Vec<String> =
        found.iter().map(|(code, field)| format!("{} {}", code.name(), field.map_or("", |field| field.name()))).collect();
    found.sort_unstable();
    found.join(", ")
}

fn assert_findings(table: Table, cases: &[(&str, &str)]) {
    for (change, expected) in cases {
        assert_eq!(findings(table, change), *expected, "{change}");
    }
}

macro_rules! cases {
    ($($name:ident: $table:ident { $($change:literal => $expected:literal)* })*) => {
        $(#[test]
        fn $name() {
            assert_findings(Table::$table, &[$(($change, $expected)),*]);
        })*
    };
}

mod documents;
mod terms;

cases! {
    required_fields_of_the_register: Register {
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

    names: Register {
        "surname=Иван0в, given_name=Ивaн, patronymic=Ильич-" =>
            "NAME_ALPHABETS given_name, NAME_DIGITS surname, NAME_PUNCTUATION patronymic"
        "surname=-Ивaн0в" => "NAME_ALPHABETS surname, NAME_DIGITS surname, NAME_PUNCTUATION surname"
        "patronymic=---" => ""
        "patronymic=нет" => ""
        "surname=-" => "NAME_PUNCTUATION surname"
        "sex=2" => "NAME_SEX given_name"
        "sex=2, patronymic=Иванович" => "NAME_SEX given_name, NAME_SEX patronymic"
        "patronymic=Ивановна" => "NAME_SEX patronymic"
        "sex=2, given_name=Саша" => ""
        "insurer=, surname=Иван0в, patronymic=Ивановна" => "FIELD_REQUIRED insurer, NAME_DIGITS surname, NAME_SEX patronymic"
        "insurer=, patronymic=-" => "FIELD_REQUIRED insurer"
    }

    names_of_attachments: Attachments {
        "surname=Иван0в" => "NAME_DIGITS surname"
        "sex=2" => "NAME_SEX given_name"
        "sex=, patronymic=Ивановна" => ""
    }

    missing_names: Register {
        "surname=, reliability=2" => ""
        "surname=, reliability=1 2" => ""
        "given_name=, reliability=3" => ""
        "given_name=, reliability=2" => "FIELD_REQUIRED given_name"
        "surname=, reliability=1" => "FIELD_REQUIRED surname"
        "surname=, given_name=, reliability=2 3" => "FIELD_REQUIRED given_name, FIELD_REQUIRED surname"
        "reliability=2 3" => ""
    }

    missing_names_of_attachments: Attachments {
        "surname=, reliability=2" => ""
        "given_name=" => "FIELD_REQUIRED given_name"
    }

    required_fields_of_attachments: Attachments {
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
        "policy_kind=2, policy_number=" => "FIELD_REQUIRED enp"
        "policy_kind=3, policy_number=, snils=12345678964" => "POLICY_NUMBER_MISSING enp"
        "policy_kind=3" => "POLICY_NUMBER_MISSING enp"
        "policy_kind=1, policy_number=, enp=9854910844000016" => "POLICY_NUMBER_MISSING policy_number"
        "policy_kind=2, policy_number=, snils=12345678964" => "POLICY_NUMBER_MISSING policy_number"
        "policy_kind=2, policy_number=, snils=12345678965" => "FIELD_REQUIRED enp, SNILS_INVALID snils"
    }

    dates_of_the_register: Register {
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

    dates_of_attachments: Attachments {
        "attached_to=2020-01-02" => ""
        "attached_to=2020-01-01" => "DATES_REVERSED attached_to"
        "birth_date=2020-01-02" => "DATES_REVERSED attached_from"
        "attached_from=2020-13-01" => "DATE_INVALID attached_from"
    }

    codes_of_person_and_policy: Register {
        "sex=2, given_name=Анна" => ""
        "sex=0" => "SEX_INVALID sex"
        "sex=М" => "SEX_INVALID sex"
        "policy_kind=4" => "POLICY_KIND_UNKNOWN policy_kind"
        "policy_kind=2, policy_number=123456789" => ""
        "policy_kind=2, policy_number=12345678" => "POLICY_NUMBER_FORMAT policy_number"
        "policy_kind=2, policy_number=12345678Х" => "POLICY_NUMBER_FORMAT policy_number"
    }

    numbers_of_policies: Register {
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

    numbers_of_accounts: Register {
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

    organisations_of_the_register: Register {
        "insurer=34009" => "INSURER_UNKNOWN insurer"
        "insured_from=2011-01-01" => ""
        "insured_from=2010-12-31" => "INSURER_NOT_WORKING insurer"
        "insurer=34002, insured_from=2024-12-31" => ""
        "insurer=34002, insured_from=2025-01-01" => "INSURER_NOT_WORKING insurer"
    }

    organisations_of_attachments: Attachments {
        "clinic=340009" => "CLINIC_UNKNOWN clinic"
        "clinic=340002, attached_from=2024-12-31" => ""
        "clinic=340002, attached_from=2025-01-01" => "CLINIC_NOT_WORKING clinic"
        "clinic=340003, attached_from=2010-12-31" => "CLINIC_NOT_ATTACHABLE clinic, CLINIC_NOT_WORKING clinic"
    }

    closed_lists_of_the_register: Register {
        "category=0" => ""
        "category=9" => ""
        "category=14, insured_to=2021-01-01, snils=12345678964" => ""
        "category=15" => "CATEGORY_UNKNOWN category"
        "category=01" => "CATEGORY_UNKNOWN category"
        "reason=П010" => ""
        "reason=П063" => ""
        "reason=П011" => "REASON_UNKNOWN reason"
        "reason=П000" => "REASON_UNKNOWN reason"
        "reason=P010" => "REASON_UNKNOWN reason"
    }

    closed_lists_of_attachments: Attachments {
        "method=1, profile=5" => ""
        "method=3" => ""
        "method=4" => "METHOD_UNKNOWN method"
        "method=0" => "METHOD_UNKNOWN method"
    }

    notices_of_the_register: Register {
        "action=new" => ""
        "action=end, insured_from=, stopped_on=2026-01-01" => ""
        "action=end, insured_from=, death_date=2026-01-01" => ""
        "action=end, insured_from=" => "FIELD_REQUIRED stopped_on"
        "action=end, stopped_on=2026-13-01" => "DATE_INVALID stopped_on"
        "action=end, stopped_on=2020-01-01" => "DATES_REVERSED stopped_on"
        "action=end, stopped_on=2026-01-01, insurer=, surname=" => "FIELD_REQUIRED insurer, FIELD_REQUIRED surname"
        "action=end, stopped_on=2026-01-01, category=3" => ""
        "action=end, stopped_on=2026-01-01, insured_to=2026-01-01" => ""
        "action=new, insured_from=, stopped_on=2026-01-01" => "FIELD_REQUIRED insured_from"
        "action=change" => "ACTION_UNKNOWN action"
        "action=END, insured_from=" => "ACTION_UNKNOWN action, FIELD_REQUIRED insured_from"
    }

    notices_of_attachments: Attachments {
        "action= change " => ""
        "action=change, attached_from=" => "FIELD_REQUIRED attached_from"
        "action=change, clinic=" => "FIELD_REQUIRED clinic"
        "action=end, attached_from=, attached_to=2026-01-01" => ""
        "action=end, attached_from=" => "FIELD_REQUIRED attached_to"
        "action=end, attached_from=, attached_to=2026-13-01" => "DATE_INVALID attached_to"
        "action=И" => "ACTION_UNKNOWN action"
    }

    terms: Register {
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
        let rows = checked_rows::accepted(&[change], &[]);
        assert_eq!(rows.partition.register[0].term_end.known(), end, "{change}");
    }
}

/// The duplicates of a table as pairs of rows, numbered from 1: the row that repeats and the row that stays.
fn duplicates(table: Table, changes: &[&str]) -> Vec<(u32, u32)> {
    let mut rows = checked(table, changes);
    assert!(rows.quarantine.is_empty(), "rows of this test are accepted");
    let linked = Linker::new(&rows.interned, sverka_kernel::identity::LinkRules::default(), None)
        .link(&mut rows.partition, sverka_kernel::identity::PartitionContext::default());
    let (found, none) = match table {
        Table::Register => (linked.register_duplicates, linked.attachment_duplicates),
        Table::Attachments => (linked.attachment_duplicates, linked.register_duplicates),
    };
    assert!(none.is_empty(), "the other table is empty");
    found.iter().map(|Duplicate { row_id, kept, .. }| (row_id.line() + 1, kept.line() + 1)).collect()
}

#[test]
fn duplicates_are_equal_in_all_fields_but_the_record_id() {
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
        ("doc_issued_on=2020-01-01", "", false),
        ("doc_issued_on=2020-01-01", "doc_expires_on=2020-01-01", false),
        ("doc_issued_on=2020-01-01", "changed_on=2020-01-01", false),
        ("doc_issued_on=2020-01-01", "doc_issued_on= 2020-01-01 ", true),
        ("address=а", "address=б", false),
        ("address=а", "address= а", true),
        ("action=new", "", true),
        ("action=end, stopped_on=2026-01-01", "stopped_on=2026-01-01", false),
    ] {
        let found = duplicates(Table::Register, &["surname=Петров", first, second]);
        assert_eq!(found, if equal { vec![(3, 2)] } else { Vec::new() }, "{first} / {second}");
    }
}

#[test]
fn an_empty_profile_is_therapeutic() {
    assert_eq!(duplicates(Table::Attachments, &["profile=1", "", "profile=2"]), [(2, 1)]);
}

#[test]
fn an_enp_of_another_birth_date_is_flagged_and_one_of_another_sex_is_not() {
    for (change, expected) in [
        ("enp=3456510844000019, birth_date=1984-03-05", false),
        ("enp=3456510844000019, birth_date=1984-03-06", true),
        ("enp=3456510844000019, birth_date=1984-03-05, sex=2", false),
        ("enp= ` 3456510844000019 , birth_date=1984-03-06", true),
        ("", false),
    ] {
        let rows = checked_rows::accepted(&[change], &[]);
        assert_eq!(rows.partition.register[0].identity.flags.enp_contradicts_birth_date(), expected, "{change}");
    }
}

#[test]
fn an_action_is_kept_through_the_shuffle() {
    for (change, expected) in
        [("", Action::New), ("action=change", Action::Change), ("action=end, attached_to=2026-01-01", Action::End)]
    {
        let rows = checked_rows::accepted(&[], &[change]);
        assert_eq!(rows.partition.attachments[0].identity.flags.action(), expected, "{change}");
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
    let rows = checked_rows::accepted(&changes, &[]);
    let mut fingerprints: Vec<u64> = rows.partition.register.iter().map(|record| record.identity.fingerprint).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), changes.len());
}

/// Whether one row has a field; `None` when the row is not accepted.
fn has(table: Table, change: &str, field: Field) -> Option<bool> {
    let (register, attachments) = match table {
        Table::Register => (vec![change], Vec::new()),
        Table::Attachments => (Vec::new(), vec![change]),
    };
    let samples = check_samples(&register, &attachments, || sample_writer(PartitionBits::new(0)));
    let counted = samples.filled.iter().find(|(_, _, filled)| filled.rows == 1);
    counted.map(|(_, _, filled)| filled.filled[field as usize] == 1)
}

#[test]
fn blanks_fill_no_field_of_an_accepted_row() {
    for table in [Table::Register, Table::Attachments] {
        let mut accepted = 0;
        for &field in Field::ALL.iter().filter(|field| field.stands_in(table)) {
            for blanks in ["", " ", " \u{A0}\t", "        "] {
                let filled = has(table, &format!("{}={blanks}", field.name()), field);
                assert_ne!(filled, Some(true), "{table} {field} {blanks:?}");
                accepted += usize::from(filled.is_some());
            }
        }
        assert!(accepted > 40, "{table}: {accepted} rows say nothing of blanks");
    }
}

#[test]
fn values_with_blanks_around_them_fill_their_fields() {
    for field in [Field::Patronymic, Field::DocNumber, Field::Citizenship, Field::RecordId, Field::Address, Field::BirthPlace] {
        for value in ["x", " x", "x ", "\u{A0}ж\u{A0}"] {
            assert_eq!(has(Table::Register, &format!("{}={value}", field.name()), field), Some(true), "{field} {value:?}");
        }
    }
}
