"""The fewest assumptions that turn an answer: found among the points that were run, confirmed by runs of their own.

At the defaults the claim holds or it does not. Points at which it is the other way round lie somewhere in the space
of assumptions; their values of the assumptions that matter most are put into the defaults, one, two, three, four, and
the world is run. The first, smallest set that turns the answer is kept, with the command that runs it again.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from exitvoice.claims.design import THEORIES, Setting, short_name
from exitvoice.claims.evaluate import evaluate
from exitvoice.claims.findings import Counterexample, Finding, Move
from exitvoice.claims.judge import Sample
from exitvoice.claims.outcomes import KEPT
from exitvoice.claims.schema import Hypothesis
from exitvoice.ensemble import Plan, Variant
from exitvoice.results.folders import clear_errors, write_whole_file
from exitvoice.scenario import load_priors

Floats = NDArray[np.float64]
MOST_MOVES = 4
_SINGLES = 2


@dataclass(frozen=True)
class Candidate:
    """Values that may turn an answer, by path."""

    claim: str
    values: Mapping[str, float]

    def variants(self, hypothesis: Hypothesis, setting: Setting, number: int) -> tuple[Variant, ...]:
        """Return the worlds of the hypothesis with these values."""
        return tuple(
            Variant(_named(self.claim, number, world), settings_in(self.values, setting.worlds[world]))
            for world in hypothesis.worlds
        )


def settings_of(values: Mapping[str, float]) -> dict[str, object]:
    """Return values as changes of a scenario; outside the prior they need their reason."""
    priors = load_priors()
    changes: dict[str, object] = {}
    for path, value in values.items():
        prior = priors.get(short_name(path))
        if path.startswith("parameters.") and prior is not None:
            outside = not prior.low <= value <= prior.high
            reason = "The sign is disputed; the prior is made symmetric."
            changes[f"parameters.{prior.name}"] = {"value": value, "assumed": reason} if outside else value
        else:
            changes[path] = value
    return changes


def settings_in(values: Mapping[str, float], world: Mapping[str, object]) -> dict[str, object]:
    """Return values and a world's own changes as one; a value inside a rule that the world takes out is left out."""
    gone = tuple(f"{path}." for path, change in world.items() if change is None)
    staying = {path: value for path, value in values.items() if not path.startswith(gone)}
    return settings_of(staying) | dict(world)


def candidates(
    finding: Finding, samples: Sequence[Sample], setting: Setting, *, at_defaults: bool, most: int
) -> tuple[Candidate, ...]:
    """Return the sets of values worth a run, the smallest first.

    Parameters
    ----------
    finding : Finding
        With its hinges.
    samples : sequence of Sample
        What was run; only points of the scenario's own theory count.
    at_defaults : bool
        Whether the claim holds at the defaults.
    most : int
        Candidates at most.
    """
    order = [hinge.factor for hinge in finding.hinges if hinge.factor in setting.names]
    turned = _turned(samples, setting, at_defaults)
    if not turned.size or not order:
        return ()
    columns = [setting.names.index(name) for name in order]
    near = turned[np.argsort(_distance(turned, setting, columns))]
    chosen: list[Mapping[str, float]] = []
    for row in near[:_SINGLES]:
        chosen += [{setting.factors[at].path: float(row[at])} for at in columns[:_SINGLES]]
    for row in near[:_SINGLES]:
        for count in range(2, MOST_MOVES + 1):
            chosen.append({setting.factors[at].path: float(row[at]) for at in columns[:count]})
    unique = {tuple(sorted(values.items())): values for values in chosen}
    ordered = sorted(unique.values(), key=len)
    return tuple(Candidate(finding.claim, values) for values in _spread(ordered, most))


def _spread(ordered: list[Mapping[str, float]], most: int) -> list[Mapping[str, float]]:
    """Keep the smallest, and the largest too: it is the one most likely to turn."""
    if len(ordered) <= most:
        return ordered
    return [*ordered[: most - 1], ordered[-1]]


def default_plan(
    setting: Setting, hypotheses: Sequence[Hypothesis], worlds: Sequence[str], seed: int
) -> Plan:
    """Return the runs of every world at the defaults."""
    return _plan(setting, [Variant(name, dict(setting.worlds[name])) for name in worlds], seed)


def candidate_plan(
    setting: Setting,
    chosen: Mapping[str, Sequence[Candidate]],
    hypotheses: Mapping[str, Hypothesis],
    seed: int,
) -> Plan:
    """Return the runs of every candidate."""
    variants = [
        variant
        for claim, items in chosen.items()
        for number, item in enumerate(items)
        for variant in item.variants(hypotheses[claim], setting, number)
    ]
    return _plan(setting, variants, seed)


def first_turned(
    hypothesis: Hypothesis, chosen: Sequence[Candidate], data: xr.Dataset, *, at_defaults: bool
) -> Candidate | None:
    """Return the smallest candidate whose run turned the answer, if one did."""
    for number, candidate in enumerate(chosen):
        names = [_named(hypothesis.claim, number, world) for world in hypothesis.worlds]
        own = data.sel(variant=names).assign_coords(variant=list(hypothesis.worlds))
        truth = float(evaluate(hypothesis, own).truth[0, 0])
        if truth == float(not at_defaults):
            return candidate
    return None


def holds_at_defaults(hypothesis: Hypothesis, data: xr.Dataset) -> bool | None:
    """Tell whether a hypothesis holds at the defaults; None where that cannot be measured."""
    truth = float(evaluate(hypothesis, data).truth[0, 0])
    return None if np.isnan(truth) else bool(truth)


def keep(
    candidate: Candidate,
    hypothesis: Hypothesis,
    setting: Setting,
    defaults: Mapping[str, float],
    *,
    at_defaults: bool,
    folder: Path,
    seed: int,
) -> Counterexample:
    """Write the counter-example's worlds as scenarios, and return it with the command that runs them again."""
    decisive = hypothesis.parts[-1]
    names = [name for name in (decisive.world, decisive.intervention) if name]
    files = [folder / f"{hypothesis.claim}-{name}.yaml" for name in names]
    with clear_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, path in zip(names, files, strict=True):
        changes = settings_in(candidate.values, setting.worlds[name])
        write_whole_file(path, setting.scenario.with_changes(changes).text)
    verb = "compare" if len(files) > 1 else "run"
    words = ["exitvoice", verb, *map(str, files), "--scale", f"{setting.scale:g}", "--seed", str(seed)]
    titles = {factor.path: factor.title for factor in setting.factors}
    moves = tuple(
        Move(short_name(path), titles.get(path, ""), defaults[path], value)
        for path, value in candidate.values.items()
    )
    return Counterexample(at_defaults, moves, shlex.join(words))


def _plan(setting: Setting, variants: Sequence[Variant], seed: int) -> Plan:
    return Plan(
        scenario=setting.scenario,
        scale=setting.scale,
        seed=seed,
        variants=tuple(variants),
        outputs=KEPT,
        design="defaults and what turns them",
    )


def _named(claim: str, number: int, world: str) -> str:
    return f"{claim}/{number}/{world}"


def _turned(samples: Sequence[Sample], setting: Setting, at_defaults: bool) -> Floats:
    rows = [
        sample.points[sample.answers.truth[:, 0] == float(not at_defaults)]
        for sample in samples
        if sample.theory == setting.scenario.theory
    ]
    assert setting.scenario.theory in THEORIES
    return np.concatenate(rows) if rows else np.zeros((0, len(setting.factors)))


def _distance(points: Floats, setting: Setting, columns: Sequence[int]) -> Floats:
    """Distance from the defaults over the assumptions that matter, each in units of its range."""
    values = setting.scenario.values
    total = np.zeros(points.shape[0])
    for at in columns:
        factor = setting.factors[at]
        middle = values.get(short_name(factor.path), (factor.low + factor.high) / 2)
        total += np.abs(points[:, at] - middle) / (factor.high - factor.low)
    return total
