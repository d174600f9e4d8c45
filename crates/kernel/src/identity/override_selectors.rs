//! Selectors of the overrides: the conditions on records that an entry names. They are tested for every record. So the
//! selectors are indexed by the numbers that they contain, and the other conditions are tested only for the selectors
//! that an index finds.

use super::Records;
use super::links::normal_number;
use sverka_model::{Enp, Identity, Snils, SourceLine};
use sverka_model::{InternedTexts, RowIds, TextKind};
use sverka_settings::{NumberSelector, Overrides, RowName, RowSelector, Selector};

/// Selectors of the entries in force, with their indexes.
pub struct OverrideSelectors<'r> {
    overrides: &'r Overrides,
    interned: &'r InternedTexts,
    row_ids: &'r RowIds,
    /// All selectors.
    selectors: Vec<IndexedSelector<'r>>,
    by_enp: Index<Enp>,
    by_snils: Index<Snils>,
    by_policy: Index<u32>,
    by_document: Index<u32>,
    by_source: Index<usize>,
}

/// A selector with its entry and side.
struct IndexedSelector<'r> {
    entry: u32,
    side: u8,
    selector: &'r Selector,
    /// Index of the named source among those of the job.
    source: Option<usize>,
}

/// Indexes of selectors by a number that they contain, ascending.
struct Index<K>(Vec<(K, u32)>);

impl<K: Ord + Copy> Index<K> {
    fn new(selectors: &[IndexedSelector<'_>], key: impl Fn(&IndexedSelector<'_>) -> Option<K>) -> Self {
        let mut index: Vec<(K, u32)> =
            (0..).zip(selectors).filter_map(|(number, indexed)| Some((key(indexed)?, number))).collect();
        index.sort_unstable();
        Self(index)
    }

    fn get(&self, key: K) -> impl Iterator<Item = u32> + '_ {
        let from = self.0.partition_point(|&(other, _)| other < key);
        self.0[from..].iter().take_while(move |&&(other, _)| other == key).map(|&(_, number)| number)
    }
}

impl<'r> OverrideSelectors<'r> {
    /// Selectors of the overrides; `None` when no entry names persons. `sources` are the names of the sources of the job, in their order.
    #[must_use]
    pub fn new(overrides: &'r Overrides, sources: &[&str], interned: &'r InternedTexts, row_ids: &'r RowIds) -> Option<Self> {
        let mut selectors = Vec::new();
        for (entry, of_entry) in overrides.in_force() {
            for (side, of_side) in (0..).zip(of_entry.ruling.sides()) {
                for selector in of_side {
                    let named = selector.row.as_ref().map(|row| sources.iter().position(|source| *source == row.source));
                    // A source that the job does not have has no records.
                    if named != Some(None) {
                        selectors.push(IndexedSelector { entry: entry as u32, side, selector, source: named.flatten() });
                    }
                }
            }
        }
        let any = overrides.in_force().any(|(_, entry)| !entry.ruling.sides()[0].is_empty());
        // Each selector is in one index: the index of the first number that it contains.
        let by_enp = Index::new(&selectors, |indexed| indexed.selector.enp);
        let rest = |indexed: &IndexedSelector<'_>| indexed.selector.enp.is_none();
        let by_snils = Index::new(&selectors, |indexed| indexed.selector.snils.filter(|_| rest(indexed)));
        let rest = |indexed: &IndexedSelector<'_>| rest(indexed) && indexed.selector.snils.is_none();
        let by_policy =
            Index::new(&selectors, |indexed| indexed.selector.policy.as_ref().map(|policy| policy.key).filter(|_| rest(indexed)));
        let rest = |indexed: &IndexedSelector<'_>| rest(indexed) && indexed.selector.policy.is_none();
        let by_document = Index::new(&selectors, |indexed| {
            indexed.selector.document.as_ref().map(|document| document.key).filter(|_| rest(indexed))
        });
        let rest = |indexed: &IndexedSelector<'_>| rest(indexed) && indexed.selector.document.is_none();
        let by_source = Index::new(&selectors, |indexed| indexed.source.filter(|_| rest(indexed)));
        any.then_some(Self { overrides, interned, row_ids, selectors, by_enp, by_snils, by_policy, by_document, by_source })
    }

    /// The overrides.
    pub(super) fn overrides(&self) -> &'r Overrides {
        self.overrides
    }

    /// Whether an entry names the record.
    pub(super) fn touches(&self, records: Records<'_>, record: u32, identity: &Identity) -> bool {
        self.naming(records, record, identity).next().is_some()
    }

    /// Entries and sides that name the record. An entry with several matching selectors comes several times.
    pub(super) fn naming(&self, records: Records<'_>, record: u32, identity: &Identity) -> impl Iterator<Item = (u32, u8)> {
        let of_enp = self.by_enp.get(identity.enp);
        let of_snils = self.by_snils.get(identity.snils);
        let of_policy = self.by_policy.get(identity.policy);
        let of_document = self.by_document.get(identity.document);
        let source = if self.by_source.0.is_empty() { usize::MAX } else { self.row_ids.source(identity.row_id) };
        let candidates = of_enp.chain(of_snils).chain(of_policy).chain(of_document).chain(self.by_source.get(source));
        let found = candidates.map(|number| &self.selectors[number as usize]);
        let interned = self.interned;
        found
            .filter(move |indexed| self.meets(indexed, records, record, identity, interned))
            .map(|indexed| (indexed.entry, indexed.side))
    }

    fn meets(
        &self,
        indexed: &IndexedSelector<'_>,
        records: Records<'_>,
        record: u32,
        identity: &Identity,
        interned: &InternedTexts,
    ) -> bool {
        let Selector { enp, snils, policy, document, given_name, birth_date, row } = indexed.selector;
        let number = |number: &NumberSelector, key: u32, kind: TextKind| {
            number.key == key && normal_number(records, record, kind) == number.normalised
        };
        enp.is_none_or(|enp| enp == identity.enp)
            && snils.is_none_or(|snils| snils == identity.snils)
            && birth_date.is_none_or(|birth_date| birth_date == identity.birth_date)
            && given_name.as_ref().is_none_or(|name| interned.text(interned.normal_form(identity.given_name)) == name)
            && policy.as_ref().is_none_or(|policy| {
                policy.kind == identity.policy_kind.code().to_string() && number(policy, identity.policy, TextKind::PolicyNumber)
            })
            && document.as_ref().is_none_or(|document| {
                document.kind == interned.text(identity.doc_kind) && number(document, identity.document, TextKind::DocNumber)
            })
            && row.as_ref().is_none_or(|row| self.stands_there(row, indexed.source, records, record, identity))
    }

    fn stands_there(
        &self,
        row: &RowSelector,
        source: Option<usize>,
        records: Records<'_>,
        record: u32,
        identity: &Identity,
    ) -> bool {
        let SourceLine { source: row_source, line } = self.row_ids.source_line(identity.row_id);
        Some(row_source) == source
            && match &row.name {
                RowName::Line(named) => line == *named,
                RowName::RecordId(named) => *records.text(record, TextKind::RecordId) == **named,
            }
    }
}
