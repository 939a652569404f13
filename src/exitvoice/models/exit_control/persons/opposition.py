"""Private opposition h in [0, 1].

    dh/dt = -delta (h - h0) + (1-h) [a_T w blocked + a_P peers + a_E hardship] - h a_S campaign
    at a refusal:  h += a_D opacity (1-h);   at an incident:  h += s (1-h)

blocked = max(1 - H where a rule restricts, what control does), never the sum; 0 when free with a document.
peers = 1 - exp(-S/half), S the unit's share sanctioned, decaying over a year. a_T, a_P and a_S may be
negative: the literature disagrees on their signs. Euler steps of at most four weeks; the rest point is exact.
Source: notes on the voice half, trap 9 and section 6.
"""

from exitvoice.engine.mathematics import clip, larger
from exitvoice.engine.primitives import integer, real
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import LOYAL, VACANT


@rule(writes=("grievance",))
def grievance(
    wish,
    restricted,
    hope_leave,
    peers,
    hardship,
    blocked_control,
    opposition_blocked,
    opposition_peers,
    opposition_hardship,
):
    """What pushes opposition up, a year: blocked exit, sanctions among peers, hardship."""
    blocked = larger(1.0 - hope_leave, blocked_control) if restricted else blocked_control
    return opposition_blocked * wish * blocked + opposition_peers * peers + opposition_hardship * hardship


@rule(writes=("opposition",))
def opposition(
    opposition, baseline, grievance, persuasion, service, opposition_return, opposition_on, opposition_dt
):
    """Opposition after the steps since the unit's last turn (`opposition_dt` years)."""
    change = (
        opposition_return * (baseline - opposition) + (1.0 - opposition) * grievance - opposition * persuasion
    )
    moved = clip(opposition + opposition_on * change * opposition_dt, 0.0, 1.0)
    return opposition if service == VACANT else moved


@rule(writes=("turn",))
def turn(unit_number, step, opposition_period):
    """Whether it is this unit's turn: the slow drift is worked out every few steps, a share of the units each.

    Opposition moves by a few per cent a month at most; the period (1, 2 or 4 steps) keeps the time
    between turns at four weeks or less.
    """
    return ((unit_number + step) & (integer(opposition_period) - 1)) == 0


@rule(writes=("opposition",))
def shock(opposition, opposition_impulse, opposition_on):
    """An incident moves everybody at once: h += s (1 - h)."""
    return clip(opposition + opposition_on * opposition_impulse * (1.0 - opposition), 0.0, 1.0)


@rule(writes=("opposition", "expression", "kin"))
def resentment(
    opposition,
    expression,
    kin,
    relative,
    refused,
    refusal_word,
    opaque,
    renewed,
    vacates,
    baseline,
    grievance,
    persuasion,
    opposition_return,
    opposition_refused,
    opposition_on,
):
    """A refusal adds a_D opacity (1 - h); a recruit starts at rest."""
    opacity = 1.0 if opaque else real(integer(refusal_word >> 16)) * 1.5259022e-05
    added = opposition_on * opposition_refused * opacity * (1.0 - opposition) if refused else 0.0
    start = rest_point(baseline, grievance, persuasion, opposition_return)
    kin_now = 1 if relative else 0
    return (
        clip(start if renewed else opposition + added, 0.0, 1.0),
        LOYAL if renewed | vacates else expression,
        kin_now if renewed else kin,
    )


def rest_point(baseline, grievance, persuasion, opposition_return):
    """Opposition at which nothing moves it: (delta h0 + A) / (delta + A + B)."""
    return (opposition_return * baseline + grievance) / larger(
        opposition_return + grievance + persuasion, 0.01
    )
