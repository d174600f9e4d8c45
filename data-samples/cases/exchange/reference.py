"""The job's reference tables as the federal dictionaries have them: F002, F003, F010, F011."""

from .containers import zipped
from .lists import tag

INSURERS = [
    ("98001", "СМО «Заречье-Мед»", "2011-01-01", ""),
    ("98002", "СМО «Ладога-Полис»", "2011-01-01", ""),
    ("98003", "СМО «Старый Дол»", "2011-01-01", "2025-07-01"),
]
CLINICS = [
    ("980101", "Городская поликлиника № 1 г. Заречного", "01.01.2011", ""),
    ("980102", "Детская городская поликлиника г. Заречного", "01.01.2011", ""),
    ("980103", "Стоматология \"Улыбка\" г. Заречного", "01.01.2011", ""),
    ("980104", "Женская консультация г. Заречного", "01.01.2011", ""),
    ("980105", "Ключевская районная больница", "01.01.2011", ""),
    ("980106", "Участковая больница села Ключи", "01.01.2011", "01.01.2026"),
    ("980120", "Станция скорой помощи г. Заречного", "01.01.2011", ""),
]


def files():
    f002 = "".join(
        "<insCompany>" + tag("tf_okato", "98000") + tag("smocod", code) + tag("nam_smok", name) + tag("Ogrn", f"10000000{code}")
        + "<insInclude>" + tag("d_begin", begin) + tag("d_end", end) + "</insInclude></insCompany>\n"
        for code, name, begin, end in INSURERS
    )
    f003 = "".join(
        "<medCompany>" + tag("tf_okato", "98000") + tag("mcod", code) + tag("nam_mok", name)
        + "<medInclude>" + tag("d_begin", begin) + tag("d_end", end) + "</medInclude></medCompany>\n"
        for code, name, begin, end in CLINICS
    )
    f010 = "<zap>" + tag("KOD_TF", "98") + tag("KOD_OKATO", "98000") + tag("SUBNAME", "Заречная область") + tag("OKRUG", "9")
    f010 += tag("DATEBEG", "01.01.2011") + "</zap>\n"
    f011 = [
        '<zap IDDoc="3" DocName="Свидетельство о рождении" DocSer="R-ББ" DocNum="999999" DATEBEG="01.01.2011"/>\n',
        '<zap IDDoc="14" DocName="Паспорт гражданина" DocSer="99 99" DocNum="9999990" DATEBEG="01.01.2011"/>\n',
    ]
    return {
        "reference/F002.xml": packet(f002, ' version="1.0" date="2026-10-01"'),
        "reference/F003.zip": zipped(("F003.xml", packet(head("F003") + f003))),
        "reference/F010.xml": packet(head("F010") + f010),
        "reference/F011.xml": packet(head("F011") + "".join(f011)),
    }


def head(kind):
    return "<zglv>" + tag("type", kind) + tag("version", "1.0") + tag("date", "01.10.2026") + "</zglv>\n"


def packet(body, attributes=""):
    return f'<?xml version="1.0" encoding="windows-1251"?>\n<packet{attributes}>\n{body}</packet>\n'.encode("cp1251")
