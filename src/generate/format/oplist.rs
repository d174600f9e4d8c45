//! Lists of an insurer's operations in XML, in the two dialects that are met: what is about the file as attributes or as elements.

use std::fmt::Write as _;

use super::{RegisterFields, encode, reordered, spread};
use crate::intake::Encoding;

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::generate) enum Dialect {
    /// Version 2.1 as insurers write it: attributes of the root, plain dates, a list of documents.
    Attributes,
    /// Version 2.0 of the scheme: elements in a namespace, dates with a time, one document.
    Elements,
}

/// One of so many people has a photo in the list.
const PEOPLE_PER_PHOTO: u64 = 200;

impl Dialect {
    /// Insurers' programs differ: every other insurer has the other dialect.
    pub fn of_insurer(index: usize) -> Self {
        if index.is_multiple_of(2) { Self::Attributes } else { Self::Elements }
    }

    /// The document up to its first record; `name` is that of the file.
    pub fn head(self, name: &str, insurer: u32, point: &str, records: u64) -> Vec<u8> {
        let about = [
            ("VERS", if self == Self::Attributes { "2.1" } else { "2.0" }.to_owned()),
            ("FILENAME", name.to_owned()),
            ("SMOCOD", format!("{insurer:05}")),
            ("PRZCOD", point.to_owned()),
            ("NRECORDS", records.to_string()),
        ];
        let mut text = "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\r\n".to_owned();
        match self {
            Self::Attributes => {
                text.push_str("<OPLIST");
                about.iter().for_each(|(name, value)| text.extend([" ", name, "=\"", value, "\""]));
                text.push('>');
            }
            Self::Elements => {
                text.push_str("<OPLIST xmlns=\"http://tempuri.org/XMLSchema.xsd\">");
                about.iter().for_each(|(name, value)| text.extend(["<", name, ">", value, "</", name, ">"]));
            }
        }
        text.push_str("\r\n");
        let mut bytes = Vec::new();
        encode(Encoding::Windows1251, &text, &mut bytes);
        bytes
    }

    /// What ends the document.
    pub fn tail(self) -> &'static [u8] {
        b"</OPLIST>\r\n"
    }

    /// Appends a record with its line break. `person` is a number of the person, for what nobody reads.
    pub fn write(self, person: u64, row: &RegisterFields<'_>, out: &mut Vec<u8>) {
        let mut xml = Writer { text: String::with_capacity(1024), dialect: self };
        xml.open("OP");
        let record = if row.record_id.is_empty() { person.to_string() } else { row.record_id.to_owned() };
        xml.element("N_REC", &record);
        xml.element("ID", row.record_id);
        // A stay is no strike-off, even when it has ended by one.
        xml.element("TIP_OP", if super::super::carry::is_strike_off(row.reason) { "" } else { row.reason });
        xml.person(row);
        if !row.applied_on.is_empty() {
            xml.open("VIZIT");
            xml.date("DVIZIT", row.applied_on);
            xml.close("VIZIT");
        }
        xml.insurance(row);
        if spread(person).is_multiple_of(PEOPLE_PER_PHOTO) {
            xml.photo(person);
        }
        xml.document(row);
        xml.close("OP");
        xml.text.push_str("\r\n");
        encode(Encoding::Windows1251, &xml.text, out);
    }
}

struct Writer {
    text: String,
    dialect: Dialect,
}

impl Writer {
    fn open(&mut self, name: &str) {
        self.text.extend(["<", name, ">"]);
    }

    fn close(&mut self, name: &str) {
        self.text.extend(["</", name, ">"]);
    }

    /// Nothing for an empty value.
    fn element(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        self.open(name);
        for character in value.chars() {
            match character {
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '&' => self.text.push_str("&amp;"),
                '"' => self.text.push_str("&quot;"),
                other => self.text.push(other),
            }
        }
        self.close(name);
    }

    fn date(&mut self, name: &str, day: &str) {
        let mut value = String::new();
        reordered(day, &mut value, |out, [year, month, day]| {
            out.extend([year, "-", month, "-", day]);
            out.push_str(if self.dialect == Dialect::Elements { "T00:00:00" } else { "" });
        });
        self.element(name, &value);
    }

    fn person(&mut self, row: &RegisterFields<'_>) {
        self.open("PERSON");
        for (name, value) in [("FAM", row.surname), ("IM", row.given_name), ("OT", row.patronymic), ("W", row.sex)] {
            self.element(name, value);
        }
        self.date("DR", row.birth_date);
        for (name, value) in [("MR", row.birth_place), ("C_OKSM", row.citizenship), ("SS", &with_dashes(row.snils))] {
            self.element(name, value);
        }
        self.element("KATEG", row.category);
        self.date("DDEATH", row.death_date);
        self.close("PERSON");
    }

    fn insurance(&mut self, row: &RegisterFields<'_>) {
        self.open("INSURANCE");
        self.element("TER_ST", row.region);
        self.element("ENP", row.enp);
        self.open("POLIS");
        self.element("VPOLIS", row.policy_kind);
        let (series, number) = row.policy_number.rsplit_once(' ').unwrap_or(("", row.policy_number));
        self.element("NPOLIS", number);
        self.element("SPOLIS", series);
        for (name, day) in [("DBEG", row.insured_from), ("DEND", row.insured_to), ("DSTOP", row.stopped_on)] {
            self.date(name, day);
        }
        self.close("POLIS");
        self.close("INSURANCE");
    }

    fn document(&mut self, row: &RegisterFields<'_>) {
        if row.doc_kind.is_empty() {
            return;
        }
        let list = self.dialect == Dialect::Attributes;
        if list {
            self.open("DOC_LIST");
        }
        self.open("DOC");
        self.element("DOCTYPE", row.doc_kind);
        let (series, number) = row.doc_number.rsplit_once(' ').unwrap_or(("", row.doc_number));
        self.element("DOCSER", series);
        self.element("DOCNUM", number);
        self.close("DOC");
        if list {
            self.close("DOC_LIST");
        }
    }

    /// Some kilobytes of base64 that are no picture.
    fn photo(&mut self, person: u64) {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        self.text.push_str("<PERSONB><TYPE>2</TYPE><PHOTO>");
        let mut drawn = spread(person);
        for _ in 0..400 + drawn % 400 {
            drawn = spread(drawn | 1);
            let letters = (0..8).map(|place| char::from(ALPHABET[(drawn >> (6 * place + 8)) as usize % 64]));
            self.text.extend(letters);
        }
        let _ = write!(self.text, "</PHOTO></PERSONB>");
    }
}

/// `XXX-XXX-XXX YY`; what has not eleven digits as it stands.
fn with_dashes(snils: &str) -> String {
    if snils.len() != 11 || !snils.bytes().all(|byte| byte.is_ascii_digit()) {
        return snils.to_owned();
    }
    format!("{}-{}-{} {}", &snils[..3], &snils[3..6], &snils[6..9], &snils[9..])
}
