"""JSON Lines: one record a line, each saying in `record` what it is."""

import json
from pathlib import Path

from exitvoice.documents import Locator, decode, nearest_name, read_bounded
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence.exchange.kinds import KINDS, SINGULAR, records_of
from exitvoice.evidence.exchange.tabular import MAX_CELLS, MAX_TABLE, Block
from exitvoice.evidence.ledger import Ledger


def lines_text(ledger: Ledger) -> str:
    """Return a ledger as JSON Lines."""
    lines = [
        json.dumps(
            {"record": kind.removesuffix("s"), **record.model_dump(mode="json", exclude_defaults=True)},
            ensure_ascii=False,
        )
        for kind, records in records_of(ledger)
        for record in records
    ]
    return "\n".join(lines) + "\n"


def read_lines(path: Path) -> list[Block]:
    """Read JSON Lines as plain data with the line of every record.

    Raises
    ------
    InputError
        With every line that is not one JSON object, names a key twice, or no known kind of record.
    """
    locator = Locator(str(path))
    tree: dict[str, list[dict[str, object]]] = {}
    mistakes: list[Mistake] = []
    content = read_bounded(path, size=MAX_TABLE)
    text = decode(content, str(path), line_length=MAX_CELLS, size=MAX_TABLE)
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = _parse(line)
        except ValueError as error:
            mend = "write one JSON object on each line, without NaN and without a key twice"
            mistakes.append(
                Mistake(
                    str(path),
                    number,
                    None,
                    "",
                    f"this is not a JSON object: {error}",
                    "it cannot be read",
                    mend,
                )
            )
            continue
        kind = SINGULAR.get(str(record.pop("record", "")))
        if kind is None:
            mistakes.append(_no_kind(str(path), number, line))
            continue
        group = tree.setdefault(kind, [])
        for name in ("", *record):
            locator.places[(kind, len(group), name) if name else (kind, len(group))] = (number, 1)
        group.append(record)
    if mistakes:
        raise InputError(mistakes)
    return [({"format": "exitvoice-evidence/1", **tree}, locator)]


def _parse(line: str) -> dict[str, object]:
    found = json.loads(line, object_pairs_hook=_once, parse_constant=_refuse)
    if not isinstance(found, dict):
        raise ValueError(f"a {type(found).__name__} stands there")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is written twice")
    return found


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not a number")


def _no_kind(file: str, number: int, line: str) -> Mistake:
    named = str(json.loads(line).get("record", ""))
    what = f"'{named}' is no kind of record" if named else "the line does not say what it is"
    mend = f"add a key 'record': one of {', '.join(name.removesuffix('s') for name in KINDS)}"
    return Mistake(file, number, None, "", what, "each line is a record", mend, nearest_name(named, SINGULAR))
