"""C801-C809: insurers that leave without a successor, and branches of clinics.

98004 left on 1 March 2026: whoever has not chosen by 1 May is distributed. 98007 left on 1 October: its people may choose until 1 December.
These rows stand in files of their own, with addresses, behind everything else: other cases keep their numbers and lines.
"""

from .region import OF_98004

SINCE = "2018-05-01"


def exits(r):
    r.case("C801", "a family of one address, written in three ways: its insurer left, and the time to choose is over")
    for name, sex, birth, address in (
        ("Отрадный Лука Савельевич", 1, "1984-02-11", "г. Заречный, ул. Ёлочная, д. 4, кв. 7"),
        ("Отрадная Вера Ильинична", 2, "1986-03-12", "Г.ЗАРЕЧНЫЙ УЛ.ЕЛОЧНАЯ Д.4 КВ.7"),
        ("Отрадная Нонна Лукинична", 2, "2015-04-13", "г Заречный,  ул Елочная,  д 4, кв 7"),
    ):
        row = r.person(name, sex, birth).insured("98004", SINCE, file=OF_98004, address=address)
        row.insurance("98004:2018-05-01:2026-03-01").not_in_register().finds("MUST_CHOOSE")

    r.case("C802", "neighbours of them and people without an address are distributed one by one")
    for name, sex, birth, address in (
        ("Пригожина Алла Ефимовна", 2, "1951-05-14", "г. Заречный, ул. Ёлочная, д. 4, кв. 8"),
        ("Пригожин Ефрем Аверьянович", 1, "1979-06-15", ""),
        ("Пригожина Тина Ефремовна", 2, "2009-07-16", ""),
    ):
        r.person(name, sex, birth).insured("98004", SINCE, file=OF_98004, address=address).not_in_register().finds("MUST_CHOOSE")

    r.case("C803", "nothing to choose: stopped, dead or at the end of the term before D, though after the insurer left")
    p = r.person("Недосугов Иона Ильич", 1, "1975-08-17")
    p.insured("98004", SINCE, file=OF_98004, stopped_on="2026-09-01").not_in_register().lacks("MUST_CHOOSE")
    p = r.person("Недосугов Савва Ильич", 1, "1935-08-18")
    p.insured("98004", SINCE, file=OF_98004, death_date="2026-10-31").not_in_register().lacks("MUST_CHOOSE")
    p = r.person("Недосугов Тимур", 1, "1990-08-19", category="8", citizenship="417", doc_kind="23", doc_number="РВП 000503")
    p.insured("98004", "2026-01-12", file=OF_98004, insured_to="2026-11-01").not_in_register().lacks("MUST_CHOOSE")

    r.case("C804", "on D itself stopped a day later, or dying on that day: still to choose")
    p = r.person("Недосугова Инесса Ильинична", 2, "1977-08-20")
    p.insured("98004", SINCE, file=OF_98004, stopped_on="2026-11-02").not_in_register().finds("MUST_CHOOSE")
    p = r.person("Недосугова Любава Ильинична", 2, "1937-08-21")
    p.insured("98004", SINCE, file=OF_98004, death_date="2026-11-01").not_in_register().finds("MUST_CHOOSE")

    r.case("C805", "who chose too late for this year is with the new insurer from the day on which the old one left")
    p = r.person("Поздняков Трифон Ильич", 1, "1981-08-22")
    old = p.insured("98004", SINCE, file=OF_98004).lacks("MUST_CHOOSE").in_register("98002")
    p.insured("98002", "2025-12-01", file=OF_98004, applied_on="2025-11-15", reason="П031").deferred("CHANGE_DEADLINE", old)

    r.case("C806", "the insurer left a month ago: its people may still choose")
    for name, sex, birth in (("Ещёшин Наум Гордеевич", 1, "1983-09-23"), ("Ещёшина Рогнеда Гордеевна", 2, "2012-09-24")):
        row = r.person(name, sex, birth).insured("98007", SINCE, address="село Ключи, ул. Новая, 1")
        row.insurance("98007:2018-05-01:2026-10-01").not_in_register().finds("MUST_CHOOSE")


def branches(r):
    r.case("C807", "people of a branch stay with the branch; counted and paid for they are at its head")
    for name, clinic in (("Веткин Автоном", "980121"), ("Веткин Адриан", "980122"), ("Веткин Аристарх", "980123")):
        p = r.person(f"{name} Маркович", 1, "1985-10-25")
        row = p.insured("98001", SINCE, file=OF_98004).in_register("98001", clinic).funded()
        p.attached(clinic, "2020-01-01").attachment(f"1:{clinic}:2020-01-01:")

    r.case("C808", "a change between branches of one head is a change of clinic like any other")
    p = r.person("Веткина Аделаида Марковна", 2, "1987-10-26")
    row = p.insured("98001", SINCE, file=OF_98004).in_register("98001", "980122")
    first = p.attached("980121", "2020-01-01", method="2")
    second = p.attached("980122", "2026-02-01", method="2")
    first.superseded("CHANGE_AT_WILL", second)
    p.attached("980121", "2026-08-01", method="2").refused("CHANGE_LIMIT", second)
    row.funded()


def add(r):
    exits(r)
    branches(r)
