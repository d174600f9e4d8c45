//! Lists of an insurer's operations in XML, in the two dialects that insurers write: facts about the file as attributes or as elements.

use std::fmt::Write as _;

use super::{RegisterFields, encode, reordered, spread};
use sverka_formats::Encoding;

/// Dialect of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::generate) enum Dialect {
    /// Version 2.1 as insurers write it: attributes of the root, plain dates, a list of documents.
    Attributes,
    /// Version 2.0 of the scheme: elements in a namespace, dates with a time, one document.
    Elements,
}

/// Number of people for each photo in the lists.
const PEOPLE_PER_PHOTO: u64 = 200;

impl Dialect {
    /// Dialect of the insurer of an index. Every other insurer has the other dialect, as programs of insurers differ.
    pub fn of_insurer(index: usize) -> Self {
        if index.is_multiple_of(2) { Self::Attributes } else { Self::Elements }
    }

    /// The document up to its first record. `name` is the name of the file.
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

    /// The document after its last record.
    pub fn tail(self) -> &'static [u8] {
        b"</OPLIST>\r\n"
    }

    /// Appends a record with its line break. Invented values that sverka does not read follow from the number `person`.
    pub fn write(self, person: u64, row: &RegisterFields<'_>, out: &mut Vec<u8>) {
        let mut xml = Writer { text: String::with_capacity(1024), dialect: self };
        xml.open("OP");
        let record = if row.record_id.is_empty() { person.to_string() } else { row.record_id.to_owned() };
        xml.element("N_REC", &record);
        xml.element("ID", row.record_id);
        // The record is about a stay, which is no strike-off even if a strike-off ended it.
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

/// Writer of one record.
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

    /// Writes an element, unless the value is empty.
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

    /// Writes an element with a date, unless the value is empty.
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

    /// Writes a photo: some kilobytes of base64 that are no picture.
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

/// A SNILS as `XXX-XXX-XXX YY`. A text that has not eleven digits stays unchanged.
fn with_dashes(snils: &str) -> String {
    if snils.len() != 11 || !snils.bytes().all(|byte| byte.is_ascii_digit()) {
        return snils.to_owned();
    }
    format!("{}-{}-{} {}", &snils[..3], &snils[3..6], &snils[6..9], &snils[9..])
}

#[cfg(test)]
mod tests {
    use super::super::CanonicalRow;
    use super::*;

    const ROW: &str = "R1;18000;34001;1;34-АБ 00000012;;О&Нил;Анна;;2;1984-03-05;\"пос. \"\"Заря\"\"\";03596739300;14;18 05 123456;RUS;1;\
        2020-01-02;;2023-02-29;2020-01-01;П031;";

    fn record(dialect: Dialect, row: &str) -> String {
        let mut out = Vec::new();
        dialect.write(1, &CanonicalRow::split(row.as_bytes()).register(), &mut out);
        let mut text = String::new();
        // The output is windows-1251, so every letter that is not ASCII becomes `?`.
        out.iter().for_each(|&byte| text.push(if byte.is_ascii() { char::from(byte) } else { '?' }));
        text
    }

    #[test]
    fn a_record_has_what_the_row_has_and_no_empty_elements() {
        assert_eq!(
            record(Dialect::Attributes, ROW),
            "<OP><N_REC>R1</N_REC><ID>R1</ID><TIP_OP>?031</TIP_OP><PERSON><FAM>?&amp;???</FAM><IM>????</IM><W>2</W><DR>1984-03-05</DR>\
             <MR>???. &quot;????&quot;</MR><C_OKSM>RUS</C_OKSM><SS>035-967-393 00</SS><KATEG>1</KATEG></PERSON>\
             <VIZIT><DVIZIT>2020-01-01</DVIZIT></VIZIT><INSURANCE><TER_ST>18000</TER_ST><POLIS><VPOLIS>1</VPOLIS><NPOLIS>00000012</NPOLIS>\
             <SPOLIS>34-??</SPOLIS><DBEG>2020-01-02</DBEG><DSTOP>2023-02-29</DSTOP></POLIS></INSURANCE>\
             <DOC_LIST><DOC><DOCTYPE>14</DOCTYPE><DOCSER>18 05</DOCSER><DOCNUM>123456</DOCNUM></DOC></DOC_LIST></OP>\r\n"
        );
    }

    #[test]
    fn the_other_dialect_has_times_and_one_document() {
        let record = record(Dialect::Elements, ROW);
        assert!(record.contains("<DR>1984-03-05T00:00:00</DR>") && record.contains("</INSURANCE><DOC><DOCTYPE>14"), "{record}");
    }

    #[test]
    fn the_operation_that_ended_a_stay_is_not_that_of_its_record() {
        assert!(!record(Dialect::Attributes, &ROW.replace("П031", "П021")).contains("TIP_OP"));
    }

    #[test]
    fn heads_tell_the_same_in_both_dialects() {
        let head = |dialect: Dialect| String::from_utf8(dialect.head("i.xml", 34001, "001", 7)).expect("ASCII");
        assert!(
            head(Dialect::Attributes)
                .contains("<OPLIST VERS=\"2.1\" FILENAME=\"i.xml\" SMOCOD=\"34001\" PRZCOD=\"001\" NRECORDS=\"7\">")
        );
        assert!(head(Dialect::Elements).contains("<SMOCOD>34001</SMOCOD><PRZCOD>001</PRZCOD><NRECORDS>7</NRECORDS>"));
    }
}
