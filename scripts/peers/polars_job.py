#!/usr/bin/env python3
"""What an analyst would do instead, in Polars: the register of the as-of date, conflicts, findings, heads and money of a generated region.

    polars_job.py JOB.toml OUT [--verbose]

`polars_read.py` reads both tables by the expressions of `polars_rows.py` and `polars_checks.py`; rows that are not plainly right are looked
at again in `polars_doubts.py`. `polars_persons.py` says who is insured and attached; `polars_stays.py` leaves those with several records one
insurer and one clinic. The results are Parquet files (zstd, level 1) in OUT.
"""

import sys
import time
from pathlib import Path

import funding
import polars as pl
import region as regions
from polars_checks import Births, col, looked_up
from polars_persons import attach, insure, link
from polars_read import read_attachments, read_register

PARQUET = {"compression": "zstd", "compression_level": 1}


class Clock:
    """Says, when asked to, how long the steps took."""

    def __init__(self, verbose):
        self.verbose = verbose
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def step(self, name):
        """The end of a step."""
        wall, cpu = time.perf_counter(), time.process_time()
        if self.verbose:
            print(f"{wall - self.wall:7.2f} s {cpu - self.cpu:7.2f} s CPU  {name}", file=sys.stderr)
        self.wall, self.cpu = wall, cpu


def main(job, out, verbose=False):
    """Does the job."""
    clock = Clock(verbose)
    region = regions.load(job)
    births = Births(region.as_of)
    clock.step("reference tables")
    register, register_findings = read_register(region, births)
    clock.step("register")
    insured = insure(register, region)
    clock.step("insurers")
    attachments, rest, attachment_findings = read_attachments(region, births, insured.persons)
    clock.step("attachments")
    attachments = pl.concat([attachments, link(rest, register, insured.persons).lazy()])
    clock.step("links")
    attached = attach(attachments, insured, region)
    clock.step("clinics")
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    write_persons(register, insured, attachments, attached, region, out / "persons.parquet")
    clock.step("register on the day")
    write_decisions(insured.decisions, attached.decisions, region, out / "decisions.parquet")
    write_findings([*register_findings, insured.findings], [*attachment_findings, attached.findings], region, out / "findings.parquet")
    write_money(region, out)
    clock.step("other tables")


def write_persons(register, insured, attachments, attached, region, file):
    """The register on the day."""
    as_of = region.as_of
    insurers = insured.readings.filter((col("since") <= as_of) & (col("until") > as_of))
    one_record = (
        register.filter((col("starts") <= as_of) & (pl.min_horizontal("ends", col("death").dt.offset_by("1d")) > as_of))
        .join(insured.several.lazy(), on="enp", how="anti")
        .join(insurers.lazy(), left_on="insurer", right_on="number")
        .with_columns(insurer="read_as", insured_from=pl.max_horizontal("starts", "since"), insurer_unresolved=False)
    )
    of_several = insured.on_day.select(
        "source", "record_id", organisation="organisation", insured_from="since", insurer_unresolved="unresolved"
    )
    several = register.join(of_several.lazy(), on=["source", "record_id"]).with_columns(insurer="organisation")
    names = "surname given_name patronymic sex birth_date age snils policy_kind policy_number doc_kind doc_number category"
    columns = ["enp", "insurer", "insured_from", *names.split(), "insurer_unresolved"]
    persons = (
        pl.concat([one_record.select(columns), several.select(columns)])
        .join(attached.on_day, left_on="enp", right_on="person", how="left")
        .join(filled_snils(register, attachments).lazy(), on="enp", how="left")
    )
    persons.select(
        person_id=(col("enp").hash() // 2).cast(pl.Int64),
        enp=col("enp").cast(pl.String).str.zfill(16),
        insurer=looked_up([insurer.code for insurer in region.insurers], col("insurer"), pl.String),
        insured_from="insured_from",
        clinic=looked_up([clinic.code for clinic in region.clinics], col("clinic"), pl.String),
        attached_from="attached_from",
        method=col("method").cast(pl.Int32),
        district=filled("district"),
        doctor_snils=filled("doctor_snils"),
        surname="surname",
        given_name="given_name",
        patronymic=filled("patronymic"),
        sex=col("sex").cast(pl.Int32),
        birth_date="birth_date",
        age=col("age").cast(pl.Int32),
        snils=pl.coalesce("snils", "filled_snils").cast(pl.String).str.zfill(11),
        policy_kind=col("policy_kind").cast(pl.Int32),
        policy_number=filled("policy_number"),
        doc_kind=filled("doc_kind"),
        doc_number=filled("doc_number"),
        category=col("category").cast(pl.Int32),
        insurer_unresolved="insurer_unresolved",
        clinic_unresolved="clinic_unresolved",
    ).sink_parquet(file, maintain_order=False, engine="streaming", **PARQUET)


def filled(name):
    """A text, null when it is empty."""
    return pl.when(col(name) != "").then(name)


def filled_snils(register, attachments):
    """A SNILS that the register does not give is that of the person's other records, when they agree."""
    missing = register.filter(col("snils").is_null()).select("enp")
    other = [
        attachments.select("snils", enp="person").filter(col("snils").is_not_null()).join(missing, on="enp", how="semi"),
        register.select("snils", "enp").filter(col("snils").is_not_null()).join(missing, on="enp", how="semi"),
    ]
    known = pl.concat(other).group_by("enp").agg(filled_snils=col("snils").min(), other=col("snils").max())
    return known.filter(col("filled_snils") == col("other")).drop("other").collect(engine="streaming")


def source_names(region):
    """The sources' names by table and number."""
    return {"insurer": [source.name for source in region.registers], "clinic": [source.name for source in region.attachments]}


def write_decisions(insurers, clinics, region, file):
    """Both tables of decisions with names and codes instead of numbers."""
    names = source_names(region)
    codes = {"insurer": [insurer.code for insurer in region.insurers], "clinic": [clinic.code for clinic in region.clinics]}
    frames = [
        frame.select(
            enp=col("person").cast(pl.String).str.zfill(16),
            subject=pl.lit(subject),
            profile=col("profile").cast(pl.Int32) if subject == "clinic" else pl.lit(None, pl.Int32),
            outcome="outcome",
            rule="rule",
            losing_code=looked_up(codes[subject], col("losing"), pl.String),
            winning_code=looked_up(codes[subject], col("winning"), pl.String),
            start="start",
            loser_source=looked_up(names[subject], col("loser_source"), pl.String),
            loser_record="loser",
            winner_source=looked_up(names[subject], col("winner_source"), pl.String),
            winner_record="winner",
        )
        for subject, frame in (("insurer", insurers), ("clinic", clinics))
    ]
    pl.concat(frames).write_parquet(file, **PARQUET)


def write_findings(registers, attachments, region, file):
    """All findings with names of sources instead of numbers."""
    names = source_names(region)
    frames = [
        pl.concat(frames).with_columns(source=looked_up(names[subject], col("source"), pl.String))
        for subject, frames in (("insurer", registers), ("clinic", attachments))
    ]
    pl.concat(frames).write_parquet(file, **PARQUET)


def write_money(region, out):
    """Heads, counted in the register that was written, and what they bring."""
    funded = {clinic.code: clinic.attachable and clinic.works_from <= region.as_of < clinic.works_to for clinic in region.clinics}
    bands = pl.DataFrame(
        [(band.sex, age, band.label) for band in region.bands for age in range(band.first, band.last + 1)],
        schema={"sex": pl.Int32, "age": pl.Int32, "band": pl.String},
        orient="row",
    )
    head = ["insurer", "clinic", "sex", "band"]
    resolved = ~col("insurer_unresolved") & ~col("clinic_unresolved")
    headcount = (
        pl.scan_parquet(out / "persons.parquet")
        .filter(col("clinic").is_not_null())
        .group_by("insurer", "clinic", "sex", "age")
        .agg(heads=pl.len().cast(pl.Int64), funded_heads=resolved.sum().cast(pl.Int64))
        .join(bands.lazy(), on=["sex", "age"])
        .with_columns(funded_heads=col("funded_heads") * col("clinic").replace_strict(funded, return_dtype=pl.Int64))
        .group_by(head)
        .agg(col("heads", "funded_heads").sum())
        .collect(engine="streaming")
    )
    headcount.write_parquet(out / "headcount.parquet", **PARQUET)
    by_clinic, by_pair = funding.fund(region, headcount.rows())
    exact, money = pl.Decimal(38, 18), pl.Decimal(18, 2)
    terms = {"heads": pl.Int64, "k": exact, "factors": exact, "norm": money, "amount": money}
    for name, key, table in (("funding_clinic", ["clinic"], by_clinic), ("funding_insurer_clinic", ["insurer", "clinic"], by_pair)):
        frame = pl.DataFrame(table, schema={**dict.fromkeys(key, pl.String), **terms}, orient="row")
        frame.write_parquet(out / f"{name}.parquet", **PARQUET)


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--verbose"]
    if len(arguments) != 2:
        sys.exit(__doc__)
    main(*arguments, verbose="--verbose" in sys.argv)
