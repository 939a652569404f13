"""Tables of the atlas: what would settle each claim, what would have to exist, what is told nowhere, and how."""

from collections.abc import Iterable

from exitvoice.calibration.atlas.cases import Cases, Informing
from exitvoice.calibration.atlas.cell import ALL, ALL_AND_MORE, Cell
from exitvoice.claims.settling import SETTLED, Deciding, Settling
from exitvoice.report.figures.base import Table

MOST_NAMED = 6


def what_settles(settling: Settling, cases: Cases) -> str:
    """Return in a sentence or two what would settle a claim."""
    said: str = settling.way
    if settling.way == "more runs":
        said = f"about {settling.runs:,} more runs, if the share stays what it is"
        if settling.unobserved:
            said += f"; if it then still depends, {_observation(settling, cases)}"
    elif settling.way == "data that exist":
        said = f"data that exist: {_best((one.here for one in settling.decides), cases)}"
    elif settling.way == "data that would have to exist":
        said = _observation(settling, cases)
    elif settling.way == "data beyond these cases":
        said = f"data beyond these cases: {_observation(settling, cases)}"
    if settling.resolved and settling.way != SETTLED:
        said += f". What is named would take away about {settling.resolved:.0%} of what divides the worlds"
    if settling.is_hidden:
        said += ". It is of a level that nobody sees"
    return f"{said[0].upper()}{said[1:]}."


def claims(settlings: tuple[Settling, ...], cases: Cases) -> Table:
    """Return a row a testable claim: what decides it, the series that tell of that, and what would settle it."""
    return Table(
        ("claim", "verdict", "what decides it, and the series that tell of it", "what would settle it"),
        tuple(
            (
                one.claim,
                one.verdict,
                ". ".join(_told(deciding, cases) for deciding in one.decides)
                or "no single assumption told from chance",
                what_settles(one, cases),
            )
            for one in sorted(settlings, key=lambda one: one.way == SETTLED)
        ),
        is_in_words=True,
    )


def would_exist(cases: Cases, settlings: tuple[Settling, ...]) -> Table:
    """Return a row a series that would have to exist: who could gather it, what it tells, and for which claims."""
    rows = []
    for case in cases.worlds:
        for name, who in case.would_exist.items():
            told = _most(cell for cell in case.cells if cell.series == name and cell.is_informed)
            asked = [
                one.claim
                for one in settlings
                if any(found.case == case.name and found.cell.series == name
                       for deciding in one.decides for found in deciding.would)
            ]  # fmt: skip
            rows.append(
                (
                    f"{case.series[name]} ({case.label})",
                    who,
                    told or "nothing beyond chance",
                    ", ".join(asked),
                )
            )
    return Table(("series", "who could gather it, and harm nobody", "what it tells of", "claims that hinge on that"),
                 tuple(rows), is_in_words=True)  # fmt: skip


def silent(cases: Cases) -> Table:
    """Return the parameters of which no series tells anything, and those that no world uses, by mechanism."""
    found: dict[str, dict[str, list[str]]] = {}
    for item in cases.parameters:
        states = {cases.state(item.name, *column) for column in cases.columns}
        if states & {"informed", "a little"}:
            continue
        kind = "told" if "told nothing" in states else "absent" if "not in this world" in states else "fixed"
        by_kind = found.setdefault(item.mechanism or "of a scenario", {})
        by_kind.setdefault(kind, []).append(item.name)
    return Table(
        (
            "mechanism",
            "in use, and no series tells of it",
            "in none of these worlds",
            "a single value, or not asked",
        ),
        tuple(
            (
                name.replace("_", " "),
                *(", ".join(kinds.get(kind, ())) for kind in ("told", "absent", "fixed")),
            )
            for name, kinds in found.items()
        ),
        is_in_words=True,
    )


def unread(cases: Cases) -> Table:
    """Return the series of the library that are not read in a world, and why."""
    return Table(
        ("series", "world", "why it is not read"),
        tuple((name, case.label, why) for case in cases.worlds for name, why in case.unread.items()),
        is_in_words=True,
    )


def worlds(cases: Cases) -> Table:
    """Return how each world was asked, with its negative control."""
    return Table(
        ("world", "draws", "unknowns in it", "not in it", "series that exist", "that would have to",
         "fields told / asked", "told when dealt anew / asked", "least told from noise"),
        tuple(
            (
                case.label,
                f"{case.truths:,}",
                f"{len({cell.unknown for cell in case.cells}):,}",
                f"{len(case.absent):,}",
                f"{sum(name not in case.would_exist for name in case.series)}",
                f"{len(case.would_exist)}",
                f"{sum(cell.is_informed or cell.is_hinted for cell in case.cells):,} / {len(case.cells):,}",
                f"{case.control[0]:,} / {case.control[1]:,}",
                f"{case.least:.0%}",
            )
            for case in cases.worlds
        ),
    )  # fmt: skip


def calibrations(cases: Cases) -> Table:
    """Return the calibrations, their series and what the gate said of each."""
    return Table(
        ("case", "world", "series", "truths", "gate"),
        tuple(
            (
                case.name,
                case.world,
                "; ".join(f"{name}: {title}" for name, title in case.series.items()),
                f"{case.truths:,}",
                f"not passed: {'; '.join(case.reasons)}" if case.reasons else "passed",
            )
            for case in cases.calibrations
        ),
        is_in_words=True,
    )


def _observation(settling: Settling, cases: Cases) -> str:
    """Return what would have to be observed: the series that would tell it, or that none here would."""
    said = []
    for one in settling.unobserved:
        if one.would:
            said.append(f"{one.title} would have to be observed, as by {_informing(one.would[0], cases)}")
        elif one.is_asked:
            said.append(f"{one.title} would have to be observed, and no series here tells of it")
        else:
            said.append(f"{one.title} would have to be observed (no case asked for it)")
    return "; ".join(said) or "what is put in would have to be observed"


def _best(found: Iterable[tuple[Informing, ...]], cases: Cases) -> str:
    return "; ".join(dict.fromkeys(_informing(one, cases) for several in found for one in several[:1]))


def _informing(found: Informing, cases: Cases) -> str:
    case = next(case for case in cases.cases if case.name == found.case)
    series = case.series.get(found.cell.series, found.cell.series)
    doubt = ", whose gate is not passed" if case.reasons else ""
    return f"{series} ({case.label}{doubt}: {found.cell.contraction:.0%})"


def _told(one: Deciding, cases: Cases) -> str:
    said = ["; ".join(_informing(found, cases) for found in one.here[:3])] if one.here else []
    if one.would:
        said.append(f"if it existed: {'; '.join(_informing(found, cases) for found in one.would[:3])}")
    if one.elsewhere:
        there = "; ".join(_informing(found, cases) for found in one.elsewhere[:2])
        said.append(f"only as far as it is the same in another world: {there}")
    nothing = "asked, told nothing" if one.is_asked else "no case asked"
    return f"{one.name}: {', '.join(said) or nothing}"


def _most(cells: Iterable[Cell]) -> str:
    found = sorted(cells, key=lambda cell: -cell.contraction)
    said = ", ".join(f"{cell.unknown} {cell.contraction:.0%}" for cell in found[:MOST_NAMED])
    return f"{said} and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else said


def is_several(series: str) -> bool:
    """Whether a column is of several series read together."""
    return series in (ALL, ALL_AND_MORE)
