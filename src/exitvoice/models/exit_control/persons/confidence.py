"""Confidence b in [0, 1] that the order will hold, shared by the members of a unit: they see the same.

    b* = logit^-1(k0 - k_D d - k_W w - k_X X - k_E conflict + k_S (c - c0) (1 - 2 lambda))
    b += (1 - exp(-eta dt)) (b* - b)

d, w: dissent and withdrawal as seen; X: departures seen, a year; c: control; lambda: the share who read
a show of control as weakness. Source: notes on the voice half, section 6 and trap 8.
"""

from exitvoice.engine.mathematics import clip, logistic, power, probability
from exitvoice.engine.rule import rule


@rule(writes=("confidence_target",))
def confidence_target(
    seen_dissent,
    seen_withdrawn,
    departures_seen,
    elite_conflict,
    control_shown,
    confidence_base,
    confidence_dissent,
    confidence_withdrawal,
    confidence_departures,
    confidence_conflict,
    confidence_show,
    show_misread,
):
    """b*, the same for all members of a unit; `control_shown` = c - c0."""
    doubt = (
        confidence_dissent * seen_dissent
        + confidence_withdrawal * seen_withdrawn
        + confidence_departures * departures_seen
        + confidence_conflict * elite_conflict
    )
    show = confidence_show * control_shown * (1.0 - 2.0 * show_misread)
    return logistic(confidence_base - doubt + show)


@rule(writes=("confidence",))
def confidence(confidence, confidence_target, confidence_adjustment, confidence_on, dt):
    """Move towards b*."""
    return confidence + probability(confidence_on * confidence_adjustment, dt) * (
        confidence_target - confidence
    )


@rule(writes=("doubt",))
def doubt(confidence, reference_confidence, leave_confidence_exponent):
    """((1-b)/(1-b0))^c_b: what lost confidence adds to the wish to leave."""
    ratio = clip((1.0 - confidence) / (1.0 - reference_confidence), 0.01, 100.0)
    return power(ratio, leave_confidence_exponent)
