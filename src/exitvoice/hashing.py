"""A hash of what a thing says, not of how it was written: the identity of scenarios, parameters and runs."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import date

_LENGTH = 16  # 64 bits: a chance of one in a billion of any clash among 190,000 scenarios


def content_hash(value: object) -> str:
    """Return 16 hexadecimal digits that depend on the content of `value` alone.

    Parameters
    ----------
    value : mapping, sequence, str, number, date, bool or None
        Plain data, nested at will. The order of a mapping's keys does not count, 2 and 2.0 are one number, and
        0.0 and -0.0 are one number.

    Returns
    -------
    str
        The same on every machine and for every version of Python.

    Raises
    ------
    TypeError, ValueError
        For anything else, and for NaN and infinity.

    Examples
    --------
    >>> content_hash({"a": 1, "b": 2.0}) == content_hash({"b": 2, "a": 1.0})
    True
    """
    text = json.dumps(
        _canonical(value), sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_LENGTH]


def _canonical(value: object) -> object:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    raise TypeError(f"cannot hash a {type(value).__name__}: give plain data")


def _number(value: float) -> int | float:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("cannot hash NaN or infinity")
        if value.is_integer():
            return int(value)
    return value
