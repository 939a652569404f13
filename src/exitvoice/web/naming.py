"""Names that lead somewhere: where a text says `opposition_blocked`, the page says what that is, and leads to it."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup, escape

from exitvoice.report.hover import Tips, hover
from exitvoice.scenario import load_priors


@cache
def _pattern() -> re.Pattern[str]:
    """Match the names of assumptions that no plain word is like: those with an underscore."""
    names = sorted((name for name in load_priors() if "_" in name), key=len, reverse=True)
    return re.compile("|".join(rf"(?<![\w.-]){re.escape(name)}(?![\w-])" for name in names))


def in_words(text: object, tips: Tips | None = None) -> Markup:
    """Return a text as HTML in which assumptions have their titles and lead to their traces, and sources show on hover.

    Examples
    --------
    >>> str(in_words("Hinges on: opposition_blocked"))
    'Hinges on: <a data-trace href="/trace/parameter/opposition_blocked">Effect of a blocked wish to leave</a>'
    """
    plain, parts, at = str(text), [], 0
    for found in _pattern().finditer(plain):
        name = found.group()
        parts.append(hover(plain[at : found.start()], tips))
        parts.append(
            Markup('<a data-trace href="/trace/parameter/{}">{}</a>').format(name, load_priors()[name].title)
        )
        at = found.end()
    return Markup().join([*parts, hover(plain[at:], tips)])


_ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:)]")


def linked(text: object) -> Markup:
    """Return a text as HTML in which the addresses of sources can be followed; nothing is fetched from them.

    Examples
    --------
    >>> str(linked("A & B https://a.example/x."))
    'A &amp; B <a href="https://a.example/x" rel="noreferrer noopener">https://a.example/x</a>.'
    """
    plain, parts, at = str(text), [], 0
    for found in _ADDRESS.finditer(plain):
        parts.append(escape(plain[at : found.start()]))
        parts.append(Markup('<a href="{0}" rel="noreferrer noopener">{0}</a>').format(found.group()))
        at = found.end()
    return Markup().join([*parts, escape(plain[at:])])
