"""E501-E903: attachments as clinics, insurers and the fund send them."""

from . import attachments as of
from .containers import dbf, gzipped, zipped


def add(x, lists):
    habit_a(x, lists)
    archive_of_two(x, lists)
    habit_c(x, lists)
    numbered(x, lists)
    dated(x, lists)
    penza(x, lists)
    table_of_old(x, lists)
    vologda(x, lists)
    astrakhan(x, lists)
    novosibirsk(x, lists)
    voronezh(x, lists)
    archive(x)


def habit_a(x, lists):
    file = of.MoFile(x, "clinics/MO298010120261031.csv", "a")
    x.case("E501", "empty values bare; quotes in the name of an issuer; a delimiter behind the last value")
    p = x.person("Берёзов Матвей Ильич", 1, "1982-03-04")
    lists.insured(p).in_register("98001", "980101").funded()
    file.add(p, "980101", "2019-05-01", issuer='ОВД "Заречный" г. Заречного')
    p = x.person("Берёзова Зоя Матвеевна", 2, "2006-03-04")
    lists.insured(p).in_register("98001", "980101")
    file.add(p, "980101", "2024-03-04", trim=lambda line: line + ";")

    x.case("E502", "change of district (И): no attachment of its own")
    p = x.person("Вязов Фома Игнатьевич", 1, "1965-12-01")
    lists.insured(p, "98002").attachment("1:980101:2017-03-01:").shows(district="09")
    file.add(p, "980101", "2017-03-01", district="02").finds("NOT_INSURED_ON_START")
    file.add(p, "980101", "2026-04-02", action="И", district="09").lacks("CHANGE_WITHOUT_ATTACHMENT")

    x.case("E503", "Latin P as the action, C as the kind of an old policy; its number alone")
    p = x.person("Вязова Инна Фоминична", 2, "1962-12-01", policy_kind="1", policy_number="98-ВГ № 0200300")
    lists.insured(p, "98002").finds("OLD_POLICY_AFTER_REFORM").in_register("98002", "980101")
    file.add(p, "980101", "2015-03-01", action="P", letter="C", enp="").finds("NOT_INSURED_ON_START")

    x.case("E504", "an action that nobody knows; a row too short; a row too long")
    p = x.person("Вязов Игнат Фомич", 1, "1991-12-01")
    lists.insured(p, "98002").in_register("98002")
    file.add(p, "980101", "2019-03-01", action="Х").quarantined("ACTION_UNKNOWN").answered("2", "1")
    file.line("")
    file.add(p, "980101", "2019-03-01", trim=lambda line: line.rsplit(";", 5)[0]).quarantined("ROW_SHAPE").answered("2", "803")
    file.add(p, "980101", "2019-03-01", trim=lambda line: line + ';"1";"2"').quarantined("ROW_SHAPE").answered("2", "803")

    x.case("E505", "chosen by application, then claimed by residence")
    p = x.person("Грабов Олег Павлович", 1, "1977-07-07")
    lists.insured(p).in_register("98001", "980101")
    x.chosen = (p, file.add(p, "980101", "2018-03-01", method="2").finds("NOT_INSURED_ON_START"))

    x.case("E506", "lost to another clinic in this job: a notice O2")
    p = x.person("Грабова Ирина Олеговна", 2, "1999-07-07")
    lists.insured(p).in_register("98001", "980105")
    x.lost = (p, file.add(p, "980101", "2019-03-01").finds("NOT_INSURED_ON_START").answered("1", "600"))

    x.case("E507", "the clinic repeats what the fund's archive and its own file say")
    file.add(x.carried_over, "980101", "2014-02-01").attachment("1:980101:2013-02-01:")
    x.files[file.source] = file.bytes(last_end=False)


def archive_of_two(x, lists):
    name = "clinics/MO298010220261031.zip"
    one, two = (of.MoFile(x, f"{name}/MO2980102202610311{part}.csv", "b") for part in "12")
    x.case("E508", "an archive of two members, every value in quotes: each member is a source and gets an answer")
    for file, child, birth in ((one, "Кленов Ян Олегович", "2015-02-02"), (two, "Кленова Яна Олеговна", "2019-02-02")):
        p = x.person(child, 2 if file is two else 1, birth)
        lists.insured(p).in_register("98001", "980102").funded()
        file.add(p, "980102", "2020-02-02")
    x.case("E509", "a grown man in the children's clinic; somebody whom nobody insures; a wrong SNILS; a date that cannot be")
    p = x.person("Кленов Олег Янович", 1, "1981-02-02")
    lists.insured(p).in_register("98001")
    one.add(p, "980102", "2020-02-02").finds("CLINIC_AGE").answered("2", "99")
    p = x.person("Кленов Савва Олегович", 1, "2022-02-02")
    one.add(p, "980102", "2022-02-10").finds("NOT_INSURED").answered("2", "703")
    p = x.person("Липин Глеб Ильич", 1, "2016-09-01")
    lists.insured(p, "98002").in_register("98002", "980102")
    two.add(p, "980102", "2020-02-02", snils="98000000000").finds("SNILS_INVALID").answered("1", "12")
    two.add(p, "980102", "2020-02-02", since_text="20261301").quarantined("DATE_INVALID").answered("2", "46")
    two.line("")
    two.add(p, "980199", "2020-02-02").quarantined("CLINIC_UNKNOWN").answered("2", "265")
    x.files[name] = zipped(*((file.source.rsplit("/", 1)[-1], file.bytes()) for file in (one, two)))


def habit_c(x, lists):
    file = of.MoFile(x, "insurers/MO19800120261031.csv", "c", encoding="utf-8", marks=2, end="\n")
    x.case("E510", "an insurer's tool: UTF-8, two byte order marks, a header, everything in quotes but the reserved column")
    file.line(";".join(f'"{name}"' for name in of.MO_HEADER))
    p = x.person("Дубов Адам Тихонович", 1, "1969-09-19")
    lists.insured(p).in_register("98001", "980101")
    file.add(p, "980101", "2018-05-05", method="2").finds("NOT_INSURED_ON_START")
    x.case("E511", "files were joined: the header once more, in the middle")
    file.header_again(";".join(f'"{name}"' for name in of.MO_HEADER))
    p = x.person("Дубова Евдокия Адамовна", 2, "1992-09-19")
    lists.insured(p, "98002").in_register("98002", "980105")
    file.add(p, "980105", "2018-05-05").finds("NOT_INSURED_ON_START")
    x.case("E512", "a temporary certificate, its letter a Latin B; a sign of nothing as the policy's number")
    p = x.person("Дубов Тихон Адамович", 1, "1994-09-19")
    lists.insured(p, since="2026-09-01", policy_kind="2", policy_number="980000002").finds("CERTIFICATE_AFTER_DIGITAL").finds("CERTIFICATE_EXPIRED").in_register("98001", "980101")
    file.add(p, "980101", "2026-09-02", policy_kind="2", policy_number="980000002", letter="B", enp="")
    p = x.person("Дубова Тамара Тихоновна", 2, "2001-09-19")
    lists.insured(p).in_register("98001", "980101")
    file.add(p, "980101", "2021-09-02", policy_id=" № ")
    x.files[file.source] = file.bytes()


def numbered(x, lists):
    file = of.MoFile(x, "clinics/numbered/MO298010520261031.csv", "a")
    x.case("E601", "25 columns: the answer keeps the row numbers of the request, whichever they are")
    p = x.person("Елин Карп Лукич", 1, "1957-01-31")
    lists.insured(p).in_register("98001", "980105")
    file.add(p, "980105", "2016-05-05", number="7").finds("NOT_INSURED_ON_START")
    x.case("E602", "change of district of somebody who is not attached here")
    p = x.person("Елина Клавдия Карповна", 2, "1987-01-31")
    lists.insured(p).in_register("98001").attachment("")
    file.add(p, "980105", "2026-05-05", number="8", action="И", district="05").finds("CHANGE_WITHOUT_ATTACHMENT").answered("2", "542")
    x.case("E603", "takes over from 980101 by residence; fails to take over from an application; no ENP; a birth date in the future")
    person, before = x.lost
    after = file.add(person, "980105", "2026-02-01", number="15").attachment("1:980101:2019-03-01:2026-02-01", "1:980105:2026-02-01:")
    x.current = "E506"
    before.superseded("TERRITORY", by=after)
    x.current = "E603"
    person, before = x.chosen
    file.add(person, "980105", "2026-02-01", number="16").refused("APPLICATION_OUTRANKS_RESIDENCE", by=before).answered("2", "705")
    p = x.person("Елин Лука Карпович", 1, "2012-01-31")
    lists.insured(p).in_register("98001")
    file.add(p, "980105", "2020-02-01", number="20", enp="", snils="").quarantined("FIELD_REQUIRED").answered("2", "2")
    file.add(p, "980105", "2020-02-01", number="21", birth_date="2027-01-31").quarantined(
        "BIRTH_DATE_RANGE", "DATES_REVERSED", "ENP_PERSON_MISMATCH"
    ).answered("2", "11,246")
    x.files[file.source] = file.bytes()


def dated(x, lists):
    file = of.MoFile(x, "clinics/dated/MO298010620251215.csv", "a", end="\n")
    x.case("E604", "an optional 25th column, the date of the document; the clinic was joined to 980105 on 1 January 2026")
    p = x.person("Ивин Демьян Ефимович", 1, "1953-05-13")
    lists.insured(p).in_register("98001", "980105")
    file.add(p, "980106", "2015-05-05", more=["20151231"]).finds("NOT_INSURED_ON_START").attachment("1:980106:2015-05-05:2026-01-01", "1:980105:2026-01-01:")
    p = x.person("Ивина Ефросинья Демьяновна", 2, "1983-05-13")
    lists.insured(p).in_register("98001")
    file.add(p, "980106", "2015-05-05", to="2025-03-01").finds("NOT_INSURED_ON_START").attachment("1:980106:2015-05-05:2025-03-02")
    file.add(p, "980106", "2026-05-05", more=[""]).quarantined("CLINIC_NOT_WORKING").answered("2", "541")
    x.files[file.source] = file.bytes()


def penza(x, lists):
    file = of.Penza(x, "clinics/M2980105580002026103.csv")
    x.case("E605", "32 columns with a header; SNILS with dashes")
    p = x.person("Калинов Устин Юрьевич", 1, "1974-04-24")
    lists.insured(p, "98002").in_register("98002", "980105")
    file.add(p, "501", "980105", "2017-07-07", "98002").finds("NOT_INSURED_ON_START")
    file.add(p, "502", "980105", "2017-07-07", "98002", method="9").finds("METHOD_UNKNOWN").finds("NOT_INSURED_ON_START").answered("1", "243")
    x.files[file.source] = file.bytes(last_end=False)


def table_of_old(x, lists):
    table = of.DbfTable(x, "clinics/MO298010320261031.zip")
    x.case("E606", "a DBF table in cp866, zipped: dental attachments; the second row is deleted and no row")
    p = x.person("Рябинин Шамиль Ренатович", 1, "1986-06-16")
    lists.insured(p).in_register("98001")
    table.add(p, "98001", "980103", "2022-02-22", LPUTP="3").attachment("3:980103:2022-02-22:")
    table.add(p, "98001", "980103", "2021-02-22", deleted=True, LPUTP="3")
    p = x.person("Рябинина Эльвира Шамилевна", 2, "1966-06-16", policy_kind="1", policy_number="98-РШ № 0001234")
    lists.insured(p, "98002").finds("OLD_POLICY_AFTER_REFORM").in_register("98002")
    table.add(p, "98002", "980103", "2021-02-22", LPUTP="3").attachment("3:980103:2021-02-22:")
    x.files[table.source] = zipped(("MO298010320261031.dbf", dbf(table.COLUMNS, table.rows)))


def vologda(x, lists):
    file = of.Vologda(x, "clinics/ATM980101T35351_2610001.xml", "980101")
    x.case("E701", "ATT: clinic and profile stand in the head of the document")
    p = x.person("Черёмухин Пров Силыч", 1, "1948-08-18")
    lists.insured(p).in_register("98001", "980101")
    file.add(p, "2016-06-06").finds("NOT_INSURED_ON_START").attachment("1:980101:2016-06-06:")
    x.case("E702", "an ENP with a wrong check digit; an attachment that nobody's insurance covers")
    enp = p["enp"]
    file.add(p, "2017-06-06", enp=enp[:-1] + str((int(enp[-1]) + 3) % 10)).quarantined("ENP_CHECK_DIGIT").answered("", "804")
    p = x.person("Черёмухина Сима Провна", 2, "1976-08-18")
    file.add(p, "2017-06-06").finds("NOT_INSURED").answered("", "804")
    x.files[file.source] = file.bytes()


def astrakhan(x, lists):
    file = of.Astrakhan(x, "clinics/PRIKREP_M980105.xml")
    x.case("E703", "PRIKREP: flat fields, nothing in the head")
    p = x.person("Жасминов Рустам Олегович", 1, "1996-11-11")
    lists.insured(p).in_register("98001", "980105")
    file.add(p, "31", "980105", "2023-03-03", method="2").attachment("1:980105:2023-03-03:")
    x.files[file.source] = file.bytes()


def novosibirsk(x, lists):
    file = of.Novosibirsk(x, "fund/ATTACH_1.csv")
    x.case("E801", "one row, three profiles: clinic, dental clinic, women's clinic; a back-tick before the ENP")
    p = x.person("Фиалкова Лидия Юрьевна", 2, "1991-01-21")
    lists.insured(p, "98002").in_register("98002", "980101")
    file.add(
        p, "N-1", REF_ID_HOS="980101", DATA_ATTAC="01.04.2020", REF_ID_DEN="980103", DATA_DENT="02.05.2021", REF_ID_GIN="980104",
        DATA_GINE="03.06.2022", CONTACTS="не звонить; писать",
    ).gives(3).attachment("1:980101:2020-04-01:", "2:980104:2022-06-03:", "3:980103:2021-05-02:")
    x.case("E802", "ambulance and feldsher's post by OID; a dental clinic alone")
    p = x.person("Фиалков Юрий Ефимович", 1, "1961-01-21")
    lists.insured(p, "98002").in_register("98002", "980105")
    file.add(p, "N-2", REF_ID_HOS="980105", DATA_ATTAC="01.04.2020", SMP_OID="1.2.643.5.1.13.13.12.2.98.9120", FAP_OID="1.2.643.5.1.13.13.12.2.98.9105").gives(3).attachment(
        "1:980105:2020-04-01:", "4:980120:2020-04-01:", "5:980105:2020-04-01:"
    )
    p = x.person("Фиалков Ефим Юрьевич", 1, "1998-01-21")
    lists.insured(p, "98002").in_register("98002")
    file.add(p, "N-3", REF_ID_DEN="980103", DATA_DENT="02.05.2021").attachment("3:980103:2021-05-02:")
    x.files[file.source] = file.bytes()


def voronezh(x, lists):
    file = of.VoronezhFund(x, "fund/i9800120261031.csv")
    x.case("E803", "columns by position behind one line of names")
    p = x.person("Сиренев Эдуард Янович", 1, "1973-10-10")
    lists.insured(p).in_register("98001", "980101")
    file.add(p, "980101", "2019-09-09").attachment("1:980101:2019-09-09:")
    x.files[file.source] = file.bytes()


def archive(x):
    table = of.Canonical(x, "fund/attachments.csv.gz", of.ATTACHMENTS, 2)
    x.case("E804", "canonical rows in a gzip: what the clinic reports later began here")
    table.add(x.carried_over, "A-1", clinic="980101", attached_from="2013-02-01", method="1").attachment("1:980101:2013-02-01:")
    text = "\n".join(";".join(row) for row in [table.columns, *table.rows]) + "\n"
    x.files[table.source] = gzipped(text.encode())
