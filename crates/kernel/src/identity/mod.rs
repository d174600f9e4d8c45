//! Records to persons: which records are one person, and the number that the person bears.
//!
//! The records of one partition stand in one line here, the register before the attachments, each table in the order of positions. Persons are
//! made in two steps (SEM-266, SEM-267): equal keys first (`links`), then shared pairs of ENP and birth date that nothing contradicts
//! (`shared_enp`). What may concern records of other partitions is left out (`cross_partition`), to be linked all together. This stage knows nothing of
//! insurers, clinics or dates of stays.

mod agreement;
mod cross_partition;
mod documents;
mod groups;
mod key_table;
mod links;
mod number_occurrences;
mod override_selectors;
mod path;
mod person_id;
mod persons;
mod resolved_overrides;
mod shared_enp;
#[cfg(test)]
mod tests;

pub use links::{LinkCounts, LinkRules};
pub use number_occurrences::{NumberOccurrences, OccurrenceRecorder, RepeatedNumbers, SharedNumberFinding, SharedNumbers};
pub use override_selectors::OverrideSelectors;
pub use path::{LinkPaths, PathLink};
pub use persons::{EqualNumber, PackedPersons, PersonBlock, settle_equal_numbers};
pub use resolved_overrides::{ResolvedEntry, ResolvedOverrides};

use crate::shuffle::{Partition, RowText};
use cross_partition::CrossPartitionGroups;
use groups::Groups;
use key_table::KeyTable;
use links::Shared;
use persons::Numbering;
use resolved_overrides::Named;
use sverka_model::{
    AttachmentRecord, Code, Identity, InternedText, InternedTexts, Record as _, RegisterRecord, RowId, RowOwner, RowState,
    SparseAttribute, TextKind,
};

/// A record of either table by its place in the line of a partition's records.
pub type RecordIndex = u32;

/// The records that persons are made of.
#[derive(Clone, Copy)]
pub struct Records<'t> {
    /// The rows.
    pub partition: &'t Partition,
    /// Texts of their words.
    pub interned: &'t InternedTexts,
}

/// A record is of the register or of the attachments.
#[derive(Clone, Copy)]
pub enum AnyRecord<'t> {
    /// Of the register.
    Register(&'t RegisterRecord),
    /// Of the attachments.
    Attachment(&'t AttachmentRecord),
}

impl<'t> Records<'t> {
    /// How many there are, duplicates included.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.partition.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A record.
    #[must_use]
    #[inline]
    pub fn get(&self, index: RecordIndex) -> AnyRecord<'t> {
        let register = &self.partition.register;
        match (index as usize).checked_sub(register.len()) {
            None => AnyRecord::Register(&register[index as usize]),
            Some(row) => AnyRecord::Attachment(&self.partition.attachments[row]),
        }
    }

    /// Whose a record is.
    #[must_use]
    pub fn owner(&self, index: RecordIndex) -> RowOwner {
        match self.get(index) {
            AnyRecord::Register(record) => record.owner(),
            AnyRecord::Attachment(record) => record.owner(),
        }
    }

    /// Who a record is about.
    #[must_use]
    #[inline]
    pub fn at(&self, index: RecordIndex) -> &'t Identity {
        match self.get(index) {
            AnyRecord::Register(record) => &record.identity,
            AnyRecord::Attachment(record) => &record.identity,
        }
    }

    /// The records that are no duplicates, in their order, and who they are about.
    pub fn accepted(self) -> impl Iterator<Item = (RecordIndex, &'t Identity)> {
        let register = self.partition.register.iter().map(|record| &record.identity);
        let attachments = self.partition.attachments.iter().map(|record| &record.identity);
        (0..).zip(register.chain(attachments)).filter(|(_, identity)| identity.state == RowState::ACCEPTED)
    }

    /// A text of a record.
    #[must_use]
    #[inline]
    pub fn text(&self, index: RecordIndex, kind: TextKind) -> RowText<'t> {
        self.partition.text(index, kind)
    }

    /// Where a record stands.
    #[must_use]
    #[inline]
    pub fn row_id(&self, index: RecordIndex) -> RowId {
        self.at(index).row_id
    }

    /// What a record's row tells besides the record, by kind.
    #[must_use]
    #[inline]
    pub fn attributes(&self, index: RecordIndex) -> &'t [SparseAttribute] {
        if self.partition.has_attributes() { self.partition.attributes_at(self.row_id(index)) } else { &[] }
    }

    /// The content hash of a record, different for equal fields in different tables.
    fn content(&self, index: RecordIndex) -> (u8, u64) {
        let of_attachments = index as usize >= self.partition.register.len();
        (u8::from(of_attachments), self.at(index).fingerprint)
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct NameIds {
    surname: u32,
    given_name: u32,
    patronymic: u32,
}

/// Reads names for comparison; a patronymic that says "none" is empty.
#[derive(Clone, Copy)]
struct Names<'t> {
    interned: &'t InternedTexts,
    no_patronymic: [Option<InternedText>; 2],
}

impl<'t> Names<'t> {
    fn new(interned: &'t InternedTexts) -> Self {
        Self { interned, no_patronymic: ["НЕТ", "-"].map(|text| interned.find(text)) }
    }

    #[inline]
    fn of(&self, identity: &Identity) -> NameIds {
        let patronymic = self.interned.normal_form(identity.patronymic);
        let none = self.no_patronymic.contains(&Some(patronymic));
        NameIds {
            surname: self.interned.normal_form(identity.surname).id(),
            given_name: self.given_name(identity),
            patronymic: if none { InternedText::NONE.id() } else { patronymic.id() },
        }
    }

    /// All names, unless surname or given name is missing.
    #[inline]
    fn full(&self, identity: &Identity) -> Option<NameIds> {
        (identity.surname != InternedText::NONE && identity.given_name != InternedText::NONE).then(|| self.of(identity))
    }

    #[inline]
    fn given_name(&self, identity: &Identity) -> u32 {
        self.interned.normal_form(identity.given_name).id()
    }

    /// Hash of the given name in the form for comparison.
    #[inline]
    fn given_name_hash(&self, identity: &Identity) -> u64 {
        self.interned.hash(self.interned.normal_form(identity.given_name))
    }

    fn given_name_text(&self, identity: &Identity) -> &'t str {
        self.interned.text(self.interned.normal_form(identity.given_name))
    }
}

/// A row that repeats an earlier one of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duplicate {
    /// Where the later row stands.
    pub row_id: RowId,
    /// Where the row stands that stays.
    pub kept: RowId,
    /// Whose both are.
    pub owner: RowOwner,
}

/// What the records of a partition make.
#[derive(Default)]
pub struct Linked {
    /// Persons in the order of their numbers. Numbers may be equal; [`settle_equal_numbers`] tells them apart.
    pub persons: PersonBlock,
    /// Findings about persons and about records among others, in the order of records.
    pub findings: Vec<RecordFinding>,
    /// Repeated rows of the register.
    pub register_duplicates: Vec<Duplicate>,
    /// Repeated rows of the attachments.
    pub attachment_duplicates: Vec<Duplicate>,
    /// How often each rule linked records.
    pub links: LinkCounts,
    /// Records that are to be linked together with those of other partitions.
    pub cross_partition: Vec<RecordIndex>,
}

/// Makes persons of the records of one partition after another, reusing its buffers.
pub struct Linker<'w> {
    names: Names<'w>,
    selectors: Option<&'w OverrideSelectors<'w>>,
    table: KeyTable,
    groups: Groups,
    numbering: Numbering,
    rules: LinkRules,
}

impl<'w> Linker<'w> {
    /// For records with these words, by these rules; `selectors` are the records that people decided about.
    #[must_use]
    pub fn new(interned: &'w InternedTexts, rules: LinkRules, selectors: Option<&'w OverrideSelectors<'w>>) -> Self {
        Self {
            rules,
            names: Names::new(interned),
            selectors,
            table: KeyTable::default(),
            groups: Groups::default(),
            numbering: Numbering::default(),
        }
    }

    /// Marks the duplicates of a partition and makes persons of the other records. Where partitions are parts of a whole, `cross_partition_enps` are the
    /// ENPs, ascending, that records of other birth dates bear and that code a date of this one.
    pub fn link(&mut self, partition: &mut Partition, cross_partition_enps: Option<&[u64]>) -> Linked {
        self.link_and_decide(partition, cross_partition_enps, None, &mut |_, _| ()).0
    }

    /// As [`Self::link`]; the numbers of the persons are entered with `recorder` while their records are at hand.
    pub fn link_recording(
        &mut self,
        partition: &mut Partition,
        cross_partition_enps: Option<&[u64]>,
        recorder: &mut OccurrenceRecorder<'_>,
    ) -> Linked {
        self.link_and_decide(partition, cross_partition_enps, None, &mut |records, of_person| recorder.enter(records, of_person))
            .0
    }

    /// As [`Self::link`], for the records of all partitions that are to be linked together, among them all that people decided about: the decisions
    /// come into force here.
    pub fn link_cross_partition(
        &mut self,
        partition: &mut Partition,
        recorder: &mut OccurrenceRecorder<'_>,
    ) -> (Linked, ResolvedOverrides) {
        self.link_and_decide(partition, None, self.selectors, &mut |records, of_person| recorder.enter(records, of_person))
    }

    fn link_and_decide(
        &mut self,
        partition: &mut Partition,
        cross_partition_enps: Option<&[u64]>,
        deciding: Option<&OverrideSelectors<'_>>,
        made: &mut dyn FnMut(Records<'_>, &[RecordIndex]),
    ) -> (Linked, ResolvedOverrides) {
        let register_duplicates = self.mark_duplicates(&mut partition.register);
        let attachment_duplicates = self.mark_duplicates(&mut partition.attachments);
        let Self { names, selectors, table, groups, numbering, rules } = self;
        let (names, records) = (*names, Records { partition, interned: names.interned });
        let mut linked = Linked { register_duplicates, attachment_duplicates, ..Linked::default() };
        groups.reset(records.len());
        let Shared { numbers: mut shared, documents } =
            links::unite_equal(records, names, *rules, groups, table, &mut linked.links);
        let cross_partition = cross_partition_enps.map_or_else(CrossPartitionGroups::default, |cross_partition_enps| {
            CrossPartitionGroups::find(records, groups, &shared, &documents, cross_partition_enps, *selectors)
        });
        let left = |group| cross_partition.contains(group);
        let mut contradicted = match rules.applies(Code::L6) {
            true => shared_enp::join_uncontradicted(records, names, groups, &shared, left, &mut linked.links),
            false => shared_enp::Contradicted::default(),
        };
        let named = deciding.map(|selectors| {
            let mut named = Named::find(records, selectors);
            let divided = contradicted.divided(groups);
            let enps = named.decide(records, (names, *rules), selectors, groups, &mut linked.links);
            contradicted.settle(&divided, groups);
            links::add_shared(records, &mut shared, &enps);
            (named, selectors)
        });
        let mut findings = shared_enp::findings(groups, &shared, &contradicted, left);
        findings.extend(documents::findings(records, names, *rules, groups, &documents, left));
        linked.persons =
            numbering.number(records, names, groups, (&cross_partition, &mut linked.cross_partition), &mut findings, made);
        findings.sort_unstable();
        findings.dedup();
        linked.findings = findings;
        let decided = named.map(|(named, selectors)| named.resolve(records, selectors, &linked.persons));
        (linked, decided.unwrap_or_default())
    }

    fn mark_duplicates<R: sverka_model::Record>(&mut self, rows: &mut [R]) -> Vec<Duplicate> {
        self.table.reset(rows.len());
        let mut found = Vec::new();
        for row in 0..rows.len() {
            let identity = *rows[row].identity();
            let equal = |other: u32| {
                let other = rows[other as usize].identity();
                Identity { row_id: identity.row_id, state: identity.state, ..*other } == identity
            };
            if let Some(kept) = self.table.first_or_insert(identity.fingerprint, row as u32, equal) {
                let kept = rows[kept as usize].identity().row_id;
                found.push(Duplicate { row_id: identity.row_id, kept, owner: rows[row].owner() });
                rows[row].identity_mut().state = RowState::DUPLICATE;
            }
        }
        found
    }
}
