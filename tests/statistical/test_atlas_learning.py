"""What a series tells is found, what it does not tell is not, and dealt-out draws tell nothing.

False alarms: of worlds of pure noise at most 5 % have any field that is told (Benjamini and Hochberg 1995). That more
than 3 of 16 have would come by chance in fewer than one in a hundred such tests; the seeds are fixed.
"""

import numpy as np
import pytest

from exitvoice.calibration.atlas.learn import DUMMIES, beyond_chance, chance_of, learn, together

DRAWS, UNKNOWNS = 120, 60


def unknowns(seed):
    return np.random.default_rng(seed).random((DRAWS, UNKNOWNS))


def seen(values, seed):
    noise = np.random.default_rng([seed, 1]).normal(size=(DRAWS, 4))
    straight = values[:, 0] + 0.1 * noise[:, 0]
    curved = np.exp(3.0 * values[:, 1]) + 0.5 * noise[:, 1]
    return np.column_stack([straight, curved, noise[:, 2:]])


def test_what_is_told_straight_or_curved_is_found_with_its_share():
    values = unknowns(1)
    found = learn(seen(values, 1), values, np.arange(UNKNOWNS), seed=1)
    told = beyond_chance(found.chance)
    assert told[:2].all()
    assert told[2:].sum() <= 3
    # the straight one alone: 1 / (1 + 12 * 0.01) of the variance is the most that anybody could learn
    assert found.share[0] == pytest.approx(1.0 / 1.12, abs=0.06)
    assert found.low[0] < 1.0 / 1.12 < found.high[0] + 0.03
    assert found.share[1] > 0.8


def test_in_worlds_of_noise_a_field_is_told_as_seldom_as_it_says():
    alarms = 0
    for seed in range(16):
        figures = np.random.default_rng([seed, 2]).normal(size=(DRAWS, 5))
        found = learn(figures, unknowns(seed), np.arange(UNKNOWNS), seed=seed)
        alarms += bool(beyond_chance(found.chance).any())
    assert alarms <= 3


def test_the_control_draws_dealt_out_anew_tell_nothing():
    values = unknowns(3)
    dealt = values[np.random.default_rng(4).permutation(DRAWS)]
    found = learn(seen(values, 3), dealt, np.arange(UNKNOWNS), seed=3)
    assert not beyond_chance(found.chance).any()


def test_without_dummies_noise_would_be_taken_for_told():
    found = learn(np.random.default_rng(5).normal(size=(DRAWS, 30)), unknowns(5), np.arange(UNKNOWNS), seed=5)
    assert (found.share > 0.0).sum() >= 5, "some noise always seems to foretell a little"
    assert not beyond_chance(found.chance).any()


def test_together_they_tell_at_least_what_each_tells_and_noise_is_chosen_alike():
    values = unknowns(3)
    parts = [
        learn(seen(values, 3)[:, own], values, np.arange(UNKNOWNS), seed=3) for own in ([0], [1], [2, 3])
    ]
    whole = together(parts)
    assert all((whole.share >= part.share).all() and (whole.noise >= part.noise).all() for part in parts)
    assert beyond_chance(whole.chance)[:2].all()
    assert beyond_chance(whole.chance)[2:].sum() <= 3


def test_a_word_is_one_unknown_with_a_column_for_each_value():
    words = np.random.default_rng(6).integers(0, 3, DRAWS)
    columns = (words[:, np.newaxis] == np.arange(3)).astype(float)
    figures = columns[:, :1] * 2.0 + np.random.default_rng(7).normal(size=(DRAWS, 2))
    found = learn(figures, columns, np.zeros(3, dtype=int), seed=1)
    assert found.share.shape == (1,)
    assert beyond_chance(found.chance).all()


def test_chances_go_on_beyond_the_last_dummy_and_never_to_nought():
    noise = np.sort(np.random.default_rng(8).exponential(0.01, DUMMIES))
    chances = chance_of(np.array([-1.0, 0.005, 0.05, 0.2, 0.9]), noise)
    assert (np.diff(chances) <= 0.0).all()
    assert chances[0] == 1.0
    assert chances[1] == pytest.approx(np.exp(-0.5), abs=0.06)
    assert 0.0 < chances[-1] <= 1e-6
