"""Records as flat rows of text, and back; what a spreadsheet would run as a formula is made harmless.

A cell that begins with one of ``= + - @``, a tab or a line break is run as a formula by spreadsheets (OWASP, CSV
injection), unless it is a number. Such a cell gets an apostrophe before it, which is taken off again on reading.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from exitvoice.evidence.schema import Record

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")


def columns(model: type[Record]) -> tuple[str, ...]:
    """Return the names of a record's fields, one column each."""
    return tuple(model.model_fields)


def to_cells(record: Record) -> dict[str, str]:
    """Return a record as text, one cell a field; empty where it says nothing."""
    given = record.model_dump(mode="json", exclude_defaults=True)
    return {name: _harmless(_text(given.get(name))) for name in columns(type(record))}


def from_cells(cells: Mapping[str, str], model: type[Record]) -> dict[str, Any]:
    """Return the fields of a record from its cells, as plain data that the model is then made of."""
    fields: dict[str, Any] = {}
    for name, cell in cells.items():
        text = _unquoted(cell).strip()
        if text:
            fields[name] = _value(text, _shape(model, name))
    return fields


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(item, str) and " " not in item for item in value):
        return " ".join(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _harmless(text: str) -> str:
    is_risky = text.startswith(RISKY) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_risky or text.startswith("'") else text


def _unquoted(cell: str) -> str:
    rest = cell[1:]
    return rest if cell.startswith("'") and rest.startswith((*RISKY, "'")) else cell


def _shape(model: type[Record], name: str) -> str:
    """Say how a field is written: text, number, figure (number or text), truth, list, block."""
    if name not in model.model_fields:
        return "text"
    kind = str(model.model_fields[name].annotation)
    if "tuple[" in kind:
        return "list"
    if "schema.parts" in kind:
        return "block"
    if "bool" in kind:
        return "truth"
    if "float" in kind:
        return "figure" if "str" in kind else "number"
    return "text"


def _value(text: str, shape: str) -> object:
    if shape in {"number", "figure"} and _NUMBER.fullmatch(text):
        return float(text)
    if shape == "truth" and text.lower() in {"true", "false", "yes", "no"}:
        return text.lower() in {"true", "yes"}
    if shape in {"list", "block"} and text.startswith(("[", "{")):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text.split() if shape == "list" else text
