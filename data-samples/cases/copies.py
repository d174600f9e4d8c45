"""C101-C107: duplicates. The row with the smallest position stays, the others point to it."""

from . import numbers
from .region import CLINIC_ARCHIVE, OF_98002, OF_FUND


def add(r):
    r.case("C101", "the same row in the files of two senders")
    p = r.person("Синицына Алла Петровна", 2, "1978-10-10")
    kept = p.insured("98001", "2017-04-01", record_id="C101-1").in_register("98001")
    p.insured("98001", "2017-04-01", record_id="C101-1", file=OF_98002).duplicate_of(kept)

    r.case("C102", "rows of one file that differ in record_id alone")
    p = r.person("Синицын Пётр Аркадьевич", 1, "1948-10-10")
    kept = p.insured("98001", "2017-04-01").in_register("98001")
    p.insured("98001", "2017-04-01").duplicate_of(kept)

    r.case("C103", "three copies: both later ones point to the first")
    p = r.person("Синичкин Игорь Петрович", 1, "2005-10-10", category="6")
    kept = p.insured("98001", "2017-04-01").in_register("98001")
    p.insured("98001", "2017-04-01", file=OF_98002).duplicate_of(kept)
    p.insured("98001", "2017-04-01", file=OF_FUND).duplicate_of(kept)

    r.case("C104", "equal once the row is read: SNILS with dashes, ENP behind a back-tick, blanks around a name")
    p = r.person("Снегирёва Лариса Глебовна", 2, "1985-01-20")
    kept = p.insured("98002", "2017-04-01").in_register("98002")
    p.insured("98002", "2017-04-01", written={"snils": numbers.dashed(p["snils"]), "enp": "`" + p["enp"], "surname": "  Снегирёва "}).duplicate_of(kept)

    r.case("C105", "an attachment sent twice, once with the profile left empty")
    p = r.person("Снегирёв Глеб Ильич", 1, "1955-01-20")
    p.insured("98002", "2017-04-01").in_register("98002", "980101")
    kept = p.attached("980101", "2019-02-01")
    p.attached("980101", "2019-02-01", profile="").duplicate_of(kept)
    p.attached("980101", "2019-02-01", file=CLINIC_ARCHIVE).duplicate_of(kept)

    r.case("C106", "equal once the row is checked: a method and a SNILS that cannot be are absent")
    p = r.person("Снегирь Ефрем Глебович", 1, "2011-01-20")
    p.insured("98002", "2017-04-01", snils="").in_register("98002", "980102")
    kept = p.attached("980102", "2019-02-01", method="", snils="")
    p.attached("980102", "2019-02-01", method="8", snils="11111111111").finds("METHOD_UNKNOWN", "SNILS_INVALID").duplicate_of(kept)

    r.case("C107", "not duplicates: a name written otherwise, and rows that are quarantined")
    p = r.person("Щегольков Семён Алексеевич", 1, "1979-12-01")
    first = p.insured("98001", "2017-04-01").insurance("98001:2017-04-01:")
    second = p.insured("98001", "2017-04-01", surname="ЩЕГОЛЬКОВ").is_person_of(first)
    p.insured("98001", "2017-04-01", surname="щегольков", sex="0").quarantined("SEX_INVALID")
    p.insured("98001", "2017-04-01", surname="щегольков", sex="0").quarantined("SEX_INVALID")
