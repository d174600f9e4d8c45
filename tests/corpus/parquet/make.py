"""Writes the files of this folder: python make.py (needs `pip install pyarrow polars duckdb`; everyone in them is made up)."""

import datetime as dt
import decimal

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

ENP = [9990000000000001, None, 9990000000000003, 9990000000000004, 9990000000000005]
FAM = ["ПРИМЕРОВ", "ОБРАЗЦОВА", None, "ПРИМЕРОВ", ""]
BORN = [dt.date(1984, 3, 5), dt.date(1900, 2, 28), None, dt.date(2024, 2, 29), dt.date(1969, 12, 31)]
SEX = [1, 2, 1, None, 2]
DEAD = [True, False, None, False, True]


def at(day, time=dt.time()):
    return day and dt.datetime.combine(day, time)


kinds = {
    "enp": pa.array(ENP, pa.int64()),
    "enp_unsigned": pa.array(ENP, pa.uint64()),
    "enp_decimal": pa.array([n and decimal.Decimal(n) for n in ENP], pa.decimal128(20, 0)),
    "surname": pa.array(FAM),
    "surname_large": pa.array(FAM, pa.large_string()),
    "surname_view": pa.array(FAM, pa.string_view()),
    "surname_dictionary": pa.array(FAM).dictionary_encode(),
    "surname_bytes": pa.array([f and f.encode() for f in FAM]),
    "birth_date": pa.array(BORN, pa.date32()),
    "birth_date64": pa.array(BORN, pa.date64()),
    "birth_s": pa.array([at(d) for d in BORN], pa.timestamp("s")),
    "birth_ms": pa.array([at(d) for d in BORN], pa.timestamp("ms")),
    "birth_us": pa.array([at(d, dt.time(12, 30)) for d in BORN], pa.timestamp("us")),
    "birth_ns": pa.array([at(d) for d in BORN], pa.timestamp("ns", "UTC")),
    "sex_i8": pa.array(SEX, pa.int8()),
    "sex_u8": pa.array(SEX, pa.uint8()),
    "sex_i16": pa.array(SEX, pa.int16()),
    "sex_u16": pa.array(SEX, pa.uint16()),
    "sex_u32": pa.array(SEX, pa.uint32()),
    "dead": pa.array(DEAD),
    "nothing": pa.nulls(5),
    "share": pa.array([0.5, None, 1.0, 2.0, 3.0]),
    "money": pa.array([decimal.Decimal("1.50")] * 5, pa.decimal128(10, 2)),
    "phones": pa.array([["1"], [], None, ["2", "3"], ["4"]]),
    "address": pa.array([{"city": "Г. ПРИМЕР"}] * 5),
}
table = pa.table(kinds)
pq.write_table(table, "pyarrow-kinds.parquet", row_group_size=2)
few = table.select(["enp", "surname", "surname_dictionary", "birth_date", "sex_i8"])
pq.write_table(few, "pyarrow-zstd-v2.parquet", compression="zstd", data_page_version="2.0", version="2.6")
pq.write_table(few, "pyarrow-plain.parquet", compression="none", use_dictionary=False, store_schema=False)
pq.write_table(few, "pyarrow-gzip.parquet", compression="gzip")
pq.write_table(few, "pyarrow-lz4.parquet", compression="lz4")
pq.write_table(few.slice(0, 0), "pyarrow-empty.parquet")

frame = pl.DataFrame(
    {
        "enp": pl.Series(ENP, dtype=pl.UInt64),
        "surname": pl.Series(FAM, dtype=pl.String),
        "surname_categorical": pl.Series(FAM, dtype=pl.Categorical),
        "birth_date": pl.Series(BORN, dtype=pl.Date),
        "made": pl.Series([at(d) for d in BORN], dtype=pl.Datetime("us")),
        "sex": pl.Series(SEX, dtype=pl.Int8),
        "dead": pl.Series(DEAD, dtype=pl.Boolean),
    }
)
frame.write_parquet("polars.parquet", row_group_size=3)
frame.write_parquet("polars-snappy.parquet", compression="snappy")

db = duckdb.connect()
db.execute("create table t (enp bigint, surname varchar, birth_date date, made timestamp, sex utinyint, dead boolean)")
db.execute("create type words as enum ('ПРИМЕРОВ', 'ОБРАЗЦОВА', '')")
for enp, fam, born, sex, dead in zip(ENP, FAM, BORN, SEX, DEAD):
    db.execute("insert into t values (?, ?, ?, ?, ?, ?)", [enp, fam, born, at(born), sex, dead])
select = "select enp, surname, surname::words as surname_enum, birth_date, made, sex, dead, enp::decimal(18, 0) as enp_decimal from t"
db.execute(f"copy ({select}) to 'duckdb.parquet' (format parquet)")
db.execute(f"copy ({select}) to 'duckdb-v2-zstd.parquet' (format parquet, parquet_version v2, compression zstd)")
