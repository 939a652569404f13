"""The progress of a run: a bar for somebody who watches, plain lines every few seconds for a log."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

from exitvoice.cli.pace import Pace, show_rate, show_seconds

A_SECOND = 4  # times a bar is drawn: each takes a millisecond of a processor that persons could have


class Display:
    """What stands on the terminal while something long is done; a context."""

    def __init__(self, console: Console, *, clock: Callable[[], float]) -> None:
        self._console = console
        self._pace = Pace(clock)

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _start(self) -> None:
        """Say that it begins."""

    def _stop(self) -> None:
        """Leave the terminal as it was."""


class MovingBar(Display):
    """A bar, for somebody who watches."""

    beginning = "compiling and peopling"

    def __init__(self, console: Console, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(console, clock=clock)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            console=console,
            transient=True,
            refresh_per_second=A_SECOND,
        )
        self._task: TaskID = self._bar.add_task(self.beginning, total=None, pace="")

    def _start(self) -> None:
        self._bar.start()

    def _stop(self) -> None:
        self._bar.stop()

    def _move(self, what: str, done: int, planned: int, pace: str) -> None:
        self._bar.update(self._task, description=what, completed=done, total=planned, pace=pace)

    def refresh(self) -> None:
        """Draw the bar now, not when it is drawn the next time."""
        self._bar.refresh()


class PlainLines(Display):
    """A line at the start, every few seconds and at the end, for a log."""

    beginning = "compiling and peopling the model"

    def __init__(
        self, console: Console, *, clock: Callable[[], float] = time.monotonic, every_seconds: float = 5.0
    ) -> None:
        super().__init__(console, clock=clock)
        self._clock = clock
        self._every = every_seconds
        self._last: float | None = None

    def _start(self) -> None:
        self._say(self.beginning)

    def _is_due(self, *, at_once: bool) -> bool:
        now = self._clock()
        due = self._last is None or at_once or now - self._last >= self._every
        if due:
            self._last = now
        return due

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)


class Bar(MovingBar):
    """The steps of one run, with rate and time left."""

    def show(self, done: int, steps: int, persons: int) -> None:
        """Move the bar."""
        self._pace.report(done, steps, persons)
        rate, left = self._pace.rate, self._pace.seconds_left
        pace = "" if rate is None or left is None else f"{show_rate(rate)}, {show_seconds(left)} left"
        self._move("simulating", done, steps, pace)


class Lines(PlainLines):
    """The steps of one run, in sentences."""

    def show(self, done: int, steps: int, persons: int) -> None:
        """Print a line if it is time for one."""
        self._pace.report(done, steps, persons)
        if self._is_due(at_once=done >= steps):
            self._say(self._pace.sentence())


def watch(console: Console, *, is_terminal: bool) -> "Bar | Lines":
    """Return what suits the console."""
    return Bar(console) if is_terminal else Lines(console)
