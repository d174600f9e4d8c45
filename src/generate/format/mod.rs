//! Formats of a region's files: the files, their names, and the writing of a row in each format.
//!
//! Every format is a translation of the canonical rows, so all formats hold the same facts. `carry` has taken away values that a format cannot
//! hold.

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
use sverka_model::{ClinicId, Date, InsurerId, Table};

/// Format of a region's registers and attachments.
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
    /// All formats.
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

    /// Most values and cases that the format can carry.
    #[must_use]
    pub fn most(self) -> Carry {
        match self {
            Self::Csv | Self::Parquet => Carry::All,
            Self::Exchange => Carry::Exchange,
            Self::Dump => Carry::Dump,
        }
    }

    /// Whether the format has a place for all values of a region that carries `carry`.
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

/// Shape of the rows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Canonical CSV with this header.
    Csv(&'static str),
    /// Attachments of the MO family.
    Exchange,
    /// A list of operations of the insurer with this code.
    Oplist { insurer: u32, dialect: Dialect },
    /// A flat dump of both tables.
    Dump,
    /// A Parquet table.
    Parquet(Table),
}

/// Most rows of a file of the MO family.
const EXCHANGE_ROWS: u64 = 99_999;
/// Most records of an `OPLIST`.
const OPLIST_RECORDS: u64 = 200_000;
/// Code of the point of issue of policies.
pub(super) const POINT: &str = "001";

/// A file of rows, or several pieces where one holds too few rows.
pub(super) struct SourceFile {
    pub shape: Shape,
    pub date: Date,
    /// Most rows of one piece.
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

    /// Common start of the paths of all pieces.
    pub fn common_path(&self) -> &str {
        &self.stem
    }

    /// Extension of the file; for a packed file, of the member of the archive.
    pub fn extension(&self) -> &'static str {
        match self.shape {
            Shape::Oplist { .. } => "xml",
            Shape::Parquet(_) => "parquet",
            Shape::Csv(_) | Shape::Exchange | Shape::Dump => "csv",
        }
    }

    /// Appends `path;line;` of a row, which is counted from 0 over all pieces.
    fn write_line(&self, row: u64, out: &mut Vec<u8>) {
        let most = self.most_rows;
        let extension = if self.packed() { "zip" } else { self.extension() };
        let header = u64::from(matches!(self.shape, Shape::Csv(_)));
        let _ = write!(out, "{}.{extension};", self.path(row / most));
        number(out, row % most + 1 + header);
        out.push(b';');
    }
}

/// File of a region, as an index of [`Files::list`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId(u16);

impl FileId {
    /// The index.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Files of a region, and the file of each insurer and clinic.
pub(super) struct Files {
    pub list: Vec<SourceFile>,
    pub format: Format,
    pub encoding: Encoding,
    of_insurer: Vec<FileId>,
    of_clinic: Vec<FileId>,
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
                    (Shape::Parquet(Table::Register), format!("registers/register_{}", compact(insurer.file_date)))
                }
            };
            let file = files.find_or_add(shape, insurer.file_date, stem);
            files.of_insurer.push(file);
        }
        for clinic in &world.clinics {
            let day = compact(clinic.file_date);
            let (shape, stem) = match format {
                Format::Csv => (Shape::Csv(ATTACHMENT_COLUMNS), format!("attachments/{}_{day}", clinic.code)),
                Format::Exchange => (Shape::Exchange, format!("attachments/MO2{:06}{day}", clinic.code)),
                Format::Dump => (Shape::Dump, format!("dump/region_{}", compact(world.as_of))),
                Format::Parquet => (Shape::Parquet(Table::Attachments), format!("attachments/attachments_{day}")),
            };
            let file = files.find_or_add(shape, clinic.file_date, stem);
            files.of_clinic.push(file);
        }
        files
    }

    /// The file of a stem, which is added unless it is there already.
    fn find_or_add(&mut self, shape: Shape, date: Date, stem: String) -> FileId {
        let known = self.list.iter().position(|file| file.stem == stem);
        let index = known.unwrap_or_else(|| {
            self.list.push(SourceFile::new(shape, date, stem));
            self.list.len() - 1
        });
        FileId(index as u16)
    }

    /// File of an insurer's register.
    pub fn of_insurer(&self, insurer: InsurerId) -> FileId {
        self.of_insurer[usize::from(insurer)]
    }

    /// File of a clinic's attachments.
    pub fn of_clinic(&self, clinic: ClinicId) -> FileId {
        self.of_clinic[usize::from(clinic)]
    }

    /// Appends `table;path;line;` of a row of a file, which is counted from 0.
    pub fn write_line(&self, table: Table, file: FileId, row: u64, out: &mut Vec<u8>) {
        out.extend_from_slice(match table {
            Table::Register => b"register;",
            Table::Attachments => b"attachment;",
        });
        self.list[file.index()].write_line(row, out);
    }
}

/// A date as `YYYYMMDD`.
pub(super) fn compact(date: Date) -> String {
    let (year, month, day) = date.ymd();
    format!("{year:04}{month:02}{day:02}")
}

/// Appends a text in an encoding. Generated texts have no character that a code page for Russian lacks.
pub(super) fn encode(encoding: Encoding, text: &str, out: &mut Vec<u8>) {
    encoding.encode(text, out).expect("invariant: names and places are Cyrillic");
}

/// A number with well-mixed bits that follows from a seed, for invented values.
pub(super) fn spread(seed: u64) -> u64 {
    let mixed = (seed ^ seed >> 31).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

/// Appends a canonical date as `write` orders year, month and day. A value that is no date is appended unchanged.
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
