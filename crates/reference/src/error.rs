//! Faults of reference tables and tariffs: where in the file, what is wrong, and what to do.

/// A reference file that cannot be used: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}{place}: {fault}", place.separator())]
pub struct ReferenceError {
    /// The file as the job names it.
    pub file: String,
    /// Where in the file.
    pub place: ReferencePlace,
    /// What is wrong and what to do.
    pub fault: ReferenceFault,
}

impl ReferenceError {
    pub(super) fn new(file: &str, place: impl Into<ReferencePlace>, fault: ReferenceFault) -> Self {
        Self { file: file.to_owned(), place: place.into(), fault }
    }
}

/// Line or record of a reference file. Numbers beyond 2³² become the largest one; no table is that long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReferencePlace {
    /// Line of a text, from 1.
    Line(u32),
    /// Record of an XML packet, from 1; 0 is the packet as a whole.
    Record(u32),
}

impl From<u64> for ReferencePlace {
    fn from(line: u64) -> Self {
        Self::Line(short(line))
    }
}

fn short(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl ReferencePlace {
    /// A packet as a whole.
    pub(super) const PACKET: Self = Self::Record(0);

    /// A record of a packet.
    pub(super) fn record(number: u64) -> Self {
        Self::Record(short(number))
    }

    /// Text between the name of a file and a place in it.
    fn separator(self) -> &'static str {
        match self {
            Self::Line(_) => ":",
            Self::Record(0) => "",
            Self::Record(_) => ", record ",
        }
    }

    /// The place as part of a sentence.
    fn to_phrase(self) -> String {
        match self {
            Self::Line(line) => format!("in line {line}"),
            Self::Record(record) => format!("in record {record}"),
        }
    }
}

impl std::fmt::Display for ReferencePlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Record(0) => Ok(()),
            Self::Line(number) | Self::Record(number) => write!(f, "{number}"),
        }
    }
}

/// Fault of a reference table or a tariff.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceFault {
    /// The CSV itself cannot be read.
    #[error(
        "not readable as CSV ({cause}); expected UTF-8 with `;` between the fields and the header's number of fields in every row"
    )]
    Csv {
        /// What the reader said.
        cause: String,
    },
    /// A required column is absent.
    #[error("column `{column}` is missing; add it to the header")]
    ColumnMissing {
        /// Its name.
        column: String,
    },
    /// A column that the table does not know.
    #[error("unknown column `{column}`; expected {expected}")]
    ColumnUnknown {
        /// Its name.
        column: String,
        /// The columns that may stand in the header.
        expected: String,
    },
    /// A column that stands twice in the header.
    #[error("column `{column}` stands twice in the header; keep one")]
    ColumnTwice {
        /// Its name.
        column: String,
    },
    /// A table with a header only.
    #[error("the table has no rows; add at least one")]
    NoRows,
    /// More rows than indices.
    #[error("more than {most} rows; split the job by region")]
    TooManyRows {
        /// Most rows that a table may have.
        most: usize,
    },
    /// A value that must not be empty.
    #[error("`{column}` is empty; fill it in")]
    Empty {
        /// Its column.
        column: String,
    },
    /// A code of the wrong shape.
    #[error("`{column}` is `{value}`; a code has {digits} digits, leading zeros included")]
    Code {
        /// Its column.
        column: String,
        /// What stands there.
        value: String,
        /// How many digits a code has.
        digits: usize,
    },
    /// A value that is none of a short list.
    #[error("`{column}` is `{value}`; expected {expected}")]
    Choice {
        /// Its column.
        column: String,
        /// What stands there.
        value: String,
        /// What may stand there.
        expected: String,
    },
    /// A value that is no date.
    #[error("`{column}`: {problem}")]
    NotDate {
        /// Its column or key.
        column: String,
        /// What is wrong with it.
        problem: String,
    },
    /// An end that is not after its start.
    #[error("`{end}` is not after `{start}`; it is the first day after, and must be later")]
    Reversed {
        /// Name of the start.
        start: &'static str,
        /// Name of the end.
        end: &'static str,
    },
    /// A record that ends before it begins.
    #[error("`{last}` is before `{first}`; correct the record")]
    LastBeforeFirst {
        /// Name of the beginning.
        first: &'static str,
        /// Name of the end.
        last: &'static str,
    },
    /// A code that an earlier line has.
    #[error("code {code} stands already {}; keep one of the two rows", first.to_phrase())]
    CodeTwice {
        /// The code.
        code: String,
        /// Where it stands first.
        first: ReferencePlace,
    },
    /// A day that an earlier line has.
    #[error("{day} stands already {}; keep one of the two rows", first.to_phrase())]
    DayTwice {
        /// The day.
        day: String,
        /// Where it stands first.
        first: ReferencePlace,
    },
    /// A code that no table has.
    #[error("code {code} is not in the table of {table}; add it there, or remove this row")]
    CodeUnknown {
        /// The code.
        code: String,
        /// Which table.
        table: &'static str,
    },
    /// Two successors of one organisation.
    #[error("{code} has another successor already ({first}); keep one of them")]
    SuccessorTwice {
        /// The code of the row.
        code: String,
        /// The successor that the table of organisations gives.
        first: String,
    },
    /// A packed file that cannot be unpacked, or holds more than one file.
    #[error("{cause}; a dictionary is an XML packet or a CSV table, as it is or alone in an archive")]
    Packed {
        /// What is wrong with it.
        cause: String,
    },
    /// An XML packet, or one of its records, that cannot be read.
    #[error("not readable as XML: {cause}")]
    Xml {
        /// What the reader said.
        cause: String,
    },
    /// A packet without records.
    #[error("the packet has no records `{records}`; check that it is the dictionary {expected}")]
    NoRecords {
        /// The elements that are records.
        records: String,
        /// What it should be.
        expected: &'static str,
    },
    /// Another dictionary.
    #[error("this is the dictionary {found}, not {expected}; name the right file")]
    OtherDictionary {
        /// What the packet says it is.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A factor that the dictionary of clinics does not carry.
    #[error(
        "clinic {code} has no factor `{factor}`, which XML dictionaries do not carry; name a CSV table with the columns clinic, attachable, \
         ages and all factors as `clinic_settings`"
    )]
    FactorUnknown {
        /// The clinic.
        code: String,
        /// The factor.
        factor: String,
    },
    /// Settings for clinics that have them.
    #[error("the clinics are a CSV table, which has these columns itself; remove `clinic_settings`")]
    SettingsTwice,
    /// A successor that the table does not have.
    #[error("successor {successor} of {code} is not in the table; add its row")]
    SuccessorUnknown {
        /// The code of the row.
        code: String,
        /// The code that is not there.
        successor: String,
    },
    /// A successor of an organisation that works on.
    #[error("{code} has a successor but no `works_to`; the successor takes over on that day, so fill it in")]
    SuccessorWithoutEnd {
        /// The code of the row.
        code: String,
    },
    /// A head that the table does not have.
    #[error("head {head} of {code} is not in the table of clinics; add its row, or leave `head` empty")]
    HeadUnknown {
        /// The branch.
        code: String,
        /// The code that is not there.
        head: String,
    },
    /// A head that is a branch.
    #[error(
        "head {head} of {code} is a branch of {of} itself; name the clinic at which the people are counted, which has no head"
    )]
    HeadIsBranch {
        /// The branch.
        code: String,
        /// Its head.
        head: String,
        /// The head's head.
        of: String,
    },
    /// A head that a branch has taken over.
    #[error(
        "head {head} of {code} has been taken over by {successor} by the as-of date, which is a branch of {of}; name the clinic at which the \
         people are counted on that date, which has no head"
    )]
    HeadTakenOver {
        /// The branch.
        code: Box<str>,
        /// Its head.
        head: Box<str>,
        /// Who took over.
        successor: Box<str>,
        /// Whose branch that is.
        of: Box<str>,
    },
    /// Successors that lead back to where they began.
    #[error("the successors of {code} lead back to it ({chain}); break the circle")]
    Circle {
        /// The code of the row.
        code: String,
        /// The codes of the circle.
        chain: String,
    },
    /// TOML that does not fit the tariff.
    #[error("{problem}")]
    Toml {
        /// What the reader said.
        problem: String,
    },
    /// A number that has already been through a binary floating-point number.
    #[error("`{key}` = {value} is a floating-point number; write it in quotes, so that it stays exact")]
    Float {
        /// Its key.
        key: String,
        /// What stands there.
        value: String,
    },
    /// A value that is no number.
    #[error("`{key}` is `{value}`; expected digits with at most one full stop, such as \"1.25\"")]
    NotNumber {
        /// Its key or column.
        key: String,
        /// What stands there.
        value: String,
    },
    /// A number with more digits than are kept.
    #[error("`{key}` has more than {most} digits; round it")]
    TooManyDigits {
        /// Its key or column.
        key: String,
        /// Most digits that a number may have.
        most: usize,
    },
    /// A number out of its range.
    #[error("`{key}` is {value}; expected {expected}")]
    OutOfRange {
        /// Its key or column.
        key: String,
        /// What stands there.
        value: String,
        /// What may stand there.
        expected: String,
    },
    /// Both or none of two keys of which one is needed.
    #[error("give either `{one}` or `{other}`, and only one of them")]
    OneOf {
        /// The first key.
        one: &'static str,
        /// The second key.
        other: &'static str,
    },
    /// No base norm in force.
    #[error("no base norm is in force on {day}; add a [[base_norm]] whose `valid_from` and `valid_to` cover it")]
    NoBaseNorm {
        /// The count date.
        day: String,
    },
    /// Two base norms in force.
    #[error("this base norm and that of line {first_line} are both in force on {day}; end one with `valid_to`")]
    BaseNormTwice {
        /// Where the other stands.
        first_line: u64,
        /// The count date.
        day: String,
    },
    /// A factor's name that stands twice or that a column of its own has.
    #[error("`{factor}` cannot be a factor's name: it {why}; choose another")]
    FactorName {
        /// The name.
        factor: String,
        /// Why it cannot be.
        why: &'static str,
    },
    /// No band in force for a sex.
    #[error("no band for {sex} is in force on the count date; bands must cover every age from 0 of both sexes")]
    NoBands {
        /// Whose bands are missing.
        sex: String,
    },
    /// Two bands that share an age.
    #[error(
        "this band ({label}, {sex}) overlaps the band {first_label} of line {first_line}; `to` is the last full year of a band"
    )]
    BandsOverlap {
        /// Ages of this band.
        label: String,
        /// Whose ages.
        sex: String,
        /// Ages of the other band.
        first_label: String,
        /// Where the other band stands.
        first_line: u64,
    },
    /// An age between two bands.
    #[error(
        "nothing covers {sex} of {age} between the band {first_label} of line {first_line} and this one ({label}); close the gap"
    )]
    BandsGap {
        /// Ages of this band.
        label: String,
        /// Whose ages.
        sex: String,
        /// The first age that is not covered.
        age: u16,
        /// Ages of the band before.
        first_label: String,
        /// Where the band before stands.
        first_line: u64,
    },
    /// The first band does not begin with age 0.
    #[error("nothing covers {sex} below {age}; the first band must begin with `from = 0`")]
    BandsStartLate {
        /// Whose ages.
        sex: String,
        /// First age that is covered.
        age: u16,
    },
    /// The last band ends.
    #[error("nothing covers {sex} above {age}; leave `to` out of the last band")]
    BandsEndEarly {
        /// Whose ages.
        sex: String,
        /// Last age that is covered.
        age: u16,
    },
}
