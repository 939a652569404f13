"""Observed series: figures over time as their sources count them, contradictions side by side.

A pattern or a calibration compares a run with such a series. Where two bodies count differently, each has a series of
its own and both name the other under `contradicts`; nothing is averaged here.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field, model_validator

from exitvoice.documents import Locator, nearest_name, read_document, read_text
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence.ledger import Ledger, load_ledger
from exitvoice.evidence.periods import Period, parse_period
from exitvoice.evidence.schema.base import KebabId, PeriodText, Quality, Record, Text

Counting = Literal[
    "persons", "trips", "crossings", "documents", "applications", "participants", "places", "events", "cases"
]


class Observation(Record):
    """One figure of a series: a value, bounds, or both; `quality` only where it differs from the series'."""

    period: PeriodText
    value: float | None = None
    low: float | None = None
    high: float | None = None
    quality: Quality | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _is_ordered(self) -> "Observation":
        given = [number for number in (self.low, self.value, self.high) if number is not None]
        if not given:
            raise ValueError("it has neither a value nor bounds | add 'value', or 'low' and 'high'")
        if given != sorted(given):
            raise ValueError("low, value and high are not in order | correct one of them")
        return self

    @property
    def days(self) -> Period:
        """First and last day it speaks of."""
        days = parse_period(self.period)
        assert days is not None
        return days

    @property
    def interval(self) -> tuple[float, float]:
        """Lowest and highest figure; the value itself where no bound is given, infinite where nothing is."""
        low = self.low if self.low is not None else self.value
        high = self.high if self.high is not None else self.value
        return (float("-inf") if low is None else low, float("inf") if high is None else high)


class ObservedSeries(Record):
    """Figures over time under one rule of counting.

    Attributes
    ----------
    unit : str
        Unit of the values, such as ``persons a year`` or ``thousand persons``; `factor` turns it into single ones.
    rule : str
        Who is counted, by whom and when.
    evidence : tuple of str
        Statements of the ledger on which the figures rest.
    contradicts : tuple of str
        Series that count the same thing and say something else.
    """

    id: KebabId
    title: Text
    unit: Text
    factor: float = Field(default=1.0, gt=0.0)
    counting: Counting
    kind: Literal["flow", "stock", "rate"]
    rule: Text
    evidence: tuple[KebabId, ...] = Field(min_length=1)
    quality: Quality
    contradicts: tuple[KebabId, ...] = ()
    note: Text | None = None
    points: tuple[Observation, ...] = Field(min_length=1, max_length=2000)

    @model_validator(mode="after")
    def _is_sorted(self) -> "ObservedSeries":
        for before, after in zip(self.points, self.points[1:], strict=False):
            if after.days.start <= before.days.end:
                what = f"'{after.period}' begins before '{before.period}' has ended"
                raise ValueError(f"{what} | sort the points, or give a second series what overlaps")
        return self

    @cached_property
    def by_period(self) -> Mapping[str, Observation]:
        """The observations by the period they are written with."""
        return MappingProxyType({point.period: point for point in self.points})

    def quality_of(self, point: Observation) -> Quality:
        """How the figure of one period is known."""
        return point.quality or self.quality


class SeriesFile(Record):
    """One file: the series of one case."""

    format: Literal["exitvoice-series/1"]
    case: KebabId
    series: tuple[ObservedSeries, ...] = Field(min_length=1)


def load_series(
    folder: Path | str | None = None, *, ledger: Ledger | None = None
) -> Mapping[str, ObservedSeries]:
    """Read every observed series of a folder, by id, and check them against the ledger.

    Parameters
    ----------
    folder : pathlib.Path or str, optional
        The folder with one YAML file a case; the series shipped with the package by default.
    ledger : Ledger, optional
        The ledger whose statements they rest on; the shipped one by default.

    Raises
    ------
    InputError
        With every mistake of every file: bad records, double ids, unknown statements, one-sided contradictions.

    Examples
    --------
    >>> load_series()["gdr-permits-yearly"].by_period["1984"].value
    34982.0
    """
    files: list[tuple[SeriesFile, Locator]] = []
    mistakes: list[Mistake] = []

    def keep(content: SeriesFile, locator: Locator) -> tuple[Mistake, ...]:
        files.append((content, locator))
        return ()

    for name, text in _texts(folder):
        try:
            if isinstance(text, Path):
                read_document(text, SeriesFile, checks=[keep])
            else:
                read_text(text, name=name, model=SeriesFile, checks=[keep])
        except InputError as error:
            mistakes.extend(error.mistakes)
    mistakes.extend(_faults(files, load_ledger() if ledger is None else ledger))
    if mistakes:
        raise InputError(mistakes)
    return MappingProxyType({series.id: series for content, _ in files for series in content.series})


def _texts(folder: Path | str | None) -> Iterator[tuple[str, Path | bytes]]:
    if folder is not None:
        yield from ((path.name, path) for path in sorted(Path(folder).glob("*.yaml")))
        return
    shipped = resources.files("exitvoice") / "library" / "evidence" / "series"
    for item in sorted(shipped.iterdir(), key=lambda entry: entry.name):
        if item.name.endswith(".yaml"):
            yield item.name, item.read_bytes()


def _faults(files: Iterable[tuple[SeriesFile, Locator]], ledger: Ledger) -> Iterator[Mistake]:
    known: dict[str, ObservedSeries] = {}
    places: list[tuple[ObservedSeries, Locator, int]] = []
    for content, locator in files:
        for index, series in enumerate(content.series):
            if series.id in known:
                what = f"the id '{series.id}' is given twice"
                yield locator.mistake(
                    ("series", index, "id"), what, "an id names one series", "rename one of them"
                )
            known[series.id] = series
            places.append((series, locator, index))
    for series, locator, index in places:
        for number, name in enumerate(series.evidence):
            if name not in ledger.statements:
                what, near = f"no statement has the id '{name}'", nearest_name(name, ledger.statements)
                place = ("series", index, "evidence", number)
                why = "a figure must be traceable to who gave it"
                yield locator.mistake(place, what, why, "use the id of a statement, or add it", nearest=near)
        for number, name in enumerate(series.contradicts):
            place = ("series", index, "contradicts", number)
            if name not in known:
                what, near = f"no series has the id '{name}'", nearest_name(name, known)
                why = "a contradiction has two sides"
                yield locator.mistake(place, what, why, "use the id of a series, or delete it", nearest=near)
            elif series.id not in known[name].contradicts:
                what = f"'{name}' does not say that it contradicts '{series.id}'"
                yield locator.mistake(place, what, "a contradiction has two sides", "name it on both sides")
