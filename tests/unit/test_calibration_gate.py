"""The gate: what must pass does, and a posterior too narrow, a wrong simulator and the prior itself do not."""

import numpy as np
import pytest

from exitvoice.calibration.bank import Bank, prior_draws
from exitvoice.calibration.cheap import FACTORS, counts
from exitvoice.calibration.gate import envelope_of, judge_gate, replicate
from exitvoice.calibration.gate.misspecified import check_data
from exitvoice.calibration.gate.predictive import check_predictions
from exitvoice.calibration.gate.ranks import rank_of
from exitvoice.calibration.gate.replicate import halved, nearest, of_prior
from support_calibration import TRUTH

NAMES = tuple(factor.name for factor in FACTORS)
RANGES = np.array([(factor.low, factor.high) for factor in FACTORS])
SIZE, KEPT, COUNT = 20_000, 100, 500


@pytest.fixture(scope="module")
def bank():
    values = prior_draws(FACTORS, SIZE, seed=1)
    vectors = counts(values, np.random.default_rng(1))
    return Bank(values, vectors, vectors)


def gate(bank, infer, *, seed=1, **kwargs):
    return judge_gate(replicate(bank, RANGES, infer, count=COUNT, seed=seed, **kwargs), NAMES, design="d")


def test_the_right_design_passes(bank):
    found = gate(bank, nearest(RANGES, KEPT))
    assert found.passed, found.reasons
    assert found.replications == COUNT
    assert all(unknown.is_informed for unknown in found.unknowns)


def test_half_the_spread_fails_by_its_ranks(bank):
    found = gate(bank, halved(nearest(RANGES, KEPT)))
    assert not found.passed
    assert not any(unknown.is_calibrated for unknown in found.unknowns)


def test_a_wrong_simulator_fails(bank):
    values = bank.values[:COUNT]
    vectors = counts(values, np.random.default_rng(2), wrong=True)
    found = gate(bank, nearest(RANGES, KEPT), observed=Bank(values, vectors, vectors))
    assert not found.passed
    assert "ranks are not uniform" in " ".join(found.reasons)


def test_the_prior_has_uniform_ranks_and_is_refused(bank):
    """Right ranks leave the bands once in twenty seeds, and did with seed 1; 2 is the next."""
    found = gate(bank, of_prior(RANGES), seed=2)
    assert all(unknown.is_calibrated for unknown in found.unknowns)
    assert found.reasons == ("no unknown is told more of than its prior says (no contraction)",)


def test_bands_hold_uniform_ranks_as_often_as_they_say():
    """At 5 %, 300 sets fail 15 times; 4 to 28 is 99.8 % of the binomial."""
    generator = np.random.default_rng(4)
    bands = envelope_of(200, 99)
    failed = sum(not bands.holds(generator.integers(0, 100, 200), 99) for _ in range(300))
    assert 4 <= failed <= 28


@pytest.mark.parametrize("shape", ["hump", "bowl", "shift"])
def test_bands_do_not_hold_other_ranks(shape):
    generator = np.random.default_rng(5)
    drawn = {
        "hump": generator.beta(2, 2, 500),
        "bowl": generator.beta(0.5, 0.5, 500),
        "shift": generator.beta(1, 1.6, 500),
    }
    assert not envelope_of(500, 99).holds((drawn[shape] * 100).astype(int), 99)


def test_ties_are_broken_by_lot():
    ranks = [
        int(rank_of(np.array([0.0]), np.zeros((99, 1)), np.random.default_rng(seed))[0])
        for seed in range(300)
    ]
    assert min(ranks) < 10
    assert max(ranks) > 89


def test_data_the_model_cannot_give_are_strange_to_it(bank):
    own = counts(TRUTH, np.random.default_rng(9))[0]
    few = bank.vectors[:600]
    assert check_data(few, own).chance > 0.05
    assert check_data(few, own + 8.0).chance < 0.01


def test_predictions_that_miss_are_told(bank):
    near = bank.vectors[np.argsort(np.linalg.norm(bank.vectors - bank.vectors[0], axis=1))[1:101]]
    assert check_predictions(near, bank.vectors[0]).chance > 0.05
    assert check_predictions(near, bank.vectors[0] + 5.0).chance < 0.05
