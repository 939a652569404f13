"""A posterior: weighted draws of the unknowns, what they were inferred from and how, and what the gate said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from exitvoice.calibration.figures import Floats
from exitvoice.ensemble import Factor


@dataclass(frozen=True)
class GateRecord:
    """What a gate said of the design by which a posterior was made.

    Attributes
    ----------
    passed : bool
    design : str
        Hash of the question, the method and its settings that were tested.
    reasons : tuple of str
        Why it did not pass; empty if it did.
    """

    passed: bool
    design: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of the unknowns that agree with data.

    Attributes
    ----------
    scenario, scenario_hash : str
        The world that was calibrated, with the changes of the targets.
    targets, question : str
        Name of the targets, and the content hash of what was asked.
    method, design : str
        'abc', 'bank' or 'neural', and the hash of question, method and settings, which the gate tests.
    factors : tuple of Factor
    values : array (draws, factors)
    weights : array (draws,)
        Sum to 1.
    made : mapping
        Settings, seed, simulations, versions: how it came about.
    gate : GateRecord or None
        None where no gate was run.
    """

    scenario: str
    scenario_hash: str
    targets: str
    question: str
    method: str
    design: str
    factors: tuple[Factor, ...]
    values: Floats
    weights: Floats
    made: Mapping[str, Any] = field(default_factory=dict)
    gate: GateRecord | None = None

    def __post_init__(self) -> None:
        if self.values.shape != (self.weights.size, len(self.factors)):
            raise ValueError(f"draws have the shape {self.values.shape}, not (draws, factors)")

    @property
    def names(self) -> tuple[str, ...]:
        """Short names of the unknowns."""
        return tuple(
            factor.path.removeprefix("parameters.").removesuffix(".value") for factor in self.factors
        )

    @property
    def may_be_used(self) -> bool:
        """Whether a verdict may rest on it: a gate tested this very design and let it pass."""
        return self.gate is not None and self.gate.passed and self.gate.design == self.design

    @property
    def why_not(self) -> str:
        """Why no verdict may rest on it, in a sentence; empty if one may."""
        if self.may_be_used:
            return ""
        if self.gate is None:
            return "No gate has tested the design by which this posterior was made."
        if self.gate.design != self.design:
            return "The gate tested another design than the one by which this posterior was made."
        return "The gate did not let it pass: " + "; ".join(self.gate.reasons) + "."

    @property
    def record(self) -> dict[str, object]:
        """What results that take it say of it, as plain data: which it was, and whether a verdict may rest on it."""
        draws = hashlib.sha256(np.ascontiguousarray(self.values, dtype="<f8").tobytes())
        draws.update(np.ascontiguousarray(self.weights, dtype="<f8").tobytes())
        return {
            "targets": self.targets,
            "question": self.question,
            "method": self.method,
            "design": self.design,
            "draws": draws.hexdigest()[:16],
            "may_be_used": self.may_be_used,
            "why_not": self.why_not,
        }

    @property
    def effective(self) -> float:
        """Effective number of draws."""
        return float(1.0 / (self.weights**2).sum())

    def resampled(self, count: int, *, seed: int) -> Floats:
        """Return draws of equal weight, (count, factors); systematic resampling in a drawn order."""
        generator = np.random.Generator(np.random.PCG64(seed))
        places = (np.arange(count) + generator.random()) / count
        chosen = np.searchsorted(np.cumsum(self.weights), places * (1.0 - 1e-12))
        chosen = np.minimum(chosen, self.weights.size - 1)
        return np.asarray(self.values[generator.permutation(chosen)])

    def middle(self) -> Floats:
        """Return the draw nearest the weighted mean, in units of the ranges: one world that stands for all."""
        widths = np.array([factor.high - factor.low for factor in self.factors])
        away = ((self.values - self.weights @ self.values) / widths) ** 2
        return np.asarray(self.values[int(away.sum(axis=1).argmin())])

    def assumptions(self, values: Floats) -> dict[str, object]:
        """Return a draw as changes of the scenario, each with the word on which it stands."""
        said = f"A draw of the posterior of the targets {self.targets} ({self.question})."
        return {
            f"parameters.{name}": {"value": float(value), "assumed": said}
            for name, value in zip(self.names, values, strict=True)
        }

    @property
    def drawn_factors(self) -> tuple[Factor, ...]:
        """The unknowns as factors of a world that has `assumptions` made."""
        return tuple(
            replace(factor, path=f"parameters.{name}.value")
            for name, factor in zip(self.names, self.factors, strict=True)
        )

    def quantile(self, share: float) -> Floats:
        """Return a weighted quantile of each unknown."""
        order = np.argsort(self.values, axis=0)
        found = []
        for column in range(len(self.factors)):
            cumulated = np.cumsum(self.weights[order[:, column]])
            at = min(int(np.searchsorted(cumulated, share)), self.weights.size - 1)
            found.append(self.values[order[at, column], column])
        return np.array(found)

    def contraction(self) -> Floats:
        """Return, for each unknown, 1 - variance of the posterior / variance of the prior (a uniform)."""
        variance = self.weights @ (self.values - self.weights @ self.values) ** 2
        prior = np.array([(factor.high - factor.low) ** 2 / 12.0 for factor in self.factors])
        return np.asarray(1.0 - variance / prior)
