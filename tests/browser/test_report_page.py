"""The page in a real browser: it draws, complains of nothing, fetches nothing, fits a telephone, prints."""

import pytest
from tests.support_dataset import make_dataset_for

from exitvoice.evidence import load_ledger
from exitvoice.report import render_report
from exitvoice.report.palette import DARK, LIGHT
from exitvoice.results import new_manifest
from exitvoice.scenario import load_scenario

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
READY = "html[data-ready=yes]"
PAINTED = "document.querySelectorAll('.plot .main-svg .trace, .plot .main-svg .heatmaplayer image').length"
CUT_OFF = """() => Array.from(document.querySelectorAll('.plot')).flatMap((plot) => {
  const edge = plot.getBoundingClientRect().right + 1;
  return Array.from(plot.querySelectorAll('.annotation-text, .ytick text, .legendtext'))
    .filter((text) => text.getBoundingClientRect().right > edge || text.getBoundingClientRect().left < -1)
    .map((text) => plot.dataset.figure + ': ' + text.textContent);
})"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    scenario = load_scenario("china-2024")
    data = make_dataset_for(scenario)
    manifest = new_manifest(
        data, scenario_text=scenario.text, command="exitvoice run", seconds=1, steps_planned=1208
    )
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(
        render_report(data, scenario=scenario, ledger=load_ledger(), manifest=manifest), encoding="utf-8"
    )
    return path.as_uri()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_figure_is_drawn_and_nothing_overflows(opened, viewport, theme):
    page = opened(viewport, theme)
    assert page.locator(".plot").count() == page.locator(".plot .main-svg .cartesianlayer").count() >= 15
    assert page.evaluate(PAINTED) > 50
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.evaluate("document.querySelectorAll('main details').forEach((box) => { box.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.evaluate(CUT_OFF) == []
    picture = page.screenshot()
    assert len(picture) > 20_000  # an empty page of this size is about 5 kB


def test_figures_follow_the_theme_when_it_is_switched(opened):
    page = opened(WIDE, "light")
    bar = page.locator("#cost-by-year .bars .point path").first
    paper = "getComputedStyle(document.body).backgroundColor"
    assert _rgb(LIGHT.cost) in bar.get_attribute("style")
    assert page.evaluate(paper) == _rgb(LIGHT.paper)
    page.click("#theme")
    page.locator(f'#cost-by-year .bars .point path[style*="{_rgb(DARK.cost)}"]').first.wait_for(
        state="attached"
    )
    assert page.evaluate(paper) == _rgb(DARK.paper)
    page.reload()
    page.wait_for_selector(READY)
    assert page.evaluate(paper) == _rgb(DARK.paper), "the choice is remembered"


def test_figures_follow_the_width(opened):
    page = opened(WIDE, "light")
    assert page.locator("#falsification .legendtext").count() == 0
    page.set_viewport_size(PHONE)
    page.locator("#falsification .legendtext").nth(2).wait_for(state="attached")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_sources_of_a_rule_show_on_hover(opened):
    page = opened(WIDE, "light")
    bar = page.locator("#rules .bars .point path").first
    bar.scroll_into_view_if_needed()
    bar.hover(force=True)
    page.wait_for_selector("#rules .hoverlayer .hovertext")
    assert "Source:" in page.locator("#rules .hoverlayer .hovertext").first.text_content()


def test_the_page_prints_light_with_claims_open(opened):
    page = opened(WIDE, "dark")
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".claim:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".claim[open]").count() == 0


def _rgb(colour: str) -> str:
    return f"rgb({int(colour[1:3], 16)}, {int(colour[3:5], 16)}, {int(colour[5:7], 16)})"
