"""Do the records of the ledger hold together? Ids twice, ids that nobody has, and circles."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from exitvoice.documents import Locator, Path, nearest_name
from exitvoice.errors import Mistake
from exitvoice.evidence.origins import find_relay_cycle
from exitvoice.evidence.schema import Claim, EvidenceFile, Remark, Source, Statement


@dataclass(frozen=True)
class LoadedFile:
    """One file of the ledger and where each of its parts stands."""

    content: EvidenceFile
    locator: Locator


@dataclass(frozen=True)
class Link:
    """A record naming another: where it does so, and which id it names."""

    file: LoadedFile
    path: Path
    owner: str
    target: str


def check_links(files: Sequence[LoadedFile]) -> tuple[Mistake, ...]:
    """Return every mistake between the records: double ids, unknown ids, circles."""
    sources = [link for file in files for link in _source_links(file)]
    parents = [link for file in files for link in _parent_links(file)]
    relays = [link for link in sources if link.path[0] == "sources"]
    return (
        *_doubles(files, lambda content: {"sources": content.sources}),
        *_doubles(files, lambda content: {"claims": content.claims, "statements": content.statements}),
        *_unknown(sources, {source.id for file in files for source in file.content.sources}, "source"),
        *_unknown(parents, {record.id for file in files for record in _records(file)}, "statement or claim"),
        *_circles(relays, "a relay that leads back to itself has no origin"),
        *_circles(parents, "what rests on itself rests on nothing"),
    )


def _records(file: LoadedFile) -> tuple[Claim | Statement, ...]:
    return (*file.content.claims, *file.content.statements)


def _doubles(
    files: Sequence[LoadedFile],
    lists: Callable[[EvidenceFile], Mapping[str, Sequence[Source | Claim | Statement]]],
) -> Iterator[Mistake]:
    seen: set[str] = set()
    for file in files:
        for name, records in lists(file.content).items():
            for index, record in enumerate(records):
                if record.id in seen:
                    what = f"the id '{record.id}' is given twice"
                    path: Path = (name, index, "id")
                    mend = "rename one of them or merge them"
                    yield file.locator.mistake(path, what, "an id names one record", mend)
                seen.add(record.id)


def _source_links(file: LoadedFile) -> Iterator[Link]:
    """Links to sources: from relays, statements, claims and their remarks."""
    content = file.content
    for index, source in enumerate(content.sources):
        yield from _links(file, ("sources", index, "relays"), source.id, source.relays)
    for index, statement in enumerate(content.statements):
        yield from _links(file, ("statements", index, "sources"), statement.id, statement.sources)
    for index, claim in enumerate(content.claims):
        yield from _links(file, ("claims", index, "sources"), claim.id, claim.sources)
        yield from _remark_links(file, ("claims", index, "corroboration"), claim.id, claim.corroboration)
        yield from _remark_links(file, ("claims", index, "doubt"), claim.id, claim.doubt)


def _parent_links(file: LoadedFile) -> Iterator[Link]:
    """Links of statements to what they are derived from, and of claims to what they depend on."""
    for index, statement in enumerate(file.content.statements):
        yield from _links(file, ("statements", index, "derived_from"), statement.id, statement.derived_from)
    for index, claim in enumerate(file.content.claims):
        yield from _links(file, ("claims", index, "depends_on"), claim.id, claim.depends_on)


def _remark_links(file: LoadedFile, path: Path, owner: str, remarks: Sequence[Remark]) -> Iterator[Link]:
    for number, remark in enumerate(remarks):
        yield from _links(file, (*path, number, "sources"), owner, remark.sources)


def _links(file: LoadedFile, path: Path, owner: str, targets: Sequence[str]) -> Iterator[Link]:
    for number, target in enumerate(targets):
        yield Link(file, (*path, number), owner, target)


def _unknown(links: Sequence[Link], known: set[str], kind: str) -> Iterator[Mistake]:
    for link in links:
        if link.target not in known:
            yield link.file.locator.mistake(
                link.path,
                f"no {kind} has the id '{link.target}'",
                "what names nobody cannot be traced",
                f"use the id of a {kind} of the ledger, or add that {kind}",
                nearest=nearest_name(link.target, known),
            )


def _circles(links: Sequence[Link], why: str) -> Iterator[Mistake]:
    graph: dict[str, list[str]] = {}
    for link in links:
        graph.setdefault(link.owner, []).append(link.target)
    cycle = find_relay_cycle(graph)
    if cycle is not None:
        first = next(link for link in links if (link.owner, link.target) == cycle[:2])
        what = f"a circle: {' -> '.join(cycle)}"
        yield first.file.locator.mistake(first.path, what, why, "take one of these links out")
