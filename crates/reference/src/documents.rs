//! Known kinds of identity documents and the masks of their numbers: the built-in ones, and those that the job's dictionary F011 adds.
//!
//! The settings of documents say who may have which kind, and until when; this module does not.

mod masks;

use std::collections::BTreeMap;

use masks::Mask;

use super::{Dictionary, DocumentMasks};
use sverka_model::DocumentKind;

/// Built-in kinds: number, and the masks of series and number in the notation of [`DocumentMasks`]; empty when the masks are unknown.
const BUILT_IN: [(u8, &str, &str); 26] = [
    (1, "R-ББ", "999999"),
    (2, "SSSSSSSS", "00000009"),
    (3, "R-ББ", "999999"),
    (4, "ББ", "9999999"),
    (5, "SSSSSSSS", "00000009"),
    (6, "ББ", "999999"),
    (7, "ББ", "9999990"),
    (8, "99", "9999999"),
    (9, "SSSSSSSS", "0000000009"),
    (10, "SSSSSSSS", "00000009"),
    (11, "SSSSSSSS", "00000009"),
    (12, "SSSSSSSS", "00000009"),
    (13, "SSSSSSSS", "00000009"),
    (14, "99 99", "999999"),
    (15, "99", "9999999"),
    (16, "ББ", "9999990"),
    (17, "ББ", "999999"),
    (18, "SSSSSSSS", "0000000009"),
    (20, "SSSSSSSS", "0000000009"),
    (21, "SSSSSSSS", "0000000009"),
    (22, "SSSSSSSS", "0000000009"),
    (23, "SSSSSSSS", "00000009"),
    (24, "SSSSSSSS", "00000009"),
    (25, "ББ", "9999999"),
    // Kinds in registers that no published dictionary explains.
    (27, "", ""),
    (28, "", ""),
];

/// Known kinds of identity documents.
#[derive(Clone, Debug)]
pub struct DocumentKinds {
    /// Kinds by number.
    numbered: Vec<Option<KnownDocumentKind>>,
    /// Kinds by code, for codes that are no numbers from 1 to 99.
    others: BTreeMap<String, KnownDocumentKind>,
}

/// Known kind of identity documents with the mask of its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownDocumentKind {
    /// The kind; none when its code is no number.
    pub kind: DocumentKind,
    mask: Option<Mask>,
}

/// Result of comparing series and number with the mask of their kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskFit {
    /// The number fits, or the mask of its kind is unknown.
    Fits,
    /// The number fits, but its Roman figures are typed in Cyrillic letters or as the digit 1.
    CyrillicFigures,
    /// The number does not fit.
    Unfit,
}

impl DocumentKinds {
    /// The built-in kinds and all kinds of the dictionary, whenever they were in force. A mask of the dictionary outranks the built-in one.
    #[must_use]
    pub fn new(dictionary: Option<&Dictionary<DocumentMasks>>) -> Self {
        let mut kinds = Self { numbered: vec![None; usize::from(DocumentKind::MAX) + 1], others: BTreeMap::new() };
        for (number, series_mask, number_mask) in BUILT_IN {
            let (kind, mask) = (DocumentKind::from_number(number), Mask::read(series_mask, number_mask));
            kinds.numbered[usize::from(number)] = Some(KnownDocumentKind { kind, mask });
        }
        // The latest entry of a code comes last.
        for entry in dictionary.map_or(&[][..], Dictionary::entries) {
            let mask = Mask::read(&entry.details.series, &entry.details.number);
            let empty = |kind| KnownDocumentKind { kind, mask: None };
            let known = match DocumentKind::parse(entry.code.as_bytes()) {
                Some(kind) => kinds.numbered[usize::from(kind.number())].get_or_insert(empty(kind)),
                None => kinds.others.entry(entry.code.clone()).or_insert(empty(DocumentKind::NONE)),
            };
            known.mask = mask.or_else(|| known.mask.take());
        }
        kinds
    }

    /// The kind of a code, without blanks around it.
    #[must_use]
    #[inline]
    pub fn find(&self, code: &[u8]) -> Option<&KnownDocumentKind> {
        match DocumentKind::parse(code) {
            Some(kind) => self.numbered[usize::from(kind.number())].as_ref(),
            None => self.find_other(code),
        }
    }

    #[cold]
    fn find_other(&self, code: &[u8]) -> Option<&KnownDocumentKind> {
        self.others.get(str::from_utf8(code).ok()?)
    }
}

impl KnownDocumentKind {
    /// Compares a series and number, written one behind the other, with the mask of this kind. Blanks and `№` may stand anywhere or be left out.
    #[must_use]
    #[inline]
    pub fn fit(&self, number: &[u8]) -> MaskFit {
        self.mask.as_ref().map_or(MaskFit::Fits, |mask| mask.fit(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_fits(kinds: &DocumentKinds, cases: &[(&str, &str, MaskFit)]) {
        for (code, number, expected) in cases {
            let kind = kinds.find(code.as_bytes()).expect("a known kind");
            assert_eq!(kind.fit(number.as_bytes()), *expected, "{number} of kind {code}");
        }
    }

    #[test]
    fn kinds_are_found_by_exactly_their_codes() {
        let kinds = DocumentKinds::new(None);
        assert_eq!(kinds.find(b"14").map(|known| known.kind), Some(DocumentKind::PASSPORT));
        assert_eq!(kinds.find(b"3").map(|known| known.kind), Some(DocumentKind::BIRTH_CERTIFICATE));
        for unknown in ["", "0", "03", "19", "26", "99", "100", "014", "П", " 14"] {
            assert_eq!(kinds.find(unknown.as_bytes()), None, "{unknown}");
        }
    }

    #[test]
    fn numbers_fit_with_and_without_blanks() {
        use MaskFit::{Fits, Unfit};
        assert_fits(
            &DocumentKinds::new(None),
            &[
                ("14", "98 05 100001", Fits),
                ("14", "9805 100001", Fits),
                ("14", "9805100001", Fits),
                ("14", "98 05 № 100001", Fits),
                ("14", "98\u{A0}05\t100001", Fits),
                ("14", "98 05 10000", Unfit),
                ("14", "98 05 1000011", Unfit),
                ("14", "98-05 100001", Unfit),
                ("14", "98 O5 100001", Unfit),
                ("14", "", Unfit),
                ("15", "71 1234567", Fits),
                ("15", "71 123456", Unfit),
                ("7", "АБ 123456", Fits),
                ("7", "АБ1234567", Fits),
                ("7", "АБ 12345", Unfit),
                ("7", "аБ 123456", Unfit),
                ("7", "AB 123456", Unfit),
                ("25", "ЁЯ 1234567", Fits),
                ("25", "А 1234567", Unfit),
                ("28", "whatever", Fits),
            ],
        );
    }

    #[test]
    fn a_series_of_anything_may_be_absent_and_its_number_ends_in_a_digit() {
        use MaskFit::{Fits, Unfit};
        assert_fits(
            &DocumentKinds::new(None),
            &[
                ("23", "1", Fits),
                ("23", "12345678", Fits),
                ("23", "ABCDEFGH 12345678", Fits),
                ("23", "1234567812345678", Fits),
                ("23", "12345678123456789", Unfit),
                ("23", "ABCDEFGHI1", Unfit),
                ("23", "AA 12-3", Fits),
                ("23", "AA 1234567X", Unfit),
                ("21", "AB1234567890", Fits),
                ("21", "ABCDEFGH1234567890", Fits),
                ("21", "ABCDEFGH12345678901", Unfit),
            ],
        );
    }

    #[test]
    fn roman_series_may_be_typed_in_cyrillic_and_must_be_numbers() {
        use MaskFit::{CyrillicFigures, Fits, Unfit};
        assert_fits(
            &DocumentKinds::new(None),
            &[
                ("3", "II-АН 100003", Fits),
                ("3", "II-АН100003", Fits),
                ("3", "XXIV-АН 100003", Fits),
                ("3", "CDXLIV-АН 100003", Fits),
                ("3", "11-АН 100003", CyrillicFigures),
                ("3", "1У-АН 100003", CyrillicFigures),
                ("3", "ХЛ1-АН 100003", CyrillicFigures),
                ("3", "С-АН 100003", CyrillicFigures),
                ("3", "XХ-АН 100003", CyrillicFigures),
                ("3", "IIII-АН 100003", Unfit),
                ("3", "IIX-АН 100003", Unfit),
                ("3", "VV-АН 100003", Unfit),
                ("3", "1111-АН 100003", Unfit),
                ("3", "П-АН 100003", Unfit),
                ("3", "ii-АН 100003", Unfit),
                ("3", "-АН 100003", Unfit),
                ("3", "II АН 100003", Unfit),
                ("3", "II-AH 100003", Unfit),
                ("3", "II-АН 10000", Unfit),
                ("1", "XIV-ЯЯ 999999", Fits),
            ],
        );
    }

    #[test]
    fn a_dictionary_adds_kinds_and_masks() {
        let zap = |code: &str, series: &str, number: &str| {
            format!("<zap IDDoc='{code}' DocName='x' DocSer='{series}' DocNum='{number}'/>")
        };
        let packet = [zap("14", "", ""), zap("15", "99", "99"), zap("19", "ББ", "9"), zap("А1", "", "90"), zap("3", "@", "9")];
        let packet = format!("<packet>{}</packet>", packet.concat());
        let dictionary = Dictionary::read_documents("F011.xml", packet.as_bytes()).expect("a dictionary");
        let kinds = DocumentKinds::new(Some(&dictionary));
        assert_fits(
            &kinds,
            &[
                ("14", "98 05 100001", MaskFit::Fits),
                ("14", "98 05", MaskFit::Unfit),
                ("15", "9999", MaskFit::Fits),
                ("15", "71 1234567", MaskFit::Unfit),
                ("19", "АБ 1", MaskFit::Fits),
                ("А1", "12", MaskFit::Fits),
                ("А1", "123", MaskFit::Unfit),
                ("3", "II-АН 100003", MaskFit::Fits),
                ("3", "1", MaskFit::Unfit),
            ],
        );
        assert_eq!(kinds.find("А1".as_bytes()).map(|known| known.kind), Some(DocumentKind::NONE));
        assert_eq!(kinds.find("А2".as_bytes()), None);
    }
}
