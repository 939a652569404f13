"""`exitvoice scenarios`: what the library holds."""

from exitvoice.cli.console import escaped, examples, output, plain_table

NAME = "scenarios"
EXAMPLES = examples("exitvoice scenarios")


def command() -> None:
    """List the scenarios of the library."""
    from exitvoice.scenario import list_scenarios, load_scenario

    table = plain_table(
        "scenario",
        "from",
        "until",
        "persons",
        "sectors",
        "rules",
        "about",
        right=("persons", "sectors", "rules"),
    )
    for name in list_scenarios():
        scenario = load_scenario(name)
        table.add_row(
            name,
            str(scenario.clock.start),
            str(scenario.clock.end),
            f"{sum(sector.persons.value for sector in scenario.sectors):,.0f}",
            str(len(scenario.sectors)),
            str(len(scenario.rules)),
            escaped(scenario.title),
        )
    output().print(table)
    output().print("Next: exitvoice show NAME --at DATE, or exitvoice run NAME")
