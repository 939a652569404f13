"""Boards and ensembles made up for the tests of the claims board: quick, and with an answer known beforehand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import xarray as xr

from exitvoice.claims.load import Board
from exitvoice.claims.schema import Hypothesis, Worlds
from exitvoice.ensemble import Plan
from exitvoice.evidence import load_ledger

YEARS = np.arange("2018", "2026", dtype="datetime64[Y]").astype("datetime64[ns]")
STEPS = np.arange("2018-01-01", "2026-01-01", 28, dtype="datetime64[D]").astype("datetime64[ns]")
SECTORS = ["civil_servants", "village_cadres"]
RANKS = ["staff", "section", "division", "bureau"]
PERSONS = 1_000_000.0
#: Outcomes that a made-up world can set; the others are none.
OPPOSED, TRIPS, DISSENT = "opposed", "departures_free", "seen_dissent_by_step"
WORLDS = Worlds.model_validate_json(
    """{"format": "exitvoice-worlds/1", "scenario": "china-2024",
    "clock": {"start": "2018-01-01", "end": "2026-01-01"},
    "common": {"title": "nothing", "changes": {}},
    "worlds": {"as-it-stands": {"title": "as it stands"}, "changed": {"title": "changed",
    "changes": {"parameters.run_gain": 2}}}}"""
)
PART = {
    "name": "part",
    "world": "as-it-stands",
    "intervention": "changed",
    "outcome": "opposed",
    "measure": "difference",
    "direction": "rises",
    "threshold": 0.01,
    "why": "one in a hundred",
    "horizon": {"from": 2024, "until": 2025},
}


def hypothesis(
    claim: str = "C24", *, part: Mapping[str, object] | None = None, **others: object
) -> Hypothesis:
    """A hypothesis with one part, changed as asked."""
    import json

    record = {
        "format": "exitvoice-hypothesis/1",
        "claim": claim,
        "question": "Does it?",
        "parts": [PART | dict(part or {})],
        "uncertain": ["opposition"],
        **others,
    }
    return Hypothesis.model_validate_json(json.dumps(record))


def board(*hypotheses: Hypothesis) -> Board:
    """A board of these hypotheses; nothing is asked of the other claims."""
    bare = {claim: Hypothesis(format="exitvoice-hypothesis/1", claim=claim) for claim in load_ledger().claims}
    return Board(bare | {item.claim: item for item in hypotheses}, WORLDS)


Rule = Callable[[str, np.ndarray, tuple[str, ...]], Mapping[str, np.ndarray]]


def ensemble_of(plan: Plan, rule: Rule) -> xr.Dataset:
    """Make up the dataset of a plan: `rule` gives, for a world and the points, shares or counts a person by name."""
    points = plan.points.shape[0]
    runs = (len(plan.variants), points, 1)
    names = {
        "persons", "opposed", "loyal", "falsifiers", "dissent", "covered", "departures_free", "departures_permitted",
        "departures_disobedient", "overstayed", "left_for_good", "fled", "sanctioned", "unfree_person_years",
    }  # fmt: skip
    shape = (*runs, len(YEARS), len(SECTORS))
    arrays = {name: np.zeros(shape) for name in names}
    arrays["persons"][:] = PERSONS / len(SECTORS)
    arrays["unfree_person_years"][:] = 0.3 * PERSONS / len(SECTORS)
    dissent = np.zeros((*runs, len(STEPS)))
    factors = tuple(factor.name for factor in plan.factors)
    for at, variant in enumerate(plan.variants):
        for name, values in rule(variant.name, plan.points, factors).items():
            if name == DISSENT:
                dissent[at] = np.asarray(values)[:, np.newaxis, np.newaxis]
            else:
                arrays[name][at] = (
                    np.asarray(values)[:, np.newaxis, np.newaxis, np.newaxis] * PERSONS / len(SECTORS)
                )
    run = ("variant", "point", "replication")
    by_rank = np.ones((*runs, len(STEPS), len(SECTORS), len(RANKS)))
    return xr.Dataset(
        {name: ((*run, "time", "sector"), values) for name, values in arrays.items()}
        | {
            "seen_dissent_by_step": ((*run, "step"), dissent),
            "persons_by_step": ((*run, "step", "sector", "rank"), by_rank),
            "covered_by_step": ((*run, "step", "sector", "rank"), by_rank * [0.1, 0.2, 0.5, 0.7]),
            "loss_of_control": ((*run, "time", "region"), np.zeros((*runs, len(YEARS), 1))),
            "control": ((*run, "time"), np.zeros((*runs, len(YEARS)))),
            "perceived_crisis": ((*run, "time"), np.zeros((*runs, len(YEARS)))),
        },
        coords={
            "variant": [variant.name for variant in plan.variants],
            "point": np.arange(points),
            "time": YEARS,
            "step": STEPS,
            "sector": SECTORS,
            "rank": RANKS,
        },
        attrs={"scale": plan.scale},
    )


@dataclass
class Pretence:
    """Stands in for `exitvoice.ensemble.execute`: makes numbers up by a rule, and remembers the plans."""

    rule: Rule
    plans: list[Plan]

    def __call__(self, plan: Plan, folder: Path, *, workers: int | None = None, progress=None, executor=None):  # type: ignore[no-untyped-def]  # noqa: ANN204, ANN001
        """Make up an ensemble."""
        self.plans.append(plan)
        goes_on = progress(plan.size, plan.size, 0) if progress is not None else True
        return SimpleNamespace(
            done=plan.size, failed=(), complete=goes_on, data=ensemble_of(plan, self.rule), folder=folder
        )
