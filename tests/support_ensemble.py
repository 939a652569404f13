"""Stand-ins for the simulation that ensembles can send to other processes, and a folder as plain bytes."""

import os
import signal
import time
from pathlib import Path

import numpy as np
import xarray as xr

from exitvoice.run.recorder import CELLS
from exitvoice.run.variables import NATION, REGIONS, RULES, SECTORS
from exitvoice.scenario import Scenario

FAILS_ABOVE, KILLS_ABOVE = 4.9, 4.8
"""Values of risk_aversion_tail at which the stand-in raises, or kills its worker."""


def quick(scenario: Scenario, *, seed: int, scale: float, threads: int) -> xr.Dataset:
    """Return made-up numbers that depend on the world and on the seed; a few milliseconds."""
    tail = scenario.values["risk_aversion_tail"]
    if tail > FAILS_ABOVE:
        raise ValueError(f"no numbers at {tail}")
    if tail > KILLS_ABOVE:
        os.kill(os.getpid(), signal.SIGKILL)
    return made_up(scenario, seed=seed, scale=scale, level=tail)


def slow(scenario: Scenario, *, seed: int, scale: float, threads: int) -> xr.Dataset:
    """Do the same in a tenth of a second."""
    time.sleep(0.1)
    return quick(scenario, seed=seed, scale=scale, threads=threads)


def made_up(scenario: Scenario, *, seed: int, scale: float = 1.0, level: float = 1.0) -> xr.Dataset:
    """Return a run with the labels of a real one."""
    random = np.random.default_rng(seed)
    steps = scenario.grid.steps
    sizes = {
        "time": steps,
        "sector": len(scenario.sectors),
        "rank": len(scenario.ranks),
        "region": len(scenario.regions),
        "rule": len(scenario.rules),
    }
    groups = (
        (CELLS, ("time", "sector", "rank")),
        (SECTORS, ("time", "sector")),
        (NATION, ("time",)),
        (REGIONS, ("time", "region")),
        (RULES, ("time", "rule")),
    )
    data = {
        variable.name: (dims, level * random.random([sizes[name] for name in dims], np.float32))
        for variables, dims in groups
        for variable in variables
    }
    coords = {
        "time": scenario.grid.starts.astype("datetime64[ns]"),
        "sector": list(scenario.sector_names),
        "rank": list(scenario.rank_names),
        "region": list(scenario.region_names),
        "rule": [rule.id for rule in scenario.rules],
    }
    return xr.Dataset(data, coords=coords, attrs={"simulated_persons": 1000, "scale": scale})


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder as bytes, by its path below it, but for the description, which bears a date."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "ro-crate-metadata.json"
    }
