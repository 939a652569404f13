"""Networks: what a drawn network must be, and the compiled functions against the uncompiled ones."""

import numpy as np
import pytest
from scipy.special import zeta

from exitvoice.engine.networks import (
    base,
    cliques,
    configuration,
    draws,
    expected_degrees,
    from_pairs,
    largest_component,
    levels,
    pareto_weights,
    power_law_degrees,
    preferential,
    small_world,
    tree,
    uneven,
)

NETWORKS = {
    "small world": lambda seed: small_world(400, 4, 0.3, seed),
    "cliques": lambda seed: cliques(400, 15, 1.5, seed),
    "tree": lambda seed: tree(400, 5, 3.0, seed),
    "configuration": lambda seed: configuration(power_law_degrees(400, 2.3, seed, largest=399), seed),
    "expected degrees": lambda seed: expected_degrees(pareto_weights(400, 2.2, seed), seed),
    "preferential": lambda seed: preferential(400, 3, seed),
}


def matrix(network):
    found = np.zeros((network.nodes, network.nodes), int)
    np.add.at(found, (np.repeat(np.arange(network.nodes), network.degrees), network.sources), 1)
    return found


@pytest.mark.parametrize("kind", NETWORKS)
def test_ties_go_both_ways_and_there_are_no_loops_and_no_double_ties(kind):
    for seed in range(3):
        ties = matrix(NETWORKS[kind](seed))
        assert np.array_equal(ties, ties.T)
        assert ties.max() == 1
        assert np.trace(ties) == 0


@pytest.mark.parametrize("kind", NETWORKS)
def test_a_seed_gives_a_network_and_another_seed_another(kind):
    one, same, other = NETWORKS[kind](5), NETWORKS[kind](5), NETWORKS[kind](2**33 + 5)
    assert one.sources.tobytes() == same.sources.tobytes()
    assert one.sources.tobytes() != other.sources.tobytes()


def test_an_unrewired_ring_is_a_ring():
    ties = matrix(small_world(30, 3, 0.0, seed=1))
    apart = abs(np.subtract.outer(np.arange(30), np.arange(30)))
    assert np.array_equal(ties == 1, (np.minimum(apart, 30 - apart) <= 3) & (apart > 0))


@pytest.mark.parametrize("chance", [0.05, 0.5, 1.0])
def test_as_many_ties_leave_the_ring_as_the_chance_says(chance):
    nodes, radius = 4000, 5
    ties = small_world(nodes, radius, chance, seed=3)
    apart = abs(np.repeat(np.arange(nodes), ties.degrees) - ties.sources)
    far = (np.minimum(apart, nodes - apart) > radius).sum() / 2
    # a moved end lands in the ring's reach with chance 2 radius / nodes; five deviations, false alarm below 1e-6
    expected = nodes * radius * chance * (1 - 2 * radius / nodes)
    assert abs(far - expected) < 5 * np.sqrt(nodes * radius * max(chance * (1 - chance), 0.01))
    assert ties.ties == 2 * nodes * radius


def test_cliques_are_complete_and_joined_by_the_far_ties():
    nodes, size = 103, 10
    ties = matrix(cliques(nodes, size, 1.2, seed=2))
    group = np.arange(nodes) // size
    same = np.equal.outer(group, group)
    assert (ties[same] == 1).sum() == same.sum() - nodes
    assert ties[~same].sum() == 2 * round(nodes * 1.2 / 2)


def test_one_clique_is_a_complete_network():
    assert cliques(60, 60, 0.0, seed=0).ties == 60 * 59
    with pytest.raises(ValueError, match="no far ties"):
        cliques(60, 60, 1.0, seed=0)


def test_a_tree_has_its_branches_and_its_ties_within_levels():
    network = tree(400, 5, 3.0, seed=1)
    ties = matrix(network)
    level = np.concatenate([np.full(end - start, n) for n, (start, end) in enumerate(levels(400, 5))])
    rows, columns = np.nonzero(ties)
    assert set(np.abs(level[rows] - level[columns])) == {0, 1}
    for node in range(1, 400):
        above = [int(n) for n in network.neighbours(node) if level[n] < level[node]]
        assert above == [(node - 1) // 5]
    # small levels are complete: 5 nodes cannot have more than 4 ties each, and 3 was asked for
    assert (ties[1:6, 1:6]).sum() == 2 * round(5 * 3 / 2)


def test_degrees_follow_the_power_law_they_are_drawn_from():
    degrees = power_law_degrees(200_000, 2.5, seed=4, largest=10**6)
    for size in (1, 2, 5):
        share = size**-2.5 / zeta(2.5)
        spread = np.sqrt(share * (1 - share) / len(degrees))
        assert abs((degrees == size).mean() - share) < 5 * spread  # false alarm below 1e-6
    wrong = 1 / zeta(2.6)  # negative control: another exponent is told apart
    assert abs((degrees == 1).mean() - wrong) > 5 * np.sqrt(wrong / len(degrees))


def test_expected_degrees_tie_each_pair_with_its_chance():
    weights = pareto_weights(60, 2.2, seed=8)
    chances = np.minimum(1.0, np.outer(weights, weights) / weights.sum())
    np.fill_diagonal(chances, 0.0)
    runs = 300
    found = sum(matrix(expected_degrees(weights, seed)) for seed in range(runs)) / runs
    spread = np.sqrt(chances * (1 - chances) / runs)
    off = abs(found - chances)[np.triu_indices(60, 1)] / np.maximum(spread, 1e-9)[np.triu_indices(60, 1)]
    assert off.max() < 6.5  # the largest of 1,770: false alarm below 1e-3, one seed set
    assert 0.9 < np.sqrt((off**2).mean()) < 1.1


def test_weights_are_pareto():
    weights = pareto_weights(100_000, 2.3, seed=1)
    assert weights.min() >= 1.0
    for bound in (2.0, 10.0, 100.0):
        share = bound**-1.3
        assert abs((weights > bound).mean() - share) < 5 * np.sqrt(share / 100_000)


def test_preferential_ties_have_a_tail_of_exponent_three():
    degrees = preferential(200_000, 3, seed=1).degrees
    assert degrees.min() == 3
    # stationary law of the model: p(k) = 2 m (m + 1) / (k (k + 1) (k + 2)); Bollobas et al. 2001
    for size in (3, 4, 10):
        share = 2 * 3 * 4 / (size * (size + 1) * (size + 2))
        assert abs((degrees == size).mean() - share) < 0.01


def test_the_largest_part_is_kept_with_all_its_ties():
    pairs = np.array([0, 1, 4, 5, 6], np.int32), np.array([1, 2, 5, 6, 7], np.int32)
    part = largest_component(from_pairs(9, pairs))
    assert part.nodes == 4
    assert [list(part.neighbours(n)) for n in range(4)] == [[1], [0, 2], [1, 3], [2]]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: small_world(10, 5, 0.1, 0), "no radius"),
        (lambda: small_world(10**9, 5, 0.1, 0), "more than the engine holds"),
        (lambda: cliques(10**7, 10**6, 0.0, 0), "more than the engine holds"),
        (lambda: tree(10**9, 3, 500.0, 0), "more than the engine holds"),
        (lambda: tree(10, 1, 0.0, 0), "two branches"),
        (lambda: preferential(5, 5, 0), "cannot each tie"),
        (lambda: preferential(10**9, 5, 0), "more than the engine holds"),
        (lambda: from_pairs(3, (np.array([0], np.int32), np.array([3], np.int32))), "not there"),
    ],
)
def test_what_cannot_be_is_refused_before_memory_is_asked_for(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()


def test_compiled_and_plain_functions_give_the_same_bits(monkeypatch):
    made = {kind: NETWORKS[kind](9) for kind in NETWORKS}
    for module in (base, draws, uneven):
        monkeypatch.setattr(module, "compile_function", lambda function: function)
    for kind, network in made.items():
        with np.errstate(all="ignore"):
            plain = NETWORKS[kind](9)
        assert plain.offsets.tobytes() == network.offsets.tobytes(), kind
        assert plain.sources.tobytes() == network.sources.tobytes(), kind
