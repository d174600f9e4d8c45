"""C601-C612: what people decided, and what becomes of it."""

from . import numbers


def persons(r):
    r.case("C601", "another name, another ENP and another passport after adoption: people know that it is one person")
    p = r.person("Озерова Нелли Павловна", 2, "1991-06-01")
    row = p.insured("98001", "2016-01-01").finds("SEVERAL_ENP", "IDENTITY_REVIEW").in_register("98002")
    q = r.person("Заозёрная Стелла Юрьевна", 2, "1991-06-01")
    later = q.insured("98002", "2026-02-01", reason="П031", applied_on="2026-01-20").is_person_of(row)
    row.superseded("CHANGE_AT_WILL", by=later)
    r.override("same_person", "applied:2", one=row.at(), other={"snils": q["snils"]}, reason="решение суда 2-17/2026")

    r.case("C602", "two people of one name and birth date were given one ENP: what agrees with either goes with it")
    p = r.person("Озеров Павел Ильич", 1, "1991-06-02")
    one = p.insured("98001", "2016-01-01").finds("ENP_SHARED").in_register("98001", "980101")
    p.attached("980101", "2017-01-01").finds("ENP_SHARED").is_person_of(one)
    other = p.insured("98002", "2016-05-01", snils=numbers.snils(980_900_602), doc_number="00 26 № 900602").finds("ENP_SHARED")
    other.is_not_person_of(one).in_register("98002")
    r.override("different_persons", "applied:3", one={"snils": p["snils"]}, other=other.at(), reason="ответ 98002, письмо 88")

    r.case("C603", "different wins over the same, and a contradicted ENP is settled by neither")
    p = r.person("Озерова Дина Ильинична", 2, "1993-06-02")
    one = p.insured("98001", "2016-01-01").in_register("98001")
    q = r.person("Озерова Нина Ильинична", 2, "1993-06-02")
    other = q.insured("98002", "2016-01-01").is_not_person_of(one).in_register("98002")
    r.override("same_person", "applied:2", one=one.at(), other=other.at(), reason="заявление, отозвано")
    r.override("different_persons", "applied:2", one=one.at(), other=other.at(), reason="акт проверки 4")


def insurers(r):
    r.case("C604", "people decided on the insurer from 1 October")
    p = r.person("Прудникова Алла Игоревна", 2, "1985-07-07")
    row = p.insured("98001", "2016-01-01").in_register("98002", "980101").insurance("98001:2016-01-01:2026-10-01", "98002:2026-10-01:")
    row.overruled("98002")
    p.attached("980101", "2017-01-01")
    r.override("insurer", "applied:1", person={"enp": p["enp"]}, insurer="98002", **{"from": "2026-10-01"}, reason="протокол 5 комиссии")

    r.case("C605", "a change that was refused is carried out for some months; the old code is read as its successor's")
    p = r.person("Прудников Игорь Львович", 1, "1961-07-07")
    row = p.insured("98003", "2016-01-01").in_register("98001")
    row.insurance("98003:2016-01-01:2025-07-01", "98001:2025-07-01:2026-04-01", "98002:2026-04-01:2026-07-01", "98001:2026-07-01:")
    row.overruled("98002", losing="98001")
    late = p.insured("98002", "2026-01-01", applied_on="2025-11-02").refused("CHANGE_DEADLINE", by=row, winning="98001")
    r.override("insurer", "applied:1", person=late.at(), insurer="98002", **{"from": "2026-04-01"}, to="2026-07-01", reason="жалоба 31")

    r.case("C606", "a tie that people resolved")
    p = r.person("Прудникова Инга Львовна", 2, "1963-07-07")
    row = p.insured("98001", "2026-02-01").in_register("98002", "980101").insurance("98002:2026-02-01:")
    row.overruled("98002")
    p.insured("98002", "2026-02-01").lost("SAME_DAY_TIE", to=row)
    p.attached("980101", "2026-02-01").funded()
    r.override("insurer", "applied:1", person={"enp": p["enp"]}, insurer="98002", **{"from": "2026-02-01"}, reason="сверка с 98001")

    r.case("C607", "an insurer for somebody whom only a clinic knows has nothing to rest on")
    p = r.person("Прудникова Яна Львовна", 2, "1965-07-07")
    row = p.attached("980101", "2017-01-01").finds("NOT_INSURED", "OVERRIDE_WITHOUT_RECORD").not_in_register()
    r.override("insurer", "without_record:0", person={"enp": p["enp"]}, insurer="98001", **{"from": "2026-01-01"}, reason="звонок")


def clinics(r):
    r.case("C608", "people decided on the clinic: by application, without the district and the doctor of the other one")
    p = r.person("Камышев Егор Тарасович", 1, "1981-08-08")
    p.insured("98001", "2016-01-01").in_register("98001", "980103").shows(method="2", district="")
    row = p.attached("980101", "2017-01-01").attachment("1:980101:2017-01-01:2026-09-01", "1:980103:2026-09-01:").overruled("980103")
    r.override("clinic", "applied:1", person={"snils": p["snils"]}, clinic="980103", **{"from": "2026-09-01"}, reason="заявление в фонде")
    row.funded()

    r.case("C609", "somebody without a clinic gets one, until the day before D and on D")
    p = r.person("Камышева Тая Егоровна", 2, "1982-08-08")
    p.insured("98001", "2016-01-01").in_register("98001")
    r.override("clinic", "applied:0", person={"enp": p["enp"]}, clinic="980101", **{"from": "2026-09-01"}, to="2026-11-01", reason="заявление")
    p = r.person("Камышева Рая Егоровна", 2, "1983-08-08")
    p.insured("98001", "2016-01-01").in_register("98001", "980101").funded()
    r.override("clinic", "applied:0", person={"enp": p["enp"]}, clinic="980101", **{"from": "2026-09-01"}, to="2026-11-02", reason="заявление")


def rows(r):
    r.case("C610", "a test row of a sender is ignored; its copy then stays")
    p = r.person("Тестов Тест Тестович", 1, "1984-09-09")
    row = p.insured("98001", "2016-01-01").quarantined("OVERRIDE_IGNORED")
    r.override("ignore", "applied:1", record=row.at(), reason="проверочная запись отправителя")
    p.insured("98001", "2016-01-01").in_register("98001")

    r.case("C611", "a row that is ignored and broken besides keeps both codes, and the decision is of no use any more")
    p = r.person("Тестова Тест Тестовна", 2, "1984-09-10")
    row = p.insured("98001", "2016-02-30").quarantined("DATE_INVALID", "OVERRIDE_IGNORED")
    r.override("ignore", "no_effect:0", record=row.at(), reason="проверочная запись отправителя")


def stale(r):
    r.case("C612", "stale decisions change nothing: ended on D, without records, of several persons, so anyway")
    p = r.person("Тихонова Ева Романовна", 2, "1986-10-10")
    row = p.insured("98001", "2016-01-01").in_register("98001").insurance("98001:2016-01-01:")
    q = r.person("Тихонов Роман Олегович", 1, "1956-10-10")
    other = q.insured("98001", "2016-01-01").in_register("98001").is_not_person_of(row)
    about = {"from": "2026-01-01"}
    r.override("insurer", "ended:0", person={"enp": p["enp"]}, insurer="98002", until="2026-11-01", reason="до окончания спора", **about)
    r.override("same_person", "not_found:0", one=row.at(), other={"snils": numbers.snils(980_900_612)}, reason="письмо 12")
    r.override("insurer", "ambiguous:0", person=[row.at(), other.at()], insurer="98002", reason="письмо 13", **about)
    r.override("insurer", "no_effect:0", person={"enp": p["enp"]}, insurer="98001", reason="письмо 14", **about)
    r.override("different_persons", "no_effect:0", one=row.at(), other=other.at(), reason="письмо 15")


def add(r):
    persons(r)
    insurers(r)
    clinics(r)
    rows(r)
    stale(r)
