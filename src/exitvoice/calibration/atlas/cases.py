"""What worlds and calibrations can tell, in one table: every parameter with a prior, by case and series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from exitvoice.calibration.atlas.cell import ALL, ALL_AND_MORE, Cell
from exitvoice.calibration.outcome import FILE, Outcome, read_outcome
from exitvoice.errors import InputError
from exitvoice.scenario import load_priors

State = Literal["informed", "a little", "told nothing", "not in this world", "not asked"]
COLUMNS = (
    "parameter", "title", "mechanism", "case", "world", "series", "state", "contraction", "low", "high", "bits",
    "chance", "exists",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One calibration whose design was asked what it can tell, or one world with everything in it unknown.

    Attributes
    ----------
    name, title, world : str
    truths : int
        Draws that took their turn as the truth.
    reasons : tuple of str
        Why the gate of a calibration did not pass.
    series : mapping
        Title of each series by its name.
    cost : tuple of float
        Person-years without freedom to leave a year at 5, 50 and 95 % of the draws.
    cells : tuple of Cell
    design : str
        Of a world in which everything that has a range was unknown, the name of its design; empty for a calibration.
    would_exist : mapping
        Who could gather a series, by its name, for those that nobody keeps or publishes.
    absent : frozenset of str
        Unknowns that move nothing in this world.
    unread : mapping
        Why a series of the library is not read in this world, by its name.
    least : float
        Share of variance that a series must seem to tell to be beyond chance, at the median of the series.
    control : (int, int)
        Fields that seem told when the draws are dealt out anew, so that nothing can be told; and of how many.
    """

    name: str
    title: str
    world: str
    truths: int
    reasons: tuple[str, ...]
    series: Mapping[str, str]
    cost: tuple[float, ...]
    cells: tuple[Cell, ...]
    design: str = ""
    would_exist: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict)
    least: float = 0.0
    control: tuple[int, int] = (0, 0)

    @property
    def is_whole(self) -> bool:
        """Whether everything that has a range was unknown: a world's own draws, not a calibration."""
        return bool(self.design)

    @property
    def label(self) -> str:
        """How it is called in a figure or a sentence."""
        return self.design or self.name

    @property
    def columns(self) -> tuple[str, ...]:
        """Its series, in order; several together last, where there are several."""
        existing = [name for name in self.series if name not in self.would_exist]
        more = [ALL] if len(existing) > 1 else []
        return (*existing, *more, *self.would_exist, *((ALL_AND_MORE,) if self.would_exist else ()))

    def exists(self, series: str) -> bool:
        """Whether a column is made of series that exist."""
        return series not in self.would_exist and series != ALL_AND_MORE


@dataclass(frozen=True)
class Parameter:
    """A parameter, or a rule's field that a case inferred; its mechanism is empty for the latter."""

    name: str
    title: str
    mechanism: str = ""


@dataclass(frozen=True)
class Informing:
    """A series that informs a parameter, in which world, and whether it exists."""

    case: str
    world: str
    cell: Cell
    exists: bool = True


@dataclass(frozen=True)
class Cases:
    """Several cases, and every parameter with a prior."""

    cases: tuple[Case, ...]
    parameters: tuple[Parameter, ...]

    @cached_property
    def columns(self) -> tuple[tuple[Case, str], ...]:
        """Case and series, in order."""
        return tuple((case, name) for case in self.cases for name in case.columns)

    @property
    def worlds(self) -> tuple[Case, ...]:
        """Cases with everything unknown."""
        return tuple(case for case in self.cases if case.is_whole)

    @property
    def calibrations(self) -> tuple[Case, ...]:
        """Cases with some unknowns."""
        return tuple(case for case in self.cases if not case.is_whole)

    @cached_property
    def asked(self) -> tuple[Parameter, ...]:
        """Parameters that some case asked for."""
        names = {cell.unknown for case in self.cases for cell in case.cells}
        return tuple(item for item in self.parameters if item.name in names)

    @property
    def never_asked(self) -> tuple[Parameter, ...]:
        """Parameters of which no case says anything, neither that a series tells nor that it does not."""
        return tuple(item for item in self.parameters if item not in self.asked)

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str, str], Cell]:
        return {(case.name, cell.series, cell.unknown): cell for case in self.cases for cell in case.cells}

    def cell(self, parameter: str, case: Case, series: str) -> Cell | None:
        """Return what a series tells of a parameter; None where it was not asked."""
        return self._by_place.get((case.name, series, parameter))

    def informing(self, parameter: str) -> tuple[Informing, ...]:
        """Return the series that inform a parameter, those that tell most first."""
        found = [
            Informing(case.name, case.world, cell, case.exists(series))
            for case, series in self.columns
            if (cell := self.cell(parameter, case, series)) is not None and cell.is_informed
        ]
        return tuple(sorted(found, key=lambda one: -one.cell.contraction))

    def state(self, parameter: str, case: Case, series: str) -> State:
        """Return whether a series informs a parameter, was asked in vain, or was not asked."""
        cell = self.cell(parameter, case, series)
        if cell is None:
            return "not in this world" if parameter in case.absent else "not asked"
        if cell.is_informed:
            return "informed"
        return "a little" if cell.is_hinted else "told nothing"

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield every parameter by case and series, in the order of `COLUMNS`."""
        for item in self.parameters:
            for case, series in self.columns:
                cell = self.cell(item.name, case, series)
                told: tuple[float | None, ...] = (None,) * 5
                if cell is not None:
                    told = (cell.contraction, cell.low, cell.high, cell.bits, cell.chance)
                yield (
                    item.name, item.title, item.mechanism, case.name, case.world, series,
                    self.state(item.name, case, series), *told, "yes" if case.exists(series) else "would have to",
                )  # fmt: skip


def read_cases(folders: Sequence[Path]) -> tuple[tuple[Case, ...], tuple[Path, ...]]:
    """Read the calibrations that have a gate's bank; return them, and the folders that have none.

    Raises
    ------
    InputError
        Where a folder holds no calibration, two are of the same targets, or none was asked what it can tell.
    """
    read = [(folder, read_outcome(folder)) for folder in folders]
    told = [(folder, outcome) for folder, outcome in read if outcome.atlas and outcome.gate is not None]
    if not told:
        what, why = (
            "no gate was run in these calibrations",
            "what a series can tell is asked of the gate's bank",
        )
        raise InputError.of(
            folders[0] / FILE, what, why=why, mend="exitvoice calibrate ... --gate 200 --bank 1000"
        )
    seen: dict[str, Path] = {}
    for folder, outcome in told:
        name = _name(outcome)
        if name in seen:
            what = f"this calibration is to the same targets as {seen[name]}: {name}"
            why = "a case has one column for each of its series"
            raise InputError.of(folder / FILE, what, why=why, mend="leave one of the two out")
        seen[name] = folder
    return tuple(_case(outcome) for _, outcome in told), tuple(
        folder for folder, outcome in read if not outcome.atlas or outcome.gate is None
    )


def _name(outcome: Outcome) -> str:
    return Path(outcome.targets).stem


def joined(cases: Sequence[Case], titles: Mapping[str, str]) -> Cases:
    """Put cases beside every parameter that has a prior.

    Parameters
    ----------
    cases : sequence of Case
    titles : mapping of str to str
        Of unknowns that no prior has: fields of rules, head-counts, the theory of expression.
    """
    parameters = {
        prior.name: Parameter(prior.name, prior.title, prior.mechanism) for prior in load_priors().values()
    }
    names = [cell.unknown for case in cases for cell in case.cells]
    names += [name for case in cases for name in sorted(case.absent)]
    for name in dict.fromkeys(names):
        if name not in parameters:
            parameters[name] = Parameter(name, titles.get(name, name))
    return Cases(tuple(cases), tuple(parameters.values()))


def _case(outcome: Outcome) -> Case:
    assert outcome.gate is not None
    titles = {course.target: course.title for course in outcome.courses}
    names = dict.fromkeys(cell.series for cell in outcome.atlas if cell.series != ALL)
    return Case(
        name=_name(outcome),
        title=outcome.title,
        world=outcome.scenario,
        truths=outcome.gate.replications,
        reasons=outcome.gate.reasons,
        series={name: titles.get(name, name) for name in names},
        cost=outcome.cost,
        cells=outcome.atlas,
    )
