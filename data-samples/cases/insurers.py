"""C301-C339: one insurer at a time. The person of most cases begins with 98001 and wants another."""

from .region import ARCHIVE, OF_FUND

OLD = "2020-01-15"


def changes(r):
    r.case("C301", "a change at will, once a year and in time")
    p = r.person("Заозёрная Анна Сергеевна", 2, "1984-03-05")
    old = p.insured("98001", OLD)
    new = p.insured("98002", "2026-06-01", applied_on="2026-05-20", reason="П031").in_register("98002")
    old.superseded("CHANGE_AT_WILL", new).insurance("98001:2020-01-15:2026-06-01", "98002:2026-06-01:")

    r.case("C302", "without a reason, or with one that is no permission (П061), a change is at will")
    for name, reason in (("Заозёрный Пётр Сергеевич", ""), ("Заозёрный Лев Сергеевич", "П061"), ("Заозёрный Ким Сергеевич", "П034")):
        p = r.person(name, 1, "1986-03-05")
        old = p.insured("98001", OLD)
        old.superseded("CHANGE_AT_WILL", p.insured("98002", "2026-06-01", reason=reason).in_register("98002"))

    r.case("C303", "after a move the insurer may be changed on any day, also in December")
    for name, reason in (("Надречная Юлия Павловна", "П032"), ("Надречная Рената Павловна", "П035")):
        p = r.person(name, 2, "1979-03-05")
        old = p.insured("98001", OLD)
        new = p.insured("98002", "2025-12-10", applied_on="2025-12-05", reason=reason).in_register("98002")
        old.superseded("CHANGE_MOVED", new).insurance("98001:2020-01-15:2025-12-10", "98002:2025-12-10:")

    r.case("C304", "so it may when the insurer's contract with the fund ended")
    for name, reason in (("Надречный Захар Павлович", "П033"), ("Надречный Ефим Павлович", "П036")):
        p = r.person(name, 1, "1977-03-05")
        old = p.insured("98002", OLD)
        new = p.insured("98001", "2025-12-10", applied_on="2025-12-05", reason=reason).in_register("98001")
        old.superseded("CHANGE_CONTRACT_ENDED", new)

    r.case("C305", "the deadline: 1 November is in time, 2 November is late")
    p = r.person("Подгорная Ирма Яновна", 2, "1991-03-05")
    old = p.insured("98001", OLD)
    old.superseded("CHANGE_AT_WILL", p.insured("98002", "2025-12-01", applied_on="2025-11-01", reason="П031").in_register("98002"))
    p = r.person("Подгорная Инга Яновна", 2, "1993-03-05")
    old = p.insured("98001", OLD).in_register("98001").insurance("98001:2020-01-15:")
    p.insured("98002", "2025-12-01", applied_on="2025-11-02", reason="П031").refused("CHANGE_DEADLINE", old)

    r.case("C306", "without an application date the start stands for it")
    p = r.person("Подгорный Ян Янович", 1, "1961-03-05", category="6")
    old = p.insured("98001", OLD)
    old.superseded("CHANGE_AT_WILL", p.insured("98002", "2025-11-01", reason="П034").in_register("98002"))
    p = r.person("Подгорный Карл Янович", 1, "1963-03-05", category="6")
    old = p.insured("98001", OLD).in_register("98001")
    p.insured("98002", "2025-11-02", reason="П034").refused("CHANGE_DEADLINE", old)

    r.case("C307", "applied for too late, but the former insurance ends: the new one begins there")
    p = r.person("Загорская Нелли Юрьевна", 2, "1995-03-05")
    old = p.insured("98001", OLD, stopped_on="2026-02-01")
    new = p.insured("98002", "2025-12-01", applied_on="2025-11-15", reason="П031").deferred("CHANGE_DEADLINE", old).in_register("98002")
    new.insurance("98001:2020-01-15:2026-02-01", "98002:2026-02-01:")

    r.case("C308", "refused, taken once more on the day after, and met by a third insurer: refused for good")
    p = r.person("Загорский Юрий Юрьевич", 1, "1997-03-05")
    old = p.insured("98001", OLD, stopped_on="2026-02-01")
    p.insured("98002", "2025-12-01", applied_on="2025-11-20", reason="П031").refused("CHANGE_DEADLINE", old)
    third = p.insured("98005", "2026-02-01", applied_on="2026-01-20", reason="П031").in_register("98005")
    third.insurance("98001:2020-01-15:2026-02-01", "98005:2026-02-01:")

    r.case("C309", "refused, taken once more, and joined to a stay of the same insurer")
    p = r.person("Загорский Осип Юрьевич", 1, "1999-03-05")
    old = p.insured("98001", OLD, stopped_on="2026-02-01")
    late = p.insured("98002", "2025-12-01", applied_on="2025-11-20", reason="П031").deferred("CHANGE_DEADLINE", old)
    p.insured("98002", "2026-02-01", applied_on="2026-01-20", reason="П031", stopped_on="2026-08-01").is_person_of(late)
    late.insurance("98001:2020-01-15:2026-02-01", "98002:2026-02-01:").in_register("98002")

    r.case("C310", "a refused record whose own end comes first is not taken again")
    p = r.person("Загорский Фома Юрьевич", 1, "1994-03-05")
    old = p.insured("98001", OLD, stopped_on="2026-06-01").insurance("98001:2020-01-15:2026-06-01").not_in_register()
    p.insured("98002", "2025-12-01", applied_on="2025-11-20", stopped_on="2026-06-01").refused("CHANGE_DEADLINE", old)


def limit(r):
    r.case("C311", "the second change at will of one year is refused")
    p = r.person("Прибрежная Варвара Ильинична", 2, "1984-04-05")
    first = p.insured("98001", OLD)
    second = p.insured("98002", "2026-03-01", applied_on="2026-02-15", reason="П031").in_register("98002")
    first.superseded("CHANGE_AT_WILL", second)
    third = p.insured("98005", "2026-09-01", applied_on="2026-08-15", reason="П031").refused("CHANGE_LIMIT", second)
    second.insurance("98001:2020-01-15:2026-03-01", "98002:2026-03-01:")

    r.case("C312", "the same, but the second insurance ends: the third begins there")
    p = r.person("Прибрежный Илья Фомич", 1, "1954-04-05")
    first = p.insured("98001", OLD)
    second = p.insured("98002", "2026-03-01", applied_on="2026-02-15", reason="П031", stopped_on="2026-10-01")
    first.superseded("CHANGE_AT_WILL", second)
    third = p.insured("98005", "2026-09-01", applied_on="2026-08-15", reason="П031").deferred("CHANGE_LIMIT", second)
    third.insurance("98001:2020-01-15:2026-03-01", "98002:2026-03-01:2026-10-01", "98005:2026-10-01:").in_register("98005")

    r.case("C313", "a second change of the year after a move is permitted")
    p = r.person("Прибрежная Майя Ильинична", 2, "1986-04-05")
    first = p.insured("98001", OLD)
    second = p.insured("98002", "2026-03-01", reason="П031")
    third = p.insured("98005", "2026-09-01", reason="П032").in_register("98005")
    first.superseded("CHANGE_AT_WILL", second)
    second.superseded("CHANGE_MOVED", third)

    r.case("C314", "a move does not use up the yearly right")
    p = r.person("Прибрежный Глеб Ильич", 1, "1988-04-05")
    first = p.insured("98001", OLD)
    second = p.insured("98002", "2026-03-01", reason="П035")
    third = p.insured("98005", "2026-09-01", reason="П034").in_register("98005")
    first.superseded("CHANGE_MOVED", second)
    second.superseded("CHANGE_AT_WILL", third)

    r.case("C315", "another insurer after a gap is a change, too: never refused, but counted")
    p = r.person("Приозёрный Герман Титович", 1, "1990-04-05")
    p.insured("98001", OLD, stopped_on="2026-02-01")
    second = p.insured("98002", "2026-03-01", reason="П031").in_register("98002")
    p.insured("98005", "2026-08-01", reason="П031").refused("CHANGE_LIMIT", second)
    second.insurance("98001:2020-01-15:2026-02-01", "98002:2026-03-01:")

    r.case("C316", "the first choice, and a return to the same insurer after a gap, are no changes")
    p = r.person("Приозёрная Тея Титовна", 2, "2026-02-05")
    first = p.insured("98001", "2026-02-05", reason="П010")
    first.superseded("CHANGE_AT_WILL", p.insured("98002", "2026-07-01", reason="П031").in_register("98002"))
    p = r.person("Приозёрная Лея Титовна", 2, "1992-04-05")
    first = p.insured("98001", OLD, stopped_on="2026-02-01")
    again = p.insured("98001", "2026-03-01", reason="П031")
    again.superseded("CHANGE_AT_WILL", p.insured("98002", "2026-07-01", reason="П031").in_register("98002"))
    again.insurance("98001:2020-01-15:2026-02-01", "98001:2026-03-01:2026-07-01", "98002:2026-07-01:")

    r.case("C317", "the year is the application's: applied for in October, in force from January, and another in May")
    p = r.person("Приозёрный Вилен Титович", 1, "1994-04-05")
    first = p.insured("98001", OLD)
    second = p.insured("98002", "2026-01-01", applied_on="2025-10-20", reason="П031")
    third = p.insured("98005", "2026-06-01", applied_on="2026-05-10", reason="П031").in_register("98005")
    first.superseded("CHANGE_AT_WILL", second)
    second.superseded("CHANGE_AT_WILL", third)


def stays(r):
    r.case("C318", "records of one insurer that touch are one stay; a day between them makes two")
    p = r.person("Степной Радий Глебович", 1, "1984-05-15")
    row = p.insured("98001", OLD, stopped_on="2023-01-01")
    p.insured("98001", "2023-01-01", reason="П061").is_person_of(row)
    row.insurance("98001:2020-01-15:")
    p = r.person("Степная Клара Глебовна", 2, "1982-05-15")
    row = p.insured("98001", OLD, stopped_on="2023-01-01")
    p.insured("98001", "2023-01-02", reason="П061").is_person_of(row)
    row.insurance("98001:2020-01-15:2023-01-01", "98001:2023-01-02:")

    r.case("C319", "a change supersedes every record of the old stay that would have lasted longer, and no other")
    p = r.person("Степной Роберт Глебович", 1, "1980-05-15")
    over = p.insured("98001", OLD, stopped_on="2022-06-01", policy_kind="3")
    lasting = p.insured("98001", "2022-05-01", reason="П062")
    until = p.insured("98001", "2024-05-01", reason="П061", stopped_on="2026-12-01")
    new = p.insured("98002", "2026-06-01", reason="П031").in_register("98002")
    lasting.superseded("CHANGE_AT_WILL", new)
    until.superseded("CHANGE_AT_WILL", new)
    over.insurance("98001:2020-01-15:2026-06-01", "98002:2026-06-01:")

    r.case("C320", "two insurers from one day: the later application wins")
    p = r.person("Луговской Наум Ефимович", 1, "1984-06-25")
    winner = p.insured("98002", "2026-01-10", applied_on="2025-12-22").in_register("98002").insurance("98002:2026-01-10:")
    p.insured("98001", "2026-01-10", applied_on="2025-12-20").lost("SAME_DAY", winner)

    r.case("C321", "equal applications: the younger file wins; a file without a date is the oldest")
    p = r.person("Луговской Ефим Наумович", 1, "2012-06-25")
    winner = p.insured("98002", "2026-01-10").in_register("98002")
    p.insured("98001", "2026-01-10", file=OF_FUND).lost("SAME_DAY", winner)
    p = r.person("Луговская Фаина Наумовна", 2, "2014-06-25")
    winner = p.insured("98005", "2026-01-10").in_register("98005")
    p.insured("98001", "2026-01-10", file=ARCHIVE).lost("SAME_DAY", winner)

    r.case("C322", "nothing decides: the smallest code stands, unresolved and not funded; who is weaker loses plainly")
    p = r.person("Луговская Берта Наумовна", 2, "1988-06-25")
    winner = p.insured("98001", "2026-01-10").in_register("98001", "980101").insurance("98001:2026-01-10::unresolved").not_funded()
    p.insured("98002", "2026-01-10").lost("SAME_DAY_TIE", winner)
    p.insured("98005", "2026-01-10").lost("SAME_DAY", winner)
    p.attached("980101", "2026-02-01")

    r.case("C323", "an unresolved record that joins a stay makes the whole stay unresolved")
    p = r.person("Луговская Дина Наумовна", 2, "1990-06-25")
    old = p.insured("98001", OLD).insurance("98001:2020-01-15::unresolved").not_funded()
    again = p.insured("98001", "2026-01-10", reason="П062")
    p.insured("98002", "2026-01-10", reason="П031").lost("SAME_DAY_TIE", again)
    p.attached("980101", "2026-02-01")

    r.case("C324", "two records of one insurer from one day do not compete")
    p = r.person("Луговской Арам Наумович", 1, "1992-06-25")
    row = p.insured("98001", "2026-01-10", policy_kind="2", policy_number="980000324", enp="").finds("CERTIFICATE_AFTER_DIGITAL").insurance("98001:2026-01-10:")
    p.insured("98001", "2026-01-10").is_person_of(row).in_register("98001")

    r.case("C325", "an old quarrel does not follow the person: after it comes a resolved stay, and the head is funded")
    p = r.person("Луговской Мирон Наумович", 1, "1994-06-25")
    winner = p.insured("98001", "2019-01-10")
    p.insured("98002", "2019-01-10").lost("SAME_DAY_TIE", winner)
    new = p.insured("98002", "2025-05-01", reason="П031").in_register("98002", "980101").funded()
    winner.superseded("CHANGE_AT_WILL", new).insurance("98001:2019-01-10:2025-05-01:unresolved", "98002:2025-05-01:")
    p.attached("980101", "2019-02-01")


def succession(r):
    r.case("C326", "an insurer merged into another: one row, two stays, no change")
    p = r.person("Старицын Платон Львович", 1, "1971-07-05")
    p.insured("98003", "2015-05-01").insurance("98003:2015-05-01:2025-07-01", "98001:2025-07-01:").in_register("98001")

    r.case("C327", "a chain of two mergers")
    p = r.person("Старицына Олимпиада Львовна", 2, "1973-07-05")
    stays = ("98006:2013-05-01:2020-01-01", "98003:2020-01-01:2025-07-01", "98001:2025-07-01:")
    p.insured("98006", "2013-05-01").insurance(*stays).in_register("98001")

    r.case("C328", "a row of the successor joins what came from the merged insurer")
    p = r.person("Старицын Савелий Львович", 1, "1975-07-05")
    row = p.insured("98003", "2015-05-01")
    p.insured("98001", "2025-09-01", reason="П061").is_person_of(row).in_register("98001")
    row.insurance("98003:2015-05-01:2025-07-01", "98001:2025-07-01:")

    r.case("C329", "leaving after the merger: the losing code is the successor's")
    p = r.person("Старицына Евдокия Львовна", 2, "1977-07-05")
    row = p.insured("98003", "2015-05-01")
    new = p.insured("98002", "2026-04-01", reason="П031").in_register("98002")
    row.superseded("CHANGE_AT_WILL", new, losing="98001")
    row.insurance("98003:2015-05-01:2025-07-01", "98001:2025-07-01:2026-04-01", "98002:2026-04-01:")

    r.case("C330", "going to the successor before the merger is a change and uses up the year's right")
    p = r.person("Старицын Ермолай Львович", 1, "1979-07-05")
    row = p.insured("98003", "2015-05-01")
    new = p.insured("98001", "2025-05-01", applied_on="2025-04-10", reason="П031").in_register("98001")
    row.superseded("CHANGE_AT_WILL", new).insurance("98003:2015-05-01:2025-05-01", "98001:2025-05-01:")
    p.insured("98002", "2025-10-01", reason="П031").refused("CHANGE_LIMIT", new)

    r.case("C331", "an insurer closed without successor: who did not choose is not insured")
    p = r.person("Молчанов Вениамин Кузьмич", 1, "1967-07-05", category="6")
    p.insured("98004", "2018-05-01").insurance("98004:2018-05-01:2026-03-01").not_in_register().finds("MUST_CHOOSE")

    r.case("C332", "who chose goes on without a decision, and the choice does not use up the year's right")
    p = r.person("Молчанова Василиса Кузьминична", 2, "1969-07-05")
    row = p.insured("98004", "2018-05-01")
    new = p.insured("98002", "2026-03-01", reason="П033")
    last = p.insured("98001", "2026-09-01", reason="П031").in_register("98001")
    new.superseded("CHANGE_AT_WILL", last)
    row.insurance("98004:2018-05-01:2026-03-01", "98002:2026-03-01:2026-09-01", "98001:2026-09-01:")


def ends(r):
    r.case("C333", "insurance and attachment end the day after death")
    p = r.person("Вечерин Устин Титович", 1, "1938-07-05")
    row = p.insured("98001", "2015-05-01", death_date="2026-05-05").insurance("98001:2015-05-01:2026-05-06").not_in_register()
    p.attached("980101", "2016-05-01").attachment("1:980101:2016-05-01:2026-05-06")

    r.case("C334", "death on the eve of the register's day, and on the day itself")
    p = r.person("Вечерина Глафира Титовна", 2, "1940-07-05")
    p.insured("98001", "2015-05-01", death_date="2026-10-31").insurance("98001:2015-05-01:2026-11-01").not_in_register()
    p = r.person("Вечерина Прасковья Титовна", 2, "1942-07-05")
    p.insured("98001", "2015-05-01", death_date="2026-11-01").insurance("98001:2015-05-01:2026-11-02").in_register("98001")

    r.case("C335", "two insurers report a death: the earliest counts, and what begins after it is left out")
    p = r.person("Вечерин Нестор Титович", 1, "1944-07-05")
    row = p.insured("98001", "2015-05-01", death_date="2026-05-20")
    p.insured("98002", "2026-05-19", reason="П031", death_date="2026-05-18").finds("AFTER_DEATH")
    row.insurance("98001:2015-05-01:2026-05-19").not_in_register()
    p.attached("980101", "2016-05-01").attachment("1:980101:2016-05-01:2026-05-19")
    p.attached("980101", "2026-06-01", profile="3").finds("AFTER_DEATH").lacks("NOT_INSURED")

    r.case("C336", "insured on the last day of life: one day")
    p = r.person("Вечерин Лаврентий Титович", 1, "1946-07-05")
    row = p.insured("98001", "2026-05-18", death_date="2026-05-18").lacks("AFTER_DEATH").insurance("98001:2026-05-18:2026-05-19")

    r.case("C337", "an end on the register's day is out, a day later is in; a start on the day is in, a day later is out")
    for name, since, stopped, there in (
        ("Полуночный Август", "2020-02-01", "2026-11-01", False), ("Полуночный Мартин", "2020-02-01", "2026-11-02", True),
        ("Полуночный Юлиан", "2026-11-01", "", True), ("Полуночный Януш", "2026-11-02", "", False),
    ):
        row = r.person(f"{name} Оттович", 1, "1971-09-15").insured("98001", since, stopped_on=stopped)
        row.insurance(f"98001:{since}:{stopped}")
        row.in_register("98001") if there else row.not_in_register()

    r.case("C338", "a foreigner's planned end ends the insurance, an earlier actual end outranks it")
    guest = dict(category="8", citizenship="417", doc_kind="23")
    p = r.person("Арчазар Эмиль", 1, "1989-09-15", doc_number="РВП 000338", **guest)
    p.insured("98001", "2026-01-12", insured_to="2026-11-01").insurance("98001:2026-01-12:2026-11-01").not_in_register()
    p = r.person("Арчазар Азиза", 2, "1991-09-15", doc_number="РВП 000339", **guest)
    p.insured("98001", "2026-01-12", insured_to="2026-12-31").insurance("98001:2026-01-12:2026-12-31").in_register("98001")
    p = r.person("Арчазар Нурлан", 1, "1993-09-15", doc_number="РВП 000340", **guest)
    p.insured("98001", "2026-01-12", insured_to="2026-12-31", stopped_on="2026-06-01").insurance("98001:2026-01-12:2026-06-01").not_in_register()

    r.case("C339", "a foreigner renews each year: one insurer, two stays when a week is missing between")
    p = r.person("Арчазар Гульмира", 2, "1987-09-15", doc_number="РВП 000341", **guest)
    row = p.insured("98001", "2025-01-15", insured_to="2026-01-01")
    p.insured("98001", "2026-01-08", insured_to="2027-01-01", reason="П063").is_person_of(row).in_register("98001")
    row.insurance("98001:2025-01-15:2026-01-01", "98001:2026-01-08:2027-01-01")


def add(r):
    changes(r)
    limit(r)
    stays(r)
    succession(r)
    ends(r)
