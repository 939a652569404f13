"""What a page shows of a job, as plain data: written once by the worker, printed by one template for all kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import xarray as xr
from pydantic import TypeAdapter

from exitvoice.report.chapters import Chapter
from exitvoice.report.figures.base import Panel, Table
from exitvoice.report.words import Tile


@dataclass(frozen=True)
class Figure:
    """A figure of the report, ready to print; `plot` is Plotly's JSON."""

    key: str
    title: str
    reading: str
    note: str
    axis: str
    height: int
    plot: str
    table: Table | None = None


@dataclass(frozen=True)
class Story:
    """A life, or whatever else opens: a title, facts, a table."""

    title: str
    facts: tuple[tuple[str, str], ...]
    table: Table


@dataclass(frozen=True)
class Part:
    """A chapter; `traced` names what each row of its table is traced by, if each by something of its own."""

    key: str
    title: str
    intro: str = ""
    figures: tuple[Figure, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    table: Table | None = None
    stories: tuple[Story, ...] = ()
    traced: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weeks:
    """Persons bound by sector in every step, for the slider: `bound` is by sector, then by step."""

    days: tuple[str, ...]
    sectors: tuple[str, ...]
    persons: tuple[float, ...]
    bound: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Shown:
    """A page: the human cost first, then chapters."""

    total: str
    unit: str
    meaning: str
    tiles: tuple[Tile, ...] = ()
    synthetic: str = ""
    notices: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    weeks: Weeks | None = None
    files: tuple[str, ...] = field(default=())
    heading: str = "The human cost"


_SHOWN = TypeAdapter(Shown)


def to_json(shown: Shown) -> str:
    """Write it down."""
    return _SHOWN.dump_json(shown).decode()


def from_json(text: str) -> Shown:
    """Read it back."""
    return _SHOWN.validate_json(text)


def figure_of(panel: Panel) -> Figure:
    """Return a panel of the report as plain data."""
    layout = panel.plot.layout
    return Figure(
        panel.key, panel.title, panel.reading, panel.note, str(layout.title.text), int(layout.height),
        panel.plot.to_json(), panel.table,
    )  # fmt: skip


def part_of(chapter: Chapter, figures: Sequence[Panel] | None = None) -> Part:
    """Return a chapter of the report as plain data."""
    panels = chapter.panels if figures is None else figures
    return Part(chapter.key, chapter.title, chapter.intro, tuple(figure_of(panel) for panel in panels))


def weeks_of(data: xr.Dataset, titles: Sequence[str]) -> Weeks:
    """Return who was bound in which step."""
    bound = data["covered"].sum("rank").transpose("sector", "time").values.round().astype(int)
    persons = data["persons"].isel(time=0).sum("rank").values
    return Weeks(
        days=tuple(str(day) for day in data["time"].values.astype("datetime64[D]")),
        sectors=tuple(titles),
        persons=tuple(float(count) for count in persons),
        bound=tuple(tuple(int(count) for count in row) for row in bound),
    )
