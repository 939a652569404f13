"""Who may see anything happen this step: a filter that changes no result and saves most of the work.

An event of career, document, watchlist, journey or discipline happens to an idle person only if the
person's draw for it lies below the event's chance. The chance is at most a bound that holds for everybody
(the institutions work it out, with a margin), so a person all of whose draws lie above the bounds may be
passed over. Whoever is not idle (waiting, permitted, abroad, in custody, a post to fill, a document or
listing at odds with the rules) is always looked at. Draws are told by their upper 16 bits, a level, which errs on
the side of looking: a draw below a bound has a level of at most the bound's. A test runs worlds with the
bounds at 1 and finds the same bits.
"""

from exitvoice.engine.primitives import integer
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import HOME, INVALID, LENT, SURRENDERED, VACANT, VALID, WITHHELD


def levels(bound: float) -> int:
    """Level of a bound: no draw below the bound has a higher one, and none above the bound a lower one."""
    return integer(bound * 65536.0)


@rule(writes=("active",))
def activity(
    service,
    journey,
    document,
    listed_covered,
    listed_applied,
    listed_sanctioned,
    listed_error,
    trips,
    timer,
    restricted,
    custody,
    invalidate,
    u_career_level,
    u_document_level,
    u_list_level,
    u_journey_level,
    u_discipline_level,
    career_bound,
    document_bound,
    list_bound,
    error_bound,
    journey_bound,
    discipline_bound,
    new_year,
):
    """Whether a person goes through the rules of this step."""
    valid = document == VALID
    held = document == SURRENDERED
    kept = document == WITHHELD
    void = document == INVALID
    in_hand = valid | kept | (document == LENT)
    unsettled = (valid & (custody | invalidate)) | (held & (not custody)) | (kept & (not custody))
    unsettled = unsettled | (document == LENT) | (void & (not invalidate))
    busy = (
        (journey != HOME) | (service == VACANT) | (timer > 0) | unsettled | ((new_year > 0.5) & (trips > 0))
    )
    stale = (listed_covered == 1) | (listed_applied == 1)
    listing = (restricted & (listed_covered == 0)) | ((not restricted) & stale)
    listing = listing | (listed_sanctioned == 1) | (listed_error == 1)
    stirs = (u_career_level <= levels(career_bound)) | (u_document_level <= levels(document_bound))
    stirs = stirs | (u_discipline_level <= levels(discipline_bound))
    stirs = stirs | (listing & (u_list_level <= levels(list_bound))) | (u_list_level >= levels(error_bound))
    stirs = stirs | ((restricted | in_hand) & (u_journey_level <= levels(journey_bound)))
    return busy | stirs
