"""Which worlds are run at which points: one ensemble a theory of expression and round, shared by all hypotheses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exitvoice.calibration import Posterior
from exitvoice.claims.load import Board, parameters_of
from exitvoice.claims.outcomes import KEPT
from exitvoice.claims.schema import Hypothesis, Worlds, clock_changes
from exitvoice.ensemble import Factor, Plan, Variant, factors_of, latin_hypercube
from exitvoice.ensemble.designs import Points
from exitvoice.hashing import content_hash
from exitvoice.scenario import Scenario, load_priors

THEORIES = ("kuran", "epstein", "self_censorship")
_OPEN_SIGN = "The sign is disputed, so the prior is made as wide on one side of zero as on the other."


@dataclass(frozen=True)
class Setting:
    """What all ensembles of a board share.

    Attributes
    ----------
    scenario : Scenario
        With the clock of the comparisons, what all worlds share, and disputed parameters free to take either sign.
    factors : tuple of Factor
    worlds : mapping of str to changes
    scale : float
    seed : int
    posterior : Posterior or None
        What takes the place of the priors of the assumptions it knows.
    """

    scenario: Scenario
    factors: tuple[Factor, ...]
    worlds: Mapping[str, Mapping[str, object]]
    scale: float
    seed: int
    posterior: Posterior | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Short names of the factors."""
        return tuple(short_name(factor.path) for factor in self.factors)


def short_name(path: str) -> str:
    """Return how a factor is called in words: a parameter's own name, the path of a rule's field."""
    return path.removeprefix("parameters.").removesuffix(".value")


def set_up(
    board: Board, scenario: Scenario, *, scale: float, seed: int, posterior: Posterior | None = None
) -> Setting:
    """Return what all ensembles of a board share."""
    contested = tuple(dict.fromkeys(name for item in board.testable for name in item.contested))
    priors = load_priors()
    # what no hypothesis asks of stays at the middle of the posterior
    changes: dict[str, object] = {} if posterior is None else posterior.assumptions(posterior.middle())
    changes |= clock_changes(board.worlds) | dict(board.worlds.common.changes)
    for name in contested:
        changes[f"parameters.{name}"] = {"value": priors[name].default, "assumed": _OPEN_SIGN}
    return Setting(
        scenario=scenario.with_changes(changes),
        factors=_factors(board.testable, board.worlds, scenario, contested),
        worlds={name: dict(world.changes) for name, world in board.worlds.worlds.items()},
        scale=scale,
        seed=seed,
        posterior=posterior,
    )


def plan_round(
    setting: Setting, worlds: Sequence[str], theory: str, *, points: int, label: str, only_first: int = 0
) -> Plan:
    """Return the ensemble of one theory in one round.

    Every round has points of its own, and every theory and round a seed of its own, so that chance is shared by the
    twins of a point, which are compared, and not by points that are counted.

    Parameters
    ----------
    worlds : sequence of str
        Names of the worlds to be run.
    theory : str
    points : int
        Points of the Latin hypercube.
    label : str
        Of the round; another label, other points and other chance.
    only_first : int
        Run only so many of the points, with another seed: the same assumptions under other chance.
    """
    of_points = derived_seed(setting.seed, "points", theory, label)
    drawn = _inferred(setting, latin_hypercube(setting.factors, points, seed=of_points), of_points)
    again = "again" if only_first else "first"
    return Plan(
        scenario=setting.scenario.with_changes({"theory": theory}),
        scale=setting.scale,
        seed=derived_seed(setting.seed, again, theory, label),
        variants=tuple(Variant(name, dict(setting.worlds[name])) for name in worlds),
        factors=setting.factors,
        points=drawn[:only_first] if only_first else drawn,
        replications=1,
        outputs=KEPT,
        design="latin-hypercube",
    )


def worlds_of(hypotheses: Sequence[Hypothesis]) -> tuple[str, ...]:
    """Return the worlds that some hypotheses need, each once."""
    return tuple(dict.fromkeys(name for item in hypotheses for name in item.worlds))


def derived_seed(*parts: object) -> int:
    """Return a seed that follows from some parts, and is another for other parts."""
    return int(content_hash({"claims": [str(part) for part in parts]})[:12], 16)


def _inferred(setting: Setting, points: Points, seed: int) -> Points:
    """Put joint draws of the posterior in the place of the priors' of the same assumptions."""
    if setting.posterior is None:
        return points
    drawn, names = setting.posterior.resampled(len(points), seed=seed), setting.posterior.names
    mixed = points.copy()
    for at, name in enumerate(setting.names):
        if name in names:
            mixed[:, at] = drawn[:, names.index(name)]
    return mixed


def _factors(
    hypotheses: Sequence[Hypothesis], worlds: Worlds, scenario: Scenario, contested: Sequence[str]
) -> tuple[Factor, ...]:
    paths = tuple(dict.fromkeys(path for item in hypotheses for path in parameters_of(item, worlds)))
    known = {
        factor.path: factor
        for factor in factors_of(scenario, [path for path in paths if path not in worlds.ranges])
    }
    for path, given in worlds.ranges.items():
        known[path] = Factor(path, given.low, given.high, given.title, "field")
    for name in contested:
        path = f"parameters.{name}"
        if path in known:
            reach = max(abs(known[path].low), abs(known[path].high))
            known[path] = replace(known[path], path=f"{path}.value", low=-reach, high=reach)
    return tuple(known[path] for path in paths)
