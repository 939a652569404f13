"""Functions whose Sobol indices are known in closed form, alone and as a stand-in for the simulation."""

import numpy as np
import xarray as xr

from exitvoice.ensemble import Factor, factors_of
from exitvoice.scenario import Scenario, load_scenario
from support_ensemble import made_up

# Ishigami and Homma 1990 with a = 7, b = 0.1; indices of Saltelli et al. 2008, Global Sensitivity Analysis, section 4.
ISHIGAMI = tuple(Factor(f"parameters.x{at}", -np.pi, np.pi) for at in (1, 2, 3))
ISHIGAMI_FIRST = (0.3139, 0.4424, 0.0)
ISHIGAMI_TOTAL = (0.5576, 0.4424, 0.2437)
# Sobol' 1993, product of (|4x - 2| + a) / (1 + a).
WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0])
SOBOL_G = tuple(Factor(f"parameters.x{at}", 0.0, 1.0) for at in range(len(WEIGHTS)))


def ishigami(points: np.ndarray) -> np.ndarray:
    one, two, three = points.T
    return np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one)


def sobol_g(points: np.ndarray) -> np.ndarray:
    return np.prod((np.abs(4 * points - 2) + WEIGHTS) / (1 + WEIGHTS), axis=1)


def sobol_g_indices() -> tuple[np.ndarray, np.ndarray]:
    part = 1 / (3 * (1 + WEIGHTS) ** 2)
    whole = np.prod(1 + part) - 1
    first = part / whole
    total = np.array([part[at] * np.prod(np.delete(1 + part, at)) for at in range(len(part))]) / whole
    return first, total


def as_run(scenario: Scenario, *, seed: int, scale: float, threads: int) -> xr.Dataset:
    """A run whose only number, the share opposed, is Ishigami's function of three parameters of its world."""
    at = np.array([[scenario.values[factor.name] for factor in THREE]])
    low, high = (np.array([getattr(factor, end) for factor in THREE]) for end in ("low", "high"))
    data = made_up(scenario, seed=seed)
    for name in data.data_vars:
        data[name].values[:] = 1.0
    data["opposed"].values[:] = ishigami(np.pi * (2 * (at - low) / (high - low) - 1))[0]
    return data


THREE = factors_of(load_scenario("minimal"), ["risk_aversion_tail", "run_gain", "opposition_shift"])
