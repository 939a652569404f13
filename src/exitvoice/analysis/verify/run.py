"""Make the run of a folder again and compare it bit by bit."""

from collections.abc import Callable, Mapping
from pathlib import Path

from exitvoice.errors import InputError
from exitvoice.evidence import Ledger, load_ledger
from exitvoice.results import StoredRun, read_run
from exitvoice.results.provenance import Stale, rests_on, stale, stale_parts
from exitvoice.results.verification import Verification, compare_bits, other_versions
from exitvoice.run import simulate
from exitvoice.scenario import Scenario, derived_changes, load_scenario

#: Called with (runs done, runs in all, steps done, steps of a run, persons); returns False to stop.
Progress = Callable[[int, int, int, int, int], bool]


def verify_run(
    folder: str | Path, *, threads: int | None = None, progress: Progress | None = None
) -> Verification | None:
    """Make the run of a folder again and compare it bit by bit; None where it was stopped.

    Raises
    ------
    InputError
        If there is no run in the folder, or its scenario cannot be read by this version.
    """
    stored = read_run(folder)
    scenario, seed, scale = what_was_run(stored)
    steps = int(stored.data.sizes["time"])

    def tell(done: int, planned: int, persons: int) -> bool:
        goes_on = progress is None or progress(0, 1, done, steps, persons)
        return goes_on and done < steps

    again = simulate(scenario, seed=seed, scale=scale, threads=threads, progress=tell)
    if again.steps < steps:
        return None
    return Verification(
        runs=("the run",),
        of=1,
        mismatches=tuple(compare_bits("the run", stored.data, again.data)),
        other_versions=other_versions(stored.manifest),
        stale=stale_since(stored, scenario, load_ledger()),
        unknown=_unknown(stored),
    )


def what_was_run(stored: StoredRun) -> tuple[Scenario, int, float]:
    """Read scenario, seed and scale from a manifest."""
    file = f"{stored.folder}/manifest.json"
    try:
        run = _mapping(stored.manifest.get("run"))
        text, seed, scale = (
            str(stored.manifest["scenario_text"]),
            int(str(run["seed"])),
            float(str(run["scale"])),
        )
        if not (0 <= seed < 2**64 and 0.0 < scale <= 1.0):
            raise ValueError("seed or scale is out of range")
    except (KeyError, ValueError) as problem:
        what = f"the manifest does not say what was run ({problem})"
        why, mend = (
            "a run is made again from its scenario, seed and scale",
            "make the run again with `exitvoice run`",
        )
        raise InputError.of(file, what, why=why, mend=mend) from problem
    return Scenario.from_text(text, name=file), seed, scale


def stale_since(stored: StoredRun, scenario: Scenario, ledger: Ledger) -> tuple[Stale, ...]:
    """Name what a run rests on and that has changed since: evidence, priors, parts of the scenario asked for."""
    then = stored.manifest.get("rests_on")
    found = stale(_hashes(then), rests_on(scenario, ledger)) if then else ()
    today = scenario_today(stored, ledger)
    return (*found, *(stale_parts(scenario, today) if isinstance(today, Scenario) else ()))


def _unknown(stored: StoredRun) -> tuple[str, ...]:
    found = []
    if not stored.manifest.get("rests_on"):
        found.append(
            "the manifest keeps no hashes of evidence and priors (it was written by an older version)"
        )
    today = scenario_today(stored, load_ledger())
    if isinstance(today, str):
        found.append(today)
    return tuple(found)


def scenario_today(stored: StoredRun, ledger: Ledger) -> Scenario | str:
    """Return the scenario that was asked for as it stands today, or why that cannot be said."""
    return asked_today(_mapping(stored.manifest.get("asked")), ledger)


def asked_today(asked: Mapping[str, object], ledger: Ledger) -> Scenario | str:
    """Return the scenario that was asked for, with its changes and today's derived defaults, or why it cannot be.

    Parameters
    ----------
    asked : mapping
        `scenario` and, where there are any, `changes`; as manifests and plans keep them.
    ledger : Ledger
        A default that follows from statements is worked out from these.
    """
    if not asked:
        return "nothing says which scenario was asked for"
    try:
        scenario = load_scenario(str(asked["scenario"]))
        changes = _mapping(asked.get("changes"))
        scenario = scenario.with_changes(changes) if changes else scenario
        anew = derived_changes(scenario, ledger)
        return scenario.with_changes(anew) if anew else scenario
    except InputError as problem:
        first = problem.mistakes[0]
        return f"the scenario {asked['scenario']} cannot be read today ({first.what})"


def _hashes(value: object) -> Mapping[str, Mapping[str, str]]:
    return {
        str(kind): {str(k): str(v) for k, v in _mapping(of).items()} for kind, of in _mapping(value).items()
    }


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
