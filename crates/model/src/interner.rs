//! The interner: texts that occur often (names, districts, kinds of documents) are stored once, and records hold their ids.
//!
//! ```text
//! worker 1: cache ─┐   a text that is in the cache costs no lock
//! worker 2: cache ─┼─► 16 shards, each behind a lock ─ freeze ─► InternedTexts: texts by id
//! worker 3: cache ─┘   a new text gets the next id
//! ```
//!
//! Ids depend on scheduling, so they mean equality only: nothing that leaves the run may depend on their order.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use arrow::array::{Array, StringArray};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use hashbrown::HashTable;

use crate::identifier::{NameQuality, normalise_name};
use crate::text_hash::hash_text;

/// The id of an interned text. [`InternedText::NONE`] is the empty text; the others are numbered from 1 without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct InternedText(u32);

impl InternedText {
    /// The empty text, which stands for an absent value.
    pub const NONE: Self = Self(0);

    /// The interned text with an id.
    #[must_use]
    #[inline]
    pub fn from_id(id: u32) -> Self {
        Self(id)
    }

    /// The id as a number, for keys and as an index.
    #[must_use]
    #[inline]
    pub fn id(self) -> u32 {
        self.0
    }
}

/// Shards of the table, so that workers seldom wait for the same lock.
const SHARDS: usize = 16;

/// A part of the table: texts back to back, and a hash table with the indices of their entries.
#[derive(Default)]
struct Shard {
    table: HashTable<u32>,
    entries: Vec<Entry>,
    bytes: Vec<u8>,
}

/// A text of a shard; its bytes begin at the end of the entry before.
#[derive(Clone, Copy)]
struct Entry {
    end: usize,
    id: InternedText,
    /// The text's normal form as a name.
    normal_form: InternedText,
    quality: NameQuality,
}

impl Shard {
    fn text(&self, index: u32) -> &[u8] {
        text_in(&self.entries, &self.bytes, index)
    }

    fn find(&self, hash: u64, text: &[u8]) -> Option<(InternedText, NameQuality)> {
        let index = self.table.find(hash, |&index| self.text(index) == text)?;
        let entry = self.entries[*index as usize];
        Some((entry.id, entry.quality))
    }

    /// Adds an entry for a text, which ends where its bytes will end.
    fn insert(&mut self, hash: u64, text: &[u8], entry: Entry) {
        let index = self.entries.len() as u32;
        self.bytes.extend_from_slice(text);
        self.entries.push(Entry { end: self.bytes.len(), ..entry });
        let (entries, bytes) = (&self.entries, &self.bytes);
        self.table.insert_unique(hash, index, |&other| hash_text(text_in(entries, bytes, other)));
    }
}

fn text_in<'b>(entries: &[Entry], bytes: &'b [u8], index: u32) -> &'b [u8] {
    let start = if index == 0 { 0 } else { entries[index as usize - 1].end };
    &bytes[start..entries[index as usize].end]
}

/// All interned texts of a run, each with the normal form in which names are compared.
pub struct Interner {
    shards: [Mutex<Shard>; SHARDS],
    /// The id of the next text.
    next: AtomicU32,
}

impl Default for Interner {
    fn default() -> Self {
        Self { shards: Default::default(), next: AtomicU32::new(1) }
    }
}

impl Interner {
    /// The id of a text. Workers that intern many texts have an [`InternerCache`] each.
    pub fn intern(&self, text: &str) -> InternedText {
        self.intern_hashed(hash_text(text.as_bytes()), text.as_bytes()).0
    }

    /// The id of a text, and its quality as a name. The quality is found once for each text, for any use of the text.
    fn intern_hashed(&self, hash: u64, text: &[u8]) -> (InternedText, NameQuality) {
        if text.is_empty() {
            return (InternedText::NONE, NameQuality::default());
        }
        if let Some(found) = self.lock(hash).find(hash, text) {
            return found;
        }
        let name = str::from_utf8(text).expect("invariant: words are parts of a text");
        let normal_form = normalise_name(name);
        let quality = NameQuality::from_normalised(name, &normal_form);
        let normal_form = (normal_form != name).then(|| self.intern(&normal_form));
        let mut shard = self.lock(hash);
        // Another worker may have interned the text meanwhile.
        if let Some(found) = shard.find(hash, text) {
            return found;
        }
        let id = InternedText(self.next.fetch_add(1, Ordering::Relaxed));
        assert!(id.0 < i32::MAX as u32, "invariant: the distinct words of a run fit their numbers");
        shard.insert(hash, text, Entry { end: 0, id, normal_form: normal_form.unwrap_or(id), quality });
        (id, quality)
    }

    fn lock(&self, hash: u64) -> std::sync::MutexGuard<'_, Shard> {
        // The hash table of a shard uses other bits.
        self.shards[(hash >> 40) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes of memory that the interner takes.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        let of_shard = |shard: &Mutex<Shard>| {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            // The hash table keeps a byte beside each index.
            let table = shard.table.capacity() * (size_of::<u32>() + 1);
            (shard.entries.capacity() * size_of::<Entry>() + shard.bytes.capacity() + table) as u64
        };
        self.shards.iter().map(of_shard).sum()
    }

    /// Bytes of memory that [`Self::freeze`] takes in addition to those of the interner.
    #[must_use]
    pub fn bytes_to_freeze(&self) -> u64 {
        const BYTES_OF_TEXT: u64 =
            (size_of::<InternedText>() + size_of::<(u32, u32)>() + size_of::<i32>() + size_of::<u64>()) as u64;
        let texts = self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner).bytes.len() as u64);
        u64::from(self.next.load(Ordering::Relaxed)) * BYTES_OF_TEXT + texts.sum::<u64>()
    }

    /// Ends the interning: the texts by their ids.
    ///
    /// # Panics
    /// When all texts together are 2 GiB or more.
    #[must_use]
    pub fn freeze(self) -> InternedTexts {
        let count = self.next.into_inner() as usize;
        let mut shards = self.shards.map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner));
        // No text is looked up from here on.
        shards.iter_mut().for_each(|shard| shard.table = HashTable::new());
        let mut normal_forms = vec![InternedText::NONE; count];
        // Shard and index of each text, by id.
        let mut entries = vec![(0_u32, 0_u32); count];
        for (number, shard) in shards.iter().enumerate() {
            for (index, entry) in shard.entries.iter().enumerate() {
                normal_forms[entry.id.0 as usize] = entry.normal_form;
                entries[entry.id.0 as usize] = (number as u32, index as u32);
            }
        }
        let mut bytes = Vec::with_capacity(shards.iter().map(|shard| shard.bytes.len()).sum());
        let mut ends = Vec::with_capacity(count + 1);
        ends.extend([0_i32, 0]);
        for &(shard, index) in &entries[1..] {
            bytes.extend_from_slice(shards[shard as usize].text(index));
            ends.push(i32::try_from(bytes.len()).expect("invariant: the distinct words of a run stay below 2 GiB"));
        }
        drop((shards, entries));
        let ends = OffsetBuffer::new(ScalarBuffer::from(ends));
        let texts = StringArray::new(ends, Buffer::from_vec(bytes), None);
        let hashes = (0..count).map(|id| hash_text(texts.value(id).as_bytes())).collect();
        InternedTexts { texts, normal_forms, hashes }
    }
}

/// A worker's own table of the texts that it has interned, which needs no lock.
///
/// Open addressing: a text belongs in the slot that the lower bits of its hash name, or in the next free one.
///
/// ```text
/// slot     16 bytes, so four in a cache line: upper half of the hash | start in `bytes` | id | length, quality
/// lookup   the half of the hash differs for nearly every other text; only then `bytes` is compared
/// ```
pub struct InternerCache<'l> {
    interner: &'l Interner,
    /// Slots, a power of two; at most half of them are taken, so that a free slot is near.
    slots: Vec<Slot>,
    taken: usize,
    bytes: Vec<u8>,
}

/// A text of a cache; a free slot has the id 0.
#[derive(Clone, Copy, Default)]
struct Slot {
    /// Upper half of the hash.
    hash: u32,
    start: u32,
    id: u32,
    length: u16,
    /// Quality as a name, for any use of the text.
    quality: NameQuality,
}

/// Most texts of a cache. A cache with more texts or bytes is emptied, so that files with ever new texts do not hold
/// them twice.
const MOST_CACHED_TEXTS: usize = 1 << 18;
const MOST_CACHED_BYTES: usize = 1 << 25;
/// Longest text of a cache, in bytes. A longer text does not occur often.
const LONGEST_CACHED: usize = 1 << 10;
const _: () = assert!(LONGEST_CACHED <= u16::MAX as usize, "the lengths of cached texts fit their slots");
const FIRST_SLOTS: usize = 1 << 12;

impl<'l> InternerCache<'l> {
    /// An empty cache.
    #[must_use]
    pub fn new(interner: &'l Interner) -> Self {
        Self { interner, slots: vec![Slot::default(); FIRST_SLOTS], taken: 0, bytes: Vec::new() }
    }

    /// The id of a text, which must be UTF-8.
    #[inline]
    pub fn intern(&mut self, text: &[u8]) -> InternedText {
        self.intern_hashed(text).0
    }

    /// The id of a text and its [`hash_text`].
    #[inline]
    pub fn intern_hashed(&mut self, text: &[u8]) -> (InternedText, u64) {
        let (id, hash, _) = self.intern_name(text);
        (id, hash)
    }

    /// The id of a name, its [`hash_text`] and its quality as a name.
    #[inline]
    pub fn intern_name(&mut self, text: &[u8]) -> (InternedText, u64, NameQuality) {
        let hash = hash_text(text);
        if text.is_empty() {
            return (InternedText::NONE, hash, NameQuality::default());
        }
        let mut index = hash as usize;
        loop {
            let slot = self.slots[index & (self.slots.len() - 1)];
            if slot.id == InternedText::NONE.0 {
                let (id, quality) = self.miss(hash, text);
                return (id, hash, quality);
            }
            if slot.hash == (hash >> 32) as u32 && same_text(self.text(slot), text) {
                return (InternedText(slot.id), hash, slot.quality);
            }
            index += 1;
        }
    }

    #[inline]
    fn text(&self, slot: Slot) -> &[u8] {
        &self.bytes[slot.start as usize..][..slot.length as usize]
    }

    #[cold]
    #[inline(never)]
    fn miss(&mut self, hash: u64, text: &[u8]) -> (InternedText, NameQuality) {
        let (id, quality) = self.interner.intern_hashed(hash, text);
        if text.len() > LONGEST_CACHED {
            return (id, quality);
        }
        if self.taken == MOST_CACHED_TEXTS || self.bytes.len() > MOST_CACHED_BYTES {
            *self = Self::new(self.interner);
        } else if self.taken * 2 == self.slots.len() {
            self.grow();
        }
        let (start, length) = (self.bytes.len() as u32, text.len() as u16);
        let slot = Slot { hash: (hash >> 32) as u32, start, id: id.0, length, quality };
        self.bytes.extend_from_slice(text);
        self.taken += 1;
        insert_slot(&mut self.slots, hash, slot);
        (id, quality)
    }

    fn grow(&mut self) {
        let mut slots = vec![Slot::default(); self.slots.len() * 2];
        for &slot in self.slots.iter().filter(|slot| slot.id != InternedText::NONE.0) {
            insert_slot(&mut slots, hash_text(self.text(slot)), slot);
        }
        self.slots = slots;
    }
}

/// Whether two texts are equal, without a call of `memcmp` for texts of 8 to 32 bytes.
///
/// ```text
/// И В А Н О В   12 bytes in UTF-8: eight bytes, then the last eight, which overlap the first
/// ------ ------
///     ------
/// ```
#[inline]
fn same_text(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let number = |eight: &[u8; 8]| u64::from_le_bytes(*eight);
    match (one.last_chunk(), other.last_chunk()) {
        (Some(one_end), Some(other_end)) if one.len() <= 32 => {
            let (one_eights, _) = one.as_chunks::<8>();
            let (other_eights, _) = other.as_chunks::<8>();
            number(one_end) == number(other_end)
                && one_eights.iter().zip(other_eights).all(|(one, other)| number(one) == number(other))
        }
        _ => one == other,
    }
}

fn insert_slot(slots: &mut [Slot], hash: u64, slot: Slot) {
    let last = slots.len() - 1;
    let mut index = hash as usize & last;
    while slots[index].id != InternedText::NONE.0 {
        index = (index + 1) & last;
    }
    slots[index] = slot;
}

/// All interned texts by their ids, once the sources are read.
pub struct InternedTexts {
    texts: StringArray,
    normal_forms: Vec<InternedText>,
    hashes: Vec<u64>,
}

impl InternedTexts {
    /// The text with an id, as it stood in the source.
    #[must_use]
    #[inline]
    pub fn text(&self, id: InternedText) -> &str {
        self.texts.value(id.0 as usize)
    }

    /// The normal form of a text, for the comparison of names.
    #[must_use]
    #[inline]
    pub fn normal_form(&self, id: InternedText) -> InternedText {
        self.normal_forms[id.0 as usize]
    }

    /// The [`hash_text`] of a text.
    #[must_use]
    #[inline]
    pub fn hash(&self, id: InternedText) -> u64 {
        self.hashes[id.0 as usize]
    }

    /// Number of texts, the empty one included. All ids are smaller.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "the empty text is always there")]
    pub fn len(&self) -> usize {
        self.normal_forms.len()
    }

    /// All texts in the order of their ids, the empty one first: an Arrow dictionary with the ids as its keys. A clone shares the memory.
    #[must_use]
    pub fn texts(&self) -> &StringArray {
        &self.texts
    }

    /// The id of a text, if it occurred. Looks through all texts, so it serves only the few texts that rules name.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<InternedText> {
        (0..self.texts.len()).find(|&id| self.texts.value(id) == text).map(|id| InternedText(id as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_get_the_same_id_for_the_same_text() {
        let interner = Interner::default();
        let (mut first, mut second) = (InternerCache::new(&interner), InternerCache::new(&interner));
        let (a, b) = (first.intern("Иванов".as_bytes()), first.intern("ИВАНОВ".as_bytes()));
        assert_eq!(first.intern("Иванов".as_bytes()), a);
        let c = second.intern("ИВАНОВ".as_bytes());
        assert_eq!(second.intern(b""), InternedText::NONE);
        let interned = interner.freeze();
        assert_eq!(b, c);
        assert_ne!(a, b);
        assert_eq!(interned.text(a), "Иванов");
        assert_eq!(interned.normal_form(a), b);
        assert_eq!(interned.normal_form(b), b);
        assert_eq!(interned.find("ИВАНОВ"), Some(b));
        assert_eq!(interned.find("ПЕТРОВ"), None);
        assert_eq!(interned.text(InternedText::NONE), "");
        assert_eq!(interned.normal_form(InternedText::NONE), InternedText::NONE);
    }

    /// More texts than a cache has room for at first, and than it may ever hold. They are in small letters, so that
    /// each brings its normal form.
    #[test]
    fn many_texts_of_many_workers_are_numbered_without_gaps() {
        let texts_of =
            |worker: usize| (0..2 * MOST_CACHED_TEXTS).step_by(1 + worker).map(|number| format!("слово{}", number % 300_000));
        let interner = Interner::default();
        let ids: Vec<Vec<InternedText>> = std::thread::scope(|scope| {
            let worker = |worker: usize| {
                let interner = &interner;
                move || {
                    let mut cache = InternerCache::new(interner);
                    texts_of(worker).map(|text| cache.intern(text.as_bytes())).collect()
                }
            };
            let workers: Vec<_> = (0..3).map(|number| scope.spawn(worker(number))).collect();
            workers.into_iter().map(|worker| worker.join().expect("a worker that ends")).collect()
        });
        let interned = interner.freeze();
        assert_eq!(interned.len(), 1 + 2 * 300_000);
        for (worker, ids) in ids.into_iter().enumerate() {
            for (text, id) in texts_of(worker).zip(ids) {
                assert_eq!(interned.text(id), text);
                assert_eq!(interned.text(interned.normal_form(id)), text.to_uppercase());
            }
        }
    }

    #[test]
    fn the_quality_of_a_name_is_that_of_its_text_whether_it_is_new_known_or_too_long() {
        let interner = Interner::default();
        let mut cache = InternerCache::new(&interner);
        let long = format!("{}0", "Я".repeat(LONGEST_CACHED));
        for name in ["Анна", "Анна", "Ивaнов", "Ивaнов", "Иванов", &long, &long, ""] {
            assert_eq!(cache.intern_name(name.as_bytes()).2, NameQuality::from_text(name), "{name}");
        }
    }

    #[test]
    fn ids_are_indices_of_the_texts() {
        let interner = Interner::default();
        let long = "Я".repeat(LONGEST_CACHED);
        let mut cache = InternerCache::new(&interner);
        let ids = ["А", "Б", &long, "В", &long].map(|text| cache.intern(text.as_bytes()));
        let interned = interner.freeze();
        assert_eq!(ids[2], ids[4]);
        assert_eq!(interned.len(), interned.texts().len());
        assert_eq!(interned.texts().value(0), "");
        for id in ids {
            assert_eq!(interned.texts().value(id.id() as usize), interned.text(id));
        }
    }
}
