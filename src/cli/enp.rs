//! `sverka enp`: the facts that a policy number codes, and its faults.

use super::day::{day, today};
use super::input_argument::InputArgument;
use super::{Exit, Failure, print};
use sverka_model::{Code, Date, Enp, EnpFault};
use sverka_rules::Rule;
use sverka_text::visible;

/// What the user typed after `enp`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka enp 3456510844000019
  sverka enp 3456510844000019 3456510894000018 --as-of 2026-11-01
  sverka enp - < numbers.txt

A right number can still contradict its holder's birth date or sex: funds do not always issue a new number \
when these data are corrected.

Exits with 0 when all numbers are right, with 1 when any is wrong, with 2 when none is given.")]
pub struct EnpArgs {
    /// Policy numbers, 16 digits each; - reads them from standard input, one a line
    #[arg(value_name = "NUMBER", required = true)]
    numbers: Vec<InputArgument>,

    /// A birth date after this day is impossible [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
}

/// Prints a description of each number.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(args: &EnpArgs) -> Result<Exit, Failure> {
    let as_of = args.as_of.unwrap_or_else(today);
    let numbers = args.numbers.iter().map(InputArgument::lines).collect::<Result<Vec<_>, _>>()?.concat();
    let described: Vec<Description> = numbers.iter().map(|number| describe(number, as_of)).collect();
    let text: Vec<&str> = described.iter().map(|one| one.text.as_str()).collect();
    print(&text.join("\n"))?;
    Ok(if described.iter().all(|one| one.right) { Exit::Done } else { Exit::ThresholdPassed })
}

/// Description of a number.
struct Description {
    /// Whether the number is right.
    right: bool,
    text: String,
}

/// Description of a number, with its faults as of a date.
fn describe(argument: &str, as_of: Date) -> Description {
    let trimmed = without_spreadsheet_mark(argument);
    let mut text = String::new();
    let Some(enp) = Enp::parse(trimmed.as_bytes()) else {
        let found = length_found(trimmed);
        text += &format!("{}  wrong\n", visible(trimmed));
        text += &finding(Code::EnpFormat, &found);
        if let Some(hint) = hint(trimmed, as_of) {
            text += &format!("  hint: {hint}\n");
        }
        return Description { right: false, text };
    };

    let mut findings = String::new();
    let check_digit_ok = enp.check_digit_ok();
    let (given, expected) = (enp.number() % 10, enp.expected_check_digit());
    if !check_digit_ok {
        findings += &finding(Code::EnpCheckDigit, &format!("digits 1 to 15 ask for {expected}, the number ends in {given}"));
    }
    let region = enp.number() / 100_000_000_000_000;
    text += &format!("  region        {region:02}          code of the fund that issued the number (KOD_TF, dictionary F010)\n");
    match enp.decode() {
        Ok(parts) => {
            text += &format!("  birth date    {}  digits 3 to 10\n", parts.birth_date);
            text += &format!("  sex           {:<10}  digits 9 and 10\n", parts.sex.to_string());
            let possible = (first_birth_date()..=as_of).contains(&parts.birth_date);
            if !possible {
                findings += &finding(
                    Code::EnpImpossible,
                    &format!("{} is not between {} and {as_of}", parts.birth_date, first_birth_date()),
                );
            }
        }
        Err(fault) => findings += &finding(Code::EnpImpossible, fault_text(fault)),
    }
    let serial = enp.number() / 10 % 100_000;
    let serial_note = if serial == 0 { "digits 11 to 15; numbers are issued from 00001" } else { "digits 11 to 15" };
    text += &format!("  serial        {serial:05}       {serial_note}\n");
    text += &format!("  check digit   {given}           {}\n", if check_digit_ok { "right" } else { "wrong" });
    let right = findings.is_empty();
    Description { right, text: format!("{enp}  {}\n{text}{findings}", if right { "right" } else { "wrong" }) }
}

/// Line about a fault.
fn finding(code: Code, detail: &str) -> String {
    format!("  {}  {}: {detail}\n", code.name(), Rule::by_code(code).message.en)
}

fn fault_text(fault: EnpFault) -> &'static str {
    match fault {
        EnpFault::NoCalendarDate => "digits 3 to 10 are no calendar date",
        EnpFault::OffsetDisagreesWithYear => {
            "the coded month belongs to other birth years (+20 up to 1950, +40 up to 2000, none from 2001)"
        }
    }
}

/// Numbers of characters and digits of a text.
fn length_found(text: &str) -> String {
    let characters = text.chars().count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits == characters {
        format!("there are {digits}")
    } else {
        format!("there are {characters} characters, {digits} of them digits")
    }
}

/// Possible damage to a number, if the number without that damage is right.
fn hint(text: &str, as_of: Date) -> Option<String> {
    let scientific = text.contains(['e', 'E']) && text.contains([',', '.']);
    if scientific {
        return Some("a spreadsheet rounded the number; its last digits are lost, ask the sender for the column as text".into());
    }
    let whole = text.strip_suffix(".0").or_else(|| text.strip_suffix(",0")).unwrap_or(text);
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let (candidate, reason) = match digits.len() {
        15 => (format!("0{digits}"), "a spreadsheet may have dropped the leading zero"),
        16 => (digits, "only the 16 digits belong into the field"),
        _ => return None,
    };
    let enp = Enp::parse(candidate.as_bytes())?;
    is_right(enp, as_of).then(|| format!("{enp} would be right: {reason}"))
}

/// Whether a number has a right check digit and codes a possible birth date.
fn is_right(enp: Enp, as_of: Date) -> bool {
    enp.check_digit_ok() && enp.decode().is_ok_and(|parts| (first_birth_date()..=as_of).contains(&parts.birth_date))
}

/// Earliest birth date of an insured person (`BIRTH_DATE_RANGE`).
fn first_birth_date() -> Date {
    Date::from_ymd(1900, 1, 1).expect("a calendar date")
}

/// The number without blanks around it and without the mark that makes it a text in a spreadsheet.
fn without_spreadsheet_mark(argument: &str) -> &str {
    argument.trim().trim_start_matches(['`', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(number: &str) -> Description {
        describe(number, "2026-11-01".parse().expect("date"))
    }

    #[test]
    fn a_right_number_is_decoded() {
        let one = described("3456510844000019");
        assert!(one.right);
        assert_eq!(
            one.text,
            "3456510844000019  right
  region        34          code of the fund that issued the number (KOD_TF, dictionary F010)
  birth date    1984-03-05  digits 3 to 10
  sex           male        digits 9 and 10
  serial        00001       digits 11 to 15
  check digit   9           right
"
        );
    }

    #[test]
    fn a_wrong_check_digit_tells_the_right_one() {
        let one = described("7856130840000018");
        assert!(!one.right);
        assert!(one.text.contains("ENP_CHECK_DIGIT"), "{}", one.text);
        assert!(one.text.contains("ask for 7, the number ends in 8"), "{}", one.text);
    }

    #[test]
    fn a_placeholder_with_a_right_check_digit_is_wrong() {
        for number in ["3400000000000000", "8888888888888888", "3210987654321098"] {
            let one = described(number);
            assert!(!one.right && one.text.contains("ENP_IMPOSSIBLE"), "{}", one.text);
            assert!(!one.text.contains("ENP_CHECK_DIGIT"), "{}", one.text);
        }
    }

    #[test]
    fn a_birth_after_the_as_of_date_is_impossible() {
        let unborn = Enp::compose(34, "2026-11-02".parse().expect("date"), sverka_model::Sex::Female, 1).to_string();
        assert!(described(&unborn).text.contains("2026-11-02 is not between 1900-01-01 and 2026-11-01"));
        assert!(describe(&unborn, "2026-11-02".parse().expect("date")).right);
    }

    #[test]
    fn spreadsheet_damage_gets_a_hint() {
        assert!(described("178470818000011").text.contains("0178470818000011 would be right"));
        assert!(described("3456510844000019.0").text.contains("3456510844000019 would be right"));
        assert!(described("3456 5108 4400 0019").text.contains("3456510844000019 would be right"));
        assert!(described("3,45651E+15").text.contains("a spreadsheet rounded the number"));
        assert!(!described("178470818000012").text.contains("hint"));
    }

    #[test]
    fn the_mark_of_a_spreadsheet_is_stripped() {
        assert!(described("`3456510844000019").right);
        assert!(described("'3456510844000019 ").right);
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert!(!described("\u{1b}[31m34565108440000").text.contains('\u{1b}'));
    }
}
