"""What is seen, and what travels up: weights, the censor, fading, distortion that compounds."""

import numpy as np
import pytest
from hypothesis import strategies as st

from exitvoice.models.exit_control.institutions.information import (
    CampaignRules,
    common_knowledge,
    departures_rate,
    gone_share,
    hear_campaign,
    network_factor,
)
from exitvoice.models.exit_control.institutions.reporting import (
    ReportingRules,
    local_knowledge,
    report_levels,
    top_report,
    truth_weight,
)

DT = 7 / 365.25
shares = st.floats(0, 1)


def test_common_knowledge_holds_while_the_event_lasts_then_halves():
    known = np.zeros(2)
    for _ in range(10):
        known = common_knowledge(known, np.array([0.2, 0.0]), half_life_weeks=4, dt=DT)
    assert known == pytest.approx([0.2, 0.0])
    for _ in range(4):
        known = common_knowledge(known, np.zeros(2), half_life_weeks=4, dt=DT)
    assert known == pytest.approx([0.1, 0.0])


@pytest.mark.parametrize("dt", [DT, DT / 7])
def test_the_rate_of_departures_does_not_depend_on_the_step(dt):
    rate = np.zeros(1)
    for _ in range(round(3.0 / dt)):
        rate = departures_rate(
            rate, np.array([0.05 * 1000 * dt]), np.array([1000.0]), memory_years=0.1, dt=dt
        )
    assert rate[0] == pytest.approx(0.05, rel=1e-6)


def test_the_share_gone_fades_and_the_network_saturates():
    gone = gone_share(np.zeros(2), np.array([10.0, 0.0]), np.array([100.0, 0.0]), memory_years=5, dt=DT)
    assert gone == pytest.approx([0.1, 0.0])
    later = gone
    for _ in range(round(5 / DT)):
        later = gone_share(later, np.zeros(2), np.array([100.0, 0.0]), memory_years=5, dt=DT)
    assert later[0] == pytest.approx(0.1 / np.e, rel=0.01)
    factor = network_factor(np.array([0.0, 0.015, 1e9]), network_gain=4.0, network_half=0.015)
    assert factor == pytest.approx([1.0, 3.0, 5.0])
    assert network_factor(np.zeros(1), network_gain=4.0, network_half=0.0) == pytest.approx(1.0)


def test_a_campaign_is_believed_less_the_more_is_censored_and_the_longer_it_lasts():
    rules, heard = CampaignRules(), np.zeros(1)
    _, open_media = hear_campaign(heard, np.ones(1), censorship=0.0, rules=rules, dt=DT)
    _, closed_media = hear_campaign(heard, np.ones(1), censorship=1.0, rules=rules, dt=DT)
    assert open_media[0] == 1.0
    assert closed_media[0] == pytest.approx(0.5)
    for _ in range(300):
        heard, worn = hear_campaign(heard, np.ones(1), censorship=0.0, rules=rules, dt=DT)
    assert worn[0] == pytest.approx(np.exp(-0.5), rel=0.01)


def test_distortion_compounds_with_levels_as_published():
    rules = ReportingRules(report_bias=0.3, report_levels=5)
    assert truth_weight(rules) == pytest.approx(0.168, abs=5e-4)
    reports = report_levels(0.6, rules, wanted=0.1)
    assert len(reports) == 6
    assert np.all(np.diff(reports) < 0)
    assert reports[-1] == pytest.approx(0.1 + truth_weight(rules) * 0.5)


def test_reports_are_honest_without_bias_and_empty_of_truth_with_full_bias():
    known, persons = np.array([0.2, 0.6]), np.array([300.0, 100.0])
    honest = top_report(known, persons, ReportingRules(), wanted=0.05, strength=0.0)
    assert honest == pytest.approx(0.3)
    assert top_report(known, persons, ReportingRules(report_bias=1.0), wanted=0.05) == pytest.approx(0.05)
    assert top_report(known, np.zeros(2), ReportingRules(), wanted=0.05) == pytest.approx(0.05)


def test_local_officials_know_part_of_what_is_hidden():
    rules = ReportingRules(report_insight=0.25)
    assert local_knowledge(np.array([0.1]), np.array([0.5]), rules)[0] == pytest.approx(0.2)
