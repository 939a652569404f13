"""A ledger on one page: how many origins are behind it, what the checks found, contradictions side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from exitvoice.evidence import Ledger, Worth, assess, measure
from exitvoice.report.chapters import Chapter
from exitvoice.report.evidence_rows import (
    CheckRow,
    OriginRow,
    RecordLine,
    check_rows,
    origin_rows,
    record_lines,
    trap_lines,
)
from exitvoice.report.frame import render_page
from exitvoice.report.tips import source_tip

Tile = tuple[str, str, str]
_QUALITIES = (
    ("seen", "read in the source named"),
    ("relayed", "the original not read"),
    ("derived", "arithmetic on others"),
    ("recalled", "from memory, to be checked"),
)


@dataclass(frozen=True)
class EvidenceSection:
    """What a page shows of a ledger: in numbers, by record, and by check.

    `qualities` are (mark, meaning, count, share of all in per cent).
    """

    tiles: tuple[Tile, ...]
    qualities: tuple[tuple[str, str, int, float], ...]
    origins: tuple[OriginRow, ...]
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True)
class EvidencePage:
    """Everything that the template prints; texts are plain and are escaped there, `Markup` is not."""

    total: str
    meaning: str
    notices: tuple[str, ...]
    section: EvidenceSection
    traps: tuple[tuple[str, ...], ...]
    series: Mapping[str, tuple[RecordLine, ...]]
    sources: tuple[tuple[str, str, int], ...]


def render_evidence(ledger: Ledger, *, title: str, today: date, as_of: date | None = None) -> str:
    """Return a ledger as one HTML page that fetches nothing.

    Parameters
    ----------
    ledger : Ledger
    title : str
    today : datetime.date
        For predictions whose deadline has passed.
    as_of : datetime.date, optional
        Says on the page that the ledger is shown as it was known on this day.
    """
    worth = assess(ledger, today=today)
    section = evidence_section(ledger, worth)
    measured = measure(ledger, worth.findings)
    notices = [f"As it was known on {as_of}: what was said later is not on this page."] if as_of else []
    page = EvidencePage(
        total=f"{worth.origins} of {worth.sources}",
        meaning=f"{worth.relays} of the {worth.sources} voices repeat others. Followed to their ends they leave "
        f"{worth.origins} independent origins. Support is counted by origin, never by outlet.",
        notices=tuple(notices),
        section=section,
        traps=trap_lines(measured),
        series=_series(ledger),
        sources=_sources(ledger),
    )
    return render_page(
        "evidence",
        page,
        title=title,
        subtitle=f"{worth.sources} sources, {worth.statements} statements, {worth.claims} claims; "
        f"read on {today.isoformat()}",
        chapters=_chapters(worth, section, has_traps=bool(measured.traps)),
    )


def evidence_section(ledger: Ledger, worth: Worth, *, claims_only: bool = False) -> EvidenceSection:
    """Return what a page shows of a ledger, for this page and for a chapter of others (of claims only)."""
    return EvidenceSection(
        tiles=_tiles(worth),
        qualities=_qualities(worth),
        origins=origin_rows(ledger, ledger.claims if claims_only else None),
        checks=check_rows(ledger, worth),
    )


def _tiles(worth: Worth) -> tuple[Tile, ...]:
    records = worth.statements + worth.claims
    wrong = sum(finding.weight == "wrong" for finding in worth.findings)
    return (
        ("Rest on one origin", f"{worth.one_origin:,}", f"of {records:,} statements and claims"),
        ("Rest on no source", f"{worth.nobody:,}", "recalled, and not looked up yet"),
        ("On anonymous voices alone", f"{worth.anonymous_only:,}", "nobody can be asked again"),
        ("On partisan voices alone", f"{worth.partisan_only:,}", "a declared political side"),
        ("Marks bettered", f"{worth.upgraded:,}", "recalled or relayed figures looked up"),
        ("Found by the checks", f"{len(worth.findings):,}", f"{wrong} that cannot all be right"),
    )


def _qualities(worth: Worth) -> tuple[tuple[str, str, int, float], ...]:
    total = max(worth.statements, 1)
    return tuple(
        (mark, meaning, worth.by_quality.get(mark, 0), 100.0 * worth.by_quality.get(mark, 0) / total)
        for mark, meaning in _QUALITIES
        if worth.by_quality.get(mark)
    )


def _chapters(worth: Worth, section: EvidenceSection, *, has_traps: bool) -> tuple[Chapter, ...]:
    found = (
        f"{len(worth.findings)} findings of {len(section.checks)} checks. Each check looks at fields alone, never at "
        "wording, and says what it teaches. Open a finding to see its records side by side."
    )
    chapters = [
        Chapter("worth", "What this evidence is worth", "What it is worth"),
        Chapter("origins", "Who is behind it", "Who is behind it", _ORIGINS),
        Chapter("findings", "What the checks found", "What the checks found", found),
        Chapter("traps", "Known traps", "Known traps", _TRAPS) if has_traps else None,
        Chapter("statements", "Every statement", "Every statement", _STATEMENTS),
        Chapter("sources", "Every source", "Every source"),
    ]
    return tuple(chapter for chapter in chapters if chapter is not None)


_ORIGINS = (
    "A full dot is an origin; the rings behind it are outlets that repeat it. A square origin is anonymous, a barred "
    "one has a declared political side. Point at a dot for the source, open a row for the chain."
)
_TRAPS = "Traps known to lie in this ledger, put there to measure the checks. No check reads this list."
_STATEMENTS = (
    "Grouped by series, so that contradictions stand side by side. Nothing is overwritten: what has been corrected is "
    "still here, with what corrects it."
)


def _series(ledger: Ledger) -> dict[str, tuple[RecordLine, ...]]:
    groups: dict[str, list[str]] = {}
    for statement in ledger.statements.values():
        groups.setdefault(statement.series or f"{statement.subject}: {statement.property}", []).append(
            statement.id
        )
    return {name: record_lines(ledger, ids) for name, ids in sorted(groups.items())}


def _sources(ledger: Ledger) -> tuple[tuple[str, str, int], ...]:
    used: dict[str, int] = {}
    lists = [one.sources for one in ledger.statements.values()] + [
        one.sources for one in ledger.claims.values()
    ]
    for name in (one for names in lists for one in names):
        used[name] = used.get(name, 0) + 1
    return tuple((name, source_tip(source), used.get(name, 0)) for name, source in ledger.sources.items())
