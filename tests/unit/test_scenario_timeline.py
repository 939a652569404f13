"""Series and events on the grid of steps."""

from datetime import date

import numpy as np
import pytest

from exitvoice.scenario import build_timeline, load_scenario
from exitvoice.scenario.drivers import DEFAULTS

START = date(2020, 1, 1)


def timeline(series=None, events=(), **changes):
    complete = [
        {"id": f"e{index}", "title": "e", "from": "2020-03-04", "assumed": "test", **event}
        for index, event in enumerate(events)
    ]
    supported = {name: {"assumed": "test", **one} for name, one in (series or {}).items()}
    scenario = load_scenario("minimal").with_changes({"series": supported, "events": complete, **changes})
    return build_timeline(scenario, scenario.grid)


def step_on(*day: int) -> int:
    return (date(*day) - START).days // 7


def test_defaults():
    found = timeline()
    for name, value in DEFAULTS.items():
        assert (found.series[name] == value).all()
        assert found.series[name].shape == (105, 2)
    assert (found.series["season"] == 1.0).all()
    for name in ("enforcement_away", "opposition_impulse", "known_dissent", "goals_met"):
        assert not found.series[name].any()
    assert set(found.series) == {
        *DEFAULTS,
        "season",
        "enforcement_away",
        "opposition_impulse",
        "known_dissent",
        "goals_met",
    }


def test_steps_and_their_length():
    found = timeline()
    assert found.steps == 105
    assert found.dt == pytest.approx(7 / 365.25)
    assert found.starts[1] == np.datetime64("2020-01-08")


def test_step_series_holds_its_value_from_a_date_on():
    points = [{"date": "2020-03-04", "value": 2.0}, {"date": "2020-03-11", "value": 3.0}]
    found = timeline({"openness_trips": {"points": points}}).series["openness_trips"][:, 0]
    assert found[:10].tolist() == [2.0] * 10  # constant before the first point as well
    assert found[10:].tolist() == [3.0] * 95


def test_step_inside_a_step_is_averaged():
    points = [{"date": "2020-01-01", "value": 0.0}, {"date": "2020-03-06", "value": 0.7}]
    found = timeline({"hardship": {"points": points}}).series["hardship"][:, 0]
    assert found[9] == pytest.approx(0.7 * 5 / 7)


def test_linear_series():
    points = [{"date": "2020-01-01", "value": 0.0}, {"date": "2020-04-10", "value": 1.0}]
    found = timeline({"access": {"interpolation": "linear", "points": points}}).series["access"][:, 0]
    assert found[0] == pytest.approx(0.03)  # mean of days 0 to 6 of a hundred
    assert found[1] == pytest.approx(0.10)
    assert found[50] == 1.0


def test_season_follows_the_calendar():
    months = [0.5, 1.5] * 6
    found = timeline({"season": {"months": months}}).series["season"][:, 1]
    assert found[step_on(2020, 1, 8)] == 0.5
    assert found[step_on(2020, 2, 12)] == 1.5
    assert found[step_on(2020, 1, 29)] == pytest.approx((3 * 0.5 + 4 * 1.5) / 7)


def test_event_adds_and_multiplies_while_it_lasts_and_where():
    effects = {"hardship": 0.2, "openness_trips": "x0.5"}
    event = {"until": "2020-03-18", "regions": ["inland"], "effects": effects}
    series = {"hardship": {"points": [{"date": "2020-01-01", "value": 0.1}]}}
    found = timeline(series, [event]).series
    assert found["hardship"][8:12, 1] == pytest.approx([0.1, 0.3, 0.3, 0.1])
    assert found["openness_trips"][8:12, 1] == pytest.approx([1.0, 0.5, 0.5, 1.0])
    assert (found["hardship"][:, 0] == 0.1).all()
    assert (found["openness_trips"][:, 0] == 1.0).all()


def test_event_for_part_of_a_step():
    found = timeline(
        None, [{"from": "2020-03-06", "until": "2020-03-07", "effects": {"hardship": 0.7}}]
    ).series["hardship"]
    assert found[9] == pytest.approx([0.1, 0.1])


def test_events_outside_the_clock_do_nothing():
    past = {"from": "2010-01-01", "until": "2010-02-01", "effects": {"hardship": 0.5, "opposition": 0.1}}
    future = {"from": "2030-01-01", "until": "2030-02-01", "effects": {"hardship": 0.5, "opposition": 0.1}}
    found = timeline(None, [past, future]).series
    assert not found["hardship"].any()
    assert not found["opposition_impulse"].any()


def test_series_keep_their_bounds():
    event = {"until": "2020-04-01", "effects": {"hardship": 0.9, "detection": -2.0}}
    found = timeline(None, [event, event | {"effects": {"hardship": 0.9}}]).series
    assert found["hardship"].max() == 1.0
    assert found["detection"].min() == 0.0


def test_forces_away_combine_as_products():
    event = {"until": "2020-04-01", "effects": {"enforcement": -0.5}}
    found = timeline(None, [event, event]).series["enforcement_away"]
    assert found[10] == pytest.approx([0.75, 0.75])
    assert not found[8].any()


def test_opposition_moves_once():
    found = timeline(None, [{"until": "2020-06-01", "effects": {"opposition": 0.1}}] * 2).series[
        "opposition_impulse"
    ]
    assert found[9] == pytest.approx([0.19, 0.19])  # 1 - 0.9 * 0.9
    assert np.count_nonzero(found) == 2


def test_known_dissent_without_end_lasts_a_step():
    found = timeline(None, [{"effects": {"known_dissent": 0.05}}]).series["known_dissent"]
    assert found[9] == pytest.approx([0.05, 0.05])
    assert np.count_nonzero(found) == 2


def test_goals_met_hold_and_then_halve():
    event = {"until": "2020-04-01", "effects": {"goals_met": 0.4}}
    found = timeline(None, [event], **{"parameters.goals_met_half_life_days": 28}).series["goals_met"][:, 0]
    assert found[9:13] == pytest.approx(0.4)
    assert found[17] / found[13] == pytest.approx(0.5)
    assert not found[:9].any()


def test_series_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        timeline().series["season"][0, 0] = 2.0


@pytest.mark.parametrize("days", [1, 2, 5, 14, 31])
def test_total_of_an_event_does_not_depend_on_the_step(days):
    event = {"from": "2020-03-06", "until": "2020-05-17", "effects": {"hardship": 0.3}}
    found = timeline(None, [event], **{"clock.step_days": days}).series["hardship"][:, 0]
    assert found.sum() * days == pytest.approx(0.3 * 72)
