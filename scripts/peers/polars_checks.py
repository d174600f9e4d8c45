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
    return pl.lit(pl.Series(values, dtype=dtype)).gather(index)


def doubled(digit):
    """A digit doubled, less 9 when above 9."""
    return 2 * digit - 9 * (digit > 4)


def luhn(text):
    """Digits added up, every second one from the left doubled; the text has an even length."""
    return sum(doubled(int(digit)) if place % 2 == 0 else int(digit) for place, digit in enumerate(text))


# Of a policy number's two first and six last digits.
LUHN_OF_2 = [luhn(f"{n:02}") for n in range(10**2)]
LUHN_OF_3 = [luhn(f"{n:04}") for n in range(10**3)]
LUHN_OF_6 = pl.Series([left + right for left in (luhn(f"{n:03}0") for n in range(10**3)) for right in LUHN_OF_3], dtype=pl.UInt8)


class Births:
    """What depends on the birth date (and sex): age, 18th birthday, digits 3 to 10 of a policy number."""

    def __init__(self, as_of):
        self.as_of = as_of
        self.days = [FIRST_BIRTH + dt.timedelta(days) for days in range((as_of - FIRST_BIRTH).days + 1)]
        self.ages = [as_of.year - day.year - ((as_of.month, as_of.day) < (day.month, day.day)) for day in self.days]
        self.of_age = [of_age(day) for day in self.days]
        self.codings = {sex: [coded(day, sex) for day in self.days] for sex in (1, 2)}
        self.luhns = {sex: [luhn(f"{coding:08}") for coding in codings] for sex, codings in self.codings.items()}

    def index(self, birth):
        """Place of a birth date in the lists; null outside of them."""
        days = col(birth).cast(pl.Int32) - (FIRST_BIRTH - EPOCH).days
        return pl.when(days.is_between(0, len(self.days) - 1)).then(days)

    def age(self, index):
        """Full years on the as-of date."""
        return looked_up(self.ages, index, pl.Int16)

    def day_of_age(self, index):
        """The 18th birthday."""
        return looked_up(self.of_age, index, pl.Date)

    def number_agrees(self, enp, index, man):
        """Whether a policy number codes this birth date and sex and has the right check digit."""
        expected = pl.when(man).then(looked_up(self.codings[1], index, pl.Int64)).otherwise(looked_up(self.codings[2], index, pl.Int64))
        middle = pl.when(man).then(looked_up(self.luhns[1], index, pl.UInt8)).otherwise(looked_up(self.luhns[2], index, pl.UInt8))
        ends = looked_up(LUHN_OF_2, enp // 10**14, pl.UInt8) + pl.lit(LUHN_OF_6).gather(enp % 10**6)
        return (enp // 10**6 % 10**8 == expected) & ((ends + middle) % 10 == 0)

    def table(self):
        """Every coding with what it codes."""
        frames = [
            pl.DataFrame(
                {"coded": self.codings[sex], "coded_luhn": self.luhns[sex], "coded_sex": [str(sex)] * len(self.days), "coded_birth": self.days},
                schema={"coded": pl.Int64, "coded_luhn": pl.UInt8, "coded_sex": pl.String, "coded_birth": pl.Date},
            )
            for sex in (1, 2)
        ]
        return pl.concat(frames)


def of_age(day):
    """The 18th birthday: 1 March for someone born on 29 February."""
    leap_day = (day.month, day.day) == (2, 29)
    return dt.date(day.year + 18, 3, 1) if leap_day else day.replace(year=day.year + 18)


def coded(day, sex):
    """Digits 3 to 10 of a policy number."""
    offset = 20 if day.year <= 1950 else 40 if day.year <= 2000 else 0
    text = f"{day.month + offset:02}{f'{day.year:04}'[::-1]}{day.day + (50 if sex == 1 else 0):02}"
    return 99999999 - int(text)


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
    numbers = [None] * 10**digits
    for known in organisations:
        numbers[int(known.code)] = known.number
    return looked_up(numbers, number(name, digits), pl.Int16)


LATIN_AND_DASHES = dict(zip("ABCEHKMOPTXЁ‐‑‒–—―", "АВСЕНКМОРТХЕ------", strict=True))


def name_key(name):
    """A name as it is compared: upper case, Latin letters that look Cyrillic, ё, dashes, blanks."""
    text = col(name).str.strip_chars().str.to_uppercase().str.replace_many(LATIN_AND_DASHES)
    return text.str.replace_all(r"\s+", " ").str.replace_all(r" ?([-.']) ?", "$1")
