"""Fixed traits and the beginning of a person; what a policy word asks; what observers count."""

import numpy as np
import pytest
from scipy import stats

from exitvoice.models.exit_control import traits
from exitvoice.models.exit_control.columns import (
    ABROAD,
    APPLYING,
    CAUGHT,
    EARLIEST,
    HOME,
    LEAVE,
    LOYAL,
    NONE,
    PERMITTED,
    RETIRED,
    SERVING,
    SURRENDERED,
    TRY,
    VACANT,
    VALID,
)
from exitvoice.models.exit_control.persons.activity import activity
from exitvoice.models.exit_control.persons.beginning import feeling, post
from exitvoice.models.exit_control.persons.character import LEVELS, character, renewal
from exitvoice.models.exit_control.persons.observation import display, feelings, freedom, standing, under_way
from exitvoice.models.exit_control.persons.policy import demands, force, office, places
from exitvoice.models.exit_control.program import THEORIES, exit_control_program
from person_rules import apply

DRAWS = (np.arange(2_000) + 0.5) / 2_000


def sample(rule, name, draw, **given):
    return np.array([float(apply(rule, **{draw: float(u)}, **given)[name]) for u in DRAWS])


def kept(draw, trait, name, *, draws=DRAWS, **given):
    """A trait as it is after its level was drawn: the rule that draws it, then the one that turns it back."""

    def only(rule, values):
        return {key: value for key, value in values.items() if key in rule.reads}

    def of(u):
        levels = apply(character, **{draw: float(u)}, **only(character, given))
        return float(apply(trait, **only(trait, {k: int(n) for k, n in levels.items()} | given))[name])

    return np.array([of(u) for u in draws])


def test_the_wish_has_the_mean_of_a_beta_2_4_and_rises_with_rank_and_ties():
    plain = kept("u_wish", traits.wish, "wish")
    assert plain.mean() == pytest.approx(1 / 3, abs=0.01)
    assert 0 <= plain.min() <= plain.max() <= 1
    assert kept("u_wish", traits.wish, "wish", rank=3).mean() > plain.mean()
    assert kept("u_wish", traits.wish, "wish", ties=True).mean() > plain.mean() + 0.1


def test_risk_aversion_has_a_thin_lower_tail():
    averse = kept("u_risk", traits.risk_aversion, "risk_aversion")
    assert averse.mean() == pytest.approx(3 / 4, abs=3e-3)  # kappa / (kappa + 1)
    assert (averse < 0.5).mean() == pytest.approx(0.5**3, abs=2e-3)


def test_candour_has_median_one_and_its_spread_in_logs():
    cost = kept("u_candour", traits.candour, "candour")
    assert np.median(cost) == pytest.approx(1, abs=0.02)
    assert np.log(cost).std() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("draw", "trait", "name", "exact"), [
    ("u_candour", traits.candour, "candour", lambda u: np.exp(0.5 * stats.norm.ppf(u))),
    ("u_scruple", traits.scruple, "scruple", lambda u: np.exp(0.5 * stats.norm.ppf(u))),
    ("u_risk", traits.risk_aversion, "risk_aversion", lambda u: u ** (1 / 3)),
])  # fmt: skip
def test_a_level_keeps_the_tails_of_its_trait(draw, trait, name, exact):
    # levels stand on the trait's own scale: first movers come from the thin tails
    draws = np.array([1e-5, 1e-4, 1e-3, 0.5, 0.999, 0.9999])
    np.testing.assert_allclose(kept(draw, trait, name, draws=draws), exact(draws), rtol=0.04, atol=0.004)


def test_only_recruits_change_their_character_and_a_promotion_only_the_wish():
    levels = dict.fromkeys(LEVELS, 1)
    draws = {f"u_{n}": 0.9 for n in ("wish", "baseline", "candour", "scruple", "risk")}
    draws |= {"u_taste_withdrawn": 0.9, "u_taste_dissent": 0.9}
    assert apply(renewal, **levels, **draws) == levels
    new = apply(renewal, renewed=True, **levels, **draws)
    assert new == apply(character, **draws)
    assert all(new[name] != 1 for name in LEVELS)
    assert apply(renewal, promoted=True, **levels, **draws) == levels | {"wish_level": new["wish_level"]}


def test_exposure_is_uniform_at_odds_one_and_rises_with_rank():
    assert sample(
        traits.exposure, "exposure", "u_exposure", exposure_odds=1.0, exposure_odds_rank=0.0
    ) == pytest.approx(DRAWS, abs=1e-5)
    assert sample(traits.exposure, "exposure", "u_exposure").mean() == pytest.approx(0.267, abs=0.01)
    assert sample(traits.exposure, "exposure", "u_exposure", rank=3).mean() > 0.3


def test_baseline_opposition_has_the_stated_spread_on_the_logit():
    base = kept("u_baseline", traits.baseline, "baseline", sector_logit=-0.5, unit_leaning=0.2)
    logit = np.log(base / (1 - base))
    assert np.median(logit) == pytest.approx(-0.3, abs=0.05)
    assert logit.std() == pytest.approx(1.4, abs=0.02)


def test_kin_and_faction_come_from_one_draw_and_are_independent():
    kin, faction = (sample(traits.allegiance, name, "u_kin").astype(bool) for name in ("relative", "faction"))
    assert kin.mean() == pytest.approx(0.03, abs=1e-3)
    assert faction[kin].mean() == pytest.approx(0.5, abs=0.03)
    assert faction[~kin].mean() == pytest.approx(0.5, abs=2e-3)


def test_fixed_tastes_have_the_variance_of_their_part_of_a_gumbel_draw():
    taste = kept("u_taste_dissent", traits.tastes, "taste_dissent")
    assert taste.mean() == pytest.approx(0, abs=1e-3)
    assert taste.var() == pytest.approx(0.8 * 0.01 * np.pi**2 / 6, rel=0.01)


EDGES = {"rank_edge_1": 0.7, "rank_edge_2": 0.9, "rank_edge_3": 0.98}


def test_posts_are_filled_by_the_sector_s_shares():
    def start(**given):
        return apply(post, **EDGES, retired_share=0.2, document_share=0.4, **given)

    assert [start(u_rank=u)["rank"] for u in (0.69, 0.71, 0.91, 0.99)] == [0, 1, 2, 3]
    assert [start(u_service=u)["service"] for u in (0.19, 0.21)] == [RETIRED, SERVING]
    assert [start(u_first_document=u)["document"] for u in (0.39, 0.41)] == [VALID, NONE]
    assert start()["expression"] == LOYAL
    assert start(u_service=0.1)["clock"] == EARLIEST - 652  # the middle of the retired: their mean
    assert start(u_service=0.5)["clock"] == EARLIEST
    assert start(relative=True)["kin"]


def test_people_begin_at_rest():
    begun = apply(feeling, baseline=0.3, grievance=0.1)
    assert begun == {"opposition": pytest.approx((0.3 * 0.3 + 0.1) / 0.4)}


def test_places_tell_service_and_years_since_office_apart():
    def place(**given):
        return apply(places, office_first=100.0, office_second=200.0, step=300, **given)

    assert place(rank=2)["policy_index"] == 2
    assert [place(service=RETIRED, clock=EARLIEST + c)["policy_index"] for c in (300, 200, 100)] == [4, 8, 12]
    assert place(rank=1, kin=1)["policy_index"] == 17


def test_words_are_unpacked_field_by_field():
    word = 2 | 8 | 32 | (2 << 6) | (30 << 8) | (4 << 16) | (3 << 24) | (10 << 27)
    asked = apply(demands, policy_word=word)
    assert asked == {
        "approval": True, "ban": False, "custody": True, "invalidate": False, "opaque": True, "trips_allowed": 2,
        "custody_days": 30, "longest_trip": 4, "reporting_days": 10, "restricted": True,
    }  # fmt: skip
    assert apply(office, policy_word=word, stage=5, rank=2) == {
        "chain": 3,
        "office_index": 15,
        "office_rank": 62,
    }
    assert apply(force, policy_timing=65535 | (7 << 16))["policy_force"] == pytest.approx(1.0)


def test_an_empty_post_is_asked_nothing():
    assert apply(demands, policy_word=4 | 192)["ban"]
    assert not apply(demands, policy_word=4 | 192, service=VACANT)["restricted"]


@pytest.mark.parametrize("why", [
    {"restricted": True}, {"document": SURRENDERED}, {"journey": CAUGHT}, {"listed_sanctioned": 1}, {"listed_error": 1},
])  # fmt: skip
def test_the_unfree_are_counted_for_any_reason_and_only_persons(why):
    assert apply(freedom, **why)["unfree"]
    assert not apply(freedom, service=VACANT, **why)["unfree"]
    assert not apply(freedom)["unfree"]


def test_stocks_are_told_apart():
    assert apply(standing, service=SERVING)["is_serving"]
    assert apply(standing, service=RETIRED)["is_retired"]
    assert apply(standing, document=SURRENDERED)["document_held"]
    assert apply(standing, document=VALID)["has_document"]
    assert apply(freedom, restricted=True)["is_covered"]
    assert apply(standing, listed_covered=1)["is_listed"]
    assert not any(apply(standing, service=VACANT, document=VALID).values())
    assert not any(apply(freedom, service=VACANT, restricted=True).values())


def told(**given):
    """Names of the truths about somebody on the way out."""
    return {name for name, is_so in apply(under_way, **given).items() if is_so}


def test_those_under_way_are_told_apart():
    assert told(journey=HOME, stage=1, purpose=2) == set()
    assert told(journey=PERMITTED) == {"is_permitted"}
    assert told(journey=ABROAD) == {"is_abroad"}
    assert told(journey=CAUGHT) == {"in_custody"}


@pytest.mark.parametrize("stage", range(4))
def test_those_who_wait_are_told_apart_by_office_and_purpose(stage):
    assert told(journey=APPLYING, stage=stage) == {f"queue_{stage}"}
    for purpose in (TRY, LEAVE):
        assert told(journey=APPLYING, stage=stage, purpose=purpose) == {f"queue_{stage}", "queue_leave"}


@pytest.mark.parametrize("journey", [PERMITTED, ABROAD, CAUGHT, APPLYING])
def test_nobody_is_under_way_from_an_empty_post(journey):
    assert told(journey=journey, purpose=LEAVE, service=VACANT) == set()


@pytest.mark.parametrize("theory", THEORIES)
def test_those_under_way_are_counted_as_they_stood_before_anything_happens(theory):
    events = next(stage for stage in exit_control_program(theory).stages if stage.name == "events")
    assert events.rules[0] is under_way
    assert set(under_way.writes) <= {count.name for count in events.events}
    assert len(events.events) <= 32  # their flags share a word of 32 bits


@pytest.mark.parametrize("journey", [APPLYING, PERMITTED, ABROAD, CAUGHT])
def test_whoever_is_under_way_goes_through_the_filter_and_is_counted(journey):
    # all draws high, all bounds low: nothing but the journey lets the person through
    draws = {f"u_{name}_level": 32768 for name in ("career", "document", "list", "journey", "discipline")}
    assert apply(activity, journey=journey, error_bound=0.9, **draws)["active"]
    assert not apply(activity, journey=HOME, error_bound=0.9, **draws)["active"]


def test_falsifiers_are_the_opposed_who_perform_loyalty():
    assert apply(display, expression=LOYAL, opposition=0.6)["falsifier"]
    assert not apply(display, expression=LOYAL, opposition=0.5)["falsifier"]
    assert not apply(display, expression=1, opposition=0.6)["falsifier"]
    assert not any(apply(display, opposition=0.9, service=VACANT).values())


def test_opposition_is_summed_over_those_who_hold_a_post():
    assert apply(feelings, opposition=0.9) == {"opposition_held": np.float32(0.9)}
    assert apply(feelings, opposition=0.9, service=VACANT) == {"opposition_held": 0}
