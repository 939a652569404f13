"""Protest and repression on networks (2021): the steps by hand, the law worked out another way, and the studies."""

import numpy as np
import pytest

from exitvoice.engine.networks import Network, cliques, from_pairs, small_world
from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.reference.base import judge
from exitvoice.models.reference.repression import Protest, ProtestSetting
from exitvoice.models.reference.repression.live_edges import live_edge_size
from exitvoice.models.reference.repression.model import MODEL, TARGETS
from exitvoice.models.reference.repression.samples import by_chance, statistics, study
from exitvoice.models.reference.repression.world import draw_network


@pytest.fixture(scope="module")
def threads():
    """One thread, as for small networks."""
    return Threads(1)


def network_of(nodes: int, ties: list[tuple[int, int]]) -> Network:
    first, second = np.array(ties, np.int32).T
    return from_pairs(nodes, (first.copy(), second.copy()))


def begun_at(person, network, threads, thresholds, **given):
    """A protest that one person and acquaintances begin, with thresholds of our own."""
    for seed in range(1000):
        protest = Protest(ProtestSetting(seed=seed, **given), threads=threads, network=network)
        if protest.beginners[-1] == person:
            protest.state["threshold"][:] = thresholds
            return protest
    raise AssertionError("nobody begins there")


def protesters(protest):
    return list(np.flatnonzero(protest.state["protests"]))


# 0 - 1 - 2 - 3 - 4, and 5 known to 3
CHAIN = network_of(6, [(0, 1), (1, 2), (2, 3), (3, 4), (3, 5)])


def test_it_spreads_to_those_whose_share_reaches_their_threshold(threads):
    protest = begun_at(0, CHAIN, threads, [0.0, 0.5, 0.5, 0.33, 1.0, 1.0], is_firm=True)
    assert protesters(protest) == [0, 1]
    assert protest.step()
    assert protesters(protest) == [0, 1, 2]
    assert protest.step()  # one of the three whom 3 knows protests: a third
    assert protesters(protest) == [0, 1, 2, 3]
    assert protest.step()
    assert protesters(protest) == [0, 1, 2, 3, 4, 5]
    assert not protest.step()


def test_a_beginner_below_the_threshold_stays_and_is_seen_only_if_firm(threads):
    # 0 needs its one acquaintance to protest, and 1 needs both: 2 does not
    thresholds = [0.0, 0.9, 0.5, 1.0, 1.0, 1.0]
    firm = begun_at(0, CHAIN, threads, thresholds, is_firm=True)
    coded = begun_at(0, CHAIN, threads, thresholds, is_firm=False)
    firm.step(), coded.step()
    assert protesters(firm) == [0, 1, 2]
    assert protesters(coded) == [0, 1]  # 1 protests on, and 2 does not see it


def test_others_give_up_below_their_threshold(threads):
    protest = begun_at(0, CHAIN, threads, [0.0, 0.0, 0.5, 1.0, 1.0, 1.0], is_firm=True)
    protest.step()
    assert protesters(protest) == [0, 1, 2]
    protest.state["threshold"][2] = 0.9
    protest.step()
    assert protesters(protest) == [0, 1]


def test_the_removed_are_gone_for_good_and_count_as_nobodys_acquaintance(threads):
    star = cliques(40, 40, 0.0, 0)
    protest = Protest(ProtestSetting(rate=0.25, seed=1, is_firm=True), threads=threads, network=star)
    gone = np.flatnonzero(protest.state["present"] == 0)
    assert len(gone) == int(0.25 * 40) == protest.removed
    protest.run()
    assert not protest.state["protests"][gone].any()
    assert protest.size + protest.removed <= 40


def test_the_well_known_and_the_willing_are_removed_more_often(threads):
    network = draw_network(ProtestSetting(seed=3, size=300))
    nodes = network.nodes
    removed = np.zeros(nodes)
    runs = 400
    weights = None
    for seed in range(runs):
        protest = Protest(ProtestSetting(seed=seed), threads=threads, network=network)
        protest.state["protests"][:] = 1
        protest.state["threshold"][:] = np.linspace(0.01, 1.0, nodes, dtype=np.float32)
        object.__setattr__(protest.setting, "rate", 1.5 / nodes)  # one is removed
        protest._repress()
        removed += protest.state["present"] == 0
        weights = protest.degrees / protest.degrees.max() + 1 - np.linspace(0.01, 1.0, nodes)
    expected = runs * weights / weights.sum()
    top = np.argsort(-weights)[: nodes // 4]
    # one draw a run in proportion to weight: five standard deviations, false alarm below 1e-6
    assert abs(removed[top].sum() - expected[top].sum()) < 5 * np.sqrt(expected[top].sum())
    assert removed.sum() == runs
    assert abs(runs / 4 - expected[top].sum()) > 5 * np.sqrt(runs / 4)  # even chances would be told apart


@pytest.mark.parametrize("is_normal", [False, True])
@pytest.mark.parametrize("kind", ["scale-free", "small-world"])
def test_compiled_and_plain_protests_are_the_same_bits_on_any_number_of_threads(kind, is_normal, threads):
    three = Threads(3)
    setting = ProtestSetting(size=120, network=kind, rate=0.1, is_normal=is_normal, is_firm=True, seed=6)
    one, other = Protest(setting, threads=threads), Protest(setting, threads=three)
    plain = Protest(setting, threads=threads, plain=True)
    goes_on = True
    while goes_on:
        goes_on = one.step()
        assert other.step() == plain.step() == goes_on
        for name, values in plain.state.items():
            assert one.state[name].tobytes() == other.state[name].tobytes() == values.tobytes(), name
    assert one.size > 0
    three.close()


def test_without_removal_it_is_the_law_of_followed_picks(threads):
    sizes, picked = [], []
    for seed in range(300):
        setting = ProtestSetting(size=400, seed=seed, is_firm=True)
        network = draw_network(setting)
        sizes.append(Protest(setting, threads=threads, network=network).run())
        picked.append(live_edge_size(network, seed + 10_000))
    error = np.hypot(np.std(sizes), np.std(picked)) / np.sqrt(300)
    assert abs(np.mean(sizes) - np.mean(picked)) < 4 * error  # false alarm 6e-5
    # negative control: beginners whom acquaintances cease to see are told apart
    coded = [Protest(ProtestSetting(size=400, seed=seed), threads=threads).run() for seed in range(300)]
    assert np.mean(picked) - np.mean(coded) > 6 * error


def test_the_typical_protest_of_a_large_network_is_a_smaller_share_of_it(threads):
    """A finite-size effect: the median is a few per cent of 1,000 people and next to nothing of 30,000."""
    medians = {}
    for size in (1000, 30_000):
        settings = [ProtestSetting(size=size, seed=seed, is_firm=True) for seed in range(30)]
        medians[size] = np.median([Protest(s, threads=threads).run() / size for s in settings])
    assert medians[1000] > 0.01
    assert medians[30_000] < 0.3 * medians[1000]


def test_statistics_are_those_of_least_squares():
    from scipy.stats import linregress

    draws = np.random.default_rng(0)
    x, y = draws.random((5, 30)), draws.random((5, 30))
    y[2] += x[2]
    expected = [fit.slope / fit.stderr for fit in map(linregress, x, y)]
    assert statistics(x, y) == pytest.approx(expected)
    assert statistics(np.ones((1, 5)), np.arange(5.0)[None])[0] == 0.0


def test_where_there_is_no_effect_studies_find_one_as_often_as_the_test_says():
    draws = np.random.default_rng(1)
    found = study(draws.random(200_000), draws.normal(size=200_000), count=4000, size=100, seed=2)
    # 2.5 % either side of 4,000: four standard deviations, false alarm 1e-4
    assert found.positive == pytest.approx(0.025, abs=0.010)
    assert found.negative == pytest.approx(0.025, abs=0.010)
    chance = by_chance(draws.random(20_000), draws.normal(size=20_000), count=4000, size=100, seed=2)
    assert chance.positive == pytest.approx(0.025, abs=0.010)
    ordered = by_chance(np.arange(1000.0), -np.arange(1000.0), count=400, size=100, seed=2)
    assert ordered.negative < 0.1  # the order of the rates is gone, and with it the effect
    clear = study(np.arange(1000.0), -np.arange(1000.0) + draws.random(1000), count=50, size=100, seed=2)
    assert clear.negative == 1.0


def quiet(done, planned):
    assert 0 < done <= planned


@pytest.mark.parametrize("kind", ["scale-free", "small-world"])
def test_a_run_is_drawn_and_the_same_again(kind):
    setting = MODEL.setting(1, network=kind, size=200, trials=202, sample=20, beginners="firm", largest=300)
    outcome, again = MODEL.run(setting, quiet), MODEL.run(setting, quiet)
    assert outcome.obtained == again.obtained
    assert outcome.cost.figure > 0
    assert set(outcome.obtained) == {target.name for target in TARGETS}
    assert [chart.key for chart in outcome.charts] == ["size", "studies", "sizes"]
    assert outcome.pictures[0].cells.max() <= 2
    lessened = next(name for name in outcome.obtained if name.startswith("lessened"))
    assert outcome.obtained[lessened] < 1.0


def test_the_law_of_picks_is_judged():
    target = next(target for target in TARGETS if target.name == "live-edges")
    setting = MODEL.setting(3, **{**target.needs, "size": 300, "trials": 60, "largest": 100})
    outcome = MODEL.run(setting, quiet)
    assert abs(outcome.obtained["live-edges"]) < 4
    assert outcome.cost.figure == 0.0
    verdicts = {one.target.name: one.verdict for one in judge(MODEL, setting, outcome)}
    assert verdicts["live-edges"] == "not comparable"  # it needs 400 trials of 1,000


def test_a_small_world_is_given_from_outside_too(threads):
    protest = Protest(ProtestSetting(seed=2), threads=threads, network=small_world(50, 3, 0.1, 1))
    assert protest.network.nodes == 50
