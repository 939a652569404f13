"""Read targets, and list every mistake at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path as FilePath

from exitvoice.calibration.checks import check_measure, check_name, check_support
from exitvoice.calibration.figures import figures_of
from exitvoice.calibration.library import names_in, read_named
from exitvoice.calibration.problem import world_of
from exitvoice.calibration.schema import Parameter, Target, Targets
from exitvoice.documents import Locator, Path, nearest_name
from exitvoice.errors import InputError, Mistake
from exitvoice.evidence import Ledger, load_ledger
from exitvoice.evidence.series import ObservedSeries, load_series
from exitvoice.scenario import Scenario, load_priors, load_scenario


def target_names() -> tuple[str, ...]:
    """Return the names of the library's targets, sorted."""
    return names_in("targets")


def load_targets(source: str | FilePath, *, ledger: Ledger | None = None) -> Targets:
    """Read targets of the library by name, or of a file.

    Parameters
    ----------
    source : str or pathlib.Path
        A name such as ``gdr-1989``, or the path of a YAML file.
    ledger : Ledger, optional
        The statements they may rest on; the shipped ones by default.

    Raises
    ------
    InputError
        With every mistake of the file, or the names that exist.

    Examples
    --------
    >>> load_targets("gdr-1989").scenario
    'gdr-1989'
    """

    def check(targets: Targets, locator: Locator) -> Iterable[Mistake]:
        return tuple(_check(targets, locator, load_ledger() if ledger is None else ledger))

    return read_named(
        source,
        "targets",
        Targets,
        check,
        what="the library has no such targets",
        why="nothing can be compared",
    )


def _check(targets: Targets, locator: Locator, ledger: Ledger) -> Iterator[Mistake]:
    scenario = _scenario(targets, locator)
    if isinstance(scenario, Mistake):
        yield scenario
        return
    series = load_series(ledger=ledger)
    yield from _twice([item.name for item in targets.parameters], "parameters", locator)
    yield from _twice([item.name for item in targets.targets], "targets", locator)
    for at, parameter in enumerate(targets.parameters):
        yield from _check_parameter(parameter, ("parameters", at), locator)
    for at, target in enumerate(targets.targets):
        yield from _check_target(target, ("targets", at), locator, scenario, series, ledger)


def _scenario(targets: Targets, locator: Locator) -> Scenario | Mistake:
    try:
        scenario = load_scenario(targets.scenario)
    except InputError as problem:
        fault = problem.mistakes[0]
        return locator.mistake(("scenario",), fault.what, fault.why, fault.mend, nearest=fault.nearest)
    known = load_priors()
    try:
        own = [item for item in targets.parameters if item.name in known]
        return world_of(targets.model_copy(update={"parameters": tuple(own)}), scenario)
    except InputError as problem:
        fault = problem.mistakes[0]
        what = f"{fault.path or fault.file}: {fault.what}"
        return locator.mistake(("changes",), what, fault.why, fault.mend, nearest=fault.nearest)


def _check_parameter(parameter: Parameter, place: Path, locator: Locator) -> Iterator[Mistake]:
    priors = load_priors()
    prior = priors.get(parameter.name)
    if prior is None:
        what, why = (
            f"no parameter is called '{parameter.name}'",
            "only parameters of the model can be inferred",
        )
        near = nearest_name(parameter.name, priors)
        yield locator.mistake((*place, "name"), what, why, "use the name of a parameter", nearest=near)
    elif parameter.low is None and prior.low == prior.high:
        what, why = "its prior is a single value", "what has no range cannot be inferred"
        yield locator.mistake(place, what, why, "leave it out, or give 'low', 'high' and 'why'")
    elif parameter.low is not None and parameter.high is not None and parameter.low >= parameter.high:
        what, why = f"{parameter.low} to {parameter.high} is no range", "the lower end stands first"
        yield locator.mistake((*place, "low"), what, why, "give the lower end first")


def _check_target(
    target: Target,
    place: Path,
    locator: Locator,
    scenario: Scenario,
    series: dict[str, ObservedSeries] | object,
    ledger: Ledger,
) -> Iterator[Mistake]:
    assert hasattr(series, "__getitem__")
    known: dict[str, ObservedSeries] = dict(series)  # type: ignore[call-overload]
    yield from check_support(target, place, locator, ledger)
    yield from check_measure(target.measure, (*place, "measure"), locator, scenario)
    if target.series not in known:
        yield from check_name(target.series, known, "series", (*place, "series"), locator)
        return
    yield from _check_spans(target, place, locator, scenario, known)


def _check_spans(
    target: Target, place: Path, locator: Locator, scenario: Scenario, known: dict[str, ObservedSeries]
) -> Iterator[Mistake]:
    for key in ("fit", "forecast"):
        span = getattr(target, key)
        if span is None:
            continue
        here, clock = (*place, key), scenario.clock
        if not (clock.start <= span.start and span.end <= clock.end):
            what = f"{span.start} to {span.end} is no span inside the run"
            mend = "choose days inside it, or change the clock under 'changes'"
            yield locator.mistake(here, what, f"the clock runs from {clock.start} to {clock.end}", mend)
        alone = target.model_copy(update={"fit": span, "forecast": None})
        if not any(figure.values for figure in figures_of([alone], known)):
            what, why = f"'{target.series}' has no figure within it", "nothing is left to compare"
            yield locator.mistake(here, what, why, "choose a span that holds whole periods of the series")


def _twice(names: Sequence[str], key: str, locator: Locator) -> Iterator[Mistake]:
    for at, name in enumerate(names):
        if name in names[:at]:
            yield locator.mistake(
                (key, at), f"two are named '{name}'", "names are keys", "rename one of them"
            )
