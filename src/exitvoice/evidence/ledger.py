"""The ledger: every source, statement and claim, loaded together and checked against each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar, cast

from exitvoice.documents import Locator, Tree, nearest_name, read_document, read_text, validate_tree
from exitvoice.documents.quick import quick_tree
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence.links import check_links
from exitvoice.evidence.placed import LoadedFile, place_statements, row_mistakes
from exitvoice.evidence.schema import Claim, Definition, EvidenceFile, Review, Source, Statement, Trap


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


RecordT = TypeVar("RecordT", bound=_HasId)


@dataclass(frozen=True)
class Ledger:
    """Sources, claims and statements by id, in the order of their files; rows of tables are statements.

    `id in ledger` asks for statements and claims, the two things that a value can rest on. `traps` are known ones and
    `reviews` what readers made of other findings, to measure the checks by; no check reads either.
    """

    sources: Mapping[str, Source]
    claims: Mapping[str, Claim]
    statements: Mapping[str, Statement]
    definitions: Mapping[str, Definition] = field(default_factory=lambda: MappingProxyType({}))
    traps: Mapping[str, Trap] = field(default_factory=lambda: MappingProxyType({}))
    reviews: tuple[Review, ...] = ()

    def __contains__(self, evidence_id: object) -> bool:
        return evidence_id in self.statements or evidence_id in self.claims

    def resolve(self, evidence_id: str) -> Statement | Claim:
        """Return the statement or the claim of this id, or raise `KeyError` with the nearest id."""
        found = self.statements.get(evidence_id) or self.claims.get(evidence_id)
        if found is None:
            raise KeyError(f"no statement or claim '{evidence_id}'; nearest is '{self.nearest(evidence_id)}'")
        return found

    def nearest(self, evidence_id: str) -> str | None:
        """Return the id of the statement or claim that is spelt most like this one, if any is."""
        return nearest_name(evidence_id, [*self.statements, *self.claims])


def load_ledger(folder: Path | str | None = None) -> Ledger:
    """Read every YAML file of a folder into one ledger and check it as a whole.

    Parameters
    ----------
    folder : pathlib.Path or str, optional
        Folder with the ledger's files, or one file; the evidence shipped with the package by default.

    Returns
    -------
    Ledger

    Raises
    ------
    InputError
        With every mistake of every file: bad records, double or unknown ids, circles of relays.

    Examples
    --------
    >>> ledger = load_ledger()
    >>> ledger.claims["C24"].kind
    'interpretation'
    """
    return _shipped() if folder is None else build_ledger(_read_files(folder))


@cache
def _shipped() -> Ledger:
    """Read the evidence of the package once a process: it is frozen, and nobody writes there."""
    try:
        return build_ledger([_read_quickly(source) for source in _yaml_files(None)])
    except (InputError, ValueError):
        return build_ledger(_read_files(None))  # says what is wrong and where


def _read_quickly(source: Path | Traversable) -> LoadedFile:
    locator = Locator(source.name)
    tree = quick_tree(source.read_bytes(), source.name)
    content = validate_tree(cast("Tree", tree), locator, EvidenceFile)
    return LoadedFile(content, locator, place_statements(content))


def build_ledger(files: Sequence[LoadedFile]) -> Ledger:
    """Join loaded files into a ledger, or raise InputError with every mistake between them."""
    mistakes = check_links(files)
    if mistakes:
        raise InputError(mistakes)
    return Ledger(
        sources=_by_id(source for file in files for source in file.content.sources),
        claims=_by_id(claim for file in files for claim in file.content.claims),
        statements=_by_id(placed.statement for file in files for placed in file.statements),
        definitions=_by_id(definition for file in files for definition in file.content.definitions),
        traps=_by_id(trap for file in files for trap in file.content.traps),
        reviews=tuple(review for file in files for review in file.content.reviews),
    )


def _by_id(records: Iterable[RecordT]) -> Mapping[str, RecordT]:
    return MappingProxyType({record.id: record for record in records})


def _read_files(folder: Path | str | None) -> list[LoadedFile]:
    loaded: list[LoadedFile] = []
    mistakes: list[Mistake] = []

    def keep(content: EvidenceFile, locator: Locator) -> tuple[Mistake, ...]:
        bad = tuple(row_mistakes(content, locator))
        if not bad:
            loaded.append(LoadedFile(content, locator, place_statements(content)))
        return bad

    for source in _yaml_files(folder):
        try:
            if isinstance(source, Path):
                read_document(source, EvidenceFile, checks=[keep])
            else:
                read_text(source.read_bytes(), name=source.name, model=EvidenceFile, checks=[keep])
        except InputError as error:
            mistakes.extend(error.mistakes)
    if mistakes:
        raise InputError(mistakes)
    return loaded


def _yaml_files(folder: Path | str | None) -> list[Path] | list[Traversable]:
    if folder is None:
        shipped = resources.files("exitvoice") / "library" / "evidence"
        return sorted((item for item in shipped.iterdir() if item.name.endswith(".yaml")), key=_name)
    if Path(folder).is_file():
        return [Path(folder)]
    found = sorted(Path(folder).glob("*.yaml"))
    if not found:
        what, why = "no ledger stands in this folder", "a ledger is made of .yaml files"
        raise InputError.of(folder, what, why=why, mend="name a folder that holds some")
    return found


def _name(item: Traversable) -> str:
    return item.name
