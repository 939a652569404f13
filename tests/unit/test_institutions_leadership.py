"""The leadership's posterior against brute-force quadrature and against its analytic limit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from exitvoice.models.exit_control.compiled.belief import learn
from exitvoice.models.exit_control.institutions.leadership import (
    Channels,
    Evidence,
    GridRules,
    NaiveRules,
    believe,
    grid_leader,
    leader_of,
    naive_leader,
    probabilities,
    start_belief,
)
from exitvoice.units import WEEKS_PER_YEAR

WEEK = 1 / WEEKS_PER_YEAR
NEVER = 1e9  # a half-life so long that nothing is forgotten
PRIORS = {"flat": (1.0, 1.0), "band at .3": (3.0, 7.0), "band at .9": (9.0, 1.0)}


def rules_for(a, b, **changes):
    candour = {"candour_mean": a / (a + b), "candour_weight": a + b}
    return GridRules(**{"belief_half_life_years": NEVER, **candour, **changes})


def taught(leader, *told, dt=WEEK, strength=1.0):
    """Belief of a leadership that began at its prior and was told so much, a step each."""
    belief = start_belief(leader)
    for evidence in told:
        belief = believe(belief, evidence, leader, dt=dt, strength=strength)
    return belief


def quadrature(visible, looks, a, b, false_alarm=0.02, nodes=900):
    """Mean and sd of H by Gauss-Legendre over the unit square: no grid in logs, no code of the package."""
    x, weight = np.polynomial.legendre.leggauss(nodes)
    h, s = (x[:, None] + 1) / 2, (x[None, :] + 1) / 2
    p = false_alarm + (1 - false_alarm) * h * s
    log = looks * visible * np.log(p) + looks * (1 - visible) * np.log1p(-p)
    log = log + stats.beta.logpdf(h, 2, 3) + stats.beta.logpdf(s, a, b)
    mass = np.exp(log - log.max()) * weight[:, None] * weight[None, :]
    mean = (mass * h).sum() / mass.sum()
    return mean, np.sqrt((mass * (h - mean) ** 2).sum() / mass.sum())


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize("visible", [0.02, 0.05, 0.1, 0.2, 0.4])
@pytest.mark.parametrize("weeks", [1, 8, 26])
def test_the_grid_agrees_with_quadrature(prior, visible, weeks):
    a, b = PRIORS[prior]
    belief = taught(grid_leader(rules_for(a, b)), Evidence(visible, 0.0), dt=weeks * WEEK)
    mean, sd = quadrature(visible, 30 * weeks, a, b)
    assert belief.mean == pytest.approx(mean, abs=0.015)
    assert belief.sd == pytest.approx(sd, abs=0.008)


def test_quadrature_would_notice_a_forgotten_jacobian():
    """Negative control: equal weights on a log grid are another prior, and the comparison above sees it."""
    leader = grid_leader(rules_for(1.0, 1.0))
    weights = probabilities(taught(leader, Evidence(0.2, 0.0), dt=8 * WEEK).held)
    tilted = weights / leader.grid.candour[:, np.newaxis]
    wrong = float((tilted * leader.grid.opposed).sum() / tilted.sum())
    mean, _ = quadrature(0.2, 240, 1.0, 1.0)
    assert abs(wrong - mean) > 0.05


@pytest.mark.parametrize("prior", ["flat", "band at .3"])
@pytest.mark.parametrize("visible", [0.05, 0.2, 0.4])
def test_with_many_eyes_only_the_product_is_known(prior, visible):
    """Posterior of H tends to prior(H) * prior_s(v / H) / H for H >= v, and 0 below."""
    a, b = PRIORS[prior]

    def density(h):
        return stats.beta.pdf(h, 2, 3) * stats.beta.pdf(visible / h, a, b) / h

    total = integrate.quad(density, visible, 1)[0]
    mean = integrate.quad(lambda h: h * density(h), visible, 1)[0] / total
    variance = integrate.quad(lambda h: (h - mean) ** 2 * density(h), visible, 1)[0] / total
    fine = rules_for(
        a, b, belief_sample=20_000, belief_false_alarm=0.0, opposed_points=800, candour_points=800
    )
    leader = grid_leader(fine)
    belief = taught(leader, Evidence(visible, 0.0))
    assert belief.mean == pytest.approx(mean, abs=0.003)
    assert belief.sd == pytest.approx(np.sqrt(variance), abs=0.003)
    below = probabilities(belief.held).sum(axis=0)[leader.grid.opposed < 0.9 * visible]
    assert below.sum() < 1e-4


def test_displays_do_not_settle_how_many_are_opposed():
    belief = taught(grid_leader(rules_for(1.0, 1.0)), *[Evidence(0.05, 0.0)] * 520)
    assert belief.sd > 0.15


def test_a_naive_leadership_converges_on_what_it_sees_and_forgets():
    leader = naive_leader(NaiveRules(belief_report_sample=0.0))
    belief = taught(leader, *[Evidence(0.01, 0.06)] * 200)
    assert belief.mean == pytest.approx(0.04, abs=0.003)
    for _ in range(520):
        belief = believe(belief, Evidence(0.9, 0.0), leader, dt=WEEK, strength=0.0)
    assert belief.mean == pytest.approx(1 / 6, rel=1e-3)


def test_a_naive_leadership_takes_reports_at_face_value():
    quiet = taught(naive_leader(), Evidence(0.0, 0.0, report=0.0))
    alarming = taught(naive_leader(), Evidence(0.0, 0.0, report=0.9))
    assert alarming.mean > quiet.mean


def test_a_sophisticated_leadership_reads_a_bent_report_for_what_it_is():
    rules = rules_for(3.0, 7.0, report_insight=1.0, belief_report_sd=0.02)
    report = 0.25 * 0.6 + 0.75 * 0.05
    told, untold = Evidence(0.06, 0.0, report=report), Evidence(0.06, 0.0)
    known = taught(grid_leader(rules, Channels(truth_weight=0.25, wanted=0.05)), told, dt=8 * WEEK)
    assert known.mean == pytest.approx(0.6, abs=0.05)
    bent = taught(grid_leader(rules, Channels(truth_weight=0.0, wanted=report)), told, dt=8 * WEEK)
    unread = taught(grid_leader(rules), untold, dt=8 * WEEK)
    assert bent.mean == pytest.approx(unread.mean, abs=1e-9)


def test_informants_raise_the_belief_when_they_report_much():
    leader = grid_leader(rules_for(1.0, 1.0), Channels(inform_chance=0.2))
    silent = taught(leader, Evidence(0.05, 0.0, informed=0.0), dt=26 * WEEK)
    busy = taught(leader, Evidence(0.05, 0.0, informed=0.05), dt=26 * WEEK)
    assert busy.mean > silent.mean + 0.05


KINDS = ["naive", "sophisticated", "sophisticated_flat"]


@pytest.mark.parametrize("kind", KINDS)
def test_without_evidence_the_belief_returns_to_its_prior(kind):
    leader = leader_of(kind, {"candour_mean": 0.3, "candour_weight": 10.0, "not_a_parameter": 1.0})
    prior = start_belief(leader)
    moved = taught(leader, Evidence(0.6, 0.2), dt=20 * WEEK)
    assert abs(moved.mean - prior.mean) > 0.05
    for _ in range(520):
        moved = believe(moved, Evidence(0.6, 0.2), leader, dt=WEEK, strength=0.0)
    assert moved.mean == pytest.approx(prior.mean, abs=1e-3)
    assert moved.sd == pytest.approx(prior.sd, abs=1e-3)


def test_the_priors_of_the_three_leaderships():
    values = {"candour_mean": 0.2, "candour_weight": 10.0}
    known = []
    for kind in ("sophisticated", "sophisticated_flat"):
        leader = leader_of(kind, values)
        of_candour = probabilities(start_belief(leader).held).sum(axis=1)
        known.append((of_candour * leader.grid.candour).sum())
    assert known == [pytest.approx(0.2, abs=0.005), pytest.approx(0.5, abs=0.01)]
    band = start_belief(leader_of("sophisticated", values))
    assert band.mean == pytest.approx(0.4, abs=1e-3)
    assert band.sd == pytest.approx(0.2, abs=1e-3)
    assert start_belief(leader_of("naive", {})).mean == pytest.approx(1 / 6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)), max_size=8))
def test_every_belief_stays_a_belief_whatever_arrives(weeks):
    told = [
        Evidence(dissent, withdrawn * (1 - dissent), informed, report)
        for dissent, withdrawn, informed, report in weeks
    ]
    for kind in KINDS:
        belief = taught(leader_of(kind, {}, Channels(0.1, 0.24, 0.05)), *told)
        assert 0.0 < belief.mean < 1.0
        assert 0.0 < belief.sd < 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_a_settled_belief_does_not_depend_on_the_step(kind):
    means = []
    for days in (3.5, 7, 14):
        told = [Evidence(0.1, 0.05)] * round(4 * 365.25 / days)
        means.append(taught(leader_of(kind, {}), *told, dt=days / 365.25).mean)
    assert max(means) - min(means) < 0.05 * min(means)


# -- as a step of the model does it ---------------------------------------------------------------------

HEARD = [
    Evidence(0.1, 0.05, 0.004, 0.12),
    Evidence(0.02, 0.2),
    Evidence(0.0, 0.0, 0.0, 0.9),
    Evidence(0.7, 0.3, 1.0),
]


@pytest.mark.parametrize("evidence", HEARD)
def test_a_step_gives_the_posterior_of_the_equation(evidence):
    """Against NumPy's logarithms and exponential over the grid, within 1e-12: what rounding may add up to."""
    chance, att, wanted, dt = 0.1, 0.24, 0.05, 1.5 * WEEK
    leader = grid_leader(GridRules(), Channels(chance, att, wanted))
    held = start_belief(leader).held
    h = (np.arange(64)[None] + 0.5) / 64
    edges = np.logspace(-3, 0, 33)[:, None]
    s = (edges[1:] + edges[:-1]) / 2
    prior = stats.beta.logpdf(h, 2, 3) + stats.beta.logpdf(s, 3, 7) + np.log(np.diff(edges, axis=0))
    log, kept = prior, 2 ** (-dt / 0.35)
    for _ in range(3):
        k, p = 30 * min(1, evidence.dissent + evidence.withdrawn), 0.02 + 0.98 * s * h
        week = k * np.log(p) + (30 - k) * np.log(1 - p)
        if evidence.informed == evidence.informed:
            k, p = 30 * evidence.informed, chance * h * np.sqrt(s)
            week = week + k * np.log(p) + (30 - k) * np.log(1 - p)
        if evidence.report == evidence.report:
            expected = att * h * (s + 0.5 * (1 - s)) + (1 - att) * wanted
            week = week + stats.norm.logpdf(evidence.report, expected, 0.3)
        log = kept * log + (1 - kept) * prior + 1.5 * week
        found = learn(held, evidence, leader, dt=dt, strength=1.0)
    weights = np.exp(log - log.max())
    mean = np.average(h + 0 * s, weights=weights)
    sd = np.sqrt(np.average((h + 0 * s - mean) ** 2, weights=weights))
    assert found == pytest.approx((mean, sd), rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_in_place_it_gives_the_bits_that_it_gives_anew(kind):
    leader = leader_of(kind, {}, Channels(0.1, 0.24, 0.05))
    held = start_belief(leader).held
    for evidence in HEARD:
        found = learn(held, evidence, leader, dt=WEEK, strength=0.7)
    belief = taught(leader, *HEARD, strength=0.7)
    assert np.array_equal(held, belief.held)
    assert found == (belief.mean, belief.sd)
