"""Ranks, regions, sectors, offices: names used once, shares that sum to one."""

from __future__ import annotations

from collections.abc import Iterator

from exitvoice.documents import Path
from exitvoice.errors import Mistake
from exitvoice.scenario.draft import Draft, number

SUM_TOLERANCE = 1e-4
_SUM_WHY = "every person belongs to exactly one of them"


def check_people(draft: Draft) -> Iterator[Mistake]:
    """Check names and sums of shares."""
    for section, key in (("ranks", "name"), ("regions", "name"), ("sectors", "name"), ("offices", "name")):
        yield from twice(draft, section, key)
    yield from _sum(
        draft,
        ("regions",),
        [region.get("share") for _, region in draft.items("regions")],
        "the regions' shares",
    )
    regions, ranks = draft.names("regions"), draft.tree.get("ranks")
    for path, sector in draft.items("sectors"):
        yield from _rank_shares(
            draft, path, sector.get("rank_shares"), len(ranks) if isinstance(ranks, list) else 0
        )
        yield from _region_shares(draft, path, regions)


def twice(draft: Draft, section: str, key: str) -> Iterator[Mistake]:
    """Yield a mistake for each name of a section that was used before."""
    seen: set[str] = set()
    for path, item in draft.items(section):
        name = item.get(key)
        if not isinstance(name, str):
            continue
        if name in seen:
            what = f"two items of '{section}' have the {key} '{name[:60]}'"
            yield draft.says(
                (*path, key), what, "they could not be told apart", f"give one of them another {key}"
            )
        seen.add(name)


def _rank_shares(draft: Draft, path: Path, shares: object, ranks: int) -> Iterator[Mistake]:
    if not isinstance(shares, list):
        return
    place = (*path, "rank_shares")
    if ranks and len(shares) != ranks:
        what = f"{len(shares)} shares stand here for {ranks} ranks"
        yield draft.says(
            place, what, "each rank needs its share", "give one share for each rank, low to high"
        )
    yield from _sum(draft, place, shares, "the shares of the ranks")


def _region_shares(draft: Draft, path: Path, regions: list[str]) -> Iterator[Mistake]:
    place = (*path, "region_shares")
    shares = draft.block(*place)
    if not shares or not regions:
        return
    for name in shares:
        if name not in regions:
            yield draft.unknown((*place, name), "region", name, regions)
    yield from _sum(draft, place, list(shares.values()), "the shares of the regions")


def _sum(draft: Draft, path: Path, shares: list[object], title: str) -> Iterator[Mistake]:
    values = [value for share in shares if (value := number(share)) is not None]
    if len(values) != len(shares) or not values or any(not 0.0 <= value <= 1.0 for value in values):
        return  # said elsewhere
    if abs(sum(values) - 1.0) > SUM_TOLERANCE:
        yield draft.says(
            path, f"{title} sum to {sum(values):.6g}, not to 1", _SUM_WHY, "make them sum to 1", at_key=True
        )
