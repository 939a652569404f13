"""`exitvoice evidence`: on whose word; every claim with the number of its independent origins."""

from typing import TYPE_CHECKING, Annotated

import typer

from exitvoice.cli.console import escaped, examples, output, print_fact, print_item
from exitvoice.errors import InputError, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exitvoice.evidence import ClaimRow, Ledger, Remark

NAME = "evidence"
EXAMPLES = examples(
    "exitvoice evidence",
    "exitvoice evidence --claim C8",
    "exitvoice evidence china-2024",
    "exitvoice evidence --full",
)


def command(
    scenario: Annotated[
        str | None,
        typer.Argument(help="A scenario: show also what its values rest on."),
    ] = None,
    claim: Annotated[
        str | None, typer.Option("--claim", metavar="ID", help="Only this claim, in full.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Every claim in full.")] = False,
) -> None:
    """Show the claims of the evidence: who said what, and how many independent origins stand behind it.

    Six outlets that repeat one report have one origin. Corroboration and doubt are counted by origin too.
    """
    from exitvoice.evidence import claim_rows, load_ledger

    ledger = load_ledger()
    rows = claim_rows(ledger, None if claim is None else [_known_claim(claim, ledger)])
    if full or claim is not None:
        for row in rows:
            _print_claim(row, ledger)
    else:
        _print_list(rows)
    if scenario is not None:
        _print_support(scenario, ledger)


def _known_claim(claim: str, ledger: "Ledger") -> str:
    wanted = claim.strip().upper()
    if wanted in ledger.claims:
        return wanted
    raise InputError(
        [
            Mistake(
                file="--claim",
                line=None,
                column=None,
                path="",
                what=f"there is no claim {claim!r}",
                why=f"the evidence holds {', '.join(ledger.claims)}",
                mend="give one of these, such as --claim C8",
            )
        ]
    )


def _print_list(rows: "tuple[ClaimRow, ...]") -> None:
    for row in rows:
        claim = row.claim
        side = ", every one with a declared side" if row.is_partisan_only else ""
        print_item(
            f"{claim.id:<3}",
            claim.text,
            f"{claim.kind.replace('_', ' ')}, said by {', '.join(claim.speakers)}; "
            f"{_counted(len(row.origins), 'independent origin')}{side}, {_counted(row.outlets, 'outlet')}; "
            f"supported by {len(row.corroborating)}, doubted by {len(row.doubting)}"
            f"{'; rests on ' + ', '.join(claim.depends_on) if claim.depends_on else ''}",
        )
    output().print(
        "\nRelays are followed to their origin and counted once; support and doubt are counted by origin too.\n"
        "In full: exitvoice evidence --claim C8, or exitvoice evidence --full"
    )


def _print_claim(row: "ClaimRow", ledger: "Ledger") -> None:
    claim, console = row.claim, output()
    console.print(f"[bold]{claim.id}[/bold]  {escaped(claim.text)}")
    facts = {
        "kind": claim.kind.replace("_", " "),
        "said by": ", ".join(claim.speakers),
        "where, when": f"{claim.outlet}, {claim.date}",
        "mechanism": claim.mechanism,
        "rests on": ", ".join(claim.depends_on),
        "origins": f"{_origins(row)}, {_counted(row.outlets, 'outlet')}",
        "side": "every origin has a declared side" if row.is_partisan_only else None,
        "testable": "yes" if claim.testable else f"no: {claim.why_not_testable}",
    }
    for heading, fact in facts.items():
        if fact:
            print_fact(heading, fact)
    for heading, remarks in (("supported", claim.corroboration), ("doubted", claim.doubt)):
        for sentence in _remarks(remarks, ledger) or ("by nobody we know of",):
            print_fact(heading, sentence)
    console.print()


def _remarks(remarks: "Iterable[Remark]", ledger: "Ledger") -> tuple[str, ...]:
    return tuple(
        f"{remark.text} ({'; '.join(ledger.sources[source].publisher for source in remark.sources) or 'our own'})"
        for remark in remarks
    )


def _origins(row: "ClaimRow") -> str:
    return f"{len(row.origins)} independent ({', '.join(sorted(row.origins))})"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _print_support(source: str, ledger: "Ledger") -> None:
    from exitvoice.evidence import statement_rows
    from exitvoice.scenario import load_scenario, supports

    blocks = supports(load_scenario(source))
    users: dict[str, list[str]] = {}
    for path, block in blocks.items():
        for evidence_id in block.evidence:
            users.setdefault(evidence_id, []).append(path)
    console = output()
    console.print(f"\n[bold]What {escaped(source)} rests on[/bold]")
    for row in statement_rows(ledger, [name for name in ledger.statements if name in users]):
        statement = row.statement
        print_item(
            statement.id,
            f"{statement.subject}: {statement.property}, {statement.period}",
            f"{statement.quality}, {_counted(len(row.origins), 'independent origin')}; "
            f"used by {', '.join(users[statement.id])}",
        )
    for claim_id in (name for name in ledger.claims if name in users):
        print_item(f"{claim_id:<3}", f"used by {', '.join(users[claim_id])}")
    assumed = sum(1 for block in blocks.values() if not block.evidence)
    console.print(
        f"\n{len(blocks) - assumed} of {len(blocks)} parts of {escaped(source)} rest on evidence; "
        f"{assumed} are assumed and say so."
    )
