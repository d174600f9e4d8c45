"""C501-C511: the row that the register on the day shows, ages, and the heads that are paid for."""

from . import numbers
from .region import ARCHIVE


def add(r):
    r.case("C501", "the insurer does not know the SNILS, the clinic does")
    p = r.person("Полнолунова Ида Карловна", 2, "1984-11-05")
    p.insured("98001", "2016-01-01", snils="").finds("SNILS_REQUIRED").in_register("98001", "980101").shows(snils=p["snils"])
    p.attached("980101", "2017-01-01")

    r.case("C502", "two clinics know two SNILS: none is taken")
    p = r.person("Полнолунов Карл Карлович", 1, "2014-11-05", snils="")
    p.insured("98001", "2016-01-01").finds("IDENTITY_REVIEW").in_register("98001", "980102").shows(snils="")
    p.attached("980102", "2017-01-01", snils=numbers.snils(980_900_501))
    p.attached("980120", "2017-01-01", snils=numbers.snils(980_900_502), profile="4")

    r.case("C503", "a row on an old policy has no ENP, the clinic knows it")
    p = r.person("Полнолунова Рита Карловна", 2, "1951-11-05")
    row = p.insured("98001", "2012-01-01", enp="", policy_kind="1", policy_number="ЗР 12-000503").finds("OLD_POLICY_AFTER_REFORM")
    row.in_register("98001", "980101").shows(enp=p["enp"], policy_kind="1", snils=p["snils"])
    p.attached("980101", "2017-01-01")

    r.case("C504", "the latest application gives the row: the name after marriage")
    p = r.person("Невестина Злата Фёдоровна", 2, "1999-11-05")
    p.insured("98001", "2016-01-01")
    row = p.insured("98001", "2025-08-01", surname="Женихова", doc_number="00 26 № 900504", reason="П061", applied_on="2025-07-20")
    row.insurance("98001:2016-01-01:").in_register("98001").shows(surname="Женихова", policy_kind="3")

    r.case("C505", "but only a record that covers the day: a policy given back before it does not")
    p = r.person("Невестин Фёдор Ильич", 1, "1969-11-05")
    p.insured("98001", "2016-01-01", category="6").in_register("98001").shows(category="6")
    p.insured("98001", "2025-08-01", category="1", stopped_on="2026-08-01")

    r.case("C506", "equal applications: the younger file gives the row, then the lower line")
    p = r.person("Невестин Илья Фёдорович", 1, "1996-11-05")
    p.insured("98001", "2016-01-01", category="1").in_register("98001").shows(category="1")
    p.insured("98001", "2016-01-01", category="6", file=ARCHIVE)
    p = r.person("Невестин Олег Фёдорович", 1, "1998-11-05")
    p.insured("98001", "2016-01-01", category="1")
    p.insured("98001", "2016-01-01", category="6").in_register("98001").shows(category="6")

    r.case("C507", "insured, attached, resolved: a head that is paid for, on any kind of policy")
    for name, kind, number in (("Главный Адриан", "1", "ЗР 12-000507"), ("Главный Валентин", "2", "980000507"), ("Главный Ипполит", "3", "")):
        p = r.person(f"{name} Ильич", 1, "1979-11-05", **({} if kind == "3" else {"enp": ""}), policy_kind=kind, policy_number=number)
        row = p.insured("98001", "2016-01-01").in_register("98001", "980101").funded()
        if kind == "1":
            row.finds("OLD_POLICY_AFTER_REFORM")
        p.attached("980101", "2017-01-01")

    r.case("C508", "insured but attached nowhere: in the register, unattached, not paid for")
    p = r.person("Главная Эвелина Ильинична", 2, "1981-11-05")
    p.insured("98001", "2016-01-01").in_register("98001").not_funded()

    r.case("C509", "in a children's clinic without any damage: the quiet case")
    p = r.person("Главная Соня Ильинична", 2, "2019-11-05")
    p.insured("98005", "2026-01-10", reason="П010").in_register("98005", "980102").funded().shows(age="6")
    p.attached("980102", "2026-01-20")

    r.case("C510", "both sides of every age band, counted in full calendar years on the day")
    for number, (born, age) in enumerate((
        ("2025-11-02", 0), ("2025-11-01", 1), ("2021-11-02", 4), ("2021-11-01", 5),
        ("2008-11-02", 17), ("2008-11-01", 18), ("1961-11-02", 64), ("1961-11-01", 65),
    )):
        sex = 1 + number % 2
        name = ("Годовиков Пётр", "Годовикова Пелагея")[number % 2] + (" Львович", " Львовна")[number % 2]
        p = r.person(name, sex, born)
        since = max(born, "2016-01-01")
        p.insured("98001", since).in_register("98001", "980101").funded().shows(age=str(age))
        p.attached("980101", since)

    r.case("C511", "born on 29 February: a year older on 1 March of a common year")
    p = r.person("Годовикова Мартина Львовна", 2, "2024-02-29")
    p.insured("98001", "2024-02-29").in_register("98001", "980102").shows(age="2")
    p.attached("980102", "2024-02-29")
