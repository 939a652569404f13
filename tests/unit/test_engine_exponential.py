"""The exponential that compiled loops run on all lanes, against NumPy's."""

import numpy as np
import pytest

from exitvoice.engine.exponential import LEAST, exponential

DRAWS = np.random.default_rng(5)
ARGUMENTS = {
    "all": -DRAWS.random(200_000) * 708.0,
    "near nothing": -np.exp(-40.0 * DRAWS.random(20_000)),
    "where the whole part turns": np.arange(-2042.0, 1.0) * np.log(2.0) / 2.0,
    "large": DRAWS.random(20_000) * 709.0,
}


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_it_is_within_two_units_of_the_last_place(kind):
    x = ARGUMENTS[kind]
    wanted = np.exp(x)
    assert (np.abs(exponential(x) - wanted) / np.spacing(wanted)).max() <= 2.0


def test_ends():
    assert exponential(np.zeros(1))[0] == 1.0
    held = exponential(np.array([LEAST, -709.0, -1e6, -np.inf]))
    assert np.all(held == held[0]) and 0.0 < held[0] < 1e-307
    with np.errstate(invalid="ignore"):
        assert np.isnan(exponential(np.array([np.nan])))[0]  # an error upstream is not to look like no weight
