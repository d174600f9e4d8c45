//! Words of few spellings and many occurrences (names, districts, kinds of documents), stored once.
//!
//! A chunk collects its words by itself without locks; at its end they are entered into the lexicon of the run. Ids depend on scheduling and
//! therefore mean equality only: nothing that leaves the run may depend on their order.

use std::sync::{Mutex, PoisonError};

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

use crate::identifier::normalise_name;

/// A word of the lexicon; [`Word::NONE`] is the empty one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct Word(u32);

impl Word {
    /// The empty word.
    pub const NONE: Self = Self(0);

    /// The number behind the word, for keys.
    #[must_use]
    pub fn id(self) -> u32 {
        self.0
    }
}

const SHARD_BITS: u32 = 4;
const SHARDS: usize = 1 << SHARD_BITS;

/// Text stored back to back with a hash table over it.
#[derive(Default)]
struct WordStore {
    table: HashTable<u32>,
    ends: Vec<u32>,
    bytes: String,
}

impl WordStore {
    fn text(&self, index: u32) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index as usize - 1] };
        &self.bytes[start as usize..self.ends[index as usize] as usize]
    }

    fn find(&self, hash: u64, text: &str) -> Option<u32> {
        self.table.find(hash, |&index| self.text(index) == text).copied()
    }

    fn insert(&mut self, hash: u64, text: &str) -> u32 {
        let index = u32::try_from(self.ends.len()).expect("fewer words than rows");
        self.bytes.push_str(text);
        self.ends.push(u32::try_from(self.bytes.len()).expect("invariant: the distinct words of a run stay below 4 GiB"));
        let (ends, bytes) = (&self.ends, &self.bytes);
        self.table.insert_unique(hash, index, |&other| {
            let start = if other == 0 { 0 } else { ends[other as usize - 1] };
            xxh3_64(&bytes.as_bytes()[start as usize..ends[other as usize] as usize])
        });
        index
    }
}

/// The words that one worker has met, so that only new ones ask the lexicon.
pub struct WordCache<'l> {
    lexicon: &'l Lexicon,
    store: WordStore,
    words: Vec<Word>,
}

impl<'l> WordCache<'l> {
    /// Nothing met yet.
    #[must_use]
    pub fn new(lexicon: &'l Lexicon) -> Self {
        Self { lexicon, store: WordStore::default(), words: Vec::new() }
    }

    /// The lexicon's number of `text`.
    #[inline]
    pub fn enter(&mut self, text: &str) -> Word {
        if text.is_empty() {
            return Word::NONE;
        }
        let hash = xxh3_64(text.as_bytes());
        if let Some(index) = self.store.find(hash, text) {
            return self.words[index as usize];
        }
        let word = self.lexicon.enter(text);
        self.store.insert(hash, text);
        self.words.push(word);
        word
    }
}

#[derive(Default)]
struct Shard {
    store: WordStore,
    normalised: Vec<Word>,
}

/// All words of a run, with the form in which names are compared.
pub struct Lexicon {
    shards: Vec<Mutex<Shard>>,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }
}

impl Lexicon {
    /// Enters one word.
    pub fn enter(&self, text: &str) -> Word {
        if text.is_empty() {
            return Word::NONE;
        }
        let hash = xxh3_64(text.as_bytes());
        if let Some(index) = self.lock(hash).store.find(hash, text) {
            return word(hash, index);
        }
        let normalised = normalise_name(text);
        let normalised = (normalised != text).then(|| self.enter(&normalised));
        let mut shard = self.lock(hash);
        // Another chunk may have entered it meanwhile.
        let index = shard.store.find(hash, text).unwrap_or_else(|| {
            let index = shard.store.insert(hash, text);
            shard.normalised.push(normalised.unwrap_or(word(hash, index)));
            index
        });
        word(hash, index)
    }

    fn lock(&self, hash: u64) -> std::sync::MutexGuard<'_, Shard> {
        self.shards[shard_of(hash)].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the entering of words.
    #[must_use]
    pub fn freeze(self) -> Words {
        Words {
            shards: self.shards.into_iter().map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner)).collect(),
        }
    }
}

/// A finished lexicon, for reading.
pub struct Words {
    shards: Vec<Shard>,
}

impl Words {
    /// The text of a word, as received.
    #[must_use]
    #[inline]
    pub fn text(&self, word: Word) -> &str {
        if word == Word::NONE {
            return "";
        }
        let (shard, index) = place(word);
        self.shards[shard].store.text(index)
    }

    /// The texts of all words, by their numbers.
    #[must_use]
    pub fn texts(&self) -> arrow::array::StringArray {
        let most = self.shards.iter().map(|shard| shard.store.ends.len()).max().unwrap_or(0) as u32;
        let text = |number: u32| {
            let (shard, index) = (number as usize % SHARDS, (number >> SHARD_BITS).wrapping_sub(1));
            let store = &self.shards[shard].store;
            if (index as usize) < store.ends.len() { store.text(index) } else { "" }
        };
        arrow::array::StringArray::from_iter_values((0..(most + 1) << SHARD_BITS).map(text))
    }

    /// The word's form for comparison of names.
    #[must_use]
    #[inline]
    pub fn normalised(&self, word: Word) -> Word {
        if word == Word::NONE {
            return word;
        }
        let (shard, index) = place(word);
        self.shards[shard].normalised[index as usize]
    }

    /// The word of a text, if it occurred.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Word> {
        let hash = xxh3_64(text.as_bytes());
        self.shards[shard_of(hash)].store.find(hash, text).map(|index| word(hash, index))
    }
}

fn shard_of(hash: u64) -> usize {
    // The table inside a shard uses the other bits.
    (hash >> 40) as usize % SHARDS
}

fn word(hash: u64, index: u32) -> Word {
    assert!(index < u32::MAX >> SHARD_BITS, "invariant: the distinct words of a run fit their numbers");
    Word(((index + 1) << SHARD_BITS) | shard_of(hash) as u32)
}

fn place(word: Word) -> (usize, u32) {
    (word.0 as usize % SHARDS, (word.0 >> SHARD_BITS) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_workers_meet_in_the_lexicon() {
        let lexicon = Lexicon::default();
        let (mut first, mut second) = (WordCache::new(&lexicon), WordCache::new(&lexicon));
        let (a, b) = (first.enter("Иванов"), first.enter("ИВАНОВ"));
        assert_eq!(first.enter("Иванов"), a);
        assert_eq!(second.enter("ИВАНОВ"), b);
        assert_eq!(second.enter(""), Word::NONE);
        let words = lexicon.freeze();
        assert_ne!(a, b);
        assert_eq!(words.text(a), "Иванов");
        assert_eq!(words.normalised(a), b);
        assert_eq!(words.normalised(b), b);
        assert_eq!(words.find("ИВАНОВ"), Some(b));
        assert_eq!(words.find("ПЕТРОВ"), None);
    }

    #[test]
    fn many_words_keep_their_texts() {
        let lexicon = Lexicon::default();
        let entered: Vec<Word> = (0..10_000).map(|number| lexicon.enter(&format!("СЛОВО{number}"))).collect();
        let words = lexicon.freeze();
        for (number, word) in entered.into_iter().enumerate() {
            assert_eq!(words.text(word), format!("СЛОВО{number}"));
        }
    }
}
