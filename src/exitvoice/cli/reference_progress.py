"""The progress of a published model: its own steps, without a rate of persons."""

from rich.console import Console

from exitvoice.cli.progress import MovingBar, PlainLines

SLOW = 2.0  # seconds after which a log is told


class ReferenceBar(MovingBar):
    """The steps of a run."""

    beginning = "compiling"

    def show(self, done: int, planned: int) -> None:
        """Move the bar."""
        self._move("running", done, planned, "")


class ReferenceLines(PlainLines):
    """The steps of a run, in sentences; a run that ends within two seconds says nothing."""

    def _start(self) -> None:
        self._last = self._clock() - self._every + SLOW

    def show(self, done: int, planned: int) -> None:
        """Print a line if it is time for one."""
        if self._is_due(at_once=False):
            self._say(f"{done:,} of {planned:,} ({done / planned:.0%})")


def watch(console: Console, *, is_terminal: bool, name: str) -> ReferenceBar | ReferenceLines:
    """Return what suits the console."""
    return ReferenceBar(console) if is_terminal else ReferenceLines(console)
