"""When a person reconsiders what to show.

In each of three rounds a step with probability 1 - exp(-r dt / 3), drawn for all rounds at once and kept as
three marks. The occasion comes to a team, 16 neighbouring members of a unit, and to each team on its own: nobody
waits longer or shorter for it (docs/design-notes/occasions-by-team.md). Without a revision rate the speed of every
cascade would be set by the length of the step (notes on the voice half, section 2).
"""

from exitvoice.engine.mathematics import larger, probability
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import VACANT


@rule(writes=("revises_0", "revises_1", "revises_2"))
def revision(u_revision, revision_rate, expression_on, dt):
    """Three answers from one draw: given an answer, the rest of the draw is again uniform."""
    p = probability(expression_on * revision_rate, dt / 3.0)
    if_so = 1.0 / larger(p, 0.000001)
    if_not = 1.0 / larger(1.0 - p, 0.000001)
    first = u_revision < p
    rest = u_revision * if_so if first else (u_revision - p) * if_not
    second = rest < p
    rest = rest * if_so if second else (rest - p) * if_not
    return first, second, rest < p


@rule(writes=("post_held",))
def post_held(service):
    """An empty post has nothing to reconsider."""
    return service != VACANT
