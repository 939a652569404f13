"""`--set name=value`: from words to values of a scenario, and back."""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from exitvoice.errors import InputError, Mistake


def parse_settings(changes: Sequence[str], *, fields: AbstractSet[str]) -> dict[str, object]:
    """Return the values that are set, by dotted path; every fault is reported at once.

    A bare name that is no field of a scenario is the name of a parameter.

    Examples
    --------
    >>> parse_settings(["risk_aversion_tail=1", "theory=epstein"], fields={"theory"})
    {'parameters.risk_aversion_tail': 1, 'theory': 'epstein'}
    """
    settings: dict[str, object] = {}
    faults: list[Mistake] = []
    for change in changes:
        name, sign, text = (part.strip() for part in change.partition("="))
        if not (sign and name and text):
            faults.append(_sets_nothing(change))
            continue
        path = name if "." in name or name in fields else f"parameters.{name}"
        if path in settings:
            faults.append(_set_twice(name))
        settings[path] = _value(text)
    if faults:
        raise InputError(faults)
    return settings


def as_words(settings: Mapping[str, object]) -> list[str]:
    """Return the options that set these values again."""
    words: list[str] = []
    for name, value in settings.items():
        words += ["--set", f"{name}={value if isinstance(value, str) else json.dumps(value)}"]
    return words


def _value(text: str) -> object:
    # JSON knows numbers, truth values, null and lists; whatever else is written is a word or a date.
    try:
        return json.loads(text)
    except ValueError:
        return text


def _sets_nothing(change: str) -> Mistake:
    return _mistake(
        f"{change!r} sets nothing",
        "a change is a name, an equals sign and a value",
        "write it so: --set risk_aversion_tail=1, or --set rules.teachers-2024.coverage=0.5",
    )


def _set_twice(name: str) -> Mistake:
    return _mistake(f"{name} is set twice", "only one value can hold", "leave one of them out")


def _mistake(what: str, why: str, mend: str) -> Mistake:
    return Mistake(file="--set", line=None, column=None, path="", what=what, why=why, mend=mend)
