"""A rule book's word: what binds one kind of person, packed into 32 bits.

Bits: 0 covered, 1 approval, 2 ban, 3 custody, 4 invalidate, 5 opaque, 6-7 trips a year (3 = no limit), 8-15 days within
which documents are handed in (custody only), 16-23 longest trip in weeks (255 = no limit), 24-26 offices in the chain,
27-31 days within which documents are back (0 = none).
"""

from __future__ import annotations

from dataclasses import dataclass

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

_NEVER = 1 << 10  # above every number of days: 'no limit' while the least is sought

Words = npt.NDArray[np.uint32]
Cells = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Terms:
    """The fields of a word, unpacked."""

    flags: int = 0
    trips_per_year: int = NO_TRIP_LIMIT
    custody_days: int = _NEVER
    trip_weeks: int = NO_WEEK_LIMIT
    offices: int = 0
    reporting_days: int = _NEVER


def terms_of(rule: Rule) -> Terms:
    """Return what a rule in force asks of those it binds."""
    flags = COVERED
    flags |= BAN if rule.ban else 0
    flags |= APPROVAL if rule.approval is not None else 0
    flags |= OPAQUE if rule.approval is not None and rule.approval.opaque else 0
    flags |= CUSTODY if rule.custody is not None else 0
    flags |= INVALIDATE if rule.invalidate else 0
    return Terms(
        flags=flags,
        trips_per_year=NO_TRIP_LIMIT if rule.trips_per_year is None else rule.trips_per_year,
        custody_days=_NEVER if rule.custody is None else rule.custody.within_days,
        trip_weeks=NO_WEEK_LIMIT if rule.max_days is None else min(-(-rule.max_days // 7), NO_WEEK_LIMIT - 1),
        offices=0 if rule.approval is None else len(rule.approval.chain),
        reporting_days=_NEVER if rule.reporting_days is None else rule.reporting_days,
    )


@dataclass
class WordBuilder:
    """Joins rules, field by field the strictest, for cells of any shape."""

    shape: tuple[int, ...]

    def __post_init__(self) -> None:
        free = Terms()
        self._flags = np.zeros(self.shape, dtype=np.uint32)
        self._trips = np.full(self.shape, free.trips_per_year, dtype=np.uint32)
        self._custody = np.full(self.shape, free.custody_days, dtype=np.uint32)
        self._weeks = np.full(self.shape, free.trip_weeks, dtype=np.uint32)
        self._offices = np.zeros(self.shape, dtype=np.uint32)
        self._reporting = np.full(self.shape, free.reporting_days, dtype=np.uint32)

    def add(self, terms: Terms, binds: Cells) -> None:
        """Join one rule's terms where it binds."""
        self._flags[binds] |= np.uint32(terms.flags)
        for field, limit in (
            (self._trips, terms.trips_per_year),
            (self._custody, terms.custody_days),
            (self._weeks, terms.trip_weeks),
            (self._reporting, terms.reporting_days),
        ):
            field[binds] = np.minimum(field[binds], np.uint32(limit))
        self._offices[binds] = np.maximum(self._offices[binds], np.uint32(terms.offices))

    def words(self) -> Words:
        """Return the words so far."""
        custody = np.where(self._custody == _NEVER, 0, self._custody)
        reporting = np.where(self._reporting == _NEVER, 0, self._reporting)
        packed = (
            self._flags
            | (self._trips << TRIPS_SHIFT)
            | (custody << CUSTODY_SHIFT)
            | (self._weeks << WEEKS_SHIFT)
            | (self._offices << CHAIN_SHIFT)
            | (reporting << REPORTING_SHIFT)
        )
        return packed.astype(np.uint32)


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
