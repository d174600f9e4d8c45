//! Delimited text: mapped, in chunks of many sizes, and as a stream in blocks and portions of many sizes. All give the same rows.
//!
//! An input begins with a line of words that choose the layout; the bytes behind it are the text. So a file of the corpus explains itself.

mod ways;
mod written;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::reference;
use crate::header::{Header, Known};
use crate::layout::{HeaderLine, Layout};
use sverka_formats::Encoding;
use sverka_formats::encoded;
use sverka_fuzzing::Random;
use sverka_fuzzing::{Target, fuzz, kept, kind};
use sverka_model::Table;
use ways::Source;
pub(super) use ways::{SlowReader, fault_text};
use written::{WORDS, layout};

/// Most bytes of a repeated text.
const MOST_REPEATED_BYTES: usize = 3 << 20;

/// Input with its layout and text.
struct Case<'i> {
    layout: Layout,
    text: Cow<'i, [u8]>,
    /// Whether the slow reader can read the text.
    is_plain: bool,
}

/// Reader of delimited text under test, with the layouts of the first lines so far.
#[derive(Default)]
struct Csv {
    layouts: BTreeMap<Vec<u8>, Option<Layout>>,
}

impl Target for Csv {
    const CORPUS: &'static str = "csv";
    const ENDING: Option<&'static str> = Some("csv");
    const PIECES: &'static [&'static [u8]] = &[
        b"\n",
        b"\r\n",
        b"\r",
        b";",
        b";;;;;;;;",
        b"\t",
        b",",
        b"\"",
        b"\"\"",
        b"\";\"",
        b"'",
        b"' ;",
        b"\"\n",
        b";\"",
        b" ",
        b"\xA0",
        b"\xC2\xA0",
        b"\xEF\xBB\xBF",
        b"\xFF\xFE",
        b"\xFE\xFF",
        b"\0",
        b"\n\0",
        b"\0\n",
        b";\0",
        b"\"\0",
        b"\r\0",
        b"\0\r",
        b"\x98",
        b"\xD0",
        b"\xD0\x96",
        b"\xE2\x84\x96",
        b"\xF0\x9F\x98\x80",
        b"\xD8\x3D",
        b"\x3D\xD8",
        b"NULL",
        b"123456789",
        b"9990000000000001",
        b"1",
        b" \xE2\x84\x96 ",
        b"clinic;surname;given_name;birth_date;attached_from;series;number;sex\n",
        b"990101;A;B;2000-01-01;2020-01-01;;;1\n",
    ];

    fn seeds(&self) -> Vec<Vec<u8>> {
        let rows = "990101;Ольхова;Злата;1984-03-05;2020-01-01;12;345678;Ж\r\n\"990102\";\"ООО \"\"Ключ\"\"\";\"а;б\";;\"x\";;\"№\";\"2\"\n\n \
                    \n990103;a;b\n\"990104;\"c\";d\"e\";\"две\nстроки\";1;2;9990000000000001;NULL;;\nlast;2;3;4;5;6;7;8";
        let mut seeds = Vec::new();
        for encoding in ["", "windows-1251", "cp866", "utf-16le", "utf-16be"] {
            for how in ["", "stripped", "multiline", "joined", "several trailing", "stripped joined trailing least=2"] {
                let text =
                    if encoding == "cp866" || encoding == "windows-1251" || encoding.is_empty() { rows } else { &rows[..200] };
                let written = Encoding::from_name(encoding).unwrap_or(Encoding::Utf8);
                seeds.push([format!("{how} {encoding}\n").as_bytes(), &encoded(written, text)].concat());
            }
        }
        seeds
    }

    fn change(&self, input: &mut Vec<u8>, random: &mut Random) -> bool {
        let first_line = memchr::memchr(b'\n', input).unwrap_or(input.len());
        let mut words: Vec<String> =
            String::from_utf8_lossy(&input[..first_line]).split_whitespace().map(str::to_owned).collect();
        for choice in WORDS {
            let is_times = choice[0].starts_with("times");
            if random.below(10) > 0 && !is_times {
                continue;
            }
            words.retain(|word| {
                let is_known = choice.iter().any(|known| known.split(' ').any(|known| known == word));
                let is_replaced = is_known || (is_times && word.starts_with("times"));
                !is_replaced
            });
            // Long texts are rare, as one takes as long as thousands of others.
            if (random.below(if is_times { 2000 } else { 4 }) > 0) != is_times {
                words.push((*random.pick(choice)).to_owned());
            }
        }
        input.splice(..first_line, words.join(" ").into_bytes());
        true
    }

    fn read(&mut self, input: &[u8]) -> BTreeSet<String> {
        let mut behaviours = BTreeSet::new();
        let Some(case) = self.case(input) else { return behaviours };
        let form = case.layout.delimited().expect("text");
        let text = &case.text[..];
        let header = match Header::read(text, Known::Whole, &case.layout, form) {
            Ok(header) => header,
            Err(error) => return BTreeSet::from([kind(&error)]),
        };
        behaviours.insert(format!(
            "{} {:?} {}",
            header.encoding.encoding.name(),
            form.quotes,
            if form.multiline { "multiline" } else { "" }
        ));
        behaviours.insert(format!("header {:?} {}", form.header, header.data_from > 0));
        for table in [Table::Register, Table::Attachments] {
            let bindings = header.bind(&case.layout, table);
            if bindings.parts() == 0 {
                continue;
            }
            let source = Source { text, form, header: &header, bindings: &bindings, layout: &case.layout, table };
            let whole = source.mapped(MOST_REPEATED_BYTES * 2);
            whole.kinds(&mut behaviours);
            source.assert_all_agree(&whole);
            if case.is_plain && text.len() <= MOST_REPEATED_BYTES / 10 {
                let expected = reference::rows(text, form, &header, &case.layout);
                assert!(whole.rows == expected, "by the reference:\n{}\nfound:\n{}", expected.join("\n"), whole.rows.join("\n"));
            }
        }
        behaviours
    }
}

impl Csv {
    /// The case of an input; `None` if its words choose no layout.
    fn case<'i>(&mut self, input: &'i [u8]) -> Option<Case<'i>> {
        let first_line = memchr::memchr(b'\n', input)?;
        let (line, text) = (&input[..first_line], &input[first_line + 1..]);
        if self.layouts.len() > 10_000 {
            self.layouts.clear();
        }
        let written = String::from_utf8_lossy(line);
        let layout = self.layouts.entry(line.to_owned()).or_insert_with(|| layout(&written)).clone()?;
        let times = written.split_whitespace().find_map(|word| word.strip_prefix("times=")?.parse::<usize>().ok()).unwrap_or(1);
        let times = times.min(MOST_REPEATED_BYTES / text.len().max(1)).max(1);
        let is_plain =
            !written.contains("joined") && !written.contains("several") && !written.contains("multiline") && times == 1;
        Some(Case { layout, text: if times == 1 { text.into() } else { text.repeat(times).into() }, is_plain })
    }
}

/// Lines about an input, for the expectations of the corpus.
fn describe(csv: &mut Csv, input: &[u8]) -> Vec<String> {
    let Some(case) = csv.case(input) else { return vec!["no layout".to_owned()] };
    let form = case.layout.delimited().expect("text");
    let header = match Header::read(&case.text, Known::Whole, &case.layout, form) {
        Ok(header) => header,
        Err(error) => return vec![error.to_string()],
    };
    let head = if form.header == HeaderLine::None { "" } else { ", behind a header" };
    let mut lines = vec![format!("{} from byte {}{head}", header.encoding.encoding.name(), header.data_from)];
    for table in case.layout.tables() {
        let bindings = header.bind(&case.layout, table);
        let source = Source { text: &case.text, form, header: &header, bindings: &bindings, layout: &case.layout, table };
        let found = source.mapped(MOST_REPEATED_BYTES * 2);
        let (count, all) = (found.rows.len(), found.rows.into_iter());
        lines.push(format!("{table}: {count} rows in {} lines", found.lines));
        lines.extend(all.take(20).map(|row| row.escape_debug().to_string()));
    }
    lines
}

#[test]
fn changed_texts_give_the_same_rows_in_every_way() {
    fuzz(&mut Csv::default());
}

#[test]
fn kept_texts_give_what_is_expected() {
    kept::replay(&mut Csv::default(), describe);
}
