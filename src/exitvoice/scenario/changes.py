"""Counterfactuals: another scenario, made from one by changing values at dotted paths."""

from __future__ import annotations

import copy
import io
import math
from collections.abc import Mapping, Set
from datetime import date
from typing import Any

import numpy as np
import ruamel.yaml

from exitvoice.documents import Tree, nearest_name, read_tree
from exitvoice.documents.plaintext import INVISIBLE
from exitvoice.errors import InputError


def change_tree(tree: Tree, changes: Mapping[str, object]) -> dict[str, Any]:
    """Return a copy of `tree` with `changes`, dotted paths to new values; see `Scenario.with_changes`.

    Raises
    ------
    InputError
        Where a path leads nowhere, or a value is no plain data.
    """
    copied = copy.deepcopy(dict(tree))
    for path, value in changes.items():
        _set(copied, path, _plain(value, path))
    return copied


def read_changes(text: str | bytes, *, name: str, fields: Set[str]) -> dict[str, object]:
    r"""Read changes from YAML: dotted paths to new values; a bare name that is no field is that of a parameter.

    Parameters
    ----------
    text : str or bytes
    name : str
        What to call the text in messages.
    fields : set of str
        The fields of a scenario.

    Raises
    ------
    InputError
        With every mistake.

    Examples
    --------
    >>> read_changes("theory: epstein\nrun_gain: 2", name="changes", fields={"theory"})
    {'theory': 'epstein', 'parameters.run_gain': 2}
    """
    tree, _ = read_tree(text, name=name)
    return {key if "." in key or key in fields else f"parameters.{key}": value for key, value in tree.items()}


def write_yaml(tree: Tree) -> str:
    """Write plain data as YAML in blocks, in the order given."""
    writer: Any = ruamel.yaml.YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False
    writer.representer.ignore_aliases = lambda *_: True
    writer.width = 110
    stream = io.StringIO()
    writer.dump(dict(tree), stream)
    return stream.getvalue()


def _plain(value: object, path: str) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(_plain(str(key), path)): _plain(item, path) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, path) for item in value]
    if isinstance(value, np.generic):
        return _plain(value.item(), path)
    if isinstance(value, float) and not math.isfinite(value):
        raise _refusal(
            path, f"{value} is not a finite number", "one such number spoils every figure after it"
        )
    if isinstance(value, str) and INVISIBLE.search(value):
        raise _refusal(path, "the text holds an invisible character", "it can hide what a scenario says")
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise _refusal(path, f"a {type(value).__name__} stands here", "scenarios are made of plain data")


def _refusal(path: str, what: str, why: str) -> InputError:
    mend = "write text, numbers, true or false, dates, lists and mappings"
    return InputError.of("changes", what, why=why, mend=mend, path=path)


def _set(tree: dict[str, Any], path: str, value: object) -> None:
    parts = path.split(".")
    here: Any = tree
    for index, part in enumerate(parts[:-1]):
        here = _into(here, part, path, ".".join(parts[:index]))
    last = parts[-1]
    if isinstance(here, list):
        _set_item(here, last, value, path)
    elif value is None:
        here.pop(last, None)
    else:
        here[last] = value


def _set_item(items: list[Any], name: str, value: object, path: str) -> None:
    if isinstance(value, dict) and name in (value.get("id"), value.get("name")) and name not in _names(items):
        items.append(value)
        return
    index = _find(items, name, path)
    items[index : index + 1] = [] if value is None else [value]


def _names(items: list[Any]) -> list[str]:
    return [
        str(item.get("id") or item.get("name")) if isinstance(item, dict) else str(item) for item in items
    ]


def _into(here: Any, part: str, path: str, above: str) -> Any:
    if isinstance(here, list):
        return here[_find(here, part, path)]
    below = here.setdefault(part, {})
    if isinstance(below, (int, float)) and not isinstance(below, bool):
        below = here[part] = {"value": below}  # `persons: 5` and `persons.value` mean the same
    if not isinstance(below, (dict, list)):
        what = f"'{part}' holds a single value, so nothing stands below it"
        raise InputError.of(
            "changes", what, why="the path leads nowhere", mend=f"stop at '{above}.{part}'", path=path
        )
    return below


def _find(items: list[Any], name: str, path: str) -> int:
    names = _names(items)
    if name in names:
        return names.index(name)
    mend = f"use one of: {', '.join(names)}"
    what = f"no item is called '{name}'"
    nearest = nearest_name(name, names)
    raise InputError.of("changes", what, why="the path leads nowhere", mend=mend, path=path, nearest=nearest)
