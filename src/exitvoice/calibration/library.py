"""Documents of the library by name, or of a file by its path: targets, and what the atlas asks of a world."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from exitvoice.documents import Locator, nearest_name, read_document, read_text
from exitvoice.errors import InputError, Mistake

ModelT = TypeVar("ModelT", bound=BaseModel)


def names_in(folder: str) -> tuple[str, ...]:
    """Return the names of the documents in a folder of the library, sorted."""
    inside = (entry.name for entry in _library(folder).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in inside if name.endswith(".yaml")))


def read_named(
    source: str | Path,
    folder: str,
    model: type[ModelT],
    check: Callable[[ModelT, Locator], Iterable[Mistake]],
    *,
    what: str,
    why: str,
) -> ModelT:
    """Read a document of a folder of the library by name, or of a file.

    Parameters
    ----------
    what, why : str
        What is wrong with a name that the library has not, and why it matters.

    Raises
    ------
    InputError
        With every mistake of the file, or the names that exist.
    """
    names = names_in(folder)
    is_name = isinstance(source, str) and not (source.endswith((".yaml", ".yml")) or "/" in source)
    if isinstance(source, str) and (source in names or is_name):
        if source not in names:
            mend = f"use one of: {', '.join(names)}; or give the path of a file, with its ending .yaml"
            raise InputError([Mistake(source, None, None, "", what, why, mend, nearest_name(source, names))])
        text = (_library(folder) / f"{source}.yaml").read_bytes()
        return read_text(text, name=f"{source}.yaml", model=model, checks=[check])
    return read_document(source, model, checks=[check])


def _library(folder: str) -> Traversable:
    return files("exitvoice") / "library" / folder
