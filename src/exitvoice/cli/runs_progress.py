"""The progress of many runs: a bar for somebody who watches, plain lines every few seconds for a log."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

from exitvoice.cli.pace import Pace, show_seconds


def _rate(pace: Pace) -> list[str]:
    if pace.rate is None or pace.seconds_left is None:
        return []
    a_second = pace.rate
    speed = f"{a_second:,.1f} runs/s" if a_second >= 1 else f"{a_second * 60:,.1f} runs/min"
    return [speed, f"{show_seconds(pace.seconds_left)} left"]


class RunsBar:
    """A progress bar with rate, time left and failures."""

    def __init__(self, console: Console, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = Pace(clock)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            console=console,
            transient=True,
        )
        self._task: TaskID = self._bar.add_task("compiling and starting", total=None, pace="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, done: int, runs: int, failed: int) -> None:
        """Move the bar."""
        self._pace.report(done + failed, runs, 1)
        parts = [*_rate(self._pace), *([f"{failed:,} failed"] if failed else [])]
        self._bar.update(
            self._task, description="runs", completed=done + failed, total=runs, pace=", ".join(parts)
        )


class RunsLines:
    """A plain line at the start, every few seconds, and at the last run."""

    def __init__(
        self, console: Console, *, clock: Callable[[], float] = time.monotonic, every_seconds: float = 5.0
    ) -> None:
        self._console = console
        self._clock = clock
        self._every = every_seconds
        self._pace = Pace(clock)
        self._last: float | None = None
        self._said = -1

    def __enter__(self) -> Self:
        self._say("compiling and starting")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def show(self, done: int, runs: int, failed: int) -> None:
        """Print a line if it is time for one."""
        ended, now = done + failed, self._clock()
        self._pace.report(ended, runs, 1)
        is_last = ended >= runs and ended != self._said
        if self._last is None or is_last or now - self._last >= self._every:
            self._last, self._said = now, ended
            parts = [f"run {ended:,} of {runs:,} ({ended / runs:.0%})", *_rate(self._pace)]
            self._say(", ".join([*parts, *([f"{failed:,} failed"] if failed else [])]))

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)


def watch_runs(console: Console, *, is_terminal: bool) -> "RunsBar | RunsLines":
    """Return what suits the console."""
    return RunsBar(console) if is_terminal else RunsLines(console)
