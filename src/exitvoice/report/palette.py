"""The one set of colours, for light and for dark, told apart under every common kind of colour blindness.

Figures are drawn in the light colours. Each light colour has exactly one dark partner, so that a figure is
turned dark by exchanging colours, in Python (`dark_twin`) as well as in the page's script.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Palette:
    """Colours by their role; all are six-digit hexadecimal."""

    paper: str
    raised: str
    ink: str
    muted: str
    line: str
    grid: str
    cost: str
    alarm: str
    rest: str
    band: str
    series: tuple[str, ...]
    steps: tuple[str, ...]


LIGHT = Palette(
    paper="#fbfaf7",
    raised="#f3f0e9",
    ink="#1c1e22",
    muted="#5a5e66",
    line="#cfcabf",
    grid="#e6e2d9",
    cost="#8f2d1c",
    alarm="#c2401f",
    rest="#d9c3a5",
    band="#efd9df",
    series=("#26508c", "#d9952a", "#2c998a", "#a12a52", "#8fc6ea", "#544f14", "#9576c9"),
    steps=("#f0efe9", "#dbe5ea", "#b4cddd", "#86aecd", "#5688b5", "#2f6196", "#173a63"),
)

DARK = Palette(
    paper="#15171b",
    raised="#1d2026",
    ink="#e9e7e1",
    muted="#a3a7af",
    line="#41454d",
    grid="#2b2e35",
    cost="#f08a6c",
    alarm="#ff7a52",
    rest="#6b5a48",
    band="#45303a",
    series=("#4a86e0", "#f2b74f", "#1f8a7a", "#f48fb0", "#cfe9fb", "#87842a", "#6f42a6"),
    steps=("#1f2228", "#22303d", "#264763", "#2f648e", "#4487ba", "#76aedb", "#bcdcf5"),
)


def dark_partners() -> dict[str, str]:
    """Return the dark colour of each light colour."""
    return dict(zip(_colours(LIGHT), _colours(DARK), strict=True))


def dark_twin(text: str) -> str:
    """Exchange every light colour in a piece of JSON for its dark partner.

    Examples
    --------
    >>> dark_twin('{"color": "#fbfaf7"}')
    '{"color": "#15171b"}'
    """
    for light, dark in dark_partners().items():
        text = text.replace(light, dark)
    return text


def css_variables(palette: Palette) -> str:
    """Return the palette as declarations of CSS variables, `--paper: #fbfaf7;` and so on."""
    declarations: list[str] = []
    for field in fields(palette):
        value = getattr(palette, field.name)
        if isinstance(value, tuple):
            declarations.extend(f"--{field.name}-{index}: {colour};" for index, colour in enumerate(value))
        else:
            declarations.append(f"--{field.name}: {value};")
    return " ".join(declarations)


def _colours(palette: Palette) -> list[str]:
    colours: list[str] = []
    for field in fields(palette):
        value = getattr(palette, field.name)
        colours.extend(value if isinstance(value, tuple) else (value,))
    return colours
