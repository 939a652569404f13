"""A rule book's word: what binds one kind of person, packed into 32 bits.

Bits: 0 covered, 1 approval, 2 ban, 3 custody, 4 invalidate, 5 opaque, 6-7 trips a year (3 = no limit), 8-15 days within
which documents are handed in (custody only), 16-23 longest trip in weeks (255 = no limit), 24-26 offices in the chain,
27-31 days within which documents are back (0 = none).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exitvoice.scenario.rules import Rule

COVERED, APPROVAL, BAN, CUSTODY, INVALIDATE, OPAQUE = (1 << bit for bit in range(6))
TRIPS_SHIFT, TRIPS_MASK, NO_TRIP_LIMIT = 6, 0x3, 3
CUSTODY_SHIFT, CUSTODY_MASK = 8, 0xFF
WEEKS_SHIFT, WEEKS_MASK, NO_WEEK_LIMIT = 16, 0xFF, 255
CHAIN_SHIFT, CHAIN_MASK = 24, 0x7
REPORTING_SHIFT, REPORTING_MASK = 27, 0x1F
FREE_WORD = (NO_TRIP_LIMIT << TRIPS_SHIFT) | (NO_WEEK_LIMIT << WEEKS_SHIFT)

# fields where they stand in a word
FLAGS = COVERED | APPROVAL | BAN | CUSTODY | INVALIDATE | OPAQUE
TRIPS, CUSTODY_DAYS = TRIPS_MASK << TRIPS_SHIFT, CUSTODY_MASK << CUSTODY_SHIFT
WEEKS, CHAIN = WEEKS_MASK << WEEKS_SHIFT, CHAIN_MASK << CHAIN_SHIFT
REPORTING_DAYS = REPORTING_MASK << REPORTING_SHIFT

Words = npt.NDArray[np.uint32]


def word_of(rule: Rule) -> int:
    """Return what a rule in force asks of those it binds."""
    flags = COVERED
    flags |= BAN if rule.ban else 0
    flags |= APPROVAL if rule.approval is not None else 0
    flags |= OPAQUE if rule.approval is not None and rule.approval.opaque else 0
    flags |= CUSTODY if rule.custody is not None else 0
    flags |= INVALIDATE if rule.invalidate else 0
    trips = NO_TRIP_LIMIT if rule.trips_per_year is None else rule.trips_per_year
    weeks = NO_WEEK_LIMIT if rule.max_days is None else min(-(-rule.max_days // 7), NO_WEEK_LIMIT - 1)
    return (
        flags
        | trips << TRIPS_SHIFT
        | (0 if rule.custody is None else rule.custody.within_days) << CUSTODY_SHIFT
        | weeks << WEEKS_SHIFT
        | (0 if rule.approval is None else len(rule.approval.chain)) << CHAIN_SHIFT
        | (rule.reporting_days or 0) << REPORTING_SHIFT
    )


def strictest(one: int, other: int) -> int:
    """Join two words, field by field the strictest; `FREE_WORD` joined with a word gives that word.

    Examples
    --------
    >>> strictest(FREE_WORD, FREE_WORD | BAN) == FREE_WORD | BAN
    True
    """
    return (
        ((one | other) & FLAGS)
        | min(one & TRIPS, other & TRIPS)
        | soonest(one & CUSTODY_DAYS, other & CUSTODY_DAYS)
        | min(one & WEEKS, other & WEEKS)
        | max(one & CHAIN, other & CHAIN)
        | soonest(one & REPORTING_DAYS, other & REPORTING_DAYS)
    )


def soonest(one: int, other: int) -> int:
    """Return the smaller of two numbers of days, of which 0 says that there is none."""
    least = min(one, other)
    return least if least > 0 else max(one, other)


def unpack(word: int) -> dict[str, int | bool]:
    """Return the fields of a word by name, for tests and for people.

    Examples
    --------
    >>> unpack(FREE_WORD)["covered"], unpack(FREE_WORD)["trips_per_year"]
    (False, 3)
    """
    return {
        "covered": bool(word & COVERED),
        "approval": bool(word & APPROVAL),
        "ban": bool(word & BAN),
        "custody": bool(word & CUSTODY),
        "invalidate": bool(word & INVALIDATE),
        "opaque": bool(word & OPAQUE),
        "trips_per_year": (word >> TRIPS_SHIFT) & TRIPS_MASK,
        "custody_days": (word >> CUSTODY_SHIFT) & CUSTODY_MASK,
        "trip_weeks": (word >> WEEKS_SHIFT) & WEEKS_MASK,
        "offices": (word >> CHAIN_SHIFT) & CHAIN_MASK,
        "reporting_days": (word >> REPORTING_SHIFT) & REPORTING_MASK,
    }
