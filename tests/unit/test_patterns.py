"""Patterns as data: every mistake at once, verdicts by rules fixed beforehand, numbers that are what they say."""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from exitvoice.analysis.patterns import (
    Options,
    load_patterns,
    plans_of,
    read_validation,
    validate,
    write_validation,
)
from exitvoice.analysis.patterns.judge import is_inside, judge, verdict_of
from exitvoice.analysis.patterns.measures import hump, of_draws, of_runs
from exitvoice.analysis.patterns.plan import factors_of_study
from exitvoice.analysis.patterns.reported import truth_interval
from exitvoice.analysis.patterns.schema import (
    Compare,
    Correlation,
    Interior,
    Reported,
    ShareChange,
    ShareOf,
    Spread,
    Test,
    Tolerance,
)
from exitvoice.analysis.patterns.words import accepted, simulated
from exitvoice.errors import InputError
from exitvoice.evidence import Observation, load_ledger, load_series
from exitvoice.observation import Turnout
from exitvoice.observation.base import random_words
from support_patterns import Pretence

LEDGER = load_ledger()
PATTERNS = load_patterns(LEDGER)
STEPS = np.arange("2001-01-01", "2001-03-05", 7, dtype="datetime64[D]").astype("datetime64[ns]")
SPAN = {"from": "2001-01-01", "until": "2001-03-05"}


def ensemble(**variables):
    """A dataset (variant, point, replication, step) from arrays (variant, point, replication), the same every step."""
    data = {
        f"{name}_by_step": (
            ("variant", "point", "replication", "step"),
            np.repeat(np.asarray(values, float)[..., np.newaxis], len(STEPS), -1),
        )
        for name, values in variables.items()
    }
    count = next(iter(data.values()))[1].shape[0]
    return xr.Dataset(data, coords={"variant": list("abcdefghi")[:count], "step": STEPS})


def quantity(of, world=None, **others):
    return {"of": [of], **SPAN, **others} | ({"world": world} if world else {})


def level(of, world="a"):
    return {"of": quantity(of, world)}


# -- files ----------------------------------------------------------------------------------------------------


def test_there_are_ten_patterns_and_each_says_what_fixed_its_parameters():
    assert [pattern.pattern for pattern in PATTERNS] == [f"P{n}" for n in range(1, 11)]
    for pattern in PATTERNS:
        assert pattern.fixed
        assert any(test.role == "required" for test in pattern.tests) or pattern.pattern == "P9"


def test_hinges_have_no_pass_mark_and_whatever_has_one_says_why():
    for pattern in PATTERNS:
        for test in pattern.tests:
            assert (test.tolerance is None) == (test.role == "reported")
    p6 = PATTERNS[5]
    assert sum(test.name.startswith("deadlier") and test.role == "reported" for test in p6.tests) == 6
    assert all(test.role == "reported" for test in PATTERNS[8].tests)


def test_what_a_study_sets_itself_is_not_drawn():
    town = PATTERNS[2].study("town")
    drawn = {factor.name for factor in factors_of_study(town)}
    assert "hope_exponent" in drawn
    assert not drawn & set(town.changes)


def _broken(tmp_path, *changes):
    text = (files("exitvoice") / "library" / "evidence" / "patterns" / "P8.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "P8.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_patterns(LEDGER, tmp_path)
    return str(caught.value)


def test_every_mistake_of_a_file_is_listed_at_once_with_its_line(tmp_path):
    said = _broken(
        tmp_path,
        ("of: [true_opposition], world: calm", "of: [true_oposition], world: clam"),
        ("vary: [opposition_shift", "vary: [oposition_shift"),
        ("tolerance: {low: 0.2", "role: reported\n    tolerance: {low: 0.2"),
        ("until: 2001-09-03}}\n      given", "until: 2031-09-03}}\n      given"),
    )
    for piece in (
        "no variable is called 'true_oposition'", "true_opposition", "no world is called 'clam'",
        "no mechanism or parameter is called 'oposition_shift'", "the test is reported and has a tolerance",
        "is no span inside the run",
    ):  # fmt: skip
        assert piece in said, (piece, said)
    assert "P8.yaml:" in said
    assert "mend:" in said


def test_draws_may_be_kept_to_a_part_of_a_prior_and_to_nothing_else(tmp_path):
    pattern = next(pattern for pattern in PATTERNS if pattern.pattern == "P6")
    lively = next(study for study in pattern.studies if study.name == "lively")
    kept = {factor.name: (factor.low, factor.high) for factor in factors_of_study(lively)}
    assert kept["opposition_shift"] == (-0.1, 0.9)
    assert kept["conformity_dissent"] == (-0.3, 1)  # the whole prior
    drawn = plans_of(pattern, lively)["prior"].points[:, list(kept).index("opposition_shift")]
    assert drawn.min() >= -0.1 and drawn.max() <= 0.9

    part = "    draws: 72\n    within: {%s: {low: %s, high: 0.5, why: a test}}"
    said = _broken(tmp_path, ("    draws: 72", part % ("opposition_shift", -9)))
    assert "-9 to 0.5 is no part of -1.1 to 0.9" in said
    assert "no parameter that varies is called 'flight_rate'" in _broken(
        tmp_path, ("    draws: 72", part % ("flight_rate", 0.1))
    )


def test_an_unknown_source_and_an_unknown_key_are_refused(tmp_path):
    said = _broken(tmp_path, ("assumed: The shape of an argument, not a figure.", "evidence: [gdr-invented]"))
    assert "no statement or claim has the id 'gdr-invented'" in said
    assert "unknown key" in _broken(tmp_path, ("seeds: 1", "seed: 1"))


def test_a_folder_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(InputError, match="no folder of patterns"):
        load_patterns(LEDGER, tmp_path / "nowhere")


# -- numbers --------------------------------------------------------------------------------------------------


def test_a_ratio_of_sums_over_windows():
    data = ensemble(fled=[[[6.0]], [[2.0]]])
    compare = Compare.model_validate(
        {
            "kind": "compare",
            "measure": {"by": "ratio", "of": quantity("fled", "a"), "to": quantity("fled", "b")},
        }
    )
    assert of_runs(compare, data).tolist() == [[3.0]]


def test_nothing_over_nothing_has_no_value():
    data = ensemble(fled=[[[0.0]], [[0.0]]])
    compare = Compare.model_validate(
        {
            "kind": "compare",
            "measure": {"by": "ratio", "of": quantity("fled", "a"), "to": quantity("fled", "b")},
        }
    )
    assert np.isnan(of_runs(compare, data)).all()


def test_a_hump_stands_inside_and_a_slope_has_none():
    along = np.arange(7.0)
    arch = 1.0 - (along - 3.0) ** 2 / 9.0
    assert hump(along, arch) > 0.5
    assert hump(along, along) <= 0.0
    assert hump(along[::-1], along[::-1]) <= 0.0  # the order of the worlds does not count


def test_no_protest_anywhere_is_no_hump():
    interior = Interior.model_validate(
        {"kind": "interior", "along": quantity("fled"), "height": quantity("seen_dissent"), "least": 0.005,
         "worlds": list("abcde")}
    )  # fmt: skip
    data = ensemble(fled=[[[n]] for n in range(5)], seen_dissent=[[[0.001]]] * 5)
    assert np.isnan(of_runs(interior, data)).all()


def test_shares_count_only_what_is_given():
    above = [{"measure": level("seen_dissent"), "above": 0.5}]
    given = [{"measure": level("fled"), "above": 0.5}]
    data = ensemble(seen_dissent=[[[1], [1], [0], [1]]], fled=[[[1], [0], [1], [1]]])
    share = ShareOf.model_validate({"kind": "share", "among": {"holds": above, "given": given}})
    found = of_draws(share, data)
    assert found.value == pytest.approx(2 / 3)
    assert found.counted == 3
    assert found.low < 2 / 3 < found.high


def test_a_change_of_share_and_its_control():
    def holds(world):
        return {"holds": [{"measure": level("seen_dissent", world), "above": 0.5}]}

    rng = np.random.default_rng(1)
    rare, often = (rng.random(200) < chance for chance in (0.2, 0.6))
    data = ensemble(seen_dissent=[rare[:, np.newaxis], often[:, np.newaxis]])
    change = ShareChange.model_validate({"kind": "share-change", "before": holds("a"), "after": holds("b")})
    same = ShareChange.model_validate({"kind": "share-change", "before": holds("a"), "after": holds("a")})
    assert of_draws(change, data).low > 0.2
    assert of_draws(same, data).value == 0.0


def test_a_correlation_and_a_range_over_draws():
    x = np.linspace(0, 1, 41)[:, np.newaxis]
    data = ensemble(fled=[x], seen_dissent=[x**3])
    related = Correlation.model_validate(
        {"kind": "correlation", "first": level("fled"), "second": level("seen_dissent")}
    )
    spread = Spread.model_validate({"kind": "spread", "measure": level("fled")})
    assert of_draws(related, data).value == pytest.approx(1.0)
    assert of_draws(spread, data).value == pytest.approx(0.8)


# -- verdicts -------------------------------------------------------------------------------------------------

BAND = Tolerance(low=2.0, high=5.0, why="a band")


@pytest.mark.parametrize(
    ("value", "interval", "share", "verdict"),
    [
        (3.0, (2.5, 3.5), 0.9, "met"),
        (3.0, (1.5, 3.5), 0.9, "narrow"),
        (3.0, (2.5, 3.5), 0.4, "narrow"),
        (1.9, (1.5, 3.5), 1.0, "missed"),
        (np.inf, (3.0, 4.0), 1.0, "missed"),
        (np.nan, (np.nan, np.nan), None, "untested"),
    ],
)
def test_verdicts(value, interval, share, verdict):
    assert verdict_of(value, interval, share, BAND) == verdict


def test_without_a_tolerance_there_is_no_verdict_and_nan_is_never_inside():
    assert verdict_of(3.0, (1.0, 4.0), None, None) == "reported"
    assert not is_inside(float("nan"), BAND)


def _test(**others):
    return Test.model_validate_json(
        json.dumps(
            {
                "name": "t", "title": "t", "study": "s", "unit": "times",
                "comparison": {"kind": "compare", "measure": level("fled")},
                "observed": {"says": "something", "assumed": "a test"},
                "tolerance": {"low": 2.0, "high": 5.0, "why": "a band"},
                "if_missed": "because",
                **others,
            }
        )
    )  # fmt: skip


def test_draws_are_judged_where_a_test_says_so_or_the_defaults_give_nothing():
    defaults, draws = ensemble(fled=[[[9.0]]]), ensemble(fled=[[[3.0]] * 11])
    assert judge(_test(), {"defaults": defaults, "prior": draws}).verdict == "missed"
    found = judge(_test(judged_by="draws"), {"defaults": defaults, "prior": draws})
    assert found.verdict == "met"
    assert found.is_by_draws
    nothing = ensemble(fled=[[[np.nan]]])
    assert judge(_test(), {"defaults": nothing, "prior": draws}).verdict == "met"
    assert judge(_test(), {"defaults": nothing}).verdict == "untested"


def test_a_missed_pattern_says_why_we_think_so_and_a_met_one_does_not():
    missed, met = (judge(_test(), {"defaults": ensemble(fled=[[[value]]])}) for value in (9.0, 3.0))
    assert missed.thought == "because"
    assert met.thought == ""
    assert accepted(met) == "2 to 5"
    assert simulated(met).startswith("3 (3 to 3)")


# -- the whole of it ------------------------------------------------------------------------------------------


def test_all_patterns_are_run_judged_and_kept(tmp_path: Path):
    found = validate(PATTERNS, Options(tmp_path, is_quick=True), execute=Pretence())
    assert found.is_complete
    assert [finding.pattern for finding in found.findings] == [pattern.pattern for pattern in PATTERNS]
    assert all(len(f.outcomes) == len(p.tests) for f, p in zip(found.findings, PATTERNS, strict=True))
    assert found.runs == sum(
        plan.size for p in PATTERNS for s in p.studies for plan in plans_of(p, s, is_quick=True).values()
    )
    write_validation(tmp_path, found)
    assert read_validation(tmp_path) == found


def test_what_is_stopped_is_untested_and_what_was_done_is_judged(tmp_path: Path):
    found = validate(PATTERNS[1:3], Options(tmp_path, is_quick=True), execute=Pretence(most=2))
    assert [finding.verdict == "untested" for finding in found.findings] == [False, True]
    assert not found.is_complete


def test_a_changed_world_gets_a_folder_of_its_own(tmp_path: Path):
    pretence = Pretence()
    pattern = PATTERNS[1]
    study = pattern.studies[0].model_copy(update={"scale": 0.5})
    for one in (pattern, pattern, pattern.model_copy(update={"studies": (study,)})):
        validate([one], Options(tmp_path, is_quick=True), execute=pretence)
    first, second, third = pretence.folders[::2]
    assert first == second != third


def test_a_reported_figure_is_read_through_its_observation_model():
    """Turnout's own numbers: simulated reports of a known rise hold it in the range nine times of ten.

    200 pairs of reports; fewer than 165 or more than 194 of them would come up once in 1,000 runs if 0.9 held.
    """
    model, series = Turnout(), load_series()
    words = random_words(model, (2, 200), seed=7)
    counted = model.simulate(np.array([[5_000.0], [75_000.0]]) * np.ones((2, 200)), words)
    kept = biased = 0
    for draw in range(200):
        points = tuple(
            Observation(period=day, low=counted[0, at, draw], high=counted[1, at, draw])
            for at, day in enumerate(("2001-01-01", "2001-01-08"))
        )
        told = series["gdr-leipzig-mondays"].model_copy(update={"points": points})
        told.__dict__.pop("by_period", None)
        report = Reported(model="turnout", series="told", at="2001-01-08", over="2001-01-01")
        low, middle, high = truth_interval(report, {"told": told})
        assert low < middle < high
        kept += low <= 15.0 <= high
        biased += low <= 30.0 <= high  # negative control: twice the rise
    assert 165 <= kept <= 194
    assert biased < 100


def test_every_observation_model_can_be_named():
    series = load_series()
    for model, settings in (("detection", {"share": 0.1}), ("target", {"target": 90_000.0}), ("turnout", {})):
        report = Reported(model=model, settings=settings, series="gdr-leipzig-mondays", at="1989-10-09")
        low, middle, high = truth_interval(report, series)
        assert 0.0 < low < middle < high
        if model == "detection":
            assert 5 * 100_000 < middle < 20 * 100_000, "a tenth is seen"
    share = series["cuba-first-timers-share"]
    report = Reported(model="survey", settings={"feigning": 0.5}, series="x", at="2001-01-01")
    told = share.model_copy(update={"points": (Observation(period="2001-01-01", value=0.8),), "factor": 1.0})
    told.__dict__.pop("by_period", None)
    assert truth_interval(report, {"x": told})[1] == pytest.approx(0.6, abs=0.02), (
        "half of those against say yes"
    )


def test_curves_read_their_points_where_a_series_holds_them():
    series = load_series()
    read = [(pattern, curve) for pattern in PATTERNS for curve in pattern.curves if curve.reads]
    assert len(read) >= 5
    for pattern, curve in read:
        assert curve.seen, f"{pattern.pattern} {curve.name}"
        assert set(series[curve.reads.series].evidence) & set(curve.evidence) or pattern.pattern == "P1"
    assert next(c for p, c in read if p.pattern == "P3").seen[7].value == 57_600.0


def test_bounds_come_from_the_report_or_from_the_file_never_both(tmp_path):
    text = (files("exitvoice") / "library/evidence/patterns/P9.yaml").read_text(encoding="utf-8")
    report = "reported: {model: turnout, series: gdr-leipzig-mondays, at: 1989-10-09, over: 1989-09-25}"
    for new, words in (
        (f"above: 3\n            {report}", "give bounds of your own or a report"),
        (report.replace("mondays", "mundays"), "no observed series is called 'gdr-leipzig-mundays'"),
        (report.replace("1989-09-25", "1989-09-26"), "has nothing for 1989-09-26"),
    ):
        (tmp_path / "P9.yaml").write_text(text.replace(report, new, 1), encoding="utf-8")
        with pytest.raises(InputError, match=words):
            load_patterns(LEDGER, tmp_path)
