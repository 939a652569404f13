"""Persons act: their stages one after the other, and rounds of expression, each shown to all before the next."""

from typing import Any, NamedTuple

from numpy.typing import NDArray

from exitvoice.engine.proceed import Laid, proceed
from exitvoice.engine.sums import Counts
from exitvoice.models.exit_control.columns import ROUNDS
from exitvoice.models.exit_control.compiled.rounds import RoundGrounds, after_round
from exitvoice.models.exit_control.state import Floats, Shown

#: Stages of a step by name and round, in their order.
STAGES = (("week", 0), ("events", 0), ("drift", 0), *(("speak", round_) for round_ in range(ROUNDS)))
WEEK, EVENTS, DRIFT, SPEAK = range(4)  # places among them; from the last on, the rounds


class Acted(NamedTuple):
    """What persons did: what two stages counted and totalled, the shares then shown, and enforcers who obey."""

    week_counts: Counts
    week_totals: Counts
    events_counts: Counts
    events_totals: Counts
    shown: Shown
    force: Floats


def act(
    stages: tuple[Laid, ...], now: int, crew: int, away: Floats, board: NDArray[Any], grounds: RoundGrounds
) -> Acted:
    """Run the stages of a step in compiled code; `model.act_by_stage` does the same from Python.

    Parameters
    ----------
    stages : as `STAGES`
    now, crew : int
        Step, and the threads that share the work.
    away : array, shape (regions,)
        Share of enforcers whom incidents keep away.
    board : array, shape (regions, names)
        Where persons are told.
    """
    week = proceed(stages[WEEK], now, crew)
    events = proceed(stages[EVENTS], now, crew)
    proceed(stages[DRIFT], now, crew)
    proceed(stages[SPEAK], now, crew)
    display = stages[SPEAK].whole_counts
    shown, force = after_round(display, away, board, grounds)
    for round_ in range(1, ROUNDS):
        proceed(stages[SPEAK + round_], now, crew)
        shown, force = after_round(display, away, board, grounds)
    return Acted(week[0], week[1], events[0], events[1], shown, force)
