"""Where each part of a document stands, and how to complain about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from exitvoice.errors import Mistake

Path = tuple[str | int, ...]


@dataclass
class Locator:
    """Where each part of a document stands, and how to complain about it.

    Attributes
    ----------
    file : str
        Name used in messages.
    places, keys : dict
        Path -> (line, column) of a value and of its key.
    problems : list of Mistake
        Mistakes found while parsing.
    """

    file: str
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Mistake] = field(default_factory=list)

    def at(self, path: Path) -> tuple[int | None, int | None]:
        """Return line and column of `path`, or of the closest part that stands in the document."""
        for length in range(len(path), -1, -1):
            part = path[:length]
            place = (
                self.places.get(part) if length == len(path) else self.keys.get(part, self.places.get(part))
            )
            if place is not None:
                return place
        return None, None

    def mistake(
        self, path: Path, what: str, why: str, mend: str, *, nearest: str | None = None, at_key: bool = False
    ) -> Mistake:
        """Build a Mistake at `path` (at its key where `at_key`)."""
        line, column = self.keys[path] if at_key and path in self.keys else self.at(path)
        return Mistake(self.file, line, column, show_path(path), what, why, mend, nearest)


def show_path(path: Path) -> str:
    """Write a path as ``rules[2].from``; items count from 1, as a reader does."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


def nearest_name(word: str, names: Iterable[str]) -> str | None:
    """Return the valid name most like `word`, or None."""
    known = list(names)
    found = difflib.get_close_matches(word[:80], known, n=1, cutoff=0.55)
    if found:
        return found[0]
    lowered = {name.lower().replace("-", "_"): name for name in known}
    found = difflib.get_close_matches(word[:80].lower().replace("-", "_"), list(lowered), n=1, cutoff=0.55)
    return lowered[found[0]] if found else None


def nearest_names(word: str, names: Iterable[str], *, count: int = 4) -> tuple[str, ...]:
    """Return the valid names most like `word`, or of which it is a part, the nearest first; capitals do not matter."""
    known = {name.casefold(): name for name in names}
    wanted = word[:80].casefold()
    found = difflib.get_close_matches(wanted, known, n=count, cutoff=0.5)
    found += [name for name in known if len(wanted) > 2 and wanted in name and name not in found]
    return tuple(known[name] for name in found[:count])


def value_at(tree: object, path: Sequence[str | int]) -> tuple[object, Path]:
    """Follow `path` as far as the data goes; return what stands there and the path that was followed."""
    followed: list[str | int] = []
    for part in path:
        is_item = isinstance(tree, list) and isinstance(part, int) and part < len(tree)
        if is_item or (isinstance(tree, dict) and part in tree):
            tree = cast(Any, tree)[part]
            followed.append(part)
        # else: pydantic names union members and validators in its paths; they stand nowhere in the file
    return tree, tuple(followed)
