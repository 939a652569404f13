"""Sources on hover: wherever a page names a record or a source, pointing at the name shows what it is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from markupsafe import Markup, escape

from exitvoice.evidence import Ledger
from exitvoice.report.tips import record_tip, source_tip


@dataclass(frozen=True)
class Tips:
    """What to show for each name that may stand in the texts of a page."""

    words: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches every name, the longest first; never matches where there are none."""
        names = sorted(self.words, key=len, reverse=True)
        return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?![\w-])" for name in names) or r"(?!)")


def tips_for(ledger: Ledger) -> Tips:
    """Return the names of a ledger's records and sources, as pages write them, with what to show for each."""
    words = {name: record_tip(ledger, name) for name in (*ledger.statements, *ledger.claims)}
    sources: dict[str, list[str]] = {}
    for source in ledger.sources.values():
        name = f"{source.publisher}, {source.date}" if source.date else source.publisher
        sources.setdefault(name, []).append(source_tip(source))
    words |= {name: " | ".join(tips) for name, tips in sources.items()}
    return Tips(words)


def hover(text: object, tips: Tips | None) -> Markup:
    """Return a text as HTML in which every known name shows, on hover or focus, what it is.

    Examples
    --------
    >>> str(hover("see [a-b] & c", Tips({"a-b": "A: B"})))
    'see [<span class="cited" tabindex="0" data-tip="A: B">a-b</span>] &amp; c'
    """
    plain = str(text)
    if not tips or not tips.words:
        return escape(plain)
    parts: list[Markup] = []
    at = 0
    for found in tips.pattern.finditer(plain):
        tip, name = tips.words[found.group()], found.group()
        parts.append(escape(plain[at : found.start()]))
        parts.append(Markup('<span class="cited" tabindex="0" data-tip="{}">{}</span>').format(tip, name))
        at = found.end()
    parts.append(escape(plain[at:]))
    return Markup().join(parts)


def hover_all(texts: Iterable[object], tips: Tips | None, between: str = "; ") -> Markup:
    """Return several texts as one, each with its names on hover."""
    return Markup(escape(between)).join(hover(text, tips) for text in texts)
