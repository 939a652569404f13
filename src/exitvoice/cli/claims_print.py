"""What `exitvoice claims` prints of a board: verdicts, what decides together with others, what is still open."""

from typing import TYPE_CHECKING

from exitvoice.cli.console import escaped, output, plain_table, print_fact

if TYPE_CHECKING:
    from exitvoice.claims import Finding, Judgement
    from exitvoice.claims.needs import Needs

SHOWN = 3


def print_board(judgement: "Judgement") -> None:
    """Print a board, the human cost first."""
    _print_cost(judgement)
    _print_verdicts(judgement)
    _print_interplay(judgement)
    _print_open(judgement)
    console = output()
    untested = [finding.claim for finding in judgement.findings if not finding.is_tested]
    print_fact("not testable", f"{', '.join(untested)} (or not asked)")
    minutes = judgement.seconds / 60
    console.print(f"{judgement.runs:,} runs, {judgement.failed:,} failed, {minutes:.1f} minutes")


def _print_cost(judgement: "Judgement") -> None:
    if judgement.cost:
        last = judgement.cost[-1]
        output().print(
            f"[bold]{last.middle / 1e6:,.1f} million person-years without freedom to leave[/bold] in {last.year} "
            f"({last.low / 1e6:,.1f} to {last.high / 1e6:,.1f} in nine of ten plausible worlds)"
        )


def _print_verdicts(judgement: "Judgement") -> None:
    table = plain_table("claim", "verdict", "share of worlds", "hinges on")
    for finding in judgement.findings:
        if finding.is_tested:
            table.add_row(finding.claim, finding.verdict, _share(finding), escaped(finding.hinges_on))
    output().print(table)


def _share(finding: "Finding") -> str:
    share = finding.share
    if share is None or not share.worlds:
        return "none could be measured"
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%}) of {share.worlds}"


def _print_interplay(judgement: "Judgement") -> None:
    """Print what assumptions decide alone and with interactions, where a surrogate explains enough to say."""
    table = plain_table(
        "claim",
        "assumption",
        "alone",
        "with interactions",
        "interval",
        "of",
        right=("alone", "with interactions"),
    )
    for finding in judgement.findings:
        found = finding.interplay
        if found is None or found.is_refused:
            continue
        alone = {index.factor: index for index in found.alone}
        for total in found.told_from_none[:SHOWN]:
            table.add_row(
                finding.claim, escaped(total.factor), f"{alone[total.factor].value:.2f}", f"{total.value:.2f}",
                f"{total.low:.2f} to {total.high:.2f}", escaped(finding.interplay_of),
            )  # fmt: skip
    if table.row_count:
        output().print(table)


def _print_open(judgement: "Judgement") -> None:
    """Print which verdicts are open, and how many more runs would likely settle each."""
    lines = []
    for finding in judgement.findings:
        open_ones = [("the verdict", finding.needs)]
        open_ones += [(cut.label, cut.needs) for cut in (*finding.by_theory, *finding.by_sign)]
        parts = [f"{name} ({_needed(needs)})" for name, needs in open_ones if needs is not None]
        lines += [f"{finding.claim}: {', '.join(parts)}"] if parts else []
    for number, line in enumerate(lines):
        print_fact("" if number else "still open", line)


def _needed(needs: "Needs") -> str:
    return "at a limit" if needs.runs is None else f"about {needs.runs:,} more runs"
