"""How fast a run goes and how long it will still take."""

from collections.abc import Callable
from dataclasses import dataclass, field

_MINUTE = 60
_HOUR = 3600


@dataclass
class Pace:
    """Person-steps a second and the time left, from the first report on.

    The first report comes after the model is compiled and peopled, so that set-up does not count as speed.
    """

    clock: Callable[[], float]
    done: int = 0
    steps: int = 0
    persons: int = 0
    _first: tuple[int, float] | None = field(default=None, repr=False)
    _now: float = field(default=0.0, repr=False)

    def report(self, done: int, steps: int, persons: int) -> None:
        """Take note of how many steps are done."""
        self._now = self.clock()
        self.done, self.steps, self.persons = done, steps, persons
        if self._first is None:
            self._first = (done, self._now)

    @property
    def rate(self) -> float | None:
        """Person-steps a second, or None where there is nothing to measure yet."""
        speed = self._steps_a_second()
        return None if speed is None else speed * self.persons

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the last step, or None where there is nothing to measure yet."""
        speed = self._steps_a_second()
        return None if speed is None else (self.steps - self.done) / speed

    def sentence(self) -> str:
        """Return the state of the run as one plain line."""
        share = self.done / self.steps if self.steps else 1.0
        parts = [f"step {self.done:,} of {self.steps:,} ({share:.0%})", f"{self.persons:,} persons"]
        if self.rate is not None:
            parts.append(f"{show_rate(self.rate)}")
        if self.seconds_left is not None:
            parts.append(f"{show_seconds(self.seconds_left)} left")
        return ", ".join(parts)

    def _steps_a_second(self) -> float | None:
        if self._first is None:
            return None
        done_before, started = self._first
        if self.done <= done_before or self._now <= started:
            return None
        return (self.done - done_before) / (self._now - started)


def show_rate(rate: float) -> str:
    """Return a rate in millions of person-steps a second."""
    millions = rate / 1e6
    digits = 0 if millions >= 100 else 1 if millions >= 1 else 3
    return f"{millions:,.{digits}f} million person-steps/s"


def show_seconds(seconds: float) -> str:
    """Return a length of time as a person would say it."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE:02d} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02d} min"
