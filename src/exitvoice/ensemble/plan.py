"""The plan of an ensemble: which worlds, at which points, how often; all of it known before the first run."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exitvoice.ensemble.factors import Factor
from exitvoice.errors import InputError, Mistake
from exitvoice.hashing import content_hash
from exitvoice.scenario import Scenario, list_scenarios, load_scenario

FORMAT = "exitvoice-ensemble/1"
AS_IT_STANDS = "as it stands"


class RunKey(NamedTuple):
    """Which run of a plan: three whole numbers from 0."""

    variant: int
    point: int
    replication: int


@dataclass(frozen=True)
class Variant:
    """One world to be run at every point: the scenario with these changes, an intervention.

    Attributes
    ----------
    name : str
    changes : mapping of str to plain data
        As `Scenario.with_changes` takes them; empty for the world as it stands. They are made after the point's
        values and win over them.
    """

    name: str = AS_IT_STANDS
    changes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Plan:
    """What an ensemble is to run: every variant at every point in every replication.

    All variants and points of one replication share its seed, hence every draw (common random numbers): what differs
    between them is the change, not the luck.

    Attributes
    ----------
    scenario : Scenario
    scale : float
        Simulated persons for each real one, above 0 and at most 1.
    seed : int
        From 0 to 2**64 - 1; see `run_seed`.
    variants : tuple of Variant
    factors : tuple of Factor
        What the points set.
    points : array (points, factors)
        One row a point; without factors a single empty row.
    replications : int
    outputs : tuple of str
        Variables of a run to keep step by step, besides the yearly summary that is always kept.
    design : str
        How the points came about, in a word.
    asked : mapping, optional
        Plain data on what somebody asked for (`scenario`, `changes`, and under `vary` the factors whose range is
        their prior's), so that the same can be asked again when priors or the scenario have changed.

    Raises
    ------
    ValueError
        Where the parts do not fit together.

    Examples
    --------
    >>> from exitvoice.scenario import load_scenario
    >>> plan = Plan(load_scenario("minimal"), scale=0.1, replications=3)
    >>> [key.replication for key in plan.runs]
    [0, 1, 2]
    """

    scenario: Scenario
    scale: float = 0.001
    seed: int = 0
    variants: tuple[Variant, ...] = (Variant(),)
    factors: tuple[Factor, ...] = ()
    points: NDArray[np.float64] = field(default_factory=lambda: np.zeros((1, 0)))
    replications: int = 1
    outputs: tuple[str, ...] = ()
    design: str = "replications"
    asked: Mapping[str, object] | None = None

    def __post_init__(self) -> None:
        points = np.array(self.points, np.float64)  # a copy: a plan is frozen
        points.setflags(write=False)
        object.__setattr__(self, "points", points)
        for fault in self._misfits():
            raise ValueError(fault)

    def _misfits(self) -> Iterator[str]:
        if self.points.ndim != 2 or self.points.shape[1] != len(self.factors):
            yield f"points have the shape {self.points.shape}, not (points, {len(self.factors)} factors)"
        if not np.isfinite(self.points).all():
            yield "every value of a point must be a finite number"
        if not 0.0 < self.scale <= 1.0:
            yield f"scale {self.scale} is not above 0 and at most 1"
        if not 0 <= self.seed < 2**64:
            yield f"seed {self.seed} is not a whole number from 0 to 2**64 - 1"
        if self.replications < 1 or not self.variants or not self.points.shape[0]:
            yield "a plan needs a variant, a point and a replication"
        for what, names in (
            ("variants", [variant.name for variant in self.variants]),
            ("factors", [factor.path for factor in self.factors]),
        ):
            if len(set(names)) < len(names):
                yield f"two {what} have the same name"

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of variants, points and replications."""
        return len(self.variants), self.points.shape[0], self.replications

    @property
    def size(self) -> int:
        """Number of runs."""
        variants, points, replications = self.shape
        return variants * points * replications

    @property
    def runs(self) -> Iterator[RunKey]:
        """Every run; those that are compared with one another stand together."""
        variants, points, replications = self.shape
        for point in range(points):
            for replication in range(replications):
                for variant in range(variants):
                    yield RunKey(variant, point, replication)

    def seed_of(self, key: RunKey) -> int:
        """Return the seed of a run: the same for every variant and point of a replication."""
        return run_seed(self.seed, key.replication)

    def changes_of(self, key: RunKey) -> dict[str, object]:
        """Return what differs from the scenario in a run: the point's values, then the variant's changes."""
        return changes_at(self.factors, self.points[key.point], self.variants[key.variant])

    def scenario_of(self, key: RunKey) -> Scenario:
        """Return the world of a run.

        Raises
        ------
        InputError
            Where the changes do not give a valid scenario.
        """
        changes = self.changes_of(key)
        return self.scenario.with_changes(changes) if changes else self.scenario

    def extended(self, points: ArrayLike) -> Plan:
        """Return the plan with more points after those it has; runs that are done stay valid."""
        more = np.asarray(points, np.float64)
        return replace(self, points=np.concatenate([self.points, more.reshape(-1, len(self.factors))]))

    def begins_like(self, older: Plan) -> bool:
        """Tell whether this plan is an older one, with or without further points."""
        count = older.points.shape[0]
        return (
            self.identity == older.identity
            and self.points.shape[0] >= count
            and bool((self.points[:count] == older.points).all())
        )

    @property
    def identity(self) -> str:
        """Content hash of all but the points."""
        record = {
            name: item for name, item in self.record().items() if name not in ("points", "design", "asked")
        }
        return content_hash(record)

    def check(self) -> None:
        """Build every variant, and the ends of every factor's range, once.

        Raises
        ------
        InputError
            With every mistake: a path that leads nowhere, a value that is refused, or a variant whose sectors,
            ranks, regions or clock are not those of the scenario, so that it could not lie in the same dataset.
        """
        mistakes: list[Mistake] = []
        for variant in self.variants:
            mistakes += _mistakes_of(self.scenario, dict(variant.changes), f"variant {variant.name!r}")
        lows, highs = self.points.min(axis=0), self.points.max(axis=0)
        # one look at all factors together; only where that finds something is each looked at alone, to name it
        corners = [changes_at(self.factors, ends, Variant()) for ends in (lows, highs)]
        if any(_mistakes_of(self.scenario, corner, "factors") for corner in corners):
            for factor, low, high in zip(self.factors, lows, highs, strict=True):
                for value in {float(low), float(high)}:
                    mistakes += _mistakes_of(self.scenario, {factor.path: value}, f"factor {factor.path}")
        if mistakes:
            raise InputError(mistakes)

    def replay(self, key: RunKey, *, scenario: str) -> str:
        """Return the command that makes one run of the plan again, alone."""
        words = ["exitvoice", "run", scenario, "--scale", repr(self.scale), "--seed", str(self.seed_of(key))]
        for path, value in self.changes_of(key).items():
            words += ["--set", f"{path}={value if isinstance(value, str) else json.dumps(_plain(value))}"]
        return shlex.join(words)

    def record(self) -> dict[str, Any]:
        """Return the plan as plain data, without the scenario's text."""
        return {
            "format": FORMAT,
            "scenario": self.scenario.name,
            "scenario_hash": self.scenario.hash,
            "design": self.design,
            "scale": self.scale,
            "seed": self.seed,
            "replications": self.replications,
            "outputs": list(self.outputs),
            # pairs: changes are made in their order, and JSON objects keep none
            "variants": [
                {"name": v.name, "changes": [[path, _plain(value)] for path, value in v.changes.items()]}
                for v in self.variants
            ],
            "factors": [asdict(factor) for factor in self.factors],
            "points": self.points.tolist(),
            **({"asked": _plain(self.asked)} if self.asked is not None else {}),
        }

    @staticmethod
    def from_record(record: Mapping[str, Any], scenario: Scenario) -> Plan:
        """Make a plan of what `record` gave; KeyError, TypeError or ValueError where it is not that."""
        if record["format"] != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        if record["scenario_hash"] != scenario.hash:
            raise ValueError("the scenario beside it is not the one that was planned")
        factors = tuple(Factor(**factor) for factor in record["factors"])
        return Plan(
            scenario=scenario,
            scale=float(record["scale"]),
            seed=int(record["seed"]),
            variants=tuple(Variant(item["name"], dict(item["changes"])) for item in record["variants"]),
            factors=factors,
            points=np.array(record["points"], np.float64).reshape(-1, len(factors))
            if factors
            else np.zeros((len(record["points"]), 0)),
            replications=int(record["replications"]),
            outputs=tuple(record["outputs"]),
            design=str(record["design"]),
            asked=record.get("asked"),
        )


def changes_at(factors: Sequence[Factor], values: Iterable[float], variant: Variant) -> dict[str, object]:
    """Return a point's values by path, and after them the variant's changes."""
    at_point = {factor.path: _number(value) for factor, value in zip(factors, values, strict=True)}
    return at_point | dict(variant.changes)


def run_seed(seed: int, replication: int) -> int:
    """Return the seed of a replication; that of replication 0 is the plan's own.

    The others are 64 bits of SHA-256, so that the replications of two plans with neighbouring seeds share none.

    Examples
    --------
    >>> run_seed(7, 0)
    7
    """
    if replication == 0:
        return seed
    digest = hashlib.sha256(f"exitvoice replication {replication} of {seed}".encode("ascii")).digest()
    return int.from_bytes(digest[:8], "little")


def name_in_library(scenario: Scenario) -> str | None:
    """Return the name by which the library holds this very scenario, if it does."""
    if scenario.name not in list_scenarios():
        return None
    return scenario.name if load_scenario(scenario.name).hash == scenario.hash else None


def _mistakes_of(scenario: Scenario, changes: dict[str, object], where: str) -> list[Mistake]:
    try:
        world = scenario.with_changes(changes) if changes else scenario
    except InputError as problem:
        return [replace(mistake, file=where) for mistake in problem.mistakes]
    labels = ("sector_names", "rank_names", "region_names", "clock")
    return [
        Mistake(
            file=where,
            line=None,
            column=None,
            path=label.removesuffix("_names"),
            what="the worlds of an ensemble do not have the same labels",
            why="all runs of an ensemble lie in one dataset",
            mend="change values, rules and events, but keep the sectors, ranks, regions and the clock",
        )
        for label in labels
        if getattr(world, label) != getattr(scenario, label)
    ]


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    return value.isoformat() if isinstance(value, date) else value


def _number(value: float) -> float | int:
    # a field that wants a whole number refuses 2.0; one that takes fractions takes 2 as well
    return int(value) if float(value).is_integer() else float(value)
