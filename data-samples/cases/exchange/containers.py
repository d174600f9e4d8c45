"""Files as other programs write them: archives, DBF tables, Parquet. The same content gives the same bytes.

Nothing here knows what a policy is.
"""

import gzip
import io
import struct
import zipfile

# A ZIP knows no time before 1980; members carry the day on which the sample's senders packed them.
PACKED_ON = (2026, 10, 31, 12, 0, 0)


def zipped(*members):
    """An archive of (name, content) pairs."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, PACKED_ON)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(entry, content)
    return target.getvalue()


def gzipped(content):
    return gzip.compress(content, mtime=0)


def content_of(name, content):
    """What a file holds whoever packed it: compressors of another version may write other bytes for the same members."""
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [(entry.filename, entry.date_time, archive.read(entry)) for entry in archive.infolist()]
    return gzip.decompress(content) if name.endswith(".gz") else content


def dbf(columns, rows):
    """A dBase III table in cp866. `columns` are (name, width) of texts, a row is (deleted, values)."""
    width = 1 + sum(size for _, size in columns)
    head = struct.pack("<B3BIHH20x", 3, 126, 10, 31, len(rows), 32 + 32 * len(columns) + 1, width)
    for name, size in columns:
        head += struct.pack("<11sc4xB15x", name.encode(), b"C", size)
    body = b""
    for deleted, values in rows:
        body += b"*" if deleted else b" "
        for (name, size), value in zip(columns, values, strict=True):
            encoded = value.encode("cp866")
            assert len(encoded) <= size, (name, value)
            body += encoded.ljust(size)
    return head + b"\r" + body + b"\x1a"


class Thrift:
    """The few shapes of Thrift's compact protocol that Parquet's metadata need."""

    I32, I64, TEXT, LIST, STRUCT = 5, 6, 8, 9, 12

    @staticmethod
    def varint(value):
        out = bytearray()
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        out.append(value)
        return bytes(out)

    @classmethod
    def value(cls, kind, value):
        if kind in (cls.I32, cls.I64):
            return cls.varint(value << 1)
        if kind == cls.TEXT:
            return cls.varint(len(value.encode())) + value.encode()
        if kind == cls.LIST:
            of, values = value
            assert len(values) < 1 << 14
            short = len(values) < 15
            head = bytes([(len(values) << 4 if short else 0xF0) | of]) + (b"" if short else cls.varint(len(values)))
            return head + b"".join(cls.value(of, item) for item in values)
        return cls.struct(*value)

    @classmethod
    def struct(cls, *fields):
        """Fields are (number, kind, value) in ascending order."""
        out, last = b"", 0
        for number, kind, value in fields:
            out += bytes([(number - last) << 4 | kind]) + cls.value(kind, value)
            last = number
        return out + b"\x00"


def parquet(columns, rows):
    """A Parquet file of one row group, plain and not compressed. A column is `text` or `integer`; nothing is null."""
    t, kinds = Thrift, {"integer": 1, "text": 6}
    out, chunks = b"PAR1", []
    for place, (name, kind) in enumerate(columns):
        if kind == "text":
            page = b"".join(struct.pack("<I", len(row[place].encode())) + row[place].encode() for row in rows)
        else:
            page = b"".join(struct.pack("<i", int(row[place])) for row in rows)
        of_data = ((1, t.I32, len(rows)), (2, t.I32, 0), (3, t.I32, 3), (4, t.I32, 3))
        header = t.struct((1, t.I32, 0), (2, t.I32, len(page)), (3, t.I32, len(page)), (5, t.STRUCT, of_data))
        size = len(header) + len(page)
        meta = (
            (1, t.I32, kinds[kind]), (2, t.LIST, (t.I32, [0])), (3, t.LIST, (t.TEXT, [name])), (4, t.I32, 0),
            (5, t.I64, len(rows)), (6, t.I64, size), (7, t.I64, size), (9, t.I64, len(out)),
        )
        chunks.append(((2, t.I64, len(out)), (3, t.STRUCT, meta)))
        out += header + page
    schema = [((4, t.TEXT, "schema"), (5, t.I32, len(columns)))]
    for name, kind in columns:
        element = ((1, t.I32, kinds[kind]), (3, t.I32, 0), (4, t.TEXT, name))
        schema.append(element + (((6, t.I32, 0),) if kind == "text" else ()))
    group = ((1, t.LIST, (t.STRUCT, chunks)), (2, t.I64, len(out) - 4), (3, t.I64, len(rows)))
    footer = t.struct(
        (1, t.I32, 1), (2, t.LIST, (t.STRUCT, schema)), (3, t.I64, len(rows)), (4, t.LIST, (t.STRUCT, [group])),
        (6, t.TEXT, "data-samples"),
    )
    return out + footer + struct.pack("<I", len(footer)) + b"PAR1"
