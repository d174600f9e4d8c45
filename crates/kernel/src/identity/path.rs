//! Links of a person: each record with the record that it is linked to, and the rule. They form a tree from the first
//! record of the person (SEM-252).
//!
//! ```text
//! 1 ──L1── 2           breadth first from record 1; the strongest rule first
//! └──L3── 3 ──L4── 4   4 agrees with 3 alone
//!     5 ──L6── 1       L6 only when L1 to L5 lead to no further record
//! ```
//!
//! Only the records of one finished person are known here; the grouping is not repeated.

use super::links::{LinkRules, same_number};
use super::{NameIds, Names, RecordIndex, Records};
use sverka_model::{Code, Enp, InternedText, InternedTexts, Snils, TextKind};

/// Link of a record in the tree of its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathLink {
    /// The linked record, nearer to the first record.
    pub from: RecordIndex,
    /// The rule by which the two records agree.
    pub rule: Code,
}

/// Rules of equal fields, the strongest first.
const EQUAL_FIELDS: [Code; 5] = [Code::L1, Code::L2, Code::L3, Code::L4, Code::L5];

/// Fields of a rule as numbers. Equal keys are equal fields, except for the document and policy numbers of L4 and L5: a key has only their hash.
type Key = [u64; 3];

/// Key of a record under a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    rule: Code,
    key: Key,
    /// Index among the records of the person.
    at: u32,
}

/// Finds the links of one person after another, and reuses its buffers.
pub struct LinkPaths<'w> {
    names: Names<'w>,
    rules: LinkRules,
    entries: Vec<Entry>,
    /// Whether all records with the key are reached, for the first entry of each key.
    exhausted: Vec<bool>,
    links: Vec<Option<PathLink>>,
    reached: Vec<bool>,
    layer: Vec<u32>,
    next_layer: Vec<u32>,
}

impl<'w> LinkPaths<'w> {
    /// Links by `rules`, of records with these interned texts.
    #[must_use]
    pub fn new(interned: &'w InternedTexts, rules: LinkRules) -> Self {
        Self {
            names: Names::new(interned),
            rules,
            entries: Vec::new(),
            exhausted: Vec::new(),
            links: Vec::new(),
            reached: Vec::new(),
            layer: Vec::new(),
            next_layer: Vec::new(),
        }
    }

    /// Whether all records agree with the first one by L1, which holds for most persons.
    #[inline]
    pub fn are_plain(&self, records: Records<'_>, of_person: &[RecordIndex]) -> bool {
        let [first, rest @ ..] = of_person else { return true };
        rest.is_empty() || self.agree_with(records, *first, rest)
    }

    fn agree_with(&self, records: Records<'_>, first: RecordIndex, rest: &[RecordIndex]) -> bool {
        let first = records.at(first);
        let same = |&record: &RecordIndex| {
            let other = records.at(record);
            let given_name = other.given_name == first.given_name || self.names.given_name(other) == self.names.given_name(first);
            other.enp == first.enp && other.birth_date == first.birth_date && given_name
        };
        first.enp != Enp::NONE && first.given_name != InternedText::NONE && self.rules.applies(Code::L1) && rest.iter().all(same)
    }

    /// Links of the records of a person, in the order of `of_person`; `None` for the first record.
    ///
    /// The search is breadth first: a record is reached from the reached record nearest to the first one, by the strongest rule, from the smallest index.
    /// L6 is used only when no other rule leads to a further record.
    pub fn find(&mut self, records: Records<'_>, of_person: &[RecordIndex]) -> &[Option<PathLink>] {
        self.begin(records, of_person);
        self.layer.push(0);
        while !self.layer.is_empty() {
            while !self.layer.is_empty() {
                self.reach_next_layer(records, of_person);
            }
            self.reach_by_shared_enp(of_person);
        }
        &self.links
    }

    fn begin(&mut self, records: Records<'_>, of_person: &[RecordIndex]) {
        self.entries.clear();
        for (at, &record) in (0..).zip(of_person) {
            let keys = EQUAL_FIELDS.into_iter().chain([Code::L6]).filter(|&rule| self.rules.applies(rule));
            self.entries.extend(keys.filter_map(|rule| Some(Entry { rule, key: key(records, self.names, record, rule)?, at })));
        }
        self.entries.sort_unstable();
        self.exhausted.clear();
        self.exhausted.resize(self.entries.len(), false);
        self.links.clear();
        self.links.resize(of_person.len(), None);
        self.reached.clear();
        self.reached.resize(of_person.len(), false);
        if let Some(first) = self.reached.first_mut() {
            *first = true;
        }
        self.layer.clear();
        self.next_layer.clear();
    }

    fn reach_next_layer(&mut self, records: Records<'_>, of_person: &[RecordIndex]) {
        for rule in EQUAL_FIELDS {
            for index in 0..self.layer.len() {
                self.reach_from(records, of_person, rule, self.layer[index]);
            }
        }
        self.next_layer.sort_unstable();
        std::mem::swap(&mut self.layer, &mut self.next_layer);
        self.next_layer.clear();
    }

    /// Reaches all records that agree with a record by a rule.
    fn reach_from(&mut self, records: Records<'_>, of_person: &[RecordIndex], rule: Code, from: u32) {
        let parent = of_person[from as usize];
        let Some(key) = key(records, self.names, parent, rule) else { return };
        let first = self.entries.partition_point(|entry| (entry.rule, entry.key) < (rule, key));
        if self.exhausted.get(first).is_none_or(|exhausted| *exhausted) {
            return;
        }
        let mut all = true;
        for entry in self.entries[first..].iter().take_while(|entry| (entry.rule, entry.key) == (rule, key)) {
            let at = entry.at as usize;
            if self.reached[at] {
                continue;
            }
            if numbers_agree(records, rule, parent, of_person[at]) {
                self.reached[at] = true;
                self.links[at] = Some(PathLink { from: parent, rule });
                self.next_layer.push(entry.at);
            } else {
                all = false;
            }
        }
        self.exhausted[first] = all;
    }

    /// Reaches one record by L6: the smallest one that shares ENP and coded birth date with a reached record, from the
    /// smallest such record. If no rule leads on, people have decided that the remaining records are the same person.
    fn reach_by_shared_enp(&mut self, of_person: &[RecordIndex]) {
        let first = self.entries.partition_point(|entry| entry.rule < Code::L6);
        let of_keys = self.entries[first..].chunk_by(|left, right| left.key == right.key);
        let steps = of_keys.filter_map(|sharing| {
            let from = sharing.iter().find(|entry| self.reached[entry.at as usize])?;
            let to = sharing.iter().find(|entry| !self.reached[entry.at as usize])?;
            Some((to.at, from.at))
        });
        if let Some((to, from)) = steps.min() {
            self.reach(of_person, to, from, Code::L6);
        } else if let Some(to) = self.reached.iter().position(|reached| !reached) {
            self.reach(of_person, to as u32, 0, Code::OverrideSame);
        }
    }

    fn reach(&mut self, of_person: &[RecordIndex], to: u32, from: u32, rule: Code) {
        self.reached[to as usize] = true;
        self.links[to as usize] = Some(PathLink { from: of_person[from as usize], rule });
        self.layer.push(to);
    }
}

/// Key of a record under a rule. `None` when a field of the rule is absent.
fn key(records: Records<'_>, names: Names<'_>, record: RecordIndex, rule: Code) -> Option<Key> {
    let identity = records.at(record);
    let NameIds { surname, given_name, patronymic } = names.all(identity);
    let pair = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
    let birth = identity.birth_date.days() as u32;
    let (named, fully_named) = (identity.given_name != InternedText::NONE, names.full(identity).is_some());
    let (known, key) = match rule {
        Code::L1 => (identity.enp != Enp::NONE && named, [identity.enp.number(), pair(birth, given_name), 0]),
        Code::L2 => {
            (identity.enp != Enp::NONE && fully_named, [identity.enp.number(), pair(surname, given_name), u64::from(patronymic)])
        }
        Code::L3 => (identity.snils != Snils::NONE && named, [identity.snils.number(), pair(birth, given_name), 0]),
        Code::L4 => {
            let document = pair(identity.document, identity.doc_kind.id());
            let proves = identity.document != 0 && identity.flags.document_identifies_person();
            (proves && fully_named, [document, pair(surname, given_name), pair(patronymic, birth)])
        }
        Code::L5 => {
            let policy = pair(identity.policy, u32::from(identity.policy_kind.code()));
            (identity.policy != 0 && named, [policy, pair(birth, given_name), 0])
        }
        _ => {
            let coded = || identity.enp.decode().ok().map(|parts| parts.birth_date);
            let of_coded_birth = identity.enp != Enp::NONE && coded() == Some(identity.birth_date);
            (of_coded_birth, [identity.enp.number(), u64::from(birth), 0])
        }
    };
    known.then_some(key)
}

/// Whether the document or policy numbers agree. A key has only the hash of a number.
fn numbers_agree(records: Records<'_>, rule: Code, left: RecordIndex, right: RecordIndex) -> bool {
    match rule {
        Code::L4 => same_number(records, left, right, TextKind::DocNumber),
        Code::L5 => same_number(records, left, right, TextKind::PolicyNumber),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checked_rows;
    use crate::identity::{Linker, PartitionContext};
    use crate::sample_rows::row_name;

    const ENP: &str = "enp=9854910844000016";

    /// Links of the only person of register rows: `row<rule-row`.
    fn path(register: &[&str]) -> String {
        let mut rows = checked_rows::accepted(register, &[]);
        let linked =
            Linker::new(&rows.interned, LinkRules::default(), None).link(&mut rows.partition, PartitionContext::default());
        assert_eq!(linked.persons.len(), 1, "one person");
        let records = Records { partition: &rows.partition, interned: &rows.interned };
        let of_person = linked.persons.records_of(0);
        let mut paths = LinkPaths::new(&rows.interned, LinkRules::default());
        let plain = paths.are_plain(records, of_person);
        let links = paths.find(records, of_person).iter().zip(of_person);
        let shown: Vec<String> = links
            .filter_map(|(link, &record)| {
                let PathLink { from, rule } = (*link)?;
                Some(format!("{}<{}-{}", row_name(records, record), rule.name(), row_name(records, from)))
            })
            .collect();
        assert_eq!(shown.len() + 1, register.len(), "every record but the first is reached: {shown:?}");
        let all_first = shown.iter().all(|link| link.ends_with("<L1-1"));
        assert_eq!(plain, all_first, "{shown:?}");
        shown.join(" ")
    }

    #[test]
    fn records_that_agree_with_the_first_hang_on_it() {
        let other = format!("{ENP}, policy_number=2");
        let third = format!("{ENP}, policy_number=3, surname=Петров");
        assert_eq!(path(&[ENP, &other, &third]), "2<L1-1 3<L1-1");
    }

    #[test]
    fn the_strongest_rule_is_named_and_then_the_smallest_position() {
        let with = |more: &str| format!("{ENP}, snils=12345678964, {more}");
        let rows = [with("policy_number=1"), with("policy_number=2"), "policy_number=3, snils=12345678964".to_owned()];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        assert_eq!(path(&rows), "2<L1-1 3<L3-1");
    }

    #[test]
    fn a_path_leads_over_other_records_and_the_shortest_counts() {
        let document = "doc_kind=14, doc_number=0000000001";
        let last = format!("policy_number=9, {document}");
        let between = format!("policy_number=1, surname=Петров, snils=12345678964, {document}");
        let bridge = format!("policy_number=7, snils=12345678964, {document}");
        assert_eq!(path(&["policy_number=1", &between, &bridge, &last]), "2<L5-1 3<L3-2 4<L4-3");
        assert_eq!(path(&["policy_number=1", &between, "policy_number=1, surname=Сидоров"]), "2<L5-1 3<L5-1");
    }

    #[test]
    fn l6_leads_to_one_record_and_the_others_hang_on_that() {
        let initial = |more: &str| format!("{ENP}, given_name=И., {more}");
        let (second, third) = (initial("policy_number=2"), initial("policy_number=3"));
        assert_eq!(path(&[ENP, &second, &third]), "2<L6-1 3<L1-2");
    }

    #[test]
    fn many_records_are_reached_as_few_are() {
        let rows: Vec<String> = (0..3000).map(|row| format!("{ENP}, policy_number={row}")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        assert_eq!(path(&rows).matches("<L1-1").count(), 2999);
    }
}
