"""Strategic self-censorship (Daymude, Axelrod and Forrest, proportional punishment).

A person of desire d = h and boldness beta chooses an act a in [0, d]: the authority tolerates acts up to
t, observes an act with chance v + (1-v) a and punishes what it sees with s (a - t). The best act is

    d                       if d <= t or d <= a*
    max(t, min(a*, d))      otherwise,  a* = (t + (beta - v s)/((1-v) s)) / 2

with severity s = psi P b here: without P the theory would have no crowd effect at all. Answers: a up to
the first limit LOYAL, up to the second WITHDRAWN, beyond DISSENT. Tolerance t = the first limit,
observation v = monitoring. Source: arXiv 2509.03731; notes on the voice half, trap 11.
"""

from exitvoice.engine.mathematics import clip, larger
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import DISSENT, LOYAL, WITHDRAWN


@rule(writes=("expression",))
def self_censorship(
    opposition,
    confidence,
    candour,
    punishment,
    peers,
    monitoring,
    sanction_fear,
    goals_met,
    goals_met_effect,
    self_censorship_severity,
    self_censorship_boldness,
    self_censorship_loyal,
    self_censorship_withdrawn,
):
    """Answer of one person who reconsiders."""
    desire = opposition * (1.0 - goals_met_effect * goals_met)
    boldness = self_censorship_boldness * candour
    severity = self_censorship_severity * punishment * confidence * (1.0 + sanction_fear * peers)
    severity = larger(severity, 0.0001)
    unseen = larger(1.0 - monitoring, 0.01)
    best = 0.5 * (self_censorship_loyal + (boldness - monitoring * severity) / (unseen * severity))
    act = clip(best, self_censorship_loyal, larger(desire, self_censorship_loyal))
    act = desire if desire <= self_censorship_loyal else act
    answer = WITHDRAWN if act > self_censorship_loyal else LOYAL
    return DISSENT if act > self_censorship_withdrawn else answer
