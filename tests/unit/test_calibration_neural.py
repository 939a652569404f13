"""The neural posterior: it learns from a bank, follows from the seed, and leaves no logs behind."""

import numpy as np
import pytest

from exitvoice.calibration.bank import Bank, prior_draws
from exitvoice.calibration.cheap import FACTORS, counts
from support_calibration import TRUTH, cheap_observed

pytest.importorskip("sbi")
pytestmark = pytest.mark.long  # importing torch and training take half a minute


def test_a_flow_finds_the_wish_and_writes_no_logs(tmp_path, monkeypatch):
    from exitvoice.calibration.neural import Flow

    monkeypatch.chdir(tmp_path)
    values = prior_draws(FACTORS, 600, seed=1)
    vectors = counts(values, np.random.default_rng(1))
    ranges = np.array([(factor.low, factor.high) for factor in FACTORS])
    flow = Flow(Bank(values, vectors, vectors), ranges, np.ones(vectors.shape[1], bool), seed=1)
    draws = flow.draws(cheap_observed(), 400, seed=2)
    assert (draws >= ranges[:, 0]).all()
    assert (draws <= ranges[:, 1]).all()
    assert abs(draws[:, 0].mean() / TRUTH[0] - 1.0) < 0.3
    assert draws[:, 0].std() < 0.5 * np.ptp(ranges[0]) / np.sqrt(12.0)
    assert (draws == flow.draws(cheap_observed(), 400, seed=2)).all()
    assert not list(tmp_path.iterdir())
