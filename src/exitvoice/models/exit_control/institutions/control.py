"""Perceived crisis and control: the loop that the source article's analyst asserts.

    K = w_B * belief + w_D * seen dissent + w_X * X + w_E * elite conflict + w_T * external tension
    dc/dt = g_K * K * (1 - c) - relax * (c - c0)

K is clipped to [0, 1]. X are departures against the rules as a share of persons a YEAR. g_K = 0 is the twin
without the feedback. The loop can damp itself: control hides the displays a naive leadership counts, so K
may fall while opposition rises; that is why K is recorded beside the true share. Solved exactly over a step
(the equation is linear in c), so the step length does not matter. Alternatively control is scripted by the
scenario. What control blocks is taken as the larger of it and the rules, never the sum.

Units: c and K in [0, 1]; g_K and relax a year; weights per unit of their term. Source: form assumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from exitvoice.units import WEEKS_PER_YEAR


class Alarm(NamedTuple):
    """What a leadership worries about in one step."""

    belief: float
    seen_dissent: float
    departures_rate: float
    elite_conflict: float
    external_tension: float


class ControlRules(NamedTuple):
    """How worry becomes control."""

    crisis_belief: float = 0.5  # weights of K, per unit of their term
    crisis_dissent: float = 2.0
    crisis_departures: float = 5.0
    crisis_elite: float = 0.2
    crisis_tension: float = 0.2
    control_feedback: float = 1.0  # g_K, a year
    control_relax: float = 0.5  # a year
    control_normal: float = 0.5  # c0
    control_lag_weeks: float = 2.0  # until a change is felt below


def perceived_crisis(alarm: Alarm, rules: ControlRules) -> float:
    """Perceived crisis K in [0, 1]."""
    worry = (
        rules.crisis_belief * alarm.belief
        + rules.crisis_dissent * alarm.seen_dissent
        + rules.crisis_departures * alarm.departures_rate
        + rules.crisis_elite * alarm.elite_conflict
        + rules.crisis_tension * alarm.external_tension
    )
    return min(1.0, max(0.0, worry))


def next_control(
    control: float, crisis: float, rules: ControlRules, *, dt: float, strength: float = 1.0
) -> float:
    """Endogenous control after one step, dc/dt = g_K K (1 - c) - relax (c - c0), in [0, 1].

    Strength (of the leadership) 0 leaves the relaxing alone, so that control at its normal level stays there.
    """
    pull = strength * rules.control_feedback * crisis
    total = pull + rules.control_relax
    if total <= 0.0:
        return control
    settled = (pull + rules.control_relax * rules.control_normal) / total
    return float(settled + (control - settled) * np.exp(-total * dt))


def felt_control(felt: float, control: float, rules: ControlRules, *, dt: float) -> float:
    """Control as those below feel it: it follows the leadership's with a mean lag of `control_lag_weeks`."""
    lag = rules.control_lag_weeks / WEEKS_PER_YEAR
    return control if lag <= 0.0 else float(felt - np.expm1(-dt / lag) * (control - felt))


def scripted_control(level: float) -> float:
    """Control as the scenario scripts it, kept in [0, 1]."""
    return min(1.0, max(0.0, level))


def blocked_with_control(blocked: float, control: float, rules: ControlRules) -> float:
    """Share of wishes blocked: the larger of what the rules and what control do, (c - c0) / (1 - c0)."""
    span = 1.0 - rules.control_normal
    excess = (control - rules.control_normal) / span if span > 0.0 else 0.0
    return min(1.0, max(blocked, excess, 0.0))
