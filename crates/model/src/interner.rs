//! Words of few spellings and many occurrences (names, districts, kinds of documents), stored once.
//!
//! Workers enter words through caches of their own, so that only a word that is new to a worker takes a lock. Numbers of words depend on
//! scheduling and therefore mean equality only: nothing that leaves the run may depend on their order.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use arrow::array::{Array, StringArray};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use hashbrown::HashTable;

use crate::identifier::{NameQuality, normalise_name};
use crate::text_hash::hash_text;

/// A word of the interner; [`InternedText::NONE`] is the empty one. The others are numbered from 1 without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct InternedText(u32);

impl InternedText {
    /// The empty word.
    pub const NONE: Self = Self(0);

    /// The word of a number.
    #[must_use]
    #[inline]
    pub fn from_id(id: u32) -> Self {
        Self(id)
    }

    /// The number behind the word, for keys and as an index.
    #[must_use]
    #[inline]
    pub fn id(self) -> u32 {
        self.0
    }
}

const SHARDS: usize = 16;

/// A part of the words, with texts back to back and a hash table over them.
#[derive(Default)]
struct Shard {
    table: HashTable<u32>,
    entries: Vec<Entry>,
    bytes: Vec<u8>,
}

/// A word of a shard; its text begins where the one before ends.
#[derive(Clone, Copy)]
struct Entry {
    end: usize,
    word: InternedText,
    normalised: InternedText,
    quality: NameQuality,
}

impl Shard {
    fn text(&self, index: u32) -> &[u8] {
        text_in(&self.entries, &self.bytes, index)
    }

    fn find(&self, hash: u64, text: &[u8]) -> Option<(InternedText, NameQuality)> {
        let index = self.table.find(hash, |&index| self.text(index) == text)?;
        let entry = self.entries[*index as usize];
        Some((entry.word, entry.quality))
    }

    fn insert(&mut self, hash: u64, text: &[u8], (word, normalised): (InternedText, InternedText), quality: NameQuality) {
        let index = self.entries.len() as u32;
        self.bytes.extend_from_slice(text);
        self.entries.push(Entry { end: self.bytes.len(), word, normalised, quality });
        let (entries, bytes) = (&self.entries, &self.bytes);
        self.table.insert_unique(hash, index, |&other| hash_text(text_in(entries, bytes, other)));
    }
}

fn text_in<'b>(entries: &[Entry], bytes: &'b [u8], index: u32) -> &'b [u8] {
    let start = if index == 0 { 0 } else { entries[index as usize - 1].end };
    &bytes[start..entries[index as usize].end]
}

/// All words of a run, with the form in which names are compared.
pub struct Interner {
    shards: [Mutex<Shard>; SHARDS],
    /// The number of the next word.
    next: AtomicU32,
}

impl Default for Interner {
    fn default() -> Self {
        Self { shards: Default::default(), next: AtomicU32::new(1) }
    }
}

impl Interner {
    /// Enters one word. Workers that enter many have a [`InternerCache`] each.
    pub fn intern(&self, text: &str) -> InternedText {
        self.intern_hashed(hash_text(text.as_bytes()), text.as_bytes()).0
    }

    /// The word of a text, and what is odd about it as a name: asked once for each word, whatever it is used for.
    fn intern_hashed(&self, hash: u64, text: &[u8]) -> (InternedText, NameQuality) {
        if text.is_empty() {
            return (InternedText::NONE, NameQuality::default());
        }
        if let Some(found) = self.lock(hash).find(hash, text) {
            return found;
        }
        let received = str::from_utf8(text).expect("invariant: words are parts of a text");
        let normalised = normalise_name(received);
        let quality = NameQuality::of_normalised(received, &normalised);
        let normalised = (normalised != received).then(|| self.intern(&normalised));
        let mut shard = self.lock(hash);
        // Another worker may have entered it meanwhile.
        if let Some(found) = shard.find(hash, text) {
            return found;
        }
        let word = InternedText(self.next.fetch_add(1, Ordering::Relaxed));
        assert!(word.0 < i32::MAX as u32, "invariant: the distinct words of a run fit their numbers");
        shard.insert(hash, text, (word, normalised.unwrap_or(word)), quality);
        (word, quality)
    }

    fn lock(&self, hash: u64) -> std::sync::MutexGuard<'_, Shard> {
        // The table inside a shard uses the other bits.
        self.shards[(hash >> 40) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes that the words take.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        let of_shard = |shard: &Mutex<Shard>| {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            // The table keeps a byte beside each number.
            let table = shard.table.capacity() * (size_of::<u32>() + 1);
            (shard.entries.capacity() * size_of::<Entry>() + shard.bytes.capacity() + table) as u64
        };
        self.shards.iter().map(of_shard).sum()
    }

    /// Bytes that [`Self::freeze`] takes besides those that the interner has.
    #[must_use]
    pub fn bytes_to_freeze(&self) -> u64 {
        const WORD_BYTES: u64 =
            (size_of::<InternedText>() + size_of::<(u32, u32)>() + size_of::<i32>() + size_of::<u64>()) as u64;
        let texts = self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner).bytes.len() as u64);
        u64::from(self.next.load(Ordering::Relaxed)) * WORD_BYTES + texts.sum::<u64>()
    }

    /// Ends the entering of words.
    ///
    /// # Panics
    /// When the texts of all words are 2 GiB or more.
    #[must_use]
    pub fn freeze(self) -> InternedTexts {
        let count = self.next.into_inner() as usize;
        let mut shards = self.shards.map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner));
        // Nothing is looked up by its text from here on.
        shards.iter_mut().for_each(|shard| shard.table = HashTable::new());
        let mut normalised = vec![InternedText::NONE; count];
        let mut places = vec![(0_u32, 0_u32); count];
        for (number, shard) in shards.iter().enumerate() {
            for (index, entry) in shard.entries.iter().enumerate() {
                normalised[entry.word.0 as usize] = entry.normalised;
                places[entry.word.0 as usize] = (number as u32, index as u32);
            }
        }
        let mut bytes = Vec::with_capacity(shards.iter().map(|shard| shard.bytes.len()).sum());
        let mut ends = Vec::with_capacity(count + 1);
        ends.extend([0_i32, 0]);
        for &(shard, index) in &places[1..] {
            bytes.extend_from_slice(shards[shard as usize].text(index));
            ends.push(i32::try_from(bytes.len()).expect("invariant: the distinct words of a run stay below 2 GiB"));
        }
        drop((shards, places));
        let ends = OffsetBuffer::new(ScalarBuffer::from(ends));
        let texts = StringArray::new(ends, Buffer::from_vec(bytes), None);
        let hashes = (0..count).map(|number| hash_text(texts.value(number).as_bytes())).collect();
        InternedTexts { texts, normalised, hashes }
    }
}

/// A worker's own table of the words that it met. It lives as long as the worker, and knows its words without a lock.
pub struct InternerCache<'l> {
    interner: &'l Interner,
    /// A power of two of places, at most half of them taken.
    slots: Vec<Slot>,
    taken: usize,
    bytes: Vec<u8>,
}

/// A word of a cache; a free place has the empty word.
#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u32,
    start: u32,
    number: u32,
    length: u16,
    /// As a name, whatever the word is used for.
    quality: NameQuality,
}

/// A cache that holds more begins anew, so that files of ever new words cost no memory twice.
const MOST_CACHED_WORDS: usize = 1 << 18;
const MOST_CACHED_BYTES: usize = 1 << 25;
/// A longer text is no word that comes often, and is not cached.
const LONGEST_CACHED: usize = 1 << 10;
const _: () = assert!(LONGEST_CACHED <= u16::MAX as usize, "the lengths of cached words fit their slots");
const FIRST_SLOTS: usize = 1 << 12;

impl<'l> InternerCache<'l> {
    /// An empty cache.
    #[must_use]
    pub fn new(interner: &'l Interner) -> Self {
        Self { interner, slots: vec![Slot::default(); FIRST_SLOTS], taken: 0, bytes: Vec::new() }
    }

    /// The interner's word for a text, which must be UTF-8.
    #[inline]
    pub fn intern(&mut self, text: &[u8]) -> InternedText {
        self.intern_hashed(text).0
    }

    /// The interner's word for a text, and the text's [`hash_text`].
    #[inline]
    pub fn intern_hashed(&mut self, text: &[u8]) -> (InternedText, u64) {
        let (word, hash, _) = self.intern_name(text);
        (word, hash)
    }

    /// The interner's word for a name, the text's [`hash_text`], and what is odd about it as a name.
    #[inline]
    pub fn intern_name(&mut self, text: &[u8]) -> (InternedText, u64, NameQuality) {
        let hash = hash_text(text);
        if text.is_empty() {
            return (InternedText::NONE, hash, NameQuality::default());
        }
        let mut place = hash as usize;
        loop {
            let slot = self.slots[place & (self.slots.len() - 1)];
            if slot.number == InternedText::NONE.0 {
                let (word, quality) = self.miss(hash, text);
                return (word, hash, quality);
            }
            if slot.hash == (hash >> 32) as u32 && same_text(self.text(slot), text) {
                return (InternedText(slot.number), hash, slot.quality);
            }
            place += 1;
        }
    }

    #[inline]
    fn text(&self, slot: Slot) -> &[u8] {
        &self.bytes[slot.start as usize..][..slot.length as usize]
    }

    #[cold]
    #[inline(never)]
    fn miss(&mut self, hash: u64, text: &[u8]) -> (InternedText, NameQuality) {
        let (word, quality) = self.interner.intern_hashed(hash, text);
        if text.len() > LONGEST_CACHED {
            return (word, quality);
        }
        if self.taken == MOST_CACHED_WORDS || self.bytes.len() > MOST_CACHED_BYTES {
            *self = Self::new(self.interner);
        } else if self.taken * 2 == self.slots.len() {
            self.grow();
        }
        let (start, length) = (self.bytes.len() as u32, text.len() as u16);
        let slot = Slot { hash: (hash >> 32) as u32, start, number: word.0, length, quality };
        self.bytes.extend_from_slice(text);
        self.taken += 1;
        place_slot(&mut self.slots, hash, slot);
        (word, quality)
    }

    fn grow(&mut self) {
        let mut slots = vec![Slot::default(); self.slots.len() * 2];
        for &slot in self.slots.iter().filter(|slot| slot.number != InternedText::NONE.0) {
            place_slot(&mut slots, hash_text(self.text(slot)), slot);
        }
        self.slots = slots;
    }
}

/// Equality, without a call for the lengths that words have.
#[inline]
fn same_text(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let word = |eight: &[u8; 8]| u64::from_le_bytes(*eight);
    match (one.last_chunk(), other.last_chunk()) {
        (Some(one_end), Some(other_end)) if one.len() <= 32 => {
            let (one_words, _) = one.as_chunks::<8>();
            let (other_words, _) = other.as_chunks::<8>();
            word(one_end) == word(other_end) && one_words.iter().zip(other_words).all(|(one, other)| word(one) == word(other))
        }
        _ => one == other,
    }
}

fn place_slot(slots: &mut [Slot], hash: u64, slot: Slot) {
    let last = slots.len() - 1;
    let mut place = hash as usize & last;
    while slots[place].number != InternedText::NONE.0 {
        place = (place + 1) & last;
    }
    slots[place] = slot;
}

/// A finished interner, for reading.
pub struct InternedTexts {
    texts: StringArray,
    normalised: Vec<InternedText>,
    hashes: Vec<u64>,
}

impl InternedTexts {
    /// The text of a word, as received.
    #[must_use]
    #[inline]
    pub fn text(&self, word: InternedText) -> &str {
        self.texts.value(word.0 as usize)
    }

    /// The word's form for comparison of names.
    #[must_use]
    #[inline]
    pub fn normalised(&self, word: InternedText) -> InternedText {
        self.normalised[word.0 as usize]
    }

    /// The [`hash_text`] of a word.
    #[must_use]
    #[inline]
    pub fn hash(&self, word: InternedText) -> u64 {
        self.hashes[word.0 as usize]
    }

    /// How many words there are, the empty one among them: all numbers of words are smaller.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "the empty word is always there")]
    pub fn len(&self) -> usize {
        self.normalised.len()
    }

    /// All texts in the order of their numbers, the empty word first: the dictionary for which numbers of words are the keys. A clone shares
    /// the memory.
    #[must_use]
    pub fn texts(&self) -> &StringArray {
        &self.texts
    }

    /// The word of a text, if it occurred. Looks through all words: for the few texts that the rules name.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<InternedText> {
        (0..self.texts.len()).find(|&number| self.texts.value(number) == text).map(|number| InternedText(number as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_workers_meet_in_the_lexicon() {
        let interner = Interner::default();
        let (mut first, mut second) = (InternerCache::new(&interner), InternerCache::new(&interner));
        let (a, b) = (first.intern("Иванов".as_bytes()), first.intern("ИВАНОВ".as_bytes()));
        assert_eq!(first.intern("Иванов".as_bytes()), a);
        let c = second.intern("ИВАНОВ".as_bytes());
        assert_eq!(second.intern(b""), InternedText::NONE);
        let words = interner.freeze();
        assert_eq!(b, c);
        assert_ne!(a, b);
        assert_eq!(words.text(a), "Иванов");
        assert_eq!(words.normalised(a), b);
        assert_eq!(words.normalised(b), b);
        assert_eq!(words.find("ИВАНОВ"), Some(b));
        assert_eq!(words.find("ПЕТРОВ"), None);
        assert_eq!(words.text(InternedText::NONE), "");
        assert_eq!(words.normalised(InternedText::NONE), InternedText::NONE);
    }

    /// More words than a cache has at first, and than it may have at last; some of them in small letters, so that they bring a second one.
    #[test]
    fn many_words_of_many_workers_are_numbered_without_gaps() {
        let words_of =
            |worker: usize| (0..2 * MOST_CACHED_WORDS).step_by(1 + worker).map(|number| format!("слово{}", number % 300_000));
        let interner = Interner::default();
        let entered: Vec<Vec<InternedText>> = std::thread::scope(|scope| {
            let worker = |worker: usize| {
                let interner = &interner;
                move || {
                    let mut cache = InternerCache::new(interner);
                    words_of(worker).map(|text| cache.intern(text.as_bytes())).collect()
                }
            };
            let workers: Vec<_> = (0..3).map(|number| scope.spawn(worker(number))).collect();
            workers.into_iter().map(|worker| worker.join().expect("a worker that ends")).collect()
        });
        let words = interner.freeze();
        assert_eq!(words.len(), 1 + 2 * 300_000);
        for (worker, entered) in entered.into_iter().enumerate() {
            for (text, word) in words_of(worker).zip(entered) {
                assert_eq!(words.text(word), text);
                assert_eq!(words.text(words.normalised(word)), text.to_uppercase());
            }
        }
    }

    #[test]
    fn the_quality_of_a_name_is_that_of_its_text_whether_it_is_new_known_or_too_long() {
        let interner = Interner::default();
        let mut cache = InternerCache::new(&interner);
        let long = format!("{}0", "Я".repeat(LONGEST_CACHED));
        for name in ["Анна", "Анна", "Ивaнов", "Ивaнов", "Иванов", &long, &long, ""] {
            assert_eq!(cache.intern_name(name.as_bytes()).2, NameQuality::of(name), "{name}");
        }
    }

    #[test]
    fn numbers_of_words_are_places_among_their_texts() {
        let interner = Interner::default();
        let long = "Я".repeat(LONGEST_CACHED);
        let mut cache = InternerCache::new(&interner);
        let entered = ["А", "Б", &long, "В", &long].map(|text| cache.intern(text.as_bytes()));
        let words = interner.freeze();
        assert_eq!(entered[2], entered[4]);
        assert_eq!(words.len(), words.texts().len());
        assert_eq!(words.texts().value(0), "");
        for word in entered {
            assert_eq!(words.texts().value(word.id() as usize), words.text(word));
        }
    }
}
