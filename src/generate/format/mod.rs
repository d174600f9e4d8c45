//! Formats of a region's files: which files there are, what they are called, and how a row is written in each.
//!
//! Every format is a translation of the canonical rows, so that all of them tell the same. What a row holds is decided elsewhere; what a
//! format cannot hold has been left out before.

mod canonical;
pub(super) mod dump;
pub(super) mod exchange;
mod oplist;
mod parquet;

pub(super) use canonical::{AttachmentFields, CanonicalRow, RegisterFields};
pub(super) use oplist::Dialect;
pub(super) use parquet::{TableRows, schema};

use std::io::Write as _;

use super::Form;
use super::carry::Carry;
use super::rows::{ATTACHMENT_COLUMNS, REGISTER_COLUMNS, number};
use super::world::World;
use sverka_formats::Encoding;
use sverka_model::Date;

/// How a region's registers and attachments are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Canonical CSV, a file for each insurer and each clinic.
    #[default]
    Csv,
    /// `OPLIST` lists of insurers and attachment files of the MO family, zipped, in windows-1251.
    Exchange,
    /// One flat file without header; a row is a person's insurance and attachment.
    Dump,
    /// Parquet files with canonical columns.
    Parquet,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Exchange, Self::Dump, Self::Parquet];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Exchange => "exchange",
            Self::Dump => "dump",
            Self::Parquet => "parquet",
        }
    }

    /// The most that the format can carry.
    #[must_use]
    pub fn most(self) -> Carry {
        match self {
            Self::Csv | Self::Parquet => Carry::All,
            Self::Exchange => Carry::Exchange,
            Self::Dump => Carry::Dump,
        }
    }

    /// Whether the format has a place for everything in such a region.
    #[must_use]
    pub fn can(self, carry: Carry) -> bool {
        match self.most() {
            Carry::All => true,
            Carry::Exchange => carry != Carry::All,
            Carry::Dump => carry == Carry::Dump,
        }
    }

    /// The folders of the files.
    pub(super) fn directories(self) -> &'static [&'static str] {
        if self == Self::Dump { &["dump"] } else { &["registers", "attachments"] }
    }
}

/// How the rows of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// With the header of its columns.
    Csv(&'static str),
    /// Attachments of the MO family.
    Exchange,
    /// A list of an insurer's operations.
    Oplist {
        insurer: u32,
        dialect: Dialect,
    },
    Dump,
    Parquet {
        register: bool,
    },
}

/// Rows of a file of the MO family.
const EXCHANGE_ROWS: u64 = 99_999;
/// Records of an `OPLIST`.
const OPLIST_RECORDS: u64 = 200_000;
/// Where policies are issued.
pub(super) const POINT: &str = "001";

/// A file of rows, or as many as its rows need.
pub(super) struct SourceFile {
    pub shape: Shape,
    pub date: Date,
    /// The most rows of one file.
    pub most_rows: u64,
    stem: String,
}

impl SourceFile {
    pub fn new(shape: Shape, date: Date, stem: String) -> Self {
        let most_rows = match shape {
            Shape::Exchange => EXCHANGE_ROWS,
            Shape::Oplist { .. } => OPLIST_RECORDS,
            _ => u64::MAX,
        };
        Self { shape, date, most_rows, stem }
    }

    /// Whether files are zipped, each as the only member of an archive.
    pub fn packed(&self) -> bool {
        matches!(self.shape, Shape::Exchange | Shape::Oplist { .. })
    }

    /// The path of a piece below the region's directory, without extension; pieces count from 0.
    pub fn path(&self, piece: u64) -> String {
        match self.shape {
            Shape::Oplist { .. } => format!("{}{}", self.stem, piece + 1),
            _ if piece == 0 => self.stem.clone(),
            _ => format!("{}{}", self.stem, piece + 1),
        }
    }

    /// What the paths of all pieces begin with.
    pub fn path_of_all(&self) -> &str {
        &self.stem
    }

    /// The extension of what [`Self::path`] names; inside of an archive if there is one.
    pub fn extension(&self) -> &'static str {
        match self.shape {
            Shape::Oplist { .. } => "xml",
            Shape::Parquet { .. } => "parquet",
            Shape::Csv(_) | Shape::Exchange | Shape::Dump => "csv",
        }
    }

    /// Writes `path;line;` of a row that has so many before it.
    fn tell(&self, rows_before: u64, out: &mut Vec<u8>) {
        let most = self.most_rows;
        let extension = if self.packed() { "zip" } else { self.extension() };
        let header = u64::from(matches!(self.shape, Shape::Csv(_)));
        let _ = write!(out, "{}.{extension};", self.path(rows_before / most));
        number(out, rows_before % most + 1 + header);
        out.push(b';');
    }
}

/// The files of a region and which of them a row goes to.
pub(super) struct Files {
    pub list: Vec<SourceFile>,
    pub format: Format,
    pub encoding: Encoding,
    of_insurer: Vec<u16>,
    of_clinic: Vec<u16>,
}

impl Files {
    pub fn new(world: &World, form: Form) -> Self {
        let Form { format, encoding, .. } = form;
        let mut files = Self { list: Vec::new(), format, encoding, of_insurer: Vec::new(), of_clinic: Vec::new() };
        for (index, insurer) in world.insurers.iter().enumerate() {
            let (shape, stem) = match format {
                Format::Csv => {
                    (Shape::Csv(REGISTER_COLUMNS), format!("registers/{}_{}", insurer.code, compact(insurer.file_date)))
                }
                Format::Exchange => {
                    let (year, month, _) = insurer.file_date.ymd();
                    let dialect = Dialect::of_insurer(index);
                    let stem = format!("registers/i{}_{POINT}_{month:02}{:02}", insurer.code, year % 100);
                    (Shape::Oplist { insurer: insurer.code, dialect }, stem)
                }
                Format::Dump => (Shape::Dump, format!("dump/region_{}", compact(world.as_of))),
                Format::Parquet => {
                    (Shape::Parquet { register: true }, format!("registers/register_{}", compact(insurer.file_date)))
                }
            };
            let file = files.file(shape, insurer.file_date, stem);
            files.of_insurer.push(file);
        }
        for clinic in &world.clinics {
            let day = compact(clinic.file_date);
            let (shape, stem) = match format {
                Format::Csv => (Shape::Csv(ATTACHMENT_COLUMNS), format!("attachments/{}_{day}", clinic.code)),
                Format::Exchange => (Shape::Exchange, format!("attachments/MO2{:06}{day}", clinic.code)),
                Format::Dump => (Shape::Dump, format!("dump/region_{}", compact(world.as_of))),
                Format::Parquet => (Shape::Parquet { register: false }, format!("attachments/attachments_{day}")),
            };
            let file = files.file(shape, clinic.file_date, stem);
            files.of_clinic.push(file);
        }
        files
    }

    /// The number of the file, which is there once.
    fn file(&mut self, shape: Shape, date: Date, stem: String) -> u16 {
        let known = self.list.iter().position(|file| file.stem == stem);
        known.unwrap_or_else(|| {
            self.list.push(SourceFile::new(shape, date, stem));
            self.list.len() - 1
        }) as u16
    }

    pub fn of_insurer(&self, insurer: u16) -> u16 {
        self.of_insurer[usize::from(insurer)]
    }

    pub fn of_clinic(&self, clinic: u16) -> u16 {
        self.of_clinic[usize::from(clinic)]
    }

    /// Writes `table;path;line;` of a row that has so many before it in its file.
    pub fn tell(&self, register: bool, file: u16, rows_before: u64, out: &mut Vec<u8>) {
        out.extend_from_slice(if register { b"register;" } else { b"attachment;" });
        self.list[usize::from(file)].tell(rows_before, out);
    }
}

/// `YYYYMMDD`.
pub(super) fn compact(date: Date) -> String {
    let (year, month, day) = date.ymd();
    format!("{year:04}{month:02}{day:02}")
}

/// Appends a text of a row: generated texts have no character that a code page for Russian lacks.
pub(super) fn encode(encoding: Encoding, text: &str, out: &mut Vec<u8>) {
    encoding.encode(text, out).expect("invariant: names and places are Cyrillic");
}

/// A number that is spread over all bits, for what only looks real.
fn spread(seed: u64) -> u64 {
    let mixed = (seed ^ seed >> 31).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

/// Appends a canonical date as `write` orders year, month and day; what is none as it stands.
fn reordered(value: &str, out: &mut String, write: impl Fn(&mut String, [&str; 3])) {
    let parts = (value.len() == 10 && value.is_ascii()).then(|| [&value[..4], &value[5..7], &value[8..]]);
    match parts.filter(|_| value.as_bytes()[4] == b'-' && value.as_bytes()[7] == b'-') {
        Some(parts) => write(out, parts),
        None => out.push_str(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_reordered_even_when_no_calendar_has_them() {
        let order = |value: &str| {
            let mut out = String::new();
            reordered(value, &mut out, |out, [year, month, day]| out.extend([day, ".", month, ".", year]));
            out
        };
        assert_eq!(["2023-02-29", "0", ""].map(order), ["29.02.2023", "0", ""]);
    }

    #[test]
    fn every_format_can_carry_what_a_narrower_one_carries() {
        for format in Format::ALL {
            assert!(format.can(format.most()) && format.can(Carry::Dump), "{}", format.name());
        }
        assert!(!Format::Exchange.can(Carry::All) && !Format::Dump.can(Carry::Exchange));
    }
}
