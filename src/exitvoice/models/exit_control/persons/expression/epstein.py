"""Civil violence (Epstein 2002), with a stated map to three answers.

    DISSENT   iff h (1 - L) - R P   > T
    WITHDRAWN iff h (1 - L) - R M/4 > T, otherwise LOYAL

L legitimacy (.7-.95), T threshold, R risk aversion, P the chance of punishment, M monitoring. The
printed form has no noise, no memory and no confidence; it is the extreme of the three theories.
Source: notes on the voice half, trap 11; Epstein, PNAS 99 suppl. 3 (2002).
"""

from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import DISSENT, LOYAL, WITHDRAWN


@rule(writes=("expression",))
def epstein(
    opposition,
    risk_aversion,
    punishment,
    monitoring,
    goals_met,
    goals_met_effect,
    epstein_legitimacy,
    epstein_threshold,
):
    """Answer of one person who reconsiders."""
    felt = opposition * (1.0 - goals_met_effect * goals_met)
    grievance = felt * (1.0 - epstein_legitimacy)
    open_dissent = grievance - risk_aversion * punishment > epstein_threshold
    quiet = grievance - risk_aversion * monitoring * 0.25 > epstein_threshold
    answer = WITHDRAWN if quiet else LOYAL
    return DISSENT if open_dissent else answer
