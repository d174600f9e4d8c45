//! Rows written as `field=value, field=value`, read and checked like those of a source; for the tests of this stage and of later ones.

use std::io::Write;

use super::{AttachmentRecord, CheckContext, CheckedRow, ReadPlan, ReadSource, RegisterRecord, Table, read_table};
use crate::identifier::Date;
use crate::intake::{Header, Layout, Lexicon, survey};
use crate::job::RuleSettings;
use crate::reference::{Clinics, Insurers};

/// The as-of date of sample rows.
pub(crate) const AS_OF: &str = "2026-11-01";

const INSURERS: &str = "insurer;works_from;works_to\n34001;2011-01-01;\n34002;2011-01-01;2025-01-01\n";
const CLINICS: &str = "clinic;attachable;ages;works_from;works_to\n\
    340001;1;all;2011-01-01;\n340002;1;all;2011-01-01;2025-01-01\n340003;0;all;2011-01-01;\n";

/// A table whose rows can be written as texts.
pub(crate) trait SampleRow: CheckedRow {
    /// The built-in layout.
    const LAYOUT: &str;
    /// A row without any finding, which texts change.
    const PLAIN: &str;
}

impl SampleRow for RegisterRecord {
    const LAYOUT: &str = "register";
    const PLAIN: &str = "insurer=34001, policy_kind=1, policy_number=АБ 1, surname=Иванов, given_name=Иван, sex=1, \
        birth_date=1980-05-05, insured_from=2020-01-01";
}

impl SampleRow for AttachmentRecord {
    const LAYOUT: &str = "attachments";
    const PLAIN: &str = "clinic=340001, policy_kind=1, policy_number=АБ 1, surname=Иванов, given_name=Иван, sex=1, \
        birth_date=1980-05-05, attached_from=2020-01-01";
}

/// Checks one row for each text, which says what differs from [`SampleRow::PLAIN`]. Row 0 of the table is the header.
pub(crate) fn checked<R: SampleRow>(changes: &[&str], lexicon: &Lexicon) -> Table<R> {
    let layout = Layout::built_in(R::LAYOUT).expect("built-in layout");
    let columns: Vec<&str> = layout.columns.iter().map(|column| column.column.as_str()).collect();
    let mut content = columns.join(";") + "\n";
    for change in changes {
        let mut values = vec![""; columns.len()];
        for assignment in R::PLAIN.split(", ").chain(change.split(", ").filter(|assignment| !assignment.is_empty())) {
            let (field, value) = assignment.split_once('=').expect("field=value");
            let column = columns.iter().position(|column| *column == field).expect("a field of the layout");
            values[column] = value;
        }
        content += &(values.join(";") + "\n");
    }
    let mut file = tempfile::NamedTempFile::new().expect("temporary file");
    file.write_all(content.as_bytes()).expect("written");
    let source = survey(file.path(), &|_| ()).expect("surveyed");
    let header = Header::read(source.bytes(), &layout).expect("header");
    let plan = ReadPlan { sources: vec![ReadSource { source: 0, file: &source, layout: &layout, header }], chunk_bytes: 1 << 20 };
    let context = CheckContext {
        as_of: AS_OF.parse::<Date>().expect("a date"),
        insurers: &Insurers::read("insurers", INSURERS.as_bytes()).expect("insurers"),
        clinics: &Clinics::read("clinics", CLINICS.as_bytes(), &[]).expect("clinics"),
        rules: &RuleSettings::default(),
    };
    read_table(&plan, &context, lexicon, &|_| (), &|| true)
}
