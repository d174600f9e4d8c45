//! The shape of a dialect: the elements that are records, and the paths that lead to slots.
//!
//! A shape is data. It is compiled into a table of moves, so that a start tag costs one look at a hash table and one at the moves:
//!
//! ```text
//! record OP, slot 0 = PERSON/FAM, slot 1 = PERSON/IM
//!
//! name       symbol        node        moves[node][symbol]
//! (others)   0             RECORD      PERSON -> 4, all others -> NOTHING
//! OP         1             4 (PERSON)  FAM -> 5, IM -> 6
//! PERSON     2             5 (FAM)     value of slot 0
//! FAM        3             6 (IM)      value of slot 1
//! IM         4
//! ```
//!
//! The meaning of values is not known here.

use super::fault::ShapeFault;
use super::limits::SHAPE_PARTS;
use super::markup::{Name, NameHash};

/// The shape of a dialect as it is written down. Names are compared without regard to letter case and prefixes;
/// `PERSON/FAM` is an element or an attribute `FAM` of an element `PERSON`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShapeParts {
    /// Names that the root element may have; any name when empty.
    pub roots: Vec<String>,
    /// Names of the elements that are records, at any depth below the root. A record inside of another one is a part of it.
    pub records: Vec<String>,
    /// The wanted values, in the order of the slots.
    pub slots: Vec<SlotParts>,
    /// Paths, inside of a record, of elements whose content is not looked at.
    pub skipped: Vec<String>,
}

/// One slot of a shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotParts {
    /// Paths of the value, from the record or from the root. If there are several, the path that comes first in a
    /// record counts.
    pub paths: Vec<String>,
    /// The values that go into the slot.
    pub take: Take,
}

/// The values that go into a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// One value for each record. If elements repeat, the value under the first of each counts. So all values under
    /// `DOC` are those of one `DOC`, even if it lacks a value that the second one has.
    First,
    /// All values of a record, each with the number of its parent.
    All,
    /// One value for the whole document, from outside of the records. All records behind it inherit it.
    Inherited,
}

/// The meaning of an element: an index into the tables of the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node(u16);

impl Node {
    /// An element without meaning.
    pub const NOTHING: Self = Self(0);
    /// An element whose content is not looked at.
    pub const SKIPPED: Self = Self(1);
    /// The root.
    pub const DOCUMENT: Self = Self(2);
    /// A record.
    pub const RECORD: Self = Self(3);
    const FIXED: usize = 4;

    /// The index for tables with an entry for each node.
    #[inline]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A name of a shape, as a number; 0 for all other names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Symbol(u16);

/// A slot, and the values that go into it.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlotTake {
    pub slot: u16,
    pub take: Take,
}

/// A compiled shape.
#[derive(Debug)]
pub struct Shape {
    roots: Vec<String>,
    /// The index of a symbol in each bucket of the hash of its name, or 0.
    buckets: Vec<u16>,
    /// Names in upper case; the first one is empty and stands for all other names.
    symbols: Vec<String>,
    is_record: Vec<bool>,
    /// The next node for each node and symbol.
    moves: Vec<u16>,
    /// The slot of each node that is a value.
    values: Vec<Option<SlotTake>>,
    slots: usize,
}

impl Shape {
    /// Checks and compiles a shape.
    ///
    /// # Errors
    /// When a path is malformed, or two paths contradict each other.
    pub fn new(parts: &ShapeParts) -> Result<Self, ShapeFault> {
        if parts.records.is_empty() {
            return Err(ShapeFault::NoRecord);
        }
        let mut shape = Self {
            roots: parts.roots.clone(),
            buckets: vec![0; 4 * SHAPE_PARTS],
            symbols: vec![String::new()],
            is_record: vec![false],
            moves: Vec::new(),
            values: Vec::new(),
            slots: parts.slots.len(),
        };
        for record in &parts.records {
            let symbol = shape.enter(record, record)?;
            shape.is_record[usize::from(symbol.0)] = true;
        }
        let mut tree = Tree { nodes: vec![Branch::default(); Node::FIXED] };
        for (slot, SlotParts { paths, take }) in parts.slots.iter().enumerate() {
            if paths.is_empty() {
                return Err(ShapeFault::NoPath { slot });
            }
            let root = if *take == Take::Inherited { Node::DOCUMENT } else { Node::RECORD };
            for path in paths {
                let leaf = tree.leaf(&mut shape, root, path)?;
                tree.nodes[leaf].value = Some(SlotTake { slot: slot as u16, take: *take });
            }
        }
        for path in &parts.skipped {
            let leaf = tree.leaf(&mut shape, Node::RECORD, path)?;
            tree.nodes[leaf].skipped = true;
        }
        shape.compile(&tree);
        Ok(shape)
    }

    /// Number of slots.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.slots
    }

    /// The slots that take all values of a record.
    #[must_use]
    pub fn repeated(&self) -> Vec<usize> {
        let mut slots: Vec<usize> =
            self.values.iter().flatten().filter(|value| value.take == Take::All).map(|value| usize::from(value.slot)).collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    pub(super) fn nodes(&self) -> usize {
        self.values.len()
    }

    pub(super) fn allows_root(&self, local_name: &[u8]) -> bool {
        self.roots.is_empty() || self.roots.iter().any(|root| root.as_bytes().eq_ignore_ascii_case(local_name))
    }

    /// The root elements, for a message.
    pub(super) fn expected_roots(&self) -> String {
        self.roots.iter().map(|root| format!("`{root}`")).collect::<Vec<_>>().join(" or ")
    }

    /// Names of the elements that are records, in upper case.
    #[must_use]
    pub fn expected_records(&self) -> Vec<String> {
        let records = self.symbols.iter().zip(&self.is_record).filter(|(_, is_record)| **is_record);
        records.map(|(name, _)| name.clone()).collect()
    }

    #[inline]
    pub(super) fn symbol(&self, bytes: &[u8], name: Name) -> Symbol {
        let local = &bytes[name.local..name.to];
        let mask = self.buckets.len() - 1;
        let mut bucket = bucket_of(name.hash) & mask;
        loop {
            let symbol = self.buckets[bucket];
            if symbol == 0 || self.symbols[usize::from(symbol)].as_bytes().eq_ignore_ascii_case(local) {
                return Symbol(symbol);
            }
            bucket = (bucket + 1) & mask;
        }
    }

    #[inline]
    pub(super) fn is_record(&self, symbol: Symbol) -> bool {
        self.is_record[usize::from(symbol.0)]
    }

    /// The node of an element or attribute inside of another element.
    #[inline]
    pub(super) fn inside(&self, node: Node, symbol: Symbol) -> Node {
        Node(self.moves[node.index() * self.symbols.len() + usize::from(symbol.0)])
    }

    /// The slot of a node that is a value.
    #[inline]
    pub(super) fn value(&self, node: Node) -> Option<SlotTake> {
        self.values[node.index()]
    }

    /// The symbol of a name, which is a new one if the shape does not have the name yet.
    fn enter(&mut self, name: &str, path: &str) -> Result<Symbol, ShapeFault> {
        const LONGEST: usize = 64;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        if name.is_empty() || name.len() > LONGEST || !name.bytes().all(fits) {
            return Err(ShapeFault::Path { path: path.to_owned() });
        }
        let hash = name.bytes().fold(NameHash::EMPTY, NameHash::and).0;
        let found = self.symbol(name.as_bytes(), Name { from: 0, local: 0, to: name.len(), hash });
        if found.0 != 0 {
            return Ok(found);
        }
        if self.symbols.len() > SHAPE_PARTS {
            return Err(ShapeFault::TooLarge);
        }
        let mask = self.buckets.len() - 1;
        let mut bucket = bucket_of(hash) & mask;
        while self.buckets[bucket] != 0 {
            bucket = (bucket + 1) & mask;
        }
        let symbol = self.symbols.len() as u16;
        self.buckets[bucket] = symbol;
        self.symbols.push(name.to_ascii_uppercase());
        self.is_record.push(false);
        Ok(Symbol(symbol))
    }

    fn compile(&mut self, tree: &Tree) {
        let width = self.symbols.len();
        self.moves = vec![Node::NOTHING.0; tree.nodes.len() * width];
        self.moves[Node::SKIPPED.index() * width..][..width].fill(Node::SKIPPED.0);
        for (index, branch) in tree.nodes.iter().enumerate() {
            self.values.push(branch.value);
            for &(symbol, child) in &branch.children {
                let next = if tree.nodes[child].skipped { Node::SKIPPED.0 } else { child as u16 };
                self.moves[index * width + usize::from(symbol.0)] = next;
            }
        }
    }
}

#[inline]
fn bucket_of(hash: u32) -> usize {
    (hash ^ (hash >> 15)) as usize
}

/// The paths of a shape as a tree, before they are compiled into tables.
struct Tree {
    nodes: Vec<Branch>,
}

#[derive(Clone, Default)]
struct Branch {
    children: Vec<(Symbol, usize)>,
    value: Option<SlotTake>,
    skipped: bool,
}

impl Branch {
    fn is_leaf(&self) -> bool {
        self.skipped || self.value.is_some()
    }
}

impl Tree {
    /// A new node at the end of a path. No other path may end there, pass it, or end on the way.
    fn leaf(&mut self, shape: &mut Shape, root: Node, path: &str) -> Result<usize, ShapeFault> {
        let clash = || ShapeFault::Clash { path: path.to_owned() };
        let mut node = root.index();
        let mut is_new = false;
        for name in path.split('/') {
            let symbol = shape.enter(name, path)?;
            if self.nodes[node].is_leaf() {
                return Err(clash());
            }
            let known = self.nodes[node].children.iter().find(|(child, _)| *child == symbol).map(|(_, child)| *child);
            is_new = known.is_none();
            node = known.unwrap_or_else(|| {
                self.nodes.push(Branch::default());
                let child = self.nodes.len() - 1;
                self.nodes[node].children.push((symbol, child));
                child
            });
        }
        match is_new {
            true if self.nodes.len() > SHAPE_PARTS => Err(ShapeFault::TooLarge),
            true => Ok(node),
            false => Err(clash()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(paths: &[&str], skipped: &[&str]) -> ShapeParts {
        let slot = |path: &&str| SlotParts { paths: vec![(*path).to_owned()], take: Take::First };
        ShapeParts {
            records: vec!["OP".to_owned()],
            slots: paths.iter().map(slot).collect(),
            skipped: skipped.iter().map(ToString::to_string).collect(),
            ..ShapeParts::default()
        }
    }

    #[test]
    fn shapes_that_contradict_themselves_are_refused() {
        let clash = |path: &str| Some(ShapeFault::Clash { path: path.to_owned() });
        let path = |path: &str| Some(ShapeFault::Path { path: path.to_owned() });
        for (paths, skipped, fault) in [
            (vec!["PERSON/FAM", "person/fam"], vec![], clash("person/fam")),
            (vec!["PERSON", "PERSON/FAM"], vec![], clash("PERSON/FAM")),
            (vec!["PERSON/FAM", "PERSON"], vec![], clash("PERSON")),
            (vec!["PERSONB/PHOTO"], vec!["PERSONB"], clash("PERSONB")),
            (vec!["PERSON//FAM"], vec![], path("PERSON//FAM")),
            (vec!["x:FAM"], vec![], path("x:FAM")),
            (vec![""], vec![], path("")),
            (vec!["PERSON/FAM", "FAM"], vec!["PERSONB"], None),
        ] {
            assert_eq!(Shape::new(&parts(&paths, &skipped)).err(), fault, "{paths:?}");
        }
        assert_eq!(Shape::new(&ShapeParts::default()).err(), Some(ShapeFault::NoRecord));
        let mut without_path = parts(&["FAM"], &[]);
        without_path.slots[0].paths.clear();
        assert_eq!(Shape::new(&without_path).err(), Some(ShapeFault::NoPath { slot: 0 }));
    }

    #[test]
    fn more_names_than_a_shape_holds_are_refused() {
        let paths: Vec<String> = (0..2 * SHAPE_PARTS).map(|number| format!("N{number}")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        assert_eq!(Shape::new(&parts(&paths, &[])).err(), Some(ShapeFault::TooLarge));
    }
}
