"""Whether two folders of tables say the same: whole tables, by anti-joins in both directions."""

import duckdb

# Columns of a table that every engine has. A person's number is each engine's own, so persons are known by their ENP.
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
# Findings about a whole person, which compare all records of everyone; the peers do not look for them.
NOT_LOOKED_FOR = ("IDENTITY_REVIEW", "SEVERAL_ENP", "ENP_SHARED")
# How many rows of a difference are shown.
EXAMPLES = 5


def differences(folder, other, sverka):
    """What the tables of two folders disagree about, as texts; `sverka` says for each whether sverka wrote it."""
    connection = duckdb.connect()
    found = []
    for table, columns in TABLES.items():
        for side, path, own in (("l", folder, sverka[0]), ("r", other, sverka[1])):
            connection.execute(f"CREATE OR REPLACE VIEW {side} AS {select(table, columns, path, own)}")
        counts = [connection.execute(f"SELECT count(*) FROM {side}").fetchone()[0] for side in "lr"]
        if counts[0] != counts[1]:
            found.append(f"{table}: {counts[0]:,} rows in {folder}, {counts[1]:,} in {other}")
        for side, against, path in (("l", "r", folder), ("r", "l", other)):
            only = f"FROM {side} EXCEPT ALL FROM {against}"
            rows = connection.execute(f"SELECT count(*) FROM ({only})").fetchone()[0]
            if rows:
                examples = connection.execute(f"FROM ({only}) ORDER BY ALL LIMIT {EXAMPLES}").fetchall()
                found.append(f"{table}: {rows:,} rows only in {path}, such as")
                found += ["    " + "; ".join("" if value is None else str(value) for value in row) for row in examples]
    return found


def select(table, columns, folder, sverka):
    """A table as both sides can have it."""
    file = f"read_parquet('{folder}/{table}.parquet')"
    names = ", ".join(columns)
    if table == "findings":
        codes = ", ".join(f"'{code}'" for code in NOT_LOOKED_FOR)
        return f"SELECT {names} FROM {file} WHERE code NOT IN ({codes})"
    if table == "decisions":
        # sverka names people by number: those in the register by their ENP, the others not at all.
        persons = f"(SELECT person_id, enp FROM read_parquet('{folder}/persons.parquet'))"
        if sverka:
            return f"SELECT {names} FROM {file} LEFT JOIN {persons} USING (person_id)"
        return f"SELECT {names} FROM (SELECT d.* EXCLUDE enp, p.enp FROM {file} AS d LEFT JOIN {persons} AS p USING (enp))"
    return f"SELECT {names} FROM {file}"
