"""Many runs: a plan that is registered before it starts, executors that lose nothing, one dataset at the end."""

from importlib import import_module
from typing import TYPE_CHECKING

from exitvoice.ensemble.execute import Ensemble, execute, resume
from exitvoice.ensemble.factors import Factor, factors_of
from exitvoice.ensemble.placement import Placement, choose_placement
from exitvoice.ensemble.plan import Plan, RunKey, Variant, run_seed
from exitvoice.ensemble.reading import Failed, read_ensemble, read_failures, read_plan

if TYPE_CHECKING:
    from exitvoice.ensemble.designs import grid, latin_hypercube, morris, replications, sobol

__all__ = [
    "Ensemble",
    "Factor",
    "Failed",
    "Placement",
    "Plan",
    "RunKey",
    "Variant",
    "choose_placement",
    "execute",
    "factors_of",
    "grid",
    "latin_hypercube",
    "morris",
    "read_ensemble",
    "read_failures",
    "read_plan",
    "replications",
    "resume",
    "run_seed",
    "sobol",
]

_DESIGNS = frozenset({"grid", "latin_hypercube", "morris", "replications", "sobol"})


def __getattr__(name: str) -> object:
    # Every worker process imports this package, and none needs scipy.stats: nearly half of a worker's start.
    if name not in _DESIGNS:
        raise AttributeError(f"module 'exitvoice.ensemble' has no attribute {name!r}")
    value: object = getattr(import_module("exitvoice.ensemble.designs"), name)
    globals()[name] = value
    return value
