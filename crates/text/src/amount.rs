//! Amounts and sizes as people read them, and words in lines.

/// A whole number with its thousands separated, as people read it.
#[must_use]
pub fn with_thousands(number: u64) -> String {
    separate_thousands(&number.to_string())
}

/// A number of things, with the word for one or for several.
#[must_use]
pub fn counted(number: u64, one: &str, several: &str) -> String {
    format!("{} {}", with_thousands(number), if number == 1 { one } else { several })
}

/// Words in lines of at most `width` characters; a longer word has a line for itself.
#[must_use]
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count().saturating_add(1 + word.chars().count()) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Bytes as people read them.
#[must_use]
pub fn binary_size(bytes: u64) -> String {
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    if mebibytes < 1024.0 { format!("{mebibytes:.1} MiB") } else { format!("{:.2} GiB", mebibytes / 1024.0) }
}

/// Separates the thousands before the decimal point of a number that is already text, such as an amount of money.
pub fn separate_thousands(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = digits.find('.').map_or((digits, ""), |point| digits.split_at(point));
    let mut text = String::with_capacity(number.len() + whole.len() / 3);
    text.push_str(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push_str(fraction);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_is_no_rows() {
        assert_eq!(counted(1, "row", "rows"), "1 row");
        assert_eq!(counted(1_001, "row", "rows"), "1,001 rows");
    }

    #[test]
    fn thousands_are_separated_before_the_point_only() {
        assert_eq!(with_thousands(0), "0");
        assert_eq!(with_thousands(999), "999");
        assert_eq!(with_thousands(1_000), "1,000");
        assert_eq!(with_thousands(12_345_678), "12,345,678");
        assert_eq!(separate_thousands("-1234567.8901"), "-1,234,567.8901");
        assert_eq!(separate_thousands("-123.45"), "-123.45");
    }
}
