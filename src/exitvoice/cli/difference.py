"""A comparison and single lives in a few lines for the terminal; the human cost comes first."""

from typing import TYPE_CHECKING

from exitvoice.cli.console import escaped, output, plain_table

if TYPE_CHECKING:
    from exitvoice.analysis.compare import Comparison
    from exitvoice.analysis.follow import Life

OUTCOMES_SHOWN = 14
GROUPS_SHOWN = 8
WEEKS_SHOWN = 40


def print_comparison(comparison: "Comparison", names: tuple[str, str]) -> None:
    """Print what differs between two worlds, when and for whom."""
    from exitvoice.report.comparison import notices
    from exitvoice.report.difference_rows import interval, outcome_rows, signed
    from exitvoice.report.numbers import amount

    console = output()
    rows = outcome_rows(comparison)
    cost = rows[0]
    difference = "no difference" if cost.is_nothing else f"{signed(cost.mean)} ({interval(cost)})"
    console.print()
    console.print(
        f"[bold]Human cost, B against A: {difference} person-years without the freedom to leave[/bold]\n"
        f"A: {escaped(names[0])}: {amount(cost.first)}. B: {escaped(names[1])}: {amount(cost.second)}.\n"
        f"{comparison.replications} replications that share every draw; in brackets the paired 95 % interval. "
        "All persons are synthetic."
    )
    for notice in notices(comparison):
        console.print(escaped(notice), style="dim")
    console.print()
    if comparison.is_identical:
        return
    _print_outcomes(rows)
    _print_years(comparison)
    _print_groups(comparison)


def print_life(number: int, life: "Life") -> None:
    """Print one life in both worlds, week by week."""
    console = output()
    console.print(f"[bold]Life {number}: {escaped(life.number)}[/bold]  {escaped(life.portrait)}")
    console.print(f"  in A: {escaped(life.fates[0])}\n  in B: {escaped(life.fates[1])}")
    table = plain_table("week of", "world", "what happens", "the draw and the chance it met")
    told = [(week.day, telling) for week in life.weeks for telling in week.tellings]
    for day, telling in told[:WEEKS_SHOWN]:
        table.add_row(day, telling.world, escaped(telling.sentence), escaped(telling.because))
    console.print(table)
    if len(told) > WEEKS_SHOWN:
        console.print(f"  ... and {len(told) - WEEKS_SHOWN} more in the report\n", style="dim")


def _print_outcomes(rows: object) -> None:
    from exitvoice.report.difference_rows import DifferenceRow, interval, saved, signed
    from exitvoice.report.numbers import amount

    assert isinstance(rows, tuple)
    found: list[DifferenceRow] = [row for row in rows if not row.is_nothing]
    clear = [row for row in found if row.is_clear]
    shown = (clear or found)[:OUTCOMES_SHOWN]
    right = ("A", "B", "B - A", "95 % interval", "unpaired/paired variance")
    table = plain_table("what differs", *right, right=right)
    for row in shown:
        table.add_row(
            escaped(row.title),
            amount(row.first),
            amount(row.second),
            signed(row.mean),
            interval(row),
            saved(row.reduction),
        )
    console = output()
    console.print(table)
    if len(clear) > len(shown):
        console.print(f"... and {len(clear) - len(shown)} more outcomes in the report", style="dim")


def _print_years(comparison: "Comparison") -> None:
    from exitvoice.report.difference_rows import signed, year_rows

    table = plain_table("human cost by year", "B - A", "95 % interval", right=("B - A", "95 % interval"))
    for year, mean, low, high in year_rows(comparison):
        table.add_row(year, signed(mean), f"{signed(low)} to {signed(high)}")
    if table.row_count:
        output().print(table)


def _print_groups(comparison: "Comparison") -> None:
    from exitvoice.analysis.compare import COST
    from exitvoice.report.difference_rows import group_rows, interval, outcome_rows, signed
    from exitvoice.report.numbers import amount

    clear = [row.name for row in outcome_rows(comparison) if row.is_clear and row.name != COST]
    cells = [name for name in clear if {"sector", "rank"} <= set(comparison.totals[name].dims)]
    for name in (COST, *cells[:1]):
        for by in ("sector", "rank"):
            right = ("A", "B", "B - A", "95 % interval")
            title = (
                "human cost" if name == COST else str(comparison.totals[name].attrs.get("long_name", name))
            )
            table = plain_table(f"{title} by {by}", *right, right=right)
            rows = [row for row in group_rows(comparison, name, by) if not row.is_nothing]
            for row in rows[:GROUPS_SHOWN]:
                table.add_row(
                    escaped(row.title), amount(row.first), amount(row.second), signed(row.mean), interval(row)
                )
            if rows:
                output().print(table)
