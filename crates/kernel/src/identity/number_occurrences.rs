//! SNILS and document numbers shared by several persons, over all partitions: a one-bit filter first, then exact.
//!
//! *First pass*, while persons are made: each person enters each of its numbers once. The filter has one bit for a hash of a number:
//!
//! ```text
//! key   │ 8 bits: segment │ 56 bits: bit in the segment │        256 segments, each fits a cache and has a lock
//!
//! bit is 0  → set it                                    the first person with the number
//! bit is 1  → append the key to `repeated`              a second person, or another number with the same bit
//! ```
//!
//! All numbers of several persons are in `repeated`, in any order of the persons: for each of them at least one person
//! found the bit set. With 32 bits a number, about one other number in 30 is there by chance. *Second pass*: persons
//! with a repeated number hand in the number as text, and sorting the texts finds those of several persons exactly. So
//! nearly nothing is stored of the many numbers of a single person. The result does not depend on the size of the
//! filter or on the order of the persons.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::key_table::mix;
use super::{RecordIndex, Records};
use crate::shuffle::NumberSet;
use sverka_model::{Code, Field, Identity, InternedText, PersonId, RowId, RowOwner, Snils, TextKind, normalise_document_number};

/// Filter of the numbers seen so far, and the keys that were seen again.
#[derive(Debug)]
pub struct NumberOccurrences {
    segments: Vec<Mutex<Segment>>,
}

/// A part of the filter that fits a cache. Entering keys in arrival order would miss the cache on every access.
#[derive(Debug, Default)]
struct Segment {
    /// Bits of the filter.
    words: Vec<u64>,
    /// Keys that found their bit set.
    repeated: Vec<u64>,
}

/// Bits of a word.
const WORD_BITS: u64 = 64;
/// Segment = upper SEGMENT_BITS bits of the key.
const SEGMENT_BITS: u32 = 8;
const SEGMENTS: usize = 1 << SEGMENT_BITS;
/// Keys of a segment that are entered at once, under one lock.
const BATCH: usize = 1 << 9;

impl NumberOccurrences {
    /// Bytes of the filter for each number. With 32 bits a number, one number in 30 shares its bit with another number.
    pub const NUMBER_BYTES: u64 = 4;

    /// An empty filter of `bytes` bytes. A smaller filter only makes more numbers go through the second pass.
    #[must_use]
    pub fn of_bytes(bytes: u64) -> Self {
        let words = (bytes / size_of::<u64>() as u64 / SEGMENTS as u64).max(1) as usize;
        let segment = || Mutex::new(Segment { words: vec![0; words], repeated: Vec::new() });
        Self { segments: std::iter::repeat_with(segment).take(SEGMENTS).collect() }
    }

    /// Enters the keys of a segment, and empties `keys`.
    fn enter(&self, segment: usize, keys: &mut Vec<u64>) {
        let mut segment = self.segments[segment].lock().unwrap_or_else(PoisonError::into_inner);
        segment.touch(keys);
        keys.drain(..).for_each(|key| segment.enter(key));
    }

    /// Keys that were seen again, once all are entered.
    #[must_use]
    pub fn repeated_numbers(self) -> RepeatedNumbers {
        // A text for "no number" may stand on every record, and fill a segment with its key.
        let once = |segment: Mutex<Segment>| {
            let mut repeated = segment.into_inner().unwrap_or_else(PoisonError::into_inner).repeated;
            repeated.sort_unstable();
            repeated.dedup();
            repeated
        };
        let segments: Vec<Vec<u64>> = self.segments.into_par_iter().map(once).collect();
        RepeatedNumbers(NumberSet::new(&segments.concat()))
    }
}

impl Segment {
    /// Reads the words of all keys. The reads do not depend on each other, so the processor fetches many of them at
    /// once.
    fn touch(&self, keys: &[u64]) {
        std::hint::black_box(keys.iter().fold(0, |read, &key| read ^ self.words[self.bit_of(key).0]));
    }

    /// Index of the word of a key, and the bit in it.
    #[inline]
    fn bit_of(&self, key: u64) -> (usize, u64) {
        let slots = self.words.len() as u64 * WORD_BITS;
        let slot = ((u128::from(key << SEGMENT_BITS) * u128::from(slots)) >> 64) as u64;
        ((slot / WORD_BITS) as usize, 1 << (slot % WORD_BITS))
    }

    /// Enters a key. In any order, one of the persons with the key finds its bit unset, and all others find it set.
    #[inline]
    fn enter(&mut self, key: u64) {
        let (word, bit) = self.bit_of(key);
        if self.words[word] & bit != 0 && self.repeated.last() != Some(&key) {
            self.repeated.push(key);
        }
        self.words[word] |= bit;
    }
}

/// Keys of repeated numbers: all numbers of several persons, and a few others by chance.
#[derive(Debug, Default)]
pub struct RepeatedNumbers(NumberSet);

/// Enters the numbers of persons for one worker, in batches by segment.
pub struct OccurrenceRecorder<'s> {
    occurrences: &'s NumberOccurrences,
    /// Keys of each segment that are not entered yet.
    segments: Vec<Vec<u64>>,
    of_person: Vec<u64>,
}

impl<'s> OccurrenceRecorder<'s> {
    /// A recorder without numbers.
    #[must_use]
    pub fn new(occurrences: &'s NumberOccurrences) -> Self {
        Self { occurrences, segments: vec![Vec::new(); SEGMENTS], of_person: Vec::new() }
    }

    /// Enters the numbers of a person, each once.
    #[inline]
    pub fn enter(&mut self, records: Records<'_>, of_person: &[RecordIndex]) {
        match numbers_of_person(records, of_person) {
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
        let number = (key >> (u64::BITS - SEGMENT_BITS)) as usize;
        let segment = &mut self.segments[number];
        segment.push(key);
        if segment.len() == BATCH {
            self.occurrences.enter(number, segment);
        }
    }

    /// Enters the remaining keys.
    pub fn finish(&mut self) {
        (0..).zip(&mut self.segments).for_each(|(number, segment)| self.occurrences.enter(number, segment));
    }
}

/// SNILS and document of a record; 0 for an absent one.
#[inline]
fn numbers_of(identity: &Identity) -> [u64; 2] {
    [identity.snils.number(), u64::from(identity.document)]
}

/// SNILS and document of a person; 0 for a number that no record has. `None` in the rare case that records differ.
#[inline]
fn numbers_of_person(records: Records<'_>, of_person: &[RecordIndex]) -> Option<[u64; 2]> {
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

/// Repeated numbers with their records.
#[derive(Debug, Default)]
pub struct SharedNumbers {
    occurrences: Vec<NumberOccurrence>,
    /// Document numbers in their normal form and record ids, one behind another.
    texts: String,
}

/// A number on a record.
#[derive(Clone, Copy, Debug)]
struct NumberOccurrence {
    /// Kind of the document; [`InternedText::NONE`] for a SNILS.
    doc_kind: InternedText,
    /// The SNILS; none for a document.
    snils: Snils,
    person: PersonId,
    row_id: RowId,
    owner: RowOwner,
    /// Start of the document number, its end and the start of the record id, end of the record id.
    texts: [usize; 3],
}

/// A number of several persons on one record.
#[derive(Clone, Copy, Debug)]
pub struct SharedNumberFinding<'t> {
    /// Row of the record.
    pub row_id: RowId,
    /// Insurer or clinic that the record names.
    pub owner: RowOwner,
    /// The rule: a shared SNILS or a shared document.
    pub code: Code,
    /// Field of the number.
    pub field: Field,
    /// Record id that the sender gave.
    pub record_id: &'t str,
    /// Person of the record.
    pub person_id: PersonId,
}

impl SharedNumbers {
    /// Adds the repeated numbers of a person.
    #[inline]
    pub fn collect(
        &mut self,
        repeated_numbers: &RepeatedNumbers,
        records: Records<'_>,
        of_person: &[RecordIndex],
        person: PersonId,
    ) {
        let again = |numbers| {
            let [snils, document] = keys_of(numbers);
            let again = |key: Option<u64>| key.is_some_and(|key| repeated_numbers.0.contains(key));
            [again(snils), again(document)]
        };
        if numbers_of_person(records, of_person).is_none_or(|numbers| again(numbers) != [false; 2]) {
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
        person: PersonId,
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

    fn push(&mut self, records: Records<'_>, record: RecordIndex, person: PersonId, doc_kind: Option<InternedText>) {
        let from = self.texts.len();
        let identity = records.at(record);
        if doc_kind.is_some() {
            normalise_document_number(&records.text(record, TextKind::DocNumber), &mut self.texts);
            // A document number of zeros only means "none".
            if self.texts.as_bytes()[from..].iter().all(|&digit| digit == b'0') {
                self.texts.truncate(from);
                return;
            }
        }
        let id_from = self.texts.len();
        self.texts.push_str(&records.text(record, TextKind::RecordId));
        self.occurrences.push(NumberOccurrence {
            doc_kind: doc_kind.unwrap_or(InternedText::NONE),
            snils: if doc_kind.is_some() { Snils::NONE } else { identity.snils },
            person,
            row_id: identity.row_id,
            owner: records.owner(record),
            texts: [from, id_from, self.texts.len()],
        });
    }

    /// Adds other numbers.
    pub fn merge(&mut self, other: Self) {
        let before = self.texts.len();
        self.texts.push_str(&other.texts);
        let moved =
            |occurrences: NumberOccurrence| NumberOccurrence { texts: occurrences.texts.map(|at| at + before), ..occurrences };
        self.occurrences.extend(other.occurrences.into_iter().map(moved));
    }

    /// Calls `found` for each record with a number of several persons, in no particular order.
    pub fn for_each_shared(mut self, mut found: impl FnMut(SharedNumberFinding<'_>)) {
        let texts = &self.texts;
        let number = |occurrence: &NumberOccurrence| {
            (occurrence.doc_kind.id(), occurrence.snils, &texts[occurrence.texts[0]..occurrence.texts[1]])
        };
        self.occurrences.par_sort_unstable_by(|left, right| number(left).cmp(&number(right)));
        for of_number in self.occurrences.chunk_by(|left, right| number(left) == number(right)) {
            if of_number.iter().all(|occurrence| occurrence.person == of_number[0].person) {
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

    /// Shared numbers of register rows (numbered from 1) and of attachments. The result must not depend on the filter.
    fn shared_numbers(register: &[&str], attachments: &[&str]) -> String {
        let shared_numbers = [false, true].map(|full| shared_numbers_by(register, attachments, full));
        assert_eq!(shared_numbers[0], shared_numbers[1], "whatever else was seen");
        shared_numbers[0].clone()
    }

    /// [`shared_numbers`] by an empty filter, or by a full one in which every number counts as seen again.
    fn shared_numbers_by(register: &[&str], attachments: &[&str], full: bool) -> String {
        let mut rows = checked_rows::accepted(register, attachments);
        let persons = Linker::new(&rows.interned, LinkRules::default(), None)
            .link(&mut rows.partition, crate::identity::PartitionContext::default())
            .persons;
        let records = Records { partition: &rows.partition, interned: &rows.interned };
        let occurrences = NumberOccurrences::of_bytes(1 << 16);
        if full {
            occurrences.segments.iter().for_each(|segment| segment.lock().expect("a segment").words.fill(u64::MAX));
        }
        let mut recorder = OccurrenceRecorder::new(&occurrences);
        persons.iter().for_each(|(_, of_person)| recorder.enter(records, of_person));
        recorder.finish();
        let repeated_numbers = occurrences.repeated_numbers();
        let mut parts = [SharedNumbers::default(), SharedNumbers::default()];
        // Ids of persons may be equal in one partition; indexes are not.
        for person in 0..persons.len() {
            parts[person % 2].collect(
                &repeated_numbers,
                records,
                persons.records_of(person),
                PersonId::from_stored(person as i64),
            );
        }
        let [mut all, other] = parts;
        all.merge(other);
        let mut shown = Vec::new();
        all.for_each_shared(|found| {
            let record = rows.partition.find(found.row_id).expect("a row");
            assert_eq!(found.record_id, &*records.text(record, TextKind::RecordId));
            shown.push(format!("{}:{}", row_name(records, record), found.field.name()));
        });
        shown.sort_unstable();
        shown.join(" ")
    }

    /// Shared numbers of rows that no rule makes one person.
    fn pair(first: &str, second: &str) -> String {
        let rows = [
            format!("record_id=A, policy_number=1, given_name=Пётр, {first}"),
            format!("record_id=B, policy_number=2, {second}"),
        ];
        shared_numbers(&[&rows[0], &rows[1]], &[])
    }

    #[test]
    fn a_snils_of_two_persons_is_a_finding_on_both() {
        assert_eq!(pair("snils=12345678964", "snils=123-456-789 64, birth_date=1981-06-06"), "1:snils 2:snils");
        assert_eq!(pair("snils=12345678964", "snils=00100199965"), "");
        assert_eq!(pair("snils=12345678965", "snils=12345678965"), "", "a wrong one is none");
        assert_eq!(pair("snils=00000000000", "snils=00000000000"), "");
    }

    #[test]
    fn a_document_of_two_persons_is_a_finding_on_both() {
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
        assert_eq!(shared_numbers(&[row, "policy_number=2, snils=12345678964, doc_kind=14, doc_number=7"], &[row]), "");
    }

    #[test]
    fn every_record_with_the_number_has_a_finding() {
        let row = "policy_number=1, snils=12345678964";
        let others = ["policy_number=1, snils=", "policy_number=3, given_name=Пётр, snils=12345678964"];
        assert_eq!(shared_numbers(&[row, others[0], others[1]], &[row]), "1:snils 3:snils a1:snils");
    }

    #[test]
    fn a_key_is_seen_again_in_any_order_and_by_any_number_of_threads() {
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
            recorder.segments[0] = keys;
            recorder.finish();
        }
        let mut recorder = OccurrenceRecorder::new(&occurrences);
        // All keys are of the first segment; the last key waits for others.
        (0..=BATCH as u64).for_each(|number| recorder.push(number << 20 | 1));
        assert_eq!(recorder.segments[0].len(), 1);
        let again = occurrences.repeated_numbers();
        assert!([7_u64, 9].iter().all(|key| again.0.contains(key << 50)) && !again.0.contains(11 << 50));
    }
}
