"""After the leadership has its belief: control and its loss, and everybody else."""

from typing import NamedTuple

from exitvoice.models.exit_control.institutions.background import Background, BackgroundRules, pass_step
from exitvoice.models.exit_control.institutions.control import (
    ControlRules,
    felt_control,
    next_control,
    scripted_control,
)
from exitvoice.models.exit_control.institutions.loss_of_control import (
    LossRules,
    LossState,
    lost_now,
    watch_crowd,
)
from exitvoice.models.exit_control.state import Floats, Shown


class ControlGrounds(NamedTuple):
    """How worry becomes control, if it does; `strength` is that of the leadership."""

    rules: ControlRules
    is_endogenous: bool
    strength: float


class LossGrounds(NamedTuple):
    """When control is lost."""

    rules: LossRules
    strength: float


class Outside(NamedTuple):
    """What each step brings from outside; `uniform` decides whether elites defect.

    By step `tension`, `scripted` (control) and `uniform`; by step and region the others.
    """

    tension: Floats
    scripted: Floats
    uniform: Floats
    openness: Floats
    season: Floats
    issuing: Floats


class OthersGrounds(NamedTuple):
    """Everybody else by region, and their rates."""

    persons: Floats
    rules: BackgroundRules


def control_now(
    control: float, felt: float, crisis: float, scripted: float, grounds: ControlGrounds, dt: float
) -> tuple[float, float]:
    """Control as a worried leadership has it, and as it is felt below."""
    level = scripted_control(scripted)
    if grounds.is_endogenous:
        level = next_control(control, crisis, grounds.rules, dt=dt, strength=grounds.strength)
    return level, felt_control(felt, level, grounds.rules, dt=dt)


def lose(
    state: LossState,
    lost: Floats,
    shown: Shown,
    force: Floats,
    defects: bool,
    grounds: LossGrounds,
    dt: float,
) -> None:
    """Mark the regions where a crowd is out of hand, or all if elites have defected."""
    after, fresh = watch_crowd(
        state, shown.dissent, force, rules=grounds.rules, dt=dt, strength=grounds.strength
    )
    marks = lost_now(fresh, defects)
    for region in range(len(lost)):
        state.years_above[region] = after.years_above[region]
        state.is_lost[region] = after.is_lost[region]
        lost[region] = marks[region]


def others_now(
    state: Background, openness: Floats, season: Floats, issuing: Floats, grounds: OthersGrounds, dt: float
) -> None:
    """Everybody else, region by region."""
    for region in range(len(grounds.persons)):
        before = Background(state.holders[region], state.exits[region], state.passports[region])
        after = pass_step(
            before,
            grounds.persons[region],
            openness=openness[region],
            season=season[region],
            issuing=issuing[region],
            rules=grounds.rules,
            dt=dt,
        )
        state.holders[region] = after.holders
        state.exits[region] = after.exits
        state.passports[region] = after.passports
