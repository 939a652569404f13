"""How often one address may ask: a bucket that refills, per address and per kind of request."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_MOST_ADDRESSES = 20_000


@dataclass
class Rate:
    """So many requests in so many seconds from one address; forgets the longest silent ones first."""

    most: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, address: str) -> bool:
        """Take one request off the bucket of an address; False where it is empty."""
        now = self.clock()
        left, at = self._left.pop(address, (float(self.most), now))
        left = min(float(self.most), left + (now - at) * self.most / self.seconds)
        is_allowed = left >= 1.0
        self._left[address] = (left - 1.0 if is_allowed else left, now)
        while len(self._left) > _MOST_ADDRESSES:
            self._left.popitem(last=False)
        return is_allowed
