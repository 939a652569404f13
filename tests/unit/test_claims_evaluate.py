"""From numbers to truth: effects, levels, ratios of too few, what is given, data."""

import numpy as np
import pytest

from exitvoice.claims.evaluate import beside, evaluate
from exitvoice.ensemble import Plan, Variant
from exitvoice.scenario import load_scenario
from support_claims import DISSENT, OPPOSED, TRIPS, ensemble_of, hypothesis

WORLDS = (Variant("as-it-stands"), Variant("changed", {"parameters.run_gain": 2}))


def data_of(base: dict[str, float], changed: dict[str, float], scale: float = 0.001):  # type: ignore[no-untyped-def]  # noqa: ANN201
    plan = Plan(load_scenario("minimal"), scale=scale, variants=WORLDS)
    chosen = {"as-it-stands": base, "changed": changed}
    return ensemble_of(
        plan, lambda name, points, factors: {k: np.array([v]) for k, v in chosen[name].items()}
    )


@pytest.mark.parametrize(
    ("direction", "effect", "truth"),
    [("rises", 0.02, 1), ("rises", 0.005, 0), ("falls", -0.02, 1), ("falls", 0.02, 0), ("unmoved", 0.005, 1),
     ("unmoved", -0.02, 0)],
)  # fmt: skip
def test_differences(direction: str, effect: float, truth: int) -> None:
    answers = evaluate(
        hypothesis(part={"direction": direction}), data_of({OPPOSED: 0.3}, {OPPOSED: 0.3 + effect})
    )
    assert answers.effects["part"][0, 0] == pytest.approx(effect)
    assert answers.truth[0, 0] == truth


@pytest.mark.parametrize(("direction", "truth"), [("above", 1), ("below", 0)])
def test_levels_are_read_in_the_world_with_the_intervention(direction: str, truth: int) -> None:
    asked = hypothesis(part={"measure": "level", "direction": direction, "threshold": 0.5})
    assert evaluate(asked, data_of({OPPOSED: 0.1}, {OPPOSED: 0.9})).truth[0, 0] == truth


def test_ratios_of_a_handful_of_simulated_persons_are_not_known() -> None:
    asked = hypothesis(part={"outcome": "trips", "measure": "relative", "threshold": 0.1})
    many = evaluate(asked, data_of({TRIPS: 0.1}, {TRIPS: 0.15}))
    assert many.effects["part"][0, 0] == pytest.approx(0.5)
    # 2 years x a million persons x 1e-6 at a scale of a thousandth: not one simulated departure
    few = evaluate(asked, data_of({TRIPS: 1e-6}, {TRIPS: 2e-6}))
    assert np.isnan(few.truth[0, 0])
    new = evaluate(asked, data_of({TRIPS: 0.0}, {TRIPS: 0.1}))
    assert new.truth[0, 0] == 1.0
    assert np.isinf(new.effects["part"][0, 0])


def test_worlds_without_what_is_given_do_not_count() -> None:
    given = [dict(hypothesis().parts[0].model_dump(by_alias=True)) | {"name": "given"}]
    asked = hypothesis(
        part={"outcome": "dissent_peak", "measure": "level", "direction": "below", "threshold": 0.01},
        given=given,
    )
    rising = evaluate(asked, data_of({OPPOSED: 0.3}, {OPPOSED: 0.4, DISSENT: 0.001}))
    assert rising.truth[0, 0] == 1.0
    still = evaluate(asked, data_of({OPPOSED: 0.3}, {OPPOSED: 0.3, DISSENT: 0.001}))
    assert np.isnan(still.truth[0, 0])


def test_a_part_that_fails_settles_it() -> None:
    trips = hypothesis(part={"name": "unknown", "outcome": "trips", "measure": "relative"}).parts[0]
    both = hypothesis().model_copy(update={"parts": (*hypothesis().parts, trips)})
    assert evaluate(both, data_of({OPPOSED: 0.3}, {OPPOSED: 0.3})).truth[0, 0] == 0.0
    assert np.isnan(evaluate(both, data_of({OPPOSED: 0.3}, {OPPOSED: 0.4})).truth[0, 0])


def test_data_tell_which_worlds_fit() -> None:
    datum = {
        "outcome": "dissent_peak",
        "low": 0,
        "high": 0.01,
        "horizon": {"from": 2019, "until": 2025},
        "assumed": "x",
    }
    asked = hypothesis(data=[datum])
    assert evaluate(asked, data_of({DISSENT: 0.001}, {})).fits[0, 0]
    assert not evaluate(asked, data_of({DISSENT: 0.1}, {})).fits[0, 0]


def test_again_stands_beside_as_a_replication() -> None:
    answers = evaluate(hypothesis(), data_of({OPPOSED: 0.3}, {OPPOSED: 0.4}))
    both = beside(answers, answers)
    assert both.truth.shape == (1, 2)
    assert both.fits.shape == (1, 2)
