"""What happens on a day: the dated events of a scenario that act then, and what they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from exitvoice.scenario.drivers import ChangeOf, Effects, Event
from exitvoice.scenario.schema import Scenario


@dataclass(frozen=True)
class Happening:
    """An event on a day: where it acts and what it does, in words."""

    event: Event
    where: str
    does: str


def happenings(scenario: Scenario, day: date, *, region: str | None = None) -> list[Happening]:
    """List the events that act on a day, in the order of the scenario.

    Parameters
    ----------
    scenario : Scenario
        Whose events.
    day : datetime.date
        The day, inside the scenario's clock or not.
    region : str, optional
        Keep only events that reach this region.

    Examples
    --------
    >>> from exitvoice.scenario import load_scenario
    >>> [one.does for one in happenings(load_scenario("minimal"), date(2021, 4, 1))]
    ['opposition +0.02, known_dissent +0.001, hardship +0.2']
    """
    return [
        Happening(
            event, "every region" if event.regions is None else ", ".join(event.regions), _does(event.effects)
        )
        for event in scenario.events
        if _acts(event, day) and (region is None or event.regions is None or region in event.regions)
    ]


def _acts(event: Event, day: date) -> bool:
    return day == event.start if event.until is None else event.start <= day < event.until


def _does(effects: Effects) -> str:
    changes = ((name, getattr(effects, name)) for name in type(effects).model_fields)
    return ", ".join(f"{name} {_change(value)}" for name, value in changes if value is not None)


def _change(value: ChangeOf | float) -> str:
    if isinstance(value, ChangeOf):
        return f"x{value.multiply:g}" if value.multiply != 1.0 else f"{value.add:+g}"
    return f"{value:+g}"
