//! `sverka explain`: the results of a published run about one person, with their reasons.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use super::input_argument::InputArgument;
use super::language::LanguageChoice;
use super::run_choice::{RunChoice, output_folder};
use super::{Exit, Failure, print, print_json, terminal_width};
use sverka_model::{Date, PersonId};
use sverka_report::explain::{ExplainError, Question, TextOptions, WIDTH, explain, render};
use sverka_report::published::{PublishedError, locate_run};
use sverka_rules::{Language, Text};

/// What the user typed after `explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka explain 9854910844000016
  sverka explain --policy '1/ЗР 12-000205' --lang ru
  sverka explain --record registers/98001_20261031.csv:128 --json
  sverka explain --name Луговская --birth 1988-06-25
  sverka explain --enp - < number.txt

A bare number is an ENP when it has 16 digits with a right check digit, a SNILS when it has 11, a temporary certificate when it \
has 9, else the number of a person; SOURCE:LINE is a record, anything else a policy. A SNILS or a name finds persons who are \
in the register, whose insurer left, or who are attached without insurance; of a name that several bear it lists them. A number that several persons use explains each of them. With - instead of a number it is read from \
standard input, so that it stands neither in the list of processes nor in the history of the shell. Answers hold personal data: they are yours to protect.

Exits with 0, with 2 when nobody is like that, the run lacks a table, or the job or a run of that ID is not there, or with 3 when no run is \
published or it cannot be read.")]
#[command(group = clap::ArgGroup::new("asked").required(true))]
pub struct ExplainArgs {
    /// Number of a person, ENP, SNILS, policy number, or SOURCE:LINE; - reads it from standard input
    #[arg(value_name = "WHO", group = "asked")]
    who: Option<InputArgument>,

    /// The person with this number; a retired number leads to the person that stands for it
    #[arg(long, value_name = "NUMBER", group = "asked")]
    person: Option<InputArgument>,

    /// Whoever used this ENP
    #[arg(long, value_name = "NUMBER", group = "asked")]
    enp: Option<InputArgument>,

    /// Whoever used this policy or certificate; 1/NUMBER, 2/NUMBER or 3/NUMBER with its kind
    #[arg(long, value_name = "NUMBER", group = "asked")]
    policy: Option<InputArgument>,

    /// Whoever is in the register with this SNILS
    #[arg(long, value_name = "NUMBER", group = "asked")]
    snils: Option<InputArgument>,

    /// Whose record this is, by source as the job names it and line
    #[arg(long, value_name = "SOURCE:LINE", group = "asked")]
    record: Option<InputArgument>,

    /// Whoever has this surname, or surname and further names, and the birth date of --birth
    #[arg(long, value_name = "SURNAME", group = "asked", requires = "birth")]
    name: Option<InputArgument>,

    /// The birth date of --name, as YYYY-MM-DD or DD.MM.YYYY
    #[arg(long, value_name = "DAY", requires = "name")]
    birth: Option<String>,

    #[command(flatten)]
    run: RunChoice,

    #[command(flatten)]
    lang: LanguageChoice,

    /// Print everything as JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Explains the person that the arguments name.
///
/// # Errors
/// When the argument is no number, no person has it, or the run cannot be used.
pub fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let language = args.lang.language();
    let question = question(args, language)?;
    let output = output_folder(&args.run, Path::new(""))?;
    let failure = |error: ExplainError| failure(&error, language);
    let dir = locate_run(&output, args.run.run.as_deref()).map_err(ExplainError::from).map_err(failure)?;
    let answer = explain(&dir, &question).map_err(failure)?;
    if args.json {
        let mut json = serde_json::to_string_pretty(&answer).map_err(|error| Failure::new(Exit::Invariant, error))?;
        json.push('\n');
        print_json(&json)?;
    } else {
        print(&render(&answer, TextOptions { asked_by: question.kind(), language, width: width() }))?;
    }
    Ok(Exit::Done)
}

/// Columns of the answer: those of the terminal, but no more than stay easy to read.
fn width() -> usize {
    if io::stdout().is_terminal() { terminal_width().min(WIDTH) } else { WIDTH }
}

/// The question that the arguments ask.
fn question(args: &ExplainArgs, language: Language) -> Result<Question, Failure> {
    let digits = |text: &str| text.chars().filter(|character| !matches!(character, '`' | '\'' | ' ')).collect::<String>();
    let not_a = |en, ru| {
        let expected = Text { en, ru };
        Failure::usage(match language {
            Language::English => format!("this is no {}; see sverka explain --help", expected.en),
            Language::Russian => format!("это не {}; см. sverka explain --help", expected.ru),
        })
    };
    match args {
        ExplainArgs { who: Some(word), .. } => Ok(Question::guess(&word.line()?)),
        ExplainArgs { person: Some(person), .. } => {
            let id = digits(&person.line()?).parse().ok().filter(|id| *id > 0);
            let id = id.ok_or_else(|| not_a("number of a person", "номер лица"))?;
            Ok(Question::Person(PersonId::from_stored(id)))
        }
        ExplainArgs { enp: Some(enp), .. } => Ok(Question::Enp(digits(&enp.line()?))),
        ExplainArgs { policy: Some(policy), .. } => Ok(Question::policy(&policy.line()?)),
        ExplainArgs { snils: Some(snils), .. } => Question::snils(&snils.line()?)
            .ok_or_else(|| not_a("SNILS with a right control number", "СНИЛС с верным контрольным числом")),
        ExplainArgs { name: Some(name), birth: Some(birth), .. } => {
            let day = birth_date(birth)
                .ok_or_else(|| not_a("birth date YYYY-MM-DD or DD.MM.YYYY", "дата рождения ГГГГ-ММ-ДД или ДД.ММ.ГГГГ"))?;
            Ok(Question::Name(name.line()?, day))
        }
        ExplainArgs { record: Some(record), .. } => {
            Question::record(&record.line()?).ok_or_else(|| not_a("record SOURCE:LINE", "запись ИСТОЧНИК:СТРОКА"))
        }
        _ => Err(not_a("question", "вопрос")),
    }
}

/// The date of a text, as YYYY-MM-DD or DD.MM.YYYY.
fn birth_date(text: &str) -> Option<Date> {
    let iso = match text.split('.').collect::<Vec<_>>()[..] {
        [day, month, year] => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => text.to_owned(),
    };
    iso.parse().ok()
}

fn failure(error: &ExplainError, language: Language) -> Failure {
    let exit = match error {
        ExplainError::Run(PublishedError::RunUnknown { .. })
        | ExplainError::NoTable { .. }
        | ExplainError::NoSource { .. }
        | ExplainError::NobodyNamed { .. }
        | ExplainError::NotAnEnp { .. }
        | ExplainError::Nobody { .. } => Exit::Usage,
        _ => Exit::Input,
    };
    Failure::new(exit, error.text(language))
}
