"""What `exitvoice evidence` prints: the worth of a ledger, its claims, and what a scenario rests on."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from exitvoice.cli.console import counted, escaped, output, print_fact, print_item

if TYPE_CHECKING:
    from exitvoice.evidence import ClaimRow, Ledger, Remark, Worth
    from exitvoice.scenario import Scenario

_SHOWN = 3  # findings of a check that are shown without --full


def print_worth(worth: "Worth", ledger: "Ledger", *, check: str | None, full: bool) -> None:
    """Print the ledger in numbers and what the checks found; of one check with its rule, if one is named."""
    from exitvoice.evidence import CHECKS

    console = output()
    if check is None:
        console.print("\n[bold]What this evidence is worth[/bold]")
        for heading, fact in _facts(worth):
            print_fact(heading, fact)
    found = worth.by_check
    for one in CHECKS:
        if check not in (None, one.id) or (check is None and one.id not in found):
            continue
        group = found.get(one.id, ())
        console.print(f"\n[bold]{one.title}[/bold]  [dim]{one.id}, {len(group)} found[/dim]")
        if check is not None or full:
            print_fact("rule", one.rule)
            print_fact("teaches", one.teaches)
        for finding in group if full or check is not None else group[:_SHOWN]:
            print_fact(finding.weight, finding.says)
        if check is None and not full and len(group) > _SHOWN:
            print_fact("", f"{len(group) - _SHOWN} more: --check {one.id}")
    if check is None and not worth.findings:
        console.print("\nThe checks found nothing.")


def _facts(worth: "Worth") -> tuple[tuple[str, str], ...]:
    marks = ", ".join(
        f"{worth.by_quality[mark]} {mark}"
        for mark in ("seen", "relayed", "recalled", "derived")
        if worth.by_quality.get(mark)
    )
    records = worth.statements + worth.claims
    return (
        ("sources", f"{worth.sources}: {worth.origins} origins, {worth.relays} that repeat others"),
        ("statements", f"{worth.statements}: {marks}; {worth.upgraded} marks bettered by a look-up"),
        ("claims", str(worth.claims)),
        (
            "of them all",
            f"{worth.one_origin} of {records} rest on one origin, {worth.anonymous_only} on anonymous voices alone, "
            f"{worth.partisan_only} on partisan ones alone, {worth.nobody} on no source",
        ),
        ("findings", f"{len(worth.findings)} by {len(worth.by_check)} checks"),
    )


def print_traps(ledger: "Ledger", worth: "Worth") -> None:
    """Print which known traps the checks catch, and what they say beyond them."""
    from exitvoice.evidence import measure

    found = measure(ledger, worth.findings)
    console = output()
    console.print("[bold]Known traps[/bold]")
    for one in found.traps:
        print_item(one.trap.id, one.trap.text, f"{'caught' if one.finding else 'MISSED'} by {one.trap.check}")
    console.print(
        f"\n{found.caught} of {len(found.traps)} known traps are caught. Beyond them there are {len(found.sound)} "
        f"sound findings, {len(found.false_alarms)} false alarms and {len(found.unread)} that nobody has judged."
    )
    for heading, group in (("false", found.false_alarms), ("unread", found.unread)):
        for finding in group:
            print_fact(heading, f"{finding.check}: {finding.says}")


def print_claims(rows: "Sequence[ClaimRow]", ledger: "Ledger", *, full: bool) -> None:
    """Print every claim with its numbers of origins and outlets, in full if that is asked."""
    if full:
        for row in rows:
            print_one_claim(row, ledger)
        return
    for row in rows:
        claim = row.claim
        side = ", every one with a declared side" if row.is_partisan_only else ""
        print_item(
            f"{claim.id:<3}",
            claim.text,
            f"{claim.kind.replace('_', ' ')}, said by {', '.join(claim.speakers)}; "
            f"{counted(len(row.origins), 'independent origin')}{side}, {counted(row.outlets, 'outlet')}; "
            f"supported by {len(row.corroborating)}, doubted by {len(row.doubting)}"
            f"{'; rests on ' + ', '.join(claim.depends_on) if claim.depends_on else ''}",
        )
    output().print(
        "\nRelays are followed to their origin and counted once; support and doubt are counted by origin too.\n"
        "In full: exitvoice evidence --claim C8, or exitvoice evidence --full"
    )


def print_one_claim(row: "ClaimRow", ledger: "Ledger") -> None:
    """Print a claim in full: who says it, on whom it rests, the chain of its sources, support and doubts."""
    from exitvoice.evidence.chains import chain_lines

    claim, console = row.claim, output()
    console.print(f"[bold]{claim.id}[/bold]  {escaped(claim.text)}")
    facts = {
        "kind": claim.kind.replace("_", " "),
        "said by": ", ".join(claim.speakers),
        "where, when": f"{claim.outlet}, {claim.date}",
        "mechanism": claim.mechanism,
        "rests on": ", ".join(claim.depends_on),
        "origins": f"{counted(len(row.origins), 'independent origin')} ({', '.join(sorted(row.origins))}), "
        f"{counted(row.outlets, 'outlet')}",
        "side": "every origin has a declared side" if row.is_partisan_only else None,
        "testable": "yes" if claim.testable else f"no: {claim.why_not_testable}",
    }
    for heading, fact in facts.items():
        if fact:
            print_fact(heading, fact)
    for number, line in enumerate(chain_lines(ledger, claim.sources)):
        print_fact("chain" if number == 0 else "", line)
    for heading, remarks in (("supported", claim.corroboration), ("doubted", claim.doubt)):
        for sentence in _remarks(remarks, ledger) or ("by nobody we know of",):
            print_fact(heading, sentence)
    console.print()


def print_support(scenario: "Scenario", ledger: "Ledger", *, name: str) -> None:
    """Print what the parts of a scenario rest on."""
    from exitvoice.evidence import statement_rows
    from exitvoice.scenario import supports

    blocks = supports(scenario)
    users: dict[str, list[str]] = {}
    for path, block in blocks.items():
        for evidence_id in block.evidence:
            users.setdefault(evidence_id, []).append(path)
    console = output()
    console.print(f"\n[bold]What {escaped(name)} rests on[/bold]")
    for row in statement_rows(ledger, [one for one in ledger.statements if one in users]):
        statement = row.statement
        print_item(
            statement.id,
            f"{statement.subject}: {statement.property}, {statement.period}",
            f"{statement.quality}, {counted(len(row.origins), 'independent origin')}; "
            f"used by {', '.join(users[statement.id])}",
        )
    for claim_id in (one for one in ledger.claims if one in users):
        print_item(f"{claim_id:<3}", f"used by {', '.join(users[claim_id])}")
    assumed = sum(1 for block in blocks.values() if not block.evidence)
    console.print(
        f"\n{len(blocks) - assumed} of {len(blocks)} parts of {escaped(name)} rest on evidence; "
        f"{assumed} are assumed and say so."
    )


def _remarks(remarks: "Iterable[Remark]", ledger: "Ledger") -> tuple[str, ...]:
    return tuple(
        f"{remark.text} ({'; '.join(ledger.sources[source].publisher for source in remark.sources) or 'our own'})"
        for remark in remarks
    )
