"""Who may see anything happen this step: a filter that changes no result and saves most of the work.

An event of career, document, watchlist, journey or discipline happens to an idle person only if the
person's draw for it lies below the event's chance. The chance is at most a bound that holds for everybody
(the institutions work it out, with a margin), so a person all of whose draws lie above the bounds may be
passed over. Whoever is not idle (waiting, permitted, abroad, in custody, a document at odds with the rules, a
listing left by who vacated a post) is always looked at. Draws are told by their upper 16 bits, a level, which errs on
the side of looking: a draw below a bound has a level of at most the bound's. A test runs worlds with the
bounds at 1 and finds the same bits.

What is common and slow has a bound of its own, apart from what is rare and fast: most persons have no document
(`issue_bound`, against lapse and audits below `document_bound`), and whoever was sanctioned stays listed for years
(`delist_bound`, against entries and lapses of a rule below `list_bound`). One bound for both would look at three
times as many.
"""

from exitvoice.engine.primitives import has_bit, integer
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import (
    HOME,
    INVALID,
    LENT,
    NONE,
    SURRENDERED,
    VACANT,
    VALID,
    WITHHELD,
)


def _unsettled(document: int, custody: int, invalidate: int) -> bool:
    """Whether a document is not where the rules want it."""
    if document == VALID:
        return bool(custody or invalidate)
    if document in (SURRENDERED, WITHHELD):
        return not custody
    return document == LENT or (document == INVALID and not invalidate)


def _listing(listed: int, restricted: int) -> bool:
    """Whether a listing is at odds with the rules in force; `listed` as covered or applied, a bit each."""
    is_stale = bool(listed & 3) and not restricted
    return is_stale or bool(restricted and not listed & 1)


# truth tables, a bit each: one instruction of the filter in place of ten
UNSETTLED = sum(_unsettled(i & 7, i >> 3 & 1, i >> 4) << i for i in range(32))
LISTING = sum(_listing(i & 3, i >> 2) << i for i in range(8))
IN_HAND = sum(1 << document for document in (VALID, WITHHELD, LENT))


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
    restricted,
    custody,
    invalidate,
    u_career_level,
    u_document_level,
    u_list_level,
    u_journey_level,
    u_discipline_level,
    career_bound,
    refill_bound,
    issue_bound,
    document_bound,
    list_bound,
    delist_bound,
    error_bound,
    journey_bound,
    discipline_bound,
    new_year,
):
    """Whether a person goes through the rules of this step."""
    unsettled = has_bit(UNSETTLED, document + 8 * integer(custody) + 16 * integer(invalidate))
    by_rule = listed_covered + 2 * listed_applied
    is_kept = (listed_sanctioned + listed_error) > 0
    vacant = service == VACANT
    busy = (journey != HOME) | unsettled | ((new_year > 0.5) & (trips > 0))
    busy = busy | (vacant & (is_kept | (by_rule > 0)))
    listing = has_bit(LISTING, by_rule + 4 * integer(restricted))
    in_hand = has_bit(IN_HAND, document)
    moves = levels(issue_bound) if document == NONE else levels(document_bound)
    ends = levels(refill_bound) if vacant else levels(career_bound)
    stirs = (u_career_level <= ends) | (u_document_level <= moves)
    stirs = stirs | (u_discipline_level <= levels(discipline_bound))
    stirs = stirs | (listing & (u_list_level <= levels(list_bound))) | (u_list_level >= levels(error_bound))
    stirs = stirs | (is_kept & (u_list_level <= levels(delist_bound)))
    stirs = stirs | ((restricted | in_hand) & (u_journey_level <= levels(journey_bound)))
    return busy | stirs
