"""Looking at a world without touching it: who is aggrieved, who has a cop in view."""

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.grid import count_in_view
from exitvoice.models.reference.epstein.world import Epstein


def aggrieved(world: Epstein) -> NDArray[np.bool_]:
    """Agents whose grievance alone passes the threshold, H (1 - L) > T, shape (cops + agents,)."""
    grievance = world.hardship * np.float32(1.0 - world.setting.legitimacy)
    found = grievance > np.float32(world.setting.threshold)
    found[: world.cops] = False
    return np.asarray(found)


def cops_in_view(world: Epstein, who: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cops in view of some agents, shape (agents,)."""
    width = world.setting.width
    cells = world.cell[who].astype(np.int64)
    return np.array(
        [count_in_view(world.cop, world.masks, 0, int(at) % width, int(at) // width) for at in cells],
        np.int64,
    )
