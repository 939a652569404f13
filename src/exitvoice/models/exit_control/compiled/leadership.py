"""After the leadership has its belief: crisis, control and its loss, and everybody else."""

from typing import NamedTuple

from exitvoice.models.exit_control.institutions.background import Background, BackgroundRules, pass_step
from exitvoice.models.exit_control.institutions.control import (
    Alarm,
    ControlRules,
    felt_control,
    next_control,
    perceived_crisis,
    scripted_control,
)
from exitvoice.models.exit_control.institutions.loss_of_control import (
    LossRules,
    LossState,
    lost_now,
    watch_crowd,
    watch_elite,
)
from exitvoice.models.exit_control.state import Floats, Shown


class LeadershipGrounds(NamedTuple):
    """What stays the same from step to step: parameters, strengths of mechanisms, and the length of a step in years."""

    control: ControlRules
    loss: LossRules
    background: BackgroundRules
    is_endogenous: bool
    leadership_strength: float
    loss_strength: float
    others: Floats
    dt: float


class Led(NamedTuple):
    """What follows from what the leadership does, as `state.Institutions` has it under the same names."""

    control: float
    felt: float
    crisis: float
    loss: LossState
    background: Background


class Circumstances(NamedTuple):
    """What a step brings from outside; `uniform` decides whether elites defect.

    `openness`, `season` and `issuing` are by region.
    """

    tension: float
    scripted: float
    uniform: float
    openness: Floats
    season: Floats
    issuing: Floats


def after_belief(
    alarm: Alarm, shown: Shown, force: Floats, before: Led, now: Circumstances, grounds: LeadershipGrounds
) -> tuple[Led, Floats]:
    """What a worried leadership does, and whether control is lost; with it 1.0 in the regions just lost."""
    dt = grounds.dt
    crisis = perceived_crisis(alarm, grounds.control)
    level = scripted_control(now.scripted)
    if grounds.is_endogenous:
        strength = grounds.leadership_strength
        level = next_control(before.control, crisis, grounds.control, dt=dt, strength=strength)
    strength = grounds.loss_strength
    loss, fresh = watch_crowd(before.loss, shown.dissent, force, rules=grounds.loss, dt=dt, strength=strength)
    loss, defects = watch_elite(
        loss,
        shown.nation_dissent,
        alarm.elite_conflict,
        now.uniform,
        rules=grounds.loss,
        dt=dt,
        strength=strength,
    )
    background = pass_step(
        before.background,
        grounds.others,
        openness=now.openness,
        season=now.season,
        issuing=now.issuing,
        rules=grounds.background,
        dt=dt,
    )
    felt = felt_control(before.felt, level, grounds.control, dt=dt)
    return Led(level, felt, crisis, loss, background), lost_now(fresh, defects)
