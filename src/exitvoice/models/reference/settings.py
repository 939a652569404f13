"""Options of a published model as somebody types them: all mistakes at once, each with its cure."""

from collections.abc import Mapping

from exitvoice.documents.locator import nearest_name
from exitvoice.errors import InputError, Mistake
from exitvoice.models.reference.base import Option, ReferenceModel, Setting, Value


def read_setting(model: ReferenceModel, given: Mapping[str, str], *, seed: int) -> Setting:
    """Return a setting of a model from words.

    Raises
    ------
    InputError
        If an option is unknown, or a value is not allowed; every mistake is listed.
    """
    options = {option.name: option for option in model.options}
    mistakes: list[Mistake] = []
    values: dict[str, Value] = {}
    for name, text in given.items():
        if name not in options:
            mistakes.append(_unknown(model, name))
            continue
        value = _value(options[name], text)
        if isinstance(value, Mistake):
            mistakes.append(value)
        else:
            values[name] = value
    if mistakes:
        raise InputError(mistakes)
    return model.setting(seed, **values)


def allowed(option: Option) -> str:
    """Say what an option may be.

    Examples
    --------
    >>> allowed(Option("rounding", "floor", "", words=("floor", "round")))
    'floor or round'
    >>> allowed(Option("size", 40, "", low=15, high=4000))
    'a whole number from 15 to 4,000'
    """
    if option.words:
        return " or ".join([", ".join(option.words[:-1]), option.words[-1]]).removeprefix(" or ")
    kind = "a whole number" if isinstance(option.default, int) else "a number"
    return f"{kind} from {option.low:,g} to {_plain(option.high)}"


def check_torus(size: int, vision: float, agents: float, cops: float) -> None:
    """Refuse a torus that one cell sees around, or that has no empty cell.

    Raises
    ------
    InputError
        With both mistakes, where both are made.
    """
    mistakes = []
    least = 2 * int(vision) + 1
    if size < least:
        mistakes.append(
            _clash("size", f"{size} is too small for a vision of {vision:g}", "a cell would see another twice",
                   f"say --size {least} or more, or a smaller --vision")
        )  # fmt: skip
    if round(size**2 * agents) + round(size**2 * cops) >= size**2:
        mistakes.append(
            _clash("cops", f"{cops:g} with {agents:g} of agents leaves no empty cell", "nobody could move",
                   "let the two shares be less than 1 together")
        )  # fmt: skip
    if mistakes:
        raise InputError(mistakes)


def _clash(name: str, what: str, why: str, mend: str) -> Mistake:
    return Mistake(file=f"--{name}", line=None, column=None, path="", what=what, why=why, mend=mend)


def _plain(number: float) -> str:
    return f"{int(number):,}" if number == int(number) else f"{number:g}"


def _value(option: Option, text: str) -> Value | Mistake:
    if option.words:
        return text if text in option.words else _mistake(option, text, nearest_name(text, option.words))
    try:
        number = int(text) if isinstance(option.default, int) else float(text)
    except ValueError:
        return _mistake(option, text)
    return number if option.low <= number <= option.high else _mistake(option, text)


def _mistake(option: Option, text: str, nearest: str | None = None) -> Mistake:
    return Mistake(
        file=f"--{option.name}",
        line=None,
        column=None,
        path="",
        what=f"{text!r} is not allowed",
        why=f"it has to be {allowed(option)}: {option.help}",
        mend=f"say --{option.name} {nearest or option.default}, or leave it out",
        nearest=nearest,
    )


def _unknown(model: ReferenceModel, name: str) -> Mistake:
    names = [option.name for option in model.options]
    return Mistake(
        file=f"--{name}",
        line=None,
        column=None,
        path="",
        what=f"{model.name} has no such option",
        why=f"its options are {', '.join(f'--{one}' for one in names)}",
        mend=f"see `exitvoice reference {model.name} --options`",
        nearest=nearest_name(name, names),
    )
