"""Put the page together: one file that fetches nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import xarray as xr
from markupsafe import Markup

from exitvoice.evidence import Ledger
from exitvoice.report import from_ledger, from_scenario, sheet, words
from exitvoice.report.chapters import Chapter, chapters
from exitvoice.report.figures.base import Material, Table
from exitvoice.report.rows import AssumptionRow, ClaimCard
from exitvoice.results import summarise
from exitvoice.scenario import Scenario


@dataclass(frozen=True)
class Page:
    """Everything that the template prints; texts are plain and are escaped there, `Markup` is not."""

    title: str
    subtitle: str
    version: str
    style: Markup
    first_script: Markup
    script: Markup
    plotly: Markup
    notices: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    cost: words.Cost
    model: words.About
    claims: tuple[ClaimCard, ...]
    assumptions: tuple[tuple[str, tuple[AssumptionRow, ...]], ...]
    strata: Table
    command: str
    again: tuple[tuple[str, str], ...]
    scenario_text: str
    plots: Mapping[str, Markup]
    dark_partners: Markup


def render_report(
    data: xr.Dataset, *, scenario: Scenario, ledger: Ledger, manifest: Mapping[str, object]
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
    material = Material(
        data=data,
        sector_titles={sector.name: sector.title for sector in scenario.sectors},
        rank_titles={rank.name: rank.title for rank in scenario.ranks},
        region_titles={region.name: region.title for region in scenario.regions},
        rules=from_scenario.rule_rows(scenario, ledger),
    )
    return sheet.environment().get_template("page").render(page=_page(material, scenario, ledger, manifest))


def _page(material: Material, scenario: Scenario, ledger: Ledger, manifest: Mapping[str, object]) -> Page:
    claims = from_ledger.claim_cards(ledger) if from_scenario.rests_on(scenario, ledger) else ()
    assumptions = from_scenario.assumption_rows(scenario, ledger)
    summary = summarise(material.data)
    parts = chapters(material, claims=claims, assumptions=assumptions)
    return Page(
        title=scenario.title,
        subtitle=words.subtitle(material.data, summary),
        version=str(material.data.attrs.get("version", "")),
        style=sheet.style(),
        first_script=sheet.script("first.js"),
        script=sheet.script("script.js"),
        plotly=sheet.plotly_script(),
        notices=words.notices(summary, manifest),
        chapters=parts,
        cost=words.cost(summary),
        model=words.about(scenario, material.data),
        claims=claims,
        assumptions=from_scenario.grouped(assumptions),
        strata=words.strata(material),
        command=words.command(material.data, manifest),
        again=words.again(material.data, manifest),
        scenario_text=str(manifest.get("scenario_text") or scenario.text),
        plots={panel.key: sheet.inert(panel.plot.to_json()) for part in parts for panel in part.panels},
        dark_partners=sheet.dark_partners_script(),
    )
