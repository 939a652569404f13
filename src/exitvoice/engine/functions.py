"""Compiles a plain Python function and all that it calls, as `engine.compile` does a program's loops."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from exitvoice.engine.compile import load_module
from exitvoice.engine.source import helper_sources
from exitvoice.engine.targets.cpu import PREAMBLE


@cache
def compile_function(function: Callable[..., Any], folder: Path | None = None) -> Callable[..., Any]:
    """Compiled form of a function of scalars and arrays that makes no array; both forms give the same bits.

    Raises
    ------
    SourceError
        If it uses a name that is neither a number, a function of that kind nor a primitive.
    """
    sources = list(helper_sources((function,), ()).values())
    blocks = [*(f"@helper\n{text}" for text in sources[:-1]), f"@function\n{sources[-1]}"]
    title = f'"""Generated from {function.__module__}.{function.__name__} by exitvoice; do not edit."""'
    text = "\n\n\n".join([f"{title}\n\n{PREAMBLE}", *blocks]) + "\n"
    module, _ = load_module(function.__name__, text, folder)
    return getattr(module, function.__name__)  # type: ignore[no-any-return]
