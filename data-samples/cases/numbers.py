"""Made-up numbers with right check digits: ENP and SNILS.

We know of no territory with code 98, and serial numbers start at 90001, where real ones are a few hundred at most. SNILS start at
980-000-000, far above those ever given out.
"""

REGION = "98"


def date_part(birth, sex, offset=None):
    """Digits 3-10 of an ENP. `birth` is an ISO text; `offset` overrides what the year adds to the month."""
    year, month, day = (int(part) for part in birth.split("-"))
    if offset is None:
        offset = 20 if year <= 1950 else 40 if year <= 2000 else 0
    coded = f"{month + offset:02}{f'{year:04}'[::-1]}{day + (50 if sex == 1 else 0):02}"
    return "".join(str(9 - int(digit)) for digit in coded)


def luhn(fifteen):
    """The check digit of fifteen digits: the odd positions count twice."""
    total = 0
    for place, digit in enumerate(int(d) for d in fifteen):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def enp(birth, sex, serial, offset=None):
    """An ENP of region 98 that passes its check digit."""
    fifteen = REGION + date_part(birth, sex, offset) + f"{serial:05}"
    return fifteen + luhn(fifteen)


def wrong_check(number):
    """The same number with another last digit."""
    return number[:-1] + str((int(number[-1]) + 3) % 10)


def snils(nine):
    """A SNILS of eleven digits from its first nine."""
    digits = f"{nine:09}"
    control = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1))) % 101 % 100
    return f"{digits}{control:02}"


def dashed(number):
    """A SNILS as people write it: 980-000-001 23."""
    return f"{number[:3]}-{number[3:6]}-{number[6:9]} {number[9:]}"
