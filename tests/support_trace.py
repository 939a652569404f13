"""Does every number of a page lead to its trace? Read by a script in the page, so that what is seen is judged."""

import re

from playwright.sync_api import Page

#: Numbers that need no trace: when, which claim, how many lie in a box that opens, how far a job is.
DATES = (
    r"\b[0-9]{4}-[0-9]{2}(-[0-9]{2})?\b",
    r"\b([0-9]{1,2} )?(January|February|March|April|May|June|July|August|September|October|November|December)"
    r" [0-9]{4}\b",
)
NAMES = (r"\bC[0-9]+\b",)
ELSEWHERE = (".count", "option", "code", "#says", "[data-column='how it stands']")
#: Pages that are the end of the way themselves.
TRACES = ("/trace/", "/evidence/records/", "/evidence/counts/", "/evidence/sources")
SEEN = "td, th, dd, .figure, .unit, .reading, .lead, .size, .weight, .says"
PLACES = "tr, figure, li, article, details, dl > div, .assumption, section"
_SCRIPT = """({ plain, places, seen, elsewhere }) => {
  const said = new RegExp(plain, "g");
  const place = (element) => element.parentElement.closest(places);
  const leads = (box) => box && Array.from(box.querySelectorAll("a[data-trace]"))
    .some((link) => link.closest(places) === box || box.matches("details"));
  const led = (element) => {
    const row = element.closest("tr");
    if (row && Array.from(row.closest("table").querySelectorAll("tbody tr")).some(leads)) return leads(row);
    for (let box = element.matches(places) ? element : place(element); box; box = place(box))
      if (leads(box)) return true;
    return false;
  };
  const found = [];
  for (const element of document.querySelectorAll(`main :is(${seen})`)) {
    if (element.closest("thead") || element.closest(elsewhere)) continue;
    const copy = element.cloneNode(true);
    copy.querySelectorAll(elsewhere).forEach((one) => one.remove());
    const words = copy.textContent.replace(said, "");
    if (/[0-9]/.test(words) && !led(element)) found.push(element.tagName + ": " + copy.textContent.trim().slice(0, 90));
  }
  return found;
}"""
_ASKED = {
    "plain": "|".join((*DATES, *NAMES)),
    "places": PLACES,
    "seen": SEEN,
    "elsewhere": ", ".join(ELSEWHERE),
}


def untraced(page: Page) -> list[str]:
    """Return the numbers of a page that lead nowhere."""
    if any(place in page.url for place in TRACES):
        return []
    found: list[str] = page.evaluate(_SCRIPT, _ASKED)
    return [f"{re.sub('https?://[^/]+', '', page.url)} {one}" for one in found]


def ways(page: Page) -> set[str]:
    """Return where the numbers of a page lead."""
    hrefs: list[str] = page.eval_on_selector_all(
        "a[data-trace]", "all => all.map((one) => one.getAttribute('href'))"
    )
    return set(hrefs)


def shape(way: str) -> str:
    """Return what kind of way it is: the address without the names in it."""
    path = re.sub(r"\?.*", "", way)
    return re.sub(r"(?<=/)[^/]*[0-9A-Z_-][^/]*|[^/]+$", "*", path)
