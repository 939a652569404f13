"""Expression at rest: the fixed points of its mean-field map against the simulation at 100,000 persons.

With confidence and opposition held fixed, and with what is seen being region and nation alone, each person is a
three-state chain whose chances depend on the others only through the shares shown. Iterating that map over draws of the
traits (written here anew from the equations, sharing no code with the model) gives the shares loyal, withdrawn and
dissent at rest. A person who answers j from i with probability w_j k^[i=j] / Z_i, Z_i = w_L + w_W + w_D + (k - 1) w_i,
stands in i for a share w_i Z_i / sum(w Z) of the time (detailed balance).

Agreement: within 6 standard errors of two samples, sqrt(p (1-p) (1/persons + 1/draws)), and a thousandth for 32-bit
tables; false alarm under 1e-8 a share. The negative control moves one price by a quarter and must be told apart.
"""

from functools import cache

import numpy as np
import pytest

from exitvoice.scenario import load_priors
from model_worlds import REASON, all_off, only_sector, run, total, world

PERSONS = 100_000
DRAWS = 400_000
ERRORS = 6.0
SEEN = {"sight_unit": 0.0, "sight_region": 0.6, "opposition_spread_unit": 0.0, "revision_rate": 80.0}


@cache
def traits(opposition, values):
    """Draws of everything that tells persons apart: h, e, k, R and the two tastes."""
    v = dict(values)
    rng = np.random.default_rng(20)
    spread = v["opposition_spread_person"]
    centre = np.log(opposition / (1 - opposition)) * np.sqrt(1 + np.pi * spread**2 / 8)
    h = 1 / (1 + np.exp(-(centre + rng.logistic(0, spread * np.sqrt(3) / np.pi, DRAWS))))
    candour = np.exp(v["candour_spread"] * rng.standard_normal(DRAWS))
    scruple = np.exp(v["scruple_spread"] * rng.standard_normal(DRAWS))
    averse = rng.random(DRAWS) ** (1 / v["risk_aversion_tail"])
    width = np.sqrt(12 * np.pi**2 / 6 * v["taste_fixed_share"]) * v["taste_scale"]
    return h, candour, scruple, averse, width * (rng.random((2, DRAWS)) - 0.5)


def punished(dissent, v):
    """Chance of punishment: force against a crowd, or informants while it is small."""
    force = v["enforcers"]
    by_force = 1 / (
        1
        + ((dissent + v["punishment_floor"] * force) / (v["punishment_reach"] * force))
        ** v["punishment_steepness"]
    )
    told = 1 - (1 - v["informants"] * v["monitoring"]) ** v["contacts"]
    by_word = told / (1 + (dissent / v["small_crowd"]) ** v["punishment_steepness"])
    return 1 - (1 - by_force) * (1 - by_word)


def answers(shown, opposition, v):
    """Shares (loyal, withdrawn, dissent) that shares shown bring about."""
    h, e, k, averse, (taste_w, taste_d) = traits(opposition, tuple(sorted(v.items())))
    sight = v["sight_region"] + (1 - v["sight_region"]) * (1 - v["censorship"])
    withdrawn, dissent = sight * shown[1], sight * shown[2]
    b, fear = v["start_confidence"], punished(shown[2], v)
    worth = np.array([
        v["conformity_loyal"] * (1 - withdrawn - dissent) - e * h**2 + v["promotion_reward"] * b / k,
        v["conformity_loyal"] * withdrawn - e * (h - 0.5) ** 2 - v["withdrawal_price"] * v["monitoring"] * b + taste_w,
        v["conformity_dissent"] * dissent - e * (1 - h) ** 2 - v["dissent_price"] * averse * fear * b + taste_d,
    ])  # fmt: skip
    worth[0] -= (1 - b) * v["loyalty_tie"]
    fresh = v["taste_scale"] * np.sqrt(1 - v["taste_fixed_share"])
    w = np.exp((worth - worth.max(axis=0)) / fresh)
    stays = np.exp(v["holding_bonus"] / fresh)
    time_in = w * (w.sum(axis=0) + (stays - 1) * w)
    return (time_in / time_in.sum(axis=0)).mean(axis=1)


def at_rest(start, opposition, v):
    shown = np.array(start, float)
    for _ in range(300):
        after = answers(shown, opposition, v)
        if np.abs(after - shown).max() < 1e-6:
            break
        shown = after
    return shown


CALM, UPROAR = (1.0, 0.0, 0.0), (0.2, 0.2, 0.6)
AWAY = {"id": "away", "title": "the forces stay away", "from": "2001-01-01", "until": "2001-07-02", "regions": "all",
        "effects": {"enforcement": -1.0}, "assumed": REASON}  # fmt: skip


@cache
def simulated(opposition, events=False, **given):
    told = {
        **all_off("expression", "enforcement", "information", "incidents"),
        **only_sector(PERSONS, opposition=opposition),
    }
    data = run(world({**told, "events": [AWAY] if events else []}, **SEEN, **given))
    last = slice(-16, None)
    return np.array([total(data, name)[last].mean() for name in ("loyal", "withdrawn", "dissent")]) / PERSONS


def values(**given):
    return {name: prior.default for name, prior in load_priors().items()} | SEEN | given


def agrees(one, other):
    share = np.clip(other, 1e-4, 1 - 1e-4)
    return bool(
        (np.abs(one - other) < ERRORS * np.sqrt(share * (1 - share) * (1 / PERSONS + 1 / DRAWS)) + 1e-3).all()
    )


CASES = {
    "the defaults": (0.35, {}),
    "no holding, no conformity": (
        0.35,
        {"holding_bonus": 0.0, "conformity_loyal": 0.0, "conformity_dissent": 0.0},
    ),
    "much opposition, low prices": (0.55, {"dissent_price": 1.0, "withdrawal_price": 0.05}),
    "nearly the identity form": (0.5, {"punishment_steepness": 1.0, "dissent_price": 1.5}),
    "turnout as a substitute": (0.5, {"conformity_dissent": -0.3, "punishment_steepness": 1.0}),
}


@pytest.mark.parametrize("case", CASES)
def test_the_simulation_rests_where_the_mean_field_does(case):
    opposition, given = CASES[case]
    expected = at_rest(CALM, opposition, values(**given))
    found = simulated(opposition, **given)
    assert agrees(found, expected), (expected, found)


def test_control_a_price_moved_by_a_quarter_is_told_apart():
    opposition, given = CASES["the defaults"]
    wrong = at_rest(CALM, opposition, values(**(given | {"withdrawal_price": 0.5})))
    assert not agrees(simulated(opposition, **given), wrong)


BISTABLE = (0.5, {"punishment_steepness": 4.0, "dissent_price": 6.0, "conformity_dissent": 0.6})


def test_under_theta_four_calm_and_uproar_can_both_last():
    """The same world twice; in the second the forces stay away for half a year and are back for a year and a half."""
    opposition, given = BISTABLE
    v = values(**given)
    low, high = at_rest(CALM, opposition, v), at_rest(UPROAR, opposition, v)
    quiet, risen = simulated(opposition, **given), simulated(opposition, events=True, **given)
    assert low[2] < 0.02
    assert high[2] > 0.1
    assert agrees(quiet, low), (low, quiet)
    assert agrees(risen, high), (high, risen)


def test_control_where_only_one_rest_exists_the_uproar_ends():
    opposition, given = CASES["the defaults"]
    gentle = given | {"punishment_steepness": 1.0, "dissent_price": 6.0}
    v = values(**gentle)
    assert at_rest(CALM, opposition, v) == pytest.approx(at_rest(UPROAR, opposition, v), abs=1e-3)
    assert agrees(simulated(opposition, events=True, **gentle), at_rest(CALM, opposition, v))
