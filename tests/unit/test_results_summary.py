"""The headline figures."""

from dataclasses import fields

import numpy as np
import pytest
from tests.support_dataset import make_dataset

from exitvoice.results import Summary, summarise
from exitvoice.results.summary import too_few


@pytest.fixture(scope="module")
def data():
    return make_dataset()


def test_the_human_cost_stands_first():
    assert fields(Summary)[0].name == "person_years"


def test_the_cost_is_the_sum_over_everybody(data):
    summary = summarise(data)
    assert summary.person_years == pytest.approx(
        float(data["unfree_person_years"].astype(float).sum()), rel=1e-5
    )
    assert sum(row.person_years for row in summary.by_sector) == pytest.approx(summary.person_years, rel=1e-5)


def test_sectors_stand_by_size_of_their_cost(data):
    costs = [row.person_years for row in summarise(data).by_sector]
    assert costs == sorted(costs, reverse=True)


def test_the_last_year_is_the_last_whole_one(data):
    summary = summarise(data)
    assert (summary.last_year, summary.last_day[:4]) == (2025, "2026")
    covered = data["covered"].sum(["sector", "rank"]).sel(time="2025").mean()
    assert summary.person_years_last_year == pytest.approx(float(covered) * 365 / 365.25, rel=0.01)


def test_a_run_of_a_few_weeks_has_a_summary_too():
    summary = summarise(make_dataset(weeks=3))
    assert summary.last_year == 2003
    assert summary.person_years_last_year == pytest.approx(summary.person_years, rel=1e-6)


def test_shares_are_of_all_persons(data):
    summary = summarise(data)
    last = data.isel(time=slice(-52, None))
    persons = last["persons"].mean("time").sum()
    assert summary.falsifier_share == pytest.approx(
        float(last["falsifiers"].mean("time").sum() / persons), rel=1e-5
    )
    assert 0 < summary.not_loyal_share < summary.opposed_share < 1


def test_regions_that_lost_control_are_named(data):
    assert summarise(data).regions_that_lost_control == ("east",)
    assert summarise(data.assign(loss_of_control=data["loss_of_control"] * 0)).regions_that_lost_control == ()


def test_an_empty_world_gives_zeros_and_no_warning(data):
    nobody = data.copy()
    for name, variable in data.data_vars.items():
        nobody[name] = variable * 0
    nobody["mean_wait_weeks"] = nobody["mean_wait_weeks"] * np.nan
    summary = summarise(nobody)
    assert summary.person_years == 0.0
    assert summary.opposed_share == 0.0
    assert np.isnan(summary.mean_wait_weeks)


def test_strata_too_few_are_counted(data):
    assert summarise(data).strata_too_few == int(data["too_few"].sum()) == 1
    assert not too_few(data, "sector").any()
    assert too_few(data.assign_attrs(scale=1e-5), "sector").values.sum() == 5
    assert too_few(data.assign_attrs(scale=1e-5), "rank").values.tolist() == [False, False, True, True]
