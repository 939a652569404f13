"""The progress of a run: a bar for somebody who watches, plain lines every few seconds for a log."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

from exitvoice.cli.pace import Pace, show_rate, show_seconds


class Bar:
    """A progress bar with rate and time left."""

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
        self._task: TaskID = self._bar.add_task("compiling and peopling", total=None, pace="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, done: int, steps: int, persons: int) -> None:
        """Move the bar."""
        self._pace.report(done, steps, persons)
        rate, left = self._pace.rate, self._pace.seconds_left
        pace = "" if rate is None or left is None else f"{show_rate(rate)}, {show_seconds(left)} left"
        self._bar.update(self._task, description="simulating", completed=done, total=steps, pace=pace)

    def refresh(self) -> None:
        """Draw the bar now, not at the next tenth of a second."""
        self._bar.refresh()


class Lines:
    """A plain line at the start, every few seconds, and at the last step."""

    def __init__(
        self, console: Console, *, clock: Callable[[], float] = time.monotonic, every_seconds: float = 5.0
    ) -> None:
        self._console = console
        self._clock = clock
        self._every = every_seconds
        self._pace = Pace(clock)
        self._last: float | None = None

    def __enter__(self) -> Self:
        self._say("compiling and peopling the model")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def show(self, done: int, steps: int, persons: int) -> None:
        """Print a line if it is time for one."""
        self._pace.report(done, steps, persons)
        now = self._clock()
        if self._last is None or done >= steps or now - self._last >= self._every:
            self._last = now
            self._say(self._pace.sentence())

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)


def watch(console: Console, *, is_terminal: bool) -> "Bar | Lines":
    """Return what suits the console."""
    return Bar(console) if is_terminal else Lines(console)
