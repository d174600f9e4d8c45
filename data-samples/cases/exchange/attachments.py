"""The files of clinics, and those of the fund that tell of attachments or of both: attachment CSV in its habits, XML, DBF, dumps."""

from ..numbers import dashed, snils
from ..region import ATTACHMENT_COLUMNS, REGISTER_COLUMNS
from . import inbox as words
from .lists import element, tag

LETTERS = {"1": "С", "2": "В", "3": "П"}
MO_HEADER = (
    "Действие Тип_ДПФС ИД_полиса ЕНП Фамилия Имя Отчество Дата_рождения Место_рождения Тип_УДЛ УДЛ Дата_УДЛ Орган_УДЛ СНИЛС ИД_МО "
    "Способ_прикрепления Тип_прикрепления Дата_прикрепления Дата_открепления ОИД_ЛПУ Код_подразделения Код_участка СНИЛС_врача "
    "специализация_врача"
).split()
RESERVED = MO_HEADER.index("Тип_прикрепления")


DOCTOR = snils(981_000_000)


class TextFile:
    """Lines of a text file; the place of a row is its physical line."""

    def __init__(self, inbox, source, end="\r\n", encoding="cp1251", marks=0):
        self.inbox, self.source, self.end, self.encoding = inbox, source, end, encoding
        self.lines, self.marks, self.ordinal = [], marks, 0

    def line(self, text):
        """A line that is no row: a header, or nothing."""
        self.lines.append(text)

    def row(self, text, table, code, record_id=None, answers=None):
        """A line that is a row. Without a number of its own an answer counts rows from 1."""
        self.lines.append(text)
        self.ordinal += 1
        number = str(self.ordinal) if record_id is None else record_id
        return self.inbox.row(self.source, len(self.lines), table, code, number, answers)

    def header_again(self, text):
        """A line that repeats the header: a row of the tables, and none of the answer."""
        self.lines.append(text)
        return self.inbox.row(self.source, len(self.lines), "attachment", "").quarantined("ROW_HEADER")

    def bytes(self, last_end=True):
        text = self.end.join(self.lines) + (self.end if last_end else "")
        return ("\ufeff" * self.marks + text).encode(self.encoding)


class MoFile(TextFile):
    """Attachment CSV. `habit` says who wrote it: `a` leaves empty values bare, `b` quotes everything, `c` all but the reserved column."""

    def __init__(self, inbox, source, habit, **of_text):
        super().__init__(inbox, source, **of_text)
        self.habit = habit

    def add(self, person, clinic, since, action="Р", number=None, more=(), **changed):
        """A row. Beside the person's fields: to, district, method, policy_id, letter, issuer, day; `trim` changes the finished line."""
        own = {name: changed.pop(name, default) for name, default in (
            ("to", ""), ("district", "01"), ("method", "1"), ("letter", None), ("issuer", ""), ("since_text", words.compact(since)),
            ("policy_id", None), ("trim", None),
        )}
        data = words.fields_of(person, changed)
        policy_id = data["policy_number"] if own["policy_id"] is None else own["policy_id"]
        values = [
            action, own["letter"] or LETTERS[data["policy_kind"]], policy_id, data["enp"], data["surname"], data["given_name"],
            data["patronymic"], words.compact(data["birth_date"]), "", data["doc_kind"], data["doc_number"], "", own["issuer"],
            data["snils"], clinic, own["method"], "", own["since_text"], words.compact(own["to"]), "", "0", own["district"], DOCTOR, "1",
            *more,
        ]
        if number is not None:
            values.insert(0, number)
        line = self.written(values, numbered=number is not None)
        return self.row(own["trim"](line) if own["trim"] else line, "attachment", clinic, number, ("1", ()))

    def written(self, values, numbered=False):
        bare = {"a": lambda place, value: not value, "b": lambda place, value: False, "c": lambda place, value: place - numbered == RESERVED}
        return ";".join(value if bare[self.habit](place, value) else f'"{value}"' for place, value in enumerate(values))


class Penza(TextFile):
    """32 columns with a header, bare values, a line end before each row."""

    HEADER = (
        "Pid Тип_ДПФС ИД_полиса ЕНП Фамилия Имя Отчество Пол Дата_рождения Место_рождения Тип_УДЛ Ном_УДЛ Дата_УДЛ Орган_УДЛ СНИЛС КЛАДР "
        "Район Нас_пункт Улица Дом Квартира Телефон ИД_МО Способ Тип Дата_прикр Дата_откр СНИЛС_врача ИД_МО_подр СНИЛС_фап Код_участка ИД_СМО"
    ).split()

    def __init__(self, inbox, source):
        super().__init__(inbox, source)
        self.line(";".join(self.HEADER))

    def add(self, person, pid, clinic, since, insurer, method="1", **changed):
        data = words.fields_of(person, changed)
        own = {
            "Pid": pid, "Тип_ДПФС": "П", "ЕНП": data["enp"], "Фамилия": data["surname"], "Имя": data["given_name"],
            "Отчество": data["patronymic"], "Пол": "МЖ"[int(data["sex"]) - 1], "Дата_рождения": words.compact(data["birth_date"]),
            "Тип_УДЛ": data["doc_kind"], "Ном_УДЛ": data["doc_number"], "СНИЛС": dashed(data["snils"]) if data["snils"] else "",
            "Нас_пункт": "с. Ключи", "ИД_МО": clinic, "Способ": method, "Дата_прикр": words.compact(since), "СНИЛС_врача": DOCTOR,
            "Код_участка": "12", "ИД_СМО": insurer,
        }
        line = ";".join(own.get(name, "") for name in self.HEADER)
        return self.row(line, "attachment", clinic, pid, ("1", ()))


class Novosibirsk(TextFile):
    """The fund's monthly export: a row for each person with up to five attachments."""

    HEADER = (
        "REF_ID_PER SNAME NAME MIDDLE_NAM DATE_BIRTH ENP CONTACTS REGISTRATION_ADDR REGISTRATION_ADDR_CITY RESIDENTIAL_ADDR "
        "RESIDENTIAL_ADDR_CITY DATA_REEST REF_ID_HOS DATA_ATTAC NOTES FID_PERSON PRIB_ID SP_MO PODR REF_ID_DEN DATA_DENT NOTES_DENT "
        "FID_DENT_S SP_MO_DENT REF_ID_GIN DATA_GINE NOTES_GIN FID_GINE_S SP_MO_GINE SMP_OID FAP_OID"
    ).split()

    def __init__(self, inbox, source):
        super().__init__(inbox, source, encoding="utf-8", marks=1)
        self.line(";".join(f'"{name}"' for name in self.HEADER))

    def add(self, person, number, **own):
        data = words.fields_of(person, {})
        own |= {
            "REF_ID_PER": number, "SNAME": data["surname"], "NAME": data["given_name"], "MIDDLE_NAM": data["patronymic"],
            "DATE_BIRTH": words.dotted(data["birth_date"]), "ENP": "`" + data["enp"], "DATA_REEST": "01.11.2026",
        }
        unknown = set(own) - set(self.HEADER)
        assert not unknown, unknown
        return self.row(";".join(f'"{own.get(name, "")}"' for name in self.HEADER), "attachment", own.get("REF_ID_HOS", ""), number)


class VoronezhFund(TextFile):
    """By position, one header line."""

    def __init__(self, inbox, source):
        super().__init__(inbox, source, end="\n")
        self.line(";".join(f"C{place}" for place in range(19)))

    def add(self, person, clinic, since, method="1"):
        data = words.fields_of(person, {})
        values = [
            "", data["surname"], data["given_name"], data["patronymic"], "МЖ"[int(data["sex"]) - 1], words.compact(data["birth_date"]), "",
            "", data["enp"], method, "", words.compact(since), "", clinic, "", "0", "04", DOCTOR, "1",
        ]
        return self.row(";".join(f'"{value}"' for value in values), "attachment", clinic)


class Dump(TextFile):
    """Register and attachment of a person in one row, nothing written as NULL."""

    def add(self, person, insurer, since, clinic="", attached="", **own):
        data = words.fields_of(person, {})
        known = {name: own.pop(name, "") for name in ("sex", "stopped", "planned", "letter", "series", "number", "reason", "to", "district", "method")}
        assert not own, own
        values = [
            data["surname"], data["given_name"], data["patronymic"] or "-", known["sex"] or "МЖ"[int(data["sex"]) - 1],
            words.dotted(data["birth_date"]), data["snils"], data["enp"], "г. Заречный", "", insurer, "", words.dotted(since),
            words.dotted(known["stopped"]), words.dotted(known["planned"]), known["letter"] or "П", known["series"], known["number"],
            known["reason"], clinic, words.dotted(attached), words.dotted(known["to"]), known["district"], "", known["method"],
        ]
        return self.row(";".join(value or "NULL" for value in values), "register", insurer).gives(2 if clinic else 1)


class Vologda:
    """`ATT`: the attachments of one clinic."""

    def __init__(self, inbox, source, clinic):
        self.inbox, self.source, self.clinic, self.records = inbox, source, clinic, []

    def add(self, person, since, method="1", **changed):
        data, number = words.fields_of(person, changed), str(len(self.records) + 1)
        self.records.append(element(
            "REC", ("N_ZAP", number), ("FAM", data["surname"]), ("IM", data["given_name"]), ("OT", data["patronymic"]), ("W", data["sex"]),
            ("DR", data["birth_date"]), ("ENP", data["enp"]), ("DATE_ATTACH_B", since), ("ATTACH_METHOD", method), ("DOC_CODE", DOCTOR),
        ))
        return self.inbox.row(self.source, len(self.records), "attachment", self.clinic, number)

    def bytes(self):
        name = self.source.rsplit("/", 1)[-1].split(".")[0]
        head = element("ZGLV", ("VERSION", "1.3"), ("FDATE", "2026-10-31"), ("FNAME", name), ("CODE_MO", self.clinic), ("AREA_TYPE", "1"))
        return ('<?xml version="1.0" encoding="utf-8"?>\n<ATT>' + head + "\n" + "\n".join(self.records) + "\n</ATT>\n").encode()


class Astrakhan:
    """`PRIKREP_M…`: flat fields."""

    def __init__(self, inbox, source):
        self.inbox, self.source, self.records = inbox, source, []

    def add(self, person, pid, clinic, since, method="1"):
        data = words.fields_of(person, {})
        series, _, number = data["doc_number"].rpartition(" № ")
        self.records.append(element(
            "ZAP", ("PID", pid), ("ENP", data["enp"]), ("FAM", data["surname"]), ("IM", data["given_name"]), ("OT", data["patronymic"]),
            ("DR", data["birth_date"]), ("W", data["sex"]), ("SS", dashed(data["snils"]) if data["snils"] else ""),
            ("DOCTP", data["doc_kind"]), ("DOCS", series), ("DOCN", number), ("OPDOC", data["policy_kind"]), ("LPU", clinic),
            ("LPUAUTO", method), ("LPUDT", since), ("LPUUCH", "3"), ("SSD", DOCTOR),
        ))
        return self.inbox.row(self.source, len(self.records), "attachment", clinic, pid)

    def bytes(self):
        text = '<?xml version="1.0" encoding="windows-1251"?>\n<PRIKREP>\n' + "\n".join(self.records) + "\n</PRIKREP>\n"
        return text.encode("cp1251")


class DbfTable:
    """`MO2….dbf` of 23 columns."""

    COLUMNS = [
        ("FAM", 40), ("IM", 40), ("OT", 40), ("DR", 10), ("W", 1), ("SPOL", 20), ("NPOL", 20), ("Q", 5), ("LPU", 6), ("LPUDZ", 10),
        ("LPUDT", 10), ("LPUDX", 10), ("LPUTP", 1), ("OKATO", 11), ("RNNAME", 80), ("NPNAME", 80), ("UL", 80), ("DOM", 7), ("KORP", 6),
        ("KV", 6), ("STATUS", 1), ("ERR", 40), ("RSTOP", 1),
    ]

    def __init__(self, inbox, source):
        self.inbox, self.source, self.rows = inbox, source, []

    def add(self, person, insurer, clinic, since, deleted=False, **own):
        data = words.fields_of(person, {})
        series, _, number = data["policy_number"].rpartition(" № ")
        own |= {
            "FAM": data["surname"], "IM": data["given_name"], "OT": data["patronymic"], "DR": words.compact(data["birth_date"]),
            "W": "МЖ"[int(data["sex"]) - 1], "SPOL": series, "NPOL": number if data["policy_kind"] == "1" else data["enp"], "Q": insurer,
            "LPU": clinic, "LPUDT": words.compact(since), "LPUTP": own.get("LPUTP", "1"),
        }
        self.rows.append((deleted, [own.get(name, "") for name, _ in self.COLUMNS]))
        if deleted:
            return None
        return self.inbox.row(self.source, len(self.rows), "attachment", clinic, str(sum(not gone for gone, _ in self.rows)))


class Canonical:
    """Rows of canonical columns, for a Parquet file or a canonical CSV."""

    def __init__(self, inbox, source, columns, first_line):
        self.inbox, self.source, self.columns, self.first_line, self.rows = inbox, source, columns, first_line, []

    def add(self, person, record_id, **own):
        own = person.data | own | {"record_id": record_id}
        self.rows.append([own.get(column, "") for column in self.columns])
        table, code = ("register", own["insurer"]) if "insurer" in own else ("attachment", own["clinic"])
        return self.inbox.row(self.source, self.first_line + len(self.rows) - 1, table, code, record_id)


REGISTER = ["record_id", "insurer", "policy_kind", "enp", "surname", "given_name", "patronymic", "sex", "birth_date", "snils", "category",
            "insured_from", "applied_on"]
ATTACHMENTS = ["record_id", "clinic", "policy_kind", "enp", "surname", "given_name", "patronymic", "birth_date", "method", "attached_from"]
assert set(REGISTER) <= set(REGISTER_COLUMNS) and set(ATTACHMENTS) <= set(ATTACHMENT_COLUMNS)
