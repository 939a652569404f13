"""Kuran (1989, 1991): the four sequences of ten, and societies that nothing seen tells apart."""

import numpy as np

from exitvoice.models.reference.base import MET
from exitvoice.models.reference.kuran import MODEL, SEQUENCES, separates
from support_reference import held


def test_the_four_sequences_come_to_rest_where_the_paper_says():
    found = held(MODEL)
    assert [found[f"equilibrium-{name}"].obtained for name in SEQUENCES] == [10, 90, 10, 20]


def test_one_mean_threshold_goes_with_a_revolution_and_with_calm():
    assert np.mean(SEQUENCES["A"]) == np.mean(SEQUENCES["B'"]) == 47


def test_societies_of_one_kind_end_in_both_ways():
    assert held(MODEL)["share-that-falls"].verdict == MET


def test_a_score_that_tells_nothing_is_a_coin():
    assert separates(np.zeros(4), np.array([True, False, True, False])) == 0.5
    assert separates(np.arange(4.0), np.array([False, False, True, True])) == 1.0
    assert np.isnan(separates(np.arange(2.0), np.array([True, True])))
