"""Assumptions as sliders: unit, default, and the plausible range shaded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from exitvoice.errors import InputError
from exitvoice.report.numbers import value as shown
from exitvoice.scenario import Prior, Scenario

#: What a reader asks first, in plain words; chosen by hand, one or two of each mechanism. All others come below.
PLAIN = {
    "risk_aversion_tail": "How cautious people are (higher: fewer who dare)",
    "opposition_shift": "How many oppose in private (higher: more)",
    "trip_wish_rate": "How often people wish to travel",
    "leave_wish_rate": "How often people wish to leave for good",
    "run_gain": "How hard people run once a rule is announced",
    "disobedience": "How many try to go without the permission they need",
    "opposition_blocked": "What being held does to private opposition (above zero: it grows)",
    "monitoring": "How much is watched of what people say and do",
    "dissent_price": "What open dissent costs a person",
    "punishment_steepness": "Theta: how steeply punishment falls once a crowd outgrows the force",
    "office_capacity_factor": "How many applications the offices decide (1: as this world has it)",
    "office_refusal_shift": "How often the offices refuse (higher: more often)",
    "stop_probability": "How surely a listed person is stopped at the border",
}
FIRST = tuple(PLAIN)
BEYOND = 0.25
"""How far a slider reaches beyond the plausible range, as a share of it: an assumption may be tried that few hold."""
REASON = "Set on the page, outside the plausible range."
PREFIX, RULE = "p.", "r."


@dataclass(frozen=True)
class Slider:
    """One assumption: in plain words, in the field's term; `shade` draws the plausible range under the slider."""

    name: str
    title: str
    term: str
    unit: str
    default: float
    least: float
    most: float
    step: float
    plausible: str
    shade: Markup
    value: float


def sliders(scenario: Scenario, priors: Mapping[str, Prior]) -> dict[str, list[Slider]]:
    """Return the sliders: the first few, then by mechanism; assumptions without a range have none."""
    movable = {name: prior for name, prior in priors.items() if prior.low < prior.high}
    groups = {"": [_slider(movable[name], scenario.values[name]) for name in FIRST if name in movable]}
    for name, prior in movable.items():
        if name not in FIRST:
            groups.setdefault(prior.mechanism.replace("_", " "), []).append(
                _slider(prior, scenario.values[name])
            )
    return groups


def changes_of(
    form: Iterable[tuple[str, str]], scenario: Scenario, priors: Mapping[str, Prior]
) -> dict[str, object]:
    """Return what a form changes in a scenario; values that are as they were change nothing.

    Raises
    ------
    InputError
        Where a name is no assumption or rule of this world, or a value is no number.
    """
    changes: dict[str, object] = {}
    kept: set[str] = set()
    rules = {rule.id for rule in scenario.rules}
    has_rules = False
    for key, text in form:
        if key == "rules":
            has_rules = True
        elif key.startswith(PREFIX):
            name = key.removeprefix(PREFIX)
            number = _number(name, text, priors)
            if not math.isclose(number, scenario.values[name], rel_tol=1e-6, abs_tol=1e-12):
                changes[f"parameters.{name}"] = setting_of(name, text, priors)
        elif key.startswith(RULE):
            kept.add(_known_rule(key.removeprefix(RULE), rules))
    if has_rules:
        changes |= {f"rules.{rule}": None for rule in sorted(rules - kept)}
    return changes


def setting_of(name: str, text: str, priors: Mapping[str, Prior]) -> object:
    """Return the new value of an assumption as a scenario takes it; outside its range it says who set it.

    Raises
    ------
    InputError
        Where the name is no assumption, or the text is no number.
    """
    number, prior = _number(name, text, priors), priors[name]
    return number if prior.low <= number <= prior.high else {"value": number, "assumed": REASON}


def _number(name: str, text: str, priors: Mapping[str, Prior]) -> float:
    if name not in priors:
        raise _refusal("the form", f"there is no assumption {name[:60]!r}", "use the page's own sliders")
    try:
        number = float(text[:40])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _refusal(priors[name].title, "this is no number", "write one such as 0.5")
    return number


def _known_rule(name: str, rules: set[str]) -> str:
    if name not in rules:
        raise _refusal("the form", f"this world has no rule {name[:60]!r}", "use the page's own list")
    return name


def _refusal(where: str, what: str, mend: str) -> InputError:
    return InputError.of(where, what, why="the world cannot be changed so", mend=mend)


def _slider(prior: Prior, value: float) -> Slider:
    room = BEYOND * (prior.high - prior.low)
    least, most = prior.low - room, prior.high + room
    if prior.low >= 0.0:
        least = max(0.0 if prior.unit in ("share", "probability") else prior.low * 0.5, least)
    if prior.unit in ("share", "probability"):
        most = min(1.0, most)
    least, most = min(least, value), max(most, value)
    unit = "" if prior.unit == "1" else prior.unit
    low, high = (100.0 * (end - least) / (most - least) for end in (prior.low, prior.high))
    shade = Markup(
        '<svg class="shade" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect x="{:.2f}" width="{:.2f}" height="6"/></svg>'
    ).format(low, high - low)
    return Slider(
        name=prior.name, title=PLAIN.get(prior.name, prior.title),
        term=prior.title if prior.name in PLAIN else "", unit=unit, default=value, least=least, most=most,
        step=_step(most - least), plausible=f"{shown(prior.low)} to {shown(prior.high)}", shade=shade, value=value,
    )  # fmt: skip


def _step(width: float) -> float:
    return float(10.0 ** math.floor(math.log10(width / 100.0)))
