"""Which worlds can be compared: those that step together and have somebody in common."""

from exitvoice.errors import InputError, Mistake
from exitvoice.scenario import Scenario


def check_comparable(one: Scenario, other: Scenario) -> None:
    """Raise InputError where two worlds share no steps, sectors or ranks: their draws would not be common."""
    mistakes = []
    if (one.clock.start, one.clock.step_days) != (other.clock.start, other.clock.step_days):
        mistakes.append(
            _mistake(
                other.name,
                "clock",
                "the worlds do not step together",
                "draws are shared step by step, from the same first day",
                f"start both on {one.clock.start} with steps of {one.clock.step_days} days",
            )
        )
    for what, mine, yours in (
        ("sectors", one.sector_names, other.sector_names),
        ("ranks", one.rank_names, other.rank_names),
    ):
        if not set(mine) & set(yours):
            mistakes.append(
                _mistake(
                    other.name,
                    what,
                    f"the worlds have no {what} in common",
                    "there is nobody to compare",
                    f"name some alike; world A has {', '.join(mine)}",
                )
            )
    if mistakes:
        raise InputError(mistakes)


def _mistake(file: str, path: str, what: str, why: str, mend: str) -> Mistake:
    return Mistake(file, None, None, path, what, why, mend)
