"""Show a counter-example again: the worlds of a claim at the defaults, and with the few values that turn its answer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from exitvoice.claims.counterexamples.case import Case, Effects, settings_in
from exitvoice.claims.evaluate import Answers, evaluate
from exitvoice.claims.findings import finite
from exitvoice.claims.outcomes import KEPT
from exitvoice.ensemble import Plan, Variant, execute
from exitvoice.scenario import Scenario

Progress = Callable[[int, int, int], bool]
_AT_DEFAULTS, _TURNED = "at defaults/", "turned/"


@dataclass(frozen=True)
class Replayed:
    """What the runs gave this time, at the defaults and turned; `is_same` where the board said so to the last digit."""

    at_defaults: Effects
    turned: Effects
    holds_at_defaults: bool
    holds_turned: bool
    is_same: bool

    @property
    def is_turned(self) -> bool:
        """Whether the answer is turned."""
        return self.holds_at_defaults != self.holds_turned


def replay(
    case: Case,
    scenario: Scenario,
    *,
    executor: Literal["processes", "serial"] = "processes",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Replayed | None:
    """Run both sides of a counter-example again; None where it was stopped.

    Parameters
    ----------
    case : Case
    scenario : Scenario
        That of the board.
    executor, workers, progress
        As of `exitvoice.ensemble.execute`.
    """
    names = case.hypothesis.worlds
    variants = [Variant(_AT_DEFAULTS + name, settings_in({}, case.worlds[name])) for name in names]
    variants += [Variant(_TURNED + name, settings_in(case.values, case.worlds[name])) for name in names]
    plan = Plan(scenario, scale=case.scale, seed=case.seed, variants=tuple(variants), outputs=KEPT)
    with tempfile.TemporaryDirectory() as place:
        ended = execute(plan, Path(place) / "replay", executor=executor, workers=workers, progress=progress)
        if not ended.complete:
            return None
        data = ended.data
    sides = []
    for side in (_AT_DEFAULTS, _TURNED):
        own = data.sel(variant=[side + name for name in names]).assign_coords(variant=list(names))
        sides.append(evaluate(case.hypothesis, own))
    before, after = (effects_of(answers) for answers in sides)
    return Replayed(
        at_defaults=before,
        turned=after,
        holds_at_defaults=_holds(sides[0]),
        holds_turned=_holds(sides[1]),
        is_same=before == dict(case.at_defaults) and after == dict(case.turned),
    )


def effects_of(answers: Answers) -> dict[str, float | None]:
    """Return the effect of each part of a claim in a single world."""
    return {name: finite(float(values[0, 0])) for name, values in answers.effects.items()}


def _holds(answers: Answers) -> bool:
    return bool(np.nan_to_num(answers.truth[0, 0]) == 1.0)
