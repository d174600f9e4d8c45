"""C401-C432: one clinic at a time, for each profile of care."""

from .region import CLINIC_ARCHIVE

OLD = "2020-02-01"


def someone(r, name, sex, birth, **known):
    """A person insured with 98001 all along, so that only the clinic is in question."""
    p = r.person(name, sex, birth, **known)
    since = max("2015-03-01", birth)
    return p, p.insured("98001", since)


def changes(r):
    r.case("C401", "a later attachment by residence replaces one by residence")
    p, row = someone(r, "Мельникова Таисия Павловна", 2, "1984-03-15")
    old = p.attached("980101", OLD)
    new = p.attached("980107", "2026-05-01")
    old.superseded("TERRITORY", new).attachment("1:980101:2020-02-01:2026-05-01", "1:980107:2026-05-01:")
    row.in_register("98001", "980107").funded()

    r.case("C402", "an attachment without a method counts as one by residence")
    p, row = someone(r, "Мельников Павел Фомич", 1, "1954-03-15")
    old = p.attached("980101", OLD, method="")
    old.superseded("TERRITORY", p.attached("980107", "2026-05-01", method=""))
    row.in_register("98001", "980107")

    r.case("C403", "an application outranks residence: the chosen clinic stays")
    p, row = someone(r, "Мельников Фома Павлович", 1, "1988-03-15")
    old = p.attached("980101", OLD, method="2").attachment("1:980101:2020-02-01:")
    p.attached("980107", "2026-05-01", method="1").refused("APPLICATION_OUTRANKS_RESIDENCE", old)
    row.in_register("98001", "980101").shows(method="2")

    r.case("C404", "the same, but the chosen clinic's attachment ends: residence takes over there")
    p, row = someone(r, "Мельников Макар Павлович", 1, "1990-03-15")
    old = p.attached("980101", OLD, method="2", attached_to="2026-08-01")
    new = p.attached("980107", "2026-05-01", method="").deferred("APPLICATION_OUTRANKS_RESIDENCE", old)
    new.attachment("1:980101:2020-02-01:2026-08-01", "1:980107:2026-08-01:")
    row.in_register("98001", "980107")

    r.case("C405", "a clinic chosen by application replaces the one by residence, and there is no deadline in the year")
    p, row = someone(r, "Пасечник Устинья Львовна", 2, "1984-04-15")
    old = p.attached("980101", OLD)
    old.superseded("CHANGE_AT_WILL", p.attached("980107", "2025-12-15", method="2"))
    row.in_register("98001", "980107")

    r.case("C406", "once in a calendar year: December and the next January are two years")
    p, row = someone(r, "Пасечник Лев Устинович", 1, "1956-04-15")
    first = p.attached("980101", OLD)
    second = p.attached("980107", "2025-12-15", method="2")
    third = p.attached("980103", "2026-01-20", method="2")
    first.superseded("CHANGE_AT_WILL", second)
    second.superseded("CHANGE_AT_WILL", third)
    row.in_register("98001", "980103")

    r.case("C407", "the second choice of one year is refused")
    p, row = someone(r, "Пасечник Фёкла Львовна", 2, "1986-04-15")
    first = p.attached("980101", OLD)
    second = p.attached("980107", "2026-02-01", method="2")
    first.superseded("CHANGE_AT_WILL", second)
    p.attached("980103", "2026-07-01", method="2").refused("CHANGE_LIMIT", second)
    row.in_register("98001", "980107")

    r.case("C408", "the same, but the second attachment ends: the third begins there")
    p, row = someone(r, "Пасечник Аким Львович", 1, "1988-04-15")
    first = p.attached("980101", OLD)
    second = p.attached("980107", "2026-02-01", method="2", attached_to="2026-09-01")
    first.superseded("CHANGE_AT_WILL", second)
    third = p.attached("980103", "2026-07-01", method="2").deferred("CHANGE_LIMIT", second)
    third.attachment("1:980101:2020-02-01:2026-02-01", "1:980107:2026-02-01:2026-09-01", "1:980103:2026-09-01:")
    row.in_register("98001", "980103")

    r.case("C409", "after a move the clinic may be changed again, and a move does not use up the right")
    p, row = someone(r, "Кузнечик Нина Савельевна", 2, "1984-05-15")
    first = p.attached("980101", OLD)
    second = p.attached("980107", "2026-02-01", method="2")
    third = p.attached("980103", "2026-07-01", method="3")
    first.superseded("CHANGE_AT_WILL", second)
    second.superseded("CHANGE_MOVED", third)
    row.in_register("98001", "980103")
    p, row = someone(r, "Кузнечик Зина Савельевна", 2, "1986-05-15")
    first = p.attached("980101", OLD)
    second = p.attached("980107", "2026-02-01", method="3")
    third = p.attached("980103", "2026-07-01", method="2")
    first.superseded("CHANGE_MOVED", second)
    second.superseded("CHANGE_AT_WILL", third)
    row.in_register("98001", "980103")

    r.case("C410", "after a gap a choice is counted, an attachment by residence is not")
    p, row = someone(r, "Кузнечик Савелий Львович", 1, "1959-05-15")
    p.attached("980101", OLD, attached_to="2026-01-10")
    second = p.attached("980107", "2026-02-01", method="2")
    p.attached("980103", "2026-07-01", method="2").refused("CHANGE_LIMIT", second)
    row.in_register("98001", "980107")
    p, row = someone(r, "Кузнечик Игнат Львович", 1, "1961-05-15", category="6")
    p.attached("980101", OLD, attached_to="2026-01-10")
    second = p.attached("980107", "2026-02-01")
    second.superseded("CHANGE_AT_WILL", p.attached("980103", "2026-07-01", method="2"))
    row.in_register("98001", "980103")

    r.case("C411", "a stay is as strong as its strongest record: residence first, then an application to the same clinic")
    p, row = someone(r, "Кузнечик Платон Львович", 1, "1963-05-15", category="6")
    first = p.attached("980101", OLD)
    second = p.attached("980101", "2024-02-01", method="2")
    p.attached("980107", "2026-07-01").refused("APPLICATION_OUTRANKS_RESIDENCE", second)
    first.attachment("1:980101:2020-02-01:")
    row.in_register("98001", "980101")


def same_day(r):
    r.case("C412", "two clinics from one day: the stronger method wins")
    p, row = someone(r, "Ткачёва Рогнеда Ильинична", 2, "1984-06-15")
    winner = p.attached("980107", "2024-02-01", method="2")
    p.attached("980101", "2024-02-01", method="1").lost("SAME_DAY", winner)
    row.in_register("98001", "980107")
    p, row = someone(r, "Ткачёв Илья Олегович", 1, "1958-06-15")
    winner = p.attached("980107", "2024-02-01", method="3").finds("SEVERAL_APPLICATIONS")
    p.attached("980101", "2024-02-01", method="2").lost("SAME_DAY", winner)
    row.in_register("98001", "980107")

    r.case("C413", "equal methods: the younger file wins; a file without a date is the oldest")
    p, row = someone(r, "Ткачёв Олег Ильич", 1, "1986-06-15")
    winner = p.attached("980103", "2024-02-01")
    p.attached("980107", "2024-02-01", method="").lost("SAME_DAY", winner)
    row.in_register("98001", "980103")
    p, row = someone(r, "Ткачёв Рюрик Ильич", 1, "1988-06-15")
    winner = p.attached("980107", "2024-02-01")
    p.attached("980101", "2024-02-01", file=CLINIC_ARCHIVE).lost("SAME_DAY", winner)
    row.in_register("98001", "980107")

    r.case("C414", "nothing decides: the smallest code stands, unresolved and not funded; who is weaker loses plainly")
    p, row = someone(r, "Ткачёва Злата Ильинична", 2, "1990-06-15")
    winner = p.attached("980101", "2024-02-01", method="2").attachment("1:980101:2024-02-01::unresolved")
    p.attached("980103", "2024-02-01", method="2").finds("SEVERAL_APPLICATIONS").lost("SAME_DAY_TIE", winner)
    p.attached("980107", "2024-02-01").lost("SAME_DAY", winner)
    row.in_register("98001", "980101").not_funded()


def clinics_come_and_go(r):
    r.case("C415", "a clinic joined to another: one row, two stays, no change")
    p, row = someone(r, "Гончарова Ульяна Юрьевна", 2, "1984-07-15")
    p.attached("980106", OLD).attachment("1:980106:2020-02-01:2026-01-01", "1:980107:2026-01-01:")
    row.in_register("98001", "980107").funded()

    r.case("C416", "a chain: Rodniki to Klyuchi, Klyuchi to the district hospital")
    p, row = someone(r, "Гончаров Юрий Тихонович", 1, "1956-07-15")
    p.attached("980108", OLD).attachment("1:980108:2020-02-01:2024-07-01", "1:980106:2024-07-01:2026-01-01", "1:980107:2026-01-01:")
    row.in_register("98001", "980107")

    r.case("C417", "a row of the successor joins what came from the clinic before; leaving it names the successor")
    p, row = someone(r, "Гончаров Тихон Юрьевич", 1, "1986-07-15")
    first = p.attached("980106", OLD)
    second = p.attached("980107", "2026-03-01", method="1")
    third = p.attached("980101", "2026-09-01", method="2")
    first.superseded("CHANGE_AT_WILL", third, losing="980107")
    second.superseded("CHANGE_AT_WILL", third)
    first.attachment("1:980106:2020-02-01:2026-01-01", "1:980107:2026-01-01:2026-09-01", "1:980101:2026-09-01:")
    row.in_register("98001", "980101")

    r.case("C418", "a clinic closed without successor leaves its people unattached; so does the end of a chain")
    p, row = someone(r, "Бондарева Алевтина Юрьевна", 2, "1984-08-15")
    p.attached("980105", OLD).attachment("1:980105:2020-02-01:2026-04-01")
    row.in_register("98001").not_funded()
    p, row = someone(r, "Бондарев Анфим Юрьевич", 1, "1986-08-15")
    p.attached("980109", OLD).attachment("1:980109:2020-02-01:2025-01-01", "1:980105:2025-01-01:2026-04-01")
    row.in_register("98001").not_funded()

    r.case("C419", "a successor that had closed before it could take over: nothing is left of an attachment made after that")
    p, row = someone(r, "Бондарев Евлампий Юрьевич", 1, "1988-08-15")
    p.attached("980113", "2025-11-01").finds("NO_INTERVAL")
    row.in_register("98001").not_funded()

    r.case("C420", "closed on the register's day: no money; closed a day later: money")
    p, row = someone(r, "Бондарев Ждан Юрьевич", 1, "1990-08-15")
    p.attached("980110", OLD).attachment("1:980110:2020-02-01:2026-11-01")
    row.in_register("98001").not_funded()
    p, row = someone(r, "Бондарев Богдан Юрьевич", 1, "1992-08-15")
    p.attached("980111", OLD).attachment("1:980111:2020-02-01:2026-11-02")
    row.in_register("98001", "980111").funded()

    r.case("C421", "the successor is a hospital that may not have attached people: attached, but not funded")
    p, row = someone(r, "Бондарева Мелания Юрьевна", 2, "1994-08-15")
    p.attached("980112", OLD).attachment("1:980112:2020-02-01:2026-06-01", "1:980104:2026-06-01:")
    row.in_register("98001", "980104").not_funded()

    r.case("C422", "an end on the register's day leaves the person unattached")
    p, row = someone(r, "Бондарева Аглая Юрьевна", 2, "1996-08-15")
    p.attached("980101", OLD, attached_to="2026-11-01").attachment("1:980101:2020-02-01:2026-11-01")
    row.in_register("98001").not_funded()


def ages(r):
    r.case("C423", "a children's clinic lets go on the eighteenth birthday: before the day, on it, after it")
    for name, born, there in (("Юнкеров Роман", "2008-10-15", False), ("Юнкеров Денис", "2008-11-01", False), ("Юнкеров Артём", "2008-11-02", True)):
        p, row = someone(r, f"{name} Ильич", 1, born)
        p.attached("980102", "2015-04-01").attachment(f"1:980102:2015-04-01:2026-{born[5:]}")
        row.in_register("98001", "980102").funded() if there else row.in_register("98001").not_funded()

    r.case("C424", "born on 29 February, eighteen on 1 March of a common year")
    p, row = someone(r, "Високосная Лика Олеговна", 2, "2008-02-29")
    p.attached("980102", "2015-04-01").attachment("1:980102:2015-04-01:2026-03-01")

    r.case("C425", "grown up, and attached to the adults' clinic on the birthday: no decision is needed")
    p, row = someone(r, "Юнкерова Дарина Ильинична", 2, "2008-05-15")
    first = p.attached("980102", "2015-04-01")
    p.attached("980103", "2026-05-15").lacks("CLINIC_AGE").attachment("1:980102:2015-04-01:2026-05-15", "1:980103:2026-05-15:")
    row.in_register("98001", "980103").funded()

    r.case("C426", "an adult at a children's clinic is left out; on the eve of the birthday one day is left")
    p, row = someone(r, "Юнкеров Илья Ильич", 1, "1990-05-15")
    p.attached("980102", "2020-04-01").finds("CLINIC_AGE")
    row.in_register("98001").not_funded()
    p, row = someone(r, "Юнкеров Павел Ильич", 1, "2008-05-15")
    p.attached("980102", "2026-05-15").finds("CLINIC_AGE")
    p, row = someone(r, "Юнкеров Семён Ильич", 1, "2008-05-15")
    p.attached("980102", "2026-05-14").lacks("CLINIC_AGE").attachment("1:980102:2026-05-14:2026-05-15")

    r.case("C427", "a child at an adults' clinic is found, and stays")
    p, row = someone(r, "Юнкерова Ева Ильинична", 2, "2010-05-15")
    p.attached("980103", "2026-03-01").finds("CLINIC_AGE").attachment("1:980103:2026-03-01:")
    row.in_register("98001", "980103").funded()


def others(r):
    r.case("C428", "attached, but not insured then: never insured, after the end, before the start; one day in common is enough")
    r.person("Странник Аким Ильич", 1, "1984-09-25").attached("980101", OLD).finds("NOT_INSURED")
    p = r.person("Странник Лука Ильич", 1, "1986-09-25")
    row = p.insured("98001", "2018-01-01", stopped_on="2020-02-01").not_in_register()
    p.attached("980101", "2020-02-01").finds("NOT_INSURED")
    p = r.person("Странник Иона Ильич", 1, "1988-09-25")
    row = p.insured("98001", "2020-02-01").in_register("98001")
    p.attached("980101", "2018-02-01", attached_to="2020-02-01").finds("NOT_INSURED")
    p = r.person("Странник Яков Ильич", 1, "1990-09-25")
    row = p.insured("98001", "2020-02-01", reason="П010").in_register("98001", "980101")
    first = p.attached("980101", "2018-02-01", attached_to="2020-02-02").finds("NOT_INSURED_ON_START").lacks("NOT_INSURED")
    p.attached("980101", "2020-05-01").is_person_of(first)
    first.attachment("1:980101:2018-02-01:2020-02-02", "1:980101:2020-05-01:")

    r.case("C429", "five profiles of care, each with a clinic of its own; only the therapeutic one is the register's")
    p, row = someone(r, "Многолетова Серафима Львовна", 2, "1984-10-25")
    p.attached("980101", "2020-02-01", profile="2", method="2")
    p.attached("980103", "2020-02-01", profile="3", method="2")
    p.attached("980120", "2020-02-01", profile="4")
    p.attached("980106", "2020-02-01", profile="5")
    first = p.attached("980107", "2020-02-01", profile="1")
    first.attachment(
        "1:980107:2020-02-01:", "2:980101:2020-02-01:", "3:980103:2020-02-01:", "4:980120:2020-02-01:",
        "5:980106:2020-02-01:2026-01-01", "5:980107:2026-01-01:",
    )
    row.in_register("98001", "980107").funded()

    r.case("C430", "one profile's change leaves the others alone")
    p, row = someone(r, "Многолетов Лев Саввич", 1, "1958-10-25")
    teeth = p.attached("980103", "2020-02-01", profile="3")
    first = p.attached("980101", "2020-02-01", profile="1")
    new = p.attached("980107", "2026-02-01", profile="1", method="2")
    first.superseded("CHANGE_AT_WILL", new)
    teeth.attachment("1:980101:2020-02-01:2026-02-01", "1:980107:2026-02-01:", "3:980103:2020-02-01:")
    row.in_register("98001", "980107")

    r.case("C431", "a profile that is empty or unknown is the therapeutic one")
    for name, profile in (("Многолетов Савва Львович", ""), ("Многолетов Павел Львович", "9")):
        p, row = someone(r, name, 1, "1986-10-25")
        p.attached("980101", "2020-02-01", profile=profile).attachment("1:980101:2020-02-01:")
        row.in_register("98001", "980101").funded()

    r.case("C432", "someone insured and attached nowhere but to the ambulance is unattached")
    p, row = someone(r, "Многолетова Дора Львовна", 2, "1988-10-25")
    p.attached("980120", "2020-02-01", profile="4").attachment("4:980120:2020-02-01:")
    row.in_register("98001").not_funded()


def add(r):
    changes(r)
    same_day(r)
    clinics_come_and_go(r)
    ages(r)
    others(r)
