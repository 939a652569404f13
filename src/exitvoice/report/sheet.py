"""What every page has in common: one file that fetches nothing, follows the reader's theme, and prints."""

import json
from functools import cache
from importlib import resources

import jinja2
import plotly.offline
from markupsafe import Markup

from exitvoice.report.hover import hover, hover_all
from exitvoice.report.palette import DARK, LIGHT, css_variables, dark_partners

TEMPLATES = {
    "frame": "frame.html.j2",
    "page": "template.html.j2",
    "comparison": "comparison.html.j2",
    "board": "board.html.j2",
    "reference": "reference.html.j2",
    "validate": "validate.html.j2",
    "calibration": "calibration.html.j2",
    "atlas": "atlas.html.j2",
    "parts": "parts.html.j2",
    "evidence": "evidence.html.j2",
    "evidence_parts": "evidence_parts.html.j2",
}


def inert(text: str) -> Markup:
    """Return JSON that can stand inside a script element."""
    # Inside <script> only '<' could end the element; as \u003c it is the same JSON.
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


@cache
def plotly_script() -> Markup:
    """Return the whole of Plotly, as its wheel carries it."""
    return Markup(str(plotly.offline.get_plotlyjs()).replace("</script", "<\\/script"))


def dark_partners_script() -> Markup:
    """Return the dark colour of each light one, for the page's script."""
    return inert(json.dumps(dark_partners()))


def script(name: str) -> Markup:
    """Return one of the pages' own scripts."""
    return Markup(_read(name))


def style() -> Markup:
    """Return the style of every page, in light and dark."""
    light, dark = css_variables(LIGHT), css_variables(DARK)
    swap = "#theme .to-dark { display: none; } #theme .to-light { display: inline; }"
    nested = swap.replace("#theme", ":root:not([data-theme=light]) #theme")
    chosen = swap.replace("#theme", ":root[data-theme=dark] #theme")
    return Markup(
        f":root {{ {light} color-scheme: light; }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ "
        f":root:not([data-theme=light]) {{ {dark} color-scheme: dark; }} {nested} }}\n"
        f"@media screen {{ :root[data-theme=dark] {{ {dark} color-scheme: dark; }} {chosen} }}\n"
        + _read("style.css")
    )


@cache
def environment() -> jinja2.Environment:
    """Return the templates, by the names in `TEMPLATES`."""
    made = jinja2.Environment(
        loader=jinja2.DictLoader({name: _read(file) for name, file in TEMPLATES.items()}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"hover": hover, "hover_all": hover_all}
    return made


def _read(name: str) -> str:
    return (resources.files("exitvoice.report") / name).read_text(encoding="utf-8")
