"""State of a person when the run begins.

Ranks and service by the sector's shares, documents by its share of holders, opposition at the rest
point of its equation (or every run would 'rise').
"""

from exitvoice.engine.mathematics import clip
from exitvoice.engine.primitives import integer
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import EARLIEST, LOYAL, NONE, RETIRED, SERVING, VALID
from exitvoice.models.exit_control.persons.opposition import rest_point


@rule(writes=("rank", "service", "clock", "document", "expression", "kin"))
def post(
    u_rank,
    u_service,
    u_first_document,
    rank_edge_1,
    rank_edge_2,
    rank_edge_3,
    retired_share,
    document_share,
    mean_retired_steps,
    relative,
):
    """Rank, service, step of leaving office and document, from fixed draws."""
    rank = integer(u_rank >= rank_edge_1) + integer(u_rank >= rank_edge_2) + integer(u_rank >= rank_edge_3)
    retired = u_service < retired_share
    # among the retired, years since office uniform up to twice their mean
    ago = integer(2.0 * mean_retired_steps * u_service / retired_share) if retired else 0
    ago = ago if ago < EARLIEST else EARLIEST
    service = RETIRED if retired else SERVING
    document = VALID if u_first_document < document_share else NONE
    return rank, service, EARLIEST - ago, document, LOYAL, relative


@rule(writes=("opposition",))
def feeling(baseline, grievance, persuasion, opposition_return):
    """Opposition at rest."""
    return clip(rest_point(baseline, grievance, persuasion, opposition_return), 0.0, 1.0)
