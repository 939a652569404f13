"""Ctrl-C: the first one asks a run to stop after its step, the second one ends it at once."""

import signal
from types import FrameType, TracebackType
from typing import Self

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C stopped, as a shell gives it."""


class Interruption:
    """A context in which Ctrl-C is a wish that the run asks for, not an exception in the middle of a step.

    Before `begin` is called - while the model is compiled - there is nothing to keep, and Ctrl-C ends at once.
    """

    def __init__(self) -> None:
        self.is_asked = False
        self._has_begun = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._receive)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def begin(self) -> None:
        """Say that from now on there is something to keep."""
        self._has_begun = True

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self.is_asked or not self._has_begun:
            raise KeyboardInterrupt
        self.is_asked = True
