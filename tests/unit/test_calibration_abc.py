"""Sequential Monte Carlo on our executors: the same posterior for any number of workers, killed or not."""

from dataclasses import replace

import numpy as np
import pytest

from exitvoice.calibration.adjust import adjusted
from exitvoice.calibration.calibrate import calibrate
from exitvoice.calibration.cheap import CheapWork
from exitvoice.calibration.draws import Stopped
from exitvoice.calibration.options import Options
from exitvoice.ensemble.executors import Processes, Serial
from exitvoice.ensemble.work import Failure
from exitvoice.errors import InputError, OutputError
from support_calibration import TRUTH, cheap_problem

pytest.importorskip("pyabc")


def options(folder, **changes):
    return replace(Options(folder, budget=200, population=16, seed=5), **changes)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    return calibrate(cheap_problem(), options(folder), executor=Serial(), work=CheapWork(5)), folder


def same(one, other):
    return bool((one.values == other.values).all() and (one.weights == other.weights).all())


def test_two_workers_give_the_posterior_of_one(whole, tmp_path):
    with Processes(2) as executor:
        found = calibrate(cheap_problem(), options(tmp_path), executor=executor, work=CheapWork(5))
    assert same(found, whole[0])


def test_what_was_stopped_goes_on_and_comes_to_the_same(whole, tmp_path):
    stops = []

    def stop(status):
        stops.append(status)
        return status.done < 90

    with pytest.raises(Stopped):
        calibrate(cheap_problem(), options(tmp_path), executor=Serial(), work=CheapWork(5), progress=stop)
    assert stops[-1].acceptance is not None
    assert stops[-1].tolerance is not None
    torn = tmp_path / "simulated.jsonl"
    before = torn.read_bytes()
    torn.write_bytes(before[:-7])  # a kill tears the last line
    asked = []

    class Noting(Serial):
        def outcomes(self, job, tasks):
            for outcomes in super().outcomes(job, tasks):
                asked.extend(outcomes)
                yield outcomes

    found = calibrate(cheap_problem(), options(tmp_path), executor=Noting(), work=CheapWork(5))
    assert same(found, whole[0])
    of_all = (whole[1] / "simulated.jsonl").read_bytes().count(b"\n")
    done = before.count(b"\n") - 1  # less the torn one
    assert 0 < len(asked) == of_all - done  # what was done is not done again
    again = calibrate(cheap_problem(), options(tmp_path), executor=Noting(), work=CheapWork(5))
    assert same(again, found)


def test_another_seed_gives_another_posterior(whole, tmp_path):
    found = calibrate(cheap_problem(), options(tmp_path, seed=6), executor=Serial(), work=CheapWork(6))
    assert not same(found, whole[0])


def test_another_question_does_not_fall_into_the_folder(whole):
    with pytest.raises(OutputError, match="asks something else"):
        calibrate(cheap_problem(seed=4), options(whole[1]), executor=Serial(), work=CheapWork(5))


def test_the_wish_is_found(whole):
    posterior = whole[0]
    at = posterior.names.index("wish")
    assert posterior.contraction()[at] > 0.9
    assert abs(posterior.quantile(0.5)[at] / TRUTH[at] - 1.0) < 0.25


def test_global_generator_is_left_alone(tmp_path):
    np.random.seed(11)  # noqa: NPY002
    expected = np.random.random(3)  # noqa: NPY002
    np.random.seed(11)  # noqa: NPY002
    calibrate(cheap_problem(), options(tmp_path, budget=60), executor=Serial(), work=CheapWork(5))
    assert (np.random.random(3) == expected).all()  # noqa: NPY002


class Sometimes(CheapWork):
    def bench(self):
        return self

    def run(self, task):
        return Failure(task.key, "no") if task.key.point % 5 == 0 else super().run(task)


def test_a_simulation_that_fails_ends_nothing(tmp_path):
    found = calibrate(cheap_problem(), options(tmp_path, budget=80), executor=Serial(), work=Sometimes(5))
    assert found.made["failed"] > 10


@pytest.mark.parametrize(("budget", "population"), [(20, 16), (34, 16)])
def test_a_budget_that_does_not_reach_is_told(tmp_path, budget, population):
    asked = options(tmp_path, budget=budget, population=population)
    with pytest.raises(InputError, match="--budget"):
        calibrate(cheap_problem(), asked, executor=Serial(), work=CheapWork(5))


def test_regression_takes_out_what_is_left_and_invents_nothing():
    generator = np.random.default_rng(1)
    ranges = np.array([[0.0, 1.0], [0.0, 1.0]])
    values = generator.random((200, 2))
    vectors = np.column_stack(
        [values[:, 0] + 0.05 * generator.standard_normal(200), generator.random((200, 12))]
    )
    observed = np.r_[0.3, np.full(12, 0.5)]
    moved = adjusted(values, np.full(200, 1 / 200), vectors, observed, ranges)
    assert abs(moved[:, 0].mean() - 0.3) < 0.05
    assert moved[:, 0].std() < 0.12
    # twelve figures of noise tell nothing of the second unknown: a uniform's 0.289 must stay
    assert moved[:, 1].std() > 0.24
    few = adjusted(values[:15], np.full(15, 1 / 15), vectors[:15], observed, ranges)
    assert few[:, 1].std() > 0.6 * values[:15, 1].std()
