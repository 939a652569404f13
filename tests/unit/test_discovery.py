"""PRIM on boxes that were planted, and where there is none."""

import numpy as np
import pytest

from exitvoice.analysis.discovery import prim

NAMES = [f"x{at}" for at in range(30)]


def planted(seed: int, flips: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    points = random.random((200, len(NAMES)))
    truth = (points[:, 3] > 0.5) & (points[:, 7] < 0.6)
    return points, truth ^ (random.random(200) < flips)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("flips", [0.0, 0.04])
def test_a_planted_box_is_found(seed: int, flips: float) -> None:
    points, truth = planted(seed, flips)
    box = prim(points, truth, NAMES, seed=seed)
    limits = {limit.factor: limit for limit in box.limits if limit.stability > 0.8}
    assert set(limits) == {"x3", "x7"}
    assert limits["x3"].low == pytest.approx(0.5, abs=0.1)
    assert limits["x3"].high is None
    assert limits["x7"].high == pytest.approx(0.6, abs=0.1)
    assert limits["x7"].low is None
    assert box.density > 0.85
    assert box.coverage > (0.9 if flips == 0.0 else 0.7)
    assert box.stability > 0.8


@pytest.mark.parametrize("seed", range(4))
def test_where_there_is_no_box_none_comes_back(seed: int) -> None:
    random = np.random.default_rng(seed)
    box = prim(random.random((150, 30)), random.random(150) < 0.4, NAMES, seed=seed)
    assert all(limit.stability < 0.7 for limit in box.limits)
    assert box.stability < 0.6


def test_a_category_is_cut_between_its_values() -> None:
    random = np.random.default_rng(1)
    points = np.column_stack([random.integers(0, 2, 120), random.random(120)]).astype(float)
    box = prim(points, points[:, 0] == 1.0, ["is kuran", "other"])
    assert [(limit.factor, limit.low) for limit in box.limits] == [("is kuran", 1.0)]
    assert box.density == box.coverage == 1.0


def test_nothing_to_tell_apart() -> None:
    points = np.random.default_rng(1).random((40, 2))
    for truth in (np.ones(40, bool), np.zeros(40, bool)):
        assert prim(points, truth, ["a", "b"]).limits == ()
    with pytest.raises(ValueError, match="do not belong together"):
        prim(points, np.ones(39, bool), ["a", "b"])
