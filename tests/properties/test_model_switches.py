"""Each mechanism alone: what must be zero where its cause is absent or its switch is off, and is not where it is on.

Counts are compared with zero, or runs bit by bit: no chance of a false alarm. The positive half of each test is the
control that the zero is not one of an empty world.
"""

import numpy as np
import pytest

from model_worlds import APPROVAL, REASON, all_off, confidence_of, rule, run, switched, total, walk, world

CUSTODY = {"custody": {"within_days": 20}}
SERIES = {
    name: {"interpolation": "step", "points": [{"date": "2001-01-01", "value": value}], "assumed": REASON}
    for name, value in (("detection", 0.3), ("access", 1.0), ("campaign", 1.0))
}
STORM = {"hardship": 0.3, "opposition": 0.2, "known_dissent": 0.3, "enforcement": -1.0}
EVENT = {
    "id": "storm",
    "title": "storm",
    "from": "2001-06-01",
    "until": "2001-08-01",
    "regions": "all",
    "effects": STORM,
    "assumed": REASON,
}
LIVELY = {"flight_rate": 5.0, "leave_wish_rate": 0.5, "leaver_ceiling": 1.0, "overstay_chance": 1.0}
BOUND = {
    "rules": [rule("consent", coverage=0.8, **APPROVAL), rule("custody", coverage=0.5, **CUSTODY)],
    "series": SERIES,
    "events": [EVENT],
}


def found(changes=None, /, **parameters):
    return run(world({**BOUND, **(changes or {})}, **(LIVELY | parameters)), scale=0.5)


@pytest.fixture(scope="module")
def usual():
    return found()


def ever(data, *names):
    return {name: float(total(data, name).sum()) for name in names}


def none(data, *names):
    return not any(ever(data, *names).values())


# -- no cause, no effect --------------------------------------------------------------------------------


def test_without_a_rule_only_the_wrongly_listed_and_the_sanctioned_are_unfree():
    free = found({"rules": []})
    assert none(
        free,
        "covered",
        "applications",
        "documents_held",
        "departures_permitted",
        "departures_disobedient",
        "fled",
    )
    assert ever(free, "unfree_person_years")["unfree_person_years"] > 0
    clean = {"rules": [], **switched(discipline=0, inspection=0)}
    assert none(found(clean, false_entry_rate=0.0), "unfree_person_years", "listed", "stopped", "in_custody")


def test_a_ban_ends_permitted_departures_at_once():
    ban = rule("ban", "2001-10-01", ban=True)
    data = found({"rules": [rule("consent", **APPROVAL), ban]})
    first = int(np.searchsorted(data["time"].to_numpy(), np.datetime64("2001-10-01")))
    assert total(data, "departures_permitted")[:first].sum() > 0
    assert total(data, "departures_permitted")[first:].sum() == 0
    assert total(data, "applications")[first:].sum() == 0
    assert total(data, "grants")[first:].sum() == 0


def test_under_full_censorship_the_nation_s_dissent_reaches_nobody_in_a_quiet_region():
    """A storm in the south alone; the north's persons must keep every bit of what they think and show.

    The other ways by which the nation acts on a region are closed: what the top believes, elite conflict, promotion.
    """
    closed = switched(career=0, discipline=0, inspection=0, leadership=0)
    storm = {**EVENT, "regions": ["south"]}

    def north(censorship, events):
        told = {**BOUND, "events": events, **closed}
        *_, (model, here, _) = walk(world(told, censorship=censorship, **LIVELY), 60, scale=0.5)
        mine = np.repeat(model.people.units.region == 0, np.diff(model.people.units.offsets))
        return {n: here.population.get(n)[mine] for n in ("expression", "opposition")} | {
            "confidence": confidence_of(here)[mine]
        }

    calm, deaf = north(1.0, []), north(1.0, [storm])
    assert np.array_equal(calm["confidence"], deaf["confidence"])
    assert np.array_equal(calm["expression"], deaf["expression"])
    assert not np.array_equal(north(0.0, [])["confidence"], north(0.0, [storm])["confidence"])


def test_without_capacity_the_queue_only_grows():
    idle = {
        f"offices.{name}.decisions_per_week_per_1000": 0.0 for name in ("unit_office", "city_office", "third")
    }
    quiet = switched(career=0, discipline=0)
    data = found(
        {**idle, **quiet, "rules": [rule("consent", **APPROVAL)]},
        withdraw_rate=0.0,
        flight_rate=0.0,
        flight_rate_pending=0.0,
        hope_floor=0.05,
    )
    waiting = total(data, "applying")
    assert none(data, "grants", "refusals", "departures_permitted")
    assert (np.diff(waiting) >= 0).all()
    quarter = len(waiting) // 4
    assert waiting[quarter] < waiting[2 * quarter] < waiting[3 * quarter] < waiting[-1]


def test_without_informants_there_are_no_reports(usual):
    assert none(found(informants=0.0), "reported")
    assert ever(usual, "reported")["reported"] > 0


def test_without_wishes_nobody_applies_or_goes(usual):
    names = ("applications", "departures_free", "departures_permitted", "left_for_good")
    assert none(found(trip_wish_rate=0.0, leave_wish_rate=0.0, disobedience=0.0), *names)
    assert ever(usual, "applications")["applications"] > 0


# -- the sixteen switches -------------------------------------------------------------------------------


def test_career_off_nobody_dies_retires_or_is_promoted():
    scenario = world({**BOUND, **switched(career=0, discipline=0, journey=0)}, **LIVELY)
    *_, (_, here, record) = walks = list(walk(scenario, 40, scale=0.5))
    for _, _, one in walks[1:]:
        assert not any(one.events.count(name).any() for name in ("died", "renewed"))
    assert set(np.unique(here.population.get("service"))) == {0, 1}


def test_document_off_no_document_moves(usual):
    data = found(switched(document=0))
    assert none(data, "documents_held")
    assert ever(usual, "documents_held")["documents_held"] > 0
    quiet = {**switched(document=0, discipline=0, career=0)}
    states = [
        here.population.get("document").copy()
        for _, here, _ in walk(
            world(
                {**BOUND, **quiet},
                **{
                    **LIVELY,
                    "leave_wish_rate": 0.0,
                    "flight_rate": 0.0,
                    "flight_rate_pending": 0.0,
                    "overstay_chance": 0.0,
                },
            ),
            40,
            scale=0.5,
        )
    ]
    assert all(np.array_equal(states[0], later) for later in states)


def test_watchlist_off_nobody_is_stopped_at_the_border(usual):
    data = found(switched(watchlist=0))
    assert none(data, "stopped", "wrongly_stopped")
    assert ever(usual, "stopped")["stopped"] > 0


def test_journey_off_nobody_moves(usual):
    ways = (
        "departures_permitted",
        "departures_free",
        "departures_disobedient",
        "fled",
        "left_for_good",
        "overstayed",
    )
    names = ("applications", "grants", "caught", "abroad", "stopped", *ways)
    assert none(found(switched(journey=0)), *names)
    assert min(ever(usual, *names).values()) > 0


def test_opposition_off_nobody_changes_their_mind(usual):
    scenario = world({**BOUND, **switched(opposition=0, career=0, discipline=0, journey=0)}, **LIVELY)
    states = [here.population.get("opposition").copy() for _, here, _ in walk(scenario, 40, scale=0.5)]
    assert all(np.array_equal(states[0], later) for later in states)
    assert np.ptp(usual["mean_opposition"].mean(["sector", "rank"]).to_numpy()) > 0.01


def test_confidence_off_nobody_doubts(usual):
    assert np.ptp(found(switched(confidence=0, career=0))["mean_confidence"].to_numpy()) < 1e-6
    assert np.ptp(usual["mean_confidence"].to_numpy()) > 0.01


@pytest.mark.parametrize("name", ["discipline", "inspection"])
def test_discipline_or_inspection_off_nobody_is_investigated(name, usual):
    assert none(found(switched(**{name: 0})), "investigated")
    assert ever(usual, "investigated", "sanctioned", "reported")["investigated"] > 0


def test_discipline_off_nobody_is_reported_or_sanctioned(usual):
    assert none(found(switched(discipline=0)), "reported", "sanctioned")


def test_expression_off_everybody_performs_loyalty(usual):
    assert none(found(switched(expression=0)), "withdrawn", "dissent")
    assert min(ever(usual, "withdrawn", "dissent").values()) > 0


def test_offices_off_nobody_is_served():
    only = [rule("consent", **APPROVAL)]
    assert none(found({"rules": only, **switched(offices=0)}), "grants", "refusals", "departures_permitted")
    assert ever(found({"rules": only}), "grants")["grants"] > 0


def test_information_off_nothing_is_seen_and_nobody_doubts():
    data = found(switched(information=0, discipline=0, inspection=0))
    confident = data["mean_confidence"].where(data["persons"].sum("rank") > 0).to_numpy()
    assert np.nanmin(confident[4:]) >= 0.93 - 1e-3


def test_reporting_off_the_report_is_not_bent(usual):
    """Unbent, the report is what the lowest officials know: what is shown plus half of what is hidden."""
    data = found(switched(reporting=0))
    shown = (total(data, "dissent") + total(data, "withdrawn")) / total(data, "persons")
    known = shown + 0.5 * (data["true_opposition"].to_numpy() - shown)
    assert data["reported_opposition"].to_numpy()[10:] == pytest.approx(known[10:], abs=0.02)
    assert usual["reported_opposition"].to_numpy()[10:] != pytest.approx(known[10:], abs=0.02)


def test_leadership_off_it_learns_nothing_and_does_nothing():
    data = found({**switched(leadership=0), "control": "endogenous"})
    assert np.ptp(data["believed_opposition"].to_numpy()) == 0
    assert np.ptp(data["control"].to_numpy()) == 0
    on = found({"control": "endogenous"})
    assert np.ptp(on["believed_opposition"].to_numpy()) > 0
    assert np.ptp(on["control"].to_numpy()) > 0.01


def test_enforcement_off_punishment_is_zero():
    def punished(strength):
        *_, (model, here, _) = walk(
            world({**BOUND, **switched(enforcement=strength)}, **LIVELY), 4, scale=0.1
        )
        place = model.compiled.program.signals.region.index("punishment")
        return here.board.tables.region[:, place]

    assert not punished(0.0).any()
    assert (punished(1.0) > 0.5).all()


def test_incidents_off_the_storm_does_not_come(usual):
    data, calm = found(switched(incidents=0)), found({"events": []})
    for name in ("dissent", "mean_opposition", "covered"):
        assert np.array_equal(data[name], calm[name])
    assert not data["incident"].any()
    assert usual["incident"].any()
    assert not np.array_equal(usual["dissent"], calm["dissent"])


def test_loss_of_control_off_none_is_recorded():
    furious = {"sectors.clerks.opposition": 0.9, "sectors.guards.opposition": 0.9}
    assert found(furious)["loss_of_control"].any()
    assert not found({**furious, **switched(loss_of_control=0)})["loss_of_control"].any()


@pytest.mark.parametrize("kept", ["career", "discipline", "expression", "journey"])
def test_one_mechanism_alone_moves_something(kept):
    """Negative control of 'with every mechanism off nothing moves'."""
    needs = {"discipline": ("inspection",), "expression": ()}.get(kept, ())
    (
        *_,
        (_, before, _),
    ) = list(walk(world({**BOUND, **all_off()}, **LIVELY), 30, scale=0.2))
    (
        *_,
        (_, after, _),
    ) = list(walk(world({**BOUND, **all_off(kept, *needs)}, **LIVELY), 30, scale=0.2))
    names = {
        "career": "service",
        "discipline": "listed_sanctioned",
        "expression": "expression",
        "journey": "journey",
    }
    assert not np.array_equal(before.population.get(names[kept]), after.population.get(names[kept]))
