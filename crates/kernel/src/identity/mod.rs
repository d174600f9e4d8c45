//! Records to persons: the grouping of records into persons, and the id of each person.
//!
//! The index of a record counts the register of its partition first and then the attachments, each table in the order
//! of row ids. Persons are made in two steps (SEM-266, SEM-267): records with equal keys first (`links`, rules L1 to
//! L5), then groups that share an ENP and the birth date it codes, unless something contradicts (`shared_enp`, rule
//! L6). Groups that may meet records of other partitions are left out (`cross_partition`) and linked together.
//! Insurers, clinics and dates of stays are not known here.

mod agreement;
mod claims;
mod continued;
mod cross_partition;
mod documents;
mod former_ids;
mod groups;
mod key_table;
mod links;
mod number_occurrences;
mod override_selectors;
mod path;
mod person_id;
mod persons;
mod record_identities;
mod resolved_overrides;
mod shared_enp;
#[cfg(test)]
mod tests;

pub use continued::{CrossPartitionIds, CrossPartitionPersons, IdEvent, IdRows, KnownIds, PartitionPersons, PersonEvent};
pub use former_ids::{FormerIds, IdState, IdentityRow};
pub use links::{LinkCounts, LinkRules};
pub use number_occurrences::{NumberOccurrences, OccurrenceRecorder, RepeatedNumbers, SharedNumberFinding, SharedNumbers};
pub use override_selectors::OverrideSelectors;
pub use path::{LinkPaths, PathLink};
pub use persons::{EqualId, PackedPersons, PersonBlock, settle_equal_ids};
pub use record_identities::{PersonIdentities, RecordIdentity};
pub use resolved_overrides::{ResolvedEntry, ResolvedOverrides};

use crate::shuffle::{Partition, RowText};
use cross_partition::{CrossPartitionGroups, FormerClaims, Meeting};
use groups::Groups;
use key_table::KeyTable;
use links::Shared;
use persons::{Numbering, PersonOutput};
use record_identities::IdentityMaker;
use resolved_overrides::{Comparison, NamedRecords};
use sverka_model::{
    AttachmentRecord, Code, Enp, Identity, InternedText, InternedTexts, Record as _, RegisterRecord, RowHash, RowId, RowOwner,
    RowState, SparseAttribute, TextKind,
};

/// Index of a record among the records of a partition: the register first, then the attachments.
pub type RecordIndex = u32;

/// Records of a partition, and the interned texts that they name.
#[derive(Clone, Copy)]
pub struct Records<'t> {
    /// The partition.
    pub partition: &'t Partition,
    /// The interned texts.
    pub interned: &'t InternedTexts,
}

/// A record of either table.
#[derive(Clone, Copy)]
pub enum AnyRecord<'t> {
    /// A record of the register.
    Register(&'t RegisterRecord),
    /// A record of the attachments.
    Attachment(&'t AttachmentRecord),
}

impl<'t> Records<'t> {
    /// Number of records, duplicates included.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.partition.len()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record at an index.
    #[must_use]
    #[inline]
    pub fn get(&self, index: RecordIndex) -> AnyRecord<'t> {
        let register = &self.partition.register;
        match (index as usize).checked_sub(register.len()) {
            None => AnyRecord::Register(&register[index as usize]),
            Some(row) => AnyRecord::Attachment(&self.partition.attachments[row]),
        }
    }

    /// Insurer or clinic that a record names.
    #[must_use]
    pub fn owner(&self, index: RecordIndex) -> RowOwner {
        match self.get(index) {
            AnyRecord::Register(record) => record.owner(),
            AnyRecord::Attachment(record) => record.owner(),
        }
    }

    /// Identity of a record.
    #[must_use]
    #[inline]
    pub fn at(&self, index: RecordIndex) -> &'t Identity {
        match self.get(index) {
            AnyRecord::Register(record) => &record.identity,
            AnyRecord::Attachment(record) => &record.identity,
        }
    }

    /// Records that are no duplicates, in their order, with their identities.
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

    /// Row id of a record.
    #[must_use]
    #[inline]
    pub fn row_id(&self, index: RecordIndex) -> RowId {
        self.at(index).row_id
    }

    /// Sparse attributes of a record, by kind.
    #[must_use]
    #[inline]
    pub fn attributes(&self, index: RecordIndex) -> &'t [SparseAttribute] {
        if self.partition.has_attributes() { self.partition.attributes_at(self.row_id(index)) } else { &[] }
    }

    /// Table and content hash of a record: different for equal fields in different tables.
    fn content(&self, index: RecordIndex) -> (u8, u64) {
        let of_attachments = index as usize >= self.partition.register.len();
        (u8::from(of_attachments), self.at(index).fingerprint)
    }
}

/// A finding about a record, or about a person on its first record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordFinding {
    /// The record.
    pub record: RecordIndex,
    /// The rule.
    pub code: Code,
}

/// Names of a record in their normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct NameIds {
    surname: u32,
    given_name: u32,
    patronymic: u32,
}

/// Names of records in their normal form. A patronymic that says "none" is empty.
#[derive(Clone, Copy)]
struct Names<'t> {
    interned: &'t InternedTexts,
    no_patronymic: [Option<InternedText>; 2],
}

impl<'t> Names<'t> {
    fn new(interned: &'t InternedTexts) -> Self {
        Self { interned, no_patronymic: ["НЕТ", "-"].map(|text| interned.find(text)) }
    }

    /// All names.
    #[inline]
    fn all(&self, identity: &Identity) -> NameIds {
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
        (identity.surname != InternedText::NONE && identity.given_name != InternedText::NONE).then(|| self.all(identity))
    }

    #[inline]
    fn given_name(&self, identity: &Identity) -> u32 {
        self.interned.normal_form(identity.given_name).id()
    }

    /// Hash of all names.
    #[inline]
    fn hash_of_all(&self, identity: &Identity) -> u64 {
        let patronymic = self.interned.normal_form(identity.patronymic);
        let none = self.no_patronymic.contains(&Some(patronymic));
        let surname = self.interned.hash(self.interned.normal_form(identity.surname));
        let patronymic = self.interned.hash(if none { InternedText::NONE } else { patronymic });
        RowHash::default().with(surname, self.given_name_hash(identity)).with(patronymic, 0).finish()
    }

    /// Hash of the given name in its normal form.
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
    /// The later row.
    pub row_id: RowId,
    /// The earlier row, which stays.
    pub kept: RowId,
    /// Insurer or clinic that both rows name.
    pub owner: RowOwner,
}

/// Persons and findings of a partition.
#[derive(Default)]
pub struct Linked {
    /// Persons in the order of their ids. Ids may be equal; [`settle_equal_ids`] tells them apart.
    pub persons: PersonBlock,
    /// Findings about persons and links, in the order of records.
    pub findings: Vec<RecordFinding>,
    /// Repeated rows of the register.
    pub register_duplicates: Vec<Duplicate>,
    /// Repeated rows of the attachments.
    pub attachment_duplicates: Vec<Duplicate>,
    /// Number of links of each rule.
    pub links: LinkCounts,
    /// Records to link together with records of other partitions.
    pub cross_partition: Vec<RecordIndex>,
}

/// Facts about other partitions and the former run that decide how a partition is linked.
#[derive(Clone, Copy, Default)]
pub struct PartitionContext<'p> {
    /// ENPs (ascending) of cross-partition records that code a birth date of the partition; `None` when there is only one partition.
    pub cross_partition_enps: Option<&'p [Enp]>,
    /// Ids of the former run in the partition, if they are continued.
    pub former: Option<&'p FormerIds>,
}

/// Makes persons of one partition after another, and reuses its buffers.
pub struct Linker<'w> {
    names: Names<'w>,
    selectors: Option<&'w OverrideSelectors<'w>>,
    table: KeyTable,
    groups: Groups,
    numbering: Numbering,
    rules: LinkRules,
}

impl<'w> Linker<'w> {
    /// A linker for records with these interned texts. `selectors` find the records that decisions of people name.
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

    /// Marks the duplicates of a partition and makes persons of the other records.
    pub fn link(&mut self, partition: &mut Partition, context: PartitionContext<'_>) -> Linked {
        self.link_and_decide(partition, context, None, &mut |_, _| ()).0
    }

    /// The same as [`Self::link`]. Records the SNILS and document numbers of the persons while their records are in the
    /// cache.
    pub fn link_recording(
        &mut self,
        partition: &mut Partition,
        context: PartitionContext<'_>,
        recorder: &mut OccurrenceRecorder<'_>,
    ) -> Linked {
        self.link_and_decide(partition, context, None, &mut |records, of_person| recorder.enter(records, of_person)).0
    }

    /// The same as [`Self::link`], for the cross-partition records of all partitions. They contain all records that
    /// decisions of people name; the decisions are applied here.
    pub fn link_cross_partition(
        &mut self,
        partition: &mut Partition,
        recorder: &mut OccurrenceRecorder<'_>,
    ) -> (Linked, ResolvedOverrides) {
        self.link_and_decide(partition, PartitionContext::default(), self.selectors, &mut |records, of_person| {
            recorder.enter(records, of_person)
        })
    }

    fn link_and_decide(
        &mut self,
        partition: &mut Partition,
        PartitionContext { cross_partition_enps, former }: PartitionContext<'_>,
        deciding: Option<&OverrideSelectors<'_>>,
        made: &mut dyn FnMut(Records<'_>, &[RecordIndex]),
    ) -> (Linked, ResolvedOverrides) {
        let register_duplicates = self.mark_duplicates(&mut partition.register);
        let attachment_duplicates = self.mark_duplicates(&mut partition.attachments);
        let Self { names, selectors, table, groups, numbering, rules } = self;
        let (names, records) = (*names, Records { partition, interned: names.interned });
        let mut linked = Linked { register_duplicates, attachment_duplicates, ..Linked::default() };
        groups.reset(records.len());
        let Shared { enps: mut shared, documents } = links::unite_equal(records, names, *rules, groups, table, &mut linked.links);
        let claims = former.map(|former| FormerClaims::new(records, IdentityMaker::new(names, *rules), former));
        let cross_partition = cross_partition_enps.map_or_else(CrossPartitionGroups::default, |cross_partition_enps| {
            let claims = claims.as_ref();
            let meeting = Meeting { shared: &shared, documents: &documents, cross_partition_enps, selectors: *selectors, claims };
            CrossPartitionGroups::find(records, groups, meeting)
        });
        let is_left_out = |group| cross_partition.contains(group);
        let mut contradicted = match rules.applies(Code::L6) {
            true => shared_enp::join_uncontradicted(records, names, groups, &shared, is_left_out, &mut linked.links),
            false => shared_enp::Contradicted::default(),
        };
        let named = deciding.map(|selectors| {
            let mut named = NamedRecords::find(records, selectors);
            let divided = contradicted.divided(groups);
            let enps = named.decide(Comparison { records, names, rules: *rules }, selectors, groups, &mut linked.links);
            contradicted.settle(&divided, groups);
            links::add_shared(records, &mut shared, &enps);
            (named, selectors)
        });
        let mut findings = shared_enp::findings(groups, &shared, &contradicted, is_left_out);
        findings.extend(documents::findings(records, names, *rules, groups, &documents, is_left_out));
        linked.persons = {
            let output = PersonOutput { left_out: &mut linked.cross_partition, findings: &mut findings, made };
            numbering.number(records, names, groups, &cross_partition, output)
        };
        if let Some(claims) = &claims {
            continued::continue_partition(records, IdentityMaker::new(names, *rules), claims, &mut linked.persons);
        }
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
                // All fields but row id and state are compared.
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
