"""Numbers as people read them: three figures that count, and words for millions."""

import math

_WORDS = ((1e9, "billion"), (1e6, "million"))


def people(value: float) -> str:
    """Return a head-count in words: 12.3 million, 45,600, 130, fewer than 10, none.

    Examples
    --------
    >>> people(12_345_678), people(45_612), people(3.2), people(0)
    ('12.3 million', '45,600', 'fewer than 10', 'none')
    """
    if not math.isfinite(value):
        return "not known"
    size = abs(value)
    if size < 0.5:
        return "none"
    if size < 10:
        return "fewer than 10"
    return amount(value)


def amount(value: float) -> str:
    """Return an amount to three figures, with words from a million on.

    Examples
    --------
    >>> amount(62_345_678), amount(999_600), amount(-1234), amount(0.123)
    ('62.3 million', '1 million', '-1,230', '0.123')
    """
    if not math.isfinite(value):
        return "not known"
    rounded = _three_figures(value)
    for size, word in _WORDS:
        if abs(rounded) >= size:
            return f"{_plain(rounded / size)} {word}"
    return _plain(rounded)


def share(value: float) -> str:
    """Return a share of one as a percentage: 34 %, 3.4 %, below 0.1 %.

    Examples
    --------
    >>> share(0.342), share(0.0342), share(0.0002), share(0.0)
    ('34 %', '3.4 %', 'below 0.1 %', '0 %')
    """
    if not math.isfinite(value):
        return "not known"
    percent = 100 * value
    if 0 < percent < 0.1:
        return "below 0.1 %"
    if percent == 0:
        return "0 %"
    return f"{percent:.1f} %" if abs(percent) < 9.95 else f"{percent:.0f} %"


def value(number: float) -> str:
    """Return a parameter as it was set: 0.35, 2, 1e-05, 7167000 as 7,167,000."""
    if not math.isfinite(number):
        return str(number)
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):,}"
    return f"{number:.4g}"


def _three_figures(number: float) -> float:
    if number == 0:
        return 0.0
    return round(number, 2 - math.floor(math.log10(abs(number))))


def _plain(number: float) -> str:
    if number == int(number):
        return f"{int(number):,}"
    if abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:,.2f}".rstrip("0").rstrip(".") if abs(number) >= 1 else f"{number:.3g}"
