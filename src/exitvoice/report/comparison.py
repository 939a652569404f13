"""Two worlds on one page: what differs, when, for whom, and single lives; the human cost first."""

from collections.abc import Sequence
from dataclasses import dataclass

from exitvoice.analysis.compare import COST, Comparison
from exitvoice.analysis.follow import Life, Week
from exitvoice.evidence import Ledger
from exitvoice.report import numbers
from exitvoice.report.changed_rows import changed_parts, changed_table, comparison_tips
from exitvoice.report.chapters import Chapter
from exitvoice.report.difference_rows import (
    DifferenceRow,
    group_rows,
    interval,
    outcome_rows,
    saved,
    signed,
)
from exitvoice.report.figures import difference
from exitvoice.report.figures.base import Table
from exitvoice.report.frame import render_page
from exitvoice.report.hover import Tips
from exitvoice.report.palette import LIGHT
from exitvoice.report.words import Cost, Tile

CURVES = 8  # outcomes drawn over time, besides the human cost


@dataclass(frozen=True)
class DifferenceCost(Cost):
    """The opening of the page, with what the figure counts."""

    unit: str


@dataclass(frozen=True)
class LifeStory:
    """One life, ready to print."""

    title: str
    facts: tuple[tuple[str, str], ...]
    weeks: Table


@dataclass(frozen=True)
class ComparisonPage:
    """Everything that the template prints; texts are plain and are escaped there, `Markup` is not."""

    notices: tuple[str, ...]
    cost: DifferenceCost
    facts: tuple[tuple[str, str], ...]
    changed: Table
    tips: Tips
    everything: Table
    lives: tuple[LifeStory, ...]
    command: str


def render_comparison(
    comparison: Comparison,
    *,
    ledger: Ledger,
    names: tuple[str, str],
    command: str,
    lives: Sequence[Life] = (),
) -> str:
    """Return two worlds as one HTML page that fetches nothing.

    Parameters
    ----------
    comparison : Comparison
        What `exitvoice.analysis.compare.twins` gave.
    ledger : Ledger
        Who says what.
    names : (str, str)
        What to call world A and world B.
    command : str
        The command that makes it again.
    lives : sequence of Life
        What `exitvoice.analysis.follow.follow` gave.
    """
    page, parts = comparison_parts(comparison, ledger=ledger, names=names, command=command, lives=lives)
    title = f"{names[0]} beside {names[1]}"
    return render_page("comparison", page, title=title, subtitle=_subtitle(comparison), chapters=parts)


def comparison_parts(
    comparison: Comparison,
    *,
    ledger: Ledger,
    names: tuple[str, str],
    command: str,
    lives: Sequence[Life] = (),
) -> tuple[ComparisonPage, tuple[Chapter, ...]]:
    """Return what the page of a comparison says and its chapters with their figures; see `render_comparison`."""
    rows = outcome_rows(comparison)
    page = ComparisonPage(
        notices=notices(comparison),
        cost=_cost(rows[0], comparison),
        facts=_facts(comparison, names),
        changed=changed_table(comparison, ledger),
        tips=comparison_tips(comparison, ledger),
        everything=_everything(rows),
        lives=tuple(_story(life) for life in lives),
        command=command,
    )
    return page, _chapters(comparison, rows, has_lives=bool(lives))


def notices(comparison: Comparison) -> tuple[str, ...]:
    """Say what a reader has to know before believing a difference."""
    found = []
    if comparison.is_identical:
        found.append(
            "The two worlds are identical, bit by bit, in every replication: the change touches nobody."
        )
    elif min(comparison.first_difference) == str(comparison.worlds[0].clock.start):
        found.append("The two worlds differ from the first step on.")
    elif "" not in comparison.first_difference:
        found.append(
            f"Until {min(comparison.first_difference)} the two worlds are identical, bit by bit, in every "
            f"replication."
        )
    if not comparison.is_whole:
        found.append(
            f"Stopped after {comparison.replications} of {comparison.planned} replications: the intervals "
            f"rest on those."
        )
    if comparison.replications < 3:
        found.append(
            "With fewer than three replications an interval says little; --replications 5 or more mends it."
        )
    one = numbers.amount(1.0 / comparison.scale)
    found.append(
        f"One simulated person stands for {one} at this scale. The intervals hold the chance between "
        f"replications; they "
        "know nothing of wrong assumptions. One interval in twenty misses by chance."
    )
    return tuple(found)


def _chapters(
    comparison: Comparison, rows: tuple[DifferenceRow, ...], *, has_lives: bool
) -> tuple[Chapter, ...]:
    drawn = [row.name for row in rows if row.is_clear and row.name != COST][:CURVES]
    cost = difference.over_time(comparison, COST, colour=LIGHT.cost, has_note=True)
    curves = [difference.over_time(comparison, name, colour=LIGHT.series[0]) for name in drawn]
    titles = {
        "sector": {s.name: s.title for world in comparison.worlds for s in world.sectors},
        "rank": {r.name: r.title for world in comparison.worlds for r in world.ranks},
    }
    groups = [
        difference.by_group(
            COST, group_rows(comparison, COST, by, titles[by]), by, title=f"The human cost by {by}"
        )
        for by in ("sector", "rank")
    ]
    most = next(iter(drawn), None)
    if most is not None:
        groups += [
            difference.by_group(
                most,
                group_rows(comparison, most, by, titles[by]),
                by,
                title=f"{next(row.title for row in rows if row.name == most)} by {by}",
            )
            for by in ("sector", "rank")
            if {"sector", "rank"} <= set(comparison.totals[most].dims)
        ]
    found = [
        Chapter("cost", "The human cost", "The human cost", "", (cost,)),
        Chapter("worlds", "Which worlds, and how often", "Which worlds"),
        Chapter("time", "What else differs over time", "Over time", _drawn(drawn), tuple(curves)),
        Chapter("whom", "For whom", "For whom", "", tuple(groups)),
        Chapter("everything", "Every outcome, and what sharing the draws saved", "Every outcome", _SAVED),
    ]
    if has_lives:
        found.append(Chapter("lives", "Single lives in both worlds", "Single lives", _LIVES))
    found.append(Chapter("again", "How to make this again", "Make it again"))
    return tuple(found)


_SAVED = (
    "Flows are summed over the whole clock, stocks are means of its last year. The last column is the "
    "variance of a "
    "comparison of runs that share no draws over the variance of this one: 20 says that without shared "
    "draws the same "
    "precision would have taken 20 times as many runs. It is itself estimated from these replications; "
    "its 95 % interval "
    "stands in brackets and supposes that both worlds vary alike."
)
_LIVES = (
    "The synthetic persons whose two lives are most unlike, the most unlike first, one from a unit. They "
    "have numbers and no "
    "names. Only weeks in which something happens are told. In both worlds a person meets the same draw "
    "(u_...) in the same "
    "week; what differs is the chance that it meets. 'u_journey .0012 < .0020' says: the draw lay below "
    "the chance, so it "
    "happened."
)


def _drawn(names: Sequence[str]) -> str:
    if not names:
        return "No other outcome has an interval that excludes zero."
    return "Outcomes whose interval, over the whole clock or in its last year, excludes zero."


def _subtitle(comparison: Comparison) -> str:
    one, other = comparison.worlds
    end = min(one.clock.end, other.clock.end)
    return (
        f"{one.clock.start} to {end}. {comparison.replications} replications, each with one seed for both "
        f"worlds and every "
        f"draw shared; scale {comparison.scale:g}."
    )


def _cost(row: DifferenceRow, comparison: Comparison) -> DifferenceCost:
    relative = numbers.share(abs(row.relative)) if row.first else "not known"
    more = "more" if row.mean > 0 else "fewer"
    total = "0" if row.is_nothing else signed(row.mean)
    return DifferenceCost(
        total=total,
        unit="person-years without freedom to leave, in B against A",
        meaning=(
            "One person who for one year may not decide freely to leave the country is one person-year. "
            + (
                "Both worlds cost the same."
                if row.is_nothing
                else (
                    f"World B costs {numbers.amount(abs(row.mean))} {more} ({relative} of world A); 95 % "
                    f"interval {interval(row)}."
                )
            )
        ),
        tiles=(
            Tile("world A", numbers.amount(row.first), "person-years", COST),
            Tile("world B", numbers.amount(row.second), "person-years", COST),
            Tile("replications", str(comparison.replications), "pairs of runs that share every draw"),
        ),
        synthetic="All persons are synthetic; the figures are the model's, not counts of real people.",
    )


def _facts(comparison: Comparison, names: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    changes = changed_parts(comparison)
    return (
        ("world A", names[0]),
        ("world B", names[1]),
        ("what differs in the scenario", "; ".join(changes) or "nothing"),
        ("first difference", "; ".join(day or "none" for day in comparison.first_difference)),
        ("seeds", ", ".join(str(seed) for seed in comparison.seeds)),
        ("scale", f"{comparison.scale:g}"),
    )


def _everything(rows: Sequence[DifferenceRow]) -> Table:
    return Table(
        ("what", "world A", "world B", "B minus A", "95 % interval", "variance ratio"),
        tuple(
            (
                f"{row.title} ({row.unit})" if row.unit not in ("1", "persons", "person") else row.title,
                numbers.amount(row.first),
                numbers.amount(row.second),
                "0" if row.is_nothing else signed(row.mean),
                interval(row),
                saved(row.reduction),
            )
            for row in rows
        ),
    )


def _story(life: Life) -> LifeStory:
    return LifeStory(
        title=f"{life.number}: in A {life.fates[0]}; in B {life.fates[1]}",
        facts=(("who", life.portrait), ("in world A", life.fates[0]), ("in world B", life.fates[1])),
        weeks=Table(
            ("week", "world A", "world B"),
            tuple((week.day, *(_side(week, world) for world in ("A", "B"))) for week in life.weeks),
            is_in_words=True,
        ),
    )


def _side(week: Week, world: str) -> str:
    said = (
        f"{telling.sentence[0].upper()}{telling.sentence[1:]}"
        + (f": {telling.because}" if telling.because else "")
        for telling in week.tellings
        if telling.world in (world, "both")
    )
    return ". ".join(said)
