"""Put the page together: one file that fetches nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jinja2
import plotly.offline
import xarray as xr
from markupsafe import Markup

from exitvoice.evidence import Ledger
from exitvoice.report import from_ledger, from_scenario, words
from exitvoice.report.chapters import Chapter, chapters
from exitvoice.report.figures.base import Material, Table
from exitvoice.report.palette import DARK, LIGHT, css_variables, dark_partners
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
    return _environment().get_template("page").render(page=_page(material, scenario, ledger, manifest))


def _page(material: Material, scenario: Scenario, ledger: Ledger, manifest: Mapping[str, object]) -> Page:
    claims = from_ledger.claim_cards(ledger) if from_scenario.rests_on(scenario, ledger) else ()
    assumptions = from_scenario.assumption_rows(scenario, ledger)
    summary = summarise(material.data)
    parts = chapters(material, claims=claims, assumptions=assumptions)
    return Page(
        title=scenario.title,
        subtitle=words.subtitle(material.data, summary),
        version=str(material.data.attrs.get("version", "")),
        style=Markup(_style()),
        first_script=Markup(_read("first.js")),
        script=Markup(_read("script.js")),
        plotly=Markup(_plotly()),
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
        plots={panel.key: _inert(panel.plot.to_json()) for part in parts for panel in part.panels},
        dark_partners=_inert(json.dumps(dark_partners())),
    )


def _inert(text: str) -> Markup:
    # Inside <script> only '<' could end the element; as \u003c it is the same JSON.
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


@cache
def _plotly() -> str:
    return str(plotly.offline.get_plotlyjs()).replace("</script", "<\\/script")


def _style() -> str:
    light, dark = css_variables(LIGHT), css_variables(DARK)
    swap = "#theme .to-dark { display: none; } #theme .to-light { display: inline; }"
    nested = swap.replace("#theme", ":root:not([data-theme=light]) #theme")
    chosen = swap.replace("#theme", ":root[data-theme=dark] #theme")
    return (
        f":root {{ {light} color-scheme: light; }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ "
        f":root:not([data-theme=light]) {{ {dark} color-scheme: dark; }} {nested} }}\n"
        f"@media screen {{ :root[data-theme=dark] {{ {dark} color-scheme: dark; }} {chosen} }}\n"
        + _read("style.css")
    )


def _read(name: str) -> str:
    return (resources.files("exitvoice.report") / name).read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.DictLoader({"page": _read("template.html.j2")}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
