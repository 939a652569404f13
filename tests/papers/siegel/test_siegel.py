"""Siegel (2009): fixed points, what the paper says of ties, and what size changes.

Statistical tests have fixed seeds; each says how rare a false alarm would be over seeds.
"""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from exitvoice.engine.networks import cliques, small_world, tree
from exitvoice.engine.targets.cpu import Threads
from exitvoice.errors import InputError
from exitvoice.models.reference.base import judge
from exitvoice.models.reference.siegel import Motivation, Siegel
from exitvoice.models.reference.siegel.ensembles import Case, Sweep, sweep
from exitvoice.models.reference.siegel.model import MODEL
from exitvoice.models.reference.siegel.shapes import KINDS, build, elite
from exitvoice.models.reference.siegel.targets import TARGETS
from exitvoice.report.figures.reference import picture as draw_picture


def world(network, mean=0.6, spread=0.25, memory=0.0, seed=0, **more):
    return Siegel(network, Motivation(mean, spread), memory=memory, seed=seed, **more)


def ended(network, **given):
    threads = Threads(1)
    return world(network, **given).run(threads)[-1]


def case(kind="small-world", **changes):
    setting = MODEL.setting(0, **changes)
    return Case(kind, {o.name: setting.number(o.name) for o in MODEL.options if not o.words})


def quiet(done, planned):
    assert 0 < done <= planned


@pytest.mark.parametrize("memory", [0.0, 0.6])
def test_compiled_and_plain_worlds_are_the_same_bits_on_any_number_of_threads(memory):
    network = small_world(120, 3, 0.2, seed=1)
    plain = world(network, memory=memory, plain=True)
    fast = {count: world(network, memory=memory) for count in (1, 3)}
    threads = {count: Threads(count) for count in fast}
    for _ in range(25):
        with np.errstate(all="ignore"):
            plain.step(threads[1])
        for count, one in fast.items():
            one.step(threads[count])
            assert one.acting == plain.acting
            for name, values in plain.state.items():
                assert one.state[name].tobytes() == values.tobytes(), name
    assert 0 < plain.acting < 120
    threads[3].close()


def test_in_a_complete_network_it_is_granovetters_model():
    # thresholds 1 - b: the smallest fixed point of r = Phi((mean + r - 1) / spread)
    expected = brentq(lambda r: norm.cdf((0.5 + r - 1.0) / 0.25) - r, 0.0, 0.1)
    assert expected == pytest.approx(0.030, abs=5e-4)  # the figure of the target
    ends = [ended(cliques(1000, 1000, 0.0, 0), mean=0.5, seed=seed) for seed in range(10)]
    # its spread over worlds is .005: four standard errors of ten, false alarm 6e-5
    assert np.mean(ends) == pytest.approx(expected, abs=0.0065)


def test_where_it_ends_does_not_depend_on_the_memory():
    for seed in range(3):
        network = small_world(500, 4, 0.1, seed)
        ends = {ended(network, memory=memory, seed=seed) for memory in (0.0, 0.5, 0.9)}
        assert max(ends) - min(ends) <= 2 / 500  # a last step of c that rounding makes or not


def test_taking_part_only_grows_and_the_unwilling_never_do():
    one = world(small_world(800, 5, 0.3, seed=2), memory=0.8)
    before = one.state["acts"].copy()
    threads = Threads(1)
    for _ in range(60):
        one.step(threads)
        assert (one.state["acts"] >= before).all()
        before = one.state["acts"].copy()
    assert not before[one.state["motivation"] < 0.0].any()
    assert before[one.state["motivation"] > 1.0].all()


def test_somebody_without_ties_stays_with_what_he_is_moved_to_alone():
    one = world(cliques(300, 1, 0.0, 0))
    one.run(Threads(1))
    assert np.array_equal(one.state["acts"] == 1, one.state["motivation"] > 1.0)


@pytest.mark.parametrize(
    "target", [t for t in TARGETS if t.needs.get("size", 0) < 10_000], ids=lambda t: t.name
)
def test_every_target_is_judged_from_what_its_run_gives(target):
    setting = MODEL.setting(0, **{**target.needs, "runs": 2, "memory": 0.0})
    outcome = MODEL.run(setting, quiet)
    found = {one.target.name: one for one in judge(MODEL, setting, outcome)}
    assert found[target.name].verdict == "not comparable"  # two worlds are not forty
    assert np.isfinite(outcome.obtained[target.name])


def test_more_ties_mean_less_taking_part_where_motivation_is_weak():
    varied = sweep(case(mean=0.5), "ties", runs=20, seed=3, tick=lambda: None)
    drop, errors = varied.fall()
    assert drop > 0.02
    assert errors > 4.0  # of the largest of 21 pairs: false alarm below 1e-3
    # negative control: strong motivation, where all but a few take part whatever the ties
    assert sweep(case(mean=0.9), "ties", runs=20, seed=3, tick=lambda: None).fall()[0] < 0.02


def test_ties_beyond_the_village_help_and_then_hurt():
    varied = sweep(case("village"), "shape", runs=20, seed=1, tick=lambda: None)
    means = dict(zip(varied.grid, varied.means, strict=True))
    assert means[10.0] > means[0.0] + 0.3
    assert max(means.values()) > means[50.0]


def test_size_settles_what_chance_decides_at_a_thousand():
    """At 1,000 people random ties give all or nothing; at 50,000 the fixed point .99 of an endless population."""
    small = [ended(small_world(1000, 10, 1.0, seed), seed=seed) for seed in range(20)]
    assert np.std(small) > 0.2
    assert min(small) < 0.3
    assert ended(small_world(50_000, 10, 1.0, 1), seed=1) > 0.98


def test_elites_are_at_the_top_and_move_a_hierarchy():
    network = tree(1000, 5, 4.0, seed=1)
    assert list(np.flatnonzero(elite("hierarchy", network, 5))) == [0, 1, 2, 3, 4, 5]
    ring = build("opinion-leader", case("opinion-leader").values, 1)
    assert ring.degrees[elite("opinion-leader", ring, 5)].min() >= np.sort(ring.degrees)[-10]
    varied = sweep(case("opinion-leader"), "elites", runs=10, seed=1, tick=lambda: None)
    assert varied.means[-1] > varied.means[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_of_every_network_gives_a_picture_and_its_charts(kind):
    setting = MODEL.setting(2, network=kind, size=200, runs=2, memory=0.5)
    outcome = MODEL.run(setting, quiet)
    again = MODEL.run(setting, quiet)
    assert outcome.obtained == again.obtained
    assert outcome.cost.figure is None
    (picture,) = outcome.pictures
    assert picture.cells.max() <= 1
    assert picture.cells.shape[1] == 200
    panel = draw_picture(picture)
    assert panel.plot.layout.yaxis.scaleanchor is None  # fills the frame: a person is no square
    assert "a person a column" in panel.plot.to_json()
    assert [chart.key for chart in outcome.charts] == (
        ["paths"] if kind == "complete" else ["paths", "sweep"]
    )


@pytest.mark.parametrize(
    "values", [{"size": 20, "radius": 30}, {"network": "village", "size": 20, "village": 25, "far": 3.0}]
)
def test_parameters_that_no_network_has_are_refused_with_their_cure(values):
    with pytest.raises(InputError, match="make --size larger"):
        MODEL.run(MODEL.setting(0, **values), quiet)


def test_the_largest_fall_is_found_wherever_it_is():
    ends = tuple(np.array([mean, mean + 0.01]) for mean in (0.2, 0.5, 0.3, 0.4))
    drop, errors = Sweep("far", (0.0, 1.0, 2.0, 3.0), ends).fall()
    assert drop == pytest.approx(0.2)
    assert errors == pytest.approx(0.2 / np.hypot(0.005, 0.005))
    assert Sweep("", (), ()).fall() == (0.0, 0.0)
