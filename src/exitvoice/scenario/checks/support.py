"""Every head-count, rule, series and event says on whose word it stands, or that it is assumed."""

from __future__ import annotations

from collections.abc import Iterator

from exitvoice.documents import Path
from exitvoice.errors import Mistake
from exitvoice.scenario.draft import Block, Draft

SECTIONS = ("regions", "sectors", "offices", "rules", "events")


def check_support_given(draft: Draft) -> Iterator[Mistake]:
    """Yield a mistake for every block that names neither evidence nor a reason."""
    for path, block in supported_blocks(draft):
        if not block.get("evidence") and not str(block.get("assumed") or "").strip():
            name = str(block.get("id") or block.get("name") or path[-1])
            what = f"'{name[:60]}' says neither 'evidence' nor 'assumed'"
            why = "a reader must be able to see on whose word every value stands"
            yield draft.says(path, what, why, "add 'evidence: [ids]' or 'assumed: why'")


def supported_blocks(draft: Draft) -> Iterator[tuple[Path, Block]]:
    """Yield path and content of every block that needs support."""
    for section in SECTIONS:
        yield from draft.items(section)
    for name in draft.block("series"):
        block = draft.block("series", name)
        if block:
            yield ("series", name), block
    for path in (("issuing",), ("shocks",)):
        block = draft.block(*path)
        if block:
            yield path, block
