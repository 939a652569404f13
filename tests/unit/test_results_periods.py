"""Weekly steps into months, quarters and years."""

import numpy as np
import pytest
import xarray as xr

from exitvoice.results.periods import is_whole, period_means, period_starts, period_sums, step_edges


def weekly(values, start="2019-12-28"):
    days = np.datetime64(start, "ns") + np.arange(len(values)) * np.timedelta64(7, "D")
    return xr.DataArray(np.asarray(values, float), dims="time", coords={"time": days}, name="flow")


@pytest.mark.parametrize("period", ["M", "Q", "Y"])
def test_sums_over_periods_keep_the_total(period):
    flow = weekly(np.random.default_rng(3).random(211))
    assert float(period_sums(flow, period).sum()) == pytest.approx(float(flow.sum()), rel=1e-12)


def test_seven_a_week_is_one_a_day_in_every_month():
    months = period_sums(weekly(np.full(120, 7.0)), "M")[1:-1]
    lengths = np.diff(months["time"].values.astype("datetime64[D]").astype(int))
    np.testing.assert_allclose(months.values[:-1], lengths, rtol=1e-12)


def test_counting_a_week_to_its_first_day_would_wiggle():
    flow = weekly(np.full(120, 7.0))
    naive = flow.resample(time="MS").sum()[1:-1]
    assert naive.max() / naive.min() >= 1.25  # what sharing out by days avoids


def test_a_week_across_new_year_is_shared_out():
    years = period_sums(weekly([7.0]), "Y")  # 28 December to 3 January
    assert years.values.tolist() == pytest.approx([4.0, 3.0])
    assert [str(day)[:10] for day in years["time"].values] == ["2019-01-01", "2020-01-01"]


def test_means_of_a_constant_are_that_constant():
    np.testing.assert_allclose(period_means(weekly(np.full(60, 3.5)), "M").values, 3.5)


def test_means_count_a_step_by_its_days():
    means = period_means(weekly([0.0, 10.0], start="2020-02-23"), "M")  # second week: 1 to 7 March
    assert means.values.tolist() == pytest.approx([0.0, 10.0])


def test_other_dimensions_and_labels_stay():
    flow = weekly(np.arange(20.0)).expand_dims(sector=["a", "b"]).assign_attrs(units="persons")
    months = period_sums(flow, "M")
    assert months.dims == ("time", "sector")
    assert list(months["sector"].values) == ["a", "b"]
    assert months.attrs["units"] == "persons"


def test_only_periods_covered_nearly_whole_are_whole():
    time = weekly(np.zeros(60), start="2020-01-01")["time"]  # ends on 24 February 2021
    assert is_whole(time, "Y").tolist() == [True, False]
    assert period_starts(time, "Y").astype(str).tolist() == ["2020-01-01", "2021-01-01", "2022-01-01"]


def test_a_single_step_lasts_a_week():
    assert np.diff(step_edges(weekly([1.0])["time"])).tolist() == [7.0]


def test_steps_without_a_value_are_passed_over():
    means = period_means(weekly([4.0, *[np.nan] * 8, 8.0], "2020-01-01"), "M")
    assert means.values[0] == 4.0
    assert np.isnan(means.values[1])
    assert means.values[2] == 8.0
