"""Parameters: names that exist, values inside the prior's range or with a reason of their own."""

from __future__ import annotations

from collections.abc import Iterator

from exitvoice.documents import Path, nearest_name
from exitvoice.errors import Mistake
from exitvoice.scenario.draft import Block, Draft, closest_symbol, number
from exitvoice.scenario.priors import Prior, load_priors


def check_parameters(draft: Draft) -> Iterator[Mistake]:
    """Check every override."""
    priors = load_priors()
    for name in draft.block("parameters"):
        path: Path = ("parameters", name)
        given = draft.block("parameters").get(name)
        block = draft.block(*path)
        if name not in priors:
            yield _unknown(draft, path, name)
            continue
        value = number(given) if not block else number(block.get("value"))
        if value is not None:
            yield from _range(draft, path, value, priors[name], block)


def _unknown(draft: Draft, path: Path, name: str) -> Mistake:
    priors = load_priors()
    symbols = {prior.symbol: prior.name for prior in priors.values() if prior.symbol}
    near = symbols.get(name) or nearest_name(name, priors) or closest_symbol(name, symbols)
    why = "the model would never read it"
    mend = "use a name from the table of parameters (library/priors/exit_control.yaml)"
    return draft.says(path, f"unknown parameter '{name[:60]}'", why, mend, nearest=near, at_key=True)


def _range(draft: Draft, path: Path, value: float, prior: Prior, block: Block) -> Iterator[Mistake]:
    if prior.low <= value <= prior.high:
        return
    place: Path = (*path, "value") if block else path
    range_text = f"{prior.low:g} to {prior.high:g}"
    if prior.low >= 0.0 and value < 0.0:
        why = f"'{prior.name}' has no meaning below zero"
        yield draft.says(place, f"{value:g} is negative", why, f"write a number from {range_text}")
    elif prior.unit in ("share", "probability") and value > 1.0:
        why = f"'{prior.name}' is a {prior.unit}"
        yield draft.says(place, f"{value:g} is above 1", why, f"write a number from {range_text}")
    elif not (block.get("evidence") or block.get("assumed")):
        what = f"{value:g} lies outside the plausible range {range_text}"
        why = f"nothing that is known supports it for '{prior.name}'"
        mend = f"stay inside, or give your reason: {{value: {value:g}, assumed: ...}}"
        yield draft.says(place, what, why, mend)
