//! Tests of packing: unpacking gives the packed row, and usual rows are small.

use super::*;
use bytemuck::Zeroable as _;
use proptest::prelude::*;
use sverka_model::{Category, PolicyKind};

/// Usual days, days before 1900, and both ends of the calendar.
fn any_day() -> impl Strategy<Value = Date> {
    prop_oneof![-25_567..25_000_i32, -719_162..2_932_897_i32].prop_map(Date::from_days)
}

fn any_end() -> impl Strategy<Value = Date> {
    prop_oneof![Just(Date::NEVER), any_day()]
}

fn any_number() -> impl Strategy<Value = u64> {
    (any::<u64>(), 0..=64_u32).prop_map(|(number, bits)| number.checked_shr(bits).unwrap_or(0))
}

prop_compose! {
    fn any_identity()(
        row_id in (0..1_u32 << 31, any_number()),
        fingerprint in 0..=LARGEST_FINGERPRINT,
        numbers in [any_number(), any_number()],
        keys in [any_number(), any_number()],
        birth_date in any_day(),
        words in [any_number(), any_number(), any_number(), any_number()],
        codes in (0..3_u8, 0..4_u8, 0..6_u8),
    ) -> Identity {
        let [surname, given_name, patronymic, doc_kind] = words.map(|word| InternedText::from_id(word as u32));
        Identity {
            row_id: RowId::new(row_id.0, row_id.1 as u32),
            fingerprint,
            enp: Enp::from_stored(numbers[0]),
            snils: Snils::from_stored(numbers[1]),
            document: keys[0] as u32,
            policy: keys[1] as u32,
            birth_date,
            surname,
            given_name,
            patronymic,
            doc_kind,
            sex: codes.0,
            policy_kind: PolicyKind::from_stored(codes.1),
            state: RowState::ACCEPTED,
            flags: RecordFlags::from_bits(codes.2),
        }
    }
}

prop_compose! {
    fn any_register()(
        identity in any_identity(),
        days in [any_day(), any_day()],
        ends in [any_end(), any_end(), any_end()],
        codes in any::<(u16, u8, u8)>(),
    ) -> RegisterRecord {
        let ([insured_from, applied_on], [term_end, stopped_on, death_date]) = (days, ends);
        let (insurer, category, reason) = (InsurerId::new(codes.0), Category::from_stored(codes.1), OperationReason::new(codes.2));
        RegisterRecord { identity, insured_from, term_end, stopped_on, death_date, applied_on, insurer, category, reason }
    }
}

prop_compose! {
    fn any_attachment()(
        identity in any_identity(),
        attached_from in any_day(),
        attached_to in any_end(),
        words in any::<[u32; 2]>(),
        codes in any::<(u16, u8, u8)>(),
    ) -> AttachmentRecord {
        let [district, doctor_snils] = words.map(InternedText::from_id);
        let (clinic, profile) = (ClinicId::new(codes.0), Profile::new(codes.1));
        let method = AttachmentMethod::new(codes.2);
        AttachmentRecord { identity, attached_from, attached_to, district, doctor_snils, clinic, profile, method, padding: 0 }
    }
}

fn assert_unpacks<R: PackedRecord + PartialEq + std::fmt::Debug>(record: R, texts: [&str; 3]) -> usize {
    let mut packer = Packer::new();
    let mut bytes = packer.pack(&record, texts.map(str::as_bytes)).to_vec();
    let size = bytes.len();
    bytes.extend([0xFF; SLACK]);
    let (unpacked, at) = unpack::<R>(&bytes);
    assert_eq!((unpacked, row_id_of(&bytes)), (record, record.identity().row_id));
    assert_eq!(at + size_of_texts(&bytes[at..]), size);
    for (kind, text) in [TextKind::RecordId, TextKind::PolicyNumber, TextKind::DocNumber].into_iter().zip(texts) {
        assert_eq!(&*text_of(&bytes[at..], kind, &packer.pairs()), text);
    }
    size
}

proptest! {
    #[test]
    fn rows_come_back(register in any_register(), attachment in any_attachment(), texts in [".{0,12}", "[0-9R /-]{0,30}", ".{0,30}"]) {
        let texts = [&*texts[0], &*texts[1], &*texts[2]];
        assert_unpacks(register, texts);
        assert_unpacks(attachment, texts);
    }
}

#[test]
fn what_is_usual_is_small() {
    let day = |text: &str| text.parse().expect("a date");
    let identity = Identity {
        row_id: RowId::new(1700, 5000),
        fingerprint: LARGEST_FINGERPRINT,
        enp: Enp::from_stored(9_999_999_999_999_999),
        snils: Snils::from_stored(99_999_999_999),
        document: u32::MAX,
        birth_date: day("1986-03-27"),
        surname: InternedText::from_id(100_000),
        given_name: InternedText::from_id(1000),
        patronymic: InternedText::from_id(1000),
        doc_kind: InternedText::from_id(3),
        sex: 2,
        policy_kind: PolicyKind::SINGLE_SAMPLE,
        ..Identity::zeroed()
    };
    let record = RegisterRecord {
        identity,
        insured_from: day("2016-06-03"),
        applied_on: day("2016-06-01"),
        term_end: Date::NEVER,
        stopped_on: Date::NEVER,
        death_date: Date::NEVER,
        insurer: InsurerId::new(5),
        category: Category::WORKING_CITIZEN,
        reason: OperationReason::FIRST_CHOICE,
    };
    let (numbers, texts) = (10 + 4 + 7 + 5 + 4 + 2 + 3 + 2 + 2 + 1 + 3 + 2 + 1, 3 + 6 + 6);
    assert_eq!(assert_unpacks(record, ["R0000000020", "", "63 19 335620"]), numbers + texts);
}
