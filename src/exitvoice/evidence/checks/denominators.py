"""Shares of what, and how many is 'tens of millions'?"""

import re
from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import Figure, base_unit, show
from exitvoice.evidence.schema import Statement

_VAGUE = re.compile(
    r"\b(tens|dozens|scores|hundreds|thousands|millions|many|most|nearly all|a majority|countless|numerous)\b",
    re.I,
)
_ROUNDING = 0.03


def _look(reading: Reading) -> Iterator[Finding]:
    for name, statement in reading.ledger.statements.items():
        if _is_vague(statement):
            says = (
                f"{name} gives '{statement.value}' and no denominator: it fits any number within a factor of ten "
                "and cannot be divided by anything"
            )
            yield Finding(CHECK.id, (name,), says, "misleading")
        yield from _quotient(reading, statement)
    for key, group in reading.series.items():
        yield from _mixed(key[0], group)


def _is_vague(statement: Statement) -> bool:
    counted = statement.kind in {"stock", "flow", "rate"}
    return (
        counted
        and isinstance(statement.value, str)
        and bool(_VAGUE.search(statement.value))
        and not statement.denominator
    )


def _quotient(reading: Reading, statement: Statement) -> Iterator[Finding]:
    share = reading.figures.get(statement.id)
    above, below = (reading.figures.get(name or "") for name in (statement.numerator, statement.denominator))
    if share is None or above is None or below is None or below.high <= 0.0:
        return
    unit = base_unit(statement.unit)[1]
    scale = 100.0 if unit in {"per cent", "percent"} else 1.0
    low, high = above.low / below.high * scale, above.high / max(below.low, 1e-300) * scale
    if share.high < low * (1.0 - _ROUNDING) or share.low > high * (1.0 + _ROUNDING):
        says = (
            f"{statement.id} says {show(share.number)}, but {above.id} over {below.id} is "
            f"{show(above.number / below.number * scale)}: it is a share of something else"
        )
        yield Finding(CHECK.id, (statement.id, above.id, below.id), says, "wrong")


def _mixed(series: str, group: list[Figure]) -> Iterator[Finding]:
    of = {one.statement.denominator for one in group if one.statement.denominator}
    if len(of) > 1 and not any(name in {one.id for one in group} for name in of):
        texts = [one for one in of if one]
        if not _are_ids_of_one_series(texts):
            says = f"the rates of {series} are shares of different things: {'; '.join(sorted(texts))}"
            yield Finding(
                CHECK.id, tuple(one.id for one in group if one.statement.denominator), says, "misleading"
            )


def _are_ids_of_one_series(names: list[str]) -> bool:
    """Whether the denominators are the yearly figures of one table (their ids differ by the period alone)."""
    return len({re.sub(r"[-0-9]+(?:-to-[-0-9]+)?$", "", name) for name in names}) == 1


CHECK = Check(
    id="denominators",
    title="A share of what?",
    rule="An amount in words without a denominator, a share that is not its numerator over its denominator, or rates "
    "of one series with different denominators.",
    teaches="'Tens of millions' is a tenth of a country or a few per cent of it. Name the whole, then divide.",
    example="""sources:
  - {id: paper, title: t, publisher: Paper, kind: news}
statements:
  - {id: hungry, subject: s, property: hungry, value: hundreds of thousands, unit: persons, period: 1912, kind: stock,
     sources: [paper], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: paper, title: t, publisher: Paper, kind: news}
statements:
  - {id: all, subject: s, property: people, value: 400, unit: persons, period: 1912, kind: stock,
     sources: [paper], quality: seen, note: n}
  - {id: some, subject: s, property: hungry, value: 100, unit: persons, period: 1912, kind: stock,
     sources: [paper], quality: seen, note: n}
  - {id: hungry, subject: s, property: share hungry, value: 25, unit: per cent, period: 1912, kind: rate,
     numerator: some, denominator: all, sources: [paper], quality: seen, note: n}
""",
    look=_look,
)
