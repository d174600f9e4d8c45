"""Heads to money: exact fractions, and only the norms are rounded (half away from zero)."""

from decimal import Decimal
from fractions import Fraction


def fund(region, headcount):
    """Rows of `funding_clinic` and `funding_insurer_clinic` from (insurer, clinic, sex, band label, heads, funded heads)."""
    coefficient = {(band.sex, band.label): band.coefficient for band in region.bands}
    factor = {clinic.code: clinic.factor for clinic in region.clinics}
    weighted, clinics, pairs = {}, {}, {}
    for insurer, clinic, sex, label, _, funded in headcount:
        if funded:
            weighted[clinic] = weighted.get(clinic, 0) + coefficient[sex, label] * funded
            clinics[clinic] = clinics.get(clinic, 0) + funded
            pairs[insurer, clinic] = pairs.get((insurer, clinic), 0) + funded
    total = sum(weighted[clinic] * factor[clinic] for clinic in clinics)
    correction = Fraction(sum(clinics.values())) / total if total else Fraction(1)
    terms = {}
    for clinic, heads in clinics.items():
        k = weighted[clinic] / heads
        norm = rounded(region.base_norm * k * factor[clinic] * correction, 2)
        terms[clinic] = (rounded(k, 18), rounded(factor[clinic], 18), norm)
    by_clinic = [(clinic, heads, *terms[clinic], terms[clinic][2] * heads) for clinic, heads in sorted(clinics.items())]
    by_pair = [(insurer, clinic, heads, *terms[clinic], terms[clinic][2] * heads) for (insurer, clinic), heads in sorted(pairs.items())]
    return by_clinic, by_pair


def rounded(value, decimals):
    """A fraction that is not negative as a decimal number, half away from zero."""
    units = (2 * value * 10**decimals + 1) // 2
    return Decimal(units).scaleb(-decimals)
