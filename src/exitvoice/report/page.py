"""Put the page together: one file that fetches nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import xarray as xr

from exitvoice.evidence import Ledger, assess, select
from exitvoice.evidence.periods import parse_period
from exitvoice.report import from_ledger, from_scenario, words
from exitvoice.report.chapters import chapters
from exitvoice.report.claim_rows import ClaimsChapter, untested_chapter
from exitvoice.report.evidence import EvidenceSection, evidence_section
from exitvoice.report.figures.base import Material, Table
from exitvoice.report.frame import render_page
from exitvoice.report.hover import Tips, tips_for
from exitvoice.report.rows import AssumptionRow
from exitvoice.results import summarise
from exitvoice.scenario import Scenario

_UNDATED = date(2026, 1, 1)  # for runs whose manifest does not say when


@dataclass(frozen=True)
class Page:
    """Everything that the template prints; texts are plain and are escaped there, `Markup` is not."""

    notices: tuple[str, ...]
    cost: words.Cost
    model: words.About
    claims: ClaimsChapter
    evidence: EvidenceSection | None
    tips: Tips
    assumptions: tuple[tuple[str, tuple[AssumptionRow, ...]], ...]
    strata: Table
    command: str
    again: tuple[tuple[str, str], ...]
    scenario_text: str


def render_report(
    data: xr.Dataset,
    *,
    scenario: Scenario,
    ledger: Ledger,
    manifest: Mapping[str, object],
    claims: ClaimsChapter | None = None,
) -> str:
    """Return the report of one run as one HTML page.

    Parameters
    ----------
    data : xr.Dataset
        The run.
    scenario : Scenario
        What was asked.
    ledger : Ledger
        On whose word.
    manifest : mapping
        How it was run, as `exitvoice.results.new_manifest` gives it.
    claims : ClaimsChapter, optional
        The claims with what plausible worlds say of them, as `exitvoice.report.board.board_chapter` gives them; as
        the ledger has them if not given.

    Returns
    -------
    str
        A page that fetches nothing, follows the reader's light or dark theme, and prints.

    Examples
    --------
    >>> page = render_report(run.data, scenario=world, ledger=ledger, manifest=run.manifest)  # doctest: +SKIP
    >>> page[:15]                                                                             # doctest: +SKIP
    '<!doctype html>'
    """
    claims = claims or _claims(scenario, ledger)
    part = select(ledger, from_scenario.named(scenario, ledger))
    assumptions = from_scenario.assumption_rows(scenario, ledger)
    summary = summarise(data)
    material = Material(
        data=data,
        sector_titles={sector.name: sector.title for sector in scenario.sectors},
        rank_titles={rank.name: rank.title for rank in scenario.ranks},
        region_titles={region.name: region.title for region in scenario.regions},
        rules=from_scenario.rule_rows(scenario, ledger),
    )
    page = Page(
        notices=words.notices(summary, manifest),
        cost=words.cost(summary),
        model=words.about(scenario, data),
        claims=claims,
        evidence=_evidence(part, manifest) if from_scenario.rests_on(scenario, ledger) else None,
        tips=tips_for(part),
        assumptions=from_scenario.grouped(assumptions),
        strata=words.strata(material),
        command=words.command(data, manifest),
        again=words.again(data, manifest),
        scenario_text=str(manifest.get("scenario_text") or scenario.text),
    )
    return render_page(
        "page",
        page,
        title=scenario.title,
        subtitle=words.subtitle(data, summary),
        chapters=chapters(material, claims=claims.intro, assumptions=assumptions),
        further=claims.panels,
        version=str(data.attrs.get("version", "")),
    )


def _claims(scenario: Scenario, ledger: Ledger) -> ClaimsChapter:
    cards = from_ledger.claim_cards(ledger) if from_scenario.rests_on(scenario, ledger) else ()
    return untested_chapter(cards)


def _evidence(part: Ledger, manifest: Mapping[str, object]) -> EvidenceSection:
    """Say what the evidence of a world is worth, on the day it was run: a page drawn anew says the same."""
    created = parse_period(str(manifest.get("created", ""))[:10])
    return evidence_section(part, assess(part, today=created.end if created else _UNDATED), claims_only=True)
