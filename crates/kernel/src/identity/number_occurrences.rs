//! Numbers that are one person's and stand on records of several: SNILS and documents, over all partitions.
//!
//! While persons are made, each enters its numbers once into a table of one bit a slot. A number whose bit is set already is kept: every number of
//! several persons is, whoever came first, and few others are, where numbers meet in a slot. Later, persons with such a number hand it in as it is
//! written, and those of one number and several persons are told. So little is kept of the many numbers that are somebody's own.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::key_table::mix;
use super::{RecordIndex, Records};
use crate::shuffle::NumberSet;
use sverka_model::{Code, Field, Identity, InternedText, RowId, RowOwner, TextKind, normalise_document_number};

/// Which numbers were seen so far, by their slots, and which were seen again.
#[derive(Debug)]
pub struct NumberOccurrences {
    lanes: Vec<Mutex<Lane>>,
}

/// A part of the table, which fits a cache: entered one after another, numbers would lie all over memory.
#[derive(Debug, Default)]
struct Lane {
    words: Vec<u64>,
    again: Vec<u64>,
}

/// Slots of one bit in a word.
const SLOTS: u64 = 64;
/// So many upper bits of a key are its lane.
const LANE_BITS: u32 = 8;
const LANES: usize = 1 << LANE_BITS;
/// So many numbers of a lane are entered at once.
const BATCH: usize = 1 << 9;

impl NumberOccurrences {
    /// Bytes for each number, so that few numbers meet in a slot: one in thirty is taken for somebody else's, too.
    pub const NUMBER_BYTES: u64 = 4;

    /// A table of so many bytes, without any number. It may be small: then more numbers are looked at, and the same are told.
    #[must_use]
    pub fn of_bytes(bytes: u64) -> Self {
        let words = (bytes / size_of::<u64>() as u64 / LANES as u64).max(1) as usize;
        let lane = || Mutex::new(Lane { words: vec![0; words], again: Vec::new() });
        Self { lanes: std::iter::repeat_with(lane).take(LANES).collect() }
    }

    /// Sees the keys of a lane, which are taken.
    fn see(&self, lane: usize, keys: &mut Vec<u64>) {
        let mut lane = self.lanes[lane].lock().unwrap_or_else(PoisonError::into_inner);
        lane.touch(keys);
        keys.drain(..).for_each(|key| lane.see(key));
    }

    /// The numbers that were seen again, once all are entered.
    #[must_use]
    pub fn repeated_numbers(self) -> RepeatedNumbers {
        // What stands for no number may be on everybody's record, so that a lane is full of it.
        let once = |lane: Mutex<Lane>| {
            let mut again = lane.into_inner().unwrap_or_else(PoisonError::into_inner).again;
            again.sort_unstable();
            again.dedup();
            again
        };
        let lanes: Vec<Vec<u64>> = self.lanes.into_par_iter().map(once).collect();
        RepeatedNumbers(NumberSet::new(&lanes.concat()))
    }
}

impl Lane {
    /// Reads the words of all keys, which may be fetched at the same time as none of them waits for another.
    fn touch(&self, keys: &[u64]) {
        std::hint::black_box(keys.iter().fold(0, |read, &key| read ^ self.words[self.bit_of(key).0]));
    }

    /// The word of a key, and the bit in it.
    #[inline]
    fn bit_of(&self, key: u64) -> (usize, u64) {
        let slots = self.words.len() as u64 * SLOTS;
        let slot = ((u128::from(key << LANE_BITS) * u128::from(slots)) >> 64) as u64;
        ((slot / SLOTS) as usize, 1 << (slot % SLOTS))
    }

    /// Of those who see a key one finds it unseen, and all others see it again, in whatever order.
    #[inline]
    fn see(&mut self, key: u64) {
        let (word, bit) = self.bit_of(key);
        if self.words[word] & bit != 0 && self.again.last() != Some(&key) {
            self.again.push(key);
        }
        self.words[word] |= bit;
    }
}

/// Keys of numbers that were seen again: of all that several persons have, and of a few others.
#[derive(Debug, Default)]
pub struct RepeatedNumbers(NumberSet);

/// Enters the numbers of persons, one worker's.
pub struct OccurrenceRecorder<'s> {
    occurrences: &'s NumberOccurrences,
    /// Keys of each lane that are not entered yet.
    lanes: Vec<Vec<u64>>,
    of_person: Vec<u64>,
}

impl<'s> OccurrenceRecorder<'s> {
    /// Nothing entered yet.
    #[must_use]
    pub fn new(occurrences: &'s NumberOccurrences) -> Self {
        Self { occurrences, lanes: vec![Vec::new(); LANES], of_person: Vec::new() }
    }

    /// Enters the numbers of a person, each once.
    #[inline]
    pub fn enter(&mut self, records: Records<'_>, of_person: &[RecordIndex]) {
        match the_numbers(records, of_person) {
            Some(numbers) => keys_of(numbers).into_iter().flatten().for_each(|key| self.push(key)),
            None => self.enter_several(records, of_person),
        }
    }

    #[cold]
    fn enter_several(&mut self, records: Records<'_>, of_person: &[RecordIndex]) {
        let mut keys = std::mem::take(&mut self.of_person);
        keys.extend(of_person.iter().flat_map(|&record| keys_of(numbers_of(records.at(record)))).flatten());
        keys.sort_unstable();
        keys.dedup();
        keys.drain(..).for_each(|key| self.push(key));
        self.of_person = keys;
    }

    #[inline]
    fn push(&mut self, key: u64) {
        let number = (key >> (u64::BITS - LANE_BITS)) as usize;
        let lane = &mut self.lanes[number];
        lane.push(key);
        if lane.len() == BATCH {
            self.occurrences.see(number, lane);
        }
    }

    /// Enters what has not been entered yet.
    pub fn finish(&mut self) {
        (0..).zip(&mut self.lanes).for_each(|(number, lane)| self.occurrences.see(number, lane));
    }
}

/// SNILS and document of a record; 0 for an absent one.
#[inline]
fn numbers_of(identity: &Identity) -> [u64; 2] {
    [identity.snils, u64::from(identity.document)]
}

/// The SNILS and the document of a person, 0 for one that no record has; `None` when records differ, which few do.
#[inline]
fn the_numbers(records: Records<'_>, of_person: &[RecordIndex]) -> Option<[u64; 2]> {
    let (mut known, mut differ) = ([0; 2], false);
    for &record in of_person {
        for (known, number) in known.iter_mut().zip(numbers_of(records.at(record))) {
            differ |= *known != 0 && number != 0 && *known != number;
            *known = if number == 0 { *known } else { number };
        }
    }
    (!differ).then_some(known)
}

/// Keys of a SNILS and a document.
#[inline]
fn keys_of([snils, document]: [u64; 2]) -> [Option<u64>; 2] {
    let key = |number: u64, kind: u64| (number != 0).then(|| mix(&[number ^ kind << 62]));
    [key(snils, 1), key(document, 2)]
}

/// Numbers that may be those of several persons, with the records that bear them.
#[derive(Debug, Default)]
pub struct SharedNumbers {
    occurrences: Vec<NumberOccurrence>,
    /// Document numbers in the form for comparison and ids of records, one behind the other.
    texts: String,
}

/// A number on a record.
#[derive(Clone, Copy, Debug)]
struct NumberOccurrence {
    /// Kind of the document; none of a SNILS.
    doc_kind: InternedText,
    /// The SNILS.
    snils: u64,
    person: i64,
    row_id: RowId,
    owner: RowOwner,
    /// Where the document's number begins, where it ends and the record's id begins, and where that ends.
    texts: [usize; 3],
}

/// A number of several persons on one record.
#[derive(Clone, Copy, Debug)]
pub struct SharedNumberFinding<'t> {
    /// Where the record stands.
    pub row_id: RowId,
    /// Whose the record is.
    pub owner: RowOwner,
    /// What the number is.
    pub code: Code,
    /// In which field it stands.
    pub field: Field,
    /// The sender's id of the record.
    pub record_id: &'t str,
    /// Whose record it is.
    pub person_id: i64,
}

impl SharedNumbers {
    /// Takes the numbers of a person that were seen again.
    #[inline]
    pub fn collect(&mut self, repeated_numbers: &RepeatedNumbers, records: Records<'_>, of_person: &[RecordIndex], person: i64) {
        let again = |numbers| {
            let [snils, document] = keys_of(numbers);
            let again = |key: Option<u64>| key.is_some_and(|key| repeated_numbers.0.contains(key));
            [again(snils), again(document)]
        };
        if the_numbers(records, of_person).is_none_or(|numbers| again(numbers) != [false; 2]) {
            self.collect_all(again, records, of_person, person);
        }
    }

    #[cold]
    #[inline(never)]
    fn collect_all(
        &mut self,
        again: impl Fn([u64; 2]) -> [bool; 2],
        records: Records<'_>,
        of_person: &[RecordIndex],
        person: i64,
    ) {
        for &record in of_person {
            let [snils, document] = again(numbers_of(records.at(record)));
            if snils {
                self.push(records, record, person, None);
            }
            if document {
                self.push(records, record, person, Some(records.at(record).doc_kind));
            }
        }
    }

    fn push(&mut self, records: Records<'_>, record: RecordIndex, person: i64, doc_kind: Option<InternedText>) {
        let from = self.texts.len();
        let identity = records.at(record);
        if doc_kind.is_some() {
            normalise_document_number(&records.text(record, TextKind::DocNumber), &mut self.texts);
            // What is written for "none" is nobody's document.
            if self.texts.as_bytes()[from..].iter().all(|&digit| digit == b'0') {
                self.texts.truncate(from);
                return;
            }
        }
        let id_from = self.texts.len();
        self.texts.push_str(&records.text(record, TextKind::RecordId));
        self.occurrences.push(NumberOccurrence {
            doc_kind: doc_kind.unwrap_or(InternedText::NONE),
            snils: if doc_kind.is_some() { 0 } else { identity.snils },
            person,
            row_id: identity.row_id,
            owner: records.owner(record),
            texts: [from, id_from, self.texts.len()],
        });
    }

    /// Takes over other numbers.
    pub fn merge(&mut self, other: Self) {
        let before = self.texts.len();
        self.texts.push_str(&other.texts);
        let moved =
            |occurrences: NumberOccurrence| NumberOccurrence { texts: occurrences.texts.map(|at| at + before), ..occurrences };
        self.occurrences.extend(other.occurrences.into_iter().map(moved));
    }

    /// Tells of each record with a number of several persons, in no order.
    pub fn tell(mut self, mut found: impl FnMut(SharedNumberFinding<'_>)) {
        let texts = &self.texts;
        let number = |occurrences: &NumberOccurrence| {
            (occurrences.doc_kind.id(), occurrences.snils, &texts[occurrences.texts[0]..occurrences.texts[1]])
        };
        self.occurrences.par_sort_unstable_by(|left, right| number(left).cmp(&number(right)));
        for of_number in self.occurrences.chunk_by(|left, right| number(left) == number(right)) {
            if of_number.iter().all(|occurrences| occurrences.person == of_number[0].person) {
                continue;
            }
            for &NumberOccurrence { doc_kind, person, row_id, owner, texts: [_, from, to], .. } in of_number {
                let (code, field) = if doc_kind == InternedText::NONE {
                    (Code::SnilsShared, Field::Snils)
                } else {
                    (Code::DocShared, Field::DocNumber)
                };
                found(SharedNumberFinding { row_id, owner, code, field, record_id: &texts[from..to], person_id: person });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checked_rows;
    use crate::identity::{LinkRules, Linker};
    use crate::sample_rows::row_name;

    /// What is told of register rows (numbered from 1) and of attachments.
    fn told(register: &[&str], attachments: &[&str]) -> String {
        let told = [false, true].map(|full| told_by(register, attachments, full));
        assert_eq!(told[0], told[1], "whatever else was seen");
        told[0].clone()
    }

    /// [`told`] by a table in which nothing was seen before, or everything: then all numbers are seen again.
    fn told_by(register: &[&str], attachments: &[&str], full: bool) -> String {
        let mut rows = checked_rows::accepted(register, attachments);
        let persons = Linker::new(&rows.interned, LinkRules::default(), None).link(&mut rows.partition, None).persons;
        let records = Records { partition: &rows.partition, interned: &rows.interned };
        let occurrences = NumberOccurrences::of_bytes(1 << 16);
        if full {
            occurrences.lanes.iter().for_each(|lane| lane.lock().expect("a lane").words.fill(u64::MAX));
        }
        let mut recorder = OccurrenceRecorder::new(&occurrences);
        persons.iter().for_each(|(_, of_person)| recorder.enter(records, of_person));
        recorder.finish();
        let repeated_numbers = occurrences.repeated_numbers();
        let mut parts = [SharedNumbers::default(), SharedNumbers::default()];
        // Numbers of persons may be equal in one partition; indexes are not.
        for person in 0..persons.len() {
            parts[person % 2].collect(&repeated_numbers, records, persons.records_of(person), person as i64);
        }
        let [mut all, other] = parts;
        all.merge(other);
        let mut shown = Vec::new();
        all.tell(|found| {
            let record = rows.partition.find(found.row_id).expect("a row");
            assert_eq!(found.record_id, &*records.text(record, TextKind::RecordId));
            shown.push(format!("{}:{}", row_name(records, record), found.field.name()));
        });
        shown.sort_unstable();
        shown.join(" ")
    }

    /// Of rows that no rule makes one person.
    fn pair(first: &str, second: &str) -> String {
        let rows = [
            format!("record_id=A, policy_number=1, given_name=Пётр, {first}"),
            format!("record_id=B, policy_number=2, {second}"),
        ];
        told(&[&rows[0], &rows[1]], &[])
    }

    #[test]
    fn a_snils_of_two_persons_is_told_of_both() {
        assert_eq!(pair("snils=12345678964", "snils=123-456-789 64, birth_date=1981-06-06"), "1:snils 2:snils");
        assert_eq!(pair("snils=12345678964", "snils=00100199965"), "");
        assert_eq!(pair("snils=12345678965", "snils=12345678965"), "", "a wrong one is none");
        assert_eq!(pair("snils=00000000000", "snils=00000000000"), "");
    }

    #[test]
    fn a_document_of_two_persons_is_told_of_both() {
        for (first, second, expected) in [
            ("doc_kind=14, doc_number=00 00 № 000001", "doc_kind=14, doc_number=0000-000001", "1:doc_number 2:doc_number"),
            ("doc_kind=3, doc_number=I-АБ 1", "doc_kind=3, doc_number=i-аб 1", "1:doc_number 2:doc_number"),
            ("doc_kind=3, doc_number=IV-АВ 1", "doc_kind=3, doc_number=1У AB № 1", "1:doc_number 2:doc_number"),
            ("doc_kind=3, doc_number=II-АБ 1", "doc_kind=3, doc_number=III-АБ 1", ""),
            ("doc_kind=14, doc_number=0000 000001", "doc_kind=3, doc_number=0000 000001", ""),
            ("doc_kind=14, doc_number=0000 000001", "doc_kind=14, doc_number=0000 000002", ""),
            ("doc_kind=14, doc_number=0000 000000", "doc_kind=14, doc_number=0000000000", ""),
            ("doc_kind=14, doc_number=-", "doc_kind=14, doc_number=-", ""),
            ("doc_kind=, doc_number=0000 000001", "doc_kind=, doc_number=0000 000001", ""),
        ] {
            assert_eq!(pair(first, second), expected, "{first} / {second}");
        }
    }

    #[test]
    fn several_records_of_one_person_share_nothing() {
        let row = "policy_number=1, snils=12345678964, doc_kind=14, doc_number=7";
        assert_eq!(told(&[row, "policy_number=2, snils=12345678964, doc_kind=14, doc_number=7"], &[row]), "");
    }

    #[test]
    fn every_record_with_the_number_is_told() {
        let row = "policy_number=1, snils=12345678964";
        let others = ["policy_number=1, snils=", "policy_number=3, given_name=Пётр, snils=12345678964"];
        assert_eq!(told(&[row, others[0], others[1]], &[row]), "1:snils 3:snils a1:snils");
    }

    #[test]
    fn a_key_is_seen_again_in_whatever_order_and_by_how_many_threads() {
        let occurrences = NumberOccurrences::of_bytes(1 << 20);
        let key = |number: u64| keys_of([number, 0])[0].expect("a number");
        (0..8_u64).into_par_iter().for_each(|worker| {
            let mut recorder = OccurrenceRecorder::new(&occurrences);
            (0..5000).for_each(|number| recorder.push(key((number * 8 + worker) % 30_000 + 1)));
            recorder.finish();
        });
        let RepeatedNumbers(again) = occurrences.repeated_numbers();
        assert!((1..=10_000).all(|number| again.contains(key(number))));
        let by_chance = (10_001..=30_000).filter(|&number| again.contains(key(number))).count();
        assert!(by_chance < 200, "{by_chance}");
    }

    #[test]
    fn numbers_of_a_batch_and_of_several_workers_meet() {
        let occurrences = NumberOccurrences::of_bytes(1 << 10);
        for keys in [vec![7_u64 << 50, 9 << 50], vec![9 << 50, 7 << 50, 11 << 50]] {
            let mut recorder = OccurrenceRecorder::new(&occurrences);
            recorder.lanes[0] = keys;
            recorder.finish();
        }
        let mut recorder = OccurrenceRecorder::new(&occurrences);
        // All of the first lane; the last one waits for others.
        (0..=BATCH as u64).for_each(|number| recorder.push(number << 20 | 1));
        assert_eq!(recorder.lanes[0].len(), 1);
        let again = occurrences.repeated_numbers();
        assert!([7_u64, 9].iter().all(|key| again.0.contains(key << 50)) && !again.0.contains(11 << 50));
    }
}
