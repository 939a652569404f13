"""Which kinds of person a rule binds: kin, class of service, rank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from exitvoice.scenario.rules import Rule

SERVING, RETIRED_CLASSES, RANKS = 0, (1, 2, 3), 4


def thresholds_of(rules: Iterable[Rule]) -> tuple[float, ...]:
    """Return the distinct years since office by which rules tell the retired apart, sorted; at most two."""
    years = {rule.applies_to.years_since_office for rule in rules} | {
        rule.cooling_off_years for rule in rules
    }
    found = tuple(sorted(year for year in years if year is not None))
    if len(found) > len(RETIRED_CLASSES) - 1:
        raise ValueError(f"rules name {len(found)} numbers of years since office; two are possible")
    return found


def reach_of(rule: Rule, ranks: Sequence[str], thresholds: Sequence[float]) -> npt.NDArray[np.bool_]:
    """Return which cells (2 kin, 4 classes, 4 ranks) a rule binds.

    Ranks beyond those of the scenario are never bound. A rule on relatives of the listed binds kin 1 only.
    """
    scope = rule.applies_to
    bound_ranks = np.array(
        [name in (scope.ranks or ranks) for name in ranks] + [False] * (RANKS - len(ranks))
    )
    bound_kin = np.array([not scope.relatives_of_listed, True])
    bound_classes = np.array(
        [_binds_class(rule, number, thresholds) for number in (SERVING, *RETIRED_CLASSES)]
    )
    cells = bound_kin[:, None, None] & bound_classes[None, :, None] & bound_ranks[None, None, :]
    return np.asarray(cells, dtype=np.bool_)


def _binds_class(rule: Rule, number: int, thresholds: Sequence[float]) -> bool:
    service = rule.applies_to.service
    if number == SERVING:
        return service != "retired"
    longest = thresholds[number - 1] if number <= len(thresholds) else float("inf")
    if service == "serving":
        return rule.cooling_off_years is not None and longest <= rule.cooling_off_years
    limit = rule.applies_to.years_since_office
    return limit is None or longest <= limit
