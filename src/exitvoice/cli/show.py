"""`exitvoice show`: who is under which rule on one day, what happens then, and on whose word."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from exitvoice.cli.console import counted, escaped, examples, output, print_fact

if TYPE_CHECKING:
    from exitvoice.evidence import Ledger
    from exitvoice.scenario import Binding, Happening, Scenario

NAME = "show"
EXAMPLES = examples(
    "exitvoice show china-2024 --at 2024-06-07",
    "exitvoice show china-2024 --at 2014-09-01 --sector teachers --rank staff",
    "exitvoice show gdr-1989 --at 1989-10-18 --region leipzig",
    "exitvoice show my.yaml --at 2020-01-01 --service retired",
)


def command(
    scenario: Annotated[str, typer.Argument(help="A name of the library, or a file.")],
    at: Annotated[
        datetime | None,
        typer.Option(
            "--at", metavar="DATE", formats=["%Y-%m-%d"], help="The day; the last one if not given."
        ),
    ] = None,
    sector: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only rules that can bind this sector.")
    ] = None,
    rank: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only rules that can bind this rank.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only rules that can bind this region.")
    ] = None,
    service: Annotated[
        Literal["serving", "retired"] | None, typer.Option(help="Only rules that can bind such persons.")
    ] = None,
) -> None:
    """Show the rules on one day, whom they bind and in what share of units, what happens, and on whose word."""
    from exitvoice.evidence import load_ledger
    from exitvoice.scenario import explain, happenings, load_scenario

    world = load_scenario(scenario)
    day = at.date() if at is not None else world.clock.end - timedelta(days=1)
    bindings = explain(world, day, sector=sector, rank=rank, region=region, service=service)
    _print_heading(world, day, bindings, [word for word in (sector, rank, region, service) if word])
    ledger = load_ledger()
    for binding in bindings:
        _print_binding(binding, ledger)
    for happening in happenings(world, day, region=region):
        _print_happening(happening, ledger)
    if not world.clock.start <= day < world.clock.end:
        output().print(f"Note: the clock of {world.name} runs from {world.clock.start} to {world.clock.end}.")


def _print_heading(world: "Scenario", day: date, bindings: "list[Binding]", words: list[str]) -> None:
    in_force = sum(binding.status == "in force" for binding in bindings)
    announced = len(bindings) - in_force
    whom = f" for {escaped(', '.join(words))}" if words else ""
    rumour = f", {announced} only announced" if announced else ""
    console = output()
    console.print(f"[bold]{escaped(world.title)}[/bold]", soft_wrap=True)
    console.print(f"{day}{whom}: {counted(in_force, 'rule')} in force{rumour}\n")


def _print_binding(binding: "Binding", ledger: "Ledger") -> None:
    rule = binding.rule
    share = f"in {binding.coverage:.0%} of the units" if binding.status == "in force" else "announced only"
    output().print(f"[bold]{escaped(rule.id)}[/bold]  {escaped(rule.title)}")
    print_fact("how far", f"{share}{_coverage_basis(rule.coverage_assumed)}")
    print_fact("whom", binding.who)
    print_fact("asks", binding.demands or "registration only")
    print_fact("since", _since(rule.announced, rule.start, rule.until))
    print_fact("says", _voices(binding.sources, ledger))
    if binding.assumed:
        print_fact("assumed", binding.assumed)
    output().print()


def _print_happening(happening: "Happening", ledger: "Ledger") -> None:
    event = happening.event
    output().print(f"[bold]{escaped(event.id)}[/bold]  {escaped(event.title)}")
    print_fact("event", _since(None, event.start, event.until).removeprefix("in force "))
    print_fact("where", happening.where)
    print_fact("does", happening.does)
    print_fact("says", _voices(event.evidence, ledger))
    if event.assumed:
        print_fact("assumed", event.assumed)
    output().print()


def _coverage_basis(assumed: str | None) -> str:
    return f" (assumed: {assumed})" if assumed else ""


def _since(announced: date | None, start: date | None, until: date | None) -> str:
    parts = [
        f"announced {announced}" if announced is not None and announced != start else "",
        f"in force from {start}" if start is not None else "never put in force",
        f"until {until}" if until is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _voices(evidence_ids: tuple[str, ...], ledger: "Ledger") -> str:
    from exitvoice.evidence import claim_rows, statement_rows

    statements = statement_rows(ledger, [name for name in evidence_ids if name in ledger.statements])
    claims = claim_rows(ledger, [name for name in evidence_ids if name in ledger.claims])
    origins = sorted(
        frozenset[str]().union(*(row.origins for row in statements), *(row.origins for row in claims))
    )
    if not origins:
        return "nobody; see what is assumed"
    names = "; ".join(_voice(ledger, origin) for origin in origins)
    ids = ", ".join(evidence_ids)
    return f"{names} ({counted(len(origins), 'independent origin')}; {ids})"


def _voice(ledger: "Ledger", origin: str) -> str:
    source = ledger.sources[origin]
    return f"{source.publisher}, {source.date}" if source.date else source.publisher
