"""One insurer, or one clinic, at a time, in Polars: the competition of a day, and steps 1 to 4 of SEM-275 record by record.

Frames here hold the records of the few people whose records contradict each other: `key` (who, and in which profile), source, record_id,
organisation, starts, ends, and what the order and the rules need. Each round of the sweep takes the next record of everyone at once.
"""

import datetime as dt
from dataclasses import dataclass

import polars as pl

col = pl.col
NEVER = dt.date(9999, 12, 31)
DAYS = 10**7


@dataclass(frozen=True)
class Rules:
    """What differs between insurers and clinics. Expressions see the record's columns, and the current stay's as `stay_…`."""

    key: list[str]
    strength: list[pl.Expr]
    order: list[str | pl.Expr]
    year: pl.Expr
    permitted: pl.Expr
    rule: pl.Expr
    counted: pl.Expr
    readings: pl.DataFrame


def read_on(records, organisation, day, readings, name):
    """Adds as whom a code is read on a day."""
    joined = records.join(readings, left_on=organisation, right_on="number", how="left")
    return joined.filter((col(day) >= col("since")) & (col(day) < col("until"))).drop("since", "until").rename({"read_as": name})


def compete(claims, rules):
    """Records that start on one day with different codes: those that stay, with `unresolved`, and the decisions about the others."""
    day = [*rules.key, "starts"]
    in_order = claims.select(*day, "code").sort(*day, "code")
    again = pl.all_horizontal(col(name) == col(name).shift(1) for name in day)
    contested = claims.join(in_order.filter(again & (col("code") != col("code").shift(1))).select(day), on=day, how="semi")
    strength = sum((expression.cast(pl.Int64) * DAYS**place for place, expression in enumerate(reversed(rules.strength))), start=pl.lit(0))
    contested = (
        contested.with_columns(strength=strength)
        .with_columns(on_top=col("strength") == col("strength").max().over(day))
        .with_columns(standing=pl.when("on_top").then("code").min().over(day))
        .with_columns(
            unresolved=col("on_top") & (col("on_top") & (col("code") != col("standing"))).any().over(day),
            winner=pl.struct("source", "record_id").filter(col("on_top") & (col("code") == col("standing"))).sort().first().over(day),
        )
    )
    lost = contested.filter(col("code") != col("standing")).select(
        *rules.key,
        outcome=pl.lit("lost"),
        rule=pl.when("on_top").then(pl.lit("SAME_DAY_TIE")).otherwise(pl.lit("SAME_DAY")),
        losing="code",
        winning="standing",
        start="starts",
        loser_source="source",
        loser="record_id",
        winner_source=col("winner").struct.field("source"),
        winner=col("winner").struct.field("record_id"),
    )
    tied = contested.filter("unresolved").select("source", "record_id", unresolved=pl.lit(True))
    kept = claims.join(lost.select(source="loser_source", record_id="loser"), on=["source", "record_id"], how="anti")
    return kept.join(tied, on=["source", "record_id"], how="left").with_columns(col("unresolved").fill_null(False)), lost


def sweep(claims, rules):
    """Every record with its outcome and the stay that it left, by steps 1 to 4 of SEM-275."""
    ordered = claims.sort(*rules.key, *rules.order, "source", "record_id").with_columns(
        place=pl.int_range(pl.len()).over(rules.key), year=rules.year.cast(pl.Int32)
    )
    begun = ordered.filter(col("place") == 0)
    rounds = [
        begun.with_columns(
            outcome=pl.lit("begins"),
            rule=pl.lit(None, pl.String),
            losing=pl.lit(None, pl.Int16),
            stay=pl.lit(1),
            changes=pl.lit([], pl.List(pl.Int32)),
            **new_stay(),
        )
    ]
    while True:
        state = rounds[-1].select(*rules.key, "stay", "changes", "^stay_.*$", "^longest_.*$")
        coming = ordered.filter(col("place") == len(rounds))
        if coming.is_empty():
            return pl.concat(rounds)
        rounds.append(one_round(state, coming, rules).select(rounds[0].columns))


def new_stay():
    """The columns of a stay that rests on one record."""
    return {
        "stay_organisation": col("organisation"),
        "stay_from": col("starts"),
        "stay_to": col("ends"),
        "stay_method": col("method"),
        "stay_unresolved": col("unresolved"),
        "longest_ends": col("ends"),
        "longest_source": col("source"),
        "longest_record": col("record_id"),
    }


def one_round(state, coming, rules):
    """Each record meets the stay that the records before it have left."""
    met = read_on(coming.join(state, on=rules.key), "stay_organisation", "starts", rules.readings, "losing")
    same = col("losing") == col("code")
    outcome = (
        pl.when(same & (col("starts") <= col("stay_to")))
        .then(pl.lit("joins"))
        .when(col("starts") >= col("stay_to"))
        .then(pl.lit("begins"))
        .when(rules.permitted)
        .then(pl.lit("changes"))
        .otherwise(pl.lit("refused"))
    )
    met = met.with_columns(outcome=outcome)
    new = col("outcome").is_in(["begins", "changes"])
    joins = col("outcome") == "joins"
    counts = rules.counted & ((col("outcome") == "changes") | ((col("outcome") == "begins") & ~same))
    joined = {
        "stay_to": pl.max_horizontal("stay_to", "ends"),
        "stay_method": pl.max_horizontal("stay_method", "method"),
        "stay_unresolved": col("stay_unresolved") | col("unresolved"),
    }
    longer = joins & (col("ends") > col("longest_ends"))
    columns = {}
    for name, value in new_stay().items():
        if name.startswith("longest_"):
            columns[name] = pl.when(new | longer).then(value).otherwise(name)
        else:
            columns[name] = pl.when(new).then(value).when(joins).then(joined.get(name, col(name))).otherwise(name)
    return met.with_columns(
        rule=pl.when(col("outcome").is_in(["changes", "refused"])).then(rules.rule),
        stay=col("stay") + new,
        changes=pl.when(counts).then(pl.concat_list("changes", "year")).otherwise("changes"),
        **columns,
    )


def stays(swept, key):
    """The stays; one that a change ended, ends where the next begins."""
    # The rounds stand in their order, so the last row of a stay shows what became of it.
    ended = swept.group_by(*key, "stay").last().sort(*key, "stay")
    again = pl.all_horizontal(col(name) == col(name).shift(-1) for name in key)
    ended = ended.with_columns(stay_to=pl.min_horizontal("stay_to", pl.when(again).then(col("stay_from").shift(-1))))
    return ended.select(*key, "stay", "stay_organisation", "stay_from", "stay_to", "stay_method", "stay_unresolved")


def decisions(swept, key):
    """Records that were refused, and records whose stay a change ended."""
    refused = swept.filter(col("outcome") == "refused").select(
        *key,
        outcome="outcome",
        rule="rule",
        losing="code",
        winning="losing",
        start="starts",
        loser_source="source",
        loser="record_id",
        winner_source="longest_source",
        winner="longest_record",
    )
    changes = swept.filter(col("outcome") == "changes").select(
        *key, "rule", "losing", "starts", winning="code", winner_source="source", winner="record_id", stay=col("stay") - 1
    )
    old = swept.filter(col("outcome") != "refused").select(*key, "stay", "ends", loser_source="source", loser="record_id")
    superseded = changes.join(old, on=[*key, "stay"]).filter(col("ends") > col("starts"))
    superseded = superseded.with_columns(outcome=pl.lit("superseded"), start="starts")
    return pl.concat([refused, superseded.select(refused.columns)])


def on_day(swept, found, rules, as_of):
    """The stays that cover a day, each with the record that speaks for it: one that covers the day, applied for last, youngest, last."""
    covering = found.filter((col("stay_from") <= as_of) & (col("stay_to") > as_of)).with_columns(day=pl.lit(as_of))
    covering = read_on(covering, "stay_organisation", "day", rules.readings, "read_as").join(
        rules.readings.filter((col("since") <= as_of) & (col("until") > as_of)).select("number", "since"),
        left_on="stay_organisation",
        right_on="number",
    )
    covering = covering.select(
        *rules.key,
        "stay",
        organisation="read_as",
        since=pl.max_horizontal("stay_from", "since"),
        method="stay_method",
        unresolved="stay_unresolved",
    )
    resting = swept.filter(col("outcome") != "refused").drop("organisation", "method", "unresolved")
    covers = (col("starts") <= as_of) & (col("ends") > as_of)
    speaking = (
        covering.join(resting, on=[*rules.key, "stay"])
        .with_columns(covers=covers)
        .sort("covers", "speaks_for", "source_date", "source", "record_id")
    )
    return speaking.group_by(rules.key, maintain_order=True).last()
