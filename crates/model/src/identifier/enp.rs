//! ENP: the single number of an OMS policy, 16 digits with two independent checks (SRC-40 to SRC-42).
//!
//! Digits 1–2 are the issuing region, 3–10 birth date and sex, 11–15 a serial number, 16 the check digit (Luhn, odd positions doubled).

use std::fmt;

use bytemuck::{Pod, Zeroable};

use super::{Date, EVERY_BYTE, EightDigits, Sex};

/// A policy number of 16 digits, as a number. Check digit and birth code may be wrong. Plain old data: a record holds it as eight bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Enp(u64);

/// Parts of an ENP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnpParts {
    /// Code of the fund that issued the number (`KOD_TF`, dictionary F010).
    pub region: u8,
    /// Birth date coded in the number.
    pub birth_date: Date,
    /// Sex coded in the number.
    pub sex: Sex,
    /// Serial number among the numbers with the same ten leading digits, from 1.
    pub serial: u32,
}

/// Birth date and sex coded in an ENP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnpHolder {
    /// Birth date.
    pub birth_date: Date,
    /// Sex.
    pub sex: Sex,
}

/// An ENP with its checks, all computed from one pass over its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnpReading {
    /// The number.
    pub enp: Enp,
    /// Whether the check digit is right.
    pub check_digit_ok: bool,
    /// Birth date and sex coded in the number; the same as in [`Enp::decode`].
    pub holder: Result<EnpHolder, EnpFault>,
}

/// Fault of the birth code, digits 3–10 of an ENP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnpFault {
    /// Month, year and day do not form a calendar date.
    NoCalendarDate,
    /// The offset of the month belongs to other birth years.
    OffsetDisagreesWithYear,
}

/// The smallest number of 17 digits.
const LIMIT: u64 = 10_000_000_000_000_000;

impl Enp {
    /// No ENP: absent, or wrong.
    pub const NONE: Self = Self(0);

    /// Reads 16 digits. The caller strips the leading back-tick or apostrophe with which spreadsheets mark texts.
    #[must_use]
    #[inline]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let [high, low] = halves(text)?;
        Some(Self::from_halves(high, low))
    }

    /// Reads 16 digits, and checks them.
    #[must_use]
    #[inline(always)]
    pub fn read(text: &[u8]) -> Option<EnpReading> {
        let [high, low] = halves(text)?;
        // Digits 3 to 10: the last six of the first half and the first two of the second.
        let birth_code = EightDigits(high.0 >> 16 | low.0 << 48);
        Some(EnpReading {
            enp: Self::from_halves(high, low),
            check_digit_ok: luhn_sum_of_digits(high, low).is_multiple_of(10),
            holder: decode_holder(birth_code),
        })
    }

    #[inline]
    fn from_halves(high: EightDigits, low: EightDigits) -> Self {
        Self(high.number() * 100_000_000 + low.number())
    }

    /// An ENP from its number; `None` above 16 digits.
    #[must_use]
    pub fn from_number(number: u64) -> Option<Self> {
        (number < LIMIT).then_some(Self(number))
    }

    /// The ENP that a record holds as a number, [`Self::NONE`] included.
    #[must_use]
    #[inline]
    pub const fn from_stored(number: u64) -> Self {
        Self(number)
    }

    /// The 16 digits as a number; 0 for [`Self::NONE`].
    #[must_use]
    #[inline]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Builds a number with a correct check digit. `region` is at most 99, `serial` at most 99 999.
    #[must_use]
    pub fn compose(region: u8, birth_date: Date, sex: Sex, serial: u32) -> Self {
        assert!(region <= 99 && serial <= 99_999, "region {region} or serial {serial} does not fit the ENP");
        let body = (u64::from(region) * 100_000_000 + u64::from(birth_code(birth_date, sex))) * 100_000 + u64::from(serial);
        let sum = luhn_sum(body * 10);
        Self(body * 10 + u64::from((10 - sum % 10) % 10))
    }

    /// Whether the check digit is right (Luhn over all 16 digits).
    #[must_use]
    #[inline]
    pub fn check_digit_ok(self) -> bool {
        luhn_sum(self.0).is_multiple_of(10)
    }

    /// The right check digit for digits 1–15.
    #[must_use]
    pub fn expected_check_digit(self) -> u8 {
        let sum = luhn_sum(self.0 / 10 * 10);
        ((10 - sum % 10) % 10) as u8
    }

    /// Digits 3–10, as written in the number.
    #[must_use]
    #[inline]
    pub fn birth_code(self) -> u32 {
        (self.0 / 1_000_000 % 100_000_000) as u32
    }

    /// Region, birth date, sex and serial number. No bound on the year is applied here.
    ///
    /// # Errors
    /// When digits 3–10 are no calendar date, or the month's offset contradicts the year.
    pub fn decode(self) -> Result<EnpParts, EnpFault> {
        let EnpHolder { birth_date, sex } = decode_holder(EightDigits::from_number(u64::from(self.birth_code())))?;
        Ok(EnpParts { region: (self.0 / 100_000_000_000_000) as u8, birth_date, sex, serial: (self.0 / 10 % 100_000) as u32 })
    }
}

impl fmt::Display for Enp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016}", self.0)
    }
}

/// Digits 3–10 of the ENP of someone with this birth date and sex.
#[must_use]
#[inline]
pub fn birth_code(birth_date: Date, sex: Sex) -> u32 {
    let (year, month, day) = birth_date.ymd();
    let y = year as u32;
    let reversed_year = y % 10 * 1000 + y / 10 % 10 * 100 + y / 100 % 10 * 10 + y / 1000;
    let day = day + if sex == Sex::Male { 50 } else { 0 };
    99_999_999 - ((month + month_offset(year)) * 1_000_000 + reversed_year * 100 + day)
}

#[inline]
fn halves(text: &[u8]) -> Option<[EightDigits; 2]> {
    let (high, low) = text.split_first_chunk::<8>()?;
    Some([EightDigits::read(*high)?, EightDigits::read(low.try_into().ok()?)?])
}

/// Decodes digits 3–10: month, reversed year and day, each digit subtracted from nine.
///
/// ```text
/// ENP 34 56510844 00001 9
///
/// digits 3–10          5   6   5   1   0   8   4   4
/// nine minus each      4   3 | 4   8   9   1 | 5   5     month, reversed year, day
/// forward             43  34  48  89  91  15  55   .     each digit is the tens of the next one
/// backward            34  43  84  98  19  51  55   .     each digit is the ones of the next one
///
/// month   byte 0 of forward         43 = 3 + 40, the offset of the birth years 1951–2000
/// year    bytes 4 and 2 of backward  19, 84
/// day     byte 6 of forward         55 = 5 + 50, the offset of men
/// ```
///
/// All eight digits take two multiplications. No byte carries into the next one: a pair of digits is at most 99.
#[inline]
fn decode_holder(birth_code: EightDigits) -> Result<EnpHolder, EnpFault> {
    let digits = 9 * EVERY_BYTE - birth_code.0;
    let (forward, backward) = (digits * 10 + (digits >> 8), (digits >> 8) * 10 + digits);
    let byte = |pairs: u64, index: u32| (pairs >> (index * 8)) as u32 & 0xFF;
    let (month, day) = (byte(forward, 0), byte(forward, 6));
    let year = byte(backward, 4) * 100 + byte(backward, 2);
    let (sex, day) = if day > 50 { (Sex::Male, day - 50) } else { (Sex::Female, day) };
    let offset = month_offset(year as i32);
    match Date::from_calendar(year, month.wrapping_sub(offset), day) {
        Some(birth_date) => Ok(EnpHolder { birth_date, sex }),
        None => Err(birth_code_fault(year, month, day)),
    }
}

/// The fault of a birth code: no date at all, or a date with the month offset of other years.
#[cold]
fn birth_code_fault(year: u32, month: u32, day: u32) -> EnpFault {
    let month_of_year = match month {
        1..=12 => month,
        21..=32 => month - 20,
        41..=52 => month - 40,
        _ => return EnpFault::NoCalendarDate,
    };
    match Date::from_ymd(year as i32, month_of_year, day) {
        Some(_) => EnpFault::OffsetDisagreesWithYear,
        None => EnpFault::NoCalendarDate,
    }
}

/// Offset of the month by birth year: 20 up to 1950, 40 up to 2000, then none.
const fn month_offset(year: i32) -> u32 {
    match year {
        ..=1950 => 20,
        1951..=2000 => 40,
        _ => 0,
    }
}

/// Luhn sum of a 16-digit number, two digits at a time: the first digit of each pair is doubled, and nine is subtracted from a result above nine.
#[inline]
fn luhn_sum(number: u64) -> u32 {
    const PAIR: [u8; 100] = {
        let mut table = [0_u8; 100];
        let mut pair = 0;
        while pair < 100 {
            let doubled = pair as u8 / 10 * 2;
            table[pair] = doubled / 10 + doubled % 10 + pair as u8 % 10;
            pair += 1;
        }
        table
    };
    let (high, low) = ((number / 100_000_000) as u32, (number % 100_000_000) as u32);
    let pairs = |half: u32| {
        let (a, b) = (half / 10_000, half % 10_000);
        [a / 100, a % 100, b / 100, b % 100].iter().map(|&pair| u32::from(PAIR[pair as usize % 100])).sum::<u32>()
    };
    pairs(high) + pairs(low)
}

/// Luhn sum of two times eight digits, four pairs at a time; the same as [`luhn_sum`].
///
/// ```text
/// bytes           d1  d2 | d3  d4 | d5  d6 | d7  d8     four lanes of two bytes, one for each pair
/// first           d1   0 | d3   0 | d5   0 | d7   0     the digits that are doubled
/// five_or_more     1 where first is 5 or more, else 0   first + 0x7B reaches 0x80 from 5 on
/// lane            2 × first − 9 × five_or_more + second 2 × 7 = 14, and 1 + 4 = 14 − 9
/// product         the highest lane of (lanes × 0x0001000100010001) is the sum of all four lanes
/// ```
///
/// A lane of both halves together is at most 36, so the sum of four fits its lane.
#[inline]
fn luhn_sum_of_digits(high: EightDigits, low: EightDigits) -> u32 {
    const LANES: u64 = 0x0001_0001_0001_0001;
    let sums = |digits: EightDigits| {
        let first = digits.0 & (0xFF * LANES);
        let five_or_more = ((first + 0x7B * LANES) >> 7) & LANES;
        first * 2 - five_or_more * 9 + (digits.0 >> 8 & (0xFF * LANES))
    };
    ((sums(high) + sums(low)).wrapping_mul(LANES) >> 48) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enp(text: &str) -> Enp {
        Enp::parse(text.as_bytes()).expect("16 digits")
    }

    /// Computed numbers that belong to nobody: birth date, sex, serial, number.
    const FIXTURES: [(&str, Sex, u32, &str); 8] = [
        ("1984-03-05", Sex::Male, 1, "3456510844000019"),
        ("1984-03-05", Sex::Female, 1, "3456510894000018"),
        ("1950-12-31", Sex::Female, 7, "3467940868000073"),
        ("1951-01-01", Sex::Female, 7, "3458840898000070"),
        ("2000-12-31", Sex::Male, 7, "3447999718000076"),
        ("2001-01-01", Sex::Male, 7, "3498899748000070"),
        ("1925-01-31", Sex::Male, 1, "0178470818000011"),
        ("2012-02-29", Sex::Female, 321, "7997789770003216"),
    ];

    #[test]
    fn fixtures_compose_check_and_decode() {
        for (birth, sex, serial, text) in FIXTURES {
            let number = enp(text);
            let birth_date = birth.parse().expect("date");
            let region = text[..2].parse().expect("region");
            assert_eq!(number, Enp::compose(region, birth_date, sex, serial), "{text}");
            assert!(number.check_digit_ok(), "{text}");
            assert_eq!(number.decode(), Ok(EnpParts { region, birth_date, sex, serial }), "{text}");
            assert_eq!(number.birth_code(), birth_code(birth_date, sex), "{text}");
            assert_eq!(number.to_string(), text);
        }
    }

    #[test]
    fn one_pass_over_the_digits_agrees_with_the_parts() {
        let mut number = 1_u64;
        let random = std::iter::repeat_with(|| {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (number >> 10) % LIMIT
        });
        // Dates are rare among random digits, so the second half of the cases has dates.
        let first = Date::from_ymd(1890, 1, 1).expect("a date").days();
        let dated = (0..60_000).map(|day| {
            let sex = if day % 2 == 0 { Sex::Male } else { Sex::Female };
            Enp::compose((day % 100) as u8, Date::from_days(first + day), sex, day as u32).number() + u64::from(day % 3 == 0)
        });
        for number in random.take(60_000).chain(dated) {
            let enp = Enp::from_number(number).expect("16 digits");
            let reading = Enp::read(enp.to_string().as_bytes()).expect("16 digits");
            let holder = enp.decode().map(|EnpParts { birth_date, sex, .. }| EnpHolder { birth_date, sex });
            assert_eq!(reading, EnpReading { enp, check_digit_ok: enp.check_digit_ok(), holder }, "{enp}");
            if let Ok(EnpHolder { birth_date, sex }) = holder {
                assert_eq!(enp.birth_code(), birth_code(birth_date, sex), "{enp}");
            }
        }
    }

    #[test]
    fn published_vectors() {
        assert!(enp("7856130840000017").check_digit_ok());
        assert!(!enp("7856130840000018").check_digit_ok());
        assert_eq!(enp("7856130840000018").expected_check_digit(), 7);
        assert_eq!(enp("7856510844000446").decode().expect("decodes").birth_date.to_string(), "1984-03-05");
        assert!(!enp("3551110111001111").check_digit_ok());
    }

    #[test]
    fn placeholders_pass_luhn_but_not_the_date() {
        for text in ["3400000000000000", "3552222222222222", "8888888888888888", "3210987654321098"] {
            assert!(enp(text).check_digit_ok(), "{text}");
            let plausible = enp(text).decode().is_ok_and(|parts| (1900..=2026).contains(&parts.birth_date.year()));
            assert!(!plausible, "{text}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_caught() {
        let right = b"3456510844000019";
        for position in 0..16 {
            for digit in b'0'..=b'9' {
                let mut text = *right;
                text[position] = digit;
                let number = Enp::parse(&text).expect("digits");
                assert_eq!(number.check_digit_ok(), text == *right);
            }
        }
    }

    #[test]
    fn offset_must_agree_with_the_year() {
        // 1984 with the offset of the years from 2001: month 03 instead of 43.
        let coded = 99_999_999 - (3 * 1_000_000 + 4891 * 100 + 55);
        let number = Enp((34 * 100_000_000 + coded) * 1_000_000);
        assert_eq!(number.decode(), Err(EnpFault::OffsetDisagreesWithYear));
    }

    #[test]
    fn sixteen_digits_and_nothing_else() {
        for bad in ["", "345651084400001", "34565108440000190", "345651084400001x", "3456510844 00019"] {
            assert_eq!(Enp::parse(bad.as_bytes()), None, "{bad}");
            assert_eq!(Enp::read(bad.as_bytes()), None, "{bad}");
        }
    }
}
