"""A second look at the rows that are not plainly right, in Polars: their quotes, and all that is wrong with them. They are few."""

import polars as pl
from polars_checks import LUHN_OF_2, LUHN_OF_6, col, looked_up, luhn_of_8, snils_ok
from polars_rows import REASONS

FIELD = r'(?:"(?:[^"]|"")*"|[^";][^;]*|);'


def parsed(lines, columns):
    """Lines as fields by RFC 4180; and as findings, those that are none: broken bytes, broken quotes, another number of fields."""
    quoted = col("line").str.contains('"', literal=True)
    parts = (col("line") + ";").str.extract_all(FIELD)
    closed = parts.list.eval(pl.element().str.len_chars()).list.sum() == col("line").str.len_chars() + 1
    value = pl.element().str.head(-1)
    unquoted = pl.when(value.str.starts_with('"')).then(
        value.str.slice(1, value.str.len_chars() - 2).str.replace_all('""', '"', literal=True)
    )
    split = lines.with_columns(
        code=pl.when(col("line").str.contains("\ufffd", literal=True))
        .then(pl.lit("ROW_ENCODING"))
        .when(quoted & ~closed)
        .then(pl.lit("ROW_QUOTE")),
        fields=pl.when(quoted).then(parts.list.eval(unquoted.otherwise(value))).otherwise(col("line").str.split(";")),
    ).with_columns(
        code=pl.when(col("code").is_null() & (col("fields").list.len() != len(columns))).then(pl.lit("ROW_SHAPE")).otherwise("code")
    )
    unreadable = split.filter(col("code").is_not_null()).select(
        "source", record_id=pl.lit(None, pl.String), field=pl.lit(None, pl.String), code="code", severity=pl.lit("error")
    )
    rows = split.filter(col("code").is_null()).select(
        "source", "line", *(col("fields").list.get(place).alias(name) for place, name in enumerate(columns)), extra=pl.lit(None, pl.String)
    )
    tick = col("enp").str.slice(0, 1).is_in(["`", "'"])
    return rows.with_columns(enp=pl.when(tick).then(col("enp").str.slice(1).str.strip_chars()).otherwise("enp")), unreadable


def found(rows, errors, warnings):
    """Findings of typed rows; each check is (code, field, condition)."""
    frames = [
        rows.filter(condition).select("source", "record_id", field=pl.lit(field), code=pl.lit(code), severity=pl.lit(severity))
        for severity, checks in (("error", errors), ("warning", warnings))
        for code, field, condition in checks
    ]
    return pl.concat(frames)


def in_order(rows, errors):
    """The rows without an error."""
    return rows.filter(~pl.any_horizontal(condition.fill_null(False) for _, _, condition in errors))


def with_codings(rows, births):
    """Adds what the policy numbers of typed rows code, and whether their check digits and SNILS are right."""
    enp = col("enp_number")
    coded = enp // 10**6 % 10**8
    ends = looked_up(LUHN_OF_2, enp // 10**14, pl.UInt8) + looked_up(LUHN_OF_6, enp % 10**6, pl.UInt8)
    is_enp = col("enp").str.contains(r"^[0-9]{16}$")
    return rows.with_columns(
        is_enp=is_enp,
        coded=coded,
        digit_ok=is_enp & ((ends + luhn_of_8(coded)) % 10 == 0),
        snils_is_right=snils_ok(col("snils_number")).fill_null(False),
    ).join(births.table(), on="coded", how="left")


def empty(name):
    """A required field."""
    return ("FIELD_REQUIRED", name, col(name) == "")


def no_date(name, value):
    """A date that is none."""
    return ("DATE_INVALID", name, (col(name) != "") & col(value).is_null())


def errors_of_both():
    """Errors that both tables have."""
    kind, policy = col("policy_kind"), col("policy_number")
    return [
        empty("surname"),
        empty("given_name"),
        ("SEX_INVALID", "sex", ~col("sex").is_in(["", "1", "2"])),
        ("FIELD_REQUIRED", "enp", (kind == "3") & (col("enp") == "")),
        ("FIELD_REQUIRED", "policy_number", kind.is_in(["1", "2"]) & (policy == "")),
        ("POLICY_NUMBER_FORMAT", "policy_number", (kind == "2") & (policy != "") & ~policy.str.contains("^[0-9]{9}$")),
        ("POLICY_KIND_UNKNOWN", "policy_kind", ~kind.is_in(["", "1", "2", "3"])),
        ("ENP_FORMAT", "enp", (col("enp") != "") & ~col("is_enp")),
        ("ENP_CHECK_DIGIT", "enp", col("is_enp") & ~col("digit_ok")),
        ("ENP_IMPOSSIBLE", "enp", col("is_enp") & col("coded_birth").is_null()),
        empty("birth_date"),
        no_date("birth_date", "birth"),
        ("BIRTH_DATE_RANGE", "birth_date", col("birth").is_not_null() & col("birth_index").is_null()),
    ]


def warnings_of_both():
    """Warnings that both tables have."""
    other_sex = (col("coded_sex") != col("sex")) & col("sex").is_in(["1", "2"])
    return [
        ("ENP_PERSON_MISMATCH", "enp", col("digit_ok") & ((col("coded_birth") != col("birth")).fill_null(False) | other_sex)),
        ("SNILS_INVALID", "snils", (col("snils") != "") & ~col("snils_is_right")),
    ]


def errors_of_register():
    """Errors of register rows."""
    starts = col("starts")
    return [
        *errors_of_both(),
        empty("insurer"),
        ("INSURER_UNKNOWN", "insurer", (col("insurer") != "") & col("insurer_number").is_null()),
        ("INSURER_NOT_WORKING", "insurer", (starts < col("works_from")) | (starts >= col("works_to"))),
        empty("policy_kind"),
        empty("sex"),
        empty("insured_from"),
        no_date("insured_from", "starts"),
        ("DATES_REVERSED", "insured_from", starts < col("birth")),
        no_date("insured_to", "planned"),
        ("DATES_REVERSED", "insured_to", col("planned") <= starts),
        no_date("stopped_on", "stopped"),
        ("DATES_REVERSED", "stopped_on", col("stopped") <= starts),
        no_date("applied_on", "applied"),
        no_date("death_date", "death"),
    ]


def warnings_of_register():
    """Warnings of register rows."""
    return [
        *warnings_of_both(),
        ("SNILS_REQUIRED", "snils", ~col("snils_is_right") & col("category_number").is_in([1, 6]) & (col("age") >= 18)),
        ("CATEGORY_UNKNOWN", "category", ~col("category_known").fill_null(False)),
        ("REASON_UNKNOWN", "reason", ~col("reason").is_in(REASONS)),
        ("TERM_MISSING", "insured_to", col("term_limited") & (col("insured_to") == "")),
        ("TERM_IGNORED", "insured_to", ~col("term_limited") & col("planned").is_not_null()),
    ]


def errors_of_attachments():
    """Errors of attachment rows."""
    starts = col("starts")
    nameless = (col("policy_kind") != "3") & (col("enp") == "") & (col("policy_number") == "") & ~col("snils_is_right")
    return [
        *errors_of_both(),
        ("FIELD_REQUIRED", "enp", nameless),
        empty("clinic"),
        ("CLINIC_UNKNOWN", "clinic", (col("clinic") != "") & col("clinic_number").is_null()),
        ("CLINIC_NOT_WORKING", "clinic", (starts < col("works_from")) | (starts >= col("works_to"))),
        ("CLINIC_NOT_ATTACHABLE", "clinic", ~col("attachable")),
        empty("attached_from"),
        no_date("attached_from", "starts"),
        ("DATES_REVERSED", "attached_from", starts < col("birth")),
        no_date("attached_to", "stopped"),
        ("DATES_REVERSED", "attached_to", col("stopped") <= starts),
    ]


def warnings_of_attachments():
    """Warnings of attachment rows."""
    return [*warnings_of_both(), ("METHOD_UNKNOWN", "method", ~col("method").is_in(["", "1", "2", "3"]))]
