"""What every page has beside its own words: title, chapters with their figures, style and scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from exitvoice import __version__
from exitvoice.report import sheet
from exitvoice.report.chapters import Chapter
from exitvoice.report.figures.base import Panel


@dataclass(frozen=True)
class Frame:
    """What `frame.html.j2` prints; texts are plain and are escaped there, `Markup` is not."""

    title: str
    subtitle: str
    version: str
    chapters: tuple[Chapter, ...]
    style: Markup
    first_script: Markup
    script: Markup
    plotly: Markup
    plots: Mapping[str, Markup]
    dark_partners: Markup


def render_page(
    template: str,
    page: object,
    *,
    title: str,
    subtitle: str,
    chapters: Sequence[Chapter],
    further: Sequence[Panel] = (),
    version: str = __version__,
) -> str:
    """Return a whole page that fetches nothing.

    Parameters
    ----------
    template : str
        A name of `sheet.TEMPLATES`.
    page : object
        What the template prints itself.
    title, subtitle : str
    chapters : sequence of Chapter
    further : sequence of Panel
        Figures that stand in the page and in no chapter's own list.
    version : str
        Of the program that made the numbers.
    """
    panels = [panel for chapter in chapters for panel in chapter.panels] + list(further)
    frame = Frame(
        title=title,
        subtitle=subtitle,
        version=version,
        chapters=tuple(chapters),
        style=sheet.style(),
        first_script=sheet.script("first.js"),
        script=sheet.script("script.js"),
        plotly=sheet.plotly_script() if panels else Markup(),
        plots={panel.key: sheet.inert(panel.plot.to_json()) for panel in panels},
        dark_partners=sheet.dark_partners_script(),
    )
    return sheet.environment().get_template(template).render(frame=frame, page=page)
