"""What every answer tells the browser: load nothing from elsewhere, run no script but ours, show us in no frame."""

from collections.abc import Mapping

#: Plotly puts the style of its maps, which we do not draw, into the page when it loads; this hash lets it, and nothing
#: else. Where another version of Plotly is installed the browser refuses that style, and no figure of ours changes.
PLOTLY_STYLE = "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='"
#: No inline script, no inline style sheet. Style *attributes* are allowed, because Plotly writes the colour of a piece
#: of text as one (`<tspan style="fill:...">`); they cannot load anything, as no source but this one is allowed.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src-elem 'self' {PLOTLY_STYLE}",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'none'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
#: A report is one file with its script inside. It is shown in a sandbox: an origin of its own, which reaches nothing
#: here.
REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cache-control": "no-store",
}


#: A browser that has seen this page over TLS asks for it in no other way for a year (RFC 6797).
STRICT_TRANSPORT = {"strict-transport-security": "max-age=31536000"}


def with_headers(given: list[tuple[bytes, bytes]], *, is_secure: bool = False) -> list[tuple[bytes, bytes]]:
    """Add the headers that an answer does not set itself; `is_secure` where visitors come over TLS."""
    named = {name.lower() for name, _ in given}
    ours = {**HEADERS, **(STRICT_TRANSPORT if is_secure else {})}
    more = [(name.encode(), value.encode()) for name, value in ours.items() if name.encode() not in named]
    return [*given, *more]
