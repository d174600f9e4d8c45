"""C201-C221: which records are one person, and which only look like it."""

from . import numbers


def links(r):
    r.case("C201", "L1: the surname changed with marriage and the ENP codes an old birth date, so that only L1 can join")
    p = r.person("Ясенева Марина Львовна", 2, "1987-04-12", enp=numbers.enp("1987-04-21", 2, 90201))
    row = p.insured("98001", "2015-06-01").finds("ENP_PERSON_MISMATCH").in_register("98001", "980101")
    p.attached("980101", "2016-06-01", surname="Берёзкина", snils="").finds("ENP_PERSON_MISMATCH").is_person_of(row)

    r.case("C202", "L2: day and month of birth swapped by the clinic; two birth dates need a look")
    p = r.person("Ясенев Денис Олегович", 1, "1975-06-12")
    row = p.insured("98001", "2015-06-01").finds("IDENTITY_REVIEW").in_register("98001", "980101").shows(birth_date="1975-06-12")
    p.attached("980101", "2016-06-01", birth_date="1975-12-06", snils="").finds("ENP_PERSON_MISMATCH").is_person_of(row)

    r.case("C203", "L3: the clinic knows the SNILS alone, and the former surname")
    p = r.person("Тисова Елена Фёдоровна", 2, "1990-02-02")
    row = p.insured("98002", "2015-06-01").in_register("98002", "980101")
    p.attached("980101", "2016-06-01", surname="Самшитова", enp="", policy_kind="", written={"snils": numbers.dashed(p["snils"])}).is_person_of(row)

    r.case("C204", "L4: a certificate and the later policy share the birth certificate, written in two ways")
    p = r.person("Самшит Егор Янович", 1, "2016-09-09", doc_kind="3", doc_number="I-ЗР № 123204")
    note = p.insured("98002", "2016-10-01", enp="", snils="", policy_kind="2", policy_number="980000204", reason="П010", doc_number="i-зр 123204").finds("DOC_NUMBER_FORMAT")
    policy = p.insured("98002", "2016-11-10", reason="П060").is_person_of(note)
    policy.insurance("98002:2016-10-01:").in_register("98002").shows(policy_kind="3", enp=p["enp"], snils=p["snils"])

    r.case("C205", "L5: an old policy, its number written in two ways, and a new surname")
    p = r.person("Акациева Галина Ивановна", 2, "1949-03-03", enp="", policy_kind="1", policy_number="ЗР 12-000205")
    row = p.insured("98001", "2012-06-01").finds("OLD_POLICY_AFTER_REFORM").in_register("98001", "980103")
    p.attached("980103", "2016-06-01", surname="Пихтова", snils="", policy_number="зр № 12 000205").is_person_of(row)

    r.case("C206", "L6: one ENP and birth date, and names that one slip of the pen sets apart")
    p = r.person("Пихтова Наталья Ильинична", 2, "1981-05-05")
    row = p.insured("98001", "2015-06-01").lacks("ENP_SHARED").in_register("98001", "980101")
    p.attached("980101", "2016-06-01", given_name="Наталия", snils="").is_person_of(row).lacks("ENP_SHARED")

    r.case("C207", "L6: an initial stands for the name")
    p = r.person("Пихтов Алексей Ильич", 1, "1983-05-05")
    row = p.insured("98001", "2015-06-01").lacks("ENP_SHARED").in_register("98001", "980101")
    p.attached("980101", "2016-06-01", given_name="А.", patronymic="И.", snils="").is_person_of(row)

    r.case("C208", "joined through a third: one attachment knows the SNILS, the other the old policy, the register both")
    p = r.person("Кедрова Римма Саввична", 2, "1947-08-28", enp="", policy_kind="1", policy_number="ЗР 12-000208")
    by_snils = p.attached("980101", "2016-06-01", policy_kind="", policy_number="", surname="Кедр")
    by_policy = p.attached("980120", "2016-06-01", snils="", profile="4", surname="Пинская").is_person_of(by_snils)
    p.insured("98001", "2012-06-01").finds("OLD_POLICY_AFTER_REFORM").is_person_of(by_policy).in_register("98001", "980101")

    r.case("C209", "names compare without case, ё, kinds of dash, look-alike Latin letters, and НЕТ for no patronymic (L4)")
    p = r.person("Семёнов-Заречный Тимофей", 1, "1973-11-03", enp="", policy_kind="1", policy_number="ЗР 12-000209")
    row = p.insured("98001", "2012-06-01").finds("OLD_POLICY_AFTER_REFORM").in_register("98001", "980101")
    latin = {"surname": "\u0043ЕМЕНОВ — ЗА\u0050ЕЧНЫЙ"}  # a Latin C and a Latin P
    p.attached(
        "980101", "2016-06-01", given_name="ТИМОФЕЙ", patronymic="НЕТ", snils="", policy_kind="2", policy_number="980000209",
        doc_kind="14", doc_number=p["doc_number"].replace("№ ", ""), **latin,
    ).finds("NAME_ALPHABETS").is_person_of(row)


def shared_numbers(r):
    r.case("C210", "twins who were given one ENP by mistake stay two persons")
    first = r.person("Боровой Егор Львович", 1, "2014-02-08")
    second = r.person("Боровой Илья Львович", 1, "2014-02-08", enp=first["enp"])
    row = first.insured("98001", "2014-03-01").finds("ENP_SHARED").in_register("98001")
    second.insured("98001", "2014-03-01").finds("ENP_SHARED").is_not_person_of(row).in_register("98001")

    r.case("C211", "twins with numbers of their own need no finding")
    first, second = (r.person(f"Боровая {name} Львовна", 2, "2017-02-08") for name in ("Анна", "Инна"))
    row = first.insured("98001", "2017-03-01").lacks("ENP_SHARED").in_register("98001")
    second.insured("98001", "2017-03-01").lacks("ENP_SHARED").is_not_person_of(row)

    r.case("C212", "names near enough, but different SNILS contradict")
    first = r.person("Луговая Наталья Олеговна", 2, "1982-07-02")
    second = r.person("Луговая Наталия Олеговна", 2, "1982-07-02", enp=first["enp"])
    row = first.insured("98001", "2016-03-01").finds("ENP_SHARED").in_register("98001")
    second.insured("98002", "2016-03-01").finds("ENP_SHARED").is_not_person_of(row).in_register("98002")

    r.case("C213", "names near enough, but different sexes contradict")
    first = r.person("Полевых Валерий Янович", 1, "2015-07-02", snils="")
    second = r.person("Полевых Валерия Яновна", 2, "2015-07-02", snils="", enp=first["enp"])
    row = first.insured("98001", "2016-03-01").finds("ENP_SHARED").in_register("98001")
    second.insured("98001", "2016-03-01").finds("ENP_SHARED", "ENP_PERSON_MISMATCH").is_not_person_of(row)

    r.case("C214", "a short form is not near enough: Света and Светлана stay apart until someone looks")
    p = r.person("Речная Светлана Юрьевна", 2, "2012-12-02", snils="")
    row = p.insured("98001", "2016-03-01").finds("ENP_SHARED").in_register("98001")
    p.insured("98001", "2018-03-01", given_name="Света", doc_number="").finds("ENP_SHARED").is_not_person_of(row)

    r.case("C215", "А. fits Анна and Алла, who contradict each other: so none of the three is joined")
    p = r.person("Озёрная Анна Юрьевна", 2, "2013-12-02", snils="", doc_number="")
    rows = [p.insured("98001", since, given_name=name) for name, since in (("Анна", "2016-03-01"), ("А.", "2017-03-01"), ("Алла", "2018-03-01"))]
    for row in rows:
        row.finds("ENP_SHARED")
    rows[1].is_not_person_of(rows[0]).is_not_person_of(rows[2])
    rows[2].is_not_person_of(rows[0])

    r.case("C216", "a neighbour's ENP typed by mistake: other name, other birth date")
    first = r.person("Ручейников Вадим Ильич", 1, "1984-01-14")
    second = r.person("Прудов Роберт Янович", 1, "1991-10-24", enp=first["enp"])
    row = first.insured("98001", "2016-03-01").finds("ENP_SHARED").in_register("98001")
    second.insured("98002", "2016-03-01").finds("ENP_SHARED", "ENP_PERSON_MISMATCH").is_not_person_of(row)

    r.case("C217", "namesakes born on one day, with nothing else in common, are two persons")
    first, second = (r.person("Иванов Иван Иванович", 1, "1980-01-01") for _ in range(2))
    row = first.insured("98001", "2016-03-01").lacks("ENP_SHARED", "IDENTITY_REVIEW")
    second.insured("98001", "2016-03-01").lacks("ENP_SHARED", "IDENTITY_REVIEW").is_not_person_of(row)


def reviews(r):
    r.case("C218", "one person, two SNILS: joined by L1, to be looked at")
    p = r.person("Ключевская Ася Марковна", 2, "1988-08-18")
    row = p.insured("98001", "2016-03-01").finds("IDENTITY_REVIEW").in_register("98001", "980101").shows(snils=p["snils"])
    p.attached("980101", "2016-06-01", snils=numbers.snils(980_900_218)).is_person_of(row).lacks("IDENTITY_REVIEW")

    r.case("C219", "one person, two sexes: a slip of the clinic")
    p = r.person("Ключевской Марк Асафович", 1, "1958-08-18")
    row = p.insured("98001", "2016-03-01").finds("IDENTITY_REVIEW").in_register("98001", "980101").shows(sex="1")
    p.attached("980101", "2016-06-01", sex="2").finds("ENP_PERSON_MISMATCH").finds("NAME_SEX").is_person_of(row)

    r.case("C220", "one person, two ENPs: the younger policy's number survives")
    p = r.person("Родников Даниил Эдуардович", 1, "1996-03-27")
    new = numbers.enp("1996-03-27", 1, 90220)
    row = p.insured("98001", "2016-03-01", reason="П010").finds("SEVERAL_ENP").lacks("IDENTITY_REVIEW").number("3", p["enp"], False)
    later = p.insured("98001", "2021-03-01", enp=new, reason="П062").is_person_of(row).lacks("SEVERAL_ENP").number("3", new, True)
    later.insurance("98001:2016-03-01:").in_register("98001").shows(enp=new)

    r.case("C221", "two ENPs of someone who is not insured any more: the last stay's number survives")
    p = r.person("Родникова Эльза Данииловна", 2, "1936-03-27")
    new = numbers.enp("1936-03-27", 2, 90221)
    row = p.insured("98001", "2016-03-01", stopped_on="2019-01-01").finds("SEVERAL_ENP").number("3", p["enp"], False)
    later = p.insured("98002", "2020-03-01", stopped_on="2024-01-01", enp=new).is_person_of(row).number("3", new, True).not_in_register()
    later.insurance("98001:2016-03-01:2019-01-01", "98002:2020-03-01:2024-01-01")


def add(r):
    links(r)
    shared_numbers(r)
    reviews(r)
