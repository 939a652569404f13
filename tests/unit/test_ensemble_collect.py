"""The summary of a run against the yearly sums and means that the report uses."""

import numpy as np
import pytest
import xarray as xr

from exitvoice.ensemble.collect import collect, summary_of
from exitvoice.ensemble.layout import COST, Layout
from exitvoice.errors import InputError
from exitvoice.results.periods import period_means, period_sums
from exitvoice.run.recorder import CELLS
from exitvoice.run.variables import FLOWS, NATION, REGIONS, SECTORS
from exitvoice.scenario import load_scenario
from support_ensemble import made_up


@pytest.fixture(scope="module")
def world():
    return load_scenario("minimal")


@pytest.fixture(scope="module")
def run(world):
    return made_up(world, seed=1)


@pytest.fixture(scope="module")
def summary(world, run):
    return summary_of(run, Layout(world, ("dissent", "control", "rule_coverage")))


def test_the_person_years_without_freedom_come_first(summary):
    assert list(summary.data_vars)[0] == "person_years"
    by_sector = [name for name, variable in summary.data_vars.items() if variable.dims == ("time", "sector")]
    assert by_sector[0] == COST


def test_years_that_the_run_only_touches_are_marked(summary):
    assert summary["is_whole_year"].values.tolist() == [True, True, False]


def test_every_variable_of_a_run_is_there_with_its_labels(summary):
    names = {v.name for v in (*CELLS, *SECTORS, *NATION, *REGIONS)}
    assert names <= set(summary.data_vars)
    for variable in summary.data_vars.values():
        assert all(variable.attrs[label] for label in ("units", "long_name", "source"))


@pytest.mark.parametrize("name", [COST, *(variable.name for variable in FLOWS)])
def test_flows_are_summed_over_years_and_ranks(name, run, summary):
    expected = period_sums(run[name].astype(np.float64).sum("rank"), "Y")
    np.testing.assert_allclose(summary[name], expected, rtol=1e-6)
    np.testing.assert_allclose(summary[name].sum(), run[name].sum(), rtol=1e-5)
    assert (summary["time"].values == expected["time"].values).all()


@pytest.mark.parametrize("name", ["covered", "dissent", "vacant", "applying"])
def test_stocks_are_averaged(name, run, summary):
    expected = period_means(run[name].astype(np.float64).sum("rank"), "Y")
    np.testing.assert_allclose(summary[name], expected, rtol=1e-6)


def test_a_mean_of_persons_is_weighted_by_persons(run, summary):
    weighted = (run["mean_opposition"] * run["persons"]).sum("rank") / run["persons"].sum("rank")
    np.testing.assert_allclose(summary["mean_opposition"], period_means(weighted, "Y"), rtol=1e-5)


def test_series_of_the_nation_and_of_regions(run, summary):
    np.testing.assert_allclose(summary["control"], period_means(run["control"], "Y"), rtol=1e-6)
    np.testing.assert_allclose(summary["enforcement"], period_means(run["enforcement"], "Y"), rtol=1e-6)
    np.testing.assert_allclose(
        summary["background_exits"], period_sums(run["background_exits"], "Y"), rtol=1e-5
    )


def test_steps_without_a_value_are_passed_over(world):
    run = made_up(world, seed=2)
    run["mean_wait_weeks"][:60] = np.nan
    found = summary_of(run, Layout(world))["mean_wait_weeks"]
    assert np.isnan(found[0])
    np.testing.assert_allclose(found, period_means(run["mean_wait_weeks"], "Y"), rtol=1e-6)


def test_single_numbers_of_the_whole_run(run, summary):
    assert float(summary["person_years"]) == pytest.approx(float(run[COST].sum()), rel=1e-6)
    share = run["dissent"].sum(["sector", "rank"]) / run["persons"].sum(["sector", "rank"])
    assert float(summary["dissent_peak"]) == pytest.approx(float(share.max()), rel=1e-6)
    peak = run["time"].values[int(share.values.argmax())].astype("datetime64[D]").astype(int)
    assert float(summary["dissent_peak_at"]) == pytest.approx(1970 + peak / 365.25)


@pytest.mark.parametrize("step", [None, 0, 57])
def test_the_first_loss_of_control_is_dated(world, step):
    run = made_up(world, seed=3)
    run["loss_of_control"][:] = 0
    if step is not None:
        run["loss_of_control"][step, 1] = 1
        run["loss_of_control"][step + 3, 0] = 1
    found = summary_of(run, Layout(world))
    assert float(found["control_lost"]) == (step is not None)
    expected = np.nan if step is None else 2020 + step * 7 / 365.25
    np.testing.assert_allclose(found["control_lost_at"], expected, atol=0.01)


def test_outputs_are_kept_step_by_step(run, summary):
    assert summary["dissent_by_step"].dims == ("step", "sector", "rank")
    np.testing.assert_array_equal(summary["dissent_by_step"], run["dissent"])
    np.testing.assert_array_equal(summary["control_by_step"], run["control"])
    assert summary["rule_coverage_by_step"].dims == ("step", "rule")
    assert (summary["step"].values == run["time"].values).all()


def test_an_output_that_is_none_is_a_mistake_with_the_nearest_name(world):
    with pytest.raises(InputError, match="did you mean: dissent"):
        _ = Layout(world, ("disent",)).groups


def test_a_run_of_another_world_is_refused(world):
    other = made_up(load_scenario("china-2024"), seed=1)
    with pytest.raises(ValueError, match="shape"):
        collect(other, Layout(world))


def test_a_summary_is_small():
    layout = Layout(load_scenario("china-2024"))
    numbers = sum(np.prod(group.block) * np.dtype(group.dtype).itemsize for group in layout.groups)
    assert numbers < 64_000


def test_a_summary_of_a_real_run(world):
    from exitvoice.run import simulate

    run = simulate(world, seed=1, scale=0.02, threads=1)
    found = summary_of(run.data, Layout(world))
    assert isinstance(found, xr.Dataset)
    assert float(found["person_years"]) == pytest.approx(float(found[COST].sum()), rel=1e-5)
    assert float(found["simulated_persons"]) == run.persons
