"""The synthetic people of a scenario: strata, units and how much each simulated person stands for.

`scale` thins whole units; a stratum keeps at least one unit. Every simulated person of a stratum stands
for the same number of real ones, so the head-counts of the scenario are met exactly.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from exitvoice.engine.columns import Population, Units
from exitvoice.engine.compile import compile_program
from exitvoice.engine.signals import SignalTables
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control.program import unit_program
from exitvoice.scenario import Scenario

TOO_FEW = 30  # simulated persons below which a stratum is too few to read

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """Units of all strata; a stratum is a sector in a region (row = sector * regions + region).

    Attributes
    ----------
    units : Units
    zeal : float32 array, shape (units,)
        A unit obeys a rule while its zeal is below the rule's coverage.
    leaning : float32 array, shape (units,)
        Uniform draw behind the unit's political leaning.
    simulated, weight : float64 arrays, shape (strata,)
        Simulated persons, and real persons that each of them stands for.
    """

    units: Units
    zeal: NDArray[np.float32]
    leaning: NDArray[np.float32]
    simulated: Floats
    weight: Floats
    sectors: int
    regions: int

    @cached_property
    def by_zeal(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Keys of units by stratum and then by zeal, sorted (see `zeal_keys`), and the units in that order."""
        keys = zeal_keys(self.units.stratum, self.zeal)
        order = np.argsort(keys, kind="stable")
        return keys[order], order

    @cached_property
    def first_by_zeal(self) -> NDArray[np.int64]:
        """Place in that order of the first unit of each stratum, shape (strata,)."""
        strata = np.arange(len(self.simulated))
        return np.searchsorted(self.by_zeal[0], zeal_keys(strata, np.zeros(len(strata), np.float32)))


def zeal_keys(stratum: NDArray[np.integer[Any]], zeal: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Whole numbers ordered as (stratum, zeal): the bits of reals that are not negative are ordered as they are."""
    bits = np.ascontiguousarray(zeal, np.float32).view(np.uint32)
    return (stratum.astype(np.uint64) << np.uint64(32)) | bits


def settle(scenario: Scenario, *, scale: float, seed: int) -> People:
    """Lay out the units of a scenario and draw their fixed traits."""
    wanted = head_counts(scenario)
    sizes, numbers, keys, strata, regions = [], [], [], [], []
    simulated = np.zeros(wanted.size)
    for place, sector in enumerate(scenario.sectors):
        for region, name in enumerate(scenario.region_names):
            row = place * len(scenario.regions) + region
            people = wanted[place, region] * scale
            if wanted[place, region] < 0.5:
                continue
            size = sector.unit_size if people >= sector.unit_size else max(1, round(people))
            count = max(1, round(people / size))
            simulated[row] = size * count
            sizes.append(np.full(count, size))
            numbers.append(np.arange(count))
            keys.append(np.full(count, crc32(f"{sector.name}/{name}".encode())))
            strata.append(np.full(count, row))
            regions.append(np.full(count, region))
    units = Units(
        offsets=np.concatenate([[0], np.cumsum(np.concatenate(sizes))]).astype(np.int64),
        number=np.concatenate(numbers).astype(np.uint32),
        key=np.concatenate(keys).astype(np.uint32),
        stratum=np.concatenate(strata).astype(np.int32),
        region=np.concatenate(regions).astype(np.int32),
    )
    zeal, leaning = unit_draws(units, seed)
    weight = np.divide(wanted.ravel(), simulated, out=np.zeros(wanted.size), where=simulated > 0)
    return People(units, zeal, leaning, simulated, weight, len(scenario.sectors), len(scenario.regions))


def head_counts(scenario: Scenario) -> Floats:
    """Real persons by sector and region."""
    return np.array(
        [[s.persons.value * share for share in scenario.region_shares(s)] for s in scenario.sectors]
    )


def unit_draws(units: Units, seed: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Zeal and leaning of each unit: pure functions of the seed and the unit's name."""
    program = unit_program()
    alone = Units(
        np.arange(units.count + 1, dtype=np.int64), units.number, units.key, units.stratum, units.region
    )
    drawn = Population.empty(program.layout, alone)
    none = np.zeros(0, np.float32)
    nothing = SignalTables(
        parameters=none,
        nation=none,
        region=np.zeros((1, 0), np.float32),
        stratum=np.zeros((1, 0), np.float32),
        unit=np.zeros((0, 1), np.float32),
        unit_rows=np.zeros((0, 1), np.int32),
        tables={},
    )
    threads = Threads(1)
    compile_program(program).run_stage(program.stages[0], drawn, nothing, seed=seed, step=0, threads=threads)
    return np.asarray(drawn.columns["zeal"], np.float32), np.asarray(drawn.columns["leaning"], np.float32)
