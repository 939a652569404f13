"""The leadership's posterior against brute-force quadrature and against its analytic limit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from exitvoice.models.exit_control.institutions.leadership import (
    Evidence,
    GridRules,
    NaiveRules,
    believe,
    grid_belief,
    naive_belief,
    start_belief,
)
from exitvoice.units import WEEKS_PER_YEAR

WEEK = 1 / WEEKS_PER_YEAR
NEVER = 1e9  # a half-life so long that nothing is forgotten
PRIORS = {"flat": (1.0, 1.0), "band at .3": (3.0, 7.0), "band at .9": (9.0, 1.0)}


def rules_for(a, b, **changes):
    candour = {"candour_mean": a / (a + b), "candour_weight": a + b}
    return GridRules(**{"belief_half_life_years": NEVER, **candour, **changes})


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
    belief = believe(grid_belief(rules_for(a, b)), Evidence(visible, 0.0), dt=weeks * WEEK)
    mean, sd = quadrature(visible, 30 * weeks, a, b)
    assert belief.mean == pytest.approx(mean, abs=0.015)
    assert belief.sd == pytest.approx(sd, abs=0.008)


def test_quadrature_would_notice_a_forgotten_jacobian():
    """Negative control: equal weights on a log grid are another prior, and the comparison above sees it."""
    belief = believe(grid_belief(rules_for(1.0, 1.0)), Evidence(0.2, 0.0), dt=8 * WEEK)
    tilted = belief.weights / belief.candour
    wrong = float((tilted * belief.opposed).sum() / tilted.sum())
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
    belief = believe(grid_belief(fine), Evidence(visible, 0.0), dt=WEEK)
    assert belief.mean == pytest.approx(mean, abs=0.003)
    assert belief.sd == pytest.approx(np.sqrt(variance), abs=0.003)
    below = belief.weights.sum(axis=1)[belief.opposed[:, 0] < 0.9 * visible]
    assert below.sum() < 1e-4


def test_displays_do_not_settle_how_many_are_opposed():
    belief = grid_belief(rules_for(1.0, 1.0))
    for _ in range(520):
        belief = believe(belief, Evidence(0.05, 0.0), dt=WEEK)
    assert belief.sd > 0.15


def test_a_naive_leadership_converges_on_what_it_sees_and_forgets():
    belief = naive_belief(NaiveRules(belief_report_sample=0.0))
    for _ in range(200):
        belief = believe(belief, Evidence(0.01, 0.06), dt=WEEK)
    assert belief.mean == pytest.approx(0.04, abs=0.003)
    for _ in range(520):
        belief = believe(belief, Evidence(0.9, 0.0), dt=WEEK, strength=0.0)
    assert belief.mean == pytest.approx(1 / 6, rel=1e-3)


def test_a_naive_leadership_takes_reports_at_face_value():
    quiet = believe(naive_belief(), Evidence(0.0, 0.0, report=0.0), dt=WEEK)
    alarming = believe(naive_belief(), Evidence(0.0, 0.0, report=0.9), dt=WEEK)
    assert alarming.mean > quiet.mean


def test_a_sophisticated_leadership_reads_a_bent_report_for_what_it_is():
    start = grid_belief(rules_for(3.0, 7.0, report_insight=1.0, belief_report_sd=0.02))
    report = 0.25 * 0.6 + 0.75 * 0.05
    known = believe(start, Evidence(0.06, 0.0, report=report, truth_weight=0.25, wanted=0.05), dt=8 * WEEK)
    assert known.mean == pytest.approx(0.6, abs=0.05)
    bent = believe(start, Evidence(0.06, 0.0, report=report, truth_weight=0.0, wanted=report), dt=8 * WEEK)
    unread = believe(start, Evidence(0.06, 0.0), dt=8 * WEEK)
    assert bent.mean == pytest.approx(unread.mean, abs=1e-9)


def test_informants_raise_the_belief_when_they_report_much():
    start = grid_belief(rules_for(1.0, 1.0))
    silent = believe(start, Evidence(0.05, 0.0, informed=0.0, inform_chance=0.2), dt=26 * WEEK)
    busy = believe(start, Evidence(0.05, 0.0, informed=0.05, inform_chance=0.2), dt=26 * WEEK)
    assert busy.mean > silent.mean + 0.05


@pytest.mark.parametrize("kind", ["naive", "sophisticated", "sophisticated_flat"])
def test_without_evidence_the_belief_returns_to_its_prior(kind):
    values = {"candour_mean": 0.3, "candour_weight": 10.0, "not_a_parameter": 1.0}
    prior = start_belief(kind, values)
    moved = believe(prior, Evidence(0.6, 0.2), dt=20 * WEEK)
    assert abs(moved.mean - prior.mean) > 0.05
    for _ in range(520):
        moved = believe(moved, Evidence(0.6, 0.2), dt=WEEK, strength=0.0)
    assert moved.mean == pytest.approx(prior.mean, abs=1e-3)
    assert moved.sd == pytest.approx(prior.sd, abs=1e-3)


def test_the_priors_of_the_three_leaderships():
    values = {"candour_mean": 0.2, "candour_weight": 10.0}
    band, flat = (start_belief(kind, values) for kind in ("sophisticated", "sophisticated_flat"))
    assert (band.weights * band.candour).sum() == pytest.approx(0.2, abs=0.005)
    assert (flat.weights * flat.candour).sum() == pytest.approx(0.5, abs=0.01)
    assert band.mean == pytest.approx(0.4, abs=1e-3)
    assert band.sd == pytest.approx(0.2, abs=1e-3)
    assert start_belief("naive", {}).mean == pytest.approx(1 / 6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)), max_size=8))
def test_every_belief_stays_a_belief_whatever_arrives(weeks):
    beliefs = [start_belief(kind, {}) for kind in ("naive", "sophisticated", "sophisticated_flat")]
    for dissent, withdrawn, informed, report in weeks:
        evidence = Evidence(dissent, withdrawn * (1 - dissent), informed, 0.1, report, 0.24, 0.05)
        beliefs = [believe(belief, evidence, dt=WEEK) for belief in beliefs]
    for belief in beliefs:
        assert 0.0 < belief.mean < 1.0
        assert 0.0 < belief.sd < 0.5


@pytest.mark.parametrize("kind", ["naive", "sophisticated", "sophisticated_flat"])
def test_a_settled_belief_does_not_depend_on_the_step(kind):
    means = []
    for days in (3.5, 7, 14):
        belief = start_belief(kind, {})
        for _ in range(round(4 * 365.25 / days)):
            belief = believe(belief, Evidence(0.1, 0.05), dt=days / 365.25)
        means.append(belief.mean)
    assert max(means) - min(means) < 0.05 * min(means)
