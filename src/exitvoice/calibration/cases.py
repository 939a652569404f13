"""What several calibrations can tell, in one table: every parameter with a prior, by case and series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from exitvoice.calibration.atlas import ALL, Cell
from exitvoice.calibration.outcome import FILE, Outcome, read_outcome
from exitvoice.errors import InputError
from exitvoice.scenario import load_priors

State = Literal["informed", "told nothing", "not asked"]
COLUMNS = (
    "parameter", "title", "mechanism", "case", "world", "series", "state", "contraction", "low", "high", "bits",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One calibration whose design was asked what it can tell.

    `series` holds the title of each series by its name, `cost` person-years without freedom to leave a year at 5, 50
    and 95 % of the draws, `reasons` why its gate did not pass.
    """

    name: str
    title: str
    world: str
    truths: int
    reasons: tuple[str, ...]
    series: Mapping[str, str]
    cost: tuple[float, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Parameter:
    """A parameter, or a rule's field that a case inferred; its mechanism is empty for the latter."""

    name: str
    title: str
    mechanism: str = ""


@dataclass(frozen=True)
class Informing:
    """A series that informs a parameter, and in which world."""

    case: str
    world: str
    cell: Cell


@dataclass(frozen=True)
class Cases:
    """Several cases, and every parameter with a prior."""

    cases: tuple[Case, ...]
    parameters: tuple[Parameter, ...]

    @cached_property
    def columns(self) -> tuple[tuple[Case, str], ...]:
        """Case and series, in order; all series together last, where there is more than one."""
        return tuple(
            (case, name)
            for case in self.cases
            for name in (*case.series, *((ALL,) if len(case.series) > 1 else ()))
        )

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
            Informing(case.name, case.world, cell)
            for case, series in self.columns
            if (cell := self.cell(parameter, case, series)) is not None and cell.is_informed
        ]
        return tuple(sorted(found, key=lambda one: -one.cell.contraction))

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield every parameter by case and series, in the order of `COLUMNS`."""
        for item in self.parameters:
            for case, series in self.columns:
                cell = self.cell(item.name, case, series)
                told = (None,) * 4 if cell is None else (cell.contraction, cell.low, cell.high, cell.bits)
                yield (
                    item.name,
                    item.title,
                    item.mechanism,
                    case.name,
                    case.world,
                    series,
                    state_of(cell),
                    *told,
                )


def state_of(cell: Cell | None) -> State:
    """Return whether a series informs a parameter, was asked in vain, or was not asked."""
    if cell is None:
        return "not asked"
    return "informed" if cell.is_informed else "told nothing"


def read_cases(folders: Sequence[Path]) -> tuple[Cases, tuple[Path, ...]]:
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
    return _joined([outcome for _, outcome in told]), tuple(
        folder for folder, outcome in read if not outcome.atlas or outcome.gate is None
    )


def _name(outcome: Outcome) -> str:
    return Path(outcome.targets).stem


def _joined(outcomes: Sequence[Outcome]) -> Cases:
    parameters = {
        prior.name: Parameter(prior.name, prior.title, prior.mechanism) for prior in load_priors().values()
    }
    for outcome in outcomes:  # fields of rules have ranges of their own scenario
        parameters |= {
            one.name: Parameter(one.name, one.title) for one in outcome.told if one.name not in parameters
        }
    return Cases(tuple(_case(outcome) for outcome in outcomes), tuple(parameters.values()))


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
