"""Files to rows in Polars. Nearly all rows are plainly right, and are found so while they are read; the others are looked at again, for
quotes and for all that is wrong with them.
"""

import polars as pl
from polars_checks import col, empty_or, iso, looked_up, number, organisation, snils_ok
from region import ATTACHMENT_COLUMNS, REGISTER_COLUMNS

TERM_LIMITED = [3, 5, 8, 10, 11, 12, 13, 14]
REASONS = ["", *(f"П0{n}" for n in (10, 21, 22, 23, 24, 25, 31, 32, 33, 34, 35, 36, 40, 60, 61, 62, 63))]
CHANGES = {"П032": "CHANGE_MOVED", "П035": "CHANGE_MOVED", "П033": "CHANGE_CONTRACT_ENDED", "П036": "CHANGE_CONTRACT_ENDED"}
# Fields that later steps do not need; they only tell duplicates.
REGISTER_OTHERS = "region birth_place citizenship insured_to stopped_on reason".split()
ATTACHMENT_OTHERS = (
    "enp surname given_name patronymic sex birth_date policy_kind policy_number doc_kind doc_number attached_to department".split()
)


def lines(sources):
    """The lines of the sources, by the reader of CSV with a delimiter that does not occur: it alone forgives bytes that are no UTF-8.

    Splitting lines is not slower than reading fields, tells rows that are too short or too long, and minds no quotes: a quote that nothing
    closes does not swallow the lines that follow.
    """
    frames = [
        pl.scan_csv(
            source.path,
            separator="\x1f",
            quote_char=None,
            has_header=False,
            skip_lines=1,
            schema={"line": pl.String},
            encoding="utf8-lossy",
            truncate_ragged_lines=True,
        ).select(pl.lit(source.number, pl.Int16).alias("source"), "line")
        for source in sources
    ]
    return pl.concat(frames)


def fields(rows, columns):
    """The lines' fields by name, null behind the end of the line; what is too much stands in `extra`."""
    split = col("line").str.splitn(";", len(columns) + 1).struct.rename_fields([*columns, "extra"])
    return rows.select("source", "line", split.alias("fields")).unnest("fields")


def whole(columns):
    """Whether a line has its number of fields, and neither quotes nor broken bytes."""
    return (
        col("extra").is_null()
        & col(columns[-1]).is_not_null()
        & ~col("line").str.contains('"', literal=True)
        & ~col("line").str.contains("\ufffd", literal=True)
    )


def others(names):
    """A hash of fields."""
    return sum((col(name).hash(seed) for seed, name in enumerate(names)), start=pl.lit(0, pl.UInt64))


def typed_register(rows, region, births):
    """Adds the values of the register's fields."""
    working = {"works_from": pl.Date, "works_to": pl.Date, "closes_on": pl.Date}
    values = {
        "works_from": [insurer.works_from for insurer in region.insurers],
        "works_to": [insurer.works_to for insurer in region.insurers],
        "closes_on": region.insurers_close_on,
    }
    category = col("category").cast(pl.Int8, strict=False)
    category = pl.when(category.is_between(0, 14) & ((category < 10) == (col("category").str.len_bytes() == 1))).then(category)
    return (
        rows.with_columns(
            birth=iso("birth_date"),
            starts=iso("insured_from"),
            planned=iso("insured_to"),
            stopped=iso("stopped_on"),
            applied=iso("applied_on"),
            death=iso("death_date"),
            enp_number=number("enp", 16),
            snils_number=number("snils", 11),
            insurer_number=organisation("insurer", 5, region.insurers),
            category_number=category,
            category_known=(col("category") == "") | category.is_not_null(),
        )
        .with_columns(
            *(looked_up(values[name], col("insurer_number"), dtype).alias(name) for name, dtype in working.items()),
            birth_index=births.index("birth"),
            term_limited=col("category_number").is_in(TERM_LIMITED).fill_null(False),
        )
        .with_columns(age=births.of("age", col("birth_index")))
    )


def plain_register(births):
    """Whether nothing can be found at a row but that an adult has no SNILS."""
    return (
        whole(REGISTER_COLUMNS)
        & (col("surname") != "")
        & (col("given_name") != "")
        & ((col("policy_kind") == "3") | ((col("policy_kind") == "1") & (col("policy_number") != "")))
        & col("sex").is_in(["1", "2"])
        & births.number_agrees(col("enp_number"), col("birth_index"), col("sex") == "1")
        & (col("starts") >= col("birth"))
        & (col("starts") >= col("works_from"))
        & (col("starts") < col("works_to"))
        & empty_or("insured_to", "planned")
        & (col("planned") > col("starts")).fill_null(True)
        & (col("term_limited") == (col("insured_to") != ""))
        & empty_or("stopped_on", "stopped")
        & (col("stopped") > col("starts")).fill_null(True)
        & empty_or("applied_on", "applied")
        & empty_or("death_date", "death")
        & ((col("snils") == "") | snils_ok(col("snils_number")))
        & col("category_known")
        & col("reason").is_in(REASONS)
    ).fill_null(False)


def register_columns():
    """What later steps need of a register row."""
    term = pl.when(col("term_limited")).then(pl.coalesce("planned", pl.date(col("starts").dt.year() + 1, 1, 1)))
    return [
        "source",
        "record_id",
        col("enp_number").alias("enp"),
        col("insurer_number").alias("insurer"),
        col("policy_kind").cast(pl.Int8, strict=False),
        "policy_number",
        "surname",
        "given_name",
        "patronymic",
        col("sex").cast(pl.Int8, strict=False),
        col("birth").alias("birth_date"),
        "age",
        col("snils_number").alias("snils"),
        "doc_kind",
        "doc_number",
        col("category_number").alias("category"),
        "starts",
        pl.min_horizontal("stopped", term, "closes_on").alias("ends"),
        "applied",
        col("reason").replace_strict(CHANGES, default=None, return_dtype=pl.String).alias("change"),
        "death",
        others(REGISTER_OTHERS).alias("others"),
    ]


def typed_attachments(rows, region, births):
    """Adds the values of the attachments' fields."""
    clinics = region.clinics
    values = {
        "works_from": ([clinic.works_from for clinic in clinics], pl.Date),
        "works_to": ([clinic.works_to for clinic in clinics], pl.Date),
        "closes_on": (region.clinics_close_on, pl.Date),
        "attachable": ([clinic.attachable for clinic in clinics], pl.Boolean),
        "for_children": ([clinic.ages == "children" for clinic in clinics], pl.Boolean),
        "for_adults": ([clinic.ages == "adults" for clinic in clinics], pl.Boolean),
    }
    return (
        rows.with_columns(
            birth=iso("birth_date"),
            starts=iso("attached_from"),
            stopped=iso("attached_to"),
            enp_number=number("enp", 16),
            snils_number=number("snils", 11),
            clinic_number=organisation("clinic", 6, clinics),
            profile_number=col("profile").cast(pl.Int8, strict=False),
            method_number=col("method").cast(pl.Int8, strict=False),
        )
        .with_columns(
            *(looked_up(of_clinics, col("clinic_number"), dtype).alias(name) for name, (of_clinics, dtype) in values.items()),
            birth_index=births.index("birth"),
        )
        .with_columns(of_age=births.of("of_age", col("birth_index")))
    )


def plain_attachment(births):
    """Whether nothing can be found at a row."""
    return (
        whole(ATTACHMENT_COLUMNS)
        & (col("surname") != "")
        & (col("given_name") != "")
        & col("policy_kind").is_in(["3", ""])
        & col("sex").is_in(["1", "2"])
        & births.number_agrees(col("enp_number"), col("birth_index"), col("sex") == "1")
        & (col("starts") >= col("birth"))
        & (col("starts") >= col("works_from"))
        & (col("starts") < col("works_to"))
        & col("attachable")
        & empty_or("attached_to", "stopped")
        & (col("stopped") > col("starts")).fill_null(True)
        & ((col("snils") == "") | snils_ok(col("snils_number")))
        & col("profile_number").is_between(1, 5)
        & ((col("method") == "") | col("method_number").is_between(1, 3))
    ).fill_null(False)


def attachment_columns():
    """What later steps need of an attachment row joined with the persons, such as its end, and why it is left out if it is."""
    end = pl.min_horizontal("stopped", "closes_on", col("death").dt.offset_by("1d"), pl.when("for_children").then("of_age"))
    starts = col("starts")
    insured = (starts < col("insured_to")) & (end > col("insured_from"))
    left_out = (
        pl.when((end > starts) & insured)
        .then(None)
        .when(starts > col("death"))
        .then(pl.lit("AFTER_DEATH"))
        .when(col("for_children") & (col("of_age") <= starts))
        .then(pl.lit("CLINIC_AGE"))
        .when(pl.min_horizontal("stopped", "closes_on") <= starts)
        .then(pl.lit("NO_INTERVAL"))
        .otherwise(pl.lit("NOT_INSURED"))
    )
    return [
        "source",
        "record_id",
        "person",
        col("snils_number").alias("snils"),
        col("clinic_number").alias("clinic"),
        col("profile_number").alias("profile"),
        col("method_number").alias("method"),
        "starts",
        end.alias("ends"),
        left_out.alias("left_out"),
        (col("for_adults") & (starts < col("of_age"))).alias("child_with_adults"),
        "district",
        "doctor_snils",
        others(ATTACHMENT_OTHERS).alias("others"),
    ]


def line_unless(plain):
    """The line of a row that is to be looked at again. It is written anew, or it would hold on to the text of all lines around it."""
    return (pl.when(~col(plain)).then("line") + "").alias("line")
