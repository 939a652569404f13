"""The site in a real browser: a journey, every page read by axe, a telephone, the dark, a keyboard; no network."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from exitvoice.web.jobs import Store
from exitvoice.web.security.password import PasswordHash
from support_board import CLAIM, write_board
from support_browser import FLAGS, chromium
from support_page import serving
from support_trace import shape, untraced, ways

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
READY = "html[data-ready=yes]"
#: A folder, where somebody wants to look at the pages; drawing whole pages takes long.
PICTURES = os.environ.get("EXITVOICE_PICTURES")
PAGES = (
    "/", "/worlds/china-2024", "/run", "/run/minimal", "/twins?one=minimal", "/claims", f"/claims/{CLAIM}",
    "/evidence", "/evidence/checks", "/evidence/statements", "/evidence/sources", f"/evidence/records/{CLAIM}",
    "/search?q=passport", "/trace/figure/unfree_person_years?world=minimal", f"/trace/verdict/{CLAIM}", "/jobs",
    "/nowhere",
)  # fmt: skip
PASSWORD = "four words are enough"
SERIOUS = {"serious", "critical"}
VIOLATIONS = {"resultTypes": ["violations"]}  # what passes need not be listed in full
DAY_TO_CHART = """() => new Promise((resolve) => {
  const reach = document.getElementById("reach"), on = document.getElementById("on"), begun = performance.now();
  new MutationObserver(() => requestAnimationFrame(() => resolve(performance.now() - begun)))
    .observe(on, { childList: true });
  reach.value = 4000;
  reach.dispatchEvent(new Event("input", { bubbles: true }));
})"""
STOP = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
  return {
    name: (one.textContent || one.name || one.id).trim(), top: box.top, left: box.left,
    is_seen: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0 && box.width > 0,
  };
}"""
WEEK_TO_CHART = """() => {
  const week = document.getElementById("week"), begun = performance.now();
  week.value = 3;
  week.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - begun;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    board = write_board(tmp_path_factory.mktemp("board"))
    with serving(tmp_path_factory.mktemp("page"), with_workers=True, board=board) as settings:
        yield settings


@pytest.fixture
def visit(browser, site):
    """Open the site with an empty profile; at the end nothing was asked of another machine, and nobody complained."""
    contexts, complaints, requests = [], [], []
    origin = f"http://127.0.0.1:{site.port}"

    def open_site(viewport=WIDE, theme="light", **more):
        context = browser.new_context(viewport=viewport, color_scheme=theme, base_url=origin, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(site.address)
        return page

    yield open_site
    for context in contexts:
        context.close()
    assert [one for one in complaints if "/nowhere" not in one] == []
    assert all(url.startswith((origin, "data:", "blob:")) for url in requests)


def settle(page) -> None:
    page.wait_for_selector(READY)


def picture(page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def test_a_journey_from_the_gallery_to_a_replayed_counter_example(visit):
    page = visit()
    assert "token" not in page.url
    picture(page, "1-gallery")
    page.get_by_role("heading", name="Exit control over China").get_by_role("link").click()
    settle(page)
    assert page.locator("#timeline .plot .main-svg").count() > 0
    before = page.locator("#day-says").inner_text()
    page.evaluate(DAY_TO_CHART)
    assert page.locator("#day-says").inner_text() != before
    # what is read aloud is the sentence, not the table
    assert page.locator("#day-says").inner_text() in page.locator("#aloud").inner_text()
    picture(page, "2-world")

    page.goto("/run/minimal")
    page.get_by_label("Simulated persons for each real one").fill("0.05")
    page.get_by_role("button", name="Run").first.click()
    page.wait_for_url("**/jobs/*")
    picture(page, "3-run-under-way")  # or done, where the machine is quick
    page.wait_for_selector("#weeks")
    settle(page)
    assert page.get_by_text("person-years without freedom to leave").first.is_visible()
    said = page.locator("#week-says").inner_text()
    page.evaluate(WEEK_TO_CHART)
    assert page.locator("#week-says").inner_text() != said
    picture(page, "4-run-done")

    order_twins_with_three_changes(page)
    page.wait_for_selector("#everything")
    settle(page)
    assert page.get_by_text("in B against A").first.is_visible()
    assert page.locator(".life").count() == 1
    picture(page, "6-twins-done")

    page.get_by_role("link", name="Claims", exact=True).click()
    picture(page, "7-claims")
    page.locator(f"#{CLAIM} h2 a").click()
    settle(page)
    picture(page, "8-claim")
    page.get_by_role("button", name="Replay this counter-example").click()
    page.wait_for_selector("#measured")
    assert page.get_by_text("The numbers are those of the board").is_visible()
    assert page.get_by_text("The answer is turned").is_visible()
    picture(page, "9-replayed")


def order_twins_with_three_changes(page) -> None:
    """Fill the form of twins, adding a row by its button, and send it."""
    page.goto("/twins?one=minimal")
    page.get_by_label("Rule", exact=True).select_option("custody")
    page.get_by_role("button", name="Add another change of a rule").click()
    assert page.get_by_label("Rule", exact=True).first.input_value() == "custody"
    page.get_by_label("Rule", exact=True).last.select_option("consent")
    page.get_by_label("in world B").nth(1).select_option("begins on")
    page.get_by_label("day, if one is asked").last.fill("2020-03-01")
    page.get_by_label("Assumption", exact=True).select_option("dissent_price")
    page.get_by_label("is in world B").fill("2")
    page.get_by_label("Pairs of runs").fill("2")
    page.get_by_label("Single lives").fill("1")
    page.get_by_label("Simulated persons for each real one").fill("0.05")
    picture(page, "5-twins")
    page.get_by_role("button", name="Run both worlds").click()


@pytest.mark.parametrize(
    ("theme", "viewport"),
    [
        ("light", WIDE),
        pytest.param("dark", PHONE, marks=pytest.mark.long),
        pytest.param("light", PHONE, marks=pytest.mark.long),
        pytest.param("dark", WIDE, marks=pytest.mark.long),
    ],
    ids=["light", "dark-phone", "light-phone", "dark"],
)
def test_axe_finds_nothing_serious_and_nothing_overflows(visit, site, theme, viewport):
    page, axe = visit(viewport, theme), Axe()
    led: set[str] = set()
    faults, jobs = [], [f"/jobs/{job.id}" for job in Store(site.folder).jobs()]
    for address in (*PAGES, *jobs):
        page.goto(address)
        settle(page)
        name = address.strip("/").replace("/", "-").split("?")[0] or "gallery"
        picture(page, f"{theme}-{viewport['width']}-{name}")
        found = axe.run(page, options=VIOLATIONS).response["violations"]
        faults += [
            f"{address}: {one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}"
            for one in found
            if one["impact"] in SERIOUS
        ]
        faults += untraced(page)
        led |= ways(page)
        if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
            faults.append(f"{address}: wider than the screen")
    assert faults == []
    assert_lead(page, led)


def assert_lead(page, led: set[str]) -> None:
    """Each kind of way leads to a tree, to records, or to the part of a page that lists them."""
    by_shape: dict[str, list[str]] = {}
    for way in sorted(led):
        by_shape.setdefault(shape(way), []).append(way)
    assert len(by_shape) >= 8
    for some in by_shape.values():
        for way in (some[0], some[-1]):
            answer = page.request.get(way)
            assert answer.ok, way
            assert re.search(
                'class="(tree|facts|source-list|[^"]*records|check|plain long|[^"]*assumed)"', answer.text()
            ), way


def test_a_number_without_a_way_to_its_trace_is_found(visit):
    """Negative control of the walk: take ways away, and it complains of what they led from."""
    page = visit()
    page.goto("/worlds/minimal")
    settle(page)
    assert untraced(page) == []
    page.evaluate("document.querySelector('table.held tbody a[data-trace]').remove()")
    assert any(" TD: " in one for one in untraced(page))
    page.evaluate("document.querySelectorAll('#on > p.trace').forEach((one) => one.remove())")
    assert any(" SPAN: " in one for one in untraced(page))


def test_the_order_of_the_keyboard_is_that_of_the_eye_and_its_place_is_seen(visit):
    page = visit()
    stops = [stop(page, "Tab") for _ in range(14)]
    names = [one["name"] for one in stops]
    assert names[:8] == [
        "Skip to the page",
        "exitvoice",
        "Worlds",
        "Run",
        "Twins",
        "Claims",
        "Evidence",
        "Jobs",
    ]
    assert [one["name"] for one in stops if not one["is_seen"]] == []
    places = [(round(one["top"] / 40), one["left"]) for one in stops[1:11]]
    assert places == sorted(places), "from the top down, and from left to right"
    page.evaluate("document.activeElement.style.outline = '0'")
    assert not page.evaluate(STOP)["is_seen"]  # control: a place that is not shown is noticed


def test_the_skip_link_leads_past_the_navigation(visit):
    page = visit()
    assert stop(page, "Tab")["name"] == "Skip to the page"
    page.keyboard.press("Enter")
    stop(page, "Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def stop(page, key: str) -> dict:
    """Press a key, and say where the keyboard is now."""
    page.keyboard.press(key)
    return page.evaluate(STOP)


def test_a_day_is_moved_and_a_run_ordered_by_keyboard_alone(visit):
    page = visit()
    page.goto("/worlds/minimal")
    settle(page)
    page.locator("#reach").focus()
    page.keyboard.press("Home")
    page.wait_for_selector("#on[data-day='2020-01-01']")
    assert "1 January 2020" in page.locator("#day-says").inner_text()
    page.goto("/run/minimal")
    settle(page)
    page.get_by_label("Simulated persons for each real one").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("0.05")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/*")


def test_the_door_of_a_public_page_looks_like_one(player, tmp_path):
    """A visitor without the password gets the door in its own look, and axe finds nothing serious in it."""
    public = {"public": "http://lab.example.org", "password": PasswordHash.of(PASSWORD)}
    with serving(tmp_path / "page", **public) as settings:
        there = f"--host-resolver-rules=MAP lab.example.org 127.0.0.1:{settings.port}"
        context = player.chromium.launch_persistent_context(
            str(tmp_path / "profile"), executable_path=chromium(), args=[*FLAGS, there], viewport=PHONE
        )
        page = context.new_page()
        page.goto("http://lab.example.org/")
        settle(page)
        picture(page, "door")
        assert page.locator(".to-light").is_hidden(), "its style has come"
        page.get_by_label("Password").fill("not the password")
        page.get_by_role("button", name="Come in").click()
        assert page.get_by_text("This is not the password").is_visible()
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in SERIOUS] == []
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Come in").click()
        assert page.get_by_role("heading", name="Who may leave").is_visible()
        context.close()


def test_pages_can_be_read_without_scripts(visit):
    page = visit(java_script_enabled=False)
    page.goto("/worlds/minimal?day=2020-09-01")
    assert "1 September 2020" in page.locator("#day-says").inner_text()
    page.get_by_label("Day", exact=True).fill("2020-01-01")
    page.get_by_role("button", name="Show").click()
    assert "1 January 2020" in page.locator("#day-says").inner_text()
    page.goto("/run/minimal")
    assert page.get_by_role("button", name="Run").first.is_visible()
