//! A short text that a row holds in itself, so that making a row allocates nothing, and the edits that people and machines make to names.

/// Text of at most [`Text::CAPACITY`] bytes of UTF-8.
#[derive(Clone, Copy)]
pub(super) struct Text {
    length: u8,
    bytes: [u8; Self::CAPACITY],
}

impl Text {
    /// Most bytes of a text.
    pub const CAPACITY: usize = 95;
    /// Empty text.
    pub const EMPTY: Self = Self { length: 0, bytes: [0; Self::CAPACITY] };

    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.bytes()).expect("texts are built from whole characters")
    }

    #[inline]
    pub fn push(&mut self, more: &[u8]) {
        let end = usize::from(self.length) + more.len();
        self.bytes[usize::from(self.length)..end].copy_from_slice(more);
        self.length = end as u8;
    }

    /// Appends `number` with leading zeros to `width` digits.
    pub fn push_digits(&mut self, number: u64, width: usize) {
        let mut digits = [0_u8; 20];
        let mut rest = number;
        for digit in digits[..width].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.push(&digits[..width]);
    }

    /// Number of letters.
    pub fn letters(&self) -> usize {
        self.as_str().chars().count()
    }

    /// The text that `map` makes of the letters and their indexes.
    fn mapped(&self, mut map: impl FnMut(usize, char, &mut String)) -> Self {
        let mut out = String::with_capacity(Self::CAPACITY);
        for (index, letter) in self.as_str().chars().enumerate() {
            map(index, letter, &mut out);
        }
        Self::from(out.as_str())
    }

    /// The text with the letter at an index left out or doubled.
    pub fn with_typo(&self, at: usize, doubled: bool) -> Self {
        self.mapped(|index, letter, out| {
            if index != at {
                out.push(letter);
            } else if doubled {
                out.extend([letter, letter]);
            }
        })
    }

    /// The first letter, with or without a full stop.
    pub fn initial(&self, full_stop: bool) -> Self {
        self.mapped(|index, letter, out| {
            if index == 0 {
                out.push(letter);
                if full_stop {
                    out.push('.');
                }
            }
        })
    }

    /// The text with Latin letters in place of letters of the same shape.
    pub fn with_latin_letters(&self) -> Self {
        self.mapped(|_, letter, out| {
            out.push(match letter {
                'а' => 'a',
                'е' => 'e',
                'о' => 'o',
                'с' => 'c',
                'р' => 'p',
                'х' => 'x',
                'А' => 'A',
                'М' => 'M',
                'Н' => 'H',
                other => other,
            });
        })
    }

    /// The text in capitals, with Е for Ё.
    pub fn in_capitals(&self) -> Self {
        self.mapped(|_, letter, out| match letter {
            'ё' | 'Ё' => out.push('Е'),
            other => out.extend(other.to_uppercase()),
        })
    }

    /// Appends the text in windows-1251.
    pub fn in_windows_1251(&self, out: &mut Vec<u8>) {
        out.extend(self.as_str().chars().map(|letter| match letter {
            'Ё' => 0xA8,
            'ё' => 0xB8,
            'А'..='я' => 0xC0 + (letter as u32 - 'А' as u32) as u8,
            other => other as u8,
        }));
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let mut out = Self::EMPTY;
        out.push(text.as_bytes());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sverka_model::{names_compatible, normalise_name};

    #[test]
    fn edits_are_those_that_a_reader_can_or_cannot_undo() {
        let name = Text::from("Наталья");
        let key = normalise_name(name.as_str());
        assert_eq!(normalise_name(name.with_latin_letters().as_str()), key);
        assert_ne!(name.with_latin_letters().as_str(), name.as_str());
        assert_eq!(normalise_name(Text::from("Алёна").in_capitals().as_str()), "АЛЕНА");
        for typo in [name.with_typo(2, false), name.with_typo(2, true), name.initial(true)] {
            let typo = normalise_name(typo.as_str());
            assert_ne!(typo, key);
            assert!(names_compatible(&typo, &key), "{typo}");
        }
    }

    #[test]
    fn windows_1251_is_never_valid_utf8() {
        let mut bytes = Vec::new();
        Text::from("Семёнов").in_windows_1251(&mut bytes);
        assert_eq!(bytes, [0xD1, 0xE5, 0xEC, 0xB8, 0xED, 0xEE, 0xE2]);
        assert!(std::str::from_utf8(&bytes).is_err());
    }
}
