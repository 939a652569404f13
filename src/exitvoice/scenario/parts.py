"""In which parts two scenarios differ, by the dotted paths that a person would write."""

from collections.abc import Iterator, Mapping, Sequence

_NAMED = ("id", "name")


def differing_parts(one: object, other: object, path: str = "") -> Iterator[str]:
    """Yield the dotted paths at which two plain trees differ; items of a list go by their id or name.

    A part that only one of them has is named once, not value by value.

    Examples
    --------
    >>> list(differing_parts({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3}}))
    ['b.c']
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        mine, yours = dict(one), dict(other)
    elif _is_named(one) and _is_named(other):
        mine, yours = _by_name(one), _by_name(other)
    else:
        if one != other:
            yield path
        return
    for key in dict.fromkeys((*mine, *yours)):
        below = f"{path}.{key}" if path else str(key)
        if (key in mine) != (key in yours):
            yield below
        else:
            yield from differing_parts(mine[key], yours[key], below)


def _is_named(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and all(isinstance(item, Mapping) and any(key in item for key in _NAMED) for item in value)
    )


def _by_name(items: object) -> dict[str, object]:
    assert isinstance(items, Sequence)
    return {str(item.get("id") or item.get("name")): item for item in items}
