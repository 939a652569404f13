"""Calls a person mechanism with plain numbers: defaults from the priors, 0 for whatever is not named.

Reals are 32-bit, as in the compiled loops and the oracle; a division by zero gives an infinity there, so no warning
is raised here either.
"""

from typing import Any

import numpy as np

from exitvoice.engine.rule import Rule
from exitvoice.scenario import load_priors

WEEK = 7 / 365.25
YEAR = 1.0

DEFAULTS: dict[str, Any] = {
    **{name: prior.default for name, prior in load_priors().items()},
    "dt": WEEK,
    "permit_valid_steps": 13.0,
    "caught_custody_steps": 26.0,
    "sanction_custody_steps": 104.0,
    "mean_retired_steps": 652.0,
    "policy_force": 1.0,
    "trips_allowed": 3,
    "longest_trip": 255,
    "displayed_loyalty": 1.0,
    "issuing_share": 1.0,
    "hope_visit": 1.0,
    "hope_leave": 1.0,
    "served_chance": 1.0,
    "visit_offices": 8.0,
    "doubt": 1.0,
    "opposition_dt": WEEK,
    "step": 0,
    "candour": 1.0,
    "scruple": 1.0,
    "confidence": 0.9,
    "detection": 0.9,
    "custody_days": 0,
}

TRUTHS = (
    "restricted", "ban", "custody", "invalidate", "opaque", "conceals", "renewed", "faction", "relative", "vacates",
    "found_out", "refused", "granted", "served", "withdrew", "let_go", "seeks", "slips", "flees", "out_visit",
    "out_try", "out_leave", "investigated", "approval",
)  # fmt: skip


def apply(rule: Rule, **given: Any) -> dict[str, Any]:
    """What a rule writes, by name."""
    unknown = set(given) - set(rule.reads)
    assert not unknown, f"{rule.name} reads no {sorted(unknown)}"
    values = {name: False if name in TRUTHS else 0 for name in rule.reads} | {
        name: DEFAULTS[name] for name in rule.reads if name in DEFAULTS
    }
    values |= {name: 1.0 for name in rule.reads if name.endswith("_on")}  # strengths of mechanisms
    numbers = {name: np.float32(v) if isinstance(v, float) else v for name, v in (values | given).items()}
    with np.errstate(all="ignore"):
        written = rule(**numbers)
    written = written if isinstance(written, tuple) else (written,)
    assert len(written) == len(rule.writes)
    return dict(zip(rule.writes, written, strict=True))
