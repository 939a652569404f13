"""Turn pydantic's errors into mistakes with a place, a reason and a cure."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

import pydantic
from pydantic_core import ErrorDetails

from exitvoice.documents.locator import Locator, Path, nearest_name, show_path, value_at
from exitvoice.errors import Mistake

PERSON_KEYS = frozenset(
    [
        "names",
        "name_list",
        "person",
        "person_list",
        "persons_list",
        "people",
        "people_list",
        "individuals",
        "roster",
        "passport",
        "passports",
        "passport_no",
        "passport_number",
        "passport_numbers",
        "id_card",
        "id_number",
        "id_numbers",
        "identity_number",
        "national_id",
        "dob",
        "date_of_birth",
        "birth_date",
        "birthday",
        "phone",
        "phone_number",
        "email",
        "emails",
        "address",
        "home_address",
        "first_name",
        "last_name",
        "full_name",
        "surname",
        "given_name",
        "family_name",
        "employee_list",
        "staff_list",
        "personnel_list",
        "fingerprint",
        "photo",
        "photos",
        "face_id",
        "license_plate",
    ]
)
_NO_PERSONS_WHY = "exitvoice takes no data on real persons: every person in it is synthetic"
_NO_PERSONS_MEND = "delete it; give head-counts and shares of groups, never persons"
_MAX_MISTAKES = 200

_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("it is below {ge}", "write a number of {ge} or more"),
    "greater_than": ("it is not above {gt}", "write a number above {gt}"),
    "less_than_equal": ("it is above {le}", "write a number of {le} or less"),
    "less_than": ("it is not below {lt}", "write a number below {lt}"),
    "too_long": ("at most {max_length} items can stand here", "shorten it to {max_length} items"),
    "too_short": ("at least {min_length} items are needed", "add items until there are {min_length}"),
    "string_too_long": ("it has more than {max_length} characters", "shorten it"),
    "string_too_short": ("it is empty or too short", "write at least {min_length} characters"),
    "string_pattern_mismatch": (
        "names hold letters, digits, _ and -, and a letter comes first",
        "write a name such as china-2024 or state_banks",
    ),
}

_WANTED: Mapping[str, str] = {
    "string_type": "a text", "string_sub_type": "a text", "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number", "bool_type": "true or false", "date_type": "a date such as 2014-08-29",
    "list_type": "a list", "tuple_type": "a list", "dict_type": "a mapping of 'key: value'",
    "model_type": "a block of 'key: value'", "model_attributes_type": "a block of 'key: value'",
}  # fmt: skip


def translate(
    error: pydantic.ValidationError, model: type[pydantic.BaseModel], tree: object, locator: Locator
) -> list[Mistake]:
    """List what pydantic found in `tree`, in the words of the file."""
    groups: dict[Path, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False)[:_MAX_MISTAKES]:
        _, path = value_at(tree, detail["loc"])
        groups.setdefault(path, []).append(detail)
    found: dict[tuple[Path, str], Mistake] = {}
    for path, details in groups.items():
        is_deeper = any(len(other) > len(path) and other[: len(path)] == path for other in groups)
        for mistake in _group(details, path, is_deeper, model, tree, locator):
            found.setdefault((path, mistake.what), mistake)
    return list(found.values())


def _group(
    details: list[ErrorDetails],
    path: Path,
    is_deeper: bool,
    model: type[pydantic.BaseModel],
    tree: object,
    locator: Locator,
) -> Iterator[Mistake]:
    """Merge what the members of a union say of one value: the member that fits best speaks alone."""
    of_type = [detail for detail in details if detail["type"] in _WANTED or detail["type"] == "literal_error"]
    others = [detail for detail in details if detail not in of_type]
    if is_deeper:  # items that failed are not counted, so a list of them looks too short
        others = [detail for detail in others if detail["type"] != "too_short"]
    others = [detail for detail in others if not _is_misspelt(detail, path, model, tree)]
    if others:
        yield from (_one(detail, path, model, tree, locator) for detail in others)
    elif len(of_type) == 1 and not (is_deeper and len(of_type[0]["loc"]) > len(path)):
        yield _one(of_type[0], path, model, tree, locator)
    elif not is_deeper:
        wanted = dict.fromkeys(_WANTED.get(detail["type"]) or detail["ctx"]["expected"] for detail in of_type)
        yield _wrong_type(" or ".join(wanted), path, tree, locator)


def _one(
    detail: ErrorDetails, path: Path, model: type[pydantic.BaseModel], tree: object, locator: Locator
) -> Mistake:
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, model, tree, locator)
    if kind == "missing":
        return _missing_key(str(detail["loc"][-1]), path, locator)
    if kind == "literal_error":
        return _wrong_word(detail, path, locator)
    if kind in _WANTED:
        return _wrong_type(_WANTED[kind], path, tree, locator)
    return _other(detail, path, tree, locator)


def _unknown_key(path: Path, model: type[pydantic.BaseModel], tree: object, locator: Locator) -> Mistake:
    key = str(path[-1])
    if is_person_key(key):
        what = f"'{key}' looks like a list of persons or their documents"
        return locator.mistake(path, what, _NO_PERSONS_WHY, _NO_PERSONS_MEND, at_key=True)
    known = sorted(known_keys(model, path[:-1]))
    holder, _ = value_at(tree, path[:-1])
    free = [name for name in known if not (isinstance(holder, dict) and name in holder)]
    mend = f"use one of: {', '.join(known)}" if known else "delete it"
    near = nearest_name(key, free or known)
    return locator.mistake(
        path, f"unknown key '{key}'", "it would change nothing", mend, nearest=near, at_key=True
    )


def _is_misspelt(detail: ErrorDetails, path: Path, model: type[pydantic.BaseModel], tree: object) -> bool:
    """Whether a missing key stands there under a wrong name, which is said at that name."""
    block, _ = value_at(tree, path)
    if detail["type"] != "missing" or not isinstance(block, dict):
        return False
    known = known_keys(model, path)
    free = [name for name in known if name not in block]
    return any(nearest_name(key, free) == detail["loc"][-1] for key in block if key not in known)


def _missing_key(key: str, path: Path, locator: Locator) -> Mistake:
    where = f"the block '{show_path(path)}'" if path else "the document"
    return locator.mistake(path, f"{where} lacks '{key}'", "it has no default", f"add a line '{key}: ...'")


def _wrong_word(detail: ErrorDetails, path: Path, locator: Locator) -> Mistake:
    allowed = [word.strip(" '") for word in detail["ctx"]["expected"].replace(" or ", ", ").split(",")]
    word = str(detail["input"])
    what = f"'{word[:60]}' is not one of the words allowed here"
    mend = f"use one of: {', '.join(allowed)}"
    return locator.mistake(path, what, "nothing goes by that name", mend, nearest=nearest_name(word, allowed))


def _wrong_type(wanted: str, path: Path, tree: object, locator: Locator) -> Mistake:
    value, _ = value_at(tree, path)
    if path and path[-1] == "persons" and isinstance(value, list):
        what = "a list stands where a head-count belongs"
        return locator.mistake(path, what, _NO_PERSONS_WHY, _NO_PERSONS_MEND)
    what = f"{describe(value)} stands here instead of {wanted}"
    mend = f"write {wanted}"
    if isinstance(value, str) and "number" in wanted:
        mend += " without quotes or other characters"
    return locator.mistake(path, what, "values are read strictly, never guessed", mend)


def _other(detail: ErrorDetails, path: Path, tree: object, locator: Locator) -> Mistake:
    value, _ = value_at(tree, path)
    kind, message = detail["type"], detail["msg"]
    if kind.startswith("date"):
        what = f"{describe(value)} is not a date of the calendar"
        why = message.rpartition(", ")[2].lower()
        return locator.mistake(path, what, why, "write it as year-month-day, such as 2014-08-29")
    if kind == "value_error":
        what, _, mend = message.removeprefix("Value error, ").partition(" | ")
        return locator.mistake(path, what, "nothing else is understood here", mend or "correct it")
    limit, mend = _LIMITS.get(kind, (message[:1].lower() + message[1:], "correct it"))
    context = {
        key: f"{number:g}" if isinstance(number, float) else number
        for key, number in detail.get("ctx", {}).items()
    }
    what = f"{describe(value)} is not allowed here: {limit.format(**context)}"
    return locator.mistake(path, what, "it lies outside what the model can take", mend.format(**context))


def describe(value: object) -> str:
    """Name a value in a message, shortened."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a block of keys"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return f"the text '{text}'" if isinstance(value, str) else f"the number {text}"


def is_person_key(key: str) -> bool:
    """Say whether a key asks for data on persons."""
    return key.strip().lower().replace("-", "_").replace(" ", "_") in PERSON_KEYS


def known_keys(model: type[pydantic.BaseModel], path: Path) -> set[str]:
    """Return the keys (aliases where given) that a block at `path` of `model` may hold."""
    places: list[object] = [model]
    for part in path:
        places = [deeper for place in places for deeper in _step(place, part)]
    return {
        info.alias or name
        for place in places
        if isinstance(place, type) and issubclass(place, pydantic.BaseModel)
        for name, info in place.model_fields.items()
    }


def _step(place: object, part: str | int) -> Iterator[object]:
    if isinstance(place, type) and issubclass(place, pydantic.BaseModel):
        for name, info in place.model_fields.items():
            if part in (name, info.alias):
                yield from _unwrap(info.annotation)
        return
    arguments: tuple[Any, ...] = get_args(place)
    if isinstance(part, int) and get_origin(place) in (list, tuple) and arguments:
        yield from _unwrap(arguments[0])
    elif isinstance(part, str) and len(arguments) == 2:  # noqa: PLR2004 - a mapping's key and value
        yield from _unwrap(arguments[1])


def _unwrap(annotation: object) -> Iterator[object]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _unwrap(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _unwrap(member)
    elif isinstance(annotation, typing.TypeAliasType if hasattr(typing, "TypeAliasType") else ()):
        yield from _unwrap(annotation.__value__)
    else:
        yield annotation
