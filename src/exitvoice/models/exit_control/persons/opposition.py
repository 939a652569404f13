"""Private opposition h in [0, 1].

    dh/dt = -delta (h - h0) + (1-h) [a_T w blocked + a_P peers + a_E hardship] - h a_S campaign
    at a refusal:  h += a_D opacity (1-h);   at an incident:  h += s (1-h)

blocked = max(1 - H where a rule restricts, what control does), never the sum; 0 when free with a document.
peers = 1 - exp(-S/half), S the unit's share sanctioned, decaying over a year. a_T, a_P and a_S may be
negative: the literature disagrees on their signs. One Euler step; its rest point is exact.
Source: notes on the voice half, trap 9 and section 6.
"""

from exitvoice.engine.mathematics import clip, larger
from exitvoice.engine.rule import rule


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
    opposition,
    baseline,
    grievance,
    refused,
    refusal_opacity,
    opposition_impulse,
    persuasion,
    renewed,
    opposition_return,
    opposition_refused,
    opposition_on,
    dt,
):
    """Opposition after one step; a recruit starts at the rest point of the same equation."""
    change = opposition_return * (baseline - opposition) + (1.0 - opposition) * grievance - opposition * persuasion
    shock = opposition_impulse + (opposition_refused * refusal_opacity if refused else 0.0)
    moved = opposition + opposition_on * (change * dt + shock * (1.0 - opposition))
    start = rest_point(baseline, grievance, persuasion, opposition_return)
    return clip(start if renewed else moved, 0.0, 1.0)


def rest_point(baseline, grievance, persuasion, opposition_return):
    """Opposition at which nothing moves it: (delta h0 + A) / (delta + A + B)."""
    return (opposition_return * baseline + grievance) / larger(
        opposition_return + grievance + persuasion, 0.01
    )
