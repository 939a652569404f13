"""Pages in the frame that all of exitvoice's pages share, with style and scripts as files of this server."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jinja2
from markupsafe import Markup
from pydantic import TypeAdapter
from starlette.responses import HTMLResponse

from exitvoice import __version__
from exitvoice.report import numbers, sheet
from exitvoice.web.naming import in_words, linked

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True)
class SiteFrame:
    """What the frame prints; `plots` are figures by key, as JSON."""

    title: str
    subtitle: str
    plots: Mapping[str, Markup]
    here: str
    version: str = __version__
    dark_partners: Markup = Markup()


@cache
def assets() -> Mapping[str, tuple[bytes, str]]:
    """Return the files that pages load, by name: content and type. Nothing else is ever served from `/static`."""
    texts = {
        "style.css": str(sheet.style()) + _own("static", "site.css"),
        "theme.js": str(sheet.script("first.js")),
        "figures.js": str(sheet.script("script.js")),
        "page.js": _own("static", "page.js"),
        "plotly.js": str(sheet.plotly_script()),
    }
    return {name: (text.encode(), _TYPES[name[name.index(".") :]]) for name, text in texts.items()}


@cache
def stamp(name: str) -> str:
    """Return a short hash of a file, for its address: a browser may keep it for good, and a new one has a new name."""
    return hashlib.sha256(assets()[name][0]).hexdigest()[:12]


@cache
def environment() -> jinja2.Environment:
    """Return the templates of the site, on top of the report's."""
    ours = {
        entry.name.removesuffix(".html.j2"): entry.read_text(encoding="utf-8")
        for entry in (resources.files("exitvoice.web") / "templates").iterdir()
        if entry.name.endswith(".html.j2")
    }
    shared = sheet.environment()
    assert shared.loader is not None
    made = shared.overlay(loader=jinja2.ChoiceLoader([jinja2.DictLoader(ours), shared.loader]))
    made.filters |= {
        "amount": numbers.amount,
        "people": numbers.people,
        "share": numbers.share,
        "number": numbers.value,
        "inert": _inert,
        "in_words": in_words,
        "linked": linked,
    }
    made.globals |= {"stamp": stamp}
    return made


def render(
    template: str,
    *,
    title: str,
    subtitle: str = "",
    here: str = "",
    plots: Mapping[str, str] | None = None,
    status: int = 200,
    **values: object,
) -> HTMLResponse:
    """Return a page.

    Parameters
    ----------
    template : str
        A file of `templates`, without its ending.
    title, subtitle : str
    here : str
        Which entry of the navigation is this page's.
    plots : mapping of str to str
        Figures by key, as Plotly's JSON.
    status : int
    values : object
        What the template prints; texts are escaped there.
    """
    frame = SiteFrame(
        title=title,
        subtitle=subtitle,
        plots={key: sheet.inert(plot) for key, plot in (plots or {}).items()},
        here=here,
        dark_partners=sheet.dark_partners_script(),
    )
    return HTMLResponse(
        environment().get_template(template).render(frame=frame, **values), status_code=status
    )


def part(template: str, **values: object) -> str:
    """Return a piece of a page, for a page that is open already."""
    return environment().get_template(template).render(**values)


def problem(status: int, title: str, texts: Sequence[str], *, here: str = "") -> HTMLResponse:
    """Return a page that says what is wrong and how to go on."""
    return render(
        "problem", title=title, here=here, status=status, texts=tuple(texts), is_of_form=status == 422
    )


def _inert(data: object) -> Markup:
    """Return a dataclass as JSON that can stand inside a script element."""
    return sheet.inert(TypeAdapter(type(data)).dump_json(data).decode())


def _own(folder: str, name: str) -> str:
    return (resources.files("exitvoice.web") / folder / name).read_text(encoding="utf-8")
