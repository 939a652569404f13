"""Qualitative patterns P2, P3, P4, P7 and P8 on small worlds, with tolerances fixed before the runs.

The tolerances are those of the model's description (`design/model.md`, "What must come out right"): P2 an announced
tightening starts a run; P3 a released queue grows, new applications 2.5 to 5-fold where permits rise 4.5-fold; P4 once
trips are allowed, overstaying dominates leakage; P7 the naive leadership's error, and the sophisticated one's error and
spread, grow with fear; P8 calm does not tell the hidden share. Nothing here was tuned to pass. What is missed is
recorded as missed, with the number obtained (docs/design-notes/patterns-today.md).

Seeds are fixed, so a test passes always or never; the rates of false alarm are those over reseeding. Ratios of counts
compare Poisson numbers of 1,000 and more: an error of 3 per cent, five errors away from every limit unless said.
"""

from functools import cache

import numpy as np
import pytest
from scipy import stats

from exitvoice.engine.targets.cpu import Threads
from exitvoice.models.exit_control import begin, compile_model, step
from exitvoice.scenario import load_priors
from model_worlds import APPROVAL, REASON, TWO_OFFICES, only_sector, rule, run, switched, total, world

DEPARTURES = ("departures_free", "departures_permitted", "departures_disobedient")


def weekly(data, *names):
    return sum(total(data, name) for name in names)


def between(data, first, last):
    when = data["time"].to_numpy()
    return (when >= np.datetime64(first)) & (when < np.datetime64(last))


# -- P2: an announced tightening starts a run -----------------------------------------------------------


@cache
def tightening(announced):
    """Free until 2 April 2002, then two consents and documents to hand in; announced 8 weeks before, or not."""
    early = {"announced": "2002-02-05"} if announced else {}
    bound = rule("tight", "2002-04-02", custody={"within_days": 30}, **TWO_OFFICES, **early)
    data = run(world({"rules": [bound], **only_sector(100_000)}))
    went = weekly(data, *DEPARTURES)
    windows = {
        "before": between(data, "2001-10-01", "2002-02-04"),
        "first weeks": between(data, "2002-02-11", "2002-02-25"),
        "last weeks": between(data, "2002-03-12", "2002-03-26"),
        "after": between(data, "2002-06-01", "2003-01-01"),
    }
    return {name: went[window].mean() for name, window in windows.items()}


def test_p2_an_announced_tightening_starts_a_run_that_fades_and_ends_below():
    rate = tightening(True)
    assert rate["first weeks"] > 2 * rate["before"]
    assert rate["before"] < rate["last weeks"] < rate["first weeks"] / 1.5
    assert rate["after"] < 0.5 * rate["before"]


def test_p2_control_the_same_rule_unannounced_starts_none():
    """Negative control: the weekly mean moves by less than a tenth (more than 5 errors of a mean of two weeks)."""
    rate = tightening(False)
    assert rate["first weeks"] == pytest.approx(rate["before"], rel=0.1)
    assert rate["after"] < rate["before"]  # and yet the rule acts


# -- P3: a released queue grows -------------------------------------------------------------------------


@cache
def released(factor):
    """Leaving for good needs one slow office; after four years its capacity rises by `factor` in a week.

    A scenario cannot date a capacity, so the world goes on under the compiled twin with the larger office. Wishes and
    openness stand high in their ranges, so that the counts are large; the office serves about a tenth of the wishes, as
    in the years before 1984. Returns permits and applications of the 52 weeks after over those of the 52 weeks before.
    """
    office = {
        "name": "unit_office",
        "title": "office",
        "handling_weeks": 12,
        "refusal": 0.0,
        "assumed": REASON,
    }
    open_ = {"interpolation": "step", "points": [{"date": "2001-01-01", "value": 1.0}], "assumed": REASON}
    told = {
        "rules": [rule("exit", **APPROVAL)],
        "series": {"openness_leave": open_},
        "clock.end": "2006-01-01",
        **switched(career=0, discipline=0, inspection=0),
        **only_sector(200_000, document_share=1.0),
    }
    wishes = {"trip_wish_rate": 0.0, "leave_wish_rate": 0.05, "leaver_ceiling": 0.5, "flight_rate": 0.0,
              "flight_rate_pending": 0.0, "document_lapse": 0.0}  # fmt: skip
    scenarios = [
        world({**told, "offices": [{**office, "decisions_per_week_per_1000": 0.03 * times}]}, **wishes)
        for times in (1.0, factor)
    ]
    narrow, wide = (compile_model(scenario, scale=1.0, seed=1) for scenario in scenarios)
    workers = Threads(1)
    here = begin(narrow, workers)
    flows = []
    for now in range(260):
        record = step(narrow if now < 208 else wide, here, now, workers)
        flows.append([record.events.count(name).sum() for name in ("granted", "seeks")])
    flows = np.array(flows, float)
    return tuple(flows[208:].sum(axis=0) / flows[156:208].sum(axis=0))


def test_p3_a_released_queue_grows():
    """Permits x4.5 by capacity: applications of the same year x2.5 to x5."""
    permits, asked = released(4.5)
    assert permits == pytest.approx(4.5, rel=0.25)
    assert 2.5 <= asked <= 5.0


def test_p3_control_without_more_permits_applications_stay():
    permits, asked = released(1.0)
    assert permits == pytest.approx(1.0, rel=0.2)
    assert asked == pytest.approx(1.0, rel=0.2)


# -- P4: once trips are allowed, overstaying dominates leakage ------------------------------------------


@cache
def leakage(refusal):
    """Share of those gone without leave who overstayed (the others fled), by the share of trips refused.

    Destinations are open, confidence low and attempts to flee at the upper end of their range: both ways out count.
    """
    office = {"name": "unit_office", "title": "office", "decisions_per_week_per_1000": 500.0, "handling_weeks": 1,
              "refusal": refusal, "refusal_by_rank": 0.0, "opacity": 0.5, "assumed": REASON}  # fmt: skip
    open_ = {"interpolation": "step", "points": [{"date": "2001-01-01", "value": 1.0}], "assumed": REASON}
    series = {"openness_leave": open_, "access": open_}
    trips = {
        "rules": [rule("trips", **APPROVAL)],
        "offices": [office],
        "series": series,
        **only_sector(200_000, document_share=1.0),
    }
    data = run(world(trips, leave_wish_rate=0.0, confidence_base=0.5, flight_rate=5.0))
    stayed, fled = total(data, "overstayed").sum(), total(data, "fled").sum()
    return stayed / max(stayed + fled, 1.0), stayed + fled


def test_p4_overstaying_dominates_once_half_of_the_trips_are_allowed():
    for refusal in (0.5, 0.0):
        share, number = leakage(refusal)
        assert number > 100
        assert share > 0.5
    assert leakage(0.0)[0] >= leakage(0.5)[0]


def test_p4_control_where_every_trip_is_refused_hardly_anybody_overstays():
    """Only those who slip out without permission are left to overstay."""
    assert leakage(1.0)[0] < 0.1


# -- P7: fear blinds ------------------------------------------------------------------------------------


@cache
def blindness(leader, bold):
    """Error and spread of the belief at the end, over eight worlds; `bold` people fear and gain nothing."""
    fearless = {
        "dissent_price": 1.0,
        "withdrawal_price": 0.05,
        "promotion_reward": 0.0,
        "conformity_loyal": 0.0,
        "loyalty_tie": 0.0,
    }
    fearful = {
        "dissent_price": 6.0,
        "withdrawal_price": 1.0,
        "promotion_reward": 0.4,
        "conformity_loyal": 0.4,
        "loyalty_tie": 0.0,
    }
    told = {
        "leadership": leader,
        **only_sector(20_000, opposition=0.5),
        **switched(loss_of_control=0),
    }
    scenario = world(told, confidence_dissent=3.0, **(fearless if bold else fearful))
    ends = [run(scenario, seed=seed).isel(time=slice(-10, None)).mean("time") for seed in range(8)]
    error = np.array([abs(float(end["believed_opposition"] - end["true_opposition"])) for end in ends])
    return error, np.array([float(end["believed_sd"]) for end in ends])


def grows(less, more):
    """Welch's t test at a false-alarm rate of 1e-4."""
    return bool(stats.ttest_ind(more, less, equal_var=False, alternative="greater").pvalue < 1e-4)


def test_p7_the_naive_leadership_s_error_grows_with_fear():
    bold, afraid = blindness("naive", True)[0], blindness("naive", False)[0]
    assert grows(bold, afraid)


def test_p7_the_sophisticated_leadership_s_error_and_spread_grow_with_fear():
    bold, afraid = blindness("sophisticated", True), blindness("sophisticated", False)
    assert grows(bold[0], afraid[0])
    assert grows(bold[1], afraid[1])


def test_p7_control_the_same_fear_shows_no_growth():
    error = blindness("naive", True)[0]
    assert not grows(error[:4], error[4:])


# -- P8: calm does not tell the hidden share ------------------------------------------------------------


@cache
def calm_worlds():
    """Worlds that differ in hidden opposition and in the price of candour: (hidden share, dissent, withdrawn)."""
    rng, priors = np.random.default_rng(8), load_priors()
    rows = []
    for seed in range(36):
        names = ("dissent_price", "withdrawal_price", "loyalty_tie", "conformity_loyal", "promotion_reward")
        drawn = {name: rng.uniform(priors[name].low, priors[name].high) for name in names}
        told = {"clock.end": "2001-09-03", **only_sector(5_000, opposition=float(rng.uniform(0.15, 0.6)))}
        end = run(world(told, **drawn), seed=seed).isel(time=slice(-4, None)).mean("time")
        persons = float(end["persons"].sum())
        rows.append([float(end[name].sum()) / persons for name in ("opposed", "dissent", "withdrawn")])
    return np.array(rows)


def test_p8_calm_does_not_tell_the_hidden_share():
    """Among calm worlds (dissent under 1 %) the hidden share spreads widely and dissent hardly orders it.

    The notes obtained .23 to .62 for the 10-90 % range and rank correlations of about .14; required is a range of at
    least .2 and a correlation of at most .6 in size.
    """
    hidden, dissent, _ = calm_worlds().T
    calm = dissent < 0.01
    low, high = np.quantile(hidden[calm], [0.1, 0.9])
    order = stats.spearmanr(hidden[calm], dissent[calm]).statistic
    assert calm.sum() >= 24
    assert high - low > 0.2
    assert abs(order) < 0.6


def test_p8_control_the_hidden_share_does_tell_itself():
    """Negative control: the same statistic finds a relation where there is one."""
    hidden = calm_worlds()[:, 0]
    noisy = hidden + 0.02 * np.random.default_rng(1).standard_normal(len(hidden))
    assert stats.spearmanr(hidden, noisy).statistic > 0.6
