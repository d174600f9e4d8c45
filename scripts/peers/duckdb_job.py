#!/usr/bin/env python3
"""What an analyst would do instead, in DuckDB: the register of the as-of date, conflicts, findings, heads and money of a generated region.

    duckdb_job.py JOB.toml OUT [--verbose]

The work is done by the statements in `duckdb/*.sql`, in the order of their files; this puts the job's names and tables in front of them
and the results into Parquet files (zstd, level 1) in OUT.
"""

import sys
import time
from pathlib import Path

import duckdb
import funding
import region as regions

SQL = Path(__file__).resolve().parent / "duckdb"
PARQUET = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
# Sources of attachments are numbered after all registers.
ATTACHMENTS_FROM = 1000


def main(job, out, verbose=False):
    """Does the job."""
    region = regions.load(job)
    Path(out).mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET VARIABLE as_of = $1::DATE", [region.as_of])
    name_tables(connection, region)
    name_files(connection, region)
    for file in sorted(SQL.glob("*.sql")):
        for statement in duckdb.extract_statements(file.read_text(encoding="utf-8")):
            run(connection, statement, verbose)
    write(connection, region, Path(out), verbose)


def run(connection, statement, verbose):
    """One statement; with `verbose` also its wall and CPU time, when these are not negligible."""
    wall, cpu = time.perf_counter(), time.process_time()
    connection.execute(statement)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if verbose and wall > 0.05:
        text = statement if isinstance(statement, str) else statement.query
        line = next(line for line in text.strip().splitlines() if not line.startswith("--"))
        print(f"{wall:7.2f} s {cpu:7.2f} s CPU  {line[:90]}", file=sys.stderr)


def name_tables(connection, region):
    """The reference tables and the sources."""
    for table, organisations in (("insurers", region.insurers), ("clinics", region.clinics)):
        rows = [
            (o.number, o.code, o.works_from, o.works_to, heir.number, heir.works_to, o.attachable, o.ages)
            for o in organisations
            for heir in regions.chain(o, organisations)[-1:]
        ]
        columns = (
            "number SMALLINT, code VARCHAR, works_from DATE, works_to DATE, heir SMALLINT, closes_on DATE, attachable BOOLEAN, ages VARCHAR"
        )
        fill(connection, table, columns, rows)
        readings = [(r.number, r.since, r.until, r.read_as) for r in regions.readings(organisations)]
        fill(connection, f"{table[:-1]}_readings", "number SMALLINT, since DATE, until DATE, read_as SMALLINT", readings)
    fill(
        connection,
        "bands",
        "label VARCHAR, sex TINYINT, first SMALLINT, last SMALLINT",
        [(band.label, band.sex, band.first, band.last) for band in region.bands],
    )
    sources = [(s.number, s.name, s.path, s.date, "register") for s in region.registers]
    sources += [(ATTACHMENTS_FROM + s.number, s.name, s.path, s.date, "attachment") for s in region.attachments]
    fill(connection, "sources", "number SMALLINT, name VARCHAR, path VARCHAR, date DATE, kind VARCHAR", sources)


def fill(connection, table, columns, rows):
    """A small table."""
    connection.execute(f"CREATE TABLE {table} ({columns})")
    if rows:
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def name_files(connection, region):
    """The files as views of texts. One column more than the files have shows rows that are too long; what a short row lacks is NULL.

    Quotes are left in the text: a reader that minds them lets a quote that nothing closes swallow the lines that follow.
    """
    for view, sources, columns, first in (
        ("register_files", region.registers, regions.REGISTER_COLUMNS, 0),
        ("attachment_files", region.attachments, regions.ATTACHMENT_COLUMNS, ATTACHMENTS_FROM),
    ):
        files = ", ".join(quoted(source.path) for source in sources)
        types = ", ".join(f"'{name}': 'VARCHAR'" for name in (*columns, "extra"))
        connection.execute(
            f"CREATE VIEW {view} AS SELECT *, (file_index + {first})::SMALLINT AS source FROM read_csv([{files}], delim = ';', quote = '', "
            f"escape = '', header = true, auto_detect = false, columns = {{{types}}}, null_padding = true, nullstr = '\\x00', "
            "store_rejects = true, rejects_limit = 0)"
        )


def quoted(text):
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def write(connection, region, out, verbose):
    """The tables, as files."""

    def copy(what, name):
        run(connection, f"COPY ({what}) TO {quoted(str(out / name))} {PARQUET}", verbose)

    # As written: the narrow table of attachments is hashed, not the wide one of the register.
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    copy("FROM persons_on_day", "persons.parquet")
    connection.execute("RESET disabled_optimizers")
    copy("FROM decisions_by_name", "decisions.parquet")
    copy("FROM findings", "findings.parquet")
    run(connection, f"CREATE TABLE headcount AS FROM heads({quoted(str(out / 'persons.parquet'))})", verbose)
    copy("FROM headcount", "headcount.parquet")
    by_clinic, by_pair = funding.fund(region, connection.execute("FROM headcount").fetchall())
    terms = "heads BIGINT, k DECIMAL(38,18), factors DECIMAL(38,18), norm DECIMAL(18,2), amount DECIMAL(18,2)"
    fill(connection, "funding_clinic", f"clinic VARCHAR, {terms}", by_clinic)
    fill(connection, "funding_insurer_clinic", f"insurer VARCHAR, clinic VARCHAR, {terms}", by_pair)
    copy("FROM funding_clinic", "funding_clinic.parquet")
    copy("FROM funding_insurer_clinic", "funding_insurer_clinic.parquet")


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--verbose"]
    if len(arguments) != 2:
        sys.exit(__doc__)
    main(*arguments, verbose="--verbose" in sys.argv)
