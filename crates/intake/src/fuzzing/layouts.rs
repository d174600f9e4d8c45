//! Layout files: a wrong one gives a fault with its line, and a right one reads a file of its kind.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Arc;

use super::document::ScratchFile;
use super::xml;
use crate::layout::{Form, Layout};
use sverka_formats::Encoding;
use sverka_fuzzing::Random;
use sverka_fuzzing::{Target, fuzz, kept, kind};

/// Reader of layout files under test.
struct Layouts(ScratchFile);

impl Target for Layouts {
    const CORPUS: &'static str = "layouts";
    const ENDING: Option<&'static str> = Some("toml");
    const PIECES: &'static [&'static [u8]] = &[
        b"\n",
        b"\"",
        b"'",
        b"[",
        b"]",
        b"[[fields]]\n",
        b"[[records]]\ntable = \"register\"\n",
        b"[[records.fields]]\n",
        b"[xml]\n",
        b"[xml.columns]\n",
        b"[xml.inherited]\n",
        b"[maps.sex]\n",
        b"[maps.action]\n",
        b"field = \"enp\"\n",
        b"column = \"ENP\"\n",
        b"columns = [\"ENP\", \"enp\"]\n",
        b"columns = []\n",
        b"skip = true\n",
        b"value = \"1\"\n",
        b"digits = 16\n",
        b"digits = 0\n",
        b"join = \"\"\n",
        b"empty = [\"\"]\n",
        b"when = [\"clinic\"]\n",
        b"header = true\n",
        b"header = \"optional\"\n",
        b"header = \"skipped\"\n",
        b"quoting = \"stripped\"\n",
        b"quote = \"\"\n",
        b"quote = \"'\"\n",
        b"delimiter = \"\\t\"\n",
        b"delimiter = \"|\"\n",
        b"multiline = true\n",
        b"trailing_delimiters = true\n",
        b"least_columns = 0\n",
        b"least_columns = 99999999999\n",
        b"other_columns = \"skip\"\n",
        b"encoding = \"utf-16\"\n",
        b"encoding = \"cp866\"\n",
        b"dates = \"any\"\n",
        b"end_dates = \"last_day\"\n",
        b"file_names = [\"[\"]\n",
        b"\"#9\" = \"2\"\n",
        b"\"#99999999999999999999\" = \"2\"\n",
        b"\"*\" = \"1\"\n",
        b"\"a/b/c\"",
        b"\"//\"",
        b"format = \"dbf\"\n",
        b"format = \"xml\"\n",
        b"roots = []\n",
        b"records = []\n",
        b"table = \"attachments\"\n",
        b"table = \"register\"\n",
        b"\\u0000",
        b"\xD0\x96",
        b"#",
    ];

    fn seeds(&self) -> Vec<Vec<u8>> {
        Layout::built_in_names().filter_map(Layout::built_in_text).map(|text| text.as_bytes().to_owned()).collect()
    }

    /// Leaves out, doubles, moves and inserts lines, and replaces words. Most results are still TOML.
    fn change(&self, input: &mut Vec<u8>, random: &mut Random) -> bool {
        let text = String::from_utf8_lossy(input).into_owned();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for _ in 0..1 + random.below(4) {
            let at = random.below(lines.len() + 1);
            match random.below(6) {
                0 if at < lines.len() => drop(lines.remove(at)),
                1 if at < lines.len() => {
                    let line = lines[at].clone();
                    lines.insert(random.below(lines.len() + 1), line);
                }
                2 if at < lines.len() => {
                    let line = lines.remove(at);
                    lines.insert(random.below(lines.len() + 1), line);
                }
                3 => lines.insert(at, String::from_utf8_lossy(random.pick::<&[u8]>(Self::PIECES)).trim_end().to_owned()),
                _ if at < lines.len() => {
                    let word = words(&text).nth(random.below(200)).unwrap_or("enp").to_owned();
                    let old = words(&lines[at]).nth(random.below(3)).unwrap_or_default().to_owned();
                    lines[at] = lines[at].replacen(&format!("\"{old}\""), &format!("\"{word}\""), 1);
                }
                _ => {}
            }
        }
        *input = (lines.join("\n") + "\n").into_bytes();
        random.below(5) == 0
    }

    fn read(&mut self, input: &[u8]) -> BTreeSet<String> {
        let text = String::from_utf8_lossy(input);
        match Layout::parse(&text, "layout.toml") {
            Err(error) => {
                let lines = text.lines().count().max(1) as u64;
                assert!((1..=lines + 1).contains(&error.line), "a fault has its line: {} of {lines}", error.line);
                assert!(!error.to_string().is_empty());
                BTreeSet::from([kind(&error.fault)])
            }
            Ok(layout) => {
                let mut behaviours = BTreeSet::new();
                behaviours.insert(format!("fits {}", layout.fits_name("MO2.csv")));
                let files = files(&layout);
                let layout = Arc::new(layout);
                // The name is taken off the behaviours, so that only their kinds differ.
                for file in files {
                    self.0.read(&file, std::slice::from_ref(&layout), &mut behaviours);
                }
                let name = format!("{}:", layout.name);
                behaviours.into_iter().map(|behaviour| behaviour.replacen(&name, "", 1)).collect()
            }
        }
    }
}

/// Words in quotes.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2).filter(|word| !word.contains('\n'))
}

/// Files of a layout's kind, plain and packed.
fn files(layout: &Layout) -> Vec<Vec<u8>> {
    let plain = match &layout.form {
        Form::Xml(parts) => vec![xml::document_text(parts, false).into_bytes(), xml::document_text(parts, true).into_bytes()],
        Form::Dbf => kept::inputs::<Tables>().into_iter().map(|input| input.bytes).collect(),
        Form::Delimited(form) => {
            let delimiter = char::from(form.delimiter).to_string();
            let row = |value: &dyn Fn(usize) -> String| (0..layout.columns.len()).map(value).collect::<Vec<_>>().join(&delimiter);
            let header = row(&|column| layout.columns[column].clone());
            let quote =
                form.quotes.rfc4180().or(form.quotes.stripped()).map_or(String::new(), |quote| char::from(quote).to_string());
            let values = ["1", "", "Ольха", "2020-01-31", "9856510894000011", "NULL", " № ", "123456789"];
            let plain = row(&|column| values[column % values.len()].to_owned());
            let quoted = row(&|column| format!("{quote}{}{quote}", values[(column + 3) % values.len()]));
            let text = format!("{header}\r\n{plain}\n{quoted}\r\n{plain}{delimiter}\n{quote}\n{delimiter}\n{quoted}");
            let mut bytes = Vec::new();
            // A sign that the code page lacks ends the text.
            let _ = layout.encoding.unwrap_or(Encoding::Utf8).encode(&text, &mut bytes);
            vec![bytes, text.into_bytes()]
        }
    };
    let packed = gzip(&plain[0]);
    plain.into_iter().chain([packed]).collect()
}

/// Corpus of DBF tables, for DBF layouts.
struct Tables;

impl Target for Tables {
    const CORPUS: &'static str = "dbf";
    const ENDING: Option<&'static str> = Some("dbf");
    const PIECES: &'static [&'static [u8]] = &[];

    fn read(&mut self, _: &[u8]) -> BTreeSet<String> {
        BTreeSet::new()
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory")
}

#[test]
fn changed_layouts_are_refused_with_their_line_or_read_files() {
    fuzz(&mut Layouts(ScratchFile::new()));
}

#[test]
fn kept_layouts_give_what_is_expected() {
    kept::replay(&mut Layouts(ScratchFile::new()), |layouts, input| {
        match Layout::parse(&String::from_utf8_lossy(input), "layout.toml") {
            Err(error) => vec![error.to_string()],
            Ok(_) => layouts.read(input).into_iter().collect(),
        }
    });
}
