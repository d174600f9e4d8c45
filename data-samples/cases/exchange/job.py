"""The exchange job from end to end: every file by its name below `data-samples/exchange`, and expected.csv."""

from . import clinics, reference, registers
from .containers import zipped
from .inbox import Inbox


def written():
    """The inbox and its files."""
    x = Inbox()
    lists = registers.Everyday(x)
    registers.add(x, lists)
    clinics.add(x, lists)
    registers.ends(x, lists)
    x.files[registers.OF_98001] = zipped(("i98001_001_10261.xml", lists.first.bytes()))
    x.files[registers.OF_98002] = lists.second.bytes(cut_in="</FAM>")
    x.files.update(reference.files())
    x.files["expected.csv"] = expected(x)
    return x


def expected(x):
    """expected.csv: the statements of the cases, what senders are told, and the counts of each source."""
    stated = {id(row) for _, _, row, _ in x.expected}
    silent = [row.place for row in x.rows if id(row) not in stated and row.answers in (None, ("", ()))]
    assert not silent, f"nothing is stated of {silent}"
    lines = ["case;check;record;place;value"]
    for case, check, row, value in x.expected:
        if hasattr(value, "place"):
            value = value.place
        lines.append(";".join((case, check, row.values["record_id"], row.place, value)))
    for row in x.rows:
        if row.answers:
            status, codes = row.answers
            lines.append(";".join((row.case, "answer", row.values["record_id"], row.place, f"{status}:{','.join(codes)}")))
    # Warnings about old policies and certificates are on more than 5 % of the rows of these files.
    lines += [f";finding;;{source}:0;SYSTEMATIC" for source in (registers.OF_98001, registers.OF_98002)]
    lines += counts(x)
    return ("\n".join(lines) + "\n").encode()


def counts(x):
    """Per source: rows (records where a row gives several), accepted, duplicates, quarantined."""
    fate = {id(row): check for _, check, row, _ in x.expected if check in ("quarantined", "duplicate")}
    for source in sorted({row.file for row in x.rows}):
        fates = [fate.get(id(row)) for row in x.rows if row.file == source for _ in range(row.records)]
        duplicates, quarantined = fates.count("duplicate"), fates.count("quarantined")
        yield f";rows;;{source};{len(fates)}/{len(fates) - duplicates - quarantined}/{duplicates}/{quarantined}"
