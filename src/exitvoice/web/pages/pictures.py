"""Small pictures drawn as SVG of plain attributes: no script draws them, and no style stands inside."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDE, HIGH = 240, 56


def area(shares: Sequence[float], label: str) -> Markup:
    """Draw how a share (0 to 1) went over time as a filled curve."""
    if len(shares) < 2:
        shares = [*shares, *shares, 0.0][:2]
    steps = WIDE / (len(shares) - 1)
    points = [f"{at * steps:.1f} {HIGH - 1 - (HIGH - 3) * share:.1f}" for at, share in enumerate(shares)]
    line = " L".join(points)
    return Markup(
        '<svg class="picture" viewBox="0 0 {w} {h}" role="img" aria-label="{label}" preserveAspectRatio="none">'
        '<path class="area" d="M0 {h} L{line} L{w} {h} Z"/><path class="edge" d="M{line}"/></svg>'
    ).format(w=WIDE, h=HIGH, label=label, line=line)


def bar(share: float, inner: float | None = None) -> Markup:
    """Draw a bar of a share (0 to 1) and, in front of it, a part of that; decoration, so it says nothing aloud."""
    front = (
        ""
        if inner is None
        else Markup('<rect class="front" width="{:.2f}" height="10"/>').format(100 * inner)
    )
    return Markup(
        '<svg class="bar-picture" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="back" width="{:.2f}" height="10"/>{}</svg>'
    ).format(100 * share, front)
