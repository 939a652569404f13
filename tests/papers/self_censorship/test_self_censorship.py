"""Daymude, Axelrod and Forrest (2025): what people choose, what the authority does, and the authors' own run."""

from itertools import islice

import numpy as np
import pytest

from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.reference.base import judge
from exitvoice.models.reference.self_censorship import Drawn, Policy, Population, draw_people, govern, model
from exitvoice.models.reference.self_censorship.authority import change
from exitvoice.models.reference.self_censorship.model import MODEL, TARGETS, suppressed_at
from exitvoice.models.reference.self_censorship.world import (
    PROPORTIONAL,
    UNIFORM,
    act_proportional,
    act_uniform,
    scale_of,
)

START = Policy(0.25, 0.1, 0.1)
ACTS = {UNIFORM: act_uniform, PROPORTIONAL: act_proportional}


def expected_utility(act, desire, boldness, policy, punishment):
    """What a person maximises, from the paper's words and not from the formula under test."""
    over = act > policy.tolerance
    seen = policy.surveillance + (1 - policy.surveillance) * act
    hurt = policy.severity * (1.0 if punishment == UNIFORM else act - policy.tolerance)
    return -boldness * (desire - act) - np.where(over, seen * hurt, 0.0)


@pytest.mark.parametrize("punishment", [UNIFORM, PROPORTIONAL])
def test_nobody_could_do_better_by_saying_something_else(punishment):
    draws = np.random.default_rng(1)
    for _ in range(400):
        desire, boldness = draws.random(), draws.exponential(2.0) + 0.01
        surveillance = draws.choice([draws.random(), 0.0, 1.0])
        policy = Policy(draws.random() * draws.integers(0, 2), draws.exponential(2.0), surveillance)
        near = (policy.tolerance, policy.severity, policy.surveillance)
        said = float(ACTS[punishment](*(np.float32(x) for x in (desire, boldness, *near))))
        assert 0.0 <= said <= desire + 1e-6
        every = np.append(np.linspace(0.0, desire, 4001), min(policy.tolerance, desire))
        best = expected_utility(every, desire, boldness, policy, punishment).max()
        mine = expected_utility(np.float64(said), desire, boldness, policy, punishment)
        # saying just the tolerance may round to just above it
        at_most = expected_utility(np.float64(said) - 1e-6, desire, boldness, policy, punishment)
        assert max(mine, at_most) >= best - 1e-3


@pytest.mark.parametrize("punishment", [UNIFORM, PROPORTIONAL])
@pytest.mark.parametrize("surveillance", [0.2, 1.0])
def test_compiled_and_plain_rounds_are_the_same_bits_on_any_number_of_threads(punishment, surveillance):
    policy = Policy(0.1, 1.2, surveillance)
    threads = Threads(3)
    state = draw_people(300, desire=0.25, boldness=1.0, seed=4)
    rounds = [
        Population(dict(state), punishment, seed=4, plain=True).round(policy, 7),
        Population(dict(state), punishment, seed=4).round(policy, 7),
        Population(dict(state), punishment, seed=4, threads=threads).round(policy, 7),
    ]
    threads.close()
    assert rounds[0] == rounds[1] == rounds[2]
    assert 0 < rounds[0].punished < 300
    assert rounds[0].silenced > 0


def test_desires_and_boldness_have_the_means_asked_for():
    state = draw_people(100_000, desire=0.25, boldness=2.0, seed=1)
    # standard deviations .20 and 2: five standard errors, false alarm below 1e-6
    assert state["desire"].mean() == pytest.approx(0.25, abs=0.0035)
    assert state["boldness"].mean() == pytest.approx(2.0, abs=0.032)
    assert state["desire"].min() >= 0.0
    assert state["desire"].max() <= 1.0


@pytest.mark.parametrize("mean", [0.005, 0.25, 0.4, 0.495])
def test_the_scale_gives_the_mean_below_one(mean):
    scale = scale_of(mean)
    grid = np.linspace(0.0, 1.0, 200_001)
    density = np.exp(-grid / scale)
    assert (grid * density).sum() / density.sum() == pytest.approx(mean, rel=1e-3)


@pytest.mark.parametrize("punishment", [UNIFORM, PROPORTIONAL])
def test_for_any_population_there_is_a_policy_that_silences_it(punishment):
    for seed, boldness in enumerate((0.5, 3.0, 20.0)):
        state = draw_people(5000, desire=0.4, boldness=boldness, seed=seed)
        harshest = Policy(0.0, float(state["boldness"].max()) * 1.01, 1.0)
        happened = Population(state, punishment, seed=seed).round(harshest, 0)
        assert happened.said == 0.0
        assert happened.punished == 0
        # negative control: what nobody punishes, everybody says
        free = Population(state, punishment, seed=seed).round(Policy(1.0, 5.0, 0.5), 0)
        assert free.said == free.wanted
        assert free.silenced == 0


def test_a_try_that_costs_more_is_taken_back_and_its_cost_is_what_the_next_is_held_against():
    class Costs:
        def __init__(self):
            self.left = [10.0, 12.0, 11.0, 11.5]

        def round(self, policy, number):
            return type("Round", (), {"said": self.left[number], "punishment": 0.0})()

    moments = list(islice(govern(Costs(), START, Drawn(3), adamancy=1.0, window=0.05), 4))
    assert moments[1].kept == START  # 12 > 10
    assert moments[2].kept == moments[2].tried  # 11 > 10, but it is held against the 12 of the failed try
    assert moments[3].kept == moments[2].kept


def test_tries_are_near_within_bounds_and_of_one_part():
    tries, policy = Drawn(9), Policy(0.01, 0.02, 0.99)
    changed = set()
    for number in range(300):
        other = change(policy, tries, number, 0.05)
        parts = [
            name
            for name in ("tolerance", "severity", "surveillance")
            if getattr(other, name) != getattr(policy, name)
        ]
        assert len(parts) == 1
        changed.update(parts)
        assert 0.0 <= other.tolerance <= 0.06
        assert 0.0 < other.severity <= 0.07
        assert 0.94 <= other.surveillance <= 1.0
    assert len(changed) == 3


class AuthorsDraws:
    """Their random numbers in their order: what makes their run and not another of the same model."""

    def __init__(self, people, rounds, desire, boldness, seed):
        self.people = people
        self.draws = np.random.default_rng(seed)
        scale, kept = scale_of(desire), []
        while sum(map(len, kept)) < people:
            drawn = self.draws.exponential(scale=scale, size=people)
            kept.append(drawn[drawn <= 1.0])
        self.state = {
            "desire": np.concatenate(kept)[:people].astype(np.float32),
            "boldness": self.draws.exponential(scale=boldness, size=people).astype(np.float32),
        }
        self.parts = self.draws.integers(3, size=rounds)

    def choose(self, number):
        return ("tolerance", "severity", "surveillance")[self.parts[number]]

    def between(self, number, low, high):
        return self.draws.uniform(low, high)

    def luck(self, number):
        return self.draws.random(self.people)


def authors_run(boldness, rounds):
    # all their choices are drawn before the first round, so a shorter run needs the same number of them
    draws = AuthorsDraws(100_000, 5000, 0.25, boldness, seed=458734673)
    people = Population(draws.state, PROPORTIONAL, luck=draws.luck)
    moments = list(islice(govern(people, START, draws, adamancy=1.0, window=0.05), rounds))
    return np.array([moment.round.said for moment in moments]), moments


@pytest.mark.long
def test_with_the_authors_draws_it_is_the_authors_run():
    """Their numbers, from their functions: round 791, severity 10.28, surveillance .919, dissent 57 of 24,964.7."""
    said, moments = authors_run(1.0, 5000)
    assert moments[0].round.wanted == pytest.approx(24964.7, abs=0.1)
    assert suppressed_at(said, moments[0].round.wanted) == 791
    assert moments[-1].kept.severity == pytest.approx(10.28, abs=0.005)
    assert moments[-1].kept.surveillance == pytest.approx(0.919, abs=0.0005)
    assert said[-1] == pytest.approx(57, abs=0.5)


@pytest.mark.long
def test_with_the_authors_draws_the_bold_are_never_suppressed():
    """Their numbers: never, tolerance .884, severity .004, dissent 24,965."""
    said, moments = authors_run(3.0, 5000)
    assert np.isnan(suppressed_at(said, moments[0].round.wanted))
    assert moments[-1].kept.tolerance == pytest.approx(0.884, abs=0.0005)
    assert moments[-1].kept.severity == pytest.approx(0.004, abs=0.0005)
    assert said[-1] == pytest.approx(24965, abs=1)


@pytest.mark.parametrize(("punishment", "timid", "bold"), [(PROPORTIONAL, 0.5, 3.0), (UNIFORM, 1.0, 8.0)])
def test_boldness_deters(punishment, timid, bold):
    """Four seeds each, 2,000 people: all of the timid are suppressed within 900 rounds, none of the bold."""
    for boldness, is_suppressed in ((timid, True), (bold, False)):
        for seed in range(4):
            people = Population(
                draw_people(2000, desire=0.25, boldness=boldness, seed=seed), punishment, seed=seed
            )
            moments = list(islice(govern(people, START, Drawn(seed), adamancy=1.0, window=0.05), 900))
            said = np.array([moment.round.said for moment in moments])
            assert np.isnan(suppressed_at(said, moments[0].round.wanted)) != is_suppressed


def quiet(done, planned):
    assert 0 < done <= planned


@pytest.mark.parametrize("punishment", [UNIFORM, PROPORTIONAL])
def test_a_run_is_drawn_and_the_same_again(punishment):
    setting = MODEL.setting(5, punishment=punishment, people=500, rounds=520)
    outcome, again = MODEL.run(setting, quiet), MODEL.run(setting, quiet)
    assert [list(c.y) for chart in outcome.charts for c in chart.curves] == [
        list(c.y) for chart in again.charts for c in chart.curves
    ]
    assert outcome.cost.figure > 0
    assert "stays unsaid" in outcome.cost.meaning
    assert set(outcome.obtained) == {target.name for target in TARGETS}
    assert len({target.name for target in TARGETS}) == len(TARGETS)
    assert outcome.pictures[0].cells.max() < len(outcome.pictures[0].kinds)


def test_chance_hides_a_small_population_from_its_authority():
    """A finite-size effect: with 30 people the costs of single rounds are mostly chance; with 3,000 they are not."""
    shares = {}
    for size in (30, 3000):
        ends = []
        for seed in range(4):
            people = Population(
                draw_people(size, desire=0.25, boldness=0.5, seed=seed), PROPORTIONAL, seed=seed
            )
            moments = list(islice(govern(people, START, Drawn(seed), adamancy=1.0, window=0.05), 900))
            ends.append(np.mean([m.round.said for m in moments[-300:]]) / moments[0].round.wanted)
        shares[size] = np.mean(ends)
    assert shares[3000] < 0.15
    assert shares[30] > 2.0 * shares[3000]


def test_the_chart_of_sizes_is_drawn_on_demand(monkeypatch):
    monkeypatch.setattr(model, "SIZES", (20, 40))
    monkeypatch.setattr(model, "SIZED_ROUNDS", 510)
    outcome = MODEL.run(MODEL.setting(0, people=30, rounds=5, authorities=1), quiet)
    assert outcome.charts[-1].key == "sizes"
    assert list(outcome.charts[-1].curves[0].x) == [20, 40]


def test_the_harshest_policy_is_judged():
    harsh = [target for target in TARGETS if target.name.endswith("harshest")]
    for target in harsh:
        setting = MODEL.setting(0, **target.needs)
        found = {one.target.name: one.verdict for one in judge(MODEL, setting, MODEL.run(setting, quiet))}
        assert found[target.name] == "met"
