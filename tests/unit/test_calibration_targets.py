"""Targets: every mistake at once, each with its place and the nearest name."""

from importlib.resources import files

import numpy as np
import pytest
import xarray as xr

from exitvoice.calibration import load_targets, problem_of, target_names
from exitvoice.calibration.figures import figures_of
from exitvoice.calibration.observables import truths_of
from exitvoice.calibration.schema import Target
from exitvoice.calibration.summaries import entries_of, observed_vector, simulated_vector, unscaled
from exitvoice.errors import InputError
from exitvoice.evidence.series import load_series
from exitvoice.scenario import load_scenario

LIBRARY = files("exitvoice") / "library" / "targets"


def test_library_targets_are_whole():
    for name in target_names():
        targets = load_targets(name)
        problem = problem_of(targets, load_scenario(targets.scenario))
        assert problem.is_fit.any(), name
        assert np.isfinite(problem.observed).all(), name
        assert len(problem.names) == len(targets.parameters)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("series: gdr-arrivals-monthly", "series: gdr-arivals-monthly", "gdr-arrivals-monthly"),
        ("- {name: flight_rate}", "- {name: flight_rat}", "flight_rate"),
        ("of: [dissent_share]", "of: [disent_share]", "dissent_share"),
        ("region: leipzig", "region: leipsig", "leipzig"),
        ("kind: counted", "kind: weighed", "counted"),
        ("1989-10-01, to: 1990-02-28}", "1989-10-01, to: 1999-02-28}", "inside the run"),
        ("fit: {from: 1989-09-01, to: 1989-10-16}", "fit: {from: 1989-09-05, to: 1989-09-06}", "no figure within it"),
        ("- {name: leave_wish_rate}", "- {name: leave_wish_rate, low: 0.001, high: 0.1}", "why"),
        ("evidence: [gdr-leipzig-monday-1989", "evidence: [gdr-leipzig-monday-1988", "gdr-leipzig-monday-1989"),
        ("scenario: gdr-1989", "scenario: gdr-1988", "gdr-1989"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(tmp_path, old, new, says):
    text = (LIBRARY / "gdr-1989.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_targets(path)
    assert says in str(caught.value)
    assert "mine.yaml:" in str(caught.value)


def test_unknown_name_lists_what_there_is():
    with pytest.raises(InputError, match="gdr-1989"):
        load_targets("gdr-198")


def target(take, **changes):
    return Target.model_validate(
        {
            "name": "mondays",
            "series": "gdr-leipzig-mondays",
            "measure": {"of": ["fled"], "take": take, **changes},
            "fit": {"from": "1989-09-04", "to": "1989-10-10"},
            "observation": {"kind": "turnout", "log_sd": 0.3},
            "distance": {"scale": 0.5, "floor": 100.0, "why": "assumed"},
            "assumed": "a test",
        }
    )


def week_by_week():
    time = np.datetime64("1989-08-28") + 7 * np.arange(8)
    values = np.arange(1.0, 9.0)[:, None] * np.ones(2)
    return xr.Dataset(
        {"fled": (("time", "sector"), values)},
        coords={"time": time.astype("datetime64[ns]"), "sector": ["a", "b"]},
    )


def test_a_stock_is_that_of_the_step_that_has_ended_and_a_flow_is_shared_out_by_days():
    figures = figures_of([target("last")], load_series())
    last = truths_of(week_by_week(), {"mondays": target("last")}, figures)
    assert last.tolist() == [2.0, 4.0, 6.0, 8.0, 10.0, 12.0]  # the step before 4 September is the first
    summed = truths_of(week_by_week(), {"mondays": target("sum", sector="a", times=7.0, why="x")}, figures)
    assert summed.round(9).tolist() == [
        2.0,
        3.0,
        4.0,
        5.0,
        6.0,
        7.0,
    ]  # one day of seven of the step it lies in


def test_a_single_figure_of_a_crowd_is_its_highest():
    targets = {"mondays": target("last")}
    figures = figures_of(targets.values(), load_series())
    entries = entries_of(figures)
    parts = [(figures[entry.figure].period, entry.part) for entry in entries]
    assert ("1989-09-04", "low") not in parts
    assert ("1989-09-04", "high") in parts
    assert ("1989-09-25", "low") in parts
    observed = observed_vector(targets, figures, entries)
    assert unscaled(observed, targets, figures, entries)[0, 0] == pytest.approx(800.0)


def test_simulated_counts_spread_as_counters_do_and_follow_from_the_seed():
    targets = {"mondays": target("last")}
    figures = figures_of(targets.values(), load_series())
    entries = entries_of(figures)
    truths = np.full(len(figures), 10_000.0)
    some = [simulated_vector(truths, targets, figures, entries, seed=seed) for seed in range(400)]
    assert (some[0] == simulated_vector(truths, targets, figures, entries, seed=0)).all()
    highs = np.array(some)[:, [entry.part == "high" for entry in entries]] * 0.5
    # the highest of four log-normals lies 1.03 errors above the middle; 4 standard errors of 2,400 draws allow 0.02
    assert np.mean(highs - np.log(10_000.0)) / 0.3 == pytest.approx(1.03, abs=0.06)
    nobody = simulated_vector(np.zeros(len(figures)), targets, figures, entries, seed=1)
    assert np.isfinite(nobody).all()
