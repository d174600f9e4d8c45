"""C001-C039: damage of the row itself and what the row checks say, with the nearest good neighbour of each limit."""

from . import numbers
from .region import OF_98001, OF_980101


def cut(line):
    return b";".join(line.split(b";")[:9])


def lengthened(line):
    return line + ";лишнее поле".encode()


def unclosed(line):
    assert line.endswith(b";")
    return line + '"скан утрачен'.encode()


def cp1251(word):
    return lambda line: line.replace(word.encode(), word.encode("cp1251"))


def broken_byte(word):
    return lambda line: line.replace(word.encode(), word.encode()[:-1] + b"\xff")


def damage(r):
    r.case("C001", "a row cut short")
    r.person("Кленова Вера Ильинична", 2, "1971-04-17").insured("98001", "2018-02-01", damage=cut).quarantined("ROW_SHAPE")

    r.case("C002", "one field too many")
    r.person("Кленов Олег Ильич", 1, "1969-09-30").insured("98002", "2018-02-01", damage=lengthened).quarantined("ROW_SHAPE")

    r.case("C003", "a quote that is never closed costs its own row alone")
    r.person("Осинин Пётр Лукич", 1, "1958-01-22").insured("98001", "2016-05-10", damage=unclosed).quarantined("ROW_QUOTE")
    r.person("Осинина Лидия Лукинична", 2, "1960-03-02").insured("98001", "2016-05-10").lacks("ROW_QUOTE").in_register("98001")
    child = r.person("Осинин Лука Петрович", 1, "2015-07-07")
    child.attached("980102", "2016-06-01", damage=unclosed).quarantined("ROW_QUOTE")

    r.case("C004", "text after a closing quote; blanks there are no text")
    p = r.person("Ракитин Фома Егорович", 1, "1980-12-12")
    p.insured("98001", "2016-05-10", written={"surname": '"Ракитин" ст.'}).quarantined("ROW_QUOTE")
    p = r.person("Ракитина Нина Егоровна", 2, "1983-10-01")
    p.insured("98001", "2016-05-10", written={"surname": '"Ракитина"  '}).in_register("98001").shows(surname="Ракитина")

    r.case("C005", "bytes that are no UTF-8: a name left in windows-1251, and a single broken byte")
    p = r.person("Вязов Марк Данилович", 1, "1990-06-19")
    p.insured("98002", "2019-11-01", damage=cp1251("Вязов")).quarantined("ROW_ENCODING")
    p = r.person("Вязова Ульяна Марковна", 2, "2014-08-23")
    p.attached("980102", "2015-01-10", damage=broken_byte("Вязова")).quarantined("ROW_ENCODING")

    r.case("C006", "quotes as they should be, and quotes that are plain text because the field does not begin with one")
    p = r.person("Калинина Дарья Захаровна", 2, "1979-02-14")
    row = p.insured("98001", "2017-07-01", birth_place='"посёлок ""Светлый""; дом у реки"', written={"birth_place": '"посёлок ""Светлый""; дом у реки"'})
    row.lacks("ROW_QUOTE", "ROW_SHAPE").in_register("98001")
    p = r.person("Калинин Захар Матвеевич", 1, "1951-02-14")
    p.insured("98001", "2017-07-01", birth_place='станция "Лесная"').lacks("ROW_QUOTE").finds("QUOTE_IN_VALUE").in_register("98001")

    r.case("C007", "empty lines and lines of blanks are no rows")
    r.line(OF_98001, b"")
    r.line(OF_98001, b"   \t ")
    r.line(OF_980101, b"")
    r.person("Лозина Кира Павловна", 2, "1988-05-05").insured("98001", "2017-07-01").in_register("98001")


def required_fields_and_dates(r):
    r.case("C008", "required fields are empty; a field of blanks is empty")
    r.person("Ивин Антон Ильич", 1, "1987-01-08").insured("98001", "2017-07-01", surname="").quarantined("FIELD_REQUIRED")
    r.person("Ивин Степан Ильич", 1, "1989-01-08").insured("98002", "", written={"insured_from": "  "}).quarantined("FIELD_REQUIRED")
    r.person("Ивина Алина Ильинична", 2, "1991-01-08").attached("980101", "2017-07-01", given_name="").quarantined("FIELD_REQUIRED")

    r.case("C009", "a single-sample policy needs an ENP, an old policy does not")
    r.person("Сосновский Глеб Юрьевич", 1, "1966-11-11").insured("98001", "2015-01-10", enp="").quarantined("FIELD_REQUIRED")
    p = r.person("Сосновская Инна Юрьевна", 2, "1968-11-11", enp="", policy_kind="1", policy_number="ЗР-11 000009")
    p.insured("98001", "2015-01-10").lacks("FIELD_REQUIRED").finds("OLD_POLICY_AFTER_REFORM").in_register("98001").shows(policy_kind="1", enp="")

    r.case("C010", "an old policy needs its number")
    p = r.person("Сосновский Юрий Глебович", 1, "1940-01-19", enp="", policy_kind="1")
    p.insured("98001", "2015-01-10").quarantined("FIELD_REQUIRED", "OLD_POLICY_AFTER_REFORM")

    r.case("C011", "an attachment needs one number by which the person can be found; a SNILS is enough")
    p = r.person("Еловых Роман Кузьмич", 1, "1977-07-17")
    p.insured("98002", "2016-02-01").in_register("98002", "980101")
    p.attached("980101", "2016-03-01", enp="", policy_kind="", snils="").quarantined("FIELD_REQUIRED")
    p.attached("980101", "2016-04-01", enp="", policy_kind="").lacks("FIELD_REQUIRED").attachment("1:980101:2016-04-01:")

    r.case("C012", "dates that the calendar or the format does not have")
    p = r.person("Лиственный Тарас Богданович", 1, "1985-05-25")
    p.insured("98001", "2025-01-10", applied_on="2025-02-29").quarantined("DATE_INVALID")
    p.insured("98001", "2024-02-29", applied_on="2024-02-29").lacks("DATE_INVALID").in_register("98001")
    p = r.person("Лиственная Яна Тарасовна", 2, "2013-05-25")
    p.insured("98001", "2014-01-10", applied_on="10.01.2014").quarantined("DATE_INVALID")
    p.attached("980102", "2014-02-30").quarantined("DATE_INVALID")

    r.case("C013", "birth before 1900")
    old = dict(enp="", policy_kind="1")
    p = r.person("Дубрава Агафья Саввишна", 2, "1899-12-31", policy_number="ЗР-11 000013", **old)
    p.insured("98001", "2011-05-01").quarantined("BIRTH_DATE_RANGE", "OLD_POLICY_AFTER_REFORM")
    p = r.person("Дубрава Пелагея Саввишна", 2, "1900-01-01")
    p.insured("98001", "2011-05-01").lacks("BIRTH_DATE_RANGE", "ENP_IMPOSSIBLE").in_register("98001").shows(age="126")

    r.case("C014", "birth after the day of the register; birth on it")
    p = r.person("Верба Мила Игоревна", 2, "2026-11-02", policy_number="ЗР-26 000014", **old)
    p.insured("98001", "2026-11-02").quarantined("BIRTH_DATE_RANGE", "OLD_POLICY_AFTER_REFORM")
    p = r.person("Верба Тим Игоревич", 1, "2026-11-01")
    p.insured("98001", "2026-11-01").lacks("BIRTH_DATE_RANGE", "ENP_IMPOSSIBLE").in_register("98001").shows(age="0")

    r.case("C015", "an actual end that is not after the start; the shortest insurance is one day")
    r.person("Рогозин Архип Титович", 1, "1972-08-08").insured("98002", "2020-06-01", stopped_on="2020-06-01").quarantined("DATES_REVERSED")
    p = r.person("Рогозин Фрол Титович", 1, "1974-08-08")
    p.insured("98002", "2020-06-01", stopped_on="2020-06-02").insurance("98002:2020-06-01:2020-06-02").not_in_register()

    r.case("C016", "a planned end that is not after the start")
    guest = dict(category="3", citizenship="398", doc_kind="23", doc_number="РВП 000016")
    r.person("Тугай Арман", 1, "1993-03-13", **guest).insured("98001", "2026-02-01", insured_to="2026-02-01").quarantined("DATES_REVERSED")
    p = r.person("Тугай Данияр", 1, "1995-03-13", **dict(guest, doc_number="РВП 000017"))
    p.insured("98001", "2026-02-01", insured_to="2026-02-02").insurance("98001:2026-02-01:2026-02-02")

    r.case("C017", "an attachment that ends on its first day")
    p = r.person("Камышин Потап Лаврович", 1, "1981-09-09")
    p.insured("98001", "2016-01-01")
    p.attached("980101", "2020-01-01", attached_to="2020-01-01").quarantined("DATES_REVERSED")
    p.attached("980101", "2020-02-01", attached_to="2020-02-02").attachment("1:980101:2020-02-01:2020-02-02")

    r.case("C018", "a start before birth; a newborn's insurance starts on the day of birth at the earliest")
    r.person("Ветлугина Ада Олеговна", 2, "2026-03-10").insured("98001", "2026-03-09").quarantined("DATES_REVERSED")
    p = r.person("Ветлугин Ким Олегович", 1, "2026-03-10")
    p.insured("98001", "2026-03-10").insurance("98001:2026-03-10:")
    p.attached("980102", "2026-03-09").quarantined("DATES_REVERSED")


def codes_and_numbers(r):
    r.case("C019", "sex is 1 or 2; letters need a layout that maps them")
    r.person("Черёмухина Зоя Карповна", 2, "1970-10-20").insured("98001", "2016-01-01", sex="3").quarantined("SEX_INVALID")
    r.person("Черёмухин Карп Андронович", 1, "1940-10-20").insured("98001", "2016-01-01", sex="М").quarantined("SEX_INVALID")

    r.case("C020", "an unknown kind of policy")
    r.person("Хмелёв Савва Нилович", 1, "1982-02-22").insured("98002", "2016-01-01", policy_kind="4").quarantined("POLICY_KIND_UNKNOWN")

    r.case("C021", "a temporary certificate has nine digits")
    note = dict(enp="", policy_kind="2")
    r.person("Полынин Лев Саввич", 1, "1999-04-04", policy_number="98000021", **note).insured("98001", "2026-10-12").quarantined("CERTIFICATE_AFTER_DIGITAL", "POLICY_NUMBER_FORMAT")
    p = r.person("Полынина Ева Саввична", 2, "2001-04-04", policy_number="980000021", **note)
    p.insured("98001", "2026-10-12").lacks("POLICY_NUMBER_FORMAT").finds("CERTIFICATE_AFTER_DIGITAL").in_register("98001").shows(policy_kind="2")

    r.case("C022", "an ENP that a spreadsheet has spoilt, and two that it has only marked")
    r.person("Льнов Гурий Захарович", 1, "1978-03-05").insured("98001", "2016-01-01", enp="9,84651E+15").quarantined("ENP_FORMAT")
    p = r.person("Льнова Арина Гурьевна", 2, "2010-03-05")
    p.insured("98001", "2016-01-01", enp=p["enp"][:-1]).quarantined("ENP_FORMAT")
    for mark, name, born in (("`", "Льнов Фёдор Гурьевич", "2012-03-05"), ("'", "Льнов Мирон Гурьевич", "2017-03-05")):
        p = r.person(name, 1, born)
        p.insured("98001", "2018-01-01", written={"enp": mark + p["enp"]}).lacks("ENP_FORMAT").in_register("98001").shows(enp=p["enp"])

    r.case("C023", "a wrong check digit")
    p = r.person("Мятлев Ярослав Игнатович", 1, "1994-12-30")
    p.insured("98002", "2016-01-01", enp=numbers.wrong_check(p["enp"])).quarantined("ENP_CHECK_DIGIT")
    p.insured("98002", "2016-01-02").lacks("ENP_CHECK_DIGIT").in_register("98002")
    p.attached("980101", "2018-01-01", enp=numbers.wrong_check(p["enp"])).quarantined("ENP_CHECK_DIGIT")

    r.case("C024", "an ENP whose digits 3-10 code no birth date, though the check digit is right")
    for title, coded, offset in (
        ("Донник Клим Ефимович", "1984-02-31", None),   # no such day
        ("Донник Ефим Климович", "2001-01-01", 40),     # the offset of another century
        ("Донник Прохор Ефимович", "1899-12-31", None), # before 1900
        ("Донник Назар Ефимович", "2026-11-02", None),  # after the day of the register
    ):
        born = coded if offset else "1984-02-29"
        r.person(title, 1, born, enp=numbers.enp(coded, 1, 90024, offset)).insured("98001", "2016-01-01").quarantined("ENP_IMPOSSIBLE")
    for title, sex, born in (
        ("Донникова Ольга Климовна", 2, "1950-12-31"), ("Донникова Раиса Климовна", 2, "1951-01-01"),
        ("Донников Илья Климович", 1, "2000-12-31"), ("Донников Осип Климович", 1, "2001-01-01"),
    ):
        r.person(title, sex, born).insured("98001", "2016-01-01").lacks("ENP_IMPOSSIBLE", "ENP_PERSON_MISMATCH").in_register("98001")

    r.case("C025", "both at once: a wrong check digit and an impossible date")
    p = r.person("Лопухин Касьян Маркович", 1, "1984-02-29", enp=numbers.wrong_check(numbers.enp("1984-02-31", 1, 90025)))
    p.insured("98001", "2016-01-01").quarantined("ENP_CHECK_DIGIT", "ENP_IMPOSSIBLE")

    r.case("C026", "an ENP that codes another birth date or sex than the row is legal: the number outlives corrections")
    p = r.person("Чабрецова Инга Львовна", 2, "1986-06-16", enp=numbers.enp("1986-06-15", 2, 90026))
    p.insured("98001", "2016-01-01").finds("ENP_PERSON_MISMATCH").in_register("98001")
    p = r.person("Чабрец Лев Арсеньевич", 1, "1986-07-16", enp=numbers.enp("1986-07-16", 2, 90026))
    p.insured("98001", "2016-01-01").finds("ENP_PERSON_MISMATCH").in_register("98001")

    r.case("C027", "a SNILS that cannot be one is treated as absent; old low numbers have no control number")
    p = r.person("Шалфеев Тихон Борисович", 1, "1983-03-23")
    p.insured("98001", "2016-01-01", snils=p["snils"][:-1] + str((int(p["snils"][-1]) + 1) % 10)).finds("SNILS_INVALID", "SNILS_REQUIRED").shows(snils="")
    p = r.person("Шалфеева Тая Тихоновна", 2, "2016-03-23")
    p.insured("98001", "2016-04-01", snils="9800000270").finds("SNILS_INVALID").lacks("SNILS_REQUIRED").shows(snils="")
    p = r.person("Шалфеев Борис Тихонович", 1, "2018-03-23")
    p.insured("98001", "2018-04-01", snils="000-000-000 00").finds("SNILS_INVALID").shows(snils="")
    for name, number in (("Шалфеева Рада Борисовна", "001-001-998 00"), ("Шалфеева Лада Борисовна", numbers.dashed(numbers.snils(1_001_999)))):
        p = r.person(name, 2, "1953-08-13", category="6")
        p.insured("98001", "2016-01-01", snils=number).lacks("SNILS_INVALID", "SNILS_REQUIRED").in_register("98001")

    r.case("C028", "an adult citizen needs a SNILS: 18 years old on the day, categories 1 and 6")
    citizen = dict(snils="", doc_kind="14")
    r.person("Имбирёв Ян Олегович", 1, "2008-11-01", **dict(citizen, category="6")).insured("98002", "2016-01-01").finds("SNILS_REQUIRED")
    r.person("Имбирёва Яна Олеговна", 2, "2008-11-02", **dict(citizen, category="6")).insured("98002", "2016-01-01").lacks("SNILS_REQUIRED")
    r.person("Имбирёв Олег Янович", 1, "1980-01-01", **dict(citizen, category="1")).insured("98002", "2016-01-01").finds("SNILS_REQUIRED")
    r.person("Имбирь Бахтияр", 1, "1980-01-01", **dict(citizen, category="2", doc_kind="11", citizenship="398")).insured("98002", "2016-01-01").lacks("SNILS_REQUIRED")


def references(r):
    r.case("C029", "an insurer that the table does not have")
    r.person("Крапивин Макар Фокич", 1, "1976-06-06").insured("98099", "2016-01-01").quarantined("INSURER_UNKNOWN")

    r.case("C030", "a clinic that the table does not have")
    p = r.person("Крапивина Фёкла Макаровна", 2, "1996-06-06")
    p.insured("98001", "2016-01-01").in_register("98001")
    p.attached("980999", "2016-01-01", file=OF_980101).quarantined("CLINIC_UNKNOWN")

    r.case("C031", "a start outside the insurer's work: before it, after it, after a merger")
    names = ("Горец Юлий", "Горец Марк", "Горец Фока", "Горец Адам", "Горец Влас")
    for name, insurer, since, good in (
        (names[0], "98005", "2025-12-31", False), (names[1], "98005", "2026-01-01", True),
        (names[2], "98004", "2026-03-01", False), (names[3], "98004", "2026-02-28", True), (names[4], "98003", "2025-07-01", False),
    ):
        row = r.person(f"{name} Ильич", 1, "1987-07-27").insured(insurer, since)
        if good:
            row.lacks("INSURER_NOT_WORKING").insurance(f"{insurer}:{since}:" + ("2026-03-01" if insurer == "98004" else ""))
            row.finds("MUST_CHOOSE") if insurer == "98004" else row.lacks("MUST_CHOOSE")
        else:
            row.quarantined("INSURER_NOT_WORKING")

    r.case("C032", "a start outside the clinic's work; its last day is the eve of the end")
    p = r.person("Горицвет Майя Юльевна", 2, "1989-07-27")
    p.insured("98001", "2011-05-01")
    p.attached("980105", "2010-12-31").quarantined("CLINIC_NOT_WORKING")
    p.attached("980106", "2026-01-01").quarantined("CLINIC_NOT_WORKING")
    p.attached("980105", "2026-04-01").quarantined("CLINIC_NOT_WORKING")
    p.attached("980105", "2026-03-31").lacks("CLINIC_NOT_WORKING").attachment("1:980105:2026-03-31:2026-04-01").in_register("98001")

    r.case("C033", "a hospital has no attached people")
    p = r.person("Горицвет Юлий Фомич", 1, "1962-07-27")
    p.insured("98001", "2011-05-01").in_register("98001")
    p.attached("980104", "2020-01-01", file=OF_980101).quarantined("CLINIC_NOT_ATTACHABLE")

    r.case("C034", "categories are 0 to 14")
    p = r.person("Зверобой Клавдия Петровна", 2, "1964-07-27")
    p.insured("98001", "2016-01-01", category="15").finds("CATEGORY_UNKNOWN").in_register("98001").shows(category="")
    r.person("Зверобой Петр Кондратович", 1, "1934-07-27").insured("98001", "2016-01-01", category="0").lacks("CATEGORY_UNKNOWN")
    p = r.person("Зверобой Ашот", 1, "1994-07-27", category="14", citizenship="051", doc_kind="21", doc_number="АС 000034")
    p.insured("98001", "2026-01-15", insured_to="2027-01-01").lacks("CATEGORY_UNKNOWN", "TERM_MISSING").in_register("98001")

    r.case("C035", "an unknown method of attachment")
    p = r.person("Василькова Ника Андреевна", 2, "1998-09-01")
    p.insured("98001", "2016-01-01").in_register("98001", "980101")
    p.attached("980101", "2018-01-01", method="4").finds("METHOD_UNKNOWN").shows(method="")

    r.case("C036", "an unknown reason")
    p = r.person("Васильков Андрей Никитич", 1, "1968-09-01")
    p.insured("98001", "2016-01-01", reason="П099").finds("REASON_UNKNOWN").in_register("98001")
    p = r.person("Васильков Никита Андреевич", 1, "1992-09-01")
    p.insured("98001", "2016-01-01", reason="П010").lacks("REASON_UNKNOWN").in_register("98001")

    r.case("C037", "a foreigner on a temporary permit without a planned end: the end is 1 January of the next year")
    guest = dict(category="3", citizenship="860", doc_kind="23", birth="1997-05-15", sex=1)
    for name, since, doc, there in (("Саксаул Рустам", "2026-02-10", "РВП 000037", True), ("Саксаул Тимур", "2025-02-10", "РВП 000038", False)):
        row = r.person(name, guest["sex"], guest["birth"], category="3", citizenship="860", doc_kind="23", doc_number=doc).insured("98002", since)
        row.finds("TERM_MISSING").insurance(f"98002:{since}:{int(since[:4]) + 1}-01-01")
        row.in_register("98002") if there else row.not_in_register()

    r.case("C038", "a citizen's planned end is a relic of the old blank and does not end the insurance")
    p = r.person("Подорожник Эмма Карловна", 2, "1957-05-15")
    p.insured("98001", "2016-01-01", insured_to="2020-01-01").finds("TERM_IGNORED").insurance("98001:2016-01-01:").in_register("98001")

    r.case("C039", "a row shows everything that is wrong with it")
    p = r.person("Лебеда Виктор Осипович", 1, "1974-01-31")
    row = p.insured("98077", "2016-01-01", sex="9", applied_on="31.12.2015", enp=numbers.wrong_check(p["enp"]))
    row.quarantined("SEX_INVALID", "DATE_INVALID", "INSURER_UNKNOWN", "ENP_CHECK_DIGIT")


def add(r):
    damage(r)
    required_fields_and_dates(r)
    codes_and_numbers(r)
    references(r)
