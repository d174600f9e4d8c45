//! Text with delimiters: mapped, in chunks of many sizes, and as a stream in blocks and portions of many sizes, all of which give the same rows.
//!
//! An input begins with a line of words that say how it is written; the bytes behind it are the text. So a file of the corpus explains itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Read};

use super::change::Random;
use super::{Target, fuzz, kept, kind, reference};
use crate::intake::binding::Bindings;
use crate::intake::chunk::{Chunk, ChunkReader, Chunks, RowBytes, RowFault};
use crate::intake::encoding::encoded;
use crate::intake::fields::RowFields;
use crate::intake::header::Header;
use crate::intake::layout::{Delimited, Field, Layout, Table};
use crate::intake::text_stream::{Held, rows_of_stream};
use crate::intake::{Encoding, HeaderLine};

/// The words of the first line, a line for each thing that they choose; none of them is a choice, too.
const WORDS: [&[&str]; 9] = [
    &["stripped", "unquoted", "single_quotes", "stripped single_quotes"],
    &["header=optional", "header=skipped", "header=due"],
    &["utf-8", "windows-1251", "cp866", "koi8-r", "utf-16le", "utf-16be"],
    &["multiline"],
    &["tab", "comma"],
    &["trailing"],
    &["least=0", "least=2", "least=6"],
    &["joined", "several"],
    &["times=3", "times=20000"],
];

/// A text of more bytes is not repeated further.
const MOST_REPEATED_BYTES: usize = 3 << 20;

/// An input, understood.
struct Case<'i> {
    layout: Layout,
    text: std::borrow::Cow<'i, [u8]>,
    is_plain: bool,
}

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

    fn change(&self, input: &mut Vec<u8>, random: &mut Random) {
        let first_line = memchr::memchr(b'\n', input).unwrap_or(input.len());
        let mut words: Vec<String> =
            String::from_utf8_lossy(&input[..first_line]).split_whitespace().map(str::to_owned).collect();
        for choice in WORDS {
            let is_times = choice[0].starts_with("times");
            if random.below(10) > 0 && !is_times {
                continue;
            }
            words.retain(|word| {
                !choice.iter().any(|known| known.split(' ').any(|known| known == word))
                    && !(is_times && word.starts_with("times"))
            });
            // Long texts are rare: one takes as long as thousands of others.
            if (random.below(if is_times { 2000 } else { 4 }) > 0) != is_times {
                words.push((*random.pick(choice)).to_owned());
            }
        }
        input.splice(..first_line, words.join(" ").into_bytes());
    }

    fn read(&mut self, input: &[u8]) -> BTreeSet<String> {
        let mut behaviours = BTreeSet::new();
        let Some(case) = self.case(input) else { return behaviours };
        let form = case.layout.delimited().expect("text");
        let text = &case.text[..];
        let header = match Header::read(text, &case.layout, form) {
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
            source.agrees(&whole);
            if case.is_plain && text.len() <= MOST_REPEATED_BYTES / 10 {
                let expected = reference::rows(text, form, &header, &case.layout);
                assert!(whole.rows == expected, "by the reference:\n{}\nfound:\n{}", expected.join("\n"), whole.rows.join("\n"));
            }
        }
        behaviours
    }
}

impl Csv {
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

/// The layout that some words choose.
fn layout(words: &str) -> Option<Layout> {
    let has = |word: &str| words.split_whitespace().any(|known| known == word);
    let mut head = "name = \"fuzz\"\ndates = \"YYYY-MM-DD\"\nempty = [\"NULL\"]\n".to_owned();
    let encoding = words.split_whitespace().find_map(Encoding::from_name);
    encoding.map(|encoding| writeln!(head, "encoding = \"{}\"", encoding.name()));
    let quote = if has("unquoted") {
        ""
    } else if has("single_quotes") {
        "'"
    } else {
        "\\\""
    };
    let _ = writeln!(head, "quote = \"{quote}\"\nquoting = \"{}\"", if has("stripped") { "stripped" } else { "rfc4180" });
    let delimiter = if has("tab") {
        "\\t"
    } else if has("comma") {
        ","
    } else {
        ";"
    };
    let _ = writeln!(head, "delimiter = \"{delimiter}\"\nmultiline = {}", has("multiline"));
    let header = words.split_whitespace().find_map(|word| word.strip_prefix("header="));
    let header = header.map_or("false", |word| match word {
        "due" => "true",
        "optional" => "\"optional\"",
        _ => "\"skipped\"",
    });
    let _ = writeln!(head, "header = {header}\ntrailing_delimiters = {}\nother_columns = \"skip\"", has("trailing"));
    let least = words.split_whitespace().find_map(|word| word.strip_prefix("least=")?.parse::<u8>().ok());
    least.map(|least| writeln!(head, "least_columns = {least}"));
    head += "columns = [\"clinic\", \"surname\", \"given_name\", \"birth_date\", \"attached_from\", \"series\", \"number\", \"sex\"]\n";
    let records = if has("joined") {
        JOINED
    } else if has("several") {
        SEVERAL
    } else {
        PLAIN
    };
    Layout::parse(&(head + records), "fuzz.toml").ok()
}

const PLAIN: &str = r#"
table = "attachments"
fields = [ { field = "clinic" }, { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "attached_from" },
           { field = "district", column = "series" }, { field = "sex" } ]
"#;

const JOINED: &str = r##"
table = "attachments"
fields = [ { field = "clinic" }, { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "attached_from" },
           { field = "attached_to", column = "attached_from", empty = ["-"] },
           { field = "policy_number", columns = ["series", "number"], join = " № ", empty = ["№", "0"] },
           { field = "doc_number", columns = ["number", "series", "clinic"], join = "" },
           { field = "policy_kind", column = "number" }, { field = "enp", column = "number", digits = 16 },
           { field = "district", columns = ["given_name"] }, { field = "doc_kind", value = "14" }, { field = "sex", value = "1", column = "sex" } ]
[maps.sex]
"М" = "1"
"Ж" = "2"
[maps.policy_kind]
"б/н" = "1"
"#9" = "2"
"#16" = "3"
"*" = "1"
"##;

const SEVERAL: &str = r#"
fields = [ { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "sex" }, { field = "policy_kind", value = "3" } ]
[[records]]
table = "attachments"
when = ["clinic", "attached_from"]
fields = [ { field = "clinic" }, { field = "attached_from" }, { field = "policy_number", columns = ["series", "number"] } ]
[[records]]
table = "register"
when = ["insurer"]
fields = [ { field = "insurer", column = "series" }, { field = "insured_from", column = "attached_from" } ]
[[records]]
table = "attachments"
when = ["clinic"]
fields = [ { field = "clinic", column = "number" }, { field = "attached_from" }, { field = "profile", value = "3" } ]
"#;

/// A text with everything that is known of it.
struct Source<'s> {
    text: &'s [u8],
    form: &'s Delimited,
    header: &'s Header,
    bindings: &'s Bindings,
    layout: &'s Layout,
    table: Table,
}

/// What was read.
#[derive(PartialEq, Eq)]
struct Found {
    rows: Vec<String>,
    lines: u64,
}

impl Found {
    fn kinds(&self, behaviours: &mut BTreeSet<String>) {
        behaviours.insert(format!("rows {}", self.rows.len().min(3)));
        for row in &self.rows {
            let (place, values) = row.split_once(": ").expect("as told");
            let is_fault = |values: &&str| values.bytes().all(|byte| byte.is_ascii_digit() || byte == b'E' || byte == b'Q');
            behaviours.insert(match values.strip_prefix('!').filter(is_fault) {
                Some(fault) => format!("fault {}", fault.trim_end_matches(|sign: char| sign.is_ascii_digit())),
                None => format!("part {}", place.rsplit('.').next().unwrap_or_default()),
            });
        }
    }
}

impl Source<'_> {
    fn reader(&self) -> ChunkReader<'_> {
        ChunkReader::new(self.form, self.header.encoding.encoding, self.bindings)
    }

    /// The rows in chunks of about so many bytes.
    fn mapped(&self, chunk_bytes: usize) -> Found {
        let chunks = Chunks::plan(self.text, self.layout, self.header, chunk_bytes);
        let (mut rows, mut lines, mut before) = (Vec::new(), 0, self.header.data_from);
        let mut reader = self.reader();
        for index in 0..chunks.count() {
            let Chunk { from, to } = chunks.get(self.text, index);
            assert!(from == before.max(from) && to >= from, "chunks lie side by side");
            before = to;
            let mut told = Told { source: self, rows: &mut rows, lines };
            lines += u64::from(reader.rows(self.text, &Chunk { from, to }, &mut told.visitor()));
        }
        assert!(chunks.count() == 0 || before == self.text.len(), "chunks have everything");
        Found { rows, lines }
    }

    /// The rows of the text read block by block, as `held` says, from an input that gives so many bytes at a time.
    fn streamed(&self, held: Held, at_a_time: usize) -> Found {
        let mut rows = Vec::new();
        let mut input = Slow { rest: self.text, at_a_time };
        let mut told = Told { source: self, rows: &mut rows, lines: 0 };
        let (encoding, from) = (self.header.encoding.encoding, self.header.data_from);
        let end = rows_of_stream(&mut self.reader(), (self.form, encoding), from, held, &mut input, &|| 0, &mut told.visitor());
        assert!(end.broken.is_none());
        Found { rows, lines: end.lines }
    }

    /// Every other way gives what `whole` is.
    fn agrees(&self, whole: &Found) {
        let sizes: &[usize] = match self.text.len() {
            0..2_000 => &[1, 2, 7, 64],
            2_000..20_000 => &[64, 1001],
            _ => &[20_001, 1 << 20],
        };
        for &size in sizes {
            self.same(whole, &self.mapped(size), &format!("in chunks of {size}"));
        }
        if self.form.multiline && self.header.encoding.encoding.is_utf16() {
            return;
        }
        let blocks: &[(usize, usize)] = match self.text.len() {
            0..2_000 => &[(1, 1), (3, 2), (16, 5)],
            2_000..20_000 => &[(64, 64), (1001, 7)],
            _ => &[(1 << 20, 1 << 20), (20_000, 7777)],
        };
        for &(block_bytes, at_a_time) in blocks {
            let held = Held { block_bytes, ..Held::USUAL };
            self.same(whole, &self.streamed(held, at_a_time), &format!("in blocks of {block_bytes}"));
        }
    }

    fn same(&self, whole: &Found, other: &Found, how: &str) {
        let difference = whole
            .rows
            .iter()
            .zip(&other.rows)
            .position(|(one, other)| one != other)
            .unwrap_or(whole.rows.len().min(other.rows.len()));
        assert!(
            whole == other,
            "{:?} {how}: {} lines and not {}, from row {difference} on\n{:?}\nand not\n{:?}",
            self.table,
            other.lines,
            whole.lines,
            other.rows.get(difference),
            whole.rows.get(difference)
        );
    }
}

/// Takes rows, and tells them as `line+offset.part: value|value` or `line+offset.part: !fault`.
struct Told<'t> {
    source: &'t Source<'t>,
    rows: &'t mut Vec<String>,
    lines: u64,
}

impl Told<'_> {
    fn visitor(&mut self) -> impl FnMut(RowBytes<'_>, Result<RowFields<'_>, RowFault>) + '_ {
        |at, fields| {
            let raw = &self.source.text[at.offset as usize..][..at.raw.len()];
            assert!(raw == at.raw || at.raw.len() == 1 << 10, "a row has its bytes in the text");
            let mut row = format!("{}+{}.{}: ", self.lines + u64::from(at.line), at.offset, at.part);
            match fields {
                Ok(fields) => {
                    let record =
                        self.source.layout.records_of(self.source.table).nth(at.part as usize).expect("a record of the layout");
                    for (place, of) in record.fields.iter().enumerate() {
                        row.extend((place > 0).then_some('|'));
                        row.push_str(value(&fields, of.field));
                    }
                }
                Err(fault) => row.push_str(&told_fault(fault)),
            }
            self.rows.push(row);
        }
    }
}

/// A value; all ways to it agree.
fn value<'f>(fields: &RowFields<'f>, field: Field) -> &'f str {
    let value = fields.get(field);
    assert_eq!(fields.bytes(field), value.as_bytes());
    assert_eq!(String::from_utf8_lossy(fields.raw(field)).trim(), value);
    value
}

/// A fault as `!` and letters: E for bytes, Q for quotes, a number of fields.
pub(super) fn told_fault(fault: RowFault) -> String {
    let letter = |is: bool, letter| if is { letter } else { "" };
    let fields = fault.fields.map_or(String::new(), |fields| fields.to_string());
    format!("!{}{}{fields}", letter(fault.encoding, "E"), letter(fault.quote, "Q"))
}

/// Gives a few bytes at a time.
pub(super) struct Slow<'b> {
    pub rest: &'b [u8],
    pub at_a_time: usize,
}

impl Read for Slow<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let length = self.at_a_time.min(to.len());
        self.rest.read(&mut to[..length])
    }
}

/// What an input is told as in the corpus.
fn told(csv: &mut Csv, input: &[u8]) -> Vec<String> {
    let Some(case) = csv.case(input) else { return vec!["no layout".to_owned()] };
    let form = case.layout.delimited().expect("text");
    let header = match Header::read(&case.text, &case.layout, form) {
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
    kept::replay(&mut Csv::default(), told);
}
