"""What differs between two worlds, and on whose word it stands in each."""

from exitvoice.analysis.compare import Comparison
from exitvoice.evidence import Ledger, select
from exitvoice.report.figures.base import Table
from exitvoice.report.from_ledger import cite
from exitvoice.report.hover import Tips, tips_for
from exitvoice.scenario import block_at, supports
from exitvoice.scenario.base import Supported
from exitvoice.scenario.parts import differing_parts

_CHOICE = "a choice of whoever compares; it names no source"
_ABSENT = "not in this world"


def changed_parts(comparison: Comparison) -> tuple[str, ...]:
    """Name the parts of the scenario in which the worlds differ, such as `rules.teachers-2024`."""
    one, other = comparison.worlds
    return tuple(differing_parts(one.tree, other.tree))


def changed_table(comparison: Comparison, ledger: Ledger) -> Table:
    """Return what differs as a table of words: the part, and what it rests on in each world."""
    held = [supports(world) for world in comparison.worlds]
    rows = []
    for path in changed_parts(comparison):
        blocks = [block_at(world, path) for world in held]
        nothing = _CHOICE if blocks == [None, None] else _ABSENT
        rows.append((path, *(nothing if block is None else _basis(block, ledger) for block in blocks)))
    return Table(("what differs", "on whose word in A", "on whose word in B"), tuple(rows), is_in_words=True)


def comparison_tips(comparison: Comparison, ledger: Ledger) -> Tips:
    """Return what to show for each source and record that the worlds' differing parts name."""
    blocks = [
        block_at(supports(world), path) for path in changed_parts(comparison) for world in comparison.worlds
    ]
    return tips_for(
        select(ledger, [name for block in blocks if block for name in block.evidence if name in ledger])
    )


def _basis(block: Supported, ledger: Ledger) -> str:
    assumed = [f"assumed: {block.assumed}"] if block.assumed else []
    return "; ".join([*cite(ledger, block.evidence), *assumed]) or _CHOICE
