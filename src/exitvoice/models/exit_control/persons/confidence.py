"""Confidence b in [0, 1] that the order will hold.

    b* = logit^-1(k0 - k_D d - k_W w - k_X X - k_E conflict + k_S (c - c0) (1 - 2 lambda))
    b += (1 - exp(-eta dt)) (b* - b)

d, w: dissent and withdrawal as seen; X: departures seen, a year; c: control; lambda: the share who read
a show of control as weakness. Source: notes on the voice half, section 6 and trap 8.
"""

from exitvoice.engine.mathematics import logistic, probability
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
def confidence(confidence, confidence_target, renewed, confidence_adjustment, confidence_on, dt):
    """Move towards b*; a recruit starts there."""
    share = 1.0 if renewed else probability(confidence_on * confidence_adjustment, dt)
    return confidence + share * (confidence_target - confidence)
