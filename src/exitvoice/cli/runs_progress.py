"""The progress of many runs: a bar for somebody who watches, plain lines every few seconds for a log."""

from rich.console import Console

from exitvoice.cli.pace import Pace, show_seconds
from exitvoice.cli.progress import MovingBar, PlainLines


def _rate(pace: Pace) -> list[str]:
    if pace.rate is None or pace.seconds_left is None:
        return []
    a_second = pace.rate
    speed = f"{a_second:,.1f} runs/s" if a_second >= 1 else f"{a_second * 60:,.1f} runs/min"
    return [speed, f"{show_seconds(pace.seconds_left)} left"]


class RunsBar(MovingBar):
    """Many runs, with rate, time left and failures."""

    beginning = "compiling and starting"

    def show(self, done: int, runs: int, failed: int) -> None:
        """Move the bar."""
        self._pace.report(done + failed, runs, 1)
        parts = [*_rate(self._pace), *([f"{failed:,} failed"] if failed else [])]
        self._move("runs", done + failed, runs, ", ".join(parts))


class RunsLines(PlainLines):
    """Many runs, in sentences."""

    beginning = "compiling and starting"
    _said = -1

    def show(self, done: int, runs: int, failed: int) -> None:
        """Print a line if it is time for one."""
        ended = done + failed
        self._pace.report(ended, runs, 1)
        if self._is_due(at_once=ended >= runs and ended != self._said):
            self._said = ended
            parts = [f"run {ended:,} of {runs:,} ({ended / runs:.0%})", *_rate(self._pace)]
            self._say(", ".join([*parts, *([f"{failed:,} failed"] if failed else [])]))


def watch_runs(console: Console, *, is_terminal: bool) -> "RunsBar | RunsLines":
    """Return what suits the console."""
    return RunsBar(console) if is_terminal else RunsLines(console)
