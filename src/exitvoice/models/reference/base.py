"""What every published model has in common: what may be set, what a run gives, and what it is held against.

A model neither draws nor prints. It takes a setting and gives an outcome: curves to look at, and one number
for each target. A target says what is compared, the published value with its source, and between which bounds
an obtained value counts as met: bounds that were fixed before the value was obtained.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Value = str | float | int
Progress = Callable[[int, int], None]  # steps done, steps planned
MET, MISSED, NOT_COMPARABLE = "met", "missed", "not comparable"
QUALITIES = {
    "seen": "read in the source named",
    "relayed": "read in another's account of the source",
    "recalled": "general knowledge, not checked against the source",
    "derived": "follows from the stated equations; worked out apart from this code",
}


@dataclass(frozen=True)
class Option:
    """Something that may be set: one of some words, or a number within bounds.

    Attributes
    ----------
    name : str
        As on the command line, without dashes.
    default : str, float or int
        Its type is the option's type.
    words : tuple of str
        All that is allowed, where the default is a word.
    low, high : float
        Bounds of a number, both allowed.
    help : str
        One line; says the unit.
    """

    name: str
    default: Value
    help: str
    words: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        right = self.default in self.words if self.words else self.low <= float(self.default) <= self.high
        if not right:
            raise ValueError(f"the default of {self.name!r} is not allowed")


@dataclass(frozen=True)
class Setting:
    """A seed and a value for each option of a model."""

    seed: int
    values: Mapping[str, Value]

    def word(self, name: str) -> str:
        """Value of an option that is a word."""
        return str(self.values[name])

    def number(self, name: str) -> float:
        """Value of an option that is a number."""
        return float(self.values[name])

    def whole(self, name: str) -> int:
        """Value of an option that is a whole number."""
        return int(self.values[name])


@dataclass(frozen=True)
class Target:
    """One figure that a reimplementation has to give.

    Attributes
    ----------
    name : str
        Key of the obtained value; several targets may look at one value, each with needs of its own.
    what : str
        What is compared, with its unit.
    published : str
        What the source says, in few words.
    low, high : float
        Between these, bounds included, it is met. Fixed before anything was run.
    source : str
        Where the figure stands.
    quality : str
        One of `QUALITIES`.
    needs : mapping
        Options that the run must have; those not named must have their defaults. The seed is free.
    if_missed : str
        Why it is missed, where that is known.
    """

    name: str
    what: str
    published: str
    low: float
    high: float
    source: str
    quality: str
    needs: Mapping[str, Value] = field(default_factory=dict)
    if_missed: str = ""

    def __post_init__(self) -> None:
        if self.quality not in QUALITIES or not self.low <= self.high:
            raise ValueError(f"target {self.name!r} has no such quality, or no room between its bounds")


@dataclass(frozen=True, eq=False)
class Curve:
    """One line to draw.

    `role` is `obtained`, `strong` (obtained, in the colour of alarm), `points` or `bars` (obtained), `published`, or
    `limit` (a guide).
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    role: str = "obtained"


@dataclass(frozen=True, eq=False)
class Chart:
    """One figure: axes named in words, and its curves."""

    key: str
    title: str
    reading: str
    across: str
    upward: str
    curves: tuple[Curve, ...]
    is_logarithmic: bool = False  # across


@dataclass(frozen=True, eq=False)
class Picture:
    """Cells, each of one kind: `cells` (height, width) holds places in `kinds`; `what` says what a cell is."""

    key: str
    title: str
    reading: str
    cells: NDArray[np.uint8]
    kinds: tuple[str, ...]
    what: str = "the torus from above, a cell a square"
    is_square: bool = True  # a cell is as wide as high; if not, the cells fill the frame


@dataclass(frozen=True)
class Cost:
    """What the modelled people pay; None where nobody is hurt in the model."""

    figure: float | None
    unit: str
    meaning: str


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gives: obtained values by the target's name, and what to draw."""

    obtained: Mapping[str, float]
    charts: tuple[Chart, ...]
    cost: Cost
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class ReferenceModel:
    """A published model on this engine.

    Attributes
    ----------
    name, title : str
        As on the command line; in plain words.
    source : str
        The publication.
    claim : str
        What the model says, in a sentence or two.
    options : tuple of Option
    targets : tuple of Target
    run : callable
        (setting, progress) -> Outcome; the same setting gives the same outcome.
    notes : tuple of str
        What a reader should know: where sources differ, what was assumed.
    """

    name: str
    title: str
    source: str
    claim: str
    options: tuple[Option, ...]
    targets: tuple[Target, ...]
    run: Callable[[Setting, Progress], Outcome]
    notes: tuple[str, ...] = ()

    def setting(self, seed: int = 0, **values: Value) -> Setting:
        """Setting with the defaults where nothing is given."""
        return Setting(
            seed, {option.name: values.get(option.name, option.default) for option in self.options}
        )

    def settings_of_targets(self, seed: int = 0) -> tuple[Setting, ...]:
        """Return the settings that the targets need, each once."""
        found: list[Setting] = []
        for target in self.targets:
            setting = self.setting(seed, **target.needs)
            if setting not in found:
                found.append(setting)
        return tuple(found)


@dataclass(frozen=True)
class Finding:
    """A target beside what was obtained; `obtained` is None where the run cannot be compared."""

    target: Target
    obtained: float | None
    verdict: str
    reason: str = ""


def judge(model: ReferenceModel, setting: Setting, outcome: Outcome) -> tuple[Finding, ...]:
    """Hold an outcome against every target of its model."""
    return tuple(_finding(model, target, setting, outcome) for target in model.targets)


def judge_everything(
    model: ReferenceModel, outcome_of: Callable[[Setting], Outcome], *, seed: int = 0
) -> tuple[Finding, ...]:
    """Hold a model against all its targets, each at the setting that it needs; every setting is run once."""
    found: dict[int, Finding] = {}
    for setting in model.settings_of_targets(seed):
        for place, finding in enumerate(judge(model, setting, outcome_of(setting))):
            if finding.verdict != NOT_COMPARABLE:
                found[place] = finding
    return tuple(found[place] for place in range(len(model.targets)))


def _finding(model: ReferenceModel, target: Target, setting: Setting, outcome: Outcome) -> Finding:
    needed = model.setting(setting.seed, **target.needs).values
    other = [f"{name}={value}" for name, value in needed.items() if setting.values[name] != value]
    if other:
        return Finding(target, None, NOT_COMPARABLE, f"needs {', '.join(other)}")
    value = outcome.obtained.get(target.name, math.nan)
    if math.isnan(value):
        return Finding(target, None, MISSED, "the run gave no such value")
    if target.low <= value <= target.high:
        return Finding(target, value, MET)
    return Finding(target, value, MISSED, target.if_missed)
