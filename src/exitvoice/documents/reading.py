"""Read a YAML document into a frozen model, or list every mistake in it.

The files may come from strangers. So the reader takes only plain data: UTF-8, one document, no tags, no anchors or
aliases, no key twice, bounded in size, depth and number of values, no NaN or infinity, no control characters.
What is read is typed strictly: ``"5"`` is not a number and ``yes`` is not a truth value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import TypeVar

import pydantic

from exitvoice.documents.complaints import translate
from exitvoice.documents.locator import Locator, Path
from exitvoice.documents.plaintext import MAX_BYTES, decode
from exitvoice.documents.yamltree import parse
from exitvoice.errors import InputError, Mistake

__all__ = ["Locator", "Path", "Tree", "read_document", "read_text", "read_tree", "validate_tree"]

Tree = Mapping[str, object]
ModelT = TypeVar("ModelT", bound=pydantic.BaseModel)
Check = Callable[[ModelT, Locator], Iterable[Mistake]]
RawCheck = Callable[[Tree, Locator], Iterable[Mistake]]


def read_document(
    source: FilePath | str,
    model: type[ModelT],
    *,
    checks: Sequence[Check[ModelT]] = (),
    raw_checks: Sequence[RawCheck] = (),
) -> ModelT:
    """Read one YAML file into `model`.

    Parameters
    ----------
    source : pathlib.Path or str
        The file.
    model : type of pydantic.BaseModel
        A frozen model with ``extra="forbid"``.
    checks : sequence of callables
        Called with the model and a locator once the model is valid; each yields mistakes.
    raw_checks : sequence of callables
        Called with the plain mapping and a locator even where the model is not valid, so that a wrong type in one
        place does not hide an unknown name in another.

    Returns
    -------
    pydantic.BaseModel
        An instance of `model`.

    Raises
    ------
    InputError
        With every mistake that was found.
    """
    return read_text(
        read_bounded(source), name=str(source), model=model, checks=checks, raw_checks=raw_checks
    )


def read_text(
    text: str | bytes,
    *,
    name: str,
    model: type[ModelT],
    checks: Sequence[Check[ModelT]] = (),
    raw_checks: Sequence[RawCheck] = (),
) -> ModelT:
    """Read YAML text into `model`; as `read_document`, with `name` in place of a file."""
    tree, locator = read_tree(text, name=name)
    return validate_tree(tree, locator, model, checks=checks, raw_checks=raw_checks)


def read_tree(text: str | bytes, *, name: str) -> tuple[Tree, Locator]:
    """Parse YAML into plain data and a locator of its parts; raise InputError where it is not a plain mapping."""
    parsed, locator = parse(decode(text, name), name)
    problems = list(locator.problems)
    if not isinstance(parsed, dict):
        kind = "a list" if isinstance(parsed, list) else "a single value"
        what = f"the document is {kind}, not a mapping" if parsed is not None else "the document is empty"
        why = "exitvoice reads documents made of 'key: value' blocks"
        problems.append(
            locator.mistake((), what, why, "start with the line 'format: ...'; `exitvoice new` writes one")
        )
    if problems:
        raise InputError(problems)
    assert isinstance(parsed, dict)
    return parsed, locator


def validate_tree(
    tree: Tree,
    locator: Locator,
    model: type[ModelT],
    *,
    checks: Sequence[Check[ModelT]] = (),
    raw_checks: Sequence[RawCheck] = (),
) -> ModelT:
    """Turn plain data into `model`, with every mistake reported at once."""
    found: list[Mistake] = []
    result: ModelT | None = None
    try:
        result = model.model_validate_json(pydantic_json(tree), strict=True)
    except pydantic.ValidationError as error:
        found += translate(error, model, tree, locator)
    for raw_check in raw_checks:
        found += raw_check(tree, locator)
    if result is not None:
        for check in checks:
            found += check(result, locator)
    if found or result is None:
        raise InputError(found)
    return result


def pydantic_json(tree: object) -> bytes:
    """Encode plain data as JSON: pydantic is strict on JSON yet takes lists and ISO dates from it."""
    return pydantic.TypeAdapter(object).dump_json(tree)


def read_bounded(source: FilePath | str, *, size: int = MAX_BYTES) -> bytes:
    """Read a file's bytes, never more than one above the limit `size`, or raise InputError."""
    path = FilePath(source)

    def refuse(what: str, why: str, mend: str) -> InputError:
        return InputError.of(source, what, why=why, mend=mend)

    try:
        if path.exists() and not path.is_file():
            raise refuse("this is not an ordinary file", "only files are read", "name a YAML file")
        with path.open("rb") as stream:
            content = stream.read(size + 1)
    except FileNotFoundError:
        raise refuse(
            "there is no such file", "nothing can be read", "check the name and the folder"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(
            f"the file cannot be read: {reason}", "nothing can be read", "check its permissions"
        ) from None
    return content
