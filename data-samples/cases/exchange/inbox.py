"""The words in which the exchange job is written: an inbox of files, people, the rows that tell of them, and what must come out.

Expectations are stated by hand, with the methods of a row (`..region.Row`) and `answered`, which says what the sender is told of the row.
"""

from ..region import Person, Row

# Numbers of people begin where those of the canonical samples cannot come.
FIRST_SERIAL = 1000


class Inbox:
    """All files of the job, its cases and its expectations."""

    def __init__(self):
        self.files, self.cases, self.expected, self.rows = {}, {}, [], []
        self.persons, self.current = FIRST_SERIAL, None

    def case(self, number, title):
        """Opens a case; what follows belongs to it."""
        assert number not in self.cases, number
        self.cases[number] = title
        self.current = number

    def person(self, name, sex, birth, **known):
        """Someone with numbers of their own; `known` replaces them."""
        self.persons += 1
        return Person(self, name, sex, birth, known, self.persons)

    def row(self, source, line, table, code, record_id="", answers=None):
        """A row that a file has just got. `answers` is what its sender is told when nothing is wrong with it, `None` for nothing."""
        row = SentRow(self, table, source, line, code, record_id, answers)
        self.rows.append(row)
        return row

    def expect(self, check, row, value=""):
        """States one line of expected.csv."""
        self.expected.append((self.current, check, row, value))


class SentRow(Row):
    """A row of a file of the inbox and what must become of it."""

    def __init__(self, inbox, table, source, line, code, record_id, answers):
        super().__init__(inbox, table, source, {"record_id": record_id}, {}, None)
        self.line, self.sent_code, self.case, self.answers, self.records = line, code, inbox.current, answers, 1

    @property
    def code(self):
        return self.sent_code

    def gives(self, records):
        """How many records the row is, where it is not one: the manifest counts these."""
        self.records = records
        return self

    def answered(self, status, *codes):
        """What the answer says of the row: its status and the family's codes."""
        self.answers = (status, codes)
        return self

    def numbered(self, record_id):
        """The number by which the answer refers to the row, where it is not the row's ordinal."""
        self.values["record_id"] = record_id
        return self


def fields_of(person, changed):
    """What a format writes of a person, with the changes of one row."""
    data = dict(person.data)
    unknown = set(changed) - set(data)
    assert not unknown, unknown
    data.update(changed)
    return data


def compact(day):
    """20261031"""
    return day.replace("-", "")


def dotted(day):
    """31.10.2026"""
    return ".".join(reversed(day.split("-"))) if day else ""
