"""Both tables from their files, in Polars, with what was found at their rows.

Rows that need a second look keep their line. They come out of one pass with the others and are parted afterwards: two outputs of one scan
(`collect_all`) would read the files twice.
"""

import polars as pl
import polars_doubts as doubts
import polars_rows as rows
from polars_checks import col
from region import ATTACHMENT_COLUMNS, REGISTER_COLUMNS


def read_register(region, births):
    """The register rows without errors, and a list of frames of findings."""
    read = rows.fields(rows.lines(region.registers), REGISTER_COLUMNS)
    typed = rows.typed_register(read, region, births).with_columns(plain=rows.plain_register(births))
    plain, lines = parted(typed.select(*rows.register_columns(), "plain", rows.line_unless("plain")))
    again, unreadable = doubts.parsed(lines, REGISTER_COLUMNS)
    again = doubts.with_codings(rows.typed_register(again, region, births), births)
    errors = doubts.errors_of_register()
    found = doubts.found(again, errors, doubts.warnings_of_register())
    without_snils = (
        plain.filter(col("snils").is_null() & (col("age") >= 18) & col("category").is_in([1, 6]))
        .select("source", "record_id", field=pl.lit("snils"), code=pl.lit("SNILS_REQUIRED"), severity=pl.lit("warning"))
        .collect(engine="streaming")
    )
    accepted = doubts.in_order(again, errors).with_columns(snils_number=pl.when("snils_is_right").then("snils_number"))
    return pl.concat([plain, accepted.lazy().select(rows.register_columns())]), [unreadable, found, without_snils]


def read_attachments(region, births, persons):
    """The attachment rows without errors: those that are plain and whose policy number is a person's, the others, and a list of frames of
    findings.
    """
    read = rows.fields(rows.lines(region.attachments), ATTACHMENT_COLUMNS)
    typed = rows.typed_attachments(read, region, births).with_columns(plain=rows.plain_attachment(births))
    known = typed.join(persons.lazy(), left_on="enp_number", right_on="person", how="left", coalesce=False)
    known = known.with_columns(plain=col("plain") & col("person").is_not_null())
    plain, lines = parted(known.select(*rows.attachment_columns(), "plain", rows.line_unless("plain")))
    again, unreadable = doubts.parsed(lines, ATTACHMENT_COLUMNS)
    again = doubts.with_codings(rows.typed_attachments(again, region, births), births)
    errors = doubts.errors_of_attachments()
    found = doubts.found(again, errors, doubts.warnings_of_attachments())
    accepted = doubts.in_order(again, errors).with_columns(
        snils_number=pl.when("snils_is_right").then("snils_number"),
        profile_number=pl.when(col("profile_number").is_between(1, 5)).then("profile_number").otherwise(pl.lit(1, pl.Int8)),
        method_number=pl.when(col("method_number").is_between(1, 3)).then("method_number"),
    )
    return plain, accepted, [unreadable, found]


def parted(rows):
    """Plain rows, to be filtered whenever they are read, and the lines of the others."""
    read = rows.collect(engine="streaming")
    return read.lazy().filter("plain").drop("plain", "line"), read.filter(~col("plain")).select("source", "line")
