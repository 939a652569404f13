"""One world as the atlas asks it: everything that has a range in it, and every series that is read off its runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import get_args

from exitvoice.calibration.atlas.reading import Reading
from exitvoice.calibration.atlas.schema import Design, Existing, Over, Periods, Read, WouldExist
from exitvoice.calibration.figures import Figure, Part
from exitvoice.calibration.load import load_targets
from exitvoice.calibration.schema import Measure
from exitvoice.ensemble import Factor, factors_of
from exitvoice.errors import InputError
from exitvoice.evidence.series import ObservedSeries, load_series
from exitvoice.hashing import content_hash
from exitvoice.scenario import Scenario, load_scenario

THEORY = "theory of expression"
THEORIES: tuple[str, ...] = get_args(Scenario.model_fields["theory"].annotation)
MONTHS = {"year": 12, "half-year": 6, "quarter": 3, "month": 1}


@dataclass(frozen=True)
class Compared:
    """The world that the hypotheses compare, and what is uncertain in it."""

    scenario: Scenario
    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class World:
    """A world to be drawn from.

    Attributes
    ----------
    design : Design
    scenario : Scenario
    factors : tuple of Factor
        Everything that has a range: parameters, head-counts, fields of rules that the hypotheses vary. The theory of
        expression is drawn as well, and is no factor.
    readings : tuple of Reading
    outside : tuple of str
        Series with no figure inside the run.
    """

    design: Design
    scenario: Scenario
    factors: tuple[Factor, ...]
    readings: tuple[Reading, ...]
    outside: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the unknowns, the theory of expression last."""
        return (*(short_name(factor) for factor in self.factors), THEORY)

    @property
    def identity(self) -> str:
        """Content hash of what is asked: world, ranges and readings."""
        return content_hash(
            {
                "design": self.design.model_dump(mode="json", by_alias=True, exclude={"about", "title"}),
                "scenario": self.scenario.hash,
                "factors": [[factor.path, factor.low, factor.high] for factor in self.factors],
                "readings": [repr(reading) for reading in self.readings],
            }
        )


def short_name(factor: Factor) -> str:
    """Return how a factor is called: a parameter's own name, the path of anything else."""
    return factor.path.removeprefix("parameters.").removesuffix(".value")


def world_of(design: Design, *, compared: Compared | None = None) -> World:
    """Put a world together.

    Parameters
    ----------
    design : Design
        Checked, as `load_design` gives it.
    compared : Compared, optional
        What the hypotheses compare, for a design that says `as_claims_compare`.

    Raises
    ------
    InputError
        If it says so and nothing of its world is compared.
    """
    scenario = load_scenario(design.scenario)
    factors: tuple[Factor, ...] = ()
    if design.as_claims_compare:
        if compared is None or compared.scenario.name != scenario.name:
            what = f"no hypotheses compare worlds of {design.scenario}"
            why = "'as_claims_compare' takes clock, changes and ranges from them"
            raise InputError.of(design.name, what, why=why, mend="leave it out and give 'changes'")
        scenario, factors = compared.scenario, compared.factors
    if design.changes:
        scenario = scenario.with_changes(dict(design.changes))
    series = load_series()
    existing = tuple(_existing(item, series, scenario) for item in design.series if item.why_not is None)
    more = (reading for item in design.would_exist for reading in _would_exist(item, scenario))
    return World(
        design=design,
        scenario=scenario,
        factors=_factors(scenario, factors),
        readings=(*(reading for reading in existing if reading.size), *more),
        outside=tuple(reading.column for reading in existing if not reading.size),
    )


def _factors(scenario: Scenario, further: Sequence[Factor]) -> tuple[Factor, ...]:
    found = {}
    for factor in factors_of(scenario):
        # a value that the scenario states with its reason is replaced inside that statement, so that the reason stays
        stated = factor.kind == "parameter" and factor.name in scenario.parameters
        found[short_name(factor)] = replace(factor, path=f"{factor.path}.value") if stated else factor
    found |= {short_name(factor): factor for factor in further}
    return tuple(found.values())


def _existing(item: Existing, series: Mapping[str, ObservedSeries], scenario: Scenario) -> Reading:
    if item.like is not None:
        targets, name = item.like.split(".")
        target = next(one for one in load_targets(targets).targets if one.name == name)
        distance = target.distance
        item = item.model_copy(
            update={
                "measure": target.measure, "observation": target.observation, "form": distance.form,
                "floor": distance.floor,
            }
        )  # fmt: skip
    assert item.measure is not None
    assert item.observation is not None
    figures = _figures(series[item.series], scenario, in_bounds=item.observation.kind == "turnout")
    return _reading(item.series, item, item.measure, item.over, tuple(figures))


def _reading(
    column: str, item: Read, measure: Measure, over: Over | None, figures: tuple[Figure, ...]
) -> Reading:
    assert item.observation is not None
    return Reading(column, measure, over, item.is_rest, item.observation, item.form, item.floor, figures)


def _figures(series: ObservedSeries, scenario: Scenario, *, in_bounds: bool) -> Iterator[Figure]:
    for point in series.points:
        days = point.days
        if scenario.clock.start <= days.start and days.end < scenario.clock.end:
            parts: tuple[Part, ...] = ("value",)
            if in_bounds:  # of a single figure an archive knows the highest only
                parts = ("low", "high") if point.low is not None else ("high",)
            yield Figure(series.id, point.period, days.start, days.end, True, dict.fromkeys(parts, 0.0))


def _would_exist(item: WouldExist, scenario: Scenario) -> Iterator[Reading]:
    assert item.measure is not None
    figures = tuple(
        Figure(item.name, f"{start}/{end}", start, end, True, {"value": 0.0})
        for start, end in periods_of(item.periods)
    )
    names = {None: (None,), "sector": scenario.sector_names, "region": scenario.region_names}[item.each]
    for name in names:
        measure, over = item.measure, item.over
        if item.each is not None:
            measure = measure.model_copy(update={item.each: name})
            over = None if over is None else over.model_copy(update={item.each: name})
        yield _reading(item.name, item, measure, over, figures)


def periods_of(periods: Periods) -> Iterator[tuple[date, date]]:
    """Yield first and last day of each whole calendar period between two days.

    Examples
    --------
    >>> found = Periods.model_validate({"from": "2019-01-15", "to": "2020-12-31", "every": "half-year"})
    >>> [str(start) for start, _ in periods_of(found)]
    ['2019-07-01', '2020-01-01', '2020-07-01']
    """
    length = MONTHS[periods.every]
    year, month = periods.start.year, 1
    while True:
        start = date(year, month, 1)
        year, month = year + (month + length - 1) // 12, (month + length - 1) % 12 + 1
        end = date(year, month, 1) - timedelta(days=1)
        if end > periods.end:
            return
        if start >= periods.start:
            yield start, end
