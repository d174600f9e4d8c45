"""Who is insured and who is attached, in Polars. A person with one record has one stay; few others go through the rules."""

from dataclasses import dataclass

import polars as pl
import polars_stays as stays
import region as regions
from polars_checks import col, looked_up, name_key
from polars_rows import attachment_columns


@dataclass(frozen=True)
class Insured:
    """Persons with first and last day of insurance; those with several records, their stays and who of them is insured on the day."""

    persons: pl.DataFrame
    several: pl.DataFrame
    stays: pl.DataFrame
    on_day: pl.DataFrame
    decisions: pl.DataFrame
    findings: pl.DataFrame
    readings: pl.DataFrame


@dataclass(frozen=True)
class Attached:
    """Who is attached on the day, and where; the first is for the last join to read."""

    on_day: pl.LazyFrame
    decisions: pl.DataFrame
    findings: pl.DataFrame


def readings(organisations):
    """As whom each code is read on which days."""
    rows = [(r.number, r.since, r.until, r.read_as) for r in regions.readings(organisations)]
    return pl.DataFrame(rows, schema={"number": pl.Int16, "since": pl.Date, "until": pl.Date, "read_as": pl.Int16}, orient="row")


def warnings(rows, code):
    """Findings about whole records."""
    return rows.select("source", "record_id", field=pl.lit(None, pl.String), code=code, severity=pl.lit("warning"))


def insurer_rules(region):
    """One insurer: the latest application wins a day; a change at will is applied for once a year, up to 1 November."""
    applied = col("applied")
    in_time = applied.dt.month().cast(pl.Int16) * 100 + applied.dt.day() <= 1101
    at_will = col("change").is_null()
    late_or_used = pl.when(~in_time).then(pl.lit("CHANGE_DEADLINE")).otherwise(pl.lit("CHANGE_LIMIT"))
    return stays.Rules(
        key=["person"],
        strength=[applied, col("source_date")],
        order=["starts", "applied", "source_date", "code"],
        year=applied.dt.year(),
        permitted=~at_will | (in_time & ~col("changes").list.contains(col("year"))),
        rule=pl.when(col("outcome") == "refused").then(late_or_used).otherwise(pl.coalesce("change", pl.lit("CHANGE_AT_WILL"))),
        counted=at_will,
        readings=readings(region.insurers),
    )


def clinic_rules(region):
    """One clinic: the highest method wins a day. Residence (1) yields to an application (2), of which there is one a year; a move (3) may
    always change.
    """
    method = col("method").fill_null(1)
    refused = pl.when(method == 2).then(pl.lit("CHANGE_LIMIT")).otherwise(pl.lit("APPLICATION_OUTRANKS_RESIDENCE"))
    permitted = (
        pl.when(method == 3).then(pl.lit("CHANGE_MOVED")).when(method == 2).then(pl.lit("CHANGE_AT_WILL")).otherwise(pl.lit("TERRITORY"))
    )
    by_application = (method == 2) & ~col("changes").list.contains(col("year"))
    by_residence = (method == 1) & (col("stay_method").fill_null(1) == 1)
    return stays.Rules(
        key=["person", "profile"],
        strength=[method, col("source_date")],
        order=["starts", method, "source_date", "code"],
        year=col("starts").dt.year(),
        permitted=(method == 3) | by_application | by_residence,
        rule=pl.when(col("outcome") == "refused").then(refused).otherwise(permitted),
        counted=method == 2,
        readings=readings(region.clinics),
    )


def resolve(claims, rules, as_of):
    """The stays of the claims, who has one on the day, and the decisions."""
    claims = stays.read_on(claims, "organisation", "starts", rules.readings, "code")
    kept, lost = stays.compete(claims, rules)
    swept = stays.sweep(kept, rules)
    found = stays.stays(swept, rules.key)
    decided = pl.concat([lost, stays.decisions(swept, rules.key).select(lost.columns)])
    return found, stays.on_day(swept, found, rules, as_of), decided


def insure(register, region):
    """One insurer at a time."""
    with_death = pl.min_horizontal("ends", col("death").dt.offset_by("1d"))
    persons = (
        register.group_by("enp")
        .agg(records=pl.len(), insured_from=col("starts").min(), insured_to=with_death.max(), death=col("death").min())
        .collect(engine="streaming")
    )
    several = persons.filter(col("records") > 1).select("enp", died="death")
    dates = pl.DataFrame(
        {"source": [s.number for s in region.registers], "source_date": [s.date for s in region.registers]},
        schema_overrides={"source": pl.Int16},
    )
    records = register.join(several.lazy(), on="enp").join(dates.lazy(), on="source").collect(engine="streaming")
    apart = [name for name in register.collect_schema().names() if name not in ("source", "record_id")]
    records = (
        records.sort("source", "record_id")
        .unique(subset=apart, keep="first", maintain_order=True)
        .select(
            "source",
            "record_id",
            "starts",
            "change",
            "source_date",
            person="enp",
            organisation="insurer",
            method=pl.lit(None, pl.Int8),
            applied=pl.coalesce("applied", "starts"),
            speaks_for=pl.coalesce("applied", "starts"),
            ends=pl.min_horizontal("ends", col("died").dt.offset_by("1d")),
            after_death=(col("starts") > col("died")).fill_null(False),
        )
    )
    empty = col("ends") <= col("starts")
    found, on_day, decisions = resolve(records.filter(~empty), insurer_rules(region), region.as_of)
    nothing = persons.filter((col("records") == 1) & (col("insured_to") <= col("insured_from"))).select("enp")
    left_out = [
        records.filter(empty).select("source", "record_id", "after_death"),
        register.join(nothing.lazy(), on="enp", how="semi")
        .select("source", "record_id", after_death=(col("starts") > col("death")).fill_null(False))
        .collect(engine="streaming"),
    ]
    of_several = several.select("enp", death="died").join(
        found.group_by(enp="person").agg(insured_from=col("stay_from").min(), insured_to=col("stay_to").max()), on="enp", how="left"
    )
    insured = pl.concat([persons.filter(col("records") == 1).drop("records"), of_several], how="diagonal").with_columns(
        pl.when(col("insured_to") > col("insured_from")).then(col("insured_from", "insured_to"))
    )
    code = pl.when("after_death").then(pl.lit("AFTER_DEATH")).otherwise(pl.lit("NO_INTERVAL"))
    return Insured(
        insured.rename({"enp": "person"}),
        several,
        found,
        on_day,
        decisions,
        warnings(pl.concat(left_out), code.alias("code")),
        readings(region.insurers),
    )


def link(rest, register, persons):
    """Attachments that were looked at again find their person by the policy number, or by SNILS, birth date and given name."""
    known = of(persons, rest["enp_number"]).select("person", known=True)
    by_number = rest.join(known, left_on="enp_number", right_on="person", how="left").with_columns(
        person=pl.when("known").then("enp_number")
    )
    wanted = by_number.filter(col("person").is_null() & col("snils_number").is_not_null())
    wanted = wanted.select("source", "record_id", snils="snils_number", birth_date="birth", other="given_name")
    by_snils = (
        register.select("snils", "birth_date", "given_name", "enp")
        .join(wanted.lazy(), on=["snils", "birth_date"])
        .collect(engine="streaming")
        .filter(name_key("given_name") == name_key("other"))
        .group_by("source", "record_id")
        .agg(found=col("enp").min())
    )
    linked = by_number.join(by_snils, on=["source", "record_id"], how="left").with_columns(person=pl.coalesce("person", "found"))
    return linked.join(of(persons, linked["person"]), on="person", how="left").select(attachment_columns())


def of(persons, numbers):
    """The few persons of these numbers, so that the few are hashed and not all."""
    few = pl.LazyFrame({"person": numbers.unique()})
    return persons.lazy().join(few, on="person", how="semi").collect(engine="streaming")


def not_covered(attachments, insured):
    """Attachments in a gap between two insurances, which the first and the last day of insurance do not show."""
    gap = col("stay_to") < col("stay_from").shift(-1).over("person", order_by="stay")
    interrupted = insured.stays.filter(gap.fill_null(False)).select("person").unique()
    if interrupted.is_empty():
        return interrupted.with_columns(source=pl.lit(0, pl.Int16), record_id=pl.lit(""))
    meets = (col("starts") < col("stay_to")) & (col("ends") > col("stay_from"))
    return (
        attachments.filter(col("left_out").is_null())
        .join(interrupted.lazy(), on="person", how="semi")
        .join(insured.stays.lazy(), on="person")
        .group_by("person", "source", "record_id")
        .agg(meets=meets.any())
        .filter(~col("meets"))
        .drop("meets")
        .collect(engine="streaming")
    )


def contradicting(attachments, clinics):
    """Who has several attachments in a profile that overlap, or go on in the same clinic. Otherwise each record is a stay of its own.

    Records that overlap are neighbours in the order of their starts, or have neighbours between them that do.
    """
    # One number for both is counted in half the time.
    who = (col("person") * 8 + col("profile")).alias("who")
    several = attachments.filter(col("person").is_not_null()).group_by(who).agg(records=pl.len()).filter(col("records") > 1)
    heirs = [regions.chain(clinic, clinics)[-1].number for clinic in clinics]
    records = (
        attachments.select(who, "starts", "ends", heir=looked_up(heirs, col("clinic"), pl.Int16))
        .join(several, on="who", how="semi")
        .collect(engine="streaming")
        .sort("who", "starts")
    )
    starts, end = col("starts"), col("ends").shift(1)
    goes_on = (starts == end) & (col("heir") == col("heir").shift(1))
    meets = (col("who") == col("who").shift(1)) & ((starts < end) | (starts == starts.shift(1)) | goes_on)
    return records.filter(meets).select(person=col("who") // 8, profile=(col("who") % 8).cast(pl.Int8)).unique()


def attach(attachments, insured, region):
    """One clinic at a time."""
    key = ["person", "profile"]
    uncovered = not_covered(attachments, insured)
    if uncovered.height:
        marks = uncovered.select("source", "record_id", uncovered=True)
        attachments = attachments.join(marks.lazy(), on=["source", "record_id"], how="left").with_columns(
            left_out=pl.when("uncovered").then(pl.lit("NOT_INSURED")).otherwise("left_out")
        )
    several = contradicting(attachments, region.clinics)
    dates = pl.DataFrame(
        {"source": [s.number for s in region.attachments], "source_date": [s.date for s in region.attachments]},
        schema_overrides={"source": pl.Int16},
    )
    records = attachments.join(several.lazy(), on=key).join(dates.lazy(), on="source").collect(engine="streaming")
    apart = [name for name in attachments.collect_schema().names() if name not in ("source", "record_id")]
    records = records.sort("source", "record_id").unique(subset=apart, keep="first", maintain_order=True)
    claims = records.filter(col("left_out").is_null()).select(
        *key,
        "source",
        "record_id",
        "starts",
        "ends",
        "source_date",
        "method",
        "district",
        "doctor_snils",
        organisation="clinic",
        speaks_for="starts",
    )
    rules = clinic_rules(region)
    _, on_day, decisions = resolve(claims, rules, region.as_of)
    as_of = region.as_of
    single = (
        attachments.filter((col("profile") == 1) & col("left_out").is_null() & (col("starts") <= as_of) & (col("ends") > as_of))
        .join(several.lazy(), on=key, how="anti")
        .join(rules.readings.lazy().filter((col("since") <= as_of) & (col("until") > as_of)), left_on="clinic", right_on="number")
        .select(
            "person",
            "method",
            "district",
            "doctor_snils",
            clinic="read_as",
            attached_from=pl.max_horizontal("starts", "since"),
            clinic_unresolved=pl.lit(False),
        )
    )
    of_several = on_day.filter(col("profile") == 1).select(
        "person", "method", "district", "doctor_snils", clinic="organisation", attached_from="since", clinic_unresolved="unresolved"
    )
    alone = attachments.filter(col("left_out").is_not_null() | col("child_with_adults")).join(several.lazy(), on=key, how="anti")
    names = ["source", "record_id", "left_out", "child_with_adults"]
    doubtful = pl.concat([alone.select(names).collect(engine="streaming"), records.select(names)])
    findings = pl.concat(
        [
            warnings(doubtful.filter(col("left_out").is_not_null()), col("left_out").alias("code")),
            warnings(doubtful.filter("child_with_adults"), pl.lit("CLINIC_AGE").alias("code")),
        ]
    )
    on_day = pl.concat([single, of_several.lazy().select(single.collect_schema().names())])
    return Attached(on_day, decisions, findings)
