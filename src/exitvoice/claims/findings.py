"""What the board says of a claim: plain data that is written beside the numbers and read by the report."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from exitvoice.analysis.discovery import Box
from exitvoice.analysis.sensitivity import Index, Interplay
from exitvoice.claims.needs import Needs
from exitvoice.claims.shares import Share
from exitvoice.claims.verdicts import Verdict
from exitvoice.results.records import read_record, write_record

FILE = "claims.json"
FORMAT = "exitvoice-claims/1"


@dataclass(frozen=True)
class Cut:
    """The verdict on some of the worlds: those of one theory, sign or band of theta; if open, what it needs."""

    label: str
    share: Share
    verdict: Verdict | Literal["open"]
    needs: Needs | None = None


@dataclass(frozen=True)
class PartFinding:
    """One condition: in which share of the worlds it is met, and the spread of its effect.

    `quantiles` are those at 5, 25, 50, 75 and 95 % of the worlds; None where an effect is without bound or unknown.
    """

    name: str
    outcome: str
    unit: str
    measure: str
    direction: str
    threshold: float
    why: str
    worlds: str
    share: Share
    quantiles: tuple[float | None, ...]
    effects: tuple[float | None, ...]


@dataclass(frozen=True)
class Screened:
    """What moving all assumptions of a mechanism did, in the mean of some base points.

    `size` is the share of worlds past which it carried the claim's effect; `is_kept` tells whether that is enough for
    its assumptions to be asked one by one.
    """

    mechanism: str
    size: float
    points: int
    is_kept: bool


@dataclass(frozen=True)
class Move:
    """One assumption moved from its default."""

    name: str
    title: str
    default: float
    value: float


@dataclass(frozen=True)
class Counterexample:
    """Assumptions that, moved from the defaults, turn the answer; confirmed by runs.

    `is_minimal` tells whether each was left out in a run of its own and the answer turned back; `replay` is the command
    that shows it again.
    """

    holds_at_defaults: bool
    moves: tuple[Move, ...]
    is_minimal: bool
    replay: str


@dataclass(frozen=True)
class Finding:
    """What the board says of one claim.

    Attributes
    ----------
    share, seen : Share or None
        Over all plausible worlds; over those that agree with the data.
    by_theory, by_sign, by_theta : tuple of Cut
    hinges : tuple of Index
        Assumptions whose index is told from noise, the largest first; `hinges_of` says of what.
    noise : float
        What the largest index reaches by chance.
    interplay : Interplay or None
        What assumptions decide alone and with interactions, or how little a surrogate explains; `interplay_of` says of
        what. None before the last look.
    screened : tuple of Screened
        Mechanisms with the size of their elementary effects, before anything was asked of single assumptions.
    box : Box or None
        Where it holds.
    chance : float or None
        Share of the points, run twice, at which chance alone changed the answer.
    unmeasured : int
        Worlds in which it could not be measured or that do not count.
    needs : Needs or None
        What would likely settle the share where its interval crosses a limit of the verdicts.
    """

    claim: str
    verdict: Verdict
    reason: str
    tests: str = "claim"
    question: str = ""
    by_construction: str = ""
    left_open: str = ""
    is_cascade: bool = False
    is_hidden: bool = False
    share: Share | None = None
    seen: Share | None = None
    parts: tuple[PartFinding, ...] = ()
    by_theory: tuple[Cut, ...] = ()
    by_sign: tuple[Cut, ...] = ()
    by_theta: tuple[Cut, ...] = ()
    hinges: tuple[Index, ...] = ()
    hinges_of: str = ""
    noise: float = 1.0
    interplay: Interplay | None = None
    interplay_of: str = ""
    screened: tuple[Screened, ...] = ()
    box: Box | None = None
    chance: float | None = None
    unmeasured: int = 0
    needs: Needs | None = None
    counterexample: Counterexample | None = None

    @property
    def is_tested(self) -> bool:
        """Whether there were worlds to ask."""
        return self.share is not None

    @property
    def hinges_on(self) -> str:
        """The assumptions that decide it, in a few words."""
        if not self.is_tested:
            return ""
        names = [hinge.factor for hinge in self.hinges[:3]]
        names += [f"{one} together with {other}" for one, other in self.acting_together[:2]]
        if self.is_hidden and not names:
            return "what is put in"
        return ", ".join(names) if names else "no single assumption told from chance"

    @property
    def acting_together(self) -> tuple[tuple[str, str], ...]:
        """Pairs of assumptions told from none, the strongest first, of which not both decide something alone."""
        if self.interplay is None:
            return ()
        told = {index.factor for index in self.interplay.told_from_none}
        alone = {hinge.factor for hinge in self.hinges}
        return tuple(pair for pair in self.interplay.pairs if set(pair) <= told and not set(pair) <= alone)


@dataclass(frozen=True)
class CostOfYear:
    """Person-years without freedom to leave in one year: 5, 50 and 95 % of the plausible worlds."""

    year: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Judgement:
    """The whole board, and what it took.

    `scenario_hash` and `hypotheses` (content hash of each, and of the worlds) say of what it is, so that a change of
    either can be named later.
    """

    scenario: str
    title: str
    findings: tuple[Finding, ...]
    cost: tuple[CostOfYear, ...]
    runs: int
    failed: int
    budget: int
    points: int
    scale: float
    seed: int
    seconds: float
    is_complete: bool
    command: str
    titles: Mapping[str, str]
    scenario_hash: str = ""
    hypotheses: Mapping[str, str] = field(default_factory=dict)
    format: str = FORMAT

    def finding(self, claim: str) -> Finding:
        """Return the finding on a claim."""
        return next(finding for finding in self.findings if finding.claim == claim)


def finite(value: float) -> float | None:
    """Return a number with six digits, or None where it is without bound or unknown: JSON has no such numbers."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def write_judgement(folder: Path, judgement: Judgement) -> Path:
    """Write a board into its folder, or raise OutputError."""
    return write_record(folder / FILE, judgement)


def read_judgement(folder: Path) -> Judgement:
    """Read a board back, or raise InputError."""
    why = "a board stands in the folder that `exitvoice claims` wrote"
    return read_record(folder / FILE, Judgement, called="no board", why=why)
