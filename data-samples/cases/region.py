"""The words in which cases are written: a case, its persons, their rows, and what must come out.

A case says what comes in by `person(...).insured(...)` and `.attached(...)`, and what must come out by the methods of the row.
Nothing here knows the rules: every expectation is stated by hand in the case.
"""

from . import numbers

REGISTER_COLUMNS = (
    "record_id region insurer policy_kind policy_number enp surname given_name patronymic sex birth_date birth_place snils "
    "doc_kind doc_number citizenship category insured_from insured_to stopped_on applied_on reason death_date"
).split()
ATTACHMENT_COLUMNS = (
    "record_id clinic enp policy_kind policy_number snils surname given_name patronymic sex birth_date doc_kind doc_number "
    "profile method attached_from attached_to district department doctor_snils"
).split()

OF_98001 = "registers/98001_20261031.csv"
OF_98002 = "registers/98002_20261031.csv"
OF_FUND = "registers/fund_20261015.csv"
ARCHIVE = "registers/fund_archive.csv"
OF_980101 = "attachments/980101_20261031.csv"
OF_980102 = "attachments/980102_20261031.csv"
OF_980107 = "attachments/980107_20261015.csv"
CLINIC_ARCHIVE = "attachments/fund_archive.csv"
# The last registers of insurers that leave, with the addresses of their people; a clinic and its branches.
OF_98004 = "registers/98004_20260228.csv"
OF_98007 = "registers/98007_20260930.csv"
OF_980121 = "attachments/980121_20261031.csv"
ALL_FILES = (
    OF_98001, OF_98002, OF_FUND, ARCHIVE, OF_980101, OF_980102, OF_980107, CLINIC_ARCHIVE, OF_98004, OF_98007, OF_980121,
)


def columns_of(file):
    """The columns of a file, in the order of the canonical ones."""
    if file in (OF_98004, OF_98007):
        return [*REGISTER_COLUMNS, "address"]
    return REGISTER_COLUMNS if file.startswith("registers/") else ATTACHMENT_COLUMNS


# Who usually sends whose rows; a case may say otherwise with `file=`.
SENDER = {
    "98001": OF_98001, "98002": OF_98002, "98003": ARCHIVE, "98004": OF_FUND, "98005": OF_FUND, "98006": ARCHIVE,
    "980101": OF_980101, "980102": OF_980102, "980103": OF_980101, "980106": OF_980107, "980107": OF_980107,
    "980120": OF_980101, "98007": OF_98007, "980121": OF_980121, "980122": OF_980121, "980123": OF_980121,
}


class Region:
    """Everything that is written: the rows of each file in their order, the cases, the expectations."""

    def __init__(self):
        self.case_rows = {name: [] for name in ALL_FILES}
        self.quiet_rows = {name: [] for name in self.case_rows}
        self.cases = {}
        self.expected = []
        self.overrides = []
        self.persons = 0
        self.current = None
        self.rows_of_case = 0

    def case(self, number, title):
        """Opens a case; what follows belongs to it."""
        assert number not in self.cases, number
        self.cases[number] = title
        self.current, self.rows_of_case = number, 0

    def person(self, name, sex, birth, **known):
        """Someone with numbers of their own. `known` replaces them: enp, snils, doc_kind, doc_number, category."""
        self.persons += 1
        return Person(self, name, sex, birth, known, self.persons)

    def override(self, kind, outcome, reason, **keys):
        """A decision of people, and its state and number of records."""
        self.overrides.append(Override(self.current, kind, outcome, dict(keys, reason=reason)))

    def line(self, file, raw):
        """A line that is no row."""
        self.case_rows[file].append(raw)

    def expect(self, check, row, value=""):
        """States one line of expected.csv."""
        self.expected.append((self.current, check, row, value))


class Override:
    """An entry of overrides.toml and what must become of it."""

    def __init__(self, case, kind, outcome, keys):
        self.case, self.kind, self.outcome, self.keys = case, kind, outcome, keys
        self.line = None

    def text(self):
        """The entry in TOML."""
        lines = [f"[[{self.kind}]]  # {self.case}"]
        known = {"author": "И. О. Липина", "decided_on": "2026-10-05"}
        for key, value in (self.keys | known).items():
            is_date = key in ("from", "to", "until", "decided_on")
            lines.append(f"{key} = {value if is_date else in_toml(value)}")
        return lines


def in_toml(value):
    """A text, a selector or a list of selectors."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {in_toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(in_toml(inner) for inner in value) + "]"
    return f'"{value}"'


class Person:
    """One person's data as a correct row would give them."""

    def __init__(self, region, name, sex, birth, known, serial):
        surname, given, *patronymic = name.split(" ")
        age = 2026 - int(birth[:4]) - (birth[5:] > "11-01")
        self.region = region
        self.data = {
            "surname": surname, "given_name": given, "patronymic": " ".join(patronymic), "sex": str(sex), "birth_date": birth,
            "enp": numbers.enp(birth, sex, 90000 + serial), "snils": numbers.snils(980_000_000 + serial * 7),
            "doc_kind": "14" if age >= 14 else "3",
            "doc_number": f"00 26 № {serial:06}" if age >= 14 else f"I-ЗР № {serial:06}",
            "citizenship": "643", "category": "1" if 18 <= age < 60 else "6", "policy_kind": "3", "policy_number": "",
        }
        self.data.update(known)

    def __getitem__(self, field):
        return self.data[field]

    def insured(self, insurer, since, **fields):
        """A row of the register."""
        own = dict(self.data, region="98", insurer=insurer, insured_from=since)
        return self._row("register", SENDER.get(insurer, OF_FUND), own, fields)

    def attached(self, clinic, since, **fields):
        """A row of attachment, by residence to the therapeutic service unless the case says otherwise."""
        own = dict(self.data, clinic=clinic, attached_from=since, profile="1", method="1", district="01", doc_kind="", doc_number="")
        return self._row("attachment", SENDER.get(clinic, CLINIC_ARCHIVE), own, fields)

    def _row(self, table, file, own, fields):
        file = fields.pop("file", file)
        columns = columns_of(file)
        written, damage = fields.pop("written", {}), fields.pop("damage", None)
        record_id = fields.pop("record_id", None)
        if self.region.current is not None:
            self.region.rows_of_case += 1
            record_id = record_id or f"{self.region.current}-{self.region.rows_of_case}"
        unknown = set(fields) - set(columns)
        assert not unknown, unknown
        own.update(fields)
        values = {column: own.get(column, "") for column in columns}
        values["record_id"] = record_id
        row = Row(self.region, table, file, values, written, damage)
        (self.region.quiet_rows if self.region.current is None else self.region.case_rows)[file].append(row)
        return row


class Row:
    """One row of a file and what must become of it."""

    def __init__(self, region, table, file, values, written, damage):
        self.region, self.table, self.file = region, table, file
        self.values, self.written, self.damage = values, written, damage
        self.line = None

    @property
    def place(self):
        """Where the row stands: source name and line."""
        return f"{self.file}:{self.line}"

    def at(self):
        """The row as a selector of overrides."""
        return {"source": self.file, "record_id": self.values["record_id"]}

    @property
    def code(self):
        """The insurer or the clinic."""
        return self.values.get("insurer") or self.values.get("clinic")

    def bytes(self, columns):
        """The row as it stands in the file: `written` replaces single fields' texts, `damage` changes the finished bytes."""
        texts = (self.written.get(column, quoted(self.values[column])) for column in columns)
        line = ";".join(texts).encode()
        return self.damage(line) if self.damage else line

    def _say(self, check, value=""):
        self.region.expect(check, self, value)
        return self

    # What must become of the row itself.
    def finds(self, *codes):
        for code in codes:
            self._say("finding", code)
        return self

    def lacks(self, *codes):
        for code in codes:
            self._say("no_finding", code)
        return self

    def quarantined(self, *codes):
        return self._say("quarantined", ",".join(sorted(codes)))

    def duplicate_of(self, kept):
        return self._say("duplicate", kept)

    # What must be decided about it. Codes are those read on the conflict's day; a case names them where they differ from the rows'.
    def lost(self, rule, to, **codes):
        return self._decided("lost", rule, to, **codes)

    def superseded(self, rule, by, **codes):
        return self._decided("superseded", rule, by, **codes)

    def refused(self, rule, by, **codes):
        return self._decided("refused", rule, by, **codes)

    def deferred(self, rule, by, **codes):
        return self._decided("deferred", rule, by, **codes)

    def overruled(self, winning, losing=None):
        subject = "insurer" if self.table == "register" else "clinic"
        return self._say("decision", f"{subject}:overruled:OVERRIDE_{subject.upper()}:{losing or self.code}:{winning}")

    def _decided(self, outcome, rule, other, losing=None, winning=None):
        subject = "insurer" if self.table == "register" else "clinic"
        return self._say("decision", f"{subject}:{outcome}:{rule}:{losing or self.code}:{winning or other.code}")

    # What must be known of its person.
    def is_person_of(self, other):
        return self._say("same_person", other)

    def is_not_person_of(self, other):
        return self._say("different_person", other)

    def insurance(self, *stays):
        return self._say("insurance_stays", ",".join(stays))

    def attachment(self, *stays):
        return self._say("attachment_stays", ",".join(stays))

    def in_register(self, insurer, clinic=""):
        return self._say("register", f"{insurer}/{clinic}")

    def not_in_register(self):
        return self._say("not_in_register")

    def shows(self, **columns):
        for column, value in columns.items():
            self._say("person", f"{column}={value}")
        return self

    def funded(self):
        return self._say("funded", "yes")

    def not_funded(self):
        return self._say("funded", "no")

    def number(self, kind, number, survives):
        return self._say("number", f"{kind}:{number}:{'survives' if survives else 'former'}")


def quoted(text):
    """A value as RFC 4180 writes it, quoted only where it must be."""
    if ";" in text or text.startswith('"'):
        return '"' + text.replace('"', '""') + '"'
    return text
