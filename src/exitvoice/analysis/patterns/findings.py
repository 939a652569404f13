"""What came of the patterns: plain data that is written beside the numbers and read by the report."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exitvoice.results.records import read_record, write_record

FILE = "validate.json"
FORMAT = "exitvoice-validate/1"

Verdict = Literal["met", "narrow", "missed", "reported", "untested"]
ORDER: tuple[Verdict, ...] = ("untested", "missed", "narrow", "met", "reported")
"""From worst to best: a pattern is as good as its worst required test."""
Number = float | None


@dataclass(frozen=True)
class Outcome:
    """What one test gave.

    Attributes
    ----------
    value : float or None
        At the defaults, the middle of the seeds; for what is asked of all draws together, the one number.
    low, high : float or None
        5 and 95 per cent of the seeds, or the interval from resampling draws.
    prior : tuple of float or None
        5, 50 and 95 per cent of the draws; empty where nothing is drawn.
    prior_share : float or None
        Share of the draws within the tolerance.
    counted : int
        Runs, or draws that counted.
    is_by_draws : bool
        No seed had a number, so the draws were judged.
    values : tuple of float or None
        Every draw's value, for the drawing.
    profile : tuple of (along, height low, height, height high)
        Of an interior comparison, world by world.
    """

    name: str
    title: str
    kind: str
    role: str
    unit: str
    is_ratio: bool
    verdict: Verdict
    value: Number
    low: Number
    high: Number
    prior: tuple[Number, ...]
    prior_share: Number
    counted: int
    is_by_draws: bool
    values: tuple[Number, ...]
    profile: tuple[tuple[Number, Number, Number, Number], ...]
    observed: str
    observed_value: Number
    observed_low: Number
    observed_high: Number
    sources: tuple[str, ...]
    tolerance_low: Number
    tolerance_high: Number
    tolerance_why: str
    thought: str


@dataclass(frozen=True)
class Course:
    """A course over time: days, the middle and nine of ten draws, and what was seen."""

    name: str
    title: str
    unit: str
    note: str
    logarithmic: bool
    days: tuple[str, ...]
    middle: tuple[Number, ...]
    low: tuple[Number, ...]
    high: tuple[Number, ...]
    is_prior: bool
    seen: tuple[tuple[str, Number, Number, Number], ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """Person-years without freedom to leave, a year, in the first world of a study at its defaults."""

    study: str
    scenario: str
    title: str
    person_years: float


@dataclass(frozen=True)
class PatternFinding:
    """What one pattern came to."""

    pattern: str
    title: str
    compares: str
    limits: str
    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    courses: tuple[Course, ...]
    fixed: tuple[tuple[str, str, tuple[str, ...]], ...]
    costs: tuple[Cost, ...]
    runs: int
    failed: int


@dataclass(frozen=True)
class Validation:
    """All patterns, and what it took."""

    findings: tuple[PatternFinding, ...]
    runs: int
    failed: int
    seconds: float
    seed: int
    is_quick: bool
    is_complete: bool
    command: str
    version: str
    format: str = FORMAT

    def with_verdict(self, verdict: Verdict) -> tuple[PatternFinding, ...]:
        """Return the findings with this verdict."""
        return tuple(finding for finding in self.findings if finding.verdict == verdict)


def number(value: float) -> Number:
    """Return a number, or None where it is none or without bound."""
    return float(value) if math.isfinite(value) else None


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of some verdicts.

    Examples
    --------
    >>> worst(["met", "missed", "reported"]), worst([])
    ('missed', 'untested')
    """
    return min(verdicts, key=ORDER.index, default="untested")


def write_validation(folder: Path, validation: Validation) -> Path:
    """Write what came of the patterns into their folder, or raise OutputError."""
    return write_record(folder / FILE, validation, allow_nan=False)


def read_validation(folder: Path) -> Validation:
    """Read it back, or raise InputError."""
    why = "they stand in the folder that `exitvoice validate` wrote"
    return read_record(folder / FILE, Validation, called="no patterns", why=why)
