"""What a person or a log sees of a run under way, and what Ctrl-C does."""

import io
import os
import signal

import pytest
from rich.console import Console

from exitvoice.cli.interruption import Interruption
from exitvoice.cli.progress import Bar, Lines, watch


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def console(*, is_terminal: bool = False) -> Console:
    return Console(file=io.StringIO(), width=120, force_terminal=is_terminal, highlight=False)


def written(to: Console) -> str:
    assert isinstance(to.file, io.StringIO)
    return to.file.getvalue()


def test_lines_come_every_few_seconds_and_at_the_end() -> None:
    clock, target = Clock(), console()
    with Lines(target, clock=clock, every_seconds=5.0) as lines:
        for step in range(1, 13):
            lines.show(step, 12, 1000)
            clock.now += 1.0
    shown = written(target).splitlines()
    assert shown[0] == "compiling and peopling the model"
    assert [line.split(" of ")[0] for line in shown[1:]] == ["step 1", "step 6", "step 11", "step 12"]
    assert "\x1b" not in written(target)


def test_bar_shows_steps_rate_and_time_left() -> None:
    clock, target = Clock(), console(is_terminal=True)
    with Bar(target, clock=clock) as bar:
        bar.show(1, 101, 2_000_000)
        clock.now += 1.0
        bar.show(51, 101, 2_000_000)
        bar.refresh()
        shown = written(target)
    assert "51/101" in shown
    assert "100 million person-steps/s, 1 s left" in shown


def test_watch_suits_the_console() -> None:
    assert isinstance(watch(console(), is_terminal=True), Bar)
    assert isinstance(watch(console(), is_terminal=False), Lines)


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_before_the_first_step_ctrl_c_ends_at_once() -> None:
    with pytest.raises(KeyboardInterrupt), Interruption():
        press()


def test_once_begun_the_first_ctrl_c_is_a_wish_and_the_second_ends_at_once() -> None:
    with pytest.raises(KeyboardInterrupt), Interruption() as interruption:
        interruption.begin()
        assert not interruption.is_asked
        press()
        assert interruption.is_asked
        press()


def test_afterwards_ctrl_c_is_what_it_was_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interruption():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
