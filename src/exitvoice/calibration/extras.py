"""The libraries of inference are extras: say which one is missing, in a sentence."""

from __future__ import annotations

from importlib.util import find_spec

from exitvoice.errors import InputError

_NEEDED: dict[str, tuple[tuple[str, ...], str]] = {
    "abc": (("pyabc",), "calibration"),
    "bank": ((), ""),
    "neural": (("torch", "sbi"), "neural"),
}


def needs(method: str) -> None:
    """Raise InputError where what a method needs is not installed."""
    modules, extra = _NEEDED[method]
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise InputError.of(
            f"--method {method}",
            f"the library {missing[0]} is not installed",
            why="inference is an extra, so that nobody needs it to run a world",
            mend=f"pip install 'exitvoice[{extra}]'",
        )
