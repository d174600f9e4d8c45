"""The XML lists of insurers and of the fund: OPLIST in both dialects, STOPLIST, RECLIST."""

from html import escape

from ..numbers import dashed
from . import inbox as words

POLICY_LETTERS = {"1": "С", "2": "В", "3": "П"}


class OpList:
    """Changes as an insurer sends them. `practice` is version 2.1 (attributes of the root, DOC_LIST); otherwise XSD 2.0 (elements, times)."""

    def __init__(self, inbox, source, insurer, practice):
        self.inbox, self.source, self.insurer, self.practice = inbox, source, insurer, practice
        self.records = []

    def day(self, text):
        return text if self.practice or not text else f"{text}T00:00:00"

    def add(self, person, operation, since, photo=None, damage=None, **changed):
        """A record; `stopped`, `planned` and `death` beside the fields of the person."""
        stopped, planned, death = (changed.pop(name, "") for name in ("stopped", "planned", "death"))
        applied = changed.pop("applied", since)
        data = words.fields_of(person, changed)
        number = f"{self.insurer}-{len(self.records) + 1:03}"
        kind = data["policy_kind"] if self.practice else POLICY_LETTERS.get(data["policy_kind"], data["policy_kind"])
        series, _, policy = data["policy_number"].rpartition(" № ")
        passport, _, document = data["doc_number"].rpartition(" № ")
        doc = element("DOC", ("DOCTYPE", data["doc_kind"]), ("DOCSER", passport), ("DOCNUM", document))
        text = "<OP>" + "".join((
            tag("N_REC", number), tag("ID", f"9800{len(self.records) + 1}"), tag("IS_ACTIVE", "1"), tag("TIP_OP", operation),
            element(
                "PERSON", ("FAM", data["surname"]), ("IM", data["given_name"]), ("OT", data["patronymic"]), ("W", data["sex"]),
                ("DR", self.day(data["birth_date"])), ("C_OKSM", "RUS"), ("SS", dashed(data["snils"]) if data["snils"] else ""),
                ("KATEG", data["category"]), ("DDEATH", self.day(death)),
            ),
            element("VIZIT", ("DVIZIT", self.day(applied)), ("METHOD", "1")),
            "<INSURANCE>", tag("TER_ST", "98000"), tag("ENP", data["enp"]),
            element(
                "POLIS", ("VPOLIS", kind), ("NPOLIS", policy), ("SPOLIS", series), ("DBEG", self.day(since)),
                ("DEND", self.day(planned)), ("DSTOP", self.day(stopped)),
            ),
            "</INSURANCE>",
            element("PERSONB", ("TYPE", "2"), ("PHOTO", photo or "")) if photo else "",
            f"<DOC_LIST>{doc}</DOC_LIST>" if self.practice else doc,
        )) + "</OP>"
        self.records.append(damage(text) if damage else text)
        return self.row(number)

    def row(self, number):
        """A row for what was just added, or for what follows the last record."""
        return self.inbox.row(self.source, len(self.records), "register", self.insurer, number, ("AA", ()))

    def bytes(self, cut_in=None):
        """The document in windows-1251. `cut_in` ends it inside this tag of the last record."""
        head = '<?xml version="1.0" encoding="windows-1251"?>\r\n'
        name = self.source.rsplit("/", 1)[-1].split(".")[0]
        values = (("FILENAME", name), ("SMOCOD", self.insurer), ("PRZCOD", "001"), ("NRECORDS", str(len(self.records))))
        if self.practice:
            head += "<OPLIST" + "".join(f' {key}="{value}"' for key, value in (("VERS", "2.1"), *values)) + ">\r\n"
        else:
            head += '<OPLIST xmlns="http://tempuri.org/XMLSchema.xsd">' + tag("VERS", "2.0") + "".join(tag(*of) for of in values) + "\r\n"
        text = head + "".join(record + "\r\n" for record in self.records) + "</OPLIST>\r\n"
        return (text[: text.rindex(cut_in) + 3] if cut_in else text).encode("cp1251")


class Notices:
    """STOPLIST (records `STOP`) or RECLIST (records `REC`), all values as attributes."""

    def __init__(self, inbox, source, root, record, insurer):
        self.inbox, self.source, self.root, self.record, self.insurer = inbox, source, root, record, insurer
        self.records = []

    def add(self, person, own, policy=(), **changed):
        """A record with its `own` attributes, and those of its policy beside kind and number."""
        data = words.fields_of(person, changed)
        number = str(7001 + len(self.records))
        of_person = (("FAM", "surname"), ("IM", "given_name"), ("OT", "patronymic"), ("W", "sex"), ("DR", "birth_date"), ("KATEG", "category"), ("SS", "snils"))
        document = "".join((
            attributes("PERSON", *((key, data[field]) for key, field in of_person)),
            f'<INSURANCE ENP="{data["enp"]}">' if self.root == "RECLIST" else "",
            attributes("POLIS", ("VPOLIS", data["policy_kind"]), ("NPOLIS", data["policy_number"]), *policy),
            "</INSURANCE>" if self.root == "RECLIST" else "",
        ))
        enp = () if self.root == "RECLIST" else (("ENP", data["enp"]),)
        opening = attributes(self.record, ("ID", number), *own, *enp)[:-2]
        self.records.append(f"{opening}>{document}</{self.record}>")
        return self.inbox.row(self.source, len(self.records), "register", self.insurer, number)

    def bytes(self):
        name = self.source.rsplit("/", 1)[-1].split(".")[0]
        root = attributes(self.root, ("VERS", "2.1"), ("FILENAME", name), ("SMOCOD", self.insurer), ("NRECORDS", str(len(self.records))))
        text = '<?xml version="1.0" encoding="windows-1251"?>\n' + root[:-2] + ">\n"
        return (text + "".join(record + "\n" for record in self.records) + f"</{self.root}>\n").encode("cp1251")


def tag(name, text):
    return f"<{name}>{escape(text, quote=False)}</{name}>" if text else ""


def element(name, *values):
    return f"<{name}>" + "".join(tag(*value) for value in values) + f"</{name}>"


def attributes(name, *values):
    return f"<{name}" + "".join(f' {key}="{escape(value)}"' for key, value in values if value) + "/>"
