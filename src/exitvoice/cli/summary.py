"""A run in a few lines for the terminal; the human cost comes first."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from exitvoice.cli.console import escaped, output, plain_table
from exitvoice.report.numbers import amount, people, share

if TYPE_CHECKING:
    from exitvoice.results import Summary

SECTORS_SHOWN = 5


def print_summary(summary: "Summary") -> None:
    """Print the headline figures of a run."""
    console = output()
    console.print()
    console.print(
        f"[bold]Human cost: {amount(summary.person_years)} person-years without the freedom to leave[/bold]\n"
        f"from {summary.first_day} to {summary.last_day}; "
        f"{amount(summary.person_years_last_year)} of them in {summary.last_year}. "
        "All persons are synthetic; the figures are the model's, not counts of real people.",
        highlight=False,
    )
    table = plain_table(
        "most of it borne by", "person-years", "bound at the end", right=("person-years", "bound at the end")
    )
    for row in summary.by_sector[:SECTORS_SHOWN]:
        mark = " (too few to read)" if row.is_too_few else ""
        table.add_row(escaped(row.sector + mark), amount(row.person_years), share(row.share_covered_at_end))
    console.print(table)
    facts = plain_table("what", "the model says")
    for heading, fact in _facts(summary):
        facts.add_row(heading, escaped(fact))
    console.print(facts)


def _facts(summary: "Summary") -> Iterator[tuple[str, str]]:
    leaving = summary.departures
    yield (
        "persons",
        f"{people(summary.persons)}, of whom {people(summary.covered)} are bound in the last year",
    )
    yield "documents held by the state", people(summary.documents_held)
    yield (
        "applications",
        f"{people(summary.applications)}: {people(summary.grants)} granted, {people(summary.refusals)} refused"
        f"{_wait(summary.mean_wait_weeks)}",
    )
    yield (
        "departures",
        f"{people(leaving['departures_free'])} free, {people(leaving['departures_permitted'])} with a permit, "
        f"{people(leaving['departures_disobedient'])} without the permit they needed, {people(leaving['fled'])} fled",
    )
    yield (
        "at the border",
        f"{people(summary.stopped)} stopped, {people(summary.wrongly_stopped)} wrongly stopped; "
        f"{people(summary.caught)} caught in flight",
    )
    yield (
        "opposed in private",
        f"{share(summary.opposed_share)}; {share(summary.falsifier_share)} perform loyalty all the same "
        f"({share(summary.not_loyal_share)} do not)",
    )
    yield (
        "the leadership",
        f"believes {share(summary.believed_opposition)} opposed, true is {share(summary.true_opposition)}; "
        f"perceived crisis {summary.perceived_crisis:.2f}, control {summary.control:.2f}",
    )
    lost = ", ".join(summary.regions_that_lost_control)
    yield (
        "loss of control",
        lost or f"none; the peak of open dissent is {share(summary.highest_dissent_share)} of all",
    )
    if summary.strata_too_few:
        yield (
            "too few to read",
            f"{summary.strata_too_few} of {summary.strata} groups; a larger --scale mends it",
        )


def _wait(weeks: float) -> str:
    return f", mean wait {weeks:.0f} weeks" if math.isfinite(weeks) else ""  # NaN: nobody waited
