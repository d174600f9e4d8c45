"""Attachments to dental and gynaecological services: those of the quiet people of the region, whom the registers know already.

The rule of each service is written here, so that its heads are known beforehand.
"""

from .. import numbers, region

DENTAL, GYNAECOLOGY = "3", "2"
# Where the people of a clinic have their teeth treated, and where its women go; other clinics do not serve them.
DENTIST_OF = {"980101": "980101", "980102": "980102", "980103": "980101", "980107": "980107"}
WOMEN_S_CLINIC_OF = {"980101": "980101", "980103": "980101", "980107": "980107"}
SINCE = "2025-01-01"
# Some leave the dentist between the two count days of the tariff.
LEFT = "2026-11-16"


def quiet_people(cases):
    """Attachments of quiet people, by their numbers."""
    rows = [row.values for file, rows in cases.quiet_rows.items() if file.startswith("attachments/") for row in rows]
    return {int(values["record_id"][1:4]): values for values in rows}


def attachment(values, number, service, clinic, letter, until=""):
    """A row of attachment to a service. Nobody is attached before birth."""
    since = max(SINCE, values["attached_from"])
    own = {
        "record_id": f"{letter}{number:03}", "clinic": clinic, "profile": service, "method": "2", "attached_from": since,
        "attached_to": until, "district": "", "department": "", "doctor_snils": numbers.snils(981_000_000 + int(clinic) % 1000),
    }
    return values | own


def dental(people):
    """Two of three people are attached to a dentist; every thirteenth of all leaves him in November."""
    for number, values in people.items():
        clinic = DENTIST_OF.get(values["clinic"])
        if clinic and number % 3:
            yield attachment(values, number, DENTAL, clinic, "D", LEFT if number % 13 == 0 else "")


def gynaecology(people):
    """Women who are of age; every fifth is attached nowhere."""
    for number, values in people.items():
        clinic = WOMEN_S_CLINIC_OF.get(values["clinic"])
        if clinic and values["sex"] == "2" and values["birth_date"] <= "2008-11-01" and number % 5:
            yield attachment(values, number, GYNAECOLOGY, clinic, "G")


def text(rows):
    """A file of attachments."""
    lines = [";".join(region.ATTACHMENT_COLUMNS)]
    lines += [";".join(region.quoted(row[column]) for column in region.ATTACHMENT_COLUMNS) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def written(cases):
    """The files of both services."""
    people = dict(sorted(quiet_people(cases).items()))
    return {
        "attachments/dental_20261031.csv": text(dental(people)),
        "attachments/gynaecology_20261031.csv": text(gynaecology(people)),
    }
