"""Twin runs: what is shared, what is added up, what is refused, and what stopping keeps."""

import numpy as np
import pytest
import xarray as xr

from exitvoice.analysis.compare import COST, check_comparable, first_difference, kept_twins, twins
from exitvoice.ensemble.executors import Processes, Serial
from exitvoice.ensemble.plan import run_seed
from exitvoice.errors import InputError, InternalError
from exitvoice.run import simulate
from model_worlds import APPROVAL, rule, world

BOUND = {"rules": [rule("consent", "2001-06-01", coverage=0.5, **APPROVAL)]}
SCALE = 0.1


@pytest.fixture(scope="module")
def bound():
    return twins(world(), world(BOUND), seed=4, scale=SCALE, replications=3, threads=1)


def test_each_replication_is_the_run_of_its_seed(bound):
    assert bound.seeds == tuple(run_seed(4, number) for number in range(3))
    run = simulate(world(BOUND), seed=bound.seeds[1], scale=SCALE, threads=1).data
    wanted = run["applications"].astype(float).sum()
    found = bound.totals["applications"].sel(world="B", replication=1).sum()
    assert float(found) == pytest.approx(float(wanted))
    stock = run["covered"].isel(time=slice(-52, None)).mean("time").sum()
    assert float(bound.totals["covered"].sel(world="B", replication=1).sum()) == pytest.approx(float(stock))


def test_the_human_cost_comes_first_and_rises_under_a_rule(bound):
    assert bound.outcomes[0] == COST
    found = bound.difference(COST)
    assert found.low > 0
    assert found.replications == 3


def test_quarters_of_a_flow_add_up_to_its_total(bound):
    quarters = bound.quarters["applications"].sum("time")
    np.testing.assert_allclose(quarters, bound.totals["applications"].transpose(*quarters.dims), rtol=1e-6)


def test_groups_add_up_to_everybody(bound):
    whole = bound.difference(COST).mean
    assert bound.difference(COST, by="sector").mean.sum() == pytest.approx(float(whole))
    assert bound.difference(COST, by="rank").mean.sum() == pytest.approx(float(whole))
    assert bound.difference(COST, by="time").mean.sum() == pytest.approx(float(whole), rel=1e-5)


def test_a_mean_is_weighted_by_persons_and_not_summed(bound):
    whole = bound.whole("mean_opposition")
    assert float(whole.max()) < 1.0
    assert float(bound.whole("mean_confidence").max()) <= 1.0


def test_common_draws_save_runs(bound):
    assert bound.reduction("departures_free").ratio > 1.0


def test_the_first_difference_is_the_first_bit():
    one = simulate(world(), seed=1, scale=0.02, threads=1).data
    other = one.copy(deep=True)
    assert first_difference(one, other) == ""
    other["fled"].values[7, 0, 0] += 1e-6
    assert first_difference(one, other) == str(one["time"].values[7].astype("datetime64[D]"))


def test_a_value_that_is_missing_in_both_is_no_difference():
    one = simulate(world(), seed=1, scale=0.02, threads=1).data
    one["mean_wait_weeks"].values[3] = np.nan
    assert first_difference(one, one.copy(deep=True)) == ""


def test_worlds_that_do_not_step_together_are_refused_with_every_reason():
    later = world({"clock.start": "2001-02-01"})
    with pytest.raises(InputError, match="do not step together"):
        check_comparable(world(), later)


def test_a_world_that_ends_earlier_is_compared_as_far_as_it_goes():
    short = world({"clock.end": "2002-01-01"})
    found = twins(world(), short, scale=0.02, replications=1, threads=1)
    assert found.is_identical
    assert found.quarters["time"].values.max() < np.datetime64("2002-01-08")


def test_where_the_replications_are_made_changes_no_bit(bound):
    found = twins(world(), world(BOUND), seed=4, scale=SCALE, replications=3, executor=Processes(2))
    assert found.seeds == bound.seeds
    assert found.first_difference == bound.first_difference
    for name in ("quarters", "totals"):
        one, other = getattr(found, name), getattr(bound, name)
        for variable in one.variables:
            assert one[variable].values.tobytes() == other[variable].values.tobytes(), variable


def test_stopping_elsewhere_keeps_the_replications_that_are_done():
    found = twins(
        world(),
        world(BOUND),
        scale=0.02,
        replications=40,
        executor=Serial(),
        progress=lambda done, *_: done < 4,
    )
    assert (found.replications, found.planned, found.is_whole) == (2, 40, False)


def test_a_replication_that_fails_is_named(monkeypatch):
    def fail(*arguments, **others):
        raise ValueError("no numbers")

    monkeypatch.setattr("exitvoice.analysis.compare.pairs.simulate", fail)
    with pytest.raises(InternalError, match="replication 0 fails: ValueError: no numbers"):
        twins(world(), world(BOUND), scale=0.02, replications=2, executor=Serial())


def test_stopping_keeps_the_replications_that_are_done():
    def progress(number, runs, done, steps, persons):
        return not (number == 4 and done == 10)

    found = twins(world(), world(BOUND), scale=0.02, replications=3, threads=1, progress=progress)
    assert (found.replications, found.planned, found.is_whole) == (2, 3, False)
    stopped = twins(world(), world(), scale=0.02, replications=2, threads=1, progress=lambda *_: False)
    assert stopped is None


def steps_told(kept, stop_at=None):
    """Compare, kept in a folder; return what came of it and the runs and steps that were really made."""
    made = []

    def progress(number, runs, done, steps, persons):
        made.append((number, done))
        return (number, done) != stop_at

    found = kept_twins(world(), world(BOUND), kept, seed=4, scale=SCALE, replications=3, progress=progress)
    return found, made


def test_a_comparison_that_was_stopped_goes_on_with_the_same_bits(bound, tmp_path):
    first, _ = steps_told(tmp_path, stop_at=(3, 40))
    assert first.replications == 1
    found, made = steps_told(tmp_path)
    assert made[0] == (3, 41)  # neither the first pair nor the first run of the second is made again
    for name in ("quarters", "totals"):
        xr.testing.assert_identical(getattr(found, name), getattr(bound, name))
        assert list(getattr(found, name)) == list(getattr(bound, name))
    assert (found.first_difference, found.seeds) == (bound.first_difference, bound.seeds)
    assert not list(tmp_path.glob("*.npz"))
    _, made = steps_told(tmp_path)
    assert made == []


def test_a_kept_replication_that_cannot_be_read_is_made_again(bound, tmp_path):
    steps_told(tmp_path)
    (tmp_path / "1" / "said.json").write_text("{")
    found, made = steps_told(tmp_path)
    assert {number for number, _ in made} == {2, 3}
    xr.testing.assert_identical(found.totals, bound.totals)


def test_what_is_kept_of_another_comparison_is_not_taken_up(tmp_path):
    steps_told(tmp_path, stop_at=(2, 1))
    made = []
    kept_twins(
        world(), world(BOUND), tmp_path, seed=5, scale=SCALE, replications=1,
        progress=lambda number, *_: made.append(number) or True,
    )  # fmt: skip
    assert set(made) == {0, 1}
