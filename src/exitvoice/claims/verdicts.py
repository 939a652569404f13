"""The five verdicts, and when each is given."""

from __future__ import annotations

from typing import Literal

from exitvoice.claims.shares import HIGH, LEAST_WORLDS, LOW, Share

Verdict = Literal["holds", "fails", "depends on", "the data cannot tell", "not testable here"]
HOLDS: Verdict = "holds"
FAILS: Verdict = "fails"
DEPENDS: Verdict = "depends on"
CANNOT_TELL: Verdict = "the data cannot tell"
NOT_TESTABLE: Verdict = "not testable here"
OPEN: Literal["open"] = "open"
"""Of some of the worlds only, where their interval still crosses a limit: more runs would tell."""


def verdict_of(share: Share) -> Verdict:
    """Return the verdict of a share: its whole interval above .8, below .2, or neither.

    With fewer than twelve worlds in which anything could be measured nobody can tell.

    Examples
    --------
    >>> verdict_of(Share(0.95, 0.85, 0.99, 60)), verdict_of(Share(0.8, 0.7, 0.9, 60))
    ('holds', 'depends on')
    """
    if share.worlds < LEAST_WORLDS:
        return CANNOT_TELL
    if share.low > HIGH:
        return HOLDS
    if share.high < LOW:
        return FAILS
    return DEPENDS


def verdict_of_some(share: Share) -> Verdict | Literal["open"]:
    """Return the verdict on some of the worlds, such as those of one theory; they may be too few for any.

    Examples
    --------
    >>> verdict_of_some(Share(1.0, 0.7, 1.0, 7))
    'open'
    """
    if share.low > HIGH or share.high < LOW:
        return HOLDS if share.low > HIGH else FAILS
    return DEPENDS if share.is_decided else OPEN


def verdict_of_hidden(prior: Share, seen: Share | None) -> Verdict:
    """Return the verdict on a level that nobody sees: only what the data moved counts.

    Parameters
    ----------
    prior : Share
        Over all plausible worlds.
    seen : Share or None
        Over those of them that agree with the data; None where there are no data.

    Returns
    -------
    str
        As `verdict_of` on the worlds that agree with the data, if their share differs from that of all worlds by more
        than both intervals allow; else that the data cannot tell.
    """
    if seen is None or seen.worlds < LEAST_WORLDS:
        return CANNOT_TELL
    is_moved = seen.low > prior.high or seen.high < prior.low
    return verdict_of(seen) if is_moved else CANNOT_TELL
