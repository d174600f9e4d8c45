"""The money sample: attachments and tables of the tariff. Job and tariff are written by hand in data-samples/money."""

from . import attachments, tables


def written(cases):
    """Files below data-samples/money."""
    files = {f"reference/{name}": text.encode() for name, text in tables.written().items()}
    return files | attachments.written(cases)
