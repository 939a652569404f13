"""The progress of a calibration: simulations, acceptance, tolerance and the time left."""

from typing import TYPE_CHECKING

from rich.console import Console

from exitvoice.cli.pace import show_seconds
from exitvoice.cli.progress import Display, MovingBar, PlainLines

if TYPE_CHECKING:
    from exitvoice.calibration.options import Status


class CalibrationBar(MovingBar):
    """Simulations, for somebody who watches."""

    beginning = "compiling and starting"

    def show(self, status: "Status") -> None:
        """Move the bar."""
        self._pace.report(status.done, status.most, 1)
        self._move(status.stage, status.done, status.most, ", ".join(_facts(self, status)))


class CalibrationLines(PlainLines):
    """Simulations, in sentences."""

    beginning = "compiling and starting"

    def show(self, status: "Status") -> None:
        """Print a line if it is time for one."""
        self._pace.report(status.done, status.most, 1)
        if self._is_due(at_once=False):
            done = f"{status.stage}: {status.done:,} of at most {status.most:,} simulations"
            self._say(", ".join([done, *_facts(self, status)]))


def _facts(display: Display, status: "Status") -> list[str]:
    pace = display._pace  # noqa: SLF001 (one family)
    facts = [f"{status.acceptance:.0%} accepted"] if status.acceptance is not None else []
    facts += [f"tolerance {status.tolerance:.2f}"] if status.tolerance is not None else []
    facts += [f"{status.failed:,} failed"] if status.failed else []
    return facts + (
        [f"at most {show_seconds(pace.seconds_left)} left"] if pace.seconds_left is not None else []
    )


def watch(console: Console, *, is_terminal: bool) -> CalibrationBar | CalibrationLines:
    """Return what suits the console."""
    return CalibrationBar(console) if is_terminal else CalibrationLines(console)
