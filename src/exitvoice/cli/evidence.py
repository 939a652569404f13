"""`exitvoice evidence`: on whose word; what a ledger is worth, and every claim with its independent origins."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import escaped, examples, output
from exitvoice.errors import InputError, Mistake

if TYPE_CHECKING:
    from exitvoice.evidence import Ledger
    from exitvoice.scenario import Scenario

NAME = "evidence"
EXAMPLES = examples(
    "exitvoice evidence",
    "exitvoice evidence --claim C8",
    "exitvoice evidence china-2024 --page evidence.html",
    "exitvoice evidence my-ledger.yaml --full",
    "exitvoice evidence my-ledger.csv --export my-ledger.jsonl",
    "exitvoice evidence --as-of 2024-06-30 --check drift",
    "exitvoice evidence --traps",
)


def command(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[LEDGER|SCENARIO]",
            help="A ledger (file or folder: YAML, CSV, JSON Lines) or a scenario: what its values rest on.",
        ),
    ] = None,
    claim: Annotated[
        str | None, typer.Option("--claim", metavar="ID", help="Only this claim, in full.")
    ] = None,
    check: Annotated[
        str | None, typer.Option("--check", metavar="ID", help="Only what this check found, and its rule.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Every claim and every finding in full.")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The ledger as it was known on this day.")
    ] = None,
    traps: Annotated[
        bool, typer.Option("--traps", help="Which known traps the checks catch, and their false alarms.")
    ] = False,
    page: Annotated[
        Path | None, typer.Option("--page", metavar="FILE", help="Write a page with origins and findings.")
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            "--export",
            metavar="FILE",
            help="Write the ledger: .csv or .jsonl with a data package beside it, .ftm.json, or a folder of YAML.",
        ),
    ] = None,
) -> None:
    """Say what a ledger of evidence is worth: origins behind every claim, and what goes wrong in it.

    Six outlets that repeat one report have one origin. The checks look at fields, never at wording: drift along a
    chain, stocks summed as flows, gross against net, parts above their total, and others.
    """
    from exitvoice.cli.evidence_print import (
        print_claims,
        print_one_claim,
        print_support,
        print_traps,
        print_worth,
    )
    from exitvoice.evidence import as_known_on, assess, claim_rows, load_ledger

    ledger, scenario = _read(what)
    day = _day(as_of)
    if day is not None:
        ledger = as_known_on(ledger, day)
    if claim is not None:
        for row in claim_rows(ledger, [_known_claim(claim, ledger)]):
            print_one_claim(row, ledger)
        return
    worth = assess(ledger, today=day or date.today())
    if traps:
        print_traps(ledger, worth)
    elif check is None and what is None:
        print_claims(claim_rows(ledger), ledger, full=full)
    if not traps:
        print_worth(worth, ledger, check=_known_check(check), full=full)
    if scenario is not None:
        print_support(scenario, load_ledger(), name=str(what))
    if page is not None:
        _write_page(page, ledger, title=_title(what, scenario), day=day)
    if export is not None:
        _export(export, ledger)


def _read(what: str | None) -> "tuple[Ledger, Scenario | None]":
    from exitvoice.evidence import load_ledger, select
    from exitvoice.evidence.exchange import is_ledger, read_ledger

    if what is None:
        return load_ledger(), None
    if is_ledger(Path(what)):
        return read_ledger(Path(what)), None
    from exitvoice.scenario import load_scenario, supports

    scenario = load_scenario(what)
    named = [name for block in supports(scenario).values() for name in block.evidence]
    ledger = load_ledger()
    claims = list(ledger.claims) if any(name in ledger.claims for name in named) else []
    return select(ledger, [*named, *claims]), scenario


def _day(text: str | None) -> date | None:
    from exitvoice.evidence.periods import parse_period

    if text is None:
        return None
    period = parse_period(text)
    if period is None:
        raise InputError(
            [
                Mistake(
                    file="--as-of",
                    line=None,
                    column=None,
                    path="",
                    what=f"'{text}' is not a day",
                    why="the ledger is read as it was known on one day",
                    mend="write it as 2024-06-30; a month or a year counts to its last day",
                )
            ]
        )
    return period.end


def _known_claim(claim: str, ledger: "Ledger") -> str:
    wanted = claim.strip().upper()
    if wanted in ledger.claims:
        return wanted
    raise _unknown("--claim", f"there is no claim {claim!r}", tuple(ledger.claims), "give one of these")


def _known_check(check: str | None) -> str | None:
    from exitvoice.evidence import CHECKS

    known = tuple(one.id for one in CHECKS)
    if check is None or check in known:
        return check
    raise _unknown("--check", f"there is no check {check!r}", known, "give one of these")


def _unknown(option: str, what: str, known: tuple[str, ...], mend: str) -> InputError:
    why = f"the evidence holds {', '.join(known)}" if known else "the evidence holds none"
    example = f", such as {option} {known[0]}" if known else ""
    return InputError([Mistake(option, None, None, "", what, why, mend + example)])


def _title(what: str | None, scenario: "Scenario | None") -> str:
    if scenario is not None:
        return scenario.title
    return "The evidence shipped with exitvoice" if what is None else Path(what).name


def _write_page(page: Path, ledger: "Ledger", *, title: str, day: date | None) -> None:
    from exitvoice.report.evidence import render_evidence
    from exitvoice.results.folders import write_whole_file

    write_whole_file(page, render_evidence(ledger, title=title, today=day or date.today(), as_of=day))
    output().print(f"Page: {escaped(page)}", soft_wrap=True)


def _export(path: Path, ledger: "Ledger") -> None:
    from exitvoice.evidence.exchange import write_ledger

    for written in write_ledger(path, ledger):
        output().print(f"Written: {escaped(written)}", soft_wrap=True)
