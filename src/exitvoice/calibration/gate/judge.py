"""What the gate says: every test with its figure, and whether all of them are passed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from exitvoice.calibration.gate.misspecified import Misspecification
from exitvoice.calibration.gate.predictive import Predictive
from exitvoice.calibration.gate.ranks import envelope_of
from exitvoice.calibration.gate.replicate import DRAWS, Replications

LEVEL = 0.95
"""Simultaneous over all unknowns: a right posterior fails the ranks once in twenty gates."""
LEAST_REPLICATIONS = 200
"""Fewer see too little: ranks that are off pass for uniform."""
TOLD = 0.1
"""Mean contraction from which an unknown counts as informed: assumed; a tenth of the prior's variance."""
RECOVERED = 0.05
"""Least share of the variance of truths that the means of an informed unknown explain."""
STRANGE = 0.05
"""Chance below which data count as foreign to the model, or a prediction as failed."""


@dataclass(frozen=True)
class Unknown:
    """What the replications say of one unknown.

    `contraction` is the mean over replications, with an interval of 95 % of that mean; `recovery` the share of the
    variance of truths that the posterior means explain.
    """

    name: str
    is_calibrated: bool
    contraction: float
    low: float
    high: float
    recovery: float

    @property
    def is_informed(self) -> bool:
        """Whether the data tell anything of it."""
        return self.low > 0.0 and self.contraction >= TOLD


@dataclass(frozen=True)
class Finding:
    """The gate's word on a design.

    Attributes
    ----------
    design : str
    replications : int
    unknowns : tuple of Unknown
    predictive, misspecification : chances or None
        None where the design was tested on a model that has no data.
    reasons : tuple of str
        Why it does not pass; empty if it does.
    """

    design: str
    replications: int
    unknowns: tuple[Unknown, ...]
    predictive: float | None = None
    strangeness: float | None = None
    reasons: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether a verdict may rest on posteriors of this design."""
        return not self.reasons


def judge_gate(
    replications: Replications,
    names: tuple[str, ...],
    *,
    design: str,
    predictive: Predictive | None = None,
    misspecification: Misspecification | None = None,
) -> Finding:
    """Return what the gate says of a design from its replications and, where there are data, two tests on them."""
    bands = envelope_of(len(replications.truths), DRAWS, level=1.0 - (1.0 - LEVEL) / len(names))
    told, recovery = replications.contraction, replications.recovery
    unknowns = []
    for at, name in enumerate(names):
        mean = float(told[:, at].mean())
        half = 1.96 * float(told[:, at].std(ddof=1)) / np.sqrt(len(told))
        unknowns.append(
            Unknown(
                name,
                bands.holds(replications.ranks[:, at], DRAWS),
                mean,
                mean - half,
                mean + half,
                float(recovery[at]),
            )
        )
    finding = Finding(
        design=design,
        replications=len(told),
        unknowns=tuple(unknowns),
        predictive=None if predictive is None else predictive.chance,
        strangeness=None if misspecification is None else misspecification.chance,
    )
    return Finding(**(vars(finding) | {"reasons": _reasons(finding)}))


def _reasons(finding: Finding) -> tuple[str, ...]:
    off = [unknown.name for unknown in finding.unknowns if not unknown.is_calibrated]
    told = [unknown for unknown in finding.unknowns if unknown.is_informed]
    lost = [unknown.name for unknown in told if unknown.recovery < RECOVERED]
    reasons = [f"ranks are not uniform ({', '.join(off)})"] if off else []
    if finding.replications < LEAST_REPLICATIONS:
        reasons.append(f"{finding.replications} replications are too few, {LEAST_REPLICATIONS} are needed")
    if not told:
        reasons.append("no unknown is told more of than its prior says (no contraction)")
    if lost:
        reasons.append(f"truths are not found again ({', '.join(lost)})")
    if finding.predictive is not None and finding.predictive < STRANGE:
        reasons.append(f"its predictions miss what was fitted (chance {finding.predictive:.3f})")
    if finding.strangeness is not None and finding.strangeness < STRANGE:
        reasons.append(f"no assumptions of the model give such data (chance {finding.strangeness:.3f})")
    return tuple(reasons)
