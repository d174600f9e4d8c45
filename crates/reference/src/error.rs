//! Faults of reference tables and tariffs: the place in the file, the fault, and what to do.

/// The reason why a reference file cannot be used, and the place in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}{place}: {fault}", place.separator())]
pub struct ReferenceError {
    /// Name of the file in the job.
    pub file: String,
    /// Place in the file.
    pub place: ReferencePlace,
    /// The fault, with what to do.
    pub fault: ReferenceFault,
}

impl ReferenceError {
    /// An error of a file.
    #[must_use]
    pub fn new(file: &str, place: impl Into<ReferencePlace>, fault: ReferenceFault) -> Self {
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
    /// A CSV that cannot be read.
    #[error(
        "not readable as CSV ({cause}); expected UTF-8 with `{separator}` between the fields and the header's number of fields in every row"
    )]
    Csv {
        /// The message of the reader.
        cause: String,
        /// Sign between the fields.
        separator: char,
    },
    /// A required column is absent.
    #[error("column `{column}` is missing; add it to the header")]
    ColumnMissing {
        /// Name of the column.
        column: String,
    },
    /// A column that the table does not know.
    #[error("unknown column `{column}`; expected {expected}")]
    ColumnUnknown {
        /// Name of the column.
        column: String,
        /// The columns that may stand in the header.
        expected: String,
    },
    /// A column that stands twice in the header.
    #[error("column `{column}` stands twice in the header; keep one")]
    ColumnTwice {
        /// Name of the column.
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
        /// Column of the value.
        column: String,
    },
    /// A code of the wrong shape.
    #[error("`{column}` is `{value}`; a code has {digits} digits, leading zeros included")]
    Code {
        /// Column of the code.
        column: String,
        /// The value.
        value: String,
        /// Number of digits of a code.
        digits: usize,
    },
    /// A value that is none of a short list.
    #[error("`{column}` is `{value}`; expected {expected}")]
    Choice {
        /// Column of the value.
        column: String,
        /// The value.
        value: String,
        /// Values that the column may have.
        expected: String,
    },
    /// A value that is no date.
    #[error("`{column}`: {problem}")]
    NotDate {
        /// Column or key of the value.
        column: String,
        /// The fault of the value.
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
        /// Place of its first occurrence.
        first: ReferencePlace,
    },
    /// A day that an earlier line has.
    #[error("{day} stands already {}; keep one of the two rows", first.to_phrase())]
    DayTwice {
        /// The day.
        day: String,
        /// Place of its first occurrence.
        first: ReferencePlace,
    },
    /// A code that no table has.
    #[error("code {code} is not in the table of {table}; add it there, or remove this row")]
    CodeUnknown {
        /// The code.
        code: String,
        /// Name of the table.
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
        /// The fault of the file.
        cause: String,
    },
    /// An XML packet, or one of its records, that cannot be read.
    #[error("not readable as XML: {cause}")]
    Xml {
        /// The message of the reader.
        cause: String,
    },
    /// A packet without records.
    #[error("the packet has no records `{records}`; check that it is the dictionary {expected}")]
    NoRecords {
        /// The elements that are records.
        records: String,
        /// Name of the expected dictionary.
        expected: &'static str,
    },
    /// A packet of another dictionary.
    #[error("this is the dictionary {found}, not {expected}; name the right file")]
    OtherDictionary {
        /// Name of the dictionary by the packet.
        found: String,
        /// Name of the expected dictionary.
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
        /// The code of the successor.
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
        /// The code of the head.
        head: String,
    },
    /// A head that is a branch.
    #[error(
        "head {head} of {code} is a branch of {of} itself; name the clinic at which the people are counted, which has no head"
    )]
    HeadIsBranch {
        /// The branch.
        code: String,
        /// The branch's head.
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
        /// The branch's head.
        head: Box<str>,
        /// The clinic that took over.
        successor: Box<str>,
        /// The head of the clinic that took over.
        of: Box<str>,
    },
    /// Successors that lead back to the first one.
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
        /// The message of the reader.
        problem: String,
    },
    /// A number that has already been through a binary floating-point number.
    #[error("`{key}` = {value} is a floating-point number; write it in quotes, so that it stays exact")]
    Float {
        /// Key of the number.
        key: String,
        /// The number.
        value: String,
    },
    /// A value that is no number.
    #[error("`{key}` is `{value}`; expected digits with at most one full stop, such as \"1.25\"")]
    NotNumber {
        /// Key or column of the value.
        key: String,
        /// The value.
        value: String,
    },
    /// A number with more digits than are kept.
    #[error("`{key}` has more than {most} digits; round it")]
    TooManyDigits {
        /// Key or column of the number.
        key: String,
        /// Most digits that a number may have.
        most: usize,
    },
    /// A number out of its range.
    #[error("`{key}` is {value}; expected {expected}")]
    OutOfRange {
        /// Key or column of the number.
        key: String,
        /// The number.
        value: String,
        /// Numbers that may stand there.
        expected: String,
    },
    /// Two keys, exactly one of which must be given: both are, or none.
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
        /// Line of the first base norm.
        first_line: u64,
        /// The count date.
        day: String,
    },
    /// Keys of a care at the top of a tariff that has kinds of care.
    #[error(
        "this key at the top belongs to the only care of a tariff, and line {first_line} begins a [[care]]; move it into a [[care]]"
    )]
    CareBesideTop {
        /// Line of the first kind of care.
        first_line: u64,
    },
    /// A name of a care or a set of bands that stands twice.
    #[error("the name `{name}` stands in line {first_line} already; choose another")]
    NameTwice {
        /// The name.
        name: String,
        /// Line of the first entry with the name.
        first_line: u64,
    },
    /// Two entries in force where one is allowed.
    #[error("this entry and that of line {first_line} are both in force on {day}; end one with `valid_to`")]
    InForceTwice {
        /// Line of the first entry.
        first_line: u64,
        /// The day.
        day: String,
    },
    /// A dated list without an entry in force.
    #[error("no entry of `{key}` is in force on {day}; add one whose `valid_from` and `valid_to` cover it")]
    NoneInForce {
        /// Key of the list.
        key: &'static str,
        /// The day.
        day: String,
    },
    /// A table of a tariff that cannot be read.
    #[error("the table `{path}` cannot be read ({cause}); its path is relative to the folder of the tariff")]
    TableUnreadable {
        /// The path that stands in the tariff.
        path: String,
        /// The message of the system.
        cause: String,
    },
    /// Two classes of feldsher points with the same residents.
    #[error(
        "this class and that of line {first_line} both hold {residents} residents; a limit belongs to one class (`from_included`, `to_included`)"
    )]
    ClassesOverlap {
        /// Residents of both classes.
        residents: String,
        /// Line of the first class.
        first_line: u64,
    },
    /// A feldsher point without a sum of the year.
    #[error("no class holds a point with {residents} residents; add a [[points.classes]], or give `year_norm` in this row")]
    PointWithoutClass {
        /// Residents of the point.
        residents: String,
    },
    /// A setting that has no meaning for rates in roubles.
    #[error("rates in roubles replace norms, so `{key}` must be {expected} beside them")]
    RatesBeside {
        /// Key of the setting.
        key: &'static str,
        /// Values that it may have.
        expected: &'static str,
    },
    /// A clinic or group with rates for some bands only.
    #[error("the clinic or group of this row has no rate for {sex} of {label}; add the row")]
    RateMissing {
        /// Ages of the band.
        label: String,
        /// Sex of the band.
        sex: String,
    },
    /// A factor's name that stands twice, or that another column already has.
    #[error("`{factor}` cannot be a factor's name: it {why}; choose another")]
    FactorName {
        /// The name.
        factor: String,
        /// The reason why the factor cannot have the name.
        why: &'static str,
    },
    /// No band in force for a sex.
    #[error("no band for {sex} is in force on the count date; bands must cover every age from 0 of both sexes")]
    NoBands {
        /// Sex without bands.
        sex: String,
    },
    /// Two bands that share an age.
    #[error(
        "this band ({label}, {sex}) overlaps the band {first_label} of line {first_line}; `to` is the last full year of a band"
    )]
    BandsOverlap {
        /// Ages of this band.
        label: String,
        /// Sex of the bands.
        sex: String,
        /// Ages of the other band.
        first_label: String,
        /// Line of the other band.
        first_line: u64,
    },
    /// An age between two bands.
    #[error(
        "nothing covers {sex} of {age} between the band {first_label} of line {first_line} and this one ({label}); close the gap"
    )]
    BandsGap {
        /// Ages of this band.
        label: String,
        /// Sex of the bands.
        sex: String,
        /// The first age that is not covered.
        age: u16,
        /// Ages of the band before.
        first_label: String,
        /// Line of the band before.
        first_line: u64,
    },
    /// A first band that does not begin with age 0.
    #[error("nothing covers {sex} below {age}; the first band must begin with `from = 0`")]
    BandsStartLate {
        /// Sex of the bands.
        sex: String,
        /// First age that is covered.
        age: u16,
    },
    /// A last band that ends.
    #[error("nothing covers {sex} above {age}; leave `to` out of the last band")]
    BandsEndEarly {
        /// Sex of the bands.
        sex: String,
        /// Last age that is covered.
        age: u16,
    },
}
