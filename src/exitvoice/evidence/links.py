"""Do the records of the ledger hold together? Ids twice, ids that nobody has, and circles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exitvoice.documents import Path, nearest_name
from exitvoice.errors import Mistake
from exitvoice.evidence.origins import find_relay_cycle
from exitvoice.evidence.placed import LoadedFile
from exitvoice.evidence.schema import Remark

_TO_RECORDS = ("retells", "attributed_to", "corrects", "supersedes")  # fields of statements and claims alike
_TO_STATEMENTS = ("derived_from", "sum_of")


@dataclass(frozen=True)
class Link:
    """A record naming another: where it does so, and which id it names."""

    file: LoadedFile
    path: Path
    owner: str
    target: str
    field: str


def check_links(files: Sequence[LoadedFile]) -> tuple[Mistake, ...]:
    """Return every mistake between the records: double ids, unknown ids, circles."""
    sources = [link for file in files for link in _source_links(file)]
    records = [link for file in files for link in _record_links(file)]
    definitions = [link for file in files for link in _definition_links(file)]
    claims = {claim.id for file in files for claim in file.content.claims}
    statements = {placed.statement.id for file in files for placed in file.statements}
    return (
        *_doubles(files),
        *_unknown(sources, {source.id for file in files for source in file.content.sources}, "source"),
        *_unknown(records, claims | statements, "statement or claim"),
        *_unknown(
            definitions, {item.id for file in files for item in file.content.definitions}, "definition"
        ),
        *_circles(_only(sources, "relays"), "a relay that leads back to itself has no origin"),
        *_circles(_only(records, "derived_from", "depends_on"), "what rests on itself rests on nothing"),
        *_circles(_only(records, "part_of", "sum_of"), "a total is no part of its parts"),
        *_circles(_only(records, "retells"), "who retells is later than what is retold"),
        *_circles(_only(records, "corrects", "supersedes"), "a correction is later than what it corrects"),
    )


def _doubles(files: Sequence[LoadedFile]) -> Iterator[Mistake]:
    seen: set[tuple[str, str]] = set()
    for file in files:
        for family, record_id, path in _ids(file):
            if (family, record_id) in seen:
                what = f"the id '{record_id}' is given twice"
                mend = "rename one of them or merge them"
                yield file.locator.mistake(path, what, "an id names one record", mend)
            seen.add((family, record_id))


def _ids(file: LoadedFile) -> Iterator[tuple[str, str, Path]]:
    """Every id with its family; within a family it must be the only one."""
    content = file.content
    for index, source in enumerate(content.sources):
        yield "source", source.id, ("sources", index, "id")
    for index, definition in enumerate(content.definitions):
        yield "definition", definition.id, ("definitions", index, "id")
    for index, claim in enumerate(content.claims):
        yield "record", claim.id, ("claims", index, "id")
    for placed in file.statements:
        yield "record", placed.statement.id, (*placed.path, "id")
    for index, trap in enumerate(content.traps):
        yield "trap", trap.id, ("traps", index, "id")


def _source_links(file: LoadedFile) -> Iterator[Link]:
    """Links to sources: from relays, statements, claims and their remarks."""
    content = file.content
    for index, source in enumerate(content.sources):
        yield from _links(file, ("sources", index, "relays"), source.id, source.relays, "relays")
    for placed in file.statements:
        path = placed.at("sources", file.locator)
        yield from _links(file, path, placed.statement.id, placed.statement.sources, "sources")
    for index, claim in enumerate(content.claims):
        yield from _links(file, ("claims", index, "sources"), claim.id, claim.sources, "sources")
        yield from _remark_links(file, ("claims", index, "corroboration"), claim.id, claim.corroboration)
        yield from _remark_links(file, ("claims", index, "doubt"), claim.id, claim.doubt)


def _record_links(file: LoadedFile) -> Iterator[Link]:
    """Links between statements and claims: derivation, parts, retelling, causes, corrections; and of traps."""
    for placed in file.statements:
        statement = placed.statement
        for field in (*_TO_STATEMENTS, *_TO_RECORDS):
            path = placed.at(field, file.locator)
            yield from _links(file, path, statement.id, getattr(statement, field), field)
        if statement.part_of is not None:
            yield Link(file, placed.at("part_of", file.locator), statement.id, statement.part_of, "part_of")
    for index, claim in enumerate(file.content.claims):
        for field in ("depends_on", *_TO_RECORDS):
            yield from _links(file, ("claims", index, field), claim.id, getattr(claim, field), field)
    for index, trap in enumerate(file.content.traps):
        yield from _links(file, ("traps", index, "records"), trap.id, trap.records, "records")
    for index, review in enumerate(file.content.reviews):
        yield from _links(file, ("reviews", index, "records"), "review", review.records, "records")


def _definition_links(file: LoadedFile) -> Iterator[Link]:
    for placed in file.statements:
        statement = placed.statement
        for field, target in (("definition", statement.definition), ("cited_as", statement.cited_as)):
            if target is not None:
                yield Link(file, placed.at(field, file.locator), statement.id, target, field)


def _remark_links(file: LoadedFile, path: Path, owner: str, remarks: Sequence[Remark]) -> Iterator[Link]:
    for number, remark in enumerate(remarks):
        yield from _links(file, (*path, number, "sources"), owner, remark.sources, "sources")


def _links(file: LoadedFile, path: Path, owner: str, targets: Sequence[str], field: str) -> Iterator[Link]:
    for number, target in enumerate(targets):
        yield Link(file, (*path, number), owner, target, field)


def _only(links: Sequence[Link], *fields: str) -> list[Link]:
    return [link for link in links if link.field in fields]


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
        # A total names its parts and a part its total: one direction, or every pair would be a circle.
        owner, target = (link.target, link.owner) if link.field == "sum_of" else (link.owner, link.target)
        graph.setdefault(owner, []).append(target)
    cycle = find_relay_cycle(graph)
    if cycle is not None:
        first = next(link for link in links if {link.owner, link.target} == set(cycle[:2]))
        what = f"a circle: {' -> '.join(cycle)}"
        yield first.file.locator.mistake(first.path, what, why, "take one of these links out")
