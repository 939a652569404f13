"""Runs stages from compiled functions of the host, which costs a microsecond a stage and not ten."""

from typing import NamedTuple

from exitvoice.engine.sums import Counts, Places, move, take
from exitvoice.engine.targets.waiting import ARGUMENTS, HELD, KERNEL, look, put_half, share_with, work

STEP = 1  # place of the step among the arguments of a kernel that its threads share, after the round


class Laid(NamedTuple):
    """A stage laid down (`engine.launch`), as compiled functions take it.

    Attributes
    ----------
    held : int
        Where its kernel and arguments are held.
    ranges, strata : whole numbers, shape (threads, 2)
        Units that a thread works on, and strata that it counts: the first, and the one after the last.
    counts, totals : arrays, shape (threads, strata, names, classes)
        Where threads count.
    before : int
        Counts that tell what was before the work.
    whole_counts, whole_totals : arrays, shape (strata, names, classes)
        Tallies that go on from stage to stage.
    count_places, total_places : whole numbers
        Where its own stand among them; none, if it counts no changes.
    """

    held: int
    ranges: Places
    strata: Places
    counts: Counts
    totals: Counts
    before: int
    whole_counts: Counts
    whole_totals: Counts
    count_places: Places
    total_places: Places


def proceed(laid: Laid, step: int, crew: int) -> tuple[Counts, Counts]:
    """Run a stage in a step, with a crew or (0) alone, and let tallies go on; gives what it counted and totalled.

    For compiled functions only; `CompiledProgram.run_stage` does the same from Python.
    """
    kernel, arguments, failure = look(laid.held + KERNEL), laid.held + HELD, laid.held + ARGUMENTS
    put_half(arguments + 4 * STEP, step)
    code = 0
    if crew != 0:
        code = share_with(crew, kernel, arguments, failure)
    else:
        for part in range(len(laid.ranges)):
            code = code | work(kernel, arguments, laid.ranges[part, 0], laid.ranges[part, 1], part, failure)
    if code != 0:
        raise RuntimeError("a kernel stopped")
    counted, totalled = take(laid.counts, laid.totals, laid.before, laid.strata)
    move(laid.whole_counts, laid.count_places, counted)
    move(laid.whole_totals, laid.total_places, totalled)
    return counted, totalled
