//! Records to persons: which records are one person, and the number that the person bears.
//!
//! Records of both tables stand in one line here, the register before the attachments, each at its position. Persons are made in the two steps
//! of the contract: equal keys first (`links`), then shared pairs of ENP and birth date that nothing contradicts (`shared_enp`). This stage
//! knows nothing of insurers, clinics or dates of stays.

mod groups;
mod links;
mod person_id;
mod persons;
mod shared_enp;
#[cfg(test)]
mod tests;

pub use links::LinkCounts;
pub use persons::{PersonBlock, Persons, WARM_PERSONS};

use crate::check::{AttachmentRecord, Identity, Record, RegisterRecord, RowState, Table};
use crate::intake::{TextKind, Word, Words};
use crate::rules::Code;

/// A record of either table by its place in the line of all records.
pub type RecordIndex = u32;

/// The records that persons are made of.
#[derive(Clone, Copy)]
pub struct Records<'t> {
    /// The register.
    pub register: &'t Table<RegisterRecord>,
    /// The attachments, which come after the register.
    pub attachments: &'t Table<AttachmentRecord>,
    /// Texts of the words of both.
    pub words: &'t Words,
}

/// A record is of the register or of the attachments.
#[derive(Clone, Copy)]
pub enum AnyRecord<'t> {
    /// Row and record of the register.
    Register(u32, &'t RegisterRecord),
    /// Row and record of the attachments.
    Attachment(u32, &'t AttachmentRecord),
}

impl<'t> Records<'t> {
    /// How many places there are, those of lines without an accepted record included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.register.records.len() + self.attachments.records.len()
    }

    /// Whether there is no place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record at a place.
    #[must_use]
    #[inline]
    pub fn get(&self, index: RecordIndex) -> AnyRecord<'t> {
        let register_rows = self.register.records.len() as u32;
        match index.checked_sub(register_rows) {
            None => AnyRecord::Register(index, &self.register.records[index as usize]),
            Some(row) => AnyRecord::Attachment(row, &self.attachments.records[row as usize]),
        }
    }

    /// Who the record at a place is about, if an accepted record stands there.
    #[must_use]
    #[inline]
    pub fn identity(&self, index: RecordIndex) -> Option<&'t Identity> {
        let identity = match self.get(index) {
            AnyRecord::Register(_, record) => record.identity(),
            AnyRecord::Attachment(_, record) => record.identity(),
        };
        (identity.state == RowState::ACCEPTED).then_some(identity)
    }

    /// A text of the record at a place.
    #[must_use]
    pub fn text(&self, index: RecordIndex, kind: TextKind) -> &'t str {
        match self.get(index) {
            AnyRecord::Register(row, _) => self.register.texts.get(row, kind),
            AnyRecord::Attachment(row, _) => self.attachments.texts.get(row, kind),
        }
    }

    /// Brings records and their texts into the cache. The memory accesses of several persons' records overlap here, while in the careful code
    /// that follows each would wait for the one before.
    pub fn warm(&self, indices: &[RecordIndex]) {
        let mut touched = 0_u64;
        for &index in indices {
            touched ^= match self.get(index) {
                AnyRecord::Register(_, record) => record.identity.enp ^ u64::from(record.reason),
                AnyRecord::Attachment(_, record) => record.identity.enp ^ u64::from(record.method),
            };
        }
        let texts = |index: RecordIndex| match self.get(index) {
            AnyRecord::Register(row, _) => self.register.texts.whereabouts(row),
            AnyRecord::Attachment(row, _) => self.attachments.texts.whereabouts(row),
        };
        for &index in indices {
            touched ^= texts(index).map_or(0, |(_, end)| u64::from(end));
        }
        for &index in indices {
            touched ^=
                texts(index).map_or(0, |(bytes, end)| bytes.as_bytes().get(end as usize).map_or(0, |&byte| u64::from(byte)));
        }
        std::hint::black_box(touched);
    }

    /// The content hash of the record at a place, different for equal fields in different tables.
    fn fingerprint(&self, index: RecordIndex) -> (u8, u64) {
        match self.get(index) {
            AnyRecord::Register(row, _) => (0, self.register.fingerprints[row as usize]),
            AnyRecord::Attachment(row, _) => (1, self.attachments.fingerprints[row as usize]),
        }
    }
}

/// A finding about a record or, on its first record, about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordFinding {
    /// The record.
    pub record: RecordIndex,
    /// What was found.
    pub code: Code,
}

/// The names of a record in the form for comparison.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct NameIds {
    surname: u32,
    given_name: u32,
    patronymic: u32,
}

/// Reads names for comparison; a patronymic that says "none" is empty.
#[derive(Clone, Copy)]
struct Names<'t> {
    words: &'t Words,
    no_patronymic: [Option<Word>; 3],
}

impl<'t> Names<'t> {
    fn new(words: &'t Words) -> Self {
        Self { words, no_patronymic: ["НЕТ", "-", "---"].map(|text| words.find(text)) }
    }

    #[inline]
    fn of(&self, identity: &Identity) -> NameIds {
        let patronymic = self.words.normalised(identity.patronymic);
        let none = self.no_patronymic.contains(&Some(patronymic));
        NameIds {
            surname: self.words.normalised(identity.surname).id(),
            given_name: self.given_name(identity),
            patronymic: if none { Word::NONE.id() } else { patronymic.id() },
        }
    }

    #[inline]
    fn given_name(&self, identity: &Identity) -> u32 {
        self.words.normalised(identity.given_name).id()
    }

    fn given_name_text(&self, identity: &Identity) -> &'t str {
        self.words.text(self.words.normalised(identity.given_name))
    }
}

/// Makes persons of records.
#[must_use]
pub fn resolve(records: Records<'_>, advance: &(dyn Fn(u64) + Sync)) -> Persons {
    let names = Names::new(records.words);
    let groups = groups::Groups::new(records.len());
    let (mut counts, shared_numbers) = links::unite_equal(records, names, &groups);
    advance(1);
    let contested = shared_enp::join_uncontradicted(records, names, &groups, &shared_numbers, &mut counts);
    advance(1);
    let mut persons = persons::number(records, names, &groups, counts);
    advance(1);
    persons.findings.extend(shared_enp::findings(&groups, &contested));
    persons.findings.sort_unstable();
    persons.findings.dedup();
    persons
}
