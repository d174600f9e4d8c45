"""Expressions of the row checks that both tables share: dates, policy numbers, SNILS, codes, names.

What can be known before a row is read is looked up in a list by a small number (`gather`) instead of being computed for every row.
"""

import datetime as dt

import polars as pl

col = pl.col
FIRST_BIRTH = dt.date(1900, 1, 1)
EPOCH = dt.date(1970, 1, 1)


def iso(name):
    """The date of a text, null when the text is none."""
    text = col(name)
    # Most optional dates are empty: a null is cheaper than a text that is no date.
    return pl.when(text.str.len_bytes() == 10).then(text).str.to_date("%Y-%m-%d", strict=False, cache=False)


def number(name, digits):
    """The number that so many digits are, null when the text is longer, shorter or no number."""
    text = col(name)
    value = pl.when(text.str.len_bytes() == digits).then(text).cast(pl.Int64, strict=False)
    return value.clip(0, 10**digits - 1)


def empty_or(name, value):
    """Whether a field is empty or has its value."""
    return (col(name) == "") | col(value).is_not_null()


def looked_up(values, index, dtype):
    """The value of a list at an index; null gives null."""
    return pl.lit(values if isinstance(values, pl.Series) else pl.Series(values, dtype=dtype)).gather(index)


def doubled(digit):
    """A digit doubled, less 9 when above 9."""
    return 2 * digit - 9 * (digit > 4)


def luhn(text):
    """Digits added up, every second one from the left doubled; the text has an even length."""
    return sum(doubled(int(digit)) if place % 2 == 0 else int(digit) for place, digit in enumerate(text))


# Of a policy number's first two and last six digits.
LUHN_OF_2 = pl.Series([luhn(f"{n:02}") for n in range(10**2)], dtype=pl.UInt8)
LUHN_OF_3 = [luhn(f"{n:04}") for n in range(10**3)]
LUHN_OF_6 = pl.Series([left + right for left in (luhn(f"{n:03}0") for n in range(10**3)) for right in LUHN_OF_3], dtype=pl.UInt8)


def luhn_of_8(number):
    """Of the eight digits between them."""
    return looked_up(LUHN_OF_2, number // 10**6, pl.UInt8) + looked_up(LUHN_OF_6, number % 10**6, pl.UInt8)


class Births:
    """What depends on the birth date (and sex): age, 18th birthday, digits 3 to 10 of a policy number."""

    def __init__(self, as_of):
        days = pl.DataFrame({"born": pl.date_range(FIRST_BIRTH, as_of, eager=True)})
        month_and_day = col("born").dt.month().cast(pl.Int32) * 100 + col("born").dt.day()
        younger = month_and_day > as_of.month * 100 + as_of.day
        # Someone born on 29 February comes of age on 1 March: 18 years later there is no such day.
        eighteen = col("born").dt.offset_by("18y") + pl.duration(days=(month_and_day == 229).cast(pl.Int64))
        days = days.with_columns(
            age=(as_of.year - col("born").dt.year() - younger).cast(pl.Int16), of_age=eighteen, coded_man=coded(50), coded_woman=coded(0)
        )
        self.days = days.with_columns(
            luhn_man=luhn_of_8(col("coded_man")).cast(pl.UInt8), luhn_woman=luhn_of_8(col("coded_woman")).cast(pl.UInt8)
        )

    def index(self, birth):
        """Place of a birth date in the lists; null outside of them."""
        days = col(birth).cast(pl.Int32) - (FIRST_BIRTH - EPOCH).days
        return pl.when(days.is_between(0, self.days.height - 1)).then(days)

    def of(self, name, index):
        """A column at the place of a birth date."""
        return pl.lit(self.days[name]).gather(index)

    def number_agrees(self, enp, index, man):
        """Whether a policy number codes this birth date and sex and has the right check digit."""
        expected = pl.when(man).then(self.of("coded_man", index)).otherwise(self.of("coded_woman", index))
        middle = pl.when(man).then(self.of("luhn_man", index)).otherwise(self.of("luhn_woman", index))
        ends = looked_up(LUHN_OF_2, enp // 10**14, pl.UInt8) + looked_up(LUHN_OF_6, enp % 10**6, pl.UInt8)
        return (enp // 10**6 % 10**8 == expected) & ((ends + middle) % 10 == 0)

    def table(self):
        """Every coding with what it codes."""
        return pl.concat(
            [
                self.days.select(coded="coded_man", coded_sex=pl.lit("1"), coded_birth="born"),
                self.days.select(coded="coded_woman", coded_sex=pl.lit("2"), coded_birth="born"),
            ]
        )


def coded(fifty_for_men):
    """Digits 3 to 10 of a policy number, from the birth date `born`."""
    year, month, day = (part.cast(pl.Int64) for part in (col("born").dt.year(), col("born").dt.month(), col("born").dt.day()))
    offset = pl.when(year <= 1950).then(20).when(year <= 2000).then(40).otherwise(0)
    reversed_year = year % 10 * 1000 + year // 10 % 10 * 100 + year // 100 % 10 * 10 + year // 1000
    return 99999999 - ((month + offset) * 10**6 + reversed_year * 100 + day + fifty_for_men)


WEIGHTED_BY_3 = {first: [sum(int(d) * (first - i) for i, d in enumerate(f"{n:03}")) for n in range(1000)] for first in (9, 6, 3)}


def snils_ok(snils):
    """Whether the control number is right; it is defined above 001-001-998 only."""
    total = (
        looked_up(WEIGHTED_BY_3[9], snils // 10**8, pl.Int16)
        + looked_up(WEIGHTED_BY_3[6], snils // 10**5 % 1000, pl.Int16)
        + looked_up(WEIGHTED_BY_3[3], snils // 100 % 1000, pl.Int16)
    )
    return (snils > 0) & ((snils // 100 <= 1001998) | (total % 101 % 100 == snils % 100))


def organisation(name, digits, organisations):
    """The number of an organisation by its code; null when unknown."""
    codes = {int(known.code): known.number for known in organisations}
    first, last = min(codes), max(codes)
    code = number(name, digits)
    numbers = [codes.get(code) for code in range(first, last + 1)]
    return looked_up(numbers, pl.when(code.is_between(first, last)).then(code - first), pl.Int16)


LATIN_AND_DASHES = dict(zip("ABCEHKMOPTXЁ‐‑‒–—―", "АВСЕНКМОРТХЕ------", strict=True))


def name_key(name):
    """A name as it is compared: upper case, Latin letters that look Cyrillic, ё, dashes, blanks."""
    text = col(name).str.strip_chars().str.to_uppercase().str.replace_many(LATIN_AND_DASHES)
    return text.str.replace_all(r"\s+", " ").str.replace_all(r" ?([-.']) ?", "$1")
