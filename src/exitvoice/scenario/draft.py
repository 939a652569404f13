"""A scenario's plain data, read with tolerance, so that one mistake never hides another."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from exitvoice.documents import Locator, Path, Tree, nearest_name
from exitvoice.errors import Mistake

Block = Mapping[str, object]


@dataclass(frozen=True)
class Draft:
    """Plain data and its places, with readers that give None for whatever has the wrong type."""

    tree: Tree
    locator: Locator

    def block(self, *path: str | int) -> Block:
        """Return the mapping at `path`, or an empty one."""
        here: object = self.tree
        for part in path:
            if isinstance(here, Mapping) and isinstance(part, str):
                here = here.get(part)
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                here = here[part]
            else:
                return {}
        return here if isinstance(here, Mapping) else {}

    def items(self, section: str) -> Iterator[tuple[Path, Block]]:
        """Yield path and mapping of each item of a list."""
        listed = self.tree.get(section)
        for index, item in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(item, Mapping):
                yield (section, index), item

    def names(self, section: str, key: str = "name") -> list[str]:
        """Return the names that the items of a list carry."""
        return [name for _, item in self.items(section) if isinstance(name := item.get(key), str)]

    def says(
        self, path: Path, what: str, why: str, mend: str, *, nearest: str | None = None, at_key: bool = False
    ) -> Mistake:
        """Build a Mistake at `path`."""
        return self.locator.mistake(path, what, why, mend, nearest=nearest, at_key=at_key)

    def unknown(self, path: Path, kind: str, name: str, known: list[str]) -> Mistake:
        """Say that no such thing is declared."""
        mend = f"use one of: {', '.join(dict.fromkeys(known))}" if known else f"declare the {kind} first"
        why = f"no {kind} of this name is declared in this file"
        return self.says(path, f"unknown {kind} '{name[:60]}'", why, mend, nearest=nearest_name(name, known))


def number(value: object) -> float | None:
    """Return a number, or None."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def day(value: object) -> date | None:
    """Return a date, or None."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def words(value: object) -> list[tuple[int, str]]:
    """Return the texts of a list with their places in it."""
    return [
        (index, word)
        for index, word in enumerate(value if isinstance(value, list) else [])
        if isinstance(word, str)
    ]


def closest_symbol(word: str, symbols: Mapping[str, str]) -> str | None:
    """Return the name behind a symbol that someone wrote in place of it."""
    found = difflib.get_close_matches(word, list(symbols), n=1, cutoff=0.75)
    return symbols[found[0]] if found else None
