"""Does every value of a scenario name evidence that exists?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exitvoice.documents import Locator, Path, nearest_name, read_tree
from exitvoice.errors import Mistake
from exitvoice.evidence import Ledger, load_ledger
from exitvoice.scenario.base import Supported
from exitvoice.scenario.checks.support import supported_blocks
from exitvoice.scenario.derived import derived_anew
from exitvoice.scenario.draft import Draft, words
from exitvoice.scenario.priors import Prior, load_priors
from exitvoice.scenario.schema import Scenario


def check_support(scenario: Scenario, ledger: Ledger | None = None) -> tuple[Mistake, ...]:
    """Return a mistake for every id that the ledger does not know and every block without support.

    Parameters
    ----------
    scenario : Scenario
        Any scenario; its overrides of parameters are looked at too.
    ledger : Ledger, optional
        The library's evidence by default.
    """
    ledger = load_ledger() if ledger is None else ledger
    tree, locator = read_tree(scenario.text, name=scenario.name)
    draft = Draft(tree, locator)
    blocks = [
        *supported_blocks(draft),
        *((("parameters", key), draft.block("parameters", key)) for key in scenario.parameters),
    ]
    return tuple(
        fault for path, block in blocks for fault in _faults(locator, ledger, path, block.get("evidence"))
    )


def check_priors(ledger: Ledger | None = None) -> tuple[Mistake, ...]:
    """Return a mistake for every id of the priors that the ledger does not know, and for every default out of date."""
    ledger = load_ledger() if ledger is None else ledger
    locator = Locator("priors")
    unknown = (
        fault
        for name, prior in load_priors().items()
        for fault in _faults(locator, ledger, ("parameters", name), [*prior.evidence, *_derived_only(prior)])
    )
    return (*unknown, *_stale_defaults(ledger, locator))


def _derived_only(prior: Prior) -> list[str]:
    made_of = () if prior.derived is None else prior.derived.records
    return [name for name in made_of if name not in prior.evidence]


def _stale_defaults(ledger: Ledger, locator: Locator) -> Iterator[Mistake]:
    for name, (prior, value) in derived_anew(ledger).items():
        what = f"the default is {prior.default:g}, its statements give {value:g}"
        why = "a derived default follows its statements"
        yield locator.mistake(("parameters", name, "default"), what, why, f"write {value:g}")


def supports(scenario: Scenario) -> dict[str, Supported]:
    """Return every supported block of a scenario by a short name, such as ``rules.leaders-1999``."""
    found: dict[str, Supported] = {f"regions.{region.name}": region for region in scenario.regions}
    found |= {f"sectors.{sector.name}": sector for sector in scenario.sectors}
    found |= {f"offices.{office.name}": office for office in scenario.offices}
    found |= {f"rules.{rule.id}": rule for rule in scenario.rules}
    found |= {f"events.{event.id}": event for event in scenario.events}
    found |= {f"series.{name}": block for name, block in scenario.series if isinstance(block, Supported)}
    found |= {
        f"parameters.{name}": block for name, block in scenario.parameters.items() if block.is_supported
    }
    return found | {"issuing": scenario.issuing}


def block_at(parts: Mapping[str, Supported], path: str) -> Supported | None:
    """Return the supported block that a dotted path lies in: the longest name that begins it; None if none does."""
    inside = [name for name in parts if path == name or path.startswith(f"{name}.")]
    return parts[max(inside, key=len)] if inside else None


def _faults(locator: Locator, ledger: Ledger, path: Path, evidence: object) -> Iterator[Mistake]:
    for index, name in words(evidence):
        if name not in ledger.statements and name not in ledger.claims:
            near = nearest_name(name, [*ledger.statements, *ledger.claims])
            what = f"unknown evidence '{name[:60]}'"
            why = "no statement or claim of the ledger has this id"
            yield locator.mistake(
                (*path, "evidence", index), what, why, "correct the id or add the statement", nearest=near
            )
