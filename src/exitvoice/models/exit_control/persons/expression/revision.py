"""When a person reconsiders what to show.

In each of three rounds a step with probability 1 - exp(-r dt / 3), independently; drawn for all rounds
at once and kept as three marks. Without a revision rate the speed of every cascade would be set by the
length of the step (notes on the voice half, section 2).
"""

from exitvoice.engine.mathematics import larger, probability
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import VACANT


@rule(writes=("revises_0", "revises_1", "revises_2"))
def revision(service, u_revision, revision_rate, expression_on, dt):
    """Three answers from one draw: given an answer, the rest of the draw is again uniform."""
    p = probability(expression_on * revision_rate, dt / 3.0)
    # the same for everybody: divided once, not for each person
    if_so = 1.0 / larger(p, 0.000001)
    if_not = 1.0 / larger(1.0 - p, 0.000001)
    first = u_revision < p
    rest = u_revision * if_so if first else (u_revision - p) * if_not
    second = rest < p
    rest = rest * if_so if second else (rest - p) * if_not
    third = rest < p
    person = service != VACANT
    return person & first, person & second, person & third
