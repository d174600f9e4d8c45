//! Tests of encodings: names, tables, broken bytes, guesses.

use proptest::prelude::*;

use super::sample::encoded;
use super::*;

fn decoded(encoding: Encoding, bytes: &[u8]) -> Option<String> {
    let mut text = "what was there before".to_owned();
    encoding.decode(bytes, &mut text).then_some(text)
}

fn guessed(bytes: &[u8]) -> Encoding {
    let (SettledEncoding { encoding: found, .. }, start) = SourceEncoding::detect(bytes, None);
    assert!(found.detected && start == 0);
    found.encoding
}

#[test]
fn names_are_read_in_every_common_spelling() {
    for encoding in Encoding::ALL {
        assert_eq!(Encoding::from_name(encoding.name()), Some(encoding));
        assert_eq!(Encoding::from_name(&encoding.name().to_uppercase()), Some(encoding));
    }
    for (name, encoding) in [
        ("cp1251", Encoding::Windows1251),
        ("win-1251", Encoding::Windows1251),
        ("CP-866", Encoding::Cp866),
        ("IBM866", Encoding::Cp866),
        ("koi8r", Encoding::Koi8R),
        ("KOI8_R", Encoding::Koi8R),
        ("UTF8", Encoding::Utf8),
        ("UTF-16", Encoding::Utf16Le),
    ] {
        assert_eq!(Encoding::from_name(name), Some(encoding), "{name}");
    }
    assert_eq!(Encoding::from_name("latin1"), None);
}

#[test]
fn every_byte_of_a_page_has_one_character_of_its_own() {
    for (encoding, meaningless) in [(Encoding::Windows1251, Some(0x98)), (Encoding::Cp866, None), (Encoding::Koi8R, None)] {
        let page = encoding.code_page().expect("a page");
        for byte in 0..=u8::MAX {
            let text = decoded(encoding, &[byte]);
            assert_eq!(text.is_none(), Some(byte) == meaningless, "{byte:#x} of {}", encoding.name());
            let Some(text) = text else { continue };
            assert_eq!(text.chars().count(), 1);
            assert_eq!(encoded(encoding, &text), [byte], "{byte:#x} of {}", encoding.name());
            assert_eq!(byte.is_ascii(), text.is_ascii());
        }
        assert_eq!(page.first_meaningless(b"\x80\x97\x98"), meaningless.map(|_| 2));
        assert_eq!((0x80..=u8::MAX).filter(|&byte| page.is_blank(byte)).count(), 1, "the no-break space");
    }
}

#[test]
fn every_byte_of_a_page_is_that_of_encoding_rs() {
    for (page, library) in [
        (&WINDOWS_1251, encoding_rs::WINDOWS_1251),
        (&CP866, encoding_rs::IBM866),
        (&KOI8_R, encoding_rs::KOI8_R),
        (&ISO_8859_5, encoding_rs::ISO_8859_5),
    ] {
        for byte in 0..=u8::MAX {
            let text =
                library.decode_without_bom_handling_and_without_replacement(&[byte]).expect("a byte with a meaning").into_owned();
            // Browsers, which encoding_rs follows, take the byte that Windows does not assign as a control character.
            let expected = if (library.name(), byte) == ("windows-1251", 0x98) { None } else { text.chars().next() };
            assert_eq!(page.character(byte), expected, "{byte:#x} of {}", library.name());
        }
    }
}

#[test]
fn what_is_encoded_is_decoded_again() {
    for encoding in Encoding::ALL {
        let characters =
            (0..=u8::MAX).filter_map(|byte| encoding.code_page().map_or(Some(char::from(byte)), |page| page.character(byte)));
        let text: String = characters.chain("Ёлкин № 7".chars().filter(|&c| encoding != Encoding::Koi8R || c != '№')).collect();
        let mut bytes = b"before".to_vec();
        assert_eq!(encoding.encode(&text, &mut bytes), Ok(()), "{}", encoding.name());
        assert_eq!(decoded(encoding, &bytes[6..]).as_deref(), Some(text.as_str()), "{}", encoding.name());
    }
}

#[test]
fn a_character_that_a_code_page_lacks_is_an_error() {
    for (encoding, text, lacking) in
        [(Encoding::Windows1251, "Петров ǅ", 'ǅ'), (Encoding::Cp866, "Ђорђе", 'Ђ'), (Encoding::Koi8R, "34-АБ № 1", '№')]
    {
        assert_eq!(encoding.encode(text, &mut Vec::new()), Err(lacking), "{}", encoding.name());
    }
    for encoding in [Encoding::Windows1251, Encoding::Cp866, Encoding::Koi8R] {
        assert_eq!(encoding.encode("\u{FFFD}", &mut Vec::new()), Err(char::REPLACEMENT_CHARACTER));
    }
}

#[test]
fn known_letters_have_their_bytes() {
    for (encoding, bytes) in
        [(Encoding::Windows1251, *b"\xC0\xDF\xE0\xFF\xA8\xB8\xB9"), (Encoding::Cp866, *b"\x80\x9F\xA0\xEF\xF0\xF1\xFC")]
    {
        assert_eq!(decoded(encoding, &bytes).as_deref(), Some("АЯаяЁё№"), "{}", encoding.name());
    }
    assert_eq!(decoded(Encoding::Koi8R, b"\xE1\xF1\xC1\xD1\xB3\xA3").as_deref(), Some("АЯаяЁё"));
}

#[test]
fn halves_and_lone_surrogates_are_faults() {
    for (bytes, valid) in
        [(&b"\x3D\xD8\x00\xDE"[..], true), (b"\x3D\xD8", false), (b"\x00\xDE\x3D\xD8", false), (b"a\0b", false), (b"", true)]
    {
        assert_eq!(decoded(Encoding::Utf16Le, bytes).is_some(), valid, "{bytes:x?}");
        let swapped: Vec<u8> = bytes.chunks(2).flat_map(|unit| unit.iter().rev().copied()).collect();
        assert_eq!(decoded(Encoding::Utf16Be, &swapped).is_some(), valid, "{swapped:x?}");
    }
}

#[test]
fn lines_of_utf16_end_at_line_feeds_and_not_at_bytes_that_look_like_them() {
    // U+0A0A and U+010A have the bytes of line feeds.
    let text = "\u{A0A}a\u{10A}\r\n\u{A00}\nb";
    for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
        let bytes = encoded(encoding, text);
        let ends: Vec<usize> = [0, 10, 14].map(|from| encoding.line_end(&bytes, from)).to_vec();
        assert_eq!(ends, [10, 14, 16], "{}", encoding.name());
        assert_eq!(encoding.without_line_end(&bytes[..10]).len(), 6);
        assert_eq!(encoding.lines(&bytes), 3);
        let starts: Vec<usize> = (1..16).map(|place| encoding.line_end(&bytes, encoding.unit_before(place))).collect();
        let expected: Vec<usize> = (1..16)
            .map(|place| {
                if place <= 10 {
                    10
                } else if place <= 14 {
                    14
                } else {
                    16
                }
            })
            .collect();
        assert_eq!(starts, expected, "{}", encoding.name());
    }
}

const SENTENCES: [&str; 4] = [
    "98001;1;ЗР № 123456;Заречнов;Пров;Ильич;1980-01-01\n",
    "98001;3;;ЩЕРБАКОВА;ЮЛИЯ;ФЁДОРОВНА;1980-01-01;Г. ПРИМЕР\n",
    "98001;3;;Ян;Ли\n",
    "фамилия;имя;отчество\nкузнецов;пётр\n",
];

#[test]
fn undeclared_sources_are_read_in_what_they_are_written_in() {
    // ISO 8859-5 is only ever declared, by XML.
    for encoding in Encoding::ALL.into_iter().filter(|encoding| *encoding != Encoding::Iso8859p5) {
        for text in SENTENCES {
            let text = if encoding == Encoding::Koi8R { text.replace('№', "N") } else { text.to_owned() };
            assert_eq!(guessed(&encoded(encoding, &text)), encoding, "{text}");
        }
    }
    assert_eq!(guessed(b"surname;birth_date\nA;1980-01-01\n"), Encoding::Utf8);
    assert_eq!(guessed(b""), Encoding::Utf8);
}

#[test]
fn letters_may_come_late_and_a_broken_byte_does_not_make_a_source_another() {
    let ascii = "1980-01-01;1;2\n".repeat(SAMPLE_BYTES_OF_LINES);
    for encoding in [Encoding::Windows1251, Encoding::Cp866, Encoding::Koi8R, Encoding::Utf8] {
        let mut bytes = encoded(encoding, &(ascii.clone() + &SENTENCES[3].repeat(5_000)));
        assert_eq!(guessed(&bytes), encoding);
        if encoding == Encoding::Utf8 {
            let middle = bytes.len() / 2;
            bytes.splice(middle..middle, *b"\n\xC7\xE0\xF0\n\xFF\n");
            assert_eq!(guessed(&bytes), Encoding::Utf8);
        }
    }
}

/// A number of lines of fifteen bytes that fills the first sample.
const SAMPLE_BYTES_OF_LINES: usize = 5_000;

#[test]
fn a_byte_order_mark_is_believed_before_the_layout() {
    let found = |mark: &[u8], text: &[u8], declared| {
        let (settled, start) = SourceEncoding::detect(&[mark, text].concat(), declared);
        (settled.encoding.encoding, start, settled.conflict)
    };
    assert_eq!(found(b"\xEF\xBB\xBF", b"ab", None), (Encoding::Utf8, 3, None));
    assert_eq!(found(b"\xEF\xBB\xBF\xEF\xBB\xBF", b"ab", Some(Encoding::Utf8)), (Encoding::Utf8, 6, None));
    assert_eq!(found(b"\xFF\xFE", b"a\0b\0", None), (Encoding::Utf16Le, 2, None));
    assert_eq!(found(b"\xFE\xFF", b"\0a\0b", Some(Encoding::Utf16Le)), (Encoding::Utf16Be, 2, None));
    let (encoding, _, conflict) = found(b"\xEF\xBB\xBF", b"ab", Some(Encoding::Windows1251));
    let message = conflict.expect("the layout is contradicted").to_string();
    assert_eq!(encoding, Encoding::Utf8);
    assert!(
        message.contains("the layout says `encoding = \"windows-1251\"`, and the file begins with the byte order mark of utf-8"),
        "{message}"
    );
    let (encoding, start, conflict) = found(b"\xEF\xBB\xBF", &encoded(Encoding::Windows1251, SENTENCES[1]), Some(Encoding::Utf8));
    assert_eq!((encoding, start), (Encoding::Windows1251, 3));
    assert!(conflict.expect("the mark is contradicted").to_string().starts_with("the byte order mark says utf-8"));
}

proptest! {
    #[test]
    fn every_text_of_a_page_goes_there_and_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for encoding in [Encoding::Windows1251, Encoding::Cp866, Encoding::Koi8R] {
            let page = encoding.code_page().expect("a page");
            match decoded(encoding, &bytes) {
                Some(text) => prop_assert_eq!(encoded(encoding, &text), bytes.clone()),
                None => prop_assert!(page.first_meaningless(&bytes).is_some()),
            }
        }
    }

    #[test]
    fn every_text_of_utf16_goes_there_and_back(text in any::<String>()) {
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            let bytes = encoded(encoding, &text);
            prop_assert_eq!(decoded(encoding, &bytes), Some(text.clone()));
            prop_assert_eq!(decoded(encoding, &[bytes.as_slice(), b"x"].concat()), None);
        }
    }
}
