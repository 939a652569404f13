"""Active citizens, step by step, of Mesa's shipped Epstein example: ``python -m benchmarks.peers.mesa_series W T``.

Prints W worlds of T steps as JSON, each with its numbers of citizens and cops, which the example draws cell by cell.
The parameters are NetLogo's (4 % cops, legitimacy .82, terms up to 30), which give many outbursts where the example's
own (terms up to 1,000) give few; everything else is as shipped.
"""

import json
import sys
from typing import Any

from mesa.examples.advanced.epstein_civil_violence.agents import Citizen, Cop
from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence


def series(seed: int, steps: int) -> dict[str, Any]:
    """One world."""
    model = EpsteinCivilViolence(cop_density=0.04, legitimacy=0.82, max_jail_term=30, seed=seed)
    kinds = model.agents_by_type
    active = []
    for _ in range(steps):
        model.step()
        active.append(int(model.ACTIVE))
    return {"citizens": len(kinds[Citizen]), "cops": len(kinds[Cop]), "active": active}


if __name__ == "__main__":
    worlds, length = (int(word) for word in sys.argv[1:3])
    print(json.dumps([series(seed, length) for seed in range(worlds)]))
