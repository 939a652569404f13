"""Defaults that follow from statements by arithmetic, worked out anew: a changed statement gives another default."""

from __future__ import annotations

import math
from collections.abc import Mapping

from exitvoice.evidence import Ledger, Statement
from exitvoice.evidence.figures import figure
from exitvoice.scenario.priors import Derivation, Prior, load_priors
from exitvoice.scenario.schema import Scenario

_PREFIX = "parameters."


def derived_default(derivation: Derivation, ledger: Ledger) -> float | None:
    """Return what a default comes to with the statements of a ledger; None where one of them holds no number.

    Examples
    --------
    >>> from exitvoice.evidence import load_ledger
    >>> derived_default(load_priors()["informants"].derived, load_ledger())
    0.0115
    """
    numbers = [_number(name, ledger) for name in derivation.records]
    above, below = numbers[0], numbers[1] if len(numbers) > 1 else 1.0
    if above is None or not below:
        return None
    return _rounded(above / below * derivation.times, derivation.digits)


def derived_anew(ledger: Ledger) -> dict[str, tuple[Prior, float]]:
    """Return the priors whose default is no longer what their statements give, each with what these give today."""
    found = {}
    for name, prior in load_priors().items():
        value = None if prior.derived is None else derived_default(prior.derived, ledger)
        if value is not None and not math.isclose(value, prior.default, rel_tol=1e-9):
            found[name] = (prior, value)
    return found


def derived_changes(scenario: Scenario, ledger: Ledger) -> Mapping[str, object]:
    """Return the changes that give a scenario today's derived defaults; what it sets itself stays."""
    return {
        f"{_PREFIX}{name}": {
            "value": value,
            "evidence": list(prior.derived.records if prior.derived else ()),
            "assumed": prior.assumed or "Derived from these statements",
        }
        for name, (prior, value) in derived_anew(ledger).items()
        if name not in scenario.parameters
    }


def _number(name: str, ledger: Ledger) -> float | None:
    record = ledger.statements.get(name)
    found = figure(record) if isinstance(record, Statement) else None
    return None if found is None else found.number


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")
