"""What a form changes in a world: rules taken out or moved in time, assumptions moved, and whatever else in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from exitvoice.errors import InputError
from exitvoice.scenario import Prior, Scenario, read_changes
from exitvoice.web.pages.sliders import setting_of

PLACES = 12
"""Rows of each kind that a form may have."""
FEW = 2
"""So many changes a title names one by one."""
OUT = "out"
DEEDS = {OUT: "is not there", "from": "begins on", "until": "ends on", "announced": "is announced on"}
"""What can be done to a rule, by the key of a scenario file."""


@dataclass(frozen=True)
class Changes:
    """Rows of a form: rule, deed and day; assumption and value; and `text`, as `exitvoice compare --with` reads it."""

    rules: tuple[tuple[str, ...], ...]
    assumptions: tuple[tuple[str, ...], ...]
    text: str = ""

    def of(self, world: Scenario, priors: Mapping[str, Prior]) -> dict[str, object]:
        """Return the changes of a world by dotted path.

        Raises
        ------
        InputError
            Where a row names no rule or assumption of the world, or a day or value is none.
        """
        found: dict[str, object] = {}
        for rule, deed, day in self.rules:
            found |= _of_rule(rule, deed, day, world)
        for name, value in self.assumptions:
            found[f"parameters.{name}"] = setting_of(name, value, priors)
        if self.text.strip():
            fields = set(type(world).model_fields)
            found |= read_changes(self.text, name="the changes in words", fields=fields)
        return found

    def title(self, priors: Mapping[str, Prior]) -> str:
        """Say the changes as a title has room for: each, if they are few."""
        count = len(self.rules) + len(self.assumptions) + bool(self.text.strip())
        return self.said(priors) if count <= FEW else f"with {count} changes"

    def said(self, priors: Mapping[str, Prior]) -> str:
        """Say each change in a few words."""
        gone = [rule for rule, deed, _ in self.rules if deed == OUT]
        parts = [f"without {', '.join(gone)}"] if gone else []
        parts += [f"where {rule} {DEEDS[deed]} {day}" for rule, deed, day in self.rules if deed != OUT]
        parts += [f"with {priors[name].title.lower()}: {value}" for name, value in self.assumptions]
        parts += ["with more changes"] if self.text.strip() else []
        return ", ".join(parts)


def rows_of(*columns: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a form's columns; those that name nothing in the first are left out.

    Examples
    --------
    >>> rows_of(["custody", ""], ["out", "from"], ["", ""])
    (('custody', 'out', ''),)
    """
    rows = (tuple(cell.strip() for cell in row) for row in zip_longest(*columns, fillvalue=""))
    return tuple(row for row in rows if row[0])


def _of_rule(rule: str, deed: str, day: str, world: Scenario) -> dict[str, object]:
    known = next((one for one in world.rules if one.id == rule), None)
    if known is None:
        raise _refusal(f"this world has no rule {rule[:60]!r}", "choose one of the list")
    if deed == OUT:
        return {f"rules.{rule}": None}
    if deed not in DEEDS:
        raise _refusal(f"nothing called {deed[:20]!r} can be done to a rule", "choose from the list")
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise _refusal(f"{rule}: {DEEDS[deed]} which day?", "write a day such as 2024-06-01") from None
    moved: dict[str, object] = {f"rules.{rule}.{deed}": when.isoformat()}
    if deed == "from" and known.announced is not None and when < known.announced:
        moved[f"rules.{rule}.announced"] = when.isoformat()  # nobody can be bound before anybody knows
    return moved


def _refusal(what: str, mend: str) -> InputError:
    return InputError.of("the form", what, why="the world cannot be changed so", mend=mend)
