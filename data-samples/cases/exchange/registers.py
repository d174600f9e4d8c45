"""E101-E407: lists of insurers, lists and tables of the fund."""

from . import attachments as of
from .containers import parquet
from .lists import Notices, OpList

OF_98001 = "insurers/i98001_001_10261.zip"
OF_98002 = "insurers/i98002_001_10261.xml"


class Everyday:
    """People of whom nothing is told but that they are insured, so that a clinic's file may speak of them."""

    def __init__(self, inbox):
        self.first = OpList(inbox, OF_98001, "98001", practice=True)
        self.second = OpList(inbox, OF_98002, "98002", practice=False)

    def insured(self, person, insurer="98001", since="2019-04-01", operation="П010", **changed):
        """A row of the register, in the list of its insurer."""
        return {"98001": self.first, "98002": self.second}[insurer].add(person, operation, since, **changed)


def add(x, lists):
    first, second = lists.first, lists.second
    operations(x, first, second)
    damage(x, first, second)
    stops(x, lists)
    corrections(x, lists)
    dump(x)
    columns(x)


def operations(x, first, second):
    x.case("E101", "first choice, with a photo and a temporary certificate")
    p = x.person("Ольхин Пётр Ильич", 1, "1990-02-03")
    first.add(p, "П010", "2026-05-10", policy_kind="2", policy_number="980000001", photo="QUJDREVG" * 60).finds("CERTIFICATE_AFTER_DIGITAL").finds("CERTIFICATE_EXPIRED").in_register("98001").shows(
        policy_kind="2", policy_number="980000001"
    )

    x.case("E102", "from 98002 to 98001 at will, the policy kept: П031")
    p = x.person("Ольхина Вера Ильинична", 2, "1985-07-14")
    new = first.add(p, "П031", "2026-03-01").in_register("98001").insurance("98002:2015-02-01:2026-03-01", "98001:2026-03-01:")
    second.add(p, "П010", "2015-02-01").superseded("CHANGE_AT_WILL", by=new).answered("AA", "rt58")

    x.case("E103", "from 98001 to 98002 at will, with a new policy, after the first of November of the year before: П034")
    p = x.person("Осокин Лев Маркович", 1, "1979-11-30")
    old = first.add(p, "П010", "2014-06-01").in_register("98001").insurance("98001:2014-06-01:")
    second.add(p, "П034", "2025-11-20").refused("CHANGE_DEADLINE", by=old).answered("AR", "804")

    x.case("E104", "new data, the policy kept: П040; the operation's letter is Latin")
    p = x.person("Осокина Майя Львовна", 2, "2002-01-08")
    first.add(p, "П010", "2020-02-01", surname="Рогозова", doc_number="00 20 № 000777").insurance("98001:2020-02-01:")
    first.add(p, "P040", "2020-02-01", applied="2026-08-03").shows(surname="Осокина")

    x.case("E105", "struck off, insured elsewhere: П021")
    p = x.person("Камышов Роман Олегович", 1, "1968-04-21")
    first.add(p, "П010", "2013-04-01").insurance("98001:2013-04-01:2026-06-15").not_in_register()
    first.add(p, "П021", "2013-04-01", stopped="2026-06-15").lacks("END_WITHOUT_STAY")

    x.case("E106", "struck off, dead: П022, told of somebody whom 98001 insures, and of one of its own")
    p = x.person("Камышова Дина Фёдоровна", 2, "1941-09-02")
    first.add(p, "П010", "2012-04-01").insurance("98001:2012-04-01:2026-07-20").not_in_register()
    second.add(p, "П022", "2012-04-01", death="2026-07-19").lacks("END_WITHOUT_STAY")

    p = x.person("Камышов Фёдор Емельянович", 1, "1939-09-02")
    second.add(p, "П010", "2012-04-01").insurance("98002:2012-04-01:2026-08-06").not_in_register()
    second.add(p, "П022", "2012-04-01", death="2026-08-05").lacks("END_WITHOUT_STAY")

    x.case("E107", "struck off, but nobody had insured the person")
    p = x.person("Тростников Яков Наумович", 1, "1975-12-12")
    first.add(p, "П021", "2018-01-01", stopped="2026-02-01").finds("END_WITHOUT_STAY").answered("AR", "804")

    x.case("E108", "an old policy with a series, its letter a Latin C; both dialects write the document in two parts")
    p = x.person("Рогозин Юлий Борисович", 1, "1958-03-17")
    second.add(p, "П010", "2011-05-01", policy_kind="C", policy_number="98-ЗР № 0004567").finds("OLD_POLICY_AFTER_REFORM").in_register("98002").shows(
        policy_kind="1", policy_number="98-ЗР 0004567", doc_number=p["doc_number"].replace(" № ", " ")
    )


def damage(x, first, second):
    x.case("E109", "a record with an entity that XML does not know")
    p = x.person("Хвощёв Илья Петрович", 1, "1988-08-08")
    broken = first.add(p, "П010", "2020-02-01", damage=lambda text: text.replace("<FAM>", "<FAM>&nix;"))
    broken.quarantined("RECORD_BROKEN").numbered(str(broken.line)).answered("AE", "901")

    x.case("E110", "sex 3; no surname")
    p = x.person("Хвощёва Анна Петровна", 2, "1989-08-08")
    first.add(p, "П010", "2020-02-01", sex="3").quarantined("SEX_INVALID").answered("AE", "904")
    second.add(p, "П010", "2020-02-01", surname="").quarantined("FIELD_REQUIRED").answered("AE", "902")


def ends(x, lists):
    """What ends the second list: nothing may follow."""
    x.case("E111", "the list of 98002 ends in the middle of a tag")
    p = x.person("Хвощёва Полина Ильинична", 2, "2013-08-08")
    broken = lists.second.add(p, "П010", "2020-02-01")
    broken.numbered(str(broken.line)).quarantined("DOCUMENT_BROKEN").answered("", "901")


def stops(x, lists):
    stop = Notices(x, "fund/s98001_001_10261.xml", "STOPLIST", "STOP", "98001")
    x.case("E201", "a STOPLIST for 98001: moved away; dead, but insured by 98002; a duplicate that 98002 insures")
    p = x.person("Клевер Иван Данилович", 1, "1993-05-05")
    lists.insured(p).insurance("98001:2019-04-01:2026-09-01").not_in_register()
    stop.add(p, (("REASON", "3"),), (("DSTOP", "2026-09-01"),)).lacks("END_WITHOUT_STAY")
    p = x.person("Клевер Данила Карпович", 1, "1938-05-05")
    lists.insured(p, "98002").insurance("98002:2019-04-01:2026-10-03").not_in_register()
    stop.add(p, (("REASON", "1"), ("DDEATH", "2026-10-02"))).lacks("END_WITHOUT_STAY")
    p = x.person("Клевер Ольга Данииловна", 2, "1995-05-05")
    lists.insured(p, "98002").insurance("98002:2019-04-01:").in_register("98002")
    stop.add(p, (("REASON", "5"),), (("DSTOP", "2026-09-01"),)).finds("END_WITHOUT_STAY").answered("", "END_WITHOUT_STAY")
    x.files[stop.source] = stop.bytes()


def corrections(x, lists):
    corrected = Notices(x, "fund/k98001_001_10261.xml", "RECLIST", "REC", "98001")
    x.case("E202", "a RECLIST: a person as the fund corrected it; a duplicate resolved")
    p = x.person("Лютикова Нина Сергеевна", 2, "1983-10-25")
    corrected.add(p, (("TIP_OP", "П040"), ("CHANGE_DATE", "2026-09-10")), (("DBEG", "2016-03-01"),)).in_register("98001").shows(
        snils=p["snils"]
    )
    p = x.person("Лютиков Сергей Ильич", 1, "1960-10-25")
    lists.insured(p).insurance("98001:2019-04-01:2026-08-01")
    corrected.add(p, (("TIP_OP", "П023"), ("CHANGE_DATE", "2026-08-01")), (("DSTOP", "2026-08-01"),)).lacks("END_WITHOUT_STAY")
    x.files[corrected.source] = corrected.bytes()


def dump(x):
    table = of.Dump(x, "fund/dump_20261015.csv")
    x.case("E301", "a regional dump: one row gives insurance and attachment; NULL and - are nothing")
    p = x.person("Васильков Артём", 1, "1997-01-19")
    table.add(p, "98001", "2018-02-01", "980101", "2018-02-10", district="07", method="1").in_register("98001", "980101").shows(
        patronymic="", policy_kind="3"
    )
    p = x.person("Василькова Раиса Егоровна", 2, "1950-01-19")
    table.add(p, "98002", "2013-02-01").in_register("98002")

    x.case("E302", "Latin look-alikes: sex M, policy kind C; a series before the number; an end")
    p = x.person("Ромашкин Егор Савельич", 1, "1949-06-30")
    table.add(p, "98003", "2012-02-01", "980106", "2012-02-01", sex="M", letter="C", series="98-АБ", number="001122").shows(
        policy_kind="1", policy_number="98-АБ 001122"
    ).insurance("98003:2012-02-01:2025-07-01", "98001:2025-07-01:").attachment("1:980106:2012-02-01:2026-01-01", "1:980105:2026-01-01:").finds("OLD_POLICY_AFTER_REFORM").answered("", "OLD_POLICY_AFTER_REFORM")
    p = x.person("Ромашкина Злата Егоровна", 2, "1978-06-30")
    table.add(p, "98002", "2014-02-01", stopped="2026-04-01", reason="П025").insurance("98002:2014-02-01:2026-04-01").not_in_register()

    x.case("E303", "a row without its last three fields; a date that is not in the calendar")
    p = x.person("Ромашкин Савелий Егорович", 1, "1980-06-30")
    table.add(p, "98002", "2014-02-01").quarantined("ROW_SHAPE").answered("", "ROW_SHAPE")
    table.lines[-1] = table.lines[-1].rsplit(";", 3)[0]
    table.add(p, "98002", "2014-02-30").quarantined("DATE_INVALID").answered("", "DATE_INVALID")
    x.files[table.source] = table.bytes(last_end=False)


def columns(x):
    table = of.Canonical(x, "fund/register_20261001.parquet", of.REGISTER, 1)
    x.case("E304", "a Parquet file of canonical columns, sex and category as integers; the second row repeats the first")
    p = x.person("Незабудкин Тарас Львович", 1, "1971-03-03")
    kept = table.add(p, "P-1", insurer="98002", insured_from="2012-01-01").in_register("98002", "980101")
    table.add(p, "P-2", insurer="98002", insured_from="2012-01-01").duplicate_of(kept).answered("", "DUPLICATE")
    x.carried_over = p
    p = x.person("Незабудкина Алла Тарасовна", 2, "2008-03-03", snils="")
    table.add(p, "P-3", insurer="98002", insured_from="2012-01-01").in_register("98002").finds("SNILS_REQUIRED").answered("", "SNILS_REQUIRED")
    integers = {"sex", "category"}
    x.files[table.source] = parquet([(name, "integer" if name in integers else "text") for name in of.REGISTER], table.rows)
