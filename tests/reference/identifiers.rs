//! ENP (SRC-40) and SNILS (SRC-44), digit by digit as `docs/sources.md` says it.

use super::dates::{self, Date};

/// Facts about the holder in digits 3-10 of an ENP (SRC-41).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnpHolder {
    pub birth_date: Date,
    /// "1" male, "2" female, as in the records.
    pub sex: &'static str,
}

pub fn all_digits(text: &str, count: usize) -> bool {
    text.chars().count() == count && text.chars().all(|c| c.is_ascii_digit())
}

fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// The check digit of the first fifteen digits (SRC-42).
pub fn enp_check_digit(first_fifteen: &str) -> u32 {
    let d = digits(first_fifteen);
    let mut sum = 0;
    for (at, digit) in d.iter().enumerate() {
        let number = at + 1;
        if number % 2 == 0 {
            sum += digit;
        } else {
            let double = digit * 2;
            sum += if double > 9 { double - 9 } else { double };
        }
    }
    (10 - sum % 10) % 10
}

pub fn enp_check_digit_is_right(enp: &str) -> bool {
    enp_check_digit(&enp[0..15]) == digits(enp)[15]
}

/// Birth date and sex in the ENP (SRC-41); `None` when the digits give no date, one outside 1900-01-01 ..= `as_of`, or a
/// month offset that disagrees with the year.
pub fn enp_holder(enp: &str, as_of: Date) -> Option<EnpHolder> {
    let d: Vec<u32> = digits(enp)[2..10].iter().map(|digit| 9 - digit).collect();
    let coded_month = d[0] * 10 + d[1];
    let year = (d[5] * 1000 + d[4] * 100 + d[3] * 10 + d[2]) as i32;
    let coded_day = d[6] * 10 + d[7];
    let offset = month_offset(year);
    if coded_month <= offset {
        return None;
    }
    let (day, sex) = if coded_day > 50 { (coded_day - 50, "1") } else { (coded_day, "2") };
    let birth_date = dates::real(year, coded_month - offset, day)?;
    let earliest = Date { year: 1900, month: 1, day: 1 };
    if birth_date < earliest || birth_date > as_of {
        return None;
    }
    Some(EnpHolder { birth_date, sex })
}

/// The offset of the month in an ENP (SRC-41).
pub fn month_offset(year: i32) -> u32 {
    if year <= 1950 {
        20
    } else if year <= 2000 {
        40
    } else {
        0
    }
}

/// An ENP with a right check digit; a wrong `offset` of the month makes a wrong ENP.
pub fn make_enp(region: u32, birth: Date, sex: &str, serial: u32, offset: u32) -> String {
    let coded_day = birth.day + if sex == "1" { 50 } else { 0 };
    let reversed_year: String = format!("{:04}", birth.year).chars().rev().collect();
    let plain = format!("{:02}{reversed_year}{coded_day:02}", birth.month + offset);
    let coded: String = digits(&plain).iter().map(|digit| (9 - digit).to_string()).collect();
    let first_fifteen = format!("{region:02}{coded}{serial:05}");
    let check = enp_check_digit(&first_fifteen);
    format!("{first_fifteen}{check}")
}

/// The two control digits of a nine-digit number (SRC-44).
pub fn snils_control(nine: &str) -> u32 {
    let mut sum = 0;
    for (at, digit) in digits(nine).iter().enumerate() {
        sum += digit * (9 - at as u32);
    }
    let rest = sum % 101;
    if rest == 100 { 0 } else { rest }
}

/// The eleven digits of a SNILS; `None` when the text is no SNILS (`SNILS_INVALID`, SRC-44).
pub fn snils(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| *c != '-' && !c.is_whitespace()).collect();
    if !all_digits(&bare, 11) || bare.chars().all(|c| c == '0') {
        return None;
    }
    let number: u32 = bare[0..9].parse().ok()?;
    let control: u32 = bare[9..11].parse().ok()?;
    if number > 1_001_998 && snils_control(&bare[0..9]) != control {
        return None;
    }
    Some(bare)
}
