"""What a job says, as the peers need it: sources, reference tables and tariff.

Reads the jobs that `sverka generate` writes (canonical layout, one base norm, computed correction), not every job that sverka reads.
"""

import csv
import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

REGISTER_COLUMNS = (
    "record_id region insurer policy_kind policy_number enp surname given_name patronymic sex birth_date birth_place snils "
    "doc_kind doc_number citizenship category insured_from insured_to stopped_on applied_on reason death_date"
).split()
ATTACHMENT_COLUMNS = (
    "record_id clinic enp policy_kind policy_number snils surname given_name patronymic sex birth_date doc_kind doc_number "
    "profile method attached_from attached_to district department doctor_snils"
).split()

# Half-open intervals need an end; the data have no later day.
NEVER = dt.date(9999, 12, 31)
EVER = dt.date(1, 1, 1)


@dataclass(frozen=True)
class Source:
    """A file of rows. Its number is its place in the order of names."""

    number: int
    name: str
    path: str
    date: dt.date


@dataclass(frozen=True)
class Organisation:
    """An insurer or a clinic. Its number is its place in the order of codes."""

    number: int
    code: str
    works_from: dt.date
    works_to: dt.date
    successor: str
    attachable: bool
    ages: str
    factor: Fraction


@dataclass(frozen=True)
class Reading:
    """From `since` to before `until` the code of `number` is read as that of `read_as`."""

    number: int
    since: dt.date
    until: dt.date
    read_as: int


@dataclass(frozen=True)
class Band:
    """An age-sex band; `last` is its last full year of age."""

    label: str
    sex: int
    first: int
    last: int
    coefficient: Fraction


@dataclass(frozen=True)
class Region:
    """Everything but the rows."""

    as_of: dt.date
    registers: list[Source]
    attachments: list[Source]
    insurers: list[Organisation]
    clinics: list[Organisation]
    bands: list[Band]
    base_norm: Fraction

    @property
    def insurers_close_on(self):
        """The day on which the work of each insurer ends for good, after all successors."""
        return [closes_on(insurer, self.insurers) for insurer in self.insurers]

    @property
    def clinics_close_on(self):
        """The day on which the work of each clinic ends for good, after all successors."""
        return [closes_on(clinic, self.clinics) for clinic in self.clinics]


def load(job_file):
    """The region of a job file."""
    folder = Path(job_file).resolve().parent
    job = tomllib.loads(Path(job_file).read_text(encoding="utf-8"))
    reference = {name: folder / path for name, path in job["reference"].items()}
    tariff = tomllib.loads(reference["tariff"].read_text(encoding="utf-8"))
    if tariff["correction"] != "computed" or len(tariff["base_norm"]) != 1:
        raise SystemExit(f"{reference['tariff']}: expected one base norm and a computed correction")
    return Region(
        as_of=dt.date.fromisoformat(str(job["as_of"])),
        registers=sources(folder, job["registers"]),
        attachments=sources(folder, job["attachments"]),
        insurers=organisations(reference["insurers"], "insurer", []),
        clinics=organisations(reference["clinics"], "clinic", tariff["factors"]),
        bands=[band(entry) for entry in tariff["bands"]],
        base_norm=Fraction(Decimal(tariff["base_norm"][0]["per_month"])),
    )


def sources(folder, groups):
    """The files of the job's groups; the date of a file is the last YYYYMMDD in its name."""
    names = sorted(path.relative_to(folder).as_posix() for group in groups for glob in group["files"] for path in folder.glob(glob))
    dated = [(name, re.findall(r"\d{8}", Path(name).name)[-1]) for name in names]
    return [Source(n, name, str(folder / name), dt.datetime.strptime(day, "%Y%m%d").date()) for n, (name, day) in enumerate(dated)]


def organisations(path, code, factors):
    """A reference table in the order of codes."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file, delimiter=";"), key=lambda row: row[code])
    return [organisation(number, row, row[code], factors) for number, row in enumerate(rows)]


def organisation(number, row, code, factors):
    """One row of a reference table."""
    factor = Fraction(1)
    for name in factors:
        factor *= Fraction(Decimal(row[name] or "1"))
    return Organisation(
        number=number,
        code=code,
        works_from=dt.date.fromisoformat(row["works_from"]),
        works_to=dt.date.fromisoformat(row["works_to"]) if row["works_to"] else NEVER,
        successor=row["successor"],
        attachable=row.get("attachable", "1") == "1",
        ages=row.get("ages", "all"),
        factor=factor,
    )


def chain(organisation, all_of_them):
    """The organisation and its successors, in their order."""
    by_code = {other.code: other for other in all_of_them}
    links = [organisation]
    while links[-1].successor:
        links.append(by_code[links[-1].successor])
    return links


def closes_on(organisation, all_of_them):
    """The day on which work ends for good, after all successors."""
    return chain(organisation, all_of_them)[-1].works_to


def readings(all_of_them):
    """As whom each code is read on which days. A successor that closed before takes over for no day and is passed over."""
    found = []
    for organisation in all_of_them:
        since = EVER
        links = chain(organisation, all_of_them)
        for link in links:
            until = max(since, link.works_to) if link is not links[-1] else NEVER
            if until > since:
                found.append(Reading(organisation.number, since, until, link.number))
            since = until
    return found


def band(entry):
    """A band of the tariff, labelled as the outputs label it."""
    first, last = entry["from"], entry.get("to")
    label = f"{first}+" if last is None else f"{first}" if first == last else f"{first}-{last}"
    return Band(label, entry["sex"], first, 200 if last is None else last, Fraction(Decimal(entry["coefficient"])))
