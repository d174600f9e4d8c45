"""Writes the tables of this folder: python make.py (needs `pip install dbf`; everyone in them is made up)."""

import struct

import dbf

MO = (
    "FAM C(40); IM C(40); OT C(40); DR C(10); W C(1); SPOL C(20); NPOL C(20); Q C(5); LPU C(6); LPUDZ C(10); LPUDT C(10); "
    "LPUDX C(10); LPUTP C(1); OKATO C(11); RNNAME C(80); NPNAME C(80); UL C(80); DOM C(7); KORP C(6); KV C(6); STATUS C(1); "
    "ERR C(40); RSTOP C(1)"
)
ROWS = [
    ("ПРИМЕРОВ", "ПЁТР", "ОБРАЗЦОВИЧ", "1984-03-05", "1", "", "9990000000000001", "99001", "990001", "2024-01-15", "2024-01-15",
     "", "1", "99000000000", "", "", "", "", "", "", "", "", ""),
    ("ОБРАЗЦОВА", "ПРИМА", "", "1990-12-31", "2", "9900", "000002", "99001", "990001", "2024-02-01", "2024-02-01", "2025-01-01",
     "1", "99000000000", "РАЙОН", "ГОРОД ПРИМЕР", "УЛ. \"ПРОБНАЯ\"", "1", "А", "10", "", "", "1"),
    ("УДАЛЕННЫЙ", "РЯД", "", "1970-01-01", "1", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""),
]


def write(name, columns, rows, dbf_type, codepage):
    table = dbf.Table(name, columns, dbf_type=dbf_type, codepage=codepage, on_disk=True)
    table.open(dbf.READ_WRITE)
    for row in rows:
        table.append(row)
    return table


table = write("mo-db3.dbf", MO, ROWS, "db3", "cp866")
dbf.delete(table[2])
table.close()

date = dbf.Date(2024, 1, 15)
kinds = "ID N(8,0); FAM C(20); W N(1,0); DR D; SA N(6,2); DEAD L; LPUDT D"
rows = [(1, "ПРИМЕРОВ", 1, date, 12.5, True, None), (2, "ОБРАЗЦОВА", 2, None, None, None, date)]
write("wq-foxpro.dbf", kinds, rows, "fp", "cp866").close()
# Visual FoxPro: a back link behind the columns, and columns that are binary.
write("wq-visual.dbf", kinds + "; COUNT I; MADE T", [row + (7, None) for row in rows], "vfp", "cp1251").close()

# As programs write that stream: no number of rows, no end mark, no byte behind the columns but their end.
columns = [(b"FAM", b"C", 12), (b"NPOL", b"N", 16), (b"LPUDT", b"D", 8)]
header = struct.pack("<B3xIHH20x", 3, 0, 32 + 32 * len(columns) + 1, 1 + sum(c[2] for c in columns))
parts = b"".join(struct.pack("<11s1s4xBB14x", name, kind, length, 0) for name, kind, length in columns)
body = b"".join(
    b" " + fam.encode("cp866").ljust(12) + number.rjust(16).encode() + day.encode().ljust(8)
    for fam, number, day in [("ПРИМЕРОВ", "9990000000000001", "20240115"), ("ОБРАЗЦОВА", "2", "")]
)
open("streamed.dbf", "wb").write(header + parts + b"\r" + body)
