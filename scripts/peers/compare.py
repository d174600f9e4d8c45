#!/usr/bin/env python3
"""Whether a peer's tables say what sverka's say: whole tables, by anti-joins in both directions.

    compare.py SVERKA_RUN PEER_FOLDER

Prints the differences with examples and exits with 1 when there are any.
"""

import sys

import duckdb

# Columns that every engine has. A person's number is each engine's own, so persons are known by their ENP.
PERSONS = (
    "enp insurer insured_from clinic attached_from method district doctor_snils surname given_name patronymic sex birth_date age snils "
    "policy_kind policy_number doc_kind doc_number category insurer_unresolved clinic_unresolved"
).split()
MONEY = "heads k factors norm amount".split()
TABLES = {
    "persons": PERSONS,
    "headcount": "insurer clinic sex band heads funded_heads".split(),
    "funding_clinic": ["clinic", *MONEY],
    "funding_insurer_clinic": ["insurer", "clinic", *MONEY],
    "findings": "source record_id field code severity".split(),
    "decisions": "enp subject profile outcome rule losing_code winning_code start loser_source winner_source".split(),
}
# How many rows of a difference are shown.
EXAMPLES = 5


def main(sverka, peer):
    """Compares all tables."""
    connection = duckdb.connect()
    found = [difference for table in TABLES for difference in differences(connection, table, sverka, peer)]
    print("\n".join(found) if found else "the tables agree: " + summary(connection, sverka))
    return 1 if found else 0


def differences(connection, table, sverka, peer):
    """What the two sides of a table disagree about."""
    connection.execute(f"CREATE OR REPLACE VIEW ours AS {rows(table, sverka, sverka_wrote=True)}")
    connection.execute(f"CREATE OR REPLACE VIEW theirs AS {rows(table, peer, sverka_wrote=False)}")
    counts = [number(connection, side) for side in ("ours", "theirs")]
    if counts[0] != counts[1]:
        yield f"{table}: {counts[0]:,} rows of sverka, {counts[1]:,} of the peer"
    if table == "findings":
        lacking = "SELECT code, count(*) FROM ours WHERE code NOT IN (SELECT code FROM theirs) GROUP BY code ORDER BY code"
        for code, count in connection.execute(lacking).fetchall():
            yield f"findings: {count:,} of {code}, which the peer finds nowhere; a rule that peers lack is named in scripts/peers/rules_off.py"
    if table == "persons":
        for side, count in zip(("ours", "theirs"), counts, strict=True):
            if number(connection, f"(SELECT DISTINCT enp FROM {side})") != count:
                yield f"{table}: someone stands twice in the rows of {'sverka' if side == 'ours' else 'the peer'}"
    for side, other, whose in (("ours", "theirs", "sverka"), ("theirs", "ours", "the peer")):
        only = only_in(table, side, other)
        count = number(connection, f"({only})")
        if count:
            yield f"{table}: {count:,} rows of {whose} only, such as"
            for row in connection.execute(f"FROM ({only}) ORDER BY ALL LIMIT {EXAMPLES}").fetchall():
                yield "    " + "; ".join("" if value is None else str(value) for value in row)


def number(connection, rows):
    """How many rows."""
    return connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0]


def only_in(table, side, other):
    """The rows of one side without an equal row on the other."""
    if table != "persons":
        return f"FROM {side} EXCEPT ALL FROM {other}"
    # Everyone stands once on either side, so that a plain anti-join says as much for less.
    same = " AND ".join(f"{side}.{column} IS NOT DISTINCT FROM {other}.{column}" for column in PERSONS)
    return f"SELECT {side}.* FROM {side} ANTI JOIN {other} ON {same}"


def rows(table, folder, sverka_wrote):
    """A table as both sides can have it."""
    file = f"read_parquet('{folder}/{table}.parquet')"
    columns = ", ".join(TABLES[table])
    if table == "decisions":
        # sverka names people by number: those in the register get their ENP here, the others none on either side.
        persons = f"(SELECT person_id, enp FROM read_parquet('{folder}/persons.parquet'))"
        decisions = f"{file} LEFT JOIN {persons} USING (person_id)"
        if not sverka_wrote:
            decisions = f"(SELECT d.* EXCLUDE enp, p.enp FROM {file} AS d LEFT JOIN {persons} AS p USING (enp))"
        return f"SELECT {columns} FROM {decisions}"
    return f"SELECT {columns} FROM {file}"


def summary(connection, folder):
    """What the tables agree on, in numbers."""

    def one(what, table):
        return connection.execute(f"SELECT {what} FROM read_parquet('{folder}/{table}.parquet')").fetchone()[0]

    money = f"{one('sum(heads)', 'funding_clinic'):,} funded heads, {one('sum(amount)', 'funding_clinic'):,} roubles"
    conflicts = f"{one('count(*)', 'decisions'):,} decisions, {one('count(*)', 'findings'):,} findings"
    return f"{one('count(*)', 'persons'):,} persons with insurer and clinic, {money}, {conflicts}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 3 else __doc__)
