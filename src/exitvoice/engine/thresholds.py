"""Units that stand sorted, and thresholds that pass them: who lies between the old one and the new one is moved."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

NOT_YET = np.uint64(2**64 - 1)  # for both edges of a threshold that has not been looked at: no key is as high


@njit(cache=True, nogil=True)
def pass_units(
    thresholds: NDArray[np.uint32],
    which: NDArray[np.int64],
    keys: NDArray[np.uint64],
    order: NDArray[np.int64],
    reached: NDArray[np.int64],
    edges: NDArray[np.uint64],
    rows: NDArray[np.int32],
    by: int,
) -> bool:
    """Add `by` to the row of each unit that a threshold has risen above, take it off where one has fallen.

    Parameters
    ----------
    thresholds : array, shape (thresholds,)
        Lower halves of keys; the upper half is the group.
    which : array, shape (groups, levels)
        Which of the thresholds stands at each level of a group.
    keys, order : arrays, shape (units,)
        Sorted keys, and the units in that order.
    reached : array, shape of `which`
        How far each threshold had come: place of the first key that is not below it. Brought up to date.
    edges : array, shape (groups, levels, 2)
        The keys on both sides of that place, or `NOT_YET`. Brought up to date. Most thresholds stay between them, and
        keys of many units, which lie all over memory, need not be looked at.
    rows : array, shape (units,)
        Altered in place.

    Returns
    -------
    bool
        Whether any unit was moved.
    """
    has_moved = False
    groups, levels = which.shape
    for group in range(groups):
        for level in range(levels):
            threshold = (np.uint64(group) << np.uint64(32)) | np.uint64(thresholds[which[group, level]])
            if edges[group, level, 0] < threshold <= edges[group, level, 1]:
                continue
            place = before = reached[group, level]
            # thresholds creep, so that walking on from where one stood finds it sooner than a search
            while place < len(keys) and keys[place] < threshold:
                rows[order[place]] += by
                place += 1
            while place > 0 and keys[place - 1] >= threshold:
                place -= 1
                rows[order[place]] -= by
            reached[group, level] = place
            edges[group, level, 0] = keys[place - 1] if place > 0 else np.uint64(0)
            edges[group, level, 1] = keys[place] if place < len(keys) else NOT_YET
            has_moved |= place != before
    return has_moved
