"""Read a ledger from whatever it is written in, with the same kind of errors throughout."""

from collections.abc import Callable
from pathlib import Path

from exitvoice.documents import Locator, validate_tree
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence.exchange.lines import read_lines
from exitvoice.evidence.exchange.tabular import Block, read_csv
from exitvoice.evidence.ledger import Ledger, build_ledger, load_ledger
from exitvoice.evidence.placed import LoadedFile, place_statements, row_mistakes
from exitvoice.evidence.schema import EvidenceFile

_READERS: dict[str, Callable[[Path], list[Block]]] = {".csv": read_csv, ".jsonl": read_lines}
_HEAD = 4096


def is_ledger(path: Path) -> bool:
    """Whether a path holds a ledger: a folder, a table, or YAML that says so in its `format`."""
    if path.suffix in _READERS:
        return True
    if path.is_dir():
        return True
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return b"exitvoice-evidence/" in stream.read(_HEAD)


def read_ledger(path: Path) -> Ledger:
    """Read a ledger: YAML (a file or a folder), CSV with its siblings, or JSON Lines.

    Raises
    ------
    InputError
        With every mistake: file, line, what, why, how to mend it.
    """
    reader = _READERS.get(path.suffix)
    if reader is None:
        return load_ledger(path)
    loaded: list[LoadedFile] = []
    mistakes: list[Mistake] = []
    for tree, locator in reader(path):
        try:
            loaded.append(_load(tree, locator))
        except InputError as error:
            mistakes += error.mistakes
    if mistakes:
        raise InputError(mistakes)
    return build_ledger(loaded)


def _load(tree: dict[str, object], locator: Locator) -> LoadedFile:
    content = validate_tree(tree, locator, EvidenceFile, checks=[row_mistakes])
    return LoadedFile(content, locator, place_statements(content))
