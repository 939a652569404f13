"""How a run was made: the world, what was changed in it, scale and seed."""

from exitvoice.evidence import Ledger
from exitvoice.scenario import Scenario
from exitvoice.scenario.parts import differing_parts
from exitvoice.trace.node import Node
from exitvoice.trace.persons import trace_part

_CHOICE = "a choice of whoever ordered it"


def trace_run(
    scenario: Scenario, base: Scenario | None, ledger: Ledger, *, scale: float, seed: int, runs: int = 1
) -> Node:
    """Return a run: its scenario with what was changed in it, its scale and its first seed.

    Parameters
    ----------
    scenario : Scenario
        What was run.
    base : Scenario or None
        What it was made from, if that is known: the parts that differ are named.
    ledger : Ledger
    scale : float
        Simulated persons for each real one.
    seed : int
    runs : int
        How many, each with the next seed.
    """
    changed = () if base is None else tuple(differing_parts(base.tree, scenario.tree))
    times = "once" if runs == 1 else f"{runs} times"
    says = (
        f"{scenario.title} simulated {times}, with {scale:g} simulated persons for each real one, "
        f"{'seed' if runs == 1 else 'first seed'} {seed}; scenario hash {scenario.hash[:12]}; "
        f"{'changed: ' + ', '.join(changed) if changed else 'nothing changed in the world'}"
    )
    return Node("run", scenario.name, says, tuple(_changed(path, scenario, ledger) for path in changed))


def _changed(path: str, scenario: Scenario, ledger: Ledger) -> Node:
    found = trace_part(path, scenario, ledger)
    return (
        Node("changed", path, _CHOICE) if found is None else Node("changed", path, found.says, found.beneath)
    )
