//! Reads `schemas/rules/CODE.toml`, checks it and writes Rust: the list of codes for the program, the texts for people.
//!
//! The list of codes ([`RuleFiles::code_list`]) is kept in the repository, because Cargo compiles a package again
//! whenever its build script has run. So a change of a text compiles only the packages that show texts. The texts
//! ([`RuleFiles::texts`]) go to the folder of the build.

mod rule_case;
mod toml_file;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use rule_case::Case;
pub use toml_file::Fault;
use toml_file::{File, Table, Value, Words, toml_files};

/// Paths of the input.
pub struct RulePaths {
    /// The folder with one file for each rule.
    pub rules: PathBuf,
    /// The folder with one file for each family of answers.
    pub families: PathBuf,
    /// The Rust file with the list `fields!` of canonical fields.
    pub fields: PathBuf,
}

impl RulePaths {
    /// The paths of the repository at `root`.
    pub fn in_repository(root: &Path) -> Self {
        Self { rules: root.join("schemas/rules"), families: root.join("schemas/answers"), fields: root.join(FIELD_LIST) }
    }
}

/// Path of the list of codes in the repository, which [`RuleFiles::code_list`] makes.
pub const CODE_LIST: &str = "crates/model/src/code/code_list.rs";

/// Path of the list `fields!` of canonical fields in the repository.
pub const FIELD_LIST: &str = "crates/model/src/field.rs";

/// Every rule, in the order of numbers.
#[derive(Debug)]
pub struct RuleFiles {
    rules: Vec<RuleFile>,
}

/// The file of one rule.
#[derive(Debug)]
struct RuleFile {
    name: String,
    number: u8,
    /// Line of the number in the file.
    number_line: usize,
    kind: &'static str,
    subject: &'static str,
    severity: &'static str,
    latitude: &'static str,
    /// Variants of `Field`.
    fields: Vec<String>,
    basis: &'static str,
    certainty: &'static str,
    since: Option<String>,
    expected: Option<String>,
    message: Text,
    meaning: Text,
    remedy: Text,
    source: Text,
    source_of_insurer: Option<Text>,
    source_of_clinic: Option<Text>,
    fixed_because: Option<Text>,
    softened: Option<Text>,
    answers: Vec<AnswerCode>,
    triggers: Case,
    neighbour: Case,
}

/// A text in both languages.
#[derive(Debug)]
struct Text {
    en: String,
    ru: String,
}

/// The code of a rule in a family of answers.
#[derive(Debug)]
struct AnswerCode {
    family: String,
    code: String,
    text: String,
    /// Variants of `Field` with the codes for them.
    fields: Vec<(String, String)>,
    is_format: bool,
    is_remark: bool,
}

/// The names that rules may refer to.
#[derive(Debug)]
struct Vocabulary {
    /// Variants of `Field` by canonical name.
    fields: BTreeMap<String, String>,
    families: BTreeMap<String, Family>,
}

/// A family of answers.
#[derive(Debug)]
struct Family {
    codes: Vec<String>,
    has_sentences: bool,
}

/// Keys of a rule's file.
const RULE_KEYS: &[&str] = &[
    "number",
    "kind",
    "subject",
    "severity",
    "latitude",
    "fields",
    "basis",
    "certainty",
    "since",
    "expected",
    "message",
    "meaning",
    "remedy",
    "source",
    "source_of_insurer",
    "source_of_clinic",
    "fixed_because",
    "softened",
    "answers",
    "triggers",
    "neighbour",
];

const KINDS: Words = &[
    ("row_check", "RowCheck"),
    ("source_check", "SourceCheck"),
    ("link", "Link"),
    ("person_check", "PersonCheck"),
    ("decision", "Decision"),
];
const SUBJECTS: Words = &[
    ("file", "File"),
    ("row", "Row"),
    ("policy", "Policy"),
    ("document", "Document"),
    ("insurer", "Insurer"),
    ("clinic", "Clinic"),
    ("person", "Person"),
];
const LATITUDES: Words =
    &[("fixed", "Fixed"), ("severity", "Severity"), ("off_or_warning", "OffOrWarning"), ("switch", "Switch")];
const BASES: Words = &[("law", "Law"), ("order", "Order"), ("practice", "Practice"), ("definition", "Definition")];
const CERTAINTIES: Words = &[("verified", "Verified"), ("unverified", "Unverified")];
const SEVERITIES: Words = &[("error", "Error"), ("warning", "Warning"), ("off", "Off")];
/// Severities of rules that are on or off.
const SWITCHES: Words = &[("on", "Warning"), ("off", "Off")];

impl RuleFiles {
    /// Reads all rules.
    ///
    /// # Errors
    /// The first fault of each file; two rules of one number.
    pub fn read(paths: &RulePaths) -> Result<Self, Vec<Fault>> {
        let vocabulary = Vocabulary::read(paths)?;
        let mut rules = Vec::new();
        let mut faults = Vec::new();
        for path in toml_files(&paths.rules)? {
            match RuleFile::read(&path, &vocabulary) {
                Ok(rule) => rules.push(rule),
                Err(fault) => faults.push(fault),
            }
        }
        rules.sort_by_key(|rule| rule.number);
        if faults.is_empty() {
            faults = wrong_numbers(&rules);
        }
        if faults.is_empty() { Ok(Self { rules }) } else { Err(faults) }
    }

    /// The list of codes, as a Rust file of the program.
    pub fn code_list(&self) -> String {
        let mut list = "\
//! Every rule by its code, with its facts for the program.
//!
//! Written by the build from `schemas/rules/*.toml`: change those files, never this one.
//! Columns: number, variant, name, kind, subject, severity, latitude, fields.

use super::{CodeFacts, Field, Kind, Latitude, Severity, Subject};

codes! {
"
        .to_owned();
        for rule in &self.rules {
            let RuleFile { name, number, kind, subject, severity, latitude, .. } = rule;
            let (variant, fields) = (variant(name), rule.fields.join(" "));
            let _ = writeln!(list, "    {number} {variant} {name:?} {kind} {subject} {severity} {latitude} [{fields}];");
        }
        list.push_str("}\n");
        list
    }

    /// The texts of all rules, as a Rust expression.
    pub fn texts(&self) -> String {
        let mut texts = "&[\n".to_owned();
        self.rules.iter().for_each(|rule| rule.write_to(&mut texts));
        texts.push_str("]\n");
        texts
    }
}

/// Rules with the number of another rule; without such rules, the first gap.
fn wrong_numbers(rules: &[RuleFile]) -> Vec<Fault> {
    let fault = |rule: &RuleFile, problem| Fault { file: rule.path(), line: Some(rule.number_line), problem };
    let twice = rules.windows(2).filter(|pair| pair[0].number == pair[1].number).map(|pair| {
        let [first, second] = [&pair[0], &pair[1]];
        let next = rules.len();
        fault(second, format!("the number {} is that of {}, too; the next free number is {next}", second.number, first.path()))
    });
    let faults: Vec<Fault> = twice.collect();
    let gap = (0_usize..).zip(rules).find(|(number, rule)| *number < usize::from(rule.number));
    match gap {
        Some((number, rule)) if faults.is_empty() => {
            vec![fault(rule, format!("the number {} leaves a gap: no rule has the number {number}", rule.number))]
        }
        _ => faults,
    }
}

/// The name of a file without folder and extension.
fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `DOC_AGE` as a variant: `DocAge`.
fn variant(name: &str) -> String {
    let capital = |word: &str| word[..1].to_owned() + &word[1..].to_ascii_lowercase();
    name.split('_').map(capital).collect()
}

impl Vocabulary {
    fn read(paths: &RulePaths) -> Result<Self, Vec<Fault>> {
        let mut families = BTreeMap::new();
        for path in toml_files(&paths.families)? {
            families.insert(stem(&path), Family::read(&path).map_err(|fault| vec![fault])?);
        }
        let text = fs::read_to_string(&paths.fields).map_err(|error| vec![Fault::of_file(&paths.fields, &error.to_string())])?;
        let fields: BTreeMap<String, String> = text.lines().filter_map(field_of_list).collect();
        if fields.is_empty() {
            return Err(vec![Fault::of_file(&paths.fields, "there is no line of the list `fields!` in it")]);
        }
        Ok(Self { fields, families })
    }

    /// The variant of a field.
    fn field(&self, file: &File<'_>, name: &str, span: &Range<usize>) -> Result<String, Fault> {
        let unknown = || file.fault(span, format!("there is no canonical field `{name}`"));
        self.fields.get(name).cloned().ok_or_else(unknown)
    }
}

/// Name and variant from a line of `fields!`: `DocKind "doc_kind" Optional Optional true "…";`.
fn field_of_list(line: &str) -> Option<(String, String)> {
    let mut words = line.split_whitespace();
    let (variant, name, presence) = (words.next()?, words.next()?, words.next()?);
    let name = name.strip_prefix('"')?.strip_suffix('"')?;
    matches!(presence, "Required" | "Optional" | "Absent").then(|| (name.to_owned(), variant.to_owned()))
}

impl Family {
    fn read(path: &Path) -> Result<Self, Fault> {
        File::read(path, |file, mut table| {
            let codes = table.required(file, "codes")?;
            let codes = file.array(&codes)?.iter().map(|code| file.text(code)).collect::<Result<_, _>>()?;
            let sentences = table.required(file, "sentences")?;
            Ok(Self { codes, has_sentences: file.boolean(&sentences)? })
        })
    }
}

impl RuleFile {
    /// The file in the repository.
    fn path(&self) -> String {
        format!("schemas/rules/{}.toml", self.name)
    }

    fn read(path: &Path, vocabulary: &Vocabulary) -> Result<Self, Fault> {
        let name = stem(path);
        let is_code = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        if !name.starts_with(|letter: char| letter.is_ascii_uppercase())
            || !name.bytes().all(is_code)
            || name.contains("__")
            || name.ends_with('_')
        {
            return Err(Fault::of_file(
                path,
                "the name of the file is the code of the rule: capital letters, digits and single `_`",
            ));
        }
        File::read(path, |file, table| Self::from_table(name, file, table, vocabulary))
    }

    fn from_table(name: String, file: &File<'_>, mut table: Table<'_>, vocabulary: &Vocabulary) -> Result<Self, Fault> {
        table.only(file, RULE_KEYS)?;
        let number_line = table.entries.get("number").map_or(1, |number| file.line(&number.span()));
        let kind = table.word(file, "kind", KINDS)?;
        let latitude = table.word(file, "latitude", LATITUDES)?;
        let is_switch = latitude == "Switch" || latitude == "Fixed" && matches!(kind, "Link" | "Decision");
        let message = table.text(file, "message")?;
        let answers = table.required(file, "answers")?;
        Ok(Self {
            number: table.number(file, "number")?,
            number_line,
            kind,
            subject: table.word(file, "subject", SUBJECTS)?,
            severity: table.word(file, "severity", if is_switch { SWITCHES } else { SEVERITIES })?,
            latitude,
            fields: table.fields(file, vocabulary)?,
            basis: table.word(file, "basis", BASES)?,
            certainty: table.word(file, "certainty", CERTAINTIES)?,
            since: table.day(file, "since")?,
            expected: table.optional_string(file, "expected")?,
            meaning: table.text(file, "meaning")?,
            remedy: table.text(file, "remedy")?,
            source: table.text(file, "source")?,
            source_of_insurer: table.optional_text(file, "source_of_insurer")?,
            source_of_clinic: table.optional_text(file, "source_of_clinic")?,
            fixed_because: table.text_if(file, "fixed_because", latitude == "Fixed")?,
            softened: table.optional_text(file, "softened")?,
            answers: AnswerCode::read_all(file, &answers, &message, vocabulary)?,
            triggers: table.case(file, "triggers", vocabulary)?,
            neighbour: table.case(file, "neighbour", vocabulary)?,
            message,
            name,
        })
    }

    fn write_to(&self, texts: &mut String) {
        let optional = |text: &Option<Text>| text.as_ref().map_or("None".to_owned(), |text| format!("Some({text})"));
        let _ = write!(
            texts,
            "    Rule {{ code: Code::{variant}, message: {}, meaning: {}, remedy: {}, basis: Basis::{}, source: {}, \
             source_of_insurer: {}, source_of_clinic: {}, since: {:?}, certainty: Certainty::{}, fixed_because: {}, softened: {}, \
             expected: {:?}, answers: &[",
            self.message,
            self.meaning,
            self.remedy,
            self.basis,
            self.source,
            optional(&self.source_of_insurer),
            optional(&self.source_of_clinic),
            self.since,
            self.certainty,
            optional(&self.fixed_because),
            optional(&self.softened),
            self.expected,
            variant = variant(&self.name),
        );
        self.answers.iter().for_each(|answer| answer.write_to(texts));
        let _ = writeln!(texts, "], example: Example {{ triggers: {}, neighbour: {} }} }},", self.triggers, self.neighbour);
    }
}

impl AnswerCode {
    /// The codes of every family, in the order of families.
    fn read_all(file: &File<'_>, value: &Value<'_>, message: &Text, vocabulary: &Vocabulary) -> Result<Vec<Self>, Fault> {
        let mut table = file.table(value)?;
        let mut answers = Vec::new();
        for (name, family) in &vocabulary.families {
            let value = table.required(file, name)?;
            answers.push(Self::read(file, name, family, &value, message, vocabulary)?);
        }
        table.finish_with(file, |name| format!("there is no family of answers `{name}` in schemas/answers"))?;
        Ok(answers)
    }

    fn read(
        file: &File<'_>,
        name: &str,
        family: &Family,
        value: &Value<'_>,
        message: &Text,
        vocabulary: &Vocabulary,
    ) -> Result<Self, Fault> {
        let mut table = file.table(value)?;
        let code = |value: &Value<'_>| {
            let code = file.text(value)?;
            let unknown = || {
                file.fault(&value.span(), format!("the family `{name}` has no code `{code}`: see schemas/answers/{name}.toml"))
            };
            if family.codes.contains(&code) { Ok(code) } else { Err(unknown()) }
        };
        let of_rule = code(&table.required(file, "code")?)?;
        let text = table.optional_string(file, "text")?;
        if let (Some(_), false) = (&text, family.has_sentences) {
            return Err(file.fault(&value.span(), format!("answers of the family `{name}` have no room for a `text`")));
        }
        let mut fields = Vec::new();
        if let Some(of_fields) = table.take("fields") {
            for (field, value) in file.table(&of_fields)?.entries {
                fields.push((vocabulary.field(file, field.get_ref(), &field.span())?, code(&value)?));
            }
        }
        let answer = Self {
            family: name.to_owned(),
            code: of_rule,
            text: text.unwrap_or_else(|| if family.has_sentences { message.ru.clone() } else { String::new() }),
            fields,
            is_format: table.flag(file, "format")?,
            is_remark: table.flag(file, "remark")?,
        };
        table.finish(file)?;
        Ok(answer)
    }

    fn write_to(&self, texts: &mut String) {
        let fields: String = self.fields.iter().map(|(field, code)| format!("(Field::{field}, {code:?}), ")).collect();
        let Self { family, code, text, is_format, is_remark, .. } = self;
        let _ = write!(
            texts,
            "AnswerCode {{ family: {family:?}, code: {code:?}, text: {text:?}, fields: &[{fields}], is_format: {is_format}, \
             is_remark: {is_remark} }}, "
        );
    }
}

impl Text {
    fn read(file: &File<'_>, table: &mut Table<'_>) -> Result<Self, Fault> {
        Ok(Self { en: table.string(file, "en")?, ru: table.string(file, "ru")? })
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text::new({:?}, {:?})", self.en, self.ru)
    }
}

/// Parts of a rule's file.
impl Table<'_> {
    /// The canonical fields under `fields`, as variants.
    fn fields(&mut self, file: &File<'_>, vocabulary: &Vocabulary) -> Result<Vec<String>, Fault> {
        let value = self.required(file, "fields")?;
        file.array(&value)?.iter().map(|name| vocabulary.field(file, &file.text(name)?, &name.span())).collect()
    }

    fn optional_text(&mut self, file: &File<'_>, key: &str) -> Result<Option<Text>, Fault> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let mut table = file.table(&value)?;
        let text = Text::read(file, &mut table)?;
        table.finish(file)?;
        Ok(Some(text))
    }

    fn text(&mut self, file: &File<'_>, key: &str) -> Result<Text, Fault> {
        let text = self.optional_text(file, key)?;
        text.ok_or_else(|| file.fault(&self.span, format!("the table [{key}] with `en` and `ru` is missing")))
    }

    /// A text that is present exactly if the rule is fixed.
    fn text_if(&mut self, file: &File<'_>, key: &str, is_fixed: bool) -> Result<Option<Text>, Fault> {
        let text = self.optional_text(file, key)?;
        if text.is_some() == is_fixed {
            return Ok(text);
        }
        Err(file.fault(&self.span, format!("[{key}] stands there exactly when `latitude` is `fixed`")))
    }

    fn case(&mut self, file: &File<'_>, key: &str, vocabulary: &Vocabulary) -> Result<Case, Fault> {
        let value = self.required(file, key)?;
        Case::read(file, &value, vocabulary)
    }
}
