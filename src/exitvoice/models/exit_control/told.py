"""What the institutions tell persons, by name, in the order in which it lies on the board of signals."""

from typing import Any, NamedTuple

from numpy.typing import NDArray


class ToldNation(NamedTuple):
    """What everybody is told before persons act; rates of being investigated lie behind it, by faction and rank."""

    nation_withdrawn: float
    nation_dissent: float
    displayed_loyalty: float
    elite_conflict: float
    control_shown: float
    blocked_control: float
    report_rate: float
    new_year: float
    refill_bound: float
    issue_bound: float
    document_bound: float
    list_bound: float
    delist_bound: float
    error_bound: float
    discipline_bound: float


class ToldStratum(NamedTuple):
    """What a stratum is told before its persons act; what never changes lies behind it."""

    trip_pull: float
    leave_pull: float
    career_bound: float
    journey_bound: float


class ToldRegion(NamedTuple):
    """What a region is told before its persons act."""

    hope_visit: float
    hope_leave: float
    flight_pull: float
    openness_leave: float
    detection: float
    hardship: float
    opposition_impulse: float
    persuasion: float
    known_dissent: float
    goals_met: float
    departures_seen: float
    issuing_share: float


class ToldRound(NamedTuple):
    """What a region is told after each round of expression; it lies behind the former."""

    punishment: float
    region_withdrawn: float
    region_dissent: float


INSPECTED_AT = len(ToldNation._fields)
ROUND_AT = len(ToldRegion._fields)


def lay(row: NDArray[Any], told: tuple[float, ...], first: int = 0) -> None:
    """Lay numbers on a row of the board, from a place on."""
    for place in range(len(told)):
        row[first + place] = told[place]
