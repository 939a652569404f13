"""Judge stale patterns again; runs that nothing changed are read, not made."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from exitvoice.analysis.patterns import (
    Options,
    Validation,
    load_patterns,
    read_validation,
    validate,
    write_validation,
)
from exitvoice.ensemble import Ensemble
from exitvoice.ensemble import execute as execute_plan
from exitvoice.evidence import Ledger
from exitvoice.trace.grounds import pattern_grounds, read_grounds, write_grounds

#: Called with (runs done, runs planned, what is being done); returns False to stop.
PatternProgress = Callable[[int, int, str], bool]


def remake_patterns(
    folder: Path,
    names: Sequence[str],
    ledger: Ledger,
    *,
    progress: PatternProgress | None = None,
    execute: Callable[..., Ensemble] = execute_plan,
) -> Validation | None:
    """Judge some patterns of a folder again and put the new findings in the place of the old.

    Returns
    -------
    Validation or None
        None where it was stopped; the folder then holds what it held, and the runs that were done for a second call.
    """
    old = read_validation(folder)
    patterns = [pattern for pattern in load_patterns(ledger) if pattern.pattern in names]
    options = Options(folder, old.is_quick, old.seed, command=old.command)
    new = validate(patterns, options, progress=progress, execute=execute)
    if not new.is_complete:
        return None
    fresh = {finding.pattern: finding for finding in new.findings}
    findings = tuple(fresh.get(finding.pattern, finding) for finding in old.findings)
    merged = replace(
        old,
        findings=findings,
        runs=sum(finding.runs for finding in findings),
        failed=sum(finding.failed for finding in findings),
        seconds=old.seconds + new.seconds,
        version=new.version,
    )
    write_validation(folder, merged)
    write_grounds(folder, {**read_grounds(folder), **pattern_grounds(patterns, ledger)})
    return merged
