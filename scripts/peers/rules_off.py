"""The rules that the peers do not have, and why: the job that all engines are given switches them off.

A new rule of sverka that the default rates of the generator set off belongs here, or into both peers.
"""

RULES_OFF = {
    "CERTIFICATE_EXPIRED": "needs the working days of the calendar",
    "DEATH_CONTRADICTED": "compares the days of a person's sources",
    "ENP_SHARED": "compares all records of a person",
    "IDENTITY_REVIEW": "compares all records of a person",
    "MUST_CHOOSE": "needs the time to choose another insurer",
    "NAME_ALPHABETS": "needs the alphabet of each letter of a name",
    "NAME_SEX": "needs the list of given names",
    "OLD_POLICY_AFTER_REFORM": "needs the dates of the policy reforms",
    "SAME_DOCUMENT_REVIEW": "compares records of several persons",
    "SEVERAL_ENP": "compares all records of a person",
}


def job_without(text):
    """A job of the generator with these rules off."""
    lines = [f'{code} = "off" # {reason}' for code, reason in sorted(RULES_OFF.items())]
    return "\n".join([text, "[rules.severity]", *lines, ""])
