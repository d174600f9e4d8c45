//! The small dictionaries: territorial funds (F001), kinds of policies (F008), regions (F010), kinds of identity documents (F011), sexes (V005).
//!
//! Each is a list of codes with their names and periods. The meaning of codes for the rules is not known here.

use super::{PacketKind, Record, is_packet, read_records, unpacked};
use crate::{ReferenceError, ReferenceFault, ReferencePlace, WorkingPeriod};
use sverka_model::Date;

const CODE: usize = 0;
const NAME: usize = 1;
const FIRST_DAY: usize = 2;
const LAST_DAY: usize = 3;
const FIRST_MORE: usize = 4;
const SECOND_MORE: usize = 5;

/// Entry of a dictionary: a code with its name, for a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<D> {
    /// Code as written.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Period in force; it begins at [`Date::EARLIEST`] if the dictionary has no first day.
    pub valid: WorkingPeriod,
    /// Further values of the entry.
    pub details: D,
}

/// The entries of a dictionary, sorted by code and then by their first day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dictionary<D> {
    entries: Vec<Entry<D>>,
}

/// Details of a region or a territorial fund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Territory {
    /// OKATO of the territory, five digits.
    pub okato: String,
}

/// Masks of a kind of identity documents: `9` is a digit, `0` a digit or nothing, `Б` a Cyrillic capital, `R` a Roman number, `S` any character or
/// nothing; `-` and blanks stand for themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentMasks {
    /// Mask of the series; empty when there is none.
    pub series: String,
    /// Mask of the number.
    pub number: String,
}

/// Dictionaries of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dictionaries {
    /// F001: territorial funds by code.
    pub funds: Option<Dictionary<Territory>>,
    /// F008: kinds of policies.
    pub policy_kinds: Option<Dictionary<()>>,
    /// F010: regions by the two digits that codes of insurers and clinics begin with.
    pub regions: Option<Dictionary<Territory>>,
    /// F011: kinds of identity documents.
    pub documents: Option<Dictionary<DocumentMasks>>,
    /// V005: sexes.
    pub sexes: Option<Dictionary<()>>,
}

impl<D> Dictionary<D> {
    /// The entry of a code that is in force on `day`.
    #[must_use]
    pub fn find(&self, code: &str, day: Date) -> Option<&Entry<D>> {
        let from = self.entries.partition_point(|entry| entry.code.as_str() < code);
        self.entries[from..].iter().take_while(|entry| entry.code == code).find(|entry| entry.valid.covers(day))
    }

    /// All entries.
    #[must_use]
    pub fn entries(&self) -> &[Entry<D>] {
        &self.entries
    }

    fn read(
        file: &str,
        bytes: &[u8],
        kind: &PacketKind,
        details: impl Fn(&Record<'_>) -> Result<D, ReferenceError>,
    ) -> Result<Self, ReferenceError> {
        let bytes = unpacked(file, bytes)?;
        if !is_packet(&bytes) {
            let cause = "it does not begin with a tag".to_owned();
            return Err(ReferenceError::new(file, ReferencePlace::PACKET, ReferenceFault::Xml { cause }));
        }
        let read = |record: &Record<'_>| {
            let (code, name) = (record.require(CODE)?.to_owned(), record.require(NAME)?.to_owned());
            let entry = Entry { code, name, valid: record.validity(FIRST_DAY, LAST_DAY)?, details: details(record)? };
            Ok(Some((record.place(), entry)))
        };
        let mut entries = read_records(file, &bytes, kind, read)?;
        entries.sort_by(|(a_place, a), (b_place, b)| (&a.code, a.valid.from, a_place).cmp(&(&b.code, b.valid.from, b_place)));
        for pair in entries.windows(2) {
            let ((first, a), (second, b)) = (&pair[0], &pair[1]);
            if a.code == b.code && b.valid.from < a.valid.to {
                return Err(ReferenceError::new(
                    file,
                    *second,
                    ReferenceFault::CodeTwice { code: b.code.clone(), first: *first },
                ));
            }
        }
        Ok(Self { entries: entries.into_iter().map(|(_, entry)| entry).collect() })
    }
}

static FUNDS: PacketKind = PacketKind {
    types: &["F001"],
    name: "F001",
    records: &["zap", "tfoms", "tf", "fond"],
    slots: &[
        ("tf_kod", &["tf_kod"]),
        ("name_tfk", &["name_tfk", "name_tfp"]),
        ("DATEBEG", &["datebeg", "d_begin"]),
        ("d_end", &["d_end", "dateend"]),
        ("tf_okato", &["tf_okato"]),
    ],
    repeated: &[],
};

static POLICY_KINDS: PacketKind = PacketKind {
    types: &["F008"],
    name: "F008",
    records: &["zap"],
    slots: &[("IDDOC", &["iddoc"]), ("DOCNAME", &["docname"]), ("DATEBEG", &["datebeg"]), ("DATEEND", &["dateend"])],
    repeated: &[],
};

static REGIONS: PacketKind = PacketKind {
    types: &["F010"],
    name: "F010",
    records: &["zap"],
    slots: &[
        ("KOD_TF", &["kod_tf"]),
        ("SUBNAME", &["subname"]),
        ("DATEBEG", &["datebeg"]),
        ("DATEEND", &["dateend"]),
        ("KOD_OKATO", &["kod_okato"]),
    ],
    repeated: &[],
};

static DOCUMENTS: PacketKind = PacketKind {
    types: &["F011"],
    name: "F011",
    records: &["zap"],
    slots: &[
        ("IDDoc", &["iddoc"]),
        ("DocName", &["docname"]),
        ("DATEBEG", &["datebeg"]),
        ("DATEEND", &["dateend"]),
        ("DocSer", &["docser"]),
        ("DocNum", &["docnum"]),
    ],
    repeated: &[],
};

static SEXES: PacketKind = PacketKind {
    types: &["V005"],
    name: "V005",
    records: &["zap"],
    slots: &[("IDPOL", &["idpol"]), ("POLNAME", &["polname"]), ("DATEBEG", &["datebeg"]), ("DATEEND", &["dateend"])],
    repeated: &[],
};

impl Dictionary<Territory> {
    /// Reads F001, the territorial funds; `file` is its name in errors.
    ///
    /// # Errors
    /// The first fault, with its record.
    pub fn read_funds(file: &str, bytes: &[u8]) -> Result<Self, ReferenceError> {
        Self::read(file, bytes, &FUNDS, territory)
    }

    /// Reads F010, the regions; `file` is its name in errors.
    ///
    /// # Errors
    /// The first fault, with its record.
    pub fn read_regions(file: &str, bytes: &[u8]) -> Result<Self, ReferenceError> {
        Self::read(file, bytes, &REGIONS, territory)
    }

    /// The latest entry with this OKATO.
    #[must_use]
    pub fn of_okato(&self, okato: &str) -> Option<&Entry<Territory>> {
        self.entries.iter().filter(|entry| entry.details.okato == okato).max_by_key(|entry| entry.valid.from)
    }
}

impl Dictionary<()> {
    /// Reads F008, the kinds of policies; `file` is its name in errors.
    ///
    /// # Errors
    /// The first fault, with its record.
    pub fn read_policy_kinds(file: &str, bytes: &[u8]) -> Result<Self, ReferenceError> {
        Self::read(file, bytes, &POLICY_KINDS, |_| Ok(()))
    }

    /// Reads V005, the sexes; `file` is its name in errors.
    ///
    /// # Errors
    /// The first fault, with its record.
    pub fn read_sexes(file: &str, bytes: &[u8]) -> Result<Self, ReferenceError> {
        Self::read(file, bytes, &SEXES, |_| Ok(()))
    }
}

impl Dictionary<DocumentMasks> {
    /// Reads F011, the kinds of identity documents; `file` is its name in errors.
    ///
    /// # Errors
    /// The first fault, with its record.
    pub fn read_documents(file: &str, bytes: &[u8]) -> Result<Self, ReferenceError> {
        let mask = |record: &Record<'_>, slot| record.text(slot).unwrap_or_default();
        Self::read(file, bytes, &DOCUMENTS, |record| {
            Ok(DocumentMasks { series: mask(record, FIRST_MORE), number: mask(record, SECOND_MORE) })
        })
    }
}

fn territory(record: &Record<'_>) -> Result<Territory, ReferenceError> {
    let okato = record.require(FIRST_MORE)?;
    if okato.len() != 5 || !okato.bytes().all(|byte| byte.is_ascii_digit()) {
        let fault = ReferenceFault::Code { column: record.column(FIRST_MORE), value: okato.to_owned(), digits: 5 };
        return Err(record.error(fault));
    }
    Ok(Territory { okato: okato.to_owned() })
}
