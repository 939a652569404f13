"""From an ensemble's numbers to met, narrow or missed, by rules fixed beforehand.

met       the middle of the seeds and nine of ten seeds lie within the tolerance, and so do half of the draws or more
narrow    the middle of the seeds lies within it, but chance reaches outside, or fewer than half of the draws lie inside
missed    the middle of the seeds lies outside
reported  there is no pass mark
untested  there is no number

Where a test says so, or no seed has a number (nobody protests at the defaults, say) but ten draws or more have one, the
draws are judged: met if half of those with a number lie within the tolerance, narrow if a quarter, else missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr

from exitvoice.analysis.patterns.findings import Number, Outcome, Verdict, number
from exitvoice.analysis.patterns.measures import Estimate, of_draws, of_runs, profile
from exitvoice.analysis.patterns.quantities import Floats
from exitvoice.analysis.patterns.schema import OVER_DRAWS, Compare, Interior, Test, Tolerance

ENOUGH = 0.5
"""Share of the draws that must lie within the tolerance for a pattern to be more than narrowly met."""
A_FEW = 0.25
LEAST_DRAWS = 10


def judge(test: Test, data: Mapping[str, xr.Dataset], *, seed: int = 0) -> Outcome:
    """Return what a test gave.

    Parameters
    ----------
    test : Test
    data : mapping of str to Dataset
        The study's ensembles, `defaults` and, where something varies, `prior`.
    seed : int
        For resampling draws.
    """
    if test.comparison.kind in OVER_DRAWS:
        return _of_draws(test, of_draws(test.comparison, data["prior"], seed=seed))
    assert isinstance(test.comparison, Compare | Interior)
    seeds = of_runs(test.comparison, data["defaults"]).ravel()
    draws = of_runs(test.comparison, data["prior"])[:, 0] if "prior" in data else np.zeros(0)
    return _of_runs(test, seeds, draws, data["defaults"])


def is_inside(value: float, tolerance: Tolerance) -> bool:
    """Tell whether a value lies within a tolerance; what has no value does not."""
    low = -np.inf if tolerance.low is None else tolerance.low
    high = np.inf if tolerance.high is None else tolerance.high
    return bool(low <= value <= high)


def verdict_of(
    value: float, interval: tuple[float, float], share: float | None, tolerance: Tolerance | None
) -> Verdict:
    """Return the verdict on a value, its interval, and the share of draws within the tolerance."""
    if np.isnan(value):
        return "untested"
    if tolerance is None:
        return "reported"
    if not is_inside(value, tolerance):
        return "missed"
    is_firm = all(is_inside(end, tolerance) for end in interval)
    return "met" if is_firm and (share is None or share >= ENOUGH) else "narrow"


def _of_draws(test: Test, found: Estimate) -> Outcome:
    verdict = verdict_of(found.value, (found.low, found.high), None, test.tolerance)
    return _outcome(test, verdict, _Numbers((found.value, found.low, found.high), found.counted))


def _of_runs(test: Test, seeds: Floats, draws: Floats, data: xr.Dataset) -> Outcome:
    known = draws[~np.isnan(draws)]
    share = None
    if test.tolerance is not None and known.size:
        share = float(np.mean([is_inside(value, test.tolerance) for value in known]))
    has_draws = known.size >= LEAST_DRAWS
    is_by_draws = bool(test.judged_by == "draws" or (np.isnan(seeds).all() and has_draws))
    middle, low, high = _quantiles(known if is_by_draws else seeds, (0.5, 0.05, 0.95))
    verdict = verdict_of(middle, (low, high), share, test.tolerance)
    if is_by_draws and share is not None:
        verdict = _by_draws(share)
    numbers = _Numbers(
        (middle, low, high),
        counted=int(known.size if is_by_draws else np.isfinite(seeds).sum()),
        is_by_draws=is_by_draws,
        prior=_quantiles(known, (0.05, 0.5, 0.95)) if known.size else (),
        share=share,
        values=tuple(number(value) for value in known),
        shape=_profile(test, data),
    )
    return _outcome(test, verdict, numbers)


def _by_draws(share: float) -> Verdict:
    if share >= ENOUGH:
        return "met"
    return "narrow" if share >= A_FEW else "missed"


def _quantiles(values: Floats, at: tuple[float, ...]) -> tuple[float, ...]:
    # without interpolation: a ratio to nothing is infinite, and infinity has no neighbours to average
    known = values[~np.isnan(values)]
    if not known.size:
        return tuple(np.nan for _ in at)
    method: Literal["median_unbiased", "nearest"] = (
        "median_unbiased" if np.isfinite(known).all() else "nearest"
    )
    return tuple(float(value) for value in np.quantile(known, at, method=method))


def _profile(test: Test, data: xr.Dataset) -> tuple[tuple[Number, Number, Number, Number], ...]:
    if not isinstance(test.comparison, Interior):
        return ()
    along, height = (part[:, 0, :] for part in profile(test.comparison, data))
    order = np.argsort(np.median(along, axis=1))
    return tuple(
        (
            number(float(np.median(along[world]))),
            number(float(height[world].min())),
            number(float(np.median(height[world]))),
            number(float(height[world].max())),
        )
        for world in order
    )


@dataclass(frozen=True)
class _Numbers:
    """What a test gave, before it is put beside what was observed."""

    found: tuple[float, float, float]
    counted: int
    is_by_draws: bool = False
    prior: tuple[float, ...] = ()
    share: float | None = None
    values: tuple[Number, ...] = ()
    shape: tuple[tuple[Number, Number, Number, Number], ...] = ()


def _outcome(test: Test, verdict: Verdict, numbers: _Numbers) -> Outcome:
    comparison, observed, tolerance = test.comparison, test.observed, test.tolerance
    value, low, high = (number(part) for part in numbers.found)
    return Outcome(
        name=test.name,
        title=test.title,
        kind=comparison.kind,
        role=test.role,
        unit=test.unit,
        is_ratio=isinstance(comparison, Compare) and comparison.measure.by == "ratio",
        verdict=verdict,
        value=value,
        low=low,
        high=high,
        prior=tuple(number(part) for part in numbers.prior),
        prior_share=numbers.share,
        counted=numbers.counted,
        is_by_draws=numbers.is_by_draws,
        values=numbers.values,
        profile=numbers.shape,
        observed=observed.says,
        observed_value=observed.value,
        observed_low=observed.low,
        observed_high=observed.high,
        sources=observed.evidence,
        tolerance_low=tolerance.low if tolerance else None,
        tolerance_high=tolerance.high if tolerance else None,
        tolerance_why=tolerance.why if tolerance else "",
        thought=(test.if_missed or "") if verdict in ("missed", "narrow", "reported") else "",
    )
