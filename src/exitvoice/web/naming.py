"""Names that lead somewhere: where a text says `opposition_blocked`, the page says what that is, and leads to it."""

from __future__ import annotations

import re
from collections.abc import Callable
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
    return _replaced(text, _pattern(), _assumption, lambda rest: hover(rest, tips))


_ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:)]")


def linked(text: object) -> Markup:
    """Return a text as HTML in which the addresses of sources can be followed; nothing is fetched from them.

    Examples
    --------
    >>> str(linked("A & B https://a.example/x."))
    'A &amp; B <a href="https://a.example/x" rel="noreferrer noopener">https://a.example/x</a>.'
    """
    return _replaced(text, _ADDRESS, _address, escape)


def _assumption(name: str) -> Markup:
    return Markup('<a data-trace href="/trace/parameter/{}">{}</a>').format(name, load_priors()[name].title)


def _address(address: str) -> Markup:
    return Markup('<a href="{0}" rel="noreferrer noopener">{0}</a>').format(address)


def _replaced(
    text: object,
    pattern: re.Pattern[str],
    found_as: Callable[[str], Markup],
    rest_as: Callable[[str], Markup],
) -> Markup:
    """Return a text as HTML, what a pattern finds in one way, and what lies between in another."""
    plain, at = str(text), 0
    parts: list[Markup] = []
    for found in pattern.finditer(plain):
        parts += [rest_as(plain[at : found.start()]), found_as(found.group())]
        at = found.end()
    return Markup().join([*parts, rest_as(plain[at:])])
