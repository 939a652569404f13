"""Units that stand sorted, and thresholds that pass them: who lies between the old one and the new one is moved."""

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def pass_units(
    thresholds: NDArray[np.uint32],
    keys: NDArray[np.uint64],
    order: NDArray[np.int64],
    reached: NDArray[np.int64],
    rows: NDArray[np.int32],
    by: int,
) -> bool:
    """Add `by` to the row of each unit that a threshold has risen above, take it off where one has fallen.

    Parameters
    ----------
    thresholds : array, shape (groups, thresholds)
        Lower halves of keys; the upper half is the group.
    keys, order : arrays, shape (units,)
        Sorted keys, and the units in that order.
    reached : array, shape of `thresholds`
        How far each threshold had come: place of the first key that is not below it. Brought up to date.
    rows : array, shape (units,)
        Altered in place.

    Returns
    -------
    bool
        Whether any unit was moved.
    """
    has_moved = False
    groups, levels = thresholds.shape
    for group in range(groups):
        for level in range(levels):
            threshold = (np.uint64(group) << np.uint64(32)) | np.uint64(thresholds[group, level])
            place = before = reached[group, level]
            # thresholds creep, so that walking on from where one stood finds it sooner than a search
            while place < len(keys) and keys[place] < threshold:
                rows[order[place]] += by
                place += 1
            while place > 0 and keys[place - 1] >= threshold:
                place -= 1
                rows[order[place]] -= by
            reached[group, level] = place
            has_moved |= place != before
    return has_moved
